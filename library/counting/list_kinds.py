"""一覧: the lists for the town office. Columns that show who reads which title are unticked at first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, Expression, Field, ModelSelect

from library import holdings, wording
from library.counting import list_columns
from library.counting.list_columns import Column
from library.lending.holds import hold_states
from models import Branch, Hold, Item, Loan, Patron, Title

Fields = Sequence[Field | Expression]


@dataclass(frozen=True)
class Kind:
    """A kind of list: its name, its columns by name, and the query for its rows on a day."""

    label: str
    columns: Mapping[str, Column]
    rows: Callable[[Sequence[Field | Expression], date], ModelSelect[Any]]


def _patrons(fields: Fields, today: date) -> ModelSelect[Any]:
    joined = Patron.select(*fields).join(Branch, JOIN.LEFT_OUTER, on=Patron.branch == Branch.id)
    return joined.where(Patron.state != "closed").order_by(Patron.id)


def _loans(fields: Fields, today: date) -> ModelSelect[Any]:
    joined = Loan.select(*fields).join(Item).join(Title).switch(Loan).join(Branch, on=Loan.branch == Branch.id)
    return joined.switch(Loan).join(Patron).where(Loan.returned_on.is_null()).order_by(Loan.due_on, Loan.id)


def _overdue(fields: Fields, today: date) -> ModelSelect[Any]:
    return _loans(fields, today).where(Loan.due_on < today)


def _holds(fields: Fields, today: date) -> ModelSelect[Any]:
    joined = Hold.select(*fields).join(Title).switch(Hold).join(Branch, on=Hold.pickup_branch == Branch.id)
    return (
        joined.switch(Hold)
        .join(Patron)
        .where(Hold.state.in_(hold_states.OPEN), hold_states.not_cancelled())
        .order_by(Hold.id)
    )


def _copies(fields: Fields) -> ModelSelect[Any]:
    joined = Item.select(*fields).join(Title).switch(Item).join(Branch, on=Item.branch == Branch.id)
    return joined.order_by(Item.id)


def _items(fields: Fields, today: date) -> ModelSelect[Any]:
    return _copies(fields).where(holdings.is_in_stock())


def _withdrawn(fields: Fields, today: date) -> ModelSelect[Any]:
    return _copies(fields).where(Item.state == "withdrawn", holdings.is_own())


def _titles(fields: Fields, today: date) -> ModelSelect[Any]:
    return Title.select(*fields).order_by(Title.id)


KINDS = {
    "patrons": Kind("利用者", list_columns.PATRON, _patrons),
    "loans": Kind(
        "貸出中",
        {
            **list_columns.LOAN,
            **list_columns.WHAT,
            **list_columns.unticked(list_columns.WHO),
            **list_columns.PHONES,
            **list_columns.HOME,
        },
        _loans,
    ),
    "overdue": Kind(
        "延滞",
        {
            **list_columns.WHO,
            **list_columns.LOAN,
            **list_columns.unticked(list_columns.WHAT),
            **list_columns.PHONES,
            **list_columns.HOME,
            **list_columns.GUARDIAN,
        },
        _overdue,
    ),
    "holds": Kind(
        "予約",
        {
            **list_columns.WHAT,
            "branch": Column("受取館", Branch.name),
            "state": Column("状態", Hold.state, list_columns.words_of(hold_states.WORDS)),
            "placed_at": Column("予約日時", Hold.placed_at, list_columns.moment),
            "pickup_by": Column("受取期限", Hold.pickup_by, list_columns.day),
            **list_columns.unticked(list_columns.WHO),
            **list_columns.PHONES,
        },
        _holds,
    ),
    "items": Kind(
        "所蔵",
        {**list_columns.COPY, "state": Column("状態", Item.state, list_columns.words_of(wording.ITEM_STATES))},
        _items,
    ),
    "titles": Kind(
        "書誌",
        {
            "id": Column("この図書館の書誌の番号", Title.id),  # 書誌ID would be taken for that of another system
            **list_columns.WHAT,
            **list_columns.PUBLISHED,
            "ndc": Column("分類", Title.ndc),
            "material_type": Column("資料区分", Title.material_type),
            "audience": Column("対象", Title.audience),
            "accession_date": Column("受入日", Title.accession_date, list_columns.day),
        },
        _titles,
    ),
    "withdrawn": Kind("除籍", {**list_columns.COPY, **list_columns.WITHDRAWN}, _withdrawn),
}
