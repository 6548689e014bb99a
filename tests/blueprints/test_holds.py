"""予約した資料: each hold in its state, and what its patron can do with it."""

from datetime import date, timedelta

import pytest

from library import clock, policy
from library.lending.holds import hold_queue
from models import CalendarLink, Hold
from tests import factories
from tests.conftest import NOW
from tests.pages import form_data


@pytest.fixture
def today(moved_clock):
    return clock.today()


@pytest.fixture
def lent(db):
    """A title whose one copy is out, so that those who wait for it wait."""
    title = factories.title()
    factories.loan(factories.patron(), title=title)
    return title


def ready(patron, **given):
    """A hold whose copy is on the shelf since yesterday."""
    item = factories.item(aside=True)
    told = clock.today() - timedelta(days=1)
    values = {"state": "ready", "item": item, "on_shelf_on": told, "told_on": told, "pickup_by": date(2026, 12, 2)}
    return factories.hold(patron, item.title, **values | given)


def button(browse, name):
    return browse.page.find("button", attrs={"aria-label": name})


def link(browse, name):
    return browse.page.find("a", attrs={"aria-label": name})


def message(browse):
    return browse.get("/my/holds").page.find(role="status").get_text(" ", strip=True)


def fresh(hold):
    return Hold.get_by_id(hold.id)


# -- what is told ----------------------------------------------------------------------------------------------------
def test_the_place_in_the_queue_and_the_wait_are_told(signed_in, patron, lent):
    factories.hold(factories.patron(), lent, placed_at=NOW - timedelta(hours=1))
    factories.hold(patron, lent)
    signed_in.get("/my/holds")
    assert sentences(signed_in) == ["2番目です。お渡しは、2〜6週間後の見込みです。"]
    assert signed_in.page.select_one(".hold-wait .hold-say b").get_text() == "2番目です。"
    assert "1点を予約しています。 あと9点予約できます。" in signed_in.text()


def test_a_ready_hold_comes_first_with_its_deadline(signed_in, patron, lent):
    factories.hold(patron, lent, placed_at=NOW - timedelta(days=9))
    ready(patron)
    signed_in.get("/my/holds")
    assert sentences(signed_in)[0] == "本館で受け取れます。12月2日(水)まで取り置いています。"


def sentences(browse):
    return [row.get_text("", strip=True) for row in browse.page.select(".hold-say")]


@pytest.mark.parametrize(("contact", "told"), [("mail", "メールで"), ("phone", "お電話で"), ("none", "このページで")])
def test_a_copy_that_is_fetched_or_on_its_way_is_told_with_its_branch(signed_in, patron, contact, told):
    for state, origin in (("in_transit", "東部"), ("preparing", "本館"), ("preparing", "龍田")):
        item = factories.item(branch=factories.branch(origin))
        factories.hold(patron, item.title, state=state, item=item, contact_method=contact)
    signed_in.get("/my/holds")
    assert sentences(signed_in) == [
        f"東部から本館へ運んでいます。本館に届いたら、{told}お知らせします。",
        f"本館の棚からお取りしています。受け取れるようになったら、{told}お知らせします。",
        f"龍田の棚からお取りしています。本館に届いたら、{told}お知らせします。",
    ]


@pytest.mark.parametrize("word", ["搬送中", "準備中"])
def test_words_of_the_staff_are_not_shown_to_patrons(signed_in, patron, word):
    titles = [factories.catalogued(name, copies=1) for name in ("明暗", "行人")]
    for state, title in zip(("preparing", "in_transit"), titles, strict=True):
        factories.hold(patron, title, state=state, item=title.items.get())
    for page in ("/my/holds", "/search?q=明暗", "/search?q=行人", f"/titles/{titles[1].id}", "/my/"):
        assert word not in signed_in.get(page).page.find("main").get_text(), page


@pytest.mark.parametrize(
    ("day", "words"), [(25, "今日、11月25日(水)"), (26, "明日、11月26日(木)"), (27, "11月27日(金)")]
)
def test_a_near_deadline_is_today_or_tomorrow(signed_in, patron, day, words):
    ready(patron, pickup_by=date(2026, 11, day))
    signed_in.get("/my/holds")
    assert sentences(signed_in) == [f"本館で受け取れます。{words}まで取り置いています。"]


def test_a_deadline_that_is_not_set_yet_is_told_so(signed_in, patron):
    ready(patron, pickup_by=None)
    signed_in.get("/my/holds")
    assert sentences(signed_in) == ["本館で受け取れます。受け取りの期限は、図書館からの連絡のあとに決まります。"]


