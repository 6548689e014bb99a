"""The simulated town of ``year.py`` on its first morning: people, titles, copies, and the simulator's diary."""

import sqlite3
from datetime import date, timedelta

from library import policy
from library.patrons import names
from library.store import database, engine
from models import (
    Branch,
    ClosedDay,
    ClosingRule,
    Item,
    Patron,
    Title,
)

FIRST, LAST = date(2025, 3, 27), date(2026, 4, 6)  # simulated; the 年度 lies within
YEAR = (date(2025, 4, 1), date(2026, 3, 31))
WHOLE = {"patrons": 20_000, "titles": 60_000, "copies": 120_000, "loans": 250_000}
SMALL = {"patrons": 250, "titles": 500, "copies": 1_500, "loans": 1_500}
STAFF = "madoguchi"
BRANCHES = (("1", "中央館", "0"), ("2", "北館", "0"), ("3", "南館", "1"))  # code, name, weekly closed day
SHARES = (60, 25, 15)  # of loans, per cent
NEW_YEAR = "12/29-1/3"
SINGLES = ((1, date(2025, 6, 18), False), (2, date(2025, 11, 4), False), (3, date(2025, 8, 12), True))
DAY = timedelta(days=1)
KINDS = (("図書", 84), ("雑誌", 8), ("CD", 3), ("DVD", 3), ("紙芝居", 2))
HOW = (("購入", 70), ("寄贈", 15), ("移管", 2), ("弁償", 1), ("不明", 2), ("", 10))
WHY = (("汚損・破損", 40), ("内容が古い", 35), ("紛失・不明", 10), ("複本", 8), ("弁償による代替", 3), ("その他", 4))
RESIDENCES = (("living", 84), ("working", 5), ("studying", 3), ("outside", 5), ("", 3))
AT_ONCE = 500


# -- what a pupil is, as the law has it ------------------------------------------------------------------------------
def school_stage(born, day):
    """幼, 小, 中, 高 or 一般 by the school year (1 April) of a day: who was born from 2 April on is a year later."""
    if born is None:
        return ""
    year = day.year if day >= date(day.year, 4, 1) else day.year - 1
    first_school_year = born.year + (6 if born <= date(born.year, 4, 1) else 7)
    attended = year - first_school_year  # 0: first year of primary school
    return next((stage for stage, until in (("幼", 0), ("小", 6), ("中", 9), ("高", 12)) if attended < until), "一般")


def age_group(born, day):
    if born is None:
        return ""
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    tops = (6, 12, 15, 18, 22, 29, 39, 49, 59, 69)
    lows = (0, *(top + 1 for top in tops))
    return next((f"{low}-{top}" for low, top in zip(lows, tops, strict=False) if age <= top), "70-")


# -- the diary -------------------------------------------------------------------------------------------------------
DIARY = """
CREATE TABLE branch (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE open_day (branch INTEGER, day TEXT);
CREATE TABLE card (number INTEGER, first TEXT, last TEXT);            -- a span in which a card was valid
CREATE TABLE person (number INTEGER, first TEXT, last TEXT, category TEXT, is_group INTEGER, born TEXT,
                     residence TEXT, branch INTEGER, made_on TEXT);     -- what was on file in a span
CREATE TABLE copy (number INTEGER PRIMARY KEY, branch INTEGER, material TEXT, audience TEXT, ndc TEXT, received TEXT,
                   how TEXT, withdrawn TEXT, why TEXT, is_long_gone INTEGER, entered TEXT, withdrawal_entered TEXT);
CREATE TABLE hidden_visit (day TEXT, branch INTEGER, number INTEGER);  -- see Year.hides_visit
CREATE TABLE night (day TEXT);                                        -- in which the jobs ran
CREATE TABLE act (id INTEGER PRIMARY KEY, act TEXT, day TEXT, hour INTEGER, branch INTEGER, channel TEXT,
                  number INTEGER, category TEXT, is_group INTEGER, stage TEXT, age_group TEXT, residence TEXT,
                  material TEXT, audience TEXT, ndc TEXT);
CREATE TABLE day_of_year (day TEXT PRIMARY KEY);
"""
END = "9999-12-31"


class Diary:
    """The acts of the simulator, in tables of its own."""

    def __init__(self, path):
        self.rows = sqlite3.connect(path)
        self.rows.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + DIARY)
        days = [str(YEAR[0] + n * DAY) for n in range((YEAR[1] - YEAR[0]).days + 1)]
        self.put("day_of_year", [(day,) for day in days])

    def put(self, table, rows):
        rows = list(rows)
        if rows:
            self.rows.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)

    def act(self, act, day, hour, branch, channel, who, what):
        """Write down an act; return its number, by which it is struck out."""
        born, stage = who.born, school_stage(who.born, day)
        values = (
            act, str(day), hour, branch, channel, who.number, who.category, who.is_group, stage,
            age_group(born, day), who.residence, what.material, what.audience, what.ndc,
        )  # fmt: skip
        return self.rows.execute(f"INSERT INTO act VALUES (NULL, {', '.join('?' * 14)})", values).lastrowid

    def strike(self, number):
        self.rows.execute("DELETE FROM act WHERE id = ?", (number,))


