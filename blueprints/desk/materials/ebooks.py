"""電子書籍: the e-books, the numbers that are out, and more of them from files. No reader is named."""

from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from flask_login import current_user
from peewee import fn
from werkzeug.datastructures import FileStorage

from library import clock, errors, policy, wording
from library.ebooks import epub, lending, stock
from library.files import uploads
from library.site import rulebook
from library.store import queries as stored
from models import Ebook, EbookLoan, Title
from web import access, flash, forms, htmx, paging
from web.desk import counter

bp = Blueprint("ebooks", __name__)

LARGEST = 7 * 1024**2  # what the server takes at all is a little more
ROOM = 64 * 1024  # of a form around its file
PAGE, SIZE = "desk.ebooks.index", 50
NEW = ""


class FileForm(forms.Form):
    in_summary = (("file", "ファイル", "file"),)


class TermsForm(forms.Form):
    licences = forms.Text("同時に貸せる数", maximum=10)
    days = forms.Text("貸出日数", maximum=10)

    def values(self) -> dict:
        """Return licences and days, None for empty ones. Raises: RefusedTogether by field."""
        return rulebook.read_numbers(
            {"licences": self.licences.data, "days": self.days.data}, {"licences": stock.LICENCES, "days": stock.DAYS}
        )


class NewForm(TermsForm):
    title = forms.Radio("書誌")


def _command() -> str:
    return f"{current_app.config['PROGRAM']} ebooks add FILE"


def _folder(name: str = stock.FOLDER) -> Path:
    return Path(current_app.instance_path) / name


# -- the list --------------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required
def index() -> access.Reply:
    return _list_page(FileForm(formdata=None))


def _list_page(form: FileForm) -> access.Reply:
    found = Ebook.select(Ebook, Title).join(Title).order_by(Ebook.withdrawn_at.is_null(False), Ebook.id.desc())
    cut = paging.cut(found, SIZE, url_for(PAGE))
    rows = cut.pop("rows")
    standing, often = lending.every(rows), _how_often(rows)
    return form.page(
        "desk/ebooks/index.html",
        rows=[_row(ebook, standing[ebook.id], often.get(ebook.id, 0)) for ebook in rows],
        messages=flash.take(PAGE),
        megabytes=LARGEST // 1024**2,
        command=_command(),
        is_admin=current_user.staff.role == "admin",
        **cut,
    )


def _how_often(rows: list[Ebook]) -> dict:
    counted = EbookLoan.select(EbookLoan.ebook, fn.count(EbookLoan.id)).where(EbookLoan.ebook.in_(rows))
    return dict(stored.tuples(counted.group_by(EbookLoan.ebook)))


def _row(ebook: Ebook, at: lending.Standing, often: int) -> dict:
    return {
        "name": ebook.title.full_name,
        "author": ebook.title.author,
        "url": url_for("desk.ebooks.show", ebook_id=ebook.id),
        "licences": ebook.licences,
        "out": at.out,
        "reserved": at.reserved,
        "waiting": at.waiting,
        "often": often,
        "withdrawn": ebook.withdrawn_at is not None,
    }


# -- one more --------------------------------------------------------------------------------------------------------
@bp.post("")
@access.staff_required(role="admin")
@access.takes_file(LARGEST + ROOM)
def send() -> access.Reply:
    """Keep the file; the next page shows what is in it."""
    form, file = FileForm(), request.files.get("file")
    token = form.submit(lambda: _keep(file), at="file")
    return _list_page(form) if form.problems else redirect(url_for("desk.ebooks.new", token=token), 303)


def _keep(file: FileStorage | None) -> str:
    if file is None:
        raise errors.FileMissing()
    token = uploads.keep(_folder("uploads"), file.stream, _command(), largest=LARGEST)
    _look(token)
    return token


def _look(token: str) -> tuple[Path, epub.Book]:
    """Return the path of a file that was sent, and the book in it."""
    path = uploads.path_of(_folder("uploads"), token)
    return path, stock.inspect(path)


@bp.get("/new/<token>")
@access.staff_required(role="admin")
def new(token: str) -> access.Reply:
    form = FileForm()
    found = form.submit(lambda: _look(token), at="file")
    return (
        _new_page(token, found[1], _new_form(found[1], title=NEW, licences="1", days="")) if found else _list_page(form)
    )


