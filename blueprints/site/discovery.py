"""For programs that look for the library: OpenSearch, sitemaps, robots.txt."""

from collections.abc import Iterator

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from peewee import ModelSelect, fn

from library import branches, clock
from library.catalog import removed_titles
from library.site import articles, features, published_answers
from library.store import queries as stored
from models import Article, PublishedAnswer, Title
from web import access
from web.parts import stored_policy

bp = Blueprint("discovery", __name__)
PART = 50_000  # addresses in one file, as sitemaps.org allows
AT_ONCE = 1000  # addresses that are sent together
DAY = 24 * 3600
PAGES = (
    "site.front", "catalog.new", "catalog.classes", "catalog.shelf", "catalog.authors", "catalog.subjects",
    "catalog.advanced", "features.index", "places.index", "guide.index",
    "guide.sitemap", "news.index", "pages.faq", "reference.index", "pages.privacy", "pages.accessibility",
    "pages.results",
)  # fmt: skip
SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
CLOSED = (
    "/my/", "/desk/", "/login/", "/login?", "/mail/", "/opds/", "/ebooks/", "/shelves/", "/search?*&", "/shelf?",
    "/kids/*?",
)  # fmt: skip

OPEN = ("/my/profile$",)  # the front page leads there; who has not signed in is asked to


@bp.get("/opensearch.xml")
@access.public
def description() -> access.Reply:
    """Send the description by which browsers offer to search in the library (OpenSearch 1.1)."""
    suggests = stored_policy.read().get("suggestions")
    text = render_template("discovery/opensearch.xml", base=current_app.config["PUBLIC_URL"], suggests=suggests)
    return Response(text, content_type="application/opensearchdescription+xml;charset=utf-8")


@bp.get("/robots.txt")
@access.public
def robots() -> access.Reply:
    """Ask programs to leave alone the pages of patrons and staff, and lists that can be narrowed in
    thousands of ways.
    """
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), *(f"Allow: {path}" for path in OPEN)]
    lines += ["", f"Sitemap: {current_app.config['PUBLIC_URL']}{url_for('discovery.sitemaps')}", ""]
    return Response("\n".join(lines), mimetype="text/plain", headers={"Cache-Control": f"public, max-age={DAY}"})


@bp.get("/sitemap.xml")
@access.public
def sitemaps() -> access.Reply:
    """List the sitemaps: one of pages, and of titles as many as are needed."""
    last = Title.select(fn.max(Title.id)).scalar() or 0
    parts = [number for number in range(1, -(-last // PART) + 1) if _titles(number).exists()]
    addresses = [url_for("discovery.pages"), *(url_for("discovery.sitemap", part=one) for one in parts)]
    return _sitemap("sitemapindex", "sitemap", addresses)


@bp.get("/sitemap-pages.xml")
@access.public
def pages() -> access.Reply:
    addresses = [url_for(endpoint) for endpoint in PAGES]
    addresses += [url_for("kids.index")] if stored_policy.read().get("kids") else []
    addresses += [url_for("catalog.ranking", name=name) for name in ("loans", "holds")]
    addresses += [url_for("features.show", slug=row.slug) for row in features.shown(today=clock.today())]
    addresses += [url_for("pages.show", slug=row.slug) for row in articles.pages()]
    news = stored.tuples(articles.published_news(today=clock.today()).select(Article.id))
    addresses += [url_for("news.show", article_id=number) for (number,) in news]
    answers = stored.tuples(published_answers.public().select(PublishedAnswer.id))
    addresses += [url_for("reference.show", answer_id=number) for (number,) in answers]
    for branch in branches.in_order():
        addresses += [url_for(page, code=branch.code) for page in ("places.branch", "opening_days.month")]
    return _sitemap("urlset", "url", addresses)


@bp.get("/sitemap-<int(min=1, max=1000000):part>.xml")
@access.public
def sitemap(part: int) -> access.Reply:
    """List one part of the titles: those whose ids lie in its range."""
    ids = [title for (title,) in stored.tuples(_titles(part))]
    if not ids:
        abort(404)
    before, _, after = url_for("catalog.title", title_id=0).rpartition("0")
    return _sitemap("urlset", "url", [f"{before}{one}{after}" for one in ids])


def _titles(part: int) -> "ModelSelect[Title]":
    there = Title.select(Title.id).where(
        Title.id > (part - 1) * PART, Title.id <= part * PART, ~removed_titles.is_removed()
    )
    return there.order_by(Title.id)


def _sitemap(root: str, element: str, addresses: list[str]) -> access.Reply:
    """Return a sitemap, sent piece by piece and good for a day."""
    answer = Response(_written(root, element, addresses, current_app.config["PUBLIC_URL"]), mimetype="application/xml")
    answer.headers["Cache-Control"] = f"public, max-age={DAY}"
    answer.set_etag(clock.today().isoformat())
    return answer.make_conditional(request)


def _written(root: str, element: str, addresses: list[str], base: str) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<{root} {SITEMAP}>\n'
    for first in range(0, len(addresses), AT_ONCE):
        here = addresses[first : first + AT_ONCE]
        yield "".join(f"<{element}><loc>{base}{address}</loc></{element}>\n" for address in here)
    yield f"</{root}>\n"
