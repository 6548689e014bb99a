"""貸出ベスト, 予約ベスト: the titles lent and waited for most, prepared by a job so that a page only reads a list.

A list must not reveal a reader (docs/adr/0066-rankings.md). Anybody may compare the lists with each other, and those of
holds with the number of patrons waiting, which title pages show. So, in ``may_be_listed``:

1. A title stands in a list only if at least LEAST of its loans are counted there. 2. And only if its loans in the next
wider list with it, and not in this one, are none or at least LEAST.

Proof: the windows lie within each other, so one title is published as a chain of sets C1 ⊃ C2 ⊃ … ⊃ Cn. All their sizes
give the sizes of the parts C1−C2, C2−C3, …, Cn, which share nothing, and of sums of whole parts; no other sum or
difference of the sets is a set of loans. Each part has none or at least LEAST, by the second rule and, for Cn, by the
first; so has each sum of parts. For holds C1 is the whole line.

A list for children counts books for children (児童書), not young readers, and no list is of one branch. A title stands in
the list of its kind exactly if it stands in that of all, so there is no difference to be taken.

先月の順位 (``before``) is the place in the public list on the last day of the month before, counted again from the same
loans, so it reveals nothing new. Ended holds are erased; so the last lists of a month are kept for the next
(``RankingOfMonth``), as everybody could read them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from peewee import Case, Field, Function, fn

from library import clock, holdings, policy
from library.catalog import removed_titles
from library.discovery import availability
from library.lending.holds import hold_states
from library.store import database, queries
from models import Hold, Item, Loan, Patron, Ranking, RankingOfMonth, Title, database as connection

LEAST = 3  # loans of a title, fewer of which are never told
LENGTH = 30
SPANS = ("year", "half", "month")  # each within the one before
HALF, YEAR = timedelta(days=182), timedelta(days=365)
CHILDREN = "児童"
AUDIENCES = ("", "adult", "child")

Counted = tuple[int, bool, list[int], int | None]  # a title, is it for children, its counts, a count around all of them
Row = tuple[str, str, str, int, int]  # name, span, audience, place, title
_PLACES = queries.Query(
    lambda: (
        Ranking.select(Ranking.title, Ranking.before)
        .join(Title)
        .where(
            Ranking.name == queries.blank("name"),
            Ranking.span == queries.blank("span"),
            Ranking.audience == queries.blank("audience"),
            ~removed_titles.is_removed(),
        )
        .order_by(Ranking.place)
        .tuples()
    )
)


class Place(NamedTuple):
    """A place in a list. ``before``: the place of the month before; 0 if not listed then, None if unknown."""

    title: int
    number: int
    before: int | None

    @property
    def move(self) -> str:
        """Return ``up``, ``down``, ``same`` or ``new`` (初登場) against the month before; empty if unknown."""
        if self.before is None:
            return ""
        if not self.before:
            return "new"
        return "up" if self.number < self.before else "down" if self.number > self.before else "same"

    @property
    def steps(self) -> int:
        """Return the number of places moved up or down."""
        return abs(self.number - self.before) if self.before else 0


def places(name: str, *, span: str, audience: str = "") -> list[Place]:
    """Return the places of one list, best first, without removed titles; costs the same however many loans there
    are.
    """
    found = _PLACES.rows(name=name, span=span, audience=audience)
    return [Place(title, number, before) for number, (title, before) in enumerate(found, 1)]


def window(name: str, span: str, *, today: date) -> tuple[date, date] | None:
    """Return the first and the last day counted: loans up to yesterday, holds up to today.

    None on the first of a month for loans of this month, which has no whole day yet.
    """
    first = _firsts(today)[SPANS.index(span)]
    last = today if name == "holds" else today - timedelta(days=1)
    return (first, last) if first <= last else None


def best(name: str, *, span: str, audience: str = "") -> list[int]:
    """Return the title ids of one list, best first."""
    return [place.title for place in places(name, span=span, audience=audience)]


def prepare(*, now: datetime) -> dict[str, int]:
    """Make all lists anew: loans up to yesterday, and the holds of now; return the number of titles listed."""
    today = clock.day_of(now)
    last = today.replace(day=1) - timedelta(days=1)  # of the month before
    loans = _lists("loans", _lent(_firsts(today), today))
    rows = [*_moved(loans, _lists("loans", _lent(_firsts(last), last)))]
    holds = list(_lists("holds", _waited_for(_firsts(today))))
    columns = (Ranking.name, Ranking.span, Ranking.audience, Ranking.place, Ranking.title, Ranking.before)
    with database.writing():
        rows += _moved(holds, _of_month(last))
        _keep_for_next_month(holds, today, last)
        Ranking.delete().execute()
        Ranking.insert_many(rows, columns).execute()
    return {"titles": len({title for *_, title, _ in rows})}


def may_be_listed(counts: Iterable[int], whole: int | None = None) -> list[bool]:
    """Return for each window, given the counts of a title from the widest to the narrowest, whether it may be listed.

    ``whole``: a count around all windows that everybody is told.
    """
    allowed, around = [], whole
    for count in counts:
        rest = 0 if around is None else around - count
        allowed.append(count >= LEAST and (rest == 0 or rest >= LEAST))
        if allowed[-1]:
            around = count
    return allowed


def _firsts(today: date) -> tuple[date, date, date]:
    """Return the first day of each window, in the order of SPANS."""
    return today - YEAR, today - HALF, today.replace(day=1)


def _moved(rows: Iterable[Row], rows_before: Iterable[Row]) -> Iterator[tuple[str, str, str, int, int, int | None]]:
    """Yield the rows with the former place of each title; None if the former list is empty, so that not all are 初登場."""
    before: dict[tuple[str, str, str], dict[int, int]] = {}
    for name, span, audience, place, title in rows_before:
        before.setdefault((name, span, audience), {})[title] = place
    for row in rows:
        known = before.get(row[:3])
        yield *row, known.get(row[-1], 0) if known else None


def _of_month(day: date) -> list[Row]:
    """Return the last lists of holds in the month of a day; none if the job did not run in it."""
    kept = RankingOfMonth
    query = kept.select(kept.span, kept.audience, kept.place, kept.title).where(kept.month == f"{day:%Y-%m}")
    return [("holds", span, audience, place, title) for span, audience, place, title in queries.tuples(query)]


def _keep_for_next_month(holds: Iterable[Row], today: date, last: date) -> None:
    """Replace this month's stored lists of holds, and remove those of months before the last."""
    RankingOfMonth.delete().where(RankingOfMonth.month != f"{last:%Y-%m}").execute()
    rows = [(f"{today:%Y-%m}", *row[1:]) for row in holds]
    if rows:
        kept = RankingOfMonth
        RankingOfMonth.insert_many(rows, (kept.month, kept.span, kept.audience, kept.place, kept.title)).execute()


