"""The full text index: texts derived of titles so that they are found. It can be made anew from what is stored.

A title has three rows of strict text (its own words, its authors, the rest), and two of the loose text that differs (its own,
all else). The number of a row is eight times that of the title plus its kind, so that one look-up tells what was found
where. Every rule that writes titles or copies calls this, in the same transaction.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from types import ModuleType

import numpy as np

from library.catalog import records
from library.catalog.folding import fold
from library.catalog.records import Record
from library.catalog.search import fts5, gin, grams, shelf_order
from library.store import database, engine
from models import Title

Spelled = tuple[str, str, str, str]  # text, its whole pieces, the loose text that differs, its whole pieces
KINDS = 8  # room for kinds of rows; those of loose text are LOOSE higher
TITLE, AUTHOR, REST, LOOSE = 0, 1, 2, 4
BATCH = 200  # titles that a rebuild puts in at a time
_END = grams.END
_NOTHING: Spelled = ("", "", "", "")
_title_id = itemgetter(0)
# the empty columns of each kind of row
_AFTER_TITLE, _BEFORE_AUTHOR, _AFTER_AUTHOR, _BEFORE_REST = ("",) * 6, ("",), ("",) * 5, ("",) * 2
_PARTED = re.compile(r"[\s,、・]+")
_DASHES = re.compile(r"[-\s‐‑‒–—―−ー]+")
_ISBN = re.compile("(?<![0-9])(?:(97[89][0-9]{9})[0-9]|([0-9]{9})[0-9X])(?![0-9])")
_NO_NUMBER = re.compile("[^0-9X]")


def put(pairs: list[tuple[int, Record]]) -> None:
    """Write what is derived of these (title id, record), inside the caller's transaction; what was there is replaced."""
    if not pairs:
        return
    pairs = sorted(pairs, key=_title_id)  # a row that comes after a higher one makes the index begin a new part
    draw_up([record for _, record in pairs])
    _forget([title_id for title_id, _ in pairs])
    rows = [(title_id * KINDS + kind, *columns) for title_id, record in pairs for kind, columns in record.pieces or ()]
    _full_text().put(rows)
    _bump()


def draw_up(made: list[Record]) -> None:
    """Find out what is to be written of these records, as ``put`` does where nobody did before; many at once are quicker."""
    fresh = [(record, *_outlined(record)) for record in made if record.pieces is None]
    if not fresh:
        return
    pieces = iter(grams.of_all([text for _, _, texts in fresh for text in texts]))
    for record, rows, _ in fresh:
        record.pieces = [
            (kind, [*before, *[f"{next(pieces)} {whole}" for whole in wholes], *after])
            for kind, before, wholes, after in rows
        ]


def _outlined(record: Record) -> tuple[list[tuple], list[str]]:
    """Return the rows of a record without their pieces, and the texts to be cut into those, in order: one for each whole."""
    numbers = " ".join([number_piece(text) for text in record.isbns])
    titles, authors, rest = _titles(record), _authors(record), _rest(record)
    rows = [
        (TITLE, (), titles[1:2], _AFTER_TITLE),
        (AUTHOR, _BEFORE_AUTHOR, authors[1:2], _AFTER_AUTHOR),
        (REST, _BEFORE_REST, [column[1] for column in rest], (numbers,)),
    ]
    texts = [titles[0], authors[0], *[column[0] for column in rest]]
    if titles[2]:
        rows.append((LOOSE + TITLE, (), titles[3:], _AFTER_TITLE))
        texts.append(titles[2])
    loose = (authors[2], *[column[2] for column in rest])
    if any(loose):
        rows.append((LOOSE + REST, _BEFORE_AUTHOR, ("",) * 5, ("",)))
        texts += loose
    return rows, texts


def _spelled(values: Iterable[str], readings: Iterable[str] = ()) -> Spelled:
    """Return folded values, each with the mark of its end, and their pieces as a whole and of single letters; then the loose forms that
    differ, and their whole pieces.
    """
    pieces = dict.fromkeys(filter(None, values), grams.whole)
    for reading in readings:
        pieces.setdefault(reading, grams.read)
    if not pieces:
        return _NOTHING
    text = _END.join(pieces) + _END
    wholes = " ".join([*[piece(value) for value, piece in pieces.items()], grams.alone(text)])
    loosened = fold.loosened(text)
    if loosened == text:
        return text, wholes, "", ""
    pairs = zip(pieces.items(), loosened.split(_END), strict=False)
    loose = [(each, piece) for (value, piece), each in pairs if each and each != value]
    return text, wholes, _END.join([each for each, _ in loose]) + _END, " ".join([piece(each) for each, piece in loose])


@lru_cache(10_000)
def _shared(text: str) -> Spelled:
    """Spell one text that many titles have: publishers, subjects, statements of authors."""
    return _spelled([fold.strict(text)])


def _joined(parts: list[Spelled]) -> Spelled:
    """Join several spelled texts to one."""
    if len(parts) == 1:
        return parts[0]
    texts, wholes, loose, loose_wholes = zip(*parts, strict=True) if parts else _NOTHING
    return "".join(texts), " ".join(wholes), "".join(loose), " ".join(loose_wholes)


