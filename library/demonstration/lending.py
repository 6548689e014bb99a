"""Loans around today, and earlier loans for rankings and statistics."""

import random
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import cycle

from library.demonstration import patrons
from library.demonstration.branches import OpenDays
from models import Branch, Item, Loan, Patron, Title

LOAN_DAYS = 14
FIRST_SIGN_IN_READS = ("三四郎", "走れメロス")
WANTED = (
    "こころ", "銀河鉄道の夜", "怪人二十面相", "遠野物語", "人間失格", "家庭料理の話",
    "茶の本", "羅生門", "注文の多い料理店", "善の研究", "若草物語", "智恵子抄",
    "魔女見習いの青いかばん", "恐竜とくらべる ずかん", "半七捕物帳", "雪の話", "図書室の七つのうわさ", "細雪",
    "教室で出せる なぞなぞ365", "植物知識", "方丈記", "はたらく車のひみつ", "ドグラ・マグラ", "たすきは空の色",
    "料理の秘訣", "ティラノの ながい いちにち", "二十四の瞳", "学問のすすめ", "日本のやきもの", "星くず通りの魔法道具店",
)  # fmt: skip
# (patron, state, title) of holds of the second card and its family: one in each state, beside the queues
HELD = (
    (patrons.READER, "ready", "武蔵野"),
    (patrons.READER, "in_transit", "雪渡り"),
    (patrons.READER, "preparing", "植物一日一題"),
    (patrons.ELDER, "ready", "月の裏がわ観測隊"),
)
# (patron, days since lent) of the cards shown to visitors
VISITS_OF_NAMED = (
    (patrons.READER, (13, 12, 5, 2)),
    (patrons.SUSPENDED, (9, 9)),
    (patrons.EXPIRED, (12,)),
    (patrons.OVERDUE, (27, 27, 27)),
    (patrons.UNREACHABLE, (12, 3)),
)
# (patron, days since lent, titles) of the children of the second card
VISITS_OF_FAMILY = (
    (patrons.ELDER, 12, ("手袋を買いに", "化石ほりの夏休み")),
    (patrons.ELDER, 4, ("町の鳥ウォッチング",)),
    (patrons.YOUNGER, 7, ("がたごと でんしゃ、うみまで", "むしむし かぞえうた", "きつねの バスていで まってる", "おばけの なつまつり")),
    (patrons.ELDEST, 2, ("放課後、屋上で", "変身", "星座をたどる夜")),
)  # fmt: skip
NAMED = {
    *WANTED,
    *FIRST_SIGN_IN_READS,
    *(title for *_, title in HELD),
    *(one for *_, some in VISITS_OF_FAMILY for one in some),
}
# days since lent: overdue ones, then due today and tomorrow, then further off
VISITS = (34, 27, 41, 14, 14, 13, 13, 13, 13, 13, 12, 12, 11, 10, 9, 8, 7, 7, 6, 5, 5, 4, 3, 3, 2, 2, 1, 1)
LATE = LOAN_DAYS + 10  # days after which a loan is overdue, whatever days the branch was closed on
SETTLED = 60  # days since a title that somebody reserved or read was acquired
DAYS_SINCE_WANTED_WERE_LENT = 6, 12  # the first in the queue came the day after
# numbers of earlier loans of a copy, and days from one to the next; all of a liked title within half a year
MOST_WANTED, LIKED, OTHERS = (10, 12, 14), (3, 4, 5), (0, 0, 0, 1, 2)
BETWEEN = 17, 26
MANY_LIKED = 45  # titles for adults, and as many for children


def write(*, today: date) -> "Desk":
    """Write the loans; return the desk, which knows the borrower of each copy."""
    people = list(Patron.select().order_by(Patron.card_number))
    desk = Desk(today, random.Random("lending"))  # noqa: S311 (the same library every time)
    tomorrow = desk.today + timedelta(days=1)
    for title in FIRST_SIGN_IN_READS:  # due tomorrow by date, even if the branch is closed then
        desk.lend(people[patrons.FIRST_SIGN_IN], desk.copy(title), tomorrow - timedelta(days=LOAN_DAYS), tomorrow)
    for position, visits in VISITS_OF_NAMED:
        branch = desk.chance.choice(desk.branches[:6])
        for days_ago in visits:
            desk.lend_any(people[position], branch, desk.open_day(branch, days_ago))
    for position, days_ago, titles in VISITS_OF_FAMILY:
        for item in map(desk.copy, titles):
            desk.lend(people[position], item, desk.open_day(item.branch, days_ago))
    _lend_to_others(desk, people)
    Loan.insert_many(desk.loans).execute()
    Loan.insert_many(_lent_before(desk, people)).execute()
    return desk


