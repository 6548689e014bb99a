"""The record that stays, with what it lacks taken from the one that goes."""

from dataclasses import replace

from library.catalog import isbn
from library.catalog.folding import fold
from library.catalog.records import Record
from library.catalog.series import series

# what is taken together: of the first there is nothing, and the rest says more of the same
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
    """Return the record that is kept with what it lacks, and which fields that are; numbers of either find it. Its source record stays
    beside it as it is.
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
    """Tell whether the readings of a text are those of the other text, too."""
    mine, theirs = getattr(kept, name), getattr(other, name)
    return isinstance(mine, str) and fold.strict(mine) == fold.strict(theirs)


def _more_numbers(kept: Record, other: Record) -> list[str]:
    known = {isbn.normalise(number) or number for number in kept.isbns}
    return [number for number in other.isbns if (isbn.normalise(number) or number) not in known]
