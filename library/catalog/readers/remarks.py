"""Remarks on doubtful values in MARC and DC-NDL records, for the report of an import: the same words for any format."""

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


def note_odd_letters(record: Record) -> None:
    """Add a remark for each text of a record that has 外字 or a sign in place of a letter."""
    for name in _TEXTS:
        if _ODD.search(text := getattr(record, name)):
            record.remarks.append(Note(name, WARNING, ODD_LETTERS, text[:40]))


def classes_of(record: Record, text: str) -> tuple[str, ...]:
    """Return the classes in a text, or the text itself when it has none. Sets the record's audience when a class is for
    children, and adds a remark on words that are no class.
    """
    found = ndc.read_all(text)
    if found.children and record.audience in ("", "一般"):
        record.audience = "児童"
    if found.others:
        record.remarks.append(Note("ndc", WARNING, NO_CLASS, text))
    return found.numbers or (normalize("NFKC", text).strip(),)


def note_bad_isbn(record: Record, text: str) -> None:
    """Add a remark on a text with digits that is no valid ISBN."""
    if not isbn.normalise(text) and any(map(str.isdigit, text)):
        record.remarks.append(Note("isbn", WARNING, NO_ISBN, text))


def with_stated_creators(
    record: Record, makers: list[Contributor], also: Iterable[Contributor] = ()
) -> list[Contributor]:
    """Return the makers, and after them, with a remark, creators that only the statement of responsibility names,
    mostly translators; without makers all that it names. ``also``: other creators of the record, who are not added.
    """
    if not makers:
        return statements.read(record.author)
    others = statements.only_in_statement(record.author, [each.name for each in (*makers, *also)])
    if others:
        words = "、".join([f"{each.name} {each.role}" for each in others])
        record.remarks.append(Note("author", MENDED, ONLY_STATED, words))
    return makers + others
