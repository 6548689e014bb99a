"""A search finds the same on both engines, in the same order. Left out where there is no server."""

import dataclasses
import os
from contextlib import contextmanager

import pytest

from library.catalog.shown import results
from library.store import database
from tests import postgres
from tests.library.catalog import works

pytestmark = pytest.mark.postgresql


@contextmanager
def library(url):
    opened = database.open_database(url)
    try:
        with opened.connection_context():
            yield
    finally:
        opened.close_all()


def answers():
    """Note what each search finds: ids in order, the number of all, facets, what each word finds alone, and what else
    may be meant.
    """
    results.forget()
    return [dataclasses.astuple(results.find(query)) for query in works.searches(works.works())]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Return the titles found on SQLite, and on PostgreSQL."""
    urls = (str(tmp_path_factory.mktemp("both") / "library.sqlite3"), postgres.new(f"both_{os.getpid()}"))
    found = []
    for url in urls:
        with library(url):
            database.migrate()
            works.fill()
            found.append(answers())
    return found


def test_500_searches_among_1500_works_find_the_same(both):
    on_file, on_server = both
    assert len(on_file) == works.SEARCHES
    different = [(one, other) for one, other in zip(on_file, on_server, strict=True) if one != other]
    assert different == []


def test_the_searches_find_all_sorts_of_things(both):
    found = [results.Results(*each) for each in both[0]]
    assert sum(each.total > 0 for each in found) > works.SEARCHES / 2
    assert sum(not each.total for each in found) > works.SEARCHES / 10
    assert sum(bool(each.suggestions) for each in found) > works.SEARCHES / 50
    assert sum(each.total > 100 for each in found) > works.SEARCHES / 10
