"""Loans around today, queues for popular titles, and the history of patrons who keep it."""

import random
from collections.abc import Collection
from datetime import date, timedelta
from itertools import cycle

from library import clock, policy
from library.calendar import opening
from library.demonstration import patrons
from library.lending import loans
from library.lending.holds import copy_places
from models import Branch, HistoryEntry, Hold, Item, Loan, Patron, Title

LOAN_DAYS = 14
LENT_BEFORE = 8  # times, at most
FIRST_SIGN_IN_READS = ("三四郎", "走れメロス")
WANTED = (
    "こころ", "銀河鉄道の夜", "怪人二十面相", "遠野物語", "人間失格", "家庭料理の話",
    "茶の本", "羅生門", "注文の多い料理店", "善の研究", "若草物語", "智恵子抄",
)  # fmt: skip
# (patron, days since lent) of the cards that are named to visitors
VISITS_OF_NAMED = (
    (patrons.READER, (13, 12, 5, 2)),
    (patrons.SUSPENDED, (9, 9)),
    (patrons.EXPIRED, (12,)),
    (patrons.OVERDUE, (27, 27, 27)),
    (patrons.UNREACHABLE, (12, 3)),
)
# days since lent: overdue ones, then due today and tomorrow, then further off
VISITS = (34, 27, 41, 14, 14, 13, 13, 13, 13, 13, 12, 12, 11, 10, 9, 8, 7, 7, 6, 5, 5, 4, 3, 3, 2, 2, 1, 1)
LATE = LOAN_DAYS + 10  # days after which a loan is overdue, whatever days the branch was closed on
READ_BY_READER = 128
RATED_EVERY = 3
RATINGS = (4, 5, 3, 4, 2, 5)
MEMOS = (
    "電車の中で一気に読んだ。終わりの一文を忘れないように。",
    "子どもに読み聞かせ。二度目もよく笑った。",
    "図が分かりやすい。次は続きを。",
    "読書会で勧められた。少しむずかしかったので、いつかもう一度。",
    "母に貸したら、母の方が夢中になった。",
)
DAYS_SINCE_WANTED_WERE_LENT = 6, 12  # the first in the queue came the day after
QUEUES = (5, 4, 4, 3, 3, 2, 2, 1, 1, 1, 1, 1)
ON_THE_WAY = ("ready", "ready", "ready", "ready", "ready", "preparing", "preparing", "in_transit")
SETTLED = 60  # days since a title that somebody reserved or read was acquired
REASONS = {"collected": "", "cancelled": "patron", "expired": "deadline"}
OVER = ("collected", "collected", "collected", "cancelled", "cancelled", "expired")


def write(*, today: date) -> None:
    chance = random.Random("lending")  # noqa: S311 (the same library every time)
    people = list(Patron.select().order_by(Patron.card_number))
    desk = Desk(today, chance)
    tomorrow = desk.today + timedelta(days=1)
    for title in FIRST_SIGN_IN_READS:  # due tomorrow by date, even if the branch is closed then
        item = min(desk.copies((title,)), key=lambda copy: copy.branch.position)
        desk.lend(people[patrons.FIRST_SIGN_IN], item, tomorrow - timedelta(days=LOAN_DAYS), tomorrow)
    for position, visits in VISITS_OF_NAMED:
        branch = desk.chance.choice(desk.branches[:6])
        for days_ago in visits:
            desk.lend_any(people[position], branch, desk.open_day(branch, days_ago))
    _lend_to_others(desk, people)
    Loan.insert_many(desk.loans).execute()
    Loan.insert_many(_lent_before(desk, people)).execute()
    Hold.insert_many(_holds(desk, people)).execute()
    HistoryEntry.insert_many(_history(desk, people)).execute()


