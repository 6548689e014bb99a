"""The places of the copies of a title, as a patron sees them."""

from datetime import date

import pytest

from library.discovery import availability
from tests import factories


@pytest.fixture
def title(db):
    return factories.title()


def available(title):
    return availability.for_titles([title.id])[title.id]


def test_a_copy_on_the_shelf_is_in(title):
    factories.item(title, call_number="913.6 ナ")
    found = available(title)
    assert (found.kind, len(found.of_kind("in")), found.call_number) == ("in", 1, "913.6 ナ")


def test_of_lent_copies_the_first_to_come_back_counts(title, patron):
    for day in (9, 4):
        factories.loan(patron, item=factories.item(title), due_on=date(2026, 12, day))
    assert (available(title).kind, available(title).due_on) == ("out", date(2026, 12, 4))


def test_one_on_the_shelf_is_enough(title, patron):
    factories.loan(patron, item=factories.item(title))
    factories.item(title)
    assert available(title).kind == "in"


def test_a_returned_copy_is_in_again(title, patron):
    loan = factories.loan(patron, item=factories.item(title))
    loan.returned_on = date(2026, 11, 24)
    loan.save()
    assert available(title).kind == "in"


@pytest.mark.parametrize(("state", "kind"), [("reference", "here"), ("repair", "none"), ("missing", "none")])
def test_a_title_that_cannot_be_lent_says_so(title, state, kind):
    factories.item(title, state=state)
    assert available(title).kind == kind


@pytest.mark.parametrize("state", ["withdrawn", "lost"])
def test_copies_that_are_gone_are_not_told_of(title, state):
    factories.item(title, state=state)
    assert available(title).copies == [] and available(title).kind == "none"


def test_waiting_patrons_are_counted_and_former_ones_are_not(title):
    for state in ("waiting", "preparing", "in_transit", "ready", "collected", "cancelled", "expired"):
        factories.hold(factories.patron(), title, state=state)
    assert (available(title).waiting, available(title).kind) == (3, "held")


def test_copies_stand_in_the_order_of_branches(title):
    last, first = factories.branch("清水", position=2), factories.branch("東部", position=1)
    for branch in (last, first):
        factories.item(title, branch=branch)
    assert [copy.branch for copy in available(title).copies] == ["東部", "清水"]


def test_many_titles_are_asked_for_together_and_unknown_ones_have_nothing(db):
    titles = [factories.title(f"本{number}") for number in range(30)]
    factories.item(titles[7])
    found = availability.for_titles([title.id for title in titles] + [99999])
    assert [title_id for title_id, one in found.items() if one.copies] == [titles[7].id]
    assert found[99999].kind == "none"
