"""運用ルール: every setting of the library, declared once: its default, its words, its limits, how a typed value is read.

Made from here: the defaults of ``library.policy``, the pages of rules with their fields, hints and error summaries,
today's rule in words, and the words in the record of changes. A new setting is a row of ``GROUPS``; the rule that needs
it asks ``policy.get``.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, NamedTuple

from library import dates, errors, networks

CATEGORIES = ("一般", "児童", "団体")  # of patrons, and the types of materials: those of a new library
SHIPPED_ROWS = {"団体": {"loan_limit": 100, "loan_days": 30, "renewals": 1, "hold_limit": 20}}
MATERIAL_TYPES = ("図書", "雑誌", "CD", "DVD", "紙芝居", "電子書籍")
MOST_STAGES = 5
STAGES = (1, 365)  # days late


# -- kinds -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Declared:
    """A setting of one line of text.

    ``maximum`` (letters), ``width`` and ``rows`` (of several lines) are of its field; ``choices`` are (value, label).
    ``phrase`` is its part of today's rule, ``phrases`` are those of certain values, ``cares`` what is odd about certain
    values: (typed value, words), which name settings in braces. ``for_sign_in``: it changes how people sign in, and is
    changed only by somebody who proves once more who they are.
    """

    name: str
    default: Any
    label: str = ""
    hint: str = ""
    _: KW_ONLY
    maximum: int = 254
    width: str = ""
    rows: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    drops_down: bool = False  # the choices are a menu, not radio buttons
    needed: bool = False
    unit: str = ""
    phrase: str = ""
    phrases: tuple[tuple[str, str], ...] = ()
    cares: tuple[tuple[str, str], ...] = ()
    for_sign_in: bool = False

    def read(self, text: str) -> Any:
        """Return the value that was typed. Raises: Refused."""
        line = " ".join(text.split())
        if self.needed and not line:
            raise errors.FieldEmpty
        return line

    def typed(self, value: Any) -> str:
        """Return a value as it stands in its field; empty for none."""
        return "" if value is None else str(value)

    def words(self, value: Any) -> str:
        """Return the words of a value: する, 10点; – for none."""
        return dict(self.choices).get(self.typed(value)) or (f"{value}{self.unit}" if value not in (None, "") else "–")

    def counted(self, value: Any) -> str:
        """Return the words of a value within today's rule."""
        return self.words(value)

    def phrase_of(self, values: Mapping[str, Any]) -> str:
        """Return this setting's part of today's rule: 10点まで, 延長できない."""
        chosen = dict(self.phrases).get(self.typed(values[self.name]), self.phrase or f"{{{self.name}}}")
        return chosen.format_map({name: ALL[name].counted(value) for name, value in values.items()})

    def care_of(self, value: Any) -> str:
        """Return the sentence that says what is odd about a value; empty for nothing."""
        return dict(self.cares).get(self.typed(value), "")


@dataclass(frozen=True, kw_only=True)
class Number(Declared):
    """A number from ``low`` to ``high``."""

    maximum: int = 10
    low: int
    high: int

    def read(self, text: str) -> int:
        text = unicodedata.normalize("NFKC", text).strip()
        if not text:
            raise errors.FieldEmpty
        if not text.isdecimal() or len(text) > 4 or not self.low <= int(text) <= self.high:
            raise errors.NumberOutOfRange(low=self.low, high=self.high)
        return int(text)


@dataclass(frozen=True, kw_only=True)
class YesNo(Declared):
    def read(self, text: str) -> bool:
        return text == "y"

    def typed(self, value: bool | None) -> str:
        return "" if value is None else "y" if value else "n"


@dataclass(frozen=True, kw_only=True)
class Words(Declared):
    """Words, one a line."""

    width: str = "width-card"

    def read(self, text: str) -> list[str]:
        words = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
        if self.needed and not words:
            raise errors.ListEmpty
        if doubled := next((word for word in words if words.count(word) > 1), None):
            raise errors.ListHasDouble(word=doubled)
        return words

    def typed(self, value: list[str]) -> str:
        return "\n".join(value)

    def words(self, value: list[str]) -> str:
        return "・".join(value) or "なし"

    def counted(self, value: list[str]) -> str:
        return f"{len(value)}{self.unit}"


@dataclass(frozen=True, kw_only=True)
class Networks(Words):
    maximum: int = 2000
    rows: int = 3
    unit: str = "件"
    for_sign_in: bool = True

    def read(self, text: str) -> list[str]:
        return networks.read(text)


