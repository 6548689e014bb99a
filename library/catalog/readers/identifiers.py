"""The numbers of creators in registers, from $0 and $1 of MARC 21 and the addresses in DC-NDL; and the pages of the
registers.
"""

import re
from collections.abc import Iterable

from pymarc import Field

from library.catalog.readers.marc_fields import Fields

NDL = "JTNDL"  # in 003, when bare numbers are of the National Diet Library's authorities
# the forms of a register's number in $0 and $1
_REGISTERS = (
    ("VIAF", re.compile(r"(?:viaf\.org/viaf/|\(viaf\)\s*)(\d+)", re.I)),
    ("ISNI", re.compile(r"(?:isni\.org/(?:isni/)?|\(isni\)\s*)((?:\d\s*){15}[\dX])", re.I)),
    ("NDL", re.compile(r"(?:id\.ndl\.go\.jp/auth/(?:ndlna|entity)/|\((?:JTNDL|ndlna|NDL)\)\s*)(\d+)", re.I)),
)


def read(field: Field, fields: Fields) -> tuple[tuple[str, str], ...]:
    """Return the (register, number) in $0 and $1 of a field."""
    values = [value.strip() for code, value in field.subfields if code in "01"]
    if fields.control("003").strip() == NDL:
        values = [f"(NDL){value}" if value.isdigit() else value for value in values]
    return in_texts(values)


def in_texts(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the (register, number) in these texts, the first of each register."""
    found: dict[str, str] = {}
    for text in texts:
        for register, pattern in _REGISTERS:
            if number := pattern.search(text):
                found.setdefault(register, "".join(number[1].split()).upper())
    return tuple(found.items())


def page_url(register: str, number: str) -> str:
    """Return the address of a number's page in its register: NDL, VIAF or ISNI."""
    if register == "NDL":
        return f"https://id.ndl.go.jp/auth/ndlna/{number}"
    return f"https://viaf.org/viaf/{number}" if register == "VIAF" else f"https://isni.org/isni/{number}"
