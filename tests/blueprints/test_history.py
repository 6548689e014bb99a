"""借りたことがある資料 as its patron sees it, and as nobody else does."""

import csv
import io
from datetime import date, timedelta

import pytest

from library import clock
from library.reading import history
from models import CartRow, HistoryEntry, Patron, database as connection
from tests import factories

LIST, DELETION, DONE = "/my/history", "/my/history/deletion", "/my/history/deletion/done"
MANUAL = (
    "「残す」に設定すると、設定後の履歴が記録され、翌日から表示されます。",
    "設定以前の記録は表示されません。",
    "本サービスは永久的なものではないため、転記されるなど記録管理を推奨いたします。",
    "1000冊以上は表示されません。",
    "記録の削除等が必要な場合もご自身で管理をお願いします。",
    "削除した場合は復元することはできません。",
)


@pytest.fixture
def patron(db):
    return factories.patron(keep_history=True)


def rows(browse):
    return [row.get_text(" ", strip=True) for row in browse.page.select(".row-history .row-facts")]


def text(browse):
    """All that is said, without spaces: a number stands in a part of its own."""
    return browse.text().replace(" ", "")


def titles(browse):
    return [row.get_text(strip=True) for row in browse.page.select(".row-history h2")]


def days_ago(days):
    return clock.today() - timedelta(days=days)


def many(patron, number):
    lines = [
        {"patron": patron, "title_text": f"長い書名の本 その{day}", "author_text": "ながい ちょしゃめい", "lent_on": days_ago(day)}
        for day in range(1, number + 1)
    ]  # fmt: skip
    with connection.atomic():
        HistoryEntry.insert_many(lines).execute()


def named(browse, role, name):
    """The control of this name in main: a button's words, or what it says to those who don't see it."""
    found = browse.page.find("main").find_all(role)
    return [one for one in found if name in (one.get("aria-label"), one.get_text(" ", strip=True))]


# -- the page ----------------------------------------------------------------------------------------------------------
def test_the_tile_counts_what_can_be_seen_and_leads_there(signed_in, patron):
    factories.history(patron, lent_on=days_ago(1))
    factories.history(patron, "草枕", days_ago(0))
    factories.history(factories.patron(), lent_on=days_ago(1))
    signed_in.get("/my/")
    tile = signed_in.page.find("a", href=LIST, class_="tile").get_text(" ", strip=True).replace(" ", "")
    assert tile == "借りたことがある資料過去に借りたことがある資料を確認できます。1冊"


def test_a_page_for_those_who_keep_nothing_says_how_it_is_done(browse, db):
    browse.sign_in(factories.patron())
    browse.get(LIST)
    assert browse.h1() == "借りたことがある資料"
    assert browse.page.find("main").find("a", href="/my/profile#part-history")
    assert all(sentence in text(browse) for sentence in MANUAL)
    assert "いまは、借りた資料を記録していません" in text(browse)
    assert not named(browse, "button", "すべての記録を削除する")


def test_kept_records_are_there_when_nothing_is_kept_any_more(browse, db):
    former = factories.patron()
    factories.history(former, lent_on=days_ago(3))
    browse.sign_in(former)
    browse.get(LIST)
    assert titles(browse) == ["こころ"]
    assert "いまは、借りた資料を記録していません" in text(browse)


def test_a_row_says_what_was_borrowed_when_and_where_and_leads_to_the_title(signed_in, patron):
    title = factories.title("草枕", volume="上")
    entry = factories.history(patron, "草枕 上", date(2026, 1, 2))
    HistoryEntry.update(title=title, author_text="夏目漱石", memo="よい\nとても", rating=4).execute()
    factories.history(patron, "なくなった本", date(2025, 1, 2))
    signed_in.get(LIST)
    assert rows(signed_in) == [
        "草枕 上 夏目漱石 2026年1月2日(金) 本館 ★★★★☆ 評価 5段階の4 よい\nとても",
        "なくなった本 2025年1月2日(木) 本館",
    ]
    assert [link["href"] for link in signed_in.page.select(".row-history h2 a")] == [f"/titles/{title.id}"]
    assert "いまは図書館にない資料です" in text(signed_in)
    assert all(sentence in text(signed_in) for sentence in MANUAL)
    assert "最長30日残ります" not in text(signed_in), "the page that asks says it"
    assert named(signed_in, "input", "「草枕 上」を選択")[0]["value"] == str(entry.id)
    for role, name in (
        ("button", "選択した記録を削除する"),
        ("button", "すべての記録を削除する"),
        ("a", "「草枕 上」の記録を削除する"),
    ):
        assert len(named(signed_in, role, name)) == 1, name


