"""Tables of patrons (利用者), their settings, and the staff (職員)."""

from __future__ import annotations

from peewee import SQL, BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField, ModelSelect

from tables.base import (
    InstantField,
    JSONField,
    Table,
    holder_key,
    later_flag,
    later_key,
    later_number,
    later_text,
    one_of,
)
from tables.branches import Branch


class Staff(Table):
    """職員: an account of the desk.

    ``second_factor_at``: since when it has a second factor; ``second_factor_by``: until when it needs one (empty: no
    limit).
    """

    login = CharField(unique=True)
    name = CharField(default="")
    role = CharField(constraints=[one_of("role", "desk", "admin")])
    password_hash = CharField()
    must_change_password = BooleanField(default=True)
    disabled_at = InstantField(null=True)
    created_at = InstantField()
    second_factor_at = InstantField(null=True)
    second_factor_by = InstantField(null=True)


class Patron(Table):
    """利用者: somebody with a library card.

    ``password_hash``: empty without an own password. The initial password counts from ``initial_issued_at``;
    ``initial_code_hash``: the desk's one-time code, empty if month and day of birth open. ``desk_note``: 窓口メモ, for
    staff only. The keys follow from names and numbers (``library.patrons.names``). ``retention_from``: the day
    ``expires_on`` was set; a card is kept from the later of both. ``birth_date``: empty for a 団体, whose guardian is its
    担当者, and for some imported patrons. ``passkey_handle``: random number for passkeys, empty before the first.
    ``unproved_since``: since when it has a password that its owner has not proved; older records are sealed
    (``library.access.seals``), until ``sealed_until`` if the patron wants them deleted. ``has_chosen_password``: ever
    had an own one. ``suspended_on``, ``suspended_reason``: of a current suspension, if known.
    ``representative``: 代表者 of a 団体; ``delivery_to``: 配送先 of its books.
    ``borrowed_in``: the 年度 of its last loan, so that each card counts once a year; 0 before it, and a month after it.
    """

    card_number = CharField(unique=True)
    name = CharField()
    name_kana = CharField(default="")
    category = CharField(default="一般")
    phone_home = CharField(default="")
    phone_mobile = CharField(default="")
    phone_work = CharField(default="")
    branch = ForeignKeyField(Branch, null=True, on_delete="RESTRICT")
    branch_id: IntegerField[int | None]
    registered_on = DateField(null=True)
    expires_on = DateField(null=True)
    state = CharField(default="active", constraints=[one_of("state", "active", "suspended", "closed")])
    closed_on = DateField(null=True)

    password_hash = CharField(default="")
    initial_issued_at = InstantField(null=True)
    initial_code_hash = CharField(default="")
    initial_failures = IntegerField(default=0)

    pickup_branch = ForeignKeyField(Branch, null=True, backref="+", on_delete="RESTRICT")
    pickup_branch_id: IntegerField[int | None]
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
    birth_date = DateField(null=True)
    postal_code = later_text()
    address = later_text()
    guardian_name = later_text()
    guardian_phone = later_text()
    residence = later_text(one_of("residence", "", "living", "working", "studying", "outside"))
    suspended_on = DateField(null=True)
    suspended_reason = later_text()
    card_key = later_text()
    phone_home_key = later_text()
    phone_mobile_key = later_text()
    phone_work_key = later_text()
    guardian_phone_key = later_text()
    passkey_handle = later_text()
    unproved_since = InstantField(null=True)
    sealed_until = InstantField(null=True)
    has_chosen_password = later_flag()
    language = later_text()
    notice_language = later_text()
    furigana = later_text(one_of("furigana", "", "on", "off"))
    borrowed_in = later_number()
    representative = later_text()
    delivery_to = later_text()
    addresses: ModelSelect[PatronAddress]

    class Meta:
        indexes = tuple(
            ((key,), False)
            for key in (
                "name_key",
                "kana_key",
                "card_key",
                "phone_home_key",
                "phone_mobile_key",
                "phone_work_key",
                "guardian_phone_key",
            )
        )


class CardNumber(Table):
    """番号: every number of a patron, present or past, so that none is given twice.

    ``current``: that of ``Patron.card_number``, written by triggers of the database. ``lost`` (紛失): opens nothing, and
    stays when its patron is erased. ``old`` (旧カード): valid like the card. ``mykey`` (マイキーID): for the desk only.
    ``key``: finds a lost or old one by its last digits (``library.numbers.parsing.number_key``), else empty.
    """

    number = CharField(unique=True)
    patron = ForeignKeyField(Patron, null=True, backref="numbers", on_delete="SET NULL")
    patron_id: IntegerField[int | None]
    kind = CharField(constraints=[one_of("kind", "current", "lost", "old", "mykey")])
    since = InstantField(null=True)
    until = InstantField(null=True)
    key = later_text()

    class Meta:
        constraints = [Check("patron_id IS NOT NULL OR kind = 'lost'")]
        indexes = (
            (("key",), False),
            SQL("CREATE UNIQUE INDEX card_number_current ON card_number (patron_id) WHERE kind = 'current'"),
        )


class PatronAddress(Table):
    """E-mail1 and E-mail2 of a patron. ``failures``: consecutive final refusals by the mail server.

    ``since``: on file unchanged since then (empty: since before that was recorded); ``at_desk``: entered by the
    library. ``titles_off``: shared with a relative who may see no titles any more, so that mails name none until
    confirmed.
    """

    patron = ForeignKeyField(Patron, backref="addresses", on_delete="CASCADE")
    patron_id: IntegerField[int]
    position = IntegerField(constraints=[Check("position IN (1, 2)")])
    address = CharField()
    kind = CharField(constraints=[one_of("kind", "pc", "mobile")])
    verified_at = InstantField(null=True)
    failures = IntegerField(default=0)
    undeliverable_at = InstantField(null=True)
    since = InstantField(null=True)
    at_desk = later_flag()
    titles_off = later_flag()

    class Meta:
        indexes = ((("patron", "position"), True), (("patron", "address"), True))


