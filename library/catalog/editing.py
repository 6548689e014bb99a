"""書誌 by hand: adding, changing and deleting a title at the desk. The source record stays stored as it came."""

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from peewee import Select, fn

from library import audit, dates, errors, holdings
from library.catalog import changes, isbn, ndc, records, spoken, statements, store
from library.catalog.codes import accessible, languages
from library.catalog.fulltext import index
from library.catalog.readers import entries
from library.catalog.records import Contributor, OtherTitle, Record
from library.store import database
from models import CartRow, DeletedTitle, Ebook, Hold, Item, Title, Wanted, database as connection

# field name → text; ``contributors``: [(name, kana, role)]; ``formats``: [code]
Typed = dict[str, Any]
TEXTS = (
    "title", "title_kana", "title_latin", "subtitle", "subtitle_kana", "volume", "volume_kana", "series", "series_kana",
    "author", "publisher",
    "publisher_kana", "place", "year_text", "ndc", "ndc_edition", "material_type", "audience", "language", "extent",
    "price",
)  # fmt: skip
LONG_TEXTS = ("note", "contents", "accessibility")
# the parts of a record that ``desk_fields`` may name; other titles of a kind are named OF_KIND and the kind
PARTS = (*records.ALIKE[2:], "contributors", "isbns", "subjects", "in_series")
OF_KIND = "names/"
LONGEST, LONGEST_NAME = 1_000, 200  # letters
ISBNS = 20
HANGS_ON_TITLE = {
    Item: errors.TitleHasCopies,
    Ebook: errors.TitleHasEbook,
    Hold: errors.TitleHasHolds,
    CartRow: errors.TitleInCarts,
    Wanted: errors.TitleHasRequest,
}
_SPACES = re.compile(r"\s+")


def typed_of(record: Record) -> Typed:
    """Return the fields of a form for this record.

    A statement of responsibility that has only the contributors is left empty, so that it follows them when they
    change.
    """
    texts = {name: getattr(record, name) for name in (*TEXTS, *LONG_TEXTS)}
    if record.author == statements.compose(record.contributors):
        texts["author"] = ""
    return texts | {
        "other_titles": "\n".join(map(_title_line, record.names)),
        "isbns": "\n".join(record.isbns),
        "subjects": "\n".join(f"{heading}｜{kana}" if kana else heading for heading, kana in record.subjects),
        "accession_date": record.accession_date.isoformat() if record.accession_date else "",
        "contributors": [(each.name, each.kana, each.role) for each in record.contributors],
        "formats": accessible.codes(record.formats),
    }


def read(typed: Typed) -> Record:
    """Return the record of typed fields. Subjects and other titles are lines of ``件名`` or ``件名｜ヨミ``, other titles with
    their kind in front (``統一書名：``). Raises: RefusedTogether, by field.
    """
    problems: dict[str, list[errors.Refused]] = {}
    made = Record("")
    for name in TEXTS:
        setattr(made, name, _SPACES.sub(" ", typed[name]).strip())
    for name in LONG_TEXTS:
        setattr(made, name, "\n".join(_lines(typed[name])))
    if not made.title:
        problems["title"] = [errors.FieldEmpty()]
    made.year = dates.year_of(made.year_text)
    made.language = languages.code(made.language)
    classes = ndc.read_all(made.ndc)
    if not classes.others:  # else the text stays as typed, so that nothing is lost
        made.ndc = classes.text()
        made.audience = "児童" if classes.children else made.audience
    made.names = list(map(_other_title, _lines(typed["other_titles"])))
    made.isbns = _lines(typed["isbns"])[:ISBNS]
    if any(map(isbn.is_second_barcode, made.isbns)):
        problems["isbns"] = [errors.IsbnIsSecondBarcode()]
    made.subjects = [_subject(line) for line in _lines(typed["subjects"])]
    made.contributors = _contributors(typed["contributors"], problems)
    made.author = made.author or statements.compose(made.contributors)
    made.formats = accessible.to_column(typed["formats"])
    try:
        made.accession_date = dates.parse(typed["accession_date"]) if typed["accession_date"].strip() else None
    except ValueError:
        problems["accession_date"] = [errors.DateMalformed()]
    if problems:
        raise errors.RefusedTogether(problems)
    return made


def _lines(text: str) -> list[str]:
    """Return the lines that are not blank, spaces in them single."""
    return [line for each in text.splitlines() if (line := _SPACES.sub(" ", each).strip())]


def _subject(line: str) -> tuple[str, str]:
    heading, _, kana = re.sub(r"[|｜\t]", "｜", line).partition("｜")
    return heading.strip(), kana.strip()


def _title_line(each: OtherTitle) -> str:
    """Return the line of another title: 統一書名：源氏物語｜ゲンジ モノガタリ."""
    kind = f"{each.kind}：" if each.kind != records.KINDS_OF_TITLES[0] else ""
    return f"{kind}{each.name}｜{each.kana}" if each.kana else f"{kind}{each.name}"


def _other_title(line: str) -> OtherTitle:
    text, kana = _subject(line)
    kind, colon, rest = text.partition("：")
    named = colon and kind in records.KINDS_OF_TITLES
    return OtherTitle(kind, rest.strip(), kana) if named else OtherTitle(records.KINDS_OF_TITLES[0], text, kana)


