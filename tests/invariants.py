"""Invariants of lending: true whatever happened, and however much of it at once."""

from library.lending.holds import hold_states
from library.store import database
from models import Hold, Item, Loan


def check_lending():
    """No copy is lent twice or promised to two; what is lent is promised to nobody; all copies are there, and no row is
    an orphan.
    """
    out = [loan.item_id for loan in Loan.select().where(Loan.returned_on.is_null())]
    kept = [hold.item_id for hold in Hold.select().where(Hold.state.in_(hold_states.OPEN), Hold.item.is_null(False))]
    assert len(out) == len(set(out)) and len(kept) == len(set(kept)) and not set(out) & set(kept)
    requests = [loan.request for loan in Loan.select().where(Loan.request != "")]
    assert len(requests) == len(set(requests))
    items = list(Item.select())
    assert {item.state for item in items} <= {"available", "withdrawn"}
    assert not {item.id for item in items if item.state == "withdrawn"} & {*out, *kept}
    assert database.damage_and_orphans() == []
