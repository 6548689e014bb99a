"""言い換え: other wordings of a text that finds nothing: python 入門 for python入門, 亀山 for 亀山訳, 料理 for 料理の本.

Only the text is read here; ``alternatives`` searches.
"""

import re
from collections.abc import Iterator, Sequence
from unicodedata import normalize

from library.catalog.folding import fold, unspaced_words

_ROLE = re.compile("(.{2,}?)(?:さん|氏|先生)?(?:の|・)?(?:著作?|訳|翻訳|作|画|編|監修|原作|脚本|監督|作曲|指揮|演奏)")
_GENERIC = "本|(?<=の)ほん|書籍|図書|絵本|えほん|図鑑|ずかん|小説|漫画|マンガ|まんが|コミック|ライトノベル|ラノベ|文庫本?|単行本|新書|児童書|シリーズ|作品集?|原作|全巻|全集|CD|DVD|新刊"
_KIND = re.compile(
    rf"(?:についての|に関する|に関した|関係の|関連の|のための|が出てくる|の出てくる|の)?(?:{_GENERIC})", re.IGNORECASE
)
_ENDS_IN_KIND = re.compile(rf"(.(?=の)|.{{2,}}?){_KIND.pattern}", re.IGNORECASE)
_NAMES: Sequence[str] = (
    "エー ビー シー ディー イー エフ ジー エイチ アイ ジェー ケー エル エム エヌ オー ピー キュー アール エス ティー ユー ブイ ダブリュー エックス ワイ ゼット"
).split()
_LETTERS = re.compile("(?<![A-Za-z])[A-Za-z]{1,4}(?![A-Za-z])")
_NAME = re.compile("|".join(sorted(_NAMES, key=len, reverse=True)))
_NAMED = re.compile(f"(?<![ァ-ヺー])(?:{_NAME.pattern})+(?![ァ-ヺー])")


def simpler(text: str) -> Iterator[str]:
    """Yield simpler wordings of a text that differ from it, in this order: without roles (訳) and kinds of books (絵本);
    its Latin letters in katakana; letters spelled in katakana as Latin; with spaces between its words; the first with
    such spaces; without ・.
    """
    seen = {fold.strict(text)}
    without = _without_kinds(text)
    for each in (
        without,
        _spelled_out(text),
        _as_letters(text),
        _with_spaces(text),
        _with_spaces(without),
        text.replace("・", " "),
    ):
        key = " ".join(map(fold.strict, each.split()))
        if key and key not in seen:
            seen.add(key)
            yield each


def _without_kinds(text: str) -> str:
    words = text.split()
    left = [word for word in words if not _KIND.fullmatch(word)] or words
    if len(left) < len(words):  # あおむしの えほん
        left = [word.removesuffix("の") or word for word in left]
    return " ".join(map(_without_role_or_kind, left))


def _without_role_or_kind(word: str) -> str:
    found = _ENDS_IN_KIND.fullmatch(word) or _ROLE.fullmatch(word)
    return found[1] if found else word


def _spelled_out(text: str) -> str:
    """Return a Japanese text with the names of its Latin letters in their place: チャットジーピーティー for
    チャットGPT; else nothing.
    """
    plain = normalize("NFKC", text)
    return "" if plain.isascii() else _LETTERS.sub(lambda found: "".join(map(_name, found[0].lower())), plain)


def _name(letter: str) -> str:
    return _NAMES[ord(letter) - ord("a")]


def _as_letters(text: str) -> str:
    """Return a text with Latin letters in place of their names: 教団X for 教団エックス; nothing when only one
    letter is left.
    """
    found = _NAMED.sub(lambda names: _NAME.sub(_letter, names[0]), normalize("NFKC", text))
    return found if len(found) > 1 else ""


def _letter(name: re.Match[str]) -> str:
    return chr(ord("A") + _NAMES.index(name[0]))


def _with_spaces(text: str) -> str:
    """Return a text with spaces between words that were typed without."""
    return " ".join(part for word in text.split() for part in unspaced_words.split(word))


def split_at_no(text: str) -> Iterator[tuple[str, str]]:
    """Yield the texts before and after each の, of which the first may be an author: 又吉直樹 and 火花."""
    for at in (found.start() for found in re.finditer("の", text)):
        if at > 1 and text[at + 1 :].strip():
            yield text[:at], text[at + 1 :]
