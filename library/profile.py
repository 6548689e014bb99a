"""利用者情報変更: what a patron may change, in three steps: a draft, a look at it, one change of everything.

Values are a flat dict with the keys of ``blank()``; ``GROUPS`` says which keys make one row of the screens.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from library import addresses, audit, clock, database, errors, outbox, passwords, patrons, sessions, signing_in, wording
from models import Audit, Branch, Draft, HistoryEntry, Hold, MailPreference, OutboxMail, Patron, PatronAddress

DRAFT_KEPT = timedelta(minutes=30)
TEST_MAIL_EVERY = timedelta(minutes=10)
DONE_SHOWN = timedelta(minutes=30)

GROUPS = {
    "email1": ("email1", "email1_kind"),
    "email2": ("email2", "email2_kind"),
    "registration": ("registration_pc", "registration_mobile", "registration_active"),
    "hold": ("hold_pc", "hold_mobile"),
    "sdi": ("sdi_pc", "sdi_mobile"),
    "due": ("due_pc", "due_mobile", "due_active", "due_days"),
    "pickup_branch": ("pickup_branch",),
    "contact_method": ("contact_method",),
    "contact_phone": ("contact_phone",),
    "keep_history": ("keep_history",),
}
_ADDRESSES = ("email1", "email2")
DEPENDS_ON = {
    "email2": ("email1",),
    "registration": _ADDRESSES,
    "hold": _ADDRESSES,
    "sdi": _ADDRESSES,
    "due": (*_ADDRESSES, "contact_method"),
    "contact_method": _ADDRESSES,
    "contact_phone": ("contact_method",),
}
HOLDS_STILL_CHANGED = ("waiting", "preparing")


@dataclass(frozen=True)
class Fix:
    """A correction in one press: ``field`` gets ``to``."""

    field: str
    to: str
    label: str

    @property
    def value(self):
        """What the button sends."""
        return f"{self.field}:{self.to}"


@dataclass(frozen=True)
class Problem:
    refusal: errors.Refused
    fix: Fix | None = None

    @property
    def sentence(self):
        return self.refusal.sentence


@dataclass(frozen=True)
class Warning:
    """Something to look at that blocks nothing."""

    sentence: str
    fix: Fix | None = None


# -- what is stored --------------------------------------------------------------------------------------------------
def stored(patron) -> dict:
    """The patron's choices as they are now, by the keys of the edit form."""
    values = {"email1": "", "email1_kind": "pc", "email2": "", "email2_kind": "pc"}
    for row in patrons.addresses(patron):
        values |= {f"email{row.position}": row.address, f"email{row.position}_kind": row.kind}
    for kind, wanted in patrons.preferences(patron).items():
        values |= {f"{kind}_pc": wanted.to_pc, f"{kind}_mobile": wanted.to_mobile}
        if kind in ("registration", "due"):
            values[f"{kind}_active"] = wanted.active
    values["due_days"] = patrons.preferences(patron)["due"].days_before
    values["pickup_branch"] = default_pickup_branch(patron)
    for name in ("contact_method", "contact_phone", "keep_history"):
        values[name] = getattr(patron, name)
    return values


def default_pickup_branch(patron) -> int | None:
    """The chosen branch, else the branch of registration if it hands out holds, else the first that does."""
    if patron.pickup_branch_id:
        return patron.pickup_branch_id
    offered = [branch.id for branch in pickup_branches()]
    return patron.branch_id if patron.branch_id in offered else next(iter(offered), None)


def pickup_branches(patron=None) -> list[Branch]:
    """The branches that hand out holds, in the library's order, and the patron's own choice if it no longer does."""
    offered = Branch.pickup == True  # noqa: E712 (peewee builds SQL from it)
    if patron is not None and patron.pickup_branch_id:
        offered |= Branch.id == patron.pickup_branch_id
    return list(Branch.select().where(offered).order_by(Branch.position, Branch.id))


def changed_groups(old: dict, new: dict) -> list[str]:
    return [group for group, keys in GROUPS.items() if any(old[key] != new[key] for key in keys)]


