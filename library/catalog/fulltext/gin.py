"""The full text index as PostgreSQL has it: the rows of ``fts5`` as texts, and their pieces under GIN.

The index finds the rows that have all pieces of a phrase; ``strpos`` keeps those where the pieces stand one after the other. A
row is its letters, and its words: the pieces of values as a whole and of single letters. The other pieces stand in the index alone
(``search_pieces`` in migrations/0001_postgresql.sql), so that few pages are read for a word that many rows have.
"""

import re
from collections.abc import Sequence

import numpy as np

from library.catalog.search import grams
from library.store import database, engine, numbers

STARTS = 1 + 3  # letters of the longest beginning of a whole value that is a piece, its mark counted
LONGEST = grams.WHOLE + 2  # letters of a piece
_HAS = "search_pieces(letters, words) @> ?"
_HAS_ANY = "search_pieces(letters, words) && ?"
_QUERY = re.compile(r'"((?:[^"]|"")*)"(\*?)|([()]|AND|OR)|([a-z_]+|\{[a-z_ ]+\}): ')


def create(table: str, columns: Sequence[str]) -> None:
    """Make an index without rows."""
    engine.run(
        f'CREATE TABLE {table} (id bigint PRIMARY KEY, letters text COLLATE "C" NOT NULL, words text COLLATE "C" NOT NULL)'
    ).close()
    engine.run(f"CREATE INDEX {table}_pieces_index ON {table} USING gin (search_pieces(letters, words))").close()


def put_aside(table: str, beside: str) -> None:
    """Give an index another name."""
    engine.run(f"ALTER TABLE {table} RENAME TO {beside}").close()
    for ending in ("pkey", "pieces_index"):
        engine.run(f"ALTER INDEX {table}_{ending} RENAME TO {beside}_{ending}").close()


def discard(table: str) -> None:
    """Remove an index that nobody asks any more, if it is there."""
    with database.writing():
        engine.run(f"DROP TABLE IF EXISTS {table}").close()


def put(table: str, columns: Sequence[str], rows: list[tuple]) -> None:
    """Write new rows: a number, and the pieces of each column."""
    engine.copy_in(f"{table} (id, letters, words)", map(_row, rows))


def _row(row: tuple) -> tuple[int, str, str]:
    """Return a number, and a line for each column of the letters, and of the words with spaces around each."""
    number, *columns = row
    letters, words = zip(*map(grams.parted, columns), strict=True)
    return number, "\n".join(letters), "\n".join([f" {each} " if each else "" for each in words])


def forget(table: str, rows: Sequence[int]) -> None:
    """Remove the rows of these numbers, of which some may not be there."""
    engine.run(f"DELETE FROM {table} WHERE id = ANY(?)", (list(rows),)).close()  # noqa: S608


def found(table: str, columns: Sequence[str], match: str, *, after: int = -1) -> np.ndarray:
    """Return the numbers of the rows that a query of ``grams`` finds, of those after one."""
    condition, values = _condition(match, columns)
    if after >= 0:
        condition = f"({condition}) AND id > {after}"
    return _found(table, condition, values, "NULL")[0]


def found_with(also: str, table: str, columns: Sequence[str], match: str) -> tuple[np.ndarray, tuple]:
    """Return the same, and what else a select of these columns says in that moment."""
    return _found(table, *_condition(match, columns), also)


def _found(table: str, condition: str, values: list, also: str) -> tuple[np.ndarray, tuple]:
    sql = f"SELECT {numbers.joined('id')}, {also} FROM {table} WHERE {condition}"  # noqa: S608
    text, *others = engine.run(sql, values).fetchone()
    return np.sort(numbers.parsed(text, np.int64)), tuple(others)


def first_found(table: str, columns: Sequence[str], match: str, most: int) -> list[int]:
    """Return the lowest of these numbers, so many at most."""
    return found(table, columns, match)[:most].tolist()


def settle(table: str) -> None:
    """Put into the index what many writes left beside it, which each condition of each search reads until then."""
    engine.run(f"SELECT gin_clean_pending_list('{table}_pieces_index')").close()


def _condition(match: str, known: Sequence[str]) -> tuple[str, list]:
    """Return the SQL of a query of ``grams``, and its values: the rows that have the pieces, and of these those that have the texts."""
    columns: list[str] = []
    has: list[str | list[str]] = []  # the query in pieces
    stands, texts = [], []  # and in texts
    is_sure = True  # whether the pieces alone say it
    for text, star, sign, named in (each.groups() for each in _QUERY.finditer(match)):
        if named:
            columns = named.strip("{}").split()
        elif sign:
            has.append(sign)
            stands.append(sign)
        else:
            phrase = text.replace('""', '"').split() or [grams.START]  # which is no piece
            terms, places, enough = _phrase(phrase, bool(star))
            has.append(terms)
            asked = [(part, sought) for place, sought in places for part in _parts(place, columns, known)]
            stands.append(f"({' OR '.join(f'strpos({part}, ?) > 0' for part, _ in asked)})")
            texts += [sought for _, sought in asked]
            is_sure = is_sure and enough and not columns
    condition, pieces = _in_pieces(has)
    if is_sure:
        return condition, pieces
    return f"({condition}) AND ({' '.join(stands)})", pieces + texts


def _in_pieces(has: list[str | list[str]]) -> tuple[str, list[list[str]]]:
    """Return the SQL of a query in pieces, and its values. Single pieces joined by OR alone are one condition: PostgreSQL took
    minutes to plan hundreds."""
    if all(sign in ("(", ")", "OR") if isinstance(sign, str) else len(sign) == 1 for sign in has):
        return _HAS_ANY, [[piece for terms in has if not isinstance(terms, str) for piece in terms]]
    pieces = [terms for terms in has if not isinstance(terms, str)]
    return " ".join(sign if isinstance(sign, str) else _HAS for sign in has), pieces


def _phrase(pieces: list[str], is_beginning: bool) -> tuple[list[str], list[tuple[str, str]], bool]:
    """Return the pieces that such a row has in the index, what stands in its texts, and whether the first says as much as the second.
    ``is_beginning``: the last piece may go on.
    """
    *before, last = pieces
    if last[0] in (grams.START, grams.OTHER, grams.WORD):
        term = last[: STARTS if is_beginning else LONGEST]
        # a short Latin word is also the beginning of others
        is_sure = term == last and (is_beginning or last[0] != grams.WORD or len(last) > STARTS)
        return [term], [("words", f" {last}" if is_beginning else f" {last} ")], is_sure
    places = [("letters", "".join([piece[0] for piece in before]) + last)]
    if last[0] == grams.END:
        places.append(("words", f" {last} "))
    return pieces, places, not before


def _parts(place: str, columns: list[str], known: Sequence[str]) -> list[str]:
    """Return the SQL of the lines of these columns; of all where none are named."""
    return [f"split_part({place}, chr(10), {known.index(column) + 1})" for column in columns] or [place]
