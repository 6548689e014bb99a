"""引っ越しパック: the whole library as one encrypted file, made here and fetched once."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, current_app, redirect, send_file, url_for

from library import clock, errors
from library.ebooks import stock
from library.files import age
from library.moving import opening
from library.packs import at_desk, contents, writing
from library.site import face
from web import access, forms, htmx
from web.desk import again, children, counter

bp = Blueprint("pack", __name__)

DRAWN, OWN = "drawn", "own"


class PackForm(forms.Form):
    library = forms.Text("図書館の名前", maximum=200)
    kind = forms.Radio("合言葉", [(DRAWN, "7つの言葉を選んでもらう"), (OWN, "自分で決める")])
    pack_password = forms.Secret("自分で決める合言葉")


def _instance():
    return Path(current_app.instance_path)


@bp.get("")
@access.staff_required(role="admin")
@again.required("make_pack")
def index():
    at_desk.sweep(_instance())
    return _page(PackForm(formdata=None, kind=DRAWN))


def _page(form, words="", gone=None):
    state = at_desk.state_of(_instance())
    return form.page(
        "desk/pack/index.html",
        422 if gone or form.problems else 200,
        state=state,
        progress=_progress(state),
        left_out=contents.words_left_out(with_reading=True),
        library=face.name(current_app.config),
        shortest=age.SHORTEST,
        words=words,
        gone=gone,
        until=_until(state),
    )


def _until(state):
    return datetime.fromtimestamp(state.made + at_desk.KEPT, UTC) if state.made else None


def _progress(state):
    return {"done": state.done, "rows": state.rows, "minutes": state.minutes_left(time.time())}


@bp.post("")
@access.staff_required(role="admin")
@again.required("make_pack")
def make():
    """作る. Words that were drawn are shown in the answer alone."""
    form, drawn = PackForm(), age.drawn_words()

    def rule():
        opening.check_name(form.library.data, face.name(current_app.config))
        if form.kind.data == DRAWN:
            return drawn
        try:
            return age.require_passphrase(form.pack_password.data or "")
        except errors.Refused as refusal:
            raise errors.RefusedTogether({"pack_password": [refusal]}) from None

    passphrase = form.submit(rule, at="library", without=("pack_password",))
    if form.problems:
        return _page(form)
    form.submit(lambda: _begin(passphrase), at="library", without=("pack_password",))
    if form.problems:
        return _page(form)
    if form.kind.data == OWN:
        return redirect(url_for("desk.pack.index"), 303)
    return _page(PackForm(formdata=None, kind=DRAWN), words=drawn)


def _begin(passphrase):
    """Make it at once where the library is small, else in a process of its own. Raises: PackBusy."""
    count = at_desk.rows()
    lock = at_desk.begin(_instance(), count)
    try:
        if count <= at_desk.AT_ONCE:
            settings = current_app.config
            origin = writing.Origin(face.name(settings), settings["VERSION"], _instance() / stock.FOLDER)
            at_desk.work(_instance(), passphrase, origin, admin_mail=settings["ADMIN_MAIL"], **counter.acting())
        else:
            children.start(["export", "work", "--by", counter.actor()], lock, f"{passphrase}\n")
    finally:
        os.close(lock)


@bp.get("/progress")
@access.staff_required(role="admin")
def progress():
    """Return how far it is, for the page that asks every other second; when it is done, send that page on."""
    address = url_for("desk.pack.index")
    if not htmx.asks_for_part():
        return redirect(address)
    state = at_desk.state_of(_instance())
    if state.step == "working":
        return htmx.page("desk/pack/_progress.html", 200, address, progress=_progress(state))
    # a page with drawn words stays as it is
    return htmx.page("desk/pack/_ready.html", 200, address, state=state, until=_until(state))


@bp.post("/download")
@access.staff_required(role="admin")
@again.required("make_pack")
def download():
    """Send the one file, which is gone from here with that."""
    try:
        file = at_desk.take(_instance())
    except errors.PackGone as refusal:
        return _page(PackForm(formdata=None, kind=DRAWN), gone=refusal)
    name = f"madoguchi-{clock.today()}.tar"
    answer = send_file(file, mimetype="application/x-tar", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
