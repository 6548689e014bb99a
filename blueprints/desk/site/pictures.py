"""写真: photographs of the library's own in the place of drawings, on the front page and above a 特集."""

from flask import Blueprint, abort, redirect, request

from library import clock, errors
from library.files import photographs
from library.site import pictures
from models import Feature
from web import access, flash, forms, htmx
from web.desk import counter
from web.links import url_for

bp = Blueprint("pictures", __name__)

PAGE = "desk.pictures.index"
ROOM = 64 * 1024  # of a form around its file
OF_FEATURE = "feature-"


class PictureForm(forms.Form):
    alt = forms.Text("写真の説明", maximum=pictures.LONGEST_WORDS)


def _subject(ref):
    """Where the photograph stands, as rules and as people call it: a place, or the 特集 of a number."""
    if ref in pictures.PLACES:
        return {"place": ref}, pictures.PLACES[ref]
    number = forms.number(ref.removeprefix(OF_FEATURE)) if ref.startswith(OF_FEATURE) else None
    feature = Feature.get_or_none(Feature.id == number) if number else None
    return ({"feature": feature.id}, f"特集「{feature.title}」") if feature else abort(404)


def _shown(where):
    if place := where.get("place"):
        return pictures.of_places().get(place)
    return pictures.of_features(where.values()).get(where["feature"])


@bp.get("")
@access.staff_required(role="admin")
def index():
    return htmx.page(
        "desk/pictures/index.html",
        messages=flash.take(PAGE),
        places=[(name, url_for("desk.pictures.show", ref=ref), ref) for ref, name in pictures.PLACES.items()],
        photographs=pictures.of_places(),
    )


@bp.get("/<ref>")
@access.staff_required(role="admin")
def show(ref):
    where, name = _subject(ref)
    shown = _shown(where)
    return _page(ref, name, shown, PictureForm(formdata=None, alt=shown.alt if shown else ""))


def _page(ref, name, shown, form, problems=None):
    problems = problems or {}
    lines = [
        {"label": "写真のファイル", "sentence": one.sentence, "anchor": "file"} for one in problems.get("file", ())
    ]
    return htmx.page(
        "desk/pictures/show.html",
        422 if problems else 200,
        ref=ref,
        name=name,
        back_url=_back(ref),
        is_place=ref in pictures.PLACES,
        shown=shown,
        form=form.faces(),
        problems=problems,
        page_has_errors=bool(problems),
        summary=lines + forms.summary({name: said for name, said in problems.items() if name != "file"}, form=form),
        megabytes=photographs.LARGEST // 1024**2,
    )


def _back(ref):
    return url_for(PAGE) if ref in pictures.PLACES else url_for("desk.features.show", ref=ref.removeprefix(OF_FEATURE))


@bp.post("/<ref>")
@access.staff_required(role="admin")
@access.takes_file(photographs.LARGEST + ROOM)
def put(ref):
    (where, name), form = _subject(ref), PictureForm()
    file = request.files.get("file")
    problems = forms.refused(form)
    if not problems:
        try:
            sent = file.stream.read(photographs.LARGEST + 1) if file else b""
            pictures.put(where, sent or None, form.alt.data, by=counter.actor(), now=clock.now())
        except errors.RefusedTogether as refused:
            problems = refused.by_field
    if problems:
        return _page(ref, name, _shown(where), form, problems)
    return _done(ref, f"{name}の写真を保存しました。")


@bp.post("/<ref>/removal")
@access.staff_required(role="admin")
def remove(ref):
    where, name = _subject(ref)
    pictures.remove(where, by=counter.actor(), now=clock.now())
    return _done(ref, f"{name}の写真を外しました。")


def _done(ref, words):
    """Told on the list of places, or of 特集."""
    page = PAGE if ref in pictures.PLACES else "desk.features.index"
    shown = ("トップページを見る", url_for("site.front")) if page == PAGE else None
    flash.keep(page, level="good", title=words, text="", link=shown)
    return redirect(url_for(page), 303)
