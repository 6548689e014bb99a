"""住所・保護者・居住の別 at the desk: seen where it is asked for, and nowhere else."""

from datetime import date

import pytest

from library import audit_words, policy
from models import Audit, Patron
from tests import factories

HOME = {
    "postal_code": "860-0001",
    "address": "すずかけ市中央一丁目2番3号",
    "residence": "working",
    "guardian_name": "図書 めぐみ",
    "guardian_phone": "090-1111-2222",
}
SEEN = ("860-0001", "すずかけ市中央", "図書 めぐみ", "1111-2222", "在勤")


@pytest.fixture
def child(desk):
    return factories.patron(birth_date="2016-04-02", category="児童", **HOME)


def looks():
    return Audit.select().where(Audit.action == "patron.address_viewed").count()


def test_it_is_seen_when_asked_for_and_each_look_is_written_down(desk, child):
    page = f"/desk/patrons/{child.id}"
    desk.get(page)
    assert not any(words in desk.page.text for words in SEEN) and looks() == 0
    for number in (1, 2):
        desk.get(page)
        desk.post(f"{page}/address", desk.form(f"{page}/address"))
        assert all(words in desk.page.text for words in SEEN)
        assert looks() == number
    row = Audit.get(Audit.action == "patron.address_viewed")
    assert (row.actor, row.patron, row.details) == ("staff:suzuki", child, {})


def test_a_patron_without_an_address_shows_that_and_no_button(desk):
    patron = factories.patron()
    desk.get(f"/desk/patrons/{patron.id}")
    assert "住所を表示する" not in desk.text() and "登録なし" in desk.text()
    desk.get(f"/desk/patrons/{patron.id}/edit")
    assert looks() == 0


@pytest.mark.parametrize(
    "page",
    ["/desk/patrons", "/desk/checkout", "/desk/renewals", "/desk/overdue", "/desk/holds", "/desk/patrons/{id}/card"],
)
def test_no_other_page_of_the_desk_shows_it(desk, child, page):
    factories.loan(child, date(2026, 11, 1))
    desk.post("/desk/checkout", {"card": child.card_number})
    desk.get(page.format(id=child.id))
    assert page != "/desk/checkout" or child.name in desk.text()
    assert not any(words in desk.page.text for words in SEEN)


def test_the_form_shows_it_which_is_written_down_and_changes_it(desk, child):
    address = f"/desk/patrons/{child.id}/edit"
    desk.get(address)
    sent = desk.form(address)
    assert {name: sent[name] for name in HOME} == HOME and looks() == 1
    assert desk.post(address, sent | {"postal_code": "８６０ー０００２", "residence": "outside"}).status_code == 303
    patron = Patron.get_by_id(child.id)
    assert (patron.postal_code, patron.residence) == ("860-0002", "outside")
    changed = Audit.get(Audit.action == "patron.changed").details
    assert audit_words.details(changed) == "項目：郵便番号、居住の別"


def test_a_new_card_takes_it_and_what_is_wrong_comes_back(desk):
    policy.put("residence_outside", "町外")
    desk.get("/desk/patrons/new")
    sent = (
        desk.form("/desk/patrons/new")
        | HOME
        | {"name": "図書 花子", "birth_date": "2016-04-02", "residence": "outside"}
    )
    assert "町外" in [option.get_text() for option in desk.page.select("#residence option")]
    answer = desk.post("/desk/patrons/new", sent | {"postal_code": "8600", "birth_date": "1990-01-01"})
    assert answer.status_code == 422 and {link["href"] for link in desk.page.select("#error-summary a")} == {
        "#postal_code"
    }
    assert desk.page.find(id="guardian_name")["value"] == HOME["guardian_name"]
    answer = desk.post("/desk/patrons/new", sent | {"birth_date": "1990-01-01"})
    assert answer.status_code == 422 and "保護者は、18歳になるまで" in desk.text()
    assert desk.post("/desk/patrons/new", sent).status_code == 200
    assert Patron.get().guardian_phone == HOME["guardian_phone"]


def test_a_child_who_is_registered_without_a_guardian_may_be_and_is_asked_for_one(desk):
    desk.get("/desk/patrons/new")
    sent = desk.form("/desk/patrons/new") | {"name": "図書 花子", "birth_date": "2016-04-02"}
    assert desk.post("/desk/patrons/new", sent).status_code == 200
    assert "保護者の登録がありません" in desk.text()
    desk.get("/desk/patrons/new")
    desk.post(
        "/desk/patrons/new",
        desk.form("/desk/patrons/new") | sent | {"card_number": "0000000000009", "birth_date": "1990-04-02"},
    )
    assert "保護者の登録がありません" not in desk.text()


def test_a_child_without_a_guardian_is_asked_for_one(desk):
    patron = factories.patron(birth_date="2016-04-02")
    desk.get(f"/desk/patrons/{patron.id}/edit")
    assert "15歳になるまでの方です" in desk.page.find(id="guardian_name-warnings").get_text()


def test_a_group_has_no_birth_date_and_somebody_in_charge(desk):
    desk.get("/desk/patrons/new")
    sent = desk.form("/desk/patrons/new") | {"name": "すずかけ文庫", "category": "団体", "guardian_name": "山田 薫"}
    assert desk.post("/desk/patrons/new", sent | {"birth_date": "1990-01-01"}).status_code == 422
    assert desk.page.find(id="guardian_name-label").get_text() == "担当者"
    assert desk.post("/desk/patrons/new", sent).status_code == 422 and "代表者と配送先もお聞きします" in desk.text()
    assert not desk.page.find(id="birth_date") and not desk.page.find(id="residence") and Patron.get_or_none() is None
    sent = desk.form("/desk/patrons/new") | {"representative": "鈴木　進", "delivery_to": "すずかけ 小学校 図書室"}
    assert desk.post("/desk/patrons/new", sent).status_code == 200
    assert desk.page.select_one(".one-time")  # a code, in place of the day of birth
    group = Patron.get()
    page = f"/desk/patrons/{group.id}"
    desk.get(page)
    assert "生年月日" not in desk.text()
    desk.post(f"{page}/address", desk.form(f"{page}/address"))
    assert all(words in desk.text() for words in ("担当者", "山田 薫", "代表者", "鈴木 進", "配送先", "小学校"))
    desk.get("/desk/patrons"), desk.get(desk.post("/desk/patrons", {"q": "すずかけ"}).location)
    desk.get(f"{page}/edit")
    assert desk.post(f"{page}/edit", desk.form(f"{page}/edit")).status_code == 303
