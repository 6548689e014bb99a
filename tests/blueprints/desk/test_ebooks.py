"""電子書籍 at the desk: a file is looked through, added with its terms, and withdrawn; who reads it is nowhere."""

import io
from datetime import timedelta
from pathlib import Path

import pytest

from library import clock, policy
from library.ebooks import lending
from library.files import photographs
from models import Audit, Ebook, Title, database as connection
from tests import epubs, factories

BOOK = epubs.book(items="<item id='p' href='p' properties='cover-image'/>", **{"OPS/p": epubs.COVER})


@pytest.fixture
def desk(browse):
    browse.be(factories.staff("admin", login="kanri"))
    return browse


@pytest.fixture
def folder(app):
    return Path(app.instance_path) / "ebooks"


def send(desk, content):
    desk.get("/desk/ebooks")
    answer = desk.post("/desk/ebooks", {"file": (io.BytesIO(content), "whatever.bin")})
    answer.request.environ["wsgi.input"].close()  # a file that the test's browser leaves open
    if answer.status_code == 303:
        desk.address = answer.location
        answer = desk.get(answer.location)
    return answer


def add(desk, **typed):
    return desk.post(desk.address, desk.form(desk.address) | typed)


def test_a_file_is_looked_at_then_added_with_its_terms(desk, folder):
    send(desk, BOOK)
    assert desk.h1() == "電子書籍の登録"
    assert "旅の本" in desk.text()
    assert not Ebook.select().exists()
    answer = add(desk, licences="３", days="7")
    assert answer.location == "/desk/ebooks"
    desk.get("/desk/ebooks")
    assert "「旅の本」を登録しました" in desk.text()
    made = Ebook.get()
    assert (made.licences, made.days, made.cover, made.title.material_type) == (3, 7, "image/jpeg", "電子書籍")
    assert not list((folder.parent / "uploads").iterdir())
    assert desk.post(desk.address, {"title": "", "licences": "", "days": ""}).status_code == 422
    assert Ebook.select().count() == 1
    cover = desk.get(f"/ebooks/covers/{made.id}")
    assert (cover.mimetype, cover.data, cover.headers["X-Content-Type-Options"]) == (
        "image/jpeg",
        photographs.draw(epubs.COVER, (480,))[0].content,
        "nosniff",
    )


def test_a_wrong_ebook_form_is_told_and_nothing_is_lost(desk):
    send(desk, BOOK)
    answer = add(desk, licences="0", days="たくさん")
    assert answer.status_code == 422
    assert desk.page.find(id="error-summary").get_text().count("数字") == 2
    assert desk.page.find(id="days")["value"] == "たくさん"
    assert add(desk, licences="", days="").status_code == 303
    assert (Ebook.get().licences, Ebook.get().days) == (None, None)


def test_a_title_that_is_there_is_offered(desk):
    title = factories.title("旅の本", isbn="9784003101018")
    send(desk, BOOK)
    assert "すでにある書誌：旅の本" in desk.text()
    assert add(desk, title=str(title.id)).status_code == 303
    assert (Ebook.get().title_id, Title.select().count()) == (title.id, 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "ファイルを選んでください"),
        (b"%PDF", "EPUB のファイルではないか"),
        (epubs.book(**{"../x": "x"}), "安全でない名前"),
        (epubs.book(**{"OPS/zeros": bytes(30_000_000)}), "zip 爆弾のおそれ"),
        (bytes(7 * 1024**2 + 1), "flask ebooks add FILE"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(content, told, desk):
    assert send(desk, content).status_code == 422
    assert told in desk.page.find(id="error-summary").get_text()
    assert not Ebook.select().exists()


def test_terms_are_changed_and_the_end_is_told(desk, folder, patron):
    ebook = epubs.stocked(folder)
    lending.borrow(ebook, patron, now=clock.now())
    lending.wait(ebook, factories.patron(), now=clock.now())
    page = f"/desk/ebooks/{ebook.id}"
    desk.get(page)
    assert "貸出中 1人" in desk.text()
    desk.post(page, desk.form(page) | {"licences": "2"})
    assert lending.standing(ebook).reserved == 1
    desk.get(page)
    desk.get(desk.page.find("a", string="貸出を終わりにする")["href"])
    assert "順番を待っている1人は、借りられなくなります" in desk.text()
    assert "借りている1人は、期限まで読めます" in desk.text()
    desk.post(f"{page}/withdrawal")
    desk.get("/desk/ebooks")
    assert "貸出終了" in desk.text()
    desk.get(page)
    assert "貸出は終わっています" in desk.text()
    assert desk.get(f"{page}/withdrawal").location == page
    assert [row.action for row in Audit.select().order_by(Audit.id)][-2:] == ["ebook.changed", "ebook.withdrawn"]


def test_the_desk_sees_how_many_and_never_who(desk, folder, browse, caplog):
    reader = factories.patron(name="読書 好子", keep_history=True)
    ebook = epubs.stocked(folder, "だれも知らない本")
    lending.borrow(ebook, reader, now=clock.now())
    waiting = factories.patron(name="待井 人見")
    lending.wait(ebook, waiting, now=clock.now())
    for page in ("/desk/ebooks", f"/desk/ebooks/{ebook.id}", f"/desk/titles/{ebook.title_id}"):
        text = desk.get(page).text
        for person in (reader, waiting):
            assert person.name not in text
            assert person.card_number not in text
    for person in (reader, waiting):
        assert "だれも知らない本" not in desk.get(f"/desk/patrons/{person.id}").text
    together = [row for row in Audit.select() if row.patron_id and "だれも" in str(row.details)]
    assert not together
    assert "だれも知らない本" not in caplog.text


def test_a_member_of_the_desk_looks_and_changes_nothing(browse, folder):
    ebook = epubs.stocked(folder)
    browse.be(factories.staff("desk"))
    browse.get("/desk/ebooks")
    assert not browse.page.find("input", type="file")
    browse.get(f"/desk/ebooks/{ebook.id}")
    assert browse.page.find("main").find("form") is None


def test_a_command_adds_what_is_too_large_for_a_page(app, tmp_path):
    path = tmp_path / "book.epub"
    path.write_bytes(BOOK)
    runner = app.test_cli_runner()
    done = runner.invoke(args=["ebooks", "add", str(path), "--licences", "2"])
    again = runner.invoke(args=["ebooks", "add", str(path)])
    connection.connect(reuse_if_open=True)
    assert (done.exit_code, done.stdout) == (0, "加えました: 旅の本\n")
    assert (again.exit_code, "すでに登録されています" in again.output) == (1, True)
    assert Ebook.get().licences == 2
    policy.put_row("", "電子書籍", loan_days=5)
    assert lending.borrow(Ebook.get(), factories.patron(), now=clock.now()).due_on == clock.today() + timedelta(days=5)
