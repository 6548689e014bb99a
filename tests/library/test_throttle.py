from datetime import timedelta

import pytest

from library import errors
from library.access import throttle
from tests.conftest import NOW

CARD = "0000002377570"


def guess(card=CARD, client="192.0.2.1", known_device=False, now=NOW):
    throttle.admit(card, client, known_device=known_device, now=now)


def refused(**how):
    try:
        guess(**how)
    except errors.SignInTooOften as refusal:
        return refusal.facts["seconds"]
    return 0


def test_five_wrong_tries_are_free_and_then_the_wait_doubles(db):
    for _ in range(5):
        assert not refused()
    waits, now = [], NOW
    for _ in range(7):
        waits.append(refused(now=now))
        now += timedelta(seconds=waits[-1])
        guess(now=now)
    minutes = [round(wait / 60) for wait in waits]
    assert minutes == [1, 2, 4, 8, 15, 15, 15] or minutes == [1, 2, 4, 8, 10, 10, 15]


def test_another_client_may_still_try(db):
    for _ in range(5):
        guess()
    assert refused()
    assert not refused(client="198.51.100.7")


def test_one_client_on_many_cards_is_slowed_down(db):
    for number in range(20):
        assert not refused(card=f"{number:013}")
    assert refused(card=f"{99:013}")


def test_many_clients_on_one_card_leave_strangers_one_try_in_ten_minutes_and_the_owner_unharmed(db):
    for number in range(10):
        assert not refused(client=f"198.51.100.{number}")
    assert refused(client="203.0.113.1") > 500
    assert not refused(client="203.0.113.2", known_device=True)


def test_a_flood_from_everywhere_refuses_nobody_whose_card_and_address_are_not_in_it(db):
    for number in range(1_000):
        guess(card=f"{number:013}", client=f"198.51.{number % 100}.{number % 250}")
    assert not refused(card=f"{9_999:013}", client="203.0.113.1")


def test_a_right_password_wipes_the_slate(db):
    for _ in range(5):
        guess()
    throttle.forgive(CARD, "192.0.2.1", known_device=False, now=NOW)
    assert not refused()


def test_the_desk_can_release_a_card(db):
    for number in range(10):
        guess(client=f"198.51.100.{number}")
    assert refused(client="203.0.113.1")
    throttle.release(CARD)
    assert not refused(client="203.0.113.1")


def test_a_login_that_was_let_in_stays_open_while_strangers_go_on_guessing(db):
    guesses = [f"198.51.100.{number}" for number in range(12)]
    for client in guesses:
        refused(client=client)
    for _ in range(20):
        refused(card="other", client="192.0.2.9")
    assert refused(client="192.0.2.9")
    throttle.let_in(CARD, now=NOW)
    for client in guesses:
        assert not refused(client=client)
    assert not refused(client="192.0.2.9")
    assert not refused(client="203.0.113.1")
    later = NOW + throttle.RELEASED
    assert [bool(refused(client=client, now=later)) for client in guesses] == [False] * 10 + [True] * 2


def test_one_client_has_few_tries_at_a_login_that_was_let_in(db):
    throttle.let_in(CARD, now=NOW)
    for _ in range(5):
        assert not refused()
    assert refused()


def test_an_hour_later_all_is_forgotten(db):
    for _ in range(5):
        guess()
    assert not refused(now=NOW + timedelta(hours=2))


def test_a_household_of_ipv6_is_one_client(db):
    for number in range(5):
        guess(client=f"2001:db8:1:2::{number}")
    assert refused(client="2001:db8:1:2:ffff::1")
    assert not refused(client="2001:db8:1:3::1")


def test_a_whole_line_of_ipv6_households_is_slowed_down_too(db):
    for number in range(60):
        guess(card=f"{number:013}", client=f"2001:db8:1:{number:x}::1")
    assert refused(card=f"{99:013}", client="2001:db8:1:ffff::1")
    assert not refused(card=f"{98:013}", client="2001:db8:2::1")


@pytest.mark.parametrize("text", ["", "x" * 10_000, "\x00", "' OR 1=1", "\udc80"])
def test_any_text_in_place_of_a_card_counts_and_breaks_nothing(db, text):
    for _ in range(5):
        guess(card=text)
    assert refused(card=text)
