"""特集: titles put together for everybody. All that is typed travels in the form until it is saved, so that it is one
version.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, abort, request, url_for
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from library import audit_words, clock, dates, errors
from library.catalog import editing, isbn
from library.catalog.query import query as queries
from library.catalog.shown import results as searches
from library.lending import items
from library.site import features, markup, pictures
from models import Feature, FeatureVersion, Title
from web import access, flash, forms, htmx
from web.desk import counter

bp = Blueprint("features", __name__)

PAGE, NEW = "desk.features.index", "new"
LARGEST = 480 * 1024  # bytes of a full one, as a form sends it; what is larger than 500,000 Werkzeug takes for no form
CANDIDATES = 10


class FeatureForm(forms.Form):
    comment_label = "「{name}」の紹介"  # of the field for the comment on each book
    title = forms.Text("題名", maximum=features.LONGEST_TITLE)
    slug = forms.Text("アドレス", maximum=60)
    text = forms.Lines("紹介文", maximum=features.LONGEST)
    words = forms.Text("資料を加える", maximum=queries.LONGEST)
    public = forms.Tick("公開する")
    on_front = forms.Tick("トップページにボタンを出す")
    icon = forms.Radio("ボタンの絵", features.ICONS.items())
    first = forms.Text("はじめの日", maximum=40)
    last = forms.Text("終わりの日", maximum=40)

    def summary(self) -> list[dict]:
        """Return the lines of the fields, then those of the comments."""
        return sorted(super().summary(), key=lambda line: line["anchor"].startswith("comment-"))


class Focus(NamedTuple):
    """The focus after a press: the field for the next title, or the button of ``row`` that was pressed; ``done``
    (moved, removed, added) with the title of this ``name``.
    """

    row: int = 0
    way: str = "words"
    done: str = ""
    name: str = ""


# -- all of them -----------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required
def index() -> access.Reply:
    rows = _rows(Feature.select().order_by(Feature.position))
    return htmx.page("desk/features/index.html", messages=flash.take(PAGE), rows=rows)


def _rows(found: Iterable[Feature]) -> list[dict]:
    counts, shown = features.counts(), {each.id for each in features.shown(today=clock.today())}
    return [
        {
            "id": feature.id,
            "title": feature.title,
            "url": url_for("desk.features.show", ref=feature.id),
            "state": "public" if feature.id in shown else _why_hidden(feature),
            "first": dates.with_weekday(feature.first),
            "last": dates.with_weekday(feature.last),
            "on_front": feature.on_front,
            "count": counts.get(feature.id, 0),
            "changed": feature.changed_at,
        }
        for feature in found
    ]


def _why_hidden(feature: Feature) -> str:
    if not feature.public:
        return "draft"
    return "over" if feature.last and feature.last < clock.today() else "waiting"


@bp.post("/<row_id:feature_id>/place")
@access.staff_required
def move(feature_id: int) -> access.Reply:
    feature, way = _one(feature_id), request.form.get("way")
    if way not in ("up", "down"):
        abort(422)
    place = features.move(feature, feature.position + (1 if way == "down" else -1))
    return _back("moved", name=feature.title, place=place, moved=[feature.id, way])


def _back(done: str, **facts: Any) -> access.Reply:
    return flash.leave(PAGE, done=done, **facts)


def _one(feature_id: int) -> Feature:
    return access.mine_or_404(Feature.select().where(Feature.id == feature_id))


# -- one of them -----------------------------------------------------------------------------------------------------
def _subject(ref: str) -> Feature | None:
    """Return the row, or None for a new one."""
    return None if ref == NEW else _one(forms.number(ref) or 0)


@bp.get("/<ref>")
@access.staff_required
def show(ref: str) -> access.Reply:
    """Show a 特集 in its form. ``?version=``: an earlier version, which can be saved again."""
    subject = _subject(ref)
    if subject is None:
        return _page(None, FeatureForm(formdata=None, icon="book"), [])
    shown = _version(subject)
    listed = features.books_of(shown) if shown else features.books(subject)
    shown = shown or subject
    typed = {name: getattr(shown, name) for name in ("title", "text", "public", "on_front", "icon")}
    days = {name: dates.without_weekday(getattr(shown, name)) for name in ("first", "last")}
    return _page(subject, FeatureForm(formdata=None, **typed, **days), listed, preview=True)


def _version(subject: Feature) -> FeatureVersion | None:
    """Return the earlier version that the address names; None without one, 404 for another's."""
    asked = request.args.get("version")
    if asked is None:
        return None
    of_it = FeatureVersion.select().where(
        FeatureVersion.feature == subject, FeatureVersion.id == (forms.number(asked) or 0)
    )
    return access.mine_or_404(of_it)


