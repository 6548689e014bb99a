"""メールの文面: the library's own text for each kind of mail, tried out with example facts before it is saved."""

from typing import Any

from flask import Blueprint, abort, current_app, request, url_for

from library import errors, wording
from library.mail import outbox, own_texts
from web import access, flash, forms, htmx
from web.desk import counter

bp = Blueprint("texts", __name__)

PAGE = "desk.texts.index"


class TextForm(forms.Form):
    text = forms.Lines("文面", maximum=5_000)


def _editor() -> Any:
    return current_app.extensions["mail_texts"]


def _existing(kind: str) -> str:
    return kind if kind in outbox.KINDS else abort(404)


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    own = own_texts.every()
    return htmx.page(
        "desk/texts/index.html",
        messages=flash.take(PAGE),
        kinds=[
            {"name": name, "url": url_for("desk.texts.show", kind=kind), "state": _state(kind, own)}
            for kind, name in outbox.KINDS.items()
        ],
    )


def _state(kind: str, own: dict) -> str:
    """Return standard, own or broken; with a broken text the shipped one is sent."""
    if kind not in own:
        return "standard"
    try:
        _editor().preview(kind, own[kind])
    except errors.Refused:
        return "broken"
    return "own"


@bp.get("/<kind>")
@access.staff_required(role="admin")
def show(kind: str) -> access.Reply:
    text = own_texts.every().get(_existing(kind)) or _editor().shipped(kind)
    form, preview = TextForm(formdata=None, text=text), {}
    try:
        preview = _editor().preview(kind, text.strip("\n"))
    except errors.Refused as refusal:
        form.problems = {"text": [refusal]}
    return _page(kind, form, preview, status=200)


@bp.post("/<kind>")
@access.staff_required(role="admin")
def change(kind: str) -> access.Reply:
    """Save the text, or with the button ``try`` show what becomes of it. What can't be sent is refused,
    with the line.
    """
    form = TextForm()
    rule = _editor().preview if "try" in request.form else _save
    preview = form.submit(lambda: rule(_existing(kind), form.text.data.strip("\n")), at="text")
    return _page(kind, form, preview) if form.problems or preview else _back("saved", kind)


def _save(kind: str, text: str) -> None:
    if text == _editor().shipped(kind):
        own_texts.drop(kind, **counter.acting())
    else:
        own_texts.put(kind, text, check=_editor().preview, **counter.acting())


@bp.get("/<kind>/shipped")
@access.staff_required(role="admin")
def ask_shipped(kind: str) -> access.Reply:
    """Show that the library's own words would be lost."""
    return htmx.page("desk/texts/shipping.html", kind=_existing(kind), name=outbox.KINDS[kind])


@bp.post("/<kind>/shipped")
@access.staff_required(role="admin")
def ship(kind: str) -> access.Reply:
    """Take back the shipped text; the library's own words are lost."""
    own_texts.drop(_existing(kind), **counter.acting())
    return _back("shipped", kind)


def _back(done: str, kind: str) -> access.Reply:
    return flash.leave(PAGE, done=done, name=outbox.KINDS[kind])


def _page(kind: str, form: TextForm, preview: dict | None, status: int = 0) -> access.Reply:
    return form.page(
        "desk/texts/show.html",
        status,
        kind=kind,
        name=outbox.KINDS[kind],
        preview=[
            {"device": wording.ADDRESS_KINDS[device], "subject": subject, "text": text}
            for device, (subject, text) in (preview or {}).items()
        ],
        names=_editor().names(kind),
        shipped=_editor().shipped(kind),
        is_own=kind in own_texts.every(),
    )
