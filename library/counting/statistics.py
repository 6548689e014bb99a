"""統計: loans, holdings and patrons as counts.

No query reads the loans of one patron or names a title: a count is of a day, a branch, a class or a group. With the id
of a ``branch`` it is of that branch alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
from peewee import Case, ModelSelect, fn

from library import branches, policy, tallies
from library.catalog import ndc
from library.catalog.search import snapshot
from library.facts import stages
from library.patrons import patrons as all_patrons
from library.store import numbers
from library.store.queries import tuples
from models import Item, Loan, Patron, database as connection

UNKNOWN = "不明"
LONGEST_MONTH = 31  # days; a shorter span is shown by day alone
DAYS_SHOWN = 92  # a longer span is shown by month alone


# -- loans of a span -------------------------------------------------------------------------------------------------
def by_time(first: date, last: date, branch: int | None = None) -> list[tallies.Count]:
    """Return 貸出 by day, for a short span, and by month, for a longer one; with the days and months without any."""
    lent = Counter({str(day): number for day, number in _lent(first, last, branch, Loan.lent_on)})
    days = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    months = Counter()
    for day in days:
        months[day.replace(day=1)] += lent[str(day)]
    counts = []
    if len(days) <= DAYS_SHOWN:
        counts.append(
            tallies.Count("loans_by_day", "日ごとの貸出", "点", [(day, lent[str(day)]) for day in days], by_time=True)
        )
    if len(days) > LONGEST_MONTH:
        counts.append(tallies.Count("loans_by_month", "月ごとの貸出", "点", list(months.items()), by_time=True))
    return counts


def by_branch(first: date, last: date, branch: int | None = None) -> list[tallies.Count]:
    lent = Counter()
    for _, place, number in _lent(first, last, branch, Loan.lent_on, Loan.branch):
        lent[place] += number
    return [tallies.Count("loans_by_branch", "館ごとの貸出", "点", _by_place(lent, branch))]


def by_class(first: date, last: date, branch: int | None = None) -> list[tallies.Count]:
    """Return 貸出 by the first digit of the NDC, read from the index of the search instead of all titles."""
    (items,) = _columns(_loans(first, last, branch, numbers.of_column(Loan.item)))
    ids, titles = _columns(Item.select(numbers.of_column(Item.id), numbers.of_column(Item.title)))
    title_of = np.zeros(int(ids.max(initial=0)) + 1, np.int32)
    title_of[ids] = titles
    return [tallies.Count("loans_by_class", "分類ごとの貸出", "点", _by_division(title_of[items]))]


def by_patron_group(first: date, last: date, branch: int | None = None) -> list[tallies.Count]:
    """Return 貸出 by category and by age group, as recorded with each loan."""
    categories, ages = Counter(), Counter()
    for _, _, category, age, number in _lent(
        first, last, branch, Loan.lent_on, Loan.branch, Loan.category, Loan.age_group
    ):
        categories[category] += number
        ages[age] += number
    return [
        tallies.Count(
            "loans_by_category", "利用者の区分ごとの貸出", "点", _in_order(categories, policy.get("categories"))
        ),
        tallies.Count("loans_by_age", "年齢ごとの貸出", "点", _by_age(ages)),
    ]


def _loans(first: date, last: date, branch: int | None, *columns: Any) -> ModelSelect[Any]:
    loans = Loan.select(*columns).where(Loan.lent_on.between(first, last))
    return loans if branch is None else loans.where(Loan.branch == branch)


def _lent(first: date, last: date, branch: int | None, *columns: Any) -> list[tuple[Any, ...]]:
    """Return rows of ``columns`` and number of loans in the span.

    Days stay texts: making dates of thousands takes longer than the query.
    """
    query = _loans(first, last, branch, *columns, fn.count(Loan.id)).group_by(*columns)
    return connection.execute(query).fetchall()


# -- what is held, and who has a card --------------------------------------------------------------------------------
def holdings(first: date, last: date, branch: int | None = None) -> list[tallies.Count]:
    """Return 所蔵 at this moment, without withdrawn copies, and those acquired in the span."""
    new = Case(None, [(Item.acquired_on.between(first, last), 1)], 0)
    columns = (Item.branch, Item.material_type, fn.count(Item.id), fn.sum(new), numbers.of_column(Item.title))
    each = Item.select(*columns).where(Item.state != "withdrawn").group_by(Item.branch, Item.material_type)
    each = each if branch is None else each.where(Item.branch == branch)
    held, types, came, titles = Counter(), Counter(), Counter(), [np.zeros(0, np.int32)]
    for place, kind, number, arrived, ids in connection.execute(each).fetchall():
        held[place] += number
        came[place] += arrived
        titles.append(numbers.parsed(ids, np.int32))
        types.update({kind: number} if kind else _types_of(titles[-1]))
    titles = np.concatenate(titles)
    return [
        tallies.Count("items_by_branch", "館ごとの所蔵", "点", _by_place(held, branch)),
        tallies.Count("items_by_class", "分類ごとの所蔵", "点", _by_division(titles)),
        tallies.Count("items_by_type", "資料区分ごとの所蔵", "点", _in_order(types, policy.get("material_types"))),
        tallies.Count("items_new", "期間中に受け入れた資料", "点", _by_place(came, branch)),
    ]


def _types_of(titles: np.ndarray) -> dict[str, int]:
    """Return type → number of copies without a type of their own, from the ids of their titles."""
    catalogue = snapshot.current()
    words = catalogue.words["material"]
    numbers = np.bincount(catalogue.codes["material"][catalogue.rows_of(titles)], minlength=len(words))
    return dict(zip(words, map(int, numbers), strict=True))


def patrons(first: date, last: date, branch: int | None = None, *, today: date) -> list[tallies.Count]:
    """Return 利用者 at this moment, without closed cards, and those registered in the span."""
    cards = Patron.select().where(Patron.state != "closed")
    cards = cards if branch is None else cards.where(Patron.branch == branch)
    by_branch = dict(tuples(cards.select(Patron.branch, fn.count(Patron.id)).group_by(Patron.branch)))
    births = cards.select(Patron.birth_date, fn.count(Patron.id)).group_by(Patron.birth_date)
    ages = Counter()
    for born, number in tuples(births):
        ages[stages.age_group(born, today=today)] += number
    by_category = cards.select(Patron.category, fn.count(Patron.id)).group_by(Patron.category)
    residences = dict(tuples(cards.select(Patron.residence, fn.count(Patron.id)).group_by(Patron.residence)))
    words = all_patrons.residences()
    homes = [(word, residences.get(code, 0)) for code, word in words.items()] + _unknown(residences.get("", 0))
    new = by_category.where(Patron.registered_on.between(first, last))
    categories = policy.get("categories")
    named = _by_place(by_branch, branch)
    return [
        tallies.Count("patrons_by_category", "区分ごとの利用者", "人", _in_order(dict(tuples(by_category)), categories)),
        tallies.Count("patrons_by_age", "年齢ごとの利用者", "人", _by_age(ages)),
        tallies.Count("patrons_by_residence", "居住の別ごとの利用者", "人", homes),
        tallies.Count("patrons_by_branch", "登録館ごとの利用者", "人", named + _unknown(by_branch.get(None, 0))),
        tallies.Count("patrons_new", "期間中に登録した利用者", "人", _in_order(dict(tuples(new)), categories)),
    ]  # fmt: skip


# -- how groups are named and ordered ----------------------------------------------------------------------------------
def _columns(query: ModelSelect[Any]) -> list[np.ndarray]:
    return [numbers.parsed(text, np.int32) for text in connection.execute(query).fetchone()]


def _by_division(titles: np.ndarray) -> list[tuple[str, int]]:
    """Return (class in words, number) for these title ids, one for each copy or loan."""
    catalogue = snapshot.current()
    known = catalogue.rows_or_missing(titles)
    counts = np.bincount(catalogue.divisions[known[known >= 0]], minlength=11)
    rows = [(f"{digit} {ndc.caption(str(digit))}", int(counts[digit])) for digit in range(10)]
    return [*rows, (tallies.NO_CLASS, int(counts[10:].sum() + (known < 0).sum()))]


def _by_place(counts: Mapping[int, int], branch: int | None) -> list[tuple[str, int]]:
    return [(row.name, counts.get(row.id, 0)) for row in branches.with_given_up() if branch in (None, row.id)]


def _in_order(counts: Mapping[str, int], known: Iterable[str]) -> list[tuple[str, int]]:
    """Return (name, number) in the library's order; unknown names follow, 不明 is last."""
    strange = sorted(name for name in counts if name and name not in known)
    return [(name, counts.get(name, 0)) for name in [*known, *strange]] + _unknown(counts.get("", 0))


def _by_age(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    groups = [name for _, name in stages.AGE_GROUPS] + [stages.OLDEST_GROUP]
    return [(name if name == UNKNOWN else _age_words(name), number) for name, number in _in_order(counts, groups)]


def _age_words(group: str) -> str:
    first, _, last = group.partition("-")
    return f"{first}〜{last}歳" if last else f"{first}歳以上"


def _unknown(number: int) -> list[tuple[str, int]]:
    return [(UNKNOWN, number)] if number else []
