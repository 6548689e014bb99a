"""相互貸借: partners, and what was borrowed from them, from partners.tsv and borrowings.tsv.

The columns of the latter are days ago, but for ``due``: days until the lender's day. ``back``: of the patron's return;
of the refusal, if nothing arrived. What is due no more has been sent back.
"""

from datetime import date, timedelta

from library import clock
from library.demonstration import rows
from library.demonstration.lending import LOAN_DAYS, Desk
from library.interlibrary import borrowings
from library.lending import borrowed
from library.lending.holds import copy_places
from library.requests import deciding
from models import Borrowing, Hold, Item, Loan, Partner, Wanted

ACTOR = "staff:kanri"
CAME, WENT = 10, 15  # o'clock


def write(desk: Desk) -> None:
    partners = {row["name"]: Partner.create(**row) for row in rows.read("door/partners.tsv")}
    main = desk.branches[0]
    for row in rows.read("door/borrowings.tsv"):
        days = {
            name: desk.days.last(main.id, desk.today - timedelta(days=int(row[name])))
            for name in ("asked", "arrived", "lent", "back")
            if row[name]
        }
        wanted = Wanted.get(Wanted.title_text == row["title"])
        made = Borrowing.create(wanted=wanted, partner=partners[row["partner"]], branch=main, asked_on=days["asked"])
        if "arrived" in days:
            due_on, at = desk.today + timedelta(days=int(row["due"])), clock.at(days["arrived"], CAME)
            terms = {"due": str(due_on), "barcode": "", "in_house": bool(row["in_house"]), "no_renewal": True}
            came = borrowings.arrive(made.id, **terms, at=main, by=ACTOR, now=at)
            if came.hold and "lent" in days:
                _lend(desk, came.hold, came.item, days)
            if due_on < desk.today:
                borrowings.send_back(made.id, by=ACTOR, now=clock.at(days["back"], WENT))
        elif "back" in days:
            deciding.take_back(wanted, by=ACTOR, now=clock.at(days["back"], WENT))


def _lend(desk: Desk, hold: Hold, item: Item, days: dict[str, date]) -> None:
    """Lend a copy to the patron for whom it is kept, and take it back if it came back."""
    lent_on = days["lent"]
    due_on = borrowed.within(item, desk.days.next(item.branch_id, lent_on + timedelta(days=LOAN_DAYS)), today=lent_on)
    loan = {"item": item, "patron": hold.patron, "branch": item.branch, "lent_on": lent_on, "due_on": due_on}
    back = {"patron": None, "returned_on": days["back"]} if "back" in days else {}
    collected = {"state": "collected", "ended_at": clock.at(lent_on, WENT), "loan": Loan.create(**loan | back)}
    Hold.update(collected).where(Hold.id == hold.id).execute()
    copy_places.set_place(item)
