"""予約かご: choosing, and one press that reserves. Refused titles stay; for ten minutes the holds can be taken back."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user

from library import clock, dates, errors, policy, wording
from library.account import undoing
from library.lending.holds import cart, hold_list, holds
from library.patrons import profile
from models import Branch, CartRow, Patron, Title
from web import access, flash, forms, htmx
from web.parts import actions, seal_facts, stored_policy, title_rows

bp = Blueprint("cart", __name__)
ORDERS = {"": "それぞれ予約する", "in_order": "順番どおり", "any_one": "いずれか一つ"}


def _pickup_branches(patron: Patron) -> list[Branch]:
    return profile.pickup_branches(patron, stored_policy.branches_in_order())


class ChoiceForm(forms.Form):
    """The choices for placing holds on the ticked titles."""

    in_summary = (("titles", "資料", "cart-rows"), ("order", "2冊以上を予約するとき", "order-0"))
    pickup_branch = forms.Choice("受取館")
    contact_method = forms.Choice("連絡方法", wording.CONTACT_METHODS.items())
    by_mail = forms.Tick("メールで連絡する")
    suspended_until = forms.Text("受け取りを休む期間（この日まで）", maximum=20)
    order = forms.Radio("2冊以上を予約するとき", ORDERS.items())

    def __init__(self, patron: Patron, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pickup_branch.offer([(branch.id, branch.name) for branch in _pickup_branches(patron)])


def _preset(patron: Patron, **chosen: Any) -> ChoiceForm:
    """Return the form as it stands at first: with the patron's information, and what was chosen before."""
    stored = profile.stored(patron)
    values = {
        "pickup_branch": stored["pickup_branch"],
        "contact_method": stored["contact_method"],
        "order": "",
        "suspended_until": "",
    }
    values["by_mail"] = stored["contact_method"] == "mail"
    return ChoiceForm(patron, formdata=None, **values | chosen)


# -- what is in it ---------------------------------------------------------------------------------------------------
@bp.get("")
@access.patron_required
def index() -> access.Reply:
    patron, answer = current_user.patron, flash.take("cart.index")
    typed = answer.get("form", {})
    chosen = {name: value for name, value in typed.items() if name != "titles"}
    return _page(_preset(patron, **chosen), typed.get("titles"), _messages(answer))


def _page(form: ChoiceForm, ticked: list[int] | None = None, messages: dict | None = None) -> access.Reply:
    """Return the page. ``ticked``: ids of titles; None for as many as can be reserved.

    Titles are chosen by ticks only if there are more than the patron may still reserve.
    """
    patron = current_user.patron
    rows = cart.rows(patron)
    standing = holds.Standing(patron, today=clock.today(), rules=stored_policy.read())
    previews = cart.preview(standing, [row.title for row in rows])
    common = _reasons_against_all(previews)
    possible, places = [one.title.id for one in previews if not one.reasons], standing.places
    chosen = possible[:places] if ticked is None or len(possible) <= places else ticked
    return form.page(
        "cart/index.html",
        rows=[_row(row, one, common, chosen) for row, one in zip(rows, previews, strict=True)],
        common=[reason.sentence for reason in common],
        possible=len(possible),
        places=places,
        are_ticked=len(possible) > places,
        places_left=places - len(possible),
        first_day=clock.today() + timedelta(days=1),
        messages=messages,
        undos=undoing.offers(patron, "cart", now=clock.now()),
        **seal_facts.read(),
    )


def _reasons_against_all(previews: list[cart.Outcome]) -> list[errors.Refused]:
    """Return the reasons against every title of the cart, which are written once."""
    first = previews[0].reasons if len(previews) > 1 else []
    return [reason for reason in first if all(reason in one.reasons for one in previews)]


def _row(row: CartRow, preview: cart.Outcome, common: list[errors.Refused], chosen: list[int]) -> dict:
    return title_rows.facts(row.title) | {
        "id": row.id,
        "refused": bool(preview.reasons),
        "reasons": [reason.sentence for reason in preview.reasons if reason not in common],
        "chosen": not preview.reasons and row.title_id in chosen,
    }


