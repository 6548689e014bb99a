"""所蔵の状態: the copies of a title and the state of each. A loan shows its due date only, never its patron."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from peewee import ModelSelect, fn

from library import clock, holdings
from library.catalog.series import newest
from library.ebooks import lending
from library.lending.holds import hold_states
from library.store.queries import Query, among, blank, listed
from models import Branch, Ebook, Hold, Item, Loan, Title

WAITING = ("waiting", "preparing", "in_transit")  # holds that want a copy still
GONE = ("withdrawn", "lost")  # copies that nobody will see again
COPY_COLUMNS = 14  # of a row below; then come the title, how many wait, how many are in line, and its e-book
NOWHERE = 0  # the id of no branch


@dataclass
class Copy:
    """資料: one copy, as the title page lists it. ``due_on`` is set while it is out."""

    title_id: int
    barcode: str
    branch: str
    shelf: str
    call_number: str
    state: str
    due_on: date | None
    is_away: bool = False  # kept for a patron, under way to another branch, or not yet back on its shelf
    material_type: str = ""  # where it differs from that of the title
    item_id: int = 0
    branch_code: str = ""
    branch_id: int = NOWHERE
    is_newest: bool = False  # 最新号, not lent yet
    came_on: date | None = None

    @property
    def kind(self) -> str:
        """Return in, out, here (館内), or none for one that can't be had now."""
        if self.due_on:
            return "out"
        if self.is_away:
            return "none"
        if self.is_newest:
            return "here"
        return {"available": "in", "reference": "here"}.get(self.state, "none")


@dataclass
class Availability:
    """The copies of one title in the order of branches, the number of patrons waiting, and its e-book, if any.

    ``in_line``: those of them for whom no copy is under way yet.
    """

    copies: list[Copy] = field(default_factory=list)
    waiting: int = 0
    in_line: int = 0
    ebook: lending.Standing | None = None

    def of_kind(self, kind: str) -> list[Copy]:
        return [copy for copy in self.copies if copy.kind == kind]

    @property
    def kind(self) -> str:
        """Return the state of the title as a word.

        ``in``: a copy is on the shelf. ``out``: all are lent, see ``due_on``. ``held``: none is lent, and patrons wait.
        ``here``: only to be read in the library. ``none``: no copy to be had.
        """
        kinds = {copy.kind for copy in self.copies}
        if self.waiting and not kinds & {"in", "out"}:
            return "held"
        return next((kind for kind in ("in", "out", "here") if kind in kinds), "none")

    @property
    def due_on(self) -> date | None:
        """Return the earliest due date of the copies that are out; None if none is out."""
        return min((copy.due_on for copy in self.copies if copy.due_on), default=None)

    def next_back(self, today: date) -> Copy | None:
        """Return the lent copy that is due first, of those that are not late; None if there is none."""
        awaited = [copy for copy in self.copies if copy.due_on and copy.due_on >= today]
        return min(awaited, key=lambda copy: copy.due_on or today, default=None)

    @property
    def call_number(self) -> str:
        return next((copy.call_number for copy in self.copies if copy.call_number), "")


def _patrons_in(states: tuple[str, ...]) -> ModelSelect[Hold]:
    return Hold.select(fn.count(Hold.id)).where(
        Hold.title == Title.id, Hold.state.in_(states), hold_states.not_cancelled()
    )


_COPIES = Query(
    lambda: (
        Title.select(
            Item.title,
            Item.barcode,
            Branch.name,
            Item.shelf,
            Item.call_number,
            Item.state,
            Loan.due_on,
            Item.aside | Item.going_to.is_null(False),
            Item.material_type,
            Item.id,
            Branch.code,
            Branch.id,
            newest.is_kept(blank("since")),
            Item.acquired_on,
            Title.id,
            _patrons_in(WAITING),
            _patrons_in(hold_states.IN_LINE),
            *lending.standing_columns(),
        )
        .left_outer_join(Item, on=(Item.title == Title.id) & Item.state.not_in(GONE) & holdings.is_own())
        .left_outer_join(Branch, on=Item.branch == Branch.id)
        .left_outer_join(Loan, on=(Loan.item == Item.id) & Loan.returned_on.is_null())
        .left_outer_join(Ebook, on=(Ebook.title == Title.id) & Ebook.withdrawn_at.is_null())
        .where(Title.id.in_(among("titles")))
        .order_by(Branch.position, Branch.id, Item.shelf, Item.id)
        .tuples()
    )
)


def for_titles(title_ids: Iterable[int], *, near: int | None = None) -> dict[int, Availability]:
    """Return the availability of each of these titles, in one query however many they are. ``near``: the id of a branch
    (or NOWHERE) whose copies come first, then those that are in, then the others by the day they are due.
    """
    found = {title_id: Availability() for title_id in title_ids}
    for row in _COPIES.rows(titles=listed(found), since=newest.since(clock.today())):
        copy, (title_id, waiting, in_line, *ebook) = row[:COPY_COLUMNS], row[COPY_COLUMNS:]
        at = found[title_id]
        at.waiting, at.in_line = waiting, in_line
        if ebook[0] is not None:
            at.ebook = lending.Standing(*ebook)
        if copy[0] is not None:
            at.copies.append(Copy(*copy))
    if near is not None:
        for at in found.values():
            at.copies.sort(key=lambda copy: (copy.branch_id != near, copy.kind != "in", copy.due_on or date.max))
    return found
