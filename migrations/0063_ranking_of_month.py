"""The list of holds that stood last in a month: what the lists of the next are compared with."""

from peewee import CharField, Check, CompositeKey, ForeignKeyField, IntegerField, Model, PostgresqlDatabase


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


def up(migrator, db):
    is_server = isinstance(db, PostgresqlDatabase)
    db.bind([Title, RankingOfMonth], bind_refs=False, bind_backrefs=False)
    RankingOfMonth._meta.without_rowid = not is_server  # which only SQLite knows
    db.create_tables([RankingOfMonth])
    if is_server:
        for column in ("month", "span", "audience"):
            db.execute_sql(f'ALTER TABLE ranking_of_month ALTER COLUMN "{column}" TYPE text COLLATE "C"')
