"""The rows that a record has in the full text index: its texts folded, in the ways in which they are looked for.

A row is of one kind: a part of the record (its own titles, its people, its works and contents, the rest) in one way of spelling:
strict, foreign words folded, or loose. The second holds only texts with foreign words, the last what differs from strict. Readings have columns of their own, so that
a word in kana can be looked for in what is shown alone.
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
LOANED, LOOSE = 4, 8  # what is added to these for foreign words folded and for loose text
KINDS = 16  # room for kinds of rows: the number of a row is that of its title times this, and its kind
COLUMNS = (
    "title", "title_read", "author", "author_read", "publisher", "publisher_read", "subject", "subject_read", "series", "series_read",
    "contents", "note", "isbn",
)  # fmt: skip
SHOWN = tuple(name for name in COLUMNS if not name.endswith("_read") and name != "isbn")
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
)  # of an extent, what people type beside a title
_NO_NUMBER = re.compile("[^0-9X]")

Cell = tuple[int, str, str]  # of a row: the number of its column, a text, and its other pieces
Value = tuple[str, Callable[[str], str] | None]  # a text as it is written, and what makes a piece of it as a whole
Spelled = tuple[
    str, str, str, str, str, str
]  # strict, foreign words folded, loose: of each the text and its other pieces
Pieces = dict[str, Callable[[str], str] | None]
_NOTHING: Spelled = ("", "", "", "", "", "")


def draw_up(made: list[Record]) -> None:
    """Find out what is to be written of these records; many at once are quicker."""
    fresh = [(record, _outlined(record)) for record in made if record.pieces is None]
    if not fresh:
        return
    pieces = iter(grams.of_all([text for _, rows in fresh for _, cells in rows for _, text, _ in cells if text]))
    for record, rows in fresh:
        record.pieces = [(kind, *_columns(cells, pieces)) for kind, cells in rows]


def _columns(cells: list[Cell], pieces: Iterator[str]) -> list[str]:
    """Return the columns of a row; ``pieces`` yields those of each text."""
    columns = _EMPTY.copy()
    for at, text, wholes in cells:
        columns[at] = f"{next(pieces)} {wholes}" if text else wholes
    return columns


def _outlined(record: Record) -> list[tuple[int, list[Cell]]]:
    """Return the rows of a record in the order of their kinds, their texts not yet cut into pieces."""
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
    """Return the number of each column that may have a text, and this."""
    found = [(_AT["title"], _titles(record)), (_AT["title_read"], _title_readings(record))]
    people = [
        *record.contributors,
        *(name for person in record.contributors for name in person.also),
    ]  # any name finds all
    if people or record.author:
        names = [_person(person.name, person.latin, _romaji(person)) for person in people]
        found.append((_AT["author"], _joined([*names, _shared(record.author)] if record.author else names)))
        read = [
            _read_person(person.reading, not person.kana) if person.reading else _guessed_person(person.name)
            for person in people
        ]
        if record.author and record.language == JAPANESE:
            read.append(_read_statement(record.author))
        found.append((_AT["author_read"], _joined(read)))
    if record.publisher:
        found.append((_AT["publisher"], _shared(record.publisher)))
    if record.publisher_kana:
        found.append((_AT["publisher_read"], _shared_reading(record.publisher_kana)))
    if subjects := [*record.subjects, *record.subject_words, *record.romanised_subjects()]:  # any word finds all
        found.append((_AT["subject"], _joined([_shared(heading) for heading, _ in subjects])))
        found.append((_AT["subject_read"], _joined([_shared_reading(kana) for _, kana in subjects if kana])))
    if record.series or record.in_series:
        several = series.all_of(record)
        found.append(
            (_AT["series"], _joined([_series(each.name, each.latin, each.number, _romaji(each)) for each in several]))
        )
        found.append(
            (
                _AT["series_read"],
                _joined([_read_series(each.reading, not each.kana) for each in several if each.reading]),
            )
        )
    if record.contents or record.names:
        found.append((_AT["contents"], _contents(record, [each for each in record.names if each.kind == WORK])))
    media = _MEDIA.findall(record.extent)
    if record.note or record.accessibility or record.formats or media:
        formats = " ".join([*map(accessible.words, accessible.codes(record.formats)), *media])
        notes = (record.note, record.accessibility, formats)
        found.append((_AT["note"], _spelled([(text, grams.whole) for text in notes])))
    return found


def _titles(record: Record) -> Spelled:
    """Spell titles. What belongs to a title without being one is no whole piece; another title is one of its own kind."""
    values: list[Value] = [(record.title, grams.whole)]
    if record.title_latin:
        values.append((record.title_latin, grams.whole))
    elif record.kana_source == spoken.ROMAJI:
        values += _read(record.title_kana, grams.whole)
    if record.subtitle or record.volume:
        values += [(record.subtitle, None), (record.volume, None)]
    if record.names:
        values += [
            (text, grams.other)
            for each in record.names
            if each.kind != WORK
            for text in (each.name, each.latin, _romaji(each))
        ]
    return _spelled(values)


def _title_readings(record: Record) -> Spelled:
    """Spell the readings of titles; where the record says none, those that the list of readings has for the words of the title."""
    found = _read(record.title_kana, grams.read) or _guessed(record.title)
    found += _read(record.subtitle_kana, None) or _guessed(record.subtitle)
    found += _read(record.volume_kana, None)
    made = found[:] if record.kana_source == spoken.ROMAJI else []
    others = [each for each in record.names if each.kind != WORK]
    return _spelled_readings(*_of_names(others, grams.other, found, made))


def _of_names(
    names: list[OtherTitle], piece: Callable[[str], str], found: list[Value], made: list[Value]
) -> tuple[list[Value], list[Value]]:
    """Return readings that are ``found`` with those of these titles, and of these the ones that were ``made`` of romanisations."""
    for each in names:
        values = _read(each.reading, piece)
        found += values or _guessed(each.name)
        made += [] if each.kana else values
    return found, made


def _contents(record: Record, works: list[OtherTitle]) -> Spelled:
    if not record.contents and not works:
        return _NOTHING
    values: list[Value] = [(text, grams.whole) for each in works for text in (each.name, each.latin, _romaji(each))]
    readings_of_works = _spelled_readings(*_of_names(works, grams.read, [], []))
    return _joined([_spelled([*values, (record.contents, grams.whole)]), readings_of_works])


def _romaji(each: WithReading | Name) -> str:
    """Return the reading of a name that is shown in romaji: it stands for what is shown, so that kanji which are read so find it."""
    return each.reading if each.name == each.latin else ""


def _read(kana: str, piece: Callable[[str], str] | None) -> list[Value]:
    return [(reading, piece) for reading in fold.readings(kana)] if kana else []


def _guessed(text: str) -> list[Value]:
    """Return how a text without a reading may be read; being a guess, it is no whole piece."""
    return [(reading, None) for reading in readings.of_text(text)]


def _spelled(values: Iterable[Value]) -> Spelled:
    """Spell values in all ways. Each has the mark of its end after it."""
    strict: Pieces = {}
    loaned: Pieces = {}
    words = ""
    for text, piece in values:
        if text and (folded := fold.strict(text)):
            strict.setdefault(folded, piece)
            if (latin := grams.words(text)) and latin not in words:
                words += f" {latin}"
            for key in loanwords.keys(text):
                loaned.setdefault(key, piece)
    if not strict:
        return _NOTHING
    text, wholes, loose, loose_wholes = _pieces(strict)
    if not loaned:
        return text, wholes + words, "", "", loose, loose_wholes
    loaned_text = _END.join(loaned) + _END
    return text, wholes + words, loaned_text, _wholes(loaned, loaned_text), loose, loose_wholes


def _spelled_readings(readings: Iterable[Value], made: Iterable[Value] = ()) -> Spelled:
    """Spell readings, which are folded already. Those that were ``made`` of a romanisation are loose without the lengths of their vowels, too:
    many romanisations don't say them.
    """
    strict: Pieces = {}
    for reading, piece in readings:
        strict.setdefault(reading, piece)
    if not strict:
        return _NOTHING
    short: Pieces = {fold.short(reading): piece for reading, piece in made}
    text, wholes, loose, loose_wholes = _pieces(strict, short)
    return text, wholes, "", "", loose, loose_wholes


def _pieces(strict: Pieces, short: Pieces | None = None) -> tuple[str, str, str, str]:
    """Return strict values as one text, and their other pieces; of the loose values that differ, and of ``short`` ones, the same."""
    text = _END.join(strict) + _END
    loosened = fold.loosened(text)
    if loosened == text and not short:
        return text, _wholes(strict, text), "", ""
    pairs = zip(strict.items(), loosened.split(_END), strict=False)
    loose = {each: piece for (value, piece), each in pairs if each and each != value}
    loose |= {each: piece for each, piece in (short or {}).items() if each and each not in strict}
    if not loose:
        return text, _wholes(strict, text), "", ""
    return text, _wholes(strict, text), _END.join(loose) + _END, _wholes(loose)


def _wholes(values: Pieces, text: str = "") -> str:
    """Return the pieces of values as a whole, and those of the single letters of a text."""
    found = [piece(value) for value, piece in values.items() if piece]
    return " ".join([*found, grams.alone(text)] if text else found)


@lru_cache(10_000)
def _shared(text: str) -> Spelled:
    """Spell one text that many titles have: publishers, subjects, statements of authors."""
    return _spelled([(text, grams.whole)])


@lru_cache(10_000)
def _shared_reading(kana: str) -> Spelled:
    return _spelled_readings([(fold.strict(kana), grams.read)])


@lru_cache(10_000)
def _series(name: str, latin: str, number: str, romaji: str) -> Spelled:
    return _spelled([(name, grams.other), (latin, grams.other), (romaji, grams.other), (number, None)])


@lru_cache(10_000)
def _read_series(kana: str, is_made: bool) -> Spelled:
    found = _read(kana, grams.other)
    return _spelled_readings(found, found if is_made else ())


@lru_cache(10_000)
def _person(name: str, latin: str, romaji: str) -> Spelled:
    return _spelled([(each, grams.whole) for text in (name, latin, romaji) if text for each in _both_orders(text)])


@lru_cache(10_000)
def _read_person(kana: str, is_made: bool) -> Spelled:
    found: list[Value] = [(fold.strict(each), grams.read) for each in _both_orders(kana)]
    return _spelled_readings(found, found if is_made else ())


@lru_cache(10_000)
def _guessed_person(name: str) -> Spelled:
    """Spell how a name without a reading may be read; being guesses, these are no whole pieces."""
    return _spelled_readings([(each, None) for each in likely_names.of_name(name)])


@lru_cache(1_000)
def _read_statement(romaji: str) -> Spelled:
    """Spell the reading of a statement of authors in romaji, which names people that no field does; nothing for any other."""
    kana = romanised.reading(romaji, romaji)
    return _spelled_readings(*[[(fold.strict(kana), None)]] * 2) if kana else _NOTHING


def _both_orders(name: str) -> tuple[str, str]:
    """Return 萩野, 正昭 and 正昭 萩野 for ``萩野, 正昭``; for a name that is not parted only itself."""
    parts = _PARTED.split(name, maxsplit=1) if "," in name else _PARTED.split(name)
    return name, f"{parts[-1]} {''.join(parts[:-1])}" if len(parts) > 1 else name


def _joined(parts: list[Spelled]) -> Spelled:
    """Join several spelled texts to one."""
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
    """Return the piece of an ISBN in whatever spelling: its digits as an ISBN-13 has them, without the one that checks them."""
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
    """Return the piece of the number that a source gives a record."""
    folded = fold.strict(source_id)
    return f"{grams.OTHER}{folded[: grams.WHOLE]}" if folded else ""
