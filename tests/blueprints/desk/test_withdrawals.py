"""除籍と図書原簿 at the desk: candidates, the step, those that went, the register."""

from datetime import timedelta

import pytest

from library import clock
from library.lending import withdrawals
from models import Item
from tests import factories


@pytest.fixture
def old(desk):
    return [
        factories.item(
            factories.catalogued(f"古い本{number}"), acquired_on=clock.today() - timedelta(days=4000), price=1980
        )
        for number in range(3)
    ]


@pytest.fixture
def admin(browse, old):
    browse.be(factories.staff("admin", login="kanri"))
    return browse


def test_candidates_are_ticked_withdrawn_in_one_step_and_taken_back(admin, old, patron):
    factories.loan(patron, item=old[2])
    admin.get("/desk/withdrawals")
    assert "2点" in admin.text() and "一度も借りられていません" in admin.text() and "最後の1点です" in admin.text()
    admin.get(f"/desk/withdrawals?barcode={old[2].barcode}&item={old[0].id}")
    assert len(admin.page.select("input[name=item][checked]")) == 2
    admin.get("/desk/withdrawals/new", query_string={"item": [item.id for item in old]})
    assert "2点を除籍します" in admin.text() and "除籍できません" in admin.text() and "1,980円" in admin.text()
    ids = [field["value"] for field in admin.page.select("main input[name=item]")]
    form = {"csrf_token": admin.token(), "item": ids, "day": clock.today().isoformat(), "every": ""}
    answer = admin.post("/desk/withdrawals", form)
    assert answer.status_code == 422 and "理由を選んでください" in admin.text()
    assert admin.post("/desk/withdrawals", form | {"every": "内容が古い"}).status_code == 303
    admin.get("/desk/withdrawals/withdrawn")
    assert "2点を除籍しました" in admin.text() and "内容が古い" in admin.text()
    admin.post("/desk/withdrawals/undo", {"csrf_token": admin.token(), "item": ids})
    admin.get("/desk/withdrawals/withdrawn")
    assert "2点の除籍を取り消しました" in admin.text()
    assert not Item.select().where(Item.state == "withdrawn").exists()


def test_too_many_ticks_are_refused_and_stay(admin, old, monkeypatch):
    monkeypatch.setattr(withdrawals, "MOST", 2)
    asked = {"item": [item.id for item in old], "years": "3"}
    assert admin.get("/desk/withdrawals/new", query_string=asked).status_code == 422
    assert "一度に除籍できるのは2点まで" in admin.text()
    assert len(admin.page.select("input[name=item][checked]")) == 3
    assert admin.page.select_one("#years option[selected]")["value"] == "3"
    assert admin.get("/desk/withdrawals", query_string={"item": list(range(1, 1200))}).status_code == 403


def test_the_counter_withdraws_one_at_a_time_and_takes_nothing_back(desk, old):
    desk.get("/desk/withdrawals")
    assert desk.page.select_one("input[name=item]")["type"] == "radio"
    assert desk.get(f"/desk/withdrawals?barcode={old[0].barcode}").location == f"/desk/withdrawals/new?item={old[0].id}"
    several = {"item": [item.id for item in old]}
    assert desk.get("/desk/withdrawals/new", query_string=several).status_code == 403
    assert desk.post("/desk/withdrawals/undo", several).status_code == 403
    desk.get("/desk/withdrawals?barcode=777")
    assert "この資料番号の資料はありません" in desk.text()


def test_a_last_copy_with_holds_needs_a_tick(desk, old, patron):
    factories.hold(patron, old[0].title)
    desk.get(f"/desk/withdrawals/new?item={old[0].id}")
    form = desk.form("/desk/withdrawals") | {f"reason-{old[0].id}": "複本"}
    form.pop(f"despite-{old[0].id}", None)
    assert desk.post("/desk/withdrawals", form).status_code == 422
    assert "予約でお待ちの方が1人います" in desk.text()
    assert desk.post("/desk/withdrawals", form | {f"despite-{old[0].id}": "y"}).status_code == 303


def test_the_register_is_shown_printed_and_sent_as_files(desk, old):
    asked = "by=number&first=0&last=9999999999"
    desk.get(f"/desk/register?{asked}")
    assert "3点" in desk.text() and "古い本1" in desk.text() and "1,980" in desk.text()
    desk.get(f"/desk/register/print?{asked}")
    assert "小計 3点" in desk.text() and "5,940円" in desk.text() and "1 / 1" in desk.text()
    assert old[0].barcode in desk.get(f"/desk/register/register.csv?{asked}").text
    assert desk.get(f"/desk/register/register.xlsx?{asked}").data.startswith(b"PK")
    assert desk.get("/desk/register?by=day&first=x&last=").status_code == 422
