"""移行: what the public, the desk, the commands and the page of seven steps say until the library opens."""

import re
from datetime import date

import pytest

from library import clock
from library.calendar import before_opening
from library.cutover import opening, sample, steps
from models import Audit, Cutover, Loan, OutboxMail, Patron
from tests import factories
from tests.pages import form_data

BY = {"by": "staff:kanri"}


@pytest.fixture
def begun(app):
    factories.branch("本館", position=0)
    opening.begin(**BY, now=clock.now())


@pytest.fixture
def admin(browse, begun):
    browse.be(factories.staff("admin", login="kanri"))
    return browse


def submit(browser, **typed):
    """Press the main button of the form of the page, and go where it leads."""
    form = browser.page.find("main").find("form", method="post")
    return send(browser, form["action"], form_data(form) | typed)


def send(browser, action, data=None):
    answer = browser.post(action, data)
    return browser.get(answer.location) if 300 <= answer.status_code < 400 else answer


# -- what everybody sees -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/", "/search?q=neko", "/guide", "/login", "/my/", "/access", "/nowhere", "/opds/"])
def test_the_public_waits_for_the_opening(browse, begun, path):
    answer = browse.get(path)
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert browse.h1() == "図書館システムを準備しています"


def test_the_desk_is_found_without_the_last_slash_before_the_opening(browse, begun):
    assert browse.get("/desk").status_code != 503


@pytest.mark.parametrize("path", ["/", "/my/", "/desk/login"])
def test_until_the_opening_no_page_leads_to_what_is_shut(browse, begun, path):
    browse.get(path)
    around = browse.page.find("header").get_text() + browse.page.find("footer").get_text()
    assert not [word for word in ("検索", "ログイン", "アクセス", "利用案内") if word in around]
    browse.post("/text-size", {"size": "l"}, token=False)
    assert "size-l" in browse.get(path).text


def test_a_patron_who_is_signed_in_waits_too_and_can_sign_out(browse, begun):
    browse.be(factories.patron())
    assert browse.get("/my/loans").status_code == 503
    assert browse.client.get("/healthz").status_code == 200
    assert browse.client.get("/static/app.css").status_code == 200


def test_the_desk_works_under_a_banner(browse, begun):
    browse.get("/desk/login")
    assert "移行中" in browse.text()
    browse.be(factories.staff("desk"))
    patron, item = factories.patron(), factories.item()
    browse.get("/desk/checkout")
    assert "移行中" in browse.text() and browse.page.find("a", string="移行の確認へ") is None
    answer = browse.post("/desk/checkout", {"card": patron.card_number})
    assert answer.status_code in (200, 303)
    assert item and not Loan.select().exists()


def test_a_job_that_waits_says_so(admin):
    admin.get("/desk/status")
    send(admin, "/desk/status/due_notices")
    assert "移行中です。開館すると動きます。" in admin.text()


def test_after_the_opening_all_is_as_ever(browse, admin):
    opening.open_on(None, "ためす", **BY, now=clock.now())
    assert browse.get("/guide").status_code == 200
    admin.get("/desk/checkout")
    assert "移行中" not in admin.text()
    admin.get("/desk/move")
    assert "2026年11月25日(水)に開館しました。" in admin.text()


# -- the steps ---------------------------------------------------------------------------------------------------------
def test_the_page_has_seven_steps(admin):
    admin.get("/desk/move")
    assert admin.h1() == "移行"
    table = admin.page.find("table")
    names = [row.find("th").get_text(strip=True) for row in table.find("tbody").find_all("tr")]
    assert names == ["件数", "見本20人", "貸出ルール", "番号", "最初のメール", "控え", "開館する"]
    for link in table.find_all("a"):
        assert admin.get(link["href"]).status_code == 200


def test_figures_are_compared_and_a_difference_explained(admin):
    factories.patron()
    admin.get("/desk/move/counts")
    assert not admin.page.find_all(id=re.compile("^why_")), "a reason is asked for beside a difference alone"
    numbers = {f"before_{name}": "0" for name in ("titles", "items", "loans", "overdue", "holds")}
    submit(admin, before_patrons="3", **numbers)
    assert "前のシステムとの差（-2）の理由" in admin.text()
    submit(admin, why_patrons="廃止したカード")
    assert "「件数」を確認済みにしました。" in admin.text()
    admin.get("/desk/move/counts")
    assert admin.page.find(id="why_patrons")["value"] == "廃止したカード"
    send(admin, "/desk/move/counts/reopening")
    assert "「件数」の確認済みを取り消しました。" in admin.text()


