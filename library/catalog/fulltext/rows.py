"""The rows that a record has in the full text index: its texts, folded.

The kind of a row is a part of the record (its titles, its creators and series, its subjects, the rest), in plain
spelling or with loanwords folded; of these there are only texts that have some. Readings have columns of their own, so
that a word in kana can be looked for in written text alone.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from library.catalog import spoken
from library.catalog.codes import accessible
from library.catalog.folding import fold, likely_names, loanwords, readings, romaji, romanised
from library.catalog.fulltext import grams
from library.catalog.heading_names import Name
from library.catalog.records import JAPANESE, WORK, Contributor, OtherTitle, Record
from library.catalog.series import series

TITLE, AUTHOR, SUBJECT, REST = range(4)
LOANED = 4  # added to these parts for rows of folded loanwords
KINDS = 16  # room for kinds of rows: the number of a row is the id of its title times 16, plus its kind
COLUMNS = (
    "title", "title_read", "author", "author_read", "publisher", "publisher_read", "subject", "subject_read", "series",
    "series_read",
    "contents", "note", "isbn",
)  # fmt: skip
WRITTEN = tuple(name for name in COLUMNS if not name.endswith("_read") and name != "isbn")
_AT = {name: place for place, name in enumerate(COLUMNS)}
_ISBN_AT = _AT["isbn"]
_PART_OF = [
    {"title": TITLE, "author": AUTHOR, "series": AUTHOR, "subject": SUBJECT}.get(name.removesuffix("_read"), REST)
    for name in COLUMNS
]
_EMPTY = [""] * len(COLUMNS)
_END = grams.END
_PARTED = re.compile(r"[\s,、・]+")
_DASHES = re.compile(r"[-\s‐‑‒–—―−ー]+")
_ISBN = re.compile("(?<![0-9])(?:(97[89][0-9]{9})[0-9]|([0-9]{9})[0-9X])(?![0-9])")
_MEDIA = re.compile(
    "DVD|Blu-?ray|ブルーレイ|ビデオ|CD-ROM|CD|カセット|紙芝居|LP|コミック"
)  # words of an extent (形態) that readers type beside a title
_NO_NUMBER = re.compile("[^0-9X]")

Cell = tuple[int, str, str]  # of a row: the number of its column, a text, and its other pieces
Value = tuple[
    str, Callable[[str], str] | None
]  # a text as it is written, and the maker of its whole piece, if it has one
Spelled = tuple[str, str, str, str]  # plain, and with loanwords folded: of each the text and its other pieces
Pieces = dict[str, Callable[[str], str] | None]
_NOTHING: Spelled = ("", "", "", "")


def prepare_pieces(made: list[Record]) -> None:
    """Set ``pieces``, the index rows, of the records that have none yet. Many records at once are quicker."""
    fresh = [(record, _cells(record)) for record in made if record.pieces is None]
    if not fresh:
        return
    pieces = iter(
        grams.pieces_of_texts([text for _, rows in fresh for _, cells in rows for _, text, _ in cells if text])
    )
    for record, rows in fresh:
        record.pieces = [(kind, *_columns(cells, pieces)) for kind, cells in rows]


def _columns(cells: list[Cell], pieces: Iterator[str]) -> list[str]:
    """Return the columns of a row; ``pieces`` yields the pieces of each text in turn."""
    columns = _EMPTY.copy()
    for at, text, wholes in cells:
        columns[at] = f"{next(pieces)} {wholes}" if text else wholes
    return columns


def _cells(record: Record) -> list[tuple[int, list[Cell]]]:
    """Return the rows of a record in the order of their kinds, with texts that are not yet cut into pieces."""
    found: dict[int, list[Cell]] = {}
    for at, (text, wholes, loaned, loaned_wholes) in _fields(record):
        if text:
            part = _PART_OF[at]
            found.setdefault(part, []).append((at, text, wholes))
            if loaned:
                found.setdefault(LOANED + part, []).append((at, loaned, loaned_wholes))
    numbers = [*map(number_piece, record.isbns), id_piece(record.source_id)]
    if whole := " ".join(filter(None, numbers)):
        found.setdefault(REST, []).append((_ISBN_AT, "", whole))
    return sorted(found.items())


def _fields(record: Record) -> list[tuple[int, Spelled]]:
    """Return the texts of a record with the numbers of their columns."""
    found = [(_AT["title"], _titles(record)), (_AT["title_read"], _title_readings(record))]
    # any name of a creator finds all titles, and any word for a subject
    creators = [*record.contributors, *(name for creator in record.contributors for name in creator.other_names)]
    if creators or record.author:
        names = [_creator(each.name, each.latin) for each in creators]
        found.append((_AT["author"], _joined([*names, _repeated_text(record.author)] if record.author else names)))
        read = [spelled for each in creators for spelled in _creator_readings(each)]
        if record.author and record.language == JAPANESE:
            read.append(_statement_reading(record.author))
        found.append((_AT["author_read"], _joined(read)))
    if record.publisher:
        found.append((_AT["publisher"], _repeated_text(record.publisher)))
    if record.publisher_kana:
        found.append((_AT["publisher_read"], _repeated_reading(record.publisher_kana)))
    if subjects := [*record.subjects, *record.subject_words, *record.romanised_subjects()]:
        found.append((_AT["subject"], _joined([_repeated_text(heading) for heading, _ in subjects])))
        found.append((_AT["subject_read"], _joined([_repeated_reading(kana) for _, kana in subjects if kana])))
    if record.series or record.in_series:
        several = series.all_of(record)
        written = [_series(each.name, each.latin, each.number) for each in several]
        read = [_series_reading(each.reading) for each in several if each.reading]
        found += [(_AT["series"], _joined(written)), (_AT["series_read"], _joined(read))]
    if record.contents or record.names:
        found.append((_AT["contents"], _contents(record, [each for each in record.names if each.kind == WORK])))
    media = _MEDIA.findall(record.extent)
    if record.note or record.accessibility or record.formats or media:
        formats = " ".join([*map(accessible.words, accessible.codes(record.formats)), *media])
        notes = (record.note, record.accessibility, formats)
        found.append((_AT["note"], _spelled([(text, grams.whole_piece) for text in notes])))
    return found


def _titles(record: Record) -> Spelled:
    """Return the spelled titles of a record. Subtitle and volume have no whole piece; other titles have one of their
    own kind.
    """
    values: list[Value] = [(record.title, grams.whole_piece)]
    if record.title_latin:
        values.append((record.title_latin, grams.whole_piece))
    elif record.kana_source == spoken.ROMAJI:
        values += _reading_values(record.title_kana, grams.whole_piece)  # kanji that are read so find it
    if record.subtitle or record.volume:
        values += [(record.subtitle, None), (record.volume, None)]
    if record.names:
        values += [
            (text, grams.other_title_piece)
            for each in record.names
            if each.kind != WORK
            for text in (each.name, each.latin)
        ]
    return _spelled(values)


def _title_readings(record: Record) -> Spelled:
    """Return the spelled readings of titles; for a title without one, the readings that the list has for its words."""
    found = _reading_values(record.title_kana, grams.reading_piece) or _guessed_values(record.title)
    if record.kana_source == spoken.ROMAJI and record.title_latin.isascii():
        found += [(each, None) for each in _with_lengths(record.title_kana, readings.guess_readings(record.title))]
    found += _reading_values(record.subtitle_kana, None) or _guessed_values(record.subtitle)
    found += _reading_values(record.volume_kana, None)
    others = [each for each in record.names if each.kind != WORK]
    return _spelled_readings(found + _name_readings(others, grams.other_title_piece))


def _name_readings(names: list[OtherTitle], piece: Callable[[str], str]) -> list[Value]:
    return [value for each in names for value in _reading_values(each.reading, piece) or _guessed_values(each.name)]


def _contents(record: Record, works: list[OtherTitle]) -> Spelled:
    if not record.contents and not works:
        return _NOTHING
    values: list[Value] = [(text, grams.whole_piece) for each in works for text in (each.name, each.latin)]
    readings_of_works = _spelled_readings(_name_readings(works, grams.reading_piece))
    return _joined([_spelled([*values, (record.contents, grams.whole_piece)]), readings_of_works])


def _reading_values(kana: str, piece: Callable[[str], str] | None) -> list[Value]:
    return [(reading, piece) for reading in fold.readings(kana)] if kana else []


def _guessed_values(text: str) -> list[Value]:
    """Return the possible readings of a text that has none; being guesses, they have no whole piece."""
    return [(reading, None) for reading in readings.guess_readings(text)]


def _spelled(values: Iterable[Value]) -> Spelled:
    """Return values in both spellings, the mark of its end after each."""
    strict: Pieces = {}
    loaned: Pieces = {}
    words = ""
    for text, piece in values:
        if text and (folded := fold.strict(text)):
            strict.setdefault(folded, piece)
            if (latin := grams.word_pieces(text)) and latin not in words:
                words += f" {latin}"
            for key in loanwords.loanword_keys(text):
                loaned.setdefault(key, piece)
    if not strict:
        return _NOTHING
    text, loaned_text = _END.join(strict) + _END, _END.join(loaned) + _END if loaned else ""
    return text, _whole_pieces(strict, text) + words, loaned_text, _whole_pieces(loaned, loaned_text)


def _spelled_readings(readings: Iterable[Value]) -> Spelled:
    """Return spelled readings, which are folded already."""
    strict: Pieces = {}
    for reading, piece in readings:
        strict.setdefault(reading, piece)
    text = _END.join(strict) + _END if strict else ""
    return text, _whole_pieces(strict, text), "", ""


def _whole_pieces(values: Pieces, text: str) -> str:
    """Return the whole pieces of values, and the pieces of the single letters of their text."""
    found = [piece(value) for value, piece in values.items() if piece]
    return " ".join([*found, grams.single_letter_pieces(text)]) if text else ""


@lru_cache(10_000)
def _repeated_text(text: str) -> Spelled:
    """Return one text spelled that many titles have: a publisher, a subject, a statement of responsibility."""
    return _spelled([(text, grams.whole_piece)])


@lru_cache(10_000)
def _repeated_reading(kana: str) -> Spelled:
    return _spelled_readings([(fold.strict(kana), grams.reading_piece)])


@lru_cache(10_000)
def _series(name: str, latin: str, number: str) -> Spelled:
    return _spelled(
        [
            (name, grams.other_title_piece),
            (latin, grams.other_title_piece),
            (number, None),
        ]
    )


@lru_cache(10_000)
def _series_reading(kana: str) -> Spelled:
    return _spelled_readings(_reading_values(kana, grams.other_title_piece))


@lru_cache(10_000)
def _creator(name: str, latin: str) -> Spelled:
    return _spelled([(each, grams.whole_piece) for text in (name, latin) if text for each in _name_orders(text)])


def _creator_readings(creator: Contributor | Name) -> list[Spelled]:
    """Return the spelled reading of a creator, or the likely ones where it has none."""
    if not creator.reading:
        return [_guessed_creator(creator.name)]
    read = _creator_reading(creator.reading)
    if creator.kana or not creator.latin.isascii():
        return [read]
    likely = _with_lengths(creator.reading, likely_names.readings_of_name(creator.name))
    return [read, _spelled_readings([(each, None) for each in likely])]


def _with_lengths(made: str, likely: Iterable[str]) -> list[str]:
    """Return the likely readings that differ from one made of a romanisation only in lengths of vowels, which it lacks
    if it has no macrons.
    """
    short = romaji.without_lengths(fold.strict(made))
    return [each for each in likely if romaji.without_lengths(each) == short]


@lru_cache(10_000)
def _creator_reading(kana: str) -> Spelled:
    return _spelled_readings([(fold.strict(each), grams.reading_piece) for each in _name_orders(kana)])


@lru_cache(10_000)
def _guessed_creator(name: str) -> Spelled:
    """Return the possible readings of a name without one, spelled; being guesses, they have no whole pieces."""
    return _spelled_readings([(each, None) for each in likely_names.readings_of_name(name)])


@lru_cache(1_000)
def _statement_reading(romaji: str) -> Spelled:
    """Return the spelled reading of a statement of responsibility in romaji, which may name creators that no field has;
    else nothing.
    """
    kana = romanised.kana_reading(romaji, romaji)
    return _spelled_readings([(fold.strict(kana), None)]) if kana else _NOTHING


def _name_orders(name: str) -> tuple[str, ...]:
    """Return a name, and its two parts in the other order: ``萩野, 正昭`` and ``正昭 萩野``. A name in more parts without a
    comma is no person's.
    """
    parts = name.split(", ") if "," in name else _PARTED.split(name)
    return (name, f"{parts[1]} {parts[0]}") if len(parts) == 2 else (name,)


def _joined(parts: list[Spelled]) -> Spelled:
    """Return several spelled texts as one."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return _NOTHING
    texts, wholes, loaned, loaned_wholes = zip(*parts, strict=True)
    return "".join(texts), " ".join(filter(None, wholes)), "".join(loaned), " ".join(filter(None, loaned_wholes))


def number_piece(text: str) -> str:
    """Return the piece of an ISBN: its ISBN-13 without the check digit; of another number its digits; else empty."""
    digits = text.replace("-", "")
    if len(digits) == 13 and digits.isascii() and digits.isdigit() and digits.startswith(("978", "979")):
        return f"{grams.START}{digits[:12]}"  # as nearly all are
    digits = _DASHES.sub("", unicodedata.normalize("NFKC", text).upper())
    found = _ISBN.search(digits)
    if found:
        return f"{grams.START}{found[1] or '978' + found[2]}"
    digits = _NO_NUMBER.sub("", digits)
    return f"{grams.START}{digits}" if digits else ""


def id_piece(source_id: str) -> str:
    """Return the piece of the number that a source gives a record; empty when there is none."""
    folded = fold.strict(source_id)
    return f"{grams.OTHER}{folded[: grams.WHOLE]}" if folded else ""
