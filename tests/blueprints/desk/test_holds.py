"""予約 and 搬送 at the desk."""

from datetime import timedelta

import pytest

from library import clock
from library.lending.holds import holds
from models import Branch, Hold, Item
from tests import factories
from tests.pages import form_data


@pytest.fixture
def copy(desk):
    return factories.item(factories.title("注文の多い料理店"), shelf="一般", call_number="913.8 ミ")


@pytest.fixture
def placed(copy, card):
    """A hold on a copy that is in: it stands on the pull list of 本館."""
    return holds.place(card, copy.title, pickup_branch=copy.branch, contact_method="phone", now=clock.now())


@pytest.mark.parametrize("address", ["/desk/holds", "/desk/holds/shelf", "/desk/holds/contact", "/desk/holds/reshelve",
    "/desk/transfers"])  # fmt: skip
def test_every_list_can_be_empty(desk, address):
    assert desk.get(address).status_code == 200 and "ありません" in desk.text()


def test_a_copy_is_fetched_and_goes_to_the_shelf(desk, scan, placed, copy):
    desk.get("/desk/holds")
    assert "注文の多い料理店" in desk.text() and "一般 913.8 ミ" in desk.text()
    scan("/desk/holds/scan/pull", item=f"A{copy.barcode}A")
    assert Hold.get().state == "ready" and "予約棚へ" in desk.page.select_one(".came-in").get_text()
    assert "取り出す資料はありません" in desk.text()
    desk.get("/desk/holds")
    assert not desk.page.select(".came-in")


def test_one_that_is_not_there_is_missing(desk, scan, placed, copy):
    desk.get("/desk/holds")
    scan(f"/desk/holds/{placed.id}/missing")
    assert Item.get().state == "missing" and Hold.get().state == "waiting"


def test_whom_to_call_and_that_it_was_done(desk, scan, placed, copy, card):
    card.phone_home = "096-123-4567"
    card.save()
    scan("/desk/holds/scan/pull", item=copy.barcode)
    desk.get("/desk/holds/contact")
    assert "佐藤 花子 さん" in desk.text() and "自宅 096-123-4567" in desk.text()
    scan(f"/desk/holds/{placed.id}/contacted")
    assert Hold.get().pickup_by and "連絡する予約はありません" in desk.text()
    assert desk.page.select_one("#answer[role=status]").get_text(strip=True).endswith("を、連絡済にしました。")
    assert "取り置き中 1" in desk.text()


def test_a_holder_who_is_not_ready_was_not_reached(desk, placed):
    desk.get("/desk/holds/contact")
    assert desk.post(f"/desk/holds/{placed.id}/contacted").status_code == 409
    assert desk.post("/desk/holds/999/contacted").status_code == 404


def test_a_hold_that_is_cancelled_frees_its_copy_to_be_put_back(desk, scan, placed, copy):
    scan("/desk/holds/scan/pull", item=copy.barcode)
    desk.get("/desk/holds/shelf")
    desk.get(desk.page.select_one('a[href*="/cancel"]')["href"])
    assert desk.h1() == "予約の取り消し" and "次の方にまわります" in desk.text()
    form = desk.page.find("form", action=f"/desk/holds/{placed.id}/cancel")
    assert desk.post(form["action"], form_data(form)).location == "/desk/holds/shelf"
    assert Hold.get().state == "cancelled"
    desk.get("/desk/holds/shelf")
    assert "の予約を取り消しました。" in desk.page.select_one("#answer[role=status]").get_text()
    desk.get("/desk/holds/reshelve")
    assert copy.barcode in desk.text()
    scan(f"/desk/holds/put-back/{copy.id}")
    assert not Item.get().aside and "棚に戻す資料はありません" in desk.text()
    assert desk.post(f"/desk/holds/put-back/{copy.id}").status_code == 404


def test_a_hold_that_is_over_is_not_cancelled_again(desk, scan, placed):
    desk.get("/desk/holds/shelf")
    desk.post(f"/desk/holds/{placed.id}/cancel")
    desk.get("/desk/holds/shelf")
    assert desk.post(f"/desk/holds/{placed.id}/cancel").status_code == 409


def test_the_shelf_shows_until_when(desk, placed, copy):
    day = clock.today() + timedelta(days=7)
    Hold.update(state="ready", item=copy, on_shelf_on=clock.today(), told_on=clock.today(), pickup_by=day).execute()
    desk.get("/desk/holds/shelf")
    assert "12月2日(水)まで" in desk.text() and placed.patron.card_number in desk.text()


