"""The simulated town on its first morning: people, titles, copies, and the simulator's diary."""

import sqlite3
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from library import policy
from library.patrons import names
from library.store import database, engine
from models import Branch, ClosedDay, ClosingRule, Item, Partner, Patron, Title

FIRST, LAST = date(2025, 3, 27), date(2026, 4, 6)  # simulated; the 年度 lies within
TOKYO, DAY, END, AT_ONCE = ZoneInfo("Asia/Tokyo"), timedelta(days=1), "9999-12-31", 500
DOORS = {"requests": 300, "serials": 60, "partner_loans": 45, "sets": 12}
FEW = {"requests": 40, "serials": 8, "partner_loans": 8, "sets": 3}
WHOLE = {"patrons": 20_000, "titles": 60_000, "copies": 120_000, "loans": 250_000, **DOORS}
SMALL = {"patrons": 250, "titles": 500, "copies": 1_500, "loans": 1_500, **FEW}
STAFF = "madoguchi"
POWER_CUT = date(2025, 10, 1)  # the day on which a month ought to be kept
PARTNERS = ("県立図書館", "隣町立図書館", "大学図書館")
BRANCHES = {1: ("中央館", "0"), 2: ("北館", "0"), 3: ("南館", "1")}  # name, weekly closed day
SHARES = {1: 60, 2: 25, 3: 15}  # of loans, per cent
SINGLES = {(1, date(2025, 6, 18)): False, (2, date(2025, 11, 4)): False, (3, date(2025, 8, 12)): True}
KINDS = {"図書": 84, "雑誌": 8, "CD": 3, "DVD": 3, "紙芝居": 2}
HOW = {"購入": 70, "寄贈": 15, "移管": 2, "弁償": 1, "不明": 2, "": 10}
WHY = {"汚損・破損": 40, "内容が古い": 35, "紛失・不明": 10, "複本": 8, "弁償による代替": 3, "その他": 4}
STATES = {"available": 930, "missing": 15, "lost": 10, "reference": 20, "repair": 5, "withdrawn": 20}
RESIDENCES = {"living": 84, "working": 5, "studying": 3, "outside": 5, "": 3}


# -- the diary ---------------------------------------------------------------------------------------------------------
class Diary:
    """The acts of the simulator, in tables of its own."""

    def __init__(self, path):
        self.rows = sqlite3.connect(path)
        self.rows.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + sql("diary"))

    def put(self, table, *rows):
        """Write rows down; return the number of the last."""
        text = f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})"
        for row in rows:
            last = self.rows.execute(text, [str(value) if isinstance(value, date) else value for value in row])
        return last.lastrowid

    def act(self, act, at, branch, channel, who, what):
        """Write down an act; return its number, by which it is struck out."""
        at = at.astimezone(TOKYO)
        person = (who.id, who.category, who.is_group, who.birth_date, who.residence)
        title = (what.material, what.audience, what.ndc)
        more = (what.is_borrowed, who.is_partner)
        return self.put("act", (None, act, at.date(), at.hour, branch, channel, *person, *title, *more))

    def strike(self, number):
        self.rows.execute("DELETE FROM act WHERE id = ?", (number,))


def sql(name):
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")


# -- people and copies, as the simulator knows them --------------------------------------------------------------------
class Who(SimpleNamespace):
    """Somebody with a card, by columns of the row, whose id a new card doesn't change.

    ``out``: id of a loan → copy; ``visits``: (day, branch) → loans; ``ready``: (branch, copy) that is kept for them.
    """

    is_closed = was_here = False
    is_group = property(lambda self: self.category == "団体")
    is_partner = property(lambda self: self.category == "相手館")
    row = property(lambda self: Patron(id=self.id))


class What:
    """A copy. ``own``: the type of the copy itself, else its title's holds."""

    is_borrowed = False

    def __init__(self, number, title, branch, own, record):
        self.number, self.title, self.branch, (kind, self.audience, self.ndc) = number, title, branch, record
        self.material, self.is_in = own or kind, False

    row = property(lambda self: Item(id=self.number))