def _messages(answer: dict) -> dict:
    """Return the message with the name of its title; none about a title that is gone."""
    title = Title.get_or_none(Title.id == answer["title"]) if answer.get("title") else None
    if title is None and not answer.get("why") and answer.get("done") != "undone":
        return {}
    return answer | {"name": title.full_name if title else ""}


def keep_for_later(patron: Patron) -> str:
    """Put the title into the cart of a patron whose session idled out; return the address to go on at."""
    if title := Title.get_or_none(Title.id == forms.number(request.form.get("title"))):
        _add(patron, title)
    return url_for("cart.index")


@bp.post("/titles")
@access.patron_required(lapsed=keep_for_later)
def add() -> access.Reply:
    """予約かごに入れる: add a title, from a list or from its own page."""
    title = access.mine_or_404(Title.select().where(Title.id == forms.number(request.form.get("title"))))
    answer = _add(current_user.patron, title)
    if actions.list_page():
        return actions.answer(title.id, **answer, count=cart.count(current_user.patron))
    return flash.leave("cart.index", **answer, title=title.id)


def _add(patron: Patron, title: Title) -> dict:
    try:
        cart.add(patron, title, now=clock.now())
    except errors.Refusals as refused:
        return {"done": "refused", "refused": refused.reasons}
    return {"done": "added"}


def _mine_or_404(row_id: int) -> CartRow:
    return access.mine_or_404(CartRow.select().where(CartRow.id == row_id, cart.in_cart(current_user.patron)))


@bp.post("/<row_id:row_id>/removal")
@access.patron_required
def remove(row_id: int) -> access.Reply:
    row = _mine_or_404(row_id)
    cart.take_out(current_user.patron, row, now=clock.now())
    return flash.leave("cart.index", done="removed", title=row.title_id, form=_typed())


@bp.post("/<row_id:row_id>/<any(up, down):way>")
@access.patron_required
def move(row_id: int, way: str) -> access.Reply:
    """上へ, 下へ: change the order for 順番どおり. What was ticked and chosen stays."""
    row = _mine_or_404(row_id)
    try:
        place = cart.move(current_user.patron, row.title, -1 if way == "up" else 1)
        return flash.leave("cart.index", done="moved", title=row.title_id, way=way, place=place, form=_typed())
    except errors.Refusals as refused:
        return flash.leave("cart.index", done="refused", refused=refused.reasons, form=_typed())


def _typed() -> dict:
    """Return the values of the form whose button was pressed, right or wrong; {} for another form."""
    if "contact_method" not in request.form:
        return {}
    inside = cart.contents(current_user.patron)
    typed = {
        name: request.form.get(name, "") for name in ("pickup_branch", "contact_method", "order", "suspended_until")
    }
    ticked = [title_id for title_id in map(forms.number, request.form.getlist("title")) if title_id in inside]
    return typed | {"by_mail": "by_mail" in request.form, "titles": ticked}


# -- reserving -------------------------------------------------------------------------------------------------------
@bp.post("/confirm")  # the former second step
@bp.post("")
@access.patron_required
def place() -> access.Reply:
    """予約する: reserve what is chosen, or refuse. Reserved titles leave the cart: the same form again shows them."""
    patron = current_user.patron
    form, titles = ChoiceForm(patron), _titles()
    if _is_repeated(titles):
        return redirect(url_for("cart.done"), 303)
    if not titles and "title" in request.form:
        return flash.leave("cart.index", done="refused", refused=[errors.CartRowsGone()])
    form.problems = _problems(patron, form, titles)
    if form.problems:
        return _page(form, [title.id for title in titles])
    found = cart.place(
        patron,
        titles,
        pickup_branch=_branch(form),
        contact_method=cart.contact(form.contact_method.data, by_mail=form.by_mail.data),
        order=form.order.data,
        suspended_until=_until(form),
        rules=stored_policy.read(),
        now=clock.now(),
    )
    if any(one.hold for one in found) or _is_repeated(_titles()):
        return redirect(url_for("cart.done"), 303)
    reasons = [reason for one in found for reason in one.reasons]
    form.problems = {"titles": list(dict.fromkeys(reasons or [errors.CartRowsGone()]))}
    return _page(form, [title.id for title in titles])