@bp.post("/<ref>")
@access.staff_required
@access.takes_file(LARGEST)
def write(ref: str) -> access.Reply:
    """Save a 特集; with other buttons add a title, look for titles, change the order, or show how it would look."""
    listed = _books_sent()
    if "seen" in request.form and Feature.get_or_none(Feature.id == forms.number(ref)) is None:
        return _offer_as_new(listed)
    subject, form = _subject(ref), FeatureForm()
    if subject is not None:
        del form["slug"]
    form.problems = forms.refused(form) | _comments_refused(listed)
    if form.problems:
        return _page(subject, form, listed)
    if "save" in request.form:
        return _save(subject, form, listed)
    for way, act in (("up", _move), ("down", _move), ("out", _take_out), ("add", _add)):
        if (number := forms.number(request.form.get(way))) is not None:
            return act(subject, form, listed, number, way)
    if "try" in request.form:
        return _page(subject, form, listed, preview=True, focus=Focus(way="preview"))
    return _find(subject, form, listed) if form.words.data.strip() else _save(subject, form, listed)


def _books_sent() -> list[features.Book]:
    """Return the rows of the form. What the catalogue has is called as the catalogue calls it."""
    columns = [
        request.form.getlist(f"book_{part}")[: 2 * features.MOST] for part in ("title", "name", "author", "comment")
    ]
    rows = [(forms.number(title), *map(forms.printable, texts)) for title, *texts in zip(*columns, strict=False)]
    there = {title.id: title for title in Title.select().where(Title.id.in_([row[0] for row in rows if row[0]]))}
    sent = [
        features.of_title(there[title_id], comment.strip())
        if title_id in there
        else features.Book(None, name, author, comment.strip())
        for title_id, name, author, comment in rows
    ]
    return [book for book in sent if book.name]


def _comments_refused(listed: list[features.Book]) -> dict:
    return {
        f"comment-{place}": wrong
        for place, book in enumerate(listed, start=1)
        if (wrong := forms.letters(book.comment, features.LONGEST_COMMENT))
    }


def _offer_as_new(listed: list[features.Book]) -> access.Reply:
    """Offer what was typed as a new 特集, as somebody deleted this one meanwhile."""
    form = FeatureForm()
    form.problems = {"slug": [errors.FeatureGone()]}
    return _page(None, form, listed)


def _move(
    subject: Feature | None, form: FeatureForm, listed: list[features.Book], place: int, way: str
) -> access.Reply:
    to = place + (1 if way == "down" else -1)
    if not (1 <= place <= len(listed) and 1 <= to <= len(listed)):
        return _page(subject, form, listed)
    listed.insert(to - 1, listed.pop(place - 1))
    return _page(subject, form, listed, focus=Focus(to, way, "moved", listed[to - 1].name))


def _take_out(
    subject: Feature | None, form: FeatureForm, listed: list[features.Book], place: int, way: str
) -> access.Reply:
    if not 1 <= place <= len(listed):
        return _page(subject, form, listed)
    out = listed.pop(place - 1)
    return _page(
        subject, form, listed, focus=Focus(min(place, len(listed)), way if listed else "words", "removed", out.name)
    )


def _add(
    subject: Feature | None, form: FeatureForm, listed: list[features.Book], title_id: int, way: str
) -> access.Reply:
    title = access.mine_or_404(Title.select().where(Title.id == title_id))
    if refused := features.addition_refusals(listed, title):
        form.problems = {"words": refused}
        return _page(subject, form, listed)
    form.words.data = ""
    book = features.of_title(title)
    return _page(subject, form, [*listed, book], focus=Focus(done="added", name=book.name))


