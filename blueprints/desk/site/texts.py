"""メールの文面: the library's own text for each kind of mail and language, tried out with example facts before it is
saved.
"""

from typing import Any

from flask import Blueprint, abort, current_app, request, url_for

from library import errors, wording
from library.language import languages
from library.mail import outbox, own_texts
from web import access, flash, forms, htmx
from web.desk import counter
from web.parts import language

bp = Blueprint("texts", __name__)

PAGE = "desk.texts.index"


class TextForm(forms.Form):
    text = forms.Lines("文面", maximum=5_000)


def _editor() -> Any:
    return current_app.extensions["mail_texts"]


def _existing(kind: str) -> str:
    return kind if kind in outbox.KINDS else abort(404)


def _languages(kind: str) -> list[languages.Language]:
    """Return the languages in which mails of a kind are written; those to the administrator are Japanese."""
    codes = language.offered() if kind != outbox.TO_ADMIN else [languages.JAPANESE]
    return [language.named(code) for code in codes]


def _asked(kind: str) -> languages.Language:
    """Return the language of ``?language=``, Japanese without one; 404 for one that is not offered."""
    code = request.args.get("language", languages.JAPANESE)
    return next((each for each in _languages(_existing(kind)) if each.code == code), None) or abort(404)


def _url(view: str, kind: str, asked: languages.Language) -> str:
    code = None if asked.code == languages.JAPANESE else asked.code
    return url_for(f"desk.texts.{view}", kind=kind, language=code)


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    own = own_texts.every()
    return htmx.page(
        "desk/texts/index.html",
        messages=flash.take(PAGE),
        kinds=[
            {"name": name, "url": url_for("desk.texts.show", kind=kind), "states": _states(kind, own)}
            for kind, name in outbox.KINDS.items()
        ],
    )


def _states(kind: str, own: dict[str, str]) -> list[dict[str, str]]:
    """Return the library's own texts of a kind, each with its language and state: own, or broken, where the shipped one
    is sent.
    """
    written = [each for each in _languages(kind) if own_texts.key(kind, each.code) in own]
    return [
        {"language": "" if each.code == languages.JAPANESE else each.name, "state": _state(kind, each, own)}
        for each in written
    ]


def _state(kind: str, asked: languages.Language, own: dict[str, str]) -> str:
    try:
        _editor().preview(kind, own[own_texts.key(kind, asked.code)], asked.code)
    except errors.Refused:
        return "broken"
    return "own"


@bp.get("/<kind>")
@access.staff_required(role="admin")
def show(kind: str) -> access.Reply:
    asked = _asked(kind)
    text = own_texts.every().get(own_texts.key(kind, asked.code)) or _editor().shipped(kind, asked.code)
    form, preview = TextForm(formdata=None, text=text), {}
    try:
        preview = _editor().preview(kind, text.strip("\n"), asked.code)
    except errors.Refused as refusal:
        form.problems = {"text": [refusal]}
    return _page(kind, asked, form, preview, status=200)


@bp.post("/<kind>")
@access.staff_required(role="admin")
def change(kind: str) -> access.Reply:
    """Save the text, or with the button ``try`` show what becomes of it. What can't be sent is refused,
    with the line.
    """
    asked, form = _asked(kind), TextForm()
    rule = _try if "try" in request.form else _save
    preview = form.submit(lambda: rule(kind, form.text.data.strip("\n"), asked), at="text")
    return _page(kind, asked, form, preview) if form.problems or preview else _back("saved", kind)


def _try(kind: str, text: str, asked: languages.Language) -> dict:
    return _editor().preview(kind, text, asked.code)


def _save(kind: str, text: str, asked: languages.Language) -> None:
    if text == _editor().shipped(kind, asked.code):
        own_texts.drop(kind, asked, **counter.acting())
    else:
        own_texts.put(kind, text, asked, check=_editor().preview, **counter.acting())


@bp.get("/<kind>/shipped")
@access.staff_required(role="admin")
def ask_shipped(kind: str) -> access.Reply:
    """Show that the library's own words would be lost."""
    asked = _asked(kind)
    return htmx.page(
        "desk/texts/shipping.html",
        name=_name(kind, asked),
        back_url=_url("show", kind, asked),
        action_url=_url("ship", kind, asked),
    )


@bp.post("/<kind>/shipped")
@access.staff_required(role="admin")
def ship(kind: str) -> access.Reply:
    """Take back the shipped text; the library's own words are lost."""
    own_texts.drop(kind, _asked(kind), **counter.acting())
    return _back("shipped", kind)


def _back(done: str, kind: str) -> access.Reply:
    return flash.leave(PAGE, done=done, name=_name(kind, _asked(kind)))


def _name(kind: str, asked: languages.Language) -> str:
    name = outbox.KINDS[kind]
    return name if asked.code == languages.JAPANESE else f"{name}（{asked.name}）"


def _page(kind: str, asked: languages.Language, form: TextForm, preview: dict | None, status: int = 0) -> access.Reply:
    return form.page(
        "desk/texts/show.html",
        status,
        name=_name(kind, asked),
        languages=[
            {"name": each.name, "code": each.code, "url": _url("show", kind, each), "current": each.code == asked.code}
            for each in _languages(kind)
        ],
        preview=[
            {"device": wording.ADDRESS_KINDS[device], "subject": subject, "text": text}
            for device, (subject, text) in (preview or {}).items()
        ],
        names=_editor().names(kind),
        shipped=_editor().shipped(kind, asked.code),
        is_own=own_texts.key(kind, asked.code) in own_texts.every(),
        change_url=_url("change", kind, asked),
        ask_shipped_url=url_for("desk.texts.ask_shipped", kind=kind),
        lang=asked.code,
    )
