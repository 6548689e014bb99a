"""利用者登録: cards that the desk makes, changes and replaces.

The library owns a patron's name, birth date, phones, address, category and branch (``patron_columns.OWNED``); the
patron's own choices are ``library.patrons.profile``.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import Any

from library import audit, branches, clock, dates, errors, patron_columns, policy
from library.access import sessions
from library.access.factors import passkeys
from library.access.guessing import check_numbers, tries
from library.lending.holds import holds
from library.numbers import cards
from library.patrons import homes, names, patrons
from library.store import database
from models import Branch, Patron

OLDEST = 130  # years
LONGEST = 255  # characters
NOT_SUSPENDED = {"suspended_on": None, "suspended_reason": ""}  # columns


# -- reading what was typed ------------------------------------------------------------------------------------------
def check_birth(day: date, *, today: date) -> None:
    """Refuse a birth date in the future or beyond any age. Raises: BirthDateImpossible."""
    if day > today or day.year < today.year - OLDEST:
        raise errors.BirthDateImpossible()


def categories(patron: Patron | None = None, rules: policy.Policy | None = None) -> list[str]:
    """Return the categories that a patron may have: those of the rules, and the patron's own."""
    known = (rules or policy).get("categories")
    return known if patron is None or patron.category in known else [*known, patron.category]


def warnings(patron: Patron, *, today: date, rules: policy.Policy | None = None) -> dict:
    """Return the warnings about a patron by field: facts that are odd and may stay so."""
    found = {}
    if patron.category not in (rules or policy).get("categories"):
        found["category"] = [errors.CategoryNotInRules(category=patron.category)]
    if not patron.guardian_name and homes.is_asked_for_guardian(patron, today=today):
        found["guardian_name"] = [errors.GuardianNotOnFile(age=homes.ASKED_BELOW)]
    return found


def read(typed: dict, *, today: date, patron: Patron | None = None) -> dict:
    """Return the values of a patron's form by ``patron_columns.OWNED``. ``typed``: texts, the branch as its id, ticks.
    Raises: RefusedTogether by field.

    ``patron``: the one who is changed, and may keep a category that the rules lack, no branch and no birth date.
    """
    reader = _Reader(typed)
    is_group = homes.is_group(typed.get("category") or "")
    has_birth_date = not is_group and (patron is None or patron.birth_date is not None)
    values = {column.name: reader.parsed(column.name, names.WRITTEN[column.text]) for column in patron_columns.TEXTS}
    values |= {
        "name": names.written(reader.required("name")),
        "birth_date": reader.day("birth_date", required=has_birth_date),
        "category": reader.among("category", categories(patron)),
        "residence": reader.among("residence", ("", *patrons.residences())),
        "branch": reader.branch(required=patron is None or patron.branch_id is not None),
        "expires_on": reader.day("expires_on"),
        "titles_in_mail": bool(typed.get("titles_in_mail")),
    } | ({} if is_group else dict.fromkeys(patron_columns.OF_GROUPS, ""))
    if values["birth_date"]:
        reader.parsed("birth_date", lambda _: check_birth(values["birth_date"], today=today))
    reader.raise_refusals()
    if refused := homes.refusals(values, today=today):
        raise errors.RefusedTogether(refused)
    return values


