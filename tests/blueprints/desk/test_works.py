"""作品: works are joined and parted at the desk, and the page of a title shows it."""

import pytest

from models import Title
from tests import factories


@pytest.fixture
def desk(browse, app):
    browse.be(factories.staff("desk", login="suzuki"))
    return browse


def sent(desk, address, titles, q="こころ"):
    desk.get(f"/desk/works?q={q}")
    return desk.post(address, desk.form("/desk/works/join") | {"q": q, "title": [str(title.id) for title in titles]})


def test_works_are_joined_and_parted(desk):
    one, other = factories.catalogued("こころ"), factories.catalogued("こころ 復刻版", year=2014)
    answer = sent(desk, "/desk/works/join", [one, other])
    assert answer.status_code == 303
    desk.get(answer.location)
    assert "1つの作品にまとめました。" in desk.text() and "1作品、2点" in desk.text()
    desk.get(f"/titles/{one.id}")
    section = desk.page.find("section", {"aria-labelledby": "editions"})
    assert section.h2.get_text() == "ほかの版" and "こころ 復刻版" in section.get_text()
    answer = sent(desk, "/desk/works/part", [other])
    desk.get(answer.location)
    assert "1点を別の作品にしました。" in desk.text() and "2作品、2点" in desk.text() and "窓口で決めた" in desk.text()
    desk.get(f"/titles/{one.id}")
    assert desk.page.find("section", {"aria-labelledby": "editions"}) is None


def test_a_refusal_keeps_what_was_looked_for_and_ticked(desk):
    one, other = factories.catalogued("こころ"), factories.catalogued("こころ", year=2014)
    assert sent(desk, "/desk/works/join", [one, other]).status_code == 422
    assert "はじめから1つの作品です" in desk.text()
    assert len(desk.page.select("input[name=title][checked]")) == 2
    assert desk.page.find("input", {"type": "hidden", "name": "q"})["value"] == "こころ"
    assert sent(desk, "/desk/works/part", []).status_code == 422
    assert len({title.work_key for title in Title.select()}) == 1


def test_the_page_of_a_title_leads_to_its_work(desk):
    one, other = factories.catalogued("こころ"), factories.catalogued("こころ", year=2014)
    desk.get(f"/desk/titles/{one.id}")
    desk.get(desk.page.find("a", string="同じ作品の資料")["href"])
    assert "1作品、2点" in desk.text()
    assert [box["value"] for box in desk.page.select("input[name=title]")] == [str(other.id), str(one.id)]
