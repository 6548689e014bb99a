"""変更: a confirmed information change, applied as a whole, with its receipt and its mails."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from library import audit, clock, errors
from library.access import marks, passwords, seals, sessions, throttle
from library.patrons import drafts, patrons, profile, signing_in
from library.patrons.family import addresses as shared
from library.store import database
from models import Audit, Draft, HistoryEntry, Hold, MailPreference, OutboxMail, Patron, PatronAddress, Session

TEST_MAIL_EVERY = timedelta(minutes=10)
NEW_ADDRESSES_A_DAY = 5  # changes with a new address: each mails it up to three times, and it may be a stranger's
SHOWN = timedelta(minutes=30)  # time in which the result page can be reloaded


@dataclass(frozen=True)
class Choices:
    """The choices of the confirm step: the address for 申請確認メール, and two further effects of the change."""

    confirmation_to: str = ""
    delete_history: bool = False
    update_holds: bool = False


def apply(draft: Draft, choices: Choices, *, session: Session | None = None, now: datetime) -> Audit:
    """Apply a draft as a whole; return its receipt. Other sessions end where the password changes. Raises: DraftGone,
    DraftReplaced, DraftApplied; RefusedTogether by field; ChangedMeanwhile, after the draft was based on what is stored
    now.
    """
    with database.writing():
        patron = Patron.get_by_id(draft.patron_id)
        draft = drafts.require(patron, draft.token, now=now)
        moved = drafts.rebase(draft)
        if not moved:
            problems, _ = profile.judge(patron, draft.base, draft.values)
            if problems:
                raise errors.RefusedTogether(problems)
            if choices.confirmation_to and choices.confirmation_to not in drafts.addresses_to_be(draft):
                raise errors.RefusedTogether({"confirmation_to": [errors.ConfirmationAddressUnknown()]})
            _require_few_addresses(patron, draft, now)
            return _apply(patron, draft, choices, session, now)
    raise drafts.changed_meanwhile(draft, moved)


def _require_few_addresses(patron: Patron, draft: Draft, now: datetime) -> None:
    """Count a change that brings a new address, in the caller's transaction. Raises: RefusedTogether beyond
    NEW_ADDRESSES_A_DAY, so that nobody can flood a mailbox.
    """
    if set(drafts.addresses_to_be(draft)) <= {row.address for row in patrons.addresses(patron)}:
        return
    brought = throttle.count(f"addresses {patron.id}", now=now, until=now + timedelta(days=1))
    if brought > NEW_ADDRESSES_A_DAY:
        raise errors.RefusedTogether({"email1": [errors.AddressesChangedTooOften(most=NEW_ADDRESSES_A_DAY)]})


def _apply(patron: Patron, draft: Draft, choices: Choices, session: Session | None, now: datetime) -> Audit:
    changed = profile.changed_groups(draft.base, draft.values)
    fields = (["password"] if draft.password_hash else []) + changed
    old_addresses = patrons.addresses(patron)
    extra = _reach_further(patron, draft, choices)
    values = draft.values
    for name in ("contact_method", "contact_phone", "keep_history"):
        setattr(patron, name, values[name])
    if "pickup_branch" in changed:
        patron.pickup_branch = values["pickup_branch"]
    if draft.password_hash:
        patron.password_hash, patron.has_chosen_password = draft.password_hash, True
    patron.save()
    if drafts.addresses_changed(draft):
        _store_addresses(patron, values, now)
    _store_preferences(patron, values)
    receipt = audit.record(
        "profile.changed", actor="patron", now=now, patron=patron, fields=fields, via="site", draft=draft.token, **extra
    )
    _mail(patron, draft, choices, fields, old_addresses, receipt, now)
    if draft.password_hash:
        sessions.end_others(patron, session)
        patrons.forget_old_password(patron)
        if not seals.is_sealed(patron):  # while records are sealed, marks may be keys
            marks.forget(patron)
    Draft.delete().where(Draft.id == draft.id).execute()
    return receipt


def _reach_further(patron: Patron, draft: Draft, choices: Choices) -> dict[str, int]:
    extra = {}
    if choices.delete_history and drafts.history_at_stake(draft):
        extra["history_deleted"] = HistoryEntry.delete().where(HistoryEntry.patron == patron).execute()
    if choices.update_holds and drafts.holds_at_stake(draft):
        changed = set(profile.changed_groups(draft.base, draft.values))
        moved = {name: draft.values[name] for name in ("pickup_branch", "contact_method") if name in changed}
        extra["holds_updated"] = Hold.update(**moved).where(Hold.id.in_(drafts.open_holds_of(patron))).execute()
    return extra


def _store_preferences(patron: Patron, values: dict) -> None:
    for kind in patrons.MAIL_KINDS:
        wanted = {"to_pc": values[f"{kind}_pc"], "to_mobile": values[f"{kind}_mobile"]}
        wanted["active"] = values.get(f"{kind}_active", False)
        if kind == "due":
            wanted["days_before"] = values["due_days"]
        mine = (MailPreference.patron == patron) & (MailPreference.kind == kind)
        if not MailPreference.update(**wanted).where(mine).execute():
            MailPreference.create(patron=patron, kind=kind, **wanted)


def _store_addresses(patron: Patron, values: dict, now: datetime) -> None:
    """Store the addresses. An address keeps its state, also when it moves from one field to the other."""
    known = {row.address: row for row in patrons.addresses(patron)}
    for address in known.keys() - {values[name] for name in profile.ADDRESSES}:
        seals.remember_former(known[address], now=now)
    PatronAddress.delete().where(PatronAddress.patron == patron).execute()
    for position, name in enumerate(profile.ADDRESSES, start=1):
        address = values[name]
        if not address:
            continue
        before = known.get(address)
        PatronAddress.create(
            patron=patron,
            position=position,
            address=address,
            kind=values[f"{name}_kind"],
            verified_at=before.verified_at if before else None,
            failures=before.failures if before else 0,
            undeliverable_at=before.undeliverable_at if before else None,
            since=before.since if before else now,
            at_desk=before.at_desk if before else False,
            titles_off=before.titles_off if before else False,
        )
    shared.hide_titles_at_new(patron.id, {values[name] for name in profile.ADDRESSES if values[name]} - known.keys())


def _mail(
    patron: Patron,
    draft: Draft,
    choices: Choices,
    fields: list[str],
    old_addresses: list[PatronAddress],
    receipt: Audit,
    now: datetime,
) -> None:
    facts = {"fields": fields, "at": now.isoformat()}
    rows_now = {row.address: row for row in patrons.addresses(patron)}
    mails = [("acknowledgement", rows_now[choices.confirmation_to])] if choices.confirmation_to else []
    if draft.values["registration_active"]:
        mails += [("registered", row) for row in patrons.deliverable(patron, "registration")]
    if draft.password_hash or drafts.addresses_changed(draft):
        what = "address" if drafts.addresses_changed(draft) else "password"
        patrons.tell_of_change(patron, what, fields, to=old_addresses, cause=receipt, now=now)
    for kind, row in mails:
        patrons.mail(row, kind, receipt.id, facts=facts, cause=receipt, now=now)
    for address in rows_now.keys() - {row.address for row in old_addresses}:
        signing_in.mail_verification(rows_now[address], now=now, cause=receipt)


# -- afterwards ------------------------------------------------------------------------------------------------------
def last_receipt(patron: Patron, *, now: datetime) -> Audit | None:
    """Return the receipt of a change of the last 30 minutes (SHOWN), for the result page; None when there is none."""
    receipt = audit.last("profile.changed", patron)
    return receipt if receipt and now - receipt.at < SHOWN else None


def past_changes(patron: Patron) -> list[Audit]:
    """Return 変更の記録, the latest first: each with its time, place and fields, never a value."""
    listed = Audit.action.in_(
        (
            "profile.changed",
            "password.first_password",
            "password.reset",
            "password.reissued",
            "password.stopped",
            "seal.opened",
            "mail.stopped",
            "passkey.added",
            "passkey.removed",
            "push.added",
            "push.removed",
        )
    )
    return list(Audit.select().where(Audit.patron == patron, listed).order_by(Audit.id.desc()).limit(200))


def send_test_mail(patron: Patron, position: int, *, now: datetime) -> PatronAddress:
    """Send テストメール to a stored address, with a new アドレス確認 if it is not verified. Raises: TestMailTooSoon."""
    row = PatronAddress.get(PatronAddress.patron == patron, PatronAddress.position == position)
    with database.writing():
        mails = OutboxMail.select().where(OutboxMail.patron == patron, OutboxMail.kind == "test")
        last = mails.where(OutboxMail.address == row.address).order_by(OutboxMail.created_at.desc()).first()
        if last and now - last.created_at < TEST_MAIL_EVERY:
            wait = TEST_MAIL_EVERY - (now - last.created_at)
            raise errors.TestMailTooSoon(n=-(-wait.seconds // 60))
        patrons.mail(row, "test", now.isoformat(), now=now)
        if row.verified_at is None:
            signing_in.mail_verification(row, now=now)
    return row


def history_shown_from(receipt: Audit) -> date:
    """Return the first day on which 貸出履歴 shows something: loans are recorded from the change on, and
    shown a day later.
    """
    return clock.day_of(receipt.at) + timedelta(days=1)


def password_problems(
    patron: Patron, *, new_password: str, current_password: str | None = None, new_password_again: str = ""
) -> dict[str, list[errors.Refused]]:
    """Return the refusals of passwords that are being typed, by field; {} before anything is typed. Nothing is hashed.

    With ``current_password`` only a missing one is refused; without it the new one is judged, and its repetition once
    that is begun.
    """
    if not new_password and not new_password_again:
        return {}
    if current_password is not None:
        return {} if current_password else {"current_password": [errors.CurrentPasswordMissing()]}
    found = passwords.refusals(new_password, new_password_again, passwords.weaknesses(new_password, patron))
    return {name: problems for name, problems in found.items() if name == "new_password" or new_password_again}


def new_password(patron: Patron, current: str, new: str, again: str, *, now: datetime) -> str:
    """Return the hash of a new password for the draft; empty when all three fields are. Raises: RefusedTogether by
    field.
    """
    if not (current or new or again):
        return ""
    refused = {}
    if not current:
        refused["current_password"] = [errors.CurrentPasswordMissing()]
    refused |= passwords.refusals(new, again, passwords.weaknesses(new, patron))
    if current:
        try:
            signing_in.check_current(patron, current, now=now)
        except errors.Refused as refusal:
            refused["current_password"] = [refusal]
    if not refused and passwords.verify(patron.password_hash, new):
        refused["new_password"] = [errors.PasswordIsCurrent()]
    if refused:
        raise errors.RefusedTogether(refused)
    return passwords.hash_password(new)
