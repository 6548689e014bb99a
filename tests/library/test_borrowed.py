"""A copy of another library: in none of the library's lists, and lent until its owner's day alone."""

from datetime import date, timedelta

import pytest

from library import clock, errors, policy
from library.catalog import exporting, removed_titles
from library.counting import labels, list_kinds, register, weeding
from library.counting.figures import counts
from library.discovery import availability
from library.lending import loans, renewals, returns
from library.lending.holds import holds
from models import Borrowing, Item, Partner, UseFact, Wanted
from tests import factories

TODAY = date(2026, 11, 25)
NOW = clock.at(TODAY, 10)


def borrowed(*, due: date = TODAY + timedelta(days=12), no_renewal: bool = True) -> Item:
    partner = Partner.get_or_none() or Partner.create(name="県立図書館")
    item = factories.item(barcode="9000000121", owner=partner, acquired_on=None, call_number="913.6 ア", shelf="一般")
    wanted = Wanted.create(title_text="北海の漁村", key="北海の漁村", state="arrived", made_at=NOW, title=item.title)
    Borrowing.create(
        wanted=wanted, partner=partner, branch=item.branch, item=item, state="arrived", asked_on=TODAY,
        arrived_on=TODAY, due_on=due, no_renewal=no_renewal,
    )  # fmt: skip
    return item


def _csv(tmp_path):
    exporting.write_items(tmp_path / "items.csv")
    return (tmp_path / "items.csv").read_text(encoding="utf-8-sig").count("9000000121")


def _marc(tmp_path):
    exporting.write_marcxml(tmp_path / "titles.xml")
    return (tmp_path / "titles.xml").read_text(encoding="utf-8").count("<record")


LISTS = {
    "csv": lambda item, path: _csv(path),
    "marc": lambda item, path: _marc(path),
    "register": lambda item, path: len(list(register.by_number("", ""))),
    "candidates": lambda item, path: weeding.find(
        years=3, branch=None, ndc="", today=TODAY + timedelta(days=4000), size=9, offset=0
    )[1],
    "items": lambda item, path: len(list(list_kinds._items([Item.id], TODAY))),
    "labels": lambda item, path: len(labels.for_title(item.title_id)),
    "title page": lambda item, path: len(availability.for_titles([item.title_id])[item.title_id].copies),
    "found": lambda item, path: int(not removed_titles.removed_among([item.title_id])),
    "books": lambda item, path: counts.count("books", TODAY, TODAY, today=TODAY).total or 0,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_borrowed_copy_is_in_no_list(db, tmp_path, name):
    assert LISTS[name](borrowed(), tmp_path) == 0


def test_a_patron_has_a_borrowed_copy_until_five_days_before_its_owner_wants_it(db):
    item, patron = borrowed(), factories.patron()
    lent = loans.check_out(patron, item, branch=item.branch, now=NOW, by="staff:x").loan
    assert lent.due_on == TODAY + timedelta(days=7)
    assert isinstance(renewals.refusals(lent, today=TODAY)[0], errors.BorrowedNotRenewed)
    assert UseFact.get().borrowed


def test_a_due_day_is_never_before_the_loan(db):
    item = borrowed(due=TODAY + timedelta(days=2))
    assert loans.due_date(factories.patron(), item, item.branch, today=TODAY) == TODAY


def test_a_borrowed_copy_that_comes_back_goes_to_its_owner(db):
    item = borrowed()
    loans.check_out(factories.patron(), item, branch=item.branch, now=NOW, by="staff:x")
    assert returns.give_back(item, at=item.branch, now=NOW).what == "partner"


def test_nobody_else_can_reserve_a_borrowed_copy(db):
    item = borrowed()
    reasons = holds.place_refusals(factories.patron(), item.title, today=TODAY)
    assert [type(each) for each in reasons] == [errors.TitleHasNoCopy]


def test_a_loan_to_a_partner_is_no_loan_of_a_person_or_group(db):
    policy.put("categories", ["一般", "相手館"]), policy.put("partner_categories", ["相手館"])
    item = factories.item()
    loans.check_out(factories.patron(category="相手館"), item, branch=item.branch, now=NOW, by="staff:x")
    fact = UseFact.get()
    assert (fact.is_partner, fact.is_group, fact.borrowed) == (True, True, False)
