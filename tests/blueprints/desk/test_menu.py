"""窓口のメニュー: seven keys, and groups of which that of the page stands open; what waits stands beside its row."""

import pytest

from blueprints.desk import KEYS, MENU
from library import clock
from library.cutover import opening
from tests import factories

MOST = 7  # rows of a group, so that one that is open fits beside the keys


@pytest.fixture
def at(browse, app):
    """``at(path, role)`` opens a page of the desk and returns its menu."""

    def open_page(path, role="admin"):
        browse.be(factories.staff(role))
        browse.get(path)
        return browse.page.find("nav", class_="desk-menu")

    factories.branch()
    return open_page


def labels(tags):
    return [tag.find("span").get_text() for tag in tags]


def test_every_group_is_short():
    assert {name: len(rows) for name, rows in MENU.items() if len(rows) > MOST} == {} and len(KEYS) == 7


def test_an_admin_reaches_everything(at):
    menu = at("/desk/")
    assert labels(menu.select("details a")) == [row.words for rows in MENU.values() for row in rows]
    assert labels(menu.select(".menu-keys a")) == [row.words for row in KEYS]


def test_rights_hide_rows_and_groups_without_any(at, monkeypatch):
    menu = at("/desk/checkout", "desk")
    seen = {group.summary.span.get_text(): labels(group.select("a")) for group in menu.select("details")}
    assert (
        seen["サイト"] == ["特集", "こどものさがす"] and "システム" in seen["管理"] and "運用ルール" not in seen["管理"]
    )
    monkeypatch.setitem(MENU, "サイト", tuple(row for row in MENU["サイト"] if row.words == "写真"))
    assert "サイト" not in labels(at("/desk/checkout", "desk").select("summary"))


@pytest.mark.parametrize(
    ("page", "group", "row"),
    [
        ("/desk/numbers", "管理", "番号の形式"),
        ("/desk/works", "資料", "書誌・作品・著者"),
        ("/desk/calendar", "管理", "館と開館日"),
        ("/desk/status", "管理", "システム"),
        ("/desk/offline/paper", "管理", "システム"),
        ("/desk/move", "管理", "取り込みと書き出し"),
        ("/desk/staff", "管理", "職員とログイン"),
    ],
)
def test_the_group_of_the_page_stands_open_and_its_row_alone_is_current(at, page, group, row):
    menu = at(page)
    (shown,) = menu.find_all("details", open=True)
    assert labels([shown.summary]) == [group]
    assert labels(menu.find_all(attrs={"aria-current": True})) == [row]


def test_the_pages_of_the_keys_open_no_group(at):
    menu = at("/desk/transfers")
    assert not menu.find_all("details", open=True) and labels(menu.find_all(attrs={"aria-current": True})) == ["搬送"]


def test_six_have_keys(at):
    keys = {
        "".join(link["accesskey"]): link.find("span").get_text() for link in at("/desk/checkout").select("a[accesskey]")
    }
    assert keys == {"1": "貸出", "2": "返却", "3": "延長", "4": "予約", "5": "搬送", "6": "利用者"}


def test_waiting_work_is_counted_beside_its_row_its_group_and_the_work_of_today(at):
    factories.question()
    factories.question()
    menu = at("/desk/titles")
    counts = {tag.find("span").get_text(): tag.b and tag.b.get_text() for tag in menu.select("a, summary")}
    assert {words: count for words, count in counts.items() if count} == {
        "今日の仕事": "2", "利用者と連絡": "2", "レファレンス": "2",
    }  # fmt: skip


def test_a_move_that_goes_on_stands_above_all(at):
    assert at("/desk/checkout").find(class_="menu-move") is None
    opening.begin(by="staff:kanri", now=clock.now())
    first = at("/desk/checkout").find("a")
    assert "menu-move" in first["class"] and labels([first]) == ["移行"]
    assert at("/desk/checkout", "desk").find(class_="menu-move") is None


@pytest.mark.parametrize(("page", "status"), [("/desk/patrons/999999", 404), ("/desk/import", 403)])
def test_a_page_that_is_not_there_or_not_open_keeps_the_menu(at, browse, page, status):
    assert "統計" in labels(at(page, "desk").select("details a"))
    assert browse.get(page).status_code == status and browse.page.find("main").find("a", string="窓口へ")
