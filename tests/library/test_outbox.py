from collections import namedtuple
from datetime import timedelta
from itertools import pairwise
from threading import Event

import pytest

from library import clock
from library.mail import answers, delivery, installation, outbox
from library.store import database, locks
from models import LoanNotice, OutboxMail, PatronAddress, Setting
from tests import factories

Letter = namedtuple("Letter", "row_id subject text stored_text language", defaults=("ja",))


class PostOffice:
    """A sender and renderer whose mood is a list of what happens to the next mails."""

    def __init__(self, *mood):
        self.mood = list(mood)
        self.sent = []

        self.texts, self.counts = self, {}  # it writes what it sends

    def read_together(self, rows, *, now):
        return {row.id: f"本文 {row.key}" for row in rows}

    def letter(self, row, together=None, *, now):
        return Letter(row.id, "件名", together[row.id], f"控え {row.key}")

    def close(self):
        self.is_closed = True

    def send(self, letter):
        problem = self.mood.pop(0) if self.mood else None
        if problem:
            raise problem
        self.sent.append(letter.row_id)


@pytest.fixture
def deliver(settings):
    def run(office, now=None, **more):
        return delivery.deliver(lambda _: office, settings, now=now or clock.now(), **more)

    return run


def put(key="a", kind="test", **given):
    with database.writing():
        return outbox.put(kind, key, **{"address": "abc@example.jp", "now": clock.now()} | given)


def only():
    return OutboxMail.get()


def test_a_mail_is_put_once_per_key(db):
    assert put("a").state == "queued"
    assert put("a") is None
    assert OutboxMail.select().count() == 1


def test_a_mail_is_put_in_the_transaction_of_its_cause_or_not_at_all(db):
    with pytest.raises(RuntimeError, match="transaction"):
        outbox.put("test", "a", address="abc@example.jp", now=clock.now())
    with pytest.raises(ZeroDivisionError), database.writing():
        outbox.put("test", "a", address="abc@example.jp", now=clock.now())
        raise ZeroDivisionError
    assert OutboxMail.select().count() == 0


def test_a_due_mail_is_sent_once_and_its_text_is_kept(deliver):
    put("a"), put("b")
    office = PostOffice()
    assert deliver(office) == {"sent": 2}
    assert deliver(office) == {}
    row = OutboxMail.get(OutboxMail.key == "a")
    assert (row.state, row.subject, row.text, row.error) == ("sent", "件名", "控え a", "")
    assert clock.now() <= row.sent_at < clock.now() + timedelta(seconds=5)


def test_more_than_one_batch_is_sent_and_daily_notices_wait_for_the_others(deliver):
    with database.writing():
        for number in range(delivery.BATCH + 20):
            outbox.put("due", f"due:{number}", address="abc@example.jp", now=clock.now())
        reset = outbox.put("reset", "reset", address="abc@example.jp", now=clock.now())
    office = PostOffice()
    assert deliver(office) == {"sent": delivery.BATCH + 21}
    assert office.sent[0] == reset.id


def test_a_mail_with_nothing_left_to_say_is_cancelled(deliver):
    put()
    office = PostOffice()
    office.letter = lambda row, together, now: None
    assert deliver(office) == {"cancelled": 1}
    assert only().state == "cancelled"


