"""Tables of the catalogue: titles (書誌) with their people and names, copies (所蔵), and headings: works, people, subjects."""

from __future__ import annotations

from peewee import (
    SQL,
    BlobField,
    CharField,
    CompositeKey,
    DateField,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
)

from tables.base import InstantField, Table, later_flag, later_key, later_moment, later_text, one_of
from tables.branches import Branch


def full_name(title: str, volume: str) -> str:
    """Return a title with its volume, as the screens and mails name it."""
    return f"{title} {volume}" if volume else title


class Title(Table):
    """書誌: what one catalogue record describes.

    ``author`` is the statement as it is shown, with roles; ``subjects`` one heading a line, its reading after a tab;
    ``digest`` is of the source record, empty where there is none. The keys say where a title stands in a sorted list.
    ``edited``: changed by hand, so that the source record says no longer what it says. ``kana_source``: made of the
    romanisation, or typed at the desk. ``changed_at``: when the record or its copies changed; loans do not count.
    ``work_key`` is the same for all titles of one work; ``work_fixed``: somebody at the desk has said which, and no
    record says otherwise. ``formats``: codes of 利用しやすい形式 (library/catalog/codes/accessible.py), parted by spaces;
    ``accessibility`` what its record says of them, a line each.
    ``desk_fields``: names of what was changed by hand, parted by spaces; of a title that was ``edited`` without them
    all that it says may be.
    """

    source = CharField(default="")
    source_id = CharField(default="")
    title = TextField()
    title_kana = TextField(default="")
    subtitle = TextField(default="")
    volume = TextField(default="")
    series = TextField(default="")
    author = TextField(default="")
    author_kana = TextField(default="")
    publisher = TextField(default="")
    place = TextField(default="")
    year = IntegerField(null=True)
    year_text = TextField(default="")
    isbn = CharField(default="", index=True)
    isbn_text = TextField(default="")
    ndc = TextField(default="")
    subjects = TextField(default="")
    material_type = CharField(default="図書")
    audience = CharField(default="一般")
    language = CharField(default="")
    extent = TextField(default="")
    price = TextField(default="")
    note = TextField(default="")
    accession_date = DateField(null=True)
    subtitle_kana = later_text()
    series_kana = later_text()
    ndc_edition = later_text()
    contents = later_text()
    title_latin = later_text()
    digest = later_text()
    sort_key = later_text()
    author_sort_key = later_text()
    shelf_key = later_text()
    edited = later_flag()
    volume_kana = later_text()
    publisher_kana = later_text()
    kana_source = later_text(one_of("kana_source", "", "romaji", "desk"))
    changed_at = later_moment()
    work_key = later_text()
    work_fixed = later_flag()
    formats = later_text()
    accessibility = later_text()
    desk_fields = later_text()
    makers: str  # of a select that asks for them: library.discovery.citations
    names: ModelSelect[TitleName]
    in_series: ModelSelect[TitleSeries]

    class Meta:
        # partial: a record without an id of its source is found by ISBN, title and volume, one without either by its
        # title
        indexes = (
            SQL("CREATE UNIQUE INDEX title_source ON title (source, source_id) WHERE source_id <> ''"),
            SQL("CREATE INDEX title_unnumbered ON title (title) WHERE source_id = '' AND isbn = ''"),
            SQL("CREATE INDEX title_changed ON title (changed_at, id)"),
            SQL("CREATE INDEX title_of_work ON title (work_key)"),
            SQL("CREATE INDEX title_formats ON title (formats) WHERE formats <> ''"),
        )

    @property
    def full_name(self) -> str:
        return full_name(self.title, self.volume)


class TitleName(Table):
    """Another title that a title has: 別書名, 統一書名, 原題; ``kind`` says which, in the order of the record."""

    title = ForeignKeyField(Title, backref="names", on_delete="CASCADE", index=False)
    position = IntegerField()
    kind = TextField()
    name = TextField()
    kana = TextField(default="")
    latin = TextField(default="")

    class Meta:
        primary_key = CompositeKey("title", "position")
        without_rowid = True