class Desk:
    """Lends available copies on past days, for the days of the rules."""

    def __init__(self, today: date, chance: random.Random) -> None:
        self.today, self.chance = today, chance
        self.loans: list[dict] = []
        self.titles_of: dict[int, set[int]] = {}  # patron id → ids of the titles that the patron has
        self.branches = list(Branch.select().order_by(Branch.position))
        self.days = OpenDays()
        items = Item.select(Item, Title, Branch).join(Title).switch(Item).join(Branch)
        self.items = list(items.order_by(Item.barcode))  # that are in
        chance.shuffle(self.items)

    def copies(self, wanted: Collection[str]) -> list[Item]:
        """Return available copies of the titles with these names."""
        return [item for item in self.items if item.title.title in wanted]

    def copy(self, title: str) -> Item:
        """Return an available copy, at the first branch that has one."""
        return min(self.copies((title,)), key=lambda item: item.branch.position)

    def older_copies(self) -> list[Item]:
        """Return one available copy of each title that came at least SETTLED days ago."""
        since = self.today - timedelta(days=SETTLED)
        return list({item.title_id: item for item in self.items if was_there(item, since)}.values())

    def able(self) -> list[Patron]:
        """Return the patrons who may borrow, by card number, but for the one who never signed in."""
        late = {loan["patron"].id for loan in self.loans if loan["due_on"] < self.today}
        away = [*map(patrons.card_number, (patrons.FIRST_SIGN_IN, patrons.SUSPENDED, patrons.EXPIRED))]
        people = Patron.select().order_by(Patron.card_number)
        return [patron for patron in people if patron.id not in late and patron.card_number not in away]

    def suits(self, patron: Patron, title: Title) -> bool:
        """Tell whether a title is not on loan to this patron, and for children if the patron is a child."""
        if patron.category == "児童" and title.audience != "児童":
            return False
        return title.id not in self.titles_of.get(patron.id, ())

    def lend(self, patron: Patron, item: Item, lent_on: date, due_on: date | None = None) -> None:
        due_on = due_on or self.days.next(item.branch_id, lent_on + timedelta(days=LOAN_DAYS))
        self.loans.append(_loan(item, patron, lent_on, due_on))
        self.titles_of.setdefault(patron.id, set()).add(item.title_id)
        self.items.remove(item)

    def lend_any(self, patron: Patron, branch: Branch, lent_on: date) -> None:
        """Lend a copy of this branch, acquired by that day, of a title without holds."""
        for item in self.items:
            there = item.branch_id == branch.id and was_there(item, lent_on)
            if there and item.title.title not in NAMED and self.suits(patron, item.title):
                self.lend(patron, item, lent_on)
                return

    def open_day(self, branch: Branch, days_ago: int) -> date:
        """Return an open day about ``days_ago``, never today: the one before, or after it if the loan is not overdue
        yet.
        """
        day = self.today - timedelta(days=days_ago)
        if days_ago < LATE:
            found = self.days.next(branch.id, day)
            if found < self.today:
                return found
        return self.days.last(branch.id, min(day, self.today - timedelta(days=1)))


def was_there(item: Item, day: date) -> bool:
    """Tell whether a copy was acquired before a day."""
    return item.acquired_on is not None and item.acquired_on < day


def _loan(item: Item, patron: Patron, lent_on: date, due_on: date) -> dict:
    return {"item": item, "patron": patron, "branch": item.branch, "lent_on": lent_on, "due_on": due_on}


def _lend_to_others(desk: Desk, people: list[Patron]) -> None:
    """Lend all copies of popular titles, then what each of the other patrons took in one visit."""
    known = {*range(len(patrons.NAMED)), *patrons.FAMILY}
    readers = [patron for number, patron in enumerate(people) if number not in known]
    desk.chance.shuffle(readers)
    late = sum(days_ago > LATE for days_ago in VISITS)
    grown = cycle([patron for patron in readers[late:] if patron.category != "児童"])
    for item in desk.copies(WANTED):
        patron = next(patron for patron in grown if desk.suits(patron, item.title))
        desk.lend(patron, item, desk.open_day(item.branch, desk.chance.randint(*DAYS_SINCE_WANTED_WERE_LENT)))
    for patron, days_ago in zip(readers, VISITS, strict=False):
        branch = desk.chance.choice(desk.branches)
        for _ in range(desk.chance.randint(1, 5)):
            desk.lend_any(patron, branch, desk.open_day(branch, days_ago))


def _lent_before(desk: Desk, people: list[Patron]) -> Iterator[dict]:
    """Yield ended loans of all copies, without patrons, backwards from the present loan or from about yesterday."""
    chance = random.Random("lent before")  # noqa: S311 (the same library every time)
    out = [(loan["item"], loan["lent_on"]) for loan in desk.loans]
    copies = out + [(item, desk.today - timedelta(days=chance.randint(1, 12))) for item in desk.items]
    grown = [patron for patron in people if patron.category != "児童"]
    times = _times(copies, chance)
    for item, day in copies:
        for _ in range(chance.choice(times.get(item.title_id, OTHERS))):
            day = desk.days.last(item.branch_id, day - timedelta(days=chance.randint(*BETWEEN)))
            if not was_there(item, day):
                break
            reader = chance.choice(people if item.title.audience == "児童" else grown)
            due_on = day + timedelta(days=LOAN_DAYS)
            back = {"patron": None, "returned_on": desk.days.last(item.branch_id, due_on)}
            yield _loan(item, reader, day, due_on) | back


def _times(copies: Iterable[tuple[Item, date]], chance: random.Random) -> dict[int, tuple[int, ...]]:
    """Return title id → possible numbers of earlier loans of a copy, for popular titles."""
    titles = sorted({item.title_id: item.title for item, _ in copies}.values(), key=lambda title: title.id)
    children = [title for title in titles if title.audience == "児童"]
    liked = chance.sample(children, MANY_LIKED) + chance.sample(titles, MANY_LIKED)
    return {title.id: LIKED for title in liked} | {title.id: MOST_WANTED for title in titles if title.title in WANTED}
