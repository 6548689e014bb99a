"""The full text index on PostgreSQL: the rows of ``fts5`` as texts, and their pieces in a GIN index.

The index finds the rows that have all pieces of a phrase; ``strpos`` keeps those where the pieces stand one after the
other. A row has two texts: its letters, and its words (pieces of whole values and of single letters). All other pieces
stand in the index alone (``search_pieces`` in migrations/0001_postgresql.sql), so that few pages are read for a word
that many rows have.
"""

import re
from collections.abc import Generator, Sequence
from operator import itemgetter

import numpy as np

from library.catalog.fulltext import grams
from library.catalog.fulltext.rows import COLUMNS
from library.store import database, engine, numbers

STARTS = 1 + 3  # letters of the longest beginning of a whole value that is a piece, its mark counted
LONGEST = grams.WHOLE + 2  # letters of a piece
_HAS = "search_pieces(letters, words) @> ?"
_HAS_ANY = "search_pieces(letters, words) && ?"
_QUERY = re.compile(r'"((?:[^"]|"")*)"(\*?)|([()]|AND|OR)|([a-z_]+|\{[a-z_ ]+\}): ')


def create(table: str) -> None:
    """Make an index without rows."""
    engine.run(
        f'CREATE TABLE {table} (id bigint PRIMARY KEY, letters text COLLATE "C" NOT NULL, words text COLLATE "C" NOT NULL)'
    ).close()
    engine.run(f"CREATE INDEX {table}_pieces_index ON {table} USING gin (search_pieces(letters, words))").close()


def rename(table: str, name: str) -> None:
    """Give an index another name."""
    engine.run(f"ALTER TABLE {table} RENAME TO {name}").close()
    for ending in ("pkey", "pieces_index"):
        engine.run(f"ALTER INDEX {table}_{ending} RENAME TO {name}_{ending}").close()


def discard(table: str) -> None:
    """Drop an index, if it is there."""
    with database.writing():
        engine.run(f"DROP TABLE IF EXISTS {table}").close()


def put(table: str, rows: list[tuple]) -> None:
    """Insert rows: their number, then the pieces of each column."""
    engine.copy_in(f"{table} (id, letters, words)", map(_row, rows))


def _row(row: tuple) -> tuple[int, str, str]:
    """Return the number of a row, its letters and its words: a line for each column, words with spaces around each."""
    number, *columns = row
    letters, words = zip(*map(grams.split_column, columns), strict=True)
    return number, "\n".join(letters), "\n".join([f" {each} " if each else "" for each in words])


def delete(table: str, rows: Sequence[int]) -> None:
    """Delete the rows with these numbers; numbers without a row are ignored."""
    engine.run(f"DELETE FROM {table} WHERE id = ANY(?)", (list(rows),)).close()  # noqa: S608


def find_each(also: str, table: str, matches: Sequence[str]) -> Generator[tuple[np.ndarray, tuple]]:
    """Yield, for each index query (``grams``), the numbers, ascending, of the rows that it finds, and one
    value of each SQL expression in ``also``, read at the same moment. All are run at once.
    """
    selects, values = [], []
    for place, match in enumerate(matches):
        condition, some = _condition(match)
        selects.append(f"SELECT {place}, {numbers.joined('id')}, {also} FROM {table} WHERE {condition}")  # noqa: S608
        values += some
    for _, text, *others in sorted(engine.run(" UNION ALL ".join(selects), values).fetchall(), key=itemgetter(0)):
        yield np.sort(numbers.parsed(text, np.int64)), tuple(others)


def tidy(table: str) -> None:
    """Move the entries that writes have left on the pending list into the index; until then every search reads that
    list.
    """
    engine.run(f"SELECT gin_clean_pending_list('{table}_pieces_index')").close()


def _condition(match: str) -> tuple[str, list]:
    """Return the SQL condition of an index query, and its values: the rows that have the pieces, and of these the rows
    that have the texts.
    """
    columns: list[str] = []
    has: list[str | list[str]] = []  # the query in pieces
    stands, texts = [], []  # the query in texts
    is_sure = True  # the pieces alone decide
    for text, star, sign, column_names in (each.groups() for each in _QUERY.finditer(match)):
        if column_names:
            columns = column_names.strip("{}").split()
        elif sign:
            has.append(sign)
            stands.append(sign)
        else:
            phrase = text.replace('""', '"').split() or [grams.START]  # which is no piece
            terms, sought, enough = _phrase(phrase, bool(star))
            has.append(terms)
            pairs = [(part, wanted) for name, wanted in sought for part in _column_texts(name, columns)]
            stands.append(f"({' OR '.join(f'strpos({part}, ?) > 0' for part, _ in pairs)})")
            texts += [wanted for _, wanted in pairs]
            is_sure = is_sure and enough and not columns
    condition, pieces = _in_pieces(has)
    if is_sure:
        return condition, pieces
    return f"({condition}) AND ({' '.join(stands)})", pieces + texts


def _in_pieces(has: list[str | list[str]]) -> tuple[str, list[list[str]]]:
    """Return the SQL of a query in pieces, and its values. Single pieces joined by OR alone are one condition:
    PostgreSQL takes minutes to plan hundreds.
    """
    if all(sign in ("(", ")", "OR") if isinstance(sign, str) else len(sign) == 1 for sign in has):
        return _HAS_ANY, [[piece for terms in has if not isinstance(terms, str) for piece in terms]]
    pieces = [terms for terms in has if not isinstance(terms, str)]
    return " ".join(sign if isinstance(sign, str) else _HAS for sign in has), pieces


def _phrase(pieces: list[str], is_beginning: bool) -> tuple[list[str], list[tuple[str, str]], bool]:
    """Return the index pieces of a phrase, pairs of (``letters`` or ``words``, text in it), and True when the pieces
    alone decide. ``is_beginning``: the last piece may go on.
    """
    *before, last = pieces
    if last[0] in (grams.START, grams.OTHER, grams.WORD):
        term = last[: STARTS if is_beginning else LONGEST]
        # a short Latin word is also the beginning of others
        is_sure = term == last and (is_beginning or last[0] != grams.WORD or len(last) > STARTS)
        return [term], [("words", f" {last}" if is_beginning else f" {last} ")], is_sure
    sought = [("letters", "".join([piece[0] for piece in before]) + last)]
    if last[0] == grams.END:
        sought.append(("words", f" {last} "))
    return pieces, sought, not before


def _column_texts(name: str, columns: list[str]) -> list[str]:
    """Return the SQL of the lines of these columns in one of the two texts; of the whole text when no
    column is named.
    """
    return [f"split_part({name}, chr(10), {COLUMNS.index(column) + 1})" for column in columns] or [name]
