"""番号: old cards, new cards and copies, scanned as on the first morning."""

from collections.abc import Mapping
from datetime import datetime

from library import errors
from library.cutover import steps
from library.lending import items
from library.numbers import cards, parsing
from library.store import database

OF_EACH = 3
KINDS = {"old": "いまのカード", "new": "新しいカード", "item": "資料"}
FIELDS = tuple(f"{kind}_{number}" for kind in KINDS for number in range(1, OF_EACH + 1))


def judge(name: str, text: str) -> errors.Refused | None:
    """Return the refusal of one scan; None where it is right: a known old card or copy, a free new card of a known
    form.
    """
    if not text.strip():
        return errors.FieldEmpty()
    if name.startswith("item"):
        return None if items.by_barcode(text) else items.refusal(text)
    if name.startswith("old"):
        return None if cards.by_number(text, at_desk=True) else cards.refusal(text, at_desk=True)
    try:
        cards.require_new(text)
    except errors.Refused as refusal:
        return refusal
    return None


def confirm(scanned: Mapping[str, str], *, by: str, now: datetime) -> None:
    """Confirm the step with nine scans; the numbers are not stored. Raises: RefusedTogether by field."""
    problems: dict[str, list[errors.Refused]] = {}
    seen: set[tuple[str, str]] = set()
    for name in FIELDS:
        text = scanned.get(name, "")
        read = name.partition("_")[0], parsing.fold(text)
        if refusal := judge(name, text) or (errors.ScannedTwice() if read in seen else None):
            problems[name] = [refusal]
        seen.add(read)
    if problems:
        raise errors.RefusedTogether(problems)
    with database.writing():
        steps.confirm("numbers", by=by, now=now)
