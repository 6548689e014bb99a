"""The first step: typed values are judged, and kept as a draft."""

from collections.abc import Collection
from datetime import datetime

from flask import abort, redirect, render_template, request, session, url_for
from flask_login import current_user
from peewee import DoesNotExist

from blueprints.my.profile import pages
from blueprints.my.profile.blueprint import bp
from blueprints.my.profile.form import ALL_KEYS, CHECKED, GROUP_OF, PASSWORDS, ProfileForm, filled_fields
from library import clock, errors
from library.access import sessions
from library.patrons import changes, drafts, profile
from models import Draft, Patron
from web import access, entrance, forms, terminals


@bp.get("")
@access.patron_required
def edit() -> access.Reply:
    patron, now = current_user.patron, clock.now()
    draft = pages.current_draft(now)
    revising = draft if request.args.get("draft") else None
    stored = profile.stored(patron)
    values = revising.values if revising else stored
    _, warnings = profile.judge(patron, stored, values)
    message = None
    if request.args.get("draft") and draft is None:
        message = {"done": "refused", "why": errors.DraftGone().sentence}
    elif request.args.get("password"):
        message = {"done": "password_again"}
    views = filled_fields(patron, values)
    return pages.edit_page(views, warnings=warnings, revising=revising, draft=draft, message=message)


def keep_for_later(patron: Patron, held_until: datetime | None = None) -> str | None:
    """Keep what was typed as a draft when the session idled out or システムメンテナンス began; return the address to go on at."""
    form, now, lapsed = ProfileForm(patron), clock.now(), held_until is None
    if (lapsed and terminals.is_one()) or _arrival(form, ALL_KEYS):
        return None
    before = drafts.current(patron, now=now)
    password_hash = before.password_hash if before and _passwords_absent() else ""
    kept = {"password_hash": password_hash, "held_until": held_until, "lapsed": lapsed}
    draft = drafts.store(patron, form.values(), **kept, now=now)
    if lapsed:
        session[entrance.LAPSED_DRAFT] = draft.token
    return url_for(".edit", draft=1, password="again" if pages.password_typed() else None)


@bp.post("")
@access.patron_required(lapsed=keep_for_later, in_maintenance=keep_for_later)
def check_and_keep() -> access.Reply:
    """更新 on the edit step: refuse, or keep a draft and go to the confirm step. A fix button mends a field and shows the
    page.
    """
    patron, now = current_user.patron, clock.now()
    draft = pages.current_draft(now)
    form = ProfileForm(patron)
    revising = draft if draft and draft.password_hash and _passwords_absent() else None
    if fix := request.form.get("fix"):
        return _mended(form, fix, draft, revising)
    refused = _arrival(form, ALL_KEYS if revising else GROUP_OF)
    if refused:
        return pages.refused_page(form.views(), refused, {}, revising, draft)
    values = form.values()
    problems, warnings = profile.judge(patron, profile.stored(patron), values)
    password_hash, password_problems = _new_password(form, revising, now)
    problems |= password_problems
    if problems:
        return pages.refused_page(form.views(), problems, warnings, revising, draft)
    if values == profile.stored(patron) and not password_hash:
        return pages.edit_page(form.views(), warnings=warnings, message={"done": "unchanged"})
    drafts.store(patron, values, password_hash=password_hash, now=now)
    return redirect(url_for(".confirm"), 303)


@bp.post("/check/<group>")
@access.patron_required
def check(group: str) -> access.Reply:
    """Return one group's messages while the patron types; the current password is not compared with the stored one."""
    if group not in CHECKED:
        abort(404)
    patron, names = current_user.patron, CHECKED[group]
    form = ProfileForm(patron)
    problems, warnings = _arrival(form, names), {}
    if not problems and group in PASSWORDS:
        problems = changes.password_problems(patron, **{name: form[name].data or "" for name in names})
    elif not problems:
        stored = profile.stored(patron)
        problems, warnings = profile.judge(patron, stored, stored | form.values(names))
    others = names - {group} if group in PASSWORDS else profile.groups_depending_on(group)
    return render_template("profile/_messages.html", group=group, others=others, problems=problems, warnings=warnings)


@bp.post("/discard")
@access.patron_required
def discard() -> access.Reply:
    """リセット, キャンセル: drop the draft, and begin anew or go back to Myライブラリ."""
    drafts.drop(current_user.patron, request.form.get("draft", ""))
    return redirect(url_for(".edit" if request.form.get("to") == "edit" else "my.index"), 303)


@bp.post("/test-mail/<int(min=1, max=2):position>")
@access.patron_required
def test_mail(position: int) -> access.Reply:
    patron = current_user.patron
    views = filled_fields(patron, profile.stored(patron))
    try:
        row = changes.send_test_mail(patron, position, now=clock.now())
    except DoesNotExist:
        abort(404)
    except errors.TestMailTooSoon as refusal:
        return pages.edit_page(views, message={"done": "refused", "why": refusal.sentence}, status=429)
    done = "test_mail" if row.verified_at else "test_mail_and_verification"
    return pages.edit_page(views, message={"done": done, "address": row.address})


def _arrival(form: ProfileForm, names: Collection[str]) -> dict:
    """Return the first refusal of each group for fields that did not arrive as they should."""
    found = {}
    for name, refusals in forms.refused(form).items():
        if name in names:
            found.setdefault(GROUP_OF[name], []).extend(refusals)
    return {group: problems[:1] for group, problems in found.items()}


def _passwords_absent() -> bool:
    return not any(name in request.form for name in PASSWORDS)


def _new_password(form: ProfileForm, revising: Draft | None, now: datetime) -> tuple[str, forms.Problems]:
    """Return the hash of a new password for the draft, and the refusals by field; the draft's own hash
    when revising.
    """
    if revising:
        return revising.password_hash, {}
    try:
        hashed = changes.new_password(
            current_user.patron,
            *(form[name].data or "" for name in PASSWORDS),
            now=now,
        )
    except errors.RefusedTogether as refused:
        return "", refused.by_field
    if hashed:
        access.begin(sessions.renew(current_user.session, now=now))
    return hashed, {}


def _mended(form: ProfileForm, fix: str, draft: Draft | None, revising: Draft | None) -> access.Reply:
    """Apply one correction and show the page with what is still to be mended; all that was typed stays."""
    field, _, to = fix.partition(":")
    if fix == "password:drop" and revising:
        drafts.drop_password(revising)
        revising = None
    for name, value in profile.corrections(field, to, form.typed()).items():
        form[name].data, form[name].raw_data = value, ["y" if value is True else value] if value else []
    problems, warnings = _arrival(form, ALL_KEYS), {}
    if not problems:
        patron = current_user.patron
        problems, warnings = profile.judge(patron, profile.stored(patron), form.values())
    if problems:
        return pages.refused_page(form.views(), problems, warnings, revising, draft)
    message = {"done": "password_again"} if not revising and pages.password_typed() else None
    return pages.edit_page(form.views(), warnings=warnings, revising=revising, draft=draft, message=message)
