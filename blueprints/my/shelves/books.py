"""Books that stand on a shelf: notes, read marks, taking off, putting in the hold cart."""

from flask import redirect, request, session, url_for
from flask_login import current_user

from blueprints.my.shelves import messages
from blueprints.my.shelves.blueprint import ONE, book_or_404, bp, shelf_or_404
from library import clock, errors, policy
from library.lending.holds import cart
from library.reading import shelved
from models import Shelf, ShelvedTitle, Title
from web import access, forms, htmx, paging
from web.parts import stored_policy
from web.parts.rows import shelf_rows

BOOK = f"{ONE}/books/<row_id:book_id>"
ANSWERED = 100  # on one page


class NoteForm(forms.Form):
    memo = forms.Lines("メモ", maximum=shelved.LONGEST_NOTE)
    is_read = forms.Tick("読んだ")


@bp.get(BOOK)
@access.patron_required
def edit_book(shelf_id: int, book_id: int) -> access.Reply:
    book = book_or_404(shelf_id, book_id)
    return _note_page(book, NoteForm(formdata=None, memo=book.note, is_read=bool(book.read_on)))


def _note_page(book: ShelvedTitle, form: NoteForm) -> access.Reply:
    return form.page("shelves/book.html", book=book, name=shelf_rows.name_of(book))


@bp.post(BOOK)
@access.patron_required
def write_note(shelf_id: int, book_id: int) -> access.Reply:
    book, form = book_or_404(shelf_id, book_id), NoteForm()
    read_on = (book.read_on or clock.today()) if form.is_read.data else None
    form.submit(lambda: shelved.annotate(book, note=form.memo.data.strip(), read_on=read_on))
    return _note_page(book, form) if form.problems else _back(book, "noted")


@bp.post(f"{BOOK}/read")
@access.patron_required
def mark_read(shelf_id: int, book_id: int) -> access.Reply:
    """読んだ: mark a book as read or not read, as the button said."""
    book, read = book_or_404(shelf_id, book_id), request.form.get("read") == "y"
    shelved.set_read_on(book, read_on=(book.read_on or clock.today()) if read else None)
    return _back(book, "read" if read else "unread")


@bp.post(f"{BOOK}/removal")
@access.patron_required
def take_off(shelf_id: int, book_id: int) -> access.Reply:
    book = book_or_404(shelf_id, book_id)
    shelved.remove_with_undo(book.shelf, [book], now=clock.now())
    return _back(book, "taken_off")


def _back(book: ShelvedTitle, done: str) -> access.Reply:
    """Go back to the page of the list on which the book stands or stood, with a message."""
    messages.keep(book.shelf_id, done, book=book.id, title=book.title_id)
    page = (book.position - 1) // shelf_rows.LISTED + 1 if book.shelf.as_list else 1
    return redirect(url_for("shelves.show", shelf_id=book.shelf_id, page=page), 303)


@bp.post(f"{ONE}/removal")
@access.patron_required
def take_off_several(shelf_id: int) -> access.Reply:
    """Take the ticked books off."""
    shelf = shelf_or_404(shelf_id)
    chosen = _ticked(shelf)
    shelved.remove_with_undo(shelf, chosen, now=clock.now())
    if not chosen:
        return _nothing_chosen(shelf)
    messages.keep(shelf_id, "several_off", count=len(chosen))
    return redirect(url_for("shelves.show", shelf_id=shelf_id), 303)


def _nothing_chosen(shelf: Shelf) -> access.Reply:
    messages.keep(shelf.id, "refused", refused=[errors.NothingChosen()])
    return redirect(url_for("shelves.show", shelf_id=shelf.id), 303)


def _ticked(shelf: Shelf) -> list[ShelvedTitle]:
    numbers = [forms.number(text) for text in request.form.getlist("book")[: shelf_rows.LISTED]]
    rows = ShelvedTitle.select().where(ShelvedTitle.shelf == shelf, ShelvedTitle.id.in_(numbers))
    return list(rows.order_by(ShelvedTitle.position))


# -- to the cart -----------------------------------------------------------------------------------------------------
@bp.post(f"{ONE}/cart")
@access.patron_required
def put_in_cart(shelf_id: int) -> access.Reply:
    """Put all books or the ticked ones into the hold cart; the next page answers for each."""
    shelf = shelf_or_404(shelf_id)
    ticked = None if "all" in request.form else {book.id for book in _ticked(shelf)}
    if ticked is not None and not ticked:
        return _nothing_chosen(shelf)
    chosen = [book for book in shelved.books(shelf) if ticked is None or book.id in ticked]
    added = cart.add_many(current_user.patron, [book.title_id for book in chosen if book.title_id], now=clock.now())
    session["shelf_to_cart"] = {"shelf": shelf_id, "ticked": ticked and sorted(ticked), "added": sorted(added)}
    return redirect(url_for("shelves.cart_answers", shelf_id=shelf_id), 303)


@bp.get(f"{ONE}/cart")
@access.patron_required
def cart_answers(shelf_id: int) -> access.Reply:
    shelf, done = shelf_or_404(shelf_id), session.get("shelf_to_cart", {})
    if done.get("shelf") != shelf_id:
        return redirect(url_for("shelves.show", shelf_id=shelf_id), 303)
    ticked = done["ticked"]
    rows = [book for book in shelved.books(shelf) if ticked is None or book.id in ticked]
    inside, rules = cart.contents(current_user.patron), stored_policy.read()
    cut = paging.cut(rows, ANSWERED, url_for("shelves.cart_answers", shelf_id=shelf_id))
    return htmx.page(
        "shelves/cart.html",
        shelf=shelf,
        books=[
            {"name": book.name, "added": book.title_id in done["added"], "reason": _reason(book, inside, rules)}
            for book in cut.pop("rows")
        ],
        added=len(done["added"]),
        left=len(rows) - len(done["added"]),
        **cut,
    )


def _reason(book: shelved.Book, inside: set[int], rules: policy.Policy) -> str:
    """Return the sentence why a book can't be put in the cart."""
    if book.title_id is None:
        return errors.TitleGone().sentence
    refused = cart.add_refusals(current_user.patron, Title(id=book.title_id), inside, rules)
    return refused[0].sentence if refused else ""
