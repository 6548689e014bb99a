"""MARC 21: what a library notes in a record for itself, which nobody outside is shown."""

import pymarc
from pymarc import Field

# notes of the library that made the record, for itself: how a copy came, what it cost, who had it, what was done with it
PRIVATE = frozenset(("541", "542", "561", "583", *map(str, range(590, 600))))
PRIVATE_PARTS = {"852": "x"}  # subfields


def link_of(field: Field) -> str:
    """Return what stands in $6, which comes first: ``880-01``, or ``245-01/$1`` in a field of 880."""
    for code, value in field.subfields:
        if code == "6":
            return value
    return ""


def without_private(marc: pymarc.Record) -> pymarc.Record:
    """Take out of a record what its library noted for itself, in 880, too, and return it: for whoever is outside."""
    for field in marc.fields[:]:
        tag = link_of(field)[:3] if field.tag == "880" else field.tag
        if tag in PRIVATE:
            marc.remove_field(field)
        elif codes := PRIVATE_PARTS.get(tag):
            field.subfields = [part for part in field.subfields if part.code not in codes]
    return marc
