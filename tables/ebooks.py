"""Tables of e-books (電子書籍), their loans and holds."""

from __future__ import annotations

from peewee import SQL, BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField, TextField

from tables.base import InstantField, JSONField, Table, holder_key, later_key, one_of
from tables.catalog import Title
from tables.patrons import Patron


class Ebook(Table):
    """電子書籍: an EPUB file, lent to ``licences`` patrons at a time for ``days``; empty: no limit, the days of the rules.

    It lies in the instance folder as ``file``, its cover beside it. After withdrawal it is ``erased`` with the last
    loan. ``accessibility``: as in ``library.ebooks.epub.Book``; None before the file was read for it.
    """

    title = ForeignKeyField(Title, backref="ebooks", on_delete="RESTRICT", index=False)
    title_id: IntegerField[int]
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
    accessibility = JSONField(null=True)

    class Meta:
        indexes = (
            SQL("CREATE UNIQUE INDEX ebook_one_per_title ON ebook (title_id) WHERE withdrawn_at IS NULL"),
            SQL("CREATE UNIQUE INDEX ebook_one_per_file ON ebook (digest) WHERE withdrawn_at IS NULL"),
            SQL("CREATE INDEX ebook_title ON ebook (title_id)"),
        )


class EbookLoan(Table):
    """A loan of an e-book. ``licence``: the number of its licence, if numbered. A returned loan has no patron."""

    ebook = ForeignKeyField(Ebook, backref="loans", on_delete="RESTRICT")
    ebook_id: IntegerField[int]
    patron = ForeignKeyField(Patron, null=True, backref="ebook_loans", on_delete="RESTRICT")
    patron_id: IntegerField[int | None]
    licence = IntegerField(null=True)
    lent_on = DateField()
    due_on = DateField()
    returned_on = DateField(null=True)
    sealed_for = later_key(Patron, "CASCADE", backref="+")

    class Meta:
        constraints = [
            Check("due_on >= lent_on"),
            Check("(returned_on IS NULL) = (patron_id IS NOT NULL OR sealed_for_id IS NOT NULL)"),
        ]
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


class ReadingPosition(Table):
    """The part and paragraph up to which a loan was read in the library's reader. It is deleted with the loan."""

    loan = ForeignKeyField(EbookLoan, unique=True, on_delete="CASCADE")
    loan_id: IntegerField[int]
    part = IntegerField(constraints=[Check("part >= 1")])
    paragraph = IntegerField(constraints=[Check("paragraph >= 0")])

    class Meta:
        table_name = "reading_place"


class EbookHold(Table):
    """順番待ち: a place in the line for an e-book. ``ready``: a licence is kept for the patron until the day ``until``."""

    ebook = ForeignKeyField(Ebook, backref="holds", on_delete="RESTRICT", index=False)
    ebook_id: IntegerField[int]
    patron = holder_key(Patron, backref="ebook_holds")
    patron_id: IntegerField[int]
    state = CharField(
        default="waiting", constraints=[one_of("state", "waiting", "ready", "cancelled", "expired", "withdrawn")]
    )
    placed_at = InstantField()
    until = DateField(null=True)
    ended_at = InstantField(null=True)
    sealed_for = later_key(Patron, "CASCADE", backref="+")

    class Meta:
        indexes = (
            (("ebook", "state", "placed_at"), False),
            SQL(
                "CREATE UNIQUE INDEX ebook_hold_one_per_patron ON ebook_hold (ebook_id, patron_id) "
                "WHERE state IN ('waiting', 'ready')"
            ),
        )


class EbookLink(Table):
    """The secret address of a patron's e-books for a reading program; a new ``key`` makes a new address."""

    patron = holder_key(Patron, unique=True)
    key = CharField(unique=True)
    made_at = InstantField()
    sealed_for = later_key(Patron, "CASCADE", backref="+")


class EbookService(Table):
    """An e-book service elsewhere. ``shelf_url``: its OPDS feed of a patron's loans, with ``{card}`` for the number."""

    name = CharField(unique=True)
    url = TextField()
    explanation = TextField(default="")
    shelf_url = TextField(default="")
