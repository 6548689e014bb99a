"""保存期間: the time for which each thing is stored, on one screen. ``docs/privacy.md`` tells patrons the same; a test
compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from peewee import Expression, ModelSelect, fn

from library import audit, clock, dates, policy
from library.access import marks, parked_forms, seals, sessions
from library.access.factors import browsers
from library.access.guessing import check_numbers, limits
from library.account import recategorizing, sealed_records
from library.facts import use_facts
from library.mail import outbox, push
from library.offline import entries
from library.patrons import drafts, homes
from library.patrons.family import ties
from library.requests import receipt
from library.store import database
from library.store.queries import tuples
from models import (
    Audit,
    CategoryChange,
    Challenge,
    CheckNumber,
    DeskLookup,
    Draft,
    DunningCall,
    EbookHold,
    FamilyTie,
    FormerAddress,
    Guess,
    Hold,
    HoldGroup,
    KnownDevice,
    KnownNetwork,
    Loan,
    LoanNotice,
    OfflineEntry,
    OfflineSlip,
    OneTimeLink,
    OutboxMail,
    ParkedForm,
    Patron,
    PatronRequest,
    ProvedBrowser,
    ResetRequest,
    Session,
    Throttle,
    Undo,
)

AT_ONCE = 500  # rows in one transaction
CARDS = timedelta(days=3 * 365)  # closed or expired
HOMES = timedelta(days=30)  # address and guardian of a closed card
NO_HOME = dict.fromkeys(homes.FIELDS, "") | {"guardian_phone_key": ""}  # columns
NO_GUARDIAN = {"guardian_name": "", "guardian_phone": "", "guardian_phone_key": ""}
SOON = timedelta(days=30)  # before the erasing of cards, when the desk is told


@dataclass(frozen=True)
class Rule:
    """One kind of rows, the period for which they are stored, and a query of the rows that were over
    before a moment.
    """

    name: str
    label: str
    period: timedelta
    over: Callable[[datetime], ModelSelect[Any]]
    erase: Callable[[list[int]], None] | None = None  # None: the rows are deleted


def _erase_text(ids: Iterable[int]) -> None:
    """Erase the text of mails and their loans: a list of mails is a reading record."""
    OutboxMail.update(text="", subject="", facts={}).where(OutboxMail.id.in_(ids)).execute()


def _texts_before(moment: datetime) -> ModelSelect[OutboxMail]:
    sent_or_given_up = (OutboxMail.sent_at < moment) | (OutboxMail.sent_at.is_null() & (OutboxMail.created_at < moment))
    return OutboxMail.select().where(_settled, sent_or_given_up, _has_text)


_settled = OutboxMail.state.in_(("sent", "failed", "cancelled"))
_has_text = (OutboxMail.text != "") | (OutboxMail.subject != "") | (OutboxMail.facts != {})


def _drafts_over(moment: datetime) -> ModelSelect[Draft]:
    waits_no_longer = Draft.held_until.is_null() | (Draft.held_until < moment + drafts.KEPT)
    return Draft.select().where(Draft.created_at < moment, waits_no_longer)


def _failures_over(moment: datetime) -> ModelSelect[Guess]:
    """Select failures that count no more; those at initial passwords count as long as such a password may open."""
    return Guess.select().where(Guess.kind != limits.INITIAL.kind, Guess.since < moment, Guess.until < moment)


def _former_over(moment: datetime) -> ModelSelect[FormerAddress]:
    """Select addresses that were removed before a moment, except of patrons with sealed records, which they open."""
    return FormerAddress.select().where(
        FormerAddress.removed_at < moment, FormerAddress.patron.not_in(seals.sealed_patrons())
    )


def _cards_over(moment: datetime) -> ModelSelect[Patron]:
    """Select cards closed or expired before a moment, of patrons without loans.

    An expiry counts from the day on which the library stored it, if it was past by then.
    """
    day = clock.day_of(moment)
    owing = Loan.select(Loan.patron).where(Loan.patron.is_null(False))
    expired = (Patron.expires_on < day) & (Patron.retention_from.is_null() | (Patron.retention_from < day))
    over = ((Patron.state == "closed") & (Patron.closed_on < day)) | expired
    return Patron.select().where(over, Patron.id.not_in(owing))


def _homes_over(moment: datetime) -> ModelSelect[Patron]:
    """Select cards that were closed before a moment and still have an address, a guardian or 居住の別."""
    return Patron.select().where(Patron.state == "closed", Patron.closed_on < clock.day_of(moment), _any(homes.FIELDS))


def _guardians_over(moment: datetime) -> ModelSelect[Patron]:
    """Select patrons who were adults at a moment and still have a guardian. A 団体, without a birth date,
    keeps its 担当者.
    """
    day = clock.day_of(moment)
    last = dates.latest_birth_date(day, homes.GUARDED_BELOW)
    return Patron.select().where(Patron.birth_date <= last, _any(NO_GUARDIAN))


def _any(columns: Iterable[str]) -> Expression:
    return reduce(or_, [getattr(Patron, name) != "" for name in columns])


def _holds_over(moment: datetime) -> ModelSelect[Hold]:
    """Select cancelled and expired holds, and collected ones without a loan; the others are erased with their loans."""
    ended = fn.COALESCE(Hold.ended_at, Hold.placed_at) < moment
    return Hold.select().where(Hold.state.in_(("cancelled", "expired", "collected")), Hold.loan.is_null(), ended)


def _erase_holds(ids: Collection[int]) -> None:
    """Erase holds, the requests they come of, their mention in mails, and groups that are empty then."""
    _erase_mention((), ids)
    _erase_requests([row.id for row in PatronRequest.select(PatronRequest.id).where(PatronRequest.hold.in_(ids))])
    Hold.delete().where(Hold.id.in_(ids)).execute()
    HoldGroup.delete().where(HoldGroup.id.not_in(Hold.select(Hold.group).where(Hold.group.is_null(False)))).execute()


def _erase_requests(ids: Collection[int]) -> None:
    _erase_mention((), (), ids)
    PatronRequest.delete().where(PatronRequest.id.in_(ids)).execute()


def _erase_sealed(ids: Iterable[int]) -> None:
    asked = Patron.id.in_(ids) & Patron.sealed_until.is_null(False)  # the deletion may have been cancelled meanwhile
    for patron in list(Patron.select().where(asked)):
        sealed_records.delete(patron, now=clock.now())


def _erase_cards(ids: Iterable[int]) -> None:
    for model in (PatronRequest, Hold):
        model.delete().where(model.patron.in_(ids)).execute()
    Patron.delete().where(Patron.id.in_(ids)).execute()


def _erase_columns(columns: dict[str, str]) -> Callable[[list[int]], None]:
    """Return a function that empties these columns of patrons."""
    return lambda ids: Patron.update(columns).where(Patron.id.in_(ids)).execute()


RETENTION = (
    Rule("drafts", "利用者情報変更の下書き", drafts.KEPT,
         _drafts_over),
    Rule("desk_searches", "窓口で利用者を探した言葉", timedelta(minutes=30),
         lambda before: DeskLookup.select().where(DeskLookup.at < before)),
    Rule("held_forms", "職員の中断した入力", parked_forms.KEPT,
         lambda before: ParkedForm.select().where(ParkedForm.held_at < before)),
    Rule("challenges", "2段階認証の途中", timedelta(minutes=10),
         lambda before: Challenge.select().where(Challenge.expires_at < before)),
    Rule("proved_browsers", "2段階認証をした端末の印", browsers.KEPT,
         lambda before: ProvedBrowser.select().where(ProvedBrowser.proved_at < before)),
    Rule("sessions", "ログイン", sessions.ABSOLUTE,
         lambda before: Session.select().where(Session.created_at < before)),
    Rule("devices", "ログインしたことのある端末の印", sessions.DEVICE_KEPT,
         lambda before: KnownDevice.select().where(KnownDevice.seen_at < before)),
    Rule("networks", "ログインしたことのあるネットワークの印", marks.NETWORK_KEPT,
         lambda before: KnownNetwork.select().where(KnownNetwork.seen_at < before)),
    Rule("failures", "ログインの失敗の回数", timedelta(days=2), _failures_over),
    Rule("initial_failures", "はじめのパスワードの失敗の回数", limits.INITIAL_KEPT,
         lambda before: Guess.select().where(Guess.since < before)),
    Rule("counters", "そのほかの回数", timedelta(days=2),
         lambda before: Throttle.select().where(Throttle.since < before, Throttle.allowed_at < before)),
    Rule("check_numbers", "窓口でお伝えした確認番号", check_numbers.KEPT,
         lambda before: CheckNumber.select().where(CheckNumber.expires_at < before + check_numbers.KEPT)),
    Rule("reset_requests", "パスワードの再設定の申し込み", timedelta(hours=1),
         lambda before: ResetRequest.select().where(ResetRequest.asked_at < before)),
    Rule("links", "期限の切れた1回限りのリンク", timedelta(days=1),
         lambda before: OneTimeLink.select().where(OneTimeLink.expires_at < before)),
    Rule("push_devices", "通知を受け取る端末（ログインしなくなってから）", push.UNSEEN, push.unseen),
    Rule("former_addresses", "消したメールアドレス（ご本人の確認のため）", seals.FORMER_KEPT, _former_over),
    Rule("sealed", "本人が削除を申し込んだ、保護中の記録", timedelta(0),
         lambda before: Patron.select().where(Patron.sealed_until < before), erase=_erase_sealed),
    Rule("mail_texts", "送ったメールの本文と対象の資料", timedelta(days=14),
         _texts_before, erase=_erase_text),
    Rule("holds", "取り消した予約と、期限の切れた予約", timedelta(days=60), _holds_over, erase=_erase_holds),
    Rule("requests_over", "終わったリクエスト", timedelta(days=60), receipt.over, erase=_erase_requests),
    Rule("ebook_holds", "終わった電子書籍の順番待ち", timedelta(days=60),
         lambda before: EbookHold.select().where(EbookHold.ended_at < before)),
    Rule("family_requests", "返事のない家族の申し込み", ties.ASKED_KEPT,
         lambda before: FamilyTie.select().where(FamilyTie.agreed_at.is_null(), FamilyTie.asked_at < before)),
    Rule("mails", "メールを送った記録", timedelta(days=365),
         lambda before: OutboxMail.select().where(_settled, OutboxMail.created_at < before)),
    Rule("homes", "閉じたカードの住所、保護者、居住の別", HOMES, _homes_over, erase=_erase_columns(NO_HOME)),
    Rule("guardians", "18歳になった方の保護者", timedelta(0), _guardians_over, erase=_erase_columns(NO_GUARDIAN)),
    Rule("undos", "期限の過ぎた、元に戻すための記録（延長、予約かごと本棚から出したもの）", timedelta(0),
         lambda before: Undo.select().where(Undo.until < before)),
    Rule("category_changes", "区分の一括変更を元に戻すための記録", recategorizing.UNDONE_WITHIN,
         lambda before: CategoryChange.select().where(CategoryChange.at < before)),
    Rule("offline_entries", "解決した非常時の記録の印", entries.KEPT,
         lambda before: OfflineEntry.select().where(OfflineEntry.conflict == "", OfflineEntry.arrived_at < before)),
    Rule("offline_slips", "入力した非常時の票の番号", entries.KEPT,
         lambda before: OfflineSlip.select().where(OfflineSlip.used_at < before)),
    Rule("cards", "閉じたか、有効期限の切れたカードの利用者", CARDS, _cards_over, erase=_erase_cards),
    Rule("audit", "操作の記録", timedelta(days=audit.KEPT_DAYS),
         lambda before: Audit.select().where(Audit.at < before)),
)  # fmt: skip


def clean_up(*, now: datetime) -> dict:
    """Erase all rows whose time is over; return the numbers by name of their rule. Erased cards leave a
    row in 操作の記録.
    """
    sessions.erase_ended()
    counts = {rule.name: _clean(rule, now - rule.period) for rule in RETENTION}
    if counts["cards"]:
        with database.writing():
            audit.record("cards.erased", actor="job", now=now, count=counts["cards"])
    return counts


def erased_on(day: date) -> date:
    """Return the day on which a patron is erased whose time counts from ``day``."""
    return day + CARDS + timedelta(days=1)


def expired_cards(day: date) -> ModelSelect[Patron]:
    """Return the query of patrons without loans whose cards have expired by a day. They are erased later unless they
    renew.
    """
    owing = Loan.select(Loan.patron).where(Loan.patron.is_null(False))
    return Patron.select().where(Patron.state != "closed", Patron.expires_on < day, Patron.id.not_in(owing))


def cards_soon(*, now: datetime) -> tuple[int, date | None]:
    """Return the number of patrons who are erased within 30 days unless they renew, and the first such day (None
    without any).
    """
    columns = (Patron.state, Patron.closed_on, Patron.expires_on, Patron.retention_from)
    rows = tuples(_cards_over(now - CARDS + SOON).select(*columns))
    days = [
        closed_on if state == "closed" and closed_on else max(expires_on, retention_from or expires_on)
        for state, closed_on, expires_on, retention_from in rows
    ]
    return len(days), max(erased_on(min(days)), clock.day_of(now)) if days else None


def _clean(rule: Rule, before: datetime) -> int:
    total = 0
    while ids := _some_over(rule, before):
        with database.writing(), database.writing_counters():
            if rule.erase:
                rule.erase(ids)
            else:
                model = rule.over(before).model
                model.delete().where(model._meta.primary_key.in_(ids)).execute()
        total += len(ids)
    return total


def _some_over(rule: Rule, before: datetime) -> list[int]:
    rows = rule.over(before)
    return [number for (number,) in tuples(rows.select(rows.model._meta.primary_key).limit(AT_ONCE))]


def unlink_returned(*, now: datetime) -> dict:
    """Remove the patrons from loans returned before today, and erase the holds of these loans and the text of mails
    about both, and the calls about the loans.

    Unsettled loans stay, and those to 相手館, which are no persons. Return the number of loans, as loans.
    """
    today, total = clock.day_of(now), 0
    done_today = Loan.returned_at.is_null(False) & (
        Loan.returned_at >= clock.at(today)
    )  # returned today under an earlier day
    partners = Patron.select(Patron.id).where(Patron.category.in_(policy.get("partner_categories")))
    returned = Loan.select(Loan.id).where(
        Loan.patron.is_null(False), Loan.patron.not_in(partners),
        Loan.returned_on < today, Loan.trouble == "", ~done_today,
    )  # fmt: skip
    while loans := {number for (number,) in tuples(returned.limit(AT_ONCE))}:
        with database.writing():
            holds = [number for (number,) in tuples(Hold.select(Hold.id).where(Hold.loan.in_(loans)))]
            _erase_mention(loans, holds)
            _erase_holds(holds)
            DunningCall.delete().where(DunningCall.loan.in_(loans)).execute()
            LoanNotice.update(mail=None).where(LoanNotice.loan.in_(loans)).execute()
            use_facts.unlink(loans)
            Loan.update(patron=None, category="", age_group="").where(Loan.id.in_(loans)).execute()
        total += len(loans)
    return {"loans": total}


def _erase_mention(loans: Collection[int], holds: Collection[int], requests: Collection[int] = ()) -> None:
    """Erase the text of mails about these loans, holds and requests; a queued mail keeps the rest of its facts."""
    patrons = {number for (number,) in tuples(Loan.select(Loan.patron).where(Loan.id.in_(loans)))}
    for model, ids in ((Hold, holds), (PatronRequest, requests)):
        patrons |= {number for (number,) in tuples(model.select(model.patron).where(model.id.in_(ids)))}
    mails = OutboxMail.select(OutboxMail.id, OutboxMail.state, OutboxMail.facts).where(
        OutboxMail.patron.in_(patrons), OutboxMail.kind.in_(outbox.ABOUT_READING), OutboxMail.facts != {}
    )
    settled = []
    for mail in mails:
        rest = mail.facts | {
            "loans": [pair for pair in mail.facts.get("loans", []) if pair[0] not in loans],
            "holds": [hold for hold in mail.facts.get("holds", []) if hold not in holds],
            "requests": [each for each in mail.facts.get("requests", []) if each not in requests],
        }
        rest = {name: value for name, value in rest.items() if name in mail.facts}
        if rest == mail.facts:
            continue
        if mail.state in ("queued", "sending"):
            OutboxMail.update(facts=rest).where(OutboxMail.id == mail.id).execute()
        else:
            settled.append(mail.id)
    _erase_text(settled)
