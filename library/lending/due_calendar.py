"""The calendar that a patron's phone subscribes to: due days and pick-up deadlines, under a secret link.

The link is signed, so the database alone opens no calendar. Renewing gives it another serial; the old link is dead
then.
"""

import secrets
from datetime import date, datetime
from itertools import groupby

from library import clock, errors
from library.access import signed_links
from library.calendar.icalendar import Event
from library.language.sentences import Sentence
from library.lending import loans
from library.lending.holds import hold_states
from library.store import database
from models import Branch, CalendarLink, Hold, Patron, Title

PURPOSE = "calendar"
Dated = tuple[date, str, str, Title, int]  # day, branch name, id of the event, title, sequence
NAME, NAME_OF_HOLD = "{library} 返却期限", "{library} 受取期限"  # of the calendar
DUE = (
    "返却期限「{title}」（{branch}）",
    "返却期限 資料 {n}点（{branch}）",
)  # of an event with its title, of one without
COLLECT = ("予約資料の受取期限「{title}」（{branch}）", "予約資料の受取期限 資料 {n}点（{branch}）")


def link_of(patron: Patron) -> CalendarLink | None:
    return CalendarLink.get_or_none(CalendarLink.patron == patron.id)


def renew(patron: Patron, *, now: datetime) -> CalendarLink:
    """Make the patron's first link or replace it; the former address is dead. The choice about titles stays."""
    made = {"serial": secrets.token_hex(16), "created_at": now}
    with database.writing():
        if not CalendarLink.update(made).where(CalendarLink.patron == patron.id).execute():
            CalendarLink.create(patron=patron, **made)
        return CalendarLink.get(CalendarLink.patron == patron.id)


def show_titles(patron: Patron, shown: bool) -> None:
    """Set whether the calendar names titles, or only numbers of items."""
    with database.writing():
        CalendarLink.update(with_titles=shown).where(CalendarLink.patron == patron.id).execute()


def end(patron: Patron) -> None:
    """Delete the patron's link; its address is dead."""
    with database.writing():
        CalendarLink.delete().where(CalendarLink.patron == patron.id).execute()


def token(link: CalendarLink, key: str) -> str:
    """Return the signed text for the address of the calendar."""
    return signed_links.sign(PURPOSE, link.serial, key)


def opened(text: str, key: str) -> CalendarLink:
    """Return the link for the token of an address, with its patron. Raises: LinkDead when forged, renewed or ended."""
    serial = signed_links.read(PURPOSE, text, key)
    rows = CalendarLink.select(CalendarLink, Patron).join(Patron)
    link = rows.where(CalendarLink.serial == serial, Patron.state != "closed").first() if serial else None
    if link is None:
        raise errors.LinkDead
    return link


def events(link: CalendarLink) -> list[Event]:
    """Return one event for each loan and ready hold where titles are shown, else one for each day and branch.

    An event is named after its first loan or hold: after a renewal it is the same event with a higher sequence.
    """
    out = [
        (loan.due_on, loan.branch.name, f"loan-{loan.id}", loan.item.title, (loan.due_on - loan.lent_on).days)
        for loan in loans.open_loans(link.patron)
        if loan.trouble not in loans.NOT_REMINDED
    ]
    arrange = _one_by_one if link.with_titles else _together
    return [*arrange(DUE, out), *_deadlines(_on_shelf(link.patron), with_titles=link.with_titles)]


def of_hold(hold: Hold) -> list[Event]:
    """Return the event of a ready hold's deadline, else []. It names the title if the patron's calendar does."""
    if hold.state != "ready" or hold.pickup_by is None or hold.cancel_at:
        return []
    link = link_of(hold.patron)
    return _deadlines([hold], with_titles=bool(link and link.with_titles))


def _deadlines(on_shelf: list[Hold], *, with_titles: bool) -> list[Event]:
    dated = [
        (day, hold.pickup_branch.name, f"hold-{hold.id}", hold.title, (day - clock.day_of(hold.placed_at)).days)
        for hold in on_shelf
        if (day := hold.pickup_by)
    ]
    return (_one_by_one if with_titles else _together)(COLLECT, dated)


def _on_shelf(patron: Patron) -> list[Hold]:
    rows = Hold.select(Hold, Title, Branch).join(Title).switch(Hold).join(Branch, on=Hold.pickup_branch)
    mine = rows.where(
        Hold.patron == patron, Hold.state == "ready", Hold.pickup_by.is_null(False), hold_states.not_cancelled()
    )
    return list(mine.order_by(Hold.pickup_by, Hold.id))


def _one_by_one(said: tuple[str, str], dated: list[Dated]) -> list[Event]:
    return [
        _event(thing, day, Sentence(said[0], title=title.full_name, branch=branch), sequence)
        for day, branch, thing, title, sequence in dated
    ]


def _together(said: tuple[str, str], dated: list[Dated]) -> list[Event]:
    made = []
    for (day, branch), group in groupby(sorted(dated, key=lambda one: one[:2]), key=lambda one: one[:2]):
        things = list(group)
        first = min(things, key=lambda one: int(one[2].rpartition("-")[2]))
        made.append(_event(first[2], day, Sentence(said[1], n=len(things), branch=branch), first[4]))
    return made


def _event(thing: str, day: date, summary: Sentence, sequence: int) -> Event:
    return Event(f"{thing}@madoguchi", day, day, summary, sequence)
