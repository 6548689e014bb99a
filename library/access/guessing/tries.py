"""Tries at a password: counted before they are judged, so that many at once don't slip through; right ones are
uncounted.

A try counts in the lines of ``limits`` for its card or login, its source, and all strangers. It is refused while one of
them has a wait, and without a proof beside the password while one of them has care. The same wrong value counts once an
hour.
"""

import hashlib
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from typing import TypeVar

from peewee import Case, Expression, Value

from library import audit, clock, errors
from library.access import throttle
from library.access.guessing import hashing, limits, remembered
from library.access.guessing.limits import Limit
from library.access.guessing.sources import SIGNED_IN, Source
from library.language.sentences import Sentence
from library.numbers import formats, parsing
from library.store import database
from models import Guess, Patron

Found = TypeVar("Found")
Key = tuple[str, str, str]  # kind, who, source


@dataclass(frozen=True)
class Counted:
    """One line of the table in which a try counted: the end of its wait ``before`` this try, and the end ``until``
    which it lasts now.
    """

    limit: Limit
    key: Key
    failures: int
    before: datetime
    until: datetime


@dataclass(frozen=True)
class Try:
    """A counted try. ``failures``: of its source lately, this one included; ``is_known_wrong``: the same value was
    wrong before, it is not judged and counts nowhere.

    ``is_guarded``: it needs a proof; ``begins``: the kinds of care with all strangers that it brings if it is wrong.
    """

    who: str
    source: Source
    value: bytes
    lines: tuple[Counted, ...] = ()
    failures: int = 0
    is_known_wrong: bool = False
    is_guarded: bool = False
    begins: tuple[str, ...] = ()


# -- who is tried ----------------------------------------------------------------------------------------------------
def card_counter(patron: Patron) -> str:
    """Return the name of a patron's card in counters, whichever of its numbers was typed."""
    return f"card {patron.card_number}"


def unknown_card_counter(text: str) -> str:
    """Return the counter name of a card that nobody has: its number if that was typed whole, else a hash, as it may be
    a password.

    A number that begins with zeros may have been typed without them, and so be a password: it is hashed in either
    spelling.
    """
    known = formats.cards()
    number = parsing.as_new(text, known)
    if not formats.fitting(number, known):
        number = parsing.with_lost_zeros([number], known) or number
    is_whole = number.isdigit() and formats.fitting(number, known) and not number.startswith("0")
    return f"card {number if is_whole else '#' + _hash(number)}"


def login_counter(text: str) -> str:
    """Return the name of a typed login in counters: a hash, as it may be a password."""
    return f"login {_hash(text.strip().casefold())}"


def is_login_counter(who: str) -> bool:
    return who.startswith("login ")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


# -- a try -----------------------------------------------------------------------------------------------------------
def begin(
    who: str,
    source: Source,
    *,
    value: tuple[str, ...],
    initial: bool = False,
    proof: str = "",
    needed: type[errors.Refused] = errors.CheckMissing,
    too_often: type[errors.Refused] = errors.SignInTooOften,
    now: datetime,
) -> Try:
    """Count a try with this ``value`` and return it. A try that is refused does not count.

    ``initial``: it may be at an initial password; ``proof``: the 確認番号 that came with it, which is not judged here.
    Raises: ``too_often`` during a wait; ``needed`` where a proof has to come and is empty.
    """
    lines, rows = _lines(who, source, initial=initial), _rows(who, source, now)
    is_released = rows.get(limits.RELEASED, now) > now
    if waits := [rows[kind] for kind in _waiting_kinds(is_released) if rows.get(kind, now) > now]:
        wait = max(waits) - now
        raise too_often(seconds=_seconds(wait), words=_words(wait))
    is_let_in = is_released and is_login_counter(who)
    is_guarded = not is_let_in and any(
        rows.get(limit.kind, now) > now for limit, _ in lines if limit.kind in limits.CAREFUL
    )
    if is_guarded and not proof:
        raise needed()
    name = remembered.digest(who, source.name, proof, *value)
    if remembered.WRONG.has(name, now=now):
        return Try(who, source, name, is_known_wrong=True)
    open_lines = [
        (limit, key) for limit, key in lines if not (is_guarded and limit in (limits.INITIAL, limits.ALL_INITIAL))
    ]
    with database.writing_counters():
        counted = _count_all(open_lines, now)
        # other tries at the same moment may have used up the free failures
        is_late = any(one.limit.kind in limits.CAREFUL and one.failures > one.limit.free for one in counted)
        if is_late and not is_let_in and not proof:
            raise needed()
    of_all = (limits.ALL_STRANGERS, limits.ALL_INITIAL)
    begins = [one.limit.kind for one in counted if one.limit in of_all and one.failures == one.limit.free]
    own = max(one.failures for one in counted if one.limit.kind in limits.WAITS)
    guarded = is_guarded or (is_late and not is_let_in)
    return Try(who, source, name, tuple(counted), own, is_guarded=guarded, begins=tuple(begins))


