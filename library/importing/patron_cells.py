"""The columns of a file of patrons, the words in them, and the reading of what is no column of the patrons' table."""

import re
import unicodedata
from datetime import date
from typing import Any

from library import addresses, errors, patron_columns, wording
from library.account import registration
from library.files import cells
from library.files.spreadsheets import Column
from library.importing import numbers
from library.numbers import postal_codes
from library.patrons import names

HEADINGS = patron_columns.BY_NAME["card_number"].headings
REQUIRED = ("card_number", "name")
_NOTES = ("窓口メモ", *(f"{word}{place}" for word in ("備考", "メモ") for place in ("", 1, 2, 3)))
_BESIDE = {  # what is no column of the patrons' table, after one that is
    "phone_work": (
        Column("email1", ("E-mail1", "メール1", "メールアドレス", "メールアドレス1", "E-mail", "Eメール")),
        Column("email1_kind", ("E-mail1種別", "E-mail1の種別")),
        Column("email2", ("E-mail2", "メール2", "メールアドレス2")),
        Column("email2_kind", ("E-mail2種別", "E-mail2の種別")),
    ),
    "contact_phone": (Column("due_notice_to", ("返却期限通知",)), Column("due_notice_days", ("通知する日",))),
    "residence": (
        Column("note", _NOTES, joined="\n"),
        Column("old_number", ("旧利用者番号", "旧カード番号")),
        Column(
            "state", ("利用状態", "利用者状態", "状態", "カード状態", "登録状態", "異動区分", "異動事由"), by_hand=" "
        ),
    ),
}


def _with_beside(of: patron_columns.Column) -> tuple[Column, ...]:
    """Return the column of a file for one of the patrons' table, and those that stand after it."""
    by_hand = "-" if of.text == "phone" else ""
    column = Column(of.name, of.headings, of.name in REQUIRED, of.joined, by_hand, first=of.first)
    return (column, *_BESIDE.get(of.name, ()))


STORED = patron_columns.in_order(
    [column.name for column in patron_columns.COLUMNS if column.headings],
    last=[*patron_columns.emptied(patron_columns.HOME), "suspended_reason"],
)
COLUMNS = tuple(column for of in STORED for column in _with_beside(of))
STATES = {
    **dict.fromkeys(("有効", "利用可", "利用可能", "利用中", "正常", "通常", "active"), "active"),
    **dict.fromkeys(("停止", "利用停止", "貸出停止", "停止中", "suspended"), "suspended"),
    **dict.fromkeys(("廃止", "退会", "抹消", "除籍", "死亡", "転出", "無効", "利用廃止", "closed"), "closed"),
}
TITLES = {text: value for value, text in wording.TITLES_IN_MAIL.items()}
HISTORY = {text: value for value, text in wording.HISTORY.items()}
DUE_DAYS = {wording.days_before(days): days for days in range(8)} | {str(days): days for days in range(8)}


def choices(words: dict[str, str]) -> dict[str, str]:
    """Return the texts that a column may have, with their values: the word on the screen, and the value itself."""
    return {text: value for value, text in words.items()} | {value: value for value in words}


KINDS, METHODS, PHONES = map(choices, (wording.ADDRESS_KINDS, wording.CONTACT_METHODS, wording.CONTACT_PHONES))
PHONES |= {"携帯": "mobile"}


def text(read: cells.Cells, column: patron_columns.Column, *, pad_zeros: bool, area_code: str) -> str | None:
    """Return the cell of a text that the library alone writes, by the rule of its column."""
    if column.text == "phone":
        return numbers.phone(read, column.name, pad_zeros=pad_zeros, area_code=area_code)
    found = read.text(column.name) or ""
    if column.text == "postal_code" and pad_zeros and postal_codes.lacks_zero(found):
        read.mend(column.name, numbers.PADDED, f"{found} → 0{found}")
        found = f"0{found}"
    try:
        return names.WRITTEN[column.text](found) or None
    except errors.Refused as refusal:
        read.refuse(column.name, refusal)
        return None


def birth_date(read: cells.Cells, *, today: date) -> date | None:
    """Return the birth date, if somebody can be born then."""
    day = read.day("birth_date")
    try:
        if day:
            registration.check_birth(day, today=today)
    except errors.BirthDateImpossible as refusal:
        read.refuse("birth_date", refusal)
        return None
    return day


def note(read: cells.Cells) -> str | None:
    """Return the note, with the phone numbers beside which a remark stands."""
    phones = [(column.label, read.raw(column.name)) for column in STORED if column.text == "phone"]
    remarks = [f"{label}：{cell}" for label, cell in phones if numbers.REMARK.search(names.typed(cell))]
    return "\n".join(filter(None, (read.text("note", cells.LONG), *remarks))) or None


def mails(read: cells.Cells) -> list[dict[str, Any]]:
    """Return position, address and kind of E-mail1 and E-mail2, as far as they are there."""
    found: list[dict[str, Any]] = []
    for position, name in enumerate(("email1", "email2"), start=1):
        kind = read.choice(f"{name}_kind", KINDS) or "pc"
        address = addresses.fold(read.raw(name))
        if address and not addresses.is_valid(address):
            read.refuse(name, errors.AddressMalformed())
        elif address.casefold() in [mail["address"].casefold() for mail in found]:
            read.refuse(name, errors.AddressTwice())
        elif address:
            found.append({"position": position, "address": address, "kind": kind})
    return found


def due_notice(read: cells.Cells) -> dict[str, Any] | None:
    """Read ``pc``, ``mobile`` or both (自PC, 携帯); empty is 停止, for which no row is needed."""
    words = re.split(r"[\s、,;・/]+", unicodedata.normalize("NFKC", read.raw("due_notice_to")))
    known = {word.casefold(): kind for word, kind in KINDS.items()}
    kinds = {known.get(word.casefold()) for word in words if word}
    if None in kinds:
        read.refuse("due_notice_to", errors.CellIsNoChoice(choices="、".join(KINDS)))
        return None
    days = read.choice("due_notice_days", DUE_DAYS)
    if not kinds:
        return None
    return {
        "kind": "due",
        "to_pc": "pc" in kinds,
        "to_mobile": "mobile" in kinds,
        "active": True,
        "days_before": 1 if days is None else days,
    }