class FormerAddress(Table):
    """An address taken off the file: for some time, and while records are sealed, it still proves its patron."""

    patron = ForeignKeyField(Patron, on_delete="CASCADE", index=False)
    patron_id: IntegerField[int]
    address = CharField()
    kind = CharField(constraints=[one_of("kind", "pc", "mobile")])
    since = InstantField(null=True)
    at_desk = BooleanField()
    removed_at = InstantField()

    class Meta:
        indexes = ((("patron", "address"), True),)


class MailPreference(Table):
    """A patron's choice for one kind of mail: addresses, days before. ``active``: 配信/停止 of registration and due.

    Hold and sdi are chosen one by one elsewhere.
    """

    patron = ForeignKeyField(Patron, backref="mail_preferences", on_delete="CASCADE")
    patron_id: IntegerField[int]
    kind = CharField(constraints=[one_of("kind", "registration", "hold", "sdi", "due")])
    to_pc = BooleanField(default=False)
    to_mobile = BooleanField(default=False)
    active = BooleanField(default=False)
    days_before = IntegerField(default=1, constraints=[Check("days_before BETWEEN 0 AND 7")])

    class Meta:
        indexes = ((("patron", "kind"), True),)


class Draft(Table):
    """下書き of an information change: one a patron, for 30 minutes or until ``held_until``; ``base``: values before.

    ``lapsed``: sent after the session had idled out, maybe by somebody else.
    """

    patron = ForeignKeyField(Patron, unique=True, on_delete="CASCADE")
    patron_id: IntegerField[int]
    token = CharField(unique=True)
    base = JSONField()
    values = JSONField(column_name="entered")
    password_hash = CharField(default="")
    created_at = InstantField()
    held_until = InstantField(null=True)
    lapsed = later_flag()


class CalendarLink(Table):
    """A patron's calendar for phones: ``serial`` is part of its address, and changes on renewal."""

    patron = holder_key(Patron, unique=True)
    serial = CharField(unique=True)
    with_titles = BooleanField(default=False)
    created_at = InstantField()
    sealed_for = later_key(Patron, "CASCADE", backref="+")


class FamilyTie(Table):
    """家族: from ``agreed_at`` on, the viewer sees the child's loans and holds; before, the child is asked.

    ``number``: the card named when asking. ``child``: empty if there is no such card or it declined, so that the viewer
    can't tell. The child may allow renewals (``may_renew``) and showing the card (``may_card``), and from some age
    shows no titles (``titles_hidden``): asked on ``titles_asked_on``; ``titles_settled``: answered, or too late.
    ``label`` (empty: initial) and colour draw the child; ``seen_on``: the viewer's last look. ``ending_told_on``: both
    were told that it ends as the child comes of age; ``stays_on``: the child said no.
    """

    viewer = ForeignKeyField(Patron, backref="+", on_delete="CASCADE", index=False)
    viewer_id: IntegerField[int]
    number = CharField()
    child = ForeignKeyField(Patron, null=True, backref="+", on_delete="CASCADE")
    child_id: IntegerField[int | None]
    asked_at = InstantField()
    agreed_at = InstantField(null=True)
    may_renew = later_flag()
    may_card = later_flag()
    titles_hidden = later_flag()
    titles_asked_on = DateField(null=True)
    titles_settled = later_flag()
    label = later_text()
    colour = IntegerField(default=0, constraints=[SQL("DEFAULT 0"), Check("colour BETWEEN 0 AND 4")])
    seen_on = DateField(null=True)
    ending_told_on = DateField(null=True)
    stays_on = DateField(null=True)

    class Meta:
        constraints = [Check("viewer_id <> child_id"), Check("agreed_at IS NULL OR child_id IS NOT NULL")]
        indexes = (
            (("viewer", "number"), True),
            SQL(
                "CREATE UNIQUE INDEX family_tie_agreed ON family_tie (viewer_id, child_id) WHERE agreed_at IS NOT NULL"
            ),
        )


class ClosingRequest(Table):
    """廃止の申し込み: a patron's wish to close the card, which the desk does."""

    patron = ForeignKeyField(Patron, unique=True, on_delete="CASCADE")
    patron_id: IntegerField[int]
    asked_at = InstantField()


class CategoryChange(Table):
    """区分の一括変更: who changed the category of many patrons born until a day. It can be undone for 30 days."""

    at = InstantField()
    by = CharField()
    from_category = CharField()
    to_category = CharField()
    born_until = DateField()
    undone_at = InstantField(null=True)
    patrons: ModelSelect[CategoryChanged]


class CategoryChanged(Table):
    """A patron whose category was changed with many others."""

    change = ForeignKeyField(CategoryChange, backref="patrons", on_delete="CASCADE", index=False)
    change_id: IntegerField[int]
    patron = ForeignKeyField(Patron, on_delete="CASCADE")
    patron_id: IntegerField[int]

    class Meta:
        indexes = ((("change", "patron"), True),)


class Undo(Table):
    """元に戻す: an act that a patron can take back until a moment. ``facts``: the state before and after.

    By kind: ``renewals`` library.lending.renewals, ``family`` library.account.family_loans, ``cart``
    library.lending.holds.cart, ``shelf`` library.reading.shelved.
    """

    patron = ForeignKeyField(Patron, on_delete="CASCADE")
    patron_id: IntegerField[int]
    kind = CharField(constraints=[one_of("kind", "renewals", "family", "cart", "shelf")])
    facts = JSONField()
    until = InstantField(index=True)
