"""News and pages that the library writes, with what they said before."""

from peewee import BooleanField, CharField, Check, DateField, DateTimeField, ForeignKeyField, Model, TextField


class Table(Model):
    class Meta:
        legacy_table_names = False


class Article(Table):
    slug = CharField(null=True, unique=True)
    title = CharField()
    text = TextField()
    day = DateField(null=True)
    public = BooleanField(default=True)
    changed_at = DateTimeField()

    class Meta:
        constraints = [Check("(slug IS NULL) = (day IS NOT NULL)")]
        indexes = ((("day",), False),)


class ArticleVersion(Table):
    article = ForeignKeyField(Article, backref="versions", on_delete="CASCADE")
    title = CharField()
    text = TextField()
    day = DateField(null=True)
    public = BooleanField()
    by = CharField()
    at = DateTimeField()


def up(migrator, db):
    made = [Article, ArticleVersion]
    db.bind(made, bind_refs=False, bind_backrefs=False)
    db.create_tables(made)