def dots(browse):
    return [
        (step["class"][0], step.get_text(" ", strip=True), step.get("aria-current"))
        for step in browse.page.select(".dots > li")
    ]


def test_the_steps_of_a_hold_have_no_days(signed_in, patron):
    days = {"placed_at": NOW - timedelta(days=9), "preparing_on": date(2026, 11, 23), "sent_on": date(2026, 11, 24)}
    factories.hold(patron, state="in_transit", item=factories.item(), **days)
    signed_in.get("/my/holds")
    assert dots(signed_in) == [
        ("dot-done", "予約", None),
        ("dot-done", "準備", None),
        ("dot-now", "搬送", "step"),
        ("dot-next", "受け取り", None),
    ]


def test_a_copy_that_is_at_the_pickup_branch_is_sent_nowhere(signed_in, patron):
    ready(patron, preparing_on=date(2026, 11, 24))
    signed_in.get("/my/holds")
    assert [words for _, words, _ in dots(signed_in)][2:] == ["搬送なし", "受け取り"]
    assert dots(signed_in)[3][2] == "step"


def test_changes_of_a_hold_are_one_fold_and_cancelling_is_its_last_part(signed_in, patron, lent):
    factories.hold(patron, lent)
    signed_in.get("/my/holds")
    (fold,) = signed_in.page.select(".row-hold > details")
    assert fold.find("summary").get_text() == "「こころ」の変更・取り消し"
    assert not fold.has_attr("open")
    assert {"「こころ」の受け取りを休む", "「こころ」の順番を次の方に譲る"} <= {
        b["aria-label"] for b in fold.find_all("button")
    }
    assert fold.select("button, a[href]")[-1] == link(signed_in, "「こころ」の予約を取り消す")


def test_only_a_ready_hold_has_a_button_outside_its_fold(signed_in, patron, lent):
    factories.hold(patron, lent)
    ready(patron)
    signed_in.get("/my/holds")
    rows = signed_in.page.select(".row-hold")
    assert [[b["aria-label"] for b in row.select("button") if not b.find_parent("details")] for row in rows] == [
        ["「こころ」の取り置きを延ばす"],
        [],
    ]


def test_a_deadline_goes_into_a_calendar(signed_in, patron, lent):
    held = ready(patron)
    signed_in.get("/my/holds")
    answer = signed_in.get(link(signed_in, "「こころ」の受取期限をカレンダーに入れる")["href"])
    assert answer.headers["Content-Type"].startswith("text/calendar")
    text = answer.get_data(as_text=True).replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20261202" in text
    assert "SUMMARY:予約資料の受取期限 資料 1点（本館）" in text
    assert "こころ" not in text
    CalendarLink.create(patron=patron, serial="a", created_at=NOW, with_titles=True)
    assert "「こころ」" in signed_in.get(f"/my/holds/{held.id}.ics").get_data(as_text=True).replace("\r\n ", "")
    waiting, other = factories.hold(patron, lent), ready(factories.patron())
    assert [signed_in.get(f"/my/holds/{hold.id}.ics").status_code for hold in (waiting, other)] == [404, 404]


def test_a_cancelled_or_expired_hold_is_told_for_sixty_days(signed_in, patron, today):
    for name, days in (("草枕", 59), ("三四郎", 61)):
        ended = {"state": "expired", "reason": "deadline", "ended_at": NOW - timedelta(days=days)}
        factories.hold(patron, factories.title(name), **ended)
    signed_in.get("/my/holds")
    over = signed_in.page.select_one(".over-fold")
    assert over.find("summary").get_text() == "終わった予約 1点"
    assert "草枕" in over.get_text() and "受取期限が過ぎたため" in over.get_text()
    assert "三四郎" not in signed_in.text()


def test_an_empty_list_says_so(signed_in):
    signed_in.get("/my/holds")
    assert "予約している資料はありません" in signed_in.text()
    assert signed_in.page.find("main").find("a", string="資料を探す", href="/search")
    assert "終わった予約" not in signed_in.text()


def test_holds_that_belong_together_say_so(signed_in, patron):
    group = patron.hold_groups.model.create(patron=patron, kind="in_order")
    factories.hold(patron, group=group, position=1)
    signed_in.get("/my/holds")
    assert "順番どおりの2番目" in signed_in.text()


def test_two_hundred_holds_are_one_page(signed_in, patron):
    for _ in range(200):
        factories.hold(patron)
    signed_in.get("/my/holds")
    assert len(signed_in.page.select(".row-hold")) == 200


