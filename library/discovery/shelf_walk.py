"""書架をたどる: the copies in shelf order by call number, a part at a time, both ways (spec 12, 5).

A part begins or ends beside a spot, never at a count, so copies that come or go elsewhere move nothing.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, NamedTuple
from unicodedata import normalize

from library import holdings
from library.catalog import ndc
from library.catalog.search import call_numbers
from library.discovery import availability
from library.store import engine
from library.store.queries import Query, among, listed
from models import Branch, Item, Loan, Title

SIZE, BEFORE = 40, 5  # copies of a part; of them before the one that is asked for
LONGEST = 60  # letters of a call number that is typed
COPY = "copy-"  # and the id of a copy: a spot as an address names it
THERE = f"shelf_key <> '' AND {holdings.IN_STOCK} AND state <> 'lost'"
STANDING = (
    "state IN ('available', 'reference') AND NOT aside AND going_to_id IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM loan WHERE loan.item_id = item.id AND loan.returned_on IS NULL)"
)
Way = Literal["at", "after", "before"]


class Spot(NamedTuple):
    """The place of a copy; of a call number alone, before all copies that have it."""

    key: str
    title_id: int = 0
    item_id: int = 0


START = Spot("")


class Limits(NamedTuple):
    """The copies to walk along: of a branch (None: all), on a shelf (配架場所), ``standing``: only those in place now."""

    branch_id: int | None = None
    shelf: str = ""
    standing: bool = False


class Span(NamedTuple):
    """A part beside the one that is shown: the call numbers of its first copy and of its last."""

    first: str
    last: str


class Part(NamedTuple):
    """The spots of a part in order, and the parts beside it. ``before_key``: the key of the copy before the first."""

    spots: list[Spot]
    before: Span | None
    after: Span | None
    before_key: str = ""


class Found(NamedTuple):
    """A copy as it stands on the shelf. ``shelf_key`` gives its class."""

    item_id: int
    title_id: int
    barcode: str
    branch: str
    branch_code: str
    shelf: str
    call_number: str
    state: str
    due_on: date | None
    is_away: bool
    title: str
    volume: str
    author: str
    ndc: str
    shelf_key: str

    @property
    def kind(self) -> str:
        """Return in, out, here (館内) or none, as ``availability.Copy.kind``."""
        place = (self.branch, self.shelf, self.call_number)
        return availability.Copy(self.title_id, self.barcode, *place, self.state, self.due_on, self.is_away).kind


_FOUND = Query(
    lambda: (
        Item.select(
            Item.id, Item.title, Item.barcode, Branch.name, Branch.code, Item.shelf, Item.call_number,
            Item.state, Loan.due_on, Item.aside | Item.going_to.is_null(False),
            Title.title, Title.volume, Title.author, Title.ndc, Item.shelf_key,
        )
        .join(Branch, on=Item.branch == Branch.id)
        .join(Title, on=Item.title == Title.id)
        .left_outer_join(Loan, on=(Loan.item == Item.id) & Loan.returned_on.is_null())
        .where(Item.id.in_(among("items")))
        .tuples()
    )
)  # fmt: skip


def copies(item_ids: Iterable[int]) -> list[Found]:
    """Return these copies, in this order, by one query."""
    wanted = list(item_ids)
    found = {row[0]: Found(*row) for row in _FOUND.rows(items=listed(wanted))}
    return [found[one] for one in wanted if one in found]


# -- where to stand ----------------------------------------------------------------------------------------------------
def spot(text: str) -> Spot | None:
    """Return the spot of a text: a copy by ``copy-`` and its id or by its barcode, or a call number (``913.6 ナ``).

    Withdrawn copies and call numbers that no copy has are spots too. None for any other text.
    """
    text = normalize("NFKC", text).strip()
    if len(text) > LONGEST:
        return None
    if text.startswith(COPY):
        number = text.removeprefix(COPY)
        return _spot_of(Item.id == int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else None
    if call_numbers.read(text) is None and (found := _spot_of(Item.barcode == text)):
        return found
    key = ndc.shelf_key(text)
    return Spot(key) if key != ndc.LAST else None


def _spot_of(condition: Any) -> Spot | None:
    row = Item.select(Item.shelf_key, Item.title, Item.id).where(condition, Item.shelf_key != "").tuples().first()
    return Spot(*row) if row else None


def branch_with(shelf: str = "") -> int | None:
    """Return the first branch with copies, or with copies on a shelf of this name; for an address without a branch."""
    named, values = (" AND shelf = ?", (shelf,)) if shelf else ("", ())
    row = engine.run(
        "SELECT id FROM branch WHERE closed_on IS NULL "  # noqa: S608
        f"AND EXISTS (SELECT 1 FROM item WHERE branch_id = branch.id AND {THERE}{named}) "
        "ORDER BY position, id LIMIT 1",
        values,
    ).fetchone()
    return row[0] if row else None


def shelves(branch_id: int) -> list[str]:
    """Return the names of a branch's shelves (配架場所) with copies, sorted; one look into the index for each name."""
    there = f"FROM item WHERE branch_id = ? AND {THERE}"
    rows = engine.run(
        f"WITH RECURSIVE each (shelf) AS (SELECT min(shelf) {there} UNION ALL "  # noqa: S608
        f"SELECT (SELECT min(shelf) {there} AND item.shelf > each.shelf) FROM each WHERE each.shelf IS NOT NULL) "
        "SELECT shelf FROM each WHERE shelf <> ''",
        (branch_id, branch_id),
    )
    return [name for (name,) in rows.fetchall()]


