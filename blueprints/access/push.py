"""スマートフォンへの通知: the devices that get notices, and which kinds each of them gets."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, current_app, request
from flask_login import current_user

from library import clock, demonstration
from library.access import sessions
from library.mail import push, vapid
from models import PushSubscription
from web import access, cookies, entrance, flash, forms, terminals

bp = Blueprint("push", __name__)
PAGE = "push.index"
OF_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")  # where browsers ask for no https


class DeviceForm(forms.Form):
    name = forms.Text("端末の名前", maximum=push.LONGEST_NAME)


def _ticked() -> list[str]:
    return [kind for kind in push.KINDS if request.form.get(kind) == "y"]


def _this_browser() -> str:
    return sessions.hash_token(cookies.read(entrance.MARK) or request.form.get("endpoint", ""))


@bp.get("")
@access.patron_required
@terminals.refused
def index() -> access.Reply:
    form = DeviceForm(formdata=None)
    form.name.data = entrance.browser_name()
    return _page(form)


def _page(form: DeviceForm, changed_id: int = 0) -> access.Reply:
    """Return the page. ``changed_id``: the device whose kinds were refused; they are shown as they were ticked."""
    browser, rows = _this_browser(), push.of_patron(current_user.patron)
    devices = [_device(row, browser, _ticked() if row.id == changed_id else push.kinds_of(row)) for row in rows]
    is_here = any(device["is_this"] for device in devices)
    return form.page(
        "push/index.html",
        messages=flash.take(PAGE),
        devices=devices,
        kinds=push.KINDS,
        chosen=() if changed_id else _ticked(),
        is_here=is_here,
        is_full=len(rows) >= push.MOST and not is_here,
        most=push.MOST,
        can_have=_can_have(),
        key=vapid.public_key(vapid.key(Path(current_app.config["INSTANCE"]))),
        is_demonstration=demonstration.is_loaded(),
        longest=push.LONGEST_NAME,
        unseen=push.UNSEEN.days,
    )


def _device(row: PushSubscription, browser: str, chosen: list[str]) -> dict:
    return {
        "id": row.id,
        "name": row.name,
        "created_at": row.created_at,
        "is_this": row.browser == browser,
        "chosen": chosen,
        "words": "、".join(push.KINDS[kind] for kind in push.kinds_of(row)),
    }


def _can_have() -> bool:
    """Tell whether browsers take notices from this library: a push service is listed, and browsers
    trust its address.
    """
    place = urlsplit(current_app.config["PUBLIC_URL"])
    return bool(current_app.config["PUSH_HOSTS"]) and (place.scheme == "https" or place.hostname in OF_THIS_MACHINE)


@bp.post("")
@access.patron_required
@terminals.refused
def add() -> access.Reply:
    """通知を受け取る: send notices to this browser from now on."""
    form, hosts = DeviceForm(), push.hosts(current_app.config["PUSH_HOSTS"])
    sent = (request.form.get(part, "") for part in ("endpoint", "p256dh", "auth"))
    device, name = push.Device(*sent, browser=_this_browser()), form.name.data or entrance.browser_name()
    kinds, patron = _ticked(), current_user.patron
    row = form.submit(lambda: push.subscribe(patron, device, name, kinds, hosts, now=clock.now()), at="adding")
    return _page(form) if row is None else _done("added")


@bp.post("/<row_id:device_id>/kinds")
@access.patron_required
@terminals.refused
def change(device_id: int) -> access.Reply:
    """Save which kinds a device gets."""
    row, form = _mine(device_id), DeviceForm()
    kinds = _ticked()
    if form.submit(lambda: push.choose(row, kinds) or True, at=f"kinds-{row.id}", without=("name",)) is None:
        form.name.data = entrance.browser_name()
        return _page(form, row.id)
    return _done("changed")


@bp.post("/<row_id:device_id>/removal")
@access.patron_required
@terminals.refused
def remove(device_id: int) -> access.Reply:
    """Send no more notices to a device: この端末の通知をやめる, or another."""
    push.remove(current_user.patron, _mine(device_id), now=clock.now())
    return _done("removed")


def _mine(device_id: int) -> PushSubscription:
    mine = PushSubscription.patron == current_user.patron.id
    return access.mine_or_404(PushSubscription.select().where(PushSubscription.id == device_id, mine))


def _done(done: str) -> access.Reply:
    return flash.leave(PAGE, done=done)
