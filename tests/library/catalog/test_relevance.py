"""The words that a patron types, and the books that a librarian would fetch: tests/relevance, on the demonstration
library.
"""

import os
from datetime import date
from pathlib import Path
from shutil import copy

import pytest

from app import create_app
from library.catalog.folding import fold
from library.catalog.query.query import Query
from library.catalog.readers import formats
from library.catalog.shown import results
from library.demonstration import branches, titles as demonstrated
from library.files import report
from library.importing import titles
from library.store import database
from models import Title, database as connection
from tests import postgres
from tests.relevance import expectations, strings

FOLDER = Path(__file__).parents[2] / "relevance"
MORE = FOLDER / "more_titles.tsv"  # what the demonstration has nothing of: publishers, subjects, ISBNs, signs
EXPECTED = expectations.read(FOLDER / "demonstration.tsv")
TODAY = date(2026, 11, 25)


@pytest.fixture(scope="session")
def stocked(migrated, tmp_path_factory):
    """A library with the titles of the demonstration and some more; only read."""
    empty = postgres.template(migrated) if postgres.SERVER else migrated
    url = copied(empty, tmp_path_factory.mktemp("relevance"), "stocked")
    opened = database.open_database(url)
    with opened.connection_context():
        with database.writing():
            branches.write(today=TODAY)
            demonstrated.write(today=TODAY)
        with formats.opened(MORE, source="TEST") as catalogue:
            titles.read_in(catalogue, report=report.Report(), today=TODAY)
        if not postgres.SERVER:
            opened.execute_sql("PRAGMA journal_mode=delete")
    opened.close_all()
    return f"stocked_{os.getpid()}" if postgres.SERVER else url


def copied(library, folder, name):
    """Copy a library that nobody is connected to; return the address of the copy."""
    return postgres.new(f"{name}_{os.getpid()}", template=library) if postgres.SERVER else copy(library, folder)


@pytest.fixture
def library(stocked):
    opened = database.open_database(postgres.address(stocked) if postgres.SERVER else str(stocked))
    with opened.connection_context():
        yield expectations.Library()
    opened.close_all()


def test_every_query_is_answered_as_expected(library):
    answers = {each.query: library.failures(each) for each in EXPECTED}
    assert {query: failures for query, failures in answers.items() if failures.any} == {}


def test_every_title_comes_first_when_it_is_typed(library):
    for title in Title.select():
        for typed in filter(None, (title.title, title.title_kana)):
            first = Title.get_by_id(results.find(Query(q=typed)).ids[0])
            assert fold.strict(typed) in (fold.strict(first.title), *fold.readings(first.title_kana)), typed


def test_whatever_is_typed_is_answered(stocked, tmp_path):
    client = create_app(INSTANCE=str(tmp_path), DATABASE_URL=str(copied(stocked, tmp_path, "asked"))).test_client()
    statuses = {address: client.get(address).status_code for address in strings.addresses()}
    connection.close_all()
    assert len(statuses) > 0.9 * strings.HOW_MANY
    assert {address: status for address, status in statuses.items() if status >= 500} == {}


def test_the_set_speaks_of_titles_that_are_there(library):
    names = {title.title for title in Title.select(Title.title)}
    for each in EXPECTED:
        named = {*each.found, *each.not_found, *([each.first] if each.first else [])}
        assert named - names <= {expectations.EVERY_OTHER}, each.query


def test_the_set_is_large_enough_and_asks_nothing_twice():
    queries = [each.query for each in EXPECTED]
    assert len(queries) == len(set(queries)) >= 120
