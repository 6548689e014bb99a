"""NDC (日本十進分類法): the words for a class, the classes above and below it, and the order of call numbers on a shelf."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from library.catalog.folding import sort_key

_CAPTIONS = Path(__file__).with_name("ndc.tsv")
_CLASS = re.compile(r"(?<![0-9])[0-9]{3}(?:\.[0-9]+)?(?![0-9])|(?<![0-9.])[0-9]{1,2}(?![0-9.])")
# before a class a letter for children, pictures …; two letters belong to another scheme (NDLC: UE13)
_AS_WRITTEN = re.compile(
    r"(?:(?P<letter>[A-Z児郷参絵]|YA|LL)[-・.]?(?=[0-9]+\.|[0-9]{3,}))?"
    r"(?P<number>[0-9]{1,3})(?:(?P<dot>[.・·]?)(?P<rest>[0-9]{1,6}))?(?:[A-Z]|[-(][^0-9]*)?",
    re.I,
)
_SCHEME = re.compile(r"(?:NDC|分類)\s*(?:\(?(?:[6-9]|10)\)?版?(?![0-9.]))?[\s:/=]*", re.I)
_APART = re.compile(r"(?<![^\s;,、/|])([A-Z児郷参絵]|YA|LL)[\s/]+(?=[0-9])", re.I)
_SEVERAL = re.compile(r"[\s;,、/|]+")
# 請求記号 = 別置記号 (R, K, 児), class, and the rest. A shelf mark alone (E ナ) has no class.
_CALL_NUMBER = re.compile(r"([^\W\d_]*)[\s\-/・]*([0-9]{3}(?:\.[0-9]+)?(?![0-9])|[0-9]{1,2}(?=[\s/\-]|$))?(.*)", re.S)
_PART = re.compile(r"[0-9]+|[^\W\d_]+")
_VOLUMES: dict[str, str] = dict(zip("上 中 下 前 後 上巻 中巻 下巻 前編 後編".split(), "1231212312", strict=True))
DIGITS = "0123456789"
NO_CLASS = "分類なし"
LAST = "\U0010ffff"  # the shelf key without a call number
BETWEEN = "\x1f"  # separates the parts of a shelf key


class Classes(NamedTuple):
    """The classes in a text, in order, each once; ``children``: one is marked as for children; ``others``: words that
    are no class.
    """

    numbers: tuple[str, ...]
    children: bool
    others: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the classes as ``Title.ndc`` has them, separated by spaces; ``read_all`` reads it."""
        return " ".join(self.numbers)


@lru_cache(10_000)
def read_all(text: str) -> Classes:
    """Return all classes in a text: ``Ｋ９１３ ; 210/ナ`` has 913, for children, and 210; ナ belongs to the class before it.

    ``9136`` is read as 913.6, and ``7.6`` as 007.6, which a spreadsheet has shortened.
    """
    folded = _SCHEME.sub(" ", unicodedata.normalize("NFKC", text)).strip("\"'[]〔〕= \t\n")
    numbers, others, children = dict[str, None](), list[str](), False
    for part in filter(None, _SEVERAL.split(_APART.sub(r"\1", folded))):
        found = _AS_WRITTEN.fullmatch(part)
        if found and len(part) < 3 and numbers:
            continue  # a volume, as in 913 ナ 1
        if found and (number := _number_of(found)):
            numbers[number] = None
            children |= (found["letter"] or "").upper() in ("K", "児")
        elif not numbers or any(letter.isdigit() for letter in part):
            others.append(part)  # a 図書記号 is left out, as in 913.6/ナ
    return Classes(tuple(numbers), children, tuple(others))


