from datetime import date, timedelta

import pytest

from library import audit, audit_words, clock, wording
from library.access.guessing import check_numbers
from library.account import retention
from library.mail import outbox
from library.store import database
from models import (
    Audit,
    CheckNumber,
    Draft,
    Guess,
    HistoryEntry,
    KnownDevice,
    KnownNetwork,
    OneTimeLink,
    OutboxMail,
    Patron,
    PatronAddress,
    ResetRequest,
    Session,
    Throttle,
)
from tests import factories
from tests.conftest import NOW


def clean(after):
    return retention.clean_up(now=clock.now() + after)


@pytest.mark.parametrize(
    ("name", "make", "period"),
    [
        ("drafts", lambda p, now: Draft.create(patron=p, token="a", base={}, values={}, created_at=now),
         timedelta(minutes=30)),
        ("sessions", lambda p, now: Session.create(patron=p, token_hash="a", created_at=now, seen_at=now,
         authenticated_at=now), timedelta(hours=12)),
        ("devices", lambda p, now: KnownDevice.create(patron=p, token_hash="a", seen_at=now), timedelta(days=365)),
        ("networks", lambda p, now: KnownNetwork.create(patron=p, network_hash="a", seen_at=now), timedelta(days=90)),
        ("failures", lambda p, now: Guess.create(kind="pair", since=now, until=now), timedelta(days=2)),
        ("initial_failures", lambda p, now: Guess.create(kind="initial", since=now, until=now), timedelta(days=365)),
        ("counters", lambda p, now: Throttle.create(name="a", since=now, allowed_at=now), timedelta(days=2)),
        ("check_numbers", lambda p, now: CheckNumber.create(patron=p, number_hash="a",
         expires_at=now + check_numbers.KEPT), timedelta(minutes=10)),
        ("reset_requests", lambda p, now: ResetRequest.create(card="a", address="a@b", asked_at=now),
         timedelta(hours=1)),
        ("links", lambda p, now: OneTimeLink.create(token_hash="a", purpose="reset", patron=p, address="a@b",
         expires_at=now), timedelta(days=1)),
    ],
)  # fmt: skip
def test_rows_go_when_their_time_is_over_and_not_before(patron, name, make, period):
    model = type(make(patron, clock.now()))
    assert clean(period)[name] == 0
    assert clean(period + timedelta(seconds=1))[name] == 1
    assert model.select().count() == 0


def test_the_text_of_a_mail_goes_after_two_weeks_and_the_mail_after_a_year(patron):
    with database.writing():
        mail = outbox.put("test", "a", address="abc@example.jp", now=clock.now(), patron=patron, facts={"a": 1})
        waiting = outbox.put("test", "b", address="abc@example.jp", now=clock.now(), patron=patron, facts={"a": 1})
    OutboxMail.update(state="sent", sent_at=clock.now() + timedelta(days=1), text="本文", subject="件名").where(
        OutboxMail.id == mail.id
    ).execute()
    assert clean(timedelta(days=15))["mail_texts"] == 0
    assert clean(timedelta(days=15, seconds=1))["mail_texts"] == 1
    kept = OutboxMail.get_by_id(mail.id)
    assert (kept.state, kept.text, kept.subject, kept.facts) == ("sent", "", "", {})
    assert clean(timedelta(days=365, seconds=1))["mails"] == 1
    assert [row.id for row in OutboxMail.select()] == [waiting.id]


def test_more_rows_than_fit_one_transaction_all_go(patron, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 3)
    for number in range(8):
        KnownDevice.create(patron=patron, token_hash=number, seen_at=clock.now())
    assert clean(timedelta(days=366))["devices"] == 8


def test_the_record_of_actions_goes_after_two_years(patron):
    long_ago = clock.now() - timedelta(days=audit.KEPT_DAYS + 10)
    audit.record("test", actor="command", now=long_ago)
    audit.record("test", actor="command", now=clock.now())
    assert clean(timedelta())["audit"] == 1
    assert Audit.select().count() == 1


# -- cards -----------------------------------------------------------------------------------------------------------
def test_a_card_that_is_over_for_three_years_goes_with_all_that_is_known_of_the_patron(db):
    long_ago, lately = date(2023, 11, 20), date(2023, 11, 30)
    gone = factories.patron(expires_on=long_ago, keep_history=True)
    factories.address(gone)
    factories.history(gone)
    factories.hold(gone, state="cancelled")
    closed = factories.patron(state="closed", closed_on=long_ago)
    kept = [factories.patron(expires_on=lately), factories.patron(state="closed", closed_on=lately), factories.patron()]
    owing = factories.patron(expires_on=long_ago)
    factories.loan(owing)
    retention.clean_up(now=NOW)
    assert {patron.id for patron in Patron.select()} == {patron.id for patron in (*kept, owing)}
    assert gone.id not in {row.patron_id for row in PatronAddress.select()}
    assert HistoryEntry.select().count() == 0
    assert closed.id not in {patron.id for patron in Patron.select()}


def test_that_cards_went_stays_in_the_record_of_operations_without_names(db):
    for _ in range(2):
        factories.patron(expires_on=date(2020, 3, 31))
    retention.clean_up(now=NOW)
    retention.clean_up(now=NOW)
    assert [(row.action, row.actor, row.details) for row in Audit.select()] == [("cards.erased", "job", {"count": 2})]
    assert audit_words.details(Audit.get().details) == "件数：2"


def test_an_expiry_counts_from_the_day_it_was_written_down_and_a_closing_from_itself(db):
    written = factories.patron(expires_on=date(2020, 3, 31), retention_from=date(2023, 11, 26))
    factories.patron(state="closed", closed_on=date(2023, 11, 20), retention_from=NOW.date())
    assert retention.clean_up(now=NOW)["cards"] == 1
    assert Patron.get() == written
    assert retention.clean_up(now=NOW + timedelta(days=2))["cards"] == 1


def test_the_desk_hears_30_days_before_who_goes_and_when_the_first_do(db):
    assert retention.cards_soon(now=NOW) == (0, None)
    factories.patron(expires_on=date(2023, 12, 20))
    factories.patron(expires_on=date(2020, 12, 20), retention_from=date(2023, 12, 1))
    factories.patron(expires_on=date(2024, 1, 20))
    count, first = retention.cards_soon(now=NOW)
    assert (count, first) == (2, date(2026, 12, 1))
    assert retention.clean_up(now=clock.at(first) - timedelta(days=1))["cards"] == 0
    assert retention.clean_up(now=clock.at(first))["cards"] == 1
    factories.patron(expires_on=date(2020, 1, 20))
    assert retention.cards_soon(now=NOW)[1] == NOW.date()


def test_whatever_is_erased_is_counted_in_words(db):
    assert set(retention.clean_up(now=NOW)) <= set(wording.COUNTED)
