"""Forms that システムメンテナンス stopped come back filled, in the browser that sent them, and nothing is applied."""

import pytest

from library import clock
from models import HeldForm, Question, SdiCondition, Shelf
from tests import factories
from tests.pages import Browser

KEPT = "入力された内容はお預かりしました。午前5時を過ぎてからこの画面を開くと、続きから始められます。"
BACK = "中断した入力です。 確かめて、もう一度押してください。"
QUESTION = {"subject": "石橋の数", "text": "市内に<b>いくつ</b>\nありますか。", "address": "asks@example.jp"}


@pytest.fixture
def night(app, moved_clock):
    """4:30 in Tokyo."""
    moved_clock.now = moved_clock.now.replace(hour=19, minute=30)
    return moved_clock


def morning(night):
    night.now = night.now.replace(hour=20, minute=1)


@pytest.mark.parametrize("step", ["confirm", "done"])
def test_a_question_of_a_visitor_comes_back_in_the_same_browser_alone(night, browse, app, step):
    browse.get("/reference/ask")
    page = {"Referer": "http://localhost/reference/ask/confirm"}
    answer = browse.post(f"/reference/ask/{step}", QUESTION, headers=page)
    assert answer.status_code == 503 and KEPT in browse.text()
    assert browse.page.find("a", string="入力した画面を開く")["href"] == "/reference/ask"
    morning(night)
    other = Browser(app)
    other.get("/reference/ask")
    assert "中断" not in other.text() and other.form()["subject"] == ""
    browse.get("/")
    assert "中断" not in browse.text()
    browse.get("/reference/ask")
    assert BACK in browse.text() and QUESTION.items() <= browse.form().items()
    assert not Question.select().exists()
    assert browse.post("/reference/ask/confirm", browse.form()).status_code == 200
    assert not HeldForm.select().exists()
    browse.get("/reference/ask")
    assert "中断" not in browse.text()


def test_a_form_of_a_patron_waits_for_their_login(night, signed_in, patron):
    signed_in.get("/my/shelves")
    signed_in.post("/my/shelves", {"shelf_name": "夏に読む", "current_password": "never kept"})
    assert KEPT in signed_in.text() and "never kept" not in str(HeldForm.select().dicts().get())
    morning(night)
    signed_in.be(factories.patron())
    signed_in.get("/my/shelves")
    assert "中断" not in signed_in.text()
    signed_in.be(patron)
    signed_in.get("/my/shelves")
    assert BACK in signed_in.text() and signed_in.form("/my/shelves")["shelf_name"] == "夏に読む"
    assert not Shelf.select().exists() and not SdiCondition.select().exists()
    assert signed_in.post("/my/shelves", signed_in.form("/my/shelves")).status_code == 303
    assert Shelf.get().name == "夏に読む" and not HeldForm.select().exists()


def test_htmx_leaves_the_page_as_it_is_and_it_is_held_all_the_same(night, signed_in):
    signed_in.get("/my/shelves")
    answer = signed_in.post("/my/shelves", {"shelf_name": "夏に読む"}, htmx=True)
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (503, "none")
    assert KEPT in signed_in.page.select_one(".lead").get_text()
    signed_in.get("/my/shelves", htmx=True)
    assert BACK in signed_in.text()
    assert signed_in.page.find("input", {"name": "shelf_name"})["value"] == "夏に読む"


def test_a_form_of_the_staff_is_held_until_two_hours_after_it(night, browse):
    factories.branch("本館", position=0)
    clerk, card = factories.staff("desk"), factories.patron(phone_home="")
    browse.be(clerk)
    address = f"/desk/patrons/{card.id}/edit"
    browse.get(address)
    browse.post(address, browse.form() | {"phone_home": "096-000-0000"})
    assert KEPT in browse.text()
    assert HeldForm.get().held_until == clock.now().replace(hour=22, minute=0)
    morning(night)
    browse.be(clerk)
    browse.get(address)
    assert BACK in browse.text() and browse.form()["phone_home"] == "096-000-0000"


def test_nothing_is_held_at_terminals_nor_of_who_may_not_send_nor_without_a_token(night, browse, patron):
    browse.get("/reference/ask")
    browse.post("/my/shelves", {"shelf_name": "a"})
    browse.post("/desk/texts", {"name": "a"})
    browse.post("/mail/verify/abc", {"a": "b"})
    browse.get("/reference/ask")
    assert browse.client.post("/reference/ask/confirm", data=QUESTION).status_code == 400
    browse.client.set_cookie("terminal", "1")
    browse.get("/reference/ask")
    assert browse.post("/reference/ask/confirm", QUESTION).status_code == 503
    assert not HeldForm.select().exists()


def test_what_somebody_looked_for_is_not_held_with_a_press_in_the_list(night, signed_in):
    title = factories.item().title
    signed_in.get(f"/search?q={title.title}")
    assert (
        signed_in.post(
            "/my/cart", {"title": title.id}, headers={"Referer": f"http://localhost/search?q={title.title}"}
        ).status_code
        == 503
    )
    assert not HeldForm.select().exists()


def test_many_posts_of_one_browser_are_one_row(night, browse):
    browse.get("/reference/ask")
    for _ in range(5):
        browse.post("/reference/ask/confirm", QUESTION)
    assert HeldForm.select().count() == 1
