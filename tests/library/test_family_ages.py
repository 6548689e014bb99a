"""家族 and growing up: at 15 the child is asked about titles, at 18 the tie ends; whatever day the job runs on."""

from datetime import date, timedelta

import pytest

from library import clock, errors, policy
from library.account import glance
from library.lending import due_mails
from library.patrons import changes, patrons
from library.patrons.family import addresses, ages, ties
from models import Audit, FamilyTie, OutboxMail, Patron, PatronAddress
from tests import factories

BORN = date(2011, 11, 30)
FIFTEEN, OF_AGE = date(2026, 11, 30), date(2029, 11, 30)
DAY = timedelta(days=1)


def at(day):
    return clock.at(day, 9)


@pytest.fixture
def child(patron):
    factories.address(patron, "Family@example.jp")
    child = factories.patron(name="図書 桃子", birth_date=BORN)
    factories.address(child, "family@example.jp")
    factories.address(child, "momoko@example.jp", kind="mobile", position=2)
    return child


@pytest.fixture
def tie(patron, child):
    return factories.tie(patron, child, agreed_at=at(date(2020, 4, 1)))


def now_of(tie):
    return FamilyTie.get_or_none(FamilyTie.id == tie.id)


def mails(kind):
    return {(mail.patron_id, mail.address) for mail in OutboxMail.select().where(OutboxMail.kind == kind)}


# -- 15 --------------------------------------------------------------------------------------------------------------
def test_the_child_is_asked_on_the_birthday_and_not_before(tie, patron, child):
    assert ages.run(now=at(FIFTEEN - DAY)) == {"asked": 0, "hidden": 0, "told": 0, "ended": 0}
    assert ages.run(now=at(FIFTEEN))["asked"] == 1
    assert mails("family_titles") == {(child.id, "family@example.jp"), (child.id, "momoko@example.jp")}
    assert [line.name for line in glance.read(child, today=FIFTEEN).titles] == [patron.name]
    assert ages.run(now=at(FIFTEEN + DAY))["asked"] == 0


@pytest.mark.parametrize(("later", "hidden"), [(59, False), (60, True), (67, True)])
def test_after_sixty_days_of_silence_titles_are_hidden(tie, child, later, hidden):
    ages.run(now=at(FIFTEEN))
    ages.run(now=at(FIFTEEN + timedelta(days=later)))
    assert now_of(tie).titles_hidden is hidden
    assert Audit.select().where(Audit.action == "family.titles_hidden", Audit.actor == "job").count() == 2 * hidden


def test_a_job_that_did_not_run_for_a_week_asks_late_and_waits_as_long(tie):
    ages.run(now=at(FIFTEEN + 7 * DAY))
    ages.run(now=at(FIFTEEN + 66 * DAY))
    assert not now_of(tie).titles_hidden
    ages.run(now=at(FIFTEEN + 67 * DAY))
    assert now_of(tie).titles_hidden


@pytest.mark.parametrize("hidden", [True, False])
def test_a_child_who_answers_is_asked_no_more(tie, child, hidden):
    ages.run(now=at(FIFTEEN))
    ages.choose_titles(now_of(tie), hidden=hidden, now=at(FIFTEEN + DAY))
    assert ages.run(now=at(FIFTEEN + 60 * DAY))["hidden"] == 0
    assert now_of(tie).titles_hidden is hidden
    assert glance.read(child, today=FIFTEEN).titles == []
    assert ages.letter(OutboxMail.get(OutboxMail.kind == "family_titles")) is None


def test_nobody_hides_titles_before_the_age_that_the_library_set(tie):
    with pytest.raises(errors.FamilyTooYoung):
        ages.choose_titles(tie, hidden=True, now=at(FIFTEEN - DAY))
    policy.put("family_self_age", 14)
    ages.choose_titles(tie, hidden=True, now=at(FIFTEEN - DAY))
    assert now_of(tie).titles_hidden


