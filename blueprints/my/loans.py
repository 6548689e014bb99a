"""借りている資料: the patron's loans, their due dates and the mails before them; renewing."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, abort, request
from flask_login import current_user

from library import clock, dates, errors, policy
from library.account import undoing
from library.language import quoted, sentences
from library.lending import loans, notices, renewals, troubles
from library.lending.holds import hold_list
from library.mail import push
from library.patrons import patrons
from models import Item, Loan, Patron, Title
from web import access, flash, htmx
from web.forms import shown_renewals
from web.parts import actions, stored_policy, title_rows

bp = Blueprint("loans", __name__)


# -- the list --------------------------------------------------------------------------------------------------------
@bp.get("")
@access.patron_required
def index() -> access.Reply:
    patron, today = current_user.patron, clock.today()
    open_loans = loans.open_loans(patron)
    waiting = hold_list.waiting_by_title({loan.item.title.id for loan in open_loans})
    rules, answer = stored_policy.read(), flash.take("loans.index")
    undos = undoing.offers(patron, "renewals", now=clock.now())
    lately = {number for undo in undos for number in undo.loans}
    judged = renewals.Renewals(open_loans, today=today, rules=rules, are_all=True)
    rows = [_row(loan, patron, judged, waiting, answer, today) for loan in open_loans]
    for row in rows if len(answer.get("each", {})) != 1 else ():
        row["answer"] = row["id"] in lately or row["answer"]
    _add_reminders(rows, patron, open_loans, today)
    return htmx.page(
        "loans/index.html",
        loans=rows,
        count=len(rows),
        renewable=sum(not row["reasons"] for row in rows),
        renewable_together=sum(not row["reasons"] and not row["alone"] for row in rows),
        can_borrow=loans.loans_left(patron, open_loans, today=today, rules=rules),
        blocked=_blocked(patron, open_loans, rules, today),
        messages=_messages(answer, rows),
        undos=undos,
        today=today,
    )


def _row(
    loan: Loan, patron: Patron, judged: renewals.Renewals, waiting: Mapping[int, int], answer: dict, today: date
) -> dict:
    loan.patron = patron  # known, so that the rules need not ask for it with each loan
    reasons = [reason.sentence for reason in judged.refusals(loan)]
    alone = [] if reasons else judged.together_refusals(loan)
    return title_rows.facts(loan.item.title) | {
        "id": loan.id,
        "branch": loan.branch.name,
        "lent_on": loan.lent_on,
        "due_on": loan.due_on,
        "level": _level(loan, today),
        "trouble": loan.trouble,
        "days_left": dates.days_left(loan.due_on, today),
        "is_borrowed": loan.item.owner_id is not None,
        "renewals_left": judged.left(loan),
        "waiting": waiting.get(loan.item.title.id, 0),
        "reasons": reasons,
        "would_be": None if reasons else judged.due(loan),
        "alone": sentences.Joined(reason.sentence for reason in alone),
        "may_claim": loans.is_overdue(loan, today=today) and not loan.trouble,
        "answer": answer.get("each", {}).get(str(loan.id)),
        "left_out": loan.id in answer.get("left_out", ()),
    }


def _level(loan: Loan, today: date) -> str:
    if loan.trouble:
        return "out"
    days = (loan.due_on - today).days
    return "late" if days < 0 else "soon" if days <= loans.SOON_DAYS else "out"


def _add_reminders(rows: list[dict], patron: Patron, open_loans: list[Loan], today: date) -> None:
    """Add to each row when and where its due date is announced, or why not; "" for an unsettled loan."""
    preference, addresses = patrons.preferences(patron)["due"], patrons.addresses(patron)
    to_phone = any(device.due for device in push.of_patron(patron))
    reminders = notices.reminders(patron, open_loans, preference, addresses, to_phone=to_phone, today=today)
    for row, loan in zip(rows, open_loans, strict=True):
        row["reminder"] = "" if loan.trouble else reminders[loan.id].sentence


def _blocked(patron: Patron, open_loans: list[Loan], rules: policy.Policy, today: date) -> str | None:
    """Return the code of what keeps the patron from borrowing; None when nothing does."""
    if patron.state == "suspended":
        return "suspended"
    if not patrons.may_borrow(patron, today=today):
        return "expired"
    return "overdue" if loans.overdue_refusals(open_loans, today=today, rules=rules) else None


def _messages(answer: dict, rows: list[dict]) -> dict:
    """Return the message of the form that was sent, in one line; each row has its own words."""
    if "claimed" in answer:
        return {"done": "claimed", "name": next((row["name"] for row in rows if row["id"] == answer["claimed"]), "")}
    refused = quoted.titles([row["name"] for row in rows if row["answer"] is False])
    renewed = any(answer.get("each", {}).values())
    return answer | {"renewed": renewed, "refused": refused, "left_out": _left_out(rows)}


def _left_out(rows: list[dict]) -> list[tuple[str, str]]:
    """Return the names of what すべて延長する left out, by the reason why; the rows tell of each."""
    names = {}
    for row in rows:
        if row["left_out"]:
            names.setdefault(row["alone"], []).append(row["name"])
    return [(quoted.titles(named), reason) for reason, named in names.items()]


# -- renewing --------------------------------------------------------------------------------------------------------
@bp.post("/<row_id:loan_id>/renewal")
@access.patron_required
def renew(loan_id: int) -> access.Reply:
    """延長: renew one loan, from this list or from a list of titles."""
    loan = _mine(loan_id)
    found = renewals.renew_all([loan], now=clock.now(), by="patron")
    if actions.list_page():
        reasons = [reason for answer in found for reason in answer.reasons]
        return actions.answer(loan.item.title_id, "refused" if reasons else "renewed", refused=reasons)
    return _flashed(found)


@bp.post("/renewals")
@access.patron_required
def renew_several() -> access.Reply:
    """延長 of the ticked loans, or of all; each row tells its outcome."""
    everything, together = loans.open_loans(current_user.patron), "all" in request.form
    if together:
        chosen = everything
    else:
        wanted = set(request.form.getlist("loan"))
        chosen = [loan for loan in everything if str(loan.id) in wanted]
        if len(chosen) < len(wanted):
            abort(404)
    return _flashed(renewals.renew_all(chosen, now=clock.now(), by="patron", together=together))


@bp.post("/renewals/shown")
@access.patron_required
def renew_shown() -> access.Reply:
    """延長する of My Library: renew the loans that were shown, each to the day shown with it."""
    until = shown_renewals()
    mine = list(Loan.select().where(Loan.id.in_(list(until)), Loan.patron == current_user.patron))
    if len(mine) < len(until):
        abort(404)
    found = renewals.renew_shown(mine, until, now=clock.now(), by="patron")
    reasons = [reason for each in found for reason in each.reasons] if found else [errors.NothingChosen()]
    return flash.leave("my.index", renewed=any(not each.reasons for each in found), refused=reasons[:1])


def _flashed(found: list[renewals.Outcome]) -> access.Reply:
    left_out = [answer.loan.id for answer in found if _gains_little(answer)]
    each = {str(answer.loan.id): not answer.reasons for answer in found if not _gains_little(answer)}
    return flash.leave(
        "loans.index", done="renewed", each=each, left_out=left_out, refused=[] if found else [errors.NothingChosen()]
    )


def _gains_little(answer: renewals.Outcome) -> bool:
    return any(isinstance(reason, errors.RenewalGainsLittle) for reason in answer.reasons)


@bp.get("/<row_id:loan_id>/claim")
@access.patron_required
def ask_claim(loan_id: int) -> access.Reply:
    """Show what 返しました does, before it is said."""
    loan = _mine(loan_id)
    return htmx.page("loans/claim.html", id=loan.id, name=loan.item.title.full_name)


@bp.post("/<row_id:loan_id>/claim")
@access.patron_required
def claim(loan_id: int) -> access.Reply:
    """返しました: tell the desk that a loan was returned, so that it looks on the shelf."""
    loan = _mine(loan_id)
    troubles.claim_returned(loan, by="patron", now=clock.now())
    return flash.leave("loans.index", claimed=loan.id)


def _mine(loan_id: int) -> Loan:
    """Return an open loan of this patron; 404 without one."""
    mine = (Loan.id == loan_id) & (Loan.patron == current_user.patron) & Loan.returned_on.is_null()
    return access.mine_or_404(Loan.select(Loan, Item, Title).join(Item).join(Title).where(mine))
