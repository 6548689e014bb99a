"""書架をたどる: the order of copies at each branch and on each shelf; a copy without a call number stands behind all others."""

LAST = "\U0010ffff"
THERE = "WHERE shelf_key <> '' AND state <> 'withdrawn'"


def up(migrator, db):
    db.execute_sql(f"UPDATE item SET shelf_key = '{LAST}' WHERE shelf_key = '' AND trim(call_number) = ''")  # noqa: S608
    db.execute_sql(f"CREATE INDEX item_in_order_at_branch ON item (branch_id, shelf_key, title_id) {THERE}")
    db.execute_sql(f"CREATE INDEX item_in_order_on_shelf ON item (branch_id, shelf, shelf_key, title_id) {THERE}")