class Desk:
    """Lends copies that were in on past days, for the time that the rules give."""

    def __init__(self, today: date, chance: random.Random) -> None:
        self.today, self.chance = today, chance
        self.loans = []
        self.titles_of = {}  # patron id → ids of the titles that the patron has
        self.branches = list(Branch.select().order_by(Branch.position))
        items = Item.select(Item, Title, Branch).join(Title).switch(Item).join(Branch)
        self._items = list(items.order_by(Item.barcode))
        chance.shuffle(self._items)

    def copies(self, wanted: Collection[str]) -> list:
        """Return copies that are in, of titles by these names."""
        return [item for item in self._items if item.title.title in wanted]

    def settled(self) -> list:
        """Return one copy each of the titles that have been here for long and are in."""
        since = self.today - timedelta(days=SETTLED)
        return list(
            {item.title_id: item for item in self._items if item.acquired_on and item.acquired_on < since}.values()
        )

    def suits(self, patron: Patron, title: Title) -> bool:
        """Tell if a title is not on loan to this patron, and for a child a title for children."""
        if patron.category == "児童" and title.audience != "児童":
            return False
        return title.id not in self.titles_of.get(patron.id, ())

    def lend(self, patron: Patron, item: Item, lent_on: date, due_on: date | None = None) -> None:
        due_on = due_on or opening.next_open_day(item.branch, lent_on + timedelta(days=LOAN_DAYS))
        self.loans.append(_loan(item, patron, lent_on, due_on))
        self.titles_of.setdefault(patron.id, set()).add(item.title_id)
        self._items.remove(item)

    def lend_any(self, patron: Patron, branch: Branch, lent_on: date) -> None:
        """Lend a copy of this branch that was there by then, of a title that nobody waits for."""
        for item in self._items:
            wanted = item.title.title in WANTED + FIRST_SIGN_IN_READS
            there = item.branch_id == branch.id and item.acquired_on and item.acquired_on < lent_on
            if there and not wanted and self.suits(patron, item.title):
                self.lend(patron, item, lent_on)
                return

    def open_day(self, branch: Branch, days_ago: int) -> date:
        """Return an open day about so long ago: before it for overdue loans, else after it, but never today."""
        day = self.today - timedelta(days=days_ago)
        if days_ago < LATE:
            found = opening.next_open_day(branch, day)
            if found < self.today:
                return found
        return last_open_day(branch, min(day, self.today - timedelta(days=1)))


def _loan(item: Item, patron: Patron, lent_on: date, due_on: date) -> dict:
    loan = {"item": item, "patron": patron, "branch": item.branch, "lent_on": lent_on, "due_on": due_on}
    return loan | {"category": patron.category, "age_group": loans.age_group(patron.birth_date, today=lent_on)}


def _lent_before(desk: Desk, people: list[Patron]) -> list[dict]:
    """Return earlier loans of the copies that are out, one after the other, cut from their patrons."""
    chance = random.Random("lent before")  # noqa: S311 (the same library every time)
    loans_before = []
    for current in desk.loans:
        item, day = current["item"], current["lent_on"]
        for _ in range(chance.randint(0, LENT_BEFORE)):
            day = last_open_day(item.branch, day - timedelta(days=chance.randint(20, 40)))
            if day <= item.acquired_on:
                break
            reader = chance.choice(
                [patron for patron in people if item.title.audience == "児童" or patron.category != "児童"]
            )
            due_on = day + timedelta(days=LOAN_DAYS)
            back = {"patron": None, "returned_on": last_open_day(item.branch, due_on)}
            loans_before.append(_loan(item, reader, day, due_on) | back)
    return loans_before


def last_open_day(branch: Branch, day: date) -> date:
    """Return the day itself when the branch was open, else the last open day before it."""
    while not opening.is_open(branch, day):
        day -= timedelta(days=1)
    return day


def _lend_to_others(desk: Desk, people: list[Patron]) -> None:
    """Lend all copies of popular titles, then one visit of each of the others."""
    readers = people[len(patrons.NAMED) :]
    desk.chance.shuffle(readers)
    late = sum(days_ago > LATE for days_ago in VISITS)
    grown = [patron for patron in readers[late:] if patron.category != "児童"]
    for patron, item in zip(cycle(grown), desk.copies(WANTED), strict=False):
        desk.lend(patron, item, desk.open_day(item.branch, desk.chance.randint(*DAYS_SINCE_WANTED_WERE_LENT)))
    for patron, days_ago in zip(readers, VISITS, strict=False):
        branch = desk.chance.choice(desk.branches)
        for _ in range(desk.chance.randint(1, 5)):
            desk.lend_any(patron, branch, desk.open_day(branch, days_ago))


def _holds(desk: Desk, people: list[Patron]) -> list[dict]:
    """Return queues for titles that are out, holds with copies on the way, and ended ones; none of a title on loan to the patron."""
    late = {loan["patron"].id for loan in desk.loans if loan["due_on"] < desk.today}
    away = (patrons.FIRST_SIGN_IN, patrons.SUSPENDED, patrons.EXPIRED)
    able = [patron for number, patron in enumerate(people) if number not in away and patron.id not in late]
    return _queues(desk, able, people[patrons.READER]) + _others(desk, able, people[patrons.READER])


def _queues(desk: Desk, able: list[Patron], reader: Patron) -> list[dict]:
    holds = []
    for number, (name, length) in enumerate(zip(WANTED, QUEUES, strict=True)):
        title = Title.get(Title.title == name)
        waiting = desk.chance.sample([patron for patron in able if desk.suits(patron, title)], length)
        if number < 2 and reader not in waiting and desk.suits(reader, title):
            waiting[-1] = reader
        holds += [_hold(desk, patron, title, "waiting", length - position) for position, patron in enumerate(waiting)]
    return holds


