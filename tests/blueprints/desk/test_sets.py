"""セット at the desk: made, lent by one scan, ticked off as its copies come back, and its 配送票."""

import pytest

from library import policy
from library.lending import loans
from library.lending.sets import item_sets
from models import Audit, Item, ItemSet, Loan
from tests import factories
from tests.conftest import NOW
from tests.pages import form_data

CHECKOUT, RETURNS = "/desk/checkout", "/desk/returns"
BY = {"by": "staff:desk", "now": NOW}


@pytest.fixture
def group(db):
    policy.ship_rows()
    return factories.patron(
        category="団体", birth_date=None, name="すずかけ小学校", delivery_to="1階 職員室", guardian_name="山本 先生"
    )


@pytest.fixture
def copies(db):
    return [factories.item(factories.title(f"紙芝居{number}")) for number in range(4)]


@pytest.fixture
def filled(copies):
    branch = str(copies[0].branch_id)
    made = item_sets.save(None, {"name": "よみきかせ", "barcode": "S0001", "branch": branch}, **BY)
    for item in copies:
        item_sets.add(made, item, **BY)
    return made


def lend(desk, scan, group, number="S0001"):
    scan(CHECKOUT, card=group.card_number)
    return scan(CHECKOUT, **form_data(desk.page.select_one("form.scan")) | {"item": number})


def button(desk, name):
    return next(each for each in desk.page.select("main button") if each.get_text() == name)


# -- kept ------------------------------------------------------------------------------------------------------------
def test_a_set_is_made_filled_by_scans_and_emptied(desk, copies):
    desk.get("/desk/sets/new")
    form = form_data(desk.page.select_one("main form")) | {"name": "よみきかせ", "barcode": copies[0].barcode}
    assert desk.post("/desk/sets/new", form).status_code == 422
    assert "資料の番号です" in desk.text() and desk.page.select_one("#name")["value"] == "よみきかせ"
    where = desk.post("/desk/sets/new", form | {"barcode": "S0001"}).headers["Location"]
    for item in copies:
        desk.post(f"{where}/copies", {"csrf_token": form["csrf_token"], "item": item.barcode})
    desk.get(where)
    assert f"{copies[3].barcode} をセットに入れました" in desk.text() and "4点" in desk.text()
    assert desk.post(f"{where}/copies", {"item": copies[0].barcode}).status_code == 422
    assert "すでにセット「よみきかせ」に入っています" in desk.text()
    assert desk.post(f"{where}/copies", {"item": "999"}).status_code == 422
    desk.post(f"{where}/copies/{copies[0].id}/removal")
    desk.get(where)
    assert "もう一度読み取ると、入れられます" in desk.text() and len(desk.page.select("tbody tr")) == 3
    desk.get("/desk/sets")
    assert "3点" in desk.page.select_one("tbody tr").get_text()


def test_the_name_and_number_of_a_set_are_changed(desk, filled):
    desk.get(f"/desk/sets/{filled.id}")
    form = form_data(desk.page.select("main form")[-1])
    assert desk.post(f"/desk/sets/{filled.id}", form | {"name": ""}).status_code == 422
    desk.post(f"/desk/sets/{filled.id}", form | {"name": "むかしばなし"})
    assert ItemSet.get().name == "むかしばなし"


def test_a_set_is_deleted_in_a_step_and_its_copies_stay(desk, filled):
    desk.get(f"/desk/sets/{filled.id}/deletion")
    assert "資料は残ります" in desk.text()
    desk.post(f"/desk/sets/{filled.id}/deletion")
    assert ItemSet.select().count() == 0 and Item.select().count() == 4


@pytest.mark.parametrize("act", ["deletion", "copies/{}/removal"])
def test_a_set_on_loan_is_neither_deleted_nor_emptied(desk, filled, copies, group, act):
    loans.check_out(group, copies[0], branch=copies[0].branch, **BY)
    desk.post(f"/desk/sets/{filled.id}/{act.format(copies[0].id)}")
    desk.get(f"/desk/sets/{filled.id}")
    assert "貸出中です" in desk.text() and len(desk.page.select("tbody tr")) == 4


