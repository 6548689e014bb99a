"""The public front door: front page, text size."""

from flask import Blueprint, Response, abort, current_app, redirect, request
from flask_login import current_user

from library import branches, clock, policy
from library.account import glance
from library.calendar import hours, opening
from library.site import accents, articles, branding, features, pictures
from library.store import database
from models import Patron
from web import access, cookies, htmx, links, static_files, terminals
from web.parts import page_facts, stored_policy

bp = Blueprint("site", __name__)
YEAR = 365 * 24 * 3600
ICON_SIZES = (192, 512)


@bp.get("/")
@access.public
def front() -> access.Reply:
    today = clock.today()
    listed = branches.in_order()
    open_today = opening.open_branches(listed, today, stored_policy.read())
    rows = [
        {"name": branch.name, "code": branch.code, "open": branch in open_today, "hours": hours.text_on(branch, today)}
        for branch in listed
    ]
    patron = current_user.patron
    signed_in = patron and not current_user.locked_to_first_password
    return htmx.page(
        "site/front.html",
        today=today,
        branches=rows,
        mine=glance.read(patron, today=today) if signed_in else None,
        photographs=pictures.of_places(),
        features=features.on_front(today=today),
        news=articles.latest_news(today=today),
        hours_told=True,  # of システムメンテナンス, by a notice: the foot need not say them again
    )


@bp.post("/text-size")
@access.public
def text_size() -> access.Reply:
    """文字サイズ: store it in a cookie and with the patron. The form has no token, so the browser must name this site."""
    if not access.from_this_site():
        abort(403)
    size = request.form.get("size")
    if size not in page_facts.TEXT_SIZES:
        abort(422)
    if current_user.patron and not current_user.locked_to_first_password:
        with database.writing():
            Patron.update(text_size=size).where(Patron.id == current_user.patron.id).execute()
    response = redirect(links.wanted() or "/", 303)
    kept = None if terminals.is_one() else YEAR
    cookies.give(response, page_facts.TEXT_SIZE_COOKIE, size, max_age=kept)
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
