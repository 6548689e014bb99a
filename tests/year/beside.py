"""The product's facts, figures and sheets of the simulated year beside the independent count of the diary."""

from collections import Counter
from datetime import date

from library import clock, policy
from library.counting.figures import counts, surveys
from library.counting.figures.definitions import FIGURES
from models import UseFact
from tests.year.town import BRANCHES, FIRST, sql

YEAR = date(2025, 4, 1), date(2026, 3, 31)
STATES = ("books", "books_juvenile", "magazines", "audiovisual", "cards", "cards_child", "cards_outside", "groups")
SHEETS = (("jla", 2026), ("shakyo", 2025), ("shakyo", 2026))  # of 1 October 2025 the states, of 2026 the 年度 before


def both(diary):
    """Yield (figure, ours, independent) of all that is counted, after counting the diary."""
    diary.executescript(sql("count"))
    yield from _facts(diary)
    yield from figures(diary)


def figures(diary, *, by_day=True):
    """Yield the figures by branch, month and part, and the lines of the sheets. ``by_day``: by day, too."""
    for name, word in diary.execute("SELECT DISTINCT name, word FROM figure").fetchall():
        if word == "day" and not by_day:
            continue
        if word and word != "year":
            ours, theirs = ours_by(name, word), theirs_by(diary, name, word, "part")
            yield f"{name} by {word}", _rounded(ours), _rounded(theirs)
        elif not word:
            yield f"{name} by branch", ours_by(name, "branch"), theirs_by(diary, name, word, "branch")
            for branch in (None, *BRANCHES):
                theirs = theirs_by(diary, name, word, "month", branch)
                yield f"{name} by month, {branch or 'all'}", ours_by(name, "month", branch), theirs
    users = counts.count("users", *YEAR, today=clock.today()).total
    yield "users", users, _one(diary, "SELECT number FROM figure WHERE name = 'users'")
    yield from _sheets(diary)


def _facts(diary):
    """Yield each act with every word that is frozen with it, and all words together; then the two flags."""
    words = "day hour branch channel category is_group is_partner is_borrowed stage age_group residence".split()
    words += ["material", "audience", "ndc"]
    columns = [
        getattr(UseFact, {"material": "material_type", "is_borrowed": "borrowed"}.get(word, word)) for word in words
    ]
    rows = UseFact.select(UseFact.act, *columns).tuples()
    ours = Counter((act, str(day), *rest, ndc[:1]) for act, day, *rest, ndc in rows)
    told = [word if word != "is_group" else "is_group OR is_partner" for word in words]  # a fact has both marks
    rows = diary.execute(f"SELECT act, {', '.join(told)} FROM told")
    theirs = Counter((*row[:-1], row[-1][:1]) for row in rows)
    for act in ("loan", "renewal", "hold", "request"):
        mine, its = ({row: n for row, n in each.items() if row[0] == act} for each in (ours, theirs))
        yield f"{act}: all words together", mine, its
        for place, word in enumerate(words, start=1):
            yield f"{act}: {word}", *(_sums((row[place], n) for row, n in each.items()) for each in (mine, its))
    flagged = UseFact.select(UseFact.day, UseFact.branch, UseFact.first_in_year, UseFact.opens_visit).tuples()
    visits = "SELECT day, branch, count(DISTINCT number) FROM act WHERE act = 'loan' GROUP BY 1, 2"
    hidden = diary.execute("SELECT day, branch, 1 FROM hidden_visit").fetchall()
    theirs = _sums(((day, branch), n) for day, branch, n in [*diary.execute(visits), *hidden])
    yield "opens_visit", _sums(((str(day), branch), opens) for day, branch, _, opens in flagged), theirs
    year = "substr(day, 1, 4) - (substr(day, 6, 2) < '04')"
    theirs = diary.execute(f"SELECT {year}, count(DISTINCT number) FROM act WHERE act = 'loan' GROUP BY 1")
    ours = _sums((day.year - (day.month < 4), is_first) for day, _, is_first, _ in flagged)
    yield "first_in_year", ours, _sums(theirs)


def _sheets(diary):
    """Yield the lines of the sheets, of all branches and of each, whose days lie in the year or that are typed."""
    for name, year in SHEETS:
        for branch in (None, *BRANCHES):
            parts = surveys.fill(surveys.SURVEYS[name], year, branch, rules=policy.read(), today=date(year, 12, 1))
            for line in (line for _, lines in parts for line in lines if line.figure):
                figure = line.figure.name
                of_year = FIGURES[figure].year or figure == "registration_rate"
                if not of_year and not (line.first > FIRST and line.last <= YEAR[1]):
                    continue
                where = f"name = ? AND word = '{'year' if of_year else ''}'"
                where += f" AND month = '{str(line.last)[:7]}'" if of_year or figure in STATES else ""
                only = branch or (1 if figure == "days_open" else None)
                where += f" AND branch = {only}" if only else ""
                theirs = _one(diary, f"SELECT sum(number) FROM figure WHERE {where}", figure)
                theirs = theirs if theirs is not None or of_year else 0
                yield f"sheet {name} {year}, {branch or 'all'}: {line.label}", line.number, theirs


def ours_by(name, by, branch=None):
    rows = counts.count(name, *YEAR, by=by, branch=branch, today=clock.today()).rows
    length = {"month": 7, "day": 10}.get(by)
    return _sums((str(part)[:length] if length else part, number) for part, number in rows)


def theirs_by(diary, name, word, column, branch=None):
    where = "AND month = '2026-03'" if name in STATES and column != "month" else ""
    where += f" AND branch = {branch}" if branch else ""
    text = f"SELECT {column}, sum(number) FROM figure WHERE name = ? AND word = ? {where} GROUP BY 1"
    return _sums(diary.execute(text, (name, word)))


def _one(diary, text, *given):
    return diary.execute(text, given).fetchone()[0]


def _sums(rows):
    found = Counter()
    for part, number in rows:
        found[part] += number or 0
    return +found


def _rounded(numbers):
    return {part: round(number, 2) for part, number in numbers.items()}


def differing(compared, *, aloud=False):
    """Return figure → what differs in it; print each figure, ours, and the independent number."""
    found = {}
    for name, *numbers in compared:
        ours, theirs = (each if isinstance(each, dict) else {"": each} for each in numbers)
        parts = sorted((part for part in {*ours, *theirs} if ours.get(part, 0) != theirs.get(part, 0)), key=str)
        if parts:
            found[name] = [(part, ours.get(part, 0), theirs.get(part, 0)) for part in parts]
        if aloud:
            shown = [
                f"{sum(each.values())} in {len(each)}" if len(each) > 1 else str(*each.values())
                for each in (ours, theirs)
            ]
            print(f"{name:50} {shown[0]:>20} {shown[1]:>20}  {f'no: {str(found[name])[:300]}' if parts else 'yes'}")
    return found
