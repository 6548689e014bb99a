"""One page at a time, but nobody waits for long, and forms do not wait at all."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from turnstile import PATIENCE, Turnstile


class Room:
    """An application in which visitors stay until they are told to leave."""

    def __init__(self):
        self.entered = threading.Semaphore(0)
        self.leave = threading.Event()

    def __call__(self, environ, start_response):
        self.entered.release()
        assert self.leave.wait(10)
        return [b"out"]


@pytest.fixture
def room():
    room = Room()
    with ThreadPoolExecutor(4) as visitors:
        door = Turnstile(room)
        room.visit = lambda method: visitors.submit(door, {"REQUEST_METHOD": method}, None)
        yield room
        room.leave.set()


def test_a_second_page_waits_for_the_first_and_goes_in_when_its_patience_ends(room):
    room.visit("GET")
    assert room.entered.acquire(timeout=10)
    second = room.visit("GET")
    assert not room.entered.acquire(timeout=PATIENCE / 5)
    assert room.entered.acquire(timeout=10)
    room.leave.set()
    assert second.result(10) == [b"out"]


def test_forms_pass_beside_it(room):
    room.visit("GET")
    room.visit("POST")
    for _ in range(2):
        assert room.entered.acquire(timeout=10)


def test_a_page_that_fails_leaves_the_door_open():
    def fails(environ, start_response):
        raise RuntimeError

    door = Turnstile(fails)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            door({"REQUEST_METHOD": "GET"}, None)
    assert door._free.acquire(blocking=False)
