"""予約のお知らせ: a copy is ready, its deadline is near, the hold is over. Each is said once, to those who asked for mail, and to devices that get it."""

from dataclasses import dataclass
from datetime import date, datetime

from library import clock, errors
from library.lending.holds import hold_states, shelf_clock
from library.mail import outbox, push
from library.patrons import patrons
from models import Branch, Hold, HoldNotice, OutboxMail, Patron, Title

KINDS = {"ready": "hold_ready", "deadline": "hold_deadline", "ended": "hold_ended"}


def tell(kind: str, hold: Hold, day: date, *, now: datetime) -> int:
    """Queue what is to be said of a hold on account of a day, in the caller's transaction; the number of mails.

    Nothing for those who want no mail, were told, or cancelled it; without an address nothing is kept for later.
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
    """Return the (address, its kind) that are told: by mail, if the hold asks for it, and each device that gets this kind."""
    by_mail = patrons.deliverable(hold.patron, "hold") if hold.contact_method == "mail" else []
    found = {hold.patron_id: [(row.address, row.kind) for row in by_mail]}
    if KINDS[kind] in push.KINDS:
        found = push.with_devices(found, [hold.patron_id], KINDS[kind])
    return found[hold.patron_id]


def _put(kind: str, hold: Hold, address: str, address_kind: str, day: date, now: datetime) -> OutboxMail | None:
    """Queue one mail for all that is to be said at once: a mail that still waits takes this hold in."""
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


def fate(hold: Hold) -> tuple[str, date | None]:
    """Return what became of the mail that a hold is ready: sent and when, waiting, or failed (nowhere to send it to, too)."""
    mails = OutboxMail.select().where(
        OutboxMail.patron == hold.patron_id,
        OutboxMail.kind == KINDS["ready"],
        OutboxMail.channel == outbox.MAIL,  # a push is extra: nobody knows if it was seen
        OutboxMail.created_at >= clock.at(hold.on_shelf_on) if hold.on_shelf_on else True,
    )
    about = [mail for mail in mails if hold.id in mail.facts.get("holds", [])]
    sent = [mail.sent_at for mail in about if mail.state == "sent" and mail.sent_at]
    if sent:
        return "sent", clock.day_of(min(sent))
    return ("waiting", None) if any(mail.state in ("queued", "sending") for mail in about) else ("failed", None)


# -- what is left to say when it is sent -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Held:
    title: str
    volume: str
    branch: str
    pickup_by: date | None
    reason: str


@dataclass(frozen=True)
class Letter:
    name: str
    with_titles: bool
    holds: list[Held]


def letter(mail: OutboxMail, *, today: date) -> Letter | None:
    """Return what a queued mail has left to say; None when nothing of it is true any more, or nobody wants it there."""
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
            ~Hold.sealed,  # the text would stand on a page of who has the new password
            hold_states.stands(),
        )
        .order_by(Hold.pickup_by, Hold.id)
    )
    held = [_held(hold, today) for hold in rows if mail.kind != KINDS["deadline"] or _is_near(hold, today)]
    return Letter(patron.name, patrons.names_titles(patron, mail.address), held) if held else None


def _is_near(hold: Hold, today: date) -> bool:
    return hold.pickup_by is not None and hold.pickup_by >= today


def _held(hold: Hold, today: date) -> Held:
    """Return what the mail says of a hold; a mail that goes out today starts the clock tomorrow, so it can tell the deadline already."""
    last = hold.pickup_by
    if hold.state == "ready" and last is None:
        try:
            last = shelf_clock.deadline(hold, today)
        except errors.NeverOpen:
            last = None
    return Held(hold.title.title, hold.title.volume, hold.pickup_branch.name, last, hold_states.REASONS[hold.reason])


def take_back(hold: Hold) -> None:
    """Take a copy that was given by mistake out of the mails that wait; its hold may be announced anew."""
    _forget("ready", hold)
    _out_of_queue("ready", hold)


def hush(hold: Hold) -> None:
    """Take a hold that its patron cancels out of the mails that wait; what none of them told may be told anew, if it is had back."""
    for kind in ("ready", "deadline"):
        if _out_of_queue(kind, hold):
            _forget(kind, hold)


def _forget(kind: str, hold: Hold) -> None:
    HoldNotice.delete().where(HoldNotice.hold == hold.id, HoldNotice.kind == kind).execute()


def _out_of_queue(kind: str, hold: Hold) -> bool:
    """Take a hold out of the mails of a kind that wait; return whether it was in one."""
    waiting = OutboxMail.select().where(
        OutboxMail.patron == hold.patron_id, OutboxMail.kind == KINDS[kind], OutboxMail.state == "queued"
    )
    about = [mail for mail in waiting if hold.id in mail.facts.get("holds", [])]
    for mail in about:
        rest = [number for number in mail.facts["holds"] if number != hold.id]
        OutboxMail.update(facts={"holds": rest}).where(OutboxMail.id == mail.id).execute()
    return bool(about)
