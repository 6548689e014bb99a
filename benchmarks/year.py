"""A year of a town, lent through the product's own acts, and its figures counted once more by somebody who didn't see
the product's counting.

    .venv/bin/python benchmarks/year.py [--small] [--patrons 20000] [--titles 60000] [--copies 120000] [--loans 250000]
                                        [--folder FOLDER] [--compare FOLDER]

From some days before 1 April 2025 to some days after 31 March 2026 people of three branches borrow, renew, reserve, and
take it back; the desk registers, changes and closes cards, adds copies and withdraws them, writes down what it lent
while the server was off, and at night the jobs run. Rows of titles, copies and patrons are inserted; every act is the
function that a page calls. The simulator keeps a diary of its own (``diary.sqlite3``), which the product never reads:
it decides what a pupil, a visit or an open day is. ``year_count.sql`` counts the diary; then each figure stands beside
the product's. ``--compare`` counts a folder of an earlier run again.
"""

import argparse
import random
import sqlite3
import sys
import tempfile
import time as machine
from collections import Counter, defaultdict
from datetime import date, datetime
from pathlib import Path

import _server
from _year_acts import Year
from _year_town import DAY, LAST, SMALL, STAFF, WHOLE, YEAR, Diary, Town

from library import clock
from library.account import account_closing
from library.counting.figures import counts, surveys
from library.lending import returns, withdrawals
from library.merging import titles
from library.store import database
from models import (
    Branch,
    Item,
    JobRun,
    Loan,
    Patron,
    database as connection,
)
from settings import config

# -- side by side ------------------------------------------------------------------------------------------------------
WORDS = "day, hour, branch, channel, category, is_group, stage, age_group, residence, material, audience, ndc".split(
    ", "
)


def facts_beside(diary):
    """Yield (figure, ours, independent) for every act with all that is frozen with it, and for the two flags."""
    columns = "strftime('%Y-%m-%d', day), hour, branch_id, channel, category, is_group, stage, age_group, residence, "
    columns += "material_type, audience, substr(ndc, 1, 1)"
    mine = "day, hour, branch, channel, category, is_group, stage, age_group, residence, material, audience, substr(ndc, 1, 1)"
    for act in ("loan", "renewal", "hold"):
        ours = Counter(
            tuple(row) for row in connection.execute_sql(f"SELECT {columns} FROM use_fact WHERE act = '{act}'")
        )
        theirs = Counter(tuple(row) for row in diary.execute(f"SELECT {mine} FROM act WHERE act = '{act}'"))
        yield f"{act}: all", sum(ours.values()), sum(theirs.values())
        for place, word in enumerate(WORDS):
            yield f"{act}: {word}", *(_by(counted, place) for counted in (ours, theirs))
        yield f"{act}: all words together", ours, theirs
    flag = "SELECT strftime('%Y-%m-%d', day), branch_id, count(*) FROM use_fact WHERE opens_visit GROUP BY 1, 2"
    ours = {(day, branch): number for day, branch, number in connection.execute_sql(flag)}
    visits = "SELECT day, branch, count(DISTINCT number) + (SELECT count(*) FROM hidden_visit AS hidden "
    visits += "WHERE (hidden.day, hidden.branch) = (act.day, act.branch)) FROM act WHERE act = 'loan' GROUP BY 1, 2"
    yield "opens_visit", ours, {(day, branch): number for day, branch, number in diary.execute(visits)}
    year = "CAST(strftime('%Y', day) AS INTEGER) - (strftime('%m', day) < '04')"
    ours = dict(
        connection.execute_sql(f"SELECT {year}, count(*) FROM use_fact WHERE first_in_year GROUP BY 1").fetchall()
    )
    yield (
        "first_in_year",
        ours,
        dict(diary.execute(f"SELECT {year}, count(DISTINCT number) FROM act WHERE act = 'loan' GROUP BY 1")),
    )


