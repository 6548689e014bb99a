"""Other titles of a title, out of its notes; copies stand in order of their call numbers; classes have no letter.

The index is made anew by the program: it has other titles, and all statements of authors.
"""

from peewee import CompositeKey, ForeignKeyField, IntegerField, Model, SqliteDatabase, TextField

KIND = "別書名"  # as the lines of notes began
BATCH = 1_000


class Table(Model):
    class Meta:
        legacy_table_names = False


class Title(Table):
    """Only what is referred to; its table is there."""


class TitleName(Table):
    title = ForeignKeyField(Title, backref="names", on_delete="CASCADE", index=False)
    position = IntegerField()
    kind = TextField()
    name = TextField()
    kana = TextField(default="")
    latin = TextField(default="")

    class Meta:
        primary_key = CompositeKey("title", "position")
        without_rowid = True


def up(migrator, db):
    db.bind((Title, TitleName), bind_refs=False, bind_backrefs=False)
    db.create_tables((TitleName,))
    db.execute_sql('ALTER TABLE "item" ADD COLUMN "shelf_key" TEXT NOT NULL DEFAULT \'\'')
    db.execute_sql(
        "CREATE INDEX item_in_order ON item (shelf_key, title_id) WHERE shelf_key <> '' AND state <> 'withdrawn'"
    )
    _move_names(db)
    # K is the mark of books for children
    db.execute_sql(
        "UPDATE title SET audience = '児童', ndc = substr(ndc, 2) WHERE ndc LIKE 'K_%' AND substr(ndc, 2, 1) BETWEEN '0' AND '9'"
    )
    if isinstance(db, SqliteDatabase):
        db.execute_sql(
            "UPDATE search_state SET version = version + 1, indexed_to = 0 WHERE EXISTS (SELECT 1 FROM title)"
        )


def _move_names(db):
    last, mark = 0, f"{KIND}: "
    while rows := db.execute_sql(
        f"SELECT id, note FROM title WHERE id > {db.param} AND note LIKE {db.param} ORDER BY id LIMIT {BATCH}",  # noqa: S608
        (last, f"%{mark}%"),
    ).fetchall():
        for title_id, note in rows:
            lines = note.split("\n")
            names = [line.removeprefix(mark) for line in lines if line.startswith(mark)]
            kept = "\n".join(line for line in lines if not line.startswith(mark))
            db.execute_sql(f"UPDATE title SET note = {db.param} WHERE id = {db.param}", (kept, title_id))  # noqa: S608
            for position, name in enumerate(dict.fromkeys(names)):
                TitleName.insert(title=title_id, position=position, kind=KIND, name=name).execute()
        last = rows[-1][0]