class Series(Table):
    """叢書: all that records call by one name, which ``key`` is of, folded. A row stays for good: pages are named by its
    id.
    """

    key = TextField(unique=True)
    name = TextField()
    kana = TextField(default="")


class TitleSeries(Table):
    """A series that a title is in, as its record names it, and the number there (巻次), in the order of the record."""

    title = ForeignKeyField(Title, backref="in_series", on_delete="CASCADE", index=False)
    title_id: IntegerField[int]
    position = IntegerField()
    series = ForeignKeyField(Series, backref="titles", on_delete="RESTRICT")
    series_id: IntegerField[int]
    name = TextField()
    kana = TextField(default="")
    latin = TextField(default="")
    number = TextField(default="")

    class Meta:
        primary_key = CompositeKey("title", "position")
        without_rowid = True


class DeletedTitle(Table):
    """A title that is no more, by the id that it had and that no other gets: taken out, or merged into another.

    ``branches``: sets (OAI-PMH) of those that had copies of it, parted by spaces. ``source`` and ``source_id``: of one
    that was merged, by which an import finds that other one.
    """

    title_id = IntegerField(primary_key=True)
    deleted_at = InstantField(index=True)
    merged_into = ForeignKeyField(Title, null=True, on_delete="SET NULL", backref="+")
    merged_into_id: IntegerField[int | None]
    branches = TextField(default="")
    source = later_text()
    source_id = later_text()

    class Meta:
        indexes = (SQL("CREATE INDEX deleted_title_source ON deleted_title (source_id) WHERE source_id <> ''"),)


class Creator(Table):
    """著者: one form of the name of a person or body.

    ``person``: the form under which the person stands, none where it is this one; ``person_fixed``: said at the desk.
    ``apart`` parts people of one name: empty for the first, of the others a number that nobody else has.
    """

    name = TextField()
    kana = TextField(default="")
    latin = TextField(default="")
    sort_key = TextField(default="", index=True)
    person = ForeignKeyField(
        "self",
        null=True,
        backref="forms",
        on_delete="SET NULL",
        constraints=[SQL('REFERENCES "author" ("id") ON DELETE SET NULL')],
        _deferred=True,  # pyright: ignore[reportCallIssue] (the stubs lack _deferred)
    )
    person_id: IntegerField[int | None]
    person_fixed = later_flag()
    apart = later_text()

    class Meta:
        table_name = "author"
        indexes = ((("name", "kana", "apart"), True),)


class Contributor(Table):
    """A person or body that made a title, and the role (著, 訳, …), in the order of the record."""

    title = ForeignKeyField(Title, backref="contributors", on_delete="CASCADE", index=False)
    position = IntegerField()
    author = ForeignKeyField(Creator, backref="contributions", on_delete="RESTRICT")
    author_id: IntegerField[int]
    role = TextField(default="")

    class Meta:
        primary_key = CompositeKey("title", "position")
        without_rowid = True


class SourceRecord(Table):
    """The record that a title was made of, whole as it came, so that a better reader can read it again."""

    title = ForeignKeyField(Title, primary_key=True, backref="source_records", on_delete="CASCADE")
    title_id: IntegerField[int]
    format = CharField(constraints=[one_of("format", "marc21", "marcxml", "dcndl", "csv")])
    content = BlobField(column_name="raw")


