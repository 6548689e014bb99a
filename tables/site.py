"""Tables of what the library publishes: news, pages, 特集 and photographs."""

from __future__ import annotations

from peewee import (
    BlobField,
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
)

from tables.base import InstantField, JSONField, Table
from tables.catalog import Title


class Article(Table):
    """お知らせ, or a page that the library writes: as it stands now. A page is found by its ``slug``, which news has none
    of.
    """

    slug = CharField(null=True, unique=True)
    title = CharField()
    text = TextField()
    day = DateField(null=True)  # 掲載日 of news
    public = BooleanField(default=True)
    changed_at = InstantField()
    versions: ModelSelect[ArticleVersion]

    class Meta:
        constraints = [Check("(slug IS NULL) = (day IS NOT NULL)")]
        indexes = ((("day",), False),)


class ArticleVersion(Table):
    """A version of an article, in force from ``at`` on. The latest is the article of now."""

    article = ForeignKeyField(Article, backref="versions", on_delete="CASCADE")
    title = CharField()
    text = TextField()
    day = DateField(null=True)
    public = BooleanField()
    by = CharField()
    at = InstantField()


class Feature(Table):
    """特集: titles that the staff put together for everybody, with words about them. Shown from ``first`` to ``last``,
    where these are set; ``on_front``: with a button on the front page, which has ``icon``.
    """

    slug = CharField(unique=True)
    title = CharField()
    text = TextField(default="")
    public = BooleanField(default=False)
    on_front = BooleanField(default=False)
    icon = CharField(default="book")
    first = DateField(null=True)
    last = DateField(null=True)
    position = IntegerField()
    changed_at = InstantField()
    versions: ModelSelect[FeatureVersion]


class FeatureBook(Table):
    """A title of a 特集, with a comment. Its name is stored, so that a title that was deleted stays named."""

    feature = ForeignKeyField(Feature, backref="books", on_delete="CASCADE", index=False)
    position = IntegerField()
    title = ForeignKeyField(Title, null=True, backref="+", on_delete="SET NULL")
    name = TextField()
    author = TextField(default="")
    comment = TextField(default="")

    class Meta:
        indexes = ((("feature", "position"), True),)


class FeatureVersion(Table):
    """A version of a 特集, in force from ``at`` on; ``books``: [title's id, name, author, comment] of each."""

    feature = ForeignKeyField(Feature, backref="versions", on_delete="CASCADE")
    feature_id: IntegerField[int]
    title = CharField()
    text = TextField()
    public = BooleanField()
    on_front = BooleanField()
    icon = CharField()
    first = DateField(null=True)
    last = DateField(null=True)
    books = JSONField()
    by = CharField()
    at = InstantField()


class Picture(Table):
    """A photograph of the library's: of a place on the front page, or of a 特集. ``alt`` describes it in words."""

    place = CharField(null=True, unique=True)
    feature = ForeignKeyField(Feature, null=True, unique=True, backref="pictures", on_delete="CASCADE")
    alt = CharField()

    class Meta:
        constraints = [Check("(place IS NULL) <> (feature_id IS NULL)")]


class PictureFile(Table):
    """A JPEG of a photograph in one size, as we made it; ``name`` is of its content."""

    picture = ForeignKeyField(Picture, backref="files", on_delete="CASCADE")
    name = CharField(index=True)
    width = IntegerField()
    height = IntegerField()
    content = BlobField()


class Cover(Table):
    """表紙の画像: the outcome of asking the source of covers for an ISBN. ``size``: bytes of the picture in the instance
    folder; 0: there is none, and it is asked for again at ``again_at``.
    """

    isbn = CharField(primary_key=True)
    size = IntegerField(default=0)
    again_at = InstantField(null=True)