def _lent(firsts: Sequence[date], today: date) -> list[Counted]:
    """Return the counts of loans by title, with no count around them; a renewal is no new loan."""
    query = (
        Loan.select(Item.title, Title.audience == CHILDREN, *_counted(Loan.lent_on, firsts))
        .join(Item)
        .join(Title)
        .switch(Loan)
        .left_outer_join(Patron)
        .where(Loan.lent_on >= firsts[0], Loan.lent_on < today, holdings.is_own())
        .where(Patron.id.is_null() | Patron.category.not_in(policy.get("partner_categories")))
        .group_by(Item.title, Title.audience)
        .having(fn.count(Loan.id) >= LEAST)
    )
    return [(title, child, counts, None) for title, child, *counts in connection.execute(query)]


def _waited_for(firsts: Sequence[date]) -> list[Counted]:
    """Return the counts of waiting holds by title, with their number, which everybody is told; each is another
    patron's.
    """
    moments = [clock.at(day) for day in firsts]
    query = (
        Hold.select(Hold.title, Title.audience == CHILDREN, fn.count(Hold.id), *_counted(Hold.placed_at, moments))
        .join(Title)
        .where(Hold.state.in_(availability.WAITING), hold_states.not_cancelled())
        .group_by(Hold.title, Title.audience)
        .having(fn.count(Hold.id) >= LEAST)
    )
    return [(title, child, counts, whole) for title, child, whole, *counts in connection.execute(query)]


def _counted(column: Field, firsts: Sequence[date | datetime]) -> list[Function]:
    """Return a count for each window of the rows of a group that fall into it."""
    return [fn.sum(Case(None, [(column >= first, 1)], 0)) for first in firsts]


def _lists(name: str, titles: list[Counted]) -> Iterator[Row]:
    """Yield the rows of all lists, highest count first; of equals the newest title first."""
    judged = [(title, child, counts, may_be_listed(counts, whole)) for title, child, counts, whole in titles]
    for number, span in enumerate(SPANS):
        there = [(-counts[number], -title, child) for title, child, counts, may in judged if may[number]]
        there.sort()
        for audience in AUDIENCES:
            found = [-title for _, title, child in there if not audience or bool(child) == (audience == "child")]
            yield from ((name, span, audience, place, title) for place, title in enumerate(found[:LENGTH], 1))
