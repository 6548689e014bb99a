"""利用者の項目: every column of the patrons' table that has a word for people, declared once.

Made from here: the label on all pages, the form and the page of a patron at the desk, the file that is read in, the
list for the town office, the patron's own data, and the day on which a column is emptied. ``docs/privacy.md`` tells
people of it.
"""

from collections.abc import Collection
from dataclasses import KW_ONLY, dataclass
from typing import Any

from library import dates

CLOSING, HOME = "closing", "home"  # emptied as the card is closed; 30 days later (``library.account.retention``)


@dataclass(frozen=True)
class Column:
    """A column and its words.

    ``headings``: in a file that is read in, the usual one first; ``joined`` and ``first`` as in
    ``library.files.headings``.
    ``text``: a text that the library alone writes, at the desk and from files, by this rule of
    ``library.patrons.names.WRITTEN``; ``at_desk``: the desk writes it by a rule of its own.
    ``maximum`` letters and ``width`` are of its field; ``on_page``: the patron's page at the desk shows it.
    ``own``: its heading in the patron's own data, None where it isn't given away; ``path``: where that is read from.
    ``emptied``: when its value goes before the whole card does.
    """

    name: str
    label: str
    headings: tuple[str, ...] = ()
    _: KW_ONLY
    joined: str = ""
    first: bool = False
    text: str = ""
    at_desk: bool = False
    maximum: int = 254
    width: str = ""
    on_page: bool = False
    own: str | None = ""
    path: str = ""
    emptied: str = ""


_CARD = ("利用者番号", "利用者ID", "カード番号", "利用者カード番号", "貸出券番号")
_NAME = ("氏名", "利用者氏名", "氏名漢字", "漢字氏名", "利用者名", "名前", "お名前")
_KANA = ("氏名カナ", "カナ氏名", "利用者カナ", "利用者氏名カナ", "利用者名カナ", "フリガナ", "よみ")
_AT_HOME = ("電話自宅", "自宅電話", "電話番号", "電話番号1", "電話", "電話1", "TEL", "TEL1")
_MOBILE = ("電話携帯", "携帯電話", "携帯", "電話番号2", "電話2", "TEL2", "携帯電話番号", "携帯番号")
_GUARDIAN = ("保護者", "保護者氏名", "保護者名", "担当者")
_OF_GUARDIAN = ("保護者電話", "保護者の電話", "保護者電話番号", "担当者の電話")

