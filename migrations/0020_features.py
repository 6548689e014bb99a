"""特集 with what they said before, and photographs, each in some sizes."""

from peewee import (
    BlobField,
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


class Title(Table): ...


class Feature(Table):
    slug = CharField(unique=True)
    title = CharField()
    text = TextField(default="")
    public = BooleanField(default=False)
    on_front = BooleanField(default=False)
    icon = CharField(default="book")
    first = DateField(null=True)
    last = DateField(null=True)
    position = IntegerField()
    changed_at = DateTimeField()


class FeatureBook(Table):
    feature = ForeignKeyField(Feature, backref="books", on_delete="CASCADE", index=False)
    position = IntegerField()
    title = ForeignKeyField(Title, null=True, backref="+", on_delete="SET NULL")
    name = TextField()
    author = TextField(default="")
    comment = TextField(default="")

    class Meta:
        indexes = ((("feature", "position"), True),)


class FeatureVersion(Table):
    feature = ForeignKeyField(Feature, backref="versions", on_delete="CASCADE")
    title = CharField()
    text = TextField()
    public = BooleanField()
    on_front = BooleanField()
    icon = CharField()
    first = DateField(null=True)
    last = DateField(null=True)
    books = TextField()
    by = CharField()
    at = DateTimeField()


class Picture(Table):
    place = CharField(null=True, unique=True)
    feature = ForeignKeyField(Feature, null=True, unique=True, backref="pictures", on_delete="CASCADE")
    alt = CharField()

    class Meta:
        constraints = [Check("(place IS NULL) <> (feature_id IS NULL)")]


class PictureFile(Table):
    picture = ForeignKeyField(Picture, backref="files", on_delete="CASCADE")
    name = CharField(index=True)
    width = IntegerField()
    height = IntegerField()
    content = BlobField()


def up(migrator, db):
    made = [Feature, FeatureBook, FeatureVersion, Picture, PictureFile]
    db.bind([Title, *made], bind_refs=False, bind_backrefs=False)
    db.create_tables(made)