def test_a_temporary_refusal_is_tried_again_with_growing_delay_for_three_days(deliver, moved_clock):
    put()
    began, waited = clock.now(), []
    while only().state == "queued":
        moved_clock.now = only().next_try_at
        assert delivery.sendable(now=clock.now() - timedelta(seconds=1)) == 0
        waited.append(clock.now())
        deliver(PostOffice(answers.TryLater("451 later")))
    gaps = [round((b - a).total_seconds() / 60) for a, b in pairwise(waited)]
    assert gaps[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert max(gaps) == 60
    assert only().state == "failed"
    assert only().error == "451 later"
    assert timedelta(days=3) <= waited[-1] - began < timedelta(days=3, hours=2)


def test_a_final_refusal_fails_at_once_and_three_in_a_row_mark_the_address(deliver):
    patron = factories.patron()
    factories.address(patron)
    for number in range(3):
        assert PatronAddress.get().undeliverable_at is None
        put(number, patron=patron)
        assert deliver(PostOffice(answers.AddressRefused("550 unknown"))) == {"failed": 1}
    assert PatronAddress.get().undeliverable_at is not None
    assert {row.state for row in OutboxMail.select()} == {"failed"}


def test_a_success_in_between_starts_the_count_anew(deliver):
    patron = factories.patron()
    factories.address(patron)
    refused = answers.AddressRefused("550 unknown")
    for number, problem in enumerate([refused, refused, None, refused, refused]):
        put(number, patron=patron)
        deliver(PostOffice(problem))
    assert PatronAddress.get().failures == 2
    assert PatronAddress.get().undeliverable_at is None


def test_a_refused_text_is_no_fault_of_the_address(deliver):
    patron = factories.patron()
    factories.address(patron)
    put(patron=patron)
    assert deliver(PostOffice(answers.MessageRefused("554 no"))) == {"failed": 1}
    assert PatronAddress.get().failures == 0


def test_only_the_address_of_this_patron_is_blamed(deliver):
    mother, child = factories.patron(), factories.patron()
    factories.address(mother), factories.address(child)
    put(patron=child)
    deliver(PostOffice(answers.AddressRefused("550 unknown")))
    assert [row.failures for row in PatronAddress.select().order_by(PatronAddress.patron)] == [0, 1]


def test_a_server_that_is_away_ends_the_run_and_costs_no_mail_its_turn(deliver):
    put("a"), put("b")
    office = PostOffice(answers.ServerUnavailable("connection refused"))
    assert deliver(office) == {"unavailable": 1, "failed": 0}
    assert [(row.state, row.tries, row.error) for row in OutboxMail.select().order_by(OutboxMail.id)] == [
        ("queued", 0, "connection refused")
    ] * 2
    assert deliver(office) == {"sent": 2}


def test_a_mail_that_waited_three_days_for_a_server_is_given_up_but_not_before_a_try(deliver, moved_clock):
    put("old")
    deliver(PostOffice(answers.ServerUnavailable("away")))
    moved_clock.now += timedelta(days=3)
    put("untried", now=clock.now() - timedelta(days=4))
    assert deliver(PostOffice(answers.ServerUnavailable("away")))["failed"] == 1
    assert {row.key: row.state for row in OutboxMail.select()} == {"old": "failed", "untried": "queued"}


def test_a_line_that_drops_again_and_again_ends_the_run(deliver):
    for number in range(6):
        put(number)
    drop = answers.ConnectionDropped("gone")
    assert deliver(PostOffice(drop, None, drop, drop, drop)) == {"sent": 1, "later": 4}
    assert OutboxMail.select().where(OutboxMail.state == "queued", OutboxMail.tries == 0).count() == 1


def test_a_mail_that_cannot_be_made_does_not_keep_the_others(deliver, caplog):
    put("bad"), put("good")
    office = PostOffice()
    letter = office.letter
    office.letter = lambda row, together, now: 1 / 0 if row.key == "bad" else letter(row, together, now=now)
    assert deliver(office) == {"later": 1, "sent": 1}
    assert OutboxMail.get(OutboxMail.key == "bad").error == "division by zero"
    assert "could not be made" in caplog.text


def test_a_mail_claimed_by_a_dead_process_is_taken_over_at_once_under_the_same_name(deliver):
    mail = put()
    OutboxMail.update(state="sending").execute()
    assert delivery.sendable(now=clock.now()) == 1
    assert deliver(PostOffice()) == {"sent": 1}
    assert only().message_id == mail.message_id


def test_a_process_without_the_lock_touches_nothing(deliver, tmp_path):
    put()
    OutboxMail.update(state="sending").execute()
    with locks.lease("outbox", tmp_path) as mine:
        assert mine
        assert deliver(PostOffice()) == {"busy": 1}
    assert only().state == "sending"


def test_a_run_that_is_stopped_finishes_the_mail_in_flight_and_leaves_the_rest(deliver):
    put("a"), put("b"), put("c")
    stop, office = Event(), PostOffice()
    send = office.send
    office.send = lambda letter: (send(letter), stop.set())
    assert deliver(office, stop=stop) == {"sent": 1}
    assert sorted(row.state for row in OutboxMail.select()) == ["queued", "queued", "sent"]


@pytest.mark.parametrize("kind", outbox.WITH_SECRET)
@pytest.mark.parametrize("fate", [None, answers.AddressRefused("550"), answers.MessageRefused("554")])
def test_a_one_time_link_is_not_kept_once_its_mail_is_settled(deliver, kind, fate):
    put(kind=kind, facts={"token": "geheim"})
    deliver(PostOffice(fate))
    assert only().facts == {}


def test_a_one_time_link_survives_until_the_mail_is_sent(deliver):
    put(kind="reset", facts={"token": "geheim"})
    deliver(PostOffice(answers.TryLater("451")))
    assert only().facts == {"token": "geheim"}


def test_a_cancelled_notice_announced_nothing(deliver):
    patron = factories.patron()
    loan = factories.loan(patron)
    mail = put(kind="due", patron=patron)
    LoanNotice.create(loan=loan, kind="due", due_on=loan.due_on, mail=mail)
    office = PostOffice()
    office.letter = lambda row, together, now: None
    deliver(office)
    assert LoanNotice.select().count() == 0


def test_a_notice_stands_when_the_other_address_was_told(deliver):
    patron = factories.patron()
    loan = factories.loan(patron)
    first, second = put("a", kind="due", patron=patron), put("b", kind="due", patron=patron)
    LoanNotice.create(loan=loan, kind="due", due_on=loan.due_on, mail=first)
    office = PostOffice()
    letter = office.letter
    office.letter = lambda row, together, now: None if row.id == first.id else letter(row, together, now=now)
    assert deliver(office) == {"cancelled": 1, "sent": 1}
    assert LoanNotice.get().mail == second


def test_a_database_from_elsewhere_is_held_until_it_is_released(db):
    assert installation.is_copied("here")
    installation.bind("there")
    installation.bind("here")
    assert installation.is_copied("here")
    assert not installation.is_copied("there")
    installation.release("here")
    assert not installation.is_copied("here")
    Setting.delete().execute()
    assert installation.is_copied("")


def test_the_log_names_nobody(deliver, caplog):
    put()
    deliver(PostOffice(answers.AddressRefused("550 <abc@example.jp>: no such user")))
    assert "550" in caplog.text
    assert "abc@example.jp" not in caplog.text
    assert "abc@example.jp" in only().error
