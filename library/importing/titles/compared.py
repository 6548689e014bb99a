"""A record that a file brings, beside the stored title: its new parts, and whether it changes anything."""

from dataclasses import replace

from library.catalog import isbn, spoken, statements
from library.catalog.creators import creators
from library.catalog.records import InSeries, Record
from library.catalog.series import series


def new_parts(stored: Record, record: Record) -> Record:
    """Return a record without a statement that is stored, if it gives no readings, and an ISBN that is stored in other
    digits.
    """
    if record.author == statements.for_display(stored.author) and not any(each.kana for each in record.contributors):
        record = replace(record, author="", contributors=[])
    is_known = set(map(isbn.normalise, record.isbns)) <= {*map(isbn.normalise, stored.isbns)} - {None, ""}
    return replace(record, isbns=[]) if is_known else record


def keep_ours(stored: Record, record: Record) -> None:
    """Keep the day of accession, if the record has none, and readings that were typed at the desk."""
    record.accession_date = record.accession_date or stored.accession_date
    if stored.kana_source == spoken.DESK:
        record.title_kana, record.subtitle_kana = stored.title_kana, stored.subtitle_kana
        record.kana_source, record.row, record.pieces = spoken.DESK, None, None


def is_same(stored: Record, record: Record) -> bool:
    return _compared(stored, stored.in_series) == _compared(record, series.all_of(record)) and creators.are_known(
        stored.contributors, record.contributors
    )


def _compared(record: Record, in_series: list[InSeries]) -> Record:
    """Return a record for comparison, without its source, its copies, the creators' romanisation, and the signs between
    series.
    """
    people = [(each.name, each.kana, each.role) for each in record.contributors]
    names = sorted(record.names, key=lambda each: each.kind)  # by which MARC sorts them
    alike = {"contributors": people, "in_series": in_series, "names": names}
    return replace(record, raw=b"", format="", holdings=[], series="" if in_series else record.series, **alike)
