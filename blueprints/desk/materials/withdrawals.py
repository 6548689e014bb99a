"""除籍: candidates, the step in which copies go with day and reason, and those that went."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask_login import current_user

from library import clock, dates, errors, holdings, wording
from library.catalog import ndc
from library.counting import weeding
from library.lending import items, withdrawals
from models import Item
from web import access, flash, forms, htmx, paging
from web.desk import counter, days
from web.desk.fields import EVERY, BranchField

bp = Blueprint("withdrawals", __name__)

PAGE, GONE = "desk.withdrawals.index", "desk.withdrawals.withdrawn"
SIZE = 50  # copies on a page
MOST_SENT = 1_000  # copies that a page may name at all
Reasons = Mapping[str, str]  # as they are chosen, by field name


class NarrowForm(forms.Form):
    years = forms.Choice("最終貸出", [(years, f"{years}年より前") for years in weeding.YEARS])
    ndc = forms.Choice("分類", [("", wording.ALL), *((code, f"{code} {ndc.caption(code)}") for code in ndc.DIGITS)])
    branch = BranchField("館", (EVERY,))


def _may_many() -> bool:
    """Tell whether the member of staff may withdraw several at once, and take it back: 管理 may."""
    return current_user.staff.role == "admin"


def _chosen(sent: Any) -> list[int]:
    """Return the ids of the ticked copies; one alone for 窓口, and all of them known."""
    ids = list(dict.fromkeys(forms.number(text) or abort(404) for text in sent.getlist("item")))
    if len(ids) > MOST_SENT or (len(ids) > 1 and not _may_many()):
        abort(403)
    return ids


# -- candidates --------------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required
@counter.at_a_branch
def index() -> access.Reply:
    return _candidates()


def _candidates(message: str = "") -> access.Reply:
    """Show a page of candidates below those that are ticked; one whose number was scanned is ticked, too."""
    chosen, asked = _chosen(request.args), request.args.get("barcode", "")[: counter.LONGEST_SCAN].strip()
    scanned = counter.copy_of(asked)
    if scanned and not _may_many():
        return redirect(url_for("desk.withdrawals.ask", item=scanned.id))
    if scanned and scanned.id not in chosen:
        chosen.insert(0, scanned.id)
    refused = {"barcode": asked, "reasons": [items.refusal(asked).sentence]} if asked and not scanned else None
    form = NarrowForm(request.args)
    usual = {"years": str(weeding.YEARS[1]), "ndc": "", "branch": str(counter.here().id)}
    wrong = forms.refused(form)
    picked: dict[str, Any] = {name: usual[name] if name in wrong else form[name].data for name in usual}
    page = forms.number(request.args.get("page")) or 1
    branch = forms.number(picked["branch"])
    span = {"years": int(picked["years"]), "branch": branch, "ndc": picked["ndc"], "today": clock.today()}
    ids, total = weeding.find(**span, size=SIZE, offset=min(page - 1, 10**6) * SIZE)
    copies = items.with_ids([*chosen, *(each for each in ids if each not in chosen)])
    listed = weeding.look_at(copies, today=clock.today())

    def address(number: int) -> str:
        return url_for(PAGE, **picked, item=chosen, page=number)

    return htmx.page(
        "desk/withdrawals/index.html",
        422 if refused or message else 200,
        form=NarrowForm(formdata=None, **picked).views(),
        rows=[_candidate(each) | {"ticked": each.item.id in chosen} for each in listed],
        total=total,
        several=_may_many(),
        refused=refused,
        message=message or flash.take(PAGE).get("why", ""),
        page_has_errors=bool(refused or message),
        **paging.links(page, max(page, -(-total // SIZE)), address),
    )


def _candidate(each: weeding.Candidate) -> dict[str, Any]:
    return _copy(each.item) | {
        "acquired": _month(each.item.acquired_on),
        "last_loan": _month(each.last_loan),
        "old": each.old,
        "past": each.past,
        "copies": each.copies,
        "branch": each.item.branch.name,
        "idle": each.idle,
        "never": each.last_loan is None,
        "since": _month(each.since),
        "is_last": each.is_last,
    }


def _month(day: Any) -> str:
    return f"{day.year}年{day.month}月" if day else ""


def _copy(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.title.full_name,
        "barcode": item.barcode,
        "url": url_for("desk.items.show", barcode=item.barcode),
        "call_number": item.call_number,
    }


# -- the step ----------------------------------------------------------------------------------------------------------
@bp.get("/new")
@access.staff_required
@counter.at_a_branch
def ask() -> access.Reply:
    """Show what would be withdrawn, what can't be, and ask for day and reasons."""
    ids = _chosen(request.args)
    if not ids or len(ids) > withdrawals.MOST:
        reason = errors.TooManyWithdrawn(most=withdrawals.MOST) if ids else errors.NothingChosen()
        return _candidates(reason.sentence)  # with what was ticked
    return _step_page(ids, {})


