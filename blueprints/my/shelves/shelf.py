"""One shelf: its pages as spines or as a list, its name and description, its link, its deletion."""

from flask import current_app, redirect, request, url_for
from flask_login import current_user

from blueprints.my.shelves import messages
from blueprints.my.shelves.blueprint import ONE, bp, shelf_or_404
from blueprints.my.shelves.listing import DescribedForm
from library import clock, errors, policy
from library.account import undoing
from library.reading import shelved, shelves
from models import Shelf
from web import access, flash, htmx
from web.parts import stored_policy, title_rows
from web.parts.rows import shelf_rows


@bp.get(ONE)
@access.patron_required
def show(shelf_id: int) -> access.Reply:
    shelf, rules = shelf_or_404(shelf_id), stored_policy.read()
    size = shelf_rows.LISTED if shelf.as_list else shelf_rows.SPINES
    books, list_facts = shelf_rows.paged(
        shelf, size, lambda number: url_for("shelves.show", shelf_id=shelf_id, page=number)
    )
    return htmx.page(
        "shelves/shelf.html",
        shelf=shelf,
        spines=[] if shelf.as_list else shelf_rows.spines(books),
        rows=_rows(books, shelf_id, rules) if shelf.as_list else [],
        gone=errors.TitleGone().sentence,
        messages=messages.take(shelf),
        undos=undoing.offers(current_user.patron, "shelf", now=clock.now(), shelf_id=shelf_id),
        **list_facts,
    )


def _rows(books: list[shelved.Book], shelf_id: int, rules: policy.Policy) -> list[dict]:
    """Return the books, each with what the catalogue says of it and what can be done with it, as far as it is still
    there.
    """
    ids = [book.title_id for book in books if book.title_id]
    there = title_rows.with_actions(ids, current_user.patron, rules)
    known = {row.id: (row, action) for row, action in there}
    return [
        {"book": book, "url": url_for("shelves.edit_book", shelf_id=shelf_id, book_id=book.id)}
        | dict(zip(("row", "action"), known.get(book.title_id or 0, (None, None)), strict=True))
        for book in books
    ]


@bp.post(f"{ONE}/view")
@access.patron_required
def choose_view(shelf_id: int) -> access.Reply:
    """背表紙, 一覧: store how the shelf is shown."""
    shelf = shelf_or_404(shelf_id)
    shelves.set_view(shelf, as_list=request.form.get("view") == "list")
    return redirect(url_for("shelves.show", shelf_id=shelf_id), 303)


# -- its name, and who sees it ---------------------------------------------------------------------------------------
@bp.get(f"{ONE}/edit")
@access.patron_required
def edit(shelf_id: int) -> access.Reply:
    shelf = shelf_or_404(shelf_id)
    return _edit_page(shelf, DescribedForm(formdata=None, shelf_name=shelf.name, description=shelf.description))


def _edit_page(shelf: Shelf, form: DescribedForm) -> access.Reply:
    link = current_app.config["PUBLIC_URL"] + url_for("shelves.public", token=shelf.token) if shelf.token else ""
    return form.page("shelves/edit.html", shelf=shelf, link=link, messages=flash.take("shelves.edit"))


@bp.post(f"{ONE}/edit")
@access.patron_required
def describe(shelf_id: int) -> access.Reply:
    shelf, form = shelf_or_404(shelf_id), DescribedForm()
    form.submit(lambda: shelves.describe(shelf, form.shelf_name.data, form.description.data.strip()))
    if form.problems:
        return _edit_page(shelf, form)
    messages.keep(shelf_id, "described")
    return redirect(url_for("shelves.show", shelf_id=shelf_id), 303)


CHANGES = {"publish": shelves.publish, "renew": shelves.renew, "withdraw": shelves.withdraw}


@bp.get(f"{ONE}/link/<any(renew, withdraw):what>")
@access.patron_required
def ask_link(shelf_id: int, what: str) -> access.Reply:
    """Ask before a link is renewed or withdrawn; a shelf without one leads to its settings."""
    shelf = shelf_or_404(shelf_id)
    if not shelf.token:
        return redirect(url_for("shelves.edit", shelf_id=shelf_id), 303)
    return htmx.page("shelves/link.html", shelf=shelf, what=what)


@bp.post(f"{ONE}/link/<any(publish, renew, withdraw):what>")
@access.patron_required
def change_link(shelf_id: int, what: str) -> access.Reply:
    """Publish a shelf, or renew or withdraw its link; from an old page it changes nothing."""
    if CHANGES[what](shelf_or_404(shelf_id)):
        return flash.leave("shelves.edit", {"shelf_id": shelf_id}, done=what)
    return redirect(url_for("shelves.edit", shelf_id=shelf_id), 303)


# -- deleting --------------------------------------------------------------------------------------------------------
@bp.get(f"{ONE}/deletion")
@access.patron_required
def ask_delete(shelf_id: int) -> access.Reply:
    shelf = shelf_or_404(shelf_id)
    return htmx.page("shelves/delete.html", shelf=shelf, count=shelved.count(shelf))


@bp.post(f"{ONE}/deletion")
@access.patron_required
def delete(shelf_id: int) -> access.Reply:
    shelf = shelf_or_404(shelf_id)
    shelves.delete(shelf)
    return flash.leave("shelves.index", done="deleted")
