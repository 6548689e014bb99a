"""2段階認証: codes, recovery codes and passkeys, each good once; who needs one; taking it away."""

import contextlib
import json
from datetime import timedelta

import pytest
from peewee import IntegrityError
from pyotp.totp import TOTP

from library import errors, policy
from library.access import sessions
from library.access.factors import authenticators, browsers, challenges, passkeys, recovery_codes, second_factor
from library.access.guessing import hashing
from library.patrons import staff, staff_proofs
from models import Audit, Authenticator, Challenge, Passkey, RecoveryCode, Session, Staff
from tests import engines, factories
from tests.authenticator import Device, challenge_in
from tests.conftest import NOW
from tests.factories import PASSWORD

KEY = "a key of this installation"
STEP = timedelta(seconds=30)
PLACE = passkeys.site("http://localhost:8000", "すずかけ市立図書館")
ORIGIN = "http://localhost:8000"


@pytest.fixture
def admin(db):
    return factories.staff("admin", login="kanri")


@pytest.fixture
def totp(admin):
    """The app of the admin, set up a while ago."""
    authenticators.begin(admin, KEY)
    app = TOTP(authenticators.pending(admin, KEY))
    before = NOW - timedelta(minutes=5)
    second_factor.confirm_app(admin, app.at(before), KEY, now=before)
    return app


@pytest.fixture
def device(admin):
    """A passkey of the admin."""
    made = Device(ORIGIN)
    answer = made.make(passkeys.registration_options(admin, PLACE, "here", now=NOW))
    second_factor.add_passkey(admin, PLACE, answer, "here", "WindowsのChrome", now=NOW)
    return made


def give(admin, code, now=NOW):
    second_factor.give_code(admin, code, KEY, now=now)


# -- the app ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("steps", [0, -1])
def test_the_code_of_this_step_and_of_the_last_are_taken(admin, totp, steps):
    give(admin, totp.at(NOW, counter_offset=steps))


@pytest.mark.parametrize("steps", [-2, 1])
def test_the_code_before_and_the_next_are_not(admin, totp, steps):
    with pytest.raises(errors.CodeWrong):
        give(admin, totp.at(NOW, counter_offset=steps))


def test_a_code_is_good_once_and_so_is_what_came_before_it(admin, totp):
    give(admin, totp.at(NOW))
    for code in (totp.at(NOW), totp.at(NOW, counter_offset=-1)):
        with pytest.raises(errors.CodeWrong):
            give(admin, code)
    give(admin, totp.at(NOW + STEP), NOW + STEP)


def test_a_code_is_read_as_it_is_meant(admin, totp):
    code = totp.at(NOW)
    give(admin, f" {code[:3]}　{code[3:].translate({48 + n: 0xFF10 + n for n in range(10)})} ")


@pytest.mark.parametrize("code", ["", " ", "　\u200b"])
def test_an_empty_code_is_missing(admin, totp, code):
    with pytest.raises(errors.CodeMissing):
        give(admin, code)


def test_the_secret_lies_encrypted_and_is_of_no_use_with_another_key(admin, totp):
    assert totp.secret not in json.dumps(list(Authenticator.select().dicts()), default=str)
    with pytest.raises(errors.CodeWrong):
        second_factor.give_code(admin, totp.at(NOW), "another key", now=NOW)


def test_a_secret_that_was_changed_in_the_database_is_none(admin, totp):
    row = Authenticator.get()
    for changed in (row.secret[:-8] + "AAAAAAA=", row.secret[:8], "", "図"):
        Authenticator.update(secret=changed, last_step=0).execute()
        with pytest.raises(errors.CodeWrong):
            give(admin, totp.at(NOW))


def test_the_same_secret_never_looks_the_same(admin):
    sealed = {authenticators._sealed("a secret", KEY) for _ in range(3)}
    assert len(sealed) == 3 and {authenticators._opened(text, KEY) for text in sealed} == {"a secret"}


@pytest.mark.parametrize("kind", ["app", "passkey"])
def test_a_first_factor_comes_whole_or_not_at_all(admin, db, kind):
    authenticators.begin(admin, KEY)
    made = Device(ORIGIN).make(passkeys.registration_options(admin, PLACE, "here", now=NOW))
    with engines.inserts_refused("recovery_code"), pytest.raises(IntegrityError):
        if kind == "app":
            second_factor.confirm_app(admin, TOTP(authenticators.pending(admin, KEY)).at(NOW), KEY, now=NOW)
        else:
            second_factor.add_passkey(admin, PLACE, made, "here", "x", now=NOW)
    assert not authenticators.is_set_up(admin) and not Passkey.select().exists()
    assert Staff.get().second_factor_at is None and not Audit.select().exists()


