"""A number that was read where no field waited for one."""

import pytest

from library import clock
from models import Audit, CardNumber
from tests import factories
from tests.pages import announced

SCAN = "/desk/scan"


@pytest.fixture
def read(desk):
    """Send a number as the scanner's script does, from a page without a field for it."""

    def send(number):
        desk.get("/desk/status")
        return desk.post(SCAN, {"number": number})

    return send


@pytest.mark.parametrize("number", ["{}", "A{}A", "ａ{}ｂ"])
def test_a_card_opens_its_person_and_that_is_written_down(desk, read, card, number):
    answer = read(number.format(card.card_number))
    assert answer.location == f"/desk/patrons/{card.id}"
    desk.get(answer.location)
    assert Audit.select().where(Audit.action == "patron.viewed", Audit.patron == card).count() == 1


def test_a_copy_opens_the_copy_and_an_isbn_the_title(desk, read):
    barcode = factories.item().barcode
    assert read(barcode.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"})).location == (
        f"/desk/items/{barcode}"
    )
    assert read("9784101092065").location == "/desk/titles?q=9784101092065"


def test_a_number_of_a_card_and_a_copy_opens_neither_but_offers_both(desk, read, card):
    item = factories.item(barcode=card.card_number)
    page = read(card.card_number).page
    offered = {link.get_text(): link["href"] for link in page.select(".refusal a")}
    assert offered == {
        item.title.full_name: f"/desk/items/{card.card_number}",
        "佐藤 花子 さん": f"/desk/patrons/{card.id}",
    }


def test_an_unknown_card_is_registered_with_its_number(desk, read):
    answer = read("A0000009999999A")
    assert answer.status_code == 422 and "この利用者番号の利用者はいません。" in announced(answer.page)
    page = desk.get(answer.page.select_one(".refusal a")["href"]).page
    assert page.find("input", {"name": "card_number"})["value"] == "0000009999999"


def test_a_lost_card_and_an_unknown_number_each_have_a_sentence(desk, read, card):
    CardNumber.create(number="0000003000999", patron=card, kind="lost", until=clock.now())
    assert "紛失の届け" in announced(read("0000003000999").page)
    page = read("99887766").page
    assert "99887766" in announced(page) and "利用者番号にも、資料番号にもない番号です。" in announced(page)
    assert not page.select(".refusal a") and page.find(attrs={"autofocus": True})["name"] == "number"


def test_nothing_read_is_asked_for_again(read):
    assert read(" ").location == SCAN


def test_words_find_people_and_titles_and_stand_in_no_address(desk, card):
    title = factories.catalogued("佐藤さんの庭")
    answer = desk.post(SCAN, {"number": "佐藤"})
    assert answer.location.startswith("/desk/scan?s=") and "佐藤" not in answer.location
    page = desk.get(answer.location).page
    assert {link.get_text(): link["href"] for link in page.select(".next-way a")} == {
        "佐藤 花子": f"/desk/patrons/{card.id}",
        "佐藤さんの庭": f"/desk/titles/{title.id}",
    }
    assert Audit.select().where(Audit.action == "patron.searched").count() == 1


def test_words_that_find_nothing_can_be_asked_for_again(desk):
    page = desk.get(desk.post(SCAN, {"number": "ぬゑぱぺ"}).location).page
    assert "利用者も資料も見つかりませんでした。" in announced(page)
    assert page.find(attrs={"autofocus": True})["name"] == "number"


def test_a_title_that_is_a_number_is_found(desk):
    factories.catalogued("1984")
    page = desk.get(desk.post(SCAN, {"number": "1984"}).location).page
    assert [link.get_text() for link in page.select(".next-way a")] == ["1984"]


def test_the_end_of_a_telephone_number_finds_its_person(desk, card):
    card.phone_home, card.phone_home_key = "096-123-4567", "7654321690"
    card.save()
    page = desk.get(desk.post(SCAN, {"number": "4567"}).location).page
    assert [link.get_text() for link in page.select(".next-way a")] == ["佐藤 花子"]