def test_the_sample_is_compared_person_by_person(admin):
    patron = factories.patron(address="北町1-2", desk_note="車いす")
    admin.get("/desk/move/sample")
    submit(admin)
    assert patron.card_number in admin.text()
    send(admin, "/desk/move/sample/confirmation")
    assert "まだ比べていない人が1人います。" in admin.text()
    admin.get(f"/desk/move/sample/{patron.id}")
    for value in ("図書 花子", "1978-08-08", "北町1-2", "車いす"):
        assert value in admin.text()
    assert Audit.select().where(Audit.action == "patron.viewed", Audit.patron == patron).exists()
    assert "貸出中" in admin.page.find(string=re.compile("空の項目")), "what is empty takes no row"
    submit(admin, verdict="wrong", note=" ")
    assert "違うところを入力してください。" in admin.text()
    submit(admin)
    assert "1/1人 を比べました。" in admin.text() and "合っています" in admin.text()
    send(admin, "/desk/move/sample/confirmation")
    assert "「見本20人」を確認済みにしました。" in admin.text()


def test_a_verdict_leads_on_to_the_next_of_the_sample(admin):
    first, second, third = (factories.patron(birth_date=date(1970, 1, number)) for number in (1, 2, 3))
    for number, patron in enumerate((first, second, third)):
        for _ in range(3 - number):
            factories.loan(patron)
    sample.draw(today=clock.today(), **BY, now=clock.now())
    admin.get(f"/desk/move/sample/{second.id}")
    submit(admin)
    assert admin.h1() == "見本 3人目" and "1/3人 を比べました。" in admin.text()
    submit(admin, verdict="wrong", note="電話が違う")
    assert admin.h1() == "見本 1人目" and "2/3人 を比べました。" in admin.text(), "those that were left out come last"
    submit(admin)
    assert admin.h1() == "見本20人" and "電話が違う" in admin.text()


def test_all_of_the_sample_stands_on_paper_with_room_for_the_old_system(admin):
    patrons = [factories.patron(name=f"図書 {name}") for name in ("花子", "太郎")]
    sample.draw(today=clock.today(), **BY, now=clock.now())
    admin.get("/desk/move/sample/paper")
    assert len(admin.page.find_all("article")) == 2
    row = admin.page.find("td", string="図書 太郎") or admin.page.find("span", string="図書 太郎").find_parent("td")
    assert row.find_next_sibling("td").get_text() == ""
    assert Audit.select().where(Audit.action == "patron.viewed", Audit.patron.in_(patrons)).count() == 2


def test_the_sheet_for_the_day_before_has_the_librarys_own_figures(admin):
    patron = factories.patron()
    factories.address(patron)
    factories.preference(patron, "due", to_pc=True, active=True, days_before=1)
    factories.loan(patron, due_on=date(2026, 12, 2))
    admin.get("/desk/move")
    admin.get(admin.page.find("a", string="開館前日にすること")["href"], query_string={"on": "2026-12-01"})
    assert admin.h1() == "開館前日にすること"
    said = admin.text()
    assert "前日 2026年11月30日(月) 開館 2026年12月1日(火)" in said.replace("\u3000", " ")
    assert "返却期限 1通" in said and "まだ確かめていません。" in said
    assert "見本20人：見本の20人を、まだ選んでいません。" in said
    assert "「番号」で、" in said
    steps.confirm_seen("numbers", **BY, now=clock.now())
    send(admin, "/desk/move/backup")
    admin.get("/desk/move/day-before")
    assert "開館 2026年11月26日(木)" in admin.text().replace("\u3000", " "), "the next day on which it is open"
    assert "「番号」で、" not in admin.text() and "に戻して確かめました（利用者1、" in admin.text().replace(" ", "")


def test_nobody_else_is_opened_from_the_sample(admin):
    other = factories.patron()
    assert admin.get(f"/desk/move/sample/{other.id}").status_code == 404


def test_the_first_mails_can_be_read(admin):
    patron = factories.patron()
    factories.address(patron)
    factories.preference(patron, "due", to_pc=True, active=True, days_before=1)
    factories.loan(patron, due_on=date(2026, 11, 26))
    admin.get("/desk/move/mails")
    assert "返却期限 1通" in admin.text() and "図書 花子" in admin.page.find("pre").get_text()
    assert not OutboxMail.select().exists()
    send(admin, "/desk/move/mails/confirmation")
    assert "「最初のメール」を確認済みにしました。" in admin.text()


