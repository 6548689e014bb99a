"""The second step: a look at all of it, and one press that changes everything at once."""

from datetime import datetime

from flask import redirect, request, url_for
from flask_login import current_user

from blueprints.my.profile import pages
from blueprints.my.profile.blueprint import bp
from blueprints.my.profile.form import filled_fields
from library import clock, errors, wording
from library.patrons import changes, drafts, profile
from models import Draft, Patron
from web import access, forms, htmx, identity


@bp.get("/confirm")
@access.patron_required
def confirm() -> access.Reply:
    now = clock.now()
    draft = drafts.current(current_user.patron, now=now)
    if draft is None:
        applied = changes.last_receipt(current_user.patron, now=now)
        return pages.edit_page_with_reason(errors.DraftApplied() if applied else errors.DraftGone(), status=200)
    return _confirm_page(draft, now)


def keep_draft(patron: Patron, until: datetime) -> str | None:
    """Hold the draft that is to be confirmed over システムメンテナンス; the address to go on at."""
    if (draft := drafts.current(patron, now=clock.now())) is None:
        return None
    drafts.extend(draft, until)
    return url_for(".confirm")


@bp.post("/confirm")
@access.patron_required(in_maintenance=keep_draft)
def apply() -> access.Reply:
    """更新 on the confirm step: apply the whole draft, once."""
    patron, now = current_user.patron, clock.now()
    try:
        return _apply(drafts.require(patron, request.form.get("draft", ""), now=now), now)
    except (errors.DraftGone, errors.DraftReplaced, errors.DraftApplied) as refusal:
        return pages.edit_page_with_reason(refusal)


def _apply(draft: Draft, now: datetime) -> access.Reply:
    if problems := _identity_problems(draft, now):
        return _confirm_page(draft, now, problems)
    try:
        changes.apply(draft, _choices(draft), session=current_user.session, now=now)
    except errors.ChangedMeanwhile as refusal:
        draft = drafts.current(draft.patron, now=now) or draft
        return _confirm_page(draft, now, message={"done": "refused", "why": refusal.sentence}, status=409)
    except errors.RefusedTogether as refused:
        return _refused_at_confirm(draft, refused, now)
    return redirect(url_for(".done"), 303)


def _choices(draft: Draft) -> changes.Choices:
    wanted = request.form.get("send_confirmation") and drafts.addresses_to_be(draft)
    return changes.Choices(
        confirmation_to=request.form.get("confirmation_to", "") if wanted else "",
        delete_history="delete_history" in request.form,
        update_holds="update_holds" in request.form,
    )


def _identity_problems(draft: Draft, now: datetime) -> dict:
    """Return the refusals of the password, where the rules ask for it once more."""
    if not drafts.needs_password(draft, authenticated_at=current_user.session.authenticated_at, now=now):
        return {}
    return identity.problems()


def _refused_at_confirm(draft: Draft, refused: errors.RefusedTogether, now: datetime) -> access.Reply:
    if "confirmation_to" in refused.by_field:
        return _confirm_page(draft, now, refused.by_field)
    return pages.refused_page(filled_fields(current_user.patron, draft.values), refused.by_field, {}, draft, draft)


def _confirm_page(
    draft: Draft, now: datetime, problems: forms.Problems | None = None, message: dict | None = None, status: int = 200
) -> access.Reply:
    problems = problems or {}
    rows = drafts.rows(draft)
    changed = {row.label: row.value for row in rows if row.changed}
    page = htmx.page(
        "profile/confirm.html",
        status,
        rows=rows,
        changed_count=len(changed),
        token=draft.token,
        addresses=drafts.addresses_to_be(draft),
        send_confirmation="send_confirmation" in request.form,
        confirmation_to=request.form.get("confirmation_to", ""),
        history_count=drafts.history_at_stake(draft),
        delete_history="delete_history" in request.form,
        open_holds=drafts.holds_at_stake(draft),
        update_holds="update_holds" in request.form,
        holds_to={code: changed.get(wording.field_word(code)) for code in ("pickup_branch", "contact_method")},
        needs_password=drafts.needs_password(draft, authenticated_at=current_user.session.authenticated_at, now=now),
        **forms.error_values(problems),
        message=message or _last_look(draft),
    )
    return pages.with_refused_status(page, problems) if problems else page


def _last_look(draft: Draft) -> dict | None:
    """Return the first warning once more before the change is stored, such as a likely slip in an address; None without
    one.
    """
    _, warnings = profile.judge(draft.patron, draft.base, draft.values)
    changed = profile.changed_groups(draft.base, draft.values)
    found = [warning for name in profile.ADDRESSES if name in changed for warning in warnings.get(name, [])]
    return {"done": "warned", "why": found[0].sentence} if found else None
