"""Accounts of the desk."""

import contextlib
from datetime import timedelta

import pytest

from library import errors, policy
from library.access import passwords, sessions
from library.access.guessing import limits
from library.health import faults
from library.patrons import staff
from models import Audit, Guess, Session, Staff
from tests import factories
from tests.conftest import NOW
from tests.factories import PASSWORD

NEW = "mado-no-soto-wa-hare"


def sign_in(login, password=PASSWORD, now=NOW):
    return staff.sign_in(login, password, origin=factories.origin(), now=now)


def refused(*given, **named):
    with pytest.raises(errors.Refused) as caught:
        sign_in(*given, **named)
    return type(caught.value)


@pytest.fixture
def admin(db):
    return factories.staff("admin", login="Yamada")


@pytest.fixture
def clerk(db):
    return factories.staff("desk", login="suzuki")


def test_login_and_password_begin_a_session_whatever_the_case_of_the_login(clerk):
    signed_in = sign_in(" SUZUKI ")
    assert (signed_in.scope, sessions.find(signed_in.token, now=NOW).staff) == ("full", clerk)


def test_unknown_wrong_and_disabled_are_refused_alike(admin, clerk):
    staff.disable(clerk, by=admin, now=NOW)
    assert refused("nobody") == refused("Yamada", "wrong") == refused("suzuki") == errors.StaffSignInRefused


def test_guessing_is_slowed_down(clerk):
    for number in range(5):
        refused("suzuki", f"wrong-{number}")
    assert refused("suzuki") == errors.SignInTooOften


def keep_guessing(login="suzuki", clients=22):
    for number in range(clients):
        with contextlib.suppress(errors.Refused):
            staff.sign_in(login, f"wrong-{number}", origin=factories.origin(f"198.51.100.{number}"), now=NOW)


def test_a_login_that_strangers_guess_at_opens_in_the_library_and_where_it_was_open_before(clerk):
    device = sign_in("suzuki").device
    keep_guessing()
    assert refused("suzuki") == refused("suzuki", "wrong") == errors.StaffProofMissing
    assert staff.sign_in("suzuki", PASSWORD, origin=factories.origin(mark=device), now=NOW).staff == clerk
    policy.put("desk_networks", ["192.0.2.0/24"])
    assert sign_in("suzuki").staff == clerk


def test_a_login_that_nobody_has_is_met_with_the_same_care(clerk):
    keep_guessing("nobody")
    assert refused("nobody") == errors.StaffProofMissing


def test_the_wait_of_an_address_at_the_desk_comes_after_a_hundred_failures(clerk):
    policy.put("desk_networks", ["192.0.2.0/24"])
    for number in range(99):
        assert refused(f"nobody-{number}", "wrong") == errors.StaffSignInRefused
    assert sign_in("suzuki").staff == clerk


def test_a_release_lets_a_login_in_from_anywhere_though_somebody_goes_on_guessing(clerk):
    keep_guessing()
    assert refused("suzuki") == errors.StaffProofMissing
    staff.release(" SUZUKI", actor="command", now=NOW)
    keep_guessing()
    assert sign_in("suzuki").staff == clerk
    row = Audit.get(Audit.action == "staff.released")
    assert (row.actor, row.details) == ("command", {"login": "suzuki"})


def test_nobody_of_an_unknown_login_is_released(clerk):
    with pytest.raises(errors.StaffUnknown):
        staff.release("nobody", actor="command", now=NOW)


def test_a_new_one_time_password_is_of_use_at_once(admin, clerk):
    keep_guessing()
    assert sign_in("suzuki", staff.give_one_time_password(clerk, by=admin, now=NOW)).scope == "first_password"


def failures_recorded():
    rows = Audit.select().where(Audit.action == "staff.sign_in_failed").order_by(Audit.id)
    return [(row.details["failures"], row.details["clients"]) for row in rows]


def test_wrong_passwords_of_a_login_are_in_the_record_in_a_few_rows(clerk):
    for number in range(240):
        with contextlib.suppress(errors.Refused):
            origin = factories.origin(f"2001:db8:{number:x}::1")
            staff.sign_in("suzuki", f"wrong-{number}", origin=origin, now=NOW + timedelta(minutes=number))
        Guess.delete().where(Guess.kind.in_(limits.CAREFUL)).execute()
    told = [failures for failures, _ in failures_recorded()]
    assert told == [1, 5, 20, 100, 200]
    assert failures_recorded()[1] == (5, 5)
    assert {row.actor for row in Audit.select().where(Audit.action == "staff.sign_in_failed")} == {"system"}