@pytest.mark.parametrize("on", ["9999-12-31", "2026-11-24", "きのう", "2027-02-30"])
def test_a_day_on_which_the_library_can_not_open_is_told_where_mails_are_counted(on, admin):
    factories.patron(expires_on=date(2015, 3, 31))
    assert admin.get("/desk/move/mails", query_string={"on": on}).status_code == 200
    assert "今日から60日後までの日を入力してください。" in admin.text()
    assert admin.page.find(id="on")["value"] == on
    admin.get("/desk/move/opening")
    submit(admin, on=on, reason="急ぐ")
    assert admin.page.find(id="on")["value"] == on and before_opening.is_on(today=clock.today())


def test_a_copy_is_made_and_tried(admin, app):
    admin.get("/desk/move/backup")
    send(admin, "/desk/move/backup/confirmation")
    assert "今日の控えを、まだ確かめていません。" in admin.text()
    send(admin, "/desk/move/backup")
    assert "「控え」を確認済みにしました。" in admin.text()


def test_a_copy_of_before_an_import_is_not_accepted(admin, app):
    admin.get("/desk/move/backup")
    send(admin, "/desk/move/backup")
    factories.patron()
    admin.get("/desk/move/backup")
    assert "件数が違います（利用者 控え0、いま1）。控えを作って確かめてください。" in admin.text()
    send(admin, "/desk/move/backup/confirmation")
    assert "件数が違います" in admin.text() and "控え" in steps.open_ones()
    send(admin, "/desk/move/backup")
    assert "「控え」を確認済みにしました。" in admin.text()


# -- the opening -------------------------------------------------------------------------------------------------------
def test_an_opening_with_open_steps_needs_a_reason(admin):
    factories.patron(expires_on=date(2015, 3, 31))
    admin.get("/desk/move/opening")
    assert "1人（はじめは2029年11月25日" in admin.text().replace(" ", "")
    submit(admin, on="2026-12-01")
    assert "それでも開館するときは、理由を入力してください。" in admin.text()
    submit(admin, on="2026-11-24", reason="急ぐ")
    assert "今日から60日後までの日を入力してください。" in admin.text()
    submit(admin, on="令和8年12月1日", reason="急ぐ")
    assert "2026年12月1日(火)に開館します。" in admin.text()
    assert before_opening.is_on(today=date(2026, 11, 30)) and not before_opening.is_on(today=date(2026, 12, 1))


def test_putting_all_away_wants_the_name_of_the_library(admin):
    factories.patron()
    admin.get("/desk/move/discard")
    submit(admin, library="図書館")
    assert "「すずかけ市立図書館」と入力してください。" in admin.text() and Patron.select().exists()
    submit(admin, library="すずかけ市立図書館")
    assert "取り込んだものを消しました。" in admin.text() and not Patron.select().exists()
    assert Cutover.get().opens_on is None


def test_an_empty_library_begins_to_move_with_one_press(browse, db):
    browse.be(factories.staff("admin"))
    browse.get("/desk/move")
    assert "前のシステムから利用者、資料、貸出を移し" in browse.text() and "move begin" not in browse.text()
    send(browse, "/desk/move")
    assert "移行を始めました。" in browse.text() and before_opening.is_on(today=clock.today())
    assert len(browse.page.find("tbody").find_all("tr")) == 7
    assert browse.post("/desk/move", {}).status_code == 200, "pressed twice"


def test_a_library_that_has_patrons_begins_by_command_alone(browse, db):
    factories.patron()
    browse.be(factories.staff("admin"))
    browse.get("/desk/move")
    assert "move begin" in browse.text() and browse.page.find("button", string="移行を始める") is None
    assert browse.post("/desk/move", {}).status_code == 409
    assert not before_opening.is_on(today=clock.today())


def test_nothing_is_confirmed_where_no_move_goes_on(browse, app):
    factories.patron()
    sample.draw(today=clock.today(), **BY, now=clock.now())
    browse.be(factories.staff("admin"))
    browse.get("/desk/move")
    assert "移行中ではありません。" in browse.text()
    browse.get("/desk/move/rules")
    send(browse, "/desk/move/rules/confirmation")
    assert "移行中ではありません。" in browse.text() and len(steps.open_ones()) == 6
    drawn = steps.by_name("sample").facts
    browse.get("/desk/move/sample")
    send(browse, "/desk/move/sample")
    assert "移行中ではありません。" in browse.text() and steps.by_name("sample").facts == drawn
