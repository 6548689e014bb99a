"""E-books: files that are lent, loans and places in the line for them, links of reading programs, services elsewhere."""

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


class Table(Model):
    class Meta:
        legacy_table_names = False


class Title(Table):
    pass


class Patron(Table):
    pass


class Ebook(Table):
    title = ForeignKeyField(Title, backref="ebooks", on_delete="RESTRICT", index=False)
    file = CharField(unique=True)
    size = IntegerField()
    digest = CharField()
    cover = CharField(default="", constraints=[Check("cover IN ('', 'image/jpeg', 'image/png')")])
    identifier = TextField(default="")
    licences = IntegerField(null=True, constraints=[Check("licences >= 1")])
    days = IntegerField(null=True, constraints=[Check("days >= 1")])
    added_at = DateTimeField(index=True)
    withdrawn_at = DateTimeField(null=True)
    erased = BooleanField(default=False)

    class Meta:
        indexes = (
            SQL("CREATE UNIQUE INDEX ebook_one_per_title ON ebook (title_id) WHERE withdrawn_at IS NULL"),
            SQL("CREATE UNIQUE INDEX ebook_one_per_file ON ebook (digest) WHERE withdrawn_at IS NULL"),
            SQL("CREATE INDEX ebook_title ON ebook (title_id)"),
        )


class EbookLoan(Table):
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
                "CREATE UNIQUE INDEX ebook_loan_one_per_licence ON ebook_loan (ebook_id, licence) WHERE returned_on IS NULL"
            ),
            SQL(
                "CREATE UNIQUE INDEX ebook_loan_one_per_patron ON ebook_loan (ebook_id, patron_id) WHERE returned_on IS NULL"
            ),
            SQL("CREATE INDEX ebook_loan_over ON ebook_loan (due_on) WHERE returned_on IS NULL"),
        )


class EbookHold(Table):
    ebook = ForeignKeyField(Ebook, backref="holds", on_delete="RESTRICT", index=False)
    patron = ForeignKeyField(Patron, backref="ebook_holds", on_delete="CASCADE")
    state = CharField(
        default="waiting", constraints=[Check("state IN ('waiting', 'ready', 'cancelled', 'expired', 'withdrawn')")]
    )
    placed_at = DateTimeField()
    until = DateField(null=True)
    ended_at = DateTimeField(null=True)

    class Meta:
        indexes = (
            (("ebook", "state", "placed_at"), False),
            SQL(
                "CREATE UNIQUE INDEX ebook_hold_one_per_patron ON ebook_hold (ebook_id, patron_id) "
                "WHERE state IN ('waiting', 'ready')"
            ),
        )


class EbookLink(Table):
    patron = ForeignKeyField(Patron, unique=True, on_delete="CASCADE")
    key = CharField(unique=True)
    made_at = DateTimeField()


class EbookService(Table):
    name = CharField(unique=True)
    url = TextField()
    explanation = TextField(default="")
    shelf_url = TextField(default="")


def up(migrator, db):
    made = [Ebook, EbookLoan, EbookHold, EbookLink, EbookService]
    db.bind([Title, Patron, *made], bind_refs=False, bind_backrefs=False)
    db.create_tables(made)
