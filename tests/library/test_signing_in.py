from datetime import date, timedelta

import pytest

from library import errors, policy
from library.access import passwords, sessions
from library.account import registration
from library.health import faults
from library.mail import outbox
from library.patrons import changes, drafts, patrons, profile, reset_requests, signing_in
from models import Audit, Guess, OneTimeLink, OutboxMail, Patron, ResetRequest, Session
from tests import factories
from tests.conftest import NOW
from tests.factories import PASSWORD


def sign_in(patron, password=PASSWORD, now=NOW, **given):
    return signing_in.sign_in(
        patron.card_number, password, origin=factories.origin(given.pop("address", "192.0.2.1")), now=now, **given
    )


def refused(patron, password, **given):
    with pytest.raises(errors.Refused) as caught:
        sign_in(patron, password, **given)
    return type(caught.value)


@pytest.fixture
def newcomer(db):
    return factories.patron(password=None, birth_date=date(1978, 8, 8))


def test_card_and_password_begin_a_session(patron):
    signed_in = sign_in(patron)
    assert sessions.find(signed_in.token, now=NOW).patron == patron
    assert signed_in.scope == "full"


@pytest.mark.parametrize(
    "typed", ["００００００２３７７５７０", "0000-0023-77570", " 0000002377570 ", "0000 0023 77570"]
)
def test_a_card_number_is_folded(db, typed):
    factories.patron(card_number="0000002377570")
    assert signing_in.sign_in(typed, PASSWORD, now=NOW).patron.card_number == "0000002377570"


def test_zeros_may_be_left_away_but_none_is_too_many(db):
    patron = factories.patron(card_number="0000002377570")
    assert signing_in.sign_in("2377570", PASSWORD, now=NOW).patron == patron
    with pytest.raises(errors.SignInRefused):
        signing_in.sign_in("00000002377570", PASSWORD, now=NOW)


def test_unknown_card_wrong_password_and_closed_card_are_refused_alike(db):
    assert refused(factories.patron(), "wrong-wrong-wrong") is errors.SignInRefused
    assert refused(factories.patron(state="closed"), PASSWORD) is errors.SignInRefused
    with pytest.raises(errors.SignInRefused):
        signing_in.sign_in("9999999999999", PASSWORD, now=NOW)


@pytest.mark.parametrize("given", [{"state": "suspended"}, {"expires_on": date(2020, 1, 1)}])
def test_a_suspended_or_expired_patron_signs_in(db, given):
    assert sign_in(factories.patron(**given)).scope == "full"


def test_only_a_hash_of_the_token_is_kept(patron):
    token = sign_in(patron).token
    assert token not in [row.token_hash for row in Session.select()]


def test_an_old_hash_is_renewed_on_the_way_in(db):
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    patron = factories.patron()
    Patron.update(password_hash=weak).execute()
    sign_in(patron)
    assert not passwords.needs_rehash(Patron.get_by_id(patron.id).password_hash)


# -- initial password ------------------------------------------------------------------------------------------------
def test_month_and_day_of_birth_open_the_first_password_page_alone(newcomer):
    assert sign_in(newcomer, "0808").scope == "first_password"
    assert sign_in(newcomer, "０８０８").scope == "first_password"  # an abandoned sign-in can be repeated


@pytest.mark.parametrize(
    "typed",
    ["0808 ", " ０８０８　", "08 08", "808", "8月8日", "8月 8日", "8/8", "08-08", "8.8", "19780808", "1978/8/8", "1978年8月8日",
     "S53.8.8",
     "s530808", "昭和53年8月8日", "㍼53年8月8日", "53.8.8", "０８０８\u200b"],
)  # fmt: skip
def test_the_day_of_birth_is_read_as_it_is_meant(newcomer, typed):
    assert sign_in(newcomer, typed).scope == "first_password"


