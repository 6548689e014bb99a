"""The mark of a row in a list of titles: a press puts a title on 今度読みたい本, another takes it off."""

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from blueprints.my.shelves.blueprint import ROOT, bp
from library import clock, errors
from library.language import sentences
from library.reading import stars
from models import Patron, Title
from web import access, flash, forms, htmx
from web.parts import actions


def keep_for_later(patron: Patron) -> str | None:
    """Return the address at which a title waits for its shelf, where the session idled out before a press."""
    title_id = forms.number(request.form.get("title") or request.form.get("off"))
    return url_for("shelves.choose", title=title_id) if title_id else None


@bp.post(f"{ROOT}/marks")
@access.patron_required(lapsed=keep_for_later)
def mark() -> access.Reply:
    """Put a title on 今度読みたい本 (``title``) or take it off (``off``); with a note or on other shelves it leads to all
    shelves instead.
    """
    patron, wanted = current_user.patron, "title" in request.form
    number = forms.number(request.form.get("title" if wanted else "off"))
    title = access.mine_or_404(Title.select().where(Title.id == number))
    done, reasons = "marked" if wanted else "unmarked", []
    try:
        if wanted:
            stars.put(patron, title, today=clock.today())
        elif not stars.take_off(patron, title):
            return _to_the_shelves(title)
    except errors.Refusals as refused:
        done, reasons = "refused", refused.reasons
    if not htmx.asks_for_part():
        flash.keep("titles", done=done, title=title.id, refused=reasons)
        return redirect(f"{actions.list_page() or url_for('shelves.index')}#title-{title.id}", 303)
    return render_template(
        "shelves/_marked.html",
        title=title,
        marked=stars.is_on_shelf(patron, title),
        alone=actions.list_page() == url_for("catalog.title", title_id=title.id),
        outcome={"done": done, "why": sentences.Joined(reason.sentence for reason in reasons)},
    )


def _to_the_shelves(title: Title) -> access.Reply:
    address = url_for("shelves.choose", title=title.id, back=actions.list_page())
    return ("", 204, {"HX-Redirect": address}) if htmx.asks_for_part() else redirect(address, 303)
