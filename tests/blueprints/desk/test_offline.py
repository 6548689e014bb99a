"""非常用の窓口: the page, the list, what comes in, and slips of paper."""

import gzip
import json
import uuid

import pytest

from library import clock
from library.offline import entries, list as offline_list
from models import Audit, Loan, OfflineEntry, OfflineSlip, Patron
from tests import factories
from tests.conftest import NOW


@pytest.fixture
def admin(browse, patron):
    browse.be(factories.staff("admin"))
    return browse


def sent(*rows):
    return {"entries": json.dumps([{"id": str(uuid.uuid4()), "at": NOW.isoformat()} | row for row in rows])}


def give(browser, *rows):
    browser.get("/desk/offline/entries")
    return browser.post("/desk/offline/entries", sent(*rows))


# -- the page and its list ---------------------------------------------------------------------------------------------
def test_the_page_that_is_stored_knows_nobody_and_names_its_files(browse, patron):
    shell = browse.get("/desk/offline/shell")
    assert browse.h1() == "非常用の窓口" and "csrf" not in shell.text and "Set-Cookie" not in shell.headers
    worker = browse.get("/desk/offline/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/desk/offline"
    files = json.loads(worker.text.partition("const FILES = ")[2].partition(";\n")[0])
    for address in [*files, "/desk/offline/shell"]:
        assert browse.client.get(address).status_code == 200, address
    tags = shell.page.find_all("script") + shell.page.find_all("link")
    assert {tag.get("src") or tag["href"] for tag in tags} <= set(files)


def test_no_field_takes_more_than_an_entry_may_have(browse, patron):
    page = browse.get("/desk/offline/shell").page
    lengths = {name: int(page.find(id=name)["maxlength"]) for name in ("card", "item", "why")}
    assert lengths == {"card": entries.LONGEST, "item": entries.LONGEST, "why": entries.LONGEST_WHY}


def test_modules_name_each_other_beside_them(browse, patron):
    page = browse.get("/desk/offline/shell").page
    folder = page.find("script")["src"].rpartition("/")[0]
    for name in ("window.js", "counter.js", "upload.js", "refresh.js"):
        text = browse.client.get(f"{folder}/{name}").text
        for other in [
            line.partition('from "./')[2].partition('"')[0] for line in text.splitlines() if 'from "./' in line
        ]:
            assert browse.client.get(f"{folder}/{other}").status_code == 200, other


def test_a_browser_gets_the_list_once_an_admin_has_marked_it(admin, tmp_path):
    assert admin.client.get("/desk/offline/list", buffered=True).status_code == 404
    admin.get("/desk/offline")
    assert admin.post("/desk/offline/browser").status_code == 204
    answer = admin.client.get("/desk/offline/list", buffered=True)
    assert (answer.headers["Content-Encoding"], answer.headers["Cache-Control"]) == ("gzip", "no-store")
    assert json.loads(gzip.decompress(answer.data))["cards"]["number"] == [Patron.get().card_number]
    assert Audit.get(Audit.action == "offline.installed").actor.startswith("staff:")
    assert admin.post("/desk/offline/browser").status_code == 204
    assert Audit.get(Audit.action == "offline.passphrase").actor.startswith("staff:")
    assert "offline-refresh" in admin.get("/desk/checkout").text
    assert "非常用の窓口を開く" in admin.get("/desk/checkout").text
    admin.post("/desk/offline/browser/removal")
    assert admin.client.get("/desk/offline/list", buffered=True).status_code == 404
    assert "offline-refresh" not in admin.get("/desk/checkout").text
    assert "非常用の窓口を開く" not in admin.get("/desk/checkout").text


def test_a_mark_that_the_library_did_not_make_opens_nothing(admin):
    for made in ("yes", "abc.def", ""):
        admin.client.set_cookie("offline-desk", made)
        assert admin.client.get("/desk/offline/list", buffered=True).status_code == 404


def test_no_terminal_stores_the_list(admin):
    admin.get("/desk/terminal")
    admin.post("/desk/terminal", {"mark": "yes"})
    admin.get("/desk/offline")
    assert admin.page.find(id="offline-desk")["data-terminal"] == "yes"
    assert admin.post("/desk/offline/browser").status_code == 409


def test_the_job_makes_the_list(app, patron, tmp_path):
    jobs = app.extensions["jobs"]
    jobs.run("offline_list", settings=app.config, now=clock.now())
    assert offline_list.path(tmp_path).exists()


# -- what comes in -----------------------------------------------------------------------------------------------------
def test_the_browser_is_told_what_it_may_forget_and_the_page_what_was_done(admin, patron):
    item = factories.item()
    answer = give(
        admin, {"kind": "loan", "card": patron.card_number, "item": item.barcode}, {"kind": "return", "item": "998"}
    )
    assert len(answer.json["ids"]) == 2 and Loan.get().item == item
    admin.get("/desk/offline/entries")
    assert "登録1件、要確認1件、取り込み済み0件。" in admin.text() and "登録のない資料番号です。" in admin.text()
    assert "1件あります" in admin.get("/desk/offline").text
    assert "記録を取り込みました。" not in admin.get("/desk/offline/entries").text


def test_parts_of_one_upload_are_told_together(admin, patron):
    for _ in range(2):
        give(admin, {"kind": "loan", "card": patron.card_number, "item": factories.item().barcode})
    give(admin, {"kind": "return", "item": "998"})
    assert "要確認1件" in admin.get("/desk/offline/entries").text


@pytest.mark.parametrize("text", ["", "{}", "[1]", "nonsense", "[" * 100_000, '[{"id": NaN}]'])
def test_an_entry_that_is_no_record_is_refused_whole(admin, text):
    admin.get("/desk/offline/entries")
    answer = admin.post("/desk/offline/entries", {"entries": text})
    assert (answer.status_code, answer.json["sentence"]) == (
        422,
        "非常用の窓口の記録として読めません。何も取り込んでいません。",
    )
    assert not OfflineEntry.select().exists()


def test_words_typed_offline_are_text_on_the_page(admin, patron):
    give(admin, {"kind": "loan", "card": "<script>alert(1)</script>", "item": "<b>", "why": "<img src=x>"})
    page = admin.get("/desk/offline/entries").page
    assert "<script>alert(1)</script>" in page.text and not page.find("img", src="x")


def test_a_conflict_is_settled_and_erased(admin, patron):
    give(admin, {"kind": "loan", "card": "42", "item": factories.item().barcode})
    row = OfflineEntry.get()
    admin.get("/desk/offline/entries")
    retried = admin.post(f"/desk/offline/entries/{row.id}/retry")
    assert retried.status_code == 409 and "まだ取り込めません" in admin.text()
    assert admin.post(f"/desk/offline/entries/{row.id}/resolution").status_code == 303
    assert "解決にしました。" in admin.get("/desk/offline/entries").text
    assert OfflineEntry.get().card == "" and entries.conflicts() == 0


def test_a_conflict_is_taken_in_once_the_card_is_there(admin):
    give(admin, {"kind": "loan", "card": "0000000000042", "item": factories.item().barcode})
    factories.patron(card_number="0000000000042")
    admin.get("/desk/offline/entries")
    assert admin.post(f"/desk/offline/entries/{OfflineEntry.get().id}/retry").status_code == 303
    assert "登録しました。" in admin.get("/desk/offline/entries").text and Loan.select().count() == 1


def test_many_conflicts_have_pages(admin):
    give(admin, *[{"kind": "return", "item": str(number)} for number in range(51)])
    assert "51件" in admin.get("/desk/offline/entries").text
    assert len(admin.get("/desk/offline/entries?page=2").page.find("tbody").find_all("tr")) == 1


# -- paper -------------------------------------------------------------------------------------------------------------
def test_slips_are_numbered_printed_and_printed_again(admin):
    admin.get("/desk/offline/paper")
    made = admin.post("/desk/offline/paper/sheets", {"sheets": "2"})
    assert made.status_code == 303 and OfflineSlip.select().count() == 8
    for _ in range(2):
        page = admin.get(made.location).page
        assert [len(sheet.find_all("article")) for sheet in page.find_all(class_="paper-sheet")] == [4, 4]
        assert len(page.find_all("svg", class_="nw7")) == 8
    assert OfflineSlip.select().count() == 8


@pytest.mark.parametrize("sheets", ["0", "21", "x", ""])
def test_a_number_of_sheets_that_makes_no_sense_is_refused(admin, sheets):
    admin.get("/desk/offline/paper")
    assert admin.post("/desk/offline/paper/sheets", {"sheets": sheets}).status_code == 422
    assert not OfflineSlip.select().exists()


def test_a_slip_is_entered_and_what_was_typed_stays_where_it_is_refused(admin, patron):
    admin.get("/desk/offline/paper")
    admin.post("/desk/offline/paper/sheets", {"sheets": "1"})
    slip, item = OfflineSlip.get().number, factories.item()
    typed = {
        "slip": slip,
        "kind": "loan",
        "day": "2026-11-24",
        "hour": "",
        "card": patron.card_number,
        "copies": item.barcode,
    }
    admin.get("/desk/offline/paper")
    refused = admin.post("/desk/offline/paper", typed | {"day": "あした"})
    assert refused.status_code == 422 and admin.form("/desk/offline/paper") | {"csrf_token": ""} == typed | {
        "day": "あした",
        "csrf_token": "",
    }
    assert admin.post("/desk/offline/paper", typed).status_code == 303
    assert "票を入力しました（1件）。" in admin.get("/desk/offline/paper").text
    assert admin.form("/desk/offline/paper")["day"] == "2026-11-24"
    again = admin.post("/desk/offline/paper", typed)
    assert again.status_code == 422 and "入力済みです" in admin.text() and Loan.select().count() == 1
