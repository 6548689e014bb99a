"""The first schema: a frozen copy of the tables of that time, and the triggers that keep the audit log append-only."""

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


class JSONField(TextField):
    pass


def one_of(column, *values):
    listed = ", ".join(f"'{value}'" for value in values)
    return Check(f"{column} IN ({listed})")


class Table(Model):
    class Meta:
        legacy_table_names = False


class Setting(Table):
    name = CharField(primary_key=True)
    value = JSONField(null=True)


class Branch(Table):
    code = CharField(unique=True)
    name = CharField(unique=True)
    name_kana = CharField(default="")
    address = CharField(default="")
    phone = CharField(default="")
    position = IntegerField(default=0, index=True)
    pickup = BooleanField(default=True)
    closed_weekdays = CharField(default="")
    opens_at = CharField(default="")
    closes_at = CharField(default="")


class ClosedDay(Table):
    branch = ForeignKeyField(Branch, backref="closed_days", on_delete="CASCADE")
    day = DateField()
    open = BooleanField(default=False)
    note = CharField(default="")

    class Meta:
        indexes = ((("branch", "day"), True),)


class Staff(Table):
    login = CharField(unique=True)
    name = CharField(default="")
    role = CharField(constraints=[one_of("role", "desk", "admin")])
    password_hash = CharField()
    must_change_password = BooleanField(default=True)
    disabled_at = InstantField(null=True)
    created_at = InstantField()


class Patron(Table):
    card_number = CharField(unique=True)
    name = CharField()
    name_kana = CharField(default="")
    birth_date = DateField()
    category = CharField(default="一般")
    phone_home = CharField(default="")
    phone_mobile = CharField(default="")
    phone_work = CharField(default="")
    branch = ForeignKeyField(Branch, null=True, on_delete="RESTRICT")
    registered_on = DateField(null=True)
    expires_on = DateField(null=True)
    state = CharField(default="active", constraints=[one_of("state", "active", "suspended", "closed")])
    closed_on = DateField(null=True)
    password_hash = CharField(default="")
    initial_issued_at = InstantField(null=True)
    initial_code_hash = CharField(default="")
    initial_failures = IntegerField(default=0)
    pickup_branch = ForeignKeyField(Branch, null=True, backref="+", on_delete="RESTRICT")
    contact_method = CharField(default="none", constraints=[one_of("contact_method", "none", "mail", "phone")])
    contact_phone = CharField(default="mobile", constraints=[one_of("contact_phone", "mobile", "home", "work")])
    keep_history = BooleanField(default=False)
    titles_in_mail = BooleanField(default=True)
    text_size = CharField(default="", constraints=[one_of("text_size", "", "s", "m", "l")])


class PatronAddress(Table):
    patron = ForeignKeyField(Patron, backref="addresses", on_delete="CASCADE")
    position = IntegerField(constraints=[Check("position IN (1, 2)")])
    address = CharField()
    kind = CharField(constraints=[one_of("kind", "pc", "mobile")])
    verified_at = InstantField(null=True)
    failures = IntegerField(default=0)
    undeliverable_at = InstantField(null=True)

    class Meta:
        indexes = ((("patron", "position"), True), (("patron", "address"), True))


class MailPreference(Table):
    patron = ForeignKeyField(Patron, backref="mail_preferences", on_delete="CASCADE")
    kind = CharField(constraints=[one_of("kind", "registration", "hold", "sdi", "due")])
    to_pc = BooleanField(default=False)
    to_mobile = BooleanField(default=False)
    active = BooleanField(default=False)
    days_before = IntegerField(default=1, constraints=[Check("days_before BETWEEN 0 AND 7")])

    class Meta:
        indexes = ((("patron", "kind"), True),)


