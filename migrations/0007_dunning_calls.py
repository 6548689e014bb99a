"""督促の電話: the day and the result of each call about an overdue loan."""

from peewee import CharField, Check, DateField, ForeignKeyField, IntegerField, Model, PostgresqlDatabase


class Table(Model):
    class Meta:
        legacy_table_names = False


class Loan(Table):
    pass


class DunningCall(Table):
    loan = ForeignKeyField(Loan, on_delete="CASCADE")
    called_on = DateField()
    stage = IntegerField()
    result = CharField(constraints=[Check("result IN ('spoke', 'message', 'missed')")])

    class Meta:
        indexes = ((("loan", "called_on"), True),)


def up(migrator, db):
    db.bind([Loan, DunningCall], bind_refs=False, bind_backrefs=False)
    db.create_tables([DunningCall])
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql('ALTER TABLE "dunning_call" ALTER COLUMN "result" TYPE text COLLATE "C"')
