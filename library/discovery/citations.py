"""引用・書き出し: titles as programs for references read them (RIS, BibTeX, COinS), and as a table for spreadsheets (CSV).

The table has the headings that an import of titles reads (spec 7, CSV files), and the address of each title.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlencode

from peewee import Alias

import models
from library.catalog import isbn, records, spoken
from library.catalog.folding import fold, readings
from library.catalog.records import Contributor, Record
from library.catalog.series import series
from library.files.report import as_csv
from library.store import queries as stored
from models import Creator, Title

MOST = 2_000  # titles in one file
HEADINGS = (
    "書誌番号", "書名", "書名ヨミ", "副書名", "巻", "叢書名", "著者", "著者ヨミ", "出版者", "出版地", "出版年", "ISBN",
    "分類", "件名", "資料区分", "対象", "言語", "形態", "価格", "URL",
)  # fmt: skip
EDITORS, TRANSLATORS = ("編", "監修", "責任編集", "企画"), ("訳", "翻訳")
# 資料区分 → type of RIS and of BibTeX, and whether it is a book for COinS
_KINDS = {
    "図書": ("BOOK", "book"),
    "雑誌": ("SER", "book"),
    "地図": ("MAP", "misc"),
    "楽譜": ("MUSIC", "misc"),
    "録音資料": ("SOUND", "misc"),
    "映像資料": ("VIDEO", "misc"),
    "電子資料": ("EBOOK", "book"),
}
_ANOTHER = ("GEN", "misc")
_TEX = str.maketrans(
    {"\\": r"{\textbackslash}", "~": r"{\textasciitilde}", "^": r"{\textasciicircum}"}
    | {sign: rf"\{sign}" for sign in "{}%&#$_"}
)


class Name(NamedTuple):
    """A person or body as references name them, 夏目, 漱石, with the reading and how they took part: AU, ED or TR."""

    name: str
    kana: str
    part: str


class Cited(NamedTuple):
    """A title with the address at which it stands."""

    title_id: int
    record: Record
    url: str

    @property
    def title(self) -> str:
        """Return 書名, with 副書名 and 巻."""
        subtitle = f"：{self.record.subtitle}" if self.record.subtitle else ""
        return f"{self.record.title}{subtitle} {self.record.volume}".rstrip()

    @property
    def isbn(self) -> str:
        """Return the first valid ISBN, else the first as it was given."""
        return next(filter(None, map(isbn.normalise, self.record.isbns)), next(iter(self.record.isbns), ""))

    @property
    def year(self) -> str:
        return str(self.record.year or "")

    @property
    def series(self) -> tuple[str, str]:
        """Return the name of the first series and the number in it."""
        return next(((each.name, each.number) for each in series.all_of(self.record)), ("", ""))

    @property
    def names(self) -> list[Name]:
        """Return the creators of the record; without any, the statement of responsibility as one author."""
        named = [Name(inverted(each.name, each.kana), each.kana, _part(each.role)) for each in self.record.contributors]
        return named or ([Name(self.record.author, "", "AU")] if self.record.author else [])


def cited(addresses: dict[int, str]) -> Iterator[Cited]:
    """Yield the titles with their addresses (id → address) in this order, without deleted ones; a few at a time in
    memory.
    """
    ids = list(addresses)
    for start in range(0, len(ids), records.ASKED):
        some = ids[start : start + records.ASKED]
        found = records.load(some)
        yield from (Cited(each, found[each], addresses[each]) for each in some if each in found)


def _part(role: str) -> str:
    if role in EDITORS or role.endswith("編"):
        return "ED"
    return "TR" if role in TRANSLATORS or role.endswith("訳") else "AU"


@lru_cache(5_000)
def inverted(name: str, reading: str) -> str:
    """Return a name with a comma after its first part: 夏目, 漱石. Bodies and names of unknown parts stay whole."""
    kana = re.split(r"[,，、]?\s+|[,，、]", reading.strip())
    if "," in name or len(kana) != 2 or not readings.has_kanji(name) or not 1 < len(name) <= 8:
        return name
    family, given = map(fold.strict, kana)
    ends = [end for end in range(1, len(name)) if _is_read(name[:end], family) or _is_read(name[end:], given)]
    end = ends[0] if ends else 2 if len(name) == 4 else 0
    return f"{name[:end]}, {name[end:]}" if end else name


def _is_read(text: str, kana: str) -> bool:
    return kana in readings.readings(fold.strict(text)) or fold.strict(text) == kana


# -- RIS ---------------------------------------------------------------------------------------------------------------
def ris(titles: Iterable[Cited]) -> Iterator[str]:
    """Yield the entries of a file of RIS, whose lines end with CRLF."""
    for each in titles:
        lines = "\r\n".join(f"{tag}  - {_line(value)}" for tag, value in _ris_fields(each) if value)
        yield f"{lines}\r\nER  - \r\n\r\n"


def _ris_fields(each: Cited) -> Iterator[tuple[str, str]]:
    record, (name, number) = each.record, each.series
    yield "TY", _KINDS.get(record.material_type, _ANOTHER)[0]
    for maker in each.names:
        yield {"AU": "AU", "ED": "ED", "TR": "A4"}[maker.part], maker.name
    yield from (("TI", each.title), ("T3", name), ("M1", number), ("PB", record.publisher), ("CY", record.place))
    yield from (("PY", each.year), ("SN", each.isbn), ("LA", record.language))
    yield from (("KW", heading) for heading, _ in record.subjects)
    yield from (("CN", record.ndc), ("UR", each.url), ("ID", f"title{each.title_id}"))


def _line(text: str) -> str:
    return " ".join(text.split())


# -- BibTeX ------------------------------------------------------------------------------------------------------------
def bibtex(titles: Iterable[Cited]) -> Iterator[str]:
    """Yield the entries of a BibTeX file; ``yomi`` is the reading of the authors, by which Japanese styles sort."""
    for each in titles:
        kind = _KINDS.get(each.record.material_type, _ANOTHER)[1]
        fields = ",\n".join(f"  {name} = {{{_line(text)}}}" for name, text in _bibtex_fields(each) if text)
        yield f"@{kind}{{title{each.title_id},\n{fields}\n}}\n\n"


def _bibtex_fields(each: Cited) -> Iterator[tuple[str, str]]:
    record, (name, number) = each.record, each.series
    makers = {part: [maker for maker in each.names if maker.part == part] for part in ("AU", "ED", "TR")}
    for part, field in (("AU", "author"), ("ED", "editor"), ("TR", "translator")):
        yield field, " and ".join(_bibtex_name(maker.name) for maker in makers[part])
    readings_of = [maker.kana for maker in makers["AU"] or makers["ED"]]
    yield "yomi", " and ".join(map(_tex, filter(None, readings_of))) if all(readings_of) else ""
    texts = (("title", each.title), ("series", name), ("number", number), ("publisher", record.publisher))
    texts += (("address", record.place), ("year", each.year), ("isbn", each.isbn), ("language", record.language))
    yield from ((field, _tex(text)) for field, text in texts)
    yield "url", each.url


def _bibtex_name(name: str) -> str:
    """Return a name in braces if it has no comma, so that BibTeX splits it nowhere."""
    return _tex(name) if "," in name else f"{{{_tex(name)}}}"


def _tex(text: str) -> str:
    return text.translate(_TEX)


# -- COinS -------------------------------------------------------------------------------------------------------------
_BOOK = urlencode({"ctx_ver": "Z39.88-2004", "rft_val_fmt": "info:ofi/fmt:kev:mtx:book", "rft.genre": "book"})


def makers() -> Any:
    """Return a column for a select of titles: the creators of each title as JSON, for ``coins_of``."""
    columns = stored.rows_as_json(models.Contributor.position, Creator.name, Creator.kana, models.Contributor.role)
    of_title = models.Contributor.select(columns).join(Creator).where(models.Contributor.title == Title.id)
    return Alias(of_title, "makers")


def coins_of(titles: Iterable[Any], addresses: str) -> dict[int, str]:
    """Return the COinS of rows selected with ``makers()``, by title id; ``addresses`` is the beginning of their
    addresses.
    """
    return {
        title.id: coins(
            Cited(
                title.id,
                Record(
                    title.title,
                    subtitle=title.subtitle,
                    volume=title.volume,
                    series=title.series,
                    author=title.author,
                    contributors=[Contributor(*each) for _, *each in sorted(json.loads(title.makers))],
                    publisher=title.publisher,
                    place=title.place,
                    year=title.year,
                    isbns=list(filter(None, [title.isbn or title.isbn_text])),
                ),
                f"{addresses}{title.id}",
            )
        )
        for title in titles
    }


def coins(each: Cited) -> str:
    """Return the ``title`` attribute of an element of class Z3988 (OpenURL 1.0, a book)."""
    fields = [
        ("rft.btitle", each.title),
        *(("rft.au" if maker.part == "AU" else "rft.contributor", maker.name) for maker in each.names),
        ("rft.series", each.series[0]),
        ("rft.pub", each.record.publisher),
        ("rft.place", each.record.place),
        ("rft.date", each.year),
        ("rft.isbn", each.isbn),
    ]
    # Zotero reads a plus sign as a space, however it is written
    shown = [f"{name}={quote_plus(text.replace('+', '＋'))}" for name, text in fields if text]
    return "&".join([_BOOK, *shown, f"rft_id={quote_plus(each.url)}"])


# -- CSV ---------------------------------------------------------------------------------------------------------------
def table(titles: Iterable[Cited]) -> str:
    """Return the titles as CSV text that begins with a byte order mark, as spreadsheets open it."""
    return as_csv(HEADINGS, map(_cells, titles))


def _cells(each: Cited) -> list[str]:
    record, (kana, *_) = each.record, spoken.source_readings(each.record)
    makers = "; ".join(maker.kana for maker in record.contributors)
    return [
        record.source_id, record.title, kana, record.subtitle, record.volume, record.series,
        record.author, makers.strip("; "), record.publisher, record.place, record.year_text or each.year,
        each.isbn, record.ndc,
        "; ".join(heading for heading, _ in record.subjects), record.material_type, record.audience, record.language,
        record.extent, record.price, each.url,
    ]  # fmt: skip
