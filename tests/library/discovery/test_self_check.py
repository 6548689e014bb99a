"""外部連携の点検: what is right passes, and what is not is named."""

import json

import pytest

from library import clock
from library.discovery.exchange import self_check
from library.store import database
from models import SourceRecord
from tests import factories

URL = "https://library.example.jp"
SETTINGS = {"PUBLIC_URL": URL, "ADMIN_MAIL": "admin@example.jp", "HOST": "127.0.0.1", "PORT": 1}
SITEMAP = (
    f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{URL}/sitemap-1.xml</loc></url></urlset>'
)
PAGES = {
    "/robots.txt": f"Disallow: /my/\nSitemap: {URL}/sitemap.xml\n",
    "/sitemap.xml": SITEMAP,
    "/sitemap-1.xml": SITEMAP,
    "/isbn/9784003101018.json": json.dumps({"found": True}),
}


@pytest.fixture
def title(db):
    return factories.catalogued("こころ", isbns=["9784003101018"], copies=1)


def grades(pages=PAGES, **settings):
    def fetch(path):
        return (200, pages[path].encode()) if path in pages else (404, b"")

    self_check.run(SETTINGS | settings, now=clock.now(), fetch=fetch)
    return {one.facts.get("format", one.name): one.grade for one in self_check.last().findings}


def test_a_library_in_which_all_is_right_passes(title):
    found = grades()
    found.pop("speed")  # of the machine
    assert set(found.values()) == {"good"} and len(found) == 11


@pytest.mark.parametrize(("settings", "name", "grade"), [
    ({"PUBLIC_URL": "http://127.0.0.1:8000"}, "public_url", "bad"),
    ({"PUBLIC_URL": "http://localhost"}, "public_url", "bad"),
    ({"PUBLIC_URL": "http://library.example.jp"}, "public_url", "care"),
    ({"ADMIN_MAIL": ""}, "admin_mail", "care"),
])  # fmt: skip
def test_a_setting_that_others_stumble_over_is_told(title, settings, name, grade):
    assert grades(**settings)[name] == grade


def test_a_record_that_cannot_be_written_is_named(title):
    with database.writing():
        SourceRecord.create(title=title, format="dcndl", content=b"broken")
    assert grades()["dcndl"] == "bad"
    found = next(one for one in self_check.last().findings if one.facts.get("format") == "dcndl")
    assert found.facts["titles"] == [title.id]


def test_titles_without_numbers_are_counted(title):
    for _ in range(3):
        factories.catalogued("無題", ndc="")
    found = grades()
    assert (found["without_isbn"], found["without_ndc"]) == ("care", "care")


@pytest.mark.parametrize(("path", "name"), [
    ("/robots.txt", "robots"), ("/sitemap.xml", "sitemap"), ("/sitemap-1.xml", "sitemap"),
     ("/isbn/9784003101018.json", "isbn_page"),
])  # fmt: skip
def test_a_page_that_is_not_there_is_told(title, path, name):
    assert grades({each: text for each, text in PAGES.items() if each != path})[name] == "bad"


def test_an_empty_library_and_a_server_that_does_not_answer_are_no_mistakes(db):
    counts = self_check.run(SETTINGS, now=clock.now())
    assert counts["bad"] == 0 and counts["care"] > 3
