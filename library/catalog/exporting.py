"""書き出し: all titles as MARCXML, all copies as a table. A file appears under its name when it is complete."""

import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pymarc
from pymarc import Field, Indicators, Subfield

from library import errors, holdings
from library.catalog import ndc, records, removed_titles, spoken
from library.catalog.codes import accessible
from library.catalog.readers import marc_files, private_fields
from library.catalog.series import series
from library.files.report import harmless
from models import Branch, Item, Title

BATCH = 500
HEADINGS = (
    "ISBN",
    "書名",
    "巻",
    "著者",
    "出版者",
    "出版年",
    "請求記号",
    "所蔵館",
    "登録番号",
    "書誌の出典",
    "書誌番号",
    "受入区分",
    "購入価格",
    "受入先",
    "費目",
    "資料メモ",
)
Texts = Sequence[str]  # by the codes of their subfields
_BLANK, _ANALYTICAL = Indicators(" ", " "), Indicators(" ", "2")
_OTHER_TITLES = {"統一書名": "730", records.WORK: "740"}
_KIND = {"雑誌": "as", "地図": "em", "楽譜": "cm", "録音資料": "im", "映像資料": "gm", "静止画": "km", "電子資料": "mm"}


def write_marcxml(path: Path) -> int:
    """Write all titles and return their number: the source record of a title when it is MARC and the title is unchanged
    since, else a record made from its fields.
    """
    count = 0
    with _replaced(path) as temporary, temporary.open("wb") as file:
        writer = pymarc.XMLWriter(file)
        for ids in records.every_id(BATCH):
            edited = {row.id for row in Title.select(Title.id).where(Title.id.in_(ids), Title.edited)}
            for title_id, record in records.load(removed_titles.without_borrowed(ids)).items():
                made = marc_from_fields(title_id, record) if title_id in edited else to_marc(title_id, record)
                writer.write(_with_source(made, record))
                count += 1
        writer.close(close_fh=False)
    return count


def write_items(path: Path) -> int:
    """Write all copies but withdrawn ones, a row each, and return their number: CSV, UTF-8 with byte order mark, all
    cells quoted.
    """
    count = 0
    with _replaced(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, quoting=csv.QUOTE_ALL)
        rows.writerow(HEADINGS)
        for ids in records.every_id(BATCH):
            for row in _copies(ids):
                rows.writerow(map(harmless, row))
                count += 1
    return count


FORMATS = {"marcxml": write_marcxml, "csv": write_items}


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    temporary = Path(f"{path}.part")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _copies(ids: list[int]) -> Iterator[tuple[str, ...]]:
    columns = (Title.isbn, Title.isbn_text, Title.title, Title.volume, Title.author, Title.publisher, Title.year_text)
    copy = (Item.call_number, Branch.name, Item.barcode, Title.source, Title.source_id)
    copy += (Item.acquired_how, Item.price, Item.supplier, Item.budget_word, Item.note)
    rows = Item.select(*columns, *copy).join(Title).switch(Item).join(Branch)
    rows = rows.where(Item.title.in_(ids), holdings.is_in_stock()).order_by(Item.title, Item.id)
    for isbn, as_given, *rest in rows.tuples().iterator():
        yield isbn or as_given, *("" if cell is None else str(cell) for cell in rest)


def _with_source(made: pymarc.Record, record: records.Record) -> pymarc.Record:
    """Return the record, changed in place, with the source of its number; without a number, if it has none but ours."""
    if not record.source_id:
        made.remove_fields("001")
    elif record.source and not made.get_fields("003"):
        made.add_ordered_field(Field("003", data=record.source))
    return made


# -- MARC ------------------------------------------------------------------------------------------------------------
def to_marc(title_id: int, record: records.Record) -> pymarc.Record:
    """Return the MARC record of a title, without private notes: its source record if that is MARC, else one made from
    its fields.
    """
    if record.format not in ("marc21", "marcxml"):
        return marc_from_fields(title_id, record)
    decode = marc_files.decoded if record.format == "marc21" else marc_files.decoded_xml
    try:
        return private_fields.without_private(decode(record.raw))
    except errors.Refused:  # an older version of the program took records that this one refuses
        return marc_files.without_controls(marc_from_fields(title_id, record))


