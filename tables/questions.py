"""Tables of レファレンス."""

from __future__ import annotations

from peewee import BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField, ModelSelect, TextField

from tables.base import InstantField, Table, one_of
from tables.patrons import Patron


class Question(Table):
    """レファレンス: a question of a patron, or from an ``address``, and its answer.

    ``request``: token of the form, so that one sent twice asks once. ``taken_by``: login of the member of staff who
    works on it; ``answer``: as sent, or the reason why a closed question has none.
    """

    request = CharField(unique=True)
    patron = ForeignKeyField(Patron, null=True, backref="questions", on_delete="CASCADE")
    patron_id: IntegerField[int | None]
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
    published: ModelSelect[PublishedAnswer]

    class Meta:
        constraints = [
            Check("patron_id IS NULL OR address = ''"),
            Check("(state IN ('answered', 'closed')) = (ended_at IS NOT NULL)"),
        ]
        indexes = ((("state", "asked_at"), False),)


class PublishedAnswer(Table):
    """公開した回答: a question and its answer, for everybody if ``public``. It stays when the question is erased.

    ``folded``: the whole text, folded for searches.
    """

    question = ForeignKeyField(Question, null=True, unique=True, backref="published", on_delete="SET NULL")
    question_id: IntegerField[int | None]
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
