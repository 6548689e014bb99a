"""Remember for some minutes what a patron did and may take back."""

from peewee import CharField, Check, DateTimeField, Field, ForeignKeyField, Model


class JSONField(Field):
    field_type = "TEXT"


class Table(Model):
    class Meta:
        legacy_table_names = False


class Patron(Table):
    pass


class Undo(Table):
    patron = ForeignKeyField(Patron, on_delete="CASCADE")
    kind = CharField(constraints=[Check("kind IN ('renewals', 'cart', 'shelf')")])
    facts = JSONField()
    until = DateTimeField(index=True)


def up(migrator, db):
    db.bind([Patron, Undo], bind_refs=False, bind_backrefs=False)
    db.create_tables([Undo])
