"""延長 at the desk."""

from datetime import date, timedelta

from library import clock
from library.account import registration
from models import Audit, Loan
from tests import factories
from tests.pages import announced, form_data

RENEWALS = "/desk/renewals"


def test_a_card_shows_what_is_out_with_the_day_that_a_renewal_gives(desk, scan, card):
    factories.loan(card)
    scan(RENEWALS, card=card.card_number)
    assert "12月9日(水)まで" in desk.text() and "借りている資料 1点" in desk.text()
    assert Audit.select().where(Audit.action == "patron.viewed", Audit.patron == card).count() == 1


def test_each_scan_is_answered_once(desk, scan, card):
    loan = factories.loan(card, title=factories.title("草枕"))
    assert announced(scan(RENEWALS, card=card.card_number).page) == "佐藤 花子さんの手続きを始めます。"
    page = scan(RENEWALS, card=card.card_number, item=loan.item.barcode).page
    assert (
        announced(page) == "佐藤 花子さんの1点を延長しました。「草枕」返却期限 12月9日(水)。"
        and len(page.select("tr.row-new")) == 1
    )
    assert announced(scan(RENEWALS, card=card.card_number).page) == "佐藤 花子さんの手続きを続けています。"
    page = scan(RENEWALS, card="0000009999999").page
    assert "0000009999999" in announced(page) and page.find("input", id="card")["value"] == ""


def test_a_copy_or_card_of_somebody_else_says_who_is_served_now(desk, scan, card):
    other = factories.patron(name="次の 人")
    loan, last = (factories.loan(other, title=factories.title(name)) for name in ("草枕", "門"))
    Loan.update(renewals=1).where(Loan.id == last.id).execute()
    scan(RENEWALS, card=card.card_number)
    page = scan(RENEWALS, card=card.card_number, item=loan.item.barcode).page
    assert announced(page).startswith("次の 人さんの1点を延長しました。")
    page = scan(RENEWALS, card=other.card_number, item=card.card_number).page
    assert announced(page) == "佐藤 花子さんに替わりました。"
    answer = scan(RENEWALS, card=card.card_number, item=last.item.barcode)
    assert (
        answer.status_code == 422
        and "次の 人さんに替わりました。" in announced(answer.page)
        and "「門」" in announced(answer.page)
    )


def test_a_copy_in_the_field_of_cards_is_renewed_and_an_unknown_card_registered(desk, scan, card):
    loan = factories.loan(card)
    scan(RENEWALS, card=loan.item.barcode)
    assert Loan.get().renewals == 1
    page = scan(RENEWALS, item="0000009999999").page
    assert page.select_one(".refusal a").get_text() == "この番号で利用者を登録する"


def test_a_stopped_card_tells_the_staff_why_and_not_where_to_ask(desk, scan, card):
    loan = factories.loan(card)
    registration.suspend(card, "長期の延滞", by="staff:suzuki", now=clock.now())
    scan(RENEWALS, card=card.card_number)
    scan(RENEWALS, item=loan.item.barcode)
    assert (
        desk.text().count("利用停止中です（11月25日から。理由：長期の延滞）") == 3
        and "お問い合わせください" not in desk.text()
    )


def test_one_is_renewed_by_its_button(desk, scan, card):
    loan = factories.loan(card)
    scan(RENEWALS, card=card.card_number)
    scan(f"{RENEWALS}/{loan.id}")
    assert Loan.get().due_on == date(2026, 12, 9) and "1点を延長しました" in desk.text()


def test_a_copy_that_is_scanned_is_renewed_for_whoever_has_it(desk, scan, card):
    loan = factories.loan(card)
    scan(RENEWALS, item=f"A{loan.item.barcode}A")
    assert Loan.get().renewals == 1 and "佐藤 花子 さん" in desk.text()