# -- lent ------------------------------------------------------------------------------------------------------------
def test_one_scan_lends_a_set_and_one_press_takes_it_back(desk, scan, filled, group):
    assert lend(desk, scan, group).status_code == 200
    assert "セット「よみきかせ」の4点を すずかけ小学校さん に貸し出しました。" in desk.text()
    assert len(desk.page.select("tbody tr")) == 4
    scan(CHECKOUT, **form_data(desk.page.select_one("form.scan")) | {"item": "S0001"})
    assert "今日すでに すずかけ小学校さん に貸し出しています" in desk.text() and Loan.select().count() == 4
    scan(f"{CHECKOUT}/undo", loan=desk.page.select_one("input[name=loan]")["value"])
    assert "セットの4点の貸出を取り消しました。" in desk.text() and Loan.select().count() == 0


def test_a_set_that_lacks_copies_is_lent_after_a_question(desk, scan, filled, copies, group):
    loans.check_out(factories.patron(), copies[1], branch=copies[1].branch, **BY)
    assert lend(desk, scan, group).status_code == 422 and Loan.select().count() == 1
    assert "セット「よみきかせ」は不足 1点です" in desk.text()
    assert f"「紙芝居1」（{copies[1].barcode}）" in desk.text()
    scan(CHECKOUT, **form_data(button(desk, "不足のまま貸し出す").find_parent("form")))
    assert "3点を すずかけ小学校さん に貸し出しました" in desk.text() and "不足 1点です" in desk.text()
    assert Loan.select().where(Loan.patron == group).count() == 3


def test_a_set_of_which_nothing_can_be_lent_is_refused_with_each_reason_once(desk, scan, filled, copies, group):
    for item in copies:
        loans.check_out(factories.patron(), item, branch=item.branch, **BY)
    lend(desk, scan, group)
    assert "セット「よみきかせ」は貸し出せません" in desk.text() and len(desk.page.select(".refusal li")) == 1
    assert not [each for each in desk.page.select("main button") if each.get_text() == "不足のまま貸し出す"]


def test_an_empty_set_is_refused(desk, scan, filled, copies, group):
    for item in copies:
        item_sets.remove(filled, item.id, **BY)
    assert lend(desk, scan, group).status_code == 422 and "セットに資料がありません" in desk.text()


@pytest.mark.parametrize("field", ["card", "item"])
def test_a_set_that_is_read_first_waits_for_the_card(desk, scan, filled, field):
    assert scan(CHECKOUT, **{field: "S0001"}).status_code == 422
    assert "先に利用者番号を読み取ってください" in desk.text()
    assert desk.page.select_one("#item")["value"] == "S0001"


# -- returned --------------------------------------------------------------------------------------------------------
def test_returns_name_what_is_missing_until_the_set_is_complete(desk, scan, filled, copies, group):
    lend(desk, scan, group)
    said = []
    for item in copies:
        scan(RETURNS, item=item.barcode)
        said.append(desk.page.select_one(".came-in .tag").get_text())
    assert said == ["不足 3点", "不足 2点", "不足 1点", "そろいました"]
    scan(RETURNS, item=factories.item().barcode)
    assert "セット" not in desk.page.select_one(".came-in").get_text()


def test_the_page_of_a_set_ticks_off_what_is_back(desk, scan, filled, copies, group):
    lend(desk, scan, group)
    scan(RETURNS, item=copies[0].barcode)
    desk.get(f"/desk/sets/{filled.id}")
    assert "不足 3点" in desk.text() and len(desk.page.select("tbody .state-in")) == 1


# -- on paper --------------------------------------------------------------------------------------------------------
def test_the_delivery_slip_names_the_place_the_people_and_the_sum(desk, scan, filled, group):
    desk.get(f"/desk/sets/{filled.id}/slip")
    assert "貸出中の資料はありません" in desk.text()
    lend(desk, scan, group)
    desk.get(f"/desk/sets/{filled.id}/slip")
    paper = desk.page.select_one(".slip").get_text()
    for words in ("すずかけ小学校 御中", "1階 職員室", "山本 先生", "よみきかせ", "計 4点", "受領印"):
        assert words in paper
    assert "代表者" not in paper  # nobody is written down
    assert Audit.select().where(Audit.action == "patron.address_viewed").count() == 1
