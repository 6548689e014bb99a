"""窓口のメニュー: every page of the desk is in it, in groups of which a phone shows the first and that of the page."""

import pytest

from blueprints.desk import MENU
from library import clock
from library.cutover import opening
from tests import factories


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


def test_an_admin_reaches_all_that_moves_a_library_in(at):
    assert {"移行", "取り込み", "番号の形式", "館", "名称・ロゴ・色"} <= set(labels(at("/desk/checkout").find_all("a")))


def test_the_desk_sees_what_it_may_open_and_no_empty_group(at):
    menu = at("/desk/checkout", "desk")
    wanted = [words for _, *rows in MENU for _, words, _, for_admin in rows if not for_admin]
    assert labels(menu.find_all("a")) == wanted
    assert [group.find("p").get_text() for group in menu.find_all(class_="menu-group")] == [
        "窓口", "連絡", "資料", "サイト", "図書館", "システム",
    ]  # fmt: skip


def test_the_group_of_the_page_stands_open_and_its_entry_alone_is_current(at):
    assert not at("/desk/checkout").find_all("details", open=True)
    menu = at("/desk/numbers")
    (group,) = menu.find_all("details", open=True)
    assert "番号の形式" in labels(group.find_all("a"))
    assert labels(menu.find_all(attrs={"aria-current": True})) == ["番号の形式"]
    assert labels(at("/desk/transfers").find_all(attrs={"aria-current": True})) == ["搬送"]


def test_the_first_five_have_keys(at):
    keys = {
        "".join(link["accesskey"]): link.find("span").get_text() for link in at("/desk/checkout").select("a[accesskey]")
    }
    assert keys == {"1": "貸出", "2": "返却", "3": "延長", "4": "予約", "5": "搬送"}


def test_a_move_that_goes_on_stands_above_all(at):
    assert at("/desk/checkout").find(class_="menu-move") is None
    opening.begin(by="staff:kanri", now=clock.now())
    first = at("/desk/checkout").find("a")
    assert "menu-move" in first["class"] and labels([first]) == ["移行"]
    assert at("/desk/checkout", "desk").find(class_="menu-move") is None