def test_a_loan_of_today_is_announced_not_shown(signed_in, patron):
    factories.history(patron, "きょうの本", days_ago(0))
    for address in (LIST, "/my/history.csv", "/my/history/passbook", "/my/history/year"):
        assert "きょうの本" not in signed_in.get(address).text
    signed_in.get(LIST)
    assert "本日借りた1点は、明日から表示されます" in text(signed_in)


def test_a_long_memo_is_whole_on_its_own_page_and_begins_in_the_list(signed_in, patron):
    memo = "あ" * 400 + "おわり"
    entry = factories.history(patron, "門", days_ago(2), memo=memo)
    signed_in.get(LIST)
    assert "あ" * 119 + "…" in text(signed_in) and "おわり" not in text(signed_in)
    signed_in.get(f"{LIST}/{entry.id}")
    assert signed_in.page.find("textarea").get_text(strip=True) == memo


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (899, None),
        (900, "記録が900点になりました"),
        (1000, "記録が1000点になりました"),
        (1200, "新しい1000点を表示しています"),
    ],
)
def test_from_900_it_is_said_what_will_be_shown_no_longer(signed_in, patron, number, words):
    many(patron, number)
    answer = signed_in.get(LIST)
    notices = [notice.get_text(" ", strip=True) for notice in signed_in.page.select("main .notice")]
    assert (words in notices[0]) if words else notices == []
    assert f"{number}点の記録があります" in text(signed_in)
    assert len(answer.data) <= 60_000 and len(titles(signed_in)) == 30


def test_all_1200_are_in_the_file_and_1000_on_the_pages(signed_in, patron):
    many(patron, 1200)
    seen = []
    for number in range(1, 35):
        signed_in.get(f"{LIST}?page={number}")
        seen += titles(signed_in)
    assert seen == [f"長い書名の本 その{day}" for day in range(1, 1001)]
    assert "page=35" not in str(signed_in.page)
    lines = list(csv.reader(io.StringIO(signed_in.get("/my/history.csv").text.removeprefix("\ufeff"))))
    assert (len(lines), lines[0]) == (1201, ["書名", "著者", "貸出館", "貸出日", "評価", "メモ"])
    book = signed_in.get("/my/history/passbook")
    assert len(book.data) <= 60_000
    assert signed_in.page.select_one(".passbook td").get_text() == "201"


def test_the_list_is_narrowed_by_words_and_year_and_put_in_order(signed_in, patron):
    for name, day in (("猫の本", date(2025, 3, 1)), ("犬の本", date(2026, 3, 1)), ("ネコの話", date(2026, 4, 1))):
        factories.history(patron, name, day)
    for query, found in (
        ("", ["ネコの話", "犬の本", "猫の本"]), ("?words=本", ["犬の本", "猫の本"]), ("?year=2026&order=oldest", ["犬の本", "ネコの話"]),
        ("?words=ねこ", ["ネコの話"]), ("?year=1999", []), ("?year=x&order=x&page=0", ["ネコの話", "犬の本", "猫の本"]),
    ):  # fmt: skip
        signed_in.get(LIST + query)
        assert titles(signed_in) == found, query
    assert signed_in.get(f"{LIST}?words={'長' * 5000}").status_code == 200
    signed_in.get(f"{LIST}?words=%3Cb%3E&order=title")
    assert signed_in.page.find("select", id="order").find("option", selected=True)["value"] == "title"


def test_a_title_can_be_reserved_again_from_the_row(signed_in, patron):
    title = factories.title("草枕")
    factories.item(title)
    for day in (date(2026, 1, 2), date(2025, 1, 2)):
        factories.history(patron, "草枕", day)
    HistoryEntry.update(title=title).execute()
    signed_in.get(LIST)
    (button,) = named(signed_in, "button", "「草枕」を予約かごに入れる")
    form = {"back": signed_in.page.find("input", {"name": "back"})["value"], button["name"]: button["value"]}
    answer = signed_in.post(button["formaction"], form)
    assert answer.location == f"{LIST}#title-{title.id}"
    assert CartRow.get().title == title
    signed_in.get(LIST)
    row = signed_in.page.find(id=f"title-{title.id}")
    assert "「草枕」を予約かごに入れました（1点）。" in row.get_text()
    assert row.find("a", {"aria-label": "「草枕」が入った予約かごをみる"})