def test_a_child_let_in_by_a_new_password_shows_no_titles_that_were_hidden(tie, child):
    ages.choose_titles(tie, hidden=True, now=at(FIFTEEN))
    factories.history(child)
    patrons.reissue(child, by="staff:colleague", now=at(FIFTEEN))
    with pytest.raises(errors.FamilyTitlesSealed):
        ages.answer(now_of(tie), {"look"}, hidden=False, now=at(FIFTEEN + DAY))
    assert now_of(tie).titles_hidden


def test_a_child_who_agreed_at_fifteen_is_not_asked(patron, child):
    factories.tie(patron, child, agreed_at=at(FIFTEEN))
    assert ages.run(now=at(FIFTEEN + DAY))["asked"] == 0


@pytest.mark.parametrize(
    ("born", "day"),
    [
        (date(2012, 2, 29), date(2027, 3, 1)),
        (date(2013, 2, 28), date(2028, 2, 28)),
        (date(2013, 3, 1), date(2028, 3, 1)),
    ],
)
def test_a_birthday_on_the_last_of_february_is_the_first_of_march_where_there_is_none(patron, born, day):
    tie = factories.tie(patron, factories.patron(birth_date=born), agreed_at=at(date(2020, 4, 1)))
    ages.run(now=at(day - DAY))
    assert now_of(tie).titles_asked_on is None
    ages.run(now=at(day))
    assert now_of(tie).titles_asked_on == day


# -- 18 --------------------------------------------------------------------------------------------------------------
def settled(tie):
    FamilyTie.update(titles_settled=True).where(FamilyTie.id == tie.id).execute()


def test_both_are_told_thirty_days_ahead_and_it_ends_on_the_birthday(tie, patron, child):
    settled(tie)
    assert ages.run(now=at(OF_AGE - 31 * DAY))["told"] == 0
    assert ages.run(now=at(OF_AGE - 30 * DAY))["told"] == 1
    assert {who for who, _ in mails("family_ending")} == {patron.id, child.id}
    letter = ages.letter(OutboxMail.get(OutboxMail.patron == patron))
    assert (letter.other, letter.is_child, letter.day) == (child.name, False, OF_AGE)
    assert [line.name for line in glance.read(child, today=OF_AGE - DAY).ending] == [patron.name]
    assert ages.run(now=at(OF_AGE - DAY)) == {"asked": 0, "hidden": 0, "told": 0, "ended": 0}
    assert ages.run(now=at(OF_AGE))["ended"] == 1
    assert now_of(tie) is None and ties.of_viewer(patron) == []
    assert Audit.select().where(Audit.action == "family.ended", Audit.actor == "job").count() == 2


@pytest.mark.parametrize(("ahead", "stays"), [(61, False), (60, True), (1, True)])
def test_it_goes_on_where_the_child_says_so_in_the_sixty_days_before(tie, ahead, stays):
    settled(tie)
    now = at(OF_AGE - timedelta(days=ahead))
    ages.run(now=now)
    if not stays:
        with pytest.raises(errors.FamilyStayTooEarly):
            ages.stay(now_of(tie), now=now)
        return
    ages.stay(now_of(tie), now=now)
    assert ages.run(now=at(OF_AGE - 30 * DAY if ahead > 30 else OF_AGE))["told"] == 0
    ages.run(now=at(OF_AGE + 400 * DAY))
    assert now_of(tie).agreed_at
    assert Audit.select().where(Audit.action == "family.stays").count() == 2


def test_days_on_which_the_job_did_not_run_are_caught_up(tie):
    """Told a week late it ends on the birthday all the same; ended a week late, at once."""
    settled(tie)
    assert ages.run(now=at(OF_AGE - 23 * DAY))["told"] == 1
    assert ages.run(now=at(OF_AGE + 4 * DAY))["ended"] == 1


def test_a_child_of_age_long_since_is_told_first_and_has_thirty_days(tie, child):
    """As after an upgrade: the tie of an adult who agreed as a child."""
    settled(tie)
    late = OF_AGE + 300 * DAY
    assert ages.run(now=at(late)) == {"asked": 0, "hidden": 0, "told": 1, "ended": 0}
    assert ages.may_stay(now_of(tie), child.birth_date, today=late + 29 * DAY)
    assert ages.run(now=at(late + 29 * DAY))["ended"] == 0
    assert ages.run(now=at(late + 30 * DAY))["ended"] == 1


