import gzip
import re

import pytest

from scripts.check_tree import ROOT

STATIC = ROOT / "static"
CSS = re.compile(r"/static/app\.css\?v=[0-9a-f]{12}")


@pytest.fixture
def style(browse):
    return CSS.search(browse.get("/").text)[0]


def test_an_address_that_names_the_content_is_good_for_a_year(browse, style):
    assert browse.client.get(style).headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("address", ["/static/app.css", "/static/app.css?v=0123456789ab", "/static/app.css?v="])
def test_any_other_address_is_asked_for_anew(browse, address):
    answer = browse.client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    again = browse.client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_browser_that_takes_gzip_gets_the_same_file_smaller(browse, style):
    plain = browse.client.get(style)
    small = browse.client.get(style, headers={"Accept-Encoding": "br, gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert small.headers["Content-Type"] == plain.headers["Content-Type"]
    assert "Accept-Encoding" in small.headers["Vary"] and "Accept-Encoding" in plain.headers["Vary"]
    assert small.headers["ETag"] != plain.headers["ETag"]
    assert "Content-Encoding" not in plain.headers


def test_a_browser_that_refuses_gzip_gets_the_file_as_it_is(browse, style):
    assert "Content-Encoding" not in browse.client.get(style, headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_a_compressed_file_that_is_known_is_not_sent_again(browse):
    asked = {"Accept-Encoding": "gzip"}
    known = browse.client.get("/static/app.css", headers=asked).headers["ETag"]
    answer = browse.client.get("/static/app.css", headers=asked | {"If-None-Match": known})
    assert (answer.status_code, answer.data) == (304, b"")


def test_pages_are_not_compressed(browse):
    answer = browse.get("/login", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("sheet", ["app.css", "desk.css"])
def test_a_style_sheet_comes_with_all_its_sections_in_their_order(browse, sheet):
    sections = re.findall(r'^@import "(.+)";$', (STATIC / sheet).read_text(encoding="utf-8"), re.M)
    sent = browse.client.get(f"/static/{sheet}").text
    assert "@import" not in sent
    places = [sent.index((STATIC / section).read_text(encoding="utf-8")) for section in sections]
    assert places == sorted(places)


def test_every_section_belongs_to_one_style_sheet():
    imported = [
        name
        for sheet in STATIC.glob("*.css")
        for name in re.findall('@import "(.+)"', sheet.read_text(encoding="utf-8"))
    ]
    assert sorted(imported) == sorted(path.relative_to(STATIC).as_posix() for path in (STATIC / "css").rglob("*.css"))


def test_every_section_and_script_is_read_in_one_sitting():
    ours = [*(STATIC / "css").rglob("*.css"), *STATIC.glob("*.css"), *STATIC.glob("*.js")]
    assert [path.name for path in ours if len(path.read_text(encoding="utf-8").splitlines()) > 350] == []
