"""The edit page, as each step may have to show it."""

from types import SimpleNamespace

from flask import current_app, url_for
from flask_login import current_user

from blueprints import htmx
from blueprints.profile.form import PASSWORDS, ProfileForm
from library import clock, dates, drafts, errors, patrons, policy, profile, wording


def edit_page(form, problems=None, warnings=None, *, revising=None, draft=None, message=None, status=200, address=None):
    problems = problems or {}
    sender = current_app.config["MAIL_SENDER"]
    token = draft.token if draft else None
    return htmx.page(
        "profile/edit.html",
        status,
        address=address,
        form=form,
        problems=problems,
        page_has_errors=bool(problems),
        warnings=warnings or {},
        summary=summary(problems),
        message=message,
        draft=None
        if revising or draft is None
        else SimpleNamespace(token=token, moment=dates.moment(draft.created_at)),
        password_kept=bool(revising and revising.password_hash),
        reset_url=url_for("profile.edit", drop=token),
        cancel_url=url_for("profile.cancel", draft=token),
        mail_domain=sender.rpartition("@")[2],
        mail_sender=sender,
        minimum=policy.get("password_minimum"),
        stored=patrons.addresses(current_user.patron),
    )


def refused_page(form, problems, warnings, revising, draft):
    too_often = [p.refusal for found in problems.values() for p in found if type(p.refusal) is errors.SignInTooOften]
    status = 429 if too_often else 422
    response = edit_page(form, problems, warnings, revising=revising, draft=draft, status=status)
    if too_often:
        response.headers["Retry-After"] = str(too_often[0].facts["seconds"])
    return response


def edit_page_with_reason(refusal):
    patron = current_user.patron
    form = ProfileForm(patron, formdata=None)
    form.show(profile.stored(patron))
    link = None
    if isinstance(refusal, errors.DraftApplied):
        link = ("結果をみる", url_for("profile.done"))
    draft = drafts.current(patron, now=clock.now())
    message = message_of("care", refusal.sentence, link)
    return edit_page(form, draft=draft, message=message, status=409, address=url_for("profile.edit"))


def summary(problems):
    order = [*PASSWORDS, *profile.GROUPS]
    return [
        {"label": wording.field(group), "sentence": problem.sentence, "anchor": group}
        for group in sorted(problems, key=order.index)
        for problem in problems[group]
    ]


def message_of(level, text, link=None):
    return {"level": level, "text": text, "link": link}