# the product's figure, by what it is grouped, and the same of ``year_count.sql``: column to group by, name, condition
BOOKS = "part NOT LIKE '雑誌%' AND part NOT LIKE 'CD%' AND part NOT LIKE 'DVD%'"
NEWS, SOUND = "part LIKE '雑誌%'", "(part LIKE 'CD%' OR part LIKE 'DVD%')"
BOOKS_IN = "part NOT LIKE '% 雑誌 %' AND part NOT LIKE '% CD %' AND part NOT LIKE '% DVD %'"
YEARS_END = "month = '2026-03'"
FLOWS = (
    ("loans", "個人貸出", "TRUE"), ("loans_child", "個人貸出 小学生", "TRUE"), ("loans_juvenile", "個人貸出 児童書", "TRUE"),
    ("group_loans", "団体貸出", "TRUE"), ("borrowers", "帯出者数", "TRUE"), ("borrowers_child", "帯出者数 小学生", "TRUE"),
    ("holds", "予約件数", "TRUE"), ("renewals", "延長", "TRUE"), ("book_loans", "貸出 図書 分類", "TRUE"),
    ("received", "受入", BOOKS_IN), ("received_juvenile", "受入", f"{BOOKS_IN} AND part LIKE '%児童'"),
    ("withdrawn", "除籍", BOOKS_IN), ("new_cards", "新規登録", "part = '0'"), ("days_open", "開館日数", "TRUE"),
)  # fmt: skip
STATES = (
    ("books", "蔵書", BOOKS), ("books_juvenile", "蔵書", f"{BOOKS} AND part LIKE '%児童'"), ("magazines", "蔵書", NEWS),
    ("audiovisual", "蔵書", SOUND), ("cards", "登録者", "TRUE"), ("cards_child", "登録者 小学生", "TRUE"),
    ("cards_outside", "登録者 市外", "TRUE"), ("groups", "登録団体", "TRUE"),
)  # fmt: skip
PARTS = (
    ("loans", "class", "個人貸出 分類"), ("loans", "stage", "個人貸出 学校段階"), ("loans", "age_group", "個人貸出 年齢"),
    ("loans", "residence", "個人貸出 居住"), ("loans", "category", "個人貸出 区分"), ("loans", "material_type", "個人貸出 資料"),
    ("group_loans", "material_type", "団体貸出 資料"), ("holds", "channel", "予約件数 経路"), ("loans", "day", "個人貸出 日"),
    ("book_loans", "class", "貸出 図書 分類"), ("received", "class", "受入 分類"), ("books", "class", "年度末蔵書 分類"),
)  # fmt: skip


def figures_beside(diary):
    """Yield (figure, ours, independent) for the figures of the year: by branch, month and part, and of each branch."""
    for name, mine, condition in (*FLOWS, *((name, mine, condition) for name, mine, condition in STATES)):
        at_end = YEARS_END if any(name == each for each, *_ in STATES) else "TRUE"
        for by in ("branch", "month"):
            is_of_end = by == "branch"
            yield (
                f"{name} by {by}",
                ours(name, by),
                theirs(diary, by, mine, f"{condition} AND {at_end if is_of_end else 'TRUE'}"),
            )
        for branch in (1, 2, 3):
            ours_there = ours(name, "month", branch=branch)
            yield (
                f"{name} by month, branch {branch}",
                ours_there,
                theirs(diary, "month", mine, f"{condition} AND branch = {branch}"),
            )
    for name, by, mine in PARTS:
        yield f"{name} by {by}", ours(name, by), theirs(diary, "part", mine, "TRUE")
    yield "users", total("users"), diary.execute("SELECT number FROM figure WHERE name = '実利用者'").fetchone()[0]
    yield (
        "cards on 1 October",
        total("cards", last=date(2025, 9, 30)),
        sum(theirs(diary, "branch", "登録者 10月1日", "part = '個人'").values()),
    )
    yield (
        "pupils on 1 October",
        total("cards_child", last=date(2025, 9, 30)),
        sum(theirs(diary, "branch", "登録者 10月1日", "part = '小学生'").values()),
    )
    for word in ("購入", "寄贈"):
        found = ours("received", "how").get(word, 0)
        yield (
            f"received: {word}",
            found,
            sum(theirs(diary, "part", "受入", f"{BOOKS_IN} AND part LIKE '{word} %'").values()),
        )
    whys = theirs(diary, "part", "除籍", BOOKS_IN)
    yield (
        "withdrawn by reason",
        ours("withdrawn", "reason"),
        sums((part.split(" ")[0], number) for part, number in whys.items()),
    )
    yield from sheets_beside(diary)
    lent, held = theirs(diary, "part", "貸出 図書 分類", "TRUE"), theirs(diary, "part", "年度末蔵書 分類", "TRUE")
    turns = {part: round(lent.get(part, 0) / number, 2) for part, number in held.items()}
    yield "turnover by class", {part: round(number, 2) for part, number in ours("turnover", "class").items()}, turns


