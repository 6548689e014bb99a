"""Links that stand in mails: GET shows a button, POST does it (a mail scanner that opens links changes nothing).

An address is verified by GET, too, in a browser in which its patron has signed in: no scanner has their session.
"""

from flask import Blueprint, current_app, request
from flask_login import current_user

from library import clock, errors, wording
from library.lending import notices
from library.patrons import signing_in, unrecognised_password
from web import access, htmx, maintenance

bp = Blueprint("mail", __name__)


@bp.route("/mail/verify/<token>", methods=["GET", "POST"])
@access.public
def verify(token: str) -> access.Reply:
    """Verify a mailed address by a button, or at once where its patron has signed in."""
    may = not current_user.locked_to_first_password and not maintenance.is_now()
    reader, pressed = current_user.patron if may else None, request.method == "POST"
    try:
        address, done = signing_in.verify_address(token, by=reader, now=clock.now(), apply=pressed)
    except errors.LinkDead:
        return htmx.page("mail_pages/verify.html", 410, dead=True, done=False, address_masked="")
    return htmx.page("mail_pages/verify.html", dead=False, done=done, address_masked=_masked(address))


def _masked(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


@bp.route("/seal/stop/<token>", methods=["GET", "POST"])
@access.public
def stop_password(token: str) -> access.Reply:
    """心当たりがありません: end a password that its patron did not choose, with its sessions. The mail about it leads here."""
    done, now = request.method == "POST", clock.now()
    try:
        if done:
            unrecognised_password.stop(token, admin_mail=current_app.config["ADMIN_MAIL"], now=now)
        else:
            unrecognised_password.check(token, now=now)
    except errors.LinkDead:
        return htmx.page("mail_pages/unknown_password.html", 410, dead=True, done=False)
    return htmx.page("mail_pages/unknown_password.html", dead=False, done=done)


@bp.route("/mail/stop/<token>", methods=["GET", "POST"])
@access.public
def stop(token: str) -> access.Reply:
    """停止: end one kind of mail. Mail programs post here by themselves (RFC 8058), so the signed link is enough."""
    key = current_app.config["SECRET_KEY"]
    done = request.method == "POST"
    try:
        _, kind = notices.stoppable(token, key)
        if done:
            notices.stop(token, key, now=clock.now())
    except errors.LinkDead:
        return htmx.page("mail_pages/stop.html", 410, dead=True, done=False, kind="", kind_label="")
    return htmx.page("mail_pages/stop.html", dead=False, done=done, kind=kind, kind_label=wording.field_word(kind))
