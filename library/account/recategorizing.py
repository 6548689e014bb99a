"""区分の一括変更: many patrons move to another category, as each April from 児童 to 一般. It can be undone for 30 days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from peewee import Select, chunked

from library import audit, clock, dates, errors, policy
from library.lending.holds import hold_states
from library.store import database
from library.store.queries import tuples
from models import CategoryChange, CategoryChanged, Hold, Item, Loan, Patron, PolicyRow, Title

UNDONE_WITHIN = timedelta(days=30)
SCHOOL_ENDS_AT = 12  # years: children of this age on 1 April have left the 小学校
AT_ONCE = 500  # ids in one query


@dataclass(frozen=True)
class Move:
    """A move of patrons born on a day or before, from the category ``old`` to ``new``."""

    old: str
    new: str
    born_until: date


@dataclass
class Candidate:
    """A patron who would move; ``over``: loans and holds beyond the limits of the new category, as (words, number,
    limit).
    """

    patron: Patron
    over: list[tuple[str, int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Moved:
    """A change that was made to ``count`` patrons; ``left``: the number of ticked patrons who had changed meanwhile and
    did not move.
    """

    change: CategoryChange
    count: int
    left: int


def offered_day(today: date) -> date:
    """Return the last birthday of the children who left the 小学校 this year: 1 April, twelve years ago."""
    return date(today.year - SCHOOL_ENDS_AT, 4, 1)


@dataclass(frozen=True)
class Choices:
    """The categories that patrons can move from (``origins``) and to (``aims``), without 団体."""

    origins: list[str]
    aims: list[str]


def choices() -> Choices:
    """Return the categories to choose from. Patrons can also move from a category that the rules lack, as an import
    brings it.
    """
    rules = policy.several("categories", "group_categories")
    aims = [each for each in rules["categories"] if each not in rules["group_categories"]]
    stored = sorted(category for (category,) in tuples(Patron.select(Patron.category).distinct()))
    return Choices([*aims, *(each for each in stored if each not in rules["categories"])], aims)


def read(old: str, new: str, born_until: str, among: Choices | None = None) -> Move:
    """Return the typed move. Raises: RefusedTogether by field (from_category, to_category, born_until)."""
    refused: dict[str, list[errors.Refused]] = {}
    among = among or choices()
    if old not in among.origins:
        refused["from_category"] = [errors.ChoiceUnknown()]
    if new not in among.aims:
        refused["to_category"] = [errors.ChoiceUnknown()]
    elif new == old:
        refused["to_category"] = [errors.SameCategory()]
    day = date.min
    try:
        day = dates.parse(born_until)
    except ValueError:
        refused["born_until"] = [errors.DateMalformed()] if born_until.strip() else [errors.FieldEmpty()]
    if refused:
        raise errors.RefusedTogether(refused)
    return Move(old, new, day)


def candidates(move: Move) -> list[Candidate]:
    """Return the patrons whom a move reaches, in 五十音順. Closed cards are left out, and patrons without a birth date."""
    rows = list(_reached(move).order_by(Patron.name_kana, Patron.card_number))
    found = {patron.id: Candidate(patron) for patron in rows}
    _note_limits(found, move.new)
    return list(found.values())


def count_without_birth_date(move: Move) -> int:
    """Return the number of patrons of the old category without a birth date, whom a move can't reach."""
    return (
        Patron.select()
        .where(Patron.category == move.old, Patron.state != "closed", Patron.birth_date.is_null())
        .count()
    )


def _reached(move: Move) -> Select:
    return Patron.select().where(
        Patron.category == move.old, Patron.state != "closed", Patron.birth_date <= move.born_until
    )


def _note_limits(found: dict[int, Candidate], category: str) -> None:
    """Note at each candidate the loans and holds beyond a category's limits, in all and of each type with its own
    limit.
    """
    rules = policy.read()
    kinds = [row.material_type for row in PolicyRow.select(PolicyRow.material_type).distinct() if row.material_type]
    for name, label, have in (("loan_limit", "貸出", _loans_of(found)), ("hold_limit", "予約", _holds_of(found))):
        limits = {"": rules.lending(category)[name]}
        limits |= {kind: limit for kind in kinds if (limit := rules.type_limit(name, category, kind)) is not None}
        for patron, types in have.items():
            counts = types | {"": sum(types.values())}
            found[patron].over += [
                (f"{label}（{kind}）" if kind else label, counts[kind], limit)
                for kind, limit in limits.items()
                if counts.get(kind, 0) > limit
            ]


