"""返却期限通知 when it is sent: the announced loans that are still open, and whether each can be renewed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from library import errors
from library.lending import renewals
from library.mail import outbox
from library.patrons import patrons
from library.store.queries import tuples
from models import Branch, Item, Loan, MailPreference, OutboxMail, Patron, PatronAddress, Title


@dataclass(frozen=True)
class DueLoan:
    """One loan in the mail. ``branch``: its id; ``renewable``: by the patron, online, before it is due."""

    title: str
    volume: str
    branch: int
    branch_name: str
    due_on: date
    renewable: bool


@dataclass(frozen=True)
class DueNotice:
    """The content of one mail."""

    patron: int | None
    name: str
    with_titles: bool
    loans: list[DueLoan]


def due_notices(mails: Iterable[OutboxMail], *, today: date) -> dict[int, DueNotice]:
    """Return mail id → content. Loans that were returned, renewed or are past due are left out.

    A mail without any loan left has no entry, nor one to a patron who switched the notice or the address off.
    """
    readers = _readers(mails)
    announced = {
        mail.id: [(loan, date.fromisoformat(due)) for loan, due in mail.facts.get("loans", [])] for mail in mails
    }
    standing = _standing({loan for loans in announced.values() for loan, _ in loans}, today)
    notices = {}
    for mail in mails:
        reader = readers.get((mail.patron_id, mail.address))
        pairs = [(mail.patron_id, *pair) for pair in announced[mail.id]]
        loans = [standing[pair] for pair in pairs if pair in standing]
        if reader and loans:
            loans.sort(key=lambda loan: (loan.due_on, loan.branch))
            notices[mail.id] = DueNotice(mail.patron_id, *reader, loans)
    return notices


def _standing(loan_ids: set[int], today: date) -> dict[tuple[int | None, int, date], DueLoan]:
    """Return (patron id, loan id, due date) → line of the mail, for those of the loans that are out and not overdue."""
    shown = (Item.id, Item.title, Item.material_type, Item.owner)
    shown += (Title.id, Title.title, Title.volume, Title.material_type)
    loans = list(
        Loan.select(Loan, *shown, Branch, Patron)
        .join(Item)
        .join(Title)
        .switch(Loan)
        .join(Branch)
        .switch(Loan)
        .join(Patron)
        .where(Loan.id.in_(sorted(loan_ids)), Loan.returned_on.is_null(), Loan.trouble == "", Loan.due_on >= today)
    )
    judged = renewals.Renewals(loans, today=today)
    return {
        (loan.patron_id, loan.id, loan.due_on): _due_loan(loan, judged.calendar_branch(loan), judged.refusals(loan))
        for loan in loans
    }


def _due_loan(loan: Loan, branch: Branch, refused: list[errors.Refused]) -> DueLoan:
    """Return the line of a loan. One that a renewal today wouldn't prolong is renewable: on its due day it would."""
    title = loan.item.title
    renewable = all(isinstance(reason, errors.RenewalNotLater) for reason in refused)
    return DueLoan(title.title, title.volume, branch.id, branch.name, loan.due_on, renewable)


def _readers(mails: Iterable[OutboxMail]) -> dict[tuple[int | None, str], tuple[str, bool]]:
    """Return (patron id, address) → (name, whether titles may be named) for the addresses that still want the notice.

    A push goes only to a device that wants it (``push.device_of``), so it isn't checked here.
    """
    to_devices = [(mail.patron_id, mail.address) for mail in mails if mail.channel == outbox.PUSH]
    rows = (
        Patron.select(Patron.id, PatronAddress.address, Patron.name, Patron.titles_in_mail, PatronAddress.titles_off)
        .join(MailPreference, on=(MailPreference.patron == Patron.id))
        .join(PatronAddress, on=(PatronAddress.patron == Patron.id))
        .where(
            Patron.id.in_({mail.patron_id for mail in mails}),
            Patron.state != "closed",
            MailPreference.kind == "due",
            MailPreference.active,
            PatronAddress.undeliverable_at.is_null(),
            patrons.TICKED,
        )
    )
    told = tuples(rows)
    readers = {(patron, address): (name, bool(wanted and not off)) for patron, address, name, wanted, off in told}
    if to_devices:
        named = Patron.select(Patron.id, Patron.name).where(Patron.id.in_([patron for patron, _ in to_devices]))
        names = dict(tuples(named.where(Patron.state != "closed")))
        readers |= {place: (names[place[0]], False) for place in to_devices if place[0] in names}
    return readers