# -- people and copies, as the simulator knows them --------------------------------------------------------------------
class Who:
    """Somebody with a card. ``number``: that of the row, which a new card doesn't change."""

    def __init__(self, number, category, born, residence, branch, made_on, until):
        self.number, self.category, self.born, self.residence = number, category, born, residence
        self.branch, self.made_on, self.until = branch, made_on, until
        self.out, self.is_closed, self.ready, self.was_here = {}, False, [], False

    is_group = property(lambda self: self.category == "団体")
    row = property(lambda self: Patron(id=self.number))
    most = property(lambda self: 100 if self.is_group else 10)


class What:
    """A copy. ``own``: the type of the copy itself, else its title's holds."""

    def __init__(self, number, title, branch, own, record):
        self.number, self.title, self.branch = number, title, branch
        kind, self.audience, self.ndc = record
        self.material = own or kind

    row = property(lambda self: Item(id=self.number))


class Pool:
    """Copies on the shelf of a branch, of which any is taken at once."""

    def __init__(self):
        self.list, self.place = [], {}

    def add(self, what):
        if what.number not in self.place:
            self.place[what.number] = len(self.list)
            self.list.append(what)

    def drop(self, what):
        place = self.place.pop(what.number, None)
        if place is not None:
            last = self.list.pop()
            if last is not what:
                self.list[place] = last
                self.place[last.number] = place

    def take(self, chance):
        """Take a copy off; some are wanted far more often than others."""
        what = self.list[int(len(self.list) * chance.random() ** 2)] if self.list else None
        if what:
            self.drop(what)
        return what


def pick(chance, weighted):
    words, weights = zip(*weighted, strict=True)
    return chance.choices(words, weights)[0]