@dataclass(frozen=True, kw_only=True)
class Stages(Declared):
    """Days late, rising; none: nobody is asked to bring anything back."""

    def read(self, text: str) -> list[int]:
        low, high = STAGES
        words = unicodedata.normalize("NFKC", text).replace("、", " ").replace(",", " ").split()
        days = [int(word) for word in words if word.isdecimal() and len(word) < 4]
        is_read = len(days) == len(words) <= MOST_STAGES and days == sorted({*days})
        if not is_read or any(not low <= day <= high for day in days):
            raise errors.NumbersUnreadable(low=low, high=high, most=MOST_STAGES)
        return days

    def typed(self, value: list[int]) -> str:
        return "、".join(map(str, value))

    def words(self, value: list[int]) -> str:
        return "、".join(f"{day}日" for day in value) or "なし"


@dataclass(frozen=True, kw_only=True)
class NumberRange(Declared):
    """The first and the last number of a range, of as many digits each."""

    def read(self, text: str) -> list[str]:
        line = "".join(unicodedata.normalize("NFKC", text).split())
        found = re.fullmatch(r"([0-9]{4,13})[-~〜–]([0-9]{4,13})", line)
        if not found or len(found[1]) != len(found[2]) or found[1] > found[2]:
            raise errors.RangeUnreadable
        return list(found.groups())

    def typed(self, value: list[str]) -> str:
        return "〜".join(value)

    def words(self, value: list[str]) -> str:
        return self.typed(value)


# -- 貸出ルール -------------------------------------------------------------------------------------------------------
# the default of lending; what differs for a category of patrons or a material type is in PolicyRow
OF_LOANS = (
    YesNo("lendable", True, "貸出", choices=(("y", "する"), ("n", "しない")), drops_down=True, width="width-branch",
          phrases=(("y", "貸し出す"), ("n", "貸し出さない")), cares=(("n", "どの資料も貸し出しません。"),)),
    Number("loan_limit", 10, "貸出できる点数", low=0, high=1000, unit="点",  # at a time
           phrase="{loan_limit}まで", cares=(("0", "貸出が0点です。だれも借りられません。"),)),
    Number("loan_days", 14, "貸出の日数", low=1, high=365, unit="日"),
    Number("renewals", 1, "延長できる回数", "予約の入った本は延長できません。", low=0, high=20, unit="回",
           phrase="延長は{renewals}", phrases=(("0", "延長できない"),)),
)  # fmt: skip
OF_HOLDS = (
    YesNo("holdable", True, "予約", choices=(("y", "する"), ("n", "しない")), drops_down=True, width="width-branch",
          phrases=(("y", "予約できる"), ("n", "予約できない")), cares=(("n", "どの資料も予約できません。"),)),
    Number("hold_limit", 10, "予約できる点数", "取り置いている資料も数えます。", low=0, high=1000, unit="点",
           phrase="予約は{hold_limit}まで", cares=(("0", "予約が0点です。だれも予約できません。"),)),
    Number("cart_limit", 10, "予約かごに入る点数", low=1, high=500, unit="点", phrase="予約かごは{cart_limit}まで"),
    Number("shelf_days", 7, "取り置く日数", "開館日だけを数えます。", low=1, high=60, unit="日", phrase="取り置きは開館日で{shelf_days}"),
)  # fmt: skip
LENDING = (*OF_LOANS, *OF_HOLDS)


# -- 運用ルール, a page a group --------------------------------------------------------------------------------------
class Group(NamedTuple):
    """Settings on one page. ``words``: today's rule, with the phrases of settings in braces."""

    name: str
    heading: str
    words: str
    settings: tuple[Declared, ...]
    lead: str = ""

    def in_words(self, values: Mapping[str, Any]) -> str:
        """Return today's rule in words."""
        return self.words.format_map({each.name: each.phrase_of(values) for each in self.settings})


