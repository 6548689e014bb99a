"""言い換え: other wordings of a text that finds nothing: 猫 for 猫についての本はありますか, python 入門 for python入門.

Only the text is read here; ``alternatives`` searches.
"""

import re
from collections.abc import Iterator

from library.catalog.folding import fold, unspaced_words

_KIND = "絵本|えほん|図鑑|ずかん|小説|漫画|マンガ|まんが|コミック|文庫本?|単行本|新書|児童書|シリーズ|作品集?|全巻|全集|書籍|図書"
# the ends of a sentence that are no words of a book; several may follow one another: についての | 本 | はありますか
ENDINGS = (
    "[?？。、!！]+",
    "(?:は|が|も)?(?:あり|おいてあり|置いてあり|借りられ)ます(?:でしょう)?か",
    "(?:は|が|も)?(?:ない|ある|あります)(?:ですか|でしょうか|の|かな)?",
    "(?:を|が)?(?:知り|読み|借り|調べ|探し|見)たい(?:です|のですが)?",
    "を(?:探して|調べて)(?:います|いる|ます)?",
    "(?:を|が)?(?:教えて|貸して)(?:ください|下さい)?",
    "に(?:ついて|関する|関して|関した|関係する)(?:の)?",
    "(?:について|に関して)(?:書いた|書かれた|述べた)",
    "(?:が|の)(?:書いた|書いている|描いた|訳した|載っている|出てくる|分かる|登場する)",
    "のための|向けの",
    "(?<=[たるのい])(?:本|ほん|話|資料|もの)",
    "(?:という|といった)(?:本|題の本)?",
    "の(?:本|ほん|作品|著書|著作|資料)",
    "(?<=..)(?:先生|さん|氏)",
    "(?<=..)(?:著|訳|監修|原作|作曲|指揮|演奏)",
)
_ENDING = re.compile(f"(?:{'|'.join(ENDINGS)})\\Z")
_JOINS = re.compile("が(?:書いた|描いた|訳した)|[のと]")
_OF_A_KIND = re.compile(rf"(.(?=の)|.{{2,}}?)の?(?:{_KIND})")
_HIRAGANA = re.compile("[ぁ-ゖー]")


def simpler(text: str) -> Iterator[str]:
    """Yield other wordings of a text: without the end of a sentence (についての本), with a space for a の or と between two
    words, with spaces between words typed without; last, as it loses a word, without the kind of book (図鑑).
    """
    seen = {_key(text)}
    plain = " ".join(map(without_ending, text.split()))
    for each in (plain, *_joined_words(plain), _with_spaces(plain), _without_kinds(plain)):
        key = _key(each)
        if key and key not in seen:
            seen.add(key)
            yield each


def without_ending(text: str) -> str:
    """Return a text without the end of a sentence; the text itself when nothing else would be left."""
    found = _ENDING.search(text)
    while found and found.start():
        text = text[: found.start()]
        found = _ENDING.search(text)
    return text


def nouns(text: str) -> tuple[str, str] | None:
    """Return the two nouns that a の or と joins (環境と開発): each of two letters and more, without hiragana; None for any
    other text.
    """
    for first, second in _parts(text):
        if min(len(first), len(second)) > 1 and not _HIRAGANA.search(first + second):
            return first, second
    return None


def _key(text: str) -> str:
    return " ".join(map(fold.strict, text.split()))


def _joined_words(text: str) -> Iterator[str]:
    """Yield both words at each の and と. A word in hiragana has two letters and more."""
    for first, second in _parts(text):
        words = [without_ending(first), second]
        if all(len(each) > 1 or not _HIRAGANA.match(each) for each in words):
            yield " ".join(words)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    for found in _JOINS.finditer(text):
        first, second = text[: found.start()], text[found.end() :]
        if first and second:
            yield first, second


def _without_kinds(text: str) -> str:
    words = [word for word in text.split() if not re.fullmatch(_KIND, word)]
    return " ".join(found[1] if (found := _OF_A_KIND.fullmatch(word)) else word.removesuffix("の") for word in words)


def _with_spaces(text: str) -> str:
    """Return a text with spaces between words that were typed without."""
    return " ".join(part for word in text.replace("・", " ").split() for part in unspaced_words.split(word))
