"""パスキー of a patron: found without a card number, good once, as much as the password and no more."""

import json
from datetime import timedelta

import pytest

from library import errors
from library.access import one_time_links, sessions
from library.access.factors import passkeys
from library.account import account_closing, registration
from library.patrons import passkeys as own_passkeys, patrons, signing_in, unrecognised_password
from models import Audit, Challenge, Guess, KnownDevice, OneTimeLink, OutboxMail, Passkey, Patron, Session
from tests import factories
from tests.authenticator import Device
from tests.conftest import NOW
from tests.factories import PASSWORD

ORIGIN = "http://localhost:8000"
PLACE = passkeys.site(ORIGIN, "すずかけ市立図書館")
LATER = NOW + timedelta(minutes=1)


def register(patron, device, name="iPhoneのSafari", now=NOW):
    made = device.make(passkeys.registration_options(patron, PLACE, "here", now=now))
    return own_passkeys.add(patron, PLACE, made, "here", name, now=now)


@pytest.fixture
def device(patron):
    made = Device(ORIGIN)
    register(patron, made)
    return made


def signed(device, now=LATER):
    options, asked = passkeys.sign_in_options(PLACE, now=now)
    return device.sign(options), asked


def enter(device, now=LATER, **given):
    return own_passkeys.sign_in(PLACE, *signed(device, now), **given, now=now)


def is_refused(answer, asked, now=LATER):
    with pytest.raises(errors.PasskeySignInRefused):
        own_passkeys.sign_in(PLACE, answer, asked, now=now)
    return not Session.select().exists()


# -- signing in --------------------------------------------------------------------------------------------------------
def test_a_passkey_begins_a_whole_session_which_is_fresh(patron, device):
    entered = enter(device, client="iPhoneのSafari")
    session = sessions.find(entered.token, now=LATER)
    assert (session.patron, session.scope, session.client) == (patron, "full", "iPhoneのSafari")
    assert sessions.is_fresh(session, now=LATER) and not session.terminal
    assert Passkey.get().used_at == LATER and entered.device and KnownDevice.get().patron == patron


def test_it_is_found_without_a_name_and_asks_who_holds_it():
    asked = json.loads(passkeys.sign_in_options(PLACE, now=NOW)[0])
    assert asked["userVerification"] == "required" and not asked.get("allowCredentials")


