"""蔵書点検: the copies scanned on the shelves of a branch, by several of the staff at once, against those expected there.

A scan is judged at once: a copy that is lent afterwards was on its shelf. A copy that was returned after the beginning
is never missing, as its shelf may have been scanned before.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from peewee import Expression, ModelSelect, chunked, fn

from library import audit, clock, errors, holdings
from library.files import table_encodings
from library.files.report import harmless
from library.lending import item_states, items
from library.numbers import formats, parsing
from library.store import database
from library.store.queries import tuples
from models import Branch, Item, Loan, Stocktaking, StocktakingScan, Title

VERDICTS = {
    "ok": "この場所の資料",
    "elsewhere": "ほかの館の資料",
    "shelf": "ほかの場所の資料",
    "on_loan": "貸出中のはずの資料",
    "kept": "取り置き・搬送中のはずの資料",
    "found": "不明・紛失・修理中だった資料",
    "withdrawn": "除籍した資料",
    "unknown": "登録のない番号",
}
RESULTS = {  # the lists of its result
    "missing": "見つからない資料",
    "misplaced": "場所が違う資料",
    "on_loan": "貸出中のはずの資料",
    "found": "不明などだった資料",
    "withdrawn": "除籍した資料",
    "unknown": "登録のない番号",
}
MISPLACED = ("elsewhere", "shelf", "kept")
EXPECTED = ("available", "reference")  # states of a copy that should stand on its shelf
TOGETHER = 200  # scans in one transaction
A_FEW = 20  # copies that are set to 不明 in one transaction
MOST_MISSING = 1_000  # more are a mistake: whole shelves were not scanned
MOST_SCANS = 20_000  # numbers in one file
LONGEST = 100  # characters of a number
HEADINGS = ("結果", "資料番号", "書名", "所蔵館", "場所", "請求記号", "読み取り")
_NAMED = re.compile("登録番号|資料番号|資料コード|バーコード|barcode", re.I)


def begin(branch: Branch, shelf: str, *, by: str, now: datetime) -> Stocktaking:
    """Begin the stocktaking of a branch and return it; ``shelf`` (開架, 児童 …): only this 場所, empty for all."""
    with database.writing():
        made = Stocktaking.create(branch=branch, shelf=shelf, started_at=now)
        audit.record("stocktaking.begun", actor=by, now=now, branch=branch.code)
    return made


def shelves() -> list[str]:
    """Return the 場所 that copies have, without withdrawn ones."""
    rows = Item.select(Item.shelf).where(Item.shelf != "", holdings.is_in_stock()).distinct()
    return sorted(row[0] for row in tuples(rows))


# -- reading ---------------------------------------------------------------------------------------------------------
def scan(stocktaking: Stocktaking, text: str, *, now: datetime) -> tuple[StocktakingScan, bool]:
    """Return the scan of a number, and whether it is its first. Raises: StocktakingClosed."""
    with database.writing():
        _require_open(stocktaking)
        return _scan_together(stocktaking, [text], now)[0]


def scan_many(stocktaking: Stocktaking, lines: Iterable[str], *, now: datetime) -> int:
    """Add the numbers of a file; return the number of new ones, 0 if it was read before. Raises: StocktakingClosed."""
    new = 0
    for some in chunked(lines, TOGETHER):
        with database.writing():
            _require_open(stocktaking)
            new += sum(is_new for _, is_new in _scan_together(stocktaking, some, now))
        database.give_way()
    return new


def _require_open(stocktaking: Stocktaking) -> None:
    if Stocktaking.get_by_id(stocktaking.id).closed_at:
        raise errors.StocktakingClosed()


def _scan_together(stocktaking: Stocktaking, texts: Iterable[str], now: datetime) -> list[tuple[StocktakingScan, bool]]:
    """Return (scan, whether it is the first) for each number, in few queries."""
    texts, forms_known = list(texts), formats.items()
    copies_of = [each[0] if len(each) == 1 else None for each in items.meant_each(texts, Item.select(), forms_known)]
    numbers = [
        item.barcode if item else parsing.as_new(text, forms_known)[:LONGEST]
        for item, text in zip(copies_of, texts, strict=True)
    ]
    known, out = _known(stocktaking, numbers), _out(filter(None, copies_of))
    new = {}
    for number, item in zip(numbers, copies_of, strict=True):
        if number not in known:
            new[number] = (stocktaking.id, number, item, _verdict(stocktaking, item, out), now)
    if new:
        scan = StocktakingScan
        columns = (scan.stocktaking, scan.barcode, scan.item, scan.verdict, scan.scanned_at)
        scan.insert_many(new.values(), fields=columns).execute()
        known |= _known(stocktaking, new)
    return [(known[number], new.pop(number, None) is not None) for number in numbers]


def _known(stocktaking: Stocktaking, numbers: Iterable[str]) -> dict[str, StocktakingScan]:
    rows = StocktakingScan.select().where(
        StocktakingScan.stocktaking == stocktaking, StocktakingScan.barcode.in_(list(numbers))
    )
    return {row.barcode: row for row in rows}


def _out(found: Iterable[Item]) -> set[int]:
    """Return the ids of the copies that are on loan."""
    rows = Loan.select(Loan.item).where(Loan.item.in_([item.id for item in found]), Loan.returned_on.is_null())
    return {row[0] for row in tuples(rows)}


def _verdict(stocktaking: Stocktaking, item: Item | None, out: set[int]) -> str:
    if item is None:
        return "unknown"
    if item.state == "withdrawn":
        return "withdrawn"
    if item.id in out:
        return "on_loan"
    if item.branch_id != stocktaking.branch_id:
        return "elsewhere"
    if item.state not in EXPECTED:
        return "found"
    if item.aside or item.going_to_id:
        return "kept"
    return "shelf" if stocktaking.shelf and item.shelf != stocktaking.shelf else "ok"


def read_file(content: bytes) -> list[str]:
    """Return the numbers in a scanner's file: one a line, or a column named 資料番号 …, else the first column.

    Raises: ScansUnreadable.
    """
    file = io.BytesIO(content)
    try:
        encoding = table_encodings.codec_for(file)
    except errors.Refused:
        raise errors.ScansUnreadable() from None
    text = content.decode(encoding, errors="replace").removeprefix("\ufeff")
    if "\ufffd" in text or "\x00" in text:
        raise errors.ScansUnreadable()
    rows = [re.split(r"[,;\t]", line) for line in text.splitlines()[: MOST_SCANS + 1] if line.strip()]
    column = next((column for column, cell in enumerate(rows[0]) if _NAMED.search(cell)), None) if rows else None
    cells = [row[column or 0].strip(" \"'=") for row in rows[0 if column is None else 1 :] if len(row) > (column or 0)]
    numbers = [cell for cell in cells if cell]
    if not numbers or len(numbers) > MOST_SCANS or any(len(cell) > LONGEST for cell in numbers):
        raise errors.ScansUnreadable()
    return numbers


# -- the result ------------------------------------------------------------------------------------------------------
def tally(stocktaking: Stocktaking) -> dict[str, int]:
    """Return verdict → number of scans, with 0."""
    rows = StocktakingScan.select(StocktakingScan.verdict, fn.count(StocktakingScan.id))
    counts = dict(tuples(rows.where(StocktakingScan.stocktaking == stocktaking).group_by(StocktakingScan.verdict)))
    return {verdict: counts.get(verdict, 0) for verdict in VERDICTS}


def count(stocktaking: Stocktaking) -> tuple[int, int]:
    """Return (expected copies, missing ones) at this moment, in one pass: 0.1 s for 150,000 copies."""
    both = Item.select(fn.count(Item.id), fn.count(Item.id).filter(_is_missing(stocktaking)))
    ((expected, missing),) = tuples(both.where(_is_expected(stocktaking)))
    return expected, missing


def missing(stocktaking: Stocktaking) -> ModelSelect[Item]:
    """Select the expected copies without a scan, except those returned or acquired since the beginning."""
    return items.with_titles().where(_is_expected(stocktaking), _is_missing(stocktaking))


def _is_expected(stocktaking: Stocktaking) -> Expression:
    """Return the condition for copies of the branch and 場所 that are neither lent, kept nor on their way."""
    out = Loan.select(Loan.item).where(Loan.returned_on.is_null())
    here = (
        holdings.is_own()
        & (Item.branch == stocktaking.branch_id)
        & Item.state.in_(EXPECTED)
        & ~Item.aside
        & Item.going_to.is_null()
        & (Item.at_branch.is_null() | (Item.at_branch == stocktaking.branch_id))
        & Item.id.not_in(out)
    )
    return here & (Item.shelf == stocktaking.shelf) if stocktaking.shelf else here


def _is_missing(stocktaking: Stocktaking) -> Expression:
    day = clock.day_of(stocktaking.started_at)
    read = StocktakingScan.select(StocktakingScan.item).where(
        StocktakingScan.stocktaking == stocktaking, StocktakingScan.item.is_null(False)
    )
    back = Loan.select(Loan.item).where(
        Loan.returned_on >= day, Loan.returned_at.is_null() | (Loan.returned_at >= stocktaking.started_at)
    )
    new = Item.acquired_on.is_null(False) & (Item.acquired_on >= day)
    return Item.id.not_in(read) & Item.id.not_in(back) & ~new


def scans(stocktaking: Stocktaking, *verdicts: str) -> ModelSelect[StocktakingScan]:
    """Select the scans with these verdicts (none: all), latest first, with copies and titles."""
    rows = (
        StocktakingScan.select(StocktakingScan, Item, Title, Branch)
        .left_outer_join(Item, on=StocktakingScan.item)
        .left_outer_join(Title, on=Item.title)
        .switch(Item)
        .left_outer_join(Branch, on=Item.branch)
        .where(StocktakingScan.stocktaking == stocktaking)
        .order_by(StocktakingScan.id.desc())
    )
    return rows.where(StocktakingScan.verdict.in_(verdicts)) if verdicts else rows


def latest(stocktaking: Stocktaking, count: int) -> list[StocktakingScan]:
    """Return the last ``count`` scans.

    The condition has ``+ 0`` so that SQLite reads the table from its end, not through the index of this stocktaking.
    """
    rows = StocktakingScan.select(StocktakingScan.id).where(StocktakingScan.stocktaking + 0 == stocktaking.id)
    ids = [row[0] for row in tuples(rows.order_by(StocktakingScan.id.desc()).limit(count))]
    return list(scans(stocktaking).where(StocktakingScan.id.in_(ids)))


def in_order(rows: ModelSelect[Item]) -> ModelSelect[Item]:
    """Order copies along the shelves."""
    return rows.order_by(Item.shelf, Title.shelf_key, Item.barcode)


def write_csv(stocktaking: Stocktaking) -> Iterator[str]:
    """Yield the lines of the result as CSV, UTF-8 with BOM: missing copies, then all scans."""
    yield "\ufeff" + _line(HEADINGS)
    for item in in_order(missing(stocktaking)).iterator():
        yield _line(("見つからない資料", *_cells(item.barcode, item), ""))
    for each in scans(stocktaking).iterator():
        moment = clock.local(each.scanned_at).isoformat(" ", "minutes")[:16]
        yield _line((VERDICTS[each.verdict], *_cells(each.barcode, each.item), moment))


def _cells(barcode: str, item: Item | None) -> tuple[str, ...]:
    if item is None:
        return barcode, "", "", "", ""
    return barcode, item.title.full_name, item.branch.name, item.shelf, item.call_number


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerow(map(harmless, cells))
    return text.getvalue()


# -- the end ---------------------------------------------------------------------------------------------------------
def close(stocktaking: Stocktaking, *, set_missing: bool, by: str, now: datetime) -> int:
    """点検を終える; with ``set_missing``, set missing copies to 不明 first. Return their number. Can be repeated if cut off.

    Copies lent or scanned meanwhile are left alone. Raises: StocktakingClosed, TooManyMissing.
    """
    _require_open(stocktaking)
    count = 0
    if set_missing:
        if (many := missing(stocktaking).count()) > MOST_MISSING:
            raise errors.TooManyMissing(count=many, most=MOST_MISSING)
        while ids := [row[0] for row in tuples(missing(stocktaking).select(Item.id).limit(A_FEW))]:
            with database.writing():
                _require_open(stocktaking)
                still = list(missing(stocktaking).where(Item.id.in_(ids)))
                for item in still:
                    item_states.change(item, "missing", by=by, now=now)
            database.give_way()
            count += len(still)
    with database.writing():
        _require_open(stocktaking)
        done = Stocktaking.missing + count
        Stocktaking.update(closed_at=now, missing=done).where(Stocktaking.id == stocktaking.id).execute()
        audit.record("stocktaking.closed", actor=by, now=now, branch=stocktaking.branch.code, count=count)
    return count
