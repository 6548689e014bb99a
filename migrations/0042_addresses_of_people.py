"""Patrons have an address, a guardian, where they live or work, and since when and why a card is suspended; a 団体 has no birth date.

What was written down of a suspension so far stands in the record of operations. Cards and phones get the keys by which the desk finds
their last digits; a change of the category of many can be undone.
"""

import json
from datetime import UTC, datetime, timedelta

from peewee import CharField, DateField, DateTimeField, ForeignKeyField, Model, SqliteDatabase

TEXTS = ("postal_code", "address", "guardian_name", "guardian_phone")
KEYS = {  # the key of a number: its digits from the last one on
    "card_key": "card_number",
    "phone_home_key": "phone_home",
    "phone_mobile_key": "phone_mobile",
    "phone_work_key": "phone_work",
    "guardian_phone_key": "guardian_phone",
}
RESIDENCE = "CHECK (residence IN ('', 'living', 'working', 'studying', 'outside'))"
TOKYO = timedelta(hours=9)


class Table(Model):
    class Meta:
        legacy_table_names = False


class Patron(Table):
    """Only what is referred to; its table is there."""


class CategoryChange(Table):
    at = DateTimeField()
    by = CharField()
    from_category = CharField()
    to_category = CharField()
    born_until = DateField()
    undone_at = DateTimeField(null=True)


class CategoryChanged(Table):
    change = ForeignKeyField(CategoryChange, backref="patrons", on_delete="CASCADE", index=False)
    patron = ForeignKeyField(Patron, on_delete="CASCADE")

    class Meta:
        indexes = ((("change", "patron"), True),)


def up(migrator, db):
    on_server = not isinstance(db, SqliteDatabase)
    text = 'TEXT COLLATE "C"' if on_server else "TEXT"
    _let_birth_date_be_empty(db, on_server)
    for name in TEXTS:
        _add(db, name, f"{text} NOT NULL DEFAULT ''")
    _add(db, "residence", f"{text} NOT NULL DEFAULT '' {RESIDENCE}")
    _add(db, "suspended_on", "DATE")
    _add(db, "suspended_reason", f"{text} NOT NULL DEFAULT ''")
    for key in KEYS:
        _add(db, key, f"{text} NOT NULL DEFAULT ''")
    _fill_keys(db)
    for key in KEYS:
        db.execute_sql(f'CREATE INDEX "patron_{key}" ON "patron" ("{key}")')
    _fill_suspensions(db)
    made = [CategoryChange, CategoryChanged]
    db.bind([Patron, *made], bind_refs=False, bind_backrefs=False)
    db.create_tables(made)
    if on_server:
        for name in ("by", "from_category", "to_category"):
            db.execute_sql(f'ALTER TABLE "category_change" ALTER COLUMN "{name}" TYPE text COLLATE "C"')


def _add(db, name, kind):
    db.execute_sql(f'ALTER TABLE "patron" ADD COLUMN "{name}" {kind}')


def _let_birth_date_be_empty(db, on_server):
    """SQLite takes NOT NULL off no column, and a table that others refer to can't be made anew: the column is."""
    if on_server:
        db.execute_sql('ALTER TABLE "patron" ALTER COLUMN "birth_date" DROP NOT NULL')
        return
    db.execute_sql('ALTER TABLE "patron" RENAME COLUMN "birth_date" TO "birth_date_before"')
    _add(db, "birth_date", "DATE")
    db.execute_sql('UPDATE "patron" SET "birth_date" = "birth_date_before"')
    db.execute_sql('ALTER TABLE "patron" DROP COLUMN "birth_date_before"')


def _fill_keys(db):
    numbers = ", ".join(f'"{name}"' for name in KEYS.values())
    setting = ", ".join(f'"{key}" = {db.param}' for key in KEYS)
    rows = db.execute_sql(f'SELECT "id", {numbers} FROM "patron"').fetchall()  # noqa: S608 (names of columns)
    update = f'UPDATE "patron" SET {setting} WHERE "id" = {db.param}'  # noqa: S608
    for patron, *found in rows:
        keys = ["".join(letter for letter in number if letter.isalnum())[::-1] for number in found]
        db.execute_sql(update, (*keys, patron))


def _fill_suspensions(db):
    suspended = db.execute_sql('SELECT "id" FROM "patron" WHERE "state" = \'suspended\'').fetchall()
    for (patron,) in suspended:
        last = (
            'SELECT "at", "details" FROM "audit" WHERE "patron_id" = ? AND "action" = \'patron.suspended\' '
            'ORDER BY "id" DESC LIMIT 1'
        ).replace("?", db.param)
        for at, details in db.execute_sql(last, (patron,)).fetchall():
            at = datetime.fromisoformat(at) if isinstance(at, str) else at
            day = (at.replace(tzinfo=UTC) + TOKYO).date()
            given = (day.isoformat(), json.loads(details).get("reason", ""), patron)
            update = 'UPDATE "patron" SET "suspended_on" = ?, "suspended_reason" = ? WHERE "id" = ?'
            db.execute_sql(update.replace("?", db.param), given)
