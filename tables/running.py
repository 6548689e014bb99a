"""Tables of running the library: settings, rules of lending, the log of operations, jobs."""

from __future__ import annotations

from peewee import BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField, TextField

from tables.base import InstantField, JSONField, Table, later_number, later_text, one_of
from tables.patrons import Patron


class Setting(Table):
    """A setting that a librarian changes on a page; defaults are in ``library.policy``."""

    name = CharField(primary_key=True)
    value = JSONField(null=True)


class PolicyRow(Table):
    """Exceptions from the general rules of lending, for a category, a material type, or both (empty: any).

    An empty column makes no exception (``library.policy``).
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


class Audit(Table):
    """操作の記録: append-only by triggers. Never has patron and title together, nor a secret."""

    at = InstantField(index=True)
    actor = CharField()
    action = CharField()
    patron = ForeignKeyField(Patron, null=True, on_delete="SET NULL")
    patron_id: IntegerField[int | None]
    details = JSONField(default=dict)

    class Meta:
        indexes = ((("patron", "action", "at"), False),)


class JobRun(Table):
    """The last run of a job of ``server/jobs.py``; ``day``: the day it was done for; ``failures``: since the last
    success.
    """

    name = CharField(primary_key=True)
    day = DateField(null=True)
    started_at = InstantField()
    finished_at = InstantField(null=True)
    counts = JSONField(default=dict)
    last_error = CharField(default="")
    failed_at = InstantField(null=True)
    succeeded_at = InstantField(null=True)
    failures = later_number()


class Cutover(Table):
    """移行: the library moves in from another system; one row at most, which stays. It opens on ``opens_on`` (empty: not
    set).

    ``mails``: number of mails not queued meanwhile. ``was_empty``: all rows of the library came in since then.
    """

    begun_at = InstantField()
    was_empty = BooleanField()
    opens_on = DateField(null=True)
    mails = IntegerField(default=0)

    class Meta:
        table_name = "move"


class CutoverStep(Table):
    """A step of the page 移行: its entries, and who confirmed it (確認済み)."""

    name = CharField(primary_key=True)
    facts = JSONField(default=dict)
    confirmed_at = InstantField(null=True)
    confirmed_by = CharField(default="")

    class Meta:
        table_name = "move_step"


class Assignment(Table):
    """対応づけ: the meaning of a heading (empty ``word``) or word of a file, for later files of its ``kind`` that come from
    the same system (``profile``).

    ``field``: our column; ``means``: its heading (several on lines of their own, ``-`` for none), or the library's word
    (empty: none; ``-``: skip the row).
    """

    kind = CharField(constraints=[one_of("kind", "branches", "titles", "items", "patrons", "loans", "holds")])
    field = CharField()
    word = TextField(default="")
    means = TextField()
    profile = later_text()

    class Meta:
        indexes = ((("profile", "kind", "field", "word"), True),)
