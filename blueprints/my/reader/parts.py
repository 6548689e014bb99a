"""A part of a book on a page of its own, and the pictures in it. Nothing of either is stored by a browser."""

from flask import Response, abort, current_app, render_template, url_for
from markupsafe import Markup

from blueprints.my.reader import lent_book, looks
from blueprints.my.reader.blueprint import bp
from library import errors
from library.ebooks import addresses, contents, part_pages
from models import EbookLoan
from web import access, headers


@bp.get("/<row_id:loan_id>/read/<int:number>")
@access.patron_required
def part(loan_id: int, number: int) -> access.Reply:
    loan = lent_book.find(loan_id)
    if loan is None:
        return lent_book.not_lent()
    path, book, shown = lent_book.file_of(loan), None, None
    try:
        book = contents.read(path)
        if not 0 < number <= len(book.parts):
            abort(404)
        shown = part_pages.part(path, number)
    except errors.EbookPartUnreadable as refusal:
        unreadable = refusal.sentence
    else:
        unreadable = ""
    return _page(loan, number, book, shown, unreadable)


def _page(
    loan: EbookLoan, number: int, book: contents.Contents | None, shown: part_pages.Part | None, unreadable: str
) -> access.Reply:
    parts = book.parts if book else ()
    sizes = [part.size for part in parts]
    page = render_template(
        "reader/part.html",
        name=loan.ebook.title.full_name,
        chapter=book.label(number) if book else "",
        due_on=loan.due_on,
        loan_id=loan.id,
        number=number,
        count=len(parts),
        entries=book.entries if book else (),
        book_language=book.language if book else "",
        part=shown,
        text=Markup(shown.html if shown else ""),  # noqa: S704  cleaned: library/ebooks/cleaning.py
        unreadable=unreadable,
        before=sum(sizes[: number - 1]),
        own_size=sizes[number - 1] if sizes else 0,
        whole=max(sum(sizes), 1),
        look=looks.read(vertical=bool(shown and shown.vertical)),
        file_url=url_for("ebook_files.file", token=addresses.file_token(loan, current_app.config["SECRET_KEY"])),
    )
    return Response(page, headers={"Cache-Control": "no-store"})


@bp.get("/<row_id:loan_id>/read/files/<int:number>")
@access.patron_required
def picture(loan_id: int, number: int) -> access.Reply:
    loan = lent_book.find(loan_id)
    if loan is None:
        abort(404)
    try:
        kind, content = part_pages.picture(lent_book.file_of(loan), number)
    except errors.EbookPartUnreadable:
        abort(404)
    return Response(
        content, mimetype=kind, headers={"Cache-Control": "no-store", "Content-Security-Policy": headers.NOTHING}
    )