class Item(Table):
    """所蔵: one copy, known by its barcode (登録番号).

    ``at_branch`` is where it is while it is not at home, ``going_to`` where it is being sent (搬送). ``aside``: it is
    behind the desk, for a patron or to be put back, and not on its shelf; ``aside_at`` is the place there, if the desk
    said so. ``shelf_key`` puts call numbers in order, one that is empty behind all others.
    """

    title = ForeignKeyField(Title, backref="items", on_delete="RESTRICT")
    title_id: IntegerField[int]
    barcode = CharField(unique=True)
    branch = ForeignKeyField(Branch, on_delete="RESTRICT")
    branch_id: IntegerField[int]
    shelf = CharField(default="")
    call_number = CharField(default="")
    material_type = CharField(default="")
    state = CharField(
        default="available",
        constraints=[one_of("state", "available", "reference", "repair", "missing", "lost", "withdrawn")],
    )
    acquired_on = DateField(null=True)
    at_branch = later_key(Branch, "RESTRICT", index=False, backref="+")
    at_branch_id: IntegerField[int | None]
    going_to = later_key(Branch, "RESTRICT", index=False, backref="+")
    going_to_id: IntegerField[int | None]
    aside = later_flag()
    aside_at = later_text()
    shelf_key = later_text()

    class Meta:
        indexes = (
            SQL(
                "CREATE INDEX item_in_order ON item (shelf_key, title_id) "
                "WHERE shelf_key <> '' AND state <> 'withdrawn'"
            ),
            SQL(
                "CREATE INDEX item_in_order_at_branch ON item (branch_id, shelf_key, title_id) "
                "WHERE shelf_key <> '' AND state <> 'withdrawn'"
            ),
            SQL(
                "CREATE INDEX item_in_order_on_shelf ON item (branch_id, shelf, shelf_key, title_id) "
                "WHERE shelf_key <> '' AND state <> 'withdrawn'"
            ),
            SQL("CREATE INDEX item_on_the_way ON item (going_to_id) WHERE going_to_id IS NOT NULL"),
            SQL("CREATE INDEX item_aside ON item (id) WHERE aside"),
        )


class SaidOut(Table):
    """A copy that its file called 貸出中: a loan must come for it, or somebody looks for it."""

    item = ForeignKeyField(Item, unique=True, on_delete="CASCADE")
    item_id: IntegerField[int]


# -- headings ----------------------------------------------------------------------------------------------------------
class WorkJoin(Table):
    """Titles whose own key is ``key`` belong to the work ``work_key``: somebody at the desk has joined two works."""

    key = TextField(primary_key=True)
    work_key = TextField(index=True)


class CreatorName(Table):
    """A name of a person that stands in an authority record: another one (別名), or one to look at, too (をも見よ)."""

    author = ForeignKeyField(Creator, backref="names", on_delete="CASCADE", index=False)
    author_id: IntegerField[int]
    position = IntegerField()
    kind = TextField()
    name = TextField()
    kana = TextField(default="")
    latin = TextField(default="")

    class Meta:
        table_name = "author_name"
        primary_key = CompositeKey("author", "position")
        without_rowid = True


class CreatorIdentifier(Table):
    """The number of a person in a register (``scheme``: NDL, VIAF, ISNI), as a record or an authority gives it."""

    scheme = TextField()
    value = TextField()
    author = ForeignKeyField(Creator, backref="identifiers", on_delete="CASCADE")
    author_id: IntegerField[int]

    class Meta:
        table_name = "author_identifier"
        primary_key = CompositeKey("scheme", "value")
        without_rowid = True


class Subject(Table):
    """件名: one heading, as the records have it."""

    name = TextField(unique=True)
    kana = TextField(default="")
    sort_key = TextField(default="", index=True)
    latin = later_text()
    all_links: str  # these two of a select that asks for them
    all_titles: str


class TitleSubject(Table):
    """A subject of a title, in the order of the record."""

    title = ForeignKeyField(Title, on_delete="CASCADE", index=False)
    title_id: IntegerField[int]
    position = IntegerField()
    subject = ForeignKeyField(Subject, backref="titles", on_delete="CASCADE")
    subject_id: IntegerField[int]

    class Meta:
        primary_key = CompositeKey("title", "position")
        without_rowid = True


class SubjectLink(Table):
    """Another word for a subject (を見よ), or a subject to look at, too (をも見よ), of an authority record."""

    subject = ForeignKeyField(Subject, backref="links", on_delete="CASCADE", index=False)
    subject_id: IntegerField[int]
    position = IntegerField()
    kind = TextField()
    name = TextField()
    kana = TextField(default="")
    relation = TextField(default="")

    class Meta:
        primary_key = CompositeKey("subject", "position")
        without_rowid = True
