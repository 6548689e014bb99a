"""The reading histories of patrons who keep one."""

from datetime import date, timedelta

from library.demonstration import patrons
from library.demonstration.lending import Desk, was_there
from models import HistoryEntry, Item, Patron

# titles that the second card read in each month back from today, present loans included, the e-book not
BY_MONTH = (8, 12, 14, 13, 17, 11, 6, 8, 10, 12, 7, 9)
MONTH, VISITS = 30, (7, 16, 27)  # days; those of a month on which it came
RATED_EVERY = 3
RATINGS = (4, 5, 3, 4, 2, 5)
MEMOS = (
    "電車の中で一気に読んだ。終わりの一文を忘れないように。",
    "子どもに読み聞かせ。二度目もよく笑った。",
    "図が分かりやすい。次は続きを。",
    "読書会で勧められた。少しむずかしかったので、いつかもう一度。",
    "母に貸したら、母の方が夢中になった。",
)


def write(desk: Desk) -> None:
    """Write the histories with the present loans, oldest entries first."""
    people = list(Patron.select().order_by(Patron.card_number))
    entries = []
    for patron in people:
        if patron.keep_history:
            out = [_entry(patron, loan["item"], loan["lent_on"]) for loan in desk.loans if loan["patron"] == patron]
            is_reader = patron == people[patrons.READER]
            entries += out + (_by_month(desk, patron, len(out)) if is_reader else _read_before(desk, patron))
    HistoryEntry.insert_many(sorted(entries, key=lambda entry: entry["lent_on"])).execute()


def _by_month(desk: Desk, patron: Patron, out: int) -> list[dict]:
    """Return the second card's entries of twelve months with notes, less the number of its loans now (``out``)."""
    copies = [item for item in desk.older_copies() if desk.suits(patron, item.title)]
    desk.chance.shuffle(copies)
    entries = []
    for month, count in reversed(list(enumerate(BY_MONTH))):
        days = [desk.today - timedelta(days=month * MONTH + days) for days in VISITS]
        for number in range(count - out * (month == 0)):
            day = days[number % len(days)]
            item = next(item for item in copies if was_there(item, day - timedelta(days=MONTH)))
            copies.remove(item)
            entries.append(_entry(patron, item, desk.days.last(item.branch_id, day)))
    _note(sorted(entries, key=lambda entry: entry["lent_on"], reverse=True))
    return entries


def _read_before(desk: Desk, patron: Patron) -> list[dict]:
    """Return entries for some titles, several a day, on days since both patron and title came."""
    entries = []
    for item in desk.chance.sample(desk.older_copies(), desk.chance.randint(10, 40)):
        since = max(day for day in (item.acquired_on, patron.registered_on) if day)
        longest = (desk.today - since).days - 12  # closed days may move it back
        days_ago = desk.chance.randint(30, longest) // 7 * 7
        day = desk.days.last(item.branch_id, desk.today - timedelta(days=days_ago))
        entries.append(_entry(patron, item, day))
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
    """Write notes into the second card's entries: stars on every third, some memos, and one title withdrawn since."""
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
