"""The table of limits: who waits, who is asked for a proof, who gets in meanwhile."""

import threading
from datetime import timedelta
from itertools import count

import pytest

from library import errors
from library.access.guessing import limits, sources, tries
from library.store import database
from models import Guess, database as connection
from tests.conftest import NOW

CARD = "card 0000002377570"
MINUTE = timedelta(minutes=1)
_numbers = count()


def place(address="192.0.2.1", *, friend=False):
    return sources.Source(address, friend)


def guess(value="", *, who=CARD, source=None, now=NOW, right=False, **given):
    """One try, wrong unless it is right. Return the minutes that it has to wait; 0 where it was judged."""
    value = value or f"wrong {next(_numbers)}"
    try:
        attempt = tries.begin(who, source or place(), value=(value,), now=now, **given)
    except errors.SignInTooOften as refusal:
        return round(refusal.facts["seconds"] / 60)
    tries.judge(attempt, lambda: right, now=now)
    return 0


def waits(steps, **given):
    found, now = [], NOW
    for _ in range(steps):
        found.append(guess(now=now, **given))
        now += found[-1] * MINUTE
        assert not guess(now=now, **given)
    return found


def strangers(number, *, who=CARD, now=NOW, each=1, proof="1"):
    for turn in range(number):
        guess(who=who, source=place(f"198.51.{turn // each // 250}.{turn // each % 250}"), now=now, proof=proof)


# -- waiting ---------------------------------------------------------------------------------------------------------
def test_five_failures_of_a_card_and_a_source_are_free_and_then_the_waits_grow(db):
    assert [guess() for _ in range(5)] == [0] * 5
    assert waits(6) == [1, 2, 4, 8, 15, 15]


@pytest.mark.parametrize("right", [True, False])
def test_nobody_waits_for_a_try_that_came_a_moment_later_and_was_counted_first(db, right):
    for source in (place(), place(friend=True)):
        guess(source=source, now=NOW + timedelta(milliseconds=5), right=right)
        attempt = tries.begin(CARD, source, value=("another",), now=NOW)
        assert not attempt.is_guarded and tries.judge(attempt, lambda: True, now=NOW)


def test_a_mark_has_ten(db):
    source = sources.Source("mark 1", True, pair=limits.PAIR_BY_MARK, limit=None)
    assert [guess(source=source) for _ in range(11)] == [0] * 10 + [1]


def test_a_source_without_mark_has_twenty_in_ten_minutes_whatever_the_card(db):
    assert [guess(who=f"card {n}") for n in range(20)] == [0] * 20
    found, now = [], NOW
    for number in range(6):
        found.append(guess(who="card x", now=now))
        now += found[-1] * MINUTE
        assert not guess(who=f"card y{number}", now=now)
    assert found == [1, 2, 4, 8, 10, 10]
    assert not guess(who="card 1", source=place("192.0.2.2"))


def test_a_terminal_and_the_desk_have_a_hundred(db):
    source = sources.Source("terminal 1", True, limit=limits.SOURCE_OF_LIBRARY)
    assert [guess(who=f"card {n}", source=source) for n in range(101)] == [0] * 100 + [1]


def test_the_households_of_one_line_of_ipv6_have_sixty_together(db):
    line = [sources.Source(f"2001:db8:1:{n:x}::", False, line="2001:db8:1::") for n in range(61)]
    assert [guess(who=f"card {n}", source=source) for n, source in enumerate(line)] == [0] * 60 + [1]
    assert not guess(who="card 9", source=sources.Source("2001:db8:2::", False, line="2001:db8:2::"))


def test_others_may_try_while_one_source_waits(db):
    for _ in range(6):
        guess()
    assert guess() and not guess(source=place("198.51.100.7"))


def test_a_right_one_is_taken_back_and_begins_anew(db):
    for _ in range(4):
        guess()
    before = {row.kind: row.failures for row in Guess.select()}
    assert not guess(right=True)
    assert {row.kind: row.failures for row in Guess.select()} == {
        kind: number for kind, number in before.items() if kind != "pair"
    }
    assert [guess() for _ in range(5)] == [0] * 5


def test_the_twentieth_try_of_a_source_leaves_no_wait_if_it_was_right(db):
    for number in range(19):
        guess(who=f"card {number}")
    assert not guess(who="card 20", right=True)
    assert not guess(who="card 21")


def test_a_right_one_after_the_wait_of_a_source_brings_no_other_wait(db):
    assert [guess(who=f"card {n}") for n in range(20)] == [0] * 20
    later = NOW + 2 * MINUTE
    assert [guess(who=f"card x{n}", now=later, right=True) for n in range(5)] == [0] * 5
    assert not guess(who="card y", now=later)
    assert guess(who="card z", now=later) == 2


def test_right_ones_do_not_make_the_care_for_all_last_longer(db):
    for number in range(500):
        guess(who=f"card {number}", source=place(f"198.51.{number // 10}.1"), proof="1")
    later = NOW + 29 * MINUTE
    assert not guess(who="card x", source=place("192.0.2.9"), now=later, proof="2", right=True)
    assert tries.is_careful_with_all(now=later)
    assert not tries.is_careful_with_all(now=NOW + 31 * MINUTE)


def test_the_same_wrong_value_counts_once_an_hour(db):
    assert [guess("old-password") for _ in range(30)] == [0] * 30
    assert Guess.get(Guess.kind == "pair").failures == 1
    guess("old-password", now=NOW + 61 * MINUTE)
    assert Guess.get(Guess.kind == "source").since > NOW