def judge(attempt: Try, check: Callable[[], Found], *, now: datetime) -> Found | None:
    """Wait for a turn in the queue of hashes, call ``check`` and return its result; None without a call for a value
    that failed here before. The try is no longer counted if it was right, or if ``check`` raised an error.
    """
    if attempt.is_known_wrong:
        return None
    # all who are signed in are one source of failures, but each has a place of its own in the queue
    source = attempt.who if attempt.source == SIGNED_IN else attempt.source.name
    try:
        with hashing.QUEUE.turn(source, comes_first=attempt.source.comes_first, failures=attempt.failures):
            found = check()
    except BaseException:
        _take_back(attempt.lines, now=now)
        raise
    if found:
        with database.writing_counters():
            _take_back(attempt.lines, now=now)
            Guess.delete().where(_is((limits.PAIR.kind, attempt.who, attempt.source.name))).execute()
    else:
        remembered.WRONG.add(attempt.value, now=now)
    return found


def note_failure(attempt: Try, *, now: datetime) -> dict[str, int] | None:
    """Count a wrong try in today's failures and record any care with all strangers that it brings, in the caller's
    transaction.

    Return the details for a row in 操作の記録: today's ``failures`` at this card or login, and the number of ``clients``.
    None where this failure gets no row.
    """
    day = clock.day_of(now)
    failures = throttle.count(f"failed {attempt.who}", now=now, until=clock.at(day + timedelta(days=1)))
    for kind in attempt.begins:
        audit.record("signing_in.careful", actor="system", now=now, kind=kind)
    if failures not in limits.RECORDED and failures % limits.THEN_EACH:
        return None
    today = (Guess.kind == limits.PAIR.kind) & (Guess.who == attempt.who) & (Guess.since >= clock.at(day))
    return {"failures": failures, "clients": Guess.select().where(today).count()}


# -- careful, waiting, released --------------------------------------------------------------------------------------
def is_careful_with_all(*, now: datetime) -> bool:
    """Tell whether all strangers need a proof beside the password now."""
    return any(row.kind == limits.ALL_STRANGERS.kind for row in care(now=now))


def care(*, now: datetime) -> list[Guess]:
    """Return the rows of care that are on now; care with all strangers (an empty ``who``) comes first."""
    rows = Guess.select().where(Guess.kind.in_(limits.CAREFUL), Guess.until > now)
    return list(rows.order_by(Guess.who, Guess.kind))


def waits(*, now: datetime) -> list[Guess]:
    """Return the rows of waits that are on now; the one that ends last comes first."""
    rows = Guess.select().where(Guess.kind.in_(limits.WAITS), Guess.until > now)
    return list(rows.order_by(Guess.until.desc(), Guess.id))


def release(who: str, *, now: datetime) -> None:
    """End the waits at a card or login, in the caller's transaction. For some minutes no wait of a source counts there;
    a login has no care meanwhile.
    """
    kept = limits.RELEASED_LOGIN if is_login_counter(who) else limits.RELEASED_CARD
    with database.writing_counters():
        start_anew(who)
        Guess.delete().where(_is((limits.RELEASED, who, ""))).execute()
        Guess.create(kind=limits.RELEASED, who=who, since=now, until=now + kept)


def start_anew(who: str) -> None:
    """Forget the failures of each source at a card or login, in the caller's transaction: it has
    another password now.
    """
    with database.writing_counters():
        Guess.delete().where(Guess.who == who, Guess.kind.in_((limits.PAIR.kind, limits.INITIAL.kind))).execute()


def end(row: Guess) -> None:
    """End a wait or a care, in the caller's transaction."""
    with database.writing_counters():
        row.delete_instance()


