"""請求記号順: the sort keys of copies by call number, and of titles by that of their first copy."""

from collections.abc import Iterable

from peewee import chunked

from library.catalog import ndc
from library.store import engine

ASKED = 500  # ids in one query


def keep(title_ids: Iterable[int]) -> None:
    """Write the shelf keys of these titles and their copies, in the transaction in which call numbers or classes
    change.

    A title has the key of its first copy with a call number, else that of its class.
    """
    for ids in chunked(title_ids, ASKED):
        _keep(list(ids))


def _keep(ids: list[int]) -> None:
    blanks = ", ".join("?" * len(ids))
    titles = dict(engine.run(f"SELECT id, ndc FROM title WHERE id IN ({blanks})", ids).fetchall())  # noqa: S608
    copies = engine.run(
        f"SELECT id, title_id, call_number, shelf_key FROM item WHERE title_id IN ({blanks}) ORDER BY id DESC",  # noqa: S608
        ids,
    ).fetchall()
    keys = {title_id: ndc.shelf_key(number) for title_id, number in titles.items()}
    changed = []
    for item_id, title_id, call_number, stored in copies:
        key = ndc.shelf_key(call_number)
        if key != ndc.LAST:
            keys[title_id] = key
        if key != stored:
            changed.append((key, item_id))
    engine.run_many("UPDATE item SET shelf_key = ? WHERE id = ?", changed)
    engine.run_many("UPDATE title SET shelf_key = ? WHERE id = ?", [(key, title_id) for title_id, key in keys.items()])