def sheets_beside(diary):
    """Yield the lines of the two sheets beside the count: flows of the 年度, and states of 1 April after it."""
    mine = {name: (figure, condition, "TRUE") for name, figure, condition in FLOWS}
    mine |= {name: (figure, condition, YEARS_END) for name, figure, condition in STATES}
    main = Branch.get_by_id(1)
    for name, day in (("jla", date(2026, 4, 2)), ("shakyo", date(2026, 10, 2))):
        for branch in (None, 1, 2, 3):
            parts = surveys.fill(surveys.SURVEYS[name], 2026, branch, main=main, today=day)
            for line in (line for _, lines in parts for line in lines if line.figure in mine):
                figure, condition, at_end = mine[line.figure]
                if at_end == YEARS_END and name == "shakyo":  # of 1 October, which isn't simulated
                    continue
                only = branch or (1 if line.figure == "days_open" else None)
                there = f"branch = {only}" if only else "TRUE"
                counted = theirs(diary, "branch", figure, f"{condition} AND {at_end} AND {there}")
                yield f"sheet {name}, branch {branch or '-'}: {line.label}", line.number, sum(counted.values())


def ours(name, by, **chosen):
    counted = counts.count(name, *YEAR, by=by, today=clock.today(), **chosen)
    return sums(
        (str(part)[:7] if by == "month" else str(part) if by != "branch" else part, number)
        for part, number in counted.rows
    )


def total(name, first=YEAR[0], last=YEAR[1]):
    return counts.count(name, first, last, today=clock.today()).total


def theirs(diary, column, name, condition):
    rows = diary.execute(f"SELECT {column}, sum(number) FROM figure WHERE name = ? AND {condition} GROUP BY 1", (name,))
    return sums(rows)


def sums(rows):
    found = Counter()
    for part, number in rows:
        found[part] += number or 0
    return +found


def _by(counted, place):
    found = Counter()
    for row, number in counted.items():
        found[row[place]] += number
    return found


def shown(value):
    return str(value) if isinstance(value, int) else f"{sum(value.values())} in {len(value)}"


def difference(ours, theirs):
    if isinstance(ours, int):
        return ours - theirs
    keys = [key for key in {*ours, *theirs} if ours.get(key, 0) != theirs.get(key, 0)]
    return [(key, ours.get(key, 0), theirs.get(key, 0)) for key in sorted(keys, key=str)]


def both(diary):
    """Yield (figure, ours, independent) for all figures, after counting the diary."""
    diary.executescript((_server.ROOT / "benchmarks" / "year_count.sql").read_text(encoding="utf-8"))
    yield from facts_beside(diary)
    yield from figures_beside(diary)


def compare(diary):
    """Print figure, ours, independent, equal; return the figures that differ."""
    differing = []
    for name, ours, theirs in both(diary):
        differs = difference(ours, theirs)
        print(f"{name:40} {shown(ours):>20} {shown(theirs):>20}  {'no: ' + str(differs)[:300] if differs else 'yes'}")
        if differs:
            differing.append(name)
    return differing


