"""The rows that a record has in the full text index: its texts folded, in the ways in which they are looked for.

A row is of one kind: a part of the record (its own titles, its people, its works and contents, the rest) in one way of spelling:
strict, foreign words folded, or loose. The second holds only texts with foreign words, the last what differs from strict. Readings have columns of their own, so that
a word in kana can be looked for in what is shown alone.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from library.catalog import series
from library.catalog.folding import fold, loanwords
from library.catalog.records import Record
from library.catalog.search import grams

TITLE, AUTHOR, WORKS, REST = range(4)
LOANED, LOOSE = 4, 8  # what is added to these for foreign words folded and for loose text
KINDS = 16  # room for kinds of rows: the number of a row is that of its title times this, and its kind
COLUMNS = (
    "title", "title_read", "author", "author_read", "publisher", "publisher_read", "subject", "subject_read", "series", "series_read",
    "contents", "note", "isbn",
)  # fmt: skip
SHOWN = tuple(name for name in COLUMNS if not name.endswith("_read") and name != "isbn")
WORK = "収録作品"  # a kind of other title
_AT = {name: place for place, name in enumerate(COLUMNS)}
_PARTS = {"title": TITLE, "author": AUTHOR, "contents": WORKS}
_END = grams.END
_PARTED = re.compile(r"[\s,、・]+")
_DASHES = re.compile(r"[-\s‐‑‒–—―−ー]+")
_ISBN = re.compile("(?<![0-9])(?:(97[89][0-9]{9})[0-9]|([0-9]{9})[0-9X])(?![0-9])")
_NO_NUMBER = re.compile("[^0-9X]")

Value = tuple[str, Callable[[str], str] | None]  # a text as it is written, and what makes a piece of it as a whole
Spelled = tuple[
    str, str, str, str, str, str
]  # strict, foreign words folded, loose: of each the text and its other pieces
Row = tuple[int, list[str]]  # kind, columns
_NOTHING: Spelled = ("", "", "", "", "", "")


def draw_up(made: list[Record]) -> None:
    """Find out what is to be written of these records; many at once are quicker."""
    fresh = [(record, *_outlined(record)) for record in made if record.pieces is None]
    if not fresh:
        return
    pieces = iter(grams.of_all([text for _, _, texts in fresh for text in texts]))
    for record, outlined, _ in fresh:
        record.pieces = []
        for kind, wholes in outlined:
            columns = [""] * len(COLUMNS)
            for at, whole in wholes:
                columns[at] = f"{next(pieces)} {whole}" if at != _AT["isbn"] else whole
            record.pieces.append((kind, columns))


def _outlined(record: Record) -> tuple[list[tuple[int, list[tuple[int, str]]]], list[str]]:
    """Return the rows of a record (kind, column and other pieces of each text), and the texts to be cut into pieces, in the same order."""
    found: dict[int, list[tuple[int, str, str]]] = {}
    for name, spelled in _fields(record):
        at, part = _AT[name], _PARTS.get(name.removesuffix("_read"), REST)
        text, wholes, loaned, loaned_wholes, loose, loose_wholes = spelled
        found.setdefault(part, []).append((at, text, wholes))
        if loaned:
            found.setdefault(LOANED + (part if part in (TITLE, AUTHOR) else REST), []).append(
                (at, loaned, loaned_wholes)
            )
        if loose:
            found.setdefault(LOOSE + (part if part == TITLE else REST), []).append((at, loose, loose_wholes))
    if numbers := " ".join(filter(None, (*map(number_piece, record.isbns), id_piece(record.source_id)))):
        found.setdefault(REST, []).append((_AT["isbn"], "", numbers))
    kinds = sorted(found)
    rows = [(kind, [(at, wholes) for at, _, wholes in found[kind]]) for kind in kinds]
    return rows, [text for kind in kinds for at, text, _ in found[kind] if at != _AT["isbn"]]


def _fields(record: Record) -> Iterator[tuple[str, Spelled]]:
    """Yield the texts of each column that has any."""
    works = [each for each in record.names if each.kind == WORK]
    others = [each for each in record.names if each.kind != WORK]
    values: list[Value] = [
        (record.title, grams.whole),
        (record.title_latin, grams.whole),
        (record.subtitle, None),
        (record.volume, None),
    ]
    values += [(text, grams.other) for each in others for text in (each.name, each.latin)]
    readings = [
        *_read(record.title_kana, grams.read),
        *_read(record.subtitle_kana, None),
        *_read(record.volume_kana, None),
    ]
    readings += [value for each in others for value in _read(each.kana, grams.other)]
    people = [_person(person.name, person.latin) for person in record.contributors]
    if record.author:
        people.append(_shared(record.author))
    found = {
        "title": _spelled(values),
        "title_read": _spelled_readings(readings),
        "author": _joined(people),
        "author_read": _joined([_read_person(person.kana) for person in record.contributors if person.kana]),
        "publisher": _shared(record.publisher),
        "publisher_read": _shared_reading(record.publisher_kana),
        "subject": _joined([_shared(heading) for heading, _ in record.subjects]),
        "subject_read": _joined([_shared_reading(kana) for _, kana in record.subjects if kana]),
        "series": _joined([_series(each.name, each.latin, each.number) for each in series.all_of(record)]),
        "series_read": _joined([_read_series(each.kana) for each in series.all_of(record) if each.kana]),
        "contents": _contents(record, works),
        "note": _spelled([(record.note, grams.whole)]),
    }
    yield from ((name, spelled) for name, spelled in found.items() if spelled[0])


def _contents(record: Record, works: list) -> Spelled:
    if not record.contents and not works:
        return _NOTHING
    values: list[Value] = [(text, grams.whole) for each in works for text in (each.name, each.latin)]
    read = [value for each in works for value in _read(each.kana, grams.read)]
    return _joined([_spelled([*values, (record.contents, grams.whole)]), _spelled_readings(read)])


def _read(kana: str, piece: Callable[[str], str] | None) -> list[Value]:
    return [(reading, piece) for reading in fold.readings(kana)] if kana else []


def _spelled(values: Iterable[Value]) -> Spelled:
    """Spell values in all ways. Each has the mark of its end after it."""
    strict: dict[str, Callable[[str], str] | None] = {}
    loaned: dict[str, Callable[[str], str] | None] = {}
    latin = []
    for text, piece in values:
        if text and (folded := fold.strict(text)):
            strict.setdefault(folded, piece)
            latin.append(grams.words(text))
            for key in loanwords.keys(text):
                loaned.setdefault(key, piece)
    if not strict:
        return _NOTHING
    text, wholes, loose, loose_wholes = _pieces(strict)
    words = " ".join(filter(None, latin))
    loaned_text = _END.join(loaned) + _END if loaned else ""
    return (
        text,
        f"{wholes} {words}" if words else wholes,
        loaned_text,
        _wholes(loaned, loaned_text),
        loose,
        loose_wholes,
    )


def _spelled_readings(readings: Iterable[Value]) -> Spelled:
    """Spell readings, which are folded already."""
    strict: dict[str, Callable[[str], str] | None] = {}
    for reading, piece in readings:
        strict.setdefault(reading, piece)
    if not strict:
        return _NOTHING
    text, wholes, loose, loose_wholes = _pieces(strict)
    return text, wholes, "", "", loose, loose_wholes


def _pieces(strict: dict[str, Callable[[str], str] | None]) -> tuple[str, str, str, str]:
    """Return strict values as one text, and their other pieces; of the loose values that differ the same."""
    text = _END.join(strict) + _END
    loosened = fold.loosened(text)
    if loosened == text:
        return text, _wholes(strict, text), "", ""
    pairs = zip(strict.items(), loosened.split(_END), strict=False)
    loose = {each: piece for (value, piece), each in pairs if each and each != value}
    return text, _wholes(strict, text), _END.join(loose) + _END, _wholes(loose)


def _wholes(values: dict[str, Callable[[str], str] | None], text: str = "") -> str:
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
def _series(name: str, latin: str, number: str) -> Spelled:
    return _spelled([(name, grams.other), (latin, grams.other), (number, None)])


@lru_cache(10_000)
def _read_series(kana: str) -> Spelled:
    return _spelled_readings(_read(kana, grams.other))


@lru_cache(10_000)
def _person(name: str, latin: str) -> Spelled:
    return _spelled([(each, grams.whole) for text in (name, latin) if text for each in _both_orders(text)])


@lru_cache(10_000)
def _read_person(kana: str) -> Spelled:
    return _spelled_readings([(fold.strict(each), grams.read) for each in _both_orders(kana)])


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
