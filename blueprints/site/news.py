"""お知らせ: what the library has to say, newest first, and the same as a feed."""

from flask import Blueprint, Response, current_app, render_template, url_for
from markupsafe import Markup

from library import clock
from library.site import articles, markup
from models import Article
from web import access, htmx, paging

bp = Blueprint("news", __name__)
SIZE = 20  # on a page
IN_FEED = 30


@bp.get("/news")
@access.public
def index() -> access.Reply:
    rows = articles.published_news(today=clock.today()).select(Article.id, Article.title, Article.day)
    shown = paging.cut(list(rows), SIZE, url_for("news.index"))
    return htmx.page("news/index.html", news=shown.pop("rows"), **shown)


@bp.get("/news/<row_id:article_id>")
@access.public
def show(article_id: int) -> access.Reply:
    found = articles.published_news(today=clock.today()).where(Article.id == article_id)
    article = access.mine_or_404(found)
    return htmx.page("news/article.html", article=article, text=Markup(markup.html(article.text)))  # noqa: S704 (markup lets no HTML through)


@bp.get("/news.atom")
@access.public
def feed() -> access.Reply:
    """Send お知らせ for programs that read feeds (RFC 4287)."""
    base, rows = current_app.config["PUBLIC_URL"], articles.published_news(today=clock.today()).limit(IN_FEED)
    entries = [_entry(row, base + url_for("news.show", article_id=row.id)) for row in rows]
    page = render_template(
        "news/feed.atom",
        feed_url=base + url_for("news.feed"),
        page_url=base + url_for("news.index"),
        updated=max((entry["updated"] for entry in entries), default=clock.at(clock.today()).isoformat()),
        entries=entries,
    )
    return Response(page, mimetype="application/atom+xml", headers={"Cache-Control": "public, max-age=3600"})


def _entry(article: Article, url: str) -> dict:
    return {
        "id": url,
        "url": url,
        "title": article.title,
        "updated": article.changed_at.isoformat(),
        "html": markup.html(article.text),
    }
