"""MARC 21: the private notes of a library, which are not given to others."""

import pymarc
from pymarc import Field

# private notes of the library that made the record: acquisition, price, former owners, treatment of a copy
PRIVATE = frozenset(("541", "542", "561", "583", *map(str, range(590, 600))))
PRIVATE_PARTS = {"852": "x"}  # subfields


def link_of(field: Field) -> str:
    """Return $6 of a field: ``880-01``, or ``245-01/$1`` in a field of 880; empty when it has none."""
    for code, value in field.subfields:
        if code == "6":
            return value
    return ""


def without_private(marc: pymarc.Record) -> pymarc.Record:
    """Return the record, changed in place, without private notes, also in 880."""
    for field in marc.fields[:]:
        tag = link_of(field)[:3] if field.tag == "880" else field.tag
        if tag in PRIVATE:
            marc.remove_field(field)
        elif codes := PRIVATE_PARTS.get(tag):
            field.subfields = [part for part in field.subfields if part.code not in codes]
    return marc
