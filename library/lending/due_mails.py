"""返却期限通知 as it is sent: what is left to say about the loans that were announced, and how each of them can be renewed."""

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
    """``renewable``: by the patron, online, before it is due."""

    title: str
    volume: str
    branch: int
    branch_name: str
    due_on: date
    renewable: bool


@dataclass(frozen=True)
class DueNotice:
    patron: int | None
    name: str
    with_titles: bool
    loans: list[DueLoan]


def due_notices(mails: Iterable[OutboxMail], *, today: date) -> dict[int, DueNotice]:
    """Return what queued due mails have left to say, by mail id: nothing about loans returned, renewed or past due meanwhile.

    A mail with nothing left to say is missing, also when the patron switched the notice or this address off.
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
    """Return what stands in a mail, by (patron, loan, due date), of loans that are still out and not overdue."""
    shown = (Item.id, Item.title, Item.material_type, Title.id, Title.title, Title.volume, Title.material_type)
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
        (loan.patron_id, loan.id, loan.due_on): _due_loan(loan, judged.place(loan), judged.refusals(loan))
        for loan in loans
    }


def _due_loan(loan: Loan, branch: Branch, refused: list[errors.Refused]) -> DueLoan:
    """Return what the mail says of a loan; one refused only because it would gain no day today is not refused on the day it is due."""
    title = loan.item.title
    renewable = all(isinstance(reason, errors.RenewalNotLater) for reason in refused)
    return DueLoan(title.title, title.volume, branch.id, branch.name, loan.due_on, renewable)


def _readers(mails: Iterable[OutboxMail]) -> dict[tuple[int | None, str], tuple[str, bool]]:
    """Return (name, whether titles may stand in the mail) by (patron, address) of those who still want it there. A push goes to a
    device that wants it, or nowhere (``push.device_of``).
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
