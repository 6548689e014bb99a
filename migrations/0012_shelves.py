"""本棚 of patrons, and the titles on them."""

from peewee import SQL, BooleanField, CharField, DateField, ForeignKeyField, IntegerField, Model, TextField


class Table(Model):
    class Meta:
        legacy_table_names = False


class Patron(Table):
    pass


class Title(Table):
    pass


class Shelf(Table):
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


def up(migrator, db):
    db.bind([Patron, Title, Shelf, ShelvedTitle], bind_refs=False, bind_backrefs=False)
    db.create_tables([Shelf, ShelvedTitle])