@pytest.mark.parametrize(
    "typed",
    ["88", "0809", "880", "19790808", "1979/8/8", "S54.8.8", "H53.8.8", "54.8.8", "8月9日", "0808x", "1978", "080808"],
)
def test_nothing_else_does(newcomer, typed):
    assert refused(newcomer, typed) is errors.SignInRefused


@pytest.mark.parametrize(("typed", "born"), [("112", (1, 12)), ("11 2", (11, 2)), ("H元.4.1", (4, 1))])
def test_three_digits_are_a_month_of_one_and_a_space_keeps_numbers_apart(db, typed, born):
    newcomer = factories.patron(password=None, birth_date=date(1989, *born))
    assert sign_in(newcomer, typed).scope == "first_password"


def test_a_text_that_is_no_date_does_not_end_it(newcomer):
    for number in range(6):
        assert refused(newcomer, f"hanako-1978-{number}", address=f"198.51.100.{number}") is errors.SignInRefused
    assert sign_in(newcomer, "0808").scope == "first_password"


@pytest.mark.parametrize(
    ("card", "password", "missing"),
    [("", PASSWORD, {"card": errors.CardMissing}), (" -", PASSWORD, {"card": errors.CardMissing}),
     ("0000002377570", "", {"password": errors.PasswordMissing}),
      ("0000002377570", "\u200b", {"password": errors.PasswordMissing}),
     ("", "", {"card": errors.CardMissing, "password": errors.PasswordMissing})],
)  # fmt: skip
def test_an_empty_field_is_named_and_counts_nowhere(db, card, password, missing):
    for _ in range(6):
        with pytest.raises(errors.RefusedTogether) as caught:
            signing_in.sign_in(card, password, now=NOW)
        assert {name: type(found[0]) for name, found in caught.value.by_field.items()} == missing
    assert Guess.select().count() == 0


def test_five_wrong_current_passwords_are_told_to_somebody_who_is_signed_in(patron):
    for number in range(5):
        with pytest.raises(errors.CurrentPasswordWrong):
            signing_in.check_current(patron, f"wrong-{number}", now=NOW)
    with pytest.raises(errors.CurrentPasswordTooOften) as caught:
        signing_in.check_current(patron, PASSWORD, now=NOW)
    assert caught.value.sentence == "現パスワードを続けて間違えました。2分ほどお待ちください。ログインは続いています。"


def test_it_works_thirty_days(newcomer):
    assert sign_in(newcomer, "0808", now=NOW + timedelta(days=29, hours=23)).scope == "first_password"
    assert refused(newcomer, "0808", now=NOW + timedelta(days=30)) is errors.SignInRefused


DAYS = ["0101", "2/3", "3月4日", "405", "0506", "0607", "0708", "0809", "0910"]


def test_after_five_wrong_days_at_a_card_the_right_one_needs_a_check_number_from_everybody(db):
    newcomer = factories.patron(password=None, birth_date=date(1978, 8, 8), phone_home="042-000-1234")
    for number, typed in enumerate(DAYS[:5]):
        assert refused(newcomer, typed, address=f"198.51.100.{number}") is errors.SignInRefused
    policy.put("terminals", ["203.0.113.1"])
    for address in ("203.0.113.1", "203.0.113.2"):
        assert refused(newcomer, "0808", address=address) is errors.CheckMissing
    assert refused(newcomer, "0808", check="1235") is errors.CheckedSignInRefused
    assert sign_in(newcomer, "0808", check="１２３４").scope == "first_password"


def test_an_initial_password_that_the_desk_issued_again_is_asked_for_alone(newcomer):
    for number, typed in enumerate(DAYS[:5]):
        refused(newcomer, typed, address=f"198.51.100.{number}")
    patrons.reissue(Patron.get_by_id(newcomer.id), by="staff:a", now=NOW)
    assert sign_in(newcomer, "0808", address="203.0.113.1").scope == "first_password"


