"""予約かご: choosing, a look at the choice, and one press that reserves; refused titles stay."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, redirect, request, session, url_for
from flask_login import current_user

from library import clock, dates, errors, wording
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
    revising = session.get("cart_choice", {}) if request.args.get("revise") else answer.get("form", {})
    chosen = {name: value for name, value in revising.items() if name != "titles"}
    return _page(_preset(patron, **chosen), revising.get("titles"), _messages(answer))


def _page(form: ChoiceForm, ticked: list[int] | None = None, messages: dict | None = None) -> access.Reply:
    """Return the page. ``ticked``: ids of titles; None for all that can be reserved."""
    patron = current_user.patron
    rows = cart.rows(patron)
    standing = holds.Standing(patron, today=clock.today(), rules=stored_policy.read())
    previews = cart.preview(standing, [row.title for row in rows])
    common = _reasons_against_all(previews)
    return form.page(
        "cart/index.html",
        rows=[_row(row, one, common, ticked) for row, one in zip(rows, previews, strict=True)],
        common=[reason.sentence for reason in common],
        possible=sum(not one.reasons for one in previews),
        first_day=clock.today() + timedelta(days=1),
        places=max(0, standing.limit - len(standing.holds)),
        messages=messages,
        undos=undoing.offers(patron, "cart", now=clock.now()),
        **seal_facts.read(),
    )


def _reasons_against_all(previews: list[cart.Outcome]) -> list[errors.Refused]:
    """Return the reasons against every title of the cart, which are written once."""
    first = previews[0].reasons if len(previews) > 1 else []
    return [reason for reason in first if all(reason in one.reasons for one in previews)]


def _row(row: CartRow, preview: cart.Outcome, common: list[errors.Refused], ticked: list[int] | None) -> dict:
    return title_rows.facts(row.title) | {
        "id": row.id,
        "added_on": clock.day_of(row.added_at),
        "refused": bool(preview.reasons),
        "reasons": [reason.sentence for reason in preview.reasons if reason not in common],
        "ticked": not preview.reasons and (ticked is None or row.title_id in ticked),
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


# -- choosing --------------------------------------------------------------------------------------------------------
@bp.post("")
@access.patron_required
def choose() -> access.Reply:
    """予約する on the first step: refuse, or keep the choice and lead to the second step."""
    patron = current_user.patron
    form, titles = ChoiceForm(patron), _titles()
    form.problems = _problems(patron, form, titles)
    if form.problems:
        return _page(form, [title.id for title in titles])
    session["cart_choice"] = _choice(form, titles)
    return redirect(url_for("cart.confirm"), 303)


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


def _choice(form: ChoiceForm, titles: list[Title]) -> dict:
    return {
        "titles": [title.id for title in titles],
        "pickup_branch": form.pickup_branch.data,
        "contact_method": cart.contact(form.contact_method.data, by_mail=form.by_mail.data),
        "by_mail": form.by_mail.data,
        "order": form.order.data,
        "suspended_until": until.isoformat() if (until := _until(form)) else "",
    }


# -- a look at it, and doing it --------------------------------------------------------------------------------------
@bp.get("/confirm")
@access.patron_required
def confirm() -> access.Reply:
    choice = session.get("cart_choice")
    if not choice or not (titles := _chosen(choice)):
        return redirect(url_for("cart.index"), 303)
    branches = {branch.id: branch.name for branch in _pickup_branches(current_user.patron)}
    contact = choice["contact_method"]
    return htmx.page(
        "cart/confirm.html",
        titles=[{"id": title.id, "name": title.full_name, "author": title.author} for title in titles],
        choice=choice,
        branch=branches.get(int(choice["pickup_branch"]), ""),
        contact=wording.CONTACT_METHODS[contact],
        phone=wording.CONTACT_PHONES[current_user.patron.contact_phone] if contact == "phone" else "",
        order=ORDERS[choice["order"]] if len(titles) > 1 else "",
        suspended_until=date.fromisoformat(until) if (until := choice.get("suspended_until")) else None,
    )


def _chosen(choice: dict) -> list[Title]:
    """Return the chosen titles that are still in the cart, in its order."""
    return [row.title for row in cart.rows(current_user.patron) if row.title_id in choice["titles"]]


@bp.post("/confirm")
@access.patron_required
def place() -> access.Reply:
    """予約する on the second step. Reserved titles leave the cart, so that the form sent again reserves nothing."""
    patron = current_user.patron
    form, titles = ChoiceForm(patron), _titles()
    if not titles:
        return flash.leave("cart.index", done="refused", refused=[errors.CartRowsGone()])
    form.problems = _problems(patron, form, titles)
    if form.problems:
        return _page(form, [title.id for title in titles])
    found = cart.place(
        patron,
        titles,
        pickup_branch=_branch(form),
        contact_method=form.contact_method.data,
        order=form.order.data,
        suspended_until=_until(form),
        rules=stored_policy.read(),
        now=clock.now(),
    )
    session.pop("cart_choice", None)
    session["reserved"] = {
        "holds": [one.hold.id for one in found if one.hold],
        "refused": [one.title.id for one in found if not one.hold],
    }
    return redirect(url_for("cart.done"), 303)


@bp.get("/done")
@access.patron_required
def done() -> access.Reply:
    result = session.get("reserved")
    if result is None:
        return redirect(url_for("cart.index"), 303)
    patron = current_user.patron
    mine = {row.hold.id: row for row in hold_list.for_patron(patron, today=clock.today())}
    placed = [mine[number] for number in result["holds"] if number in mine]
    left = list(Title.select().where(Title.id.in_(result["refused"])))
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
        left=cart.count(patron),
    )