@pytest.mark.parametrize("given", [{"birth_date": date(1990, 1, 1)}, {"birth_date": None}])
def test_adults_who_agreed_and_groups_go_on(patron, given):
    tie = factories.tie(patron, factories.patron(**given))
    assert set(ages.run(now=clock.now()).values()) == {0}
    ages.run(now=clock.now() + 400 * DAY)
    assert now_of(tie)


def test_nothing_is_asked_of_who_was_only_asked(patron, child):
    factories.tie(patron, child, agreed_at=None)
    assert set(ages.run(now=at(OF_AGE)).values()) == {0}


# -- addresses that both have ----------------------------------------------------------------------------------------
def test_an_address_that_they_share_gets_no_titles_until_the_child_confirms_it(tie, child):
    settled(tie)
    for day in (OF_AGE - DAY, OF_AGE):
        ages.run(now=at(day))
    assert [row.address for row in addresses.without_titles(child.id)] == ["family@example.jp"]
    assert not patrons.names_titles(child, "family@example.jp")
    assert patrons.names_titles(child, "momoko@example.jp")
    addresses.confirm(addresses.without_titles(child.id)[0], now=at(OF_AGE))
    assert patrons.names_titles(child, "family@example.jp")
    assert Audit.select().where(Audit.action == "family.address").count() == 1


def test_the_same_where_titles_are_hidden_and_the_address_stays_off_when_it_moves(tie, child):
    ages.choose_titles(tie, hidden=True, now=at(FIFTEEN))
    values = {"email1": "momoko@example.jp", "email1_kind": "pc", "email2": "family@example.jp", "email2_kind": "pc"}
    changes._store_addresses(child, values, at(FIFTEEN))
    assert [row.position for row in addresses.without_titles(child.id)] == [2]
    factories.preference(child, "due", to_pc=True, active=True)
    mail = factories.mail(child, "due", address="family@example.jp")
    assert due_mails._readers([mail])[child.id, "family@example.jp"] == (child.name, False)
    assert due_mails._readers([mail])[child.id, "momoko@example.jp"] == (child.name, True)


@pytest.mark.parametrize("alias", ["family+momoko@example.jp", "Family@Example.jp"])
def test_another_spelling_of_the_same_mailbox_gets_no_titles_either(tie, child, alias):
    PatronAddress.update(address=alias).where(PatronAddress.patron == child, PatronAddress.position == 1).execute()
    ages.choose_titles(tie, hidden=True, now=at(FIFTEEN))
    assert not patrons.names_titles(child, alias)


def test_a_mailbox_that_either_files_later_gets_no_titles_until_the_child_confirms_it(tie, patron, child):
    ages.choose_titles(tie, hidden=True, now=at(FIFTEEN))
    kinds = {"email1_kind": "pc", "email2_kind": "pc"}
    changes._store_addresses(child, {"email1": "momoko@example.jp", "email2": "new@example.jp"} | kinds, at(FIFTEEN))
    assert patrons.names_titles(child, "new@example.jp")
    changes._store_addresses(patron, {"email1": "new+x@example.jp", "email2": ""} | kinds, at(FIFTEEN))
    assert [row.address for row in addresses.without_titles(child.id)] == ["new@example.jp"]
    addresses.confirm(addresses.without_titles(child.id)[0], now=at(FIFTEEN))
    changes._store_addresses(child, {"email1": "new@example.jp", "email2": "new+y@example.jp"} | kinds, at(FIFTEEN))
    assert patrons.names_titles(child, "new@example.jp") and not patrons.names_titles(child, "new+y@example.jp")


def test_the_addresses_of_who_looked_are_left_alone(tie, patron, child):
    ages.choose_titles(tie, hidden=True, now=at(FIFTEEN))
    assert not PatronAddress.get(PatronAddress.patron == patron).titles_off
    assert Patron.get_by_id(child.id).titles_in_mail
