"""区分の一括変更 at the desk."""

import pytest

from library import policy
from models import Audit, CategoryChange, Patron
from tests import factories
from tests.pages import form_data

ADDRESS = "/desk/patrons/categories"
MOVE = {"from_category": "児童", "to_category": "一般", "born_until": "2014-04-01"}


@pytest.fixture
def children(desk):
    return [
        factories.patron(name=name, category="児童", birth_date="2013-05-06")
        for name in ("図書 いちろう", "図書 じろう")
    ]


def listed(desk, **changed):
    return desk.get(ADDRESS, query_string=MOVE | changed)


def ticked(desk):
    return [tick["aria-label"] for tick in desk.page.select("#patron input[checked]")]


def test_the_usual_change_of_category_is_offered(desk):
    desk.get(ADDRESS)
    assert form_data(desk.page.select_one("form.fields")) == MOVE
    assert desk.page.h1.get_text() == "区分の一括変更"


def test_everybody_is_listed_and_ticked_and_nothing_is_changed_yet(desk, children):
    policy.put_row("一般", "", loan_limit=0)
    factories.loan(children[0])
    listed(desk)
    assert ticked(desk) == ["図書 いちろう さん", "図書 じろう さん"]
    assert "児童→一般 2人" in desk.text() and "貸出 1点（0点まで）" in desk.text() and "上限を超えて" in desk.text()
    assert {patron.category for patron in Patron.select()} == {"児童"}
    assert Audit.get(Audit.action == "patrons.listed_by_category").details == {"count": 2, "of": "児童→一般"}


def test_ticked_patrons_are_changed_and_it_can_be_undone(desk, children):
    listed(desk)
    answer = desk.post(ADDRESS, desk.form(ADDRESS) | MOVE | {"patron": str(children[1].id)})
    desk.get(answer.location)
    assert "児童→一般：1人の区分を変更しました。" in desk.text() and "この30日の変更" in desk.text()
    assert [Patron.get_by_id(child.id).category for child in children] == ["児童", "一般"]
    undo = f"{ADDRESS}/{CategoryChange.get().id}/undo"
    desk.get(desk.post(undo, desk.form(undo)).location)
    assert "1人の区分を元に戻しました。" in desk.text() and "元に戻しました" in desk.page.tbody.get_text()
    assert Patron.get_by_id(children[1].id).category == "児童"
    desk.get(desk.post(undo, {}).location)
    assert "もう元に戻せません" in desk.text()


def test_nobody_ticked_is_told_and_the_list_stays_as_it_was(desk, children):
    listed(desk)
    answer = desk.post(ADDRESS, MOVE)
    assert answer.status_code == 422 and "だれも選ばれていません" in desk.text()
    assert ticked(desk) == [] and len(desk.page.select("#patron tbody tr")) == 2
    assert desk.page.select_one("#error-summary a")["href"] == "#patron"


def test_an_unreadable_date_is_told_at_its_field(desk, children):
    assert listed(desk, born_until="いつか", to_category="児童").status_code == 422
    assert {link["href"] for link in desk.page.select("#error-summary a")} == {"#to_category", "#born_until"}
    assert desk.page.find("input", {"name": "born_until"})["value"] == "いつか"
    assert listed(desk, from_category="会社").status_code == 422
    assert desk.post(ADDRESS, MOVE | {"born_until": "", "patron": "x"}).status_code == 422


def test_where_it_reaches_nobody_it_says_so(desk):
    listed(desk)
    assert "あてはまる方はいません" in desk.text() and "この30日の変更" not in desk.text()
