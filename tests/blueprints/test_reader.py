"""電子書籍を読む: the page of a part, with and without script; its pictures; the look; who may open it."""

from datetime import timedelta
from pathlib import Path

import pytest

from library import clock
from library.ebooks import lending, positions, stock
from library.ebooks.positions import Place
from models import EbookLoan, ReadingPosition
from tests import books_to_read, factories
from tests.pages import Browser


@pytest.fixture
def lend(app, patron):
    """Return a function that puts a book into the stock and lends it to the patron."""
    folder = Path(app.instance_path) / stock.FOLDER

    def lend(content, to=patron):
        path = Path(app.instance_path) / "upload"
        path.write_bytes(content)
        terms = {"title_id": None, "licences": None, "days": 14, "by": "staff:a"}
        ebook = stock.add(path, folder, **terms, today=clock.today(), now=clock.now())
        return lending.borrow(ebook, to, now=clock.now())

    return lend


@pytest.fixture
def loan(lend):
    return lend(books_to_read.vertical())


def button(browse, name):
    return browse.page.find("button", string=name)


def press(browse, name):
    pressed = button(browse, name)
    form = pressed.find_parent("form")
    data = {field["name"]: field["value"] for field in form.find_all("input")}
    if pressed.get("name"):
        data[pressed["name"]] = pressed["value"]
    return browse.post(form["action"], data)


def link(browse, name):
    return next(link for link in browse.page.find_all("a") if link.get_text(strip=True) == name)


# -- reading ---------------------------------------------------------------------------------------------------------
def test_a_book_is_opened_from_the_list_and_closed(signed_in, loan):
    signed_in.get("/my/ebooks")
    read = signed_in.page.find("a", attrs={"aria-label": "「夕方の本」を読む"})
    assert signed_in.get(read["href"]).location == f"/my/ebooks/{loan.id}/read/1"
    answer = signed_in.get(f"/my/ebooks/{loan.id}/read/1")
    assert answer.headers["Cache-Control"] == "no-store"
    assert signed_in.h1() == "夕方の本"
    assert signed_in.page.find("article", id="leaf")["lang"] == "ja"
    assert "返却期限 12月9日(水)" in signed_in.text()
    assert link(signed_in, "本を閉じる")["href"] == "/my/ebooks"
    assert signed_in.page.find("nav", attrs={"aria-label": "サイト"}) is None


def test_a_title_page_and_a_list_lead_into_the_book(signed_in, loan):
    address = f"/my/ebooks/{loan.id}/read"
    signed_in.get(f"/titles/{loan.ebook.title_id}")
    assert link(signed_in, "読む")["href"] == address
    signed_in.get("/search?q=夕方の本")
    assert signed_in.page.find("a", attrs={"aria-label": "「夕方の本」を読む"})["href"] == address


def test_without_script_the_next_chapter_remembers_the_place(signed_in, loan):
    base = f"/my/ebooks/{loan.id}/read"
    signed_in.get(f"{base}/1")
    assert press(signed_in, "つぎの章へ").location == f"{base}/2"
    assert ReadingPosition.get().part == 2
    assert signed_in.get(base).location == f"{base}/2"
    signed_in.get(f"{base}/2")
    assert link(signed_in, "まえ")["href"] == "1"
    press(signed_in, "つぎの章へ")
    signed_in.get(f"{base}/3")
    assert button(signed_in, "つぎの章へ") is None
    assert "この本は、ここまでです。" in signed_in.text()


def test_a_place_that_the_page_sends_leads_back_to_its_paragraph(signed_in, loan):
    base = f"/my/ebooks/{loan.id}/read"
    signed_in.get(f"{base}/1")
    form = signed_in.page.find("form", id="place")
    assert signed_in.post(form["action"], {"part": "1", "paragraph": "7"}).location == f"{base}/1#p-7"
    assert signed_in.get(base).location == f"{base}/1#p-7"
    signed_in.get(f"{base}/1")
    assert signed_in.page.find(id="p-7")


@pytest.mark.parametrize(
    "sent", [{}, {"part": "0"}, {"part": "4"}, {"part": "x"}, {"part": "1", "paragraph": "99999999"}]
)
def test_a_place_that_is_none_is_refused_and_the_one_before_stays(signed_in, loan, sent):
    positions.mark(loan, Place(2, 3))
    signed_in.get(f"/my/ebooks/{loan.id}/read/1")
    assert signed_in.post(f"/my/ebooks/{loan.id}/read/place", sent).status_code == 422
    assert positions.of_loan(loan) == Place(2, 3)


def test_contents_lead_to_parts_and_say_where_one_is(signed_in, loan):
    signed_in.get(f"/my/ebooks/{loan.id}/read/2")
    rows = signed_in.page.find("nav", attrs={"aria-label": "もくじ"}).find_all("a")
    assert [(row.get_text(), row["href"]) for row in rows] == [
        ("一、灯のともるころ", "1#b-top"), ("二、海", "2"), ("奥付", "3"),
    ]  # fmt: skip
    assert [row.get_text() for row in rows if row.get("aria-current") == "page"] == ["二、海"]


def test_in_hours_of_maintenance_one_reads_on_and_nothing_is_written(signed_in, loan, app):
    signed_in.get(f"/my/ebooks/{loan.id}/read/1")
    app.config["MAINTENANCE"] = "00:00-23:59"
    assert press(signed_in, "つぎの章へ").location == f"/my/ebooks/{loan.id}/read/2"
    assert not ReadingPosition.select().exists()


