"""こどものさがす at the desk: the words of its pages, and the pictures, each with what it finds."""

from flask import Blueprint, abort, request, url_for

from library import policy
from library.discovery import childrens_places, childrens_titles, motifs
from library.discovery.motifs import Motif
from web import access, flash, forms
from web.desk import counter

bp = Blueprint("kids", __name__)
PAGE = "desk.kids.index"
LONGEST_LIST = motifs.MOST * (motifs.LONGEST + 2)


class WordsForm(forms.Form):
    library_kana = forms.Text("図書館の名前（かな）", maximum=childrens_places.LONGEST_NAME)
    kids_shelves = forms.Lines("配架場所の呼び方", maximum=childrens_places.MOST_SHELVES * 80)


class MotifForm(forms.Form):
    label = forms.Text("絵の言葉", maximum=motifs.LONGEST_LABEL)
    subjects = forms.Lines("件名", maximum=LONGEST_LIST)
    classes = forms.Lines("分類", maximum=LONGEST_LIST)
    words = forms.Lines("書名の言葉", maximum=LONGEST_LIST)
    is_shown = forms.Tick("こどものさがすに出す")


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    own = policy.several(*childrens_places.SETTINGS)
    shelves = childrens_places.typed(own["kids_shelves"])
    return _page(WordsForm(formdata=None, library_kana=own["library_kana"], kids_shelves=shelves))


def _page(form: WordsForm) -> access.Reply:
    changed = policy.get(motifs.SETTING)
    titles = childrens_titles.current(changed)
    counts = titles.counts(titles.rows)
    return form.page(
        "desk/kids/index.html",
        messages=flash.take(PAGE),
        is_open=policy.get("kids"),
        total=len(titles.rows),
        rows=[_row(each, counts.get(each.slug, 0), each.slug in changed) for each in motifs.every(changed)],
    )


def _row(motif: Motif, count: int, is_changed: bool) -> dict:
    return {
        "slug": motif.slug,
        "label": motif.label,
        "url": url_for(".motif", slug=motif.slug),
        "count": count,
        "is_shown": motif.is_shown,
        "is_changed": is_changed,
    }


@bp.post("")
@access.staff_required
def change() -> access.Reply:
    """Store the name of the library and of its shelves as children read them."""
    form = WordsForm()
    form.submit(lambda: childrens_places.change(form.library_kana.data, form.kids_shelves.data, **counter.acting()))
    return _page(form) if form.problems else flash.leave(PAGE, done="saved")


@bp.get("/<slug>")
@access.staff_required
def motif(slug: str) -> access.Reply:
    """Show a picture in its form; with ``?shipped=1`` as it came with the program, to be saved so."""
    found = _motif_or_404(slug)
    shown = motifs.shipped()[slug] if request.args.get("shipped") else found
    return _motif_page(found, MotifForm(formdata=None, **_typed(shown)))


@bp.post("/<slug>")
@access.staff_required
def change_motif(slug: str) -> access.Reply:
    found, form = _motif_or_404(slug), MotifForm()
    form.submit(lambda: motifs.change(slug, motifs.Draft(**form.data), **counter.acting()))
    return _motif_page(found, form) if form.problems else flash.leave(PAGE, done="motif", name=form.label.data)


def _motif_or_404(slug: str) -> Motif:
    return motifs.find(slug) or abort(404)


def _typed(motif: Motif) -> dict:
    lists = {name: "\n".join(getattr(motif, name)) for name in ("subjects", "classes", "words")}
    return {"label": motif.label, "is_shown": motif.is_shown} | lists


def _motif_page(motif: Motif, form: MotifForm) -> access.Reply:
    return form.page("desk/kids/motif.html", motif=motif, is_changed=motif != motifs.shipped()[motif.slug])
