"""Tokens of machines that fetch copies: good from their addresses alone, and whoever else shows one is counted, written
down and told.
"""

from datetime import timedelta

import pytest

from library import clock, errors
from library.backups import tokens
from library.health import faults
from library.store import database
from models import Audit, BackupToken, Throttle
from tests import engines
from tests.conftest import NOW

HOME, ELSEWHERE = "192.0.2.10", "203.0.113.9"
BY = {"by": "command", "now": NOW}


def add(name="bunkan", addresses=(HOME,)):
    return tokens.add(name, addresses, **BY)


def judged(token, address=HOME, now=NOW):
    """Return the refusal of a token; None where it is good."""
    try:
        tokens.judge(token, address, now=now)
    except (errors.TokenRefused, errors.TokenWaits) as refusal:
        return type(refusal)
    return None


def written(action):
    return Audit.select().where(Audit.action == action).count()


def test_a_token_is_stored_as_a_hash_and_good_from_its_addresses_alone(db):
    token = add(addresses=["192.0.2.10", "2001:db8:7::/48", "198.51.100.7/28"])
    row = BackupToken.get()
    assert row.addresses == "192.0.2.10 2001:db8:7::/48 198.51.100.0/28"
    assert len(token) == 43 and token not in (row.token_hash, row.name)
    assert [judged(token, address) for address in (HOME, "::ffff:192.0.2.10", "2001:db8:7:1::5", "198.51.100.14")] == [
        None
    ] * 4
    for address in ("192.0.2.11", "198.51.100.16", "2001:db8:8::1", "", "nonsense"):
        assert judged(token, address) == errors.TokenRefused
    assert BackupToken.get().used_at == NOW


@pytest.mark.parametrize("token", ["", "x", "ひみつ", "a" * 5000])
def test_an_unknown_token_is_refused(db, token):
    add()
    assert judged(token) == errors.TokenRefused


def test_a_revoked_token_is_good_for_nothing(db):
    token = add()
    tokens.revoke("bunkan", **BY)
    assert judged(token) == errors.TokenRefused
    with pytest.raises(errors.TokenUnknown):
        tokens.revoke("bunkan", **BY)
    assert (written("backup_token.added"), written("backup_token.revoked")) == (1, 1)


@pytest.mark.parametrize(
    ("name", "address", "refusal"),
    [
        ("", HOME, errors.TokenNameUnusable),
        ("分館", HOME, errors.TokenNameUnusable),
        ("-a", HOME, errors.TokenNameUnusable),
        ("a" * 31, HOME, errors.TokenNameUnusable),
        ("taken", HOME, errors.TokenNameTaken),
        ("other", "bunkan.example.jp", errors.AddressUnusable),
        ("other", "", errors.AddressUnusable),
        ("other", "0.0.0.0/0", errors.NetworkTooWide),
        ("other", "::/0", errors.NetworkTooWide),
    ],
)
def test_an_address_that_is_no_machine_is_refused(db, name, address, refusal):
    add("taken")
    with pytest.raises(refusal):
        add(name, [address])
    assert [row.name for row in tokens.every()] == ["taken"]


def test_a_machine_refused_too_often_waits_and_a_right_token_does_not(db):
    token = add()
    assert {judged("wrong") for _ in range(tokens.FREE)} == {errors.TokenRefused}
    assert judged("wrong") == errors.TokenWaits
    assert Throttle.get().failures == tokens.FREE  # nothing more is written
    assert judged(token) is None
    assert judged("wrong", ELSEWHERE) == errors.TokenRefused
    assert judged("wrong", now=NOW + tokens.PERIOD) == errors.TokenRefused


def test_refusals_are_written_down_once_an_hour_and_a_strangers_address_is_not(db):
    token = add()
    for _ in range(3):
        judged("wrong", ELSEWHERE)
        judged(token, ELSEWHERE)
    assert (written(tokens.UNKNOWN), written(tokens.MISUSED)) == (1, 1)
    assert Audit.get(Audit.action == tokens.UNKNOWN).details == {}
    assert Audit.get(Audit.action == tokens.MISUSED).details == {"of": ELSEWHERE, "name": "bunkan"}
    judged(token, ELSEWHERE, now=NOW + timedelta(hours=2))
    assert written(tokens.MISUSED) == 2


def test_each_address_from_which_a_stolen_token_comes_is_written_down(db):
    token, places = add(), [f"198.51.100.{number}" for number in range(1, 4)]
    for place in [*places, *places, "2001:db8::1", "2001:db8::2"]:
        judged(token, place)
    told = [row.details["of"] for row in Audit.select().where(Audit.action == tokens.MISUSED).order_by(Audit.id)]
    assert told == [*places, "2001:db8::1"]
    for number in range(40):
        judged(token, f"198.51.100.{100 + number}")
    assert written(tokens.MISUSED) == tokens.FREE


def test_a_theft_is_written_down_however_often_the_thief_knocked_before(db):
    token = add()
    for _ in range(tokens.FREE):
        judged("wrong", ELSEWHERE)
    assert judged(token, ELSEWHERE) == errors.TokenWaits
    assert written(tokens.MISUSED) == 1


def test_an_address_of_ipv4_that_is_mapped_to_ipv6_is_the_one_of_ipv4(db):
    token = add(addresses=[f"::ffff:{HOME}", "::ffff:198.51.100.0/124"])
    assert BackupToken.get().addresses == f"{HOME} 198.51.100.0/28"
    assert [judged(token, address) for address in (HOME, f"::ffff:{HOME}", "198.51.100.15")] == [None] * 3
    with pytest.raises(errors.NetworkTooWide):
        add("other", ["::ffff:0:0/96"])


def test_a_token_that_is_used_elsewhere_is_told_for_a_day(db):
    judged("wrong", ELSEWHERE)
    assert faults.in_database({}, now=clock.now()) == []
    judged(add(), ELSEWHERE)
    assert faults.in_database({}, now=NOW + timedelta(minutes=1)) == [faults.Fault("backup_token", "bunkan")]
    assert faults.in_database({}, now=NOW + timedelta(days=1, seconds=1)) == []


def test_a_copy_may_leave_although_nothing_can_be_written(db):
    token = add()
    with engines.inserts_refused("throttle"):
        assert judged(token) is None
    assert database.damage_and_orphans() == []
