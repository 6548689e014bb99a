"""電子書籍サービス: what a patron sees of e-books, and does: on the page of them, on that of a title, in lists."""

import http.server
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.http import parse_options_header

from library import clock
from library.access import seals
from library.ebooks import addresses, elsewhere, lending
from models import Ebook, EbookHold, EbookLoan, EbookService, Session, Title
from tests import epubs, factories
from tests.pages import form_data

DAY = timedelta(days=1)


@pytest.fixture
def ebook(app):
    return epubs.stocked(Path(app.instance_path) / "ebooks")


def button(browse, name):
    return browse.page.find("button", attrs={"aria-label": name})


def press(browse, name):
    """The button of this name, as a browser would send its form."""
    form = button(browse, name).find_parent("form")
    return browse.post(form["action"])


def go_on(browse, name):
    """Follow the link of this name, to the page that asks."""
    browse.get(browse.page.find("a", attrs={"aria-label": name})["href"])


def test_an_e_book_is_borrowed_downloaded_and_given_back(signed_in, ebook, patron):
    signed_in.get("/my/ebooks")
    assert "借りている電子書籍はありません" in signed_in.text()
    assert press(signed_in, "「旅の本」を借りる").location == "/my/ebooks"
    signed_in.get("/my/ebooks")
    assert "「旅の本」：お借りになりました" in signed_in.page.find(role="status").get_text()
    assert "2026年12月9日(水) まで" in signed_in.text()
    assert "あと14日" in signed_in.text()
    file = signed_in.page.find("a", attrs={"aria-label": "「旅の本」をダウンロードする"})["href"]
    answer = signed_in.get(file)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/epub+zip", "private, no-store")
    assert "attachment" in answer.headers["Content-Disposition"]
    signed_in.get("/my/")
    tile = signed_in.page.find("a", attrs={"href": "/my/ebooks"}, class_="tile").get_text(" ", strip=True)
    assert tile == "電子書籍サービス 電子書籍サービスの利用状況を確認できます。 1 冊"
    signed_in.get("/my/ebooks")
    go_on(signed_in, "「旅の本」を返却する")
    assert "2026年12月9日(水)まで読めます。返却すると、すぐに読めなくなります。" in signed_in.text()
    assert EbookLoan.get().returned_on is None
    signed_in.post(f"/my/ebooks/loans/{EbookLoan.get().id}/return", signed_in.form())
    assert signed_in.client.get(file).status_code == 410
    assert "返却しました" in signed_in.get("/my/ebooks").text


def test_the_page_of_e_books_answers_a_press_with_the_message_and_the_row_together(signed_in, ebook):
    signed_in.get("/my/ebooks")
    form = button(signed_in, "「旅の本」を借りる").find_parent("form")
    assert not form.has_attr("data-hx-post"), "a part of the page alone would contradict what stands above it"
    assert signed_in.post(form["action"], form_data(form)).location == "/my/ebooks"
    signed_in.get("/my/ebooks")
    assert "「旅の本」：お借りになりました" in signed_in.page.find(id="answer").get_text()
    assert signed_in.page.find("a", attrs={"aria-label": "「旅の本」を読む"})
    assert "借りている電子書籍はありません" not in signed_in.text()


def test_a_file_is_called_like_its_title_whatever_stands_in_that(browse, app, ebook, patron):
    Title.update(title='旅の"本"; filename=x.html; \\', volume="1").execute()
    loan = lending.borrow(ebook, patron, now=clock.now())
    answer = browse.client.get(f"/ebooks/{addresses.file_token(loan, app.config['SECRET_KEY'])}.epub")
    kind, named = parse_options_header(answer.headers["Content-Disposition"])
    answer.close()
    assert (kind, named) == ("attachment", {"filename": '旅の"本"; filename=x.html; \\ 1.epub'})


def test_a_file_that_is_lost_is_an_error_of_the_library_and_no_loan_that_is_over(browse, app, ebook, patron):
    loan = lending.borrow(ebook, patron, now=clock.now())
    (Path(app.instance_path) / "ebooks" / f"{ebook.file}.epub").unlink()
    with pytest.raises(FileNotFoundError):
        browse.client.get(f"/ebooks/{addresses.file_token(loan, app.config['SECRET_KEY'])}.epub")


