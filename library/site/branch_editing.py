"""館: adding, changing and ordering branches, and closing one for good (閉館): its belongings go to another, its row
stays.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import SQL, Expression, Model, ModelSelect, Select, fn

from library import audit, branches, clock, errors
from library.catalog import changes
from library.catalog.fulltext import index
from library.lending import closures
from library.lending.holds import hold_mails, hold_states
from library.numbers import postal_codes
from library.site import week
from library.store import database
from models import Branch, Hold, Item, Loan, Patron, PatronRequest, Stocktaking, database as connection

TEXTS = ("name", "name_kana", "address", "phone")
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,19}\Z")


# -- what was typed ----------------------------------------------------------------------------------------------------
def read(typed: Mapping[str, Any], branch: Branch | None = None) -> dict[str, Any]:
    """Return the columns of a typed branch, for ``branch`` or a new one. Raises: RefusedTogether by field."""
    problems: dict[str, list[errors.Refused]] = {}
    values: dict[str, Any] = {name: " ".join(str(typed[name]).split()) for name in TEXTS}
    values["pickup"] = bool(typed["pickup"])
    if branch is None:
        _read(values, problems, "code", lambda: _code(typed["code"]))
    _read(values, problems, "name", lambda: _name(values["name"], branch))
    _read(values, problems, "postal_code", lambda: postal_codes.read(typed["postal_code"]))
    _read(values, problems, "map_url", lambda: map_link(typed["map_url"]))
    try:
        values |= week.read(typed)
    except errors.RefusedTogether as together:
        problems |= {name: list(found) for name, found in together.by_field.items()}
    if problems:
        raise errors.RefusedTogether(problems)
    return values


def _read(values: dict[str, Any], problems: dict[str, list[errors.Refused]], name: str, rule: Any) -> None:
    """Store the value that a rule returns under a name, or its refusal."""
    try:
        values[name] = rule()
    except errors.Refused as refusal:
        problems[name] = [refusal]


def _code(text: str) -> str:
    code = unicodedata.normalize("NFKC", text).strip()
    if not code:
        raise errors.FieldEmpty()
    if not CODE.match(code):
        raise errors.BranchCodeMalformed()
    if row := Branch.get_or_none(fn.LOWER(Branch.code) == code.lower()):
        raise errors.BranchCodeTaken(name=row.name)
    return code


def _name(name: str, branch: Branch | None) -> str:
    if not name:
        raise errors.FieldEmpty()
    namesake = Branch.get_or_none(Branch.name == name, Branch.id != (branch.id if branch else 0))
    if namesake:
        raise errors.BranchNameTaken(code=namesake.code)
    return name


def map_link(text: str) -> str:
    """Return the https address of a map. Raises: MapLinkMalformed."""
    link = text.strip()
    if link and not re.fullmatch(r"https://[^\s/\"'<>\\@]+\.[^\s\"'<>\\]+", link):
        raise errors.MapLinkMalformed()
    return link


# -- entering, changing, ordering --------------------------------------------------------------------------------------
def add(values: Mapping[str, Any], *, by: str, now: datetime) -> Branch:
    """館を加える, after the others."""
    with database.writing():
        behind = (Branch.select(fn.MAX(Branch.position)).scalar() or 0) + 1
        row = Branch.create(position=behind, **values)
        audit.record("branch.added", actor=by, now=now, of=row.name)
        index.copies_changed()
    return row


def preview(branch: Branch, values: Mapping[str, Any], *, today: date) -> closures.Moves:
    """Return the due dates and deadlines that new closed weekdays of a branch would move. Raises: NeverOpen."""
    return closures.preview_week(branch, values["closed_weekdays"], today=today)


def change(branch: Branch, values: Mapping[str, Any], *, by: str, now: datetime) -> Branch:
    """Change a branch; dates on newly closed days move, as with every closure. Raises: NeverOpen, BranchGone."""
    with database.writing():
        row = branches.find(branch.id)
        if row is None:
            raise errors.BranchGone()
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        if "closed_weekdays" in changed:
            closures.close_weekly(row, values["closed_weekdays"], by=by, now=now)
        for name in changed:
            setattr(row, name, values[name])
        if changed:
            row.save(only=changed)
            audit.record("branch.changed", actor=by, now=now, of=row.name, columns=changed)
            index.copies_changed()
    return row


def move(branch: Branch, way: int) -> int:
    """Move a branch one position up (-1) or down (1); return its position, from 1."""
    with database.writing():
        listed = branches.in_order()
        here = next(place for place, row in enumerate(listed) if row.id == branch.id)
        to = min(max(here + way, 0), len(listed) - 1)
        listed.insert(to, listed.pop(here))
        for place, row in enumerate(listed, start=1):
            if row.position != place:
                Branch.update(position=place).where(Branch.id == row.id).execute()
        index.copies_changed()
    return to + 1


# -- 閉館 ----------------------------------------------------------------------------------------------------------------
class Belongings(NamedTuple):
    """Counts for a branch: ``items`` its own or there now, ``loans`` out, ``holds`` to be collected there.

    ``ready``: holds on its hold shelf; ``patrons`` registered there; ``pickups``: patrons who usually collect there.
    """

    items: int
    loans: int
    holds: int
    ready: int
    patrons: int
    pickups: int


def belongings(branch: Branch) -> Belongings:
    """Return the counts that go to another branch when this one closes."""
    holds = (Hold.pickup_branch == branch) & Hold.state.in_(hold_states.OPEN)
    numbers = (
        _number(Item, (Item.branch == branch) | (Item.at_branch == branch)),
        _number(Loan, (Loan.branch == branch) & Loan.returned_on.is_null()),
        _number(Hold, holds),
        _number(Hold, holds & (Hold.state == "ready")),
        _number(Patron, Patron.branch == branch),
        _number(Patron, Patron.pickup_branch == branch),
    )
    return Belongings(*Select(columns=numbers).bind(connection).tuples().get())


def _number(table: type[Model], condition: Expression) -> ModelSelect:
    return table.select(fn.COUNT(SQL("*"))).where(condition)


def closing_refusals(branch: Branch) -> list[errors.Refused]:
    """Return the reasons against closing a branch."""
    reasons: list[errors.Refused] = []
    if len(branches.in_order()) < 2:
        reasons.append(errors.LastBranch())
    if Stocktaking.select().where(Stocktaking.branch == branch, Stocktaking.closed_at.is_null()).exists():
        reasons.append(errors.BranchBeingCounted())
    return reasons


def check_closing(branch: Branch, target: Branch | None) -> tuple[Branch, Branch]:
    """Return both branches as they are now. Raises: Refusals, BranchNotChosen, BranchGone, BranchHandsOutNoHolds."""
    if target is None or target == branch:
        raise errors.BranchNotChosen()
    row, heir = branches.find(branch.id), branches.find(target.id)
    if row is None or heir is None:
        raise errors.BranchGone()
    if reasons := closing_refusals(row):
        raise errors.Refusals(reasons)
    if not heir.pickup and belongings(row).holds:
        raise errors.BranchHandsOutNoHolds()
    return row, heir


def close(branch: Branch, target: Branch | None, *, by: str, now: datetime) -> Belongings:
    """閉館する: copies, holds and registrations go to ``target``; loans keep their branch and days. Return the counts.

    Copies that are out return to ``target``, whose open days now count for renewals. Patrons with a copy on the hold
    shelf are told the new place. Raises: as ``check_closing``.
    """
    with database.writing():
        row, heir = check_closing(branch, target)
        moved = belongings(row)
        changes.note([item.title_id for item in Item.select(Item.title).where(Item.branch == row).distinct()], now=now)
        _move_copies(row, heir)
        _move_patrons(row, heir, now)
        today = clock.day_of(now)
        Branch.update(closed_on=today, pickup=False).where(Branch.id == row.id).execute()
        audit.record("branch.closed", actor=by, now=now, of=row.name, to=heir.name, **moved._asdict())
        index.copies_changed()
    return moved


def reopen(branch: Branch, *, by: str, now: datetime) -> None:
    """Reopen a closed branch; an open one stays as it is. What went to another branch stays there."""
    with database.writing():
        again = Branch.update(closed_on=None).where(Branch.id == branch.id, Branch.closed_on.is_null(False))
        if again.execute():
            audit.record("branch.reopened", actor=by, now=now, of=branch.name)
            index.copies_changed()


def _move_copies(row: Branch, heir: Branch) -> None:
    """Make the copies of a branch those of its heir, which also sends on copies of other branches found there."""
    Item.update(going_to=heir).where(Item.going_to == row).execute()
    Item.update(at_branch=heir, aside_at="").where(Item.at_branch == row).execute()
    Item.update(branch=heir, aside_at="").where(Item.branch == row).execute()
    Item.update(at_branch=None).where(Item.at_branch == heir, Item.branch == heir).execute()


def _move_patrons(row: Branch, heir: Branch, now: datetime) -> None:
    ready = list(Hold.select().where(Hold.pickup_branch == row, Hold.state == "ready"))
    # also holds whose loan is out: undoing the loan makes a hold again
    open_again = Hold.state.in_(hold_states.OPEN) | Hold.loan.is_null(False)
    Hold.update(pickup_branch=heir).where(Hold.pickup_branch == row, open_again).execute()
    asked = (PatronRequest.pickup_branch == row) & PatronRequest.ended_at.is_null()
    PatronRequest.update(pickup_branch=heir).where(asked).execute()
    Patron.update(branch=heir).where(Patron.branch == row).execute()
    Patron.update(pickup_branch=heir).where(Patron.pickup_branch == row).execute()
    for hold in ready:
        hold_mails.tell("ready", Hold.get_by_id(hold.id), clock.day_of(now), now=now)
