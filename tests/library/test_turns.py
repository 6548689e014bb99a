"""The queue of writers: each is let in, within one process in the order of asking."""

import threading

from library.store import database, writer_queue
from models import database as connection
from tests import engines

WAITING = 8


def in_thread(act):
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def test_waiting_threads_of_one_process_write_in_the_order_of_asking(db):
    written = []

    def write(number):
        with connection.connection_context(), database.writing():
            written.append(number)

    threads = []
    with database.writing():
        for number in range(WAITING):
            threads.append(in_thread(lambda number=number: write(number)))
            while engines.waiting_writers() < number + 1:
                pass
    for thread in threads:
        thread.join()
    assert written == list(range(WAITING))
    assert not writer_queue._line


def test_a_thread_that_waited_long_enough_asks_out_of_turn_and_leaves_the_line_as_it_was():
    with writer_queue.in_line(60):
        with writer_queue.in_line(0):
            assert len(writer_queue._line) == 2
        assert len(writer_queue._line) == 1


def test_a_refused_write_ends_its_turn(db):
    try:
        with database.writing():
            raise ZeroDivisionError
    except ZeroDivisionError:
        assert not writer_queue._line
