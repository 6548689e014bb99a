"""MARC 21: the fields of one record by tag, each with its partners in 880: the same field in another script."""

from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from unicodedata import normalize

import pymarc
from pymarc import Field

from library.catalog import isbd
from library.catalog.folding import romanised, scripts
from library.catalog.readers.private_fields import PRIVATE, link_of


def nfc(text: str) -> str:
    """Return the text in NFC."""
    return text if text.isascii() else normalize("NFC", text)


# -- texts of one field ------------------------------------------------------------------------------------------------
def first(field: Field, code: str) -> str:
    """Return the first subfield with this code, without punctuation at its end; empty when there is none."""
    for each, value in field.subfields:
        if each == code:
            return isbd.trimmed(value)
    return ""


def joined(field: Field, codes: str) -> str:
    """Return the subfields with these codes in their order, with the punctuation between them; empty when there are
    none.
    """
    return isbd.trimmed(" ".join([value.strip() for code, value in field.subfields if code in codes]))


def parts(field: Field, codes: str, sign: str = " ") -> str:
    """Return the subfields with these codes in their order, ``sign`` between them instead of punctuation; empty when
    there are none.
    """
    return sign.join([trimmed for code, value in field.subfields if code in codes and (trimmed := isbd.trimmed(value))])


# -- a record ----------------------------------------------------------------------------------------------------------
class Fields:
    """The fields of one record by tag, with their partners in 880. A field of 880 without a partner counts as one of
    the tag that it names.
    """

    def __init__(self, marc: pymarc.Record) -> None:
        self.leader = str(marc.leader)
        self.by_tag = by_tag = defaultdict[str, list[Field]](list)
        for field in marc.fields:
            by_tag[field.tag].append(field)
        self._sorted: dict[int, tuple[int, int | None, int | None]] = {}
        self._partners: dict[int, list[Field]] = {}
        self.is_linked = "880" in by_tag
        if self.is_linked:
            self._link(by_tag.pop("880"))

    def _link(self, others: list[Field]) -> None:
        """Find the partner of each field of 880; those without one are paired by ``_pair``."""
        links = [(link[:3], link[4:6], other) for other in others if (link := link_of(other))]
        tags = {tag for tag, _, _ in links if tag >= "010"} & self.by_tag.keys()
        named = {(tag, link_of(field)[4:6]): field for tag in tags for field in self.by_tag[tag]}
        alone: dict[str, list[Field]] = {}
        for tag, number, other in links:
            if number not in ("", "00") and (field := named.get((tag, number))):
                self._partners.setdefault(id(field), []).append(other)
            elif len(tag) == 3 and tag.isdigit() and tag not in PRIVATE:
                alone.setdefault(tag, []).append(other)
        for tag, several in alone.items():
            self._pair(tag, several)

    def _pair(self, tag: str, several: list[Field]) -> None:
        """Pair fields of 880 without a partner with the fields of their tag, in order, if these are as many; else add
        them as fields.
        """
        fields = self.by_tag[tag]
        groups = [several]
        if len(several) != len(fields):
            by_script: dict[str, list[Field]] = {}
            for other in several:
                by_script.setdefault(scripts.script_of(_whole(other)), []).append(other)
            groups = [
                by_script[script] for script in (scripts.FULL, scripts.KANA, scripts.LATIN) if script in by_script
            ]
        for group in groups:
            may_pair = len(group) == len(fields) and not any(id(field) in self._partners for field in fields)
            if may_pair or (group is not groups[0] and len(group) == len(groups[0]) == len(fields)):
                for field, other in zip(fields, group, strict=True):
                    self._partners.setdefault(id(field), []).append(other)
            else:
                fields += [
                    Field(tag, each.indicators, [part for part in each.subfields if part.code != "6"]) for each in group
                ]

    def control(self, tag: str) -> str:
        """Return the text of the first control field with this tag (001, 008); empty when there is none."""
        found = self.by_tag.get(tag)
        return (found[0].data or "") if found else ""

    def tagged(self, *tags: str) -> list[Field]:
        """Return the fields with these tags, in the order of ``tags``."""
        by_tag = self.by_tag
        return [field for tag in tags if tag in by_tag for field in by_tag[tag]]

    def among(self, tags: Set[str]) -> Sequence[Field]:
        """Return the fields with these tags, in the order of the tags' numbers: fast for many tags."""
        by_tag = self.by_tag
        if tags.isdisjoint(by_tag):
            return ()
        present = sorted([tag for tag in by_tag if tag in tags])
        return [field for tag in present for field in by_tag[tag]]

    def is_kunrei(self) -> bool:
        """Tell whether the record's romanisation is Kunrei."""
        others = [field for partners in self._partners.values() for field in partners]
        linked = [field for fields in self.by_tag.values() for field in fields if id(field) in self._partners]
        texts = map(_whole, [*linked, *others])
        return romanised.is_kunrei([text for text in texts if scripts.script_of(text) == scripts.LATIN])

    def forms(self, field: Field, read: Callable[[Field], str]) -> tuple[str, str, str]:
        """Return text, reading and romanisation of a field: ``read`` of the field and its partners; each empty when
        there is none.
        """
        text = nfc(read(field))
        if not text or not (others := self._partners.get(id(field))):
            return text, "", ""
        forms = [text, *[nfc(read(other)) for other in others]]
        full, kana, latin = self._sorted_out(field, others)
        text = isbd.closed_up(forms[full]) if full and forms[full] else text
        latin = forms[latin] if latin is not None else ""
        return text, forms[kana] if kana is not None else "", "" if latin == text else latin

    def _sorted_out(self, field: Field, others: Sequence[Field]) -> tuple[int, int | None, int | None]:
        known = self._sorted.get(id(field))
        if known is None:
            known = self._sorted[id(field)] = scripts.roles_of_forms(_whole(field), [_whole(other) for other in others])
        return known


def _whole(field: Field) -> str:
    return nfc(" ".join([value for code, value in field.subfields if code.isalpha()]))
