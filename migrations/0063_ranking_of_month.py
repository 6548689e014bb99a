"""The list of holds that stood last in a month: what the lists of the next are compared with."""

from peewee import CharField, Check, CompositeKey, ForeignKeyField, IntegerField, Model


class Table(Model):
    class Meta:
        legacy_table_names = False


# what is referred to only; this table is there
class Title(Table): ...


class RankingOfMonth(Table):
    month = CharField()
    span = CharField(constraints=[Check("span IN ('month', 'half', 'year')")])
    audience = CharField(constraints=[Check("audience IN ('', 'adult', 'child')")])
    place = IntegerField()
    title = ForeignKeyField(Title, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("month", "span", "audience", "place")
        without_rowid = True


def up(migrator, db):
    db.bind([Title, RankingOfMonth], bind_refs=False, bind_backrefs=False)
    db.create_tables([RankingOfMonth])