def _new_form(book: epub.Book, **values: Any) -> NewForm:
    """Return the form: as it was sent, or with ``values``. It asks for a new title, or one that is there."""
    form = NewForm(formdata=None, **values) if values else NewForm()
    there = [(str(title.id), _described(title)) for title in stock.candidates(book)]
    form.title.offer([(NEW, "新しい書誌を作る"), *there])
    return form


def _described(title: Title) -> str:
    return wording.existing_title(title.full_name, title.material_type, title.author, title.publisher, title.year_text)


def _new_page(token: str, book: epub.Book, form: NewForm) -> access.Reply:
    return form.page(
        "desk/ebooks/new.html",
        token=token,
        book=stock.record_of(book),
        identifier=book.identifier,
        has_cover=bool(book.cover),
        default_days=policy.lending("", lending.KIND)["loan_days"],
    )


@bp.post("/new/<token>")
@access.staff_required(role="admin")
def add(token: str) -> access.Reply:
    """Add the e-book; sent again it finds the file gone."""
    sent = FileForm()
    found = sent.submit(lambda: _look(token), at="file")
    if found is None:
        return _list_page(sent)
    path, book = found
    form = _new_form(book)
    made = form.submit(lambda: _add(path, form), at="title")
    if made is None:
        return _new_page(token, book, form)
    path.unlink(missing_ok=True)
    return _back("added", made)


def _add(path: Path, form: NewForm) -> Ebook:
    title_id = int(form.title.data) if form.title.data else None
    return stock.add(path, _folder(), title_id=title_id, today=clock.today(), **form.values(), **counter.acting())


def _back(done: str, ebook: Ebook) -> access.Reply:
    return flash.leave(PAGE, done=done, name=ebook.title.full_name)


# -- one of them -----------------------------------------------------------------------------------------------------
@bp.get("/<row_id:ebook_id>")
@access.staff_required
def show(ebook_id: int) -> access.Reply:
    ebook = _one(ebook_id)
    terms = {"licences": ebook.licences, "days": ebook.days}
    return _page(
        ebook, TermsForm(formdata=None, **{name: "" if value is None else str(value) for name, value in terms.items()})
    )


def _one(ebook_id: int) -> Ebook:
    return access.mine_or_404(Ebook.select(Ebook, Title).join(Title).where(Ebook.id == ebook_id))


def _page(ebook: Ebook, form: TermsForm) -> access.Reply:
    return form.page(
        "desk/ebooks/show.html",
        ebook_id=ebook.id,
        row=_row(ebook, lending.standing(ebook), _how_often([ebook]).get(ebook.id, 0)),
        title_url=url_for("desk.titles.show", title_id=ebook.title_id),
        identifier=ebook.identifier,
        added_on=clock.day_of(ebook.added_at),
        size=wording.size(ebook.size),
        default_days=policy.lending("", lending.KIND)["loan_days"],
        is_admin=current_user.staff.role == "admin",
    )


@bp.post("/<row_id:ebook_id>")
@access.staff_required(role="admin")
def change(ebook_id: int) -> access.Reply:
    ebook, form = _one(ebook_id), TermsForm()
    form.submit(lambda: stock.change(ebook, **form.values(), **counter.acting()))
    return _page(ebook, form) if form.problems else _back("changed", ebook)


@bp.get("/<row_id:ebook_id>/withdrawal")
@access.staff_required(role="admin")
def ask_withdrawal(ebook_id: int) -> access.Reply:
    """Show what a withdrawal does before it is done for good."""
    ebook = _one(ebook_id)
    if ebook.withdrawn_at is not None:
        return redirect(url_for("desk.ebooks.show", ebook_id=ebook_id), 303)
    row = _row(ebook, lending.standing(ebook), 0)
    return htmx.page("desk/ebooks/withdrawal.html", ebook_id=ebook_id, row=row)


@bp.post("/<row_id:ebook_id>/withdrawal")
@access.staff_required(role="admin")
def withdraw(ebook_id: int) -> access.Reply:
    ebook = _one(ebook_id)
    stock.withdraw(ebook, _folder(), **counter.acting())
    return _back("withdrawn", ebook)