def test_wrong_days_at_a_card_are_met_alike_whether_it_has_an_initial_password_another_or_no_patron(newcomer, patron):
    nobody = factories.patron()
    nobody.delete_instance()
    for someone in (newcomer, patron, nobody):
        told = [refused(someone, typed, address=f"198.51.{n}.1") for n, typed in enumerate(DAYS)]
        assert told == [errors.SignInRefused] * 5 + [errors.CheckMissing] * 4


def test_a_thousand_failures_end_an_initial_password(newcomer):
    Patron.update(initial_failures=999).where(Patron.id == newcomer.id).execute()
    assert sign_in(newcomer, "0808").scope == "first_password"
    refused(newcomer, "0809")
    assert refused(newcomer, "0808") is errors.SignInRefused


def test_a_thousand_strangers_keep_nobody_out_to_whom_the_desk_tells_a_number(newcomer):
    Patron.update(phone_mobile="090-0000-5678").where(Patron.id == newcomer.id).execute()
    number = registration.release(newcomer, factories.origin().key, by="staff:a", now=NOW)
    Patron.update(initial_failures=999).where(Patron.id == newcomer.id).execute()
    for n, typed in enumerate(DAYS):  # who guesses goes on at once
        refused(newcomer, typed, address=f"198.51.{n}.1", check="0000")
    assert refused(newcomer, "0808", check="5678") is errors.CheckedSignInRefused
    assert sign_in(newcomer, "0808", check=number).scope == "first_password"


def test_a_release_begins_the_count_of_an_initial_password_anew(newcomer):
    Patron.update(initial_failures=1_000).where(Patron.id == newcomer.id).execute()
    registration.release(newcomer, factories.origin().key, by="staff:a", now=NOW)
    assert sign_in(newcomer, "0808").scope == "first_password"


def test_it_opens_nothing_once_a_password_is_set(newcomer):
    signing_in.set_first_password(newcomer, PASSWORD, PASSWORD, now=NOW)
    assert refused(newcomer, "0808") is errors.SignInRefused
    assert sign_in(newcomer).scope == "full"


def test_after_a_hundred_wrong_days_all_of_them_need_a_check_number_until_midnight_and_the_administrators_are_told(db):
    newcomers = [factories.patron(password=None, phone_mobile="090-0000-5678") for _ in range(101)]
    for number, newcomer in enumerate(newcomers[:100]):
        refused(newcomer, "0101", address=f"198.51.{number}.1")
    assert refused(newcomers[100], "0808", address="203.0.113.1") is errors.CheckMissing
    assert sign_in(newcomers[100], "0808", address="203.0.113.1", check="5678").scope == "first_password"
    assert sign_in(factories.patron(), address="203.0.113.1").scope == "full"
    assert faults.in_database({}, now=NOW) == [faults.Fault("all_initial")]
    assert Audit.select().where(Audit.action == "signing_in.careful").count() == 1
    midnight = NOW + timedelta(hours=13, minutes=18)
    assert sign_in(newcomers[100], "0808", address="203.0.113.2", now=midnight).scope == "first_password"
    assert faults.in_database({}, now=midnight) == []


def test_the_desk_may_print_a_code_instead(newcomer):
    policy.put("first_password_mode", "code")
    code = patrons.issue_initial_password(newcomer, now=NOW)
    assert len(code) == 10
    assert not set(code) & set("01OI")
    assert refused(newcomer, "0808") is errors.SignInRefused
    assert sign_in(newcomer, code, now=NOW + timedelta(days=13)).scope == "first_password"
    assert refused(newcomer, code, now=NOW + timedelta(days=14)) is errors.SignInRefused


def test_the_first_password_ends_every_session_and_tells_the_address_on_file(newcomer):
    factories.address(newcomer)
    first = sign_in(newcomer, "0808")
    second = signing_in.set_first_password(newcomer, PASSWORD, PASSWORD, now=NOW)
    assert sessions.find(first.token, now=NOW) is None
    assert sessions.find(second.token, now=NOW).scope == "full"
    assert [(mail.kind, mail.address) for mail in OutboxMail.select()] == [("security", "abc@example.jp")]