def _others(desk: Desk, able: list[Patron], reader: Patron) -> list[dict]:
    holds = []
    copies = desk.chance.sample(desk.settled(), len(ON_THE_WAY + OVER))
    for number, (item, state) in enumerate(zip(copies, ON_THE_WAY + OVER, strict=True)):
        patron = desk.chance.choice([patron for patron in able if desk.suits(patron, item.title)])
        if number in (0, len(copies) - 1) and desk.suits(reader, item.title):
            patron = reader
        hold = _hold(desk, patron, item.title, state, desk.chance.randint(5, 25))
        holds.append(hold | (_over(hold) if state in OVER else _with_copy(desk, hold, item)))
    return holds


def _over(hold: dict) -> dict:
    return {"ended_at": hold["placed_at"] + timedelta(days=3), "reason": REASONS[hold["state"]]}


def _with_copy(desk: Desk, hold: dict, item: Item) -> dict:
    """Return the columns of a copy on the shelf of the pickup branch, on its way there, or still to be fetched."""
    pickup = next(branch for branch in desk.branches if branch.id == hold["pickup_branch"])
    if hold["state"] == "in_transit":
        elsewhere = next(branch for branch in desk.branches if branch != pickup)
        copy_places.put(item, at_branch=elsewhere if item.branch == pickup else item.branch, going_to=pickup)
    if hold["state"] != "ready":
        return {"item": item}
    copy_places.put(item, at_branch=pickup, aside=True)
    since = last_open_day(pickup, desk.today - timedelta(days=desk.chance.randint(1, 3)))
    columns = {"item": item, "on_shelf_on": since}
    if hold["contact_method"] != "phone":  # nobody has been called yet
        last = opening.calendar_of(pickup).after_open_days(since, policy.get("shelf_days"))
        columns |= {"told_on": since, "pickup_by": last}
    return columns


def _hold(desk: Desk, patron: Patron, title: Title, state: str, days_ago: int) -> dict:
    moment = clock.at(desk.today - timedelta(days=days_ago), desk.chance.randint(8, 22), desk.chance.randint(0, 59))
    return {
        "patron": patron,
        "title": title,
        "pickup_branch": patron.pickup_branch_id,
        "contact_method": patron.contact_method,
        "state": state,
        "placed_at": moment,
        **dict.fromkeys(("item", "on_shelf_on", "told_on", "pickup_by", "ended_at")),
        "reason": "",
    }


def _history(desk: Desk, people: list[Patron]) -> list[dict]:
    """Return the history of patrons who keep it, the oldest first, with their present loans."""
    entries = []
    for patron in people:
        if patron.keep_history:
            out = [_entry(patron, loan["item"], loan["lent_on"]) for loan in desk.loans if loan["patron"] == patron]
            is_reader = patron == people[patrons.READER]
            read = _read_before(desk, patron, (READ_BY_READER if is_reader else desk.chance.randint(10, 40)) - len(out))
            if is_reader:
                _note(sorted(read, key=lambda entry: entry["lent_on"], reverse=True))
            entries += out + read
    return sorted(entries, key=lambda entry: entry["lent_on"])


def _read_before(desk: Desk, patron: Patron, count: int) -> list[dict]:
    """Return entries for ``count`` titles, lent together on some days since both the patron and the title came."""
    entries = []
    for item in desk.chance.sample(desk.settled(), count):
        since = max(day for day in (item.acquired_on, patron.registered_on) if day)
        longest = (desk.today - since).days - 12  # closed days may move it back
        days_ago = desk.chance.randint(30, longest) // 7 * 7
        entries.append(_entry(patron, item, last_open_day(item.branch, desk.today - timedelta(days=days_ago))))
    return entries


def _entry(patron: Patron, item: Item, day: date) -> dict:
    return {
        "patron": patron,
        "title": item.title,
        "title_text": item.title.title,
        "author_text": item.title.author,
        "branch_text": item.branch.name,
        "ndc_text": item.title.ndc,
        "lent_on": day,
        "memo": "",
        "rating": 0,
    }


def _note(entries: list[dict]) -> None:
    """Write the notes of the second card: stars on every third, some memos; and one title that is gone since."""
    for number, entry in enumerate(entries):
        if number % RATED_EVERY == 0:
            entry["rating"] = RATINGS[number // RATED_EVERY % len(RATINGS)]
    for entry, memo in zip(entries[:: RATED_EVERY * 2], MEMOS, strict=False):
        entry["memo"] = memo
    entries[-1] |= {
        "title": None,
        "title_text": "すずかけ駅前の写真帖",
        "author_text": "駅前写真の会",
        "ndc_text": "748",
    }