def test_a_new_app_replaces_the_old_one_with_its_first_code(admin, totp):
    authenticators.begin(admin, KEY)
    new = TOTP(authenticators.pending(admin, KEY))
    with pytest.raises(errors.CodeWrong):
        second_factor.confirm_app(admin, "000000", KEY, now=NOW)
    give(admin, totp.at(NOW))
    assert second_factor.confirm_app(admin, new.at(NOW), KEY, now=NOW) == []
    with pytest.raises(errors.CodeWrong):
        give(admin, new.at(NOW))
    later = NOW + 2 * STEP
    give(admin, new.at(later), later)
    with pytest.raises(errors.CodeWrong):
        give(admin, totp.at(later + 2 * STEP), later + 2 * STEP)


def test_twenty_wrong_codes_a_day_leave_paper_and_passkeys(admin, totp):
    paper = recovery_codes.store(admin, recovery_codes.new_codes())
    for _ in range(second_factor.WRONG_A_DAY):
        with pytest.raises(errors.CodeWrong):
            give(admin, "000000" if totp.at(NOW) != "000000" else "000001")
    with pytest.raises(errors.CodesTooOften):
        give(admin, totp.at(NOW))
    give(admin, paper[0])
    tomorrow = NOW + timedelta(days=1)
    give(admin, totp.at(tomorrow), tomorrow)


# -- recovery codes ----------------------------------------------------------------------------------------------------
def test_the_first_factor_brings_ten_codes_of_twelve_letters(admin):
    authenticators.begin(admin, KEY)
    app = TOTP(authenticators.pending(admin, KEY))
    codes = second_factor.confirm_app(admin, app.at(NOW), KEY, now=NOW)
    assert len(set(codes)) == 10 and {len(code.replace("-", "")) for code in codes} == {12}
    assert all(row.code_hash.startswith("$argon2id$") for row in RecoveryCode.select())
    assert Staff.get().second_factor_at == NOW


def test_a_recovery_code_is_good_once_however_it_is_typed(admin, totp):
    first, second, *_ = recovery_codes.store(admin, recovery_codes.new_codes())
    give(admin, f" {first.upper().replace('-', '')} ")
    give(admin, second.replace("-", "ー"))
    for code in (first, second, "abcd-efgh-ijkm"):
        with pytest.raises(errors.CodeWrong):
            give(admin, code)
    assert recovery_codes.count_unused(admin) == 8
    assert Audit.select().where(Audit.action == "staff.recovery_code_used").count() == 2


def test_new_codes_end_the_old_and_a_colleagues_open_nothing(admin, totp):
    old = recovery_codes.store(admin, recovery_codes.new_codes())
    second_factor.renew_codes(admin, now=NOW)
    other = recovery_codes.store(factories.staff(), recovery_codes.new_codes())
    for code in (old[0], other[0]):
        with pytest.raises(errors.CodeWrong):
            give(admin, code)


# -- passkeys --------------------------------------------------------------------------------------------------------
def prove(admin, answer, purpose="prove", browser="here", now=NOW):
    passkeys.prove(admin, PLACE, purpose, answer, browser, now=now)


def asked(admin, browser="here", now=NOW):
    return passkeys.signing_options(admin, PLACE, "prove", browser, now=now)


def test_a_passkey_signs_and_its_use_is_noted(admin, device):
    prove(admin, device.sign(asked(admin)))
    row = Passkey.get()
    assert (row.uses, row.used_at, row.name) == (1, NOW, "WindowsのChrome")


def test_options_ask_for_the_owner_and_for_no_attestation(admin, device):
    options = json.loads(passkeys.registration_options(admin, PLACE, "here", now=NOW))
    assert options["rp"] == {"id": "localhost", "name": "すずかけ市立図書館"} and options["attestation"] == "none"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert [one["id"] for one in options["excludeCredentials"]] == [Passkey.get().credential]
    assert json.loads(asked(admin))["userVerification"] == "required"


def test_a_signature_is_good_once(admin, device):
    answer = device.sign(asked(admin))
    prove(admin, answer)
    with pytest.raises(errors.PasskeyRefused):
        prove(admin, answer)


