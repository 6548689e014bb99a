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
    text = signed_in.text()
    assert "予約中（2番目）" in text
    assert "お渡しの目安： 約2〜6週間後" in text
    assert "受取館 本館" in text


def test_a_ready_hold_comes_first_with_its_deadline(signed_in, patron, lent):
    factories.hold(patron, lent, placed_at=NOW - timedelta(days=9))
    ready(patron)
    signed_in.get("/my/holds")
    first = signed_in.page.select(".row-hold")[0].get_text()
    assert "受取可（2026年12月2日(水)まで）" in first
    assert "あと7日" in first


def dots(browse):
    return [
        (step["class"][0], step.get_text(" ", strip=True), step.get("aria-current"))
        for step in browse.page.select(".dots > li")
    ]


def test_the_steps_of_a_hold_have_the_days_of_what_is_done(signed_in, patron):
    days = {"placed_at": NOW - timedelta(days=9), "preparing_on": date(2026, 11, 23), "sent_on": date(2026, 11, 24)}
    factories.hold(patron, state="in_transit", item=factories.item(), **days)
    signed_in.get("/my/holds")
    assert dots(signed_in) == [
        ("dot-done", "予約 11月16日", None),
        ("dot-done", "準備 11月23日", None),
        ("dot-now", "搬送 11月24日", "step"),
        ("dot-next", "受取", None),
    ]


def test_a_copy_that_is_at_the_pickup_branch_is_sent_nowhere(signed_in, patron):
    ready(patron, preparing_on=date(2026, 11, 24))
    signed_in.get("/my/holds")
    assert [words for _, words, _ in dots(signed_in)][2:] == ["搬送なし", "受取 あと7日"]
    assert dots(signed_in)[3][2] == "step"


def test_changes_of_a_hold_are_folded_away_and_cancelling_is_not(signed_in, patron, lent):
    factories.hold(patron, lent)
    signed_in.get("/my/holds")
    fold = signed_in.page.find("summary", string=None).find_parent("details")
    assert fold.find("summary").get_text() == "「こころ」の予約の内容を変える"
    assert not fold.has_attr("open")
    assert {"「こころ」の予約を一時停止する", "「こころ」の順番を譲る"} <= {
        b["aria-label"] for b in fold.find_all("button")
    }
    assert link(signed_in, "「こころ」の予約を取り消す").find_parent("details") is None


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
    assert "草枕" in signed_in.text()
    assert "受取期限が過ぎたため" in signed_in.text()
    assert "三四郎" not in signed_in.text()


def test_an_empty_list_says_so(signed_in):
    signed_in.get("/my/holds")
    assert "予約している資料はありません" in signed_in.text()
    assert signed_in.page.find("main").find("a", string="資料を探す", href="/search")


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
    assert "予約中（5番目）です。 10分以内なら 元に戻せます。" in signed_in.text()
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
        assert "10時52分まで、 元に戻せます。" in signed_in.text()
        pressed = signed_in.page.find("main").find("button", string="元に戻す")
        assert pressed.get("aria-label") == name
        form = pressed.find_parent("form")
        assert signed_in.post(form["action"], form_data(form)).location == "/my/holds"
        assert "「こころ」の予約を元に戻しました。" in message(signed_in)
        assert "予約中（1番目）" in signed_in.text()
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
    assert button(signed_in, "「こころ」の予約を一時停止する")
    signed_in.post(f"/my/holds/{hold.id}/suspension", {"until": "2026-12-20"})
    assert "2026年12月20日(日)まで" in message(signed_in)
    assert fresh(hold).suspended_until == date(2026, 12, 20)
    assert "一時停止中" in signed_in.text()
    assert button(signed_in, "「こころ」の予約を一時停止する") is None
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
    assert not button(signed_in, "「こころ」の順番を譲る").has_attr("disabled")
    signed_in.post(f"/my/holds/{mine.id}/yielding")
    assert "順番を次の方に譲りました" in message(signed_in)
    assert hold_queue.in_line(lent.id, today=today) == [theirs, mine]
    last = button(signed_in, "「こころ」の順番を譲る")
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
    assert "延ばすと 12月9日(水) まで" in signed_in.text()
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
    assert "「こころ」を本館でお受け取りいただけます。12月2日(水)までです。" in today