def test_the_same_wrong_value_is_judged_once(db):
    guess("old-password")
    attempt = tries.begin(CARD, place(), value=("old-password",), now=NOW)
    assert attempt.is_known_wrong and tries.judge(attempt, lambda: 1 / 0, now=NOW) is None


def test_an_hour_later_all_is_forgotten(db):
    for _ in range(6):
        guess()
    assert [guess(now=NOW + timedelta(hours=2)) for _ in range(5)] == [0] * 5


def test_a_refused_try_counts_nowhere(db):
    for _ in range(5):
        guess()
    before = sorted((row.kind, row.failures) for row in Guess.select())
    assert guess()
    assert sorted((row.kind, row.failures) for row in Guess.select()) == before


def test_one_that_could_not_be_judged_is_taken_back(db):
    attempt = tries.begin(CARD, place(), value=("a",), now=NOW)
    with pytest.raises(ZeroDivisionError):
        tries.judge(attempt, lambda: 1 / 0, now=NOW)
    assert {row.failures for row in Guess.select()} == {0}


def test_of_many_at_once_no_more_are_judged_than_are_free(db):
    """Nine threads send nine days to one card at the same moment."""
    judged, asked, together = [], [], threading.Barrier(9)
    connection.close()

    def send(number):
        with connection.connection_context():
            together.wait()
            try:
                tries.begin(CARD, place(f"192.0.2.{number}"), value=(f"{number}",), initial=True, now=NOW)
                judged.append(number)
            except errors.CheckMissing:
                asked.append(number)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.connect(reuse_if_open=True)
    assert (len(judged), len(asked)) == (5, 4)
    assert Guess.get(Guess.kind == "initial").failures == 5


# -- careful ---------------------------------------------------------------------------------------------------------
def is_asked(*, who=CARD, friend=False, initial=False, now=NOW):
    source = place("203.0.113.9", friend=friend)
    try:
        attempt = tries.begin(who, source, value=(str(now),), initial=initial, now=now)
    except errors.CheckMissing:
        return True
    tries.judge(attempt, lambda: True, now=now)
    return False


def test_after_twenty_failures_of_strangers_a_card_is_careful_with_strangers_for_a_day(db):
    strangers(19)
    assert not is_asked()
    strangers(1)
    assert is_asked() and not is_asked(friend=True) and not is_asked(who="card other")
    assert not is_asked(now=NOW + timedelta(days=1))


def test_failures_of_friends_make_nobody_careful(db):
    for turn in range(40):
        guess(source=place(f"198.51.100.{turn}", friend=True))
    assert not is_asked()


def test_a_proof_that_is_given_is_judged_and_counting_goes_on(db):
    strangers(20)
    attempt = tries.begin(CARD, place("203.0.113.9"), value=("a",), proof="1234", now=NOW)
    assert attempt.is_guarded
    assert Guess.get(Guess.kind == "strangers").failures == 21


def test_after_five_hundred_failures_the_library_is_careful_with_all_strangers_until_half_an_hour_after(db):
    for turn in range(500):
        guess(who=f"card {turn}", source=place(f"198.51.{turn // 250}.{turn % 250}"))
    assert tries.is_careful_with_all(now=NOW)
    assert is_asked() and not is_asked(friend=True)
    assert is_asked(now=NOW + 29 * MINUTE) and not is_asked(now=NOW + 30 * MINUTE)


def test_after_five_wrong_days_a_card_is_careful_with_friends_too_and_counts_no_more_of_them(db):
    for turn in range(9):
        guess(source=place(f"198.51.100.{turn}"), initial=True, proof="1")
    assert Guess.get(Guess.kind == "initial").failures == 5
    assert is_asked(initial=True, friend=True) and not is_asked(friend=True)
    assert is_asked(initial=True, friend=True, now=NOW + timedelta(days=300))


# -- released --------------------------------------------------------------------------------------------------------
def test_a_released_card_is_open_for_ten_minutes_whoever_goes_on_guessing(db):
    for number in range(20):
        guess(who=f"card {number}")
    for _ in range(5):
        guess(source=place("192.0.2.7"))
    assert guess() and guess(source=place("192.0.2.7"))
    with database.writing():
        tries.release(CARD, now=NOW)
    assert not guess() and not guess(source=place("192.0.2.7"))
    assert guess(who="card 99")
    assert guess(now=NOW) == 0
    for _ in range(5):
        guess()
    assert guess()


def test_the_care_for_a_released_card_goes_on(db):
    strangers(20)
    with database.writing():
        tries.release(CARD, now=NOW)
    assert is_asked()


def test_a_released_login_is_met_without_care_for_half_an_hour(db):
    login = tries.login_counter("kanri")
    strangers(25, who=login)
    assert is_asked(who=login)
    with database.writing():
        tries.release(login, now=NOW)
    strangers(25, who=login)
    assert not is_asked(who=login)
    assert is_asked(who=login, now=NOW + 31 * MINUTE)


@pytest.mark.parametrize("text", ["", "x" * 10_000, "\x00", "' OR 1=1", "\udc80", "my password", "19580412", "482915"])
def test_any_text_in_place_of_a_card_or_login_counts_and_is_not_written_down(db, text):
    for who in (tries.unknown_card_counter(text), tries.login_counter(text)):
        for _ in range(5):
            guess(who=who)
        assert guess(who=who)
        assert not text or text not in who
