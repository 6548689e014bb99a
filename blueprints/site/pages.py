"""The pages that the library writes: よくある質問 with a search in it, プライバシー, ウェブアクセシビリティ and pages of its own."""

from pathlib import Path

from flask import Blueprint, abort, current_app, request
from markupsafe import Markup, escape

from library import clock
from library.site import articles, conformance, markup
from models import Article
from web import access, htmx
from web.parts import language

bp = Blueprint("pages", __name__)
LONGEST_SEARCH = 100  # letters


@bp.get("/faq")
@access.public
def faq() -> access.Reply:
    words, speaks = request.args.get("word", "").strip()[:LONGEST_SEARCH], language.current()
    found = articles.questions(words, speaks.code)
    return htmx.page(
        "pages/faq.html",
        heading=_title(articles.page("faq", speaks.code) or abort(404)),
        words=words,
        questions=[(speaks.drawn(escape(question)), _text(answer)) for question, answer in found],
    )


def _title(article: Article | articles.Draft) -> str:
    """Return the title of a page, which the desk translates of pages that the library wrote."""
    is_ours = isinstance(article, articles.Draft)
    return language.current().drawn(escape(article.title)) if is_ours else language.own(article.title)


def _text(text: str) -> Markup:
    """Return a text as HTML, with its readings."""
    return Markup(language.current().drawn(markup.html(text)).__html__())  # noqa: S704 (markup lets no HTML through)


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
    article = articles.page(slug, language.current().code) or abort(404)
    return htmx.page(
        template,
        heading=_title(article),
        text=_text(article.text),
        changed_at=getattr(article, "changed_at", None),
    )
