"""リクエスト in every state, asked for by people of the demonstration."""

from datetime import date, timedelta

from library import clock, policy
from library.facts import use_facts
from library.requests import same_work
from models import Borrowing, Branch, Partner, Patron, PatronRequest, Wanted

NOT_TAKEN = "コミック、ゲーム、問題集と、発売前の本は、お受けしていません。"
REPLY = "書評で拝見し、ほかの方からも希望がありました。"
WORKS = (  # title, volume, author, publisher, year, state, days ago, (patron, days ago, may be borrowed, note) of each
    ("石の声を聴く", "", "北山 透", "みどり書房", "2024", "considered", 6,
     ((1, 5, True, "新聞の書評で読みました。"), (3, 4, True, ""), (5, 1, False, "読書会で使います。"))),
    ("はじめての活版印刷", "", "", "", "", "received", 1, ((1, 1, True, ""),)),
    ("海辺の天文台", "", "戸田 早苗", "なぎさ社", "2025", "received", 0, ((7, 0, True, ""),)),
    ("北の灯台守", "", "佐伯 ミチ", "北洋出版", "2019", "borrowing", 8, ((1, 8, True, ""),)),
    ("山の郵便局", "", "小田切 源", "やまなみ舎", "2025", "buying", 14, ((4, 14, True, ""), (6, 12, True, ""))),
    ("町の本屋の一日", "", "森 かおる", "みどり書房", "2026", "buying", 10, ((8, 10, False, ""),)),
    ("月刊 盆栽", "2025年12月号", "", "", "", "declined", 15, ((1, 15, True, ""),)),
    ("雨の日の手紙", "", "水野 いと", "なぎさ社", "2023", "cancelled", 20, ((9, 20, True, ""),)),
)  # fmt: skip


def write(*, today: date) -> None:
    policy.put("requests_not_taken", NOT_TAKEN)
    people, branches = (
        list(Patron.select().order_by(Patron.card_number)),
        list(Branch.select().order_by(Branch.position)),
    )
    partner, _ = Partner.get_or_create(name="県立図書館", defaults={"isil": "JP-1000001"})
    for title, volume, author, publisher, year, state, days, askers in WORKS:
        decided = state in ("buying", "borrowing", "declined")
        ended_at = (
            clock.at(today - timedelta(days=max(0, days - 5)), 11) if state in ("declined", "cancelled") else None
        )
        wanted = Wanted.create(
            title_text=title, volume=volume, author=author, publisher=publisher, year_text=year, state=state,
            key=same_work.key(title, volume=volume, author=author, number=""), ended_at=ended_at,
            made_at=clock.at(today - timedelta(days=days), 18), reason="unavailable" if state == "declined" else "",
            decided_on=today - timedelta(days=max(0, days - 5)) if decided else None,
        )  # fmt: skip
        if state == "borrowing":
            branch = branches[0]
            Borrowing.create(wanted=wanted, partner=partner, branch=branch, asked_on=today - timedelta(days=3))
        for number, (person, ago, may_borrow, note) in enumerate(askers):
            made = PatronRequest.create(
                wanted=wanted, patron=people[person % len(people)], may_borrow=may_borrow, note=note,
                pickup_branch=branches[number % len(branches)], asked_at=clock.at(today - timedelta(days=ago), 18),
                reply=REPLY if state == "buying" else "", ended_at=ended_at, cancelled=state == "cancelled",
            )  # fmt: skip
            use_facts.of_request(made, by="patron", now=made.asked_at)
