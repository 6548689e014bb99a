"""Magazines and their issues of the last year, from serials.tsv, with loans of older issues and holds on the newest.

``due``: days until the next issue, late if below 0; ``lead``: days from an issue's arrival to the date of its name.
``before``: the issue before the first; ``double``: the place of the 合併号 from the end; ``waiting``: holds on the newest.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from library import clock
from library.catalog import store
from library.catalog.fulltext import index, shelf_order
from library.catalog.records import Record
from library.catalog.series import newest
from library.catalog.works import works
from library.demonstration import holds, rows, titles
from library.demonstration.lending import Desk
from library.serials import naming
from library.serials.intervals import INTERVALS, Interval
from models import Branch, Hold, Issue, Item, Loan, Serial, SerialCopies, Title

LIST = "door/serials.tsv"
TAKEN_BEFORE = 3 * 365  # days before the first issue since which a serial is taken
IRREGULAR, AFTER_AN_ISSUE = 80, 4  # days from one issue to the next, and to a 増刊
SHELF, BUDGET = "雑誌", "雑誌購入費"
LENT, LENT_SINCE = 24, (1, 11)  # loans of older issues, and days since they began
COLUMNS = ("name", "name_kana", "publisher", "interval", "acquired_how")


class Arrival(NamedTuple):
    """An issue that came. ``kind``: as of ``Issue``."""

    name: str
    kind: str
    day: date


def write(desk: Desk) -> None:
    writer, issues, copies, waiting = store.Store(), [], [], {}
    for row in rows.read(LIST):
        arrivals = list(_arrivals(row, desk.today))
        serial = _serial(row, arrivals, desk)
        if not arrivals:
            continue
        made = list(enumerate(arrivals, store.next_id("title")))
        records = [(title, _record(row, arrival)) for title, arrival in made]
        writer.add(records, [""] * len(records), now=clock.at(desk.today))
        ids = [title for title, _ in made]
        key = {"work_key": f"{works.SERIAL}{serial.id}", "work_fixed": True}
        Title.update(key).where(Title.id.in_(ids)).execute()
        Issue.insert_many(
            {"title": title, "serial": serial, "position": position, "name": arrival.name, "kind": arrival.kind}
            for position, (title, arrival) in enumerate(made, 1)
        ).execute()
        copies += [copy for title, arrival in made for copy in _copies(title, arrival, row, serial, desk)]
        issues += ids
        waiting[ids[-1]] = int(row["waiting"])
    Item.insert_many(titles.numbered(copies)).execute()
    shelf_order.write_keys(issues)
    index.copies_changed()
    _lend(desk)
    _reserve(desk, waiting)


def _arrivals(row: dict[str, Any], today: date) -> Iterator[Arrival]:
    """Yield the issues of a serial, oldest first, until the next is due as the row says."""
    code, count = row["interval"], int(row["count"])
    interval = INTERVALS[code] if INTERVALS[code].days else Interval("", IRREGULAR)
    back, days = Interval("", -interval.days, -interval.months), [today + timedelta(days=int(row["due"]))]
    for _ in range(count):
        days.append(back.after(days[-1]))
    names, before = [row["before"]] * bool(row["before"]), today
    for left, day in zip(reversed(range(count)), reversed(days), strict=False):
        if row["double"] and left == int(row["double"]) - 1:  # the issue before was this one, too
            continue
        ahead = day + timedelta(days=int(row["lead"]))
        is_first = left == count - 1
        name = row["first"].format(ahead) if is_first else naming.following(names[0], naming.Last(code, before, names))
        is_double = str(left) == row["double"]
        names, before = [naming.joined(name, naming.Last(code, before)) if is_double else name, *names], day
        yield Arrival(names[0], "double" if is_double else "single", day)
        if row["extra"] and left == 1:
            yield Arrival(row["extra"], "extra", day + timedelta(days=AFTER_AN_ISSUE))


def _serial(row: dict[str, Any], arrivals: list[Arrival], desk: Desk) -> Serial:
    days = [arrival.day for arrival in arrivals] or [desk.today]
    serial = Serial.create(
        **{name: row[name] for name in COLUMNS},
        keep_years=int(row["keep_years"]) if row["keep_years"] else None,
        lends_newest=bool(row["lends_newest"]),
        began_on=days[0] - timedelta(days=TAKEN_BEFORE),
        ended_on=days[-1] if row["ended"] else None,
    )
    SerialCopies.insert_many({"serial": serial, "branch": branch} for branch in _branches(row, desk)).execute()
    return serial


def _branches(row: dict[str, Any], desk: Desk) -> list[Branch]:
    return [branch for branch in desk.branches if branch.name in row["branches"].split()]


def _record(row: dict[str, Any], arrival: Arrival) -> Record:
    texts = {name: row[name] for name in ("publisher", "ndc", "audience")}
    return Record(
        row["name"], title_kana=row["name_kana"], volume=arrival.name, year=arrival.day.year, language="jpn",
        year_text=str(arrival.day.year), material_type=SHELF, accession_date=arrival.day, **texts,
    )  # fmt: skip


def _copies(title: int, arrival: Arrival, row: dict[str, Any], serial: Serial, desk: Desk) -> Iterator[dict[str, Any]]:
    """Yield the copies of an issue at the branches that take it, each since an open day."""
    bought = titles.BOUGHT | {"budget_word": BUDGET, "price": 480 + serial.id * 30}
    for branch in _branches(row, desk):
        yield {
            "title": title, "branch": branch, "shelf": SHELF, "call_number": f"Z {serial.name_kana[0]}",
            "material_type": SHELF, "acquired_on": desk.days.last(branch.id, arrival.day),
            **(bought if serial.acquired_how == "購入" else titles.GIVEN),
        }  # fmt: skip


def _lend(desk: Desk) -> None:
    """Lend some older issues to those who keep no history, which would have them, too."""
    came = Item.select(Item, Title, Branch).join(Title).join(Issue).switch(Item).join(Branch)
    until = desk.today - timedelta(days=newest.KEPT_DAYS + LENT_SINCE[-1])
    older = list(came.where(Item.acquired_on < until).order_by(Item.barcode))
    desk.items += older
    readers, before = [patron for patron in desk.able() if not patron.keep_history], len(desk.loans)
    for item in desk.chance.sample(older, LENT):
        patron = desk.chance.choice([patron for patron in readers if desk.suits(patron, item.title)])
        desk.lend(patron, item, desk.open_day(item.branch, desk.chance.randint(*LENT_SINCE)))
    Loan.insert_many(desk.loans[before:]).execute()


def _reserve(desk: Desk, wanted: dict[int, int]) -> None:
    """Place holds on these titles: id → how many."""
    for title in Title.select().where(Title.id.in_([each for each in wanted if wanted[each]])).order_by(Title.id):
        able = [patron for patron in desk.able() if desk.suits(patron, title)]
        line = enumerate(desk.chance.sample(able, wanted[title.id]), 1)
        Hold.insert_many([holds.hold(desk, patron, title, "waiting", days) for days, patron in line]).execute()