def test_the_device_learns_neither_card_nor_name(patron):
    asked = passkeys.registration_options(patron, PLACE, "here", now=NOW)
    made = json.loads(asked)
    assert patron.card_number not in asked and patron.name not in asked and made["attestation"] == "none"
    chosen = made["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    again = json.loads(passkeys.registration_options(Patron.get(), PLACE, "there", now=NOW))
    assert made["user"] == again["user"] and len(made["user"]["id"]) > 40


def test_a_signature_is_good_once_and_for_five_minutes(patron, device):
    answer, asked = signed(device)
    assert is_refused(answer, asked, LATER + timedelta(minutes=5))
    own_passkeys.sign_in(PLACE, answer, asked, now=LATER)
    Session.delete().execute()
    assert is_refused(answer, asked) and is_refused(answer, None) and Challenge.select().count() == 1


def test_a_challenge_of_another_browser_is_refused(device):
    (answer, _), (_, asked) = signed(device), signed(device)
    assert is_refused(answer, asked)


@pytest.mark.parametrize("text", ["", "[]", "{}", "図" * 30_000, "[" * 5_000, '{"id": 1, "response": null}'])
def test_an_answer_that_no_browser_sends_is_refused(device, text):
    assert is_refused(text, signed(device)[1])


@pytest.mark.parametrize("changed", ["handle", "verifies", "origin", "number"])
def test_another_person_site_or_device_is_refused(device, changed):
    other = {"handle": "", "verifies": False, "origin": "https://library.example.jp", "number": b"unknown"}[changed]
    setattr(device, changed, other)
    assert is_refused(*signed(device))


def test_a_copied_passkey_shows_by_its_count(device):
    device.uses = 5
    enter(device)
    Session.delete().execute()
    device.uses = 3
    assert is_refused(*signed(device))


def test_a_count_opens_once_though_two_signatures_with_it_were_judged(device):
    device.uses = 5
    row, _ = Passkey.get(), enter(device)
    assert not passkeys.note_use(row, 6, now=LATER)
    assert passkeys.note_use(row, 7, now=LATER)


@pytest.mark.parametrize("length", [1, 15, 1024])
def test_a_number_of_a_passkey_that_is_too_short_or_long_is_refused(patron, length):
    odd = Device(ORIGIN)
    odd.number = bytes(length)
    with pytest.raises(errors.PasskeyRefused):
        register(patron, odd)


def test_a_page_within_a_page_of_another_site_makes_and_signs_nothing(patron, device):
    device.crosses = True
    assert is_refused(*signed(device))
    with pytest.raises(errors.PasskeyRefused):
        register(patron, device)


def test_one_of_the_staff_opens_no_card_and_one_of_a_patron_no_desk(patron, device):
    staff, theirs = factories.staff("admin"), Device(ORIGIN)
    made = theirs.make(passkeys.registration_options(staff, PLACE, "here", now=NOW))
    passkeys.store(staff, passkeys.judge_new(staff, PLACE, made, "here", now=NOW), "x", now=NOW)
    assert is_refused(*signed(theirs))
    asked = passkeys.signing_options(staff, PLACE, "prove", "here", now=NOW)
    with pytest.raises(errors.PasskeyRefused):
        passkeys.prove(staff, PLACE, "prove", device.sign(asked), "here", now=NOW)


def test_a_stopped_card_enters_as_by_password_and_a_closed_one_does_not(patron, device):
    Patron.update(state="suspended").execute()
    assert enter(device).patron == patron
    Session.delete().execute()
    Patron.update(state="closed").execute()
    assert is_refused(*signed(device))


def test_no_wait_of_guessed_passwords_keeps_its_owner_out(patron, device):
    for number in range(30):
        with pytest.raises(errors.Refused):
            signing_in.sign_in(patron.card_number, f"wrong {number}", origin=factories.origin(), now=LATER)
    assert enter(device, origin=factories.origin()).patron == patron


def test_a_wrong_signature_is_recorded_as_a_wrong_password_and_an_unknown_passkey_writes_nothing(patron, device):
    device.verifies = False
    assert is_refused(*signed(device)) and is_refused(*signed(Device(ORIGIN)))
    (row,) = Audit.select().where(Audit.action == "patron.sign_in_failed")
    assert row.patron == patron and row.details["failures"] == 1 and not Guess.select().exists()


# -- having them -------------------------------------------------------------------------------------------------------
def test_five_are_the_most(patron):
    for number in range(5):
        register(patron, Device(ORIGIN), f"{number}")
    with pytest.raises(errors.TooManyPasskeys):
        register(patron, Device(ORIGIN))
    assert Passkey.select().count() == 5


def test_each_has_a_name_of_its_own(patron):
    names = [register(patron, Device(ORIGIN)).name for _ in range(3)]
    assert names == ["iPhoneのSafari", "iPhoneのSafari（2）", "iPhoneのSafari（3）"]


def test_adding_and_removing_is_mailed_and_recorded(patron):
    factories.address(patron)
    row = register(patron, Device(ORIGIN))
    own_passkeys.remove(patron, row, now=LATER)
    own_passkeys.remove(patron, row, now=LATER)
    assert [mail.facts["what"] for mail in OutboxMail.select().order_by(OutboxMail.id)] == [
        "passkey_added",
        "passkey_removed",
    ]
    assert [entry.action for entry in Audit.select().order_by(Audit.id)] == ["passkey.added", "passkey.removed"]


def test_a_lost_card_a_new_or_stopped_password_and_a_closed_card_end_all(patron):
    def reset():
        mails = factories.address(patron, verified_at=NOW)
        factories.ask_reset(patron.card_number, mails.address, now=NOW)
        token = OutboxMail.get(OutboxMail.kind == "reset").facts["token"]
        signing_in.reset(token, "あたらしい言葉 7 つ", "あたらしい言葉 7 つ", now=NOW)

    def stop():
        token = one_time_links.make(patron, "abc@example.jp", "stop", NOW + timedelta(days=1))
        unrecognised_password.stop(token, now=NOW)

    ways = (
        lambda: registration.replace_card(patron, "0000008880001", by="staff:kawai", now=NOW),
        reset,
        stop,
        lambda: patrons.reissue(patron, by="staff:kawai", now=NOW),
        lambda: account_closing.close(patron, by="staff:kawai", now=NOW),
    )
    for end in ways:
        device = Device(ORIGIN)
        register(patron, device)
        end()
        assert not Passkey.select().exists() and is_refused(*signed(device))
        patron = Patron.get_by_id(patron.id)
    assert not OneTimeLink.select().where(OneTimeLink.used_at.is_null()).exists()


# -- what is sealed ----------------------------------------------------------------------------------------------------
def test_records_sealed_by_a_reset_open_by_an_older_device_alone(patron):
    factories.history(patron)
    before = signing_in.sign_in(patron.card_number, PASSWORD, origin=factories.origin(), now=NOW).device
    factories.address(patron, verified_at=NOW, since=NOW)
    factories.ask_reset(patron.card_number, "abc@example.jp", now=NOW)
    token = OutboxMail.get(OutboxMail.kind == "reset").facts["token"]
    signing_in.reset(token, "あたらしい言葉 7 つ", "あたらしい言葉 7 つ", now=LATER)
    device, later = Device(ORIGIN), LATER + timedelta(minutes=1)
    register(Patron.get(), device, now=later)
    assert enter(device, now=later).opening is None
    month = timedelta(days=30)
    KnownDevice.update(known_since=NOW - month).where(KnownDevice.patron == patron).execute()
    assert enter(device, now=later + timedelta(minutes=1), origin=factories.origin(mark=before)).opening
