"""Covers from outside, as a reader sees them: where a drawn one would stand, and from our own address alone."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from library import clock
from library.discovery.covers import pictures, source
from library.files import photographs
from models import Shelf
from tests import covers, factories
from tests.library.test_features import write
from tests.pages import Browser

ISBN, OTHER = "9784003101018", "9784101010014"
CREDIT = "ある書影のデータベース"
ADDRESS = f"/covers/{ISBN}.webp"


@pytest.fixture
def titles(app):
    """Two titles, the first with a picture."""
    app.config |= {"COVERS_URL": "https://covers.example.jp/{isbn13}.jpg", "COVERS_CREDIT": CREDIT}
    made = [
        factories.catalogued(name, isbns=[isbn], copies=1, accession_date=date(2026, 11, 20))
        for name, isbn in (("こころ", ISBN), ("三四郎", OTHER))
    ]
    pictures.put(Path(app.instance_path) / pictures.FOLDER, ISBN, photographs.draw_cover(covers.picture()))
    return made


def addresses(browse, row):
    """Return the picture of each row, or none where its cover is drawn."""
    boxes = [each.select_one(".cover") for each in browse.page.select(row)]
    return [box.img["src"] if box.img else None for box in boxes]


@pytest.mark.parametrize("path", ["/search?q=夏目漱石", "/new", "/features/summer"])
def test_a_real_cover_takes_the_box_in_lists_and_elsewhere_it_is_drawn(browse, titles, path):
    write(titles)
    browse.get(path)
    assert sorted(addresses(browse, "li.book"), key=str) == [ADDRESS, None]
    assert f"表紙の画像：{CREDIT}" in browse.page.footer.get_text()


def test_so_it_does_on_a_shelf(signed_in, patron, titles):
    shelf = factories.shelf(patron, "夏の本", titles)
    Shelf.update(as_list=True).execute()
    signed_in.get(f"/my/shelves/{shelf.id}")
    assert addresses(signed_in, "li.shelved") == [ADDRESS, None]


def test_so_it_does_on_the_page_of_a_title(browse, titles):
    with_picture, without = titles
    browse.get(f"/titles/{with_picture.id}")
    assert addresses(browse, "article.title") == [ADDRESS]
    assert browse.page.select_one(".cover-large.cover-picture")
    browse.get(f"/titles/{without.id}")
    assert browse.page.select_one(".cover-large .cover-title").get_text() == "三四郎"


def test_a_picture_comes_from_our_own_address_for_a_day(browse, titles):
    with browse.client.get(ADDRESS) as answer:
        assert answer.data.startswith(b"RIFF")
    assert (answer.status_code, answer.content_type) == (200, "image/webp")
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in answer.headers and answer.headers["X-Content-Type-Options"] == "nosniff"
    with browse.client.get(ADDRESS, headers={"If-None-Match": answer.headers["ETag"]}) as again:
        assert again.status_code == 304


@pytest.mark.parametrize("path", [f"/covers/{OTHER}.webp", "/covers/..%2F..%2Fsecret.webp",
    "/covers/secret-key-12.webp", "/covers/.webp"])  # fmt: skip
def test_there_is_nothing_else_to_be_had(browse, titles, path):
    assert browse.client.get(path).status_code == 404


def test_a_terminal_stores_no_picture_of_what_somebody_looked_at(app, titles):
    browser = Browser(app)
    browser.be(factories.staff())
    browser.get("/desk/terminal")
    browser.post("/desk/terminal", {"mark": "yes"})
    browser.post("/logout")
    with browser.client.get(ADDRESS) as answer:
        assert answer.headers["Cache-Control"] == "no-store"


def test_without_a_source_all_covers_are_drawn_and_nobody_is_named(browse, app, titles):
    app.config |= {"COVERS_URL": "", "COVERS_CREDIT": ""}
    browse.get("/search?q=夏目漱石")
    assert addresses(browse, "li.book") == [None, None]
    assert "表紙の画像" not in browse.text()
    assert browse.client.get(ADDRESS).status_code == 404


# -- at the desk -------------------------------------------------------------------------------------------------------
def at_status(browse):
    browse.be(factories.staff("admin"))
    browse.get("/desk/status")
    return browse.text()


def test_the_desk_sees_how_far_it_is(browse, titles):
    pictures.note_absence(OTHER, again_at=clock.now())
    source.write(source.Source("https://covers.example.jp/{isbn13}.jpg", left=7_300))
    words = at_status(browse)
    for each in ("covers.example.jp", "画像のある本 1点", "画像のない本 1点", "これから尋ねる本 7,300点（約2時間）"):
        assert each in words


@pytest.mark.parametrize(
    ("fault", "words"),
    [("unreachable", "つながりません。"), ("403", "エラー（403）が届きます。"), ("picture", "画像として読めないものが届きます。")],
)  # fmt: skip
def test_the_desk_is_told_of_a_source_that_is_left_alone(browse, titles, fault, words):
    state = source.Source("https://covers.example.jp/{isbn13}.jpg").with_fault(fault, now=clock.now(), wholly=True)
    source.write(state)
    seen = at_status(browse)
    assert words in seen and "2026年11月25日(水) 11:42 まで、取り寄せを休みます。" in seen


def test_a_rest_that_is_over_is_not_told(browse, titles, moved_clock):
    source.write(source.Source().with_fault("403", now=clock.now() - timedelta(hours=1), wholly=True))
    assert "取り寄せを休みます" not in at_status(browse)


def test_where_covers_are_drawn_the_desk_is_told_nothing_of_it(browse, app):
    assert "これから尋ねる本" not in at_status(browse)
