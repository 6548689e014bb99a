"""Works, series, people and subjects, as anybody sees them (spec 12, 5)."""

from tests import factories


def section(browse, id):
    return browse.page.find("section", {"aria-labelledby": id})


def test_volumes_of_an_edition_stand_in_order_and_other_editions_beside_them(browse, app):
    edition = {"publisher": "新潮社", "series": "新潮文庫", "year": 2001}
    last, first = (factories.catalogued("こころ", volume=volume, copies=1, **edition) for volume in ("下", "上"))
    other = factories.catalogued("こころ", publisher="岩波書店", year=1989)
    factories.catalogued("こころ", by=("小泉八雲", "コイズミ, ヤクモ"))
    browse.get(f"/titles/{last.id}")
    volumes, editions = section(browse, "volumes"), section(browse, "editions")
    assert [each.get_text(" ", strip=True) for each in volumes.select(".edition-name")] == [
        "こころ 上",
        "こころ 下 この資料",
    ]
    assert volumes.find("a")["href"] == f"/titles/{first.id}" and volumes.find("b")["aria-current"] == "page"
    assert "在架 1冊" in volumes.get_text()
    assert [each["href"] for each in editions.select("a")] == [f"/titles/{other.id}"]
    assert "岩波書店" in editions.get_text() and "夏目漱石" not in editions.get_text()


def test_a_title_alone_says_nothing_of_other_editions(browse, app):
    browse.get(f"/titles/{factories.catalogued('こころ').id}")
    assert section(browse, "volumes") is None and section(browse, "editions") is None


def test_many_volumes_are_folded(browse, app):
    made = [factories.catalogued("長い物語", volume=str(number), publisher="白鷺社") for number in range(1, 16)]
    browse.get(f"/titles/{made[0].id}")
    volumes = section(browse, "volumes")
    assert volumes.find("summary").get_text() == "残りの3点を見る"
    assert len(volumes.select("li")) == 15
