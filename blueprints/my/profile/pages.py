"""The edit page, as each step may have to show it."""

from datetime import datetime
from types import SimpleNamespace

from flask import Response, current_app, request, session, url_for
from flask_login import current_user

from blueprints.my.profile.form import CHECKED, PASSWORDS, filled_fields
from library import clock, dates, errors
from library.patrons import drafts, homes, patrons, profile
from models import Draft
from web import entrance, forms, htmx, identity
from web.parts import stored_policy


def current_draft(now: datetime) -> Draft | None:
    """Return the draft of the patron who is signed in, as far as it is for this browser."""
    return drafts.current(current_user.patron, now=now, browser=session.get(entrance.LAPSED_DRAFT, ""))


def password_typed() -> bool:
    """Tell whether a new password was begun in this form, or in the one before a correction; no page gives it back."""
    return any(request.form.get(name) for name in (*PASSWORDS, "password_typed"))


def edit_page(
    views: dict,
    problems: forms.Problems | None = None,
    warnings: dict | None = None,
    *,
    revising: Draft | None = None,
    draft: Draft | None = None,
    message: dict | None = None,
    status: int = 200,
    address: str | None = None,
) -> Response:
    """Return the edit page. ``views``: the fields with their values; ``warnings``: notes beside fields.

    ``revising``: the draft that is being corrected; ``draft``: one left from before, which the page offers;
    ``message``: the outcome of the last act.
    """
    problems = problems or {}
    sender = current_app.config["MAIL_SENDER"]
    return htmx.page(
        "profile/edit.html",
        status,
        address,
        form=views,
        **forms.error_values(problems, forms.summary(problems, (*PASSWORDS, *profile.GROUPS))),
        password_again=password_typed() or bool(message and message["done"] == "password_again"),
        checked={group: " ".join(sorted(names)) for group, names in CHECKED.items()},
        warnings=warnings or {},
        message=message,
        draft=None if revising or draft is None else SimpleNamespace(moment=dates.moment(draft.created_at)),
        lapsed_at=dates.moment(draft.created_at) if draft and draft.lapsed else "",
        password_kept=bool(revising and revising.password_hash),
        token=draft.token if draft else "",
        mail_domain=sender.rpartition("@")[2],
        mail_sender=sender,
        minimum=stored_policy.read().get("password_minimum"),
        is_group=homes.is_group(current_user.patron.category, stored_policy.read()),
        stored=patrons.addresses(current_user.patron),
    )


def refused_page(
    views: dict, problems: forms.Problems, warnings: dict, revising: Draft | None, draft: Draft | None
) -> Response:
    """Return the edit page with refusals, by field."""
    return with_refused_status(edit_page(views, problems, warnings, revising=revising, draft=draft), problems)


def with_refused_status(response: Response, problems: forms.Problems) -> Response:
    """Give a page the status for refusals by field: 422, or 429 and 503 with the time to come back."""
    return identity.as_refused(response, [refusal for found in problems.values() for refusal in found])


def edit_page_with_reason(refusal: errors.Refused, status: int = 409) -> Response:
    """Return the page with what is stored, and why nothing was changed."""
    patron = current_user.patron
    views = filled_fields(patron, profile.stored(patron))
    draft = current_draft(clock.now())
    message = {"done": "applied" if isinstance(refusal, errors.DraftApplied) else "refused", "why": refusal.sentence}
    return edit_page(views, draft=draft, message=message, status=status, address=url_for("profile.edit"))
