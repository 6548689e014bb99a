"""利用案内, サイトマップ: the library's services and pages."""

from flask import Blueprint, url_for

from library import branches, clock
from library.calendar import hours
from library.site import articles, features, guidance
from web import access, htmx
from web.parts import stored_policy

bp = Blueprint("guide", __name__)


@bp.get("/guide")
@access.public
def index() -> access.Reply:
    listed, rules = branches.in_order(), stored_policy.read()
    closed = guidance.closed_days(listed)
    return htmx.page(
        "guide/index.html",
        lending=guidance.lending(rules),
        shelf_days=guidance.shelf_days(rules),
        cart_limits=guidance.cart_limits(rules),
        has_ebooks=guidance.EBOOK in rules.get("material_types"),
        rules=rules.several(
            "overdue_stops", "holds_on_shelf", "card_years", "first_password_mode", "first_password_days",
            "password_minimum", "holidays_shift", "sdi_day",
        ),
        branches=[
            {
                "name": row.name,
                "url": url_for("places.branch", code=row.code),
                "hours": hours.in_general(row),
                "closed": closed[row.id],
            }
            for row in listed
        ],
    )  # fmt: skip


@bp.get("/sitemap")
@access.public
def sitemap() -> access.Reply:
    return htmx.page(
        "guide/sitemap.html",
        has_kids=stored_policy.read().get("kids"),
        featured=[(url_for("features.show", slug=row.slug), row.title) for row in features.shown(today=clock.today())],
        own_pages=[(url_for("pages.show", slug=row.slug), row.title) for row in articles.pages()],
        branches=[(url_for("places.branch", code=row.code), row.name) for row in branches.in_order()],
    )