def _loans_of(patrons: Iterable[int]) -> dict[int, Counter]:
    rows = Loan.select(Loan.patron, Item.material_type, Title.material_type).join(Item).join(Title)
    return _count(rows.where(Loan.returned_on.is_null()), Loan, patrons)


def _holds_of(patrons: Iterable[int]) -> dict[int, Counter]:
    rows = Hold.select(Hold.patron, Title.material_type, Title.material_type).join(Title)
    return _count(rows.where(Hold.state.in_(hold_states.OPEN), hold_states.not_cancelled()), Hold, patrons)


def _count(rows: Select, model: type[Loan] | type[Hold], patrons: Iterable[int]) -> dict[int, Counter]:
    found: dict[int, Counter] = defaultdict(Counter)
    for some in chunked(sorted(patrons), AT_ONCE):
        for patron, own, of_title in tuples(rows.where(model.patron.in_(some))):
            found[patron][own or of_title] += 1
    return found


# -- changing, and back ------------------------------------------------------------------------------------------------
def change(move: Move, ids: Iterable[int], *, by: str, now: datetime) -> Moved:
    """Move the ticked patrons whom the move still reaches, in one transaction; ``Moved.left`` counts the other ticked
    ones.

    Raises: NobodyTicked; NobodyLeft when it reaches none of them.
    """
    ticked = set(ids)
    if not ticked:
        raise errors.NobodyTicked()
    with database.writing():
        reached = [number for (number,) in tuples(_reached(move).select(Patron.id)) if number in ticked]
        if not reached:
            raise errors.NobodyLeft()
        made = CategoryChange.create(
            at=now, by=by, from_category=move.old, to_category=move.new, born_until=move.born_until
        )
        _set_category(reached, move.new, by, now)
        for some in chunked(reached, AT_ONCE):
            CategoryChanged.insert_many([{"change": made.id, "patron": number} for number in some]).execute()
        audit.record("patrons.recategorized", actor=by, now=now, of=f"{move.old}→{move.new}", count=len(reached))
    return Moved(made, len(reached), len(ticked) - len(reached))


def undo(change_id: int, *, by: str, now: datetime) -> tuple[int, int]:
    """元に戻す: give the old category back to those who still have the new one. Return their number, and the number of the
    others.

    Raises: RecategorizingOver after 30 days, when it was undone before, or for an unknown change.
    """
    with database.writing():
        made = CategoryChange.get_or_none(CategoryChange.id == change_id)
        if made is None or made.undone_at or now - made.at >= UNDONE_WITHIN:
            raise errors.RecategorizingOver()
        members = CategoryChanged.select(CategoryChanged.patron).where(CategoryChanged.change == made)
        there = Patron.select(Patron.id, Patron.category).where(Patron.id.in_(members), Patron.state != "closed")
        categories = dict(tuples(there))
        back = [number for number, category in categories.items() if category == made.to_category]
        _set_category(back, made.from_category, by, now)
        CategoryChange.update(undone_at=now).where(CategoryChange.id == made.id).execute()
        words = f"{made.to_category}→{made.from_category}"
        audit.record("patrons.recategorizing_undone", actor=by, now=now, of=words, count=len(back))
    return len(back), members.count() - len(back)


def _set_category(ids: Iterable[int], category: str, by: str, now: datetime) -> None:
    for some in chunked(ids, AT_ONCE):
        Patron.update(category=category).where(Patron.id.in_(some)).execute()
        for number in some:
            audit.record("patron.changed", actor=by, now=now, patron=number, fields=["category"], via="desk")


def recent(*, now: datetime) -> list[tuple[CategoryChange, int]]:
    """Return the changes of the last 30 days, the latest first, each with its number of patrons."""
    rows = CategoryChange.select().where(CategoryChange.at > now - UNDONE_WITHIN).order_by(CategoryChange.id.desc())
    return [(row, row.patrons.count()) for row in rows]


def undone_until(made: CategoryChange) -> date:
    """Return the last day on which a change can be undone."""
    return clock.day_of(made.at + UNDONE_WITHIN)
