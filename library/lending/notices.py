"""お知らせ: due notices to patrons, each sent once, and the link that stops them.

返却期限通知: a loan is announced once it is due within the patron's number of days, if it was not announced for this due
date. A missed day is made up for, and a renewed loan is announced again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import groupby
from operator import itemgetter, or_
from typing import Any

from peewee import JOIN, SQL, Case, Expression, ModelSelect, chunked, fn

from library import audit, clock, dates, errors, wording
from library.access import signed_links
from library.language import sentences
from library.mail import outbox, push
from library.patrons import patrons
from library.reading import sdi
from library.store import database
from library.store.queries import Models, Query, among, blank, listed, tuples
from models import Loan, LoanNotice, MailPreference, OutboxMail, Patron, PatronAddress, PushSubscription

MOST_DAYS_BEFORE = 7
PATRONS_AT_ONCE = 100  # in one transaction, as the desk has to wait for it
STOPPABLE = ("due", "sdi")


# -- queueing --------------------------------------------------------------------------------------------------------
def queue_due(*, now: datetime) -> dict[str, int]:
    """Queue one mail per address and one push per device about all loans to announce; return counts by name.

    A patron who got a mail today hears of further loans tomorrow, unless they are due today. A patron without a working
    address is skipped.
    """
    today = clock.day_of(now)
    counts = {"patrons": 0, "mails": 0, "loans": 0}
    for some in chunked(patrons_to_tell(today=today), PATRONS_AT_ONCE):
        with database.writing():
            done = _queue_for(some, today, now)
        counts = {name: counts[name] + done[name] for name in counts}
    return counts


def patrons_to_tell(*, today: date) -> list[int]:
    """Return the ids of the patrons with a loan to announce."""
    found = (tuples(rows.select(Loan.patron).distinct()) for rows in (_to_announce(today), _to_push(today)))
    return sorted({patron for rows in found for (patron,) in rows})


def has_some_to_announce(patron: Patron, *, today: date) -> bool:
    """Tell whether the next run sends the patron a mail."""
    return _to_announce(today).where(Loan.patron == patron).exists()


def _to_announce(today: date) -> ModelSelect[Loan]:
    """Select the open loans to announce by mail: due soon, not announced yet, of patrons with a working address."""
    reachable = PatronAddress.select(SQL("1")).where(
        PatronAddress.patron == Loan.patron, PatronAddress.undeliverable_at.is_null(), patrons.TICKED
    )
    rows = _not_announced(today).join(MailPreference, on=(MailPreference.patron == Patron.id))
    wanted = (MailPreference.kind == "due") & MailPreference.active
    return rows.where(wanted, _window(MailPreference.days_before, today), fn.EXISTS(reachable))


def _to_push(today: date) -> ModelSelect[Loan]:
    """Select the open loans to announce by push, on the same day as by mail, also where mails are stopped."""
    is_due = (MailPreference.patron == Patron.id) & (MailPreference.kind == "due")
    days = fn.COALESCE(MailPreference.days_before, MailPreference.days_before.default)
    rows = _not_announced(today).join(MailPreference, JOIN.LEFT_OUTER, on=is_due)
    devices = PushSubscription.select(PushSubscription.patron).where(push.subscribed_to("due"))
    return rows.where(Loan.patron.in_(devices), _window(days, today))


def _window(days_before: Any, today: date) -> Expression:
    """Return the condition that a loan is due within ``days_before`` days, a column or an expression."""
    within = [
        (days_before == days) & (Loan.due_on <= today + timedelta(days=days)) for days in range(MOST_DAYS_BEFORE + 1)
    ]
    return reduce(or_, within)


def _not_announced(today: date) -> ModelSelect[Loan]:
    """Select open loans with their patrons that are due soon and not announced for this due date."""
    announced = LoanNotice.select(SQL("1")).where(
        LoanNotice.loan == Loan.id, LoanNotice.kind == "due", LoanNotice.due_on == Loan.due_on
    )
    return (
        Loan.select()
        .join(Patron)
        .where(
            Loan.returned_on.is_null(),
            Loan.trouble == "",
            Loan.due_on.between(today, today + timedelta(days=MOST_DAYS_BEFORE)),
            Patron.state != "closed",
            ~fn.EXISTS(announced),
        )
    )


def _queue_for(patron_ids: list[int], today: date, now: datetime) -> dict[str, int]:
    columns, theirs = (Loan.patron, Loan.due_on, Loan.id), Loan.patron.in_(patron_ids)
    selected = (query.where(theirs).select(*columns) for query in (_to_announce(today), _to_push(today)))
    rows = sorted({row for found in selected for row in tuples(found)})
    addresses = push.with_devices(patrons.ticked_addresses(patron_ids, "due"), patron_ids, "due")
    written = _written_to(patron_ids, today)
    mails, announced = [], []
    for patron, loans in groupby(rows, key=itemgetter(0)):
        before = written.get(patron, {})
        written_today = any(stands for _, stands in before.values())
        chosen = [(loan, due) for _, due, loan in loans if due == today or not written_today]
        if not chosen:
            continue
        letters = [_due_row(patron, address, kind, chosen, before, today, now) for address, kind in addresses[patron]]
        mails += letters
        announced += [(loan, due, letters[0]["message_id"]) for loan, due in chosen]
    _insert(mails, announced, now)
    return {"patrons": len({mail["patron"] for mail in mails}), "mails": len(mails), "loans": len(announced)}


def _written_to(patron_ids: list[int], today: date) -> dict[int, dict[str, tuple[int, bool]]]:
    """Return patron id → address → (due mails of today, whether one of them is or will be sent)."""
    rows = (
        OutboxMail.select(
            OutboxMail.patron,
            OutboxMail.address,
            fn.COUNT(OutboxMail.id),
            fn.SUM(Case(None, [(OutboxMail.state != "cancelled", 1)], 0)),
        )
        .where(OutboxMail.patron.in_(patron_ids), OutboxMail.kind == "due", *_put_on(today))
        .group_by(OutboxMail.patron, OutboxMail.address)
    )
    written = {}
    for patron, address, number, standing in tuples(rows):
        written.setdefault(patron, {})[address] = (number, standing > 0)
    return written


def _put_on(day: date) -> tuple[Expression, Expression]:
    return OutboxMail.created_at >= clock.at(day), OutboxMail.created_at < clock.at(day + timedelta(days=1))


def _due_row(
    patron: int,
    address: str,
    kind: str,
    loans: list[tuple[int, date]],
    before: dict[str, tuple[int, bool]],
    today: date,
    now: datetime,
) -> dict[str, Any]:
    number = before.get(address, (0, False))[0] + 1
    return outbox.new_row(
        "due",
        f"due:{patron}:{today}:{number}:{address}",
        address=address,
        address_kind=kind,
        now=now,
        patron=patron,
        facts={"loans": [[loan, due.isoformat()] for loan, due in loans]},
    )


def _insert(mails: list[dict[str, Any]], announced: list[tuple[int, date, str]], now: datetime) -> None:
    if not mails or not outbox.put_rows(mails, now=now):
        return
    first = OutboxMail.message_id.in_([message_id for _, _, message_id in announced])
    mail_ids = dict(tuples(OutboxMail.select(OutboxMail.message_id, OutboxMail.id).where(first)))
    LoanNotice.insert_many(
        [
            {"loan": loan, "kind": "due", "due_on": due, "mail": mail_ids[message_id]}
            for loan, due, message_id in announced
        ]
    ).execute()


# -- what the loan list says -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Reminder:
    """The day and the channels of a loan's announcement, or the ``reason`` why there will be none."""

    day: date | None = None
    kinds: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def sentence(self) -> str:
        """Return the sentence for the loan list: when and where the patron will be told, or why not."""
        day = dates.with_weekday(self.day, year=False)
        if self.reason is None:
            kinds = sentences.Joined(self.kinds, "と")
            return sentences.Sentence("{day}に{kinds}へお知らせします", day=day, kinds=kinds)
        plain, dated = _REASONS[self.reason]
        return sentences.Sentence(dated, day=day) if day else sentences.Sentence(plain)


