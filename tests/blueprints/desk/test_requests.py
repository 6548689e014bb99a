"""リクエスト at the desk: the lists, one decision with its step, the works on order, and what is asked for at the desk."""

import pytest

from blueprints.desk.patrons import requests
from library import clock, policy
from library.requests import deciding, receipt, same_work
from models import Borrowing, Hold, Item, OutboxMail, Partner, PatronRequest, Title, Wanted
from tests import factories

BY = {"by": "staff:desk"}


def asked(patron=None, name="石の声を聴く", author="北山 透", isbn="", **given):
    how = {"pickup_branch": factories.branch("本館"), "contact_method": "none", "may_borrow": True, "now": clock.now()}
    return receipt.ask(patron or factories.patron(), same_work.Wish(name, author=author, isbn=isbn), **how | given)


def fresh(row):
    return type(row).get_by_id(row.id)


def words(desk):
    return desk.text().replace(" ", "").replace("\n", "")


def press(desk, action, **more):
    return desk.post(action, desk.form(action) | more)


def decide(desk, wanted, to, **more):
    """From the list over the step to the decision."""
    desk.get(f"/desk/requests?open={wanted.id}")
    press(desk, f"/desk/requests/{wanted.id}/step", to=to, reply="お待ちください。")
    return press(desk, f"/desk/requests/{wanted.id}/decision", **more)


def register(desk):
    """From the works on order to where the copy is registered."""
    desk.get("/desk/requests/orders")
    return desk.get(desk.page.find("a", attrs={"aria-label": "「石の声を聴く」を登録する"})["href"])


@pytest.fixture
def wanted(desk):
    return asked(note="新聞の書評で").wanted


# -- the list --------------------------------------------------------------------------------------------------------
def test_the_oldest_stands_in_full_and_the_others_in_a_line(desk, wanted):
    asked(may_borrow=False)
    factories.catalogued("別の本", by=("北山透", "キタヤマ, トオル"), copies=1)
    other = asked(name="はじめての活版印刷", author="").wanted
    desk.get("/desk/requests")
    text = words(desk)
    assert "検討2" in text and "お待ちの方2人" in text and "借受でもよい新聞の書評で" in text and "購入を希望" in text
    assert "所蔵していません。同じ著者の本1点、この1年の貸出0回" in text
    assert "はじめての活版印刷著者なし" in text
    assert press(desk, f"/desk/requests/{other.id}/consideration").location == f"/desk/requests?open={other.id}"
    assert fresh(other).state == "considered"
    desk.get(f"/desk/requests?open={other.id}")
    assert desk.page.select_one(".askers") and desk.form(f"/desk/requests/{other.id}/step")
    assert desk.page.find("button", attrs={"aria-label": "「はじめての活版印刷」を購入する"})


def test_the_number_that_waits_stands_in_the_menu_and_among_the_work_of_the_day(desk, wanted):
    desk.get("/desk/")
    row = desk.page.select_one('.work a[href="/desk/requests"]')
    assert "1" in row.get_text() and "リクエスト" in row.get_text()
    decide(desk, wanted, "buying")
    desk.get("/desk/")
    assert desk.page.select_one('.work a[href="/desk/requests"]') is None


@pytest.mark.parametrize("address", ["/desk/requests?list=x&open=y&page=z", "/desk/requests?open=999&page=99"])
def test_an_odd_address_shows_the_list(desk, wanted, address):
    assert desk.get(address).status_code == 200 and "石の声を聴く" in desk.text()


# -- deciding --------------------------------------------------------------------------------------------------------
def test_a_purchase_is_looked_at_before_it_is_done(desk, wanted):
    mailed = factories.patron()
    factories.address(mailed)
    asked(mailed, contact_method="mail")
    desk.get("/desk/requests")
    press(desk, f"/desk/requests/{wanted.id}/step", to="buying", reply="お待ちください。")
    assert desk.h1() == "購入の確認" and "メールを希望する1人に送ります。" in words(desk)
    assert fresh(wanted).state == "received"
    assert press(desk, f"/desk/requests/{wanted.id}/decision").location == "/desk/requests"
    desk.get("/desk/requests")
    assert "購入にしました。" in words(desk)
    assert fresh(wanted).state == "buying" and OutboxMail.select().count() == 1
    assert {row.reply for row in PatronRequest.select()} == {"お待ちください。"}


def test_a_refusal_asks_its_reason_and_loses_nothing(desk, wanted):
    assert decide(desk, wanted, "declined").status_code == 422
    assert "謝絶の理由：選択肢の中から選んでください。" in words(desk)
    form = desk.form(f"/desk/requests/{wanted.id}/decision")
    assert form["reply"] == "お待ちください。"
    assert press(desk, f"/desk/requests/{wanted.id}/decision", reason="unavailable").status_code == 303
    desk.get("/desk/requests?list=over")
    assert "謝絶（絶版・品切れ）" in words(desk)


def test_a_work_is_asked_of_another_library_and_taken_back(desk, wanted):
    partner, _ = Partner.create(name="県立図書館"), Partner.create(name="となり町立図書館")
    assert decide(desk, wanted, "borrowing").status_code == 422
    assert "相手館を選んでください。" in words(desk)
    press(desk, f"/desk/requests/{wanted.id}/decision", partner=str(partner.id))
    assert Borrowing.get().state == "asked"
    desk.get("/desk/requests?list=borrowing")
    assert "県立図書館" in words(desk)
    press(desk, f"/desk/requests/{wanted.id}/step", to="considered")
    assert desk.h1() == "検討に戻す確認"
    press(desk, f"/desk/requests/{wanted.id}/decision")
    assert (fresh(wanted).state, Borrowing.get().state) == ("considered", "refused")


