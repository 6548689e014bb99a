"""保存期間: how long each thing is stored, on one screen. ``docs/privacy.md`` tells people the same; a test compares the two."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from peewee import fn

from library import audit, clock
from library.access import sessions
from library.mail import outbox
from library.people import drafts, family
from library.store import database
from models import (
    Audit,
    Draft,
    EbookHold,
    FamilyTie,
    Hold,
    HoldGroup,
    KnownDevice,
    Loan,
    LoanNotice,
    OneTimeLink,
    OutboxMail,
    Patron,
    Session,
    Throttle,
)

AT_ONCE = 500  # rows in one transaction
CARDS = timedelta(days=3 * 365)  # closed or expired
SOON = timedelta(days=30)  # how long before the desk is told


@dataclass(frozen=True)
class Rule:
    """One kind of rows, how long they are stored, and a query of those older than a moment."""

    name: str
    label: str
    period: timedelta
    over: Callable
    erase: Callable | None = None  # None: the rows are deleted


def _erase_text(ids):
    """Erase the text of mails and which loans they were about: a list of mails is a reading record."""
    OutboxMail.update(text="", subject="", facts={}).where(OutboxMail.id.in_(ids)).execute()


def _texts_before(moment):
    sent_or_given_up = (OutboxMail.sent_at < moment) | (OutboxMail.sent_at.is_null() & (OutboxMail.created_at < moment))
    return OutboxMail.select().where(_settled, sent_or_given_up, _has_text)


_settled = OutboxMail.state.in_(("sent", "failed", "cancelled"))
_has_text = (OutboxMail.text != "") | (OutboxMail.subject != "") | (OutboxMail.facts != {})


def _drafts_over(moment):
    waits_no_longer = Draft.held_until.is_null() | (Draft.held_until < moment + drafts.KEPT)
    return Draft.select().where(Draft.created_at < moment, waits_no_longer)


def _cards_over(moment):
    """Select cards closed or expired before a moment, of patrons who have nothing of the library any more.

    An expiry counts from the day on which the library wrote it down, if it lay in the past then.
    """
    day = clock.day_of(moment)
    owing = Loan.select(Loan.patron).where(Loan.patron.is_null(False))
    expired = (Patron.expires_on < day) & (Patron.retention_from.is_null() | (Patron.retention_from < day))
    over = ((Patron.state == "closed") & (Patron.closed_on < day)) | expired
    return Patron.select().where(over, Patron.id.not_in(owing))


def _holds_over(moment):
    """Select cancelled and expired holds; collected ones are erased with their loans."""
    ended = fn.COALESCE(Hold.ended_at, Hold.placed_at) < moment
    return Hold.select().where(Hold.state.in_(("cancelled", "expired", "collected")), Hold.loan.is_null(), ended)


def _erase_holds(ids):
    """Erase holds, what was mailed about them, and the groups that are empty then."""
    _erase_mention((), ids)
    Hold.delete().where(Hold.id.in_(ids)).execute()
    HoldGroup.delete().where(HoldGroup.id.not_in(Hold.select(Hold.group).where(Hold.group.is_null(False)))).execute()


def _erase_cards(ids):
    Hold.delete().where(Hold.patron.in_(ids)).execute()
    Patron.delete().where(Patron.id.in_(ids)).execute()


RETENTION = (
    Rule("drafts", "利用者情報変更の下書き", drafts.KEPT,
         _drafts_over),
    Rule("sessions", "ログイン", sessions.ABSOLUTE,
         lambda before: Session.select().where(Session.created_at < before)),
    Rule("devices", "ログインしたことのある端末の印", sessions.DEVICE_KEPT,
         lambda before: KnownDevice.select().where(KnownDevice.seen_at < before)),
    Rule("failures", "ログインの失敗の回数", timedelta(days=2),
         lambda before: Throttle.select().where(Throttle.since < before, Throttle.allowed_at < before)),
    Rule("links", "期限の切れた1回限りのリンク", timedelta(days=1),
         lambda before: OneTimeLink.select().where(OneTimeLink.expires_at < before)),
    Rule("mail_texts", "送ったメールの本文と対象の資料", timedelta(days=14),
         _texts_before, erase=_erase_text),
    Rule("holds", "取り消した予約と、期限の切れた予約", timedelta(days=60), _holds_over, erase=_erase_holds),
    Rule("ebook_holds", "終わった電子書籍の順番待ち", timedelta(days=60),
         lambda before: EbookHold.select().where(EbookHold.ended_at < before)),
    Rule("family_requests", "返事のない家族の申し込み", family.ASKED_KEPT,
         lambda before: FamilyTie.select().where(FamilyTie.agreed_at.is_null(), FamilyTie.asked_at < before)),
    Rule("mails", "メールを送った記録", timedelta(days=365),
         lambda before: OutboxMail.select().where(_settled, OutboxMail.created_at < before)),
    Rule("cards", "閉じたか、有効期限の切れたカードの利用者", CARDS, _cards_over, erase=_erase_cards),
    Rule("audit", "操作の記録", timedelta(days=audit.KEPT_DAYS),
         lambda before: Audit.select().where(Audit.at < before)),
)  # fmt: skip


def clean_up(*, now) -> dict:
    """Erase all that is over its time; return the counts by name. Erased cards leave a row in the record of operations."""
    sessions.erase_ended()
    counts = {rule.name: _clean(rule, now - rule.period) for rule in RETENTION}
    if counts["cards"]:
        with database.writing():
            audit.record("cards.erased", actor="job", now=now, count=counts["cards"])
    return counts


def erased_on(day) -> date:
    """Return the day on which a patron is erased whose time counts from this day."""
    return day + CARDS + timedelta(days=1)


def cards_soon(*, now) -> tuple[int, date | None]:
    """Return how many patrons are erased within 30 days unless their cards are renewed, and the first day of that."""
    columns = (Patron.state, Patron.closed_on, Patron.expires_on, Patron.retention_from)
    rows = _cards_over(now - CARDS + SOON).select(*columns).tuples()
    days = [
        closed_on if state == "closed" and closed_on else max(expires_on, retention_from or expires_on)
        for state, closed_on, expires_on, retention_from in rows
    ]
    return len(days), max(erased_on(min(days)), clock.day_of(now)) if days else None


def _clean(rule, before) -> int:
    total = 0
    while ids := _some_over(rule, before):
        with database.writing():
            if rule.erase:
                rule.erase(ids)
            else:
                model = rule.over(before).model
                model.delete().where(model._meta.primary_key.in_(ids)).execute()
        total += len(ids)
    return total


def _some_over(rule, before):
    rows = rule.over(before)
    return [row[0] for row in rows.select(rows.model._meta.primary_key).limit(AT_ONCE).tuples()]


def unlink_returned(*, now) -> dict:
    """Cut loans that were returned before today from their patrons; erase their holds and the text of mails about either. Loans
    with something unsettled stay. Returns the counts.
    """
    today, total = clock.day_of(now), 0
    done_today = Loan.returned_at.is_null(False) & (Loan.returned_at >= clock.at(today))  # for a day that lies back
    returned = Loan.select(Loan.id).where(
        Loan.patron.is_null(False), Loan.returned_on < today, Loan.trouble == "", ~done_today
    )
    while rows := list(returned.limit(AT_ONCE).tuples()):
        loans = {row[0] for row in rows}
        with database.writing():
            holds = [row[0] for row in Hold.select(Hold.id).where(Hold.loan.in_(loans)).tuples()]
            _erase_mention(loans, holds)
            _erase_holds(holds)
            LoanNotice.update(mail=None).where(LoanNotice.loan.in_(loans)).execute()
            Loan.update(patron=None).where(Loan.id.in_(loans)).execute()
        total += len(rows)
    return {"loans": total}


def _erase_mention(loans, holds):
    """Erase the text of mails about these; a mail that still waits keeps the rest of its facts."""
    patrons = {row[0] for row in Loan.select(Loan.patron).where(Loan.id.in_(loans)).tuples()}
    patrons |= {row[0] for row in Hold.select(Hold.patron).where(Hold.id.in_(holds)).tuples()}
    mails = OutboxMail.select(OutboxMail.id, OutboxMail.state, OutboxMail.facts).where(
        OutboxMail.patron.in_(patrons), OutboxMail.kind.in_(outbox.ABOUT_READING), OutboxMail.facts != {}
    )
    settled = []
    for mail in mails:
        rest = mail.facts | {
            "loans": [pair for pair in mail.facts.get("loans", []) if pair[0] not in loans],
            "holds": [hold for hold in mail.facts.get("holds", []) if hold not in holds],
        }
        rest = {name: value for name, value in rest.items() if name in mail.facts}
        if rest == mail.facts:
            continue
        if mail.state in ("queued", "sending"):
            OutboxMail.update(facts=rest).where(OutboxMail.id == mail.id).execute()
        else:
            settled.append(mail.id)
    _erase_text(settled)


def erased_mails(message_ids) -> list[str]:
    """Return those of these mails that have no text any more, or no row: their files must be deleted too."""
    with_text = OutboxMail.select(OutboxMail.message_id).where(
        OutboxMail.message_id.in_(message_ids), (OutboxMail.text != "") | OutboxMail.state.in_(("queued", "sending"))
    )
    return sorted(set(message_ids) - {row[0] for row in with_text.tuples()})
