"""同じ作品をまとめる: a row for each work of what is found."""

import pytest

from library.catalog.query.query import Query
from library.catalog.shown import results
from models import Title
from tests import factories

KOKORO = Query(q="こころ", group="work")


@pytest.fixture
def titles(db):
    """Three editions of one work and a book of that name which is another, the newest first."""
    found = [factories.catalogued("こころ", copies=1, year=year) for year in (2020, 2010, 2000)]
    other = factories.catalogued("こころ", copies=1, year=1990)
    works = {title.id: "こころ/夏目漱石" for title in found} | {other.id: "こころ/小泉八雲"}
    for title_id, work in works.items():
        Title.update(work_key=work).where(Title.id == title_id).execute()
    results.forget()
    return [*found, other]


def test_a_work_is_one_row_for_its_first_title_and_the_titles_stay_counted(titles):
    found = results.find(KOKORO)
    assert (found.total, found.works, found.pages) == (4, 2, 1)
    assert (found.ids, found.others) == ([titles[0].id, titles[3].id], [2, 0])
    assert [value.count for value in dict(found.facets)["branch"]] == [4]


def test_the_order_of_the_list_says_which_title_is_the_first(titles):
    found = results.find(KOKORO.with_(sort="oldest"))
    assert found.ids == [titles[3].id, titles[2].id]


def test_a_work_is_counted_by_what_is_found_of_it(titles):
    found = results.find(KOKORO.with_(year_to=2015))
    assert (found.total, found.ids, found.others) == (3, [titles[1].id, titles[3].id], [1, 0])


def test_pages_are_of_works(titles):
    found = results.find(KOKORO.with_(page=2), size=1)
    assert (found.pages, found.ids) == (2, [titles[3].id])
    assert results.find(KOKORO.with_(page=9), size=1).page == 2


def test_titles_whose_work_is_not_known_yet_stand_alone(titles):
    Title.update(work_key="").execute()
    assert results.find(KOKORO.with_(sort="newest")).works == 4


def test_nothing_found_is_no_work(titles):
    found = results.find(Query(q="これはない", group="work"))
    assert (found.total, found.works, found.ids) == (0, 0, [])


def test_titles_are_rows_where_nothing_is_asked(titles):
    found = results.find(Query(q="こころ"))
    assert (len(found.ids), found.works, found.others) == (4, None, [])
