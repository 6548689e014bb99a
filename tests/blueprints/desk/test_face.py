"""名称・ロゴ・色: what a library changes on this page is on every page at once."""

import io

import pytest

from library import policy
from tests import factories
from tests.library import test_photographs
from tests.pages import form_data


@pytest.fixture
def admin(browse, app):
    factories.branch("本館", position=0)
    browse.be(factories.staff("admin"))
    browse.get("/desk/library")
    return browse


def submit(browser, **typed):
    form = browser.page.find("main").find("form", method="post")
    answer = browser.post(form["action"], form_data(form) | typed)
    return browser.get(answer.location) if answer.status_code == 303 else answer


def test_a_name_stands_on_every_page_at_once(admin):
    submit(admin, library_name="みどり市立図書館")
    assert "保存しました。" in admin.text()
    for path in ("/", "/guide", "/desk/checkout"):
        admin.get(path)
        assert "みどり市立図書館" in admin.page.title.get_text() and "すずかけ" not in admin.page.title.get_text()
    assert "みどり市立図書館" in admin.client.get("/opensearch.xml").text


def test_an_accent_is_a_style_sheet_that_browsers_keep(admin):
    admin.get("/guide")
    assert admin.page.find("link", href=lambda address: address and address.startswith("/theme-")) is None
    admin.get("/desk/library")
    submit(admin, accent="#0068b7")
    admin.get("/guide")
    address = admin.page.find("link", href=lambda address: address and address.startswith("/theme-"))["href"]
    answer = admin.client.get(address)
    assert (
        answer.mimetype == "text/css"
        and "--accent:#0068b7" in answer.text
        and "immutable" in answer.headers["Cache-Control"]
    )
    assert "style-src 'self'" in answer.headers["Content-Security-Policy"]
    assert admin.client.get("/theme-0123456789ab.css").status_code == 404


def test_a_pale_accent_comes_back_with_one_that_passes(admin):
    submit(admin, accent="#ffd400", library_name="みどり")
    assert "近い色では #8d7402 が使えます。" in admin.text()
    assert admin.page.find("input", id="accent")["value"] == "#ffd400"
    button = admin.page.find("button", attrs={"name": "fix"})
    assert button.get_text(strip=True) == "#8d7402 にする" and policy.get("library_name") == ""
    submit(admin, fix=button["value"])
    assert (policy.get("accent"), policy.get("library_name")) == ("#8d7402", "みどり")


def test_a_logo_stands_beside_the_name_and_can_be_taken_off(admin):
    submit(admin, file=(io.BytesIO(test_photographs.picture("PNG")), "logo.png"))
    admin.get("/guide")
    logo = admin.page.find("img", class_="logo-own")
    assert admin.client.get(logo["src"]).mimetype == "image/jpeg"
    admin.get("/desk/library")
    answer = admin.post("/desk/library/logo/removal")
    admin.get(answer.location)
    assert "ロゴを外しました。" in admin.text()
    admin.get("/guide")
    assert admin.page.find("img", class_="logo-own") is None


def test_a_see_through_logo_is_a_png_on_a_plate_by_night(admin):
    submit(admin, file=(io.BytesIO(test_photographs.mark()), "logo.png"))
    admin.get("/guide")
    logo = admin.page.find("img", class_="logo-own")
    assert "logo-plate-night" in logo["class"]
    answer = admin.client.get(logo["src"])
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert admin.client.get(logo["src"].replace(".png", ".jpg")).status_code == 404


def test_a_logo_of_an_earlier_version_is_shown_as_it_was(admin):
    submit(admin, file=(io.BytesIO(test_photographs.picture()), "logo.jpg"))
    policy.put("logo", {name: value for name, value in policy.get("logo").items() if name not in ("kind", "plate")})
    admin.get("/guide")
    assert admin.client.get(admin.page.find("img", class_="logo-own")["src"]).mimetype == "image/jpeg"


def test_a_file_that_is_no_picture_is_refused_at_the_field(admin):
    answer = submit(admin, file=(io.BytesIO(b"none"), "logo.png"), library_name="みどり")
    assert answer.status_code == 422 and policy.get("library_name") == ""
    assert admin.page.find("input", id="library_name")["value"] == "みどり"
