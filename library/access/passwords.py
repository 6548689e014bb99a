"""Passwords: folded, judged, hashed. The rules are of NIST 800-63B and ASVS 5.0 6.2, with Japanese facts in them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from library import errors, invisible, policy
from library.catalog.folding import romaji
from library.numbers import cards
from models import Patron

MAXIMUM = 128  # characters; longer input is cut off before it costs a hash
BESIDE = 6  # characters that a new password needs beside facts that others know
# OWASP's minimum for argon2id: 19 MB and about 25 ms, so that two cores keep up with a morning's sign-ins.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_COMMON = Path(__file__).with_name("common_passwords.txt")
ERAS = (("r", 2019), ("h", 1989), ("s", 1926), ("t", 1912), ("m", 1868))
ERA_NAMES = {"r": "令和", "h": "平成", "s": "昭和", "t": "大正", "m": "明治"}


def fold(text: str) -> str:
    """Return one spelling for the same keys on different machines: NFKC, nothing invisible, cut off after MAXIMUM."""
    return unicodedata.normalize("NFKC", invisible.drop(text[: MAXIMUM + 1]))


def hash_password(text: str) -> str:
    return HASHER.hash(fold(text))


def verify(hashed: str, text: str) -> bool:
    """Tell whether the password is the hashed one. Without a hash it is False after the same time."""
    try:
        return HASHER.verify(hashed or _nobody(), fold(text)) and bool(hashed)
    except (VerificationError, InvalidHashError):
        return False


def require_typed(name: str, text: str, missing: type[errors.Refused], password: str) -> None:
    """Refuse a sign-in with an empty field, before it counts anywhere. Raises: RefusedTogether by field."""
    refused = {} if text else {name: [missing()]}
    if not fold(password):
        refused["password"] = [errors.PasswordMissing()]
    if refused:
        raise errors.RefusedTogether(refused)


def needs_rehash(hashed: str) -> bool:
    return HASHER.check_needs_rehash(hashed)


@cache
def _nobody() -> str:
    return HASHER.hash("nobody has this password")


def refusals(new: str, again: str, found: list[errors.Refused]) -> dict[str, list[errors.Refused]]:
    """Return the refusals of a new password by field (new_password, new_password_again). ``found``: its weaknesses."""
    refused: dict[str, list[errors.Refused]] = {}
    if not new:
        refused["new_password"] = [errors.NewPasswordMissing()]
    elif found:
        refused["new_password"] = found
    if not again:
        refused["new_password_again"] = [errors.NewPasswordAgainMissing()]
    elif new and fold(new) != fold(again):
        refused["new_password_again"] = [errors.NewPasswordsDiffer()]
    return refused


def weaknesses(text: str, patron: Patron) -> list:
    """Return the refusal of a weak password of this patron, the most helpful one, in a list; [] for a good password."""
    return weaknesses_of_any(text, policy.get("password_minimum"), _personal(patron))


def weaknesses_of_any(text: str, minimum: int, personal: Iterable[tuple[type[errors.Refused], list[str]]]) -> list:
    """Return the refusal of a weak password in a list, for anybody. ``minimum``: characters; ``personal``: pairs of a
    refusal and the facts that bring it.
    """
    folded = fold(text)
    if len(text) > MAXIMUM or len(folded) > MAXIMUM:
        return [errors.FieldTooLong(maximum=MAXIMUM)]
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn") for letter in folded):
        return [errors.PasswordHasControl()]
    for refusal, facts in personal:
        if _made_of(folded, facts):
            return [refusal(beside=BESIDE)]
    if len(folded) < minimum:
        return [errors.PasswordTooShort(minimum=minimum, now=len(folded))]
    if _bare(folded) in _frequent_passwords():
        return [errors.PasswordIsCommon()]
    return []


def _personal(patron: Patron) -> Iterator[tuple[type[errors.Refused], list[str]]]:
    numbers = {patron.card_number, *cards.all_of(patron)}
    own = [*numbers, *(number.lstrip("0") for number in numbers)]
    names, phones, births = _names(patron), _phones(patron), birth_forms(patron.birth_date) if patron.birth_date else []
    yield errors.PasswordIsCardNumber, own
    yield errors.PasswordIsBirthDate, births
    yield errors.PasswordIsPhone, phones
    yield errors.PasswordIsName, names
    yield errors.PasswordIsPersonal, own + births + phones + names


def _made_of(folded: str, facts: list[str]) -> bool:
    """Tell whether the password has one of the facts in it and fewer than BESIDE other characters. Linear in its
    length.
    """
    bare = _bare(folded)
    known = {fact for fact in facts if fact and fact in bare}
    others = list(range(len(bare) + 1))  # the fewest characters outside the facts, up to each position
    for end in range(1, len(bare) + 1):
        starts = [end - len(fact) for fact in known if bare.endswith(fact, 0, end)]
        others[end] = min([others[end - 1] + 1, *(others[start] for start in starts)])
    return others[-1] < min(BESIDE, len(bare))


def _bare(text: str) -> str:
    """Return the text as a guesser would try it: small letters, hiragana, no spaces or punctuation."""
    small = romaji.hiragana(unicodedata.normalize("NFKC", text)).casefold()
    return re.sub(r"[\W_]", "", small) or small


def birth_forms(day: date) -> list[str]:
    """Return the ways to type a birth date: with and without year, western and by era, with and without zeros."""
    month_days = {f"{day.month:02}{day.day:02}", f"{day.month}{day.day}", f"{day.month}月{day.day}日"}
    years = {str(day.year), f"{day.year % 100:02}", f"{day.year}年"}
    for letter, first in ERAS:
        if day.year >= first:
            number = day.year - first + 1
            years |= {f"{letter}{number}", f"{letter}{number:02}", f"{ERA_NAMES[letter]}{number}年"}
            years |= {f"{ERA_NAMES[letter]}{number}", f"{number:02}"}
            break
    whole = {year + month_day for year in years for month_day in month_days}
    return sorted(whole | month_days | {str(day.year), f"{day.month:02}", f"{day.day:02}"})


def _phones(patron: Patron) -> list[str]:
    numbers = (patron.phone_home, patron.phone_mobile, patron.phone_work)
    return [re.sub(r"\D", "", unicodedata.normalize("NFKC", number)) for number in numbers if number]


def _names(patron: Patron) -> list[str]:
    parts = [patron.name, patron.name_kana, *re.split(r"[\s・]+", f"{patron.name} {patron.name_kana}")]
    bare = {_bare(part) for part in parts if part.strip()}
    return sorted(bare | {spelled for part in bare for spelled in romaji.romanisations(part)})


@cache
def _frequent_passwords() -> frozenset[str]:
    return frozenset(_COMMON.read_text(encoding="utf-8").split())