# -- reset -----------------------------------------------------------------------------------------------------------
def reset_token():
    return OutboxMail.get(OutboxMail.kind == "reset").facts["token"]


def test_a_forgotten_password_is_reset_by_a_verified_address(patron):
    factories.address(patron, verified_at=NOW)
    old = sign_in(patron)
    factories.ask_reset(patron.card_number, "ABC@example.jp", now=NOW)
    signing_in.reset(reset_token(), "yama-no-ue-no-kumo", "yama-no-ue-no-kumo", now=NOW)
    assert sessions.find(old.token, now=NOW) is None
    assert refused(patron, PASSWORD) is errors.SignInRefused
    assert sign_in(patron, "yama-no-ue-no-kumo").scope == "full"
    assert OutboxMail.select().where(OutboxMail.kind == "security").count() == 1


def test_the_link_works_once_and_for_an_hour(patron):
    factories.address(patron, verified_at=NOW)
    factories.ask_reset(patron.card_number, "abc@example.jp", now=NOW)
    with pytest.raises(errors.LinkDead):
        signing_in.reset(reset_token(), PASSWORD + "x", PASSWORD + "x", now=NOW + timedelta(hours=1))
    signing_in.reset(reset_token(), PASSWORD + "x", PASSWORD + "x", now=NOW + timedelta(minutes=59))
    with pytest.raises(errors.LinkDead):
        signing_in.reset(reset_token(), PASSWORD + "y", PASSWORD + "y", now=NOW + timedelta(minutes=59))


def test_nothing_is_mailed_to_an_unverified_or_foreign_address(patron):
    factories.address(patron)
    factories.address(patron, "verified@example.jp", position=2, verified_at=NOW)
    for typed in ("abc@example.jp", "someone@example.jp", ""):
        factories.ask_reset(patron.card_number, typed, now=NOW)
    factories.ask_reset("9999999999999", "abc@example.jp", now=NOW)
    assert OutboxMail.select().count() == 0


def test_a_flood_of_requests_is_three_mails_an_hour_and_ten_a_day_to_one_address(patron):
    factories.address(patron, verified_at=NOW)
    mailed = []
    for hour in range(5):
        for number in range(10):
            client, now = f"198.51.100.{number}", NOW + timedelta(hours=hour)
            factories.ask_reset(patron.card_number, "abc@example.jp", client=client, now=now)
        mailed.append(OutboxMail.select().count())
    assert mailed == [3, 6, 9, 10, 10]


def test_wrong_requests_use_up_nobodys_mails(patron):
    factories.address(patron, verified_at=NOW)
    for number in range(15):
        factories.ask_reset(patron.card_number, f"x{number}@example.jp", now=NOW)
    assert factories.ask_reset(patron.card_number, "abc@example.jp", now=NOW) == {"requests": 1, "mails": 1}


def test_a_request_is_stored_alike_and_erased_by_the_job_whatever_it_named(patron):
    factories.address(patron, verified_at=NOW)
    reset_requests.ask(" 9999-9999-99999", " ＡＢＣ@example.jp", now=NOW)
    reset_requests.ask(patron.card_number, "abc@example.jp", now=NOW)
    assert [row.address for row in ResetRequest.select()] == ["abc@example.jp"] * 2
    assert OutboxMail.select().count() == 0
    assert reset_requests.mail_links(now=NOW) == {"requests": 2, "mails": 1}
    assert ResetRequest.select().count() == 0


def test_every_link_is_good_until_one_is_used(patron):
    factories.address(patron, verified_at=NOW)
    for _ in range(2):
        factories.ask_reset(patron.card_number, "abc@example.jp", now=NOW)
    first, second = (mail.facts["token"] for mail in OutboxMail.select().order_by(OutboxMail.id))
    assert signing_in.open_reset(second, now=NOW)
    signing_in.reset(first, "yama-no-ue-no-kumo", "yama-no-ue-no-kumo", now=NOW)
    with pytest.raises(errors.LinkDead):
        signing_in.open_reset(second, now=NOW)


