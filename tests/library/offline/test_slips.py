"""紙の票: each number once, whichever library it was printed in."""

from datetime import date, timedelta

import pytest

from library import clock, errors
from library.account import retention
from library.offline import slips
from models import Loan, OfflineEntry, OfflineSlip
from tests import factories


def enter(slip, patron=None, numbers=(), kind="loan", day="2026-11-24", hour="13:30"):
    typed = {"slip": slip, "day": day, "hour": hour, "card": getattr(patron, "card_number", patron) or ""}
    return slips.enter(typed, kind=kind, numbers=numbers, at=factories.branch("本館"), by="staff:a", now=clock.now())


def problems(*args, **kwargs):
    with pytest.raises(errors.RefusedTogether) as refused:
        enter(*args, **kwargs)
    return {name: [type(each).__name__ for each in found] for name, found in refused.value.by_field.items()}


def test_numbers_say_the_day_and_go_on(db, moved_clock):
    first = slips.make(3, now=clock.now())
    assert [number[:10] for number in first] == ["H261125001", "H261125002", "H261125003"]
    assert slips.make(1, now=clock.now())[0].startswith("H261125004")
    assert slips.make(1, now=clock.now() + timedelta(days=1))[0].startswith("H261126001")
    with pytest.raises(errors.SlipsUsedUp):
        slips.make(996, now=clock.now())
    assert slips.of_sheets(first[1], 1)[:2] == first[1:] and slips.of_sheets("", 1) == []


def test_a_copy_written_on_a_slip_is_lent_on_its_day(patron):
    (slip,) = slips.make(1, now=clock.now())
    copies = [factories.item() for _ in range(2)]
    assert enter(f"*{slip.lower()}*", patron, [item.barcode for item in copies]) == (2, 0, 0)
    assert {loan.lent_on for loan in Loan.select()} == {date(2026, 11, 24)}
    assert clock.local(OfflineEntry.select().first().at).hour == 13


def test_a_slip_is_entered_once(patron):
    (slip,) = slips.make(1, now=clock.now())
    item = factories.item()
    enter(slip, patron, [item.barcode])
    assert problems(slip, patron, [factories.item().barcode]) == {"slip": ["SlipUsed"]}
    assert Loan.select().count() == 1


def test_a_slip_of_before_a_restored_backup_is_entered_once_too(patron):
    (slip,) = slips.make(1, now=clock.now())
    OfflineSlip.delete().execute()
    assert enter(slip, kind="return", numbers=["998"]) == (0, 1, 0)
    assert problems(slip, kind="return", numbers=["998"]) == {"slip": ["SlipUsed"]}


def test_returns_need_no_card(patron):
    (slip,) = slips.make(1, now=clock.now())
    loan = factories.loan(patron)
    assert enter(slip, patron, [loan.item.barcode], kind="return") == (1, 0, 0)


def test_without_an_hour_it_was_noon(patron):
    first, second = slips.make(2, now=clock.now())
    enter(first, patron, [factories.item().barcode], hour="")
    enter(second, patron, [factories.item().barcode], day="2026-11-25", hour="")
    at = [clock.local(row.at) for row in OfflineEntry.select().order_by(OfflineEntry.id)]
    assert (at[0].hour, at[1]) == (12, clock.local(clock.now()))  # today's noon is to come


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"slip": "H2611250019"}, {"slip": ["SlipUnknown"]}),
        ({"slip": "2000000001"}, {"slip": ["SlipUnknown"]}),
        ({"slip": " "}, {"slip": ["FieldEmpty"]}),
        ({"day": "きのう"}, {"day": ["DateMalformed"]}),
        ({"day": ""}, {"day": ["FieldEmpty"]}),
        ({"day": "2026-11-26"}, {"day": ["SlipDayImpossible"]}),
        ({"day": "2025-11-25"}, {"day": ["SlipDayImpossible"]}),
        ({"hour": "25:00"}, {"hour": ["SlipHourMalformed"]}),
        ({"day": "2026-11-25", "hour": "23:00"}, {"hour": ["SlipInTheFuture"]}),
        ({"patron": ""}, {"card": ["FieldEmpty"]}),
        ({"numbers": []}, {"copies": ["FieldEmpty"]}),
        ({"numbers": ["1"] * 7}, {"copies": ["SlipHasTooMany"]}),
    ],
)
def test_a_wrong_slip_is_told_and_nothing_is_entered(db, given, wrong):
    (slip,) = slips.make(1, now=clock.now())
    assert problems(**{"slip": slip, "patron": "1", "numbers": ["2"]} | given) == wrong
    assert not OfflineEntry.select().exists()
    assert OfflineSlip.get().used_at is None


def test_used_numbers_are_forgotten_after_a_year_and_those_in_the_drawer_stay(db, moved_clock):
    used, unused = slips.make(2, now=clock.now())
    enter(used, kind="return", numbers=["998"])
    retention.clean_up(now=moved_clock.now + timedelta(days=366))
    assert [row.number for row in OfflineSlip.select()] == [unused]
