"""非常時の票: numbered paper slips, printed beforehand, filled in by hand, and entered once each.

The number has the day of printing, so slips from before a restored backup never equal later ones; a check digit tells
an unknown slip from a typing mistake.
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from library import clock, dates, errors
from library.numbers import check_digits, parsing
from library.offline import entries
from library.store import database
from models import Branch, OfflineSlip

LETTER, RULE = "H", "m10w31"
LINES = 6  # copies on a slip
MOST_A_DAY = 999
A_SHEET = 4  # slips on A4
NOON = time(12)
_NUMBER = re.compile(LETTER + r"[0-9]{10}")  # year, month, day, number of that day, check digit
_HOUR = re.compile(r"([0-2]?[0-9])[:時]([0-5]?[0-9])分?")
_NAMES = uuid.UUID("6f1a1f0e-6d0c-5b52-9f4e-0d3e5a5f2a47")  # namespace of the keys of slips' entries


def make(count: int, *, now: datetime) -> list[str]:
    """Return the numbers of new slips. Raises: SlipsUsedUp."""
    day = f"{LETTER}{clock.day_of(now):%y%m%d}"
    with database.writing():
        last = OfflineSlip.select(OfflineSlip.number).where(OfflineSlip.number.startswith(day))
        row = last.order_by(OfflineSlip.number.desc()).first()
        done = int(row.number[7:10]) if row else 0
        if done + count > MOST_A_DAY:
            raise errors.SlipsUsedUp(most=MOST_A_DAY)
        numbers = [_checked(f"{day}{place:03}") for place in range(done + 1, done + count + 1)]
        OfflineSlip.insert_many([{"number": number} for number in numbers]).execute()
    return numbers


def of_sheets(first: str, sheets: int) -> list[str]:
    """Return the numbers of slips from ``first`` on, of its day, for so many sheets (A_SHEET each); to print again."""
    rows = OfflineSlip.select(OfflineSlip.number).where(
        OfflineSlip.number >= first, OfflineSlip.number.startswith(first[: len(LETTER) + 6])
    )
    return [row.number for row in rows.order_by(OfflineSlip.number).limit(sheets * A_SHEET)] if first else []


def _checked(payload: str) -> str:
    return f"{payload}{check_digits.digit(RULE, payload)}"


def read(text: str) -> str:
    """Return the number of a slip as scanned or typed. Raises: SlipUnknown."""
    number = parsing.fold(text).replace("-", "").strip("*")
    if not _NUMBER.fullmatch(number) or not check_digits.is_right(RULE, number):
        raise errors.SlipUnknown()
    return number


def read_moment(day: str, hour: str, *, now: datetime) -> datetime:
    """Return the moment of the act; noon without an hour. Raises: RefusedTogether by ``day`` and ``hour``."""
    problems: dict[str, list[errors.Refused]] = {}
    happened, at = None, NOON
    first, today = clock.day_of(now - entries.KEPT), clock.day_of(now)
    try:
        happened = dates.parse(day)
        if not first < happened <= today:
            problems["day"] = [errors.SlipDayImpossible(first=dates.with_weekday(first + timedelta(days=1)))]
    except ValueError:
        problems["day"] = [errors.DateMalformed() if day.strip() else errors.FieldEmpty()]
    if hour.strip():
        found = _HOUR.fullmatch(parsing.fold(hour))
        if found and int(found[1]) < 24:
            at = time(int(found[1]), int(found[2]))
        else:
            problems["hour"] = [errors.SlipHourMalformed()]
    if problems:
        raise errors.RefusedTogether(problems)
    return _moment(happened or today, at, bool(hour.strip()), now)


def _moment(day: date, at: time, is_given: bool, now: datetime) -> datetime:
    moment = clock.at(day, at.hour, at.minute)
    if moment > now and is_given:
        raise errors.RefusedTogether({"hour": [errors.SlipInTheFuture()]})
    return min(moment, now)


def enter(
    typed: Mapping[str, str], *, kind: str, numbers: Sequence[str], at: Branch, by: str, now: datetime
) -> entries.Taken:
    """紙の票の入力: take in a slip. ``typed``: slip, day, hour, card; ``kind``: loan or return; ``numbers``: of copies.

    Raises: RefusedTogether by field; nothing is taken in then.
    """
    number, problems = "", {}
    moment = now
    try:
        number = read(typed["slip"])
    except errors.SlipUnknown as refusal:
        problems["slip"] = [refusal if typed["slip"].strip() else errors.FieldEmpty()]
    try:
        moment = read_moment(typed["day"], typed["hour"], now=now)
    except errors.RefusedTogether as together:
        problems |= together.by_field
    if kind == "loan" and not typed["card"].strip():
        problems["card"] = [errors.FieldEmpty()]
    if not numbers or len(numbers) > LINES:
        problems["copies"] = [errors.SlipHasTooMany(most=LINES) if numbers else errors.FieldEmpty()]
    if problems:
        raise errors.RefusedTogether(problems)
    card = typed["card"] if kind == "loan" else ""
    found = [
        entries.Entry(key(number, place), kind, moment, barcode, card) for place, barcode in enumerate(numbers, start=1)
    ]
    with database.writing():
        _use(number, now)
        return entries.take(found, at=at, by=by, now=now)


def key(number: str, place: int) -> str:
    """Return the entry key for a line (from 1) of a slip."""
    return str(uuid.uuid5(_NAMES, f"{number}/{place}"))


def _use(number: str, now: datetime) -> None:
    """Mark a slip as entered, in the caller's transaction; one unknown since a restored backup is added."""
    row, is_new = OfflineSlip.get_or_create(number=number, defaults={"used_at": now})
    if is_new:
        return
    if row.used_at is not None:
        raise errors.RefusedTogether({"slip": [errors.SlipUsed(day=dates.with_weekday(clock.day_of(row.used_at)))]})
    OfflineSlip.update(used_at=now).where(OfflineSlip.id == row.id).execute()