def test_a_reset_link_dies_with_the_address(patron):
    row = factories.address(patron, verified_at=NOW)
    factories.ask_reset(patron.card_number, "abc@example.jp", now=NOW)
    row.delete_instance()
    with pytest.raises(errors.LinkDead):
        signing_in.open_reset(reset_token(), now=NOW)


def test_a_reset_link_dies_with_a_password_change_of_any_kind(patron):
    factories.address(patron, verified_at=NOW)
    factories.ask_reset(patron.card_number, "abc@example.jp", now=NOW)
    new = passwords.hash_password("yama-no-ue-no-kumo")
    draft = drafts.store(patron, profile.stored(patron), password_hash=new, now=NOW)
    changes.apply(draft, changes.Choices(), now=NOW)
    with pytest.raises(errors.LinkDead):
        signing_in.open_reset(reset_token(), now=NOW)


def test_one_client_can_not_try_addresses_without_end(patron):
    factories.address(patron, verified_at=NOW)
    for number in range(25):
        factories.ask_reset(f"{number:013}", "abc@example.jp", client="192.0.2.1", now=NOW)
    factories.ask_reset(patron.card_number, "abc@example.jp", client="192.0.2.1", now=NOW)
    assert OutboxMail.select().count() == 0
    factories.ask_reset(patron.card_number, "abc@example.jp", client="192.0.2.2", now=NOW)
    assert OutboxMail.select().count() == 1


def test_of_two_first_passwords_only_one_is_taken(newcomer):
    for_both = Patron.get_by_id(newcomer.id)
    signing_in.set_first_password(newcomer, PASSWORD, PASSWORD, now=NOW)
    with pytest.raises(errors.InitialPasswordOver):
        signing_in.set_first_password(for_both, "another-password", "another-password", now=NOW)
    assert sign_in(newcomer).scope == "full"


# -- verification ----------------------------------------------------------------------------------------------------
def test_looking_at_a_verification_link_verifies_nothing(patron, db):
    row = factories.address(patron)
    with db.atomic():
        signing_in.mail_verification(row, now=NOW)
    token = OutboxMail.get(OutboxMail.kind == "verify").facts["token"]
    signing_in.verify_address(token, now=NOW, apply=False)
    assert patrons.addresses(patron)[0].verified_at is None
    signing_in.verify_address(token, now=NOW, apply=True)
    assert patrons.addresses(patron)[0].verified_at == NOW
    with pytest.raises(errors.LinkDead):
        signing_in.verify_address(token, now=NOW, apply=True)


def test_only_hashes_of_link_tokens_are_kept(patron, db):
    row = factories.address(patron)
    with db.atomic():
        signing_in.mail_verification(row, now=NOW)
    token = OutboxMail.get(OutboxMail.kind == "verify").facts["token"]
    assert OneTimeLink.get().token_hash != token


# -- sessions --------------------------------------------------------------------------------------------------------
def test_a_session_ends_after_half_an_hour_of_rest_and_after_twelve_hours(patron):
    token = sign_in(patron).token
    assert sessions.find(token, now=NOW + timedelta(minutes=30)) is None
    moment = NOW
    while moment < NOW + timedelta(hours=12):
        assert sessions.find(token, now=moment)
        moment += timedelta(minutes=29)
    assert sessions.find(token, now=NOW + timedelta(hours=12)) is None


def test_closing_a_card_ends_its_sessions(patron):
    token = sign_in(patron).token
    Patron.update(state="closed").execute()
    assert sessions.find(token, now=NOW) is None


def test_every_kind_of_mail_that_is_put_here_is_known_to_the_outbox():
    assert {"security", "reset", "verify", "admin"} <= set(outbox.KINDS)
