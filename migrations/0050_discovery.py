"""When titles changed, which are no more, what series they are in, and where their reading comes from.

All titles changed now: their records are read again by the program, which knows more of them (docs/adr/0088-readings-and-fields.md).
"""

from datetime import UTC, datetime

from peewee import (
    SQL,
    Check,
    CompositeKey,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
)

TEXTS = {
    "series": ("key", "name", "kana"),
    "title_series": ("name", "kana", "latin", "number"),
    "deleted_title": ("branches",),
}


class Table(Model):
    class Meta:
        legacy_table_names = False


class Title(Table):
    """Only what is referred to; its table is there."""


class Series(Table):
    key = TextField(unique=True)
    name = TextField()
    kana = TextField(default="")


class TitleSeries(Table):
    title = ForeignKeyField(Title, backref="+", on_delete="CASCADE", index=False)
    position = IntegerField()
    series = ForeignKeyField(Series, backref="+", on_delete="RESTRICT")
    name = TextField()
    kana = TextField(default="")
    latin = TextField(default="")
    number = TextField(default="")

    class Meta:
        primary_key = CompositeKey("title", "position")


class DeletedTitle(Table):
    title_id = IntegerField(primary_key=True)
    deleted_at = DateTimeField(index=True)
    merged_into = ForeignKeyField(Title, null=True, on_delete="SET NULL", backref="+")
    branches = TextField(default="")


def up(migrator, db):
    db.bind((Title, Series, TitleSeries, DeletedTitle), bind_refs=False, bind_backrefs=False)
    TitleSeries._meta.without_rowid = not _is_server(db)  # which only SQLite knows
    db.create_tables((Series, TitleSeries, DeletedTitle))
    source = TextField(default="", constraints=[SQL("DEFAULT ''"), Check("kana_source IN ('', 'romaji', 'desk')")])
    changed = DateTimeField(constraints=[SQL("DEFAULT '1970-01-01 00:00:00'")])
    text = TextField(default="", constraints=[SQL("DEFAULT ''")])
    migrator.migrate(
        migrator.add_column("title", "volume_kana", text, allow_not_null=True),
        migrator.add_column("title", "publisher_kana", text, allow_not_null=True),
        migrator.add_column("title", "kana_source", source, allow_not_null=True),
        migrator.add_column("title", "changed_at", changed, allow_not_null=True),
    )
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    db.execute_sql(f"UPDATE title SET changed_at = {db.param}", (now if _is_server(db) else str(now),))  # noqa: S608
    db.execute_sql("CREATE INDEX title_changed ON title (changed_at, id)")
    # library/importing/rereading.py goes by it
    db.execute_sql("INSERT INTO setting (name, value) SELECT 'reread', '{}' WHERE EXISTS (SELECT 1 FROM title)")
    if _is_server(db):
        for table, columns in ({"title": ("volume_kana", "publisher_kana", "kana_source")} | TEXTS).items():
            for column in columns:
                db.execute_sql(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE text COLLATE "C"')


def _is_server(db):
    return isinstance(db, PostgresqlDatabase)
