"""Two invented members of staff, so that the desk can be tried; and what years of their work left in the figures."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from library import branches, clock, dates
from library.counting import desk_notes
from library.demonstration.branches import OpenDays
from library.facts import use_facts
from library.store import engine
from library.store.queries import tuples
from models import Branch, Item, MonthFigure, Patron, PatronRequest, Staff, Title, YearFigure

PASSWORD = "suzukake-desk-demo"  # noqa: S105 (printed at every start: it guards nothing)
ACCOUNTS = (("madoguchi", "desk", "窓口の職員"), ("kanri", "admin", "管理の職員"))
NOTE = "返却ポストの鍵は、2番窓口の引き出しへ移しました。"
VISITS, AT_WEEKENDS = (2, 1), 2  # a day at most: at the first branch and at others; so many times at weekends
SOME_ISSUES = 5  # of as many of a magazine one is lent
# figures of a month, from and to, and of a 年度
ENTERED = {
    "visitors": (300, 2400),
    "copies_made": (10, 90),
    "references": (5, 60),
    "events": (0, 6),
    "participants": (0, 120),
    "gatherings": (0, 150),
}
OF_YEARS = {"population": 152_300, "floor_area": 8_420, "employees": 31, "budget": 24_000, "settlement": 23_640}
AT_ITS_END = ("population", "settlement")  # of a 年度
COLUMNS = (
    "id", "act", "day", "hour", "branch_id", "channel", "category", "is_group", "stage", "age_group", "residence",
    "material_type", "audience", "ndc", "borrowed", "opens_visit", "first_in_year",
)  # fmt: skip


def write(*, now: datetime, password_hash: str) -> None:
    for login, role, _ in ACCOUNTS:
        Staff.create(login=login, role=role, password_hash=password_hash, must_change_password=False, created_at=now)
    main, yesterday = branches.in_order()[0], now - timedelta(days=1)
    desk_notes.write(main, NOTE, shown="", by="staff:kanri", now=yesterday)


def write_figures(*, today: date) -> None:
    """Write the facts of this 年度 and the last one until yesterday, and the figures that staff entered by hand."""
    chance = random.Random("figures")  # noqa: S311 (the same library every time)
    first = dates.year_before(dates.fiscal_year(today)[0])
    use_facts.begin(first)
    insert = f"INSERT INTO use_fact ({', '.join(COLUMNS)}) VALUES ({engine.placeholders(COLUMNS)})"  # noqa: S608 (our own words)
    engine.run_many(
        insert, [tuple(map(fact.get, COLUMNS)) for fact in (*_facts(chance, first, today), *_asked(chance, first))]
    )
    months = sorted({(first + timedelta(days=n)).replace(day=1) for n in range((today - first).days)})
    MonthFigure.insert_many(
        {"month": month, "branch": branch, "name": name, "word": "", "number": chance.randint(*least_and_most)}
        for month in months[:-1]
        for branch in Branch.select().order_by(Branch.position)
        for name, least_and_most in ENTERED.items()
    ).execute()
    YearFigure.insert_many(
        {"year": first.year + later, "name": name, "number": number}
        for later in (0, 1)
        for name, number in OF_YEARS.items()
        if not later or name not in AT_ITS_END
    ).execute()


def _facts(chance: random.Random, first: date, today: date) -> Iterator[dict[str, Any]]:
    """Yield the facts of loans and holds: of each visit one to three loans, of every third a hold."""
    people = list(Patron.select().order_by(Patron.id))
    known = Title.select().where(Title.ndc != "").order_by(Title.id)
    titles = [each for each in known if each.material_type != "雑誌" or each.id % SOME_ISSUES == 0]
    kinds = dict(tuples(Item.select(Item.title, Item.material_type).order_by(Item.id)))
    children = [title for title in titles if title.audience == "児童"]
    used: dict[int, set[int]] = {}
    for number, branch in enumerate(Branch.select().order_by(Branch.position)):
        calendar = OpenDays().calendars[branch.id]
        for day in (first + timedelta(days=n) for n in range((today - first).days)):
            if not calendar.is_open(day):
                continue
            visits = VISITS[min(number, len(VISITS) - 1)] * (AT_WEEKENDS if day.weekday() > 4 else 1)
            for patron in chance.sample(people, min(len(people), chance.randint(0, visits))):
                seen = used.setdefault(dates.fiscal_year(day)[0].year, set())
                mine = children if patron.category == "児童" else titles
                for n, title in enumerate(chance.sample(mine, chance.randint(1, 3))):
                    about = use_facts.about(patron, title, title.material_type or kinds.get(title.id, ""), day)
                    place = {"day": str(day), "hour": chance.randint(9, 17), "branch_id": branch.id, "channel": "desk"}
                    flags = {"opens_visit": n == 0, "first_in_year": patron.id not in seen}
                    seen.add(patron.id)
                    yield _row(chance, "loan", about | place | flags)
                    if n == 0 and chance.random() < 1 / 3:
                        yield _row(
                            chance,
                            "hold",
                            about | place | {"channel": "site", "opens_visit": None, "first_in_year": None},
                        )


def _asked(chance: random.Random, first: date) -> Iterator[dict[str, Any]]:
    """Yield the facts of the requests that people have made."""
    for made in PatronRequest.select(PatronRequest, Patron).join(Patron).order_by(PatronRequest.id):
        day = max(first, clock.day_of(made.asked_at))
        about = use_facts.about(made.patron, Title(audience="", ndc=""), "", day)
        place = {"day": str(day), "hour": 18, "branch_id": made.pickup_branch_id, "channel": "site"}
        yield _row(chance, "request", about | place | {"opens_visit": None})


def _row(chance: random.Random, act: str, columns: dict[str, Any]) -> dict[str, Any]:
    given = {"id": chance.randrange(use_facts.NUMBERS), "act": act, "borrowed": False, "first_in_year": None}
    return given | columns