def _step_page(
    ids: list[int], typed: Reasons, problems: forms.Problems | None = None, message: str = ""
) -> access.Reply:
    cases, problems = withdrawals.cases(ids), problems or {}
    looked_at = weeding.look_at([case.item for case in cases], today=clock.today())
    proposed = {each.item.id: each.reason for each in looked_at}
    if len(cases) < len(ids):
        abort(404)
    rows = [_case(case, typed, proposed[case.item.id]) for case in cases]
    names = {f"{field}-{row['id']}": row["name"] for row in rows for field in ("reason", "despite")}
    lines = [
        {"label": names.get(field, "除籍日"), "sentence": one.sentence, "anchor": field}
        for field, found in problems.items()
        for one in found
    ]
    return htmx.page(
        "desk/withdrawals/new.html",
        409 if message else 422 if problems else 200,
        rows=[row for row in rows if not row["refused"]],
        refused=[row for row in rows if row["refused"]],
        day=forms.FieldView("text", "day", "除籍日", typed.get("day", clock.today().isoformat())),
        every=forms.FieldView("choice", "every", "理由をまとめて選ぶ", typed.get("every"), _offered("資料ごとに選ぶ")),
        message=message,
        **forms.error_values(problems, lines),
    )


def _offered(none: str) -> tuple[tuple[str, str], ...]:
    return (("", none), *((word, word) for word in wording.WITHDRAWAL_REASONS))


def _case(case: withdrawals.Case, typed: Reasons, proposed: str) -> dict[str, Any]:
    item, number = case.item, case.item.id
    chosen = typed.get(f"reason-{number}", proposed)
    label = f"「{item.title.full_name}」の理由"
    return _copy(item) | {
        "acquired": dates.without_weekday(item.acquired_on),
        "price": "" if item.price is None else f"{item.price:,}円",
        "refused": [reason.sentence for reason in case.refusals],
        "waiting": case.waiting,
        "despite": f"despite-{number}" in typed,
        "is_last": case.is_last,
        "reason": forms.FieldView("choice", f"reason-{number}", label, chosen, _offered("選ぶ")),
    }


@bp.post("")
@access.staff_required
def withdraw() -> access.Reply:
    ids, typed = _chosen(request.form), request.form.to_dict()
    if not ids:
        return flash.leave(PAGE, refused=[errors.NothingChosen()])
    reasons = {each: typed.get("every") or typed.get(f"reason-{each}", "") for each in ids}
    despite = {each for each in ids if f"despite-{each}" in typed}

    def rule() -> list[Item]:
        day = days.read("day", typed.get("day", ""))
        return withdrawals.withdraw(reasons, day, despite=despite, **counter.acting())

    return _done(rule, "withdrawn", lambda problems, message: _step_page(ids, typed, problems, message))


def _done(rule: Callable[[], list[Item]], done: str, again: Callable[[Any, str], access.Reply]) -> access.Reply:
    """Carry out a rule and go to the withdrawn copies, or show the page ``again`` with what was refused."""
    try:
        rows = rule()
    except errors.RefusedTogether as together:
        return again(together.by_field, "")
    except errors.Refusals as refused:
        return again(None, refused.sentence)
    return flash.leave(GONE, done=done, n=len(rows))


# -- what went ---------------------------------------------------------------------------------------------------------
@bp.get("/withdrawn")
@access.staff_required
def withdrawn() -> access.Reply:
    return _withdrawn_page()


def _withdrawn_page(message: str = "", ticked: Iterable[int] = ()) -> access.Reply:
    gone = items.with_titles().where(Item.state == "withdrawn", holdings.is_own())
    listed = paging.cut(gone.order_by(Item.withdrawn_on.desc(nulls="LAST"), Item.id.desc()), SIZE, url_for(GONE))
    ticked = set(ticked)
    rows = [
        _copy(item)
        | {"day": dates.without_weekday(item.withdrawn_on), "reason": item.withdrawn_reason, "branch": item.branch.name}
        | {"former": wording.ITEM_STATES[item.former_state or "available"], "ticked": item.id in ticked}
        for item in listed["rows"]
    ]
    shown = {"several": _may_many(), "message": message, "messages": flash.take(GONE), "page_has_errors": bool(message)}
    return htmx.page("desk/withdrawals/withdrawn.html", 409 if message else 200, **listed | {"rows": rows} | shown)


@bp.post("/undo")
@access.staff_required(role="admin")
def take_back() -> access.Reply:
    """除籍を取り消す: give the ticked copies back the state they had."""
    ids = _chosen(request.form)

    def rule() -> list[Item]:
        if not ids:
            raise errors.Refusals([errors.NothingChosen()])
        return withdrawals.take_back(ids, **counter.acting())

    return _done(rule, "taken_back", lambda problems, message: _withdrawn_page(message, ids))
