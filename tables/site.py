"""Tables of the library's publications: news, pages, 特集 and photographs."""

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
    """お知らせ, or a page of the library, in its present version. A page has a ``slug``, news has none."""

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
    """A version of an article, valid from ``at`` on. The latest is the present one."""

    article = ForeignKeyField(Article, backref="versions", on_delete="CASCADE")
    title = CharField()
    text = TextField()
    day = DateField(null=True)
    public = BooleanField()
    by = CharField()
    at = InstantField()


class Translation(Table):
    """翻訳: the library's own word ``key`` of a kind (a branch's name, a news text) in another language."""

    kind = CharField()
    key = CharField()
    language = CharField()
    text = TextField()

    class Meta:
        indexes = ((("language", "kind", "key"), True),)


class Feature(Table):
    """特集: a list of titles by staff, with texts. Shown from ``first`` to ``last``, if set.

    ``on_front``: with a button on the front page, which has ``icon``.
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
    """A title of a 特集, with a comment. Its name is stored in case it is deleted."""

    feature = ForeignKeyField(Feature, backref="books", on_delete="CASCADE", index=False)
    position = IntegerField()
    title = ForeignKeyField(Title, null=True, backref="+", on_delete="SET NULL")
    name = TextField()
    author = TextField(default="")
    comment = TextField(default="")

    class Meta:
        indexes = ((("feature", "position"), True),)


class FeatureVersion(Table):
    """A version of a 特集, valid from ``at`` on; ``books``: [title id, name, author, comment] of each."""

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
    """A photograph of the library's: of a place on the front page, or of a 特集. ``alt``: alternative text."""

    place = CharField(null=True, unique=True)
    feature = ForeignKeyField(Feature, null=True, unique=True, backref="pictures", on_delete="CASCADE")
    alt = CharField()

    class Meta:
        constraints = [Check("(place IS NULL) <> (feature_id IS NULL)")]


class PictureFile(Table):
    """A photograph in one size, as drawn here; ``name`` follows from its content."""

    picture = ForeignKeyField(Picture, backref="files", on_delete="CASCADE")
    name = CharField(index=True)
    width = IntegerField()
    height = IntegerField()
    content = BlobField()


class Cover(Table):
    """表紙の画像: the source's answer for an ISBN. ``size``: bytes of the picture; 0: none, ask again at ``again_at``."""

    isbn = CharField(primary_key=True)
    size = IntegerField(default=0)
    again_at = InstantField(null=True)
