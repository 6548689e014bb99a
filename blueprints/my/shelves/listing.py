"""The list of a patron's shelves, and making one."""

from flask import redirect, url_for
from flask_login import current_user

from blueprints.my.shelves import messages
from blueprints.my.shelves.blueprint import ROOT, bp
from library.reading import shelves
from web import access, flash, forms
from web.parts import seal_facts
from web.parts.rows import shelf_rows


class ShelfForm(forms.Form):
    shelf_name = forms.Text("棚の名前", maximum=shelves.LONGEST_NAME, fold=lambda text: " ".join(text.split()))


class DescribedForm(ShelfForm):
    description = forms.Lines("説明", maximum=shelves.LONGEST_DESCRIPTION)


@bp.get(ROOT)
@access.patron_required
def index() -> access.Reply:
    return _page(ShelfForm(formdata=None))


def _page(form: ShelfForm) -> access.Reply:
    return form.page(
        "shelves/index.html",
        **shelf_rows.glance(current_user.patron),
        **seal_facts.read(),
        messages=flash.take("shelves.index"),
        most=shelves.MOST,
    )


@bp.post(ROOT)
@access.patron_required
def create() -> access.Reply:
    """棚作成: make an empty shelf."""
    form = ShelfForm()
    shelf = form.submit(lambda: shelves.create(current_user.patron, form.shelf_name.data))
    if shelf is None:
        return _page(form)
    messages.keep(shelf.id, "created")
    return redirect(url_for("shelves.show", shelf_id=shelf.id), 303)