_REASONS = {  # without and with a day
    "in_question": ("窓口で確認しています", ""),
    "overdue": ("返却期限を過ぎています", ""),
    "sent": ("お知らせ済みです", "お知らせ済みです（{day}）"),
    "sending": ("まもなくお知らせします", ""),
    "mail_failed": (
        "お知らせのメールが届きませんでした",
        "お知らせのメールが届きませんでした（{day}）",
    ),
    "push_failed": (
        "スマートフォンへの通知が届きませんでした",
        "スマートフォンへの通知が届きませんでした（{day}）",
    ),
    "stopped": ("返却期限通知は停止しています", ""),
    "no_address": ("返却期限通知の送り先がありません", ""),
    "undeliverable": ("送り先のアドレスにメールが届いていません", ""),
}


def reminders(
    patron: Patron,
    loans: Iterable[Loan],
    preference: MailPreference,
    addresses: Iterable[PatronAddress],
    *,
    to_phone: bool = False,
    today: date,
) -> dict[int, Reminder]:
    """Return loan id → reminder, for open loans of one patron.

    ``preference``: that of kind due; ``addresses``: all of the patron's; ``to_phone``: a device of theirs gets pushes.
    """
    loans = list(loans)
    announced = _announced(loans)
    written_today = bool(_WRITTEN.rows(patron=patron.id, since=OutboxMail.created_at.db_value(clock.at(today))))
    ticked = {"pc": preference.to_pc, "mobile": preference.to_mobile}
    wanted = [row for row in addresses if ticked[row.kind] and preference.active]
    kinds = [row.kind for row in wanted if row.undeliverable_at is None]
    phone = (wording.CHANNELS[outbox.PUSH],) if to_phone else ()
    words = tuple(wording.ADDRESS_KINDS[kind] for kind in dict.fromkeys(kinds)) + phone
    nowhere = "undeliverable" if wanted else "no_address" if preference.active else "stopped"
    return {
        loan.id: _reminder(
            loan, announced.get((loan.id, loan.due_on)), patron, preference, words, nowhere, written_today, today
        )
        for loan in loans
    }