def _is_repeated(titles: list[Title]) -> bool:
    """Tell whether the form was sent before: some titles were just reserved, and only those refused are left."""
    patron, sent = current_user.patron, set(map(forms.number, request.form.getlist("title")))
    before, inside = cart.latest(patron, now=clock.now()), {title.id for title in titles}
    reserved = (sent - cart.contents(patron)) & {row["title"] for row in before["holds"]}
    return bool(reserved) and inside <= set(before["refused"])


def _titles() -> list[Title]:
    """Return the ticked titles that are in this patron's cart, in its order."""
    inside = [row.title for row in cart.rows(current_user.patron)]
    wanted = set(request.form.getlist("title"))
    return [title for title in inside if str(title.id) in wanted]


def _problems(patron: Patron, form: ChoiceForm, titles: list[Title]) -> dict:
    if found := forms.refused(form):
        return found
    problems = {} if titles else {"titles": [errors.NothingChosen()]}
    try:
        method = cart.contact(form.contact_method.data, by_mail=form.by_mail.data)
    except errors.ContactUnclear as refusal:
        problems["contact_method"] = [refusal]
        method = "none"
    try:
        until = _until(form)
    except ValueError:
        problems["suspended_until"] = [errors.DateMalformed()]
        until = None
    chosen = (_branch(form), method, form.order.data, until)
    for reason in cart.choice_refusals(patron, titles, *chosen, today=clock.today()):
        problems.setdefault(FIELD_OF[type(reason)], []).append(reason)
    return problems


FIELD_OF = {
    errors.BranchHandsOutNoHolds: "pickup_branch",
    errors.MailGoesNowhere: "contact_method",
    errors.OneAloneHasNoOrder: "order",
    errors.SuspensionInThePast: "suspended_until",
}


def _branch(form: ChoiceForm) -> Branch:
    number = int(form.pickup_branch.data)
    return next(branch for branch in _pickup_branches(current_user.patron) if branch.id == number)


def _until(form: ChoiceForm) -> date | None:
    """Return the last day of the 一時停止; None where none was asked for. Raises: ValueError."""
    typed = form.suspended_until.data
    return dates.parse(typed) if typed and typed.strip() else None


@bp.get("/confirm")
@access.patron_required
def confirm() -> access.Reply:
    """Lead on from the address of the former second step."""
    return redirect(url_for("cart.index"), 303)


@bp.get("/done")
@access.patron_required
def done() -> access.Reply:
    """Show the latest holds as long as they can be taken back."""
    patron, now = current_user.patron, clock.now()
    undo = next((undo for undo in undoing.offers(patron, "cart", now=now) if undo.of_holds), None)
    if undo is None:
        return redirect(url_for("cart.index"), 303)
    result, inside = cart.latest(patron, now=now), [row.title for row in cart.rows(patron)]
    mine = {row.hold.id: row for row in hold_list.for_patron(patron, today=clock.today())}
    placed = [mine[row["hold"]] for row in result["holds"] if row["hold"] in mine]
    left = [title for title in inside if title.id in result["refused"]]
    refused = cart.preview(holds.Standing(patron, today=clock.today()), left)
    return htmx.page(
        "cart/done.html",
        placed=[
            {"name": row.hold.title.full_name, "words": row.words, "branch": row.hold.pickup_branch.name}
            for row in placed
        ],
        refused=[
            {"name": one.title.full_name, "reasons": [reason.sentence for reason in one.reasons]} for one in refused
        ],
        left=len(inside),
        minutes=policy.get("undo_minutes"),
        undo=undo,
    )
