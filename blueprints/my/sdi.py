"""SDI: a patron's saved searches, the new titles for each, and their mails."""

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, request, url_for
from flask_login import current_user

from library import clock, errors, policy, wording
from library.catalog.query import query as queries
from library.catalog.shown import query_words
from library.patrons import patrons
from library.reading import sdi
from models import Patron, SdiCondition
from web import access, flash, forms, htmx, paging
from web.links import with_query
from web.parts import seal_facts, stored_policy, title_rows

bp = Blueprint("sdi", __name__)
SIZE = 20  # titles on a page


class ConditionForm(forms.Form):
    sdi_name = forms.Text("名前", maximum=sdi.LONGEST_NAME)
    in_summary = (("active", "お知らせのメール", "active-0"),)
    active = forms.Radio("お知らせのメール", (("y", "配信"), ("n", "停止")))


def _mine(condition_id: int) -> SdiCondition:
    mine = SdiCondition.patron == current_user.patron
    return access.mine_or_404(SdiCondition.select().where(SdiCondition.id == condition_id, mine))


# -- all conditions --------------------------------------------------------------------------------------------------
@bp.get("")
@access.patron_required
def index() -> access.Reply:
    patron, today = current_user.patron, clock.today()
    conditions = sdi.of_patron(patron)
    new, last = sdi.new(conditions, today=today), sdi.last_announced(conditions)
    asked = {condition.id: sdi.query_of(condition) for condition in conditions}
    names = query_words.names_in(asked.values())
    return htmx.page(
        "sdi/index.html",
        messages=_messages(conditions),
        conditions=[
            {
                "id": condition.id,
                "name": condition.name,
                "words": query_words.in_words(asked[condition.id], names),
                "active": condition.active,
                "count": len(new[condition.id]),
                "last": last.get(condition.id),
            }
            for condition in conditions
        ],
        left=sdi.MOST - len(conditions),
        most=sdi.MOST,
        **_sending(patron),
        **seal_facts.read(),
    )


def _messages(conditions: list[SdiCondition]) -> dict:
    """Return the message for this page with the name of its condition; none about one that is gone."""
    answer, names = flash.take("sdi.index"), {None: ""} | {one.id: one.name for one in conditions}
    about = answer.get("condition")
    return answer | {"name": names[about]} if about in names else {}


def _back_with(done: str, condition: SdiCondition | None = None) -> access.Reply:
    return flash.leave("sdi.index", done=done, condition=condition and condition.id)


def _sending(patron: Patron) -> dict:
    """Return the day on which mails go out, and their addresses; none where nothing is ticked or nothing arrives."""
    kinds = dict.fromkeys(row.kind for row in patrons.deliverable(patron, "sdi"))
    return {
        **policy.several("sdi_day", "sdi_hour"),
        "to": [wording.ADDRESS_KINDS[kind] for kind in kinds],
        "with_titles": patron.titles_in_mail,
    }


# -- saving one ------------------------------------------------------------------------------------------------------
def _page_of_saving(query: queries.Query) -> str:
    """Return the address of the page on which a search is saved."""
    return with_query("sdi.new", sdi.saved_as(query))


def _come_back(patron: Patron) -> str:
    return _page_of_saving(queries.from_address(request.form.get("query", "")))


@bp.get("/new")
@access.patron_required
def new() -> access.Reply:
    """この検索をSDIに登録する: show what would be saved, with a name to change."""
    query = queries.parse(request.args)
    words = _words(query)
    name = "、".join([query.q, *words[1:]] if query.q else words)
    if len(name) > sdi.LONGEST_NAME:
        name = f"{name[: sdi.LONGEST_NAME - 1]}…"
    form = ConditionForm(formdata=None, sdi_name=name, active="y")
    return _new_page(query, form, sdi.refusals(current_user.patron, query))


def _words(query: queries.Query) -> list[str]:
    return query_words.in_words(query, query_words.names_in([query]))


def _new_page(
    query: queries.Query, form: ConditionForm, reasons: Sequence[errors.Refused] = (), status: int = 0
) -> access.Reply:
    return form.page(
        "sdi/new.html",
        status,
        _page_of_saving(query),
        query=sdi.saved_as(query),
        words=_words(query),
        reasons=[reason.sentence for reason in reasons],
        search_url=with_query("catalog.search", query.address()),
        **_sending(current_user.patron),
    )


@bp.post("")
@access.patron_required(lapsed=_come_back)
def save() -> access.Reply:
    query, form = queries.from_address(request.form.get("query", "")), ConditionForm()
    active, patron = form.active.data == "y", current_user.patron
    try:
        made = form.submit(lambda: sdi.save(patron, query, form.sdi_name.data, active=active, now=clock.now()))
    except errors.Refusals as refused:
        return _new_page(query, form, refused.reasons, 422)
    return _new_page(query, form) if form.problems else _back_with("saved", made)


# -- one of them -----------------------------------------------------------------------------------------------------
@bp.get("/<row_id:condition_id>")
@access.patron_required
def condition(condition_id: int) -> access.Reply:
    """Show what is new for it, the latest first, and below that what was announced, the last first."""
    row = _mine(condition_id)
    query, new, announced = sdi.query_of(row), sdi.new([row], today=clock.today())[row.id], sdi.announced(row)
    every = [*((title, None) for title in new), *announced]
    cut = paging.cut(every, SIZE, url_for("sdi.condition", condition_id=row.id))
    shown, rules = cut.pop("rows"), stored_policy.read()
    days = dict(shown)
    drawn = title_rows.with_actions([title for title, _ in shown], current_user.patron, rules, accession=True)
    return htmx.page(
        "sdi/condition.html",
        id=row.id,
        name=row.name,
        active=row.active,
        words=_words(query),
        count=len(new),
        # under the day on which they were announced; new ones under none
        parts=[(day, list(rows)) for day, rows in groupby(drawn, key=lambda one: days[one[0].id])],
        search_url=with_query("catalog.search", query.address()),
        since=clock.day_of(row.created_at),
        **cut,
    )


@bp.get("/<row_id:condition_id>/name")
@access.patron_required
def edit(condition_id: int) -> access.Reply:
    row = _mine(condition_id)
    return _edit_page(row, ConditionForm(formdata=None, sdi_name=row.name, active="y" if row.active else "n"))


def _edit_page(row: SdiCondition, form: ConditionForm) -> access.Reply:
    return form.page("sdi/edit.html", id=row.id, words=_words(sdi.query_of(row)))


@bp.post("/<row_id:condition_id>/name")
@access.patron_required
def change(condition_id: int) -> access.Reply:
    row, form = _mine(condition_id), ConditionForm()
    form.submit(lambda: sdi.change(row, form.sdi_name.data, active=form.active.data == "y"))
    return _edit_page(row, form) if form.problems else _back_with("changed", row)


@bp.get("/<row_id:condition_id>/removal")
@access.patron_required
def confirm_removal(condition_id: int) -> access.Reply:
    row = _mine(condition_id)
    return htmx.page("sdi/removal.html", id=row.id, name=row.name, words=_words(sdi.query_of(row)))


@bp.post("/<row_id:condition_id>/removal")
@access.patron_required
def remove(condition_id: int) -> access.Reply:
    sdi.remove(_mine(condition_id))
    return _back_with("removed")
