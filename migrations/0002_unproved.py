"""A password that nobody proved is one state of its patron, and what is out of reach meanwhile has no patron: ``sealed_for`` says whose it is.

No mark of before is a key: nobody wrote down under which password it was made.
"""

from peewee import SqliteDatabase

OWNED = (
    "history_entry",
    "shelf",
    "sdi_condition",
    "cart_row",
    "ebook_loan",
    "ebook_hold",
    "ebook_link",
    "calendar_link",
)
MAY_BE_LEFT = tuple(table for table in OWNED if table != "ebook_loan")  # there a returned one names nobody anyway
UNIQUE = {
    "shelf_patron_id_name": "shelf (patron_id, name)",
    "sdi_condition_patron_id_query": "sdi_condition (patron_id, query)",
    "cart_row_patron_id_title_id": "cart_row (patron_id, title_id)",
}
OF_EBOOKS = {
    "ebook_loan_one_per_patron": "ebook_loan (ebook_id, patron_id) WHERE returned_on IS NULL",
    "ebook_hold_one_per_patron": "ebook_hold (ebook_id, patron_id) WHERE state IN ('waiting', 'ready')",
}
BOOK = "title_id, title_text, volume_text, author_text, ndc, call_number, note, read_on, added_on, sealed"
LENT_TO = "(returned_on IS NULL) = (patron_id IS NOT NULL)"
LENT_TO_ANY = "(returned_on IS NULL) = (patron_id IS NOT NULL OR sealed_for_id IS NOT NULL)"
CHOSEN = "'password.first_password', 'password.reset', 'password.reissued', 'password.stopped'"


def up(migrator, db):
    on_file = isinstance(db, SqliteDatabase)
    flag, moment = ("INTEGER", "DATETIME") if on_file else ("BOOLEAN", "TIMESTAMP")
    _add(
        db,
        "patron",
        f"unproved_since {moment}",
        f"sealed_until {moment}",
        f"has_chosen_password {flag} NOT NULL DEFAULT FALSE",
    )
    _add(db, "known_device", f"is_key {flag} NOT NULL DEFAULT FALSE")
    _add(db, "hold", f"sealed {flag} NOT NULL DEFAULT FALSE")
    for table in OWNED:
        _add(db, table, 'sealed_for_id INTEGER REFERENCES "patron" ("id") ON DELETE CASCADE')
    (_loosen_file if on_file else _loosen_server)(db)
    _move_notes(db)
    now = "CURRENT_TIMESTAMP" if on_file else "CURRENT_TIMESTAMP AT TIME ZONE 'UTC'"
    for statement in _statements(now):
        db.execute_sql(statement)


def _add(db, table, *columns):
    for column in columns:
        name, rest = column.split(" ", 1)
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{name}" {rest}')


def _loosen_file(db):
    """As SQLite's makers describe it for a limit that is taken away (lang_altertable.html 7): nothing in the tables' pages changes by it."""
    version = db.execute_sql("PRAGMA schema_version").fetchone()[0]
    db.execute_sql("PRAGMA writable_schema = ON")
    change = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?"
    for table in MAY_BE_LEFT:
        db.execute_sql(change, ('"patron_id" INTEGER NOT NULL', '"patron_id" INTEGER', table))
    db.execute_sql(change, (LENT_TO, LENT_TO_ANY, "ebook_loan"))
    db.execute_sql(f"PRAGMA schema_version = {version + 1}")
    db.execute_sql("PRAGMA writable_schema = OFF")


def _loosen_server(db):
    for table in MAY_BE_LEFT:
        db.execute_sql(f"ALTER TABLE {table} ALTER COLUMN patron_id DROP NOT NULL")
    (name,) = db.execute_sql(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'ebook_loan'::regclass AND contype = 'c' "
        "AND pg_get_constraintdef(oid) LIKE '%%patron_id%%'"
    ).fetchone()
    db.execute_sql(f'ALTER TABLE ebook_loan DROP CONSTRAINT "{name}", ADD CHECK ({LENT_TO_ANY})')


def _move_notes(db):
    """Put what is sealed of public shelves on a shelf of the same name that is out of reach."""
    noted = "SELECT DISTINCT shelf_id FROM shelved_title WHERE sealed"
    public = f"SELECT id, patron_id FROM shelf WHERE NOT sealed AND id IN ({noted})"
    for shelf, patron in db.execute_sql(public).fetchall():
        made = (
            "INSERT INTO shelf (patron_id, name, description, position, as_list, token, sealed, sealed_for_id) "
            f"SELECT NULL, name, '', position, as_list, '', sealed, {patron} FROM shelf WHERE id = {shelf}"
        )
        db.execute_sql(made)
        (twin,) = db.execute_sql("SELECT max(id) FROM shelf").fetchone()
        db.execute_sql(
            f"INSERT INTO shelved_title (shelf_id, position, {BOOK}) "
            f"SELECT {twin}, row_number() OVER (ORDER BY position), {BOOK} FROM shelved_title "
            f"WHERE sealed AND shelf_id = {shelf}"
        )
        db.execute_sql(f"UPDATE shelved_title SET note = '', read_on = NULL WHERE sealed AND shelf_id = {shelf}")


def _statements(now):
    yield "UPDATE patron SET unproved_since = (SELECT sealed_at FROM seal WHERE seal.patron_id = patron.id)"
    had_one = f"EXISTS (SELECT 1 FROM audit WHERE audit.patron_id = patron.id AND action IN ({CHOSEN}))"
    yield f"UPDATE patron SET has_chosen_password = (password_hash <> '' OR {had_one})"
    # nobody wrote down which passwords were proved: nothing is sealed by that, and marks that are made from now on are no keys
    yield f"UPDATE patron SET unproved_since = {now} WHERE password_hash <> '' AND unproved_since IS NULL"
    yield "UPDATE outbox_mail SET text = '' WHERE sealed"
    for table in OWNED:
        yield f"UPDATE {table} SET sealed_for_id = patron_id, patron_id = NULL WHERE sealed"
        yield f'CREATE INDEX "{table}_sealed_for_id" ON "{table}" ("sealed_for_id")'
    for name, columns in UNIQUE.items():
        yield f"DROP INDEX {name}_sealed"
        table, rest = columns.split(" ", 1)
        quoted = rest.replace("(", '("').replace(", ", '", "').replace(")", '")')
        yield f'CREATE UNIQUE INDEX "{name}" ON "{table}" {quoted}'
    for name, columns in OF_EBOOKS.items():
        yield f"DROP INDEX {name}"
        yield f"CREATE UNIQUE INDEX {name} ON {columns}"
    for table in (*OWNED, "shelved_title", "outbox_mail"):
        yield f"ALTER TABLE {table} DROP COLUMN sealed"
    yield "DROP TABLE seal"
