"""著者: names that are one creator, joined or parted where records and registers are silent."""

from collections.abc import Callable, Collection

from flask import Blueprint, request, url_for

from library.catalog.creators import creator_joins
from web import access, flash
from web.desk import counter, joining

bp = Blueprint("headings", __name__)
PAGE = "desk.headings.index"


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    return _page(joining.searched(request.args.get("q", "")), joining.ChosenForm(formdata=None))


def _page(asked: str, form: joining.ChosenForm, ticked: Collection[int] = ()) -> access.Reply:
    people = [[_row(one, ticked) for one in each] for each in (creator_joins.find_creators(asked) if asked else ())]
    return form.page(
        "desk/people/index.html",
        q=asked,
        people=people,
        shown=sum(map(len, people)),
        messages=flash.take(PAGE),
    )


def _row(form: creator_joins.Form, ticked: Collection[int]) -> dict:
    """Return a name with the number of its titles, as the list shows it."""
    return {
        "id": form.author.id,
        "url": url_for("catalog.person", person_id=form.author.id),
        "name": form.author.name,
        "kana": form.author.kana or form.author.latin,
        "numbers": form.numbers,
        "titles": form.titles,
        "is_fixed": form.author.person_fixed,
        "ticked": form.author.id in ticked,
    }


@bp.post("/join")
@access.staff_required
def join() -> access.Reply:
    """Make the ticked names one creator, under the form with most titles."""
    return _done(creator_joins.join, "joined")


@bp.post("/part")
@access.staff_required
def part() -> access.Reply:
    """Take the ticked names out of their creators; together they are a creator of their own."""
    return _done(creator_joins.separate, "parted")


def _done(rule: Callable, done: str) -> access.Reply:
    form, chosen = joining.ChosenForm(), joining.ticked("name")
    asked = form.carry_out(lambda: rule(chosen, **counter.acting()), at="name")
    if form.problems:
        return _page(asked, form, chosen)
    return flash.leave(PAGE, {"q": asked} if asked else {}, done=done, count=len(chosen))
