"""写真: photographs of the library's own in the place of drawings, on the front page and above a 特集."""

from flask import Blueprint, abort, request, url_for
from werkzeug.datastructures import FileStorage

from library.files import photographs
from library.site import pictures
from models import Feature
from web import access, flash, forms, htmx
from web.desk import counter

bp = Blueprint("pictures", __name__)

PAGE = "desk.pictures.index"
ROOM = 64 * 1024  # of a form around its file
OF_FEATURE = "feature-"


class PictureForm(forms.Form):
    in_summary = (("file", "写真のファイル", "file"),)
    alt = forms.Text("写真の説明", maximum=pictures.LONGEST_WORDS)


def _subject(ref: str) -> tuple[dict, str]:
    """Return the place of a photograph as rules and as people name it: a place of the site, or a 特集."""
    if ref in pictures.PLACES:
        return {"place": ref}, pictures.PLACES[ref]
    number = forms.number(ref.removeprefix(OF_FEATURE)) if ref.startswith(OF_FEATURE) else None
    feature = Feature.get_or_none(Feature.id == number) if number else None
    return ({"feature": feature.id}, f"特集「{feature.title}」") if feature else abort(404)


def _shown(where: dict) -> pictures.Shown | None:
    if place := where.get("place"):
        return pictures.of_places().get(place)
    return pictures.of_features(where.values()).get(where["feature"])


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    return htmx.page(
        "desk/pictures/index.html",
        messages=flash.take(PAGE),
        places=[(name, url_for("desk.pictures.show", ref=ref), ref) for ref, name in pictures.PLACES.items()],
        photographs=pictures.of_places(),
    )


@bp.get("/<ref>")
@access.staff_required(role="admin")
def show(ref: str) -> access.Reply:
    where, name = _subject(ref)
    shown = _shown(where)
    return _page(ref, name, shown, PictureForm(formdata=None, alt=shown.alt if shown else ""))


def _page(ref: str, name: str, shown: pictures.Shown | None, form: PictureForm) -> access.Reply:
    return form.page(
        "desk/pictures/show.html",
        ref=ref,
        name=name,
        back_url=_back_url(ref),
        is_place=ref in pictures.PLACES,
        shown=shown,
        megabytes=photographs.LARGEST // 1024**2,
    )


def _back_url(ref: str) -> str:
    return url_for(PAGE) if ref in pictures.PLACES else url_for("desk.features.show", ref=ref.removeprefix(OF_FEATURE))


@bp.post("/<ref>")
@access.staff_required(role="admin")
@access.takes_file(photographs.LARGEST + ROOM)
def put(ref: str) -> access.Reply:
    (where, name), form = _subject(ref), PictureForm()
    file = request.files.get("file")
    form.submit(lambda: _put(where, file, form.alt.data))
    return _page(ref, name, _shown(where), form) if form.problems else _back(ref, "picture_saved", name)


def _put(where: dict, file: FileStorage | None, alt: str) -> None:
    sent = file.stream.read(photographs.LARGEST + 1) if file else b""
    pictures.put(where, sent or None, alt, **counter.acting())


@bp.get("/<ref>/removal")
@access.staff_required(role="admin")
def ask_removal(ref: str) -> access.Reply:
    """Show which photograph would go."""
    _, name = _subject(ref)
    return htmx.page("desk/pictures/removal.html", ref=ref, name=name, is_place=ref in pictures.PLACES)


@bp.post("/<ref>/removal")
@access.staff_required(role="admin")
def remove(ref: str) -> access.Reply:
    where, name = _subject(ref)
    pictures.remove(where, **counter.acting())
    return _back(ref, "picture_removed", name)


def _back(ref: str, done: str, name: str) -> access.Reply:
    """Go back to the list of places, or of 特集, which says what was done."""
    page = PAGE if ref in pictures.PLACES else "desk.features.index"
    return flash.leave(page, done=done, name=name)
