"""カードの廃止の申し込み, and how the desk hears of it."""

import pytest

from library.account import account_closing
from models import Audit, ClosingRequest, OutboxMail, Patron
from tests import factories
from tests.conftest import NOW


def send(browse, password=factories.PASSWORD):
    browse.get("/my/closing/confirm")
    return browse.post("/my/closing/confirm", {"current_password": password})


def test_three_steps_and_back(signed_in, patron):
    factories.address(patron, "old@example.jp")
    factories.hold(patron)
    factories.request(patron)
    signed_in.get("/my/closing")
    assert "予約している1点を取り消します" in signed_in.text() and "リクエスト1件を取り消します" in signed_in.text()
    assert send(signed_in).location == "/my/closing/done"
    signed_in.get("/my/closing/done")
    assert signed_in.h1() == "カードの廃止の申し込み" and "old@" in signed_in.text()
    assert [(mail.kind, mail.facts["what"]) for mail in OutboxMail.select()] == [("security", "closing")]
    assert signed_in.get("/my/closing/confirm").location == "/my/closing"
    signed_in.get("/my/closing")
    assert "廃止を申し込んでいます" in signed_in.text()
    signed_in.post("/my/closing/withdrawal")
    signed_in.get("/my/closing")
    assert "申し込みを取り下げました" in signed_in.text()
    assert ClosingRequest.select().count() == 0
    assert Patron.get_by_id(patron.id).state == "active"


def test_sent_twice_it_is_one_request_and_one_mail(signed_in, patron):
    factories.address(patron)
    signed_in.get("/my/closing/confirm")
    data = {"current_password": factories.PASSWORD, "csrf_token": signed_in.token()}
    for _ in range(2):
        assert signed_in.post("/my/closing/confirm", data, token=False).location == "/my/closing/done"
    assert (ClosingRequest.select().count(), OutboxMail.select().count()) == (1, 1)


@pytest.mark.parametrize("password", ["", "wrong"])
def test_nothing_is_asked_without_the_password(signed_in, password):
    assert send(signed_in, password).status_code == 422
    assert signed_in.page.select_one("#current_password")["aria-invalid"] == "true"
    assert ClosingRequest.select().count() == 0


def test_loans_come_first(signed_in, patron):
    signed_in.get("/my/closing/confirm")
    token = signed_in.token()
    factories.loan(patron)
    signed_in.get("/my/closing")
    assert "済んでいない資料が1点あります" in signed_in.text()
    assert signed_in.page.find("button", string="確認へ進む").has_attr("disabled")
    assert signed_in.get("/my/closing/confirm").location == "/my/closing"
    data = {"current_password": factories.PASSWORD, "csrf_token": token}
    assert signed_in.post("/my/closing/confirm", data, token=False).status_code == 409
    assert ClosingRequest.select().count() == 0


def test_a_suspended_card_can_be_given_back(browse):
    patron = factories.patron(state="suspended")
    browse.sign_in(patron)
    assert send(browse).location == "/my/closing/done"


def test_the_desk_finds_the_request_and_it_ends_with_the_card(browse, patron):
    browse.be(factories.staff())
    browse.get("/desk/patrons")
    assert "廃止の申し込み" not in browse.page.find("main").get_text()
    account_closing.request(patron, now=NOW)
    late = factories.patron(name="図書 次郎")
    account_closing.request(late, now=NOW)
    factories.loan(late)
    browse.get("/desk/patrons")
    assert "廃止の申し込み 2件" in browse.text()
    browse.get("/desk/patrons/closing-requests")
    rows = [row.get_text(" ", strip=True) for row in browse.page.select("tbody tr")]
    assert "なし" in rows[0] and "1点" in rows[1]
    browse.get(f"/desk/patrons/{patron.id}")
    assert "カードの廃止の申し込みがあります" in browse.text()
    browse.get(f"/desk/patrons/{patron.id}/closing")
    browse.post(f"/desk/patrons/{patron.id}/closing")
    assert [row.patron for row in ClosingRequest.select()] == [late]
    assert Audit.select().where(Audit.action == "patron.closed").count() == 1
