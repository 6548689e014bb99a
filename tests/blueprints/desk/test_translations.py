"""翻訳: the library's own words, translated at the desk and shown to patrons of that language."""

import pytest

from library import clock
from library.site import translations
from models import Translation
from tests import factories


@pytest.fixture
def at_desk(browse):
    browse.be(factories.staff(role="admin"))
    return browse


def english(browse, address):
    return browse.client.get(address, headers={"Cookie": "lang=en"}).page


def test_the_desk_tells_how_much_is_not_translated_yet(at_desk):
    factories.branch(name="北館")
    at_desk.get("/desk/translations")
    assert "館 1件" in at_desk.text()
    at_desk.get("/desk/translations/en/branch")
    at_desk.post("/desk/translations/en/branch", {"text-0": "North Library"})
    at_desk.get("/desk/translations")
    assert "館の翻訳を保存しました（1件）。" in at_desk.text()
    assert translations.untranslated(["en"])["en"]["branch"] == 0


def test_a_reader_sees_a_translation_in_its_language_alone(at_desk):
    branch = factories.branch(name="北館")
    translations.put("branch", "en", {"北館": "North Library"}, by="staff:a", now=clock.now())
    at_desk.client.set_cookie("lang", "en")
    assert "North Library" in at_desk.get(f"/access/{branch.code}").page.find("h1").text
    at_desk.client.set_cookie("lang", "ja")
    assert at_desk.get(f"/access/{branch.code}").page.find("h1").text.strip() == "北館"


def test_a_text_that_is_changed_is_translated_anew(at_desk):
    branch = factories.branch(name="北館")
    translations.put("branch", "en", {"北館": "North Library"}, by="staff:a", now=clock.now())
    branch.name = "北分館"
    branch.save()
    assert translations.untranslated(["en"])["en"]["branch"] == 1


def test_an_empty_field_takes_a_translation_back(at_desk):
    factories.branch(name="北館")
    translations.put("branch", "en", {"北館": "North Library"}, by="staff:a", now=clock.now())
    at_desk.get("/desk/translations/en/branch")
    at_desk.post("/desk/translations/en/branch", {"text-0": " "})
    assert not Translation.select().exists()


def test_a_text_that_is_too_long_is_refused_and_stays_in_its_field(at_desk):
    factories.branch(name="北館")
    at_desk.get("/desk/translations/en/branch")
    answer = at_desk.post("/desk/translations/en/branch", {"text-0": "n" * 10_001})
    assert answer.status_code == 422
    assert at_desk.page.find("input", {"name": "text-0"})["value"] == "n" * 10_001


@pytest.mark.parametrize(
    "address", ["/desk/translations/ja/branch", "/desk/translations/xx/branch", "/desk/translations/en/x"]
)
def test_another_language_or_kind_has_no_page(address, at_desk):
    assert at_desk.get(address).status_code == 404


def test_a_language_with_nothing_to_translate_says_so(at_desk):
    at_desk.get("/desk/translations/en/feature")
    assert "翻訳する言葉は、まだありません。" in at_desk.text()
