"""今日の仕事: what waits at this desk, and the day of its branch."""

from datetime import timedelta

import pytest

from library import clock
from library.lending import troubles
from models import Branch, Loan
from tests import factories

TODAY = "/desk/"


@pytest.fixture
def here(desk):
    return Branch.get(Branch.name == "本館")


@pytest.fixture
def far():
    return factories.branch("東部")


def work(desk):
    """Return the rows of the page as address → words."""
    desk.get(TODAY)
    return {row["href"]: " ".join(row.get_text(" ").split()) for row in desk.page.select(".work a")}


def test_a_desk_without_work_is_told_so(desk):
    assert work(desk) == {} and "待っている仕事はありません。" in desk.text()


def test_copies_to_fetch_are_counted_by_shelf_at_their_branch_alone(desk, here, far):
    for shelf, branch in (("書架", here), ("書架", here), ("閉架", here), ("書架", far)):
        item = factories.item(branch=branch, shelf=shelf)
        factories.hold(
            factories.patron(), item.title, state="preparing", item=item, pickup_branch=here, preparing_on=clock.today()
        )
    assert work(desk) == {"/desk/holds": "3 点 予約の本を棚から集める 書架 2点、閉架 1点"}
    assert not desk.page.select(".work-late")


def test_copies_on_their_way_are_counted_at_both_ends(desk, here, far):
    factories.item(branch=here, going_to=far)
    factories.item(branch=far, going_to=here)
    desk.get(TODAY)
    assert [(row["href"], " ".join(row.get_text(" ").split())) for row in desk.page.select(".work a")] == [
        ("/desk/transfers", "1 点 ほかの館から届く本を受け取る 東部 1点"),
        ("/desk/transfers", "1 点 ほかの館へ送る本 東部 1点"),
    ]


def test_ended_holds_and_calls_that_are_due_are_late(desk, here, patron):
    factories.item(branch=here, aside=True, aside_at="サ-04")
    item = factories.item(branch=here)
    factories.hold(
        patron, item.title, state="ready", item=item, pickup_branch=here, contact_method="phone",
        on_shelf_on=clock.today() - timedelta(days=3),
    )  # fmt: skip
    factories.loan(factories.patron(), clock.today() - timedelta(days=200))
    factories.loan(factories.patron(), clock.today() - timedelta(days=1))
    assert work(desk) == {
        "/desk/holds/contact": "1 件 予約の本の連絡 一番古いのは 11月22日(日)",
        "/desk/holds/reshelve": "1 点 取り置きの終わった本を棚に戻す サ-04 1点",
        "/desk/overdue?days=28": "1 人 督促の電話 28日以上返っていない方のうち、電話がまだの方",
    }
    assert len(desk.page.select(".work-late")) == 3


def test_unsettled_loans_and_failed_mails_of_this_week_are_work(desk, patron):
    troubles.report_lost(factories.loan(patron), by="staff:suzuki", now=clock.now())
    factories.mail(patron, state="failed", next_try_at=clock.now() - timedelta(days=1))
    factories.mail(patron, state="failed", next_try_at=clock.now() - timedelta(days=8))
    found = work(desk)
    assert found["/desk/claims"].startswith("1 点 確認中の資料")
    assert found["/desk/notices?state=failed&channel=mail"] == "1 通 届かないメール この7日に送れなかったもの"
    assert len(found) == 2


def test_the_day_has_the_hours_of_the_branch_and_what_was_done_until_now(desk, here, scan, card):
    here.hours = {str(day): [["9:30", "19:00"]] for day in range(7)}
    here.save()
    item = factories.item(branch=here)
    scan("/desk/checkout", card=card.card_number, item=item.barcode)
    scan("/desk/returns", item=item.barcode)
    desk.get(TODAY)
    rows = [" ".join(row.get_text(" ").split()) for row in desk.page.select(".day-list li")]
    assert rows == ["9:30 開館", "10:42 貸出 1点 、返却 1点", "19:00 閉館"]
    assert Loan.get().returned_to == here
