"""The words that a patron types, and the books that a librarian would fetch: tests/relevance, on the demonstration library."""

from datetime import date
from pathlib import Path
from shutil import copy

import pytest

from library import database
from library.catalog import formats
from library.demonstration import branches
from library.demonstration import titles as demonstrated
from library.importing import report, titles
from models import Title
from tests.relevance import expectations

FOLDER = Path(__file__).parents[2] / "relevance"
MORE = FOLDER / "more_titles.tsv"  # what the demonstration has nothing of: publishers, subjects, ISBNs, signs
EXPECTED = expectations.read(FOLDER / "demonstration.tsv")
TODAY = date(2026, 11, 25)


@pytest.fixture(scope="session")
def stocked(migrated, tmp_path_factory):
    """A library with the titles of the demonstration and some more; only read."""
    path = tmp_path_factory.mktemp("relevance") / "library.sqlite3"
    copy(migrated, path)
    opened = database.open_database(str(path))
    with opened.connection_context():
        with database.writing():
            branches.write(today=TODAY)
            demonstrated.write(today=TODAY)
        with formats.opened(MORE) as catalogue:
            titles.read_in(catalogue, report=report.Report(), today=TODAY)
        opened.execute_sql("PRAGMA journal_mode=delete")
    return path


@pytest.fixture
def library(stocked):
    opened = database.open_database(str(stocked))
    with opened.connection_context():
        yield expectations.Library()


def test_every_query_is_answered_as_expected(library):
    answers = {each.query: library.failures(each) for each in EXPECTED}
    assert {query: failures for query, failures in answers.items() if failures.any} == {}


def test_the_set_speaks_of_titles_that_are_there(library):
    names = {title.title for title in Title.select(Title.title)}
    for each in EXPECTED:
        named = {*each.found, *each.not_strict, *each.not_found, *([each.first] if each.first else [])}
        assert named - names <= {expectations.EVERY_OTHER}, each.query


def test_the_set_is_large_enough_and_asks_nothing_twice():
    queries = [each.query for each in EXPECTED]
    assert len(queries) == len(set(queries)) >= 120
