"""Searches, read from an address and printed to one."""

from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings, strategies as some
from werkzeug.datastructures import MultiDict

from library.catalog.query import query
from library.catalog.query.query import Query, Row

ANYTHING = some.text(some.characters(codec=None), max_size=60)
NAMES = ["q", "field", "way", "join", "text", "isbn", "ndc", "year_from", "year_to", "available", "branch", "material",
         "audience", "ndc_class", "decade", "author", "language", "group", "sort", "page", "x"]  # fmt: skip


def parsed(text):
    return query.parse(MultiDict((name, value) for name, values in parse_qs(text).items() for value in values))


@given(some.lists(some.tuples(some.sampled_from(NAMES), ANYTHING)))
def test_whatever_an_address_says_prints_to_one_that_says_the_same(pairs):
    asked = query.parse(MultiDict(pairs))
    assert parsed(asked.address()) == asked


def test_a_row_without_words_is_not_printed():
    assert (
        query.parse(MultiDict([("q", " "), ("sort", "relevance"), ("page", "1"), ("year_from", "x")])).address() == ""
    )


def test_an_address_is_short_and_in_one_order():
    asked = query.parse(
        MultiDict([("page", "2"), ("branch", "A"), ("q", "猫　犬"), ("sort", "newest"), ("branch", "B")])
    )
    assert asked == Query(q="猫 犬", branch=("A", "B"), sort="newest", page=2)
    assert [name for name, _ in asked.pairs()] == ["q", "branch", "branch", "sort", "page"]


def test_rows_without_text_are_left_out_and_unknown_kinds_are_the_first():
    arguments = MultiDict([("text", ""), ("text", "猫"), ("text", "犬")])
    arguments.setlist("field", ["title", "author", "nobody"])
    arguments.setlist("join", ["and", "or", "not"])
    assert query.parse(arguments).rows == (Row("猫", "author"), Row("犬", "all", "contains", "not"))


def test_a_search_that_is_too_long_is_cut_and_says_so():
    asked = query.parse(MultiDict([("q", "あ" * 10_000)]))
    assert len(asked.q) == query.LONGEST
    assert asked.cut
    assert not query.parse(MultiDict([("q", "あ" * query.LONGEST)])).cut


def test_an_invisible_sign_parts_words():
    assert query.parse(MultiDict([("q", "猫\x00\ud800犬\x02")])).q == "猫 犬"
    assert (
        query.parse(MultiDict([("q", "\u2067猫の\u202e本\u200f")])).q == "猫の本"
    )  # would turn the words of the page, too


@pytest.mark.parametrize(("text", "page"), [("0", 1), ("-1", 1), ("９", 9), ("9" * 9, query.LAST_PAGE), ("9" * 99, 1)])
def test_a_page_is_a_number(text, page):
    assert query.parse(MultiDict([("page", text)])).page == page


def test_a_choice_is_added_and_taken_away_and_begins_at_the_first_page():
    asked = Query(q="猫", branch=("A",), page=3)
    more = asked.with_(branch="B", material="図書")
    assert (more.branch, more.material, more.page) == (("A", "B"), ("図書",), 1)
    assert more.with_(branch="B") == more
    assert more.without(branch="A").branch == ("B",)
    assert more.without("branch", "material") == Query(q="猫")
    assert asked.with_(page=4) == Query(q="猫", branch=("A",), page=4)
    assert more.chosen("branch", "A")
    assert not asked.chosen("branch", "B")


@settings(max_examples=40)
@given(
    asked=some.builds(
        Query,
        q=some.text("猫 a&=", max_size=5).map(str.strip),
        branch=some.lists(some.sampled_from("あいう"), unique=True).map(tuple),
        decade=some.lists(some.sampled_from(["1990", "2000"]), unique=True).map(tuple),
        sort=some.sampled_from(query.SORTS),
        page=some.integers(1, 9),
    ),
    name=some.sampled_from(query.FACETS),
    value=some.text(min_size=1, max_size=4),
)
def test_the_address_with_one_value_more_is_put_together_of_parts(asked, name, value):
    if asked.chosen(name, value):
        return
    before, after = asked.additions()[name]
    assert before + query.quoted(value) + after == asked.with_(**{name: value}).address()