class Title(Table):
    source = CharField(default="")
    source_id = CharField(default="")
    title = TextField()
    title_kana = TextField(default="")
    subtitle = TextField(default="")
    volume = TextField(default="")
    series = TextField(default="")
    author = TextField(default="")
    author_kana = TextField(default="")
    publisher = TextField(default="")
    place = TextField(default="")
    year = IntegerField(null=True)
    year_text = TextField(default="")
    isbn = CharField(default="", index=True)
    isbn_text = TextField(default="")
    ndc = TextField(default="")
    subjects = TextField(default="")
    material_type = CharField(default="図書")
    audience = CharField(default="一般")
    language = CharField(default="")
    extent = TextField(default="")
    price = TextField(default="")
    note = TextField(default="")
    accession_date = DateField(null=True)

    class Meta:
        indexes = (
            SQL("CREATE UNIQUE INDEX title_source ON title (source, source_id) WHERE source_id <> ''"),
            SQL("CREATE INDEX title_unnumbered ON title (title) WHERE source_id = '' AND isbn = ''"),
        )


class Item(Table):
    title = ForeignKeyField(Title, backref="items", on_delete="RESTRICT")
    barcode = CharField(unique=True)
    branch = ForeignKeyField(Branch, on_delete="RESTRICT")
    shelf = CharField(default="")
    call_number = CharField(default="")
    material_type = CharField(default="")
    state = CharField(
        default="available",
        constraints=[one_of("state", "available", "reference", "repair", "missing", "lost", "withdrawn")],
    )
    acquired_on = DateField(null=True)


class Loan(Table):
    item = ForeignKeyField(Item, backref="loans", on_delete="RESTRICT")
    patron = ForeignKeyField(Patron, null=True, backref="loans", on_delete="RESTRICT")
    branch = ForeignKeyField(Branch, on_delete="RESTRICT")
    lent_on = DateField()
    due_on = DateField(index=True)
    returned_on = DateField(null=True)
    renewals = IntegerField(default=0)

    class Meta:
        constraints = [Check("due_on >= lent_on"), Check("returned_on IS NOT NULL OR patron_id IS NOT NULL")]
        indexes = (
            (("patron", "returned_on"), False),
            SQL("CREATE UNIQUE INDEX loan_one_open_per_item ON loan (item_id) WHERE returned_on IS NULL"),
        )


class Hold(Table):
    patron = ForeignKeyField(Patron, backref="holds", on_delete="RESTRICT")
    title = ForeignKeyField(Title, backref="holds", on_delete="RESTRICT")
    pickup_branch = ForeignKeyField(Branch, on_delete="RESTRICT")
    contact_method = CharField(default="none", constraints=[one_of("contact_method", "none", "mail", "phone")])
    state = CharField(
        default="waiting",
        constraints=[
            one_of("state", "waiting", "preparing", "in_transit", "ready", "collected", "cancelled", "expired")
        ],
    )
    placed_at = InstantField()

    class Meta:
        indexes = (
            SQL(
                "CREATE UNIQUE INDEX hold_one_open_per_title ON hold (patron_id, title_id) WHERE state IN ('waiting', 'preparing', 'in_transit', 'ready')"
            ),
            (("title", "state", "placed_at"), False),
        )


class HistoryEntry(Table):
    patron = ForeignKeyField(Patron, backref="history", on_delete="CASCADE")
    title_text = CharField()
    author_text = CharField(default="")
    branch_text = CharField(default="")
    lent_on = DateField()

    class Meta:
        indexes = ((("patron", "lent_on"), False),)


class Session(Table):
    token_hash = CharField(unique=True)
    patron = ForeignKeyField(Patron, null=True, backref="sessions", on_delete="CASCADE")
    staff = ForeignKeyField(Staff, null=True, backref="sessions", on_delete="CASCADE")
    scope = CharField(default="full", constraints=[one_of("scope", "full", "first_password")])
    created_at = InstantField()
    seen_at = InstantField()
    authenticated_at = InstantField()
    client = CharField(default="")

    class Meta:
        constraints = [Check("(patron_id IS NULL) <> (staff_id IS NULL)")]


