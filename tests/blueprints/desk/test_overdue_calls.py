"""電話を記録する in the list of 督促, and 督促の記録 on the page of a patron."""

from datetime import timedelta

import pytest

from library import clock, dates
from library.lending import overdue
from models import Audit, DunningCall
from tests import factories


@pytest.fixture
def late(desk, card):
    """佐藤 花子 has 草枕 for thirty days too long, and a telephone."""
    card.phone_mobile = "090-1234-5678"
    card.save()
    factories.loan(card, clock.today() - timedelta(days=30), title=factories.title("草枕"))
    return card


def press(desk, patron, result):
    """Press a result in the fold of a patron's row, and open the answer."""
    desk.get("/desk/overdue?days=28")
    button = next(each for each in desk.page.select("tbody button") if each.get_text(strip=True) == result)
    given = desk.form("/desk/overdue/postcards") | {button["name"]: button["value"]}
    answer = desk.post(button["formaction"], given)
    assert answer.location == "/desk/overdue?days=28&page=1"
    desk.get(answer.location)


def row(desk):
    return desk.page.select_one("tbody tr").get_text(" ", strip=True)


def test_a_press_notes_the_call_and_shows_its_day_and_result(desk, late):
    press(desk, late, "つながらなかった")
    assert "佐藤 花子 さんへの電話を記録しました。" in desk.page.select_one("[role=status]:not(#said)").get_text()
    today = dates.with_weekday(clock.today(), year=False)
    assert f"{today} 電話、つながらなかった" in row(desk)
    assert desk.page.select_one("main [autofocus]").get_text() == "電話を記録する"
    assert Audit.get(Audit.action == "overdue.called").details == {} and DunningCall.get().stage == 28


def test_a_second_press_of_the_day_corrects_the_first_and_another_takes_it_back(desk, late):
    press(desk, late, "つながらなかった")
    press(desk, late, "伝言を残した")
    assert "電話、伝言を残した" in row(desk) and DunningCall.select().count() == 1
    press(desk, late, "今日の記録を取り消す")
    assert "今日の電話の記録を取り消しました。" in desk.text()
    assert not DunningCall.select().exists() and "今日の記録を取り消す" not in desk.text()


def test_a_patron_without_a_telephone_has_no_fold(desk, late):
    late.phone_mobile = ""
    late.save()
    desk.get("/desk/overdue")
    assert "電話を記録する" not in desk.text()


def test_a_call_about_what_came_back_meanwhile_is_not_noted(desk, late):
    desk.get("/desk/overdue")
    given = desk.form("/desk/overdue/postcards") | {"result": "spoke"}
    late.loans.get().delete_instance()
    desk.get(desk.post(f"/desk/overdue/calls/{late.id}", given).location)
    assert not DunningCall.select().exists() and "資料は返却されています。" in desk.text()


def test_the_page_of_the_patron_leads_to_all_calls_about_what_is_out_the_newest_first(desk, late):
    factories.loan(factories.patron(), clock.today() - timedelta(days=30))
    before = clock.today() - timedelta(days=2)
    overdue.note_call(late.id, "spoke", by="staff:suzuki", today=before, now=clock.now())
    press(desk, late, "つながらなかった")
    desk.get(f"/desk/patrons/{late.id}")
    desk.get(desk.page.find("a", string="督促の記録")["href"])
    shown = [each.get_text(" ", strip=True) for each in desk.page.select("tbody td[data-l=連絡先] .hint")]
    days = [dates.with_weekday(day, year=False) for day in (clock.today(), before)]
    assert len(desk.page.select("tbody tr")) == 1
    assert shown == [f"{days[0]} 電話、つながらなかった", f"{days[1]} 電話、お話しした"]
    given = desk.form("/desk/overdue/postcards") | {"result": "message"}
    assert f"of={late.id}" in desk.post(f"/desk/overdue/calls/{late.id}", given).location


def test_a_result_that_is_none_of_them_is_refused(desk, late):
    desk.get("/desk/overdue")
    given = desk.form("/desk/overdue/postcards") | {"result": "x"}
    assert desk.post(f"/desk/overdue/calls/{late.id}", given).status_code == 400
