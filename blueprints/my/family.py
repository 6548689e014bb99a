"""家族のカード: whose loans and holds a patron looks at, who looks at theirs, asking, answering and ending it."""

from flask import Blueprint, redirect, url_for
from flask_login import current_user

from library import clock, dates
from library.lending import loans
from library.lending.holds import hold_list, hold_states
from library.people import family
from models import FamilyTie
from web import access, flash, forms, htmx
from web.parts import card_numbers, title_rows

bp = Blueprint("family", __name__)


class AskForm(forms.Form):
    family_number = forms.Text("カードの番号", maximum=100)


# -- the list --------------------------------------------------------------------------------------------------------
@bp.get("")
@access.patron_required
def index():
    answer = flash.take("family")
    tie = FamilyTie.get_or_none(family.touching(current_user.patron), FamilyTie.id == answer.get("tie"))
    return _page(AskForm(formdata=None), messages=answer | {"name": tie.viewer.name if tie else ""})


def _page(form, messages=None):
    patron = current_user.patron
    around = family.onlookers(patron)
    return form.page(
        "family/index.html",
        looked_at=[_named(tie, tie.child) for tie in family.looked_at(patron)],
        asked_for=[{"id": tie.id, "number": tie.number, "day": _until(tie)} for tie in family.asked_for(patron)],
        onlookers=[_named(tie, tie.viewer) for tie in around if tie.agreed_at],
        asking=[_named(tie, tie.viewer) for tie in around if not tie.agreed_at],
        most=family.MOST,
        days=family.ASKED_KEPT.days,
        messages=messages,
        card_field=card_numbers.field(),
    )


def _named(tie, patron):
    return {
        "id": tie.id,
        "name": patron.name,
        "number": patron.card_number,
        "day": clock.day_of(tie.agreed_at) if tie.agreed_at else _until(tie),
    }


def _until(tie):
    return clock.day_of(tie.asked_at + family.ASKED_KEPT)


def _back_with(done, tie=None):
    flash.keep("family", done=done, tie=tie and tie.id)
    return redirect(url_for("family.index"), 303)


# -- asking, answering, ending ---------------------------------------------------------------------------------------
@bp.post("")
@access.patron_required
def ask():
    """The answer is the same whether there is such a card or not."""
    form = AskForm()
    form.submit(lambda: family.ask(current_user.patron, form.family_number.data, now=clock.now()), at="family_number")
    return _page(form) if form.problems else _back_with("asked")


@bp.post("/<row_id:tie_id>/agreement")
@access.patron_required
def agree(tie_id):
    tie = _mine(tie_id, family.asked_of(current_user.patron))
    family.agree(tie, now=clock.now())
    return _back_with("agreed", tie)


@bp.post("/<row_id:tie_id>/end")
@access.patron_required
def end(tie_id):
    """やめる, ことわる, 取り下げる: whichever side it is."""
    tie = _mine(tie_id, family.touching(current_user.patron))
    family.end(tie, current_user.patron, now=clock.now())
    if tie.agreed_at:
        return _back_with("ended")
    return _back_with("taken_back" if tie.viewer_id == current_user.patron.id else "declined")


def _mine(tie_id, mine):
    return access.mine_or_404(FamilyTie.select().where(FamilyTie.id == tie_id, mine))


# -- one card --------------------------------------------------------------------------------------------------------
@bp.get("/<row_id:tie_id>")
@access.patron_required
def show(tie_id):
    """Show what is out and on hold on the card of the child; to be looked at only, and nothing else of it."""
    tie, today = _mine(tie_id, family.seen_by(current_user.patron)), clock.today()
    held = [
        row
        for row in hold_list.for_patron(tie.child, today=today)
        if row.hold.state in hold_states.OPEN and not row.hold.cancel_at
    ]
    return htmx.page(
        "family/card.html",
        name=tie.child.name,
        number=tie.child.card_number,
        tie_id=tie.id,
        today=today,
        loans=[_loan(loan, today) for loan in loans.open_loans(tie.child)],
        holds=[_hold(row) for row in held],
    )


def _loan(loan, today):
    left = (loan.due_on - today).days
    level = "late" if loans.is_overdue(loan, today=today) else "soon" if 0 <= left <= loans.SOON_DAYS else "out"
    return title_rows.facts(loan.item.title) | {
        "branch": loan.branch.name,
        "due_on": loan.due_on,
        "level": level,
        "days_left": dates.days_left(loan.due_on, today),
    }


def _hold(row):
    hold = row.hold
    return title_rows.facts(hold.title) | {
        "branch": hold.pickup_branch.name,
        "words": row.words,
        "shape": title_rows.HOLD_SHAPES[hold.state],
    }
