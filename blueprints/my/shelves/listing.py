"""The list of a patron's shelves, and making one."""

from flask import redirect
from flask_login import current_user

from blueprints.my.shelves import ROOT, bp, messages
from library import errors
from library.reading import shelves
from web import access, flash, forms, htmx
from web.links import url_for
from web.parts import shelf_rows


class ShelfForm(forms.Form):
    shelf_name = forms.Text("棚の名前", maximum=shelves.LONGEST_NAME, fold=lambda text: " ".join(text.split()))


class DescribedForm(ShelfForm):
    description = forms.Lines("説明", maximum=shelves.LONGEST_DESCRIPTION)


@bp.get(ROOT)
@access.patron_required
def index():
    return _page(ShelfForm(formdata=None))


def _page(form, problems=None):
    return htmx.page(
        "shelves/index.html",
        422 if problems else 200,
        **shelf_rows.glance(current_user.patron),
        form=form.faces(),
        problems=problems or {},
        summary=forms.summary(problems or {}),
        page_has_errors=bool(problems),
        messages=flash.messages(flash.take("shelves"), {"deleted": ("good", "本棚を消しました。", "")}),
        most=shelves.MOST,
    )


@bp.post(ROOT)
@access.patron_required
def create():
    """棚作成."""
    form = ShelfForm()
    problems = forms.refused(form)
    if not problems:
        try:
            shelf = shelves.create(current_user.patron, form.shelf_name.data)
            messages.keep(shelf.id, "created")
            return redirect(url_for("shelves.show", shelf_id=shelf.id), 303)
        except errors.RefusedTogether as refused:
            problems = refused.by_field
    return _page(form, problems)