def test_a_part_is_swapped_in_by_htmx(signed_in, patron):
    factories.history(patron, lent_on=days_ago(1))
    assert "<html" not in signed_in.get(LIST, htmx=True).text


# -- deleting ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def three(patron):
    factories.history(factories.patron(), "別人の本", days_ago(9))
    return [factories.history(patron, f"本{days}", days_ago(days)) for days in (1, 10, 20)]


def left(patron):
    return sorted(entry.title_text for entry in HistoryEntry.select().where(HistoryEntry.patron == patron))


def test_ticked_records_are_looked_at_and_then_deleted(signed_in, patron, three):
    signed_in.get(LIST)
    answer = signed_in.post(LIST, {"back": LIST, "entry": [str(three[0].id), str(three[2].id)]})
    assert answer.location == f"{DELETION}?entry={three[0].id}&entry={three[2].id}"
    signed_in.get(answer.location)
    assert (signed_in.h1(), len(left(patron))) == ("記録の削除の確認", 3)
    said = text(signed_in)
    assert "まだ削除していません。2件" in said and "本1" in said and "本10" not in said
    assert "削除した場合は復元することはできません。" in said and "最長30日残ります" in said
    fields = [field["value"] for field in signed_in.page.find_all("input", {"name": "entry"})]
    for _ in range(2):  # sent twice, it deletes once and says the same
        assert signed_in.post(DELETION, {"entry": fields}).location == DONE
        signed_in.get(DONE)
        assert "2件の記録を削除しました" in text(signed_in) and "最長30日残ります" in text(signed_in)
    assert left(patron) == ["本10"]


@pytest.mark.parametrize(
    ("query", "kept", "said"),
    [("all=1", [], "すべての記録、3件"), ("before={day}", ["本1", "本10"], "より前に借りた記録、1件")],
)
def test_all_or_all_before_a_day(signed_in, patron, three, query, kept, said):
    signed_in.get(f"{DELETION}?{query.format(day=days_ago(10).isoformat())}")
    assert said in text(signed_in)
    signed_in.post(DELETION, signed_in.form(DELETION))
    assert left(patron) == kept
    assert HistoryEntry.select().where(HistoryEntry.title_text == "別人の本").exists()


def test_all_is_what_the_button_says(signed_in, three):
    signed_in.get(LIST)
    assert signed_in.post(LIST, {"all": "1", "entry": str(three[0].id)}).location == f"{DELETION}?all=1"


def test_one_record_is_deleted_from_its_row(signed_in, patron, three):
    signed_in.get(LIST)
    signed_in.get(named(signed_in, "a", "「本10」の記録を削除する")[0]["href"])
    signed_in.post(DELETION, signed_in.form(DELETION))
    assert left(patron) == ["本1", "本20"]


@pytest.mark.parametrize(
    ("day", "words"),
    [("きのう", "日付として読めません"), ("2026-02-31", "日付として読めません"), ("", "入力してください")],
)
def test_a_day_that_is_none_is_said_at_its_field(signed_in, patron, three, day, words):
    answer = signed_in.get(DELETION, query_string={"before": day})
    assert answer.status_code == 422
    assert words in signed_in.page.find(id="before-messages").get_text()
    assert signed_in.page.find(id="before")["value"] == day
    assert signed_in.post(DELETION, {"before": day}).location == LIST
    assert len(left(patron)) == 3


def test_a_form_that_ticks_more_than_a_page_shows_means_those_of_one_page(signed_in, patron):
    many(patron, 40)
    ids = [entry.id for entry in HistoryEntry.select().order_by(HistoryEntry.id)]
    signed_in.get(signed_in.post(LIST, {"entry": [*ids, *range(10_000, 12_000)]}).location)
    assert "30件をお確かめください" in text(signed_in)
    signed_in.post(f"{LIST}/deletion", {"entry": ids})
    assert HistoryEntry.select().count() == 10


@pytest.mark.parametrize("query", ["", "?entry=99999", "?entry=x&entry=-1", "?before=1999-01-01"])
def test_nothing_to_delete_is_said_and_nothing_is_deleted(signed_in, patron, three, query):
    assert signed_in.get(DELETION + query).location == LIST
    signed_in.get(LIST)
    assert "削除する記録はありません" in signed_in.page.find(id="answer").get_text()
    assert len(left(patron)) == 3


