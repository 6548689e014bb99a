"""最初のメール: the mails of the first three days, made by the rules themselves in a transaction that is rolled back."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from library import clock
from library.calendar import before_opening
from library.cutover import opening
from library.mail import outbox
from library.store import database
from models import OutboxMail

DAYS = 3
TEXTS = 10
LAST_HOUR = 23  # every mail of a day is queued by then, at any hour the library may choose


class Letter(Protocol):
    @property
    def subject(self) -> str: ...
    @property
    def stored_text(self) -> str: ...


class Day(NamedTuple):
    """The numbers of mails of a day by kind: (words of the kind, number), the most first."""

    day: date
    counts: list[tuple[str, int]]


class Preview(NamedTuple):
    """The first days, and ten of their mails: (words of the kind, the address shortened, subject, text)."""

    days: list[Day]
    texts: list[tuple[str, str, str, str]]


class _TakenBack(Exception):
    """Rolls the transaction back."""


def preview(render: Callable[..., Letter | None], queue: Callable[[datetime], object], *, opens_on: date) -> Preview:
    """Return the mails of the first days after an opening; nothing of them stays.

    ``render(row, now=)`` makes a letter, or None; ``queue(now)`` queues the mails of the jobs that are due then. Mails
    of a day count as sent on it. Other writers wait meanwhile: seconds, in a town.
    """
    days, texts = [], []
    try:
        with database.writing():
            before_opening.set_opening_day(opens_on)
            opening.take_stages_as_told(opens_on)
            for distance in range(DAYS):
                now = clock.at(opens_on + timedelta(days=distance), LAST_HOUR)
                rows = _queued(queue, now)
                counts = Counter(outbox.KINDS[row.kind] for row in rows)
                days.append(Day(clock.day_of(now), counts.most_common()))
                texts += _written(render, rows, TEXTS - len(texts), now)
                OutboxMail.update(state="sent", sent_at=now).where(OutboxMail.state == "queued").execute()
            raise _TakenBack()
    except _TakenBack:
        return Preview(days, texts)


def _queued(queue: Callable[[datetime], object], now: datetime) -> list[OutboxMail]:
    """Queue the mails of a day's jobs; return them."""
    last = OutboxMail.select(OutboxMail.id).order_by(OutboxMail.id.desc()).limit(1).scalar() or 0
    queue(now)
    return list(OutboxMail.select().where(OutboxMail.id > last).order_by(OutboxMail.id))


def _written(
    render: Callable[..., Letter | None], rows: list[OutboxMail], most: int, now: datetime
) -> list[tuple[str, str, str, str]]:
    """Return the texts of at most ``most`` mails, of each kind in turn."""
    place: Counter[str] = Counter()
    turns = []
    for row in rows:
        place[row.kind] += 1
        turns.append((place[row.kind], row.kind, row))
    found = []
    for _, kind, row in sorted(turns, key=lambda turn: turn[:2]):
        if len(found) < most and (letter := render(row, now=now)):
            found.append((outbox.KINDS[kind], outbox.shortened(row.address), letter.subject, letter.stored_text))
    return found