def _contributors(rows: list[tuple[str, str, str]], problems: dict[str, list[errors.Refused]]) -> list[Contributor]:
    cleaned = [[_SPACES.sub(" ", text).strip() for text in row] for row in rows]
    typed = [Contributor(name, kana, role) for name, kana, role in cleaned]
    if any(not each.name and (each.kana or each.role) for each in typed):
        problems["contributors"] = [errors.ContributorWithoutName()]
    elif any(max(map(len, (each.name, each.kana, each.role))) > LONGEST_NAME for each in typed):
        problems["contributors"] = [errors.FieldTooLong(maximum=LONGEST_NAME)]
    elif any(not (each.name + each.kana + each.role).isprintable() for each in typed):
        problems["contributors"] = [errors.FieldHasControl()]
    return [each for each in typed if each.name]


# -- writing ---------------------------------------------------------------------------------------------------------
def version_of(record: Record) -> str:
    """Return a digest of a record, by which a change meanwhile is seen when its form comes back."""
    return entries.digest_of(
        repr(replace(record, raw=b"", format="", holdings=[], in_series=[], kana_source="")).encode()
    )


def add(record: Record, *, by: str, today: date, now: datetime) -> Title:
    """Add a title to the catalogue and the index, acquired today unless the record has another day; return it."""
    record.accession_date = record.accession_date or today
    if record.title_kana:
        record.kana_source = spoken.DESK
    spoken.complete_readings(record)
    accessible.add_mentioned(record)
    with database.writing():
        title_id = store.next_id("title")
        store.Store().add([(title_id, record)], [""], now=now)
        audit.record("title.added", actor=by, now=now, title=title_id)
    return Title.get_by_id(title_id)


def change(title_id: int, record: Record, *, seen: str, by: str, now: datetime) -> None:
    """Write the typed record to a title; its number at the source and the source record stay. ``seen``: the
    ``version_of`` when the form was opened. Raises: TitleChangedMeanwhile.
    """
    with database.writing():
        stored = records.load([title_id])[title_id]
        if version_of(stored) != seen:
            raise errors.TitleChangedMeanwhile()
        record.source, record.source_id = stored.source, stored.source_id
        _note_readings(stored, record)
        record.formats = accessible.after_edit(accessible.codes(record.formats), record, stored)
        if (record.series, record.series_kana) == (stored.series, stored.series_kana):
            record.in_series = stored.in_series
        known = {(each.name, each.kana): each for each in stored.contributors}
        for each in record.contributors:
            if same := known.get((each.name, each.kana)):
                each.latin, each.author_id = same.latin, same.author_id
        latin = {each.name: each.latin for each in stored.names}
        for each in record.names:
            each.latin = latin.get(each.name, "")
        store.Store().change([(title_id, record)], [None], now=now)
        _note_fields(title_id, stored, record)
        audit.record("title.changed", actor=by, now=now, title=title_id)


def _note_fields(title_id: int, stored: Record, record: Record) -> None:
    """Add the parts that were changed at the desk to ``desk_fields``; other parts follow the source record when it is
    imported again.
    """
    row = Title.select(Title.edited, Title.desk_fields).where(Title.id == title_id).get()
    fields = {name for name in PARTS if getattr(stored, name) != getattr(record, name)}
    if "contributors" not in fields and record.author == statements.compose(record.contributors):
        fields.discard("author")  # it was made from the contributors
    fields |= {
        f"{OF_KIND}{kind}" for kind in records.KINDS_OF_TITLES if _of_kind(stored, kind) != _of_kind(record, kind)
    }
    if not row.edited or row.desk_fields:
        fields |= set(row.desk_fields.split())
        Title.update(edited=True, desk_fields=" ".join(sorted(fields))).where(Title.id == title_id).execute()


def filled_parts(record: Record) -> set[str]:
    """Return the names of all parts of a record that are not empty: when nobody knows which were changed at the desk,
    any may have been.
    """
    parts = {name for name in PARTS if getattr(record, name)} - {"in_series"}
    return parts | {f"{OF_KIND}{each.kind}" for each in record.names}


def _of_kind(record: Record, kind: str) -> list[OtherTitle]:
    return [each for each in record.names if each.kind == kind]


def _note_readings(stored: Record, record: Record) -> None:
    """Set ``kana_source`` of a record: readings changed here are the desk's, which no import overwrites."""
    record.kana_source = stored.kana_source
    if (record.title_kana, record.subtitle_kana) != (stored.title_kana, stored.subtitle_kana):
        record.kana_source = spoken.DESK if record.title_kana or record.subtitle_kana else ""


def removal_refusals(title_id: int) -> list[errors.Refused]:
    """Return the refusals to delete a title that has copies (also withdrawn ones), an e-book, holds of any state, or
    stands in a cart.
    """
    counts = [table.select(fn.count(table.id)).where(table.title == title_id) for table in HANGS_ON_TITLE]
    found = Select(columns=counts).bind(connection).tuples().get()
    return [refusal(count=count) for refusal, count in zip(HANGS_ON_TITLE.values(), found, strict=True) if count]


def remove(title_id: int, *, by: str, now: datetime) -> None:
    """Delete a title. Raises: Refusals, with all ``removal_refusals``."""
    with database.writing():
        if reasons := removal_refusals(title_id):
            raise errors.Refusals(reasons)
        index.remove([title_id])
        DeletedTitle.create(title_id=title_id, deleted_at=changes.to_second(now))
        Title.delete().where(Title.id == title_id).execute()
        audit.record("title.removed", actor=by, now=now, title=title_id)


def with_isbn(text: str) -> list[int]:
    """Return the ids of the titles with this ISBN, in any spelling, those with copies first."""
    number = isbn.normalise(text)
    if not number:
        return []
    ids = [title.id for title in Title.select(Title.id).where(Title.isbn == number).order_by(Title.id)]
    owned = {copy.title_id for copy in Item.select(Item.title).where(Item.title.in_(ids), holdings.is_in_stock())}
    return sorted(ids, key=lambda title_id: title_id not in owned)