class Town:
    """The rows that are there before the first day."""

    def __init__(self, sizes, diary, chance):
        self.sizes, self.diary, self.chance = sizes, diary, chance
        self.people, self.copies, self.records = {}, {}, {}
        self.pools = {number: Pool() for number in (1, 2, 3)}
        self._rules()
        self._branches()
        self._titles()
        self._copies()
        self._people()

    def _rules(self):
        policy.put("categories", ["一般", "児童", "団体"])
        policy.put("group_categories", ["団体"])
        policy.put("holidays_shift", False)
        policy.put("renewals", 2)
        policy.put_row("団体", "", loan_limit=100, loan_days=30, hold_limit=20)

    def _branches(self):
        for place, (code, name, closed) in enumerate(BRANCHES):
            Branch.create(code=code, name=name, position=place, closed_weekdays=closed)
        ClosingRule.create(branch=None, rule=NEW_YEAR)
        for branch, day, is_open in SINGLES:
            ClosedDay.create(branch=branch, day=day, open=is_open)
        self.diary.put("branch", [(number, name) for number, (_, name, _) in enumerate(BRANCHES, 1)])
        days = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
        self.diary.put("open_day", [(b, str(day)) for b in (1, 2, 3) for day in days if self.is_open(b, day)])

    def is_open(self, branch, day):
        for each, single, is_open in SINGLES:
            if (each, single) == (branch, day):
                return is_open
        new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
        return not new_year and str(day.weekday()) != BRANCHES[branch - 1][2]

    def _titles(self):
        chance, rows = self.chance, []
        for number in range(1, self.sizes["titles"] + 1):
            kind = pick(chance, KINDS)
            audience = (
                "児童" if chance.random() < (0.9 if kind == "紙芝居" else 0.05 if kind == "DVD" else 0.3) else "一般"
            )
            ndc = (
                ""
                if kind in ("CD", "DVD") or chance.random() < 0.03
                else f"{min(999, int(abs(chance.gauss(0.7, 0.3)) * 1000)):03}"
            )
            ndc += chance.choice(("", ".6", ".36")) if ndc else ""
            self.records[number] = (kind, audience, ndc)
            rows.append(
                {"id": number, "title": f"ある本 {number}", "material_type": kind, "audience": audience, "ndc": ndc}
            )
        put_rows(Title, rows)

    def _copies(self):
        chance, rows, written = self.chance, [], []
        for number in range(1, self.sizes["copies"] + 1):
            title = number if number <= self.sizes["titles"] else chance.randint(1, self.sizes["titles"])
            branch = chance.choices((1, 2, 3), SHARES)[0]
            kind = self.records[title][0]
            own = chance.choice((kind, "")) if chance.random() < 0.98 else "CD"
            what = What(number, title, branch, own, self.records[title])
            received = None if chance.random() < 0.02 else date(2000, 1, 1) + chance.randint(0, 9200) * DAY
            how, state = pick(chance, HOW), chance.choices(
                ("available", "missing", "lost", "reference", "repair", "withdrawn"), (930, 15, 10, 20, 5, 20)
            )[0]  # fmt: skip
            gone = date(2020, 1, 1) + chance.randint(0, 1800) * DAY if state == "withdrawn" and number % 3 else None
            if gone and received and received > gone:
                received = gone
            why = pick(chance, WHY) if gone else ""
            rows.append({
                "id": number, "title": title, "barcode": f"{number:010}", "branch": branch, "material_type": own,
                "acquired_on": received, "acquired_how": how, "state": state, "withdrawn_on": gone,
                "withdrawn_reason": why, "former_state": "available" if gone else "",
            })  # fmt: skip
            written.append(self._copy_row(what, received, how, gone, why, state == "withdrawn" and gone is None))
            self.copies[number] = what
            if state == "available":
                self.pools[branch].add(what)
        put_rows(Item, rows)
        self.diary.put("copy", written)

    def _copy_row(self, what, received, how, gone=None, why="", is_long_gone=False, entered=FIRST):
        return (
            what.number, what.branch, what.material, what.audience, what.ndc, received and str(received), how,
            gone and str(gone), why, is_long_gone, str(entered), gone and str(entered),
        )  # fmt: skip

    def _people(self):
        rows = []
        for number in range(1, self.sizes["patrons"] + 1):
            who, closed, columns = self._person(number)
            values = {
                "id": number, "card_number": card(number), "name": f"図書 花子{number}", "category": who.category,
                "birth_date": who.born, "residence": who.residence, "branch": who.branch, "registered_on": who.made_on,
                "expires_on": who.until, "retention_from": who.made_on, "state": "closed" if closed else "active",
                "closed_on": closed, "borrowed_in": 0,
            }  # fmt: skip
            rows.append(names.keys(values) | values | columns)
            self.people[number] = who
            who.is_closed = bool(closed)
            self.on_file(who, date(1, 1, 1))
            if not closed:
                self.valid(who, date(1, 1, 1), who.until)
        put_rows(Patron, rows)

    def _person(self, number):
        chance = self.chance
        category = chance.choices(("一般", "児童", "団体"), (74, 24, 2))[0]
        born = None
        if category == "児童":
            born = self.child_birthday()
        elif category == "一般" and chance.random() > 0.04:
            born = date(1935, 1, 1) + chance.randint(0, 27_500) * DAY
        made_on = None if chance.random() < 0.03 else max(
            date(2016, 1, 1), (born or date(2016, 1, 1)) + 30 * DAY
        ) + chance.randint(0, 900) * DAY  # fmt: skip
        until = None if chance.random() < 0.03 else date(2025, 1, 10) + chance.randint(0, 1800) * DAY
        if made_on and made_on >= FIRST:
            made_on = date(2025, 2, 1)
        closed = date(2022, 1, 5) + chance.randint(0, 1000) * DAY if chance.random() < 0.03 else None
        who = Who(
            number,
            category,
            born,
            pick(chance, RESIDENCES) if category != "団体" else "",
            chance.choices((1, 2, 3), SHARES)[0],
            made_on,
            until,
        )
        return who, closed, {}

    def child_birthday(self):
        """Many are born around the 1st of April, where a school year ends."""
        year = self.chance.randint(2006, 2024)
        if self.chance.random() < 0.2:
            return self.chance.choice((date(year, 3, 31), date(year, 4, 1), date(year, 4, 2)))
        return date(year, 1, 1) + self.chance.randint(0, 364) * DAY

    def on_file(self, who, day):
        """Write down what is on file about somebody from a day on."""
        self.diary.rows.execute(
            "UPDATE person SET last = ? WHERE number = ? AND last = ?",
            (str(day - DAY) if day.year > 1 else "", who.number, END),
        )
        values = (
            who.category,
            who.is_group,
            who.born and str(who.born),
            who.residence,
            who.branch,
            who.made_on and str(who.made_on),
        )
        self.diary.put("person", [(who.number, str(day), END, *values)])

    def valid(self, who, day, until):
        self.diary.put("card", [(who.number, str(day), str(until) if until else END)])

    def no_longer_valid(self, who, day):
        """Closed on a day, a card was valid that morning."""
        self.diary.rows.execute("UPDATE card SET last = min(last, ?) WHERE number = ?", (str(day), who.number))


def put_rows(model, rows):
    with database.writing():
        for first in range(0, len(rows), AT_ONCE):
            model.insert_many(rows[first : first + AT_ONCE]).execute()
    engine.ids_were_given(model._meta.table_name)


def card(number):
    return f"{2_000_000_000 + number:013}"
