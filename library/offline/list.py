"""非常用の一覧: the offline desk's data on cards and copies, a file made each night that browsers fetch and encrypt.

It has no name and no title. Values are stored by column (all numbers, all states …) and days counted from the first, so
a town takes a few megabytes, less when compressed.
"""

import fcntl
import gzip
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from peewee import Case, fn

from library import branches, clock, errors, policy, wording
from library.calendar import opening
from library.catalog.series import newest
from library.lending import loans
from library.lending.holds import hold_states
from library.numbers import check_digits, formats
from library.store import database
from library.store.queries import tuples
from models import CardNumber, Hold, Item, Loan, Patron, Title

FOLDER, NAME = "offline", "list.json.gz"  # in the instance
VERSION = 1
DAYS = 60  # that a list may be used for lending
ITEM_STATES = tuple(wording.ITEM_STATES)
LENDABLE = ("available", "missing")  # a missing copy that lies on the desk is found
OUT = "o"  # state of a lent copy; others have their index in ITEM_STATES
CARD_STATES = {"active": "a", "suspended": "s", "closed": "c"}
IN_LINE, KEPT_FOR = "2", "1"  # the title has waiting holds; the copy is kept for a hold


def path(instance: Path) -> Path:
    return instance / FOLDER / NAME


def make(instance: Path, *, now: datetime) -> dict[str, int]:
    """Write the file in one step, private to its owner. Return the numbers of cards and copies."""
    target = path(instance)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with _one_at_a_time(target.parent):
        return _write(target, now)


