"""所蔵の状態: where the copies of a title are now. Loans are told by their due date alone, never by who has them."""

from dataclasses import dataclass, field
from datetime import date

from peewee import fn

from library.ebooks import lending
from library.store.queries import Query, among, listed
from models import Branch, Hold, Item, Loan

WAITING = ("waiting", "preparing", "in_transit")  # holds that want a copy still
GONE = ("withdrawn", "lost")  # copies that nobody will see again


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

    @property
    def kind(self):
        """in, out, here (館内), or none for one that can't be had now."""
        if self.due_on:
            return "out"
        if self.is_away:
            return "none"
        return {"available": "in", "reference": "here"}.get(self.state, "none")


@dataclass
class Availability:
    """Of one title: its copies in the order of branches, and how many patrons wait for one; its e-book, if it has one."""

    copies: list[Copy] = field(default_factory=list)
    waiting: int = 0
    ebook: lending.Standing | None = None

    def of_kind(self, kind) -> list[Copy]:
        return [copy for copy in self.copies if copy.kind == kind]

    @property
    def kind(self):
        """in: one can be taken from a shelf. out: the next comes back on ``due_on``. held: none is out, and patrons wait. here:
        to be read in the library only. none: there is no copy to be had.
        """
        kinds = {copy.kind for copy in self.copies}
        if self.waiting and not kinds & {"in", "out"}:
            return "held"
        return next((kind for kind in ("in", "out", "here") if kind in kinds), "none")

    @property
    def due_on(self) -> date | None:
        return min((copy.due_on for copy in self.of_kind("out")), default=None)

    @property
    def call_number(self) -> str:
        return next((copy.call_number for copy in self.copies if copy.call_number), "")


_COPIES = Query(
    lambda: (
        Item.select(
            Item.title,
            Item.barcode,
            Branch.name,
            Item.shelf,
            Item.call_number,
            Item.state,
            Loan.due_on,
            Item.aside | Item.going_to.is_null(False),
            Item.material_type,
        )
        .join(Branch, on=Item.branch)
        .left_outer_join(Loan, on=(Loan.item == Item.id) & Loan.returned_on.is_null())
        .where(Item.title.in_(among("titles")), Item.state.not_in(GONE))
        .order_by(Branch.position, Branch.id, Item.shelf, Item.id)
        .tuples()
    )
)
_WAITING = Query(
    lambda: (
        Hold.select(Hold.title, fn.count(Hold.id))
        .where(Hold.title.in_(among("titles")), Hold.state.in_(WAITING))
        .group_by(Hold.title)
        .tuples()
    )
)


def for_titles(title_ids) -> dict[int, Availability]:
    """The availability of each of these titles, in three questions to the database however many they are."""
    found = {title_id: Availability() for title_id in title_ids}
    asked = listed(found)
    for row in _COPIES.rows(titles=asked):
        found[row[0]].copies.append(Copy(*row))
    for title_id, count in _WAITING.rows(titles=asked):
        found[title_id].waiting = count
    for title_id, ebook in lending.of_titles(found).items():
        found[title_id].ebook = ebook
    return found
