"""A catalogue record as the readers give it from any file, and as it is loaded from the database."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from peewee import ModelSelect, chunked

import models
from library import holdings
from library.catalog import heading_names, subject_words
from library.catalog.folding import romanised
from library.catalog.heading_names import Name
from library.files.cells import Note
from models import Branch, Creator, Item, SourceRecord, Title, TitleName, TitleSeries

K = TypeVar("K")
ASKED = 500  # ids in one query
JAPANESE = "jpn"
# columns of a title that are the same in a record
ALIKE = (
    "source", "source_id", "title", "title_kana", "subtitle", "subtitle_kana", "volume", "volume_kana", "series",
    "series_kana", "author", "publisher",
    "publisher_kana", "place", "year", "year_text", "ndc", "ndc_edition", "material_type", "audience", "language",
    "extent", "note",
    "contents", "price", "title_latin", "kana_source", "accession_date", "formats", "accessibility",
)  # fmt: skip


Identifier = tuple[str, str]  # (NDL, VIAF or ISNI; the number there)


class WithReading:
    """A name as a record writes it, its reading in kana and its romanisation, each empty when there is none."""

    __slots__ = ()
    name: str
    kana: str
    latin: str

    @property
    def reading(self) -> str:
        """The reading in kana, else one made from the romanisation; empty when there is neither."""
        return self.kana or romanised.kana_reading(self.name, self.latin)


@dataclass(slots=True)
class Contributor(WithReading):
    """著者: a creator of a title as its record names them; ``role`` as in the record (著, 訳, 編 …).

    ``born``: the year (100 $d); ``author_id``: the id of the stored form; ``apart``: the number that tells it from
    others of the name; ``other_names``: of the same creator.
    """

    name: str
    kana: str = ""
    role: str = ""
    latin: str = ""
    identifiers: tuple[Identifier, ...] = field(default=(), compare=False)
    born: str = field(default="", compare=False)
    author_id: int = field(default=0, compare=False, repr=False)
    apart: str = field(default="", compare=False, repr=False)
    other_names: tuple[Name, ...] = field(default=(), compare=False, repr=False)


ORIGINAL = "原題"  # the kind of the title that a translation is of
WORK = "収録作品"  # the kind of a work in the book
KINDS_OF_TITLES = ("別書名", "統一書名", ORIGINAL, WORK)


@dataclass(slots=True)
class OtherTitle(WithReading):
    """Another title of the book or its work, or the title of a work in it; ``kind`` is one of KINDS_OF_TITLES."""

    kind: str
    name: str
    kana: str = ""
    latin: str = ""


@dataclass(slots=True)
class InSeries(WithReading):
    """叢書: a series that a title is in, and its number there."""

    name: str
    kana: str = ""
    latin: str = ""
    number: str = ""


@dataclass(slots=True)
class Holding:
    """所蔵: a copy that a record describes. ``branch`` is a code or a name."""

    barcode: str
    branch: str = ""
    shelf: str = ""
    call_number: str = ""


@dataclass(slots=True)
class Record:
    """The record of one title. Texts are for display, in NFC and without the punctuation of the cataloguing rules.

    Readings (``…_kana``) keep the spaces of their source; ``subjects`` are (heading, reading); ``isbns`` as given;
    ``raw``: the source record in ``format``; ``series``: the text of ``in_series``, or the only text on series;
    ``kana_source``, ``formats``, ``accessibility``: as in the columns of a title; ``remarks``: doubts about the source
    record that somebody should look at.
    """

    title: str
    source: str = ""
    source_id: str = ""
    title_kana: str = ""
    subtitle: str = ""
    subtitle_kana: str = ""
    volume: str = ""
    volume_kana: str = ""
    series: str = ""
    series_kana: str = ""
    in_series: list[InSeries] = field(default_factory=list)
    names: list[OtherTitle] = field(default_factory=list)
    contributors: list[Contributor] = field(default_factory=list)
    author: str = ""
    publisher: str = ""
    publisher_kana: str = ""
    place: str = ""
    year: int | None = None
    year_text: str = ""
    isbns: list[str] = field(default_factory=list)
    ndc: str = ""
    ndc_edition: str = ""
    subjects: list[tuple[str, str]] = field(default_factory=list)
    material_type: str = "図書"
    audience: str = "一般"
    language: str = ""
    extent: str = ""
    note: str = ""
    contents: str = ""
    price: str = ""
    title_latin: str = ""
    kana_source: str = ""
    accession_date: date | None = None
    formats: str = ""
    accessibility: str = ""
    holdings: list[Holding] = field(default_factory=list)
    raw: bytes = b""
    format: str = ""
    remarks: list[Note] = field(default_factory=list, compare=False, repr=False)
    subject_latin: dict[str, str] = field(
        default_factory=dict, compare=False, repr=False
    )  # heading → romanisation, for subjects without a reading
    # other words for the subjects (word, reading), by which the index finds the title, too
    subject_words: list[tuple[str, str]] = field(default_factory=list, init=False, repr=False, compare=False)
    # the columns of the title's row and the rows of the index, if they were prepared (``store.prepare``)
    row: list | None = field(default=None, init=False, repr=False, compare=False)
    pieces: list | None = field(default=None, init=False, repr=False, compare=False)

    def note_romaji(self) -> None:
        """Set ``latin`` of names in Latin letters that are romaji and have no reading, in a record of a
        Japanese title.
        """
        if self.language == JAPANESE:
            for each in (*self.contributors, *self.names, *self.in_series):
                if not each.kana and not each.latin and romanised.kana_reading(each.name, each.name):
                    each.latin = each.name

    def romanised_subjects(self) -> list[tuple[str, str]]:
        """Return (romanisation, reading made from it) of the subjects in ``subject_latin``, for the index."""
        return [(latin, romanised.kana_reading(name, latin)) for name, latin in self.subject_latin.items()]


def every_id(size: int, *, after: int = 0) -> Iterator[list[int]]:
    """Yield the ids of all titles, ascending, ``size`` at a time, from those greater than ``after`` on."""
    while ids := [title.id for title in Title.select(Title.id).where(Title.id > after).order_by(Title.id).limit(size)]:
        yield ids
        after = ids[-1]


def load(title_ids: Iterable[int], *, for_index: bool = False) -> dict[int, Record]:
    """Return title id → stored record; ids without a title are left out. Few queries for many ids. ``for_index``: with
    all that the index needs beside the record, such as other words for the subjects.
    """
    found = {}
    for ids in chunked(title_ids, ASKED):
        found |= _load(list(ids))
    if for_index:
        for record in found.values():
            record.note_romaji()
        add_subject_words(found.values())
        latin = subject_words.romanisations(name for record in found.values() for name, _ in record.subjects)
        for record in found.values() if latin else ():
            record.subject_latin = {name: latin[name] for name, _ in record.subjects if name in latin}
    return found


def _load(ids: list[int]) -> dict[int, Record]:
    rows = (
        Item.select(Item.title, Item.barcode, Branch.code, Item.shelf, Item.call_number)
        .join(Branch)
        .where(Item.title.in_(ids), holdings.is_own())
        .order_by(Item.id)
    )
    contributors, names, copies, raws = _contributors(ids), _names(ids), _grouped(rows, Holding), _raws(ids)
    in_series = _in_series(ids)
    columns = (Title.id, Title.author_kana, Title.isbn_text, Title.subjects, *(getattr(Title, name) for name in ALIKE))
    found = {}
    for title_id, author_kana, isbn_text, subjects, *values in (
        Title.select(*columns).where(Title.id.in_(ids)).order_by(Title.id).tuples().iterator()
    ):
        record = Record(**dict(zip(ALIKE, values, strict=True)))
        record.isbns = isbn_text.split("; ") if isbn_text else []
        record.subjects = split_subjects(subjects)
        record.names = names.get(title_id, [])
        record.in_series = in_series.get(title_id, [])
        record.holdings = copies.get(title_id, [])
        record.format, record.raw = raws.get(title_id, ("", b""))
        record.contributors = contributors.get(title_id, [])
        if record.author and not record.contributors and not record.format:
            # a title that came without a source record has no other creators
            record.contributors = [Contributor(record.author, author_kana)]
        found[title_id] = record
    return found


def add_subject_words(made: Collection[Record]) -> bool:
    """Set ``subject_words`` of the records, for the index; return True when there are any."""
    others = subject_words.by_subject(name for record in made for name, _ in record.subjects)
    for record in made:
        record.subject_words = [word for name, _ in record.subjects for word in others.get(name, ())]
    return bool(others)


def _contributors(ids: list[int]) -> dict[int, list[Contributor]]:
    link = models.Contributor
    rows = (
        link.select(
            link.title, Creator.name, Creator.kana, link.role, Creator.latin, Creator.id, Creator.apart, Creator.born
        )
        .join(Creator)
        .where(link.title.in_(ids))
        .order_by(link.title, link.position)
    )
    found = _grouped(rows, _contributor)
    contributors = [each for several in found.values() for each in several]
    others = heading_names.other_names({each.author_id for each in contributors})
    for each in contributors:
        each.other_names = others.get(each.author_id, ())
    return found


def _contributor(name: str, kana: str, role: str, latin: str, author_id: int, apart: str, born: str) -> Contributor:
    return Contributor(name, kana, role, latin, author_id=author_id, apart=apart, born=born)


def _names(ids: list[int]) -> dict[int, list[OtherTitle]]:
    columns = (TitleName.title, TitleName.kind, TitleName.name, TitleName.kana, TitleName.latin)
    rows = TitleName.select(*columns).where(TitleName.title.in_(ids)).order_by(TitleName.title, TitleName.position)
    return _grouped(rows, OtherTitle)


def _in_series(ids: list[int]) -> dict[int, list[InSeries]]:
    columns = (TitleSeries.title, TitleSeries.name, TitleSeries.kana, TitleSeries.latin, TitleSeries.number)
    rows = TitleSeries.select(*columns).where(TitleSeries.title.in_(ids))
    return _grouped(rows.order_by(TitleSeries.title, TitleSeries.position), InSeries)


def _grouped(rows: "ModelSelect[Any]", kind: Callable[..., K]) -> dict[int, list[K]]:
    """Return title id → objects of ``kind``, one for each row; the id is the first column of a row."""
    grouped: dict[int, list[K]] = {}
    for title_id, *values in rows.tuples().iterator():
        grouped.setdefault(title_id, []).append(kind(*values))
    return grouped


def _raws(ids: list[int]) -> dict[int, tuple[str, bytes]]:
    rows = SourceRecord.select().where(SourceRecord.title.in_(ids))
    return {row.title_id: (row.format, bytes(row.content)) for row in rows}


def split_subjects(text: str) -> list[tuple[str, str]]:
    """Return [(heading, reading)] of a title's ``subjects`` column: lines of ``heading`` or ``heading<TAB>reading``."""
    lines = text.split("\n") if text else []
    return [(heading, kana) for heading, _, kana in (line.partition("\t") for line in lines)]


def join_subjects(subjects: list[tuple[str, str]]) -> str:
    """Return the text that ``split_subjects`` reads."""
    return "\n".join(f"{heading}\t{kana}" if kana else heading for heading, kana in subjects)


def merged(stored: Record, record: Record) -> Record:
    """Return the stored record with the parts that the new record fills. A record without a source id only adds to one
    that has an id.
    """
    adds_only = bool(stored.source_id and not record.source_id)
    taken = {}
    for name in (*ALIKE, "names", "contributors", "isbns", "subjects"):
        old, new = getattr(stored, name), getattr(record, name)
        taken[name] = old if not new or (adds_only and old) else new
    return replace(record, **taken)