def _reminder(
    loan: Loan,
    notice: LoanNotice | None,
    patron: Patron,
    preference: MailPreference,
    words: tuple[str, ...],
    nowhere: str,
    written_today: bool,
    today: date,
) -> Reminder:
    if loan.trouble:
        return Reminder(reason="in_question")
    if loan.due_on < today:
        return Reminder(reason="overdue")
    if notice is not None:
        return _announcement(notice)
    if patron.state == "closed":
        return Reminder(reason="stopped")
    if not words:
        return Reminder(reason=nowhere)
    day = max(today, loan.due_on - timedelta(days=preference.days_before))
    if day == today and written_today and loan.due_on > today:
        day = today + timedelta(days=1)
    return Reminder(day=day, kinds=words)


_WRITTEN = Query(
    lambda: (
        OutboxMail.select(OutboxMail.id)
        .where(
            OutboxMail.patron == blank("patron"),
            OutboxMail.created_at >= blank("since"),
            OutboxMail.kind == "due",
            OutboxMail.state != "cancelled",
        )
        .tuples()
    )
)


def _announced(loans: list[Loan]) -> dict[tuple[int, date], LoanNotice]:
    return {(row.loan_id, row.due_on): row for row in _ANNOUNCED.rows(loans=listed(loan.id for loan in loans))}


_ANNOUNCED = Models(
    LoanNotice,
    {"mail": (OutboxMail.id, OutboxMail.channel, OutboxMail.state, OutboxMail.created_at, OutboxMail.sent_at)},
    lambda rows: rows.left_outer_join(OutboxMail).where(LoanNotice.loan.in_(among("loans")), LoanNotice.kind == "due"),
)


def _announcement(notice: LoanNotice) -> Reminder:
    mail = notice.mail
    if mail is None:
        return Reminder(reason="sent")
    if mail.state in ("queued", "sending"):
        return Reminder(reason="sending")
    if mail.state == "failed":
        return Reminder(
            reason="push_failed" if mail.channel == outbox.PUSH else "mail_failed", day=clock.day_of(mail.created_at)
        )
    return Reminder(reason="sent", day=clock.day_of(mail.sent_at) if mail.sent_at else None)


# -- the link that stops one kind ------------------------------------------------------------------------------------
def stop_token(patron_id: int | None, kind: str, key: str) -> str:
    """Return the signed text of a stop link: it switches off this kind of mail for this patron, without signing in."""
    return signed_links.sign("stop", f"{kind}-{patron_id}", key)


def stoppable(token: str, key: str) -> tuple[Patron, str]:
    """Return patron and kind of mail for a stop link. Raises: LinkDead when forged."""
    kind, _, number = (signed_links.read("stop", token, key) or "").partition("-")
    patron = Patron.get_or_none(Patron.id == int(number)) if number.isascii() and number.isdecimal() else None
    if patron is None or kind not in STOPPABLE:
        raise errors.LinkDead
    return patron, kind


def stop(token: str, key: str, *, now: datetime) -> str:
    """停止: switch off the kind of mail of a stop link, maybe again; return the kind. Raises: LinkDead when forged."""
    patron, kind = stoppable(token, key)
    with database.writing():
        if _switch_off(patron, kind):
            audit.record("mail.stopped", actor="link", now=now, patron=patron, fields=[kind], via="link")
    return kind


def _switch_off(patron: Patron, kind: str) -> int:
    if kind == "sdi":
        return sdi.switch_off(patron)
    mine = (MailPreference.patron == patron) & (MailPreference.kind == kind)
    return MailPreference.update(active=False).where(mine, MailPreference.active).execute()