def marc_from_fields(title_id: int, record: records.Record) -> pymarc.Record:
    """Return a MARC record made from the fields of a title, to be read as the same title; readings and romanisations
    stand in 880, but for readings made from a romanisation.
    """
    made = pymarc.Record(force_utf8=True)
    kind = _KIND.get(record.material_type, "am")
    made.leader = pymarc.Leader(f"00000n{kind} a2200000 i 4500")
    made.add_field(Field("001", data=record.source_id or str(title_id)))
    if record.source:
        made.add_field(Field("003", data=record.source))
    formats = accessible.codes(record.formats)
    year, audience = f"{record.year or '    '}", "j" if record.audience == "児童" else " "
    form = "d" if "large-print" in formats else "f" if "braille" in formats else " "
    language = (record.language or "   ")[:3]
    made.add_field(Field("008", data=f"      s{year[:4]:>4}    ja     {audience}{form:12}{language:3} d"))
    for number in record.isbns or [""]:
        _add(made, "020", a=number, c=record.price if number in ("", *record.isbns[:1]) else "")
    mark = "K" if audience == "j" and record.material_type == "雑誌" else ""  # 008 has no audience of serials
    for number in ndc.read_all(record.ndc).numbers or filter(None, [record.ndc]):
        _add(made, "084", a=mark + number, **{"2": f"njb/{record.ndc_edition:>02}" if record.ndc_edition else "njb"})
    _add_description(made, record)
    for text in record.note.split("\n"):
        _add(made, "500", a=text)
    for text in record.contents.split("\n"):
        _add(made, "505", a=text)
    for text in record.accessibility.split("\n"):
        _add(made, "532", a=text)
    for code in formats:
        if code not in accessible.mentioned_in_record(replace(record, material_type="")):
            _add(made, "532", a=accessible.words(code))
    for heading, kana in record.subjects:
        _add_linked(made, "650", "a", (heading,), (kana,))
    for each in record.contributors:
        years = f"{each.born}-" if each.born else ""
        _add_linked(made, "700", "a", (each.name,), (each.kana,), (each.latin,), d=years, e=each.role)
    return made


def _add_description(made: pymarc.Record, record: records.Record) -> None:
    """Add the fields of the description: titles, imprint, extent, series."""
    _add_linked(
        made,
        "245",
        "abn",
        (record.title, record.subtitle, record.volume),
        spoken.source_readings(record),
        _romanised_title(record),
        h=""
        if record.material_type in (*_KIND, *([] if record.formats else ["図書"]))
        else f"[{record.material_type}]",
        c=record.author,
    )
    for each in record.names:
        tag, kind = _OTHER_TITLES.get(each.kind, "246"), each.kind if each.kind == records.ORIGINAL else ""
        _add_linked(made, tag, "ia", (kind, each.name), ("", each.kana), ("", each.latin))
    _add_linked(
        made,
        "260",
        "abc",
        (record.place, record.publisher, record.year_text),
        ("", record.publisher_kana) if record.publisher_kana else (),
    )
    _add(made, "300", a=record.extent)
    numbers = iter(record.series_kana.split(" / "))  # of those that have a reading
    for each in series.all_of(record):
        kana = each.kana and (each.kana, next(numbers, "").partition(" ; ")[2])
        _add_linked(made, "490", "av", (each.name, each.number), kana or (), (each.latin,))


def _romanised_title(record: records.Record) -> tuple[str, str, str]:
    """Return the romanisations of title, subtitle and volume."""
    title, _, subtitle = record.title_latin.partition(" : ") if record.subtitle else (record.title_latin, "", "")
    before, stop, volume = (subtitle or title).rpartition(". ") if record.volume else ("", "", "")
    if not stop:
        return title, subtitle, ""
    return (title, before, volume) if subtitle else (before, "", volume)


def _add(made: pymarc.Record, tag: str, **parts: str) -> None:
    subfields = [Subfield(code, text) for code, text in parts.items() if text]
    if subfields:
        made.add_field(Field(tag, _ANALYTICAL if tag == _OTHER_TITLES[records.WORK] else _BLANK, subfields))


def _add_linked(
    made: pymarc.Record, tag: str, codes: str, texts: Texts, kana: Texts, latin: Texts = (), **more: str
) -> None:
    """Add a field, and its reading and its romanisation in 880 if it has them."""
    parts = dict(zip(codes, texts, strict=True)) | more
    linked = [(script, others) for script, others in (("$1", kana), ("(B", latin)) if any(others)]
    number = f"{1 + len(made.get_fields('880')):02}"
    _add(made, tag, **({"6": f"880-{number}"} if linked else {}), **parts)
    for script, others in linked:
        _add(made, "880", **{"6": f"{tag}-{number}/{script}"}, **dict(zip(codes, others, strict=False)))
