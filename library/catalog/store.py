"""Writing titles and copies, many at a time: every title is written here.

All happens in the caller's transaction. Sort keys and index rows are written with the titles.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter

from library.catalog import changes, heading_names, isbn, ndc, records
from library.catalog.creators import creators
from library.catalog.folding import sort_key
from library.catalog.fulltext import index, rows as index_rows, shelf_order
from library.catalog.records import ALIKE, Record
from library.catalog.series import series
from library.catalog.subjects.subjects import Subjects
from library.catalog.works import works
from library.store import database, engine
from models import Creator, Title

ASKED = 500  # values in one query
_NAMES = (
    *ALIKE, "author_kana", "isbn", "isbn_text", "subjects", "digest", "sort_key", "author_sort_key", "shelf_key",
    "changed_at", "work_key",
)  # fmt: skip
_BLANKS = ", ".join("?" * (len(_NAMES) + 1))
_INSERT = f"INSERT INTO title (id, {', '.join(_NAMES)}) VALUES ({_BLANKS})"  # noqa: S608 (names of columns)
_IF_GIVEN = ("accession_date", "digest")  # columns that stay when a changed record gives no value
_UNLESS_FIXED = "work_key = CASE WHEN work_fixed THEN work_key ELSE ? END"  # the desk has the last word
_SET = (
    _UNLESS_FIXED if name == "work_key" else f"{name} = COALESCE(?, {name})" if name in _IF_GIVEN else f"{name} = ?"
    for name in _NAMES
)
_UPDATE = f"UPDATE title SET {', '.join(_SET)} WHERE id = ?"  # noqa: S608 (names of columns)
_CALL_NUMBER = 4  # its index in the row of a copy
_ITEM = (
    "INSERT INTO item (title_id, barcode, branch_id, shelf, call_number, material_type, state, acquired_on, shelf_key)"
    " VALUES (?, ?, ?, ?, ?, ?, 'available', ?, ?)"
)


def next_id(table: str) -> int:
    """Return the first free id of a table, in this transaction. Ids of deleted titles are not free."""
    taken = f"SELECT MAX(id) FROM {table}"  # noqa: S608
    if table == "title":
        taken += " UNION ALL SELECT MAX(title_id) FROM deleted_title"
    return max(row[0] or 0 for row in engine.run(taken).fetchall()) + 1


class Store:
    """The writer of titles, with rows of names cached between batches; call ``forget`` after a rollback."""

    def __init__(self) -> None:
        self._creators = creators.Creators()
        self._subjects = Subjects()

    def forget(self) -> None:
        """Drop the cached rows."""
        self._creators.forget()
        self._subjects.forget()

    def add(self, pairs: list[tuple[int, Record]], digests: Sequence[str | None], *, now: datetime) -> None:
        """Write new titles under these ids, which must be free (``next_id``). ``digests``: of the source records, in
        the same order.
        """
        ids, made = [each for each, _ in pairs], [record for _, record in pairs]
        rows = self._rows(pairs, digests, now)
        engine.run_many(_INSERT, [(each, *row) for each, row in zip(ids, rows, strict=True)])
        engine.ids_were_given("title")
        self._add_rest(ids, made)
        self._subjects.put(pairs, replaced=False)

    def change(self, pairs: list[tuple[int, Record]], digests: Sequence[str | None], *, now: datetime) -> None:
        """Write these records to existing titles. Copies stay, and so does the source record of a title whose digest is
        None.
        """
        ids, made = [each for each, _ in pairs], [record for _, record in pairs]
        rows = self._rows(pairs, digests, now)
        engine.run_many(_UPDATE, [(*row, each) for each, row in zip(ids, rows, strict=True)])
        for table in ("contributor", "title_name", "title_series"):
            engine.run_many(f"DELETE FROM {table} WHERE title_id = ?", [(each,) for each in ids])  # noqa: S608 (names of tables)
        engine.run_many(
            "DELETE FROM source_record WHERE title_id = ?", [(each,) for each, record in pairs if record.raw]
        )
        self._add_rest(ids, made)
        self._subjects.put(pairs, replaced=True)
        shelf_order.write_keys(ids)

    def _rows(self, pairs: list[tuple[int, Record]], digests: Sequence[str | None], now: datetime) -> list[list]:
        """Return the columns of each title in the order of _NAMES, after writing the rows of its creators."""
        made = [record for _, record in pairs]
        self._creators.put(each for record in made for each in record.contributors)
        if joined := self._creators.joined:
            index.refresh(creators.titles_of(joined))
            joined.clear()
        self._note_names(made)
        prepare(made)
        rows, changed_at = [], str(Title.changed_at.db_value(changes.to_second(now)))
        for record, digest, work in zip(made, digests, works.keys_of(pairs), strict=True):
            row = record.row or _row(record)
            row[_DAY] = record.accession_date and record.accession_date.isoformat()
            row[_DIGEST], row[_CHANGED], row[_WORK] = digest, changed_at, work
            if record.contributors:
                row[_AUTHOR_KEY] = self._creators[record.contributors[0]].sort_key
            rows.append(row)
        return rows

    def _note_names(self, made: list[Record]) -> None:
        """Set on the records all names of their creators and words of their subjects, for the index, and ``apart`` of
        namesakes.
        """
        if records.add_subject_words(made):
            for record in made:
                record.pieces = None if record.subject_words else record.pieces
        for each in (each for record in made for each in record.contributors):
            each.apart = self._creators[each].apart
        ids = {self._creators[each].id for record in made for each in record.contributors}
        if not (others := heading_names.other_names(ids)):
            return
        for record in made:
            for each in record.contributors:
                each.other_names = others.get(self._creators[each].id, ())
            if any(each.other_names for each in record.contributors):
                record.pieces = None  # they were prepared without these names

    def _add_rest(self, ids: list[int], made: list[Record]) -> None:
        engine.run_many(
            "INSERT INTO contributor (title_id, position, author_id, role) VALUES (?, ?, ?, ?)",
            [
                (title_id, position, self._creators[each].id, each.role)
                for title_id, record in zip(ids, made, strict=True)
                for position, each in enumerate(record.contributors)
            ],
        )
        engine.run_many(
            "INSERT INTO title_name (title_id, position, kind, name, kana, latin) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (title_id, position, each.kind, each.name, each.kana, each.latin)
                for title_id, record in zip(ids, made, strict=True)
                for position, each in enumerate(record.names)
            ],
        )
        self._add_series(ids, made)
        engine.run_many(
            "INSERT INTO source_record (title_id, format, raw) VALUES (?, ?, ?)",
            [(title_id, record.format, record.raw) for title_id, record in zip(ids, made, strict=True) if record.raw],
        )
        index.put(list(zip(ids, made, strict=True)))

    def _add_series(self, ids: list[int], made: list[Record]) -> None:
        found = [(title_id, series.all_of(record)) for title_id, record in zip(ids, made, strict=True)]
        known = series.ids((each for _, several in found for each in several), next_id("series"))
        engine.run_many(
            "INSERT INTO title_series (title_id, position, series_id, name, kana, latin, number) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (title_id, position, known[key], each.name, each.kana, each.latin, each.number)
                for title_id, several in found
                for position, each in enumerate(several)
                if (key := series.key(each.name))
            ],
        )


def prepare(made: list[Record]) -> None:
    """Set ``row`` and ``pieces`` of these records: their columns and index rows, but for values that depend on the
    database. ``Store`` does it, too; done before, it shortens the transaction.
    """
    for record in made:
        if record.row is None:
            record.row = _row(record)
    index_rows.prepare_pieces(made)


def _row(record: Record) -> list:
    values = _alike(record)
    number = next(filter(None, map(isbn.normalise, record.isbns)), "") if record.isbns else ""
    call_number = next((each.call_number for each in record.holdings if each.call_number), record.ndc)
    row = [
        *values,
        "; ".join([each.kana for each in record.contributors if each.kana]),
        number,
        "; ".join(record.isbns),
        records.join_subjects(record.subjects),
        "",
        sort_key.key(record.title_kana, record.title),
        "" if record.contributors else sort_key.key("", record.author),
        ndc.shelf_key(call_number),
        "",
        "",
    ]
    row[_MATERIAL] = row[_MATERIAL] or "図書"
    row[_AUDIENCE] = row[_AUDIENCE] or "一般"
    return row


_alike = attrgetter(*ALIKE)
_MATERIAL, _AUDIENCE, _DAY, _DIGEST, _AUTHOR_KEY, _CHANGED, _WORK = map(
    _NAMES.index,
    ("material_type", "audience", "accession_date", "digest", "author_sort_key", "changed_at", "work_key"),
)


# -- copies ----------------------------------------------------------------------------------------------------------
def add_items(rows: list[tuple], *, now: datetime) -> None:
    """Write new copies: (title id, barcode, branch id, shelf, call number, material type, day of acquisition)."""
    if rows:
        engine.run_many(_ITEM, [(*row, ndc.shelf_key(row[_CALL_NUMBER])) for row in rows])
        title_ids = {row[0] for row in rows}
        shelf_order.write_keys(title_ids)
        changes.note_copies(title_ids, now=now)


def rewrite_sort_keys() -> None:
    """Write the sort keys of all titles and creators again, a batch a transaction, after the rules of their order have
    changed.
    """
    rewrite_creator_sort_keys()
    for ids in records.every_id(ASKED):
        with database.writing():
            write_sort_keys(records.load(ids))


def write_sort_keys(found: Mapping[int, Record]) -> None:
    """Write the sort keys and shelf keys of some titles again, in the caller's transaction. ``found``: title id →
    record.
    """
    engine.run_many(
        "UPDATE title SET sort_key = ?, author_sort_key = ? WHERE id = ?",
        [(*_keys(record), title_id) for title_id, record in found.items()],
    )
    shelf_order.write_keys(list(found))


def rewrite_creator_sort_keys() -> None:
    """Write the sort keys of all creators again, a batch a transaction."""
    last = 0
    while rows := list(Creator.select().where(Creator.id > last).order_by(Creator.id).limit(ASKED)):
        made = [(records.Contributor(row.name, row.kana, "", row.latin), row) for row in rows]
        keys = [(sort_key.key(creator.reading, row.name), row) for creator, row in made]
        with database.writing():
            changed = [(key, row.id) for key, row in keys if key != row.sort_key]
            engine.run_many("UPDATE author SET sort_key = ? WHERE id = ?", changed)
        last = rows[-1].id


def _keys(record: Record) -> tuple[str, str]:
    first = record.contributors[0] if record.contributors else records.Contributor(record.author)
    return sort_key.key(record.title_kana, record.title), sort_key.key(first.reading, first.name)
