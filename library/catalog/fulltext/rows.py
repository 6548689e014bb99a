"""The rows that a record has in the full text index: its texts, folded.

The kind of a row is a part of the record (its titles, its creators, its works and contents, the rest) and one of three
spellings: strict, loanwords folded, loose. Rows of loanwords hold only texts that have some, loose ones only texts that
differ from the strict. Readings have columns of their own, so that a word in kana can be looked for in written text
alone.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from library.catalog import spoken
from library.catalog.codes import accessible
from library.catalog.folding import fold, likely_names, loanwords, readings, romanised
from library.catalog.heading_names import Name
from library.catalog.records import JAPANESE, WORK, OtherTitle, Record, WithReading
from library.catalog.search import grams
from library.catalog.series import series

TITLE, AUTHOR, WORKS, REST = range(4)
LOANED, LOOSE = 4, 8  # added to these parts for rows of folded loanwords and of loose text
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
    {"title": TITLE, "author": AUTHOR, "contents": WORKS}.get(name.removesuffix("_read"), REST) for name in COLUMNS
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
Spelled = tuple[str, str, str, str, str, str]  # strict, loanwords folded, loose: of each the text and its other pieces
Pieces = dict[str, Callable[[str], str] | None]
_NOTHING: Spelled = ("", "", "", "", "", "")


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
    for at, (text, wholes, loaned, loaned_wholes, loose, loose_wholes) in _fields(record):
        if text:
            part = _PART_OF[at]
            found.setdefault(part, []).append((at, text, wholes))
            if loaned:
                kind = LOANED + (part if part <= AUTHOR else REST)
                found.setdefault(kind, []).append((at, loaned, loaned_wholes))
            if loose:
                found.setdefault(LOOSE + (part and REST), []).append((at, loose, loose_wholes))
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
        names = [_creator(each.name, each.latin, _in_romaji(each)) for each in creators]
        found.append((_AT["author"], _joined([*names, _repeated_text(record.author)] if record.author else names)))
        read = [
            _creator_reading(each.reading, not each.kana) if each.reading else _guessed_creator(each.name)
            for each in creators
        ]
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
        written = [_series(each.name, each.latin, each.number, _in_romaji(each)) for each in several]
        read = [_series_reading(each.reading, not each.kana) for each in several if each.reading]
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
        values += _reading_values(record.title_kana, grams.whole_piece)
    if record.subtitle or record.volume:
        values += [(record.subtitle, None), (record.volume, None)]
    if record.names:
        values += [
            (text, grams.other_title_piece)
            for each in record.names
            if each.kind != WORK
            for text in (each.name, each.latin, _in_romaji(each))
        ]
    return _spelled(values)


def _title_readings(record: Record) -> Spelled:
    """Return the spelled readings of titles; for a title without one, the readings that the list has for its words."""
    found = _reading_values(record.title_kana, grams.reading_piece) or _guessed_values(record.title)
    found += _reading_values(record.subtitle_kana, None) or _guessed_values(record.subtitle)
    found += _reading_values(record.volume_kana, None)
    made = found[:] if record.kana_source == spoken.ROMAJI else []
    others = [each for each in record.names if each.kind != WORK]
    return _spelled_readings(*_name_readings(others, grams.other_title_piece, found, made))


def _name_readings(
    names: list[OtherTitle], piece: Callable[[str], str], found: list[Value], made: list[Value]
) -> tuple[list[Value], list[Value]]:
    """Return ``found`` with the readings of these titles added, and ``made`` with those made from a romanisation."""
    for each in names:
        values = _reading_values(each.reading, piece)
        found += values or _guessed_values(each.name)
        made += [] if each.kana else values
    return found, made


def _contents(record: Record, works: list[OtherTitle]) -> Spelled:
    if not record.contents and not works:
        return _NOTHING
    values: list[Value] = [
        (text, grams.whole_piece) for each in works for text in (each.name, each.latin, _in_romaji(each))
    ]
    readings_of_works = _spelled_readings(*_name_readings(works, grams.reading_piece, [], []))
    return _joined([_spelled([*values, (record.contents, grams.whole_piece)]), readings_of_works])


def _in_romaji(each: WithReading | Name) -> str:
    """Return the reading of a name that is written in romaji only, so that kanji that are read so find it; empty for
    any other name.
    """
    return each.reading if each.name == each.latin else ""


def _reading_values(kana: str, piece: Callable[[str], str] | None) -> list[Value]:
    return [(reading, piece) for reading in fold.readings(kana)] if kana else []


def _guessed_values(text: str) -> list[Value]:
    """Return the possible readings of a text that has none; being guesses, they have no whole piece."""
    return [(reading, None) for reading in readings.guess_readings(text)]


def _spelled(values: Iterable[Value]) -> Spelled:
    """Return values in all three spellings, the mark of its end after each."""
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
    text, wholes, loose, loose_wholes = _pieces(strict)
    if not loaned:
        return text, wholes + words, "", "", loose, loose_wholes
    loaned_text = _END.join(loaned) + _END
    return text, wholes + words, loaned_text, _whole_pieces(loaned, loaned_text), loose, loose_wholes


def _spelled_readings(readings: Iterable[Value], made: Iterable[Value] = ()) -> Spelled:
    """Return spelled readings, which are folded already. Those ``made`` from a romanisation also have a loose spelling
    without vowel lengths: many romanisations lack them.
    """
    strict: Pieces = {}
    for reading, piece in readings:
        strict.setdefault(reading, piece)
    if not strict:
        return _NOTHING
    short: Pieces = {fold.without_lengths(reading): piece for reading, piece in made}
    text, wholes, loose, loose_wholes = _pieces(strict, short)
    return text, wholes, "", "", loose, loose_wholes


def _pieces(strict: Pieces, short: Pieces | None = None) -> tuple[str, str, str, str]:
    """Return (text, other pieces) of the strict values, and (text, other pieces) of the loose values that differ and
    the ``short`` ones.
    """
    text = _END.join(strict) + _END
    loosened = fold.loosen(text)
    if loosened == text and not short:
        return text, _whole_pieces(strict, text), "", ""
    pairs = zip(strict.items(), loosened.split(_END), strict=False)
    loose = {each: piece for (value, piece), each in pairs if each and each != value}
    loose |= {each: piece for each, piece in (short or {}).items() if each and each not in strict}
    if not loose:
        return text, _whole_pieces(strict, text), "", ""
    return text, _whole_pieces(strict, text), _END.join(loose) + _END, _whole_pieces(loose)


def _whole_pieces(values: Pieces, text: str = "") -> str:
    """Return the whole pieces of values, and the pieces of the single letters of a text."""
    found = [piece(value) for value, piece in values.items() if piece]
    return " ".join([*found, grams.single_letter_pieces(text)] if text else found)


@lru_cache(10_000)
def _repeated_text(text: str) -> Spelled:
    """Return one text spelled that many titles have: a publisher, a subject, a statement of responsibility."""
    return _spelled([(text, grams.whole_piece)])


@lru_cache(10_000)
def _repeated_reading(kana: str) -> Spelled:
    return _spelled_readings([(fold.strict(kana), grams.reading_piece)])


@lru_cache(10_000)
def _series(name: str, latin: str, number: str, romaji: str) -> Spelled:
    return _spelled(
        [
            (name, grams.other_title_piece),
            (latin, grams.other_title_piece),
            (romaji, grams.other_title_piece),
            (number, None),
        ]
    )


@lru_cache(10_000)
def _series_reading(kana: str, is_made: bool) -> Spelled:
    found = _reading_values(kana, grams.other_title_piece)
    return _spelled_readings(found, found if is_made else ())


@lru_cache(10_000)
def _creator(name: str, latin: str, romaji: str) -> Spelled:
    return _spelled(
        [(each, grams.whole_piece) for text in (name, latin, romaji) if text for each in _name_orders(text)]
    )


@lru_cache(10_000)
def _creator_reading(kana: str, is_made: bool) -> Spelled:
    found: list[Value] = [(fold.strict(each), grams.reading_piece) for each in _name_orders(kana)]
    return _spelled_readings(found, found if is_made else ())


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
    return _spelled_readings(*[[(fold.strict(kana), None)]] * 2) if kana else _NOTHING


def _name_orders(name: str) -> tuple[str, str]:
    """Return a name and its parts in the other order: ``萩野, 正昭`` and ``正昭 萩野``; for a name in one part,
    itself twice.
    """
    parts = _PARTED.split(name, maxsplit=1) if "," in name else _PARTED.split(name)
    return name, f"{parts[-1]} {''.join(parts[:-1])}" if len(parts) > 1 else name


def _joined(parts: list[Spelled]) -> Spelled:
    """Return several spelled texts as one."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return _NOTHING
    columns = list(zip(*parts, strict=True))
    texts, wholes = (
        ["".join(columns[at]) for at in (0, 2, 4)],
        [" ".join(filter(None, columns[at])) for at in (1, 3, 5)],
    )
    return texts[0], wholes[0], texts[1], wholes[1], texts[2], wholes[2]


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
