"""今日のひとこと: the matter of most weight to a patron today, in one sentence, and the others. It reads no table."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from library.account.glance import Glance, Line
from library.lending import loans

CARD_EXPIRES_SOON = timedelta(days=30)
BESIDE = (
    "ebook_ready",
    "card_asked",
    "family_titles",
    "family_ending",
    "expiring",
)  # matters that are never the sentence of the day (spec 13, section 4)


class Matter(NamedTuple):
    """``code``: its words are in templates/my/_today.html; ``day``: its last day; ``name``: of a title, a child, an
    address or a viewer.

    ``others``: number beside the named one; ``branch``: where to collect; ``things``: number in all; ``id``: of the
    title or the tie; ``days``: until ``day``.
    """

    code: str
    day: date | None = None
    name: str = ""
    others: int = 0
    branch: str = ""
    things: int = 0
    id: int | None = None
    days: int = 0


class Today(NamedTuple):
    first: Matter
    also: list[Matter]


class Child(NamedTuple):
    """A child whose card the patron looks at: the tie, the name, the number of loans, the next due day and the days
    until then.
    """

    id: int | None
    name: str
    loans: int
    day: date
    days: int


def choose(mine: Glance, *, card_state: str, expires_on: date | None, today: date) -> Today:
    """Return the first matter that applies, in the order of spec 13, section 4, and the others that do."""
    found = [
        *_overdue(mine.loans, today),
        *_card(card_state, expires_on, today),
        *(Matter("undeliverable", name=line.name) for line in mine.undeliverable),
        *_group("ready", mine.ready, today),
        *_group("ebook_ready", mine.ebooks_ready, today),
        *_due(mine.loans, today, soon=True),
        *_family(children(mine.family, today=today)),
        *_group("card_asked", mine.asked, today),
        *_group("family_titles", mine.titles, today),
        *_group("family_ending", mine.ending, today),
        *_expiring(expires_on, today),
    ]
    calm = [*_due(mine.loans, today, soon=False), Matter("nothing")]
    first = next((matter for matter in found if matter.code not in BESIDE), calm[0])
    return Today(first, [matter for matter in found if matter is not first])


def children(lines: Iterable[Line], *, today: date) -> list[Child]:
    """Return the children with loans, by their next due day; unsettled loans are not counted."""
    of_tie: dict[int | None, list[Line]] = {}
    for line in _asked_for(lines):
        of_tie.setdefault(line.id, []).append(line)
    return [
        Child(tie, rows[0].name, len(rows), rows[0].day, (rows[0].day - today).days)
        for tie, rows in of_tie.items()
        if rows[0].day
    ]


def _asked_for(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.day and line.more not in loans.NOT_REMINDED]


def _overdue(lines: Iterable[Line], today: date) -> list[Matter]:
    late = [line for line in _asked_for(lines) if line.day and line.day < today]
    return [Matter("overdue", late[0].day, late[0].name, things=len(late), id=late[0].id)] if late else []


def _card(state: str, expires_on: date | None, today: date) -> list[Matter]:
    if state == "suspended":
        return [Matter("suspended")]
    return [Matter("expired", expires_on)] if expires_on and expires_on < today else []


def _expiring(expires_on: date | None, today: date) -> list[Matter]:
    soon = expires_on and today <= expires_on <= today + CARD_EXPIRES_SOON
    return [Matter("expiring", expires_on)] if soon else []


def _group(code: str, lines: list[Line], today: date) -> list[Matter]:
    if not lines:
        return []
    first = lines[0]
    days = (first.day - today).days if first.day else 0
    return [Matter(code, first.day, first.name, len(lines) - 1, first.more, len(lines), first.id, days)]


def _due(lines: Iterable[Line], today: date, *, soon: bool) -> list[Matter]:
    """Return the matter of the loans that fall due together on the next due day; with ``soon`` only if that day is
    near.
    """
    ahead = [line for line in _asked_for(lines) if line.day and line.day >= today]
    together = [line for line in ahead if line.day == ahead[0].day]
    if not together or (soon and together[0].day > today + timedelta(days=loans.SOON_DAYS)):  # type: ignore[operator]
        return []
    return [matter._replace(branch="") for matter in _group("due_soon" if soon else "next", together, today)]


def _family(found: list[Child]) -> list[Matter]:
    """Return the matter of the child with the nearest due day, if that is near or past."""
    near = [child for child in found if child.days <= loans.SOON_DAYS]
    return [
        Matter("family", child.day, child.name, len(near) - 1, things=child.loans, id=child.id, days=child.days)
        for child in near[:1]
    ]
