"""The word that each branch has for a book, asked by its ISBN."""

from datetime import timedelta

import pytest

from library import clock
from library.discovery.exchange import by_isbn
from models import ClosedDay
from tests import factories

NUMBER = "9784003101018"


@pytest.fixture
def title(db):
    return factories.catalogued("こころ", isbns=["4-00-310101-4"])


def at_main():
    [found] = by_isbn.find([NUMBER], today=clock.today())[NUMBER]
    return next(at for at in found.libraries if at.name == "本館")


def lend(title):
    factories.loan(factories.patron(), item=factories.item(title))


def keep(title):
    copy = factories.item(title, aside=True)
    factories.hold(factories.patron(), title, item=copy, state="ready")


CASES = [
    (lambda title: factories.item(title), "貸出可"),
    (lambda title: factories.item(title, state="reference"), "館内のみ"),
    (keep, "予約中"),
    (lend, "貸出中"),
    (lambda title: factories.item(title, state="repair"), "準備中"),
    (lambda title: factories.item(title, aside=True), "準備中"),
    (lambda title: factories.item(title, state="missing"), "蔵書あり"),
    (lambda title: factories.item(title, state="lost"), "蔵書なし"),
]


@pytest.mark.parametrize(("arrange", "word"), CASES)
def test_each_state_has_its_word(title, arrange, word):
    factories.branch("本館")
    arrange(title)
    assert at_main().status == word


def test_the_first_word_that_holds_is_said(title):
    factories.branch("本館")
    for arrange, word in reversed(CASES[:-1]):
        arrange(title)
        assert at_main().status == word
    assert (at_main().copies, at_main().available) == (7, 1)


def test_a_branch_that_is_closed_for_the_week_says_so(title):
    branch = factories.branch("本館", closed_weekdays="")
    factories.item(title)
    for distance in range(7):
        ClosedDay.create(branch=branch, day=clock.today() + timedelta(days=distance))
    assert at_main().status == "貸出可"
    ClosedDay.create(branch=branch, day=clock.today() + timedelta(days=7))
    assert at_main().status == "休館中"


def test_every_branch_is_listed_with_its_own_copies(title):
    factories.branch("分館", position=10_000_000)
    factories.item(title, call_number="913.6 ナ")
    [found] = by_isbn.find([NUMBER], today=clock.today())[NUMBER]
    facts = [(at.name, at.status, at.copies, at.call_number) for at in found.libraries]
    assert facts == [("本館", "貸出可", 1, "913.6 ナ"), ("分館", "蔵書なし", 0, "")]


def test_patrons_who_wait_are_counted(title):
    lend(title)
    factories.hold(factories.patron(), title)
    assert at_main().holds == 1


def test_a_title_whose_last_copy_was_withdrawn_is_not_found(title):
    factories.item(title, state="withdrawn")
    assert by_isbn.find([NUMBER], today=clock.today()) == {NUMBER: []}
