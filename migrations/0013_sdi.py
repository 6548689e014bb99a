"""SDI: saved searches and what was told of each; the calendar of due dates that a phone subscribes to."""

from peewee import BooleanField, CharField, CompositeKey, DateField, DateTimeField, ForeignKeyField, Model, TextField


class Table(Model):
    class Meta:
        legacy_table_names = False


# what is referred to only; these tables are there
class Patron(Table): ...


class Title(Table): ...


class OutboxMail(Table): ...


class SdiCondition(Table):
    patron = ForeignKeyField(Patron, on_delete="CASCADE", index=False)
    name = TextField()
    query = TextField()
    active = BooleanField(default=True)
    created_at = DateTimeField()

    class Meta:
        indexes = ((("patron", "query"), True),)


class SdiTitle(Table):
    condition = ForeignKeyField(SdiCondition, on_delete="CASCADE", index=False)
    title = ForeignKeyField(Title, on_delete="CASCADE")
    told_on = DateField(null=True)
    mail = ForeignKeyField(OutboxMail, null=True, on_delete="SET NULL")

    class Meta:
        primary_key = CompositeKey("condition", "title")
        without_rowid = True


class CalendarLink(Table):
    patron = ForeignKeyField(Patron, unique=True, on_delete="CASCADE")
    serial = CharField(unique=True)
    with_titles = BooleanField(default=False)
    created_at = DateTimeField()


def up(migrator, db):
    made = [SdiCondition, SdiTitle, CalendarLink]
    db.bind([Patron, Title, OutboxMail, *made], bind_refs=False, bind_backrefs=False)
    db.create_tables(made)