def test_the_line_is_joined_told_of_and_left(signed_in, ebook, patron, moved_clock):
    other = factories.patron()
    loan = lending.borrow(ebook, other, now=clock.now())
    signed_in.get("/my/ebooks")
    assert "貸出中" in signed_in.text()
    press(signed_in, "「旅の本」の順番を待つ")
    signed_in.get("/my/ebooks")
    assert "順番待ち（1番目）" in signed_in.text()
    lending.give_back(loan, now=clock.now())
    signed_in.get("/my/")
    assert "電子書籍「旅の本」の順番が来ました" in signed_in.text()
    signed_in.get("/my/ebooks")
    assert "順番が来ました（12月2日(水)まで）" in signed_in.text().replace(" ", "")
    go_on(signed_in, "「旅の本」の順番待ちをやめる")
    assert "順番が来ました（12月2日(水)まで）" in signed_in.text().replace(" ", "")
    assert EbookHold.get().state == "ready"
    signed_in.post(f"/my/ebooks/places/{EbookHold.get().id}/removal", signed_in.form())
    assert EbookHold.get().state == "cancelled"
    signed_in.get("/my/ebooks")
    assert "順番待ちをやめました" in signed_in.text()
    press(signed_in, "「旅の本」を借りる")
    assert EbookLoan.get(EbookLoan.patron == patron)


def test_a_suspended_card_sees_why_nothing_can_be_borrowed(browse, ebook):
    browse.sign_in(factories.patron(state="suspended"))
    browse.get("/my/ebooks")
    refused = button(browse, "「旅の本」を借りる")
    assert refused.has_attr("disabled")
    assert "利用が止まっています" in browse.page.find(id=refused["aria-describedby"]).get_text()
    answer = browse.post(f"/my/ebooks/{ebook.id}/loan")
    assert answer.location == "/my/ebooks"
    assert "いま手続きできません" in browse.get("/my/ebooks").text
    said = browse.page.find(id="answer").get_text(" ", strip=True)
    assert "「旅の本」は、いま手続きできません" in said and "利用が止まっています" in said
    assert not EbookLoan.select().exists()


def test_a_refused_ebook_is_told_with_its_reason_as_it_is_then(signed_in, ebook, patron):
    def shown():
        signed_in.get("/my/ebooks")
        return signed_in.page.find(id="answer").get_text(" ", strip=True)

    signed_in.post(f"/my/ebooks/{ebook.id}/place")
    assert "いますぐ借りられます" in shown()
    hold = EbookHold.create(ebook=ebook, patron=patron, state="cancelled", placed_at=clock.now(), ended_at=clock.now())
    signed_in.post(f"/my/ebooks/places/{hold.id}/removal")
    assert "順番を待っていません" in shown()
    lending.borrow(ebook, factories.patron(), now=clock.now())
    signed_in.post(f"/my/ebooks/{ebook.id}/loan")
    assert "いまは、すべて貸出中です" in shown()
    Ebook.update(withdrawn_at=clock.now()).execute()
    signed_in.post(f"/my/ebooks/{ebook.id}/loan")
    assert "この電子書籍の貸出は終わりました" in shown()


def test_a_title_page_and_a_row_have_the_one_action(browse, ebook, patron):
    page = f"/titles/{ebook.title_id}"
    browse.get(page)
    assert "電子書籍 いま借りられます" in browse.text()
    assert "同時に1人まで、14日間借りられます。" in browse.text()
    assert browse.form("/login") == {"next": page}
    browse.sign_in(patron)
    browse.get("/search?q=旅の本")
    assert "電子書籍 いま借りられます" in browse.text()
    form = button(browse, "「旅の本」を借りる").find_parent("form")
    data = {"back": form.find("input", attrs={"name": "back"})["value"], "title": str(ebook.title_id)}
    browse.post(form["action"], data, htmx=True)
    assert "借りています（12月9日(水)まで）" in browse.text().replace(" ", "")
    browse.get(page)
    assert browse.page.find("a", string="読む")["href"] == f"/my/ebooks/{EbookLoan.get().id}/read"


def test_a_visitor_who_is_not_signed_in_sees_that_a_lent_ebook_has_to_be_waited_for(browse, ebook, patron):
    lending.borrow(ebook, factories.patron(), now=clock.now())
    browse.get("/search?q=旅の本")
    assert button(browse, "「旅の本」の順番を待つ").find_parent("form")["action"] == "/login"
    assert not button(browse, "「旅の本」を借りる")


def test_a_printed_book_that_is_an_e_book_too_has_both(signed_in, app):
    title = factories.catalogued("こころ", copies=1)
    epubs.stocked(Path(app.instance_path) / "ebooks", title_id=title.id)
    signed_in.get(f"/titles/{title.id}")
    assert signed_in.page.find("button", string="予約かごに入れる")
    assert "電子書籍 いま借りられます" in signed_in.text()
    signed_in.get(signed_in.page.find("a", string="電子書籍サービスで見る")["href"])
    assert button(signed_in, "「こころ」を借りる")
    signed_in.get("/search?q=こころ")
    assert "電子書籍もあります" in signed_in.text()


