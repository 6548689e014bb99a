"""The patron's password once more, before acts that an unattended browser must not do."""

from collections.abc import Iterable, Sequence

from flask import Response, request
from flask_login import current_user

from library import clock, errors
from library.access import sessions
from library.patrons import signing_in
from web import access, entrance, forms

FIELD = "current_password"
PASSWORD_FIELD = forms.FieldView("secret", FIELD, "現パスワード")


def problems() -> dict[str, Sequence[errors.Refused]]:
    """Return the refusals of the password that was sent, by field; empty if it is the patron's."""
    password, now = request.form.get(FIELD, ""), clock.now()
    if not password:
        return {FIELD: [errors.CurrentPasswordMissing()]}
    try:
        signing_in.check_current(current_user.patron, password, now=now)
    except errors.Refused as refusal:
        return {FIELD: [refusal]}
    access.begin(sessions.renew(current_user.session, now=now))
    return {}


def as_refused(response: Response, refusals: Iterable[errors.Refused]) -> Response:
    """Give a page the status of a refused form: 422, or 429 and 503 with the time to wait."""
    response.status_code = 422
    for refusal in refusals:
        entrance.told_to_wait(response, refusal)
    return response
