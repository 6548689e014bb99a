"""Remember up to where an e-book was read: a part and a paragraph of it, as long as the loan runs."""

from peewee import Check, ForeignKeyField, IntegerField, Model


class Table(Model):
    class Meta:
        legacy_table_names = False


class EbookLoan(Table):
    pass


class ReadingPlace(Table):
    loan = ForeignKeyField(EbookLoan, unique=True, on_delete="CASCADE")
    part = IntegerField(constraints=[Check("part >= 1")])
    paragraph = IntegerField(constraints=[Check("paragraph >= 0")])


def up(migrator, db):
    db.bind([EbookLoan, ReadingPlace], bind_refs=False, bind_backrefs=False)
    db.create_tables([ReadingPlace])