def test_a_challenge_is_over_after_five_minutes_and_used_up_by_a_wrong_answer(admin, device):
    answer = device.sign(asked(admin))
    with pytest.raises(errors.PasskeyRefused):
        prove(admin, answer, now=NOW + challenges.KEPT)
    options = asked(admin)
    stranger = Device(ORIGIN)
    stranger.number = device.number
    with pytest.raises(errors.PasskeyRefused):
        prove(admin, stranger.sign(options))
    with pytest.raises(errors.PasskeyRefused):
        prove(admin, device.sign(options))


def test_a_challenge_is_for_one_browser_one_purpose_and_one_person(admin, device):
    for other in ({"browser": "there"}, {"purpose": "register"}):
        with pytest.raises(errors.PasskeyRefused):
            prove(admin, device.sign(asked(admin)), **other)
    colleague = factories.staff()
    with pytest.raises(errors.PasskeyRefused):
        prove(colleague, device.sign(asked(colleague)))
    with pytest.raises(errors.PasskeyRefused):
        prove(colleague, device.sign(asked(admin)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"verifies": False},
        {"origin": "https://elsewhere.example.com"},
        {"origin": "http://localhost:9"},
        {"host": "example.com"},
    ],
)
def test_another_site_and_a_device_that_asks_nobody_are_refused(admin, device, wrong):
    for name, value in wrong.items():
        setattr(device, name, value)
    with pytest.raises(errors.PasskeyRefused):
        prove(admin, device.sign(asked(admin)))
    made = Device(**{"origin": ORIGIN} | wrong)
    with pytest.raises(errors.PasskeyRefused):
        second_factor.add_passkey(
            admin, PLACE, made.make(passkeys.registration_options(admin, PLACE, "here", now=NOW)), "here", "x", now=NOW
        )


def test_a_copied_passkey_shows_by_its_count(admin, device):
    prove(admin, device.sign(asked(admin)))
    device.uses = 0
    with pytest.raises(errors.PasskeyRefused):
        prove(admin, device.sign(asked(admin)))


HOSTILE = [
    "", "x", "[]", "{}", "[" * 19_000, '{"id":1}', '{"id":"a","rawId":"a","type":"public-key","response":{}}',
    json.dumps({"id": "a", "rawId": "a", "type": "public-key",
        "response": {"clientDataJSON": "e30", "authenticatorData": "", "signature": ""}}),
]  # fmt: skip


@pytest.mark.parametrize("answer", HOSTILE)
def test_a_text_that_is_no_answer_is_refused(admin, device, answer):
    with pytest.raises(errors.PasskeyRefused):
        prove(admin, answer)
    with pytest.raises(errors.PasskeyRefused):
        second_factor.add_passkey(admin, PLACE, answer, "here", "x", now=NOW)


def test_a_challenge_that_is_no_text_is_refused(admin, device):
    for challenge in (1, None, [], "\ud800", "é"):
        answer = device.sign(json.dumps({"challenge": challenge}))
        with pytest.raises(errors.PasskeyRefused):
            prove(admin, answer)


def test_one_passkey_is_stored_once_and_ten_at_most(admin, device):
    again = device.make(passkeys.registration_options(admin, PLACE, "here", now=NOW))
    with pytest.raises(errors.PasskeyRefused):
        second_factor.add_passkey(admin, PLACE, again, "here", "x", now=NOW)
    for number in range(passkeys.MOST):
        answer = Device(ORIGIN).make(passkeys.registration_options(admin, PLACE, "here", now=NOW))
        if number == passkeys.MOST - 1:
            with pytest.raises(errors.TooManyPasskeys):
                second_factor.add_passkey(admin, PLACE, answer, "here", "x", now=NOW)
        else:
            second_factor.add_passkey(admin, PLACE, answer, "here", "x", now=NOW)


def test_the_challenge_in_an_answer_is_the_one_that_was_asked(admin, device):
    options = asked(admin)
    assert challenge_in(device.sign(options)) == json.loads(options)["challenge"] == Challenge.get().value


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://library.example.jp", "library.example.jp"), ("http://localhost:8000", "localhost"),
        ("http://library.example.jp", None), ("http://127.0.0.1:8000", None), ("https://127.0.0.1", None),
         ("https://[::1]", None),
    ],
)  # fmt: skip
def test_passkeys_are_made_for_https_and_localhost_and_for_no_numbers(address, host):
    found = passkeys.site(address, "図書館")
    assert (found and (found.host, found.origin)) == (host and (host, address))


# -- who needs one, and the step ---------------------------------------------------------------------------------------
def test_an_admin_needs_one_with_https_and_the_desk_by_a_setting(admin):
    clerk = factories.staff("desk")
    assert [second_factor.is_required(one, https=https) for one in (admin, clerk) for https in (True, False)] == [
        True,
        False,
        False,
        False,
    ]
    policy.put("staff_second_factor", True)
    assert second_factor.is_required(clerk, https=False)


