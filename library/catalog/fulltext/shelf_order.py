"""請求記号順: the sort keys of copies by call number, and of titles by that of their first copy."""

from collections.abc import Iterable

from library.catalog import ndc
from library.store import engine


def write_keys(title_ids: Iterable[int]) -> None:
    """Write the shelf keys of these titles and their copies, in the transaction in which call numbers or classes
    change.

    A title has the key of its first copy with a call number, else that of its class.
    """
    ids, changed = list(title_ids), []
    classes = engine.rows_among("SELECT id, ndc FROM title WHERE id IN ({})", ids)
    keys = {title_id: ndc.shelf_key(number) for title_id, number in classes}
    of_copies = "SELECT id, title_id, call_number, shelf_key FROM item WHERE title_id IN ({}) ORDER BY id DESC"
    for item_id, title_id, call_number, stored in engine.rows_among(of_copies, ids):
        key = ndc.shelf_key(call_number)
        if key != ndc.LAST:
            keys[title_id] = key
        if key != stored:
            changed.append((key, item_id))
    engine.run_many("UPDATE item SET shelf_key = ? WHERE id = ?", changed)
    engine.run_many("UPDATE title SET shelf_key = ? WHERE id = ?", [(key, title_id) for title_id, key in keys.items()])
