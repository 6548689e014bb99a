"""リクエスト in every state, with what the library does not take. ``interlibrary`` goes on with what is borrowed."""

from datetime import date, timedelta

from library import clock, policy
from library.demonstration import holds
from library.demonstration.lending import Desk
from library.requests import same_work, states
from models import Branch, Hold, Item, Patron, PatronRequest, Title, Wanted

DECIDED_AFTER = 5  # days
REPLIES = {
    "buying": "書評で拝見し、ほかの方からも希望がありました。",
    "arrived": "中学生にもすすめられる本なので、購入しました。",
    "declined": "盆栽の本は、630番の棚にもあります。",
}
NOT_TAKEN = "コミック、ゲーム、問題集と、発売前の本は、お受けしていません。"
WORKS = (  # title, volume, author, publisher, year, state, days ago, (patron, days ago, may be borrowed, note) of each
    ("石の声を聴く", "", "北山 透", "みどり書房", "2024", "considered", 6,
     ((0, 5, True, "新聞の書評で読みました。"), (3, 4, True, ""), (2, 1, False, "読書会で使います。"))),
    ("はじめての活版印刷", "", "", "", "", "received", 1, ((0, 1, True, ""),)),
    ("海辺の天文台", "", "戸田 早苗", "なぎさ社", "2025", "received", 0, ((7, 0, True, ""),)),
    ("北の灯台守", "", "佐伯 ミチ", "北洋出版", "2019", "borrowing", 8, ((0, 8, True, ""),)),
    ("絹と糸車", "", "小林 きぬ", "信濃民俗社", "1998", "borrowing", 7, ((10, 7, True, ""),)),
    ("陶工の手帖", "", "浜口 庄平", "窯の会", "1987", "borrowing", 18, ((11, 18, True, ""),)),
    ("民謡採集録", "下", "堀川 節子", "音の泉社", "1979", "borrowing", 20, ((12, 20, True, "館内で読めれば十分です。"),)),
    ("街道と宿場", "", "本庄 真", "道標社", "2003", "borrowing", 30, ((13, 30, True, ""),)),
    ("北海の漁村", "", "佐伯 ミチ", "北洋出版", "2011", "borrowing", 27, ((14, 27, True, ""),)),
    ("染めものの里", "", "藍沢 なお", "信濃民俗社", "2006", "borrowing", 66, ((15, 66, True, ""),)),
    ("山の民具", "", "杉本 一", "やまなみ舎", "1972", "borrowing", 5, ((16, 5, True, ""),)),
    ("山の郵便局", "", "小田切 源", "やまなみ舎", "2025", "buying", 14, ((4, 14, True, ""), (6, 12, True, ""))),
    ("町の本屋の一日", "", "森 かおる", "みどり書房", "2026", "buying", 10, ((8, 10, False, ""),)),
    ("星を数える夜", "", "浅井 ゆう", "朔望社", "2025", "arrived", 30, ((1, 30, True, "星座の本を読みたいです。"),)),
    ("月刊 盆栽", "2025年12月号", "", "", "", "declined", 15, ((0, 15, True, ""),)),
    ("雨の日の手紙", "", "水野 いと", "なぎさ社", "2023", "cancelled", 20, ((9, 20, True, ""),)),
)  # fmt: skip


def write(desk: Desk) -> None:
    policy.put("requests_not_taken", NOT_TAKEN)
    reader, *others = desk.able()
    able = [reader, *(patron for patron in others if not patron.keep_history)]
    for title, volume, author, publisher, year, state, days, askers in WORKS:
        asked, decided = (desk.today - timedelta(days=ago) for ago in (days, max(0, days - DECIDED_AFTER)))
        ended_at = clock.at(decided, 11) if state in states.OVER else None
        hold = _hold(desk, able[askers[0][0]], title, asked) if state == "arrived" else None
        wanted = Wanted.create(
            title_text=title, volume=volume, author=author, publisher=publisher, year_text=year, state=state,
            key=same_work.key(same_work.Wish(title, author=author, volume=volume)), title=hold and hold.title,
            made_at=clock.at(asked, 18), reason="unavailable" if state == "declined" else "",
            decided_on=None if state in (*states.UNDECIDED, "cancelled") else decided,
            ended_at=clock.at(hold.item.acquired_on, 11) if hold else ended_at,
        )  # fmt: skip
        for number, (person, ago, may_borrow, note) in enumerate(askers):
            PatronRequest.create(
                wanted=wanted, patron=able[person], may_borrow=may_borrow, note=note,
                pickup_branch=hold.pickup_branch if hold else desk.branches[number], hold=hold,
                asked_at=clock.at(desk.today - timedelta(days=ago), 18), reply=REPLIES.get(state, ""),
                ended_at=wanted.ended_at, cancelled=state == "cancelled",
            )  # fmt: skip


def _hold(desk: Desk, patron: Patron, title: str, asked: date) -> Hold:
    """Return the hold that came of a request, on the copy that was bought, which is kept for the patron."""
    item = Item.select(Item, Title, Branch).join(Title).switch(Item).join(Branch).where(Title.title == title).get()
    placed = {"placed_at": clock.at(asked, 18)}
    return Hold.create(**holds.on_the_way(desk, patron, item, "ready") | placed)
