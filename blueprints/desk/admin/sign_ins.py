"""ログインの状況: waits after wrong passwords, and cards and addresses met with care, for 管理."""

from flask import Blueprint

from library import clock
from library.access.guessing import sign_in_waits
from web import access, flash, htmx
from web.desk import counter

bp = Blueprint("sign_ins", __name__)
PAGE = "desk.sign_ins.index"
MOST = 50  # of each list on the page: those that last longest


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    now = clock.now()
    waiting, careful = sign_in_waits.waits(now=now), sign_in_waits.care(now=now)
    return htmx.page(
        "desk/sign_ins/index.html",
        messages=flash.take(PAGE),
        waiting=waiting[:MOST],
        more_waiting=len(waiting[MOST:]),
        careful=careful[:MOST],
        more_careful=len(careful[MOST:]),
    )


@bp.post("/<row_id:guess_id>/end")
@access.staff_required(role="admin")
def end(guess_id: int) -> access.Reply:
    """End a wait after wrong passwords, or the care with which the library meets a card or an address."""
    sign_in_waits.end(guess_id, **counter.acting())
    return flash.leave(PAGE, done="ended")
