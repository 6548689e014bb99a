"""Let the desk find a lost or an old card by its last digits, as it finds a card of now."""

from peewee import PostgresqlDatabase


def up(migrator, db):
    kind = 'text COLLATE "C"' if isinstance(db, PostgresqlDatabase) else "TEXT"
    db.execute_sql(f'ALTER TABLE "card_number" ADD COLUMN "key" {kind} NOT NULL DEFAULT \'\'')
    rows = db.execute_sql("SELECT id, number FROM card_number WHERE kind IN ('lost', 'old')").fetchall()
    for row_id, number in rows:
        key = "".join(letter for letter in number if letter.isalnum())[::-1].upper()
        db.execute_sql(f'UPDATE "card_number" SET "key" = {db.param} WHERE id = {db.param}', (key, row_id))  # noqa: S608
    db.execute_sql('CREATE INDEX "card_number_key" ON "card_number" ("key")')
