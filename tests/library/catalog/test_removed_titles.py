"""Titles whose last copy was withdrawn are found by nobody but the staff (desk's form: 検索に出なくなります), and at once."""

import threading

import pytest

from library import clock
from library.catalog import records, removed_titles
from library.catalog.query.query import Query, Row
from library.catalog.search import search, snapshot
from library.catalog.shown import browse, creator_page, results, series_page, subject_page
from library.discovery import rankings, suggestions
from library.discovery.exchange import cql, cql_search
from library.lending import item_states, withdrawals
from library.site import features
from library.store import queries
from models import Creator, Feature, FeatureBook, Item, Ranking, Series, Subject, Title
from tests import factories

SUBJECT = [("図書館", "トショカン")]
SERIES = [records.InSeries("青い文庫", number="1")]


def catalogued(name, **given):
    record = {"subjects": SUBJECT, "series": "青い文庫", "in_series": SERIES, "language": "jpn", "year": 2001}
    return factories.catalogued(name, copies=1, **record | {"accession_date": clock.today()} | given)


def withdraw(title):
    factories.withdraw(*Item.select().where(Item.title == title, Item.state != "withdrawn"))


def bring_back(title):
    withdrawals.take_back([Item.get(Item.title == title).id], by="desk", now=clock.now())


@pytest.fixture
def two(db):
    """Two titles alike, the first of them withdrawn."""
    lost, there = catalogued("青い鳥の本"), catalogued("青い鳥の話")
    withdraw(lost)
    return lost, there


def ids(found):
    return sorted(getattr(found, "ids", found))


# -- each way to find ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query",
    [
        Query(), Query(q="青い鳥"), Query(q="夏目漱石"), Query(q="913.6"), Query(q="913.6 ナ"), Query(ndc="913"),
            Query(q="青い鳥 -灰色"),
        Query(rows=(Row("青い鳥", "title"),)), Query(rows=(Row("灰色", "title", join="not"),)),
            Query(rows=(Row("図書館", "subject"),)),
        Query(language=("jpn",)), Query(decade=("2000",)), Query(material=("図書",)),
    ],
    ids=str,
)  # fmt: skip
def test_no_search_finds_it_and_no_count_has_it(two, query):
    _, there = two
    found = results.find(query, at_hand=True)
    assert (found.ids, found.total, found.at_hand) == ([there.id], 1, 1)
    assert {value.count for _, values in found.facets for value in values} == {1}


def test_the_staff_find_it(two):
    assert ids(results.find(Query(q="青い鳥"), with_removed=True)) == sorted(title.id for title in two)
    assert ids(results.find(Query(), with_removed=True)) == sorted(title.id for title in two)


def test_no_list_has_it(two):
    _, there = two
    today, author = clock.today(), Creator.get()
    assert browse.new_arrivals(today=today).ids == [there.id]
    assert search.acquired(Query(q="青い鳥"), first=today, last=today) == [there.id]
    assert browse.by_creator(author.id) == [there.id]
    assert browse.class_count("913") == 1
    assert [(each.name, each.count) for each in browse.creators("な").entries or ()] == [("夏目漱石", 1)]
    assert [(each.name, each.count) for each in browse.subjects("た").entries or ()] == [("図書館", 1)]
    assert browse.neighbours(there.id) == [there.id]
    assert series_page.titles(Series.get().id) == [(there.id, "1")]
    assert subject_page.read(subject_page.select(Subject.get().id).get()).titles == [there.id]
    assert [work.title_id for works in creator_page.read(author.id).works.values() for work in works] == [there.id]
    found = suggestions.find("青い鳥")
    assert [title.id for title in found.titles] == [there.id]
    assert [each.number for each in suggestions.find("図書館").subjects] == [1]
    assert cql_search.find(cql.parse("title=青い鳥"), begin=0, size=10).ids == [there.id]
    assert cql_search.find(cql.parse("cql.allRecords=1"), begin=0, size=10).ids == [there.id]


def test_no_name_stands_in_a_list_for_it_alone(db):
    withdraw(catalogued("青い鳥", by=("森鷗外", "モリ, オウガイ"), subjects=[("鳥", "トリ")]))
    assert not browse.creators("ま").entries and not browse.subjects("た").entries
    assert suggestions.find("森鷗外") == suggestions.Found()


