"""Families whose members see what is out on a card, requests to close a card, and the name in place of the number."""

from peewee import SQL, CharField, Check, DateTimeField, ForeignKeyField, Model


class Table(Model):
    class Meta:
        legacy_table_names = False


# what is referred to only; this table is there
class Patron(Table): ...


class FamilyTie(Table):
    viewer = ForeignKeyField(Patron, backref="+", on_delete="CASCADE", index=False)
    number = CharField()
    child = ForeignKeyField(Patron, null=True, backref="+", on_delete="CASCADE")
    asked_at = DateTimeField()
    agreed_at = DateTimeField(null=True)

    class Meta:
        constraints = [Check("viewer_id <> child_id"), Check("agreed_at IS NULL OR child_id IS NOT NULL")]
        indexes = (
            (("viewer", "number"), True),
            SQL(
                "CREATE UNIQUE INDEX family_tie_agreed ON family_tie (viewer_id, child_id) WHERE agreed_at IS NOT NULL"
            ),
        )


class ClosingRequest(Table):
    patron = ForeignKeyField(Patron, unique=True, on_delete="CASCADE")
    asked_at = DateTimeField()


def up(migrator, db):
    db.execute_sql('ALTER TABLE "patron" ADD COLUMN "show_name" INTEGER NOT NULL DEFAULT FALSE')
    made = [FamilyTie, ClosingRequest]
    db.bind([Patron, *made], bind_refs=False, bind_backrefs=False)
    db.create_tables(made)
