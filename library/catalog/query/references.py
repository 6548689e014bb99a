"""引用: the parts of a reference that was pasted into the one box: 芥川竜之介『羅生門』（岩波書店、1917年）.

Only the text is read here; ``reference_search`` finds out which of the parts the catalogue knows.
"""

import re
from itertools import pairwise
from typing import NamedTuple
from unicodedata import normalize

from library.catalog import isbn, statements
from library.catalog.query import reference_noise

MOST_PARTS = 12  # parts of a reference that are looked at beside the title
# title:猫 is no reference, 題名：副題 is
_SIGNS = re.compile(
    r"[『』「」()\[\]〔〕【】〈〉《》<>“”\"/：,、。;|~—―─〜]|(?<![A-Za-z]):|: |--| -|\. |[^\x00-\x7f]\."
)
_WIDE = {ord(sign): normalize("NFKC", sign) for sign in "（）［］｛｝＜＞／，；｜．｡､｢｣"}
_AFTER_YEAR = re.compile(r"^\s*(?:刊行?|発行|発売|出版|初版)")
_SUBTITLE = re.compile(r"\s*(?:[—―─]{1,2}|-{2,}|\s?:\s?|\s[-~〜]|[~〜])\s*")
_DASHED = re.compile(r"\s[-~〜]")  # which would be a minus
_PARTED = re.compile(
    r"[,、。;:|/()\[\]〔〕【】〈〉《》<>“”\"『』「」]|\s[-—―─]+\s|[—―─]{1,2}|--+|\.(?![A-Za-z0-9])|(?<=[^\x00-\x7f])\."
)
_TO_A_STOP = re.compile(r"[^(,、。|]+")
_ROUND = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
_VOLUME = re.compile(
    "[上中下]巻?|[前後]編|第?[0-9]{1,3}[巻集部]|[一二三四五六七八九十]{1,3}|第?[一二三四五六七八九十]{1,3}[巻集部]|第[0-9]{1,3}|[0-9]{1,2}"
)
_NUMBERED = re.compile("(.*[^0-9A-Za-z ]) ?第?([0-9]{1,3})巻?")  # 芥川竜之介全集1
_COMPANY = re.compile(r"株式会社|\(株\)|(?:刊|発行|発売)\Z")
_SOMEBODY = "図書館子"  # a name beside which a role is known as one
_EDITION = re.compile(
    r"\b(?:[0-9]+(?:st|nd|rd|th)|first|second|third|fourth|fifth|revised|rev\.|new)\s+ed(?:ition|n)?\b\.?", re.I
)
_PAIRS = {"『": "』", "「": "」"}


class Name(NamedTuple):
    """A possible title of the reference, and its subtitle if it has one."""

    title: str
    subtitle: str = ""


class Rest(NamedTuple):
    """A part beside the title. ``is_creator``: it stands with 著, 訳 …; ``is_before``: it stands before the title."""

    text: str
    is_creator: bool = False
    is_before: bool = False


class Reference(NamedTuple):
    """The parts of a reference. ``names``: possible titles, the likeliest first; when there are none, one of ``rest``
    may be the title.
    """

    isbn: str
    names: tuple[Name, ...]
    volume: str
    year: int | None
    rest: tuple[Rest, ...]


def read(text: str) -> Reference | None:
    """Return the parts of a reference; None for a text with no bracket or sign of one, no ISBN, and no year or edition
    beside words.
    """
    number = isbn.normalise(text)
    if not number and not _SIGNS.search(text.translate(_WIDE)):
        return _with_year_or_edition(normalize("NFKC", text).strip())
    text = normalize("NFKC", text).strip()
    text = reference_noise.without_isbn_and_binding(text) if number else reference_noise.without_binding(text)
    titles, before, after = _split_at_title(text)
    year, after = reference_noise.split_year(reference_noise.without_noise(after), keeps_first=not titles)
    earlier, before = reference_noise.split_year(reference_noise.without_noise(before), keeps_first=False)
    year = earlier if year is None else year
    rest = [*_rest(before, is_before=True), *_rest(after, is_before=False)]
    volume = next((each.text for each in rest if not each.is_before and _VOLUME.fullmatch(each.text)), "")
    rest = [each for each in rest if not _VOLUME.fullmatch(each.text) and not each.text.isdecimal()]
    names = dict.fromkeys(name for title in titles for name in _names(title))
    return Reference(number, tuple(names), volume, year, tuple(dict.fromkeys(rest))[:MOST_PARTS])


def _with_year_or_edition(text: str) -> Reference | None:
    """Return a reference of words with a year or an edition beside them (embracing defeat 1999); None for any other
    text.
    """
    year, words = reference_noise.split_year(_EDITION.sub(" ", text), keeps_first=True)
    words = " ".join(words.strip(reference_noise.BETWEEN).split())
    return Reference("", (Name(words),), "", year, ()) if words and words != text else None