def test_the_only_other_library_is_chosen_already(desk, wanted):
    partner = Partner.create(name="県立図書館")
    Partner.create(name="閉じた図書館", is_stopped=True)
    assert decide(desk, wanted, "borrowing").status_code == 303
    assert Borrowing.get().partner == partner


def test_a_second_decision_is_refused_with_what_the_first_was(desk, wanted):
    desk.get("/desk/requests")
    press(desk, f"/desk/requests/{wanted.id}/step", to="buying", reply="")
    form = desk.form(f"/desk/requests/{wanted.id}/decision")
    deciding.decline(wanted, "policy", reply="", by="staff:other", now=clock.now())
    assert desk.post(f"/desk/requests/{wanted.id}/decision", form).status_code == 409
    assert "いま「謝絶」です。" in words(desk) and fresh(wanted).state == "declined"
    assert desk.post(f"/desk/requests/{wanted.id}/step", {"to": "buying", "reply": ""}).status_code == 409
    press_open = desk.post(f"/desk/requests/{wanted.id}/consideration")
    assert press_open.location == "/desk/requests"
    assert desk.post(f"/desk/requests/{wanted.id}/decision", {"to": "x"}).status_code == 404
    assert desk.post("/desk/requests/999/decision", {"to": "buying"}).status_code == 404


def test_a_work_of_a_later_page_is_opened_with_it(desk, wanted, monkeypatch):
    monkeypatch.setattr(requests, "SIZE", 2)
    *_, other = (asked(name=f"はじめての活版印刷{number}").wanted for number in range(3))
    desk.get("/desk/requests?page=2")
    desk.get(press(desk, f"/desk/requests/{other.id}/consideration").location)
    assert desk.form(f"/desk/requests/{other.id}/step")


# -- on order --------------------------------------------------------------------------------------------------------
def test_the_list_for_the_bookseller_has_no_patron(desk, wanted):
    decide(desk, wanted, "buying")
    desk.get("/desk/requests/orders")
    row = desk.page.select_one("tbody tr").get_text(" ", strip=True)
    card = PatronRequest.get().patron.card_number
    assert "石の声を聴く" in row and card not in desk.text()
    csv = desk.get("/desk/requests/orders.csv").text
    assert csv.splitlines()[1].startswith('"石の声を聴く","","北山 透"') and card not in csv and "書評" not in csv
    assert desk.get("/desk/requests/orders.xlsx").status_code == 200


def test_the_copy_of_a_work_on_order_is_registered_and_kept_for_who_asked(desk, wanted):
    decide(desk, wanted, "buying")
    register(desk)
    form = desk.form("/desk/titles/new")
    assert (form["title"], form["author"], form["wanted"]) == ("石の声を聴く", "北山 透", str(wanted.id))
    assert desk.post("/desk/titles/new", form | {"title": ""}).status_code == 422
    answer = desk.post("/desk/titles/new", desk.form("/desk/titles/new") | {"title": "石の聲を聴く"})
    title = Title.get()
    assert answer.location == f"/desk/titles/{title.id}" and fresh(wanted).title_id == title.id
    assert register(desk).location == f"/desk/titles/{title.id}"
    desk.get(f"/desk/titles/{title.id}")
    action = f"/desk/titles/{title.id}/items"
    desk.get(press(desk, action).location)
    assert "お待ちの1人の予約にしました。" in words(desk)
    assert Hold.get().item == Item.get() and fresh(wanted).state == "arrived"


def test_a_record_of_the_isbn_as_it_was_typed_is_where_the_copy_is_registered(desk):
    decide(desk, asked(isbn="978-4-00-310101-8").wanted, "buying")
    title = factories.catalogued("石の声を聴く", isbns=["9784003101018"])
    assert register(desk).location == f"/desk/titles/{title.id}"
    assert '"9784003101018"' in desk.get("/desk/requests/orders.csv").text


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_a_record_whose_copies_are_gone_is_where_the_copy_is_registered(desk, is_withdrawn):
    title = factories.catalogued("石の声を聴く", by=("北山透", "キタヤマ, トオル"))
    item = factories.item(title, state="available" if is_withdrawn else "lost")
    if is_withdrawn:
        factories.withdraw(item)
    decide(desk, asked().wanted, "buying")
    assert register(desk).location == f"/desk/titles/{title.id}"


# -- at the desk -----------------------------------------------------------------------------------------------------
def test_a_request_is_taken_at_the_desk_by_the_number_of_the_card(desk, patron):
    factories.branch("本館")
    desk.get("/desk/requests/new")
    form = desk.form("/desk/requests/new") | {"title_text": "石の声を聴く"}
    assert form["contact_method"] == "" and form["may_borrow"] == "y"
    assert desk.post("/desk/requests/new", form).status_code == 422 and "利用者番号：入力してください。" in words(desk)
    assert desk.post("/desk/requests/new", form | {"card": "9999999999999"}).status_code == 422
    assert desk.form("/desk/requests/new")["title_text"] == "石の声を聴く" and not Wanted.select().exists()
    assert desk.post("/desk/requests/new", form | {"card": patron.card_number}).location == "/desk/requests"
    assert PatronRequest.get().patron == patron
    again = desk.post("/desk/requests/new", form | {"card": patron.card_number})
    assert again.status_code == 422 and "すでにリクエストしています。" in words(desk)


def test_a_pause_holds_at_the_desk_too(desk, patron):
    policy.put("requests_taken", False)
    desk.get("/desk/requests/new")
    form = desk.form("/desk/requests/new") | {"title_text": "本", "card": patron.card_number}
    assert desk.post("/desk/requests/new", form).status_code == 422 and "受付を休んでいます" in words(desk)
