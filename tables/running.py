"""Tables of how the library runs: settings, rules of lending, the record of operations, jobs."""

from __future__ import annotations

from peewee import BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField, TextField

from tables.base import InstantField, JSONField, Table, later_number, one_of
from tables.patrons import Patron


class Setting(Table):
    """A setting that a librarian changes on a page; defaults are in ``library.policy``."""

    name = CharField(primary_key=True)
    value = JSONField(null=True)


class PolicyRow(Table):
    """Exceptions from the general rules of lending for a category of patrons, a material type, or both (empty: any).

    An empty column makes no exception; ``library.policy`` says what holds then.
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
    """操作の記録: append-only (triggers in the database refuse the rest). Never holds patron and title together, nor a
    secret.
    """

    at = InstantField(index=True)
    actor = CharField()
    action = CharField()
    patron = ForeignKeyField(Patron, null=True, on_delete="SET NULL")
    patron_id: IntegerField[int | None]
    details = JSONField(default=dict)

    class Meta:
        indexes = ((("patron", "action", "at"), False),)


class JobRun(Table):
    """The last run of each job of ``server/jobs.py``; ``day`` is the day it was last done for, ``failures`` those since
    it last succeeded.
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


class BackupToken(Table):
    """A machine that may fetch the newest copy: the hash of its token, and the addresses and networks that it is known
    by.
    """

    name = CharField(unique=True)
    token_hash = CharField(unique=True)
    addresses = TextField()
    made_at = InstantField()
    used_at = InstantField(null=True)


class Cutover(Table):
    """移行: the library is being moved in, one row at most, which stays. It is open from ``opens_on`` on; empty: nobody
    has said when.

    ``mails`` counts those that were not queued meanwhile. ``was_empty``: all that stands here came in since then.
    """

    begun_at = InstantField()
    was_empty = BooleanField()
    opens_on = DateField(null=True)
    mails = IntegerField(default=0)

    class Meta:
        table_name = "move"


class CutoverStep(Table):
    """A step of the page 移行: what was entered there, and who has confirmed it (確認済み)."""

    name = CharField(primary_key=True)
    facts = JSONField(default=dict)
    confirmed_at = InstantField(null=True)
    confirmed_by = CharField(default="")

    class Meta:
        table_name = "move_step"


class Assignment(Table):
    """対応づけ: what a heading (empty ``word``) or a word of a file means, remembered for the next file of its ``kind``.

    ``field`` is the column of ours; ``means`` the heading that stands for it (several with a line end between them,
    ``-`` for none), or what the library calls the word (empty: nothing; ``-``: rows with it are not taken).
    """

    kind = CharField(constraints=[one_of("kind", "branches", "titles", "items", "patrons", "loans", "holds")])
    field = CharField()
    word = TextField(default="")
    means = TextField()

    class Meta:
        indexes = ((("kind", "field", "word"), True),)
