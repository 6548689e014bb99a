"""サイトの文章: the library's texts for everybody, tried out before they are saved, with earlier versions."""

from datetime import date
from typing import NamedTuple

from flask import Blueprint, abort, request, url_for
from markupsafe import Markup

from library import audit_words, clock, dates, errors
from library.site import articles, markup
from models import Article, ArticleVersion
from web import access, flash, forms, htmx, paging
from web.desk import counter

bp = Blueprint("articles", __name__)

PAGE = "desk.articles.index"
SIZE = 30  # news on a page
NEW = ("news", "page")


class ArticleForm(forms.Form):
    title = forms.Text("題名", maximum=articles.LONGEST_TITLE)
    slug = forms.Text("アドレス", maximum=60)
    day = forms.Text("掲載日", maximum=40)
    text = forms.Lines("本文", maximum=articles.LONGEST)
    public = forms.Tick("公開する")


class Subject(NamedTuple):
    """The text that is written: a stored article, one of the shipped pages, or a new one."""

    ref: str  # in the address: the number of a row, the name of a page, ``news`` or ``page``
    article: Article | None
    slug: str = ""

    @property
    def is_news(self) -> bool:
        return self.article.slug is None if self.article else self.ref == "news"

    @property
    def title(self) -> str:
        """Return the heading of the page: the title of the stored or shipped text, "" for a new one."""
        shown = self.article or (articles.shipped(self.slug) if self.slug else None)
        return shown.title if shown else ""

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of the fields that this text has."""
        if self.is_news:
            return ("title", "day", "text", "public")
        if self.ref == "page":
            return ("title", "slug", "text", "public")
        return ("title", "text") if self.slug in articles.SHIPPED else ("title", "text", "public")

    @property
    def public_url(self) -> str | None:
        """Return the address where everybody reads the text; None while nobody can."""
        if self.slug in articles.SHIPPED:
            return url_for(f"pages.{self.slug}")
        if self.article is None or not self.article.public:
            return None
        if self.is_news:
            is_out = self.article.day and self.article.day <= clock.today()
            return url_for("news.show", article_id=self.article.id) if is_out else None
        return url_for("pages.show", slug=self.slug)


def _subject(ref: str) -> Subject:
    if ref in NEW:
        return Subject(ref, None)
    if ref in articles.SHIPPED:
        return Subject(ref, articles.find(ref), ref)
    article = Article.get_or_none(Article.id == number) if (number := forms.number(ref)) else None
    return Subject(ref, article, article.slug or "") if article else abort(404)


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    columns = (Article.id, Article.slug, Article.title, Article.day, Article.public, Article.changed_at)
    rows = list(Article.select(*columns).order_by(Article.day.desc(), Article.id.desc()))
    shown = paging.cut([row for row in rows if row.slug is None], SIZE, url_for(PAGE))
    return htmx.page(
        "desk/articles/index.html",
        messages=flash.take(PAGE),
        site_pages=_pages({row.slug: row for row in rows if row.slug}),
        news=[_row(row.id, row) for row in shown.pop("rows")],
        **shown,
    )


def _pages(written: dict) -> list[dict]:
    fixed = [_row(slug, written.get(slug) or articles.shipped(slug)) for slug in articles.SHIPPED]
    return fixed + [_row(row.id, row) for slug, row in sorted(written.items()) if slug not in articles.SHIPPED]


def _row(ref: str | int, shown: articles.Draft | Article) -> dict:
    own = isinstance(shown, Article)
    return {
        "title": shown.title,
        "url": url_for("desk.articles.show", ref=ref),
        "day": dates.with_weekday(shown.day) if own and shown.day else "",
        "state": _state(shown) if own else "shipped",
        "changed": shown.changed_at if own else None,
    }


def _state(article: Article) -> str:
    if not article.public:
        return "hidden"
    return "later" if article.day and article.day > clock.today() else "public"


@bp.get("/<ref>")
@access.staff_required(role="admin")
def show(ref: str) -> access.Reply:
    """Show a text in its form. ``?version=``: an earlier version (0: the shipped one), which can be saved again."""
    subject = _subject(ref)
    shown = _version(subject) or subject.article or (articles.shipped(subject.slug) if subject.slug else None)
    form = ArticleForm(
        formdata=None,
        title=shown.title if shown else "",
        text=shown.text if shown else "",
        day=dates.without_weekday(shown.day) if shown and isinstance(shown.day, date) else _today(subject),
        public=shown.public if shown else True,
    )
    return _page(subject, form, preview=shown is not None)


def _today(subject: Subject) -> str:
    return dates.without_weekday(clock.today()) if subject.is_news else ""


def _version(subject: Subject) -> ArticleVersion | articles.Draft | None:
    asked = request.args.get("version")
    if asked is None:
        return None
    if asked == "0" and subject.slug in articles.SHIPPED:
        return articles.shipped(subject.slug)
    of_it = ArticleVersion.select().where(ArticleVersion.article == subject.article)
    return access.mine_or_404(of_it.where(ArticleVersion.id == (forms.number(asked) or 0)))


@bp.post("/<ref>")
@access.staff_required(role="admin")
def write(ref: str) -> access.Reply:
    """Save a text, or with ``try`` show how it would look."""
    subject, form = _subject(ref), ArticleForm()
    for name in set(form.data) - set(subject.fields):
        del form[name]
    if subject.ref == "page" and form.slug.data.strip() in articles.SHIPPED:
        form.problems = {"slug": [errors.SlugTaken()]}
    try:
        saved = form.submit(lambda: _write(subject, form))
    except errors.TextChangedMeanwhile as refusal:
        form.problems = {"title": [refusal]}
        return _page(subject, form, seen=True)
    if saved is None:
        return _page(subject, form, preview=not form.problems)
    shown = Subject(ref, saved, saved.slug or "").public_url
    return flash.leave(PAGE, done="saved", name=saved.title, public_url=shown)


def _write(subject: Subject, form: ArticleForm) -> Article | None:
    """Save the text, or None where it is only tried."""
    if "try" in request.form:
        return None
    slug = form.slug.data.strip() or "-" if "slug" in form else subject.slug  # an empty one is refused as such
    draft = articles.Draft(
        form.title.data,
        form.text.data,
        form.public.data if "public" in form else True,
        form.day.data if "day" in form else "",
        slug,
    )
    return articles.write(subject.article, draft, seen=forms.number(request.form.get("seen")), **counter.acting())


def _page(subject: Subject, form: ArticleForm, *, preview: bool = False, seen: bool = False) -> access.Reply:
    """Return the page of a text. ``seen``: versions that others made meanwhile count as seen from now on."""
    versions = articles.versions(subject.article) if subject.article else []
    return form.page(
        "desk/articles/show.html",
        ref=subject.ref,
        title=subject.title,
        fields=subject.fields,
        preview={"title": form.title.data, "text": Markup(markup.html(form.text.data))} if preview else None,  # noqa: S704 (markup lets no HTML through)
        public_url=subject.public_url,
        versions=_version_lines(subject, versions),
        seen=(not seen and request.form.get("seen")) or (versions[0].id if versions else 0),
    )


def _version_lines(subject: Subject, versions: list[ArticleVersion]) -> list[dict]:
    """Return the last ones, and ours at the end of those of a page that is shipped."""
    if not versions:
        return []
    lines = [
        {
            "at": row.at,
            "by": audit_words.actor(row.by),
            "title": row.title,
            "url": url_for("desk.articles.show", ref=subject.ref, version=row.id),
        }
        for row in versions
    ]
    if subject.slug in articles.SHIPPED:
        url = url_for("desk.articles.show", ref=subject.ref, version=0)
        lines.append({"at": None, "by": "", "title": articles.shipped(subject.slug).title, "url": url})
    return lines