def test_nothing_ticked_is_said(signed_in, three):
    signed_in.get(LIST)
    assert signed_in.post(LIST, {"back": LIST}).location == LIST
    signed_in.get(LIST)
    assert signed_in.page.find(id="answer").get_text(strip=True)


def test_from_a_row_or_ticked_titles_go_on_a_shelf(signed_in, patron):
    kokoro, mon = factories.title("こころ"), factories.title("門")
    before = clock.today() - timedelta(days=5)
    entries = [factories.history(patron, of.title, before, title=of) for of in (kokoro, mon, mon)]
    gone = factories.history(patron, "消えた本", before)
    others = factories.history(factories.patron(), "別人の本", title=factories.title("別人の本"))
    signed_in.get("/my/history")
    assert (
        signed_in.page.find("a", {"aria-label": "「こころ」を本棚に入れる"})["href"]
        == f"/my/shelves/add?title={kokoro.id}"
    )
    assert not signed_in.page.find("a", {"aria-label": "「消えた本」を本棚に入れる"})
    ticked = {"shelve": "1", "entry": [one.id for one in (*entries, gone, others)]}
    answer = signed_in.post("/my/history", ticked)
    assert answer.location == f"/my/shelves/add?title={mon.id}&title={kokoro.id}"
    assert signed_in.get(answer.location).status_code == 200
    for entry in (gone, others):
        signed_in.get(signed_in.post("/my/history", {"shelve": "1", "entry": entry.id}).location)
        assert "いまは図書館にありません" in text(signed_in)


def test_the_records_of_others_are_neither_named_nor_deleted(signed_in, patron, three):
    other = HistoryEntry.get(HistoryEntry.title_text == "別人の本")
    assert signed_in.get(f"{DELETION}?entry={other.id}").location == LIST
    signed_in.get(f"{DELETION}?entry={other.id}&entry={three[0].id}")
    assert "別人の本" not in text(signed_in)
    signed_in.post(DELETION, {"entry": [str(other.id)]})
    assert HistoryEntry.select().where(HistoryEntry.id == other.id).exists()
    assert signed_in.get(f"{LIST}/{other.id}").status_code == 404


# -- notes, year, passbook
# ----------------------------------------------------------------------------------------------
def test_memo_and_rating_are_kept_and_taken_back(signed_in, patron):
    entry = factories.history(patron, lent_on=days_ago(1))
    address = f"{LIST}/{entry.id}"
    signed_in.get(address)
    answer = signed_in.post(address, {"rating": "4", "memo": "よい\r\nとても"})
    assert answer.location == address
    signed_in.get(address)
    assert "メモと評価を保存しました" in text(signed_in)
    assert signed_in.form(address) | {"csrf_token": ""} == {"csrf_token": "", "rating": "4", "memo": "よい\nとても"}
    signed_in.post(address, {"rating": "0", "memo": ""})
    assert (HistoryEntry.get().memo, HistoryEntry.get().rating) == ("", 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rating": "6"},
        {"rating": ""},
        {"memo": "長" * (history.LONGEST_MEMO + 1)},
        {"rating": ["1", "2"]},
        {"memo": "\x00"},
    ],
)
def test_a_wrong_note_is_refused_and_what_was_typed_stays(signed_in, patron, wrong):
    entry = factories.history(patron, lent_on=days_ago(1))
    address = f"{LIST}/{entry.id}"
    signed_in.get(address)
    assert signed_in.post(address, {"rating": "3", "memo": "残る"} | wrong).status_code == 422
    assert signed_in.page.find(id="error-summary")
    if "memo" not in wrong:
        assert "残る" in signed_in.page.find("textarea").get_text()
    assert HistoryEntry.get().rating == 0


