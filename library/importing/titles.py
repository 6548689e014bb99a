"""書誌の取り込み: catalogue records from a table, with one copy in the same row if the file has it.

A title is found again by the id of its source, or by ISBN, title and volume where one side has no such id.
"""

import re

from peewee import SQL

from library import errors
from library.catalog import isbn, years
from library.importing import batches, cells, items
from library.importing.branches import Places
from library.importing.report import CHANGED, NEW, SAME
from library.tables import Column
from models import Item, Title

COLUMNS = (
    Column("source", ("書誌の出典",)),
    Column("source_id", ("書誌番号",)),
    Column("title", ("書名", "タイトル"), required=True),
    Column("title_kana", ("書名ヨミ", "書名カナ", "タイトルヨミ")),
    Column("subtitle", ("副書名", "副題")),
    Column("volume", ("巻", "巻次")),
    Column("series", ("叢書名", "シリーズ名")),
    Column("author", ("著者", "著者名")),
    Column("author_kana", ("著者ヨミ", "著者カナ", "著者名ヨミ")),
    Column("publisher", ("出版者", "出版社")),
    Column("place", ("出版地",)),
    Column("year", ("出版年",)),
    Column("isbn", ("ISBN",)),
    Column("ndc", ("分類", "NDC", "分類記号")),
    Column("subjects", ("件名",)),
    Column("material_type", ("資料区分",)),
    Column("audience", ("対象",)),
    Column("language", ("言語",)),
    Column("extent", ("ページ数", "形態")),
    Column("price", ("価格",)),
    Column("note", ("注記", "備考")),
    Column("accession_date", ("受入日",)),
    Column("barcode", ("登録番号", "資料番号", "資料コード")),
    Column("branch", ("所蔵館",)),
    Column("shelf", ("配架場所",)),
    Column("call_number", ("請求記号",)),
)
SOURCE = "csv"  # of a record whose file does not say
# written out, not as parameters: only so SQLite sees that a partial index serves
HAS_ID, HAS_NO_ID = SQL("source_id <> ''"), SQL("source_id = ''")
AS_THEY_ARE = (
    "title", "title_kana", "subtitle", "volume", "series", "author", "author_kana", "publisher", "place", "extent",
    "price", "note",
)  # fmt: skip


def read_in(table, *, report, dry_run=False, progress=None):
    """New titles and changes of known ones. An empty cell leaves what is stored; items that are known are left alone."""
    intake = _Intake(report)
    batches.carry_out(
        table, intake.put, report=report, dry_run=dry_run, identity=_identity, progress=progress, prepare=intake.look_up
    )


class _Intake:
    def __init__(self, report):
        self.report = report
        self.places = Places()
        self.known, self.barcodes = {}, set()

    def look_up(self, rows):
        """The titles that these rows name by an id, in one query a source; and which barcodes are there."""
        barcodes = {items.barcode_of(row.cells.get("barcode", "")) for row in rows}
        self.barcodes = {row[0] for row in Item.select(Item.barcode).where(Item.barcode.in_(barcodes)).tuples()}
        ids = {}
        for row in rows:
            source, source_id = _source_of(row)
            ids.setdefault(source, set()).add(source_id)
        self.known = {
            (title.source, title.source_id): title
            for source in ids
            for title in Title.select().where(Title.source == source, Title.source_id.in_(ids[source]), HAS_ID)
        }

    def put(self, row):
        read = cells.Cells(row, self.places)
        values = _values(read)
        item = self._item(read)
        read.check()
        title = self.known.get(_source_of(row)) or _alike(values)
        if title is None:
            title, outcome = Title.create(**cells.given(values)), NEW
        else:
            outcome = CHANGED if cells.update(title, values) else SAME
        if title.source_id:
            self.known[title.source, title.source_id] = title
        if item:
            Item.create(title=title, **item)
            self.barcodes.add(item["barcode"])
            self.report.more["追加した資料（登録番号）"] += 1
        return outcome

    def _item(self, read):
        """The copy in the row, when its barcode is new."""
        read.text("barcode")
        barcode = items.barcode_of(read.raw("barcode"))
        if not barcode:
            return None
        if barcode in self.barcodes:
            self.report.more["すでにある資料（登録番号。変更していません）"] += 1
            return None
        read.required("branch")
        return {"barcode": barcode, **cells.given(items.place_of(read))}


def _values(read) -> dict:
    """The columns of a title; None where the file says nothing."""
    read.required("title")
    values = {name: read.text(name, cells.LONG) for name in AS_THEY_ARE}
    for name in ("source_id", "material_type", "audience", "language"):
        values[name] = read.text(name)
    read.text("source")
    values["source"] = _source_of(read.row)[0] or None
    if text := read.text("year", cells.LONG):
        values |= {"year": years.year_of(text), "year_text": text}
    values |= _isbn(read) | {
        "ndc": _without_scheme(read.text("ndc", cells.LONG)),
        "subjects": _separated(read.text("subjects", cells.LONG)),
        "accession_date": read.day("accession_date"),
    }
    return values


def _isbn(read):
    """As 13 digits and as typed. A wrong one is kept as typed only."""
    text = read.text("isbn")
    if text is None:
        return {}
    if isbn.is_second_barcode(text):
        read.refuse("isbn", errors.IsbnIsSecondBarcode())
    return {"isbn": isbn.normalise(text), "isbn_text": text}


def _source_of(row):
    """Where a record comes from, and its id there; both empty when it has none."""
    source_id = row.cells.get("source_id", "")
    return (row.cells.get("source") or SOURCE, source_id) if source_id else ("", "")


def _alike(values) -> Title | None:
    """Same ISBN, title and volume; without an ISBN also the same author, publisher and year. An id on one side at most."""
    same = [Title.title == values["title"], Title.volume == (values["volume"] or "")]
    if values.get("isbn"):
        same.append(Title.isbn == values["isbn"])
        if values["source_id"]:
            same.append(HAS_NO_ID)
    else:
        same += [SQL("isbn = ''"), HAS_NO_ID]
        same += [getattr(Title, name) == (values.get(name) or "") for name in ("author", "publisher", "year_text")]
    # the id alone first: most rows of a first import find nothing, and many columns cost time to ask for
    found = Title.select(Title.id).where(*same).order_by(Title.id).limit(1).tuples()
    return next((Title.get_by_id(row[0]) for row in found), None)


def _identity(row):
    """What makes two new rows of one file the same title."""
    said = row.cells.get
    if said("source_id"):
        return _source_of(row)
    number = isbn.normalise(said("isbn") or "")
    return said("title"), said("volume"), number or (said("author"), said("publisher"), said("year"))


def _without_scheme(text):
    """``NDC 913.6`` → ``913.6``."""
    return text and re.sub(r"(?i)^NDC[0-9]*[\s:]+", "", text)


def _separated(text):
    """件名, one a line, whatever width the semicolons between them had."""
    return text and "\n".join(part.strip() for part in re.split("[;；]", text) if part.strip())