def ready(instance: Path, *, now: datetime) -> Path:
    """Return the path of the file, made now if there is none; one process makes it, others wait."""
    target = path(instance)
    if not target.exists():
        target.parent.mkdir(mode=0o700, exist_ok=True)
        with _one_at_a_time(target.parent):
            if not target.exists():
                _write(target, now)
    return target


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait until no other thread or process writes the file."""
    with open(folder / "lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(target: Path, now: datetime) -> dict[str, int]:
    with database.one_moment():
        made = content(now=now)
    draft = target.with_suffix(".draft")
    database.make_private(draft)
    draft.write_bytes(gzip.compress(json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode(), 6, mtime=0))
    draft.replace(target)
    return {"cards": len(made["cards"]["number"]), "items": len(made["items"]["number"])}


def content(*, now: datetime) -> dict[str, Any]:
    """Return the content of the file, before it is written as JSON."""
    first, rules = clock.day_of(now), policy.read()
    kinds = list(dict.fromkeys(["", *rules.get("material_types"), *_kinds()]))
    categories = list(dict.fromkeys([*rules.get("categories"), *_categories()]))
    return {
        "version": VERSION,
        "made_at": now.isoformat(timespec="seconds"),
        "zone": clock.zone_name(),
        "first": first.isoformat(),
        "forms": {kind: [_form(form) for form in formats.of_kind(kind)] for kind in formats.KINDS},
        "overdue_stops": rules.get("overdue_stops"),
        "types": kinds,
        "rules": [[_rule(rules, category, kind) for kind in kinds] for category in categories],
        "due": _due_days(first, rules, categories, kinds),
        "states": ["" if state in LENDABLE else words for state, words in wording.ITEM_STATES.items()],
        "cards": _cards(first, categories) | {"of_kind": _loans_of_kinds(rules, categories, kinds)},
        "items": _items(first, kinds),
    }


# -- rules -------------------------------------------------------------------------------------------------------------
def _form(form: formats.Form) -> list:
    """Return the facts by which the browser pads a number with zeros."""
    return [form.prefix, form.length or 0, form.pads, form.check in check_digits.OF_BARS]


def _rule(rules: policy.Policy, category: str, kind: str) -> list:
    """Return [whether lent, loan limit, loan days, limit for this 資料区分 or None]."""
    held = rules.lending(category, kind)
    limit = rules.type_limit("loan_limit", category, kind)
    return [held["lendable"], rules.lending(category)["loan_limit"], held["loan_days"], limit]


def _due_days(
    first: date, rules: policy.Policy, categories: list[str], kinds: list[str]
) -> dict[str, dict[int, list[int]]]:
    """Return branch code → loan days → due day for each day of lending; no days for a branch that never opens."""
    lengths = sorted({rules.lending(category, kind)["loan_days"] for category in categories for kind in kinds})
    every, found = branches.in_order(), {}
    for branch, calendar in zip(every, opening.calendars(every, rules).values(), strict=True):
        try:
            found[branch.code] = {
                days: [
                    (calendar.next_open_day(first + timedelta(days=place + days)) - first).days
                    for place in range(DAYS + 1)
                ]
                for days in lengths
            }
        except errors.NeverOpen:
            found[branch.code] = {}
    return found


def _kinds() -> Iterable[str]:
    return [kind for table in (Item, Title) for (kind,) in tuples(table.select(table.material_type).distinct())]


def _categories() -> Iterable[str]:
    return [category for (category,) in tuples(Patron.select(Patron.category).distinct())]


# -- cards -------------------------------------------------------------------------------------------------------------
def _cards(first: date, categories: list[str]) -> dict[str, Any]:
    """Return columns of cards: number, last day, state, category, loans, first due day; and other and lost numbers."""
    reminded = Loan.trouble.not_in(loans.NOT_REMINDED)
    out = dict(tuples(_open_loans().select(Loan.patron, fn.COUNT(Loan.id)).group_by(Loan.patron)))
    due = dict(tuples(_open_loans().select(Loan.patron, fn.MIN(Loan.due_on)).where(reminded).group_by(Loan.patron)))
    rows = tuples(
        Patron.select(Patron.id, Patron.card_number, Patron.expires_on, Patron.state, Patron.category).order_by(
            Patron.card_number
        )
    )
    place = {category: number for number, category in enumerate(categories)}
    at = {row[0]: number for number, row in enumerate(rows)}
    others = tuples(
        CardNumber.select(CardNumber.number, CardNumber.patron, CardNumber.kind).where(CardNumber.kind != "current")
    )
    return {
        "number": [row[1] for row in rows],
        "until": [_place(row[2], first) for row in rows],
        "state": "".join(CARD_STATES[row[3]] for row in rows),
        "category": [place[row[4]] for row in rows],
        "loans": [out.get(row[0], 0) for row in rows],
        "due": [_place(due.get(row[0]), first) for row in rows],
        "others": {number: at[patron] for number, patron, kind in others if kind != "lost"},
        "lost": [number for number, _, kind in others if kind == "lost"],
    }


def _loans_of_kinds(rules: policy.Policy, categories: list[str], kinds: list[str]) -> dict[str, dict[str, int]]:
    """Return card → index of a 資料区分 → loans of it; only those 資料区分 that have a limit."""
    limited = {
        kind: place
        for place, kind in enumerate(kinds)
        if any(rules.type_limit("loan_limit", category, kind) is not None for category in categories)
    }
    kind = Case(None, [(Item.material_type != "", Item.material_type)], Title.material_type)
    rows = _open_loans().join(Item).join(Title).switch(Loan).join(Patron).where(kind.in_(list(limited)))
    counts = rows.select(Patron.card_number, kind, fn.COUNT(Loan.id)).group_by(Patron.card_number, kind)
    found: dict[str, dict[str, int]] = {}
    for card, name, count in tuples(counts.order_by(Patron.card_number)) if limited else ():
        found.setdefault(card, {})[str(limited[name])] = count
    return found


def _open_loans() -> Any:
    return Loan.select().where(Loan.returned_on.is_null(), Loan.patron.is_null(False))


def _place(day: Any, first: date) -> int | None:
    """Return a day as days from the first; None for None. ``day``: SQLite gives MIN of a column as a text."""
    if day is None:
        return None
    return ((date.fromisoformat(day) if isinstance(day, str) else day) - first).days


# -- copies ------------------------------------------------------------------------------------------------------------
def _items(first: date, kinds: list[str]) -> dict[str, Any]:
    """Return the columns of copies: number, state (館内 for 最新号), 資料区分, and whether it is kept or its title waited
    for.
    """
    lent = {item for (item,) in tuples(Loan.select(Loan.item).where(Loan.returned_on.is_null()))}
    kept = {item for (item,) in tuples(Hold.select(Hold.item).where(Hold.state.in_(hold_states.SET_ASIDE)))}
    waited = {
        title
        for (title,) in tuples(
            Hold.select(Hold.title).where(Hold.state.in_(hold_states.OPEN), hold_states.not_cancelled()).distinct()
        )
    }
    here = Item.select(Item.id).where(Item.state.in_(LENDABLE), newest.is_kept(newest.since(first)))
    stays = {item for (item,) in tuples(here)}
    place = {kind: number for number, kind in enumerate(kinds)}
    rows = tuples(
        Item.select(Item.id, Item.barcode, Item.state, Item.material_type, Item.title, Title.material_type)
        .join(Title)
        .order_by(Item.barcode)
    )
    return {
        "number": [row[1] for row in rows],
        "state": "".join(
            OUT if row[0] in lent else str(ITEM_STATES.index("reference" if row[0] in stays else row[2]))
            for row in rows
        ),
        "type": [place[row[3] or row[5]] for row in rows],
        "held": "".join(KEPT_FOR if row[0] in kept else IN_LINE if row[4] in waited else "0" for row in rows),
    }
