"""The set of queries that says how well this catalogue is searched: spec 12, Finding, Sets."""

from collections import Counter

import pytest

from library.store import database
from tests import libraries, postgres
from tests.relevance import discovery

CASES, WAYS = discovery.cases(), discovery.cases(discovery.WAYS)
KINDS = {
    "title": 30, "part": 40, "kana": 40, "author": 24, "author in kana": 20, "author and title": 30, "romaji": 28,
    "kana for kanji": 22, "loanword": 22, "old form or number": 24, "series or volume": 20,
    "other title or contents": 20,
    "subject or class": 22, "ISBN": 8, "pasted": 20, "typo": 16, "Latin or minus": 14,
}  # fmt: skip


def test_the_set_asks_so_many_queries_of_each_kind_and_none_twice():
    assert Counter(case.kind for case in CASES) == KINDS
    assert len({case.query for case in CASES}) == sum(KINDS.values()) == 400


def test_no_title_is_what_more_than_two_queries_were_written_from():
    assert max(Counter(case.found[0] for case in CASES).values()) == 2


def test_forty_queries_name_a_title_that_must_not_be_among_the_first_ten():
    assert sum(bool(case.forbidden) for case in CASES) == 40


def test_the_queries_of_the_ways_are_asked_once_and_not_in_the_other_set():
    asked = Counter(case.query for case in CASES + WAYS)
    assert [query for query, times in asked.items() if times > 1] == []


@pytest.fixture(scope="module")
def library(migrated, tmp_path_factory):
    """A library with the four catalogues."""
    folder = tmp_path_factory.mktemp("discovery")
    libraries.fill(folder, migrated)
    opened = database.open_database(libraries.address(folder))
    with opened.connection_context():
        discovery.stock()
        yield
    opened.close_all()


def _answers(cases):
    """Return the answers to these; to each fourth on a server, where each takes longer."""
    return discovery.answers(cases[:: 4 if postgres.SERVER else 1])


@pytest.mark.usefixtures("library")
def test_words_that_readers_type_are_found():
    assert discovery.broken(_answers(CASES)) == []


@pytest.mark.usefixtures("library")
def test_each_way_finds_the_titles_that_it_is_there_for():
    assert discovery.broken_ways(_answers(WAYS)) == []
