"""区分の一括変更: many patrons from one category to another, as each April; shown before, and undone within 30 days."""

from typing import Any

from flask import Blueprint, redirect, request, url_for

from library import audit, audit_words, clock, dates, errors
from library.account import recategorizing
from library.store import database
from models import CategoryChange
from web import access, flash, forms
from web.desk import counter

bp = Blueprint("categories", __name__)

PAGE = "desk.categories.index"
MOST = 10_000  # patrons who are ticked at once


class CategoryForm(forms.Form):
    from_category = forms.Choice("いまの区分")
    to_category = forms.Choice("新しい区分")
    born_until = forms.Text("この日までに生まれた方", maximum=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = recategorizing.choices()
        self.from_category.offer((word, word) for word in self.known.origins)
        self.to_category.offer((word, word) for word in self.known.aims)

    def chosen(self) -> recategorizing.Move:
        return recategorizing.read(self.from_category.data, self.to_category.data, self.born_until.data, self.known)


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """Ask what is to change. Once that is chosen, list whom it reaches; that they were listed is written down."""
    if "from_category" not in request.args:
        return _page(_offered())
    form = CategoryForm(request.args)
    move = form.submit(form.chosen)
    if move is None:
        return _page(form)
    found = recategorizing.candidates(move)
    with database.writing():
        audit.record("patrons.listed_by_category", count=len(found), of=_words(move.old, move.new), **_by())
    return _page(form, move, found)


def _offered() -> CategoryForm:
    """Return the form with what is usual: from 児童 to 一般, who has left the 小学校 this year."""
    form = CategoryForm(formdata=None, born_until=recategorizing.offered_day(clock.today()).isoformat())
    form.from_category.data = "児童" if "児童" in form.known.origins else ""
    form.to_category.data = next((word for word in form.known.aims if word != form.from_category.data), "")
    return form


def _by() -> dict:
    return {"actor": counter.actor(), "now": clock.now()}


def _words(old: str, new: str) -> str:
    return f"{old}→{new}"


def _page(
    form: CategoryForm,
    move: recategorizing.Move | None = None,
    found: list[recategorizing.Candidate] | None = None,
    ticked: set[int] | None = None,
) -> access.Reply:
    """Return the page. ``ticked``: the patrons who were chosen where something was refused; else all are."""
    return form.page(
        "desk/categories/index.html",
        messages=flash.take(PAGE),
        move=move and {"old": move.old, "new": move.new, "born_until": dates.without_weekday(move.born_until)},
        undated=recategorizing.count_without_birth_date(move) if move else 0,
        rows=[_row(each, ticked) for each in found or ()],
        over=sum(bool(each.over) for each in found or ()),
        changes=[_change(made, count) for made, count in recategorizing.recent(now=clock.now())],
    )


def _row(each: recategorizing.Candidate, ticked: set[int] | None) -> dict:
    patron = each.patron
    return {
        "id": patron.id,
        "url": url_for("desk.patrons.show", patron_id=patron.id),
        "name": patron.name,
        "card_number": patron.card_number,
        "birth_date": dates.without_weekday(patron.birth_date),
        "over": [f"{label} {number}点（{limit}点まで）" for label, number, limit in each.over],
        "ticked": ticked is None or patron.id in ticked,
    }


def _change(made: CategoryChange, count: int) -> dict:
    return {
        "id": made.id,
        "at": made.at,
        "by": audit_words.actor(made.by),
        "words": _words(made.from_category, made.to_category),
        "count": count,
        "undone": made.undone_at is not None,
        "until": dates.with_weekday(recategorizing.undone_until(made), year=False),
    }


@bp.post("")
@access.staff_required
def change() -> access.Reply:
    """Change those who are ticked, all together or nobody."""
    form = CategoryForm()
    ticked = set(filter(None, map(forms.number, request.form.getlist("patron")[:MOST])))
    moved = form.submit(lambda: recategorizing.change(form.chosen(), ticked, **counter.acting()), at="patron")
    if moved is None:
        return _refused(form, ticked)
    facts = {"count": moved.count, "left": moved.left, "words": _words(form.from_category.data, form.to_category.data)}
    return flash.leave(PAGE, done="changed_but" if moved.left else "changed", **facts)


def _refused(form: CategoryForm, ticked: set[int]) -> access.Reply:
    try:
        move = form.chosen()
    except errors.RefusedTogether:
        return _page(form)
    return _page(form, move, recategorizing.candidates(move), ticked)


@bp.post("/<row_id:change_id>/undo")
@access.staff_required
def undo(change_id: int) -> access.Reply:
    """元に戻す: give the patrons their old category back, but for those who were changed again meanwhile."""
    try:
        back, left = recategorizing.undo(change_id, **counter.acting())
    except errors.RecategorizingOver as refusal:
        flash.keep(PAGE, refused=[refusal])
    else:
        flash.keep(PAGE, done="undone_but" if left else "undone", count=back, left=left)
    return redirect(url_for(PAGE), 303)
