"""Numbers of cards that were reported lost."""

from peewee import CharField, DateTimeField, ForeignKeyField, Model


class Table(Model):
    class Meta:
        legacy_table_names = False


class Patron(Table):
    pass


class LostCard(Table):
    card_number = CharField(unique=True)
    patron = ForeignKeyField(Patron, null=True, backref="lost_cards", on_delete="SET NULL")
    reported_at = DateTimeField()


def up(migrator, db):
    db.bind([Patron, LostCard], bind_refs=False, bind_backrefs=False)
    db.create_tables([LostCard])
