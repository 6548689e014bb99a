"""同じ作品をまとめる on the page of a search: a row for each work, in all that the page leads to."""

import pytest

from models import Title
from tests import factories

GROUPED = "/search?q=こころ&group=work"


@pytest.fixture
def titles(db):
    """Two editions of a work, and another work."""
    found = [factories.catalogued("こころ", copies=1, year=year) for year in (2020, 2010)]
    found.append(factories.catalogued("こころの本", copies=1, year=2000, publisher="岩波書店"))
    Title.update(work_key="こころ/夏目漱石").where(Title.id.in_(found[:2])).execute()
    return found


def rows(browse):
    return [row["id"] for row in browse.page.select(".rows > li")]


def test_the_titles_of_a_work_are_one_row_until_they_are_parted_again(browse, titles):
    browse.get("/search?q=こころ")
    assert len(rows(browse)) == 3 and "作品）" not in browse.text()
    browse.get(browse.page.find("a", string="同じ作品をまとめる")["href"])
    assert browse.page.h1.get_text("", strip=True) == "「こころ」の検索結果3件（2作品）"
    assert rows(browse) == [f"title-{titles[0].id}", f"title-{titles[2].id}"]
    assert "同じ作品がほかに1点" in browse.page.find(id=f"title-{titles[0].id}").get_text()
    assert "同じ作品" not in browse.page.find(id=f"title-{titles[2].id}").get_text()
    browse.get(browse.page.select_one(".results-shown .chip")["href"])
    assert len(rows(browse)) == 3


def test_facets_order_form_and_files_keep_it_and_a_saved_search_does_not(browse, titles):
    browse.get(GROUPED)
    links = browse.page.select(".facets a, .export a, .results-foot a[href*=advanced]")
    assert len(links) > 5 and all("group=work" in link["href"] for link in links)
    assert browse.page.select_one(".sort [name=group]")["value"] == "work"
    assert browse.page.select_one(".save-search [name=group]") is None
    assert len(browse.get("/search.csv?q=こころ&group=work").text.strip().splitlines()) == 1 + 2
    browse.get("/search/advanced?q=こころ&group=work")
    assert browse.page.select_one("main [name=group]")["value"] == "work"


def test_pages_are_of_works(browse, titles):
    for number in range(25):
        factories.catalogued(f"こころの話{number}", copies=1)
    browse.get(GROUPED + "&page=2")
    assert "21–27作品目を表示" in browse.text()
    assert all("group=work" in link["href"] for link in browse.page.select(".paging a"))