class Town:
    """The rows that are there before the first day."""

    def __init__(self, sizes, diary, chance):
        self.sizes, self.diary, self.chance = sizes, diary, chance
        self.people, self.copies, self.records = {}, {}, {}
        self.shelves = {number: [] for number in BRANCHES}
        self._rules()
        self._titles()
        self._copies()
        self._people()

    def one_of(self, weighted):
        return self.chance.choices(list(weighted), list(weighted.values()))[0]

    def take(self, branch):
        """Take a copy off the shelf, if one is found there; some are wanted far more often than others."""
        shelf = self.shelves[branch]
        drawn = (shelf[int(len(shelf) * self.chance.random() ** 2)] for _ in range(20))
        what = next((what for what in drawn if what.is_in), None)
        if what:
            what.is_in = False
        return what

    def _rules(self):
        policy.put("categories", ["一般", "児童", "団体", "相手館"])
        policy.put("group_categories", ["団体"])
        policy.put("partner_categories", ["相手館"])
        policy.put("holidays_shift", False)
        policy.put("renewals", 2)
        policy.put_row("団体", "", loan_limit=100, loan_days=30, hold_limit=20)
        policy.put_row("相手館", "", loan_limit=100, loan_days=30)
        for number, (name, closed) in BRANCHES.items():
            Branch.create(code=str(number), name=name, position=number, closed_weekdays=closed)
        ClosingRule.create(branch=None, rule="12/29-1/3")
        for (number, day), is_open in SINGLES.items():
            ClosedDay.create(branch=number, day=day, open=is_open)
        days = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
        self.diary.put("open_day", *((number, day) for number in BRANCHES for day in days if self.is_open(number, day)))

    def is_open(self, branch, day):
        new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
        return SINGLES.get((branch, day), not new_year and str(day.weekday()) != BRANCHES[branch][1])

    def _titles(self):
        chance, rows = self.chance, []
        for number in range(1, self.sizes["titles"] + 1):
            kind = self.one_of(KINDS)
            audience = "児童" if chance.random() < {"紙芝居": 0.9, "DVD": 0.05}.get(kind, 0.3) else "一般"
            ndc = ""
            if kind not in ("CD", "DVD") and chance.random() >= 0.03:
                ndc = f"{min(999, int(abs(chance.gauss(0.7, 0.3)) * 1000)):03}" + chance.choice(("", ".6", ".36"))
            self.records[number] = said = (kind, audience, ndc)
            rows.append((number, f"ある本 {number}", *said))
        put_rows(Title, "id title material_type audience ndc", rows)

    def _copies(self):
        chance, rows = self.chance, []
        for number in range(1, self.sizes["copies"] + 1):
            title = number if number <= self.sizes["titles"] else chance.randint(1, self.sizes["titles"])
            branch = self.one_of(SHARES)
            own = chance.choice((self.records[title][0], "")) if chance.random() < 0.98 else "CD"
            received = None if chance.random() < 0.02 else date(2000, 1, 1) + chance.randint(0, 9200) * DAY
            how, state = self.one_of(HOW), self.one_of(STATES)
            gone = date(2020, 1, 1) + chance.randint(0, 1800) * DAY if state == "withdrawn" and number % 3 else None
            if gone and received and received > gone:
                received = gone
            why = self.one_of(WHY) if gone else ""
            former = "available" if gone else ""
            rows.append((number, title, f"{number:010}", branch, own, received, how, state, gone, why, former))
            is_long_gone = state == "withdrawn" and not gone
            what = self.copy(number, title, branch, own, received, how, FIRST, gone, why, is_long_gone)
            what.is_in = state == "available"
        columns = "id title barcode branch material_type acquired_on acquired_how state withdrawn_on withdrawn_reason"
        put_rows(Item, columns + " former_state", rows)

    def copy(
        self, number, title, branch, own, received, how, entered, gone=None, why="", is_long_gone=False, owner=None
    ):
        """Write a copy down, and return it. ``owner``: of one that is borrowed."""
        self.copies[number] = what = What(number, title, branch, own, self.records[title])
        self.shelves[branch].append(what)
        said = (number, branch, what.material, what.audience, what.ndc, received, how)
        what.is_borrowed = owner is not None
        self.diary.put("copy", (*said, gone, why, is_long_gone, entered, gone and entered, owner))
        return what

    def _people(self):
        chance, rows = self.chance, []
        for number in range(1, self.sizes["patrons"] + 1):
            category, born = self.one_of({"一般": 74, "児童": 24, "団体": 2}), None
            if category == "児童":
                born = self.child_birthday()
            elif category == "一般" and chance.random() > 0.04:
                born = date(1935, 1, 1) + chance.randint(0, 27_500) * DAY
            earliest = max(date(2016, 1, 1), (born or date(2016, 1, 1)) + 30 * DAY)
            made_on = None if chance.random() < 0.03 else earliest + chance.randint(0, 900) * DAY
            if made_on and made_on >= FIRST:
                made_on = date(2025, 2, 1)
            until = None if chance.random() < 0.03 else date(2025, 1, 10) + chance.randint(0, 1800) * DAY
            closed = date(2022, 1, 5) + chance.randint(0, 1000) * DAY if chance.random() < 0.03 else None
            values = {
                "id": number, "name": f"図書 花子{number}", "category": category, "birth_date": born,
                "residence": self.one_of(RESIDENCES) if category != "団体" else "", "branch": self.one_of(SHARES),
                "registered_on": made_on, "expires_on": until,
            }  # fmt: skip
            columns = {"card_number": card(number), "retention_from": made_on, "closed_on": closed, "borrowed_in": 0}
            rows.append(names.keys(values) | values | columns | {"state": "closed" if closed else "active"})
            who = self.person(values, date.min)
            who.is_closed = bool(closed)
            if not closed:
                self.valid(who, date.min)
        put_rows(Patron, "", rows)
        self.partners = [self._partner(len(rows) + n, name) for n, name in enumerate(PARTNERS, start=1)]

    def _partner(self, number, name):
        """Return another library with a card, to which copies are lent."""
        values = {"id": number, "name": name, "category": "相手館", "birth_date": None, "residence": "", "branch": 1}
        values |= {"registered_on": date(2020, 4, 1), "expires_on": None}
        columns = {"card_number": card(number), "retention_from": date(2020, 4, 1), "borrowed_in": 0, "state": "active"}
        Partner.create(name=name)
        put_rows(Patron, "", [names.keys(values) | values | columns])
        who = self.person(values, date.min)
        self.valid(who, date.min)
        return who

    def person(self, values, day):
        """Write down somebody with a card from a day on, and return them."""
        self.people[values["id"]] = who = Who(**values, out={}, ready=[], visits={})
        self.on_file(who, day)
        return who

    def child_birthday(self):
        """Many are born around the 1st of April, where a school year ends."""
        year = self.chance.randint(2006, 2024)
        if self.chance.random() < 0.2:
            return self.chance.choice((date(year, 3, 31), date(year, 4, 1), date(year, 4, 2)))
        return date(year, 1, 1) + self.chance.randint(0, 364) * DAY

    def on_file(self, who, day):
        """Write down what is on file about somebody from a day on."""
        before = "" if day == date.min else str(day - DAY)
        self.diary.rows.execute(f"UPDATE person SET last = ? WHERE number = ? AND last = '{END}'", (before, who.id))
        said = (
            who.category,
            who.is_group,
            who.birth_date,
            who.residence,
            who.branch,
            who.registered_on,
            who.is_partner,
        )
        self.diary.put("person", (who.id, day, END, *said))

    def valid(self, who, day):
        self.diary.put("card", (who.id, day, who.expires_on or END))


def put_rows(model, columns, rows):
    fields = [getattr(model, name) for name in columns.split()] or None
    with database.writing():
        for first in range(0, len(rows), AT_ONCE):
            model.insert_many(rows[first : first + AT_ONCE], fields).execute()
    engine.ids_were_given(model._meta.table_name)


def card(number):
    return f"{2_000_000_000 + number:013}"
