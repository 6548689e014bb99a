"""電子書籍: which there are and how many are out, more of them from files. Who reads what is nowhere here."""

from pathlib import Path

from flask import Blueprint, current_app, redirect, request
from flask_login import current_user
from peewee import fn

from library import clock, errors, policy, wording
from library.ebooks import lending, stock
from library.importing import uploads
from library.site import rulebook
from models import Ebook, EbookLoan, Title
from web import access, flash, forms, htmx, paging
from web.links import url_for

bp = Blueprint("ebooks", __name__)

ANY = "int(max=9223372036854775807)"
LARGEST = 7 * 1024**2  # what the server takes at all is a little more
ROOM = 64 * 1024  # of a form around its file
COMMAND = "flask ebooks add FILE"
PAGE, SIZE = "desk.ebooks.index", 50
NEW = ""


class TermsForm(forms.Form):
    licences = forms.Text("同時に貸せる数", maximum=10)
    days = forms.Text("貸出日数", maximum=10)

    def values(self) -> dict:
        """licences and days, empty ones as None. RefusedTogether by field."""
        return rulebook.read_numbers(
            {"licences": self.licences.data, "days": self.days.data},
            {"licences": stock.LICENCES, "days": stock.DAYS},
        )


class NewForm(TermsForm):
    title = forms.Radio("書誌")


def _folder(name=stock.FOLDER):
    return Path(current_app.instance_path) / name


def _by():
    return {"by": f"staff:{current_user.staff.login}", "now": clock.now()}


# -- the list --------------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required
def index():
    return _list_page()