def upheaval(year):
    """Do all that must change no figure of the year: all copies come back, loans are unlinked, titles are merged, copies are
    withdrawn, cards closed, patrons erased three years later, and facts lose their hours and days.
    """
    day = LAST + DAY
    now = year.at(day, 600)
    for loan in list(Loan.select().where(Loan.returned_on.is_null())):
        returns.give_back(loan.item, at=year.branch[1], now=now)
    year.night(day + DAY)
    for item in list(Item.select().where(Item.state == "available").limit(50)):
        with year.if_allowed():
            withdrawals.withdraw({item.id: "内容が古い"}, day, despite=[item.id], by=STAFF, now=now)
    for patron in list(Patron.select().where(Patron.state != "closed")):
        with year.if_allowed():
            account_closing.close(patron, by=STAFF, now=now)
    alike = defaultdict(list)  # a merged record takes class and audience of the one that is kept, also in its 受入
    for number, (kind, audience, ndc) in year.town.records.items():
        alike[kind, audience, ndc[:1]].append(number)
    for first, second, *_ in [numbers for numbers in alike.values() if len(numbers) > 1][:5]:
        titles.merge(first, second, seen=titles.plan(first, second).seen, by=STAFF, now=now)
    erased = Patron.select().count()
    for later in (date(2027, 6, 1), date(2029, 6, 1), date(2030, 6, 1)):
        year.night(later)
    return erased - Patron.select().count()


def every_figure():
    """Return (figure, by, branch) → its rows in the year, for all that are compared."""
    wanted = [
        (name, by, branch) for name, *_ in (*FLOWS, *STATES) for by in ("branch", "month") for branch in (None, 1, 2, 3)
    ]
    wanted += [(name, by, None) for name, by, _ in PARTS if by != "day"] + [
        ("users", "branch", None),
        ("turnover", "class", None),
    ]
    return {each: ours(each[0], each[1], branch=each[2]) for each in wanted}


def build(folder, sizes, progress=None, *, seed="year", rhythm=1):
    """Make the town, let its year pass, and return that. ``rhythm``: nights from one with jobs to the next."""
    settings = config.load(INSTANCE=str(folder))
    database.make_private(database.file_of(settings["DATABASE_URL"]))
    opened = database.open_database(settings["DATABASE_URL"])
    opened.connect(reuse_if_open=True)
    database.migrate()
    opened.execute_sql("PRAGMA synchronous = OFF")
    clock.set_source(lambda: clock_at_first())
    town = Town(sizes, Diary(folder / "diary.sqlite3"), random.Random(seed))
    year = Year(town, settings, rhythm)
    year.run(progress)
    return year


def clock_at_first():
    return datetime(2025, 3, 27, 0, 0, tzinfo=clock._zone)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--small", action="store_true")
    for name in WHOLE:
        options.add_argument(f"--{name}", type=int)
    options.add_argument("--seed", default="year")
    options.add_argument("--folder", type=Path, help="an empty one, which is kept")
    options.add_argument("--compare", type=Path, help="the folder of an earlier run")
    chosen = options.parse_args()
    sizes = {name: getattr(chosen, name) or number for name, number in (SMALL if chosen.small else WHOLE).items()}
    if chosen.compare:
        settings = config.load(INSTANCE=str(chosen.compare))
        database.open_database(settings["DATABASE_URL"]).connect(reuse_if_open=True)
        return 1 if compare(sqlite3.connect(chosen.compare / "diary.sqlite3")) else 0
    with tempfile.TemporaryDirectory() as there:
        folder = chosen.folder or Path(there)
        folder.mkdir(exist_ok=True)
        begun = machine.monotonic()
        year = build(folder, sizes, lambda day: print(day, file=sys.stderr) if day.day == 1 else None, seed=chosen.seed)
        print(f"{machine.monotonic() - begun:.0f} s; refused: {dict(year.refused)}")
        failed = {row.name: row.last_error for row in JobRun.select().where(JobRun.last_error != "")}
        print(f"failed jobs: {failed or 'none'}")
        return 1 if compare(year.diary.rows) or failed else 0


if __name__ == "__main__":
    sys.exit(main())
