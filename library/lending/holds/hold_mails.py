"""予約のお知らせ: ready, deadline near, ended. Each is told once, by mail where the hold asks for it, and by push."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from library import clock, errors
from library.lending import borrowed
from library.lending.holds import hold_states, shelf_clock
from library.mail import outbox, push
from library.patrons import patrons
from models import Branch, Hold, HoldNotice, OutboxMail, Patron, Title

KINDS = {"ready": "hold_ready", "deadline": "hold_deadline", "ended": "hold_ended"}


def tell(kind: str, hold: Hold, day: date, *, now: datetime) -> int:
    """Queue the mails and pushes about a hold (kind: ready, deadline, ended) in the caller's transaction; return their
    number.

    ``day``: the day it is about (ready or ended on, deadline); a kind is told once for a day. 0 when it was told
    already, the hold was cancelled, or nobody wants to know.
    """
    announced = (HoldNotice.hold == hold.id) & (HoldNotice.kind == kind) & (HoldNotice.day == day)
    places = _places(kind, hold)
    if (
        (hold.contact_method != "mail" and not places)
        or hold.cancel_at
        or HoldNotice.select().where(announced).exists()
    ):
        return 0
    mails = [_put(KINDS[kind], hold, *place, day, now) for place in places]
    HoldNotice.create(hold=hold, kind=kind, day=day, mail=mails[0] if mails else None)
    return len(mails)


def _places(kind: str, hold: Hold) -> list[tuple[str, str]]:
    """Return the (address, kind of address) to tell: mail addresses if the hold asks for mail, and devices."""
    by_mail = patrons.deliverable(hold.patron, "hold") if hold.contact_method == "mail" else []
    found = {hold.patron_id: [(row.address, row.kind) for row in by_mail]}
    if KINDS[kind] in push.KINDS:
        found = push.with_devices(found, [hold.patron_id], KINDS[kind])
    return found[hold.patron_id]


def _put(kind: str, hold: Hold, address: str, address_kind: str, day: date, now: datetime) -> OutboxMail | None:
    """Add the hold to a mail of this kind that is still queued, or queue a new one."""
    waiting = OutboxMail.get_or_none(
        OutboxMail.patron == hold.patron_id,
        OutboxMail.address == address,
        OutboxMail.channel == (outbox.PUSH if address_kind == outbox.PUSH else outbox.MAIL),
        OutboxMail.kind == kind,
        OutboxMail.state == "queued",
    )
    if waiting:
        waiting.facts = {"holds": sorted({*waiting.facts.get("holds", []), hold.id})}
        OutboxMail.update(facts=waiting.facts).where(OutboxMail.id == waiting.id).execute()
        return waiting
    facts = {"holds": [hold.id]}
    key = f"{kind}:{hold.id}:{day}:{now.isoformat()}:{address}"
    return outbox.put(kind, key, address=address, address_kind=address_kind, patron=hold.patron, facts=facts, now=now)


def fates(holds: Iterable[Hold]) -> dict[int, tuple[str, date | None]]:
    """Return the fate of the mail "ready" by the id of its hold: ("sent", day), ("waiting", None) or ("failed", None),
    as without address.
    """
    found, about = {hold.id: hold for hold in holds}, defaultdict(list)
    mails = OutboxMail.select().where(
        OutboxMail.patron.in_([hold.patron_id for hold in found.values()]),
        OutboxMail.kind == KINDS["ready"],
        OutboxMail.channel == outbox.MAIL,  # nobody knows whether a push was seen
    )
    for mail in mails if found else ():
        for hold in (found[number] for number in mail.facts.get("holds", []) if number in found):
            if hold.on_shelf_on is None or mail.created_at >= clock.at(hold.on_shelf_on):
                about[hold.id].append(mail)
    return {number: _fate(about[number]) for number in found}


def fate(hold: Hold) -> tuple[str, date | None]:
    """Return the fate of the mail "ready" about one hold, as ``fates`` does."""
    return fates([hold])[hold.id]


def _fate(about: list[OutboxMail]) -> tuple[str, date | None]:
    sent = [mail.sent_at for mail in about if mail.state == "sent" and mail.sent_at]
    if sent:
        return "sent", clock.day_of(min(sent))
    return ("waiting", None) if any(mail.state in ("queued", "sending") for mail in about) else ("failed", None)


# -- what is left to say when it is sent -----------------------------------------------------------------------------
@dataclass(frozen=True)
class HoldLine:
    """One hold in a mail. ``in_house``: its copy must be read in the library, as another library says that lent it."""

    title: str
    volume: str
    branch: str
    pickup_by: date | None
    reason: str
    in_house: bool = False


@dataclass(frozen=True)
class Letter:
    """The content of one mail."""

    name: str
    with_titles: bool
    holds: list[HoldLine]


def letter(mail: OutboxMail, *, today: date) -> Letter | None:
    """Return the content of a queued mail as it is true now; None when nothing is left or the address is off."""
    patron = Patron.get_by_id(mail.patron_id) if mail.patron_id else None
    if patron is None or patron.state == "closed":
        return None
    by_mail = mail.channel == outbox.MAIL
    if by_mail and mail.address not in [row.address for row in patrons.deliverable(patron, "hold")]:
        return None
    wanted = ("cancelled", "expired") if mail.kind == KINDS["ended"] else ("ready",)
    rows = (
        Hold.select(Hold, Title, Branch)
        .join(Title)
        .switch(Hold)
        .join(Branch, on=Hold.pickup_branch)
        .where(
            Hold.id.in_(mail.facts.get("holds", [])),
            Hold.patron == patron,
            Hold.state.in_(wanted),
            ~Hold.sealed,  # the text would be shown to whoever has the new password
            hold_states.not_cancelled(),
        )
        .order_by(Hold.pickup_by, Hold.id)
    )
    held = [_hold_line(hold, today) for hold in rows if mail.kind != KINDS["deadline"] or _is_near(hold, today)]
    return Letter(patron.name, patrons.names_titles(patron, mail.address), held) if held else None


def _is_near(hold: Hold, today: date) -> bool:
    return hold.pickup_by is not None and hold.pickup_by >= today


def _hold_line(hold: Hold, today: date) -> HoldLine:
    """Return the line of a hold. The clock starts the day after this mail, so it can tell the deadline already."""
    last = hold.pickup_by
    if hold.state == "ready" and last is None:
        try:
            last = shelf_clock.deadline(hold, today)
        except errors.NeverOpen:
            last = None
    terms = borrowed.terms([hold.item] if hold.item else ())
    return HoldLine(
        hold.title.title, hold.title.volume, hold.pickup_branch.name, last, hold_states.REASONS[hold.reason],
        in_house=any(each.in_house for each in terms.values()),
    )  # fmt: skip


def withdraw_ready(hold: Hold) -> None:
    """Withdraw the news that a hold is ready from queued mails, as its copy was taken away; it may be told again."""
    _forget("ready", hold)
    _out_of_queue("ready", hold)


def withdraw_all(hold: Hold) -> None:
    """Withdraw a hold that its patron cancels from queued mails; these may be told again if it is restored."""
    for kind in ("ready", "deadline"):
        if _out_of_queue(kind, hold):
            _forget(kind, hold)


def _forget(kind: str, hold: Hold) -> None:
    HoldNotice.delete().where(HoldNotice.hold == hold.id, HoldNotice.kind == kind).execute()


def _out_of_queue(kind: str, hold: Hold) -> bool:
    """Take a hold out of the queued mails of a kind; tell whether it was in one."""
    waiting = OutboxMail.select().where(
        OutboxMail.patron == hold.patron_id, OutboxMail.kind == KINDS[kind], OutboxMail.state == "queued"
    )
    about = [mail for mail in waiting if hold.id in mail.facts.get("holds", [])]
    for mail in about:
        rest = [number for number in mail.facts["holds"] if number != hold.id]
        OutboxMail.update(facts={"holds": rest}).where(OutboxMail.id == mail.id).execute()
    return bool(about)