def test_the_address_for_programs_is_made_when_it_is_wanted(signed_in, ebook):
    signed_in.get("/my/ebooks")
    assert "まだ作っていません" in signed_in.text()
    made, pages = [], []
    for _ in range(2):
        if made:
            signed_in.get(signed_in.page.find("a", string="アドレスを作り直す")["href"])
            assert "いまのアドレスは使えなくなり、元に戻せません" in signed_in.text()
        pages.append(form_data(signed_in.page.find("form", action="/my/ebooks/link")))
        signed_in.post("/my/ebooks/link", pages[-1])
        signed_in.get("/my/ebooks")
        made.append(signed_in.page.find("p", class_="cite").a["href"])
    assert len(set(made)) == 2
    for old in pages:
        signed_in.post("/my/ebooks/link", old)
        signed_in.get("/my/ebooks")
        assert signed_in.page.find("p", class_="cite").a["href"] == made[-1]
    path = [address.partition("/opds")[2] for address in made]
    assert [signed_in.client.get(f"/opds{one}").status_code for one in path] == [404, 200]


# -- services elsewhere ----------------------------------------------------------------------------------------------
FEED = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opds="http://opds-spec.org/2010/catalog"><title>x</title>
<entry><title>よその&lt;本&gt;</title><author><name>よその人</name></author>
<link rel="http://opds-spec.org/acquisition" href="x"><opds:availability status="available" until="2026-12-01T10:00:00Z"/></link></entry></feed>"""


class Service(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        answer = self.server.answers.get(self.path.partition("?")[0], b"")
        self.send_response(302 if answer == b"away" else 200)
        self.send_header("Location", "/good")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@pytest.fixture
def service():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.asked = []
    server.answers = {"/good": FEED.encode(), "/away": b"away", "/broken": b"<feed", "/huge": b" " * 600_000,
                      "/laughs": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "/other": b"<x/>"}  # fmt: skip
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    elsewhere._cached.clear()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def service_with_shelf(server, path="/good"):
    shelf = f"http://127.0.0.1:{server.server_port}{path}?card={{card}}"
    return EbookService.create(
        name="よその図書館", url="https://e.example.jp/", explanation="雑誌も。", shelf_url=shelf
    )


def test_loans_from_elsewhere_are_asked_for_by_a_press_alone(signed_in, patron, service):
    one = service_with_shelf(service)
    signed_in.get("/my/ebooks")
    assert "雑誌も。" in signed_in.text()
    assert service.asked == []
    signed_in.client.get(f"/my/ebooks?service={one.id}", headers={"Sec-Fetch-Site": "cross-site"})
    assert service.asked == []
    for _ in range(2):
        signed_in.get(f"/my/ebooks?service={one.id}")
        assert "「よその<本>」 よその人 2026年12月1日(火)まで" in signed_in.text()
    assert service.asked == [f"/good?card={patron.card_number}"]


def test_while_records_are_sealed_no_service_is_asked_for_what_is_lent_there(signed_in, patron, service):
    one = service_with_shelf(service)
    factories.history(patron)
    seals.seal(patron, now=clock.now())
    signed_in.get(f"/my/ebooks?service={one.id}")
    assert "雑誌も。" in signed_in.text()
    assert "借りているものを見る" not in signed_in.text()
    assert service.asked == []


@pytest.mark.parametrize("path", ["/away", "/broken", "/huge", "/laughs", "/other", "/gone"])
def test_a_service_that_can_not_tell_is_said_to(path, signed_in, service):
    signed_in.get(f"/my/ebooks?service={service_with_shelf(service, path).id}")
    assert "いまは、つながりません" in signed_in.text()
    assert len(service.asked) == 1


def test_a_service_that_is_slow_holds_up_no_more_than_two(signed_in, service):
    one = service_with_shelf(service)
    with elsewhere._asking, elsewhere._asking:
        signed_in.get(f"/my/ebooks?service={one.id}")
        assert "いまは、つながりません" in signed_in.text()
    assert service.asked == []
    signed_in.get(f"/my/ebooks?service={one.id}")
    assert "よその<本>" in signed_in.text()


@pytest.mark.parametrize(
    ("scheme", "host"), [("http", "127.0.0.1:1"), ("https", "10.0.0.1"), ("https", "[64:ff9b::a00:1]")]
)
def test_no_address_of_the_inside_is_asked(scheme, host, db):
    one = EbookService(name="x", url="https://e.example.jp/", shelf_url=f"{scheme}://{host}/{{card}}")
    with pytest.raises(elsewhere.errors.ShelfUnreachable) as refused:
        elsewhere.loans_at(one, "0000000000001")
    assert isinstance(refused.value.__cause__, ValueError)


def test_a_computer_of_the_library_shows_no_secret_address(signed_in, ebook, patron):
    Session.update(terminal=True).where(Session.patron == patron).execute()
    signed_in.get("/my/ebooks")
    assert "読書アプリで読む" not in signed_in.text()
    assert button(signed_in, "「旅の本」を借りる")
