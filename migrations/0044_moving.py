"""The day on which a library moves in: whether it is going on, and the steps to the opening. A library that is there is open.

The time of a patron whose expiry nobody saw written down counts from this day.
"""

from peewee import BooleanField, CharField, DateField, DateTimeField, Field, IntegerField, Model


class JSONField(Field):
    field_type = "TEXT"


class Table(Model):
    class Meta:
        legacy_table_names = False


class Move(Table):
    begun_at = DateTimeField()
    was_empty = BooleanField()
    opens_on = DateField(null=True)
    mails = IntegerField()


class MoveStep(Table):
    name = CharField(primary_key=True)
    facts = JSONField()
    confirmed_at = DateTimeField(null=True)
    confirmed_by = CharField()


def up(migrator, db):
    tables = (Move, MoveStep)
    db.bind(tables, bind_refs=False, bind_backrefs=False)
    db.create_tables(tables)
    db.execute_sql(
        'UPDATE "patron" SET "retention_from" = CURRENT_DATE WHERE "expires_on" IS NOT NULL AND "retention_from" IS NULL'
    )
