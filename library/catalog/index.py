"""The full text index: what is derived of titles so that they are found. It can be made anew from what is stored.

A title has up to three rows of strict text (its own words, its authors, the rest), and one of loose text for each of these
that differs. The number of a row is eight times that of the title plus its kind, so that one look-up tells what was found
where. Whoever writes titles or copies says so here, in the same transaction.
"""

import re
from functools import lru_cache

from library import database
from library.catalog import fold, grams, isbn, records
from models import Title
from models import database as connection

KINDS = 8  # room for kinds of rows; those of loose text are LOOSE higher
TITLE, AUTHOR, REST, LOOSE = 0, 1, 2, 4
BATCH = 500
SETTLED = 300  # pages of the index that are merged in one transaction, about 0.1 s
_START, _END = grams.START, grams.END
_INSERT = (
    "INSERT INTO search (rowid, title, author, publisher, subject, series, note, isbn) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_PARTS = re.compile("[,、]| (?=[^ ])|・")
_NO_NUMBER = re.compile("[^0-9X]")
_strict = lru_cache(10_000)(fold.strict)  # of what many titles share


def put(pairs: list):
    """Write what is derived of these (title id, record), inside the caller's transaction; what was there is replaced."""
    if not pairs:
        return
    _forget([title_id for title_id, _ in pairs])
    rows, texts = [], []
    for title_id, record in pairs:
        kept = _columns(record)
        rows.append((title_id, [len(columns) for columns in kept], _numbers(record)))
        for columns in kept:
            texts += columns
    _insert(rows, grams.of_all(texts))
    _bump()


def _columns(record):
    """The strict texts of the title, of its authors, and of the rest (publisher, subjects, series, notes), then loose ones."""
    strict = [[_titles(record)], [_authors(record)], _rest(record)]
    return strict + [[_loose(text) for text in columns] for columns in strict]


def _insert(rows, pieces):
    made, place = [], 0
    for title_id, sizes, numbers in rows:
        for kind, size in zip((TITLE, AUTHOR, REST, LOOSE, LOOSE + AUTHOR, LOOSE + REST), sizes, strict=True):
            columns = pieces[place : place + size]
            place += size
            if kind == REST or any(columns):
                before = ("",) * (kind % LOOSE)
                after = ("",) * (6 - len(before) - size)
                made.append((title_id * KINDS + kind, *before, *columns, *after, numbers if kind == REST else ""))
    connection.obj.cursor().executemany(_INSERT, made)


def _value(folded):
    return f"{_START}{folded}{_END}" if folded else ""


def _titles(record):
    """Titles in all their spellings; what belongs to a title without being one has no start."""
    strict = fold.strict
    texts = [strict(record.title), *fold.readings(record.title_kana)]
    if record.title_latin:
        texts.append(strict(record.title_latin))
    text = "".join([f"{_START}{each}{_END}" for each in dict.fromkeys(texts) if each])
    if record.subtitle:
        text += "".join([each + _END for each in (strict(record.subtitle), *fold.readings(record.subtitle_kana))])
    return text + _strict(record.volume) + _END if record.volume else text


def _authors(record):
    people = [_person(person.name, person.kana, person.latin) for person in record.contributors]
    text = "".join(dict.fromkeys(people))
    return text if _names_no_other(record) else text + _strict(record.author) + _END


def _names_no_other(record):
    """Whether the statement of authors has nobody who is not among the contributors."""
    left = _strict(record.author)
    for person in record.contributors:
        left = left.replace(_strict(person.name), "", 1)
    return len(left) <= 4 * len(record.contributors)  # 著, 編著, 監修


@lru_cache(10_000)
def _person(name, kana, latin):
    spelled = [each for text in (name, kana, latin) if text for each in _both_orders(text)]
    return "".join(map(_value, dict.fromkeys(spelled)))


def _both_orders(name):
    """萩野正昭 and 正昭萩野 for ``萩野, 正昭``; of a name that is not parted only itself."""
    whole = fold.strict(name)
    parts = _PARTS.split(name, maxsplit=1) if "," in name or "、" in name else _PARTS.split(name)
    turned = fold.strict(parts[-1]) + fold.strict("".join(parts[:-1]))
    return whole, turned


def _rest(record):
    subjects = [_value(_strict(text)) for pair in record.subjects for text in pair]
    series = (
        [_value(each) for each in (_strict(record.series), *fold.readings(record.series_kana))] if record.series else ()
    )
    notes = "".join([_value(fold.strict(text)) for text in (record.note, record.contents) if text])
    return [_value(_strict(record.publisher)), "".join(subjects), "".join(series), notes]


def _loose(text):
    """The loose forms of those values of a strict text that have one of their own."""
    loosened = fold.loosened(text)
    if loosened == text:
        return ""
    pairs = zip(text.split(_END), loosened.split(_END), strict=True)
    return "".join([loose + _END for strict, loose in pairs if loose != strict])


def _numbers(record):
    return " ".join(filter(None, map(number_piece, record.isbns)))


def number_piece(text: str) -> str:
    """The piece of an ISBN, in whatever spelling: of a wrong one its digits as they are; empty for what has none."""
    digits = isbn.normalise(text) or _NO_NUMBER.sub("", text.upper())
    return _START + digits if digits else ""


def remove(title_ids):
    """Forget these titles, inside the transaction in which they go."""
    _forget(title_ids)
    _bump()


def _forget(title_ids):
    last = connection.execute_sql("SELECT max(id) FROM search_docsize").fetchone()[0]
    known = [title_id for title_id in title_ids if last is not None and title_id * KINDS <= last]
    rows = [(title_id * KINDS + kind,) for title_id in known for kind in range(KINDS)]
    connection.obj.cursor().executemany("DELETE FROM search WHERE rowid = ?", rows)


def refresh(title_ids):
    """Write anew what is derived of titles that are stored, inside the caller's transaction; forget those that are not."""
    title_ids = list(title_ids)
    found = records.load(title_ids)
    put(list(found.items()))
    if gone := [title_id for title_id in title_ids if title_id not in found]:
        remove(gone)


def items_changed():
    """Copies were added, changed or withdrawn in this transaction: counts are to be made anew."""
    _bump()


def _bump():
    connection.execute_sql("UPDATE search_state SET version = version + 1").close()


def version() -> int:
    """Another one after each change of what may be found."""
    return connection.execute_sql("SELECT version FROM search_state").fetchone()[0]


def is_complete() -> bool:
    """Whether every title is in the index; if not, ``rebuild`` goes on where it stopped."""
    return connection.execute_sql("SELECT indexed_to FROM search_state").fetchone()[0] < 0


def rebuild(progress=None):
    """Put in all titles anew, a batch a transaction; after an interruption it goes on. ``progress(done, of)``."""
    with database.writing():
        if is_complete():
            connection.execute_sql("INSERT INTO search(search) VALUES ('delete-all')").close()
            _mark(0)
    total = Title.select().count()
    done = Title.select().where(Title.id <= _reached()).count()
    while ids := [row[0] for row in _next(_reached())]:
        with database.writing():
            refresh(ids)
            _mark(ids[-1])
        done += len(ids)
        if progress:
            progress(done, total)
    with database.writing():
        _mark(-1)
    settle()


def _next(reached):
    return Title.select(Title.id).where(Title.id > reached).order_by(Title.id).limit(BATCH).tuples()


def _reached():
    return max(0, connection.execute_sql("SELECT indexed_to FROM search_state").fetchone()[0])


def _mark(title_id):
    connection.execute_sql("UPDATE search_state SET indexed_to = ?, version = version + 1", (title_id,)).close()


def settle():
    """Merge what many writes left in many parts; in short transactions. After an import, and by night."""
    while True:
        with database.writing():
            before = _changes()
            connection.execute_sql("INSERT INTO search(search, rank) VALUES ('merge', ?)", (SETTLED,)).close()
            if _changes() - before < 2:  # SQLite's way to say that nothing was left to merge
                return


def _changes():
    return connection.execute_sql("SELECT total_changes()").fetchone()[0]
