"""What comes through the door: リクエスト, 雑誌, 相互貸借, and セット of 団体."""

from peewee import (
    SQL,
    AutoField,
    BooleanField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)

STATES = "state IN ('received', 'considered', 'buying', 'borrowing', 'declined', 'arrived', 'cancelled')"
CONTACT = "contact_method IN ('none', 'mail', 'phone')"
INTERVALS = (
    "interval IN ('daily', 'weekly', 'biweekly', 'twice_monthly', 'monthly', 'bimonthly', 'quarterly', "
    "'half_yearly', 'yearly', 'irregular')"
)


class Table(Model):
    class Meta:
        legacy_table_names = False


class Branch(Table):
    pass


class Title(Table):
    pass


class Item(Table):
    pass


class Hold(Table):
    pass


class Patron(Table):
    pass


class Partner(Table):
    id = AutoField()
    name = CharField(unique=True)
    isil = CharField()
    is_stopped = BooleanField()


class Wanted(Table):
    id = AutoField()
    title_text = TextField()
    author = TextField()
    publisher = TextField()
    year_text = TextField()
    isbn = CharField()
    volume = TextField()
    key = TextField(index=True)
    state = CharField(constraints=[Check(STATES)])
    reason = CharField()
    title = ForeignKeyField(Title, null=True, on_delete="RESTRICT")
    made_at = DateTimeField()
    decided_on = DateField(null=True)
    ended_at = DateTimeField(null=True)

    class Meta:
        indexes = (SQL("CREATE INDEX wanted_open ON wanted (state, made_at) WHERE ended_at IS NULL"),)


class PatronRequest(Table):
    id = AutoField()
    wanted = ForeignKeyField(Wanted, on_delete="RESTRICT")
    patron = ForeignKeyField(Patron, on_delete="RESTRICT")
    may_borrow = BooleanField()
    note = TextField()
    reply = TextField()
    pickup_branch = ForeignKeyField(Branch, on_delete="RESTRICT", index=False)
    contact_method = CharField(constraints=[Check(CONTACT)])
    hold = ForeignKeyField(Hold, null=True, on_delete="SET NULL")
    asked_at = DateTimeField()
    ended_at = DateTimeField(null=True)
    cancelled = BooleanField()
    sealed = BooleanField(constraints=[SQL("DEFAULT FALSE")])

    class Meta:
        indexes = (
            SQL("CREATE UNIQUE INDEX patron_request_open ON patron_request (patron_id, wanted_id) WHERE NOT cancelled"),
            SQL("CREATE INDEX patron_request_ended ON patron_request (ended_at) WHERE ended_at IS NOT NULL"),
        )


class Borrowing(Table):
    id = AutoField()
    wanted = ForeignKeyField(Wanted, on_delete="RESTRICT")
    partner = ForeignKeyField(Partner, on_delete="RESTRICT", index=False)
    branch = ForeignKeyField(Branch, on_delete="RESTRICT", index=False)
    item = ForeignKeyField(Item, null=True, unique=True, on_delete="RESTRICT")
    state = CharField(constraints=[Check("state IN ('asked', 'arrived', 'sent_back', 'refused')")])
    asked_on = DateField()
    arrived_on = DateField(null=True)
    due_on = DateField(null=True)
    sent_back_on = DateField(null=True)
    in_house = BooleanField()
    no_renewal = BooleanField()

    class Meta:
        table_name = "ill_borrowing"
        constraints = [Check("state NOT IN ('arrived', 'sent_back') OR item_id IS NOT NULL")]
        indexes = (
            SQL("CREATE INDEX ill_borrowing_open ON ill_borrowing (state, due_on)"),
            SQL("CREATE INDEX ill_borrowing_arrived ON ill_borrowing (arrived_on) WHERE arrived_on IS NOT NULL"),
        )


class Serial(Table):
    id = AutoField()
    name = TextField()
    name_kana = TextField()
    publisher = TextField()
    issn = CharField()
    interval = CharField(constraints=[Check(INTERVALS)])
    keep_years = IntegerField(null=True)
    acquired_how = CharField()
    lends_newest = BooleanField()
    began_on = DateField()
    ended_on = DateField(null=True)


class SerialCopies(Table):
    id = AutoField()
    serial = ForeignKeyField(Serial, on_delete="CASCADE", index=False)
    branch = ForeignKeyField(Branch, on_delete="RESTRICT", index=False)
    number = IntegerField()

    class Meta:
        indexes = ((("serial", "branch"), True),)


class Issue(Table):
    id = AutoField()
    serial = ForeignKeyField(Serial, on_delete="RESTRICT", index=False)
    title = ForeignKeyField(Title, unique=True, on_delete="CASCADE")
    position = IntegerField()
    name = TextField()
    kind = CharField(constraints=[Check("kind IN ('single', 'double', 'extra')")])

    class Meta:
        indexes = ((("serial", "position"), True),)


class ItemSet(Table):
    id = AutoField()
    name = CharField()
    barcode = CharField(unique=True)
    branch = ForeignKeyField(Branch, on_delete="RESTRICT", index=False)


class SetRow(Table):
    id = AutoField()
    item_set = ForeignKeyField(ItemSet, on_delete="CASCADE")
    item = ForeignKeyField(Item, unique=True, on_delete="CASCADE")
    position = IntegerField()


NEW = (Partner, Wanted, PatronRequest, Borrowing, Serial, SerialCopies, Issue, ItemSet, SetRow)


def up(migrator, db):
    db.bind([Branch, Title, Item, Hold, Patron, *NEW], bind_refs=False, bind_backrefs=False)
    db.create_tables(NEW)
    flag = "INTEGER" if isinstance(db, SqliteDatabase) else "BOOLEAN"
    for table, column in (
        ("item", 'owner_id INTEGER REFERENCES "partner" ("id") ON DELETE RESTRICT'),
        ("patron", "representative TEXT NOT NULL DEFAULT ''"),
        ("patron", "delivery_to TEXT NOT NULL DEFAULT ''"),
        ("use_fact", f"is_partner {flag} NOT NULL DEFAULT FALSE"),
    ):
        name, rest = column.split(" ", 1)
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{name}" {rest}')
    keep_categories(db)


def keep_categories(db):
    """Let a library in use keep its categories: 団体, marked as such, is among those of a new one from now on."""
    if not db.execute_sql("SELECT 1 FROM patron LIMIT 1").fetchone():
        return
    asked = "SELECT name FROM setting WHERE name IN ('categories', 'group_categories')"
    stored = {name for (name,) in db.execute_sql(asked).fetchall()}
    for name, value in (("categories", '["一般", "児童"]'), ("group_categories", "[]")):
        if name not in stored:
            db.execute_sql(f"INSERT INTO setting (name, value) VALUES ('{name}', '{value}')")
