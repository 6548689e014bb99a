"""The kept record, with its empty fields filled from the other record."""

from dataclasses import replace

from library.catalog import isbn
from library.catalog.folding import fold
from library.catalog.records import Record
from library.catalog.series import series

# field → columns that are taken together: the first decides, the rest belong to it
PARTS = {
    "title": ("title", "title_kana", "title_latin", "kana_source"),
    "author": ("author", "contributors"),
    "publisher": ("publisher", "publisher_kana"),
    "place": ("place",),
    "series": ("series", "series_kana", "in_series"),
    "year_text": ("year_text", "year"),
    "ndc": ("ndc", "ndc_edition"),
    "language": ("language",),
    "extent": ("extent",),
    "price": ("price",),
    "subjects": ("subjects",),
    "other_titles": ("names",),
    "contents": ("contents",),
    "note": ("note",),
    "formats": ("formats",),
    "accessibility": ("accessibility",),
    "accession_date": ("accession_date",),
}


def complete(kept: Record, other: Record) -> tuple[Record, list[str]]:
    """Return the kept record with empty fields filled and ISBNs of both, and the names of the filled fields.

    Its source record isn't changed.
    """
    taken, found = {}, []
    for field, names in PARTS.items():
        missing = [name for name in names if not getattr(kept, name) and getattr(other, name)]
        if missing and (names[0] in missing or _is_same(kept, other, names[0])):
            taken |= {name: getattr(other, name) for name in missing}
            found.append(field)
    if numbers := _more_numbers(kept, other):
        taken["isbns"] = [*kept.isbns, *numbers]
        found.append("isbns")
    record = replace(kept, **{"in_series": series.all_of(kept), **taken}, raw=b"", format="")
    return record, found


def _is_same(kept: Record, other: Record, name: str) -> bool:
    """Tell whether a field has the same text in both records, so that its readings can be taken."""
    mine, theirs = getattr(kept, name), getattr(other, name)
    return isinstance(mine, str) and fold.strict(mine) == fold.strict(theirs)


def _more_numbers(kept: Record, other: Record) -> list[str]:
    known = {isbn.normalise(number) or number for number in kept.isbns}
    return [number for number in other.isbns if (isbn.normalise(number) or number) not in known]
