"""メールの文面: what each kind of mail says, in the library's own words, tried out with example facts before it is kept."""

from flask import Blueprint, abort, current_app, redirect, request
from flask_login import current_user

from library import clock, errors
from library.mail import outbox, own_texts
from web import access, flash, forms, htmx
from web.links import url_for

bp = Blueprint("texts", __name__)

PAGE = "desk.texts.index"
DEVICES = {"pc": "自PC", "mobile": "携帯"}


class TextForm(forms.Form):
    text = forms.Lines("文面", maximum=5_000)


def _editor():
    return current_app.extensions["mail_texts"]


def _by():
    return {"by": f"staff:{current_user.staff.login}", "now": clock.now()}


def _existing(kind):
    return kind if kind in outbox.KINDS else abort(404)


@bp.get("")
@access.staff_required(role="admin")
def index():
    own = own_texts.every()
    return htmx.page(
        "desk/texts/index.html",
        messages=flash.take(PAGE),
        kinds=[
            {"name": name, "url": url_for("desk.texts.show", kind=kind), "state": _state(kind, own)}
            for kind, name in outbox.KINDS.items()
        ],
    )


def _state(kind, own):
    """standard, own, or broken: then ours goes out."""
    if kind not in own:
        return "standard"
    try:
        _editor().preview(kind, own[kind])
    except errors.Refused:
        return "broken"
    return "own"


@bp.get("/<kind>")
@access.staff_required(role="admin")
def show(kind):
    shown = own_texts.every().get(_existing(kind)) or _editor().shipped(kind)
    return _tried(kind, TextForm(formdata=None, text=shown), status=200)


@bp.post("/<kind>")
@access.staff_required(role="admin")
def change(kind):
    """``try``: show what becomes of it; else keep it. What can't be sent is refused, with the line."""
    form = TextForm()
    if problems := forms.refused(form) if _existing(kind) else None:
        return _text_page(kind, form, problems=problems, status=422)
    if "try" in request.form:
        return _tried(kind, form)
    try:
        _keep(kind, form.text.data.strip("\n"))
    except errors.Refused:
        return _tried(kind, form)
    flash.keep(
        PAGE,
        level="good",
        title=f"「{outbox.KINDS[kind]}」の文面を保存しました。",
        text="次に送るメールから、この文面になります。",
    )
    return redirect(url_for(PAGE), 303)


def _keep(kind, text):
    if text == _editor().shipped(kind):
        own_texts.drop(kind, **_by())
    else:
        own_texts.put(kind, text, check=_editor().preview, **_by())


@bp.post("/<kind>/shipped")
@access.staff_required(role="admin")
def ship(kind):
    own_texts.drop(_existing(kind), **_by())
    flash.keep(PAGE, level="good", title=f"「{outbox.KINDS[kind]}」を標準の文面に戻しました。", text="")
    return redirect(url_for(PAGE), 303)


def _tried(kind, form, status=None):
    """The page with what becomes of the text, or why nothing does."""
    try:
        made = _editor().preview(kind, form.text.data.strip("\n"))
    except errors.Refused as refusal:
        return _text_page(kind, form, problems={"text": [refusal]}, status=status or 422)
    return _text_page(kind, form, preview=made)


def _text_page(kind, form, *, problems=None, preview=None, status=200):
    shipped = _editor().shipped(kind)
    return htmx.page(
        "desk/texts/show.html",
        status,
        kind=kind,
        name=outbox.KINDS[kind],
        form=form.faces(),
        problems=problems or {},
        page_has_errors=bool(problems),
        summary=forms.summary(problems or {}),
        preview=[
            {"device": DEVICES[device], "subject": subject, "text": text}
            for device, (subject, text) in (preview or {}).items()
        ],
        names=_editor().names(kind),
        shipped=shipped,
        is_own=kind in own_texts.every(),
    )