def of_newest_edition(classes: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Return the newest edition among these (edition, class), and its classes separated by spaces; two empty texts for
    none.
    """
    if len(classes) < 2:
        return classes[0] if classes else ("", "")
    newest = max([int(edition or 0) for edition, _ in classes])
    found = [(edition, number) for edition, number in classes if int(edition or 0) == newest]
    return found[0][0], Classes(tuple(dict.fromkeys([number for _, number in found])), False).text()


def _number_of(found: re.Match[str]) -> str:
    if not found["rest"]:
        return found["number"]
    if found["dot"] or len(found["number"]) == 3:
        return f"{found['number'].zfill(3)}.{found['rest']}"
    return ""


def caption(code: str) -> str:
    """Return the caption of a class, or of the nearest class above that has one (913 for 913.6); empty for a text
    without a class.
    """
    number = _number(code)
    captions = _captions()
    return next((captions[prefix] for prefix in _prefixes(number) if prefix in captions), "")


def classes_called(text: str) -> list[str]:
    """Return the classes meant by a typed text: the one with this number (``913``), or those whose captions begin so
    (``日本文学``).
    """
    wanted = unicodedata.normalize("NFKC", text).strip()
    if wanted in _captions():
        return [wanted]
    return [code for code, words in _captions().items() if wanted and len(code) <= 3 and words.startswith(wanted)]


def parents(code: str) -> tuple[str, ...]:
    """Return the classes above, the widest first: ("9", "91", "913") for 913.6, ("9", "91") for 913."""
    number = _number(code)
    return tuple(sorted((prefix for prefix in _prefixes(number)[1:] if prefix in _captions()), key=len))


def children(code: str = "") -> tuple[str, ...]:
    """Return the classes one level below that have captions, in order; the ten main classes for the empty text."""
    number = _number(code)
    if code.strip() and not number:
        return ()
    return tuple(below for digit in DIGITS if (below := number + digit) in _captions())


@lru_cache(10_000)  # classes, for the most part
def shelf_key(call_number: str) -> str:
    """Return the shelf key of a call number: texts whose order by code point is that on the shelf. Takes any text.

    It has the 別置記号 (none first), the class as a decimal, then each part of the rest: kana in 五十音, numbers by value, 上中下
    as 1 2 3. A text without any of these comes last.
    """
    mark, number, rest = split_call_number(call_number)
    parts = [_part(part) for part in _PART.findall(rest)]
    if not (mark or number or parts):
        return LAST
    # Without 別置記号, call numbers with a class come first: 913 ナ, then ナ. With one, those without a class: E ナ, then E
    # 726.
    return BETWEEN.join([_plain(mark), number or ("" if mark else "~"), *parts])


def split_call_number(call_number: str) -> tuple[str, str, str]:
    """Return the shelf mark (別置記号), the class and the rest of a call number, each as written: K913.6 ナ
    is K, 913.6, ナ.
    """
    text = unicodedata.normalize("NFKC", call_number).strip()
    mark, number, rest = next(_CALL_NUMBER.finditer(text)).groups()  # anything matches
    if number is None and mark and not _is_shelf_mark(mark):
        mark, rest = "", text
    return mark, number or "", rest


def division(key: str) -> tuple[str, str]:
    """Return the 別置記号 and the first two digits of the class (綱) of a shelf key, each empty when it has none."""
    mark, _, rest = key.partition(BETWEEN)
    number = rest.partition(BETWEEN)[0]
    return mark, number[:2] if number[:1].isdigit() else ""


def _is_shelf_mark(text: str) -> bool:
    return len(text) <= 4 and not any("ぁ" <= letter <= "ヿ" for letter in text)


def _part(part: str) -> str:
    part = _VOLUMES.get(part, part)
    return sort_key.number(part) if part.isascii() and part.isdigit() else _plain(part)


def _plain(letters: str) -> str:
    """Return the letters of a part by which it is sorted."""
    return sort_key.key(letters).partition(" ")[0]


def _number(code: str) -> str:
    """Return the class in a text such as K913.6 or 913.6/ナ; empty when there is none."""
    found = _CLASS.search(unicodedata.normalize("NFKC", code))
    return found[0] if found else ""


def _prefixes(number: str) -> list[str]:
    """Return the number and all beginnings of it that are classes: 913.6, 913, 91, 9."""
    return [number[:end] for end in range(len(number), 0, -1) if number[end - 1] != "."]


@cache
def _captions() -> dict[str, str]:
    lines = (line for line in _CAPTIONS.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {number: words for number, _, words in (line.partition("\t") for line in lines)}
