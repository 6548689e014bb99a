"""サイトの文章: what the library writes for everybody, tried out before it is kept, with what it said before."""

from typing import NamedTuple

from flask import Blueprint, abort, redirect, request
from markupsafe import Markup

from library import clock, dates, errors, wording
from library.site import articles, markup
from models import Article, ArticleVersion
from web import access, flash, forms, htmx, paging
from web.desk import counter
from web.links import url_for

bp = Blueprint("articles", __name__)

PAGE = "desk.articles.index"
SIZE = 30  # news on a page
NEW = {"news": "お知らせを書く", "page": "ページを作る"}


class ArticleForm(forms.Form):
    title = forms.Text("題名", maximum=articles.LONGEST_TITLE)
    slug = forms.Text("アドレス", maximum=60)
    day = forms.Text("掲載日", maximum=40)
    text = forms.Lines("本文", maximum=articles.LONGEST)
    public = forms.Tick("公開する")


class Subject(NamedTuple):
    """What is written: a row, one of the pages that are always there, or something new."""

    ref: str  # in the address: the number of a row, the name of a page, ``news`` or ``page``
    article: Article | None
    slug: str = ""

    @property
    def is_news(self):
        return self.article.slug is None if self.article else self.ref == "news"

    @property
    def name(self):
        shown = self.article or (articles.shipped(self.slug) if self.slug else None)
        return f"「{shown.title}」を直す" if shown else NEW[self.ref]

    @property
    def fields(self):
        """Those of the form that it has."""
        if self.is_news:
            return ("title", "day", "text", "public")
        if self.ref == "page":
            return ("title", "slug", "text", "public")
        return ("title", "text") if self.slug in articles.SHIPPED else ("title", "text", "public")

    @property
    def public_url(self):
        if self.slug in articles.SHIPPED:
            return url_for(f"pages.{self.slug}")
        if self.article is None or not self.article.public:
            return None
        if self.is_news:
            return url_for("news.show", article_id=self.article.id) if self.article.day <= clock.today() else None
        return url_for("pages.show", slug=self.slug)


def _subject(ref):
    if ref in NEW:
        return Subject(ref, None)
    if ref in articles.SHIPPED:
        return Subject(ref, articles.find(ref), ref)
    article = Article.get_or_none(Article.id == number) if (number := forms.number(ref)) else None
    return Subject(ref, article, article.slug or "") if article else abort(404)


@bp.get("")
@access.staff_required(role="admin")
def index():
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


def _pages(written):
    fixed = [_row(slug, written.get(slug) or articles.shipped(slug)) for slug in articles.SHIPPED]
    return fixed + [_row(row.id, row) for slug, row in sorted(written.items()) if slug not in articles.SHIPPED]


def _row(ref, shown):
    own = isinstance(shown, Article)
    state = "標準" if not own else "非公開" if not shown.public else "公開"
    later = own and shown.public and shown.day and shown.day > clock.today()
    return {
        "title": shown.title,
        "url": url_for("desk.articles.show", ref=ref),
        "day": dates.with_weekday(shown.day) if own and shown.day else "",
        "state": "掲載日から公開" if later else state,
        "changed": shown.changed_at if own else None,
    }


@bp.get("/<ref>")
@access.staff_required(role="admin")
def show(ref):
    """``?version=``: with what it said once (0: what is shipped), to be looked at and kept anew."""
    subject = _subject(ref)
    shown = _version(subject) or subject.article or (articles.shipped(subject.slug) if subject.slug else None)
    form = ArticleForm(
        formdata=None,
        title=shown.title if shown else "",
        text=shown.text if shown else "",
        day=dates.with_weekday(shown.day).partition("(")[0] if shown and shown.day else _today(subject),
        public=shown.public if shown else True,
    )
    return _article_page(subject, form, preview=shown is not None)


def _today(subject):
    return dates.with_weekday(clock.today()).partition("(")[0] if subject.is_news else ""


def _version(subject):
    asked = request.args.get("version")
    if asked is None:
        return None
    if asked == "0" and subject.slug in articles.SHIPPED:
        return articles.shipped(subject.slug)
    of_it = ArticleVersion.select().where(ArticleVersion.article == subject.article)
    return access.mine_or_404(of_it.where(ArticleVersion.id == (forms.number(asked) or 0)))


@bp.post("/<ref>")
@access.staff_required(role="admin")
def write(ref):
    """``try``: show what becomes of it; else keep it."""
    subject, form = _subject(ref), ArticleForm()
    for name in set(form.data) - set(subject.fields):
        del form[name]
    problems = forms.refused(form)
    if subject.ref == "page" and form.slug.data.strip() in articles.SHIPPED:
        problems["slug"] = [errors.SlugTaken()]
    if problems:
        return _article_page(subject, form, problems)
    if "try" in request.form:
        return _article_page(subject, form, preview=True)
    slug = form.slug.data.strip() or "-" if "slug" in form else subject.slug  # an empty one is refused as such
    draft = articles.Draft(
        form.title.data,
        form.text.data,
        form.public.data if "public" in form else True,
        form.day.data if "day" in form else "",
        slug,
    )
    seen = forms.number(request.form.get("seen"))
    try:
        kept = articles.write(subject.article, draft, seen=seen, by=counter.actor(), now=clock.now())
    except errors.TextChangedMeanwhile as refused:
        return _article_page(subject, form, {"title": [refused]}, seen=True)
    except errors.RefusedTogether as refused:
        return _article_page(subject, form, refused.by_field)
    shown = Subject(ref, kept, kept.slug or "").public_url
    flash.keep(
        PAGE, level="good", title=f"「{kept.title}」を保存しました。", text="", link=shown and ("ページを見る", shown)
    )
    return redirect(url_for(PAGE), 303)


def _article_page(subject, form, problems=None, *, preview=False, seen=False):
    """``seen``: the versions are looked at from now on, also one that somebody else made."""
    versions = articles.versions(subject.article) if subject.article else []
    return htmx.page(
        "desk/articles/show.html",
        422 if problems else 200,
        ref=subject.ref,
        heading=subject.name,
        fields=subject.fields,
        form=form.faces(),
        problems=problems or {},
        page_has_errors=bool(problems),
        summary=forms.summary(problems or {}, form=form),
        preview={"title": form.title.data, "text": Markup(markup.html(form.text.data))} if preview else None,  # noqa: S704 (markup lets no HTML through)
        public_url=subject.public_url,
        versions=_version_lines(subject, versions),
        seen=(not seen and request.form.get("seen")) or (versions[0].id if versions else 0),
    )


def _version_lines(subject, versions):
    """The last ones, and ours at the end of those of a page that is shipped."""
    if not versions:
        return []
    kept = [
        {
            "at": row.at,
            "by": wording.actor(row.by),
            "title": row.title,
            "url": url_for("desk.articles.show", ref=subject.ref, version=row.id),
        }
        for row in versions
    ]
    if subject.slug in articles.SHIPPED:
        url = url_for("desk.articles.show", ref=subject.ref, version=0)
        kept.append({"at": None, "by": "", "title": articles.shipped(subject.slug).title, "url": url})
    return kept
