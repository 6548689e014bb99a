"""Questions to the library, and answers that everybody may read."""

from peewee import BooleanField, CharField, Check, DateField, DateTimeField, ForeignKeyField, Model, TextField


class Table(Model):
    class Meta:
        legacy_table_names = False


# what is referred to only; this table is there
class Patron(Table): ...


class Question(Table):
    request = CharField(unique=True)
    patron = ForeignKeyField(Patron, null=True, on_delete="CASCADE")
    address = CharField(default="")
    subject = TextField()
    text = TextField()
    looked = TextField(default="")
    wanted = TextField(default="")
    consent = BooleanField(default=False)
    state = CharField(default="new", constraints=[Check("state IN ('new', 'taken', 'answered', 'closed')")])
    asked_at = DateTimeField()
    taken_by = CharField(default="")
    answer = TextField(default="")
    sources = TextField(default="")
    ended_at = DateTimeField(null=True)

    class Meta:
        constraints = [
            Check("patron_id IS NULL OR address = ''"),
            Check("(state IN ('answered', 'closed')) = (ended_at IS NOT NULL)"),
        ]
        indexes = ((("state", "asked_at"), False),)


class PublishedAnswer(Table):
    question = ForeignKeyField(Question, null=True, unique=True, on_delete="SET NULL")
    subject = TextField()
    text = TextField()
    answer = TextField()
    sources = TextField(default="")
    folded = TextField(default="")
    public = BooleanField(default=False)
    published_on = DateField(null=True)
    changed_at = DateTimeField()

    class Meta:
        constraints = [Check("NOT public OR published_on IS NOT NULL")]
        indexes = ((("public", "published_on"), False),)


def up(migrator, db):
    made = [Question, PublishedAnswer]
    db.bind([Patron, *made], bind_refs=False, bind_backrefs=False)
    db.create_tables(made)
