"""同じ作品をまとめる: one title for each work among the titles that a search finds (spec 12, 4)."""

import numpy as np

from library.catalog.search import facets
from library.catalog.search.snapshot import Snapshot
from library.store import engine, numbers


def first_of_works(shot: Snapshot, rows: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Return the indexes in ``rows`` of the first title of each work. ``keys``: the sort key of each
    row, no two equal.
    """
    works = _works(shot)[rows]
    first = np.full(len(shot.ids), np.iinfo(np.int64).max)
    np.minimum.at(first, works, keys.astype(np.int64))
    return np.flatnonzero(first[works] == keys)


def count_others(shot: Snapshot, rows: np.ndarray, shown: np.ndarray) -> list[int]:
    """Return, for each row that is ``shown``, the number of other ``rows`` of its work."""
    works = _works(shot)
    return (np.bincount(works[rows], minlength=len(works))[works[shown]] - 1).tolist()


def newest_issues(shot: Snapshot, rows: np.ndarray) -> np.ndarray | None:
    """Return the indexes in ``rows`` of all titles but the issues of a serial (雑誌) before the newest among them;
    None if there is no issue.
    """
    serials, places = facets.issues(shot)
    among = np.flatnonzero(serials[rows])
    if not len(among):
        return None
    among = among[np.argsort(places[rows[among]])]
    of = serials[rows[among]]
    is_shown = np.ones(len(rows), bool)
    is_shown[among[:-1][of[1:] == of[:-1]]] = False
    return np.flatnonzero(is_shown)


def count_other_issues(shot: Snapshot, rows: np.ndarray, shown: np.ndarray) -> list[int]:
    """Return, for each row that is ``shown``, the number of other ``rows`` of its serial; 0 for one of none."""
    serials, _ = facets.issues(shot)
    counts = np.bincount(serials[rows], minlength=1)
    counts[0] = 1
    return (counts[serials[shown]] - 1).tolist()


def _works(shot: Snapshot) -> np.ndarray:
    """Return the lowest row of each row's work: the row itself when it is the only one. Read once for a snapshot."""
    if "works" not in shot.cached:
        shot.cached["works"] = _read(shot)
    return shot.cached["works"]


def _read(shot: Snapshot) -> np.ndarray:
    # only the few works with several titles: a text of ids for every work takes twice as long
    several = "SELECT work_key FROM title WHERE work_key <> '' GROUP BY work_key HAVING count(*) > 1"
    sql = f"SELECT count(*), {numbers.joined('id')} FROM title WHERE work_key IN ({several}) GROUP BY work_key"  # noqa: S608
    found = engine.run(sql).fetchall()
    rows = shot.rows_or_missing(numbers.parsed(",".join([ids for _, ids in found]), np.int64))
    works = np.repeat(np.arange(len(found)), [size for size, _ in found])
    works, rows = works[rows >= 0], rows[rows >= 0]
    first = np.full(len(found), len(shot.ids), np.int32)
    np.minimum.at(first, works, rows)
    every = np.arange(len(shot.ids), dtype=np.int32)
    every[rows] = first[works]
    return every