# -- rules -----------------------------------------------------------------------------------------------------------
def judge(patron, old: dict, new: dict) -> tuple[dict, dict]:
    """Problems and warnings by group. Only what changed, or depends on a change, is refused; old sins are warnings."""
    changed = set(changed_groups(old, new))
    problems, warnings = {}, {}
    for group, found in _violations(patron, new).items():
        if group in changed or changed & set(DEPENDS_ON.get(group, ())):
            problems[group] = found
        else:
            warnings[group] = [Warning(problem.sentence, problem.fix) for problem in found]
    for name in _ADDRESSES:
        if name not in problems and (found := _address_warning(name, new[name])):
            warnings.setdefault(name, []).append(found)
    return problems, warnings


def _violations(patron, values):
    found = {}
    for name in _ADDRESSES:
        if values[name] and not addresses.is_valid(values[name]):
            found[name] = [Problem(errors.AddressMalformed())]
    if values["email1"] and values["email1"].casefold() == values["email2"].casefold():
        found.setdefault("email2", []).append(Problem(errors.AddressTwice()))
    for kind in patrons.MAIL_KINDS:
        if problems := _delivery_problems(kind, values):
            found[kind] = problems
    if values["contact_method"] == "mail" and not (values["email1"] or values["email2"]):
        found["contact_method"] = [Problem(errors.MailNeedsAddress())]
    phone = values["contact_phone"]
    if values["contact_method"] == "phone" and not getattr(patron, f"phone_{phone}"):
        found["contact_phone"] = [Problem(errors.PhoneNotOnFile(phone=wording.CONTACT_PHONES[phone]))]
    if not any(branch.id == values["pickup_branch"] for branch in pickup_branches()):
        found["pickup_branch"] = [Problem(errors.BranchHandsOutNoHolds())]
    return found


def _delivery_problems(kind, values):
    problems = []
    there = {values[f"{name}_kind"] for name in _ADDRESSES if values[name]}
    for address_kind, label in wording.ADDRESS_KINDS.items():
        if values[f"{kind}_{address_kind}"] and address_kind not in there:
            problems.append(Problem(errors.NoAddressOfKind(kind=label)))
    active = values.get(f"{kind}_active", False)
    if active and not (values[f"{kind}_pc"] or values[f"{kind}_mobile"]):
        problems.append(Problem(errors.NoKindTicked()))
    if kind == "due" and active and values["contact_method"] != "mail":
        problems.append(
            Problem(errors.DueNoticeNeedsMail(), Fix("contact_method", "mail", "予約連絡方法を「メール」にする"))
        )
    return problems


def _address_warning(name, address):
    if not address or not addresses.is_valid(address):
        return None
    if better := addresses.suggestion(address):
        wrong, right = address.rpartition("@")[2], better.rpartition("@")[2]
        sentence = f"{wrong} は {right} の入力間違いではありませんか。このままでも登録できます。"
        return Warning(sentence, Fix(name, better, f"{better} に直す"))
    if addresses.is_old_carrier(address):
        return Warning("「.」が続くか「@」の前にある、古い形のアドレスです。登録できますが、届かないことがあります。")
    return None


# -- draft -----------------------------------------------------------------------------------------------------------
def current_draft(patron, *, now) -> Draft | None:
    draft = Draft.get_or_none(Draft.patron == patron)
    return draft if draft and now - draft.created_at < DRAFT_KEPT else None


def save_draft(patron, values: dict, *, password_hash="", now) -> Draft:
    """Keep the values for the confirm step, in place of any earlier draft of the patron."""
    with database.writing():
        Draft.delete().where(Draft.patron == patron).execute()
        return Draft.create(
            patron=patron,
            token=secrets.token_urlsafe(16),
            base=stored(patron),
            values=values,
            password_hash=password_hash,
            created_at=now,
        )


def drop_draft(patron, token: str | None = None):
    """Forget the patron's draft; with a token, only if it is that one."""
    rows = Draft.delete().where(Draft.patron == patron)
    with database.writing():
        (rows.where(Draft.token == token) if token is not None else rows).execute()