class KnownDevice(Table):
    patron = ForeignKeyField(Patron, on_delete="CASCADE")
    token_hash = CharField(unique=True)
    seen_at = InstantField()


class Throttle(Table):
    name = CharField(primary_key=True)
    failures = IntegerField(default=0)
    since = InstantField()
    allowed_at = InstantField()


class Draft(Table):
    patron = ForeignKeyField(Patron, unique=True, on_delete="CASCADE")
    token = CharField(unique=True)
    base = JSONField()
    values = JSONField(column_name="entered")
    password_hash = CharField(default="")
    created_at = InstantField()


class OneTimeLink(Table):
    token_hash = CharField(unique=True)
    purpose = CharField(constraints=[one_of("purpose", "reset", "verify")])
    patron = ForeignKeyField(Patron, on_delete="CASCADE")
    address = CharField()
    expires_at = InstantField()
    used_at = InstantField(null=True)


class Audit(Table):
    at = InstantField(index=True)
    actor = CharField()
    action = CharField()
    patron = ForeignKeyField(Patron, null=True, on_delete="SET NULL")
    details = JSONField(default=dict)

    class Meta:
        indexes = ((("patron", "action", "at"), False),)


class OutboxMail(Table):
    kind = CharField()
    key = CharField(unique=True)
    patron = ForeignKeyField(Patron, null=True, backref="mails", on_delete="SET NULL")
    address = CharField()
    address_kind = CharField(default="pc", constraints=[one_of("address_kind", "pc", "mobile")])
    facts = JSONField(default=dict)
    message_id = CharField(unique=True)
    state = CharField(
        default="queued", constraints=[one_of("state", "queued", "sending", "sent", "failed", "cancelled")]
    )
    created_at = InstantField()
    next_try_at = InstantField()
    tries = IntegerField(default=0)
    sent_at = InstantField(null=True)
    subject = CharField(default="")
    text = TextField(default="")
    error = CharField(default="")
    cause = ForeignKeyField(Audit, null=True, backref="mails", on_delete="SET NULL")

    class Meta:
        indexes = ((("state", "next_try_at"), False), (("patron", "created_at"), False))


class LoanNotice(Table):
    loan = ForeignKeyField(Loan, backref="notices", on_delete="CASCADE")
    kind = CharField(constraints=[one_of("kind", "due")])
    due_on = DateField()
    mail = ForeignKeyField(OutboxMail, null=True, backref="loan_notices", on_delete="SET NULL")

    class Meta:
        indexes = ((("loan", "kind", "due_on"), True),)


class JobRun(Table):
    name = CharField(primary_key=True)
    day = DateField(null=True)
    started_at = InstantField()
    finished_at = InstantField(null=True)
    counts = JSONField(default=dict)
    last_error = CharField(default="")
    failed_at = InstantField(null=True)


ALL = (
    Setting,
    Branch,
    ClosedDay,
    Staff,
    Patron,
    PatronAddress,
    MailPreference,
    Title,
    Item,
    Loan,
    Hold,
    HistoryEntry,
    Session,
    KnownDevice,
    Throttle,
    Draft,
    OneTimeLink,
    Audit,
    OutboxMail,
    LoanNotice,
    JobRun,
)

# Rows may go after two years (the retention job), never before, and are never changed;
# the database itself forgets which patron a row was about when that patron is deleted.
AUDIT_TRIGGERS = (
    """
    CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OF at, actor, action, details ON audit
    BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END
    """,
    """
    CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit WHEN OLD.at > datetime('now', '-729 days')
    BEGIN SELECT RAISE(ABORT, 'audit rows are kept two years'); END
    """,
)


def up(migrator, db):
    db.bind(ALL, bind_refs=False, bind_backrefs=False)
    db.create_tables(ALL)
    for trigger in AUDIT_TRIGGERS:
        db.execute_sql(trigger)
