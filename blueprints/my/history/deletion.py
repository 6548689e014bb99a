"""Deleting one record, those ticked, all before a day, or all: a choice, a look at it, and one press that deletes."""

from flask import redirect, request, session, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from blueprints.my.history import listing
from blueprints.my.history.blueprint import bp
from library import dates, errors
from library.reading import history
from library.reading.history import Choice
from library.store import backup
from web import access, flash, forms, htmx

NAMED = 10  # records that are named before they are deleted


@bp.post("/history")
@access.patron_required
def choose() -> access.Reply:
    """Lead on from the list: to the page that asks before records are deleted, or to the shelves (選択した資料を本棚に入れる)."""
    if "all" in request.form:
        return redirect(url_for("history.ask_deletion", all=1), 303)
    ticked = _ticked(request.form)
    if not ticked:
        return _back("refused", errors.NothingChosen())
    if "shelve" not in request.form:
        return redirect(url_for("history.ask_deletion", entry=ticked), 303)
    records = history.chosen(current_user.patron, Choice(entries=ticked))
    titles = tuple(dict.fromkeys(one.title_id for one in records if one.title_id))
    return redirect(url_for("shelves.choose", title=titles), 303) if titles else _back("not_there")


def _ticked(sent: MultiDict) -> tuple[int, ...]:
    """Return the ids of the ticked records, of one page at most."""
    numbers = map(forms.number, sent.getlist("entry")[: listing.SIZE])
    return tuple(number for number in numbers if number is not None)


@bp.get("/history/deletion")
@access.patron_required
def ask_deletion() -> access.Reply:
    typed = request.args.get("before", "")
    try:
        choice = _choice(request.args)
    except ValueError:
        problem = errors.DateMalformed() if typed.strip() else errors.FieldEmpty()
        return listing.page(before=typed[: listing.LONGEST_WORDS], problems=[problem], status=422)
    found = history.chosen(current_user.patron, choice)
    if not found:
        return _back("nothing_there")
    return htmx.page(
        "history/deletion.html",
        count=len(found),
        choice=choice,
        named=found[:NAMED],
        more=len(found) - NAMED,
        backup_days=backup.KEPT_DAYS,
    )


def _choice(sent: MultiDict) -> history.Choice:
    """Return the choice that was sent. Raises: ValueError for a day that is none."""
    if "all" in sent:
        return Choice(everything=True)
    if "before" in sent:
        return Choice(before=dates.parse(sent["before"][:40]))
    return Choice(entries=_ticked(sent))


def _back(done: str, *refused: errors.Refused) -> access.Reply:
    return flash.leave("history.index", done=done, refused=refused)


@bp.post("/history/deletion")
@access.patron_required
def delete() -> access.Reply:
    """Delete the chosen records; sent again it finds nothing more and answers as before."""
    try:
        choice = _choice(request.form)
    except ValueError:
        return _back("refused", errors.DateMalformed())
    if count := history.delete(current_user.patron, choice):
        session["history_deleted"] = count
    return redirect(url_for("history.deleted"), 303)


@bp.get("/history/deletion/done")
@access.patron_required
def deleted() -> access.Reply:
    count = session.get("history_deleted")
    if count is None:
        return redirect(url_for("history.index"), 303)
    return htmx.page("history/deleted.html", count=count, backup_days=backup.KEPT_DAYS)