# -- counting --------------------------------------------------------------------------------------------------------
def _lines(who: str, source: Source, *, initial: bool = False) -> list[tuple[Limit, Key]]:
    """Return the lines of the table in which a try counts, each with its key."""
    keys = _keys(who, source)
    found = [source.pair, source.limit, limits.LINE if source.line else None]
    found += [] if source.is_friend else [limits.STRANGERS, limits.ALL_STRANGERS]
    found += [limits.INITIAL, limits.ALL_INITIAL] if initial else []
    return [(limit, keys[limit.kind]) for limit in found if limit]


def _keys(who: str, source: Source) -> dict[str, Key]:
    values = {
        limits.PAIR.kind: (who, source.name),
        limits.SOURCE.kind: ("", source.name),
        limits.LINE.kind: ("", source.line),
        limits.STRANGERS.kind: (who, ""),
        limits.ALL_STRANGERS.kind: ("", ""),
        limits.INITIAL.kind: (who, ""),
        limits.ALL_INITIAL.kind: ("", ""),
        limits.RELEASED: (who, ""),
    }
    return {kind: (kind, *value) for kind, value in values.items()}


def _rows(who: str, source: Source, now: datetime) -> dict[str, datetime]:
    """Return kind → end of the wait or the care, for those that are on now."""
    keys = _keys(who, source)
    mine = {keys[kind] for kind in keys if kind != limits.SOURCE.kind or source.limit}
    rows = Guess.select().where(Guess.until > now, _any(mine))
    return {row.kind: row.until for row in rows}


def _waiting_kinds(is_released: bool) -> Iterable[str]:
    return (limits.PAIR.kind,) if is_released else limits.WAITS


def _count_all(lines: Iterable[tuple[Limit, Key]], now: datetime) -> list[Counted]:
    """Count one failure in each of these lines, in the caller's transaction."""
    pairs = list(lines)
    ends = {(row.kind, row.who, row.source): row.until for row in Guess.select().where(_any({key for _, key in pairs}))}
    return [_count(limit, key, ends.get(key, limit.counted_since(now)), now) for limit, key in pairs]


def _count(limit: Limit, key: Key, before: datetime, now: datetime) -> Counted:
    """Count one failure by one statement."""
    begins_anew = (Guess.since <= limit.counted_since(now)) & (Guess.until <= now - limit.rest)
    steps = [(limit.free + n, _moment(limit.wait_ends(limit.free + n, now))) for n in range(len(limit.waits))]
    failures = Case(None, [(begins_anew, 1)], Guess.failures + 1)
    ends = [
        (failures < limit.free, Guess.until),
        *((failures == number, until) for number, until in steps),
    ]
    columns = {
        "kind": key[0],
        "who": key[1],
        "source": key[2],
        "since": now,
        "failures": 1,
        "until": limit.wait_ends(1, now),
    }
    counted = Guess.insert(columns).on_conflict(
        conflict_target=[Guess.kind, Guess.who, Guess.source],
        update={
            Guess.failures: failures,
            Guess.since: Case(None, [(begins_anew, _moment(now))], Guess.since),
            Guess.until: Case(None, ends, steps[-1][1]),
        },
    )
    (row,) = list(counted.returning(Guess.failures, Guess.until).execute())
    return Counted(limit, key, row.failures, before, row.until)


def _take_back(lines: Iterable[Counted], *, now: datetime) -> None:
    """Uncount a try. Where nobody failed since, the wait or the care ends as if the try had not been."""
    with database.writing_counters():
        for one in lines:
            was_last = Guess.until == _moment(one.until)
            over = _moment(one.limit.counted_since(now))
            cases = [(Guess.failures <= one.limit.free, over), (was_last, _moment(one.before))]
            ends = Case(None, cases, Guess.until)
            fewer = Case(None, [(Guess.failures > 0, Guess.failures - 1)], 0)
            Guess.update(failures=fewer, until=ends).where(_is(one.key)).execute()


def _moment(moment: datetime) -> Value:
    """Return a moment for an SQL expression, as its columns store it."""
    return Value(moment, converter=Guess.until.db_value)


def _is(key: Key) -> Expression:
    kind, who, source = key
    return (Guess.kind == kind) & (Guess.who == who) & (Guess.source == source)


def _any(keys: Iterable[Key]) -> Expression:
    return reduce(operator.or_, [_is(key) for key in sorted(keys)])


def _seconds(wait: timedelta) -> int:
    return int(wait.total_seconds()) + 1


def _words(wait: timedelta) -> str:
    seconds = _seconds(wait)
    return Sentence("{n}秒", n=seconds) if seconds < 60 else Sentence("{n}分", n=-(-seconds // 60))
