"""もう一度確認します: staff prove themselves again before a dangerous act, if the last proof is over ten minutes old.

A view names its act. The form that was sent is parked without its secrets, and goes on with the proof.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, request, session, url_for
from flask_login import current_user

from library import clock, errors
from library.access import parked_forms, sessions
from library.patrons import staff_proofs
from web import access, entrance, forms, htmx, links
from web.desk import factors

# the dangerous acts, worded in templates/desk/again/index.html; tests/house/test_dangerous.py has their addresses
ACTS = (
    "initial_password",
    "lost_card",
    "birth_date",
    "close_card",
    "staff_account",
    "sign_in_settings",
    "second_factor",
    "open_library",
    "discard_imported",
)
PASSWORD, CODE, PASSKEY = (f"{parked_forms.PROOF}{name}" for name in ("password", "code", "passkey"))
FIELDS = {
    PASSWORD: forms.FieldView("secret", PASSWORD, "現パスワード"),
    CODE: forms.FieldView("text", CODE, "確認コード"),
    PASSKEY: forms.FieldView("text", PASSKEY, "パスキー"),
}


def required(act: str, when: Callable[..., bool] | None = None) -> Callable[[access.View], access.View]:
    """Mark a view that asks for a proof first, unless ``when`` with the view's arguments is false.

    It stands below the other marks of the view, next to the function.
    """

    def mark(view: access.View) -> access.View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            asked = when is None or when(*args, **kwargs)
            answer = _ask(act) if asked else None
            return view(*args, **kwargs) if answer is None else answer

        return access.marked(guarded, dangerous=(*getattr(view, "dangerous", ()), act))

    return mark


def _ask(act: str) -> Any:
    """Return the page that asks for a proof; None after a recent one."""
    if sessions.is_fresh(current_user.session, now=clock.now()):
        return None
    staff, problems = current_user.staff, {}
    if PASSWORD in request.form:
        problems = prove()
        if not problems:
            return None
    form = access.park_staff_form(staff) if request.method == "POST" else None
    if not current_user.is_authenticated:
        return access.go_to(url_for("desk.session.login"))
    if form and problems:
        return page(act, form, form.page, problems)
    back = None if form else links.page_to_return_to()
    return access.go_to(url_for("desk.again.index", act=act, next=back))


def prove() -> forms.Problems:
    """Check the proof that was sent; return refusals by field. The fifth wrong proof signs the member of staff out."""
    passkey, now = request.form.get(PASSKEY), clock.now()
    asked = staff_proofs.ProofRequest(
        current_user.staff, current_user.session, current_user.token, factors.key(), entrance.passkey_site()
    )
    try:
        if passkey:
            token = staff_proofs.prove_by_passkey(asked, passkey, now=now)
        else:
            given = (request.form.get(PASSWORD, "")[: forms.Secret.maximum], request.form.get(CODE, "")[:100])
            token = staff_proofs.prove(asked, *given, now=now)
    except errors.RefusedTogether as together:
        return together.by_field
    except errors.ProvedWronglyTooOften as refusal:
        access.end()
        session["proof_failed"] = True
        return {PASSWORD: [refusal]}
    access.begin(token)
    return {}


def page(act: str, form: Any, back: str, problems: forms.Problems | None = None) -> Response:
    """Return the page that asks for a proof. ``form``: the parked form that goes on with it; without it, go
    ``back``.
    """
    refused, staff = problems or {}, current_user.staff
    lines = [
        {"label": field.label, "sentence": one.sentence, "anchor": name}
        for name, field in FIELDS.items()
        for one in refused.get(name, ())
    ]
    return htmx.page(
        "desk/again/index.html",
        422 if refused else 200,
        act=act,
        held=form,
        back=back,
        login=staff.login,
        password=FIELDS[PASSWORD],
        code=FIELDS[CODE] if staff.second_factor_at else None,
        passkeys=bool(factors.passkeys_of(staff)),
        **forms.error_values(refused, lines),
    )