def _find(subject: Feature | None, form: FeatureForm, listed: list[features.Book]) -> access.Reply:
    """Add the title of a number, as a scanner sends it; else offer titles to choose from."""
    asked = form.words.data.strip()
    copy, number = items.by_barcode(asked), isbn.normalise(asked)
    ids = [copy.title_id] if copy else editing.with_isbn(number) if number else []
    if len(ids) == 1:
        return _add(subject, form, listed, ids[0], "add")
    typed: MultiDict[str, str] = MultiDict({"q": asked})
    ids = ids or searches.find(queries.parse(typed), size=CANDIDATES).ids
    if not ids:
        form.problems = {"words": [errors.BookNotFound(words=asked)]}
        return _page(subject, form, listed)
    titles = {title.id: title for title in Title.select().where(Title.id.in_(ids))}
    found = [titles[title_id] for title_id in ids[:CANDIDATES] if title_id in titles]
    return _page(subject, form, listed, found=found, focus=Focus(way="found"))


def _save(subject: Feature | None, form: FeatureForm, listed: list[features.Book]) -> access.Reply:
    draft = features.Draft(
        form.title.data, form.text.data, form.slug.data.strip() if "slug" in form else "", form.public.data,
        form.on_front.data, form.icon.data, form.first.data, form.last.data, tuple(listed),
    )  # fmt: skip
    seen = forms.number(request.form.get("seen"))
    try:
        saved = form.submit(lambda: features.write(subject, draft, seen=seen, **counter.acting()))
    except errors.FeatureGone:
        return _offer_as_new(listed)
    except errors.TextChangedMeanwhile as refused:
        form.problems = {"title": [refused]}
        return _page(subject, form, listed, seen=True)
    if saved is None:
        return _page(subject, form, listed)
    shown = url_for("features.show", slug=saved.slug) if features.is_shown(saved, today=clock.today()) else None
    return _back("saved", name=saved.title, public_url=shown)


def _page(
    subject: Feature | None,
    form: FeatureForm,
    listed: list[features.Book],
    *,
    preview: bool = False,
    found: Sequence[Title] = (),
    focus: Focus | None = None,
    seen: bool = False,
) -> access.Reply:
    """Return the page of a 特集. ``seen``: versions that others made meanwhile count as seen from now on."""
    form.in_summary = [
        (f"comment-{place}", form.comment_label.format(name=book.name), f"comment-{place}")
        for place, book in enumerate(listed, start=1)
    ]
    inside, versions = {book.title_id for book in listed}, features.versions(subject) if subject else []
    return form.page(
        "desk/features/show.html",
        ref=subject.id if subject else NEW,
        title=subject.title if subject else "",
        has_slug=subject is None,
        listed=listed,
        found=[(title, features.of_title(title), title.id in inside) for title in found],
        asked=form.words.data if found else "",
        focus=focus,
        preview={"title": form.title.data, "text": Markup(markup.html(form.text.data or ""))} if preview else None,  # noqa: S704 (markup lets no HTML through)
        public_url=_public_url(subject),
        picture=pictures.of_features([subject.id]).get(subject.id) if subject else None,
        versions=[_version_line(row) for row in versions],
        seen=(not seen and request.form.get("seen")) or (versions[0].id if versions else ""),
    )


def _public_url(subject: Feature | None) -> str | None:
    if subject is None or not features.is_shown(subject, today=clock.today()):
        return None
    return url_for("features.show", slug=subject.slug)


def _version_line(row: FeatureVersion) -> dict:
    return {
        "at": row.at,
        "by": audit_words.actor(row.by),
        "title": row.title,
        "count": len(row.books),
        "url": url_for("desk.features.show", ref=row.feature_id, version=row.id),
    }


# -- the end of one --------------------------------------------------------------------------------------------------
@bp.get("/<row_id:feature_id>/deletion")
@access.staff_required
def ask_deletion(feature_id: int) -> access.Reply:
    return htmx.page("desk/features/deletion.html", row=_rows([_one(feature_id)])[0])


@bp.post("/<row_id:feature_id>/deletion")
@access.staff_required
def delete(feature_id: int) -> access.Reply:
    feature = _one(feature_id)
    features.delete(feature, **counter.acting())
    return _back("deleted", name=feature.title)