def _titles(record: Record) -> Spelled:
    """Return titles in all their spellings. Other titles are whole pieces as readings are: after the title itself where both are
    what was typed. What belongs to a title without being one is no whole piece.
    """
    titles = [fold.strict(record.title)]
    if record.title_latin:
        titles.append(fold.strict(record.title_latin))
    spelled = _spelled(titles, [*fold.readings(record.title_kana), *_other_titles(record)])
    if not record.subtitle and not record.volume:
        return spelled
    more = _spelled([
        fold.strict(record.subtitle), *fold.readings(record.subtitle_kana),
        fold.strict(record.volume), *fold.readings(record.volume_kana),
    ])  # fmt: skip
    return spelled[0] + more[0], f"{spelled[1]} {grams.alone(more[0])}", spelled[2] + more[2], spelled[3]


def _other_titles(record: Record) -> Iterator[str]:
    for each in record.names:
        yield from filter(None, (fold.strict(each.name), fold.strict(each.latin)))
        yield from fold.readings(each.kana)


def _authors(record: Record) -> Spelled:
    """Return the names of the people in all spellings, and the statement as it is shown: it may name others, or them otherwise."""
    people = [_person(person.name, person.kana, person.latin) for person in record.contributors]
    if record.author:
        people.append(_shared(record.author))
    return _joined(people)


@lru_cache(10_000)
def _person(name: str, kana: str, latin: str) -> Spelled:
    return _spelled([each for text in (name, kana, latin) if text for each in _both_orders(text)])


def _both_orders(name: str) -> tuple[str, str]:
    """Return 萩野正昭 and 正昭萩野 for ``萩野, 正昭``; for a name that is not parted only itself."""
    parts = _PARTED.split(name, maxsplit=1) if "," in name else _PARTED.split(name)
    return fold.strict(name), fold.strict(parts[-1]) + fold.strict("".join(parts[:-1]))


def _rest(record: Record) -> tuple[Spelled, Spelled, Spelled, Spelled]:
    subjects = [_shared(text) for pair in record.subjects for text in pair if text]
    series, notes = _NOTHING, _NOTHING
    if record.series:
        series = _spelled([fold.strict(record.series), *fold.readings(record.series_kana)])
    if record.note or record.contents:
        notes = _spelled([fold.strict(record.note), fold.strict(record.contents)])
    publishers = [_shared(text) for text in (record.publisher, record.publisher_kana) if text]
    return _joined(publishers), _joined(subjects), series, notes


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


def remove(title_ids: Sequence[int]) -> None:
    """Forget these titles, inside the transaction in which they go."""
    _forget(title_ids)
    _bump()


def _forget(title_ids: Sequence[int]) -> None:
    _full_text().forget([title_id * KINDS + kind for title_id in title_ids for kind in range(KINDS)])


def refresh(title_ids: Iterable[int]) -> None:
    """Write anew what is derived of titles that are stored, inside the caller's transaction; forget those that are not."""
    title_ids = list(title_ids)
    found = records.load(title_ids)
    put(list(found.items()))
    if gone := [title_id for title_id in title_ids if title_id not in found]:
        remove(gone)


def items_changed() -> None:
    """Have counts made anew: copies were added, changed or withdrawn in this transaction."""
    _bump()


def _bump() -> None:
    engine.run("UPDATE search_state SET version = version + 1").close()


def version() -> int:
    """Return the version, which is another one after each change of what may be found."""
    return engine.run("SELECT version FROM search_state").fetchone()[0]


def is_complete() -> bool:
    """Tell whether every title is in the index; if not, ``rebuild`` goes on where it stopped."""
    return engine.run("SELECT indexed_to FROM search_state").fetchone()[0] < 0


def rebuild(progress: Callable[[int, int], object] | None = None) -> None:
    """Put in all titles anew, a batch a transaction; after an interruption it goes on. ``progress(done, of)``."""
    with database.writing():
        if is_complete():
            _full_text().empty()
            _mark(0)
    total = Title.select().count()
    done = Title.select().where(Title.id <= _reached()).count()
    for ids in records.every_id(BATCH, after=_reached()):
        with database.writing():
            refresh(ids)
            shelf_order.keep(ids)
            _mark(ids[-1])
        database.give_way()
        done += len(ids)
        if progress:
            progress(done, total)
    with database.writing():
        _mark(-1)
    settle()


def _reached() -> int:
    return max(0, engine.run("SELECT indexed_to FROM search_state").fetchone()[0])


def _mark(title_id: int) -> None:
    engine.run("UPDATE search_state SET indexed_to = ?, version = version + 1", (title_id,)).close()


def settle() -> None:
    """Tidy up what many writes left, in short transactions between which others can write. After an import."""
    _full_text().settle()


# -- what each engine has in its own way -------------------------------------------------------------------------------
def _full_text() -> ModuleType:
    return gin if engine.is_server() else fts5


def found(match: str) -> np.ndarray:
    """Return the numbers of the rows that a query of ``grams`` finds."""
    return _full_text().found(match)


def first_found(match: str, most: int) -> list[int]:
    """Return the lowest of these numbers, so many at most."""
    return _full_text().first_found(match, most)