# -- walking -----------------------------------------------------------------------------------------------------------
def part(limits: Limits, at: Spot, way: Way = "at") -> Part:
    """Return a part ``at`` a spot (from a few copies before it), right ``after`` it, or ending ``before`` it.

    With nothing on that side, the last or the first part.
    """
    earlier, later = _around(limits, at, ("<=", ">") if way == "after" else ("<", ">="))
    back = {"at": min(len(earlier), BEFORE if at.item_id else 0), "after": 0, "before": min(len(earlier), SIZE)}[way]
    if way == "at" or not later:
        back = max(back, min(len(earlier), SIZE - len(later)))
    forth = 0 if way == "before" and back else SIZE - back
    shown = [*reversed(earlier[:back]), *later[:forth]]
    left, right = earlier[back : back + SIZE], later[forth : forth + SIZE]
    return Part(
        [each for each, _ in shown],
        Span(left[-1][1], left[0][1]) if left else None,
        Span(right[0][1], right[-1][1]) if right else None,
        left[0][0].key if left else "",
    )


def _around(limits: Limits, at: Spot, signs: tuple[str, str]) -> tuple[list[tuple[Spot, str]], list[tuple[Spot, str]]]:
    """Return the spots before a spot and those after it, nearest first, with call numbers; up to two parts on each
    side.

    ``signs`` put the spot itself on one of the sides.
    """
    conditions, values = [THERE], []
    for column, value in (("branch_id", limits.branch_id), ("shelf", limits.shelf)):
        if value:
            conditions.append(f"{column} = ?")
            values.append(value)
    if limits.standing:
        conditions.append(STANDING)
    sides = [
        f"SELECT * FROM (SELECT {side} AS side, shelf_key, title_id, id, call_number FROM item "  # noqa: S608
        f"WHERE {' AND '.join(conditions)} AND (shelf_key, title_id, id) {signs[side]} (?, ?, ?) "
        f"ORDER BY shelf_key {order}, title_id {order}, id {order} LIMIT ?) AS part_{side}"
        for side, order in enumerate(("DESC", "ASC"))
    ]
    rows = engine.run(" UNION ALL ".join(sides), [*values, *at, 2 * SIZE] * 2).fetchall()
    found = sorted((side, Spot(*spot), call_number) for side, *spot, call_number in rows)
    earlier = [each[1:] for each in reversed(found) if each[0] == 0]
    return earlier, [each[1:] for each in found if each[0] == 1]
