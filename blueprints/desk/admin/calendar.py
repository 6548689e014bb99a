"""カレンダー: closures, exceptional openings and rules. The days that a closure moves are shown before it is saved."""

from datetime import date, timedelta

from flask import Blueprint, abort, request, url_for

from library import clock, dates, errors, policy
from library.calendar import opening
from library.lending import closures
from models import Branch, ClosedDay, ClosingRule
from web import access, flash, forms
from web.desk import counter, days, moves as moves_page
from web.desk.fields import EVERY, BranchField
from web.parts import stored_policy

bp = Blueprint("calendar", __name__)
PAGE = "desk.calendar.index"
LONGEST = 366  # days of one closure
YEARS = range(2000, 2200)  # that a calendar has room for
KINDS = {"closed": "休館", "open": "臨時開館"}


class DaysForm(forms.Form):
    branch = BranchField("館", (EVERY,))
    kind = forms.Radio("開館・休館", KINDS.items())
    first = forms.Text("いつから", maximum=40)
    last = forms.Text("いつまで", maximum=40)
    note = forms.Text("理由", maximum=100)

    def chosen(self) -> list[Branch]:
        """Return the branches that are meant."""
        one = self.branch.branch()
        return [one] if one else stored_policy.branches_in_order()


class RuleForm(forms.Form):
    rule_branch = BranchField("館", (EVERY,))
    rule = forms.Text("定休日", maximum=100)


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    return _page(DaysForm(formdata=None, kind="closed"), RuleForm(formdata=None))


def _page(form: DaysForm | RuleForm, other: RuleForm | DaysForm) -> access.Reply:
    """Return the page with both forms. ``form``: the one that was sent, where one was."""
    rules = ClosingRule.select().order_by(ClosingRule.branch, ClosingRule.id)
    return form.page(
        "desk/calendar/index.html",
        messages=flash.take(PAGE),
        form=form.views() | other.views(),
        singles=_singles(),
        rules=[{"id": row.id, "branch": row.branch and row.branch.name, "rule": row.rule} for row in rules],
        week=[
            {"branch": row.name, "days": [dates.WEEKDAYS[int(day)] for day in sorted(row.closed_weekdays)]}
            for row in stored_policy.branches_in_order()
        ],
        shifts=policy.get("holidays_shift"),
    )


def _singles() -> list[dict]:
    """Return the single days from today on: neighbours together, and branches that have the same."""
    rows = ClosedDay.select(ClosedDay, Branch).join(Branch).where(ClosedDay.day >= clock.today())
    spans = {}
    for row in rows.order_by(Branch.position, Branch.id, ClosedDay.open, ClosedDay.note, ClosedDay.day):
        before = spans.setdefault((row.branch.id, row.open, row.note), [])
        if before and before[-1][1] + timedelta(days=1) == row.day:
            before[-1][1] = row.day
        else:
            before.append([row.day, row.day])
    alike = {}
    for (branch, is_open, note), found in spans.items():
        for first, last in found:
            alike.setdefault((first, last, is_open, note), []).append(branch)
    spans_alike = sorted(alike.items(), key=lambda each: each[0][:3])
    return [_single(first, last, is_open, note, at) for (first, last, is_open, note), at in spans_alike]


def _single(first: date, last: date, is_open: bool, note: str, branch_ids: list[int]) -> dict:
    listed = stored_policy.branches_in_order()
    names = [row.name for row in listed if row.id in branch_ids]
    return {
        "first": first,
        "last": last,
        "words": _span_words(first, last),
        "kind": KINDS["open" if is_open else "closed"],
        "note": note,
        "branches": [] if len(names) == len(listed) > 1 else names,
        "branch_ids": branch_ids,
    }


def _span_words(first: date, last: date) -> str:
    return dates.with_weekday(first) + (f" 〜 {dates.with_weekday(last)}" if last > first else "")


# -- days ------------------------------------------------------------------------------------------------------------
@bp.post("/days")
@access.staff_required(role="admin")
def change_days() -> access.Reply:
    """Show at the first press what a closure moves; carry it out at the second (``sure``)."""
    form = DaysForm()
    moves = form.submit(lambda: _change_days(form), at="branch")
    if form.problems:
        return _page(form, RuleForm(formdata=None))
    first, last = _span(form)
    if moves is None:
        return flash.leave(PAGE, done=form.kind.data, words=_span_words(first, last))
    closure = {"branches": [row.name for row in form.chosen()], "words": _span_words(first, last)}
    typed = form.typed() | {"first": first.isoformat(), "last": last.isoformat(), "note": form.note.data.strip()}
    return moves_page.page(moves, url_for("desk.calendar.change_days"), typed, closure=closure)


def _span(form: DaysForm) -> tuple[date, date]:
    return days.read_span(form.first.data, form.last.data or form.first.data, longest=LONGEST, years=YEARS)


def _change_days(form: DaysForm) -> closures.Moves | None:
    """Change the days, or return the moves that the change would make."""
    chosen, span, note = form.chosen(), days.between(*_span(form)), form.note.data.strip()
    if form.kind.data == "open":
        closures.open_on(chosen, span, note=note, **counter.acting())
    elif request.form.get("sure"):
        closures.close(chosen, span, note=note, **counter.acting())
    else:
        return closures.preview(chosen, span, today=clock.today())
    return None


@bp.post("/take-back")
@access.staff_required(role="admin")
def take_back_days() -> access.Reply:
    """Make single days what they were before they were entered. Moves nothing."""
    chosen = [
        row for row in stored_policy.branches_in_order() if str(row.id) in request.form.get("branches", "").split()
    ]
    try:
        typed = (request.form.get(name, "") for name in ("first", "last"))
        first, last = days.read_span(*typed, longest=LONGEST, years=YEARS)
    except errors.RefusedTogether:
        abort(422)
    if not chosen:
        abort(422)
    closures.remove_days(chosen, days.between(first, last), **counter.acting())
    return flash.leave(PAGE, done="taken_back", words=_span_words(first, last))


# -- rules -----------------------------------------------------------------------------------------------------------
@bp.post("/rules")
@access.staff_required(role="admin")
def add_rule() -> access.Reply:
    """Show at the first press what a closing rule moves; add it at the second (``sure``)."""
    form = RuleForm()
    branch = form.rule_branch.branch()
    moves = form.submit(lambda: _add_rule(branch, form.rule.data), at="rule")
    if form.problems:
        return _page(form, DaysForm(formdata=None, kind="closed"))
    if moves is None:
        return flash.leave(PAGE, done="rule_added", words=opening.rule_of(form.rule.data).text)
    rule = {"branch": branch and branch.name, "words": opening.rule_of(form.rule.data).text}
    return moves_page.page(moves, url_for("desk.calendar.add_rule"), form.typed(), rule=rule)


def _add_rule(branch: Branch | None, text: str) -> closures.Moves | None:
    """Add the rule, or return the moves that it would make."""
    if not request.form.get("sure"):
        return closures.preview_rule(branch, text, today=clock.today())
    closures.add_rule(branch, text, **counter.acting())
    return None


@bp.post("/rules/<row_id:rule_id>/remove")
@access.staff_required(role="admin")
def remove_rule(rule_id: int) -> access.Reply:
    """Delete a closing rule; no day is moved back by it."""
    row = access.row_or_404(ClosingRule, rule_id)
    closures.remove_rule(row.branch, row.rule, **counter.acting())
    return flash.leave(PAGE, done="rule_removed", words=row.rule)
