"""除籍候補: copies that nobody borrowed for years, those with the most reasons first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from peewee import fn

from library import dates, holdings
from library.facts import use_facts
from library.store import engine
from library.store.queries import tuples
from models import Issue, Item, Loan, Serial

YEARS = (3, 5, 10)  # without a loan
MANY = 3  # copies of a title at a branch
# classes whose contents grow old (コンピュータ, 法律, 税, 社会保障, 医学, 情報・電子), and after how many years
AGING: dict[str, int] = dict.fromkeys(("007", "32", "345", "36", "49", "547", "548"), 10)
A_MONTH = 31

_IS_OLD = " OR ".join("(substr(t.ndc, 1, ?) = ? AND t.year <= ?)" for _ in AGING)
# copies of issues (号) that came before the 保存年限 of their serial, counted from the day and month of two values
_PAST = """
SELECT c.id AS id FROM issue JOIN serial s ON s.id = issue.serial_id JOIN item c ON c.title_id = issue.title_id
WHERE s.keep_years IS NOT NULL AND CAST(c.acquired_on AS text) < CAST(? - s.keep_years AS text) || ?"""
# loans are numbered in their order: one with this number or a later one is of these years
_FOUND = f"""
SELECT id, COUNT(*) OVER () FROM (
    SELECT i.id AS id, CASE WHEN {_IS_OLD} THEN 1 ELSE 0 END AS old,
    (SELECT COUNT(*) FROM item o WHERE o.title_id = i.title_id AND o.branch_id = i.branch_id AND {holdings.IN_STOCK})
    AS copies, CASE WHEN past.id IS NULL THEN 0 ELSE 1 END AS past
    FROM item i JOIN title t ON t.id = i.title_id LEFT JOIN ({_PAST}) past ON past.id = i.id
    WHERE {holdings.IN_STOCK} AND (past.id IS NOT NULL OR ((i.acquired_on IS NULL OR i.acquired_on < ?)
    AND NOT EXISTS (SELECT 1 FROM loan WHERE loan.item_id = i.id AND loan.id >= ?))) {{more}}
) found ORDER BY past + old + CASE WHEN copies >= {MANY} THEN 1 ELSE 0 END DESC, id LIMIT ? OFFSET ?
"""  # noqa: S608 (constants)


@dataclass(frozen=True)
class Candidate:
    """A copy with the reasons to withdraw it: ``old``: (last year, class) of contents that grew old; ``copies``: of its
    title at its branch, if many; ``idle``: years without a loan since ``last_loan``, else since it came in, or since
    loans are recorded (``since``); ``past``: the years (保存年限) for which an issue was to be kept, if they are over.
    """

    item: Item
    last_loan: date | None
    old: tuple[int, str] | None
    copies: int
    idle: int
    since: date | None
    is_last: bool
    past: int | None = None

    @property
    def reason(self) -> str:
        """Return the word of WITHDRAWAL_REASONS that fits best; empty where none does."""
        by_state = {"lost": "紛失・不明", "missing": "紛失・不明", "repair": "汚損・破損"}.get(self.item.state, "")
        return by_state or ("内容が古い" if self.old else "複本" if self.copies else "その他" if self.past else "")


def find(*, years: int, branch: int | None, ndc: str, today: date, size: int, offset: int) -> tuple[list[int], int]:
    """Return ids of a page of copies without a loan for so many years, or past their 保存年限, the most reasons first, and
    the number of all. ``ndc``: the first digits of their class.
    """
    cutoff = today.replace(year=today.year - years, day=min(today.day, 28))
    values: list[object] = []
    for digits, span in AGING.items():
        values += [len(digits), digits, today.year - span - 1]
    values += [today.year, f"{today:-%m-%d}", cutoff.isoformat(), _first_loan_from(cutoff)]
    more = ""
    if branch:
        more, values = f"{more} AND i.branch_id = ?", [*values, branch]
    if ndc:
        more, values = f"{more} AND substr(t.ndc, 1, ?) = ?", [*values, len(ndc), ndc]
    found = engine.run(_FOUND.format(more=more), [*values, size, offset]).fetchall()
    return [row[0] for row in found], found[0][1] if found else 0


def _first_loan_from(day: date) -> int:
    """Return the least number of the loans of the month in which loans from a day on begin; 2**62 without any."""
    first = Loan.select(fn.MIN(Loan.lent_on)).where(Loan.lent_on >= day).scalar()
    if first is None:
        return 2**62
    until = date.fromordinal(first.toordinal() + A_MONTH)
    return Loan.select(fn.MIN(Loan.id)).where(Loan.lent_on.between(first, until)).scalar()


def look_at(rows: Sequence[Item], *, today: date) -> list[Candidate]:
    """Return these copies, read with their titles, as candidates, whether or not there is a reason."""
    ids = [row.id for row in rows]
    lent = Loan.select(Loan.item_id, fn.MAX(Loan.lent_on)).where(Loan.item.in_(ids)).group_by(Loan.item_id)
    last = dict(tuples(lent))
    titles = {row.title_id for row in rows}
    there = Item.select(Item.title_id, Item.branch_id, fn.COUNT(Item.id)).where(
        Item.title.in_(titles), holdings.is_in_stock()
    )
    counts = {row[:2]: row[2] for row in tuples(there.group_by(Item.title_id, Item.branch_id))}
    since = use_facts.since().get("loans")
    issues = Issue.select(Issue.title_id, Serial.keep_years).join(Serial).where(Issue.title.in_(titles))
    kept = dict(tuples(issues.where(Serial.keep_years.is_null(False))))
    judged = [_judge(row, last.get(row.id), counts, since, today) for row in rows]
    return [replace(each, past=_past(each.item, kept.get(each.item.title_id), today)) for each in judged]


def _past(item: Item, years: int | None, today: date) -> int | None:
    """Return the years for which a copy was to be kept, if they are over."""
    is_over = years and item.acquired_on and f"{item.acquired_on}" < f"{today.year - years}{today:-%m-%d}"
    return years if is_over else None


def _judge(
    item: Item, last: date | None, counts: dict[tuple[int, int], int], since: date | None, today: date
) -> Candidate:
    known = max(filter(None, (item.acquired_on, since)), default=None)
    begin = last or known
    title, branch = item.title_id, item.branch_id
    digits = next((each for each in AGING if item.title.ndc.startswith(each)), "")
    limit = today.year - AGING.get(digits, 0) - 1
    is_old = digits and item.title.year is not None and item.title.year <= limit
    copies = counts.get((title, branch), 0)
    return Candidate(
        item,
        last,
        (limit, digits) if is_old else None,
        copies if copies >= MANY else 0,
        dates.age(begin, today=today) if begin else 0,
        since if last is None and since and known == since else None,
        sum(number for (of, _), number in counts.items() if of == title) == 1,
    )
