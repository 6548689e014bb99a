"""予約の受付 at the desk."""

import pytest

from library import clock
from models import Audit, CardNumber, Hold
from tests import factories


@pytest.fixture
def title(desk):
    return factories.item(factories.title("草枕")).title


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
    assert ask(card=f"A{card.card_number}A").location == f"/desk/patrons/{card.id}"
    hold = Hold.get()
    assert (hold.patron, hold.title, hold.pickup_branch.name, hold.contact_method) == (card, title, "本館", "phone")
    row = Audit.get(Audit.action == "hold.placed")
    assert (row.actor, row.patron, row.details) == ("staff:suzuki", card, {}), "never together with the title"
    desk.get(f"/desk/patrons/{card.id}")
    assert "予約している資料 1点" in desk.text() and "草枕" in desk.text()


def test_branch_and_contact_are_those_that_were_chosen(title, card, ask):
    there = factories.branch("東部")
    ask(card=card.card_number, pickup_branch=there.id, contact_method="none")
    assert (Hold.get().pickup_branch, Hold.get().contact_method) == (there, "none")


def test_the_person_at_the_desk_is_meant(desk, title, card, scan):
    scan("/desk/checkout", card=card.card_number)
    desk.get(f"/desk/titles/{title.id}/hold")
    assert desk.page.find("input", id="card")["value"] == card.card_number


def test_every_reason_is_told_and_nothing_typed_is_lost(desk, title, card, ask):
    factories.loan(card, clock.today(), item=title.items.get())
    card.state = "suspended"
    card.save()
    answer = ask(card=card.card_number, contact_method="mail")
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
    assert ask(card=number).status_code == 422
    assert words in desk.page.find(id="error-summary").get_text()
    assert Hold.select().count() == 0
