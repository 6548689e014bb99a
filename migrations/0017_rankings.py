"""貸出ベスト and 予約ベスト as they are shown, made by a job."""

from peewee import CharField, Check, CompositeKey, ForeignKeyField, IntegerField, Model


class Table(Model):
    class Meta:
        legacy_table_names = False


# what is referred to only; this table is there
class Title(Table): ...


class Ranking(Table):
    name = CharField(constraints=[Check("name IN ('loans', 'holds')")])
    span = CharField(constraints=[Check("span IN ('month', 'half', 'year')")])
    audience = CharField(constraints=[Check("audience IN ('', 'adult', 'child')")])
    place = IntegerField()
    title = ForeignKeyField(Title, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("name", "span", "audience", "place")
        without_rowid = True


def up(migrator, db):
    db.bind([Title, Ranking], bind_refs=False, bind_backrefs=False)
    db.create_tables([Ranking])
