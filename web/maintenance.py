"""Times at which nothing can be stored: システムメンテナンス, 移行, a full disk.

Forms that write get a 503; reading, signing in and out go on, as do checks while typing and first passwords.
"""

from datetime import timedelta
from typing import Any

from flask import current_app, g, request

from library import clock
from library.calendar import before_opening, maintenance
from library.health import state
from web import access, errors
from web.parts import stored_policy

READS = ("GET", "HEAD", "OPTIONS")
LEND = {
    "opds.borrow",
    "opds.own_borrow",
    "opds2.borrow",
    "opds2.own_borrow",
}  # the links by which reading programs borrow
GOES_ON = {
    "desk.lost_cards.give_number",
    "desk.patrons.search",
    "desk.second_step.give",
    "desk.second_step.options",
    "desk.session.password",
    "desk.session.sign_in",
    "oai.answer_posted",
    "profile.check",
    "reader.look",
    "reader.mark",
    "session.first_password",
    "session.logout",
    "session.reset",
    "session.reset_with",
    "session.sign_in",
    "site.choose_furigana",
    "site.choose_language",
    "site.text_size",
}
NEVER_SHUT = {
    "session.logout", "static", "site.favicon", "health.healthz", "health.readyz", "health.numbers",
}  # fmt: skip
OPEN_WHILE_MOVING = (
    "desk.",
    "pictures.",
    "site.theme",
    "site.text_size",
    "site.choose_language",
    "site.choose_furigana",
)  # how the names of their endpoints begin
ROOM_FOR_FILES = 100_000_000  # bytes that are free; below it no file is taken


def span() -> maintenance.Span | None:
    """Return the daily hours of システムメンテナンス in the settings; None without them."""
    return maintenance.parse(current_app.config["MAINTENANCE"])


def is_now() -> bool:
    """Tell whether it is within the hours of システムメンテナンス."""
    found = span()
    return found is not None and found.includes(clock.local(clock.now()))


def until() -> str:
    """Return the end of システムメンテナンス while it lasts, as 午前5時; else empty."""
    return found.end if is_now() and (found := span()) else ""


def words() -> str:
    """Return its hours as 毎日 午前4時〜5時; empty without them."""
    found = span()
    return found.words if found else ""


def refuse_files() -> Any:
    """Return, before a request, a 503 to an upload when the disk is nearly full; else None."""
    takes_file = getattr(current_app.view_functions.get(request.endpoint or ""), "largest", None)
    if request.method in READS or not takes_file or state.disk_free(current_app.config) >= ROOM_FOR_FILES:
        return None
    return errors.answer(503, why="no_room", headers={"Retry-After": "600"})


def refuse_public() -> Any:
    """Return, before a request, a 503 to the public during 移行; None for the desk and all open addresses."""
    asks = request.endpoint not in NEVER_SHUT
    g.moving = asks and before_opening.is_set_on(stored_policy.read().get("moving"), clock.today())
    if (
        not g.moving
        or (request.endpoint or "").startswith(OPEN_WHILE_MOVING)
        or f"{request.path}/".startswith("/desk/")
    ):
        return None
    return errors.answer(503, why="moving", headers={"Retry-After": "3600"})


def refuse_to_write() -> Any:
    """Return, before a request, the response to one that would write now; else None."""
    writes = request.method not in READS or request.endpoint in LEND
    if not writes or request.endpoint is None or request.endpoint in GOES_ON:
        return None
    found, now = span(), clock.local(clock.now())
    if found is None or not found.includes(now):
        return None
    seconds = found.seconds_left(now)
    draft = access.keep_draft(clock.now() + timedelta(seconds=seconds) + maintenance.HELD_AFTER)
    return errors.answer(
        503,
        why="maintenance",
        way_on=draft,
        back=access.page_of_form(),
        again_after=found.end,
        plain=False,
        headers={"Retry-After": str(seconds)},
    )
