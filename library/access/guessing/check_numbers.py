"""確認番号: the last four digits of a phone number on file, or six digits from the desk: a proof beside the password, never
alone.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from datetime import datetime, timedelta

from library import invisible
from library.access import marks
from models import CheckNumber, Patron

KEPT = timedelta(minutes=10)
DIGITS, DIGITS_OF_PHONE = 6, 4


def fold(text: str) -> str:
    """Return the typed text without spaces and hyphens, full-width digits as plain ones."""
    return re.sub(r"[\s\-‐‑–—―−ー]", "", unicodedata.normalize("NFKC", invisible.drop(text)))


def issue(patron: Patron, key: str, *, now: datetime) -> str:
    """Return a new number for a patron, in the caller's transaction. It replaces an earlier one."""
    number = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    columns = {CheckNumber.number_hash: _hashed(patron.id, number, key), CheckNumber.expires_at: now + KEPT}
    row = CheckNumber.insert({CheckNumber.patron: patron} | columns)
    row.on_conflict(conflict_target=[CheckNumber.patron], update=columns).execute()
    return number


def is_right(patron: Patron | None, typed: str, key: str, *, now: datetime) -> bool:
    """Tell whether what was typed is a 確認番号 of the patron. Without a patron it is False after the same time."""
    given, of_desk = fold(typed)[:20], is_of_desk(patron, typed, key, now=now)
    phones = [patron.phone_home, patron.phone_mobile, patron.phone_work] if patron else ["", "", ""]
    of_phone = [_same(_last_digits(phone), given) for phone in phones]
    return of_desk or (len(given) == DIGITS_OF_PHONE and any(of_phone))


def is_of_desk(patron: Patron | None, typed: str, key: str, *, now: datetime) -> bool:
    """Tell whether what was typed is the number that the desk told the patron. Without a patron it is False after the
    same time.
    """
    number = patron.id if patron else marks.NOBODY
    live = CheckNumber.get_or_none(CheckNumber.patron == number, CheckNumber.expires_at > now)
    return _same(live.number_hash if live else "", _hashed(number, fold(typed)[:20], key))


def use_up(patron: Patron, typed: str, key: str) -> None:
    """Delete the number of the desk if it is what was typed, in the caller's transaction."""
    mine = CheckNumber.number_hash == _hashed(patron.id, fold(typed)[:20], key)
    CheckNumber.delete().where(CheckNumber.patron == patron.id, mine).execute()


def _last_digits(phone: str) -> str:
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone or ""))
    return digits[-DIGITS_OF_PHONE:] if len(digits) > DIGITS_OF_PHONE else ""


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _hashed(number: int, typed: str, key: str) -> str:
    return hmac.new(key.encode(), f"check\n{number}\n{typed}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
