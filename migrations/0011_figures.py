"""What the library's figures are made of: facts of acts without a patron, figures of months and years, accession and withdrawal of copies; 引き継ぎ."""

import json

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
)

ACTS = "act IN ('loan', 'renewal', 'hold', 'request')"
CHANNELS = "channel IN ('desk', 'offline', 'site', 'import')"
# loans of before: nobody kept the hour, the stage, the visit; copied in no order of theirs
COPY = """
INSERT INTO use_fact (id, act, day, branch_id, channel, category, is_group, stage, age_group, residence, material_type,
audience, ndc, borrowed, loan_id)
SELECT {random}, 'loan', loan.lent_on, loan.branch_id, 'desk', loan.category, FALSE, '', loan.age_group, '',
CASE WHEN item.material_type <> '' THEN item.material_type ELSE title.material_type END, title.audience, title.ndc,
FALSE, CASE WHEN loan.patron_id IS NULL THEN NULL ELSE loan.id END
FROM loan JOIN item ON item.id = loan.item_id JOIN title ON title.id = item.title_id
"""
SINCE = """
INSERT INTO recorded_since (name, day)
SELECT 'loans', COALESCE((SELECT MAX(opens_on) FROM move), MIN(lent_on)) FROM loan HAVING COUNT(*) > 0
UNION ALL SELECT 'facts', {today} WHERE EXISTS (SELECT 1 FROM loan)
"""


class Table(Model):
    class Meta:
        legacy_table_names = False


class Branch(Table):
    pass


class Loan(Table):
    pass


class Hold(Table):
    pass


class UseFact(Table):
    id = BigIntegerField(primary_key=True)
    act = CharField(constraints=[Check(ACTS)])
    day = DateField()
    hour = IntegerField(null=True)
    branch = ForeignKeyField(Branch, on_delete="RESTRICT", index=False)
    channel = CharField(constraints=[Check(CHANNELS)])
    category = CharField()
    is_group = BooleanField()
    stage = CharField()
    age_group = CharField()
    residence = CharField()
    material_type = CharField()
    audience = CharField()
    ndc = CharField()
    borrowed = BooleanField()
    opens_visit = BooleanField(null=True)
    first_in_year = BooleanField(null=True)
    loan = ForeignKeyField(Loan, null=True, on_delete="SET NULL")
    hold = ForeignKeyField(Hold, null=True, on_delete="SET NULL")

    class Meta:
        indexes = ((("day", "act", "branch"), False),)


class MonthFigure(Table):
    id = AutoField()
    month = DateField()
    branch = ForeignKeyField(Branch, on_delete="RESTRICT", index=False)
    name = CharField()
    word = CharField()
    number = IntegerField()

    class Meta:
        indexes = ((("month", "branch", "name", "word"), True),)


class YearFigure(Table):
    id = AutoField()
    year = IntegerField()
    name = CharField()
    number = IntegerField()

    class Meta:
        indexes = ((("year", "name"), True),)


class RecordedSince(Table):
    name = CharField(primary_key=True)
    day = DateField()


class DeskNote(Table):
    id = AutoField()
    branch = ForeignKeyField(Branch, unique=True, on_delete="CASCADE")
    text = CharField()
    by = CharField()
    at = DateTimeField()


NEW = (UseFact, MonthFigure, YearFigure, RecordedSince, DeskNote)
TEXTS = ("acquired_how", "supplier", "budget_word", "withdrawn_reason", "former_state")


def up(migrator, db):
    is_server = isinstance(db, PostgresqlDatabase)
    text = {name: TextField(default="", constraints=[SQL("DEFAULT ''")]) for name in TEXTS}
    added = {"acquired_how": text["acquired_how"], "price": IntegerField(null=True), "supplier": text["supplier"]}
    added |= {"budget_word": text["budget_word"], "withdrawn_on": DateField(null=True)}
    added |= {name: text[name] for name in ("withdrawn_reason", "former_state")}
    migrator.migrate(
        *(migrator.add_column("item", name, field, allow_not_null=True) for name, field in added.items()),
        migrator.add_column(
            "patron", "borrowed_in", IntegerField(default=0, constraints=[SQL("DEFAULT 0")]), allow_not_null=True
        ),
    )
    db.execute_sql("CREATE INDEX item_withdrawn ON item (withdrawn_on) WHERE withdrawn_on IS NOT NULL")
    UseFact._meta.without_rowid = not is_server  # ordered by its random number alone
    db.bind([Branch, Loan, Hold, *NEW], bind_refs=False, bind_backrefs=False)
    db.create_tables(NEW)
    random = "CAST(random() * 9007199254740991 AS bigint)" if is_server else "random() & 9007199254740991"
    db.execute_sql(COPY.format(random=random))
    groups = db.execute_sql("SELECT value FROM setting WHERE name = 'group_categories'").fetchone()
    for category in json.loads(groups[0]) if groups else ():
        UseFact.update(is_group=True).where(UseFact.category == category).execute()
    db.execute_sql(SINCE.format(today="CURRENT_DATE" if is_server else "date('now', 'localtime')"))