def _split_at_title(text: str) -> tuple[list[str], str, str]:
    """Return the possible titles, the likeliest first, and the texts before and after them. When no sign marks a title:
    no titles, nothing before, and the whole text after.
    """
    quoted = _quoted(text)
    slash = next((at for at, letter in enumerate(text) if _ends_title(text, at) and not _inside(at, quoted)), -1)
    head = _ROUND.sub("", text[:slash]).strip(reference_noise.BETWEEN) if slash > 0 else ""
    if quoted:
        first, last = quoted[0][1], quoted[-1][2]
        books = [text[begin + 1 : end] for sign, begin, end in quoted if sign == "『"]
        works = [text[begin + 1 : end] for sign, begin, end in quoted if sign == "「"]
        around = _partly_quoted(text, quoted)
        whole = [head] if head and slash > first and not books else []
        between = "、".join(text[end + 1 : begin] for (_, _, end), (_, begin, _) in pairwise(quoted))
        return [*whole, *books, *around, *works], text[:first], f"{between}、{text[last + 1 :]}"
    if head:
        return [head], "", f"{'、'.join(_ROUND.findall(text[:slash]))}、{text[slash + 1 :]}"
    head = _TO_A_STOP.match(text)
    if head and _SUBTITLE.search(head[0].strip(reference_noise.BETWEEN)):
        return [head[0]], "", text  # of which the first part may be an author
    return [], "", text


def _ends_title(text: str, at: int) -> bool:
    """Tell whether the slash after a title stands at this index; one in a date is none."""
    return text[at] == "/" and not re.fullmatch("[0-9]/[0-9]", text[max(0, at - 1) : at + 2])


def _quoted(text: str) -> list[tuple[str, int, int]]:
    """Return the outermost 『』 and 「」: the opening sign, its index, and the index of the closing one."""
    found, begin, depth = [], 0, 0
    for at, letter in enumerate(text):
        if depth == 0 and letter in _PAIRS:
            begin, depth = at, 1
        elif depth and letter == text[begin]:
            depth += 1
        elif depth and letter == _PAIRS[text[begin]]:
            depth -= 1
            if not depth and at > begin + 1:
                found.append((text[begin], begin, at))
    return found


def _inside(at: int, quoted: list[tuple[str, int, int]]) -> bool:
    return any(begin < at < end for _, begin, end in quoted)


def _partly_quoted(text: str, quoted: list[tuple[str, int, int]]) -> list[str]:
    """Return, in a list, a title of which only the first word stands in brackets (「いき」の構造); an empty list for any other
    text.
    """
    _, begin, end = quoted[0]
    if begin or len(quoted) > 1 or text[begin] != "「":
        return []
    tail = re.match(r"[ぁ-ん][^、,。;(/]*", text[end + 1 :])
    return [text[begin : end + 1] + tail[0].strip()] if tail else []


def _names(title: str) -> list[Name]:
    title = title.strip(reference_noise.BETWEEN)
    plain = _ROUND.sub("", title).strip(reference_noise.BETWEEN)
    found = []
    for each in dict.fromkeys(filter(None, (title, plain))):
        first, *more = [part.strip(reference_noise.BETWEEN) for part in _SUBTITLE.split(each)]
        whole = _DASHED.sub(" ", each)
        found.append(Name(whole))
        if numbered := _NUMBERED.fullmatch(whole):
            found.append(Name(" ".join(numbered.groups())))
        if first and (subtitle := " ".join(filter(None, more))):
            found.append(Name(first, subtitle))
    return found


def _rest(text: str, *, is_before: bool) -> list[Rest]:
    found: list[Rest] = []
    for part in _PARTED.split(text):
        part = _AFTER_YEAR.sub("", part).strip(reference_noise.BETWEEN)
        first, _, more = part.partition(" ")
        if first and _is_role(first):  # of the name before it: 夏目漱石（著）
            if found:
                found[-1] = found[-1]._replace(is_creator=True)
            part = more.strip(reference_noise.BETWEEN)
        if part:
            found += [Rest(*each, is_before) for each in _names_with_roles(part)]
    return found


def _names_with_roles(part: str) -> list[tuple[str, bool]]:
    """Return the names of a part, each with True when a role stands beside it."""
    creators = statements.read(part)
    if any(creator.role for creator in creators):
        return [(creator.name, bool(creator.role)) for creator in creators]
    name = _COMPANY.sub("", part).strip(reference_noise.BETWEEN)
    return [(name, False)] if name else []


def _is_role(word: str) -> bool:
    creators = statements.read(f"{_SOMEBODY} {word}")
    return [creator.name for creator in creators] == [_SOMEBODY] and bool(creators[0].role)