def test_a_button_that_would_be_refused_says_why_and_a_reason_helps(desk, scan, card):
    loan = factories.loan(card, renewals=1)
    page = scan(RENEWALS, card=card.card_number).page
    assert page.find("form", action=f"{RENEWALS}/{loan.id}").button.has_attr("disabled")
    refused = scan(RENEWALS, item=loan.item.barcode)
    form = form_data(refused.page.select_one(".refusal form"))
    assert refused.status_code == 422
    assert desk.post(f"{RENEWALS}/{loan.id}", form).status_code == 422 and "理由を入力してください" in desk.text()
    scan(f"{RENEWALS}/{loan.id}", **form | {"why": "入院のため"})
    assert Loan.get().renewals == 2 and Audit.get(Audit.action == "loan.overridden").details["why"] == "入院のため"


def test_all_are_renewed_and_each_has_its_answer(desk, scan, card):
    factories.loan(card)
    factories.loan(card, renewals=1)
    scan(RENEWALS, card=card.card_number)
    scan(f"{RENEWALS}/all")
    assert sorted(loan.renewals for loan in Loan.select()) == [1, 1] and "1点を延長しました" in desk.text()
    assert len(desk.page.select("tr.row-new")) == 1


def test_all_leaves_out_what_would_gain_little_and_its_row_says_so(desk, scan, card):
    factories.loan(card)
    little = factories.loan(card, clock.today() + timedelta(days=13))
    scan(RENEWALS, card=card.card_number)
    scan(f"{RENEWALS}/all")
    assert "1点を延長しました" in desk.text() and "延長しても1日しか延びません" in desk.text()
    assert Loan.get_by_id(little.id).renewals == 0
    assert not desk.page.find("form", action=f"{RENEWALS}/all")


def test_a_copy_that_is_not_out_or_not_known_is_told(desk, scan, card):
    item = factories.item()
    for number in (item.barcode, "77777777"):
        answer = scan(RENEWALS, item=number)
        assert answer.status_code == 422 and number in answer.page.select_one(".refusal").get_text()
    assert scan(RENEWALS, card="0000009999999").status_code == 422
    assert desk.post(f"{RENEWALS}/999").status_code == 404


def test_an_overdue_copy_stops_all(desk, scan, card):
    factories.loan(card, clock.today() - timedelta(days=1))
    factories.loan(card)
    page = scan(RENEWALS, card=card.card_number).page
    assert all(button.has_attr("disabled") for button in page.select("tbody button"))
    assert not page.find("form", action=f"{RENEWALS}/all")


def undo(page):
    return form_data(page.find("form", action=f"{RENEWALS}/undo"))


def test_the_last_renewal_is_undone_where_it_is_shown_and_only_once(desk, scan, card):
    first, second = (factories.loan(card, title=factories.title(name)) for name in ("草枕", "門"))
    scan(RENEWALS, item=first.item.barcode)
    stale = undo(desk.page)
    page = scan(RENEWALS, item=second.item.barcode).page
    form = undo(page)
    scan(f"{RENEWALS}/undo", **stale)
    assert sorted(loan.renewals for loan in Loan.select()) == [1, 1]
    page = scan(f"{RENEWALS}/undo", **form).page
    assert announced(page) == "佐藤 花子さんの1点の延長を取り消しました。"
    assert not page.find("form", action=f"{RENEWALS}/undo")
    scan(f"{RENEWALS}/undo", **form)
    again = Loan.get_by_id(second.id)
    assert (again.due_on, again.renewals, Loan.get_by_id(first.id).renewals) == (second.due_on, 0, 1)
    assert Audit.get(Audit.action == "renewal.undone").patron == card


def test_all_that_were_renewed_together_are_undone_together(desk, scan, card):
    due = {factories.loan(card).due_on for _ in range(3)}
    scan(RENEWALS, card=card.card_number)
    page = scan(f"{RENEWALS}/all").page
    scan(f"{RENEWALS}/undo", **undo(page))
    assert {(loan.due_on, loan.renewals) for loan in Loan.select()} == {(day, 0) for day in due}


def test_a_renewal_that_changed_since_is_not_undone(desk, scan, card):
    loan = factories.loan(card)
    page = scan(RENEWALS, item=loan.item.barcode).page
    Loan.update(due_on=date(2026, 12, 10)).execute()
    answer = scan(f"{RENEWALS}/undo", **undo(page))
    assert answer.status_code == 422 and "延長を取り消せません" in desk.text() and Loan.get().renewals == 1
