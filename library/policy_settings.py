"""運用ルール: every setting of the library, declared once: its default, its words, its limits, how a typed value is read.

Made from here: the defaults of ``library.policy``, the fields, hints and error summary of the page of rules, and the
words in the record of changes. A new setting is a row of ``GROUPS``; the rule that needs it asks ``policy.get``.
"""

import unicodedata
from dataclasses import KW_ONLY, dataclass
from typing import Any, NamedTuple

from library import dates, errors, networks

MOST_STAGES = 5
STAGES = (1, 365)  # days late
WITHIN = "{low}から{high}まで。"


# -- kinds -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Declared:
    """A setting of one line of text.

    ``maximum`` (letters), ``width`` and ``rows`` (of several lines) are of its field; ``choices`` are (value, label).
    ``for_sign_in``: it changes how people sign in, and is changed only by somebody who proves once more who they are.
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
    for_sign_in: bool = False

    @property
    def explained(self) -> str:
        """Return the sentence under the label; empty where the label says it all."""
        return self.hint.format_map(vars(self))

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
        """Return the words of a rule: する, 10点."""
        return dict(self.choices).get(self.typed(value)) or f"{value}{self.unit}"


@dataclass(frozen=True, kw_only=True)
class Number(Declared):
    """A number from ``low`` to ``high``, which stand in the hint in braces."""

    maximum: int = 10
    width: str = "width-days"
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


@dataclass(frozen=True, kw_only=True)
class Networks(Words):
    maximum: int = 2000
    rows: int = 3
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


# -- 貸出ルール -------------------------------------------------------------------------------------------------------
POSSIBLE = (("y", "する"), ("n", "しない"))
# the default row of lending; what differs for a category of patrons or a material type is in PolicyRow
LENDING = (
    YesNo("lendable", True, "貸出", choices=POSSIBLE, drops_down=True),
    YesNo("holdable", True, "予約", choices=POSSIBLE, drops_down=True),
    Number("loan_limit", 10, "貸出点数", WITHIN, low=0, high=1000, unit="点"),  # at a time
    Number("loan_days", 14, "貸出日数", WITHIN, low=1, high=365, unit="日"),
    Number("renewals", 1, "延長の回数", WITHIN, low=0, high=20, unit="回"),
    Number("hold_limit", 10, "予約点数", WITHIN, low=0, high=1000, unit="点"),  # open ones, those ready for pickup too
    Number("cart_limit", 10, "予約かごの点数", WITHIN, low=1, high=500, unit="点"),
    Number("shelf_days", 7, "取り置きの開館日数", WITHIN, low=1, high=60, unit="日"),
)


# -- 図書館全体の設定, as they stand on the page -----------------------------------------------------------------------
class Group(NamedTuple):
    name: str
    heading: str
    hint: str
    settings: tuple[Declared, ...]


GROUPS = (
    Group("renewal", "延長", "", (
        # a renewal of all leaves out what would gain fewer days
        Number("renew_gain_days", 3, "まとめて延長する日数",
               "「すべて延長する」は、この日数以上延びる資料だけを延長します。1点ずつなら、1日からできます。" + WITHIN, low=1, high=31),
    )),
    Group("undo", "元に戻す", "利用者が予約の取り消し、延長、予約かごや本棚からの取り出しをしたあと、この分数のあいだ「元に戻す」で元に戻せます。取り置いた資料は、そのあとで次の方にまわります。", (
        Number("undo_minutes", 10, "元に戻せる分数", WITHIN, low=1, high=60),
    )),
    Group("family", "家族", "お子さんの借りている資料を、同意のあるご家族が見られます。18歳になると、ご本人が続けると答えないかぎり終わります。", (
        Number("family_self_age", 15, "書名を見せるか自分で選べる年齢",
               "この年齢になると、書名を見せるかどうかをご本人にお尋ねし、60日お返事がなければ見せません。" + WITHIN, low=12, high=17),
    )),
    Group("late", "延滞と予約", "", (
        YesNo("overdue_stops", True, "延滞があるとき", choices=(("y", "貸出・予約・延長を止める"), ("n", "止めない"))),
        Stages("overdue_stages", [7, 14, 28], "督促",
               "返却期限から何日過ぎたら、お返しのお願いを送るか。「7、14、28」のように。空にすると送りません。", maximum=40, width="width-card"),
        YesNo("postcard_titles", False, "督促のはがきの書名", "はがきは家族や配達の人の目に触れます。メールに書名を載せない方には、書名を書きません。",
              choices=(("n", "点数だけを書く"), ("y", "書名も書く"))),
        YesNo("holds_on_shelf", True, "在架予約", choices=(("y", "書架にある資料も予約できる"), ("n", "できない"))),
    )),
    Group("days", "開館日", "変えても、もう決まっている返却期限は移りません。", (
        # a closed weekday that is a holiday moves to the next weekday that is none
        YesNo("holidays_shift", True, "祝日と重なる休館日", choices=(("y", "開館し、次の平日を休館にする"), ("n", "そのまま休館にする"))),
    )),
    Group("card", "カードとパスワード", "", (
        Number("card_years", 5, "カードの有効年数", "登録や更新の日から数えます。" + WITHIN, low=1, high=20),
        Declared("first_password_mode", "birthday", "はじめのパスワード", for_sign_in=True,
                 choices=(("birthday", "生年月日の月日4桁"), ("code", "窓口で渡す1回限りのコード"))),
        Number("first_password_days", 30, "月日の4桁で入れる日数", "登録や再発行の日から数えます。", low=1, high=365, for_sign_in=True),
        Number("first_code_days", 14, "コードで入れる日数", "コードを渡した日から数えます。", low=1, high=365, for_sign_in=True),
        Number("password_minimum", 10, "パスワードの長さ",
               "本人が決めるパスワードは、この文字数からです。" + WITHIN, low=8, high=15, for_sign_in=True),
        YesNo("staff_second_factor", False, "窓口の職員の2段階認証", "必要にすると、次のログインから7日以内の設定を求めます。「管理」の職員は、https のときはいつも必要です。",
              choices=(("y", "必要にする"), ("n", "職員が選ぶ")), for_sign_in=True),
    )),
    Group("sdi", "新着資料のお知らせ（SDI）", "利用者が登録した検索にあう新しい資料を、週に1回、メールで知らせます。", (
        Declared("sdi_day", "金", "送る曜日", choices=tuple((day, f"{day}曜日") for day in dates.WEEKDAYS),
                 drops_down=True, width="width-days"),
        Number("sdi_hour", 7, "送りはじめる時刻", "この時刻を過ぎてから送ります。" + WITHIN, low=0, high=23),
    )),
    Group("reference", "レファレンス", "答えて（終えて）からこの日数が過ぎると、質問と答え、質問した人とのつながりが消えます。公開した回答は残ります。", (
        Number("reference_days", 90, "質問を残す日数", WITHIN, low=1, high=1095),
    )),
    Group("suggestions", "検索", "書名・著者・件名・分類の候補です。打っている言葉は、どこにも残りません。", (
        YesNo("suggestions", True, "検索候補", choices=(("y", "検索語を打つあいだに出す"), ("n", "出さない"))),
    )),
    Group("terminals", "館内端末", "どなたでも使えるパソコンのうち、アドレスで決めるもの。", (
        Networks("terminals", [], "館内端末のアドレス", "1行に1つずつ。「192.168.10.5」や「192.168.10.0/24」のように。"),
    )),
    Group("desk", "窓口のパソコン", "だれかがパスワードを続けて試しているあいだも、ここからは職員がログインできます。", (
        Networks("desk_networks", [], "窓口のパソコンのアドレス", "窓口と事務室のもの。書き方は館内端末と同じです。"),
    )),
    Group("words", "区分", "1行に1つずつ。使われているものは外せません。", (
        Words("categories", ["一般", "児童"], "利用者の区分", maximum=1000, rows=4, needed=True),
        Words("group_categories", [], "団体の区分", "「利用者の区分」のうち、団体のもの。生年月日を入れず、保護者のかわりに担当者を登録します。", maximum=1000, rows=2),
        Declared("residence_outside", "市外", "市の外の方の呼び方",
                 "居住の別で、在住・在勤・在学のどれでもない方。「町外」「村外」のように。", maximum=20, width="width-card", needed=True),
        Words("material_types", ["図書", "雑誌", "CD", "DVD", "紙芝居", "電子書籍"], "資料区分", maximum=2000, rows=8, needed=True),
    )),
    Group("library", "図書館", "ページの下とメールの終わりに出ます。", (
        Declared("address", "", "所在地"),
        Declared("phone", "", "電話番号", maximum=40, width="width-card"),
    )),
)  # fmt: skip
OF_LIBRARY = tuple(setting for group in GROUPS for setting in group.settings)

# -- set on pages of their own, or by the program ----------------------------------------------------------------------
ELSEWHERE = (
    Declared("library_name", "", "図書館の名前"),  # over the setting LIBRARY_NAME
    Declared("accent", "", "アクセントの色"),  # #rrggbb; empty: that of the style sheets
    Declared("logo", None),  # the measures of library.site.branding.Logo
    Declared("card_forms", [{"id": 1, "length": 13, "is_for_new": True}]),  # numbers of cards: library.numbers.formats
    Declared("item_forms", [{"id": 1, "letters": True, "is_for_new": True}]),  # of copies: 1 to 20 characters
    Declared("demonstration", False),  # the library that does not exist
    # since a library was moved in (移行): {"opens_on": the day, or None}; see library.calendar.before_opening
    Declared("moving", None),
)
ALL = {setting.name: setting for setting in (*LENDING, *OF_LIBRARY, *ELSEWHERE)}