def test_there_is_a_week_from_the_first_sign_in_that_needs_it(admin):
    assert second_factor.deadline(admin, https=False, now=NOW) is None
    assert second_factor.deadline(admin, https=True, now=NOW) == NOW + timedelta(days=7)
    stored, end = Staff.get_by_id(admin.id), NOW + timedelta(days=7)
    assert second_factor.deadline(stored, https=True, now=NOW + timedelta(days=3)) == end
    assert not second_factor.is_overdue(stored, https=True, now=end - timedelta(seconds=1))
    assert second_factor.is_overdue(stored, https=True, now=end)
    assert not second_factor.is_overdue(stored, https=False, now=end)


def test_a_login_with_a_second_factor_is_in_no_session_until_it_is_given(admin, totp):
    signed_in = staff.sign_in("kanri", PASSWORD, now=NOW)
    assert signed_in.scope == "second_factor" and Session.select().count() == 0
    assert sessions.find(signed_in.token, now=NOW) is None
    step = second_factor.begun(signed_in.token, now=NOW)
    second_factor.take_step(step, totp.at(NOW), KEY, now=NOW)
    mark = second_factor.finish(step, now=NOW)
    with pytest.raises(errors.SecondFactorFailed):
        second_factor.finish(step, now=NOW)
    for after, scope in ((timedelta(hours=11, minutes=59), "full"), (timedelta(hours=12), "second_factor")):
        assert staff.sign_in("kanri", PASSWORD, second=staff.Second(mark), now=NOW + after).scope == scope


def careful(admin):
    """Strangers guess at the admin's password until the library is careful."""
    for number in range(22):
        with contextlib.suppress(errors.Refused):
            staff.sign_in("kanri", f"wrong-{number}", origin=factories.origin(f"198.51.100.{number}"), now=NOW)


def sign_in_with(code, password=PASSWORD, login="kanri"):
    second = staff.Second(code=code, key=KEY)
    return staff.sign_in(login, password, origin=factories.origin(), second=second, now=NOW)


def test_careful_asks_strangers_for_a_code_in_the_same_form(admin, totp):
    careful(admin)
    with pytest.raises(errors.StaffProofMissing):
        sign_in_with(" ")
    for login, password, code in (
        ("kanri", PASSWORD, "000000" if totp.at(NOW) != "000000" else "000001"),
        ("kanri", "wrong", totp.at(NOW)),
        ("nobody", PASSWORD, totp.at(NOW)),
    ):
        with pytest.raises(errors.StaffSignInRefused):
            sign_in_with(code, password, login)
    assert Session.select().count() == 0
    assert sign_in_with(totp.at(NOW)).scope == "full"
    with pytest.raises(errors.StaffSignInRefused):
        sign_in_with(totp.at(NOW))


def test_careful_takes_no_code_of_who_has_no_second_factor(admin):
    careful(admin)
    for code in ("000000", "abcd-efgh-ijkm"):
        with pytest.raises(errors.StaffSignInRefused):
            sign_in_with(code)


def test_a_code_in_the_form_is_left_for_the_step_where_nobody_is_careful(admin, totp):
    assert sign_in_with(totp.at(NOW)).scope == "second_factor"
    give(admin, totp.at(NOW))


def test_the_mark_of_a_browser_is_of_one_person(admin, totp):
    mark = browsers.remember(factories.staff(), now=NOW)
    assert staff.sign_in("kanri", PASSWORD, second=staff.Second(mark), now=NOW).scope == "second_factor"


def test_the_step_is_over_after_five_wrong_codes_and_ten_minutes(admin, totp):
    token = staff.sign_in("kanri", PASSWORD, now=NOW).token
    step = second_factor.begun(token, now=NOW)
    for refusal in (*[errors.CodeWrong] * 4, errors.SecondFactorFailed):
        with pytest.raises(refusal):
            second_factor.take_step(step, "abcd-efgh-ijkm", KEY, now=NOW)
    assert second_factor.begun(token, now=NOW) is None
    token = staff.sign_in("kanri", PASSWORD, now=NOW).token
    assert second_factor.begun(token, now=NOW + second_factor.STEP) is None
    staff.disable(admin, by=factories.staff("admin"), now=NOW)
    assert second_factor.begun(token, now=NOW) is None