def test_books_on_the_shelf_stand_beside_each_other_without_what_was_between(db):
    shelf = [catalogued(f"本{number}", ndc="913.6") for number in range(1, 9)]
    for title in shelf[2:6]:
        withdraw(title)
    beside = browse.neighbours(shelf[1].id, before=1, after=2)
    assert beside == [shelf[number].id for number in (0, 1, 6, 7)]


def test_lists_of_what_is_lent_most_and_of_features_go_on_without_it(two):
    lost, there = two
    for place, title in enumerate(two, 1):
        Ranking.create(name="loans", span="half", audience="", place=place, title=title)
    assert rankings.best("loans", span="half") == [there.id]
    books = [features.of_title(title) for title in two]
    assert features.titles(books) == [there.id]
    feature = Feature.create(slug="birds", title="鳥", text="", icon="book", position=1, changed_at=clock.now())
    for position, book in enumerate(books, 1):
        FeatureBook.create(feature=feature, position=position, title=book.title_id, name=book.name)
    assert [book.title_id for book, _ in features.first_books([feature.id], 5)[feature.id]] == [there.id]
    assert lost.id in [book.title_id for book in features.books(feature)]


# -- when it is gone -------------------------------------------------------------------------------------------------
def test_a_title_goes_with_its_last_copy_and_comes_back_with_one(db):
    title = catalogued("青い鳥")
    factories.item(title, state="lost")
    withdraw_one = Item.get(Item.title == title)
    factories.withdraw(withdraw_one)
    assert results.find(Query(q="青い鳥")).total == 1  # a lost one may turn up
    withdraw(title)
    assert results.find(Query(q="青い鳥")).total == 0
    bring_back(title)
    assert results.find(Query(q="青い鳥")).total == 1


def test_a_title_without_copies_is_there_and_so_is_one_with_an_e_book(db):
    factories.catalogued("青い鳥")
    lent = catalogued("青い鳥")
    factories.ebook(lent)
    withdraw(lent)
    assert results.find(Query(q="青い鳥")).total == 2


def test_both_ways_to_ask_say_the_same(two):
    factories.catalogued("空")
    factories.ebook(catalogued("海"))
    withdraw(Title.get(Title.title == "海"))
    lost = {title_id for (title_id,) in queries.tuples(Title.select(Title.id).where(removed_titles.is_removed()))}
    assert lost == {two[0].id} == removed_titles.removed_among([title.id for title in Title.select()])
    shot = snapshot.current()
    assert set(shot.ids[shot.removed].tolist()) == lost


# -- in a large library, whose facts are made anew only now and then -------------------------------------------------
@pytest.fixture
def large(two, monkeypatch):
    """The two titles in a library that counts as large, in which no facts are made anew meanwhile."""
    monkeypatch.setattr(snapshot, "SMALL", 0)
    snapshot.current()
    monkeypatch.setattr(snapshot._keeper, "busy", True)
    yield two
    for thread in threading.enumerate():
        if thread.name == "catalogue snapshot":
            thread.join(10)


def test_a_withdrawal_and_a_new_copy_show_at_once(large):
    lost, there = large
    before = snapshot.current()
    bring_back(lost)
    withdraw(there)
    assert results.find(Query(q="青い鳥")).ids == [lost.id]
    assert snapshot.current().positions is before.positions
    assert ids(results.find(Query(q="青い鳥"), with_removed=True)) == sorted([lost.id, there.id])
    withdraw(lost)
    assert results.find(Query(q="青い鳥")).total == 0


def test_other_changes_leave_what_was_counted_of_it(large):
    before = snapshot.current()
    item_states.change(Item.get(Item.title == large[1]), "repair", by="desk", now=clock.now())
    assert snapshot.current() is before


def test_it_is_asked_once_for_each_state_of_the_catalogue(large, monkeypatch):
    withdraw(large[1])
    results.find(Query(q="青い鳥"))
    monkeypatch.setattr(removed_titles, "latest_changes", None)
    assert results.find(Query(q="鳥")).total == 0
