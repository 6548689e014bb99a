"""今日のひとこと: the matter of most weight to a patron today, the others, and what is due on which day. It reads no table."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from library.account.glance import Glance, Line
from library.language import quoted, sentences
from library.lending import loans

CARD_EXPIRES_SOON = timedelta(days=30)
MOST_ALSO = 4  # matters that are told without a press
NEVER_FIRST = ("ebook_ready", "card_asked", "family_titles", "family_ending", "expiring")


class Renewal(NamedTuple):
    """延長 of loans that fall due together. ``until``: (loan id, new due date) of those that can be renewed; ``reason``:
    why the first of the others can't.
    """

    until: list[tuple[int, date]]
    reason: str


class Due(NamedTuple):
    """The loans of one patron that fall due on one day. ``tie``: None for one's own; ``lines``: none for a child who
    shows no titles, as their number would tell when each is due.
    """

    day: date
    days: int
    tie: int | None
    lines: list[Line]
    renewal: Renewal | None = None


class Matter(NamedTuple):
    """``code``: its words are in templates/my/_today_words.html; ``day``: its last day; ``name``: of a title, an
    address or
    a viewer.

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
    renewal: Renewal | None = None

    def called(self, family: Mapping[int, Any]) -> sentences.Sentence:
        """Return the name of the loans of a matter: 「草枕」ほか2点, or of a child's: 陽葵さんの3点. ``family``: patrons by tie."""
        if self.code == "due":
            return quoted.titles([self.name], self.things)
        name = family[self.id or 0].name
        if self.things:
            return sentences.Sentence("{name}さんの{n}点", name=name, n=self.things)
        return sentences.Sentence("{name}さんの返却期限", name=name)


class Today(NamedTuple):
    """``first``: None on a day without one; ``more``: what ``also`` has no room for."""

    first: Matter | None
    also: list[Matter]
    more: list[Matter]


# -- what is due -----------------------------------------------------------------------------------------------------
def due(mine: Glance, *, today: date, hidden: Collection[int] = ()) -> list[Due]:
    """Return the loans of the patron and the children by day, on each day one's own first; unsettled ones are left out.

    ``hidden``: ties of children who show no titles, of whom the next day alone is told.
    """
    together: dict[tuple[date, int | None], list[Line]] = {}
    next_days: dict[int | None, date] = {}
    for tie, line in (*((None, line) for line in mine.loans), *((line.id, line) for line in mine.family)):
        if line.day and line.more not in loans.NOT_REMINDED:
            day = next_days.setdefault(tie, line.day) if tie in hidden else line.day
            together.setdefault((day, tie), []).append(line)
    found = [
        Due(day, (day - today).days, tie, [] if tie in hidden else lines) for (day, tie), lines in together.items()
    ]
    return sorted(found, key=lambda each: (each.day, each.tie or 0))


def near(found: Iterable[Due]) -> list[Due]:
    """Return the loans that are due soon and not late."""
    return [each for each in found if 0 <= each.days <= loans.SOON_DAYS]


# -- choosing --------------------------------------------------------------------------------------------------------
def choose(mine: Glance, found: list[Due], *, card_state: str, expires_on: date | None, today: date) -> Today:
    """Return the first matter that applies, and the others in their order. ``found``: of ``due``."""
    soon = [_due(each) for each in near(found)]
    told = [
        *_late(found),
        *(matter for matter in soon if matter.days <= 1),
        *_group("ready", mine.ready, today),
        *_group("ebook_ready", mine.ebooks_ready, today),
        *(matter for matter in soon if matter.days > 1),
        *(Matter("undeliverable", name=line.name) for line in mine.undeliverable),
        *_card(card_state, expires_on, today),
        *_group("card_asked", mine.asked, today),
        *_group("family_titles", mine.titles, today),
        *_group("family_ending", mine.ending, today),
        *_expiring(expires_on, today),
    ]
    first = next((matter for matter in told if matter.code not in NEVER_FIRST), None)
    others = [matter for matter in told if matter is not first]
    return Today(first, others[:MOST_ALSO], others[MOST_ALSO:])


def _late(found: Iterable[Due]) -> list[Matter]:
    """Return the matters of overdue loans: one for the patron's own, one for each child."""
    of_tie: dict[int | None, list[Due]] = {}
    for each in sorted((each for each in found if each.days < 0), key=lambda each: each.tie or 0):
        of_tie.setdefault(each.tie, []).append(each)
    return [
        Matter("family_late", late[0].day, id=tie)
        if tie
        else Matter("overdue", late[0].day, things=sum(len(each.lines) for each in late), id=late[0].lines[0].id)
        for tie, late in of_tie.items()
    ]


def _due(each: Due) -> Matter:
    if each.tie:
        return Matter("family", each.day, things=len(each.lines), id=each.tie, days=each.days, renewal=each.renewal)
    first, number = each.lines[0], len(each.lines)
    return Matter("due", each.day, first.name, number - 1, "", number, first.id, each.days, each.renewal)


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
