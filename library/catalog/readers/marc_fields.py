"""MARC 21: the fields of one record by their tags, and what 880 has for each: the same in another script."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence, Set
from unicodedata import normalize

import pymarc
from pymarc import Field

from library.catalog.folding import scripts
from library.catalog.readers import isbd

ALONE = frozenset(("100", "110", "111", "245", "250", "260", "300"))  # tags of which a record has one


def nfc(text: str) -> str:
    """Return the text with letters and their marks as one, where that is possible."""
    return text if text.isascii() else normalize("NFC", text)


class Fields:
    """The fields of one record: by tag, with what 880 links to them."""

    def __init__(self, marc: pymarc.Record) -> None:
        self.leader = str(marc.leader)
        self.by_tag = by_tag = defaultdict[str, list[Field]](list)
        for field in marc.fields:
            by_tag[field.tag].append(field)
        self._sorted: dict[int, tuple[int, int | None, int | None]] = {}
        self.linked = self._links() if "880" in by_tag else None

    def _links(self) -> dict[str, list[Field]]:
        linked: dict[str, list[Field]] = defaultdict(list)
        for field in self.by_tag["880"]:
            linked[link_of(field)[:6]].append(field)
        return linked

    def control(self, tag: str) -> str:
        found = self.by_tag.get(tag)
        return (found[0].data or "") if found else ""

    def tagged(self, *tags: str) -> list[Field]:
        by_tag = self.by_tag
        return [field for tag in tags if tag in by_tag for field in by_tag[tag]]

    def among(self, tags: Set[str]) -> Sequence[Field]:
        """Return the fields of many tags, in the order of the record."""
        by_tag = self.by_tag
        if tags.isdisjoint(by_tag):
            return ()
        present = sorted([tag for tag in by_tag if tag in tags])
        return [field for tag in present for field in by_tag[tag]]

    def others(self, field: Field) -> Sequence[Field]:
        """Return the fields of 880 for this one; where it doesn't say, those that say nothing either, if it is one of its kind."""
        link = link_of(field)[4:6] or "00"
        if self.linked is None or (link == "00" and field.tag not in ALONE):
            return ()  # nobody knows to which of several it belongs
        return self.linked.get(f"{field.tag}-{link}", ())

    def unlinked(self, tags: Collection[str]) -> list[Field]:
        """Return what stands in 880 for fields of these tags that are not there."""
        if not self.linked:
            return []
        return [
            field
            for link in sorted(self.linked)
            if link[3:] == "-00" and link[:3] in tags
            for field in self.linked[link]
        ]

    def forms(self, field: Field, read: Callable[[Field], str]) -> tuple[str, str, str]:
        """Return ``read(field)`` as text, reading and romanisation; empty where there is none."""
        text = nfc(read(field))
        if self.linked is None or not text or not (others := self.others(field)):
            return text, "", ""
        forms = [text, *[nfc(read(other)) for other in others]]
        full, kana, latin = self._sorted_out(field, others)
        text = isbd.closed_up(forms[full]) if full and forms[full] else text
        latin = forms[latin] if latin is not None else ""
        return text, forms[kana] if kana is not None else "", "" if latin == text else latin

    def _sorted_out(self, field: Field, others: Sequence[Field]) -> tuple[int, int | None, int | None]:
        known = self._sorted.get(id(field))
        if known is None:
            known = self._sorted[id(field)] = scripts.sorted_out(_whole(field), [_whole(other) for other in others])
        return known


def _whole(field: Field) -> str:
    return nfc(" ".join([value for code, value in field.subfields if code.isalpha()]))


def link_of(field: Field) -> str:
    """Return what stands in $6, which comes first: ``880-01``, or ``245-01/$1`` in a field of 880."""
    for code, value in field.subfields:
        if code == "6":
            return value
    return ""
