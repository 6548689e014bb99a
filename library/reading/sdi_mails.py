"""新着資料のお知らせ: once a week one mail to each patron about the new titles of all SDI conditions that are switched on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from peewee import chunked

from library import clock
from library.mail import outbox, push
from library.patrons import patrons
from library.reading import sdi
from library.store import database
from library.store.queries import tuples
from models import OutboxMail, Patron, SdiCondition, SdiTitle, Title

PATRONS_AT_ONCE = 50  # in one transaction, so that the desk need not wait long
ROWS_AT_ONCE = 2_000  # in one statement
MOST_NAMED = 50  # titles in one mail
_GOES_OUT = SdiCondition.active


# -- queueing --------------------------------------------------------------------------------------------------------
def queue(*, now: datetime) -> dict:
    """Queue mails about new titles and record the titles; return the numbers of patrons, mails and titles.

    Patrons without an address or device for SDI are left out, and sealed conditions: their titles are announced when
    they are opened. A run that was broken off goes on where it stopped.
    """
    today = clock.day_of(now)
    counts = {"patrons": 0, "mails": 0, "titles": 0}
    searched = {}
    rows = SdiCondition.select(SdiCondition.patron).join(Patron)
    wanted = rows.where(_GOES_OUT, Patron.state != "closed").distinct()
    patron_ids = [number for (number,) in tuples(wanted.order_by(SdiCondition.patron))]
    for some in chunked(patron_ids, PATRONS_AT_ONCE):
        addresses = _places(some)
        for condition in _switched_on(addresses):  # before the transaction, so that no writer waits for the search
            if (key := _key(condition)) not in searched:
                searched[key] = sdi.matches(condition, today=today)
        with database.writing():
            _queue_for(some, searched, counts, today, now)
    return counts


def _places(patron_ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """Return patron id → (address, its kind) for SDI, devices among them."""
    return push.with_devices(patrons.ticked_addresses(patron_ids, "sdi"), patron_ids, "sdi")


def _switched_on(patron_ids: Iterable[int]) -> list[SdiCondition]:
    rows = SdiCondition.select().where(SdiCondition.patron.in_(list(patron_ids)), _GOES_OUT)
    return list(rows.order_by(SdiCondition.patron, SdiCondition.id))


def _key(condition: SdiCondition) -> tuple[str, date]:
    """Return the facts that conditions with the same titles have in common."""
    return condition.query, clock.day_of(condition.created_at)


def _queue_for(
    patron_ids: Iterable[int],
    searched: dict[tuple[str, date], list[int]],
    counts: dict[str, int],
    today: date,
    now: datetime,
) -> None:
    addresses = _places(patron_ids)
    conditions = [one for one in _switched_on(addresses) if _key(one) in searched]
    old, announced = sdi.titles_not_new(conditions), _announced_to(addresses)
    fresh = {}
    for condition in conditions:
        if new := [title for title in searched[_key(condition)] if title not in old[condition.id]]:
            fresh.setdefault(condition.patron_id, {})[condition.id] = new
    rows = []
    for patron, by_condition in fresh.items():
        unannounced = {title for new in by_condition.values() for title in new} - announced.get(patron, set())
        mail = _put(patron, addresses[patron], counts, today, now) if unannounced else None
        if unannounced and mail is None:  # there is a mail of today already: these titles wait for the next time
            continue
        counts["titles"] += len(unannounced)
        rows += [
            (condition, title, today, mail if title in unannounced else None)
            for condition, new in by_condition.items()
            for title in new
        ]
    columns = [SdiTitle.condition, SdiTitle.title, SdiTitle.told_on, SdiTitle.mail]
    for part in chunked(rows, ROWS_AT_ONCE):
        SdiTitle.insert_many(part, fields=columns).execute()


def _announced_to(patron_ids: Iterable[int]) -> dict[int, set[int]]:
    """Return patron id → the titles that were announced to the patron, for any condition."""
    rows = SdiTitle.select(SdiCondition.patron, SdiTitle.title).join(SdiCondition)
    announced: dict[int, set[int]] = {}
    of_them = (SdiCondition.patron.in_(list(patron_ids)), SdiTitle.told_on.is_null(False))
    for patron, title in tuples(rows.where(*of_them).distinct()):
        announced.setdefault(patron, set()).add(title)
    return announced


def _put(
    patron: int, addresses: list[tuple[str, str]], counts: dict[str, int], today: date, now: datetime
) -> int | None:
    """Queue one mail to each address; return the id of the first; None when the patron has mails of
    this day already.
    """
    facts = {"day": today.isoformat()}
    mails = outbox.put_to_all("sdi", f"sdi:{patron}:{today}", addresses, patron=patron, facts=facts, now=now)
    counts["patrons"] += bool(mails)
    counts["mails"] += len(mails)
    return mails[0].id if mails else None


# -- what is left to say when it is sent -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Found:
    """One condition: the number of titles that are announced, and those of them that are named."""

    condition: SdiCondition
    count: int
    titles: list[Title]


@dataclass(frozen=True)
class Letter:
    name: str
    with_titles: bool
    count: int
    found: list[Found]


def letter(mail: OutboxMail, *, today: date) -> Letter | None:
    """Return the content of a queued mail if it is sent now: titles that are there, of conditions switched on, each
    once.

    None when there are no titles left, or the address wants no mail any more.
    """
    patron = Patron.get_by_id(mail.patron_id) if mail.patron_id else None
    if patron is None or patron.state == "closed" or "day" not in mail.facts:
        return None
    by_mail = mail.channel == outbox.MAIL
    if by_mail and mail.address not in [row.address for row in patrons.deliverable(patron, "sdi")]:
        return None
    found, listed = [], set()
    for condition, titles in _announced_on(date.fromisoformat(mail.facts["day"]), patron).items():
        new = [title for title in titles if title not in listed]
        if new:
            found.append(Found(condition, len(new), _named(new[: max(0, MOST_NAMED - len(listed))])))
            listed.update(new)
    with_titles = patrons.names_titles(patron, mail.address)
    return Letter(patron.name, with_titles, len(listed), found) if found else None


def _announced_on(day: date, patron: Patron) -> dict[SdiCondition, list[int]]:
    """Return condition → ids of the titles in the mails of this day, the newest first."""
    conditions = {condition.id: condition for condition in sdi.of_patron(patron) if condition.active}
    rows = SdiTitle.select(SdiTitle.condition, SdiTitle.title).where(
        SdiTitle.condition.in_(list(conditions)), SdiTitle.told_on == day, SdiTitle.mail.is_null(False)
    )
    announced: dict[SdiCondition, list[int]] = {}
    for condition, title in tuples(rows.order_by(SdiTitle.condition, SdiTitle.title.desc())):
        announced.setdefault(conditions[condition], []).append(title)
    return announced


def _named(title_ids: list[int]) -> list[Title]:
    rows = Title.select(Title.id, Title.title, Title.volume, Title.author).where(Title.id.in_(title_ids))
    return list(rows.order_by(Title.id.desc()))