# -- what is done ----------------------------------------------------------------------------------------------------
def test_a_place_in_the_queue_is_given_up_on_a_page_that_names_it(signed_in, patron, lent):
    for hours in range(1, 5):
        factories.hold(factories.patron(), lent, placed_at=NOW - timedelta(hours=hours))
    hold = factories.hold(patron, lent)
    signed_in.get("/my/holds")
    assert button(signed_in, "「こころ」の予約を取り消す") is None
    signed_in.get(link(signed_in, "「こころ」の予約を取り消す")["href"])
    assert signed_in.h1() == "予約の取り消し"
    assert signed_in.page.find("main").find("h2").get_text() == "こころ"
    assert "予約中（5番目）です。 10分以内なら元に戻せます。" in signed_in.text()
    keep, cancel = signed_in.page.find("main").find_all("button")
    assert (keep.get_text(), cancel.get_text()) == ("予約を続ける", "予約を取り消す")
    assert signed_in.page.find("form", id=keep["form"])["action"] == "/my/holds"
    assert fresh(hold).state == "waiting"
    form = cancel.find_parent("form")
    assert signed_in.post(form["action"], form_data(form)).location == "/my/holds"
    assert (fresh(hold).state, fresh(hold).cancel_at) == ("waiting", clock.now() + timedelta(minutes=10))


def test_a_hold_that_is_over_can_not_be_given_up_again(signed_in, patron, lent):
    hold = factories.hold(patron, lent, state="cancelled", reason="patron", ended_at=NOW)
    signed_in.get(f"/my/holds/{hold.id}/cancel")
    assert "この予約は、すでに終わっています" in signed_in.text()
    assert signed_in.page.find("main").find("button") is None


def test_a_ready_hold_is_given_up_on_the_same_page(signed_in, patron):
    ready(patron)
    signed_in.get("/my/holds")
    signed_in.get(link(signed_in, "「こころ」の予約を取り消す")["href"])
    assert "受取可（2026年12月2日(水)まで）です。" in signed_in.text().replace(" ", "")


def test_a_hold_is_cancelled_once_and_over_after_ten_minutes(signed_in, patron, lent, moved_clock):
    hold = factories.hold(patron, lent)
    assert signed_in.post(f"/my/holds/{hold.id}/cancel").location == "/my/holds"
    assert "「こころ」の予約を取り消しました" in message(signed_in)
    assert "予約している資料はありません" in signed_in.text()
    signed_in.post(f"/my/holds/{hold.id}/cancel")
    assert "この予約は、すでに取り消しています" in message(signed_in)
    moved_clock.now = NOW + timedelta(minutes=10)
    signed_in.get("/my/holds")
    assert "ご本人の取消" in signed_in.text()
    assert button(signed_in, "「こころ」の予約を元に戻す") is None
    signed_in.post(f"/my/holds/{hold.id}/cancel")
    signed_in.post(f"/my/holds/{hold.id}/restoration")
    assert "この予約は、すでに終わっています" in message(signed_in)


def test_a_cancelled_hold_is_had_back_from_the_message_or_from_its_row(signed_in, patron, lent):
    hold = factories.hold(patron, lent)
    for looks, name in ((1, None), (2, "「こころ」の予約を元に戻す")):  # the message is for one page
        signed_in.post(f"/my/holds/{hold.id}/cancel")
        for _ in range(looks):
            signed_in.get("/my/holds")
        assert "10時52分まで、元に戻せます。" in signed_in.text()
        pressed = signed_in.page.find("main").find("button", string="元に戻す")
        assert pressed.get("aria-label") == name
        form = pressed.find_parent("form")
        assert signed_in.post(form["action"], form_data(form)).location == "/my/holds"
        assert "「こころ」の予約を元に戻しました。" in message(signed_in)
        assert sentences(signed_in) == ["1番目です。お渡しは、3週間以内の見込みです。"]
        assert fresh(hold).cancel_at is None


def test_one_too_many_is_not_had_back_and_says_why(signed_in, patron, lent):
    policy.put("hold_limit", 1)
    factories.hold(patron, cancel_at=clock.now() + timedelta(minutes=5))
    factories.hold(patron, lent)
    signed_in.get("/my/holds")
    pressed = button(signed_in, "「こころ」の予約を元に戻す")
    assert pressed.has_attr("disabled")
    assert "予約できるのは1点まで" in signed_in.page.find(id=pressed["aria-describedby"]).get_text()


def test_a_hold_is_suspended_until_a_day_and_resumed(signed_in, patron, lent):
    hold = factories.hold(patron, lent)
    signed_in.get("/my/holds")
    assert button(signed_in, "「こころ」の受け取りを休む")
    signed_in.post(f"/my/holds/{hold.id}/suspension", {"until": "2026-12-20"})
    assert "2026年12月20日(日)まで" in message(signed_in)
    assert fresh(hold).suspended_until == date(2026, 12, 20)
    assert sentences(signed_in) == ["12月20日(日)まで受け取りを休んでいます。"]
    assert button(signed_in, "「こころ」の受け取りを休む") is None
    signed_in.post(f"/my/holds/{hold.id}/resumption")
    assert "再開しました" in message(signed_in)
    assert fresh(hold).suspended_until is None


