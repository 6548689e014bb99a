"""Texts of a record without the signs of cataloguing rules: punctuation at the ends, spaces inside, brackets."""

import re

from library.catalog.records import Record

_SIGNS = "/:;,=" + "".join(filter(str.isspace, map(chr, range(0x3001))))
_ABBREVIATIONS = frozenset("co corp inc ltd jr sr st dr ed eds vs etc mrs cie".split())
_LAST_LATIN = "\u024f"
_JAPANESE = "〇々〆ヶ・ー\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff9f\U00020000-\U000323af"
_TIDIED = ("title", "title_latin", "subtitle", "volume", "series", "author")
_PAIRS = {"]": "[", "］": "［", "〕": "〔"}
_BRACKETS = frozenset((*_PAIRS, *_PAIRS.values()))
# words for an unknown publisher, place or year
_NAMELESS = (
    r"s\.?\s?[nl]\.|s\.\s?[nl]|n\.\s?[pd]\.?|sine (?:nomine|loco|anno)|s\.\s?a\.|(?:publisher|date of publication|place of publication|publication date) not identified"
    r"|(?:(?:出版|発行|刊行|刊|製作|制作|発売|印刷|版元)?(?:[者社元地所年]|年月)?)(?:不明|不詳|未詳)"
)
_UNKNOWN = re.compile(rf"[\[［〔(（]?\s?(?:{_NAMELESS})(?:\s?[:：]\s?(?:{_NAMELESS}))?\s?[\]］〕)）]?|\[s[nl]\]", re.I)
_SPACE = re.compile(f"(?<=[{_JAPANESE}]) +(?=[{_JAPANESE}0-9])|(?<=[0-9]) +(?=[{_JAPANESE}])")


def trimmed(text: str) -> str:
    """Return a text without punctuation at its end: 東京 for ``東京 :``, 萩野正昭 著 for ``萩野正昭 著.``; ``Jr.``, ``A.`` and
    ``wait...`` stay.
    """
    text = text.strip().rstrip(_SIGNS)
    return text[:-1] if text.endswith(".") and not _belongs(text[:-1]) else text


def _belongs(text: str) -> bool:
    """Tell whether a full stop after this text is part of its last word: an initial, an abbreviation, an ellipsis."""
    word = text[-12:].rpartition(" ")[2].rpartition(".")[2].lstrip("([").casefold()
    return not word or (len(word) == 1 and word.isalpha() and word <= _LAST_LATIN) or word in _ABBREVIATIONS


def closed_up(text: str) -> str:
    """Return a text without the spaces that some cataloguers put between Japanese words and numbers: 東洋文庫 for 東洋 文庫."""
    return text if text.isascii() or " " not in text else _SPACE.sub("", text)


def unbracketed(text: str) -> str:
    """Return the text without brackets that have no partner, and without a pair around all: ``[島根県`` → 島根県, ``[2018]``
    → 2018.
    """
    if _BRACKETS.isdisjoint(text):
        return text
    before = None
    while text != before:
        before, text = text, _without_outer(text.strip())
    return text


def _without_outer(text: str) -> str:
    pairs: dict[int, int] = {}
    alone: set[int] = set()
    opened: list[int] = []
    for place, letter in enumerate(text):
        if letter in _PAIRS and opened and text[opened[-1]] == _PAIRS[letter]:
            pairs[opened.pop()] = place
        elif letter in _PAIRS:
            alone.add(place)
        elif letter in _BRACKETS:
            opened.append(place)
    alone.update(opened)
    if pairs.get(0) == len(text) - 1:
        alone.update((0, len(text) - 1))
    return "".join([letter for place, letter in enumerate(text) if place not in alone])


def without_unknown(text: str) -> str:
    """Return a text of publishers or places, joined by `` ; ``, without unknown ones: ``s.n.``, ``[S.l.]``, 出版者不明."""
    return " ; ".join([part for part in text.split(" ; ") if not _UNKNOWN.fullmatch(part.strip())])


def tidy(record: Record) -> None:
    """Take the signs of cataloguing rules out of a record's texts, in place."""
    for name in _TIDIED:
        text = getattr(record, name)
        setattr(record, name, trimmed(unbracketed(text)) or text)
    for each in record.names:
        each.name = trimmed(unbracketed(each.name)) or each.name
    record.names = [each for each in record.names if each.name != record.title]
    for name in ("publisher", "place", "year_text"):
        setattr(record, name, unbracketed(without_unknown(getattr(record, name))))