def drop_draft_password(draft):
    with database.writing():
        Draft.update(password_hash="").where(Draft.id == draft.id).execute()


def require_draft(patron, token: str, *, now) -> Draft:
    """The draft that this confirm form was made for; refused as gone, replaced or applied already."""
    draft = current_draft(patron, now=now)
    if draft is not None and secrets.compare_digest(draft.token, token):
        return draft
    last = _last_change(patron)
    if last is not None and last.details.get("draft") == token:
        raise errors.DraftApplied()
    raise errors.DraftReplaced() if draft else errors.DraftGone()


def rebase(draft, *, now) -> list[str]:
    """What the desk changed since the draft was begun: the groups. Afterwards the draft stands on what is stored now;
    rows that the patron left alone follow the desk. The form made before no longer confirms it.
    """
    current = stored(draft.patron)
    moved = changed_groups(draft.base, current)
    if moved:
        mine = changed_groups(draft.base, draft.values)
        for group in (group for group in moved if group not in mine):
            draft.values |= {key: current[key] for key in GROUPS[group]}
        draft.base, draft.token = current, secrets.token_urlsafe(16)
        with database.writing():
            draft.save()
    return moved


# -- confirm ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    label: str
    value: str
    changed: bool
    before: str


def rows(draft) -> list[Row]:
    """The rows of the confirm step, in the manual's order and words."""
    changed = changed_groups(draft.base, draft.values)
    names = dict(Branch.select(Branch.id, Branch.name).tuples())
    listed = [Row(wording.field("password"), "変更する" if draft.password_hash else "", bool(draft.password_hash), "")]
    for group in GROUPS:
        label = "SDI配信先" if group == "sdi" else wording.field(group)
        day_moved = draft.base["due_days"] != draft.values["due_days"]
        before, value = (_words(group, values, names, day_moved) for values in (draft.base, draft.values))
        listed.append(Row(label, value, group in changed, before if group in changed else ""))
    return listed


def _words(group, values, branch_names, day_moved):
    if group in _ADDRESSES:
        return f"{values[group]} [{wording.ADDRESS_KINDS[values[f'{group}_kind']]}]".strip()
    if group in patrons.MAIL_KINDS:
        return _delivery_words(group, values, day_moved)
    value = values[group]
    if group == "pickup_branch":
        return branch_names.get(value, "")
    tables = {
        "contact_method": wording.CONTACT_METHODS,
        "contact_phone": wording.CONTACT_PHONES,
        "keep_history": wording.HISTORY,
    }
    return tables[group][value]


def _delivery_words(kind, values, day_moved):
    words = [label for code, label in wording.ADDRESS_KINDS.items() if values[f"{kind}_{code}"]] + ["配信状態"]
    if kind == "hold":
        return " ".join([*words, "予約毎に個別選択"])
    if kind == "sdi":
        return " ".join([*words, "SDI設定で個別に選択"])
    active = values[f"{kind}_active"]
    words.append(wording.DELIVERY[active])
    if kind == "due" and (active or day_moved):
        words.append(wording.days_before(values["due_days"]))
    return " ".join(words)


@dataclass(frozen=True)
class Choices:
    """What the confirm step asks besides yes: an address for 申請確認メール, and what else the change reaches."""

    confirmation_to: str = ""
    delete_history: bool = False
    update_holds: bool = False


def addresses_to_be(draft) -> list[str]:
    return [draft.values[name] for name in _ADDRESSES if draft.values[name]]


def history_at_stake(draft) -> int:
    """How many records a patron who turns 貸出履歴 off may want gone; 0 when the question does not arise."""
    if not draft.base["keep_history"] or draft.values["keep_history"]:
        return 0
    return HistoryEntry.select().where(HistoryEntry.patron == draft.patron).count()


def holds_at_stake(draft) -> int:
    """How many holds could follow a changed pickup branch or contact method; 0 when the question does not arise."""
    changed = changed_groups(draft.base, draft.values)
    if not {"pickup_branch", "contact_method"} & set(changed):
        return 0
    return _open_holds(draft.patron).count()


def addresses_changed(draft) -> bool:
    return bool({"email1", "email2"} & set(changed_groups(draft.base, draft.values)))


