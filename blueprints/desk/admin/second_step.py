"""2段階認証 at signing in: after the right password, and before anybody is signed in."""

from flask import Blueprint, Response, abort, current_app, redirect, request, session, url_for

from library import clock, errors
from library.access.factors import passkeys, second_factor
from library.patrons import staff
from web import access, entrance, forms, terminals
from web.desk import arrivals, factors

bp = Blueprint("second_step", __name__)


class StepForm(forms.Form):
    code = forms.Text("確認コード", maximum=100)


def _step() -> second_factor.Step | None:
    return second_factor.begun(session.get(arrivals.STEP, ""), now=clock.now())


@bp.get("")
@access.public
def index() -> access.Reply:
    step = _step()
    return _page(StepForm(formdata=None), step) if step else _from_the_start()


def _page(form: StepForm, step: second_factor.Step) -> Response:
    offered = bool(factors.passkeys_of(step.staff))
    return form.page("desk/session/second_step.html", login=step.staff.login, passkeys=offered, next=arrivals.wanted())


def _from_the_start() -> access.Reply:
    session.pop(arrivals.STEP, None)
    return redirect(url_for("desk.session.login", next=arrivals.wanted()), 303)


@bp.post("")
@access.public
def give() -> access.Reply:
    """Take a passkey, a code of the app or of the paper; then somebody is signed in."""
    step, form = _step(), StepForm()
    if step is None:
        return _from_the_start()
    try:
        mark = form.submit(lambda: _give(step, form), without=("code",) if request.form.get("credential") else ())
    except errors.SecondFactorFailed:
        session["step_failed"] = True
        return _from_the_start()
    except errors.Refused as refusal:
        form.problems = {"code": [refusal]}
        return entrance.told_to_wait(_page(form, step), refusal)
    if mark is None:
        return _page(form, step)
    given = {"client": entrance.browser_name(), "origin": entrance.origin(), "terminal": terminals.is_one()}
    response = arrivals.welcome(staff.begin(step.staff, **given, now=clock.now()))
    factors.set_mark(response, mark)
    return response


def _give(step: second_factor.Step, form: StepForm) -> str:
    now, answer, place = clock.now(), request.form.get("credential"), entrance.passkey_site()
    if answer and place:
        passkeys.prove(step.staff, place, "prove", answer, session[arrivals.STEP], now=now)
    else:
        second_factor.take_step(step, form.code.data or "", factors.key(), now=now)
    return second_factor.finish(step, now=now)


@bp.post("/options")
@access.public
def options() -> access.Reply:
    """Give a browser what its passkey signs."""
    step, place = _step(), entrance.passkey_site()
    if step is None or place is None:
        abort(404)
    asked = passkeys.signing_options(step.staff, place, "prove", session[arrivals.STEP], now=clock.now())
    return current_app.response_class(asked, mimetype="application/json")
