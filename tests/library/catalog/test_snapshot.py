"""The arrays of a search: of now in a small library, and never waited for in a large one."""

import threading

import numpy as np
import pytest

from library.catalog.fulltext import index
from library.catalog.query.query import Query
from library.catalog.search import facts, snapshot
from library.catalog.shown import results
from library.store import database, numbers
from library.store.numbers import Lists
from models import Title
from tests import factories


def test_a_change_that_was_undone_leaves_no_trace_in_the_snapshot(db):
    factories.catalogued("甲")
    with pytest.raises(InterruptedError), database.writing():
        factories.catalogued("乙")
        assert len(snapshot.current().ids) == 2
        raise InterruptedError
    assert len(snapshot.current().ids) == 1
    factories.title("丙")
    with database.writing():
        index.copies_changed()
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
    monkeypatch.setattr(snapshot, "_read", lambda last_read: held.wait(10) and read(last_read))
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


@pytest.fixture
def in_file(db, monkeypatch, tmp_path):
    """A library that counts as large, whose arrays lie in the file."""
    monkeypatch.setattr(snapshot, "SMALL", 0)
    path = tmp_path / "search.arrays"
    snapshot.keep_in(path)
    factories.catalogued("甲の本", ndc="913.6 007", year=2001, copies=2)
    factories.catalogued("乙の本", year=1999)
    snapshot.current()
    yield path
    snapshot.keep_in(None)
    wait()


def restart(monkeypatch):
    """Forget all that is in memory, as a new process has not known it."""
    monkeypatch.setattr(snapshot._keeper, "snapshot", None)


def test_the_arrays_of_a_large_library_lie_in_a_file_of_its_owner(in_file, monkeypatch):
    before = snapshot.current()
    assert in_file.stat().st_mode & 0o777 == 0o600
    restart(monkeypatch)
    monkeypatch.setattr(snapshot, "_read", None)
    shot = snapshot.current()
    assert shot.version == before.version and [*shot.positions] == [*before.positions]
    for name in ("ids", "rows", "years", "classes", "lendable", "arrived"):
        assert (getattr(shot, name) == getattr(before, name)).all(), name
    assert [Title.get_by_id(each).title for each in results.find(Query(q="本", ndc="007")).ids] == ["甲の本"]
    assert results.find(Query(q="本")).total == 2


def test_an_old_file_serves_while_the_new_one_is_made(in_file, monkeypatch):
    factories.catalogued("丙の本")
    restart(monkeypatch)
    held, read = threading.Event(), snapshot._read
    monkeypatch.setattr(snapshot, "_read", lambda last_read: held.wait(10) and read(last_read))
    assert results.find(Query(q="本")).total == 2
    held.set()
    wait()
    assert results.find(Query(q="本")).total == 3
    restart(monkeypatch)
    monkeypatch.setattr(snapshot, "_read", None)
    assert len(snapshot.current().ids) == 3


@pytest.mark.parametrize(
    "spoil", [lambda made: made[:-1], lambda made: b"", lambda made: b"x" + made, lambda made: made[:40]]
)
def test_a_file_that_is_none_is_made_anew(in_file, monkeypatch, spoil):
    in_file.write_bytes(spoil(in_file.read_bytes()))
    restart(monkeypatch)
    assert len(snapshot.current().ids) == 2
    restart(monkeypatch)
    monkeypatch.setattr(snapshot, "_read", None)
    assert len(snapshot.current().ids) == 2


def test_equal_titles_stand_with_copies_first_then_newest_then_by_volume(db):
    for name, volume, year, copies in (
        ("山の話 別", "", 2020, 0), ("山", "下", 2010, 1), ("山", "上", 2009, 1), ("山の旅", "", 2015, 1), ("山の本", "", 2000, 1),
    ):  # fmt: skip
        factories.catalogued(name, volume=volume, year=year, copies=copies)
    shot = snapshot.current()
    order = sorted(range(5), key=shot.positions["relevance"].__getitem__)
    names = [Title.get_by_id(shot.ids[row]).full_name for row in order]
    assert names == ["山の旅", "山 上", "山 下", "山の本", "山の話 別"]


def test_it_is_read_in_parts_as_in_one(db, monkeypatch):
    for number in range(25):
        made = factories.catalogued(f"本{number * 7 % 25}", ndc=str(number), copies=number % 3)
        if number % 6 == 5:
            with database.writing():
                made.items.model.delete().where(made.items.model.title == made).execute()
                made.delete_instance(recursive=True)
                index.refresh([made.id])
    whole = snapshot.current()
    monkeypatch.setattr(facts, "PART", 4)
    monkeypatch.setattr(numbers, "_PARSED", 3)
    parts = snapshot._read(None)
    for name in ("ids", "rows", "years", "classes", "lendable", "arrived"):
        assert (getattr(whole, name) == getattr(parts, name)).all(), name
    for sort, positions in whole.positions.items():
        assert (positions == parts.positions[sort]).all(), sort
    assert sorted(whole.positions["title"]) == list(range(len(whole.ids)))


def test_lists_give_the_numbers_of_rows():
    lists = Lists.gathered(np.array([2, 0, 2, 3]), np.array([7, 5, 8, 9]), 4)
    values, places = lists.pick(np.array([2, 1, 0]))
    assert (values.tolist(), places.tolist()) == ([7, 8, 5], [0, 0, 2])
    assert lists.have(np.array([0, 1, 2, 3]), [8, 9]).tolist() == [False, False, True, True]
    assert lists.pick(np.array([], int))[0].tolist() == []
    assert [lists.rows_with(number).tolist() for number in (5, 7, 9, 1)] == [[0], [2], [3], []]