@pytest.mark.parametrize(("until", "words"), [("", "日付として読めません"), ("2026-11-25", "今日より後の日")])
def test_a_day_that_can_t_be_is_refused_at_its_field(signed_in, patron, lent, until, words):
    hold = factories.hold(patron, lent)
    signed_in.get("/my/holds")
    answer = signed_in.post(f"/my/holds/{hold.id}/suspension", {"until": until})
    assert answer.status_code == 422
    assert words in answer.page.find(id=f"until-{hold.id}-messages").get_text()
    assert answer.page.find(id="error-summary").find("a")["href"] == f"#until-{hold.id}"
    assert fresh(hold).suspended_until is None


def test_the_next_in_the_queue_goes_first(signed_in, patron, lent, today):
    mine = factories.hold(patron, lent, placed_at=NOW - timedelta(hours=1))
    theirs = factories.hold(factories.patron(), lent)
    signed_in.get("/my/holds")
    assert not button(signed_in, "「こころ」の順番を次の方に譲る").has_attr("disabled")
    signed_in.post(f"/my/holds/{mine.id}/yielding")
    assert "順番を次の方に譲りました" in message(signed_in)
    assert hold_queue.in_line(lent.id, today=today) == [theirs, mine]
    last = button(signed_in, "「こころ」の順番を次の方に譲る")
    assert last.has_attr("disabled")
    assert "次にお待ちの方がいない" in signed_in.page.find(id=last["aria-describedby"]).get_text()


def test_the_pickup_branch_is_changed_until_the_copy_is_there(signed_in, patron, lent):
    hold, there = factories.hold(patron, lent), factories.branch("龍田")
    signed_in.get("/my/holds")
    signed_in.post(f"/my/holds/{hold.id}/pickup-branch", {"pickup_branch": there.id})
    assert "龍田でお受け取りいただけます" in message(signed_in)
    assert fresh(hold).pickup_branch == there
    held = ready(patron)
    signed_in.post(f"/my/holds/{held.id}/pickup-branch", {"pickup_branch": there.id})
    assert "変更できませんでした" in message(signed_in)
    assert fresh(held).pickup_branch.name == "本館"


@pytest.mark.parametrize("number", ["", "x", "99999", "9" * 40])
def test_a_branch_that_does_not_exist_is_refused(signed_in, patron, number):
    hold = factories.hold(patron)
    signed_in.post(f"/my/holds/{hold.id}/pickup-branch", {"pickup_branch": number})
    assert "予約の受け取りができません" in message(signed_in)


def test_the_deadline_is_extended_once(signed_in, patron):
    hold = ready(patron)
    signed_in.get("/my/holds")
    assert "12月9日(水)までになります。" in signed_in.text()
    signed_in.post(f"/my/holds/{hold.id}/extension")
    assert "2026年12月9日(水)までお取り置きします" in message(signed_in)
    again = button(signed_in, "「こころ」の取り置きを延ばす")
    assert again.has_attr("disabled")
    assert "1回だけ" in signed_in.page.find(id=again["aria-describedby"]).get_text()


@pytest.mark.parametrize(
    "what", ["cancel", "restoration", "suspension", "resumption", "yielding", "pickup-branch", "extension"]
)
def test_the_hold_of_another_is_not_there(signed_in, lent, what):
    hold = factories.hold(factories.patron(), lent)
    assert signed_in.post(f"/my/holds/{hold.id}/{what}", {"until": "2026-12-20"}).status_code == 404
    assert (fresh(hold).state, fresh(hold).suspended_until) == ("waiting", None)
    assert signed_in.get(f"/my/holds/{hold.id}/cancel").status_code == 404


# -- My Library ------------------------------------------------------------------------------------------------------
def test_my_library_counts_holds_and_tells_what_is_ready(signed_in, patron, lent):
    factories.hold(patron, lent)
    ready(patron)
    signed_in.get("/my/")
    tile = signed_in.page.find("a", href="/my/holds", class_="tile").get_text(" ", strip=True)
    assert tile.replace(" ", "") == "予約した資料予約状況を確認できます。2冊"
    today = signed_in.page.find("section", class_="today").get_text(" ", strip=True).replace(" ", "")
    assert "「こころ」を本館で受け取れます。12月2日(水)まで取り置いています。" in today
