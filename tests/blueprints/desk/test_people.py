"""著者 at the desk: names are joined to people and parted again."""

import pytest

from models import Creator
from tests import factories


@pytest.fixture
def desk(browse, app):
    browse.be(factories.staff("desk", login="suzuki"))
    return browse


def sent(desk, address, *names):
    desk.get("/desk/people?q=夏目")
    ids = [str(Creator.get(Creator.name == name).id) for name in names]
    return desk.post(address, desk.form("/desk/people/join") | {"q": "夏目", "name": ids})


def test_names_are_joined_and_parted(desk):
    title = factories.catalogued("こころ")
    factories.catalogued("文学論", by=("夏目金之助", "ナツメ, キンノスケ"))
    answer = sent(desk, "/desk/people/join", "夏目漱石", "夏目金之助")
    desk.get(answer.location)
    assert "1人の著者にまとめました。" in desk.text() and "1人、2つの名前" in desk.text()
    desk.get(f"/titles/{title.id}")
    desk.get(desk.page.find("a", string="夏目漱石")["href"])
    assert "夏目金之助" in desk.page.find("section", {"aria-labelledby": "names"}).get_text()
    answer = sent(desk, "/desk/people/part", "夏目金之助")
    desk.get(answer.location)
    assert "1つの名前を別の著者にしました。" in desk.text() and "2人、2つの名前" in desk.text()


def test_a_refusal_keeps_what_was_looked_for_and_ticked(desk):
    factories.catalogued("こころ")
    assert sent(desk, "/desk/people/join", "夏目漱石").status_code == 422
    assert "はじめから1人の著者です" in desk.text()
    assert len(desk.page.select("input[name=name][checked]")) == 1


def test_a_name_with_a_comma_is_found_as_it_is_spoken(desk):
    factories.catalogued("こころ", by=("夏目, 漱石", "ナツメ, ソウセキ"))
    for words in ("夏目漱石", "そうせき"):
        desk.get(f"/desk/people?q={words}")
        assert "夏目, 漱石" in desk.text()
    desk.get("/desk/people?q=いない人")
    assert "見つかりませんでした" in desk.text()
