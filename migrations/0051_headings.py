"""Titles are joined to works, forms of names to people, and subjects have rows of their own.

What is there already is sorted by the program after its start, some titles at a time.
"""

from peewee import CompositeKey, ForeignKeyField, IntegerField, Model, PostgresqlDatabase, TextField


class Table(Model):
    class Meta:
        legacy_table_names = False


class Title(Table):
    """Only what is referred to, as the next; their tables are there."""


class Author(Table):
    pass


class WorkJoin(Table):
    key = TextField(primary_key=True)
    work_key = TextField(index=True)


class AuthorName(Table):
    author = ForeignKeyField(Author, backref="names", on_delete="CASCADE", index=False)
    position = IntegerField()
    kind = TextField()
    name = TextField()
    kana = TextField(default="")
    latin = TextField(default="")

    class Meta:
        primary_key = CompositeKey("author", "position")
        without_rowid = True


class AuthorIdentifier(Table):
    scheme = TextField()
    value = TextField()
    author = ForeignKeyField(Author, backref="identifiers", on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("scheme", "value")
        without_rowid = True


class Subject(Table):
    name = TextField(unique=True)
    kana = TextField(default="")
    sort_key = TextField(default="", index=True)


class TitleSubject(Table):
    title = ForeignKeyField(Title, on_delete="CASCADE", index=False)
    position = IntegerField()
    subject = ForeignKeyField(Subject, backref="titles", on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("title", "position")
        without_rowid = True


class SubjectLink(Table):
    subject = ForeignKeyField(Subject, backref="links", on_delete="CASCADE", index=False)
    position = IntegerField()
    kind = TextField()
    name = TextField()
    kana = TextField(default="")
    relation = TextField(default="")

    class Meta:
        primary_key = CompositeKey("subject", "position")
        without_rowid = True


MADE = (WorkJoin, AuthorName, AuthorIdentifier, Subject, TitleSubject, SubjectLink)


def up(migrator, db):
    is_server = isinstance(db, PostgresqlDatabase)
    flag = "BOOLEAN" if is_server else "INTEGER"
    for table, column, kind in (
        ("title", "work_key", "TEXT NOT NULL DEFAULT ''"),
        ("title", "work_fixed", f"{flag} NOT NULL DEFAULT FALSE"),
        ("author", "person_id", 'INTEGER REFERENCES "author" ("id") ON DELETE SET NULL'),
        ("author", "person_fixed", f"{flag} NOT NULL DEFAULT FALSE"),
        ("author", "apart", "TEXT NOT NULL DEFAULT ''"),
    ):
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {kind}')
    db.execute_sql("CREATE INDEX title_of_work ON title (work_key)")
    db.execute_sql('CREATE INDEX "author_person_id" ON "author" ("person_id")')
    db.execute_sql('DROP INDEX "author_name_kana"')
    db.execute_sql('CREATE UNIQUE INDEX "author_name_kana_apart" ON "author" ("name", "kana", "apart")')
    db.bind((Title, Author, *MADE), bind_refs=False, bind_backrefs=False)
    for table in MADE:
        table._meta.without_rowid = table._meta.without_rowid and not is_server  # which only SQLite knows
    db.create_tables(MADE)
