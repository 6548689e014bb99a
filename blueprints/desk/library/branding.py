"""名称・ロゴ・色: the name, the accent and the logo of the library; its photographs are a page further."""

from flask import Blueprint, current_app, request
from werkzeug.datastructures import FileStorage

from library import policy
from library.files import photographs
from library.site import accents, branding
from web import access, flash, forms, htmx
from web.desk import counter

bp = Blueprint("face", __name__)
PAGE = "desk.face.index"
ROOM = 64 * 1024  # of a form around its file


class BrandingForm(forms.Form):
    in_summary = (("file", "ロゴ", "file"),)
    library_name = forms.Text("図書館の名前", maximum=branding.LONGEST_NAME)
    accent = forms.Text("アクセントの色", maximum=20)


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    return _page(BrandingForm(formdata=None, **policy.several("library_name", "accent")))


def _page(form: BrandingForm) -> access.Reply:
    return form.page(
        "desk/face/index.html",
        messages=flash.take(PAGE),
        default_name=current_app.config["LIBRARY_NAME"],
        default_accent=accents.SHIPPED,
        megabytes=photographs.LARGEST // 1024**2,
    )


@bp.post("")
@access.staff_required(role="admin")
@access.takes_file(photographs.LARGEST + ROOM)
def change() -> access.Reply:
    """Store all of it; a colour that is too pale comes back with the nearest that passes, which one press takes
    (``fix``).
    """
    form, file = BrandingForm(), request.files.get("file")
    field, _, fixed = request.form.get("fix", "").partition(":")
    if field == "accent":
        form.accent.data = fixed
    form.submit(lambda: _change(form, file), at="library_name")
    if form.problems:
        return _page(form)
    return flash.leave(PAGE, done="saved")


def _change(form: BrandingForm, file: FileStorage | None) -> None:
    sent = file.stream.read(photographs.LARGEST + 1) if file else b""
    branding.change(branding.read(form.typed()), sent or None, **counter.acting())


@bp.get("/logo/removal")
@access.staff_required(role="admin")
def ask_logo_removal() -> access.Reply:
    """Show the logo before it goes."""
    return htmx.page("desk/face/logo.html")


@bp.post("/logo/removal")
@access.staff_required(role="admin")
def remove_logo() -> access.Reply:
    branding.remove_logo(**counter.acting())
    return flash.leave(PAGE, done="logo_removed")
