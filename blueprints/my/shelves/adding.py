"""本棚に入れる: the choice of a shelf, from the mark of a title and from the history."""

from flask import abort, redirect, request, url_for
from flask_login import current_user

from blueprints.my.shelves import messages
from blueprints.my.shelves.blueprint import ROOT, bp, shelf_or_404
from blueprints.my.shelves.listing import ShelfForm
from library import clock, errors
from library.reading import shelved, shelves
from library.store import database
from models import Shelf, Title
from web import access, flash, forms, links
from web.parts import actions

MOST = 200  # titles at once
NEW, TO_READ = "new", "to_read"


def _titles() -> list[Title]:
    """Return the titles that ``title`` names, repeated, in that order; 404 when there is none."""
    numbers = [forms.number(text) for text in request.values.getlist("title")[:MOST]]
    found = {title.id: title for title in Title.select().where(Title.id.in_(numbers))}
    titles = [found[number] for number in dict.fromkeys(numbers) if number in found]
    return titles or abort(404)


@bp.get(f"{ROOT}/add")
@access.patron_required
def choose() -> access.Reply:
    """Ask for the shelf on which titles are put."""
    return _page(_titles(), ShelfForm(formdata=None), request.args.get("shelf", ""))


def _page(titles: list[Title], form: ShelfForm, chosen: str = "") -> access.Reply:
    patron = current_user.patron
    standing = {shelf_id for shelf_id, _ in shelved.shelves_with(patron, titles[0].id)} if len(titles) == 1 else set()
    mine_now = shelves.of_patron(patron)
    offered = [(str(shelf.id), shelf.name, shelf.id in standing) for shelf in mine_now]
    if all(shelf.name != shelves.TO_READ for shelf in mine_now):
        offered.insert(0, (TO_READ, shelves.TO_READ, False))
    elif chosen == TO_READ:
        chosen = next(str(shelf.id) for shelf in mine_now if shelf.name == shelves.TO_READ)
    free = [value for value, _, is_there in offered if not is_there]
    return form.page(
        "shelves/add.html",
        titles=[{"id": title.id, "name": title.full_name, "author": title.author} for title in titles],
        offered=offered,
        chosen=chosen if chosen in free or chosen == NEW else (free[0] if free else NEW),
        back=links.safe_next(request.values.get("back")),
    )


@bp.post(f"{ROOT}/titles")
@access.patron_required
def add() -> access.Reply:
    """Put titles on a shelf (``shelf``: its id), on 今度読みたい本 (to_read) or on a new one (new)."""
    titles, form, chosen = _titles(), ShelfForm(), request.form.get("shelf", "")
    with database.writing():  # a new shelf comes with its titles
        shelf = form.submit(lambda: _shelf(chosen, form), without=() if chosen == NEW else ("shelf_name",))
        answers = shelved.put(shelf, titles, today=clock.today()) if shelf else []
    if shelf is None:
        return _page(titles, form, chosen)
    answer = messages.outcome_of_adding(answers)
    if back := actions.list_page():
        done = "shelved" if answer["count"] else "refused"
        flash.keep("titles", done=done, title=titles[0].id, refused=answer["refused"])
    else:
        messages.keep(shelf.id, **answer)
    return redirect(f"{back}#shelves" if back else url_for("shelves.show", shelf_id=shelf.id), 303)


def _shelf(chosen: str, form: ShelfForm) -> Shelf:
    patron = current_user.patron
    if chosen == TO_READ:
        return shelves.to_read_shelf(patron)
    if chosen == NEW:
        return shelves.create(patron, form.shelf_name.data)
    if not chosen:
        raise errors.RefusedTogether({"shelf_name": [errors.ShelfNotChosen()]})
    return shelf_or_404(forms.number(chosen) or 0)