def test_twenty_steps_of_one_person_stand_and_the_oldest_gives_way(admin, totp):
    tokens = [second_factor.begin(admin, now=NOW) for _ in range(challenges.MOST + 1)]
    other = second_factor.begin(factories.staff(), now=NOW)
    begun = [bool(second_factor.begun(token, now=NOW)) for token in tokens]
    assert begun == [False] + [True] * challenges.MOST
    assert second_factor.begun(other, now=NOW)


def test_twenty_browsers_are_asked_for_a_passkey_and_the_oldest_gives_way(admin, device):
    for number in range(challenges.MOST + 1):
        passkeys.signing_options(admin, PLACE, "prove", f"browser {number}", now=NOW)
    assert Challenge.select().count() == challenges.MOST


def test_a_recovery_code_waits_for_the_turn_of_its_hashes_and_uses_up_nothing_where_there_is_none(
    admin, totp, monkeypatch
):
    codes = second_factor.renew_codes(admin, now=NOW)
    full = hashing.Queue(1, patience=0.01)
    monkeypatch.setattr(hashing, "QUEUE", full)
    step = second_factor.begun(staff.sign_in("kanri", PASSWORD, now=NOW).token, now=NOW)
    with full.turn("somebody"):
        for code in (codes[0], "abcd-efgh-ijkm"):
            with pytest.raises(errors.SignInBusy):
                second_factor.take_step(step, code, KEY, now=NOW)
    assert Challenge.get().wrong == 0
    second_factor.take_step(step, codes[0], KEY, now=NOW)


def test_a_recovery_code_in_the_form_of_the_careful_has_its_turn_with_the_password(admin, totp, monkeypatch):
    codes = second_factor.renew_codes(admin, now=NOW)
    careful(admin)
    monkeypatch.setattr(hashing, "QUEUE", hashing.Queue(1, patience=0.01))
    assert sign_in_with(codes[0]).staff == admin


def test_a_new_password_ends_the_steps_that_the_old_one_began(admin, totp):
    token = staff.sign_in("kanri", PASSWORD, now=NOW).token
    staff.give_one_time_password(admin, by=factories.staff("admin"), now=NOW)
    assert second_factor.begun(token, now=NOW) is None


def test_a_code_that_signed_in_proves_nothing_again(admin, totp):
    step = second_factor.begun(staff.sign_in("kanri", PASSWORD, now=NOW).token, now=NOW)
    second_factor.take_step(step, totp.at(NOW), KEY, now=NOW)
    session = sessions.find(staff.begin(admin, now=NOW).token, now=NOW)
    asked_for = staff_proofs.ProofRequest(admin, session, "here", KEY, None)
    with pytest.raises(errors.RefusedTogether):
        staff_proofs.prove(asked_for, PASSWORD, totp.at(NOW), now=NOW)
    assert Session.get().wrong_proofs == 1


def test_a_one_time_password_does_not_stand_for_the_second_factor(admin, totp):
    mark = browsers.remember(admin, now=NOW)
    one_time = staff.give_one_time_password(admin, by=factories.staff("admin"), now=NOW)
    assert staff.sign_in("kanri", one_time, second=staff.Second(mark), now=NOW).scope == "second_factor"


# -- taking it away ----------------------------------------------------------------------------------------------------
def test_the_last_one_stays_where_it_is_required(admin, totp, device):
    second_factor.remove_app(admin, https=True, now=NOW)
    with pytest.raises(errors.LastSecondFactor):
        second_factor.remove_passkey(admin, Passkey.get(), https=True, now=NOW)
    second_factor.remove_passkey(admin, Passkey.get(), https=False, now=NOW)
    assert Staff.get().second_factor_at is None and RecoveryCode.select().count() == 0


def test_a_colleague_and_the_command_take_all_away_and_nobody_their_own(admin, totp, device, run):
    sessions.begin_at_desk(admin, scope="full", now=NOW)
    with pytest.raises(errors.OwnSecondFactor):
        second_factor.reset_of_another(admin, by=admin, now=NOW)
    second_factor.reset_of_another(admin, by=factories.staff("admin", login="sato"), now=NOW)
    rows = (Passkey, Authenticator, RecoveryCode, Session, Challenge)
    assert [table.select().count() for table in rows] == [0] * len(rows)
    assert second_factor.is_overdue(Staff.get_by_id(admin.id), https=True, now=NOW)
    assert run("staff", "reset-factors", "KANRI").exit_code == 0
    found = [row.actor for row in Audit.select().where(Audit.action == "staff.factors_reset").order_by(Audit.id)]
    assert found == ["staff:sato", "command"]
    assert run("staff", "reset-factors", "nobody").exit_code == 1
