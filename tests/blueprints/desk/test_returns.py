"""返却 at the desk."""

from datetime import date, timedelta

import pytest

from library import clock
from library.lending.holds import holds
from models import Hold, Item, Loan
from tests import factories
from tests.pages import announced, form_data

RETURNS = "/desk/returns"


def came_in(desk):
    return desk.page.select_one(".came-in").get_text(" ", strip=True)


@pytest.mark.parametrize("htmx", [True, False])
def test_each_scan_is_answered_once(desk, card, htmx):
    first, second = (factories.loan(card, title=factories.title(name)) for name in ("草枕", "門"))

    def send(address, **data):
        answer = desk.post(address, data, htmx=htmx)
        return announced(desk.page if htmx else desk.get(answer.location).page)

    desk.get(RETURNS)
    assert send(RETURNS, item=first.item.barcode).startswith("「草枕」の返却を受け付けました。")
    assert send(RETURNS, item=second.item.barcode).startswith("「門」の返却を受け付けました。")
    assert send(RETURNS, item=second.item.barcode).startswith("「門」 ")
    desk.get(RETURNS)
    assert desk.post(RETURNS, {"item": "77777777"}).status_code == 422 and "77777777" in announced(desk.page)


@pytest.mark.parametrize("htmx", [True, False])
def test_an_undone_return_is_told_in_place_of_the_return_before_it(desk, card, htmx):
    first, second = (factories.loan(card, title=factories.title(name)) for name in ("草枕", "門"))
    desk.get(RETURNS)
    for loan in (first, second):
        desk.post(RETURNS, {"item": loan.item.barcode})
        desk.get(RETURNS)
    answer = desk.post("/desk/returns/undo", desk.form("/desk/returns/undo"), htmx=htmx)
    page = desk.page if htmx else desk.get(answer.location).page
    assert announced(page) == "「門」の返却を取り消しました。" and not page.select(".came-in")


def test_a_scan_on_a_day_that_cannot_be_says_that_nothing_was_returned(desk, scan, card):
    loan = factories.loan(card)
    page = scan(RETURNS, day="2026-11-26", item=loan.item.barcode).page
    assert loan.item.barcode in announced(page) and "返却日は、貸出日から今日まで" in announced(page)
    assert not page.select(".came-in") and page.find("input", id="item")["value"] == ""


def test_a_copy_that_comes_back_goes_to_its_shelf(desk, scan, card):
    loan = factories.loan(card, item=factories.item(shelf="一般書架"))
    scan(RETURNS, item=f"A{loan.item.barcode}A")
    assert Loan.get().returned_on == clock.today()
    assert "書架へ（一般書架）" in came_in(desk) and "期限内" in came_in(desk)
    assert desk.page.find(attrs={"autofocus": True})["name"] == "item"


def test_lateness_is_told_in_days(desk, scan, card):
    loan = factories.loan(card, clock.today() - timedelta(days=3))
    scan(RETURNS, item=loan.item.barcode)
    assert "3日延滞" in came_in(desk)


def test_the_book_drop_is_set_once_for_all_that_follow(desk, scan, card):
    first, second = (factories.loan(card, clock.today() - timedelta(days=1)) for _ in range(2))
    page = scan(RETURNS, day="2026-11-24", item=first.item.barcode).page
    assert "返却日を 2026年11月24日(火) として" in desk.text()
    form = form_data(page.select_one("form.scan"))
    assert form["day"] == "2026-11-24"
    scan(RETURNS, **form | {"item": second.item.barcode})
    assert {loan.returned_on for loan in Loan.select()} == {date(2026, 11, 24)}
    scan(RETURNS, day="")
    assert "として受け付けています" not in desk.text()


def test_the_day_of_the_book_drop_ends_with_the_day(desk, scan, card, moved_clock):
    moved_clock.now = clock.at(date(2026, 11, 25), 23, 50)
    desk.be(factories.staff("desk"))
    scan(RETURNS, day="2026-11-24")
    moved_clock.now += timedelta(minutes=14)
    desk.get(RETURNS)
    assert desk.page.find("input", {"name": "day"})["value"] == "2026-11-26"


@pytest.mark.parametrize("day", ["2026-11-26", "いつか"])
def test_a_day_that_cannot_be_is_refused_and_nothing_is_returned(desk, scan, card, day):
    loan = factories.loan(card)
    answer = scan(RETURNS, day=day, item=loan.item.barcode)
    assert answer.status_code == 422 and Loan.get().returned_on is None
    assert answer.page.find("input", {"name": "day"})["aria-invalid"] == "true"


def test_a_day_before_the_loan_is_refused(desk, scan, card):
    loan = factories.loan(card)
    answer = scan(RETURNS, day="2026-01-05", item=loan.item.barcode)
    assert answer.status_code == 422 and "返却日は、貸出日から" in desk.text() and Loan.get().returned_on is None


def test_somebody_waits_for_it(desk, scan, card):
    loan = factories.loan(card)
    factories.hold(factories.patron(card_number="0000003000777"), loan.item.title)
    scan(RETURNS, item=loan.item.barcode)
    assert "予約棚へ" in came_in(desk) and Hold.get().state == "ready"
    desk.get(desk.page.select_one(".came-in a")["href"])
    slip = desk.page.select_one(".slip").get_text(" ", strip=True)
    assert "0777" in slip and "図書 花子" not in slip and "0000003000777" not in slip and "こころ" in slip