def test_the_administrator_is_told_when_guesses_at_logins_make_the_library_careful(db):
    limit = limits.ALL_STRANGERS
    Guess.create(kind=limit.kind, who="", source="", failures=limit.free - 2, since=NOW, until=NOW)
    for wrong in ("one", "two", "three"):
        with contextlib.suppress(errors.Refused):
            staff.sign_in("kanri", wrong, origin=factories.origin(), now=NOW)
    assert faults.in_database({}, now=NOW) == [faults.Fault(limit.kind)]
    assert Audit.select().where(Audit.action == "signing_in.careful").count() == 1


def test_a_day_later_the_first_wrong_password_is_recorded_again(clerk):
    refused("suzuki", "wrong")
    refused("suzuki", "wrong", now=NOW + timedelta(days=1))
    assert [failures for failures, _ in failures_recorded()] == [1, 1]


def test_a_login_that_nobody_has_is_not_recorded(clerk):
    """It may be a password in the wrong field."""
    refused("my-secret-password", "wrong")
    assert failures_recorded() == []


def test_a_one_time_password_leads_to_one_of_ones_own(db):
    one_time = staff.add("tanaka", "desk", actor="command", now=NOW)
    signed_in = sign_in("tanaka", one_time)
    assert signed_in.scope == "first_password"
    own = staff.set_password(signed_in.staff, NEW, NEW, now=NOW)
    assert own.scope == "full" and sessions.find(signed_in.token, now=NOW) is None
    assert sign_in("tanaka", NEW).scope == "full"
    assert refused("tanaka", one_time) == errors.StaffSignInRefused


@pytest.mark.parametrize(
    ("new", "again", "field", "refusal"),
    [
        ("", NEW, "new_password", errors.NewPasswordMissing),
        ("short", "short", "new_password", errors.StaffPasswordTooShort),
        ("suzukisuzukisuzuki", "suzukisuzukisuzuki", "new_password", errors.PasswordIsLogin),
        ("x" * 200, "x" * 200, "new_password", errors.FieldTooLong),
        (NEW, "", "new_password_again", errors.NewPasswordAgainMissing),
        (NEW, NEW + "x", "new_password_again", errors.NewPasswordsDiffer),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(clerk, new, again, field, refusal):
    with pytest.raises(errors.RefusedTogether) as caught:
        staff.set_password(clerk, new, again, now=NOW)
    assert type(caught.value.by_field[field][0]) is refusal
    assert passwords.verify(Staff.get_by_id(clerk.id).password_hash, PASSWORD)


def test_whoever_is_disabled_is_out_at_once_and_can_come_back(admin, clerk):
    token = sign_in("suzuki").token
    staff.disable(clerk, by=admin, now=NOW)
    assert sessions.find(token, now=NOW) is None
    staff.enable(clerk, by=admin, now=NOW)
    assert sign_in("suzuki")


def test_a_new_one_time_password_ends_what_hung_on_the_old(admin, clerk):
    token = sign_in("suzuki").token
    one_time = staff.give_one_time_password(clerk, by=admin, now=NOW)
    assert sessions.find(token, now=NOW) is None
    assert refused("suzuki") == errors.StaffSignInRefused
    assert sign_in("suzuki", one_time).scope == "first_password"


@pytest.mark.parametrize("change", [staff.disable, lambda one, **by: staff.set_role(one, "desk", **by)])
def test_the_last_admin_stays(admin, clerk, change):
    with pytest.raises(errors.LastAdmin):
        change(admin, by=admin, now=NOW)
    staff.set_role(clerk, "admin", by=admin, now=NOW)
    change(admin, by=clerk, now=NOW)


def test_sessions_of_an_account_can_be_ended(admin, clerk):
    sign_in("suzuki")
    mine = sign_in("Yamada").token
    staff.end_sessions(clerk, by=admin, now=NOW)
    assert Session.select().count() == 1 and sessions.find(mine, now=NOW)


def test_the_first_account_is_an_admin_and_there_is_no_second_first(db):
    staff.add_first_admin("yamada", NEW, NEW, now=NOW)
    assert Staff.get().role == "admin" and sign_in("yamada", NEW).scope == "full"
    with pytest.raises(errors.LoginTaken):
        staff.add_first_admin("tanaka", NEW, NEW, now=NOW)


def test_acts_on_accounts_are_written_down_without_a_secret(admin, clerk):
    one_time = staff.give_one_time_password(clerk, by=admin, now=NOW)
    staff.set_role(clerk, "admin", by=admin, now=NOW)
    written = [(row.actor, row.action, row.details) for row in Audit.select()]
    assert ("staff:Yamada", "staff.role", {"login": "suzuki", "role": "admin"}) in written
    assert one_time not in str(written)
