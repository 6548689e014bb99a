"""まとめて延長する: what was shown, for those who leave it to the viewer, and back again for ten minutes."""

from datetime import timedelta

import pytest

from library import clock, errors
from library.account import family_loans, undoing
from library.lending import renewals
from library.patrons.family import ages, ties
from models import Audit, Loan, Undo
from tests import factories
from tests.conftest import NOW


@pytest.fixture
def child(patron):
    return factories.patron(name="図書 桃子")


@pytest.fixture
def tie(patron, child):
    return factories.tie(patron, child, may_renew=True)


def planned(*chosen):
    """Return loan id → the day that is shown with it."""
    judged = renewals.Renewals(chosen, today=clock.today())
    return {loan.id: judged.due(loan) for loan in chosen}


def due(loan):
    return Loan.get_by_id(loan.id).due_on


@pytest.fixture
def renewed(patron, tie, child, moved_clock):
    """Loans of both, renewed together."""
    mine, theirs = factories.loan(patron), factories.loan(child)
    until = planned(mine, theirs)
    outcomes = family_loans.renew_shown(patron, until, now=NOW)
    assert not any(each.reasons for each in outcomes)
    return mine, theirs, until


def test_exactly_what_was_shown_is_renewed(patron, child, renewed):
    mine, theirs, until = renewed
    other = factories.loan(child)
    assert (due(mine), due(theirs)) == (until[mine.id], until[theirs.id])
    assert due(other) == other.due_on
    rows = list(Audit.select().where(Audit.action == "family.renewed"))
    assert [(row.patron_id, row.details) for row in rows] == [(child.id, {"count": 1})]


def test_for_ten_minutes_the_viewer_takes_all_of_it_back(patron, child, renewed):
    mine, theirs, _ = renewed
    assert undoing.offers(child, "family", now=NOW) == undoing.offers(patron, "renewals", now=NOW) == []
    (offer,) = undoing.offers(patron, "family", now=NOW)
    assert offer.things == 2
    with pytest.raises(errors.UndoOver):
        undoing.take_back(child, offer.id, now=NOW)
    undoing.take_back(patron, offer.id, now=NOW + timedelta(minutes=9))
    assert (due(mine), due(theirs)) == (mine.due_on, theirs.due_on)


def test_a_member_who_withdrew_in_between_keeps_the_new_day(patron, tie, renewed):
    _, theirs, until = renewed
    ties.allow(tie, {ties.LOOK}, now=NOW)
    with pytest.raises(errors.UndoChanged):
        undoing.take_back(patron, Undo.get().id, now=NOW)
    assert due(theirs) == until[theirs.id]


@pytest.mark.parametrize("allowed", [{ties.LOOK}, {ties.LOOK, ties.CARD}, set()])
def test_without_the_tick_nothing_is_renewed_not_even_ones_own(patron, child, tie, allowed):
    mine, theirs = factories.loan(patron), factories.loan(child)
    ties.allow(tie, allowed, now=NOW)
    assert family_loans.renewable(patron, ties.of_viewer(patron), [mine, theirs]) == [mine]
    with pytest.raises(errors.FamilyRenewalNotLeft):
        family_loans.renew_shown(patron, planned(mine, theirs), now=NOW)
    assert (due(mine), due(theirs)) == (mine.due_on, theirs.due_on)
    assert not Undo.select().exists()


def test_the_child_renews_nothing_of_the_viewers(patron, child, tie):
    mine = factories.loan(patron)
    with pytest.raises(errors.FamilyRenewalNotLeft):
        family_loans.renew_shown(child, planned(mine), now=NOW)


def test_another_day_than_was_shown_is_refused_for_that_loan_alone(patron, child, tie):
    mine, theirs = factories.loan(patron), factories.loan(child)
    until = planned(mine, theirs)
    until[theirs.id] += timedelta(days=1)
    outcomes = family_loans.renew_shown(patron, until, now=NOW)
    refused = {each.loan.id: [type(reason) for reason in each.reasons] for each in outcomes}
    assert refused == {mine.id: [], theirs.id: [errors.RenewalNotAsShown]}
    assert [loan for loan, *_ in Undo.get().facts["loans"]] == [mine.id]


# -- three ticks -----------------------------------------------------------------------------------------------------
def test_each_tick_is_off_at_first_and_ended_at_any_time(patron, child):
    ties.ask(patron, child.card_number, now=NOW)
    (tie,) = ties.of_child(child)
    assert ties.allows(tie) == set()
    with pytest.raises(errors.FamilyLookMissing):
        ties.agree(tie, {ties.RENEW}, now=NOW)
    ties.agree(tie, {ties.LOOK, ties.RENEW, ties.CARD}, now=NOW)
    for allowed in ({ties.LOOK, ties.CARD}, {ties.LOOK}):
        ties.allow(tie, allowed, now=NOW)
        (tie,) = ties.of_viewer(patron)
        assert ties.allows(tie) == allowed
    with pytest.raises(errors.FamilyLookMissing):
        ties.allow(tie, {ties.CARD}, now=NOW)
    with pytest.raises(errors.ChoiceUnknown):
        ties.allow(tie, {ties.LOOK, "history"}, now=NOW)
    ages.answer(tie, set(), hidden=None, now=NOW)
    assert ties.of_viewer(patron) == [] and [row.agreed_at for row in ties.of_child(child)] == [None]
    rows = Audit.select().where(Audit.patron == child).order_by(Audit.id)
    told = [(row.action, row.details.get("fields")) for row in rows]
    assert told == [
        ("family.agreed", ["card", "look", "renew"]), ("family.changed", ["card", "look"]),
         ("family.changed", ["look"]), ("family.ended", None),
    ]  # fmt: skip


def test_ticks_and_titles_change_together_or_not_at_all(patron, tie):
    with pytest.raises(errors.FamilyTooYoung):
        child = factories.patron(birth_date=clock.today())
        ages.answer(factories.tie(patron, child, may_renew=True), {ties.LOOK}, hidden=True, now=NOW)
    assert all(tie.may_renew for tie in ties.of_viewer(patron))


def test_the_desk_answers_for_a_child_without_a_sign_in_alone(child):
    ties.require_consent_at_desk(factories.patron(password=None))
    with pytest.raises(errors.Refusals):
        ties.require_consent_at_desk(child)


# -- letters and colours ---------------------------------------------------------------------------------------------
def test_children_are_drawn_in_five_colours_and_a_letter(patron):
    for number in range(6):
        ties.ask(patron, factories.patron(name=f"図書　{number}子").card_number, now=NOW + timedelta(days=number))
        ties.agree(ties.of_child(ties.FamilyTie.select().order_by(ties.FamilyTie.id.desc()).get().child)[0], now=NOW)
    seen = ties.of_viewer(patron)
    assert [tie.colour for tie in seen] == [0, 1, 2, 3, 4, 0]
    assert ties.badge_letter(seen[2], seen[2].child.name) == "2"
    ties.set_badge(seen[2], " 凛 ", 4)
    tie = ties.of_viewer(patron)[2]
    assert (ties.badge_letter(tie, ""), tie.colour) == ("凛", 4)
    with pytest.raises(errors.RefusedTogether) as refused:
        ties.set_badge(tie, "りん", 5)
    assert set(refused.value.by_field) == {"label", "colour"}


def test_the_child_learns_on_which_day_somebody_looked_last(patron, child, tie):
    today = clock.today()
    ties.note_look(ties.of_viewer(patron), today=today)
    ties.note_look(ties.of_viewer(patron), today=today)
    assert ties.of_child(child)[0].seen_on == today
