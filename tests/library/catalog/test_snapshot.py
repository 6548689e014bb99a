"""The arrays of a search: of now in a small library, and never waited for in a large one."""

import threading

import numpy as np
import pytest

from library.catalog.search import index, snapshot
from library.catalog.search.snapshot import Lists
from library.store import database, numbers
from tests import factories


def test_what_is_undone_is_not_kept(db):
    factories.catalogued("甲")
    with pytest.raises(InterruptedError), database.writing():
        factories.catalogued("乙")
        assert len(snapshot.current().ids) == 2
        raise InterruptedError
    assert len(snapshot.current().ids) == 1
    factories.title("丙")
    with database.writing():
        index.items_changed()
    assert len(snapshot.current().ids) == 2


@pytest.fixture
def large(db, monkeypatch):
    """A library that counts as large, with one title that is in the arrays."""
    monkeypatch.setattr(snapshot, "SMALL", 0)
    factories.catalogued("甲")
    snapshot.current()
    yield
    wait()


def wait():
    """Until nobody makes arrays any more."""
    for thread in threading.enumerate():
        if thread.name == "catalogue snapshot":
            thread.join(10)


def test_a_small_library_is_always_of_now(db):
    for count in (1, 2, 3):
        factories.catalogued("甲")
        assert len(snapshot.current().ids) == count


def test_a_large_library_is_made_anew_beside_and_soon_there(large):
    factories.catalogued("乙")
    snapshot.current()
    wait()
    assert len(snapshot.current().ids) == 2


def test_a_large_library_answers_from_what_it_has_meanwhile(large, monkeypatch):
    held = threading.Event()
    read = snapshot._read
    monkeypatch.setattr(snapshot, "_read", lambda: held.wait(10) and read())
    factories.catalogued("乙")
    before = snapshot.current()
    assert len(before.ids) == 1
    assert snapshot.current() is before
    held.set()
    wait()
    assert len(snapshot.current().ids) == 2


def test_during_an_import_it_is_not_made_all_the_time(large, monkeypatch):
    monkeypatch.setattr(snapshot, "REST", 10_000)
    factories.catalogued("乙")
    snapshot.current()
    wait()
    made = snapshot.current()
    factories.catalogued("丙")
    snapshot.current()
    wait()
    assert snapshot.current() is made


def test_it_is_read_in_parts_as_in_one(db, monkeypatch):
    for number in range(25):
        made = factories.catalogued(f"本{number * 7 % 25}", ndc=str(number), copies=number % 3)
        if number % 6 == 5:
            with database.writing():
                made.items.model.delete().where(made.items.model.title == made).execute()
                made.delete_instance(recursive=True)
                index.refresh([made.id])
    whole = snapshot.current()
    monkeypatch.setattr(snapshot, "PART", 4)
    monkeypatch.setattr(numbers, "_PARSED", 3)
    parts = snapshot._read()
    for name in ("ids", "rows", "years", "classes", "lendable", "arrived"):
        assert (getattr(whole, name) == getattr(parts, name)).all(), name
    for sort, positions in whole.positions.items():
        assert (positions == parts.positions[sort]).all(), sort
    assert sorted(whole.positions["title"]) == list(range(len(whole.ids)))


def test_lists_give_the_numbers_of_rows():
    lists = Lists(np.array([2, 0, 2, 3]), np.array([7, 5, 8, 9]), 4)
    values, places = lists.pick(np.array([2, 1, 0]))
    assert (values.tolist(), places.tolist()) == ([7, 8, 5], [0, 0, 2])
    assert lists.have(np.array([0, 1, 2, 3]), [8, 9]).tolist() == [False, False, True, True]
    assert lists.pick(np.array([], int))[0].tolist() == []
