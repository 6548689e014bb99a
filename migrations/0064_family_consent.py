"""家族: what a child lets the viewer do beside looking, how each is drawn, what is asked at 15 and at 18; and its renewals taken back."""

from peewee import (
    SQL,
    BooleanField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    Field,
    ForeignKeyField,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
)


class JSONField(Field):
    field_type = "TEXT"


class Table(Model):
    class Meta:
        legacy_table_names = False


class Patron(Table):
    pass


class FamilyTie(Table):
    viewer_id = IntegerField()
    colour = IntegerField()


class Undo(Table):
    patron = ForeignKeyField(Patron, on_delete="CASCADE")
    kind = CharField(constraints=[Check("kind IN ('renewals', 'family', 'cart', 'shelf')")])
    facts = JSONField()
    until = DateTimeField(index=True)


def _flag():
    return BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")])


def _tie_columns():
    return {
        "may_renew": _flag(),
        "may_card": _flag(),
        "titles_hidden": _flag(),
        "titles_asked_on": DateField(null=True),
        "titles_settled": _flag(),
        "label": TextField(default="", constraints=[SQL("DEFAULT ''")]),
        "colour": IntegerField(default=0, constraints=[SQL("DEFAULT 0"), Check("colour BETWEEN 0 AND 4")]),
        "seen_on": DateField(null=True),
        "ending_told_on": DateField(null=True),
        "stays_on": DateField(null=True),
    }


def up(migrator, db):
    columns = [("family_tie", name, column) for name, column in _tie_columns().items()]
    for table, name, column in [*columns, ("patron_address", "titles_off", _flag())]:
        migrator.migrate(migrator.add_column(table, name, column, allow_not_null=True))
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql('ALTER TABLE family_tie ALTER COLUMN label TYPE text COLLATE "C"')
    db.bind([Patron, FamilyTie, Undo], bind_refs=False, bind_backrefs=False)
    _colour()
    _make_undo_again(db)


def _colour():
    """Give the children of each viewer a colour each, as long as there are some."""
    seen = {}
    for tie in FamilyTie.select().order_by(FamilyTie.id):
        number = seen[tie.viewer_id] = seen.get(tie.viewer_id, -1) + 1
        FamilyTie.update(colour=number % 5).where(FamilyTie.id == tie.id).execute()


def _make_undo_again(db):
    """Replace the table, whose rows live for ten minutes, for a check that knows one kind more."""
    rows = list(Undo.select().dicts())
    db.drop_tables([Undo])
    db.create_tables([Undo])
    for row in rows:
        Undo.create(**{name: value for name, value in row.items() if name != "id"})
