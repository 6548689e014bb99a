"""A disk that is nearly full: no file is taken, and what could not be stored can be sent again from the page that says
so.
"""

import io

import pytest
from peewee import OperationalError

from library.health import state
from tests import factories


@pytest.fixture
def room(monkeypatch):
    """``room(bytes)``: so much is free on every disk."""
    return lambda free: monkeypatch.setattr(state.shutil, "disk_usage", lambda _: type("Usage", (), {"free": free}))


@pytest.fixture
def at_desk(browse, db):
    browse.be(factories.staff(role="admin"))
    return browse


def of_files(app):
    return {
        rule.rule for rule in app.url_map.iter_rules() if getattr(app.view_functions[rule.endpoint], "largest", None)
    }


@pytest.mark.parametrize("free", [99_999_999, 0])
def test_no_file_is_taken_below_100_megabytes(app, at_desk, room, free):
    room(free)
    addresses = [rule for rule in of_files(app) if "<" not in rule]
    assert addresses
    for address in addresses:
        data = {"file": (io.BytesIO(b"content"), "a.csv")}
        answer = app.test_client().post(address, data=data, content_type="multipart/form-data")
        assert answer.status_code == 503, address
        assert "ただいまファイルを受け取れません" in answer.text
        assert "ブラウザの「戻る」で、入力した画面に戻れます。" in answer.text
        assert answer.headers["Retry-After"] == "600"


def test_with_room_the_form_is_read(app, at_desk, room):
    room(100_000_000)
    for address in of_files(app):
        if "<" not in address:
            assert app.test_client().post(address, data={}).status_code != 503


def test_pages_and_forms_without_a_file_go_on_without_room(signed_in, room):
    room(0)
    assert signed_in.get("/my/").status_code == 200
    assert signed_in.post("/text-size", {"size": "l"}, token=False).status_code == 303


def full(monkeypatch, app, endpoint):
    def fails():
        raise OperationalError("database or disk is full")

    fails.access = "public"
    monkeypatch.setitem(app.view_functions, endpoint, fails)


def test_a_form_that_could_not_be_stored_is_kept_in_the_page_without_its_passwords(app, browse, db, monkeypatch):
    full(monkeypatch, app, "session.reset")
    browse.get("/login")
    answer = browse.post("/login/reset", {"card": "0000002377570", "email": "a@example.jp", "new_password": "ひみつ"})
    assert answer.status_code == 503
    form = next(form for form in browse.page.find_all("form") if form.get("action") == "/login/reset")
    values = {field["name"]: field.get("value") for field in form.find_all("input")}
    assert values["card"] == "0000002377570"
    assert values["email"] == "a@example.jp"
    assert "ひみつ" not in answer.text
    assert "もう一度送信する" in form.text
    assert "ブラウザの「戻る」でも入力した画面に戻れますが、空になる欄があります。" in browse.text()


def test_htmx_puts_a_notice_above_the_form_and_leaves_it_as_it_is(app, browse, db, monkeypatch):
    full(monkeypatch, app, "session.reset")
    browse.get("/login")
    answer = browse.post("/login/reset", {"card": "1", "email": "a@example.jp"}, htmx=True)
    assert (answer.status_code, answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == (
        503,
        "#main",
        "afterbegin",
    )
    notice = browse.page.find(role="alert").get_text()
    assert "ただいま保存できません。" in notice and "入力した内容は、この画面に残っています。" in notice
