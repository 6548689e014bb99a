"""予約の受付 at the desk."""

import pytest

from library import clock
from models import Audit, CardNumber, Hold
from tests import factories


@pytest.fixture
def title(desk):
    return factories.catalogued("草枕", copies=1)


@pytest.fixture
def ask(desk, title):
    def ask(**given):
        desk.get(f"/desk/titles/{title.id}/hold")
        return desk.post(f"/desk/titles/{title.id}/hold", desk.form(f"/desk/titles/{title.id}/hold") | given)

    return ask


def test_a_patron_who_asks_at_the_desk_has_a_place_in_the_queue(desk, title, card, ask):
    card.contact_method = "phone"
    card.save()
    desk.get(f"/desk/titles/{title.id}")
    assert desk.page.find("a", string="予約を受け付ける")["href"] == f"/desk/titles/{title.id}/hold"
    assert ask(asked=f"A{card.card_number}A").location == f"/desk/patrons/{card.id}"
    hold = Hold.get()
    assert (hold.patron, hold.title, hold.pickup_branch.name, hold.contact_method) == (card, title, "本館", "phone")
    row = Audit.get(Audit.action == "hold.placed")
    assert (row.actor, row.patron, row.details) == ("staff:suzuki", card, {}), "never together with the title"
    desk.get(f"/desk/patrons/{card.id}")
    assert "予約している資料 1点" in desk.text() and "草枕" in desk.text()


def test_branch_and_contact_are_those_that_were_chosen(title, card, ask):
    there = factories.branch("東部")
    ask(asked=card.card_number, pickup_branch=there.id, contact_method="none")
    assert (Hold.get().pickup_branch, Hold.get().contact_method) == (there, "none")


def test_the_person_at_the_desk_is_named_and_chosen_by_a_press(desk, title, card, scan):
    scan("/desk/checkout", card=card.card_number)
    desk.get(f"/desk/titles/{title.id}/hold")
    assert desk.page.find("input", id="asked")["value"] == ""
    press = desk.page.find("button", attrs={"name": "chosen"})
    assert press.get_text().startswith(f"{card.name} さん")
    sent = desk.form(f"/desk/titles/{title.id}/hold") | {"chosen": press["value"]}
    assert desk.post(f"/desk/titles/{title.id}/hold", sent).location == f"/desk/patrons/{card.id}"


def test_a_hold_by_telephone_is_answered_with_the_place_in_the_queue(desk, title, card, ask):
    factories.hold(factories.patron(name="次の 人", name_kana="ツギノ ヒト"), title)
    desk.get(ask(asked=card.name.replace(" ", "")).location)
    assert "「草枕」を予約しました。2番目です。" in "".join(desk.page.find(id="answer").get_text().split())


def test_a_name_that_several_have_is_asked_about(desk, title, card, ask):
    others = [factories.patron(name="森 鴎外", name_kana="モリ オウガイ") for _ in range(2)]
    answer = ask(asked="もり")
    assert answer.status_code == 422 and Hold.select().count() == 0
    presses = desk.page.find_all("button", attrs={"name": "chosen"})
    assert {press["value"] for press in presses} == {row.card_number for row in others}
    sent = desk.form(f"/desk/titles/{title.id}/hold") | {"chosen": others[1].card_number}
    desk.post(f"/desk/titles/{title.id}/hold", sent)
    assert Hold.get().patron == others[1]


def test_the_beginning_of_one_name_chooses_nobody(desk, title, card, ask):
    assert ask(asked=card.name[0]).status_code == 422
    assert len(desk.page.find_all("button", attrs={"name": "chosen"})) == 1 and Hold.select().count() == 0
    assert ask(asked="夏目漱石").status_code == 422 and "当てはまる利用者はいません" in desk.text()


@pytest.fixture
def ask_for(desk, card):
    def ask_for(**given):
        address = f"/desk/patrons/{card.id}/hold"
        desk.get(address)
        return desk.post(address, desk.form(address) | given)

    return ask_for


def test_a_book_is_reserved_from_the_page_of_a_person_by_words_or_number(desk, title, card, ask_for):
    desk.get(f"/desk/patrons/{card.id}")
    assert desk.page.find("a", string="予約を受け付ける")["href"] == f"/desk/patrons/{card.id}/hold"
    assert ask_for(asked="草枕").location == f"/desk/patrons/{card.id}"
    assert Hold.get().title == title
    Hold.delete().execute()
    ask_for(asked=title.items.get().barcode)
    assert Hold.get().title == title


def test_of_several_books_one_is_chosen_and_of_none_that_is_said(desk, title, card, ask_for):
    other = factories.catalogued("草枕の旅", copies=1)
    assert ask_for(asked="草枕").status_code == 422
    presses = desk.page.find_all("button", attrs={"name": "chosen"})
    assert {press["value"] for press in presses} == {str(title.id), str(other.id)}
    ask_for(asked="草枕", chosen=str(other.id))
    assert Hold.get().title == other
    assert ask_for(asked="ない本の名前").status_code == 422 and "当てはまる資料はありません" in desk.text()
    assert desk.form(f"/desk/patrons/{card.id}/hold")["asked"] == "ない本の名前"


def test_every_reason_is_told_and_nothing_typed_is_lost(desk, title, card, ask):
    factories.loan(card, clock.today(), item=title.items.get())
    card.state = "suspended"
    card.save()
    answer = ask(asked=card.card_number, contact_method="mail")
    assert answer.status_code == 422
    said = desk.page.find(id="error-summary").get_text()
    assert all(words in said for words in ("利用停止中です", "すでに借りている", "メールの送り先がありません"))
    assert desk.form(f"/desk/titles/{title.id}/hold")["contact_method"] == "mail"
    assert Hold.select().count() == 0


@pytest.mark.parametrize(
    ("number", "words"), [("", "利用者番号"), ("0000009999999", "利用者はいません"), ("0000000000017", "紛失の届け")]
)
def test_a_card_that_nobody_has(desk, title, card, ask, number, words):
    CardNumber.create(number="0000000000017", patron=card, kind="lost", until=clock.now())
    assert ask(asked=number).status_code == 422
    assert words in desk.page.find(id="error-summary").get_text()
    assert Hold.select().count() == 0
