"""The queue of hashes: few at a time, few wait, those with a mark first, and whoever failed most gives way."""

import os
import threading
import time
from contextlib import suppress

import pytest

from library import errors
from library.access.guessing import hashing

WAIT = 10  # seconds, for what happens at once


class Crowd:
    """Threads that want a turn of a queue whose only turn is held until ``let_go()``."""

    def __init__(self, queue):
        self.queue, self.order, self.refused = queue, [], []
        self._held, self._go, self._threads = threading.Event(), threading.Event(), []
        self._start(self._hold)
        assert self._held.wait(WAIT)

    def _hold(self):
        with self.queue.turn("holder"):
            self._held.set()
            self._go.wait()

    def come(self, name, source=None, **rank):
        """Come and wait, or be refused; return once it is decided."""
        length, refused, done = self.queue.length(), len(self.refused), threading.Event()

        def want():
            try:
                with self.queue.turn(source or name, **rank):
                    self.order.append(name)
            except errors.SignInBusy:
                self.refused.append(name)
            done.set()

        self._start(want)
        while not (self.queue.length() > length or len(self.refused) > refused or done.wait(0.005)):
            pass

    def _start(self, target):
        self._threads.append(threading.Thread(target=target))
        self._threads[-1].start()

    def let_go(self):
        self._go.set()
        for thread in self._threads:
            thread.join(WAIT)
        return self.order


@pytest.fixture
def crowd():
    made = []

    def make(before=(), patience=60, **given):
        queue = hashing.Queue(1, patience=patience, **given)
        for source in before:
            with queue.turn(source):
                pass
        made.append(Crowd(queue))
        return made[-1]

    yield make
    for one in made:
        one.let_go()


def test_one_after_the_other_in_the_order_in_which_they_came(crowd):
    here = crowd()
    for name in "abc":
        here.come(name)
    assert here.let_go() == ["a", "b", "c"]


def test_visitors_with_a_mark_come_first_then_those_with_the_fewest_failures(crowd):
    here = crowd()
    here.come("guesser", failures=9)
    here.come("clean", failures=1)
    here.come("marked", comes_first=True)
    assert here.let_go() == ["marked", "clean", "guesser"]


def test_four_codes_of_one_person_at_once_all_have_their_turn(crowd):
    here = crowd()
    for name in "abcd":
        here.come(name, source="code of staff 1", comes_first=True)
    assert here.let_go() == ["a", "b", "c", "d"] and not here.refused


def test_a_visitor_with_one_turn_after_the_other_waits_behind_everybody(crowd):
    here = crowd(before=["restless"] * hashing.FIRST, waiting=2)
    for name in ("first", "second"):
        here.come(name, "restless", comes_first=True, failures=1)
    here.come("clean", failures=1)
    here.come("marked", comes_first=True, failures=1)
    here.let_go()
    assert here.order == ["marked", "clean"] and here.refused == ["second", "first"]


def test_turns_are_forgotten_after_a_minute(crowd, monkeypatch):
    here = crowd(before=["restless"] * hashing.FIRST)
    later = time.monotonic() + hashing.LATELY
    monkeypatch.setattr(hashing.time, "monotonic", lambda: later)
    here.come("clean", failures=1)
    here.come("restless", comes_first=True, failures=1)
    assert here.let_go() == ["restless", "clean"]


def test_two_of_a_source_wait(crowd):
    here = crowd()
    for name in "abc":
        here.come(name, "192.0.2.1")
    here.come("d", "192.0.2.2")
    assert here.let_go() == ["a", "b", "d"] and here.refused == ["c"]


def test_sixty_four_wait_and_no_more(crowd):
    here = crowd()
    for number in range(hashing.WAITING):
        here.come(number)
    here.come("late")
    assert here.refused == ["late"]
    assert len(here.let_go()) == hashing.WAITING == 64


def test_where_it_is_full_the_last_gives_way_to_who_comes_before_it(crowd):
    here = crowd(waiting=1)
    here.come("guesser", failures=9)
    here.come("clean", failures=1)
    here.come("another guesser", failures=5)
    assert here.let_go() == ["clean"]
    assert here.refused == ["guesser", "another guesser"]


def test_nobody_waits_for_longer_than_there_is_patience(crowd):
    here = crowd(patience=0.05)
    here.come("a")
    for thread in here._threads[1:]:
        thread.join(WAIT)
    assert here.refused == ["a"] and here.queue.length() == 0


def test_a_turn_ends_when_what_was_done_in_it_fails():
    queue = hashing.Queue(1)
    for _ in range(3):
        with suppress(ZeroDivisionError), queue.turn("a"):
            raise ZeroDivisionError
    with queue.turn("a"):
        assert queue.length() == 0


def test_one_processor_is_left():
    assert hashing.Queue(1).at_once == 1 <= hashing.QUEUE.at_once <= max(1, len(os.sched_getaffinity(0)) - 1)


@pytest.mark.parametrize(
    ("at_once", "threads", "fitted"),
    [
        (1, 4, (1, 2)),
        (3, 4, (2, 1)),
        (7, 4, (2, 1)),
        (7, 16, (7, 8)),
        (1, 66, (1, 64)),
        (1, 100, (1, 64)),
        (7, 3, (1, 1)),
        (7, 1, (1, 1)),
    ],
)
def test_a_thread_of_the_server_is_left_on_any_number_of_processors(monkeypatch, at_once, threads, fitted):
    monkeypatch.setattr(hashing, "QUEUE", hashing.Queue(at_once))
    hashing.leave_room_for_pages(threads)
    assert (hashing.QUEUE.at_once, hashing.QUEUE.waiting) == fitted
    assert sum(fitted) < threads or threads < 3
