"""下書き: an information change between its two steps. A patron has one at most, for 30 minutes or until the end of
システムメンテナンス.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import fn

from library import audit, branches, errors, wording
from library.access import sessions
from library.language import sentences
from library.patrons import patrons, profile
from library.store import database
from library.store.queries import Models, Query, blank
from models import Draft, HistoryEntry, Hold, Patron

KEPT = timedelta(minutes=30)
HOLDS_STILL_CHANGED = ("waiting", "preparing")


def current(patron: Patron, *, now: datetime, browser: str = "") -> Draft | None:
    """Return the patron's draft; None when there is none or its time is over.

    A lapsed draft, sent after the session had idled out, is only for the browser that sent it, whose ``browser`` is the
    draft's token.
    """
    draft = _OF_PATRON.first(patron=patron.id)
    if draft:
        draft.patron = patron  # known, so that the rules need not ask for it
    if draft and draft.lapsed and draft.token != browser:
        return None
    return draft if draft and now < (draft.held_until or draft.created_at + KEPT) else None


_OF_PATRON = Models(Draft, {}, lambda rows: rows.where(Draft.patron == blank("patron")))


def store(
    patron: Patron,
    values: dict,
    *,
    password_hash: str = "",
    held_until: datetime | None = None,
    lapsed: bool = False,
    now: datetime,
) -> Draft:
    """Store the values for the confirm step in place of an earlier draft; return the draft. ``lapsed``: the session had
    idled out.
    """
    with database.writing():
        Draft.delete().where(Draft.patron == patron).execute()
        return Draft.create(
            patron=patron,
            token=secrets.token_urlsafe(16),
            base=profile.stored(patron),
            values=values,
            password_hash=password_hash,
            created_at=now,
            held_until=held_until,
            lapsed=lapsed,
        )


def extend(draft: Draft, until: datetime) -> None:
    """Keep a draft until a moment, beyond its thirty minutes."""
    with database.writing():
        Draft.update(held_until=until).where(Draft.id == draft.id).execute()


def drop(patron: Patron, token: str | None = None) -> None:
    """Delete the patron's draft; with a ``token`` only the draft with that token."""
    rows = Draft.delete().where(Draft.patron == patron)
    with database.writing():
        (rows.where(Draft.token == token) if token is not None else rows).execute()


def drop_password(draft: Draft) -> None:
    """Remove the new password from a draft."""
    with database.writing():
        Draft.update(password_hash="").where(Draft.id == draft.id).execute()


def require(patron: Patron, token: str, *, now: datetime) -> Draft:
    """Return the draft of this confirm form. Raises: DraftGone, DraftReplaced, DraftApplied."""
    draft = current(patron, now=now)
    if draft is not None and secrets.compare_digest(draft.token.encode(), token.encode("utf-8", "replace")):
        return draft
    last = audit.last("profile.changed", patron)
    if last is not None and last.details.get("draft") == token:
        raise errors.DraftApplied()
    raise errors.DraftReplaced() if draft else errors.DraftGone()


def rebase(draft: Draft) -> list[str]:
    """Base the draft on what is stored now; return the groups that were changed elsewhere since it was begun.

    Groups that the patron left alone take the stored values. The draft gets a new token, so that the old form can't
    confirm it.
    """
    stored = profile.stored(draft.patron)
    moved = profile.changed_groups(draft.base, stored)
    if moved:
        mine = profile.changed_groups(draft.base, draft.values)
        for group in (group for group in moved if group not in mine):
            draft.values |= {key: stored[key] for key in profile.GROUPS[group]}
        draft.base, draft.token = stored, secrets.token_urlsafe(16)
        with database.writing():
            draft.save()
    return moved


def changed_meanwhile(draft: Draft, moved: list[str]) -> errors.Refused:
    """Return the refusal that names the changed groups and the place of the change: the library, a stop
    link, or both.
    """
    stops = audit.since(draft.created_at, "mail.stopped", draft.patron)
    stopped = {group for row in stops for group in row.details["fields"]}.intersection(moved)
    sources = ["図書館"] if set(moved) - stopped else []
    sources += [wording.PLACES["link"]] if stopped else []
    place = sentences.Joined(sources, "と")
    return errors.ChangedMeanwhile(fields=wording.field_words(moved), place=place)