def needs_password(draft, *, authenticated_at, now) -> bool:
    """A changed address, and a sign-in that is not fresh: ask once more (ASVS 5.0 7.5.1)."""
    return addresses_changed(draft) and now - authenticated_at > sessions.RECENT_SIGN_IN


# -- apply -----------------------------------------------------------------------------------------------------------
def apply(draft, choices: Choices, *, session=None, now) -> Audit:
    """All of it or nothing: fields, receipt, mails, the end of other sessions. Refuses a draft that is no longer there,
    that the desk has overtaken, or that the rules refuse by now.
    """
    with database.writing():
        patron = Patron.get_by_id(draft.patron_id)
        draft = require_draft(patron, draft.token, now=now)
        if moved := changed_groups(draft.base, stored(patron)):
            raise errors.ChangedMeanwhile(fields=wording.fields(moved))
        problems, _ = judge(patron, draft.base, draft.values)
        if problems:
            raise errors.RefusedTogether({group: [p.refusal for p in found] for group, found in problems.items()})
        if choices.confirmation_to and choices.confirmation_to not in addresses_to_be(draft):
            raise errors.RefusedTogether({"confirmation_to": [errors.ConfirmationAddressUnknown()]})
        return _apply(patron, draft, choices, session, now)


def _apply(patron, draft, choices, session, now):
    changed = changed_groups(draft.base, draft.values)
    fields = (["password"] if draft.password_hash else []) + changed
    old_addresses = patrons.addresses(patron)
    extra = _reach_further(patron, draft, choices)
    _store(patron, draft, changed)
    receipt = audit.record(
        "profile.changed", actor="patron", now=now, patron=patron, fields=fields, via="site", draft=draft.token, **extra
    )
    _mail(patron, draft, choices, fields, old_addresses, receipt, now)
    if draft.password_hash:
        sessions.end_others(patron, session)
    Draft.delete().where(Draft.id == draft.id).execute()
    return receipt


def _reach_further(patron, draft, choices):
    extra = {}
    if choices.delete_history and history_at_stake(draft):
        extra["history_deleted"] = HistoryEntry.delete().where(HistoryEntry.patron == patron).execute()
    if choices.update_holds and holds_at_stake(draft):
        changed = set(changed_groups(draft.base, draft.values))
        moved = {name: draft.values[name] for name in ("pickup_branch", "contact_method") if name in changed}
        open_holds = [row.id for row in _open_holds(patron)]
        extra["holds_updated"] = Hold.update(**moved).where(Hold.id.in_(open_holds)).execute()
    return extra


def _open_holds(patron):
    return Hold.select().where(Hold.patron == patron, Hold.state.in_(HOLDS_STILL_CHANGED))


def _store(patron, draft, changed):
    values = draft.values
    for name in ("contact_method", "contact_phone", "keep_history"):
        setattr(patron, name, values[name])
    if "pickup_branch" in changed:
        patron.pickup_branch = values["pickup_branch"]
    if draft.password_hash:
        patron.password_hash = draft.password_hash
    patron.save()
    if addresses_changed(draft):
        _store_addresses(patron, values)
    for kind in patrons.MAIL_KINDS:
        wanted = {"to_pc": values[f"{kind}_pc"], "to_mobile": values[f"{kind}_mobile"]}
        wanted["active"] = values.get(f"{kind}_active", False)
        if kind == "due":
            wanted["days_before"] = values["due_days"]
        if (
            not MailPreference.update(**wanted)
            .where(MailPreference.patron == patron, MailPreference.kind == kind)
            .execute()
        ):
            MailPreference.create(patron=patron, kind=kind, **wanted)


def _store_addresses(patron, values):
    """What is known of an address (verified, undeliverable) stays with it, also from one field to the other."""
    known = {row.address: row for row in patrons.addresses(patron)}
    PatronAddress.delete().where(PatronAddress.patron == patron).execute()
    for position, name in enumerate(_ADDRESSES, start=1):
        address = values[name]
        if not address:
            continue
        kept = known.get(address)
        PatronAddress.create(
            patron=patron,
            position=position,
            address=address,
            kind=values[f"{name}_kind"],
            verified_at=kept.verified_at if kept else None,
            failures=kept.failures if kept else 0,
            undeliverable_at=kept.undeliverable_at if kept else None,
        )