COLUMNS = (
    Column("card_number", "利用者番号", _CARD),
    Column("name", "氏名", _NAME, text="name"),
    Column("name_kana", "氏名カナ", _KANA, text="kana"),
    Column("birth_date", "生年月日", ("生年月日", "誕生日"), at_desk=True, maximum=100, width="width-card", on_page=True),
    Column("category", "区分", ("区分", "利用者区分", "利用区分"), at_desk=True, width="width-kind", on_page=True),
    Column("phone_home", "電話（自宅）", _AT_HOME, text="phone", maximum=100, width="width-card", on_page=True),
    Column("phone_mobile", "電話（携帯）", _MOBILE, text="phone", maximum=100, width="width-card", on_page=True),
    Column("phone_work", "電話（勤務先）", ("電話勤務先", "勤務先電話"), text="phone", maximum=100, width="width-card", on_page=True),
    Column("postal_code", "郵便番号", ("郵便番号", "〒"), text="postal_code", maximum=20, width="width-days", emptied=HOME),
    Column("address", "住所", ("住所", "住所1", "住所2", "住所3", "番地", "番地・アパート", "方書"), joined=" ", text="line", emptied=HOME),
    Column("guardian_name", "保護者", _GUARDIAN, text="name", emptied=HOME),
    Column("guardian_phone", "保護者の電話", _OF_GUARDIAN, text="phone", maximum=100, width="width-card", emptied=HOME),
    Column("representative", "代表者", ("代表者", "代表者名"), text="name", emptied=CLOSING),
    Column("delivery_to", "配送先", ("配送先", "届け先"), text="line", emptied=CLOSING),
    Column("residence", "居住の別", ("居住の別", "居住区分"), at_desk=True, width="width-branch", emptied=HOME),
    Column("branch", "登録館", ("登録館", "登録館番号", "館番号", "館"), first=True, at_desk=True, width="width-branch", on_page=True,
           path="branch.name"),
    Column("registered_on", "登録日", ("登録日",), on_page=True),
    Column("expires_on", "有効期限", ("有効期限", "有効期限日", "期限"), at_desk=True, maximum=100, width="width-card", on_page=True),
    Column("state", "状態"),
    Column("suspended_on", "利用停止の日", emptied=CLOSING),
    Column("suspended_reason", "停止理由", ("停止理由", "利用停止理由"), own=None, emptied=CLOSING),
    Column("closed_on", "廃止日"),
    Column("initial_issued_at", "はじめのパスワードの発行"),
    Column("initial_failures", "はじめのパスワードの間違い"),
    Column("has_chosen_password", "自分のパスワードを決めたことがある"),
    Column("unproved_since", "ご本人と確かめられていない時から"),
    Column("sealed_until", "保護中の記録を消す日時"),
    Column("pickup_branch", "予約受取館", ("予約受取館", "予約受取館番号"), first=True, path="pickup_branch.name"),
    Column("contact_method", "予約連絡方法", ("予約連絡方法",)),
    Column("contact_phone", "電話連絡先", ("電話連絡先",)),
    Column("keep_history", "貸出履歴", ("貸出履歴",), own="貸出履歴を残す", emptied=CLOSING),
    Column("titles_in_mail", "メールの書名", ("メールの書名",), at_desk=True, own="メールに書名を載せる"),
    Column("text_size", "文字サイズ"),
    Column("language", "画面の言語"),
    Column("notice_language", "お知らせの言語"),
    Column("furigana", "ふりがな"),
    Column("show_name", "見出しに名前を表示する", emptied=CLOSING),
    Column("desk_note", "窓口メモ", own=None, emptied=CLOSING),
    Column("retention_from", "有効期限を書きとめた日"),
    Column("borrowed_in", "最後に借りた年度"),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}
LABELS = {column.name: column.label for column in COLUMNS}
OWN = {column.path or column.name: column.own or column.label for column in COLUMNS if column.own is not None}
TEXTS = [column for column in COLUMNS if column.text]
OWNED = [
    column.name for column in COLUMNS if column.text or column.at_desk
]  # what the library alone changes, at the desk


def emptied(when: str) -> list[str]:
    """Return the columns that are emptied then, CLOSING or HOME."""
    return [column.name for column in COLUMNS if column.emptied == when]


def in_order(columns: Collection[str], first: Collection[str] = (), last: Collection[str] = ()) -> list[Column]:
    """Return columns in the order of a page or a file: the first, all others, the last."""
    others = [name for name in columns if name not in first and name not in last]
    return [BY_NAME[name] for name in (*first, *others, *last)]


OF_GROUPS = ("representative", "delivery_to")  # asked and shown for a 団体 alone
OF_PERSONS = ("birth_date", "residence")  # never for one
PHONES = ("phone_home", "phone_mobile", "phone_work")
FORM = in_order(
    OWNED,
    ("name", "name_kana", "birth_date", "category", "branch", *PHONES, "postal_code", "address", "residence"),
    ("guardian_name", "guardian_phone", "expires_on", "titles_in_mail"),
)
CHANGE = in_order(
    [column.name for column in FORM], ("postal_code", "address", *PHONES)
)  # what changes most comes first
_FACTS = in_order([column.name for column in COLUMNS if column.on_page], last=PHONES)


def facts(patron: Any) -> list[tuple[str, str]]:
    """Return the columns of a patron's page at the desk, as (label, words)."""
    words = {
        "birth_date": dates.with_weekday(patron.birth_date)[:-3] if patron.birth_date else "",
        "branch": patron.branch.name if patron.branch else "",
        "expires_on": dates.with_weekday(patron.expires_on) if patron.expires_on else "なし",
        "registered_on": dates.with_weekday(patron.registered_on) if patron.registered_on else "",
    }
    return [(column.label, words.get(column.name) or getattr(patron, column.name) or "") for column in _FACTS]
