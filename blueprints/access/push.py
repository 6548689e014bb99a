"""スマートフォンへの通知: the devices that get notices, and which kinds they get; お知らせの設定 has the forms."""

from flask import Blueprint, current_app, redirect, request, url_for
from flask_login import current_user

from library import clock, errors
from library.mail import push
from models import PushSubscription
from web import access, entrance, flash, terminals
from web.parts import notice_settings

bp = Blueprint("push", __name__)


@bp.get("")
@access.patron_required
@terminals.refused
def index() -> access.Reply:
    return redirect(url_for(notice_settings.PAGE), 303)


@bp.post("")
@access.patron_required
@terminals.refused
def add() -> access.Reply:
    """通知を受け取る: send notices to this browser from now on."""
    patron, hosts = current_user.patron, push.hosts(current_app.config["PUSH_HOSTS"])
    sent = (request.form.get(part, "") for part in ("endpoint", "p256dh", "auth"))
    device = push.Device(*sent, browser=notice_settings.this_browser())
    try:
        push.subscribe(patron, device, entrance.browser_name(), hosts, now=clock.now())
    except errors.Refused as refused:
        return notice_settings.page({"push": [refused]})
    return _done("added")


@bp.post("/kinds")
@access.patron_required
@terminals.refused
def choose() -> access.Reply:
    """Save which kinds all devices get."""
    ticked = [choice for choice in push.CHOICES if request.form.get(choice) == "y"]
    try:
        push.choose(current_user.patron, ticked)
    except errors.NoPushKind as refused:
        return notice_settings.page({"push": [refused]}, ticked)
    return _done("saved")


@bp.post("/<row_id:device_id>/removal")
@access.patron_required
@terminals.refused
def remove(device_id: int) -> access.Reply:
    """Send no more notices to a device: この端末の通知をやめる, or another."""
    mine = PushSubscription.patron == current_user.patron.id
    row = access.mine_or_404(PushSubscription.select().where(PushSubscription.id == device_id, mine))
    push.remove(current_user.patron, row, now=clock.now())
    return _done("removed")


def _done(done: str) -> access.Reply:
    return flash.leave(notice_settings.PAGE, done=done)
