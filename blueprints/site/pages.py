"""The pages that the library writes: よくある質問 with a search in it, プライバシー, ウェブアクセシビリティ and pages of its own."""

from pathlib import Path

from flask import Blueprint, abort, current_app, request
from markupsafe import Markup

from library import clock
from library.site import articles, conformance, markup
from web import access, htmx

bp = Blueprint("pages", __name__)
LONGEST_SEARCH = 100  # letters


@bp.get("/faq")
@access.public
def faq() -> access.Reply:
    words = request.args.get("word", "").strip()[:LONGEST_SEARCH]
    found = articles.questions(words)
    return htmx.page(
        "pages/faq.html",
        heading=(articles.page("faq") or abort(404)).title,
        words=words,
        questions=[(question, Markup(markup.html(answer))) for question, answer in found],  # noqa: S704 (markup lets no HTML through)
    )


@bp.get("/privacy")
@access.public
def privacy() -> access.Reply:
    return _page("privacy")


@bp.get("/accessibility")
@access.public
def accessibility() -> access.Reply:
    return _page("accessibility", "pages/accessibility.html")


@bp.get("/accessibility/results")
@access.public
def results() -> access.Reply:
    """Show the results of the accessibility test (試験結果)."""
    version = current_app.config["VERSION"]
    found = conformance.read(Path(current_app.instance_path), version=version, today=clock.today())
    return htmx.page("pages/accessibility_results.html", results=found, version=version)


@bp.get("/pages/<slug>")
@access.public
def show(slug: str) -> access.Reply:
    return abort(404) if slug in articles.SHIPPED else _page(slug)


def _page(slug: str, template: str = "pages/page.html") -> access.Reply:
    article = articles.page(slug) or abort(404)
    return htmx.page(
        template,
        heading=article.title,
        text=Markup(markup.html(article.text)),  # noqa: S704 (markup lets no HTML through)
        changed_at=getattr(article, "changed_at", None),
    )
