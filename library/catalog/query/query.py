"""A search as one object, read from the arguments of an address and printed to one.

No arguments are refused: conditions without a meaning are dropped, long texts are cut, and ``dropped`` and ``cut`` tell
of it. Addresses with the same meaning print as the same address, without arguments that have their default.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Protocol
from unicodedata import category, normalize
from urllib.parse import parse_qs, quote_plus, urlencode

from library import dates, invisible

LONGEST = 200  # letters of a text; a title that is longer is found by its beginning
ROWS = 8  # of 詳細検索
CHOICES = 20  # values of one facet
LAST_PAGE = 1_000_000
# すべて, 書名, 著者名, 出版者, 件名, シリーズ, 内容・注記
FIELDS = ("all", "title", "author", "publisher", "subject", "series", "note")
WAYS = ("contains", "starts", "equals")  # を含む, で始まる, と一致する
JOINS = ("and", "or", "not")
SORTS = ("relevance", "newest", "oldest", "title", "author", "call_number")
GROUPS = ("", "work")  # a row for each title, for each work (同じ作品をまとめる)
# in the order of addresses
FACETS = ("branch", "material", "audience", "ndc_class", "decade", "author", "language", "format")
_UNSEEN = ("Cc", "Cs", "Zl", "Zp")
_YEAR = re.compile("[0-9]{1,4}")


@dataclass(frozen=True)
class Row:
    """A row of 詳細検索; ``join`` joins it to the rows above it, and means nothing in the first."""

    text: str
    field: str = "all"
    way: str = "contains"
    join: str = "and"


@dataclass(frozen=True)
class Query:
    """検索: the words to look for, the limits, the order and the page.

    Each facet is a tuple of values, of which a title needs one unless the tuple is empty: ``branch`` is a code,
    ``ndc_class`` a digit, ``decade`` its first year, ``author`` an id, ``format`` a code of ``codes.accessible``.
    ``ndc`` is the beginning of a class, with the letters of a call number before it if it has some. ``dropped``: (name,
    text) of each condition that was not understood.
    """

    q: str = ""
    rows: tuple[Row, ...] = ()
    isbn: str = ""
    ndc: str = ""
    year_from: int | None = None
    year_to: int | None = None
    available: bool = False
    branch: tuple[str, ...] = ()
    material: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    ndc_class: tuple[str, ...] = ()
    decade: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    group: str = ""
    sort: str = "relevance"
    page: int = 1
    cut: bool = field(default=False, compare=False)
    dropped: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def with_(self, **values: Any) -> "Query":
        """Return this query with these values, on its first page; a single value of a facet is added to
        those it has.
        """
        added = {
            name: _unique((*getattr(self, name), value)) if name in FACETS and isinstance(value, str) else value
            for name, value in values.items()
        }
        return replace(self, **{"page": 1} | added)

    def without(self, *names: str, **values: str) -> "Query":
        """Return this query without the conditions ``names``, and without one value each of the facets in ``values``,
        on its first page.
        """
        plain = Query()
        left = {name: getattr(plain, name) for name in names}
        left |= {name: tuple(each for each in getattr(self, name) if each != value) for name, value in values.items()}
        return replace(self, **{"page": 1} | left)

    def chosen(self, facet: str, value: str) -> bool:
        """Tell whether a value of a facet is chosen."""
        return value in getattr(self, facet)

    def pairs(self) -> list[tuple[str, str]]:
        """Return the arguments of this query's address, always in the same order, without those that have their
        default.
        """
        pairs: list[tuple[str, Any]] = [("q", self.q)]
        for row in self.rows:
            pairs += [("field", row.field), ("way", row.way), ("join", row.join), ("text", row.text)]
        pairs += [("isbn", self.isbn), ("ndc", self.ndc), ("year_from", self.year_from), ("year_to", self.year_to)]
        pairs += [("available", "1" if self.available else "")]
        pairs += [(name, value) for name in FACETS for value in getattr(self, name)]
        pairs += [("group", self.group)]
        pairs += [("sort", self.sort if self.sort != "relevance" else ""), ("page", self.page if self.page > 1 else "")]
        return [(name, str(value)) for name, value in pairs if value not in ("", None)]

    def additions(self) -> dict[str, tuple[str, str]]:
        """Return facet → (text before, text after) a further value of it in this query's address, so that many
        addresses are made fast: ``before + quoted(value) + after`` follows the ``?``.
        """
        pairs = self.without("page").pairs()
        printed, found = [urlencode([pair]) for pair in pairs], {}
        for number, name in enumerate(FACETS):
            later = {*FACETS[number + 1 :], "group", "sort"}
            place = next((place for place, pair in enumerate(pairs) if pair[0] in later), len(pairs))
            found[name] = ("&".join([*printed[:place], f"{name}="]), "".join(f"&{each}" for each in printed[place:]))
        return found

    def address(self) -> str:
        """Return the text after the ``?``; parsed again it gives an equal query."""
        return urlencode(self.pairs())


@lru_cache(maxsize=5000)
def quoted(value: str) -> str:
    """Return a value as it stands in an address."""
    return quote_plus(value)


class Arguments(Protocol):
    """The arguments of an address, each with any number of values."""

    def getlist(self, name: str, /) -> list[str]: ...


def parse(arguments: Arguments) -> Query:
    """Return the query of request arguments; none are refused."""
    cleaned = _Cleaned(arguments)
    chosen = {name: cleaned.choices(name) for name in FACETS}
    query = Query(
        q=cleaned.text("q"),
        rows=_rows(cleaned),
        isbn=cleaned.text("isbn"),
        ndc=cleaned.class_("ndc"),
        year_from=cleaned.year("year_from"),
        year_to=cleaned.year("year_to"),
        available=cleaned.text("available") not in ("", "0"),
        group=cleaned.one_of("group", GROUPS),
        sort=cleaned.one_of("sort", SORTS),
        page=cleaned.page(),
    )
    return replace(query, **chosen, cut=cleaned.cut, dropped=tuple(cleaned.dropped))


def from_address(text: str) -> Query:
    """Return the query of the text after the ``?`` of an address."""
    return parse(_Listed(parse_qs(text, keep_blank_values=True)))


class _Listed(dict[str, list[str]]):
    def getlist(self, name: str, /) -> list[str]:
        return self.get(name, [])


def _rows(cleaned: "_Cleaned") -> tuple[Row, ...]:
    texts = cleaned.texts("text")
    cleaned.cut |= len(texts) > ROWS
    places = [cleaned.texts(name) for name in ("field", "way", "join")]
    rows = []
    for number, text in enumerate(texts[:ROWS]):
        if text:
            kinds = [values[number] if number < len(values) else "" for values in places]
            chosen = [
                kind if kind in known else known[0] for kind, known in zip(kinds, (FIELDS, WAYS, JOINS), strict=True)
            ]
            # a first row with を除く excludes from all titles
            rows.append(Row(text, *chosen) if rows or chosen[2] == "not" else Row(text, *chosen[:2]))
    return tuple(rows)


class _Cleaned:
    """The arguments, cleaned; ``cut``: something was too long; ``dropped``: (name, text) of conditions without a
    meaning.
    """

    def __init__(self, arguments: Arguments) -> None:
        self.arguments, self.cut = arguments, False
        self.dropped: list[tuple[str, str]] = []

    def texts(self, name: str) -> list[str]:
        return [self._clean(text) for text in self.arguments.getlist(name)]

    def text(self, name: str) -> str:
        return next(iter(self.texts(name)), "")

    def _clean(self, text: str) -> str:
        if len(text) > 4 * LONGEST:  # nobody reads the rest
            text, self.cut = text[: 4 * LONGEST], True
        text = invisible.without_directions(text)
        text = " ".join("".join(" " if category(letter) in _UNSEEN else letter for letter in text).split())
        if len(text) > LONGEST:
            text, self.cut = text[:LONGEST].rstrip(), True
        return text

    def choices(self, name: str) -> tuple[str, ...]:
        values = _unique(filter(None, self.texts(name)))
        if len(values) > CHOICES:
            self.cut = True
        return values[:CHOICES]

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        value = self.text(name)
        return value if value in known else known[0]

    def year(self, name: str) -> int | None:
        """Return the year of 1930, １９３０年 or 昭和5; None for no text or one that is no year, which is noted as dropped."""
        text = self.text(name)
        folded = normalize("NFKC", text).removesuffix("年")
        year = int(folded) if _YEAR.fullmatch(folded) else dates.year_of(text)
        if text and year is None:
            self.dropped.append((name, text))
        return year

    def class_(self, name: str) -> str:
        text = self.text(name)
        if text and not re.search("[0-9]", normalize("NFKC", text)):
            self.dropped.append((name, text))
            return ""
        return text

    def page(self) -> int:
        text = normalize("NFKC", self.text("page"))
        return min(max(int(text), 1), LAST_PAGE) if re.fullmatch("[0-9]{1,9}", text) else 1


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
