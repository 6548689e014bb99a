"""お知らせの設定: which notices go which way, the devices that get pushes, SDI and the calendar. Shown at its address, and
with the refusal of a press on it.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, request, url_for
from flask_login import current_user

from library import demonstration, policy, wording
from library.access import sessions
from library.catalog.shown import query_words
from library.lending import due_calendar
from library.mail import push, vapid
from library.patrons import patrons
from library.reading import sdi
from models import CalendarLink, Patron, PatronAddress
from web import cookies, entrance, flash, forms, htmx, terminals
from web.parts import seal_facts

PAGE = "indexes.notice_settings"
OF_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")  # where browsers ask for no https


def page(problems: forms.Problems | None = None, ticked: Collection[str] | None = None) -> Response:
    """Return the page. ``problems``: the refusals of a press; ``ticked``: the choices that were refused."""
    patron = current_user.patron
    return htmx.page(
        "indexes/notice_settings.html",
        422 if problems else 200,
        url_for(PAGE),
        messages=flash.take(PAGE),
        **_mail(patron),
        **({} if terminals.is_one() else _push(patron, ticked) | _calendar(patron)),
        **_sdi(patron),
        **seal_facts.read(),
        **forms.error_values(problems or {}),
    )


def this_browser() -> str:
    """Return the hash by which the device of this browser is known."""
    return sessions.hash_token(cookies.read(entrance.MARK) or request.form.get("endpoint", ""))


def feed_address(link: CalendarLink) -> str:
    """Return the address of a patron's calendar."""
    token = due_calendar.token(link, current_app.config["SECRET_KEY"])
    return current_app.config["PUBLIC_URL"] + url_for("due_calendar.feed", token=token)


def _mail(patron: Patron) -> dict[str, Any]:
    rows = patrons.addresses(patron)
    there = {row.kind for row in rows} or {"pc"}
    return {
        "addresses": [_address(row) for row in rows],
        "ways": {kind: word for kind, word in wording.ADDRESS_KINDS.items() if kind in there},
        "goes": patrons.mail_ways(patron),
        "due_days": patrons.preferences(patron)["due"].days_before,
    }


def _address(row: PatronAddress) -> dict[str, Any]:
    name = f"email{row.position}"
    return {"name": name, "text": row.address, "kind": wording.ADDRESS_KINDS[row.kind], "is_lost": row.undeliverable_at}


def _push(patron: Patron, ticked: Collection[str] | None) -> dict[str, Any]:
    browser, rows = this_browser(), push.of_patron(patron)
    is_here = any(row.browser == browser for row in rows)
    return {
        "devices": [
            {"id": row.id, "name": row.name, "created_at": row.created_at, "is_this": row.browser == browser}
            for row in rows
        ],
        "ticked": push.chosen(rows) if ticked is None else ticked,
        "can_add": _can_have() and not is_here and len(rows) < push.MOST,
        "is_full": len(rows) >= push.MOST and not is_here,
        "can_have": _can_have(),
        "most": push.MOST,
        "key": vapid.public_key(vapid.key(Path(current_app.config["INSTANCE"]))),
        "is_demonstration": demonstration.is_loaded(),
        "unseen": push.UNSEEN.days,
    }


def _can_have() -> bool:
    """Tell whether browsers take notices from this library: a push service is listed, and browsers
    trust its address.
    """
    place = urlsplit(current_app.config["PUBLIC_URL"])
    return bool(current_app.config["PUSH_HOSTS"]) and (place.scheme == "https" or place.hostname in OF_THIS_MACHINE)


def _calendar(patron: Patron) -> dict[str, Any]:
    link = due_calendar.link_of(patron)
    return {"calendar": True, "subscribe": f"webcal://{feed_address(link).partition('://')[2]}" if link else ""}


def _sdi(patron: Patron) -> dict[str, Any]:
    conditions = sdi.of_patron(patron)
    asked = [sdi.query_of(condition) for condition in conditions]
    names = query_words.names_in(asked)
    return policy.several("sdi_day", "sdi_hour") | {
        "conditions": [
            {"id": row.id, "name": row.name, "active": row.active, "words": query_words.in_words(query, names)}
            for row, query in zip(conditions, asked, strict=True)
        ],
        "is_sdi_full": len(conditions) >= sdi.MOST,
    }
