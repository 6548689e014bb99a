"""Notes for the report of an import on what somebody should look at in a record that is no row of a table: the same words in any format."""

import re
from collections.abc import Iterable
from unicodedata import normalize

from library.catalog import isbn, ndc, statements
from library.catalog.records import Contributor, Record
from library.files.cells import ODD_LETTERS, Note
from library.files.report import MENDED, WARNING

NO_CLASS = "日本十進分類法の番号として読めません"
NO_ISBN = "ISBN の桁数か検査数字が違います。書かれたとおりに入れました"
ONLY_STATED = "責任表示にだけある人を、著者に加えました"

_TEXTS = ("title", "subtitle", "volume", "series", "author", "publisher", "contents", "note")
_ODD = re.compile("[\ue000-\uf8ff\ufffd〓]")


def odd_letters(record: Record) -> None:
    """Note the texts that have letters of somebody's own (外字), or a sign that took the place of one."""
    for name in _TEXTS:
        if _ODD.search(text := getattr(record, name)):
            record.remarks.append(Note(name, WARNING, ODD_LETTERS, text[:40]))


def classes_of(record: Record, text: str) -> tuple[str, ...]:
    """Return the classes in a text, which may mark the record as one for children; what is none is noted, and stays where it is alone."""
    found = ndc.read_all(text)
    if found.children and record.audience in ("", "一般"):
        record.audience = "児童"
    if found.others:
        record.remarks.append(Note("ndc", WARNING, NO_CLASS, text))
    return found.numbers or (normalize("NFKC", text).strip(),)


def check_number(record: Record, text: str) -> None:
    """Note what has digits and is no ISBN."""
    if not isbn.normalise(text) and any(map(str.isdigit, text)):
        record.remarks.append(Note("isbn", WARNING, NO_ISBN, text))


def people_of(record: Record, makers: list[Contributor], also: Iterable[Contributor] = ()) -> list[Contributor]:
    """Return those whom fields name, and after them, noted, those whom only the statement of authors does: a translator, mostly.

    ``also`` are others of the record, who have a place of their own.
    """
    if not makers:
        return statements.read(record.author)
    others = statements.others(record.author, [each.name for each in (*makers, *also)])
    if others:
        words = "、".join([f"{each.name} {each.role}" for each in others])
        record.remarks.append(Note("author", MENDED, ONLY_STATED, words))
    return makers + others
