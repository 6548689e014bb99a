"""The public front door: front page, text size."""

from collections.abc import Container
from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, redirect, request
from flask_login import current_user

from library import branches, clock, policy
from library.account import glance
from library.calendar import hours, open_now, opening
from library.catalog.shown import browse
from library.site import accents, articles, branding, features, pictures
from library.store import database
from models import Branch, Patron
from web import access, cookies, htmx, links, static_files, terminals
from web.parts import language, page_facts, stored_policy, title_rows

bp = Blueprint("site", __name__)
YEAR = 365 * 24 * 3600
ICON_SIZES = (192, 512)
NEW_DAYS, NEW_TITLES = 92, 8  # of 新しく入った本


@bp.get("/")
@access.public
def front() -> access.Reply:
    today = clock.today()
    patron = None if current_user.locked_to_first_password else current_user.patron
    arrived = browse.new_arrivals(today=today, days=NEW_DAYS, size=NEW_TITLES)
    return htmx.page(
        "site/front.html",
        opening=_opening(branches.in_order(), patron),
        mine=glance.read(patron, today=today) if patron else None,
        photographs=pictures.of_places(),
        features=features.on_front(today=today),
        arrived=title_rows.covers(arrived.ids),
        news=articles.latest_news(today=today),
    )


def _opening(listed: list[Branch], patron: Patron | None) -> dict | None:
    """Return the opening of the patron's branch, for visitors the first one, and the hours of the others today; None
    without branches.
    """
    if not listed:
        return None
    now, today, days = clock.now(), clock.today(), opening.calendars(listed, stored_policy.read())
    own = patron and (patron.pickup_branch_id or patron.branch_id)
    shown = next((branch for branch in listed if branch.id == own), listed[0])
    return {
        "name": shown.name,
        "now": open_now.state(shown, days[shown.id], now=now),
        "closed_on": days[shown.id].next_closed_day(today + timedelta(days=1)),
        "others": [
            {"name": branch.name, "open": days[branch.id].is_open(today), "hours": hours.text_on(branch, today)}
            for branch in listed
            if branch != shown
        ],
    }


@bp.post("/text-size")
@access.public
def text_size() -> access.Reply:
    """文字サイズ: store it in a cookie and with the patron."""
    return _store_choice("text_size", page_facts.TEXT_SIZE_COOKIE, request.form.get("size", ""), page_facts.TEXT_SIZES)


@bp.post("/language")
@access.public
def choose_language() -> access.Reply:
    """言語: store it in a cookie and with the patron."""
    chosen = request.form.get("language", "")
    return _store_choice("language", language.LANGUAGE_COOKIE, chosen, language.offered())


@bp.post("/furigana")
@access.public
def choose_furigana() -> access.Reply:
    """ふりがな: store in a cookie and with the patron whether there is one."""
    chosen = request.form.get("furigana", "")
    return _store_choice("furigana", language.FURIGANA_COOKIE, chosen, (language.ON, language.OFF))


def _store_choice(column: str, cookie: str, chosen: str, offered: Container[str]) -> access.Reply:
    """Store a choice of how pages are shown; the form has no token, so the browser must name this site."""
    if not access.from_this_site():
        abort(403)
    if chosen not in offered:
        abort(422)
    if current_user.patron and not current_user.locked_to_first_password:
        with database.writing():
            Patron.update({column: chosen}).where(Patron.id == current_user.patron.id).execute()
    response = redirect(links.wanted() or "/", 303)
    cookies.give(response, cookie, chosen, max_age=None if terminals.is_one() else YEAR)
    return response


@bp.get("/theme-<version>.css")
@access.public
def theme(version: str) -> access.Reply:
    """Send the colours that follow from the library's accent; the address is another for another accent."""
    accent = policy.get("accent")
    if version != accents.version(accent):
        abort(404)
    return Response(accents.sheet(accent), mimetype="text/css", headers={"Cache-Control": static_files.FOR_A_YEAR})


@bp.get("/favicon.ico")
@access.public
def favicon() -> access.Reply:
    return current_app.send_static_file("icon.svg")


@bp.get("/sw.js")
@access.public
def worker() -> access.Reply:
    """Send the service worker of notices to phones, which browsers ask for anew each time."""
    send: access.View = current_app.view_functions["static"]
    return send(filename="sw.js")


@bp.get("/manifest.webmanifest")
@access.public
def manifest() -> access.Reply:
    """Tell phones how the library stands on a home screen."""
    asset = current_app.jinja_env.globals["asset"]
    pictures_of = [(f"icon-{size}.png", f"{size}x{size}", "image/png") for size in ICON_SIZES]
    icons = [*pictures_of, ("icon.svg", "any", "image/svg+xml")]
    name = branding.name(current_app.config)
    told = {
        "id": "/",
        "name": name,
        "short_name": name,
        "lang": "ja",
        "start_url": "/my/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": [{"src": asset(file), "sizes": sizes, "type": kind} for file, sizes, kind in icons],
    }
    return Response(current_app.json.dumps(told), mimetype="application/manifest+json")
