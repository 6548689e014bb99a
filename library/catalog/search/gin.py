"""The full text index as PostgreSQL has it: the rows of ``fts5`` as texts, and their pieces under GIN.

The index finds the rows that have all pieces of a phrase; ``strpos`` keeps those where the pieces stand one after the other.
"""

import re
from collections.abc import Sequence

import numpy as np

from library.catalog.search import grams
from library.store import engine, numbers

COLUMNS = ("title", "author", "publisher", "subject", "series", "note", "isbn")
_INSERT = f"INSERT INTO search (id, {', '.join(COLUMNS)}, pieces) VALUES ({', '.join('?' * (len(COLUMNS) + 2))})"  # noqa: S608
_ALL = " || chr(10) || ".join(COLUMNS)
_QUERY = re.compile(r'"((?:[^"]|"")*)"(\*?)|([()]|AND|OR)|([a-z]+|\{[a-z ]+\}): ')


def put(rows: list[tuple]) -> None:
    """Write new rows: a number, and the pieces of each column."""
    engine.run_many(_INSERT, [_row(row) for row in rows])


def _row(row: tuple) -> tuple:
    """Return a row with spaces around its pieces, and the list of all; a piece of text stands in it with each of its beginnings."""
    number, *columns = row
    parted = [text.split() for text in columns]
    pieces = {piece for each in parted for piece in each}
    pieces |= {piece[:size] for piece in pieces if piece[0] not in grams.START + grams.END for size in (1, 2)}
    return number, *(f" {' '.join(each)} " if each else "" for each in parted), sorted(pieces)


def forget(rows: Sequence[int]) -> None:
    """Remove the rows of these numbers, of which some may not be there."""
    engine.run("DELETE FROM search WHERE id = ANY(?)", (list(rows),)).close()


def found(match: str) -> np.ndarray:
    """Return the numbers of the rows that a query of ``grams`` finds."""
    condition, values = _condition(match)
    sql = f"SELECT {numbers.joined('id')} FROM search WHERE {condition}"  # noqa: S608
    return np.sort(numbers.parsed(engine.run(sql, values).fetchone()[0], np.int64))


def first_found(match: str, most: int) -> list[int]:
    """Return the lowest of these numbers, so many at most."""
    return found(match)[:most].tolist()


def empty() -> None:
    """Remove all rows."""
    engine.run("TRUNCATE search").close()


def settle() -> None:
    """Do nothing: the server tidies its index itself."""


def _condition(match: str) -> tuple[str, list]:
    """Return the SQL of a query of ``grams``, and its values."""
    columns: list[str] = []
    parts: list[str] = []
    values: list = []
    for text, star, sign, named in (each.groups() for each in _QUERY.finditer(match)):
        if named:
            columns = named.strip("{}").split()
        elif sign:
            parts.append(sign)
        else:
            part, sought = _phrase(text.replace('""', '"').split(), bool(star), columns)
            parts.append(part)
            values += sought
    return " ".join(parts), values


def _phrase(pieces: list[str], is_beginning: bool, columns: list[str]) -> tuple[str, list]:
    """Return the SQL of one phrase. ``is_beginning``: its last piece may go on."""
    if not pieces:
        return "FALSE", []
    values: list = [_terms(pieces, is_beginning)]
    if len(pieces) == 1 and not is_beginning and not columns:
        return "pieces @> ?", values
    sought = f" {' '.join(pieces)}{'' if is_beginning else ' '}"
    texts = columns or [_ALL]
    values += [sought] * len(texts)
    return f"(pieces @> ? AND ({' OR '.join(f'strpos({text}, ?) > 0' for text in texts)}))", values


def _terms(pieces: list[str], is_beginning: bool) -> list[str]:
    """Return pieces under which such a row stands: those of the text inside, where a value begins with it."""
    *before, last = pieces
    if not is_beginning or last[0] != grams.START:
        return pieces
    inside = last[1:]
    return [
        *before,
        *([inside] if len(inside) == 1 else grams.phrase(inside).rstrip("*")[1:-1].replace('""', '"').split()),
    ]
