"""家族: loans, holds and deadlines of the viewer and of those who agreed, in one list; renewing all of it."""

from datetime import date

from flask import request
from flask_login import current_user

from blueprints.my.family.blueprint import bp
from library import clock, errors, policy
from library.account import family_loans, undoing
from library.lending import loans, renewals
from library.lending.holds import hold_list
from library.patrons.family import ties
from models import FamilyTie, Loan, Patron
from web import access, flash, htmx
from web.forms import numbers, shown_renewals
from web.parts import stored_policy
from web.parts.rows import family_rows


# -- the list --------------------------------------------------------------------------------------------------------
@bp.get("", endpoint="index")
@access.patron_required
def index() -> access.Reply:
    """Show all by person and, where columns have no room, by day. Each look is written down for the children to see."""
    return _page(flash.take("family.index"))


def _page(messages: dict, status: int = 200) -> access.Reply:
    viewer, today = current_user.patron, clock.today()
    looked_at, rules = ties.of_viewer(viewer), stored_policy.read()
    family = family_rows.family_patrons(viewer, looked_at)
    found = _open_loans(viewer, looked_at)
    judged = renewals.Renewals(found, today=today, rules=rules, are_all=True, viewer=viewer)
    rows = family_rows.loan_rows(found, family, judged, today=today)
    rows += family_rows.hold_rows_of(_holds(viewer, looked_at, today, rules), family, today=today)
    plan = judged.together(family_loans.renewable(viewer, looked_at, found))
    ties.note_look(looked_at, today=today)
    return htmx.page(
        "family/index.html",
        status,
        has_family=bool(looked_at),
        members=family_rows.members(family, rows),
        days=family_rows.by_day(rows),
        undated=[row for row in rows if row["day"] is None and (row["kind"] == "loan" or not row["name"])],
        nearest=family_rows.nearest(rows, today=today),
        renewal=family_rows.together(plan, family, rows),
        has_cards=any(tie.may_card for tie in looked_at),
        undos=undoing.offers(viewer, "family", now=clock.now()),
        messages=messages,
    )


def _open_loans(viewer: Patron, looked_at: list[FamilyTie]) -> list[Loan]:
    """Return the loans of the viewer and the children; each has its patron set, which saves the rules a query."""
    everybody: dict[int | None, Patron] = {viewer.id: viewer}
    everybody |= {tie.child.id: tie.child for tie in looked_at if tie.child}
    found = loans.open_loans_of(everybody.values())
    for loan in found:
        loan.patron = everybody[loan.patron_id]
    return found


def _holds(viewer: Patron, looked_at: list[FamilyTie], today: date, rules: policy.Policy) -> list[hold_list.Row]:
    return hold_list.for_family([viewer, *(tie.child for tie in looked_at if tie.child)], today=today, rules=rules)


# -- renewing --------------------------------------------------------------------------------------------------------
@bp.post("/renewals")
@access.patron_required
def renew() -> access.Reply:
    """まとめて延長する: renew the loans that were shown, each to the day shown with it. Children who hide their titles have
    all renewed, or nothing. From My Library (``at=my``) the way leads back there.
    """
    until, whole = shown_renewals(), numbers("whole")
    try:
        if not until and not whole:
            raise errors.NothingChosen()
        outcomes = family_loans.renew_shown(current_user.patron, until, whole, now=clock.now())
    except (errors.NothingChosen, errors.FamilyRenewalNotLeft) as refused:
        return _page({"done": "refused", "why": refused.sentence}, 422)
    reasons = [reason for each in outcomes for reason in each.reasons]
    renewed = sum(not each.reasons for each in outcomes)
    if request.form.get("at") == "my":
        return flash.leave("my.index", renewed=renewed, refused=reasons[:1])
    not_renewed = len(outcomes) - renewed
    return flash.leave("family.index", done="renewed", refused=reasons[:1], renewed=renewed, not_renewed=not_renewed)