def _mail(patron, draft, choices, fields, old_addresses, receipt, now):
    facts = {"fields": fields, "at": now.isoformat()}
    rows_now = {row.address: row for row in patrons.addresses(patron)}

    def put(kind, row, facts=facts):
        outbox.put(
            kind,
            f"{kind}:{receipt.id}:{row.address}",
            address=row.address,
            address_kind=row.kind,
            patron=patron,
            facts=facts,
            cause=receipt,
            now=now,
        )

    if choices.confirmation_to:
        put("acknowledgement", rows_now[choices.confirmation_to])
    if draft.values["registration_active"]:
        for row in patrons.deliverable(patron, "registration"):
            put("registered", row)
    if draft.password_hash or addresses_changed(draft):
        what = "address" if addresses_changed(draft) else "password"
        for row in old_addresses:
            put("security", row, facts | {"what": what})
    for address in rows_now.keys() - {row.address for row in old_addresses}:
        signing_in.mail_verification(patron, rows_now[address], now=now, cause=receipt)


# -- afterwards ------------------------------------------------------------------------------------------------------
def last_receipt(patron, *, now) -> Audit | None:
    """The receipt of the change just made, for the result page; None when there is none to show."""
    receipt = _last_change(patron)
    return receipt if receipt and now - receipt.at < DONE_SHOWN else None


def _last_change(patron):
    rows = Audit.select().where(Audit.patron == patron, Audit.action == "profile.changed")
    return rows.order_by(Audit.id.desc()).first()


def changes(patron) -> list[Audit]:
    """変更の記録, the latest first: when, from where, which fields. Never a value."""
    told = Audit.action.in_(
        ("profile.changed", "password.first_password", "password.reset", "password.reissued", "mail.stopped")
    )
    return list(Audit.select().where(Audit.patron == patron, told).order_by(Audit.id.desc()).limit(200))


def send_test_mail(patron, position: int, *, now) -> PatronAddress:
    """テストメール to a stored address, once in ten minutes; a new アドレス確認 with it if the address is not verified.
    Refused with TestMailTooSoon.
    """
    row = PatronAddress.get(PatronAddress.patron == patron, PatronAddress.position == position)
    with database.writing():
        last = (
            OutboxMail.select()
            .where(OutboxMail.patron == patron, OutboxMail.kind == "test", OutboxMail.address == row.address)
            .order_by(OutboxMail.created_at.desc())
            .first()
        )
        if last and now - last.created_at < TEST_MAIL_EVERY:
            wait = TEST_MAIL_EVERY - (now - last.created_at)
            raise errors.TestMailTooSoon(minutes=-(-wait.seconds // 60))
        key = f"test:{patron.id}:{row.address}:{now.isoformat()}"
        outbox.put("test", key, address=row.address, address_kind=row.kind, patron=patron, now=now)
        if row.verified_at is None:
            signing_in.mail_verification(patron, row, now=now)
    return row


def history_shown_from(receipt):
    """Recording begins with the change; what is borrowed from then on is shown from the next day."""
    return clock.day_of(receipt.at) + timedelta(days=1)


def new_password(patron, current: str, new: str, again: str, *, address="", now) -> str:
    """The hash of a new password for the draft; empty when all three fields are. Refused field by field."""
    if not (current or new or again):
        return ""
    refused = {}
    if not current:
        refused["current_password"] = [errors.CurrentPasswordMissing()]
    refused |= passwords.refusals(new, again, patron)
    if current:
        try:
            signing_in.check_current(patron, current, address=address, now=now)
        except errors.Refused as refusal:
            refused["current_password"] = [refusal]
    if not refused and passwords.verify(patron.password_hash, new):
        refused["new_password"] = [errors.PasswordIsCurrent()]
    if refused:
        raise errors.RefusedTogether(refused)
    return passwords.hash_password(new)