def _list_page(problems=None):
    found = Ebook.select(Ebook, Title).join(Title).order_by(Ebook.withdrawn_at.is_null(False), Ebook.id.desc())
    pages = max(1, -(-found.count() // SIZE))
    page = min(forms.number(request.args.get("page")) or 1, pages)
    rows = list(found.paginate(page, SIZE))
    standing, often = lending.every(rows), _how_often(rows)
    return htmx.page(
        "desk/ebooks/index.html",
        422 if problems else 200,
        rows=[_row(ebook, standing[ebook.id], often.get(ebook.id, 0)) for ebook in rows],
        problems=problems or {},
        page_has_errors=bool(problems),
        summary=[
            {"label": "ファイル", "sentence": one.sentence, "anchor": "file"}
            for one in (problems or {}).get("file", ())
        ],
        messages=flash.take(PAGE),
        megabytes=LARGEST // 1024**2,
        command=COMMAND,
        is_admin=current_user.staff.role == "admin",
        **paging.links(page, pages, lambda number: url_for(PAGE, page=number)),
    )


def _how_often(rows):
    counted = EbookLoan.select(EbookLoan.ebook, fn.count(EbookLoan.id)).where(EbookLoan.ebook.in_(rows))
    return dict(counted.group_by(EbookLoan.ebook).tuples())


def _row(ebook, at, often):
    return {
        "name": ebook.title.full_name,
        "author": ebook.title.author,
        "url": url_for("desk.ebooks.show", ebook_id=ebook.id),
        "licences": ebook.licences or "何人でも",
        "out": at.out,
        "kept": at.kept,
        "waiting": at.waiting,
        "often": often,
        "withdrawn": ebook.withdrawn_at is not None,
    }


# -- one more --------------------------------------------------------------------------------------------------------
@bp.post("")
@access.staff_required(role="admin")
@access.takes_file(LARGEST + ROOM)
def send():
    """Keep the file; the next page shows what is in it."""
    file = request.files.get("file")
    try:
        if file is None:
            raise errors.FileMissing()
        token = uploads.keep(_folder("uploads"), file.stream, COMMAND, largest=LARGEST)
        stock.look(uploads.path_of(_folder("uploads"), token))
    except errors.Refused as refusal:
        return _list_page({"file": [refusal]})
    return redirect(url_for("desk.ebooks.new", token=token), 303)


@bp.get("/new/<token>")
@access.staff_required(role="admin")
def new(token):
    try:
        book = stock.look(uploads.path_of(_folder("uploads"), token))
    except errors.Refused as refusal:
        return _list_page({"file": [refusal]})
    return _new_page(token, book, NewForm(formdata=None, title=NEW, licences="1", days=""))


def _new_page(token, book, form, problems=None):
    form.title.offer(_titles(book))
    record = stock.record_of(book)
    return htmx.page(
        "desk/ebooks/new.html",
        422 if problems else 200,
        token=token,
        book=record,
        identifier=book.identifier,
        has_cover=bool(book.cover),
        form=form.faces(),
        problems=problems or {},
        page_has_errors=bool(problems),
        summary=forms.summary(problems or {}, form=form),
        days=policy.lending("", lending.KIND)["loan_days"],
    )


def _titles(book):
    """A new title, or one that is there."""
    there = [(str(title.id), _described(title)) for title in stock.candidates(book)]
    return [(NEW, "新しい書誌を作る"), *there]


def _described(title):
    facts = "、".join(part for part in (title.author, title.publisher, title.year_text) if part)
    return f"すでにある書誌：{title.full_name}（{title.material_type}{'、' if facts else ''}{facts}）"


@bp.post("/new/<token>")
@access.staff_required(role="admin")
def add(token):
    """Sent again it finds the file gone."""
    form = NewForm()
    try:
        path = uploads.path_of(_folder("uploads"), token)
        book = stock.look(path)
    except errors.Refused as refusal:
        return _list_page({"file": [refusal]})
    form.title.offer(_titles(book))
    problems = forms.refused(form)
    if not problems:
        try:
            title_id = int(form.title.data) if form.title.data else None
            made = stock.add(path, _folder(), title_id=title_id, today=clock.today(), **form.values(), **_by())
        except errors.RefusedTogether as refused:
            problems = refused.by_field
        except errors.Refused as refusal:
            problems = {"title": [refusal]}
    if problems:
        return _new_page(token, book, form, problems)
    path.unlink(missing_ok=True)
    name = made.title.full_name
    flash.keep(PAGE, level="good", title=f"「{name}」を登録しました。", text="いまから借りられます。")
    return redirect(url_for(PAGE), 303)


# -- one of them -----------------------------------------------------------------------------------------------------
@bp.get(f"/<{ANY}:ebook_id>")
@access.staff_required
def show(ebook_id):
    kept = _one(ebook_id)
    return _page(kept, TermsForm(formdata=None, licences=_typed(kept.licences), days=_typed(kept.days)))


def _one(ebook_id):
    return access.mine_or_404(Ebook.select(Ebook, Title).join(Title).where(Ebook.id == ebook_id))


def _typed(number):
    return "" if number is None else str(number)


def _page(kept, form, problems=None):
    return htmx.page(
        "desk/ebooks/show.html",
        422 if problems else 200,
        ebook_id=kept.id,
        row=_row(kept, lending.standing(kept), _how_often([kept]).get(kept.id, 0)),
        title_url=url_for("desk.titles.show", title_id=kept.title_id),
        identifier=kept.identifier,
        added_on=clock.day_of(kept.added_at),
        size=wording.size(kept.size),
        form=form.faces(),
        problems=problems or {},
        page_has_errors=bool(problems),
        summary=forms.summary(problems or {}, form=form),
        days=policy.lending("", lending.KIND)["loan_days"],
        is_admin=current_user.staff.role == "admin",
    )


@bp.post(f"/<{ANY}:ebook_id>")
@access.staff_required(role="admin")
def change(ebook_id):
    kept, form = _one(ebook_id), TermsForm()
    problems = forms.refused(form)
    if not problems:
        try:
            stock.change(kept, **form.values(), **_by())
        except errors.RefusedTogether as refused:
            problems = refused.by_field
    if problems:
        return _page(kept, form, problems)
    flash.keep(PAGE, level="good", title=f"「{kept.title.full_name}」を変更しました。", text="")
    return redirect(url_for(PAGE), 303)


@bp.get(f"/<{ANY}:ebook_id>/withdrawal")
@access.staff_required(role="admin")
def ask_withdrawal(ebook_id):
    """What it does, before it is done for good."""
    kept = _one(ebook_id)
    if kept.withdrawn_at is not None:
        return redirect(url_for("desk.ebooks.show", ebook_id=ebook_id), 303)
    return htmx.page(
        "desk/ebooks/withdrawal.html",
        ebook_id=ebook_id,
        row=_row(kept, lending.standing(kept), 0),
    )


@bp.post(f"/<{ANY}:ebook_id>/withdrawal")
@access.staff_required(role="admin")
def withdraw(ebook_id):
    kept = _one(ebook_id)
    stock.withdraw(kept, _folder(), **_by())
    flash.keep(PAGE, level="good", title=f"「{kept.title.full_name}」の貸出を終わりにしました。", text="")
    return redirect(url_for(PAGE), 303)
