"""利用者登録: cards that the desk makes, changes and replaces.

The library owns these facts of a person (name, birth date, phones, address, category, branch); what the patron chose stays theirs.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import Any

from library import audit, branches, clock, dates, errors, policy, postal_codes
from library.access import sessions
from library.access.factors import passkeys
from library.access.guessing import check_numbers, tries
from library.lending.holds import holds
from library.numbers import cards
from library.patrons import homes, names, patrons
from library.store import database
from models import Branch, Patron

OLDEST = 130  # years
PHONE = re.compile(r"[0-9+(][0-9()+\- ]{7,19}\Z")
LONGEST = 255  # characters

OWNED = (
    "name", "name_kana", "birth_date", "category", *patrons.PHONES, *homes.FIELDS, "branch", "expires_on", "titles_in_mail",
)  # fmt: skip
NOT_SUSPENDED = {"suspended_on": None, "suspended_reason": ""}  # columns
_DASHES = str.maketrans("‐−–", "---")
_PARTED = re.compile(r"[()\s-]+")  # what stands between the parts of a phone number


# -- reading what was typed ------------------------------------------------------------------------------------------
def phone(text: str) -> str:
    """Return a phone number in plain digits and hyphens, empty for nothing. PhoneMalformed when it is none."""
    text = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    if text and not PHONE.match(text):
        raise errors.PhoneMalformed()
    return _parted(text)


def _parted(number: str) -> str:
    return _PARTED.sub("-", number).strip("-")


def lacks_zero(number: str) -> bool:
    """Tell whether a phone number has the 9 or 10 digits that are left when a spreadsheet took its first 0."""
    return re.fullmatch("[1-9][0-9]{8,9}", number.replace("-", "")) is not None


def check_birth(day: date, *, today: date) -> None:
    """Refuse a day to come or beyond any age: BirthDateImpossible."""
    if day > today or day.year < today.year - OLDEST:
        raise errors.BirthDateImpossible()


def categories(patron: Patron | None = None, rules: policy.Policy | None = None) -> list[str]:
    """Return the categories that a patron may have: those of the rules, and the one that this patron has already."""
    known = (rules or policy).get("categories")
    return known if patron is None or patron.category in known else [*known, patron.category]


def warnings(patron: Patron, *, today: date, rules: policy.Policy | None = None) -> dict:
    """Return what is odd about a patron and may stay so, by field."""
    found = {}
    if patron.category not in (rules or policy).get("categories"):
        found["category"] = [errors.CategoryNotInRules(category=patron.category)]
    if not patron.guardian_name and homes.is_asked_for_guardian(patron, today=today):
        found["guardian_name"] = [errors.GuardianNotOnFile(age=homes.ASKED_BELOW)]
    return found


def read(typed: dict, *, today: date, patron: Patron | None = None) -> dict:
    """Return the values of a patron's form, by OWNED; RefusedTogether by field. ``typed``: texts, the branch as its id, ticks.

    ``patron``: who is changed, and may keep a category that the rules lack and have no branch and no birth date still.
    """
    reader = _Reader(typed)
    has_birth_date = not homes.is_group(typed.get("category") or "") and (
        patron is None or patron.birth_date is not None
    )
    values = {
        "name": names.written(reader.required("name")),
        "name_kana": names.kana(reader.text("name_kana")),
        "birth_date": reader.day("birth_date", required=has_birth_date),
        "category": reader.among("category", categories(patron)),
        **{name: reader.tried(name, phone) for name in (*patrons.PHONES, "guardian_phone")},
        "postal_code": reader.tried("postal_code", postal_codes.read),
        "address": " ".join(reader.text("address").split()),
        "guardian_name": names.written(reader.text("guardian_name")),
        "residence": reader.among("residence", ("", *patrons.residences())),
        "branch": reader.branch(required=patron is None or patron.branch_id is not None),
        "expires_on": reader.day("expires_on"),
        "titles_in_mail": bool(typed.get("titles_in_mail")),
    }
    if values["birth_date"]:
        reader.tried("birth_date", lambda _: check_birth(values["birth_date"], today=today))
    reader.check()
    if refused := homes.refusals(values, today=today):
        raise errors.RefusedTogether(refused)
    return values


class _Reader:
    def __init__(self, typed: dict) -> None:
        self.typed, self.refused = typed, {}

    def check(self) -> None:
        if self.refused:
            raise errors.RefusedTogether(self.refused)

    def text(self, name: str) -> str:
        text = self.typed.get(name) or ""
        if len(text) > LONGEST:
            self.refused[name] = [errors.FieldTooLong(maximum=LONGEST)]
        return text.strip()

    def required(self, name: str) -> str:
        text = self.text(name)
        if not text:
            self.refused.setdefault(name, [errors.FieldEmpty()])
        return text

    def tried(self, name: str, reading: Callable[[str], Any]) -> Any:
        try:
            return reading(self.text(name))
        except errors.Refused as refusal:
            self.refused.setdefault(name, [refusal])
            return None

    def day(self, name: str, required: bool = False) -> date | None:
        text = self.required(name) if required else self.text(name)
        try:
            return dates.parse(text) if text else None
        except ValueError:
            self.refused.setdefault(name, [errors.DateMalformed()])
            return None

    def among(self, name: str, known: Iterable[str]) -> str:
        text = self.text(name)
        if text not in known:
            self.refused.setdefault(name, [errors.ChoiceUnknown()])
        return text

    def branch(self, required: bool) -> Branch | None:
        text = self.text("branch")
        if not text and not required:
            return None
        found = branches.find(int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None
        if found is None:
            self.refused.setdefault("branch", [errors.ChoiceUnknown()])
        return found


# -- making and changing ---------------------------------------------------------------------------------------------
def maybe_same(values: dict) -> list[Patron]:
    """Return the patrons born on the same day who have the same reading, or the same name in whatever form of its letters; closed cards not."""
    key = names.keys({name: values[name] for name in ("name", "name_kana")})
    is_called = (Patron.kana_key == key["kana_key"]) & (Patron.kana_key != "") | (Patron.name_key == key["name_key"])
    of_day = Patron.birth_date.is_null(False) & (Patron.birth_date == values["birth_date"])
    rows = Patron.select().where(of_day, is_called, Patron.state != "closed")
    return list(rows.order_by(Patron.card_number))


def register(
    number: str, values: dict, *, by: str, today: date, now: datetime, apart_from: Collection[int] = ()
) -> tuple[Patron, str | None]:
    """Make a card; return the patron and any one-time code. Refused as ``cards.require_new`` does, and MaybeSamePerson.

    ``apart_from``: the patrons of whom it was seen that they are others.
    """
    with database.writing():
        number = cards.require_new(number)
        known = [row.id for row in maybe_same(values)]
        if not set(known) <= set(apart_from):
            raise errors.RefusedTogether({"name": [errors.MaybeSamePerson(ids=tuple(known))]})
        values = values | {"registered_on": today, "expires_on": values["expires_on"] or renewed_until(today)}
        values["retention_from"] = today
        values["card_number"] = number
        patron = Patron.create(**values, **names.keys(values))
        code = patrons.issue_initial_password(patron, now=now)
        audit.record("patron.registered", actor=by, now=now, patron=patron, via="desk")
    return patron, code


def change(patron: Patron, values: dict, *, by: str, now: datetime) -> list[str]:
    """Set what the library owns; return the names of what changed."""
    with database.writing():
        changed = [name for name in OWNED if getattr(patron, name) != values[name]]
        for name in changed:
            setattr(patron, name, values[name])
        if changed:
            follows: dict[str, Any] = names.keys({name: values[name] for name in changed})
            if "expires_on" in changed:
                follows["retention_from"] = clock.day_of(now)
            for name, value in follows.items():
                setattr(patron, name, value)
            patron.save(only=[*changed, *follows])
            if "expires_on" in changed:
                holds.patron_changed(patron, now=now)
            audit.record("patron.changed", actor=by, now=now, patron=patron, fields=changed, via="desk")
    return changed


def fold_again() -> int:
    """Write names, phones and keys of all patrons as this version of the program does; return how many changed."""
    columns = {*names.KEYS, *(column for column, _ in names.KEYS.values())}
    changed = 0
    for row in list(Patron.select(Patron.id, *(getattr(Patron, name) for name in columns))):
        wanted = {
            "card_number": row.card_number,
            "name": names.written(row.name),
            "name_kana": names.kana(row.name_kana),
        }
        wanted |= {phone: _parted(getattr(row, phone)) for phone in (*patrons.PHONES, "guardian_phone")}
        wanted |= names.keys(wanted)
        differs = {column: value for column, value in wanted.items() if getattr(row, column) != value}
        if differs:
            Patron.update(differs).where(Patron.id == row.id).execute()
            changed += 1
    return changed


def renewed_until(today: date) -> date:
    """Return the last day of a card that is made or renewed today."""
    years = policy.get("card_years")
    try:
        return today.replace(year=today.year + years)
    except ValueError:  # 29 February
        return today.replace(year=today.year + years, day=28)


def renew_card(patron: Patron, *, by: str, today: date, now: datetime) -> date:
    """有効期限の更新: renew a card from today; return its last day."""
    until = renewed_until(today)
    with database.writing():
        Patron.update(expires_on=until).where(Patron.id == patron.id).execute()
        holds.patron_changed(patron, now=now)
        audit.record("patron.card_renewed", actor=by, now=now, patron=patron)
    return until


def suspend(patron: Patron, reason: str, *, by: str, now: datetime) -> None:
    """利用停止: suspend a card, with a reason for the record. ReasonMissing without one."""
    reason = reason.strip()[:LONGEST]
    if not reason:
        raise errors.ReasonMissing()
    stopped = {"suspended_on": clock.day_of(now), "suspended_reason": reason}
    _set_state(patron, "suspended", stopped, by=by, now=now, reason=reason)


def resume(patron: Patron, *, by: str, now: datetime) -> None:
    """利用停止の解除: end a suspension."""
    _set_state(patron, "active", NOT_SUSPENDED, by=by, now=now)


def for_staff(reasons: Iterable[errors.Refused], patron: Patron, *, today: date) -> list:
    """Return the reasons in full, as staff see them: a patron would be sent to the desk for some."""
    return [_for_staff(reason, patron, today) for reason in reasons]


def _for_staff(reason: errors.Refused, patron: Patron, today: date) -> errors.Refused:
    if isinstance(reason, errors.CardExpired) and patron.expires_on:
        return errors.CardExpiredOn(day=dates.with_weekday(patron.expires_on))
    return suspension(patron, today=today) if isinstance(reason, errors.CardSuspended) else reason


def suspension(patron: Patron, *, today: date) -> errors.Refused:
    """Return since when and why a card is stopped, as far as it is known."""
    day, why = patron.suspended_on, patron.suspended_reason
    if day is None:
        return errors.CardStoppedBecause(why=why) if why else errors.CardStopped()
    words = dates.with_weekday(day, year=day.year != today.year)[:-3]
    return errors.CardStoppedSince(day=words, why=why or "記録はありません")


def _set_state(patron: Patron, state: str, columns: dict, *, by: str, now: datetime, **details: object) -> None:
    with database.writing():
        others = (Patron.id == patron.id, Patron.state.not_in((state, "closed")))
        if Patron.update(state=state, **columns).where(*others).execute():
            holds.patron_changed(patron, now=now)
            audit.record(f"patron.{state}", actor=by, now=now, patron=patron, **details)


def replace_card(patron: Patron, number: str, *, by: str, now: datetime) -> None:
    """紛失: give the account a new number; the old one is refused from now on, at the desk and on the web.

    Its other numbers stay, its sessions end. Refused as ``cards.require_new`` does.
    """
    with database.writing():
        number = cards.require_new(number)
        tries.start_anew(tries.card_counter(patron))
        cards.replace(patron, number, names.keys({"card_number": number}), now=now)
        sessions.end_others(patron)
        patrons.forget_old_password(patron)
        passkeys.forget(patron)
        audit.record("patron.card_replaced", actor=by, now=now, patron=patron)


def note(patron: Patron, text: str, *, by: str, now: datetime) -> None:
    """Write 窓口メモ, for staff only; its text is not in the record of operations. FieldTooLong."""
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise errors.FieldTooLong(maximum=LONGEST)
    with database.writing():
        if Patron.update(desk_note=text).where(Patron.id == patron.id, Patron.desk_note != text).execute():
            audit.record("patron.noted", actor=by, now=now, patron=patron)


def release(patron: Patron, key: str, *, by: str, now: datetime) -> str:
    """Let a card in again that was slowed down after wrong passwords, whoever goes on guessing; return a 確認番号 for its patron."""
    with database.writing():
        tries.release(tries.card_counter(patron), now=now)
        Patron.update(initial_failures=0).where(Patron.id == patron.id).execute()
        audit.record("patron.released", actor=by, now=now, patron=patron)
        return check_numbers.issue(patron, key, now=now)