GROUPS = (
    Group("loans", "貸出と延長", "{loan_limit}、{loan_days}。{renewals}。まとめて延長するのは、{renew_gain_days}延びるとき。", (
        *OF_LOANS,
        # a renewal of all leaves out what would gain fewer days
        Number("renew_gain_days", 3, "まとめて延長するとき", "これより短くしか延びない本は、1点ずつなら延長できます。",
               low=1, high=31, unit="日以上"),
        Number("undo_minutes", 10, "元に戻せる時間",
               "延長や取り消しのあと、利用者が「元に戻す」を押せる時間です。取り置いた資料は、そのあとで次の方にまわります。",
               low=1, high=60, unit="分"),
    )),
    Group("holds", "予約と取り置き", "{hold_limit}。{holds_on_shelf}。{shelf_days}。", (
        *OF_HOLDS,
        YesNo("holds_on_shelf", True, "書架にある本の予約", choices=(("y", "できる"), ("n", "できない")),
              phrases=(("y", "書架にある本も予約できる"), ("n", "書架にある本は予約できない"))),
    )),
    Group("requests", "リクエスト", "{requests_taken}。", (
        YesNo("requests_taken", True, "リクエストの受付", choices=(("y", "受け付ける"), ("n", "休む")),
              phrases=(("y", "リクエストを受け付ける"), ("n", "リクエストの受付を休む"))),
        Declared("requests_pause", "", "休む期間と理由", "休むときに、利用者に見せます。"),
        Declared("requests_not_taken", "", "受け付けないもの", "申し込みの画面の上に、このまま出ます。"),
    )),
    Group("interlibrary", "相互貸借", "仮バーコードは{temporary_numbers}。", (
        NumberRange("temporary_numbers", ["9000000001", "9000000999"], "仮バーコードの範囲",
                    "ほかの図書館から借りた資料につける番号です。「9000000001〜9000000999」のように書きます。",
                    maximum=40, width="width-card"),
    )),
    Group("late", "延滞と督促", "{overdue_stops}。{overdue_stages}。", (
        YesNo("overdue_stops", True, "延滞のあるとき", choices=(("y", "貸出・予約・延長を止める"), ("n", "止めない")),
              phrases=(("y", "延滞のある方は、貸出・予約・延長を止める"), ("n", "延滞のある方も、貸出・予約・延長を止めない"))),
        Stages("overdue_stages", [7, 14, 28], "督促",
               "返却期限から何日過ぎたら送るか、「7、14、28」のように書きます。空にすると送りません。", maximum=40, width="width-card",
               phrase="督促は{overdue_stages}", phrases=(("", "督促はしない"),)),
        YesNo("postcard_titles", False, "督促のはがきの書名", "はがきは家族や配達の人の目に触れます。メールに書名を載せない方には、書名を書きません。",
              choices=(("n", "点数だけを書く"), ("y", "書名も書く"))),
    )),
    Group("cards", "カードとパスワード", "カードは{card_years}。はじめのパスワードは、{first_password_mode}。", (
        Number("card_years", 5, "カードの有効年数", "登録や更新の日から数えます。", low=1, high=20, unit="年"),
        Declared("first_password_mode", "birthday", "はじめのパスワード", for_sign_in=True,
                 choices=(("birthday", "生年月日の月日4桁"), ("code", "窓口で渡す1回限りのコード")),
                 phrases=(("birthday", "生年月日の月日4桁で{first_password_days}"), ("code", "1回限りのコードで{first_code_days}")),
                 cares=(("birthday", "1回限りのコードをおすすめします。"),)),
        Number("first_password_days", 30, "月日の4桁で入れる日数", "登録や再発行の日から数えます。",
               low=1, high=365, unit="日", for_sign_in=True),
        Number("first_code_days", 14, "コードで入れる日数", "コードを渡した日から数えます。", low=1, high=365, unit="日", for_sign_in=True),
        Number("password_minimum", 10, "パスワードの長さ", "本人が決めるパスワードは、この文字数からです。",
               low=8, high=15, unit="文字", for_sign_in=True),
        YesNo("staff_second_factor", False, "窓口の職員の2段階認証", "必要にすると、次のログインから7日以内の設定を求めます。「管理」の職員は、https のときはいつも必要です。",
              choices=(("y", "必要にする"), ("n", "職員が選ぶ")), for_sign_in=True),
    )),
    Group("family", "家族", "{family_self_age}になったら、書名を見せるかを本人が決める。", (
        Number("family_self_age", 15, "書名を見せるか自分で選べる年齢", "ご本人にお尋ねし、60日お返事がなければ見せません。",
               low=12, high=17, unit="歳"),
    ), "お子さんの借りている資料を、同意のあるご家族が見られます。18歳になると、ご本人が続けると答えないかぎり終わります。"),
    Group("notices", "お知らせと質問", "新着のお知らせは{sdi_day}の{sdi_hour}。レファレンスの質問は{reference_days}で消す。", (
        Declared("sdi_day", "金", "新着のお知らせを送る曜日", "登録された検索にあう新しい資料を、週に1回、メールで知らせます。",
                 choices=tuple((day, f"{day}曜日") for day in dates.WEEKDAYS), drops_down=True, width="width-days"),
        Number("sdi_hour", 7, "送りはじめる時刻", "この時刻を過ぎてから送ります。", low=0, high=23, unit="時"),
        Number("reference_days", 90, "レファレンスの質問を残す日数",
               "答えて（終えて）から数えます。質問と答えは消え、公開した回答は残ります。", low=1, high=1095, unit="日"),
        Declared("address", "", "図書館の所在地", "ページの下とメールの終わりに出ます。"),
        Declared("phone", "", "図書館の電話番号", "ページの下とメールの終わりに出ます。", maximum=40, width="width-card",
                 cares=(("", "図書館の電話番号が未登録です。"),)),
    )),
    Group("days", "祝日と休館日", "{holidays_shift}。", (
        # a closed weekday that is a holiday moves to the next weekday that is none
        YesNo("holidays_shift", True, "祝日と重なる休館日", "もう決まっている返却期限は移りません。",
              choices=(("y", "開館し、次の平日を休館にする"), ("n", "そのまま休館にする")),
              phrases=(("y", "祝日と重なる休館日は開館し、次の平日を休む"), ("n", "祝日と重なる休館日も休む"))),
    )),
    Group("words", "区分とパソコン",
          "利用者の区分は{categories}、資料区分は{material_types}。アドレスは、館内端末が{terminals}、窓口が{desk_networks}。", (
        Words("categories", [*CATEGORIES], "利用者の区分", "1行に1つずつ。使われているものは外せません。",
              maximum=1000, rows=4, needed=True, unit="種類"),
        Words("group_categories", ["団体"], "団体の区分",
              "「利用者の区分」のうち、団体のもの。生年月日を入れず、代表者・担当者・配送先を登録します。貸出履歴は残しません。", maximum=1000, rows=2),
        Words("partner_categories", [], "相手館の区分", "「利用者の区分」のうち、相互貸借の相手館のもの。貸出を図書館間貸出に数えます。", maximum=1000, rows=2),
        Declared("residence_outside", "市外", "市の外の方の呼び方",
                 "居住の別で、在住・在勤・在学のどれでもない方。「町外」「村外」のように。", maximum=20, width="width-card", needed=True),
        Words("material_types", [*MATERIAL_TYPES], "資料区分", "1行に1つずつ。使われているものは外せません。",
              maximum=2000, rows=8, needed=True, unit="種類"),
        Words("magazine_types", ["雑誌"], "統計で雑誌とする資料区分", "1行に1つずつ。蔵書冊数には入りません。", maximum=1000, rows=2),
        Words("audiovisual_types", ["CD", "DVD"], "統計で視聴覚資料とする資料区分", "1行に1つずつ。蔵書冊数には入りません。",
              maximum=1000, rows=3),
        YesNo("count_renewals", False, "統計での延長", "年度の途中で変えると、前の年と比べられなくなります。",
              choices=(("y", "貸出の点数に数える"), ("n", "数えない"))),
        Networks("terminals", [], "館内端末のアドレス", "どなたでも使えるパソコン。「192.168.10.5」や「192.168.10.0/24」を、1行に1つずつ書きます。"),
        Networks("desk_networks", [], "窓口のパソコンのアドレス", "窓口と事務室のもの。だれかがパスワードを続けて試しているあいだも、ここからは職員がログインできます。",
                 cares=(("", "窓口のパソコンのアドレスが未登録です。"),)),
        YesNo("kids", True, "こどものさがす", "子どもが自分で本を探すページです。絵と言葉は「こどものさがす」のページで変えます。",
              choices=(("y", "公開する"), ("n", "公開しない"))),
        YesNo("suggestions", True, "検索候補", "書名・著者・件名・分類の候補です。打っている言葉は、どこにも残りません。",
              choices=(("y", "検索語を打つあいだに出す"), ("n", "出さない"))),
    )),
)  # fmt: skip
ON_PAGES = tuple(setting for group in GROUPS for setting in group.settings)

# -- set on pages of their own, or by the program ----------------------------------------------------------------------
ELSEWHERE = (
    Declared("library_name", "", "図書館の名前"),  # over the setting LIBRARY_NAME
    Declared("accent", "", "アクセントの色"),  # #rrggbb; empty: that of the style sheets
    Declared("logo", None),  # the measures of library.site.branding.Logo
    Declared("card_forms", [{"id": 1, "length": 13, "is_for_new": True}]),  # numbers of cards: library.numbers.formats
    Declared("item_forms", [{"id": 1, "letters": True, "is_for_new": True}]),  # of copies: 1 to 20 characters
    Declared("library_kana", ""),  # the name of the library in kana, on こどものさがす
    Declared("kids_shelves", {}),  # 配架場所 → its name in kana there
    Declared("motifs", {}),  # what the library changed of the pictures there: library.discovery.motifs
    Declared("demonstration", False),  # the library that does not exist
    # since a library was moved in (移行): {"opens_on": the day, or None}; see library.calendar.before_opening
    Declared("moving", None),
)
ALL = {setting.name: setting for setting in (*ON_PAGES, *ELSEWHERE)}
