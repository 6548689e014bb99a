"""館: the pages on which a library enters its branches."""

from datetime import date

import pytest

from models import Branch, Item, Loan
from tests import factories
from tests.pages import form_data


@pytest.fixture
def admin(browse, app):
    browse.be(factories.staff("admin"))
    return browse


def submit(browser, **typed):
    """Press the main button of the form of the page, and go where it leads."""
    form = browser.page.find("main").find("form", method="post")
    return send(browser, form["action"], form_data(form) | typed)


def send(browser, action, data):
    answer = browser.post(action, data)
    return browser.get(answer.location) if 300 <= answer.status_code < 400 else answer


def test_an_empty_library_gets_its_first_branch_here(admin):
    admin.get("/desk/checkout")
    admin.get(admin.page.find("a", string="館を登録する")["href"])
    assert "館は、まだありません。" in admin.text()
    admin.get(admin.page.find("a", string="館を加える")["href"])
    day = {"closed_0": "y", "opens_1_1": "9:30", "closes_1_1": "19:00"}
    submit(admin, code="01", name="本館", map_url="https://maps.example.jp/1", **day)
    assert "「本館」を加えました。" in admin.text() and "9:30–19:00" in admin.text()
    row = Branch.get()
    assert (row.code, row.closed_weekdays, row.pickup) == ("01", "0", True)
    for path in ("/guide", "/access", "/access/01", "/calendar"):
        admin.get(path)
        assert "9:30–19:00" in admin.text(), path
    admin.get("/access/01")
    assert admin.page.find("a", href="https://maps.example.jp/1")


def test_typed_words_stay_where_a_branch_is_refused(admin):
    admin.get("/desk/branches/new")
    answer = submit(admin, code="北 1", name="", opens_2_1="朝から", closes_2_1="17:00", address="北町1-2")
    assert answer.status_code == 422 and "「朝から」は時刻として読めません" in admin.text()
    assert admin.page.find("input", id="address")["value"] == "北町1-2"
    assert {link["href"] for link in admin.page.select("#error-summary a")} == {"#code", "#name", "#opens_2_1"}
    assert not Branch.select().exists()


def test_a_branch_is_changed_and_its_code_is_not(admin):
    row = factories.branch("本館", code="H", hours={"1": [["9:30", "12:00"], ["13:00", "17:00"]]}, closed_weekdays="0")
    admin.get(f"/desk/branches/{row.id}")
    times = [
        admin.page.find("input", id=f"{end}_1_{place}")["value"] for place in (1, 2) for end in ("opens", "closes")
    ]
    assert times == ["9:30", "12:00", "13:00", "17:00"]
    assert admin.page.find("input", id="closed_0").has_attr("checked")
    assert admin.page.find("input", id="code") is None
    submit(admin, name="中央館", phone="0575-22-6101")
    row = Branch.get_by_id(row.id)
    assert (row.name, row.phone, row.code, row.closed_weekdays) == ("中央館", "0575-22-6101", "H", "0")
    assert row.hours == {"1": [["9:30", "12:00"], ["13:00", "17:00"]]}


def test_one_press_puts_the_hours_of_the_first_weekday_at_the_others(admin):
    admin.get("/desk/branches/new")
    answer = submit(admin, code="01", name="本館", opens_0_1="9:30", closes_0_1="19:00", closed_6="y", spread="1")
    assert answer.status_code == 200 and not Branch.select().exists()
    assert (
        admin.page.find("input", id="closes_5_1")["value"] == "19:00" and admin.page.find("input", id="name")["value"]
    )
    assert (
        not admin.page.find("input", id="closes_6_1")["value"] and not admin.page.find("input", id="opens_7_1")["value"]
    )
    submit(admin)
    assert Branch.get().hours == {day: [["9:30", "19:00"]] for day in "012345"}


def test_a_newly_closed_weekday_shows_first_what_it_moves(admin):
    row = factories.branch("本館")
    loan = factories.loan(factories.patron(), branch=row, due_on=date(2026, 11, 30))
    admin.get(f"/desk/branches/{row.id}")
    submit(admin, closed_0="y")
    assert "本館の毎週の休館日を変えます。" in admin.text() and "1件" in admin.text()
    assert Branch.get_by_id(row.id).closed_weekdays == ""
    submit(admin)
    assert "「本館」を変更しました。" in admin.text()
    assert (Branch.get_by_id(row.id).closed_weekdays, Loan.get_by_id(loan.id).due_on) == ("0", date(2026, 12, 1))
    assert Branch.get_by_id(row.id).pickup


def test_the_order_is_changed_by_buttons(admin):
    factories.branch("本館", position=1)
    row = factories.branch("東部", position=2)
    admin.get("/desk/branches")
    assert admin.page.find("button", attrs={"aria-label": "「東部」を上へ"})
    send(admin, f"/desk/branches/{row.id}/place", {"way": "up"})
    assert "「東部」を1番目に動かしました。" in admin.text()
    assert Branch.get_by_id(row.id).position == 1


def test_a_branch_is_given_up_after_a_look_at_what_it_has(admin):
    north, main = factories.branch("北館", position=1), factories.branch("本館", position=2)
    item = factories.item(branch=north)
    admin.get(f"/desk/branches/{north.id}/closing")
    assert "1点" in admin.text()
    submit(admin)
    assert "移す先の館を選んでください。" in admin.text()
    submit(admin, target=str(main.id))
    assert (
        "「本館」に移します。移したものは、元に戻せません。" in admin.text() and Item.get_by_id(item.id).branch == north
    )
    submit(admin)
    assert "「北館」を閉館にしました。" in admin.text() and "閉館した館" in admin.text()
    assert Item.get_by_id(item.id).branch == main
    assert admin.get(f"/desk/branches/{north.id}").status_code == 404
    assert admin.get(f"/access/{north.code}").status_code == 404


def test_a_branch_that_was_given_up_is_opened_again(admin):
    north = factories.branch("北館", position=1, closed_on=date(2026, 11, 1), pickup=False)
    factories.branch("本館", position=2)
    admin.get("/desk/branches")
    assert admin.page.find("button", attrs={"aria-label": "「北館」をまた開館する"})
    for _ in range(2):  # a second press does nothing more
        send(admin, f"/desk/branches/{north.id}/reopening", {})
        assert "「北館」をまた開館しました。" in admin.text() and "閉館した館" not in admin.text()
    assert admin.get(f"/access/{north.code}").status_code == 200
    assert admin.post("/desk/branches/99999/reopening").status_code == 404


def test_the_last_branch_cannot_be_given_up(admin):
    row = factories.branch("本館")
    admin.get(f"/desk/branches/{row.id}/closing")
    assert "ほかに館がないので、閉館できません。" in admin.text()
    assert admin.page.find("button", string="確認へ") is None
