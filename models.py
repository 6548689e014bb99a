"""Every table, index and constraint; nothing else: no rule, no mail, no save() override.

Instants are kept in UTC and come back with their zone; days (due dates, birthdays) are plain dates.
A changed table needs a numbered file in ``migrations/``; ``tests/house`` compares the two.
"""

import json
from datetime import UTC, datetime

from peewee import (
    SQL,
    BlobField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    DatabaseProxy,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

database = DatabaseProxy()


class InstantField(DateTimeField):
    """A moment, stored in UTC without zone, read back with it."""

    def db_value(self, value):
        if value is not None and value.tzinfo is not None:
            value = value.astimezone(UTC).replace(tzinfo=None)
        return super().db_value(value)

    def python_value(self, value):
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class JSONField(TextField):
    """A small structure, kept as JSON text so that both databases read it alike."""

    def db_value(self, value):
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def python_value(self, value):
        return None if value is None else json.loads(value)


def one_of(column, *values):
    listed = ", ".join(f"'{value}'" for value in values)
    return Check(f"{column} IN ({listed})")


class Table(Model):
    class Meta:
        database = database
        legacy_table_names = False


def later_text():
    """A text column that came after the table: what was there before has it empty."""
    return TextField(default="", constraints=[SQL("DEFAULT ''")])


def later_flag():
    return BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")])


def later_number():
    return IntegerField(default=0, constraints=[SQL("DEFAULT 0")])


class Setting(Table):
    """What a librarian changes on a page: one row a setting; defaults are in ``library.policy``."""

    name = CharField(primary_key=True)
    value = JSONField(null=True)


class Branch(Table):
    """館: a place of the library. ``closed_weekdays`` are digits, Monday 0."""

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
    """休館日 or, with ``open``, an exceptional opening of one branch."""

    branch = ForeignKeyField(Branch, backref="closed_days", on_delete="CASCADE")
    day = DateField()
    open = BooleanField(default=False)
    note = CharField(default="")

    class Meta:
        indexes = ((("branch", "day"), True),)


class ClosingRule(Table):
    """Days on which a branch (empty: every branch) is closed again and again: 第3水曜, 月末, 12/29-1/3 (``library.calendar.closing_rules``)."""

    branch = ForeignKeyField(Branch, null=True, backref="closing_rules", on_delete="CASCADE")
    rule = CharField()

    class Meta:
        indexes = ((("branch", "rule"), True),)


class PolicyRow(Table):
    """What differs from the general rules of lending for a category of patrons, a material type, or both (empty: any).

    An empty column says nothing; what holds then is said in ``library.policy``.
    """

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


class Staff(Table):
    """職員: an account of the desk."""

    login = CharField(unique=True)
    name = CharField(default="")
    role = CharField(constraints=[one_of("role", "desk", "admin")])
    password_hash = CharField()
    must_change_password = BooleanField(default=True)
    disabled_at = InstantField(null=True)
    created_at = InstantField()


class Patron(Table):
    """利用者: a person with a card.

    ``password_hash`` empty means: never set a password of one's own. The initial password counts from
    ``initial_issued_at``; ``initial_code_hash`` is the desk's one-time code, empty where month and day of birth open.
    ``desk_note`` is 窓口メモ, for the staff alone. The keys follow from the name and its reading (``library.people.names``).
    ``retention_from``: the day on which ``expires_on`` was written down; how long a card is kept counts from the later of both.
    """

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
    desk_note = later_text()
    show_name = later_flag()
    name_key = later_text()
    kana_key = later_text()
    retention_from = DateField(null=True)

    class Meta:
        indexes = ((("name_key",), False), (("kana_key",), False))


class LostCard(Table):
    """紛失: the number of a card that was reported lost. It opens nothing any more; its account has another."""

    card_number = CharField(unique=True)
    patron = ForeignKeyField(Patron, null=True, backref="lost_cards", on_delete="SET NULL")
    reported_at = InstantField()


class PatronAddress(Table):
    """E-mail1 and E-mail2 of a patron. ``failures`` counts final refusals by the mail server in a row."""

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
    """One kind of mail of one patron: which kinds of address, on or off, how many days before.

    ``active`` says 配信/停止 for the kinds that have it (registration, due); hold and sdi are chosen one by one elsewhere.
    """

    patron = ForeignKeyField(Patron, backref="mail_preferences", on_delete="CASCADE")
    kind = CharField(constraints=[one_of("kind", "registration", "hold", "sdi", "due")])
    to_pc = BooleanField(default=False)
    to_mobile = BooleanField(default=False)
    active = BooleanField(default=False)
    days_before = IntegerField(default=1, constraints=[Check("days_before BETWEEN 0 AND 7")])

    class Meta:
        indexes = ((("patron", "kind"), True),)


def later_key(model, on_delete="SET NULL", **given):
    """A foreign key that came after its table: said with the column, as a table can't be given constraints afterwards."""
    refers = SQL(f'REFERENCES "{model._meta.table_name}" ("id") ON DELETE {on_delete}')
    return ForeignKeyField(model, null=True, _deferred=True, constraints=[refers], **given)


class Title(Table):
    """書誌: what one catalogue record describes.

    ``author`` is the statement as it is shown, with roles; ``subjects`` one heading a line, its reading after a tab;
    ``digest`` is of the source record, empty where there is none. The keys say where a title stands in a sorted list. ``edited``:
    changed by hand, so that the source record says no longer what it says.
    """

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
    subtitle_kana = later_text()
    series_kana = later_text()
    ndc_edition = later_text()
    contents = later_text()
    title_latin = later_text()
    digest = later_text()
    sort_key = later_text()
    author_sort_key = later_text()
    shelf_key = later_text()
    edited = later_flag()

    class Meta:
        # partial: a record without an id of its source is found by ISBN, title and volume, one without either by its title
        indexes = (
            SQL("CREATE UNIQUE INDEX title_source ON title (source, source_id) WHERE source_id <> ''"),
            SQL("CREATE INDEX title_unnumbered ON title (title) WHERE source_id = '' AND isbn = ''"),
        )


class TitleName(Table):
    """Another title that a title has: 別書名, 統一書名, 原題; ``kind`` says which, in the order of the record."""

    title = ForeignKeyField(Title, backref="names", on_delete="CASCADE", index=False)
    position = IntegerField()
    kind = TextField()
    name = TextField()
    kana = TextField(default="")
    latin = TextField(default="")

    class Meta:
        primary_key = CompositeKey("title", "position")
        without_rowid = True


class Author(Table):
    """著者: one form of the name of a person or body."""

    name = TextField()
    kana = TextField(default="")
    latin = TextField(default="")
    sort_key = TextField(default="", index=True)

    class Meta:
        indexes = ((("name", "kana"), True),)


class Contributor(Table):
    """Who made a title, and as what (著, 訳, …), in the order of the record."""

    title = ForeignKeyField(Title, backref="contributors", on_delete="CASCADE", index=False)
    position = IntegerField()
    author = ForeignKeyField(Author, backref="contributions", on_delete="RESTRICT")
    role = TextField(default="")

    class Meta:
        primary_key = CompositeKey("title", "position")
        without_rowid = True


class SourceRecord(Table):
    """The record that a title was made of, whole as it came, so that a better reader can read it again."""

    title = ForeignKeyField(Title, primary_key=True, backref="source_records", on_delete="CASCADE")
    format = CharField(constraints=[one_of("format", "marc21", "marcxml", "dcndl", "csv")])
    raw = BlobField()


class Item(Table):
    """所蔵: one copy, known by its barcode (登録番号).

    ``at_branch`` is where it is while it is not at home, ``going_to`` where it is being sent (搬送). ``aside``: it is behind the
    desk, for a patron or to be put back, and not on its shelf; ``aside_at`` is the place there, if the desk said so. ``shelf_key``
    puts call numbers in order, empty where there is none.
    """

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
    at_branch = later_key(Branch, "RESTRICT", index=False, backref="+")
    going_to = later_key(Branch, "RESTRICT", index=False, backref="+")
    aside = later_flag()
    aside_at = later_text()
    shelf_key = later_text()

    class Meta:
        indexes = (
            SQL(
                "CREATE INDEX item_in_order ON item (shelf_key, title_id) "
                "WHERE shelf_key <> '' AND state <> 'withdrawn'"
            ),
            SQL("CREATE INDEX item_on_the_way ON item (going_to_id) WHERE going_to_id IS NOT NULL"),
            SQL("CREATE INDEX item_aside ON item (id) WHERE aside"),
        )


class Stocktaking(Table):
    """蔵書点検 of one branch, or of one of its shelves. ``missing`` is how many copies became 不明 when it was closed."""

    branch = ForeignKeyField(Branch, on_delete="RESTRICT")
    shelf = CharField(default="")
    started_at = InstantField()
    closed_at = InstantField(null=True)
    missing = IntegerField(default=0)


class StocktakingScan(Table):
    """One number that was read at the shelf, once in a stocktaking whoever reads it; ``verdict`` is of that moment."""

    stocktaking = ForeignKeyField(Stocktaking, backref="scans", on_delete="CASCADE", index=False)
    barcode = CharField()
    item = ForeignKeyField(Item, null=True, backref="+", on_delete="SET NULL")
    verdict = CharField(
        constraints=[one_of("verdict", "ok", "elsewhere", "shelf", "on_loan", "kept", "found", "withdrawn", "unknown")]
    )
    scanned_at = InstantField()

    class Meta:
        indexes = ((("stocktaking", "barcode"), True), (("stocktaking", "verdict"), False))


class Loan(Table):
    """貸出: ``patron`` is empty after the loan was unlinked; ``due_on`` is good until the end of that day.

    ``trouble`` is what is unsettled: lost, damaged, or claimed to be returned (返しました). ``request`` names the form that was
    sent, so that one sent again lends nothing twice. ``category`` and ``age_group`` are for statistics, after the unlinking too.
    """

    item = ForeignKeyField(Item, backref="loans", on_delete="RESTRICT")
    patron = ForeignKeyField(Patron, null=True, backref="loans", on_delete="RESTRICT")
    branch = ForeignKeyField(Branch, on_delete="RESTRICT")
    lent_on = DateField()
    due_on = DateField(index=True)
    returned_on = DateField(null=True)
    renewals = IntegerField(default=0)
    trouble = CharField(
        default="", constraints=[SQL("DEFAULT ''"), one_of("trouble", "", "lost", "damaged", "claimed")]
    )
    category = later_text()
    age_group = later_text()
    returned_at = InstantField(null=True)
    returned_to = later_key(Branch, "RESTRICT", index=False, backref="+")
    request = later_text()

    class Meta:
        constraints = [Check("due_on >= lent_on"), Check("returned_on IS NOT NULL OR patron_id IS NOT NULL")]
        indexes = (
            (("patron", "returned_on"), False),
            SQL("CREATE UNIQUE INDEX loan_one_open_per_item ON loan (item_id) WHERE returned_on IS NULL"),
            SQL("CREATE INDEX loan_statistics ON loan (lent_on, branch_id, category, age_group, item_id)"),
            SQL("CREATE UNIQUE INDEX loan_request ON loan (request) WHERE request <> ''"),
        )


class HoldGroup(Table):
    """Holds that belong together: 順番どおり (in_order) or いずれか一つ (any_one)."""

    patron = ForeignKeyField(Patron, backref="hold_groups", on_delete="CASCADE")
    kind = CharField(constraints=[one_of("kind", "in_order", "any_one")])


class Hold(Table):
    """予約: a place in the queue of a title, in the order of ``rank``, then of time. States: ``library.lending.holds.hold_states``.

    ``item`` is the copy that is fetched, sent or on the shelf for it. ``told_on``: the day the patron was told; the shelf clock
    starts the day after, and ends with ``pickup_by``. ``suspended_until`` is the last day of 一時停止.
    """

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
    item = later_key(Item, index=False, backref="holds")
    loan = later_key(Loan, backref="holds")
    group = later_key(HoldGroup, backref="holds")
    position = later_number()
    rank = later_number()
    suspended_until = DateField(null=True)
    on_shelf_on = DateField(null=True)
    told_on = DateField(null=True)
    pickup_by = DateField(null=True)
    extended = later_flag()
    ended_at = InstantField(null=True)
    reason = later_text()

    class Meta:
        indexes = (
            SQL(
                "CREATE UNIQUE INDEX hold_one_open_per_title ON hold (patron_id, title_id) "
                "WHERE state IN ('waiting', 'preparing', 'in_transit', 'ready')"
            ),
            SQL(
                "CREATE UNIQUE INDEX hold_one_per_item ON hold (item_id) "
                "WHERE state IN ('preparing', 'in_transit', 'ready')"
            ),
            (("title", "state", "placed_at"), False),
            (("state", "pickup_by"), False),
            SQL("CREATE INDEX hold_item ON hold (item_id) WHERE item_id IS NOT NULL"),
        )


class CartRow(Table):
    """予約かご: a title that a patron means to reserve, in the order of ``position``, then of time."""

    patron = ForeignKeyField(Patron, backref="cart", on_delete="CASCADE")
    title = ForeignKeyField(Title, on_delete="CASCADE")
    added_at = InstantField()
    position = later_number()

    class Meta:
        indexes = ((("patron", "title"), True),)


class SdiCondition(Table):
    """SDI: a search that a patron saved, as its address says it (``library.catalog.search.query``); ``active``: new titles are mailed."""

    patron = ForeignKeyField(Patron, backref="sdi_conditions", on_delete="CASCADE", index=False)
    name = TextField()
    query = TextField()
    active = BooleanField(default=True)
    created_at = InstantField()

    class Meta:
        indexes = ((("patron", "query"), True),)


class HistoryEntry(Table):
    """借りたことがある資料: what a patron who chose 残す borrowed. Kept as text, so that a withdrawn title stays readable.

    ``memo`` and ``rating`` (1 to 5, 0 for none) are of the title: all entries of it that a patron has say the same.
    """

    patron = ForeignKeyField(Patron, backref="history", on_delete="CASCADE")
    title_text = CharField()
    author_text = CharField(default="")
    branch_text = CharField(default="")
    lent_on = DateField()
    title = later_key(Title)
    ndc_text = later_text()
    memo = later_text()
    rating = IntegerField(default=0, constraints=[SQL("DEFAULT 0"), Check("rating BETWEEN 0 AND 5")])

    class Meta:
        indexes = ((("patron", "lent_on"), False),)


class Shelf(Table):
    """本棚: titles that a patron put together. ``token`` stands in its public link, empty while there is none."""

    patron = ForeignKeyField(Patron, backref="shelves", on_delete="CASCADE", index=False)
    name = CharField()
    description = TextField(default="")
    position = IntegerField()
    as_list = BooleanField(default=False)
    token = CharField(default="")

    class Meta:
        indexes = (
            (("patron", "name"), True),
            SQL("CREATE UNIQUE INDEX shelf_token ON shelf (token) WHERE token <> ''"),
        )


class ShelvedTitle(Table):
    """A title on a shelf, with the patron's note. What it is called is kept as text, so that a withdrawn one stays readable."""

    shelf = ForeignKeyField(Shelf, backref="books", on_delete="CASCADE", index=False)
    title = ForeignKeyField(Title, null=True, backref="+", on_delete="SET NULL")
    position = IntegerField()
    title_text = TextField()
    volume_text = TextField(default="")
    author_text = TextField(default="")
    ndc = CharField(default="")
    call_number = CharField(default="")
    note = TextField(default="")
    read_on = DateField(null=True)
    added_on = DateField()

    class Meta:
        indexes = ((("shelf", "title"), True), (("shelf", "position"), False))


class Session(Table):
    """A signed-in browser. Only a hash of its token is kept; ``scope`` first_password opens that page alone, at
    a ``terminal`` of the library it ends sooner.
    """

    token_hash = CharField(unique=True)
    patron = ForeignKeyField(Patron, null=True, backref="sessions", on_delete="CASCADE")
    staff = ForeignKeyField(Staff, null=True, backref="sessions", on_delete="CASCADE")
    scope = CharField(default="full", constraints=[one_of("scope", "full", "first_password")])
    created_at = InstantField()
    seen_at = InstantField()
    authenticated_at = InstantField()
    client = CharField(default="")
    terminal = later_flag()

    class Meta:
        constraints = [Check("(patron_id IS NULL) <> (staff_id IS NULL)")]


class KnownDevice(Table):
    """A browser that signed in to this card before: strangers' failures do not lock it out."""

    patron = ForeignKeyField(Patron, on_delete="CASCADE")
    token_hash = CharField(unique=True)
    seen_at = InstantField()


class Throttle(Table):
    """Failures counted for one key (a card, a client, both); ``allowed_at``: no try before."""

    name = CharField(primary_key=True)
    failures = IntegerField(default=0)
    since = InstantField()
    allowed_at = InstantField()


class Draft(Table):
    """下書き of an information change: one a patron, 30 minutes or until ``held_until``. ``base`` is what was stored when it was
    begun.
    """

    patron = ForeignKeyField(Patron, unique=True, on_delete="CASCADE")
    token = CharField(unique=True)
    base = JSONField()
    values = JSONField(column_name="entered")
    password_hash = CharField(default="")
    created_at = InstantField()
    held_until = InstantField(null=True)


class OneTimeLink(Table):
    """A link mailed to an address: GET shows a button, POST uses it up."""

    token_hash = CharField(unique=True)
    purpose = CharField(constraints=[one_of("purpose", "reset", "verify")])
    patron = ForeignKeyField(Patron, on_delete="CASCADE")
    address = CharField()
    expires_at = InstantField()
    used_at = InstantField(null=True)


class Audit(Table):
    """操作の記録: append-only (triggers in the database refuse the rest). Never holds patron and title together, nor a secret."""

    at = InstantField(index=True)
    actor = CharField()
    action = CharField()
    patron = ForeignKeyField(Patron, null=True, on_delete="SET NULL")
    details = JSONField(default=dict)

    class Meta:
        indexes = ((("patron", "action", "at"), False),)


class OutboxMail(Table):
    """A mail that is to be sent, or was. ``key`` makes it one of its kind; the text is there after sending, for 14 days."""

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
    """That a loan was announced for a due date: one row a loan, due date, kind and stage (days late, of 督促), the last word
    against doubles.
    """

    loan = ForeignKeyField(Loan, backref="notices", on_delete="CASCADE")
    kind = CharField(constraints=[one_of("kind", "due", "overdue")])
    due_on = DateField()
    mail = ForeignKeyField(OutboxMail, null=True, backref="loan_notices", on_delete="SET NULL")
    stage = IntegerField(default=0)

    class Meta:
        indexes = ((("loan", "kind", "due_on", "stage"), True),)


class HoldNotice(Table):
    """That a patron was told of a hold: ready (since a day), near its deadline (that day), or over."""

    hold = ForeignKeyField(Hold, backref="notices", on_delete="CASCADE")
    kind = CharField(constraints=[one_of("kind", "ready", "deadline", "ended")])
    day = DateField()
    mail = ForeignKeyField(OutboxMail, null=True, backref="hold_notices", on_delete="SET NULL")

    class Meta:
        indexes = ((("hold", "kind", "day"), True),)


class Ebook(Table):
    """電子書籍: an EPUB file that is lent to as many at a time as it has ``licences``, for ``days``; empty: to everybody, for
    as long as the rules of lending say. The file lies in the instance folder under the name ``file``, its cover beside it.

    Of a withdrawn one the file is ``erased`` when the last loan is over.
    """

    title = ForeignKeyField(Title, backref="ebooks", on_delete="RESTRICT", index=False)
    file = CharField(unique=True)
    size = IntegerField()
    digest = CharField()
    cover = CharField(default="", constraints=[one_of("cover", "", "image/jpeg", "image/png")])
    identifier = TextField(default="")
    licences = IntegerField(null=True, constraints=[Check("licences >= 1")])
    days = IntegerField(null=True, constraints=[Check("days >= 1")])
    added_at = InstantField(index=True)
    withdrawn_at = InstantField(null=True)
    erased = BooleanField(default=False)

    class Meta:
        indexes = (
            SQL("CREATE UNIQUE INDEX ebook_one_per_title ON ebook (title_id) WHERE withdrawn_at IS NULL"),
            SQL("CREATE UNIQUE INDEX ebook_one_per_file ON ebook (digest) WHERE withdrawn_at IS NULL"),
            SQL("CREATE INDEX ebook_title ON ebook (title_id)"),
        )


class EbookLoan(Table):
    """A loan of an e-book. ``licence`` is which of them it takes (empty: it has no number of them). One that is returned
    names nobody.
    """

    ebook = ForeignKeyField(Ebook, backref="loans", on_delete="RESTRICT")
    patron = ForeignKeyField(Patron, null=True, backref="ebook_loans", on_delete="RESTRICT")
    licence = IntegerField(null=True)
    lent_on = DateField()
    due_on = DateField()
    returned_on = DateField(null=True)

    class Meta:
        constraints = [Check("due_on >= lent_on"), Check("(returned_on IS NULL) = (patron_id IS NOT NULL)")]
        indexes = (
            SQL(
                "CREATE UNIQUE INDEX ebook_loan_one_per_licence ON ebook_loan (ebook_id, licence) "
                "WHERE returned_on IS NULL"
            ),
            SQL(
                "CREATE UNIQUE INDEX ebook_loan_one_per_patron ON ebook_loan (ebook_id, patron_id) "
                "WHERE returned_on IS NULL"
            ),
            SQL("CREATE INDEX ebook_loan_over ON ebook_loan (due_on) WHERE returned_on IS NULL"),
        )


class EbookHold(Table):
    """順番待ち: a place in the line for an e-book. ``ready``: a licence is kept for the patron up to and with the day ``until``."""

    ebook = ForeignKeyField(Ebook, backref="holds", on_delete="RESTRICT", index=False)
    patron = ForeignKeyField(Patron, backref="ebook_holds", on_delete="CASCADE")
    state = CharField(
        default="waiting", constraints=[one_of("state", "waiting", "ready", "cancelled", "expired", "withdrawn")]
    )
    placed_at = InstantField()
    until = DateField(null=True)
    ended_at = InstantField(null=True)

    class Meta:
        indexes = (
            (("ebook", "state", "placed_at"), False),
            SQL(
                "CREATE UNIQUE INDEX ebook_hold_one_per_patron ON ebook_hold (ebook_id, patron_id) "
                "WHERE state IN ('waiting', 'ready')"
            ),
        )


class EbookLink(Table):
    """What makes the secret address at which a reading program of the patron finds the e-books; a new ``key``, a new address."""

    patron = ForeignKeyField(Patron, unique=True, on_delete="CASCADE")
    key = CharField(unique=True)
    made_at = InstantField()


class EbookService(Table):
    """A service of e-books elsewhere. ``shelf_url``: its OPDS feed of what a patron has, with ``{card}`` for the number."""

    name = CharField(unique=True)
    url = TextField()
    explanation = TextField(default="")
    shelf_url = TextField(default="")


class SdiTitle(Table):
    """That a title is not new for a condition any more: told on that day, or (no day) there when the condition was made."""

    condition = ForeignKeyField(SdiCondition, backref="titles", on_delete="CASCADE", index=False)
    title = ForeignKeyField(Title, backref="+", on_delete="CASCADE")
    told_on = DateField(null=True)
    mail = ForeignKeyField(OutboxMail, null=True, backref="sdi_titles", on_delete="SET NULL")

    class Meta:
        primary_key = CompositeKey("condition", "title")
        without_rowid = True


class CalendarLink(Table):
    """The calendar that a patron's phone subscribes to: ``serial`` stands in its address and is another after a renewal."""

    patron = ForeignKeyField(Patron, unique=True, on_delete="CASCADE")
    serial = CharField(unique=True)
    with_titles = BooleanField(default=False)
    created_at = InstantField()


class FamilyTie(Table):
    """家族: the viewer sees what the child has on loan and on hold, from ``agreed_at`` on; before, it is asked for.

    ``number`` is the card that was named when it was asked. ``child`` is empty where there is no such card, or its owner declined:
    who asked can't tell which.
    """

    viewer = ForeignKeyField(Patron, backref="+", on_delete="CASCADE", index=False)
    number = CharField()
    child = ForeignKeyField(Patron, null=True, backref="+", on_delete="CASCADE")
    asked_at = InstantField()
    agreed_at = InstantField(null=True)

    class Meta:
        constraints = [Check("viewer_id <> child_id"), Check("agreed_at IS NULL OR child_id IS NOT NULL")]
        indexes = (
            (("viewer", "number"), True),
            SQL(
                "CREATE UNIQUE INDEX family_tie_agreed ON family_tie (viewer_id, child_id) WHERE agreed_at IS NOT NULL"
            ),
        )


class ClosingRequest(Table):
    """廃止の申し込み: a patron wants the card closed; the desk does it."""

    patron = ForeignKeyField(Patron, unique=True, on_delete="CASCADE")
    asked_at = InstantField()


class Article(Table):
    """お知らせ, or a page that the library writes: as it stands now. A page is found by its ``slug``, which news has none of."""

    slug = CharField(null=True, unique=True)
    title = CharField()
    text = TextField()
    day = DateField(null=True)  # 掲載日 of news
    public = BooleanField(default=True)
    changed_at = InstantField()

    class Meta:
        constraints = [Check("(slug IS NULL) = (day IS NOT NULL)")]
        indexes = ((("day",), False),)


class ArticleVersion(Table):
    """What an article said from ``at`` on. The latest is what it says now."""

    article = ForeignKeyField(Article, backref="versions", on_delete="CASCADE")
    title = CharField()
    text = TextField()
    day = DateField(null=True)
    public = BooleanField()
    by = CharField()
    at = InstantField()


class Question(Table):
    """レファレンス: what somebody asked the library, signed in or from an ``address``, and what was said to it.

    ``request`` names the form that was sent, so that one sent again asks nothing twice. ``taken_by`` is the login of who looks
    into it; ``answer`` what was sent, of a closed one why there is none.
    """

    request = CharField(unique=True)
    patron = ForeignKeyField(Patron, null=True, backref="questions", on_delete="CASCADE")
    address = CharField(default="")
    subject = TextField()
    text = TextField()
    looked = TextField(default="")
    wanted = TextField(default="")
    consent = BooleanField(default=False)
    state = CharField(default="new", constraints=[one_of("state", "new", "taken", "answered", "closed")])
    asked_at = InstantField()
    taken_by = CharField(default="")
    answer = TextField(default="")
    sources = TextField(default="")
    ended_at = InstantField(null=True)

    class Meta:
        constraints = [
            Check("patron_id IS NULL OR address = ''"),
            Check("(state IN ('answered', 'closed')) = (ended_at IS NOT NULL)"),
        ]
        indexes = ((("state", "asked_at"), False),)


class PublishedAnswer(Table):
    """公開した回答: a question and its answer as everybody may read them, if ``public``. It stays when the question is forgotten.

    ``folded`` is all of it as words are looked for.
    """

    question = ForeignKeyField(Question, null=True, unique=True, backref="published", on_delete="SET NULL")
    subject = TextField()
    text = TextField()
    answer = TextField()
    sources = TextField(default="")
    folded = TextField(default="")
    public = BooleanField(default=False)
    published_on = DateField(null=True)
    changed_at = InstantField()

    class Meta:
        constraints = [Check("NOT public OR published_on IS NOT NULL")]
        indexes = ((("public", "published_on"), False),)


class Ranking(Table):
    """貸出ベスト and 予約ベスト: which title stands at which place of a list. How often it was lent is not kept (``library.discovery.rankings``)."""

    name = CharField(constraints=[one_of("name", "loans", "holds")])
    span = CharField(constraints=[one_of("span", "month", "half", "year")])
    audience = CharField(constraints=[one_of("audience", "", "adult", "child")])
    place = IntegerField()
    title = ForeignKeyField(Title, backref="+", on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("name", "span", "audience", "place")
        without_rowid = True


class Feature(Table):
    """特集: titles that the staff put together for everybody, with words about them. Shown from ``first`` to ``last``, where these
    are set; ``on_front``: with a button on the front page, which has ``icon``.
    """

    slug = CharField(unique=True)
    title = CharField()
    text = TextField(default="")
    public = BooleanField(default=False)
    on_front = BooleanField(default=False)
    icon = CharField(default="book")
    first = DateField(null=True)
    last = DateField(null=True)
    position = IntegerField()
    changed_at = InstantField()


class FeatureBook(Table):
    """A title of a 特集, with what is said of it. What it is called is kept, so that a title that was deleted stays named."""

    feature = ForeignKeyField(Feature, backref="books", on_delete="CASCADE", index=False)
    position = IntegerField()
    title = ForeignKeyField(Title, null=True, backref="+", on_delete="SET NULL")
    name = TextField()
    author = TextField(default="")
    comment = TextField(default="")

    class Meta:
        indexes = ((("feature", "position"), True),)


class FeatureVersion(Table):
    """What a 特集 said from ``at`` on; ``books``: [title's id, name, author, comment] of each."""

    feature = ForeignKeyField(Feature, backref="versions", on_delete="CASCADE")
    title = CharField()
    text = TextField()
    public = BooleanField()
    on_front = BooleanField()
    icon = CharField()
    first = DateField(null=True)
    last = DateField(null=True)
    books = JSONField()
    by = CharField()
    at = InstantField()


class Picture(Table):
    """A photograph of the library's: of a place on the front page, or of a 特集. ``alt`` says what is seen on it."""

    place = CharField(null=True, unique=True)
    feature = ForeignKeyField(Feature, null=True, unique=True, backref="pictures", on_delete="CASCADE")
    alt = CharField()

    class Meta:
        constraints = [Check("(place IS NULL) <> (feature_id IS NULL)")]


class PictureFile(Table):
    """A JPEG of a photograph in one size, as we made it; ``name`` is of its content."""

    picture = ForeignKeyField(Picture, backref="files", on_delete="CASCADE")
    name = CharField(index=True)
    width = IntegerField()
    height = IntegerField()
    content = BlobField()


class JobRun(Table):
    """The last run of each job of ``jobs.py``; ``day`` is the day it was last done for."""

    name = CharField(primary_key=True)
    day = DateField(null=True)
    started_at = InstantField()
    finished_at = InstantField(null=True)
    counts = JSONField(default=dict)
    last_error = CharField(default="")
    failed_at = InstantField(null=True)


ALL = (
    Setting, Branch, ClosedDay, ClosingRule, PolicyRow, Staff, Patron, LostCard, PatronAddress, MailPreference, Title, TitleName, Author,
    Contributor, SourceRecord, Item, Stocktaking, StocktakingScan, Loan, HoldGroup, Hold, CartRow, HistoryEntry,
    Shelf, ShelvedTitle,
    Session, KnownDevice, Throttle, Draft, OneTimeLink, Audit, OutboxMail, LoanNotice, HoldNotice, JobRun,
    Ebook, EbookLoan, EbookHold, EbookLink, EbookService, SdiCondition, SdiTitle, CalendarLink,
    FamilyTie, ClosingRequest, Ranking, Article, ArticleVersion, Question, PublishedAnswer,
    Feature, FeatureBook, FeatureVersion, Picture, PictureFile,
)  # fmt: skip
