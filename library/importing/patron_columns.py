"""The columns of a file of patrons, the words in them, and how what a patron chose is read."""

import re
import unicodedata
from typing import Any

from library import addresses, errors, postal_codes, wording
from library.files import cells
from library.files.spreadsheets import Column

HEADINGS = ("利用者番号", "利用者ID", "カード番号", "利用者カード番号", "貸出券番号")
COLUMNS = (
    Column("card_number", HEADINGS, required=True),
    Column("name", ("氏名", "利用者氏名", "氏名漢字", "漢字氏名", "利用者名"), required=True),
    Column("name_kana", ("氏名カナ", "カナ氏名", "利用者カナ", "利用者氏名カナ", "利用者名カナ", "フリガナ")),
    Column("birth_date", ("生年月日",)),
    Column("category", ("区分", "利用者区分")),
    Column("phone_home", ("電話自宅", "自宅電話", "電話番号", "電話番号1", "電話", "電話1", "TEL", "TEL1")),
    Column("phone_mobile", ("電話携帯", "携帯電話", "携帯", "電話番号2", "電話2", "TEL2", "携帯電話番号", "携帯番号")),
    Column("phone_work", ("電話勤務先", "勤務先電話")),
    Column("email1", ("E-mail1", "メール1", "メールアドレス", "メールアドレス1", "E-mail")),
    Column("email1_kind", ("E-mail1種別", "E-mail1の種別")),
    Column("email2", ("E-mail2", "メール2", "メールアドレス2")),
    Column("email2_kind", ("E-mail2種別", "E-mail2の種別")),
    Column("branch", ("登録館", "登録館番号", "館番号", "館"), first=True),
    Column("registered_on", ("登録日",)),
    Column("expires_on", ("有効期限", "有効期限日")),
    Column("pickup_branch", ("予約受取館", "予約受取館番号"), first=True),
    Column("contact_method", ("予約連絡方法",)),
    Column("contact_phone", ("電話連絡先",)),
    Column("due_notice_to", ("返却期限通知",)),
    Column("due_notice_days", ("通知する日",)),
    Column("keep_history", ("貸出履歴",)),
    Column("titles_in_mail", ("メールの書名",)),
    Column("postal_code", ("郵便番号",)),
    Column("address", ("住所", "住所1", "住所2", "住所3", "方書"), joined=" "),
    Column("guardian_name", ("保護者", "保護者氏名", "保護者名", "担当者")),
    Column("guardian_phone", ("保護者電話", "保護者の電話", "保護者電話番号", "担当者の電話")),
    Column("residence", ("居住の別", "居住区分")),
    Column(
        "note", ("窓口メモ", *(f"{word}{place}" for word in ("備考", "メモ") for place in ("", 1, 2, 3))), joined="\n"
    ),
    Column("old_number", ("旧利用者番号", "旧カード番号")),
    Column("state", ("利用状態", "利用者状態", "状態", "カード状態", "登録状態", "異動区分", "異動事由")),
    Column("suspended_reason", ("停止理由", "利用停止理由")),
)
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


def postal_code(read: cells.Cells) -> str | None:
    try:
        return postal_codes.read(read.raw("postal_code")) or None
    except errors.PostalCodeMalformed as refusal:
        read.refuse("postal_code", refusal)
        return None


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