class _Reader:
    """Reads the fields of a form. Each method returns the value of a field, or notes its refusal and returns None or
    the text.
    """

    def __init__(self, typed: dict) -> None:
        self.typed, self.refused = typed, {}

    def raise_refusals(self) -> None:
        """Raises: RefusedTogether with all noted refusals by field, if there is one."""
        if self.refused:
            raise errors.RefusedTogether(self.refused)

    def text(self, name: str) -> str:
        """Return the trimmed text of a field."""
        text = self.typed.get(name) or ""
        if len(text) > LONGEST:
            self.refused[name] = [errors.FieldTooLong(maximum=LONGEST)]
        return text.strip()

    def required(self, name: str) -> str:
        """Return the text of a field that must be filled."""
        text = self.text(name)
        if not text:
            self.refused.setdefault(name, [errors.FieldEmpty()])
        return text

    def parsed(self, name: str, reading: Callable[[str], Any]) -> Any:
        """Return the result of ``reading`` the text of a field; None where that refuses it."""
        try:
            return reading(self.text(name))
        except errors.Refused as refusal:
            self.refused.setdefault(name, [refusal])
            return None

    def day(self, name: str, required: bool = False) -> date | None:
        """Return the day in a field; None where it is empty or no day."""
        text = self.required(name) if required else self.text(name)
        try:
            return dates.parse(text) if text else None
        except ValueError:
            self.refused.setdefault(name, [errors.DateMalformed()])
            return None

    def among(self, name: str, known: Iterable[str]) -> str:
        """Return the text of a field that must be one of ``known``."""
        text = self.text(name)
        if text not in known:
            self.refused.setdefault(name, [errors.ChoiceUnknown()])
        return text

    def branch(self, required: bool) -> Branch | None:
        """Return the branch whose id is typed; None where there is none."""
        text = self.text("branch")
        if not text and not required:
            return None
        found = branches.find(int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None
        if found is None:
            self.refused.setdefault("branch", [errors.ChoiceUnknown()])
        return found


# -- making and changing ---------------------------------------------------------------------------------------------
def maybe_same(values: dict) -> list[Patron]:
    """Return the patrons born on the same day with the same reading, or the same name in any form of its letters; no
    closed cards.
    """
    key = names.keys({name: values[name] for name in ("name", "name_kana")})
    is_called = (Patron.kana_key == key["kana_key"]) & (Patron.kana_key != "") | (Patron.name_key == key["name_key"])
    of_day = Patron.birth_date.is_null(False) & (Patron.birth_date == values["birth_date"])
    rows = Patron.select().where(of_day, is_called, Patron.state != "closed")
    return list(rows.order_by(Patron.card_number))


def register(
    number: str, values: dict, *, by: str, today: date, now: datetime, apart_from: Collection[int] = ()
) -> tuple[Patron, str | None]:
    """Make a card; return the patron, and the one-time code where the library uses codes, else None.

    ``apart_from``: ids of patrons whom the desk knows to be others. Raises: the refusals of ``cards.require_new``;
    RefusedTogether with MaybeSamePerson.
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
    """Set the values that the library owns; return the names of the changed ones."""
    with database.writing():
        changed = [name for name in patron_columns.OWNED if getattr(patron, name) != values[name]]
        for name in changed:
            setattr(patron, name, values[name])
        if changed:
            follows: dict[str, Any] = names.keys({name: values[name] for name in changed})
            if "expires_on" in changed:
                follows["retention_from"] = clock.day_of(now)
            if homes.is_group(values["category"]):
                follows["keep_history"] = False
            for name, value in follows.items():
                setattr(patron, name, value)
            patron.save(only=[*changed, *follows])
            if "expires_on" in changed:
                holds.card_changed(patron, now=now)
            audit.record("patron.changed", actor=by, now=now, patron=patron, fields=changed, via="desk")
    return changed


def fold_again() -> int:
    """Store names, phones and keys of all patrons as this version of the program does; return the
    number that changed.
    """
    columns = {*names.KEYS, *(column for column, _ in names.KEYS.values())}
    changed = 0
    for row in list(Patron.select(Patron.id, *(getattr(Patron, name) for name in columns))):
        wanted = {
            "card_number": row.card_number,
            "name": names.written(row.name),
            "name_kana": names.kana(row.name_kana),
        }
        wanted |= {phone: names.parted(getattr(row, phone)) for phone in (*patrons.PHONES, "guardian_phone")}
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
        holds.card_changed(patron, now=now)
        audit.record("patron.card_renewed", actor=by, now=now, patron=patron)
    return until


def suspend(patron: Patron, reason: str, *, by: str, now: datetime) -> None:
    """利用停止: suspend a card, with a reason for the record. Raises: ReasonMissing."""
    reason = reason.strip()[:LONGEST]
    if not reason:
        raise errors.ReasonMissing()
    stopped = {"suspended_on": clock.day_of(now), "suspended_reason": reason}
    _set_state(patron, "suspended", stopped, by=by, now=now, reason=reason)


def resume(patron: Patron, *, by: str, now: datetime) -> None:
    """利用停止の解除: end a suspension."""
    _set_state(patron, "active", NOT_SUSPENDED, by=by, now=now)


def for_staff(reasons: Iterable[errors.Refused], patron: Patron, *, today: date) -> list:
    """Return these refusals with day and reason, for staff: a patron would be sent to the desk for them."""
    return [_for_staff(reason, patron, today) for reason in reasons]


def _for_staff(reason: errors.Refused, patron: Patron, today: date) -> errors.Refused:
    if isinstance(reason, errors.CardExpired) and patron.expires_on:
        return errors.CardExpiredOn(day=dates.with_weekday(patron.expires_on))
    return suspension(patron, today=today) if isinstance(reason, errors.CardSuspended) else reason


def suspension(patron: Patron, *, today: date) -> errors.Refused:
    """Return the refusal of a suspended card, with its day and reason as far as they are known."""
    day, why = patron.suspended_on, patron.suspended_reason
    if day is None:
        return errors.CardStoppedBecause(why=why) if why else errors.CardStopped()
    words = dates.without_weekday(day, year=day.year != today.year)
    return errors.CardStoppedSince(day=words, why=why or "記録はありません")


def _set_state(patron: Patron, state: str, columns: dict, *, by: str, now: datetime, **details: object) -> None:
    with database.writing():
        others = (Patron.id == patron.id, Patron.state.not_in((state, "closed")))
        if Patron.update(state=state, **columns).where(*others).execute():
            holds.card_changed(patron, now=now)
            audit.record(f"patron.{state}", actor=by, now=now, patron=patron, **details)


def replace_card(patron: Patron, number: str, *, by: str, now: datetime) -> None:
    """紛失: give the account a new number; the old one is refused from now on, at the desk and on the web.

    Its other numbers stay, its sessions end. Raises: the refusals of ``cards.require_new``.
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
    """Store 窓口メモ, for staff only; its text is not in 操作の記録. Raises: FieldTooLong."""
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise errors.FieldTooLong(maximum=LONGEST)
    with database.writing():
        if Patron.update(desk_note=text).where(Patron.id == patron.id, Patron.desk_note != text).execute():
            audit.record("patron.noted", actor=by, now=now, patron=patron)


def release(patron: Patron, key: str, *, by: str, now: datetime) -> str:
    """End the waits at a card, even while somebody goes on guessing; return a 確認番号 for its patron."""
    with database.writing():
        tries.release(tries.card_counter(patron), now=now)
        Patron.update(initial_failures=0).where(Patron.id == patron.id).execute()
        audit.record("patron.released", actor=by, now=now, patron=patron)
        return check_numbers.issue(patron, key, now=now)
