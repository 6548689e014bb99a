"""The mark of a row: 今度読みたい本 with one press, and off it with another."""

from datetime import date

import pytest

from library import errors
from library.reading import shelves, stars
from models import Shelf, ShelvedTitle
from tests import factories

TODAY = date(2026, 11, 25)


@pytest.fixture
def title(db):
    return factories.title("こころ")


def test_a_press_puts_a_title_on_the_shelf_and_another_takes_it_off(patron, title):
    stars.put(patron, title, today=TODAY)
    stars.put(patron, title, today=TODAY)
    assert [(book.shelf.name, book.added_on) for book in ShelvedTitle.select()] == [("今度読みたい本", TODAY)]
    assert stars.is_on_shelf(patron, title)
    assert stars.take_off(patron, title)
    assert not stars.is_on_shelf(patron, title)
    assert stars.take_off(patron, title)


def test_a_title_on_a_shelf_needs_no_other_place(patron, title):
    factories.shelf(patron, "夏の本", [title])
    stars.put(patron, title, today=TODAY)
    assert [shelf.name for shelf in Shelf.select()] == ["夏の本"]


def test_a_press_loses_no_note_no_day_and_no_other_shelf(patron, title):
    factories.shelf(patron, "今度読みたい本", [title])
    ShelvedTitle.update(note="図で読む").execute()
    assert not stars.take_off(patron, title)
    ShelvedTitle.update(note="", read_on=TODAY).execute()
    assert not stars.take_off(patron, title)
    ShelvedTitle.update(read_on=None).execute()
    factories.shelf(patron, "夏の本", [title])
    assert not stars.take_off(patron, title)
    assert ShelvedTitle.select().count() == 2


def test_the_shelves_of_others_and_sealed_ones_are_not_asked(patron, title):
    factories.shelf(factories.patron(), "夏の本", [title])
    sealed = factories.shelf(patron, "前の本", [title])
    Shelf.update(patron=None, sealed_for=patron).where(Shelf.id == sealed.id).execute()
    assert not stars.is_on_shelf(patron, title)


def test_a_shelf_too_many_is_refused(patron, title, monkeypatch):
    monkeypatch.setattr(shelves, "MOST", 1)
    factories.shelf(patron, "夏の本")
    with pytest.raises(errors.Refusals):
        stars.put(patron, title, today=TODAY)
