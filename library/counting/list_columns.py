"""Columns of the lists for the town office. Addresses and phones are unticked at first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import Expression, Field

from library import clock, patron_columns
from library.patrons import patrons
from models import Branch, Item, Loan, Patron, Title

Words = Callable[[Any], str]


@dataclass(frozen=True)
class Column:
    """A column: heading, value in the query, the function for its text, and whether it is ticked at first."""

    label: str
    value: Field | Expression
    words: Words = str
    on: bool = True


def day(value: date) -> str:
    return value.isoformat()


def moment(value: datetime) -> str:
    """Return a moment as 2026-11-25 10:42 on the library's clock."""
    return f"{clock.local(value):%Y-%m-%d %H:%M}"


def words_of(words: Mapping[str, str]) -> Words:
    """Return the function from a code to its word."""
    return lambda code: words.get(code, code)


def _residence(code: str) -> str:
    return patrons.residences().get(code, "")


_STATES = {"active": "有効", "suspended": "利用停止", "closed": "廃止"}


def unticked(columns: Mapping[str, Column]) -> dict[str, Column]:
    """Return the same columns, unticked at first."""
    return {name: Column(each.label, each.value, each.words, on=False) for name, each in columns.items()}


def _of_patron(*names: str, words: Words = str) -> dict[str, Column]:
    return {name: Column(patron_columns.LABELS[name], getattr(Patron, name), words) for name in names}


WHO = _of_patron("card_number", "name")
PHONES = unticked(
    {
        "phone_home": Column("電話番号（自宅）", Patron.phone_home),
        "phone_mobile": Column("電話番号（携帯）", Patron.phone_mobile),
        "phone_work": Column("電話番号（勤務先）", Patron.phone_work),
    }
)
HOME = unticked(_of_patron("postal_code", "address"))
GUARDIAN = unticked(
    {**_of_patron("guardian_name"), "guardian_phone": Column("保護者の電話番号", Patron.guardian_phone)}
)
PATRON = {
    **WHO,
    "name_kana": Column("氏名（カナ）", Patron.name_kana),
    **_of_patron("category"),
    **_of_patron("birth_date", words=day),
    **_of_patron("residence", words=_residence),
    "branch": Column(patron_columns.LABELS["branch"], Branch.name),
    **_of_patron("registered_on", "expires_on", words=day),
    **_of_patron("state", words=words_of(_STATES)),
    **PHONES,
    **HOME,
    **GUARDIAN,
}
PATRON |= unticked(_of_patron(*(column.name for column in patron_columns.TEXTS if column.name not in PATRON)))
WHAT = {
    "title": Column("書名", Title.title),
    "volume": Column("巻次", Title.volume),
    "author": Column("著者", Title.author),
}
PUBLISHED = {
    "publisher": Column("出版者", Title.publisher),
    "year": Column("出版年", Title.year_text),
    "isbn": Column("ISBN", Title.isbn),
}
COPY = {
    "barcode": Column("資料番号", Item.barcode),
    **WHAT,
    **PUBLISHED,
    "call_number": Column("請求記号", Item.call_number),
    "branch": Column("所蔵館", Branch.name),
    "shelf": Column("場所", Item.shelf),
    "material_type": Column("資料区分", Title.material_type),
    "acquired_on": Column("受入日", Item.acquired_on, day),
    "acquired_how": Column("受入区分", Item.acquired_how),
    "price": Column("購入価格", Item.price),
    "supplier": Column("受入先", Item.supplier),
    "budget_word": Column("費目", Item.budget_word),
    "note": Column("資料メモ", Item.note),
}
WITHDRAWN = {
    "withdrawn_on": Column("除籍日", Item.withdrawn_on, day),
    "withdrawn_reason": Column("除籍理由", Item.withdrawn_reason),
}
LOAN = {
    "barcode": Column("資料番号", Item.barcode),
    "branch": Column("貸出館", Branch.name),
    "lent_on": Column("貸出日", Loan.lent_on, day),
    "due_on": Column("返却期限日", Loan.due_on, day),
    "renewals": Column("延長回数", Loan.renewals),
}
