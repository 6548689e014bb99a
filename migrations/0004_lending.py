"""Lending: where copies are, what holds go through, the cart, rules of closing and of lending, notices of both."""

from peewee import (
    SQL,
    BooleanField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


class InstantField(DateTimeField):
    pass


def one_of(column, *values):
    listed = ", ".join(f"'{value}'" for value in values)
    return Check(f"{column} IN ({listed})")


def later_text():
    return TextField(default="", constraints=[SQL("DEFAULT ''")])


def later_flag():
    return BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")])


def later_number():
    return IntegerField(default=0, constraints=[SQL("DEFAULT 0")])


def later_key(model, on_delete="SET NULL"):
    refers = SQL(f'REFERENCES "{model._meta.table_name}" ("id") ON DELETE {on_delete}')
    return ForeignKeyField(model, null=True, _deferred=True, constraints=[refers], backref="+")


class Table(Model):
    class Meta:
        legacy_table_names = False


# what is referred to only; these tables are there
class Branch(Table): ...


class Patron(Table): ...


class Title(Table): ...


class OutboxMail(Table): ...


# these are there, and gain the columns below
class Item(Table):
    at_branch = later_key(Branch, "RESTRICT")
    going_to = later_key(Branch, "RESTRICT")
    aside = later_flag()


class Loan(Table):
    trouble = CharField(
        default="", constraints=[SQL("DEFAULT ''"), one_of("trouble", "", "lost", "damaged", "claimed")]
    )
    category = later_text()
    age_group = later_text()
    returned_at = InstantField(null=True)
    returned_to = later_key(Branch, "RESTRICT")
    request = later_text()


class HoldGroup(Table):
    patron = ForeignKeyField(Patron, backref="hold_groups", on_delete="CASCADE")
    kind = CharField(constraints=[one_of("kind", "in_order", "any_one")])


class Hold(Table):
    item = later_key(Item)
    loan = later_key(Loan)
    group = later_key(HoldGroup)
    position = later_number()
    rank = later_number()
    suspended_until = DateField(null=True)
    on_shelf_on = DateField(null=True)
    told_on = DateField(null=True)
    pickup_by = DateField(null=True)
    extended = later_flag()
    ended_at = InstantField(null=True)
    reason = later_text()


class HistoryEntry(Table):
    title = later_key(Title)


# new ones
class CartRow(Table):
    patron = ForeignKeyField(Patron, backref="cart", on_delete="CASCADE")
    title = ForeignKeyField(Title, on_delete="CASCADE")
    added_at = InstantField()

    class Meta:
        indexes = ((("patron", "title"), True),)


class ClosingRule(Table):
    branch = ForeignKeyField(Branch, null=True, backref="closing_rules", on_delete="CASCADE")
    rule = CharField()

    class Meta:
        indexes = ((("branch", "rule"), True),)


class PolicyRow(Table):
    category = CharField(default="")
    material_type = CharField(default="")
    lendable = BooleanField(null=True)
    holdable = BooleanField(null=True)
    loan_limit = IntegerField(null=True)
    loan_days = IntegerField(null=True)
    renewals = IntegerField(null=True)
    hold_limit = IntegerField(null=True)
    cart_limit = IntegerField(null=True)
    shelf_days = IntegerField(null=True)

    class Meta:
        constraints = [Check("category <> '' OR material_type <> ''")]
        indexes = ((("category", "material_type"), True),)


class LoanNotice(Table):
    loan = ForeignKeyField(Loan, backref="notices", on_delete="CASCADE")
    kind = CharField(constraints=[one_of("kind", "due", "overdue")])
    due_on = DateField()
    mail = ForeignKeyField(OutboxMail, null=True, backref="loan_notices", on_delete="SET NULL")
    stage = IntegerField(default=0)

    class Meta:
        indexes = ((("loan", "kind", "due_on", "stage"), True),)


class HoldNotice(Table):
    hold = ForeignKeyField(Hold, backref="notices", on_delete="CASCADE")
    kind = CharField(constraints=[one_of("kind", "ready", "deadline", "ended")])
    day = DateField()
    mail = ForeignKeyField(OutboxMail, null=True, backref="hold_notices", on_delete="SET NULL")

    class Meta:
        indexes = ((("hold", "kind", "day"), True),)


GROWN = (Item, Loan, Hold, HistoryEntry)
MADE = (HoldGroup, CartRow, ClosingRule, PolicyRow, HoldNotice)
INDEXES = (
    "CREATE INDEX item_on_the_way ON item (going_to_id) WHERE going_to_id IS NOT NULL",
    "CREATE INDEX item_aside ON item (id) WHERE aside",
    "CREATE UNIQUE INDEX loan_request ON loan (request) WHERE request <> ''",
    'CREATE INDEX "hold_loan_id" ON "hold" ("loan_id")',
    'CREATE INDEX "hold_group_id" ON "hold" ("group_id")',
    'CREATE INDEX "history_entry_title_id" ON "history_entry" ("title_id")',
    "CREATE UNIQUE INDEX hold_one_per_item ON hold (item_id) WHERE state IN ('preparing', 'in_transit', 'ready')",
    "CREATE INDEX hold_by_state ON hold (state) WHERE state IN ('preparing', 'in_transit', 'ready')",
)


def up(migrator, db):
    db.bind((Branch, Patron, Title, OutboxMail, *GROWN, *MADE, LoanNotice), bind_refs=False, bind_backrefs=False)
    db.create_tables(MADE[:1])
    for model in GROWN:
        _grow(model, db)
    db.create_tables(MADE[1:])
    _take_kind_overdue(db)
    # no copy was known for these: they stand in the queue until one is at hand
    db.execute_sql("UPDATE hold SET state = 'waiting' WHERE state IN ('preparing', 'in_transit', 'ready')")
    for statement in INDEXES:
        db.execute_sql(statement)


def _grow(model, db):
    for field in model._meta.sorted_fields:
        if field.name != "id":
            context = db.get_sql_context()
            column, values = context.sql(field.ddl(context)).query()
            db.execute_sql(f'ALTER TABLE "{model._meta.table_name}" ADD COLUMN {column}', values)


def _take_kind_overdue(db):
    """A constraint of a column can't be changed: the rows go through a table beside it."""
    db.execute_sql("CREATE TABLE notices_before AS SELECT id, loan_id, kind, due_on, mail_id FROM loan_notice")
    db.execute_sql("DROP TABLE loan_notice")
    db.create_tables((LoanNotice,))
    db.execute_sql(
        "INSERT INTO loan_notice (id, loan_id, kind, due_on, mail_id, stage) "
        "SELECT id, loan_id, kind, due_on, mail_id, 0 FROM notices_before"
    )
    db.execute_sql("DROP TABLE notices_before")
