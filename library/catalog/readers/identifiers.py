"""MARC 21: the numbers that people have in registers, as $0 and $1 have them."""

import re

from pymarc import Field

from library.catalog.readers.marc_fields import Fields

NDL = "JTNDL"  # in 003, of those whose bare numbers are of the National Diet Library's authorities
# how a number of a register stands in $0 and $1
_REGISTERS = (
    ("VIAF", re.compile(r"(?:viaf\.org/viaf/|\(viaf\)\s*)(\d+)", re.I)),
    ("ISNI", re.compile(r"(?:isni\.org/(?:isni/)?|\(isni\)\s*)((?:\d\s*){15}[\dX])", re.I)),
    ("NDL", re.compile(r"(?:id\.ndl\.go\.jp/auth/(?:ndlna|entity)/|\((?:JTNDL|ndlna|NDL)\)\s*)(\d+)", re.I)),
)


def read(field: Field, fields: Fields) -> tuple[tuple[str, str], ...]:
    """Return (register, number) of what $0 and $1 say."""
    found: dict[str, str] = {}
    for code, value in field.subfields:
        if code not in "01":
            continue
        for register, pattern in _REGISTERS:
            if number := pattern.search(value):
                found.setdefault(register, "".join(number[1].split()).upper())
        if value.strip().isdigit() and fields.control("003").strip() == NDL:
            found.setdefault("NDL", value.strip())
    return tuple(found.items())
