"""Tables of the catalogue: titles (書誌) with creators and names, copies (所蔵); works, creators and subjects."""

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
from tables.branches import Branch, Partner


def full_name(title: str, volume: str) -> str:
    """Return a title with its volume, as shown on screens and in mails."""
    return f"{title} {volume}" if volume else title


class Title(Table):
    """書誌: the title described by a catalogue record.

    ``author``: statement of responsibility as shown; ``subjects``: a heading a line, its reading after a tab;
    ``digest``: of the source record, if any. The keys sort lists. ``edited``: changed by hand, so that the source
    record no longer agrees; ``desk_fields``: the parts changed, separated by spaces (empty if ``edited``: any).
    ``kana_source``: made from romanisation, or typed at the desk. ``changed_at``: last change of record or copies, not
    of loans. ``work_key``: equal for all titles of a work; ``work_fixed``: set at the desk, against any record.
    ``formats``: codes of 利用しやすい形式 (library/catalog/codes/accessible.py), separated by spaces; ``accessibility``: the
    record's statements, a line each.
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
        # partial: a record without a source id is matched by ISBN, title and volume, without ISBN by its title
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
    """Another name of a title: 別書名, 統一書名, 原題 (``kind``), in the order of the record."""

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
    """叢書: all series of one folded name (``key``). A row is never deleted, as addresses have its id."""

    key = TextField(unique=True)
    name = TextField()
    kana = TextField(default="")


class TitleSeries(Table):
    """A series of a title, as the record names it, with the number in it (巻次), in the order of the record."""

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
    """A title that was deleted, or merged into another, by its former id, which is never used again.

    ``branches``: sets (OAI-PMH) of branches that had copies, separated by spaces. ``source``, ``source_id``: of a
    merged title, by which an import finds the other one.
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

    ``person``: the form chosen for the same creator, empty if it is this one; ``person_fixed``: set at the desk.
    ``apart`` separates creators of one name: empty for the first, a unique number for each other. ``born``: the year.
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
    born = later_text()

    class Meta:
        table_name = "author"
        indexes = ((("name", "kana", "apart"), True),)


class Contributor(Table):
    """A creator of a title, with the role (著, 訳, …), in the order of the record."""

    title = ForeignKeyField(Title, backref="contributors", on_delete="CASCADE", index=False)
    position = IntegerField()
    author = ForeignKeyField(Creator, backref="contributions", on_delete="RESTRICT")
    author_id: IntegerField[int]
    role = TextField(default="")

    class Meta:
        primary_key = CompositeKey("title", "position")
        without_rowid = True


class SourceRecord(Table):
    """The record of a title, complete as it came, so that a later version can read it again."""

    title = ForeignKeyField(Title, primary_key=True, backref="source_records", on_delete="CASCADE")
    title_id: IntegerField[int]
    format = CharField(constraints=[one_of("format", "marc21", "marcxml", "dcndl", "csv")])
    content = BlobField(column_name="raw")


class Item(Table):
    """所蔵: a copy, known by its barcode (登録番号).

    ``at_branch``: where it is, if not at home; ``going_to``: where it is being sent (搬送). ``aside``: behind the desk,
    for a patron or to be put back, not on its shelf; ``aside_at``: the place there, if known. ``shelf_key`` sorts by
    call number, copies without one last. ``note``: what staff see as it is lent and comes back (付録, ディスク2枚).
    ``acquired_how``: 受入区分; ``price``: yen; ``supplier``: 受入先; ``budget_word``: 費目. ``former_state``: that before 除籍.
    ``owner``: the library that lends it to this one (相互貸借): it is in no holdings.
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
    note = later_text()
    acquired_how = later_text()
    price = IntegerField(null=True)
    supplier = later_text()
    budget_word = later_text()
    withdrawn_on = DateField(null=True)
    withdrawn_reason = later_text()
    former_state = later_text()
    owner = later_key(Partner, "RESTRICT", index=False, backref="+")
    owner_id: IntegerField[int | None]

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
            SQL("CREATE INDEX item_withdrawn ON item (withdrawn_on) WHERE withdrawn_on IS NOT NULL"),
        )


# -- headings --------------------------------------------------------------------------------------------------------
class WorkJoin(Table):
    """Two works joined at the desk: titles whose own key is ``key`` belong to the work ``work_key``."""

    key = TextField(primary_key=True)
    work_key = TextField(index=True)


class CreatorName(Table):
    """A name of a creator in an authority record: another one (別名), or a related one (をも見よ)."""

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
    """A creator's number in a register (``scheme``: NDL, VIAF, ISNI), from a record or an authority record."""

    scheme = TextField()
    value = TextField()
    author = ForeignKeyField(Creator, backref="identifiers", on_delete="CASCADE")
    author_id: IntegerField[int]

    class Meta:
        table_name = "author_identifier"
        primary_key = CompositeKey("scheme", "value")
        without_rowid = True


class Subject(Table):
    """件名: a heading, as in the records."""

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
    """Another word for a subject (を見よ), or a related subject (をも見よ), from an authority record."""

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
