"""Set sealed loans and holds of e-books apart: a patron may have one again that is there, sealed, and nothing tells that it is."""

OPEN = {"ebook_loan": "returned_on IS NULL", "ebook_hold": "state IN ('waiting', 'ready')"}


def up(migrator, db):
    for table, is_open in OPEN.items():
        db.execute_sql(f"DROP INDEX {table}_one_per_patron")
        db.execute_sql(
            f"CREATE UNIQUE INDEX {table}_one_per_patron ON {table} (ebook_id, patron_id, sealed) WHERE {is_open}"
        )
