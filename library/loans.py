"""貸出: what is out, and coming back."""

from library import database, patrons, policy
from library.prepared import Prepared, blank
from models import Branch, Item, Loan, Title

SOON_DAYS = 3
_OPEN = Prepared(
    lambda: (
        Loan.select(Loan, Item.id, Title.title, Title.volume, Title.author, Title.ndc, Branch.name)
        .join(Item)
        .join(Title)
        .switch(Loan)
        .join(Branch)
        .where(Loan.patron == blank("patron"), Loan.returned_on.is_null())
        .order_by(Loan.due_on, Loan.id)
    )
)


def open_loans(patron) -> list[Loan]:
    """What the patron has now, the first to fall due first; of item, title and branch comes along what a list shows."""
    return _OPEN.rows(patron=patron.id)


def count_open(patron) -> int:
    return Loan.select().where(Loan.patron == patron, Loan.returned_on.is_null()).count()


def is_overdue(loan, *, today) -> bool:
    """Due until the end of the day; overdue from the next."""
    return loan.due_on < today


def places_left(patron, loans, *, today) -> int | None:
    """How many items more the patron may borrow; None when the card or an overdue item stops all borrowing."""
    if not patrons.may_borrow(patron, today=today) or any(is_overdue(loan, today=today) for loan in loans):
        return None
    return max(0, policy.get("loan_limit") - len(loans))


def give_back(loan, *, today):
    """返却: close the loan. Nothing happens to one that is closed already."""
    with database.writing():
        Loan.update(returned_on=today).where(Loan.id == loan.id, Loan.returned_on.is_null()).execute()