def test_a_year_is_a_bookcase_with_a_board_for_each_month(signed_in, patron):
    title, long = factories.catalogued("こころ", copies=1), "とても長い書名で背には入りきらない本"
    factories.history(patron, "古い本", date(2025, 3, 1))
    factories.history(patron, "こころ", date(2026, 3, 1), title=title, ndc_text="K913.6")
    for number in range(20):
        factories.history(patron, f"本{number}", date(2026, 4, 1), ndc_text="913")
    for number in range(21):
        factories.history(patron, f"{long}{number}", date(2026, 5, 1), ndc_text="913")
    page = signed_in.get("/my/history/year")
    assert page.headers["Cache-Control"] == "no-store"
    months = signed_in.page.select(".year-case > section.year-month")
    assert [month.select_one(".year-plate").get_text(" ", strip=True) for month in months] == [
        "1月", "2月", "3月 1点", "4月 20点", "5月 21点", *(f"{number}月" for number in range(6, 13)),
    ]  # fmt: skip
    assert [len(month.select("ol")) for month in months] == [1] * 12
    assert [len(month.select(".thin")) for month in months][2:6] == [1, 20, 18, 0]
    assert months[2].select_one("a.thin.ndc-9")["href"] == f"/titles/{title.id}"
    assert not months[3].select("a.thin")  # not in the catalogue any more: without a link
    assert months[4].select_one(".thin").get_text() == f"{long}0"  # in full, however much of it is seen
    assert months[4].select_one(".year-more").get_text(strip=True) == "ほか3点"
    assert not months[11].select("a")
    assert [line.get_text(" ", strip=True) for line in signed_in.page.select(".year-key li")] == ["9 文学 42点"]
    signed_in.get("/my/history/year?year=2025")
    assert "古い本" in signed_in.page.select_one(".year-case").get_text()
    assert signed_in.get("/my/history/year?year=1999").status_code == 404


def test_the_plate_of_a_month_leads_to_its_records(signed_in, patron):
    for name, day in (("三月の本", date(2026, 3, 1)), ("四月の本", date(2026, 4, 1)), ("前の年", date(2025, 3, 1))):
        factories.history(patron, name, day)
    signed_in.get("/my/history/year")
    plate = signed_in.page.find("h2", id="month-3").a["href"]
    signed_in.get(plate)
    assert titles(signed_in) == ["三月の本"]
    assert "2026年3月1点条件をはずす" in text(signed_in)
    signed_in.get(f"{plate}&words=本&order=title")
    assert titles(signed_in) == ["三月の本"]


def test_a_record_folds_its_actions_away(signed_in, patron):
    title = factories.catalogued("草枕", copies=1)
    factories.history(patron, "草枕", days_ago(3), title=title)
    signed_in.get(LIST)
    row = signed_in.page.select_one(".row-history")
    assert row.summary["aria-label"] == "「草枕」の予約・メモなど"
    assert [link.get_text() for link in row.details.find_all("a")] == ["メモと評価", "本棚に入れる", "削除"]
    assert not [each for each in row.find_all(["a", "button"]) if not each.find_parent(["details", "h2"])]


def test_the_poster_has_a_name_only_where_it_is_asked_for(signed_in, patron):
    factories.history(patron, lent_on=days_ago(1))
    signed_in.get("/my/history/year")
    tick = signed_in.page.find("input", id="named")
    assert "autocomplete" not in tick.attrs  # HTML has none for a tick
    assert "checked" not in tick.attrs and tick.get("name") is None  # a switch of the page alone, sent nowhere
    assert "お名前を入れる" in tick.parent.get_text()
    assert signed_in.page.select_one(".year-owner").get_text() == patron.name
    assert signed_in.page.find("button", {"data-print": True}).get_text() == "A4に印刷する"


def test_the_passbook_goes_from_the_first_to_the_last(signed_in, patron):
    for name, day in (("二", date(2026, 3, 1)), ("一", date(2025, 3, 1)), ("三", date(2026, 3, 9))):
        factories.history(patron, name, day)
    for query, lines in (("", ["1 2025.03.01 一 本館", "2 2026.03.01 二 本館", "3 2026.03.09 三 本館"]),
        ("?year=2026", ["2 2026.03.01 二 本館", "3 2026.03.09 三 本館"])):  # fmt: skip
        signed_in.get(f"/my/history/passbook{query}")
        assert [row.get_text(" ", strip=True) for row in signed_in.page.select(".passbook tbody tr")] == lines
    assert signed_in.page.find("button", {"data-print": True})


def test_pages_without_records_say_so(signed_in):
    for address in ("/my/history/year", "/my/history/passbook", LIST):
        signed_in.get(address)
        assert "まだ記録はありません" in text(signed_in)


def test_the_page_is_the_patrons_alone(browse, patron):
    assert browse.get(LIST).location == "/login?next=/my/history"
    assert Patron.get().keep_history
