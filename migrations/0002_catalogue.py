"""The catalogue: readings, keys of order, names of contributors, and the source record of each title."""

from peewee import (
    BlobField,
    CharField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


class Table(Model):
    class Meta:
        legacy_table_names = False


class Title(Table):
    """Only what is referred to; its table is there."""


class Author(Table):
    name = TextField()
    kana = TextField(default="")
    latin = TextField(default="")
    sort_key = TextField(default="", index=True)

    class Meta:
        indexes = ((("name", "kana"), True),)


class Contributor(Table):
    title = ForeignKeyField(Title, backref="contributors", on_delete="CASCADE", index=False)
    position = IntegerField()
    author = ForeignKeyField(Author, backref="contributions", on_delete="RESTRICT")
    role = TextField(default="")

    class Meta:
        primary_key = CompositeKey("title", "position")
        without_rowid = True


class SourceRecord(Table):
    title = ForeignKeyField(Title, primary_key=True, backref="source_records", on_delete="CASCADE")
    format = CharField(constraints=[Check("format IN ('marc21', 'marcxml', 'dcndl', 'csv')")])
    raw = BlobField()


MADE = (Author, Contributor, SourceRecord)
NEW_COLUMNS = (
    "subtitle_kana",
    "series_kana",
    "ndc_edition",
    "contents",
    "title_latin",
    "digest",
    "sort_key",
    "author_sort_key",
    "shelf_key",
)


def up(migrator, db):
    for name in NEW_COLUMNS:
        db.execute_sql(f'ALTER TABLE "title" ADD COLUMN "{name}" TEXT NOT NULL DEFAULT \'\'')
    # headings stood in one line with semicolons between them; now each has its own, with room for its reading
    db.execute_sql(f"UPDATE title SET subjects = REPLACE(subjects, '; ', {db.param}) WHERE subjects <> ''", ("\n",))  # noqa: S608
    db.bind((Title, *MADE), bind_refs=False, bind_backrefs=False)
    db.create_tables(MADE)
