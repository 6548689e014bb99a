"""言い換え: other ways to say what stands in the box, for a text that finds nothing as it is. Only the text is read here; ``otherwise`` asks.

python入門 is python 入門; 亀山訳 is 亀山; 料理の本 is 料理.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from unicodedata import normalize

from library.catalog.folding import fold, readings

_ROLE = re.compile("(.{2,}?)(?:さん|氏|先生)?(?:の|・)?(?:著作?|訳|翻訳|作|画|編|監修|原作|脚本|監督|作曲|指揮|演奏)")
_GENERIC = "本|書籍|図書|絵本|図鑑|小説|漫画|マンガ|まんが|コミック|ライトノベル|ラノベ|文庫本?|単行本|新書|児童書|シリーズ|作品集?|原作|全巻|全集|CD|DVD|新刊"
_KIND = re.compile(
    rf"(?:についての|に関する|に関した|関係の|関連の|のための|が出てくる|の出てくる|の)?(?:{_GENERIC})", re.IGNORECASE
)
_ENDS_IN_KIND = re.compile(rf"(.{{2,}}?){_KIND.pattern}", re.IGNORECASE)
_RUNS = re.compile(r"[A-Za-z0-9#+.&'’-]+|[ァ-ヺー・]{2,}|[^A-Za-z0-9#+.&'’\sァ-ヺー・-]+|.")
_HIRAGANA = re.compile("[ぁ-ゖー]+")


def plainer(text: str) -> Iterator[str]:
    """Yield the text without roles at names and words for a kind of book, then in its words, the likeliest first."""
    seen = {fold.strict(text)}
    without = _without_kinds(text)
    for each in (without, _in_words(text), _in_words(without)):
        key = " ".join(map(fold.strict, each.split()))
        if key and key not in seen:
            seen.add(key)
            yield each


def _without_kinds(text: str) -> str:
    words = text.split()
    left = [word for word in words if not _KIND.fullmatch(word)] or words
    return " ".join(_bare(word) for word in left)


def _bare(word: str) -> str:
    found = _ENDS_IN_KIND.fullmatch(word) or _ROLE.fullmatch(word)
    return found[1] if found else word


def _in_words(text: str) -> str:
    """Return a text with spaces between words that are glued; as it is where one of them would be a single letter."""
    parts = [(word, _words(word)) for word in text.split()]
    return " ".join(" ".join(each) if min(map(len, each), default=0) > 1 else word for word, each in parts)


def _words(text: str) -> list[str]:
    """Return the words of a text without spaces: where the script changes and where the list of readings has words."""
    found: list[str] = []
    for run in _RUNS.findall(normalize("NFKC", text)):
        if not readings.has_kanji(run):
            found.append(run)
            continue
        listed = [word for word, _ in readings.parted(run)]
        for is_kana, some in groupby(listed, _is_letter_of_kana):
            words = list(some)
            found += ["".join(words)] if is_kana else words
    return found


def _is_letter_of_kana(word: str) -> bool:
    return len(word) == 1 and _HIRAGANA.fullmatch(word) is not None
