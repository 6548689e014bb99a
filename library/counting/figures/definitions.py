"""The table of figures: name, label, unit, definition in words, and what its query counts.

A query is one text for SQLite and PostgreSQL. A flow counts a span, a state counts the morning after its last day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Source(NamedTuple):
    """The rows that figures count. ``span``: those of the days asked for; ``groups``: by what they can be grouped."""

    rows: str
    span: str
    groups: Mapping[str, str]
    is_state: bool = False


def _class(column: str) -> str:
    digits = ", ".join(f"'{digit}'" for digit in range(10))
    return f"CASE WHEN substr({column}, 1, 1) IN ({digits}) THEN substr({column}, 1, 1) ELSE '' END"


def _days(column: str) -> dict[str, str]:
    return {"day": column, "month": f"substr(CAST({column} AS text), 1, 7)"}


# who borrowed is never crossed with what, nor with who (ADR 0109)
_WHAT = {name: f"use_fact.{name}" for name in ("hour", "channel", "material_type", "audience")}
PEOPLE = Source(
    "use_fact", "use_fact.day BETWEEN :first AND :last", {"branch": "use_fact.branch_id", **_days("use_fact.day")}
)
FACTS = PEOPLE._replace(groups={**PEOPLE.groups, "class": _class("use_fact.ndc"), **_WHAT})
OF_FACTS = (FACTS, PEOPLE)
_NOW = {"month": "substr(CAST(:last AS text), 1, 7)"}  # a state has the month of its day
_COPIES = "item JOIN title ON title.id = item.title_id AND item.owner_id IS NULL"  # not those of other libraries
_OF_COPIES = {"branch": "item.branch_id", "class": _class("title.ndc")}
RECEIVED = Source(
    _COPIES,
    "item.acquired_on BETWEEN :first AND :last",
    _OF_COPIES | _days("item.acquired_on") | {"how": "item.acquired_how"},
)
WITHDRAWN = Source(
    _COPIES,
    "item.state = 'withdrawn' AND item.withdrawn_on BETWEEN :first AND :last",
    _OF_COPIES | _days("item.withdrawn_on") | {"reason": "item.withdrawn_reason"},
)
STOCK = Source(
    _COPIES,
    "(item.acquired_on IS NULL OR item.acquired_on < :morning)"
    " AND (item.state <> 'withdrawn' OR item.withdrawn_on >= :morning)",
    _OF_COPIES | _NOW,
    is_state=True,
)
BORROWINGS = Source(
    "ill_borrowing",
    "ill_borrowing.arrived_on BETWEEN :first AND :last",
    {"branch": "ill_borrowing.branch_id"} | _days("ill_borrowing.arrived_on"),
)
# a serial that several branches take counts at the first of them
_FIRST_TAKER = (
    "(SELECT taken.branch_id FROM serial_copies taken JOIN branch ON branch.id = taken.branch_id"
    " WHERE taken.serial_id = serial.id ORDER BY branch.position, branch.id LIMIT 1)"
)
SERIALS = Source(
    "serial",
    "serial.began_on < :morning AND (serial.ended_on IS NULL OR serial.ended_on >= :morning)",
    {"branch": _FIRST_TAKER} | _NOW,
    is_state=True,
)
UNDATED = Source(_COPIES, "TRUE", _OF_COPIES, is_state=True)
# a card without 登録館 counts at the first branch
_AT_BRANCH = "COALESCE(patron.branch_id, (SELECT id FROM branch ORDER BY position, id LIMIT 1))"
CARDS = Source(
    "patron",
    "(patron.registered_on IS NULL OR patron.registered_on < :morning)"
    " AND (patron.expires_on IS NULL OR patron.expires_on >= :morning)"
    " AND (patron.state <> 'closed' OR patron.closed_on >= :morning)",
    {"branch": _AT_BRANCH} | _NOW,
    is_state=True,
)
NEW_CARDS = Source(
    "patron", "patron.registered_on BETWEEN :first AND :last", {"branch": _AT_BRANCH} | _days("patron.registered_on")
)
_OF_MONTHS = {"branch": "month_figure.branch_id", "month": "substr(CAST(month_figure.month AS text), 1, 7)"}
PAIR = "pair"  # of words: who borrowed
MONTHS = Source("month_figure", "month_figure.month BETWEEN :first_month AND :last_month", _OF_MONTHS)
FROZEN_MONTHS = MONTHS._replace(groups=_OF_MONTHS | dict.fromkeys(("class", PAIR), "month_figure.word"))
MONTH_END = FROZEN_MONTHS._replace(span="month_figure.month = :last_month", is_state=True)
STORED = (MONTHS, FROZEN_MONTHS, MONTH_END)
COUNTED = (*OF_FACTS, STOCK, CARDS, NEW_CARDS)  # at a month's end
YEARS = Source("year_figure", "year_figure.year = :year", {}, is_state=True)


@dataclass(frozen=True, eq=False)
class Figure:
    """A figure. ``words``: its definition; ``condition`` picks the rows of the source that count.

    ``since``: the kind of ``RecordedSince`` before which nothing is known. ``frozen``: counted at each month's end and
    read from there afterwards; ``by_hand``: entered for each month and branch, or (``year``) for each 年度. A figure of
    ``parts`` is their sum or, with ``times``, the first by the second, times that; ``digits`` after its point.
    """

    name: str
    label: str
    unit: str
    words: str
    source: Source
    condition: str = "TRUE"
    since: str = ""
    frozen: bool = False
    by_hand: bool = False
    year: bool = False
    parts: tuple[str, ...] = ()
    times: int = 0
    digits: int = 0

    @property
    def is_state(self) -> bool:
        """Tell whether it counts what is there at the end of a span, not what happened in it."""
        return self.source.is_state

    @property
    def ways(self) -> list[str]:
        """Return by what it can be counted: that by which each of its parts can."""
        groups = [FIGURES[part].source.groups for part in self.parts or [self.name]]
        return [by for by in groups[0] if all(by in each for each in groups)]

    def shown(self, number: float | None) -> str:
        """Return a number of this figure in words; 記録なし where it is unknown."""
        return "記録なし" if number is None else f"{number:,.{self.digits}f}"


# -- acts ------------------------------------------------------------------------------------------------------------
_LOAN, _TO_GROUP, _CHILD = (
    "use_fact.act IN (:loans)",
    "use_fact.is_group AND NOT use_fact.is_partner",
    "use_fact.stage = '小'",
)
_NO_PARTNER = "NOT use_fact.is_partner"
_BOOK = "material_type NOT IN (:magazines) AND {0}.material_type NOT IN (:audiovisual)"
_LENT_BOOK = "use_fact." + _BOOK.format("use_fact")


def _fact(name: str, label: str, unit: str, words: str, condition: str, since: str = "facts") -> Figure:
    return Figure(name, label, unit, words, FACTS, condition, since)


_ACTS = (
    _fact("loans", "個人貸出", "点", "団体でも相手館でもない利用者への貸出の点数です。借り受けた資料の貸出も入ります。", f"{_LOAN} AND NOT use_fact.is_group", "loans"),
    Figure("loans_child", "うち児童（小学生）", "点", "貸出の日に小学生だった方（4月2日から翌年の4月1日までに生まれた学年で数えます）への個人貸出です。児童書かどうかは問いません。",
           PEOPLE, f"{_LOAN} AND NOT use_fact.is_group AND {_CHILD}", "facts"),
    _fact("loans_juvenile", "うち児童書", "点", "児童書の個人貸出です。借りた方の年齢は問いません。",
          f"{_LOAN} AND NOT use_fact.is_group AND use_fact.audience = '児童'", "loans"),
    _fact("group_loans", "団体貸出", "点", "団体への貸出の点数です。", f"{_LOAN} AND {_TO_GROUP}", "loans"),
    _fact("partner_loans", "図書館間貸出", "点", "相手館の区分のカードへの貸出の点数です。個人貸出と団体貸出には入りません。",
          f"{_LOAN} AND use_fact.is_partner"),
    Figure("borrowings", "図書館間借受", "点", "ほかの図書館から借り受けて、その期間に届いた資料の点数です。受け入れた館に数えます。", BORROWINGS, since="facts"),
    Figure("borrowers", "帯出者数", "人", "借りた方の延べ人数で、団体も入り、相手館は入りません。同じ館で同じ日に何点借りても1人ですが、非常用の記録があとから届くと、2人になることがあります。",
           PEOPLE, f"use_fact.opens_visit AND {_NO_PARTNER}", "facts"),
    Figure("borrowers_child", "うち児童（小学生）", "人", "帯出者数のうち、その日に小学生だった方です。", PEOPLE, f"use_fact.opens_visit AND {_CHILD}", "facts"),
    Figure("users", "実利用者", "人", "年度のはじめから見て、その期間にはじめて借りた方の人数で、団体も入り、相手館は入りません。1枚のカードは年度に1回だけ数え、4月に届いた3月の非常用の記録は入らないことがあります。",
           PEOPLE, f"use_fact.first_in_year AND {_NO_PARTNER}", "facts"),
    _fact("holds", "予約件数", "件", "受け付けた予約の件数です。取り消した予約も、リクエスト（受け付けたときに1件）も数えます。",
          "use_fact.act IN ('hold', 'request')"),
    _fact("renewals", "延長", "点", "延長した点数です。", "use_fact.act = 'renewal'"),
    _fact("book_loans", "図書の貸出", "点", "図書の、個人と団体への貸出です。雑誌と視聴覚資料は入りません。", f"{_LOAN} AND {_NO_PARTNER} AND {_LENT_BOOK}", "loans"),
)  # fmt: skip

# 学校段階 × 居住, of which there is one table a year, and no page for each figure
CROSSED = Figure(
    "loans_crossed", "個人貸出", "点", "",
    FACTS._replace(groups={PAIR: "use_fact.stage || '/' || use_fact.residence", "branch": "use_fact.branch_id"}),
    f"{_LOAN} AND NOT use_fact.is_group", "loans",
)  # fmt: skip

# -- copies ----------------------------------------------------------------------------------------------------------
_KIND = "COALESCE(NULLIF(item.material_type, ''), title.material_type)"
_IS_BOOK = f"{_KIND} NOT IN (:magazines) AND {_KIND} NOT IN (:audiovisual)"
_JUVENILE = f"{_IS_BOOK} AND title.audience = '児童'"
_NO_DAY = "受入日の記録のない資料"


_HELD = (
    Figure("books", "蔵書冊数", "冊", f"その日の前日までに受け入れ、除籍していない図書です。不明、紛失、{_NO_DAY}も入り、雑誌と視聴覚資料は入りません。", STOCK, _IS_BOOK, frozen=True),
    Figure("books_juvenile", "うち児童書", "冊", "蔵書冊数のうち、児童書です。", STOCK, _JUVENILE, frozen=True),
    Figure("magazines", "雑誌", "冊", "その日の前日までに受け入れ、除籍していない雑誌です。", STOCK, f"{_KIND} IN (:magazines)", frozen=True),
    Figure("serials", "雑誌購入種数", "誌", "その日の朝に購入している雑誌の数です。日刊と休刊、寄贈の雑誌は入りません。いくつもの館で受け入れる雑誌は、館の並びで先の館に1誌と数えます。", SERIALS,
           "serial.acquired_how = '購入' AND serial.interval <> 'daily'"),
    Figure("audiovisual", "視聴覚資料", "点", "その日の前日までに受け入れ、除籍していない視聴覚資料です。", STOCK, f"{_KIND} IN (:audiovisual)", frozen=True),
    Figure("received", "受入冊数", "冊", f"受入日がその期間にある図書です。{_NO_DAY}は入りません。", RECEIVED, _IS_BOOK),
    Figure("received_juvenile", "うち児童書", "冊", "受入冊数のうち、児童書です。書誌を直すと、前の年の数も変わることがあります。", RECEIVED, _JUVENILE),
    Figure("withdrawn", "除籍冊数", "冊", "除籍日がその期間にある図書です。取り消した除籍と、除籍日の記録のない資料は入りません。", WITHDRAWN, _IS_BOOK),
    Figure("received_undated", "受入日の記録のない資料", "点", "いまある資料のうち、受入日が記録されていないものです。蔵書に入れ、受入には入れません。", UNDATED,
           "item.state <> 'withdrawn' AND item.acquired_on IS NULL"),
    Figure("withdrawn_undated", "除籍日の記録のない資料", "点", "除籍した資料のうち、除籍日が記録されていないものです。蔵書にも除籍にも入れません。", UNDATED,
           "item.state = 'withdrawn' AND item.withdrawn_on IS NULL"),
)  # fmt: skip

# -- cards, and open days ---------------------------------------------------------------------------------------------
_PERSON = "patron.category NOT IN (:no_persons)"


_CARDS = (
    Figure("cards", "登録者", "人", "その日の朝に期限内で廃止していない、個人のカードの枚数です（停止中のカードも入ります）。登録館のない方は、先頭の館に数えます。", CARDS, _PERSON, frozen=True),
    Figure("cards_child", "うち児童（小学生）", "人", "登録者のうち、その日に小学生の方です。生年月日の記録のない方は入りません。", CARDS,
           f"{_PERSON} AND patron.birth_date BETWEEN :pupils_from AND :pupils_to", frozen=True),
    Figure("cards_outside", "うち市外の方", "人", "登録者のうち、居住の別が市外（在住・在勤・在学のどれでもない）の方です。", CARDS,
           f"{_PERSON} AND patron.residence = 'outside'", frozen=True),
    Figure("groups", "登録団体", "団体", "その日の朝に有効な、団体のカードの枚数です。", CARDS, "patron.category IN (:groups)", frozen=True),
    Figure("new_cards", "新規登録", "人", "登録日がその期間にある、個人のカードの枚数です。", NEW_CARDS, _PERSON, frozen=True),
    Figure("days_open", "開館日数", "日", "館ごとの、開館カレンダーで開館した日の数です。月の終わりに確定します。", MONTHS, frozen=True),
)  # fmt: skip


# -- by hand, and made of others --------------------------------------------------------------------------------------
def _by_hand(name: str, label: str, unit: str, words: str) -> Figure:
    return Figure(name, label, unit, words, MONTHS, by_hand=True)


def _of_year(name: str, label: str, unit: str, words: str) -> Figure:
    return Figure(name, label, unit, words, YEARS, by_hand=True, year=True)


_BY_HAND = (
    _by_hand("visitors", "来館者", "人", "館に入った方の数です。"),
    _by_hand("copies_made", "複写枚数", "枚", "文献を複写した枚数です。"),
    _by_hand("references", "レファレンス（窓口）", "件", "窓口や電話で受けた質問の件数です。"),
    _by_hand("events", "行事", "回", "おはなし会など、館が開いた行事の回数です。"),
    _by_hand("participants", "参加者", "人", "行事に参加した方の数です。"),
    _by_hand("gatherings", "催しの延べ人数", "人", "講座や展示などに来た方の延べ人数で、社会教育調査の図書館利用者数に入ります。"),
    _of_year("population", "奉仕人口", "人", "年度の終わり（3月31日）の人口です。"),
    _of_year("floor_area", "延床面積", "㎡", "4月1日の、すべての館の延床面積です。"),
    _of_year("employees", "職員", "人", "4月1日の職員の数です。"),
    _of_year("budget", "資料費（予算）", "千円", "年度のはじめの、資料費の予算額です。"),
    _of_year("settlement", "資料費（決算）", "千円", "年度の、資料費の決算額です。"),
)  # fmt: skip
_MADE = (
    Figure("library_users", "図書館利用者数", "人", "帯出者数に、催しの延べ人数を足した数です（社会教育調査）。", PEOPLE, parts=("borrowers", "gatherings")),
    Figure("registration_rate", "登録率", "%", "登録者を、前の年度の終わりの奉仕人口で割ります。", CARDS, parts=("cards", "population"), times=100, digits=1),
    Figure("turnover", "回転率", "回", "期間の図書の貸出（個人と団体）を、期間の終わりの蔵書冊数で割ります。", FACTS, parts=("book_loans", "books"), times=1, digits=2),
)  # fmt: skip
FIGURES = {figure.name: figure for figure in (*_ACTS, *_HELD, *_CARDS, *_BY_HAND, *_MADE)}