# -- the confirm step ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    label: str
    parts: list[str]
    changed: bool
    before: str

    @property
    def value(self) -> str:
        return " ".join(self.parts)


def rows(draft: Draft) -> list[Row]:
    """Return the rows of the confirm step, in the manual's order and words."""
    changed = profile.changed_groups(draft.base, draft.values)
    names = branches.names()
    listed = [
        Row(wording.field_word("password"), ["変更する" if draft.password_hash else ""], bool(draft.password_hash), "")
    ]
    for group in profile.GROUPS:
        label = "SDI配信先" if group == "sdi" else wording.field_word(group)
        day_moved = draft.base["due_days"] != draft.values["due_days"]
        before, now = (_parts(group, values, names, day_moved) for values in (draft.base, draft.values))
        listed.append(Row(label, now, group in changed, sentences.Joined(before, " ") if group in changed else ""))
    return listed


def _parts(group: str, values: dict, branch_names: dict[int, str], day_moved: bool) -> list[str]:
    if group in profile.ADDRESSES:
        kind = wording.ADDRESS_KINDS[values[f"{group}_kind"]]
        with_address = "{address} [{kind_word}]" if values[group] else "[{kind_word}]"
        return [sentences.Sentence(with_address, address=values[group], kind_word=kind)]
    if group in patrons.MAIL_KINDS:
        return _delivery_parts(group, values, day_moved)
    value = values[group]
    if group == "pickup_branch":
        return [branch_names.get(value, "")]
    tables = {
        "contact_method": wording.CONTACT_METHODS,
        "contact_phone": wording.CONTACT_PHONES,
        "keep_history": wording.HISTORY,
    }
    return [tables[group][value]]


def _delivery_parts(kind: str, values: dict, day_moved: bool) -> list[str]:
    """Return the ways, 配信状態, and the day of one kind of mail: what stands apart on the screen."""
    ways = [label for code, label in wording.ADDRESS_KINDS.items() if values[f"{kind}_{code}"]]
    active = values.get(f"{kind}_active", False)
    state = {"hold": "予約毎に個別選択", "sdi": "SDI設定で個別に選択"}.get(kind) or wording.DELIVERY[active]
    parts: list[str] = [sentences.Joined(ways, " ")] if ways else []
    parts.append(sentences.Sentence("配信状態 {state_word}", state_word=state))
    if kind == "due" and (active or day_moved):
        parts.append(wording.days_before(values["due_days"]))
    return parts


def addresses_to_be(draft: Draft) -> list[str]:
    """Return the mail addresses after the change."""
    return [draft.values[name] for name in profile.ADDRESSES if draft.values[name]]


def history_at_stake(draft: Draft) -> int:
    """Return the number of records that a patron who turns 貸出履歴 off may want deleted; 0 where it is not turned off."""
    if not draft.base["keep_history"] or draft.values["keep_history"]:
        return 0
    return _RECORDS.first(patron=draft.patron_id)[0]


_RECORDS = Query(lambda: HistoryEntry.select(fn.COUNT(HistoryEntry.id)).where(HistoryEntry.patron == blank("patron")))


def holds_at_stake(draft: Draft) -> int:
    """Return the number of holds that could take a changed pickup branch or contact method; 0 where neither changed."""
    changed = profile.changed_groups(draft.base, draft.values)
    if not {"pickup_branch", "contact_method"} & set(changed):
        return 0
    return len(open_holds_of(draft.patron))


def addresses_changed(draft: Draft) -> bool:
    """Tell whether an address or its kind changes."""
    return bool({"email1", "email2"} & set(profile.changed_groups(draft.base, draft.values)))


def needs_password(draft: Draft, *, authenticated_at: datetime, now: datetime) -> bool:
    """Tell whether to ask for the password again: an address changes and the last sign-in is not recent (ASVS 5.0
    7.5.1).
    """
    return addresses_changed(draft) and now - authenticated_at > sessions.RECENT_SIGN_IN


def open_holds_of(patron: Patron) -> list[int]:
    """Return the ids of the holds that a changed branch or contact method can still reach: those before 搬送中."""
    return [hold.id for hold in _OPEN_HOLDS.rows(patron=patron.id)]


_OPEN_HOLDS = Query(
    lambda: Hold.select(Hold.id).where(Hold.patron == blank("patron"), Hold.state.in_(HOLDS_STILL_CHANGED))
)