# -- what can't be shown ---------------------------------------------------------------------------------------------
def test_of_fixed_layout_a_picture_is_the_page(signed_in, lend):
    loan = lend(books_to_read.fixed())
    signed_in.get(f"/my/ebooks/{loan.id}/read/1")
    picture = signed_in.page.find("article").find("img")
    assert (picture["src"], picture["alt"]) == ("files/1", "1ページ目の画像")
    answer = signed_in.get(f"/my/ebooks/{loan.id}/read/files/1")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "'self'" not in answer.headers["Content-Security-Policy"]
    assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")


def test_a_book_that_no_page_can_show_is_told_with_the_way_to_read_it(signed_in, lend):
    loan = lend(books_to_read.fixed())
    answer = signed_in.get(f"/my/ebooks/{loan.id}/read/3")
    assert answer.status_code == 200
    assert "読書アプリでお読みください。" in signed_in.text()
    assert link(signed_in, "この本をダウンロードする")["href"].endswith(".epub")


def test_parts_and_pictures_that_there_are_not_are_404(signed_in, loan):
    for there in ("read/0", "read/4", "read/files/0", "read/files/9", "read/99999999999999999999"):
        assert signed_in.get(f"/my/ebooks/{loan.id}/{there}").status_code == 404


def test_a_hostile_book_is_a_page_like_any_other(signed_in, lend):
    """Each page that is opened is looked through for what stands inline: tests/pages.py."""
    loan = lend(books_to_read.hostile(*books_to_read.SCRIPTS))
    for number in range(1, len(books_to_read.SCRIPTS) + 1):
        page = signed_in.get(f"/my/ebooks/{loan.id}/read/{number}").page
        assert "evil" not in str(page)
        ours = page.find("article").find_all(["script", "style", "iframe", "svg", "object", "embed", "meta", "base"])
        assert ours == []


# -- the look --------------------------------------------------------------------------------------------------------
def test_the_look_is_that_of_the_book_until_something_is_pressed(signed_in, loan):
    base = f"/my/ebooks/{loan.id}/read"
    signed_in.get(f"{base}/1")
    assert button(signed_in, "縦書き")["aria-pressed"] == "true"
    signed_in.get(f"{base}/3")
    assert button(signed_in, "横書き")["aria-pressed"] == "true"
    signed_in.get(f"{base}/1")
    assert press(signed_in, "横書き").location == f"{base}/1"
    signed_in.get(f"{base}/1")
    assert "reader-horizontal" in signed_in.page.body["class"]


def test_night_ruby_and_typeface_are_kept_in_a_cookie_that_names_no_book(signed_in, loan):
    base = f"/my/ebooks/{loan.id}/read"
    for name in ("夜", "ルビ", "ゴシック"):
        signed_in.get(f"{base}/1")
        press(signed_in, name)
    signed_in.get(f"{base}/1")
    assert {"reader-night", "reader-plain", "reader-gothic"} <= set(signed_in.page.body["class"])
    assert signed_in.client.get_cookie("reader").value == "book.night.gothic.plain"
    assert button(signed_in, "ルビ")["aria-pressed"] == "false"
    press(signed_in, "ルビ")
    signed_in.get(f"{base}/1")
    assert "reader-plain" not in signed_in.page.body["class"]


def test_a_press_comes_back_to_the_paragraph_and_an_unknown_one_changes_nothing(signed_in, loan):
    base = f"/my/ebooks/{loan.id}/read"
    signed_in.get(f"{base}/1")
    assert signed_in.post(f"{base}/look", {"paper": "night", "part": "1", "paragraph": "4"}).location == f"{base}/1#p-4"
    assert signed_in.post(f"{base}/look", {"paper": "pink", "part": "1"}).status_code == 422


def test_a_cookie_that_somebody_wrote_is_no_look(signed_in, loan):
    signed_in.client.set_cookie("reader", 'x.night."><script>')
    signed_in.get(f"/my/ebooks/{loan.id}/read/1")
    assert "reader-night" in signed_in.page.body["class"]


# -- who may ---------------------------------------------------------------------------------------------------------
def test_an_ended_loan_and_anothers_loan_are_told_alike(app, signed_in, loan, patron):
    other = Browser(app)
    other.be(factories.patron())
    base = f"/my/ebooks/{loan.id}/read"
    assert other.get(f"{base}/1").status_code == other.get(f"{base}/files/1").status_code == 404
    lending.give_back(loan, now=clock.now())
    told = []
    for browser, address in ((other, base), (signed_in, base), (signed_in, "/my/ebooks/99999/read")):
        for path in (address, f"{address}/1"):
            answer = browser.get(path)
            assert answer.status_code == 404
            told.append((browser.h1(), browser.page.find("p", class_="lead").get_text(strip=True)))
        assert browser.get(f"{address}/files/1").status_code == 404
    assert set(told) == {
        (
            "この電子書籍は借りていません",
            "返却したか、期限が来たため、もう開けません。もう一度借りると、はじめから読めます。",
        )
    }
    signed_in.get(base)
    assert link(signed_in, "電子書籍サービスを開く")["href"] == "/my/ebooks"


def test_after_the_last_day_nothing_is_open_even_before_the_night_has_ended_it(signed_in, loan):
    yesterday = clock.today() - timedelta(days=1)
    EbookLoan.update(lent_on=yesterday, due_on=yesterday).execute()
    for path in ("", "/1", "/files/1"):
        assert signed_in.get(f"/my/ebooks/{loan.id}/read{path}").status_code == 404


def test_at_a_terminal_it_is_read_on_the_page_and_leaves_nothing(signed_in, loan):
    signed_in.client.set_cookie("terminal", "1")
    signed_in.sign_in(loan.patron)
    signed_in.get(f"/my/ebooks/{loan.id}/read/1")
    assert signed_in.page.find(id="idle") and signed_in.page.find("form", class_="log-out")
    answer = press(signed_in, "夜")
    assert "Expires" not in answer.headers["Set-Cookie"] and "Max-Age" not in answer.headers["Set-Cookie"]
