"""Remember what headings and words of a file mean, and which copies its old system called out."""

from peewee import CharField, Check, ForeignKeyField, Model, PostgresqlDatabase, TextField


class Table(Model):
    class Meta:
        legacy_table_names = False


class Item(Table):
    """Only what is referred to; its table is there."""


class Assignment(Table):
    kind = CharField(constraints=[Check("kind IN ('branches', 'titles', 'items', 'patrons', 'loans', 'holds')")])
    field = CharField()
    word = TextField(default="")
    means = TextField()

    class Meta:
        indexes = ((("kind", "field", "word"), True),)


class SaidOut(Table):
    item = ForeignKeyField(Item, unique=True, on_delete="CASCADE")


def up(migrator, db):
    models = (Item, Assignment, SaidOut)
    db.bind(models, bind_refs=False, bind_backrefs=False)
    db.create_tables(models[1:])
    if isinstance(db, PostgresqlDatabase):
        for column in ("kind", "field", "word", "means"):
            db.execute_sql(f'ALTER TABLE assignment ALTER COLUMN "{column}" TYPE text COLLATE "C"')