def test_one_who_waits_elsewhere_gets_it_sent(desk, scan, card):
    loan = factories.loan(card)
    factories.hold(factories.patron(), loan.item.title, pickup_branch=factories.branch("龍田"))
    scan(RETURNS, item=loan.item.barcode)
    assert "予約・搬送 龍田へ送る" in came_in(desk) and Hold.get().state == "in_transit"


def test_a_copy_of_another_branch_goes_home(desk, scan, card):
    loan = factories.loan(card, item=factories.item(branch=factories.branch("龍田")))
    scan(RETURNS, item=loan.item.barcode)
    assert "搬送 龍田へ送る" in came_in(desk)
    assert Item.get().going_to.name == "龍田"


@pytest.mark.parametrize(("trouble", "words"), [("claimed", "見つかりました"), ("lost", "紛失の届け")])
def test_a_number_that_was_looked_for_is_named(desk, scan, card, trouble, words):
    loan = factories.loan(card, trouble=trouble)
    scan(RETURNS, item=loan.item.barcode)
    assert words in came_in(desk) and Loan.get().trouble == ""


def test_a_copy_that_was_missing_is_found(desk, scan, card):
    item = factories.item(state="missing")
    scan(RETURNS, item=item.barcode)
    assert "貸出中ではありません" in came_in(desk) and "「不明」だった資料です" in came_in(desk)
    assert Item.get().state == "available"


def test_an_unknown_number_is_told(desk, scan):
    answer = scan(RETURNS, item="77777777")
    assert answer.status_code == 422 and "77777777" in desk.page.select_one(".refusal").get_text()


def test_the_last_return_is_undone_and_only_once(desk, scan, card):
    first, second = factories.loan(card), factories.loan(card)
    scan(RETURNS, item=first.item.barcode)
    page = scan(RETURNS, item=second.item.barcode).page
    form = form_data(page.find("form", action="/desk/returns/undo"))
    for _ in range(2):
        scan("/desk/returns/undo", **form)
    assert [loan.returned_on is None for loan in Loan.select().order_by(Loan.id)] == [False, True]
    assert len(desk.page.select("tbody tr")) == 1


def test_the_last_return_is_undone_although_another_copy_was_scanned_after_it(desk, scan, card):
    loan = factories.loan(card)
    scan(RETURNS, item=loan.item.barcode)
    page = scan(RETURNS, item=factories.item().barcode).page
    scan("/desk/returns/undo", **form_data(page.find("form", action="/desk/returns/undo")))
    assert Loan.get().returned_on is None and len(desk.page.select("tbody tr")) == 1


def test_a_return_that_cannot_be_undone_says_why(desk, scan, card):
    loan = factories.loan(card)
    page = scan(RETURNS, item=loan.item.barcode).page
    factories.loan(factories.patron(), item=loan.item)
    answer = scan("/desk/returns/undo", **form_data(page.find("form", action="/desk/returns/undo")))
    assert answer.status_code == 422 and "返却を取り消せません" in desk.text()


def test_the_list_is_kept_short(desk, scan, card):
    for _ in range(22):
        scan(RETURNS, item=factories.item().barcode)
    assert len(desk.page.select("tbody tr")) == 20


def test_htmx_gets_the_page_in_one_answer(desk, card):
    loan = factories.loan(card)
    desk.get(RETURNS)
    answer = desk.post(RETURNS, {"item": loan.item.barcode}, htmx=True)
    assert answer.status_code == 200 and answer.page.select_one(".came-in") and "<html" not in answer.text


def test_a_place_is_named_on_the_page_of_returns_and_one_stays_there(desk, scan, card):
    copy = factories.loan(factories.patron()).item
    holds.place(card, copy.title, pickup_branch=copy.branch, now=clock.now())
    scan("/desk/returns", item=copy.barcode)
    form = desk.page.select_one(".came-in form.place")
    answer = desk.post(form["action"], form_data(form) | {"place": "A-12"})
    assert answer.location == "/desk/returns"
    desk.get(answer.location)
    assert "棚 A-12" in desk.page.select_one(".came-in").get_text()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0000003000123", "これは利用者番号です。資料番号を読み取ってください。"),
        ("9784101092065", "これはISBN（本のバーコード）です。図書館のバーコードを読み取ってください。"),
        ("99887766", "この資料番号の資料はありません。"),
    ],
)
def test_each_number_that_is_no_copy_has_its_sentence(desk, scan, card, number, words):
    assert words in announced(scan("/desk/returns", item=number).page)


def test_the_day_is_one_field_to_the_keyboard(desk):
    day = desk.get(RETURNS).page.find("input", id="day")
    assert day["type"] == "text" and day["value"] == clock.today().isoformat()


@pytest.mark.parametrize("typed", ["2026/11/24", "令和8年11月24日"])
def test_the_day_is_read_in_every_form(desk, scan, card, typed):
    loan = factories.loan(card, clock.today())
    scan(RETURNS, day=typed, item=loan.item.barcode)
    assert Loan.get().returned_on == clock.today() - timedelta(days=1)