def test_a_copy_is_sent_and_arrives(desk, scan, copy, card):
    far = factories.branch("龍田")
    holds.place(card, copy.title, pickup_branch=far, now=clock.now())
    scan("/desk/holds/scan/pull", item=copy.barcode)
    desk.get("/desk/transfers")
    assert "龍田" in desk.page.select_one("tbody").get_text() and "予約" in desk.page.select_one("tbody").get_text()
    desk.post("/desk/branch", {"branch": far.id})
    scan("/desk/holds/scan/transfers", item=copy.barcode)
    assert Hold.get().state == "ready" and "予約棚へ" in desk.page.select_one(".came-in").get_text()
    assert "貸出中ではありません" not in desk.text()  # of a copy that travels nobody thinks so
    assert Branch.get_by_id(Item.get().at_branch_id).name == "龍田"


def test_an_unknown_number_is_told(desk, scan):
    assert scan("/desk/holds/scan/transfers", item="777").status_code == 422
    assert scan("/desk/holds/scan/pull", item="777").status_code == 422
    assert scan("/desk/holds/scan/pull", item="").status_code == 200


def test_a_slip_is_there_only_while_a_copy_is_kept(desk, placed):
    assert desk.get(f"/desk/holds/{placed.id}/slip").status_code == 404


# -- where it waits --------------------------------------------------------------------------------------------------
def place_form(desk):
    return desk.page.select_one(".came-in form.place")


def test_the_place_behind_the_desk_is_told_where_the_copy_is_looked_for(desk, scan, placed, copy, card):
    scan("/desk/holds/scan/pull", item=copy.barcode)
    form = form_data(place_form(desk)) | {"place": "Ａ－12\r\n"}
    assert form["next"] == "/desk/holds"
    scan(f"/desk/holds/place/{copy.id}", **form)
    assert Item.get().aside_at == "A-12"
    for address in ("/desk/holds/shelf", f"/desk/holds/{placed.id}/slip", f"/desk/items/{copy.barcode}"):
        desk.get(address)
        assert "A-12" in desk.text(), address
    scan("/desk/checkout", card=card.card_number)
    side = desk.page.find("section", attrs={"aria-label": "利用者"}).get_text()
    assert "予約棚 本館 A-12" in side
    scan("/desk/checkout", card=card.card_number, item=copy.barcode)
    assert (Hold.get().state, Item.get().aside_at) == ("collected", "")


def test_a_copy_to_be_put_back_is_found_where_it_was_set_aside(desk, scan, placed, copy):
    scan("/desk/holds/scan/pull", item=copy.barcode)
    scan(f"/desk/holds/place/{copy.id}", place="3")
    holds.cancel(Hold.get(), by="patron", now=clock.now())
    desk.get("/desk/holds/reshelve")
    assert desk.page.find("td", attrs={"data-l": "いまの棚"}).get_text() == "3"
    scan("/desk/holds/scan/reshelve", item=copy.barcode)
    assert Item.get().aside_at == "" and not place_form(desk)


def test_the_next_in_line_has_it_at_the_same_place(desk, scan, placed, copy):
    second = holds.place(factories.patron(), copy.title, pickup_branch=copy.branch, now=clock.now())
    scan("/desk/holds/scan/pull", item=copy.barcode)
    scan(f"/desk/holds/place/{copy.id}", place="3")
    holds.cancel(placed, by="patron", now=clock.now())
    assert (Hold.get_by_id(second.id).state, Item.get().aside_at) == ("ready", "3")


def test_a_copy_that_is_not_kept_has_no_place(desk, scan, copy):
    desk.get("/desk/holds/shelf")
    assert desk.post(f"/desk/holds/place/{copy.id}", {"place": "3"}).status_code == 404


def test_a_copy_of_another_branch_is_put_back_there(desk, scan):
    factories.item(aside=True, branch=factories.branch("東部"), at_branch=factories.branch("本館"), shelf="一般書架")
    factories.item(aside=True, branch=factories.branch("本館"), at_branch=factories.branch("本館"), shelf="児童書架")
    desk.get("/desk/holds/reshelve")
    places = [cell.get_text() for cell in desk.page.find_all("td", attrs={"data-l": "戻す場所"})]
    assert sorted(places) == ["児童書架", "東部 一般書架"]
