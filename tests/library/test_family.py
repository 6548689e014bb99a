"""家族: consent of both, and no word of whether a card exists."""

from datetime import timedelta

import pytest

from library import clock, errors
from library.account import account_closing, retention
from library.patrons.family import ties as family
from models import Audit, FamilyTie, Patron
from tests import factories
from tests.conftest import NOW


@pytest.fixture
def child(patron):
    return factories.patron(name="図書 桃子")


def asked(patron, child):
    family.ask(patron, child.card_number, now=NOW)
    return FamilyTie.get(FamilyTie.viewer == patron, FamilyTie.child == child)


def standing(patron):
    """Return the ties that wait for this patron, and the names that they may look at."""
    return [tie.number for tie in family.requests_of(patron)], [tie.child.name for tie in family.of_viewer(patron)]


def refused(rule, *given, **named):
    with pytest.raises(errors.Refused) as caught:
        rule(*given, **named)
    return type(caught.value)


def test_nothing_is_seen_before_the_other_agreed(patron, child):
    tie = asked(patron, child)
    assert FamilyTie.select().where(family.agreed_with(patron)).count() == 0
    assert [row.viewer for row in family.of_child(child)] == [patron]
    family.agree(tie, now=NOW)
    assert standing(patron) == ([], ["図書 桃子"])
    assert Audit.select().where(Audit.action == "family.agreed").count() == 2


def test_no_card_a_closed_card_and_one_whose_owner_declines_look_alike(patron, child):
    gone = factories.patron(state="closed")
    tie = asked(patron, child)
    for number in (gone.card_number, "9999999999999"):
        family.ask(patron, number, now=NOW)
    family.end(tie, child, now=NOW)
    assert standing(patron) == ([child.card_number, gone.card_number, "9999999999999"], [])
    assert family.of_child(child) == family.of_child(gone) == []
    for number, _ in ((child.card_number, 1), ("9999999999999", 1)):
        assert refused(family.ask, patron, number, now=NOW) is errors.FamilyAsked
    family.agree(tie, now=NOW)  # a form that was left open
    assert standing(patron)[1] == []
    retention.clean_up(now=NOW + family.ASKED_KEPT + timedelta(hours=1))
    assert standing(patron) == ([], [])


def test_either_ends_it_and_the_row_goes(patron, child):
    for who in (patron, child):
        tie = asked(patron, child)
        family.agree(tie, now=NOW)
        family.end(FamilyTie.get_by_id(tie.id), who, now=NOW)
        assert FamilyTie.select().count() == 0
    assert Audit.select().where(Audit.action == "family.ended").count() == 4


@pytest.mark.parametrize(
    ("number", "refusal"),
    [("あいう", errors.FamilyNumberMalformed), ("", errors.FamilyNumberMalformed), (None, errors.FamilyIsOneself)],
)
def test_a_number_that_is_nobodys_card_is_refused(patron, number, refusal):
    assert refused(family.ask, patron, patron.card_number if number is None else number, now=NOW) is refusal


def test_a_patron_who_asks_too_often_waits_a_day_and_the_wait_does_not_tell_whether_a_card_exists(patron):
    for number in range(family.ASKED_A_DAY):
        family.ask(patron, f"99999999999{number:02}", now=NOW)
    assert refused(family.ask, patron, "9999999999988", now=NOW) is errors.FamilyAskedTooOften
    family.ask(patron, "9999999999988", now=NOW + timedelta(days=1, seconds=1))


@pytest.mark.parametrize("there", [True, False])
def test_a_patron_who_was_declined_and_withdraws_can_not_ask_on_and_on(patron, child, there):
    """The same whether there is such a card or not."""
    number = child.card_number if there else "9999999999988"
    for day in range(family.ASKED_OF_ONE):
        now = NOW + timedelta(days=day)
        family.ask(patron, number, now=now)
        tie = FamilyTie.get()
        if there:
            family.end(tie, child, now=now)
        family.end(FamilyTie.get_by_id(tie.id), patron, now=now)
    assert refused(family.ask, patron, number, now=NOW + timedelta(days=9)) is errors.FamilyAskedOfOneTooOften
    family.ask(patron, number, now=NOW + timedelta(days=31))


def test_cards_are_asked_for_and_looked_at_up_to_a_limit(patron):
    for number in range(family.MOST):
        FamilyTie.create(viewer=patron, number=f"99999999999{number:02}", asked_at=NOW)
    assert refused(family.ask, patron, "9999999999988", now=NOW) is errors.FamilyFull


def test_a_replaced_card_stays_in_the_family_under_both_numbers(patron, child):
    old = child.card_number
    family.agree(asked(patron, child), now=NOW)
    Patron.update(card_number="0000999999999").where(Patron.id == child.id).execute()
    for number in (old, "0000999999999"):
        assert refused(family.ask, patron, number, now=NOW) is errors.FamilyThere


def test_asked_under_the_old_number_and_the_new_there_is_one_tie_when_agreed(patron, child):
    first = asked(patron, child)
    Patron.update(card_number="0000999999999").where(Patron.id == child.id).execute()
    family.ask(patron, "0000999999999", now=NOW)
    family.agree(first, now=NOW)
    assert FamilyTie.select().count() == 1


def test_a_closed_card_is_in_no_family(patron, child):
    stranger = factories.patron()
    family.agree(asked(patron, child), now=NOW)
    asked(stranger, child)
    account_closing.close(child, by="staff:suzuki", now=NOW)
    assert standing(patron) == ([], [])
    assert standing(stranger) == ([child.card_number], [])
    account_closing.close(stranger, by="staff:suzuki", now=NOW)
    assert FamilyTie.select().count() == 0


# -- at the desk -----------------------------------------------------------------------------------------------------
def test_the_desk_writes_down_the_consent_for_a_child_without_a_sign_in(patron):
    child = factories.patron(password=None)
    family.ask(patron, child.card_number, now=NOW)
    family.write_consent(child, patron.card_number, by="staff:suzuki", now=NOW)
    assert standing(patron) == ([], [child.name])
    rows = Audit.select().where(Audit.action == "family.agreed")
    assert {(row.actor, row.patron_id) for row in rows} == {("staff:suzuki", patron.id), ("staff:suzuki", child.id)}
    family.end_agreed(FamilyTie.get(), by="staff:suzuki", now=NOW)
    assert standing(patron) == ([], [])


def test_a_child_who_can_sign_in_answers_alone(patron, child):
    newcomer = factories.patron(password=None)
    for of, number, reason in (
        (child, patron.card_number, errors.FamilyAnswersThemselves()),
        (newcomer, "9999999999999", errors.PatronUnknown()),
        (newcomer, newcomer.card_number, errors.FamilyIsOneself()),
        (newcomer, factories.patron(state="closed").card_number, errors.CardClosed()),
    ):
        with pytest.raises(errors.Refusals) as caught:
            family.write_consent(of, number, by="staff:suzuki", now=clock.now())
        assert caught.value.reasons == [reason]
    assert FamilyTie.select().count() == 0
