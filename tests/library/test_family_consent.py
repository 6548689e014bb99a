"""家族 and the desk: for whom it answers, what it never undoes; and the mails about each consent and its end."""

from datetime import date, timedelta

import pytest

from library import errors
from library.patrons import patrons
from library.patrons.family import ages, ties
from models import FamilyTie, OutboxMail
from tests import factories
from tests.conftest import NOW

DESK = {"by": "staff:suzuki", "now": NOW}
SIXTEEN, TEN = date(2010, 5, 5), date(2016, 5, 5)


@pytest.fixture
def viewer(patron):
    factories.address(patron, "hanako@example.jp")
    return patron


def a_child(born=SIXTEEN, **given):
    child = factories.patron(name="図書 桃子", birth_date=born, **given)
    factories.address(child, "momoko@example.jp")
    factories.address(child, "momoko@phone.example.jp", kind="mobile", position=2)
    return child


def mails_of_ties():
    """Return the address, what was done, and the name of the other, of each mail; and delete them."""
    mails = OutboxMail.select().where(OutboxMail.kind == "security").order_by(OutboxMail.id)
    found = {(mail.address, mail.facts["what"], mail.facts["other"]) for mail in mails if "other" in mail.facts}
    OutboxMail.delete().execute()
    return found


def both(what, viewer, child):
    mine = [(row.address, what, child.name) for row in patrons.addresses(viewer)]
    return {*mine, *((row.address, what, viewer.name) for row in patrons.addresses(child))}


def reset(child):
    patrons.reissue(child, **DESK)
    return type(child).get_by_id(child.id)


# -- for whom the desk answers ---------------------------------------------------------------------------------------
def test_a_reset_lets_the_desk_write_no_consent_for_a_teenager(viewer):
    child = reset(a_child(has_chosen_password=True))
    assert not child.password_hash
    with pytest.raises(errors.Refusals) as refused:
        ties.write_consent(child, viewer.card_number, **DESK)
    assert refused.value.reasons == [errors.FamilyAnswersThemselves()]
    assert not FamilyTie.select().exists() and mails_of_ties() == set()


def test_a_reset_lets_the_desk_answer_nothing_for_a_teenager(viewer):
    child = a_child(has_chosen_password=True)
    factories.tie(viewer, child, titles_hidden=True)
    with pytest.raises(errors.Refusals):
        ties.require_consent_at_desk(reset(child))


def test_a_younger_child_who_had_a_password_answers_alone_too(viewer):
    """Else another birth date, or another age in the rules, would let the desk answer for a teenager."""
    child = a_child(TEN, has_chosen_password=True)
    for each in (child, reset(child)):
        with pytest.raises(errors.Refusals):
            ties.write_consent(each, viewer.card_number, **DESK)


def test_consent_written_at_the_desk_from_fifteen_on_shows_no_titles(viewer):
    child = a_child(password=None)
    ties.write_consent(child, viewer.card_number, **DESK)
    assert FamilyTie.get().titles_hidden
    ages.choose_titles(FamilyTie.get(), hidden=False, now=NOW)
    ages.choose_titles(FamilyTie.get(), hidden=True, now=NOW)
    ties.end_agreed(FamilyTie.get(), **DESK)
    ties.write_consent(child, viewer.card_number, **DESK)
    assert FamilyTie.get().titles_hidden, "ended and written anew it shows what was hidden"


# -- mails -----------------------------------------------------------------------------------------------------------
def test_each_consent_and_its_end_is_mailed_to_both(viewer):
    child = a_child()
    ties.ask(viewer, child.card_number, now=NOW)
    assert mails_of_ties() == set(), "whoever asks learns nothing, and nobody is mailed"
    ties.agree(FamilyTie.get(), {ties.LOOK}, now=NOW)
    assert mails_of_ties() == both("family_agreed", viewer, child)
    ages.answer(FamilyTie.get(), {ties.LOOK, ties.RENEW}, hidden=True, now=NOW)
    assert mails_of_ties() == both("family_changed", viewer, child)
    ages.answer(FamilyTie.get(), {ties.LOOK, ties.RENEW}, hidden=True, now=NOW)
    assert mails_of_ties() == set(), "nothing changed"
    ages.answer(FamilyTie.get(), set(), hidden=None, now=NOW)
    assert mails_of_ties() == both("family_ended", viewer, child)


@pytest.mark.parametrize("side", ["viewer", "child"])
def test_the_end_by_either_is_mailed_to_both(viewer, side):
    child = a_child()
    tie = factories.tie(viewer, child)
    ties.end(tie, {"viewer": viewer, "child": child}[side], now=NOW)
    assert mails_of_ties() == both("family_ended", viewer, child)


def test_a_consent_written_or_ended_at_the_desk_is_mailed_to_both(viewer):
    child = a_child(TEN, password=None)
    ties.write_consent(child, viewer.card_number, {ties.LOOK}, **DESK)
    assert mails_of_ties() == both("family_agreed", viewer, child)
    ages.answer(FamilyTie.get(), {ties.LOOK, ties.CARD}, hidden=None, **DESK)
    assert mails_of_ties() == both("family_changed", viewer, child)
    ties.end_agreed(FamilyTie.get(), **DESK)
    assert mails_of_ties() == both("family_ended", viewer, child)


def test_a_consent_that_was_only_asked_or_declined_is_mailed_to_nobody(viewer):
    child = a_child()
    ties.ask(viewer, child.card_number, now=NOW)
    ties.end(FamilyTie.get(), child, now=NOW)
    ties.ask(viewer, "9999999999999", now=NOW)
    for tie in FamilyTie.select():
        ties.end(tie, viewer, now=NOW + timedelta(days=1))
    assert mails_of_ties() == set()


def test_one_mail_to_each_where_both_use_an_address(viewer):
    child = factories.patron(name="図書 桃子", birth_date=SIXTEEN)
    factories.address(child, "hanako@example.jp")
    ties.end(factories.tie(viewer, child), child, now=NOW)
    assert mails_of_ties() == both("family_ended", viewer, child)
