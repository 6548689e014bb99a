"""カレンダー: closures, exceptional openings and rules. Days are pressed in a month; what their closure moves is counted
at once, and shown before it is saved.
"""

import calendar
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta

from flask import Blueprint, abort, request, url_for

from library import clock, dates, errors
from library.calendar import hours, opening
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
OTHER_MONTHS = (-1, 1, 2)  # that stand small below the month
_weeks = calendar.Calendar().monthdatescalendar
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
@counter.at_a_branch
def index() -> access.Reply:
    span = _pressed()
    first, last = [day.isoformat() for day in span] or ("", "")
    form = DaysForm(
        formdata=None, kind="closed", branch=str(_branch().id), first=first, last=last if last > first else ""
    )
    return _page(form, RuleForm(formdata=None), span)


def _page(form: DaysForm | RuleForm, other: RuleForm | DaysForm, span: Sequence[date] = ()) -> access.Reply:
    """Return the page with both forms. ``form``: the one that was sent, where one was; ``span``: chosen days."""
    rules = ClosingRule.select().order_by(ClosingRule.branch, ClosingRule.id)
    return form.page(
        "desk/calendar/index.html",
        messages=flash.take(PAGE),
        form=form.views() | other.views(),
        **_month(_branch(), span),
        chosen=_chosen(_branch(), span) if span else None,
        singles=_singles(),
        rules=[{"id": row.id, "branch": row.branch and row.branch.name, "rule": row.rule} for row in rules],
        week=_weekly(),
        shifts=stored_policy.read().get("holidays_shift"),
    )


def _weekly() -> list[dict]:
    """Return the weekdays on which branches are closed, those that are alike together; all of them without names."""
    alike = {}
    for row in stored_policy.branches_in_order():
        alike.setdefault("".join(sorted(row.closed_weekdays)), []).append(row.name)
    return [
        {"branches": names if len(alike) > 1 else [], "days": [dates.WEEKDAYS[int(day)] for day in days]}
        for days, names in alike.items()
    ]


# -- the month ---------------------------------------------------------------------------------------------------------
def _branch() -> Branch:
    """Return the branch whose month is shown: the one asked for, else that of this desk."""
    asked = request.args.get("branch", "")
    return next((row for row in stored_policy.branches_in_order() if str(row.id) == asked), counter.here())


def _day_of(name: str) -> date | None:
    """Return a day of the address; None for another text, or a month outside of the calendar."""
    with suppress(ValueError):
        day = date.fromisoformat(request.args.get(name, ""))
        return day if day.year in YEARS else None
    return None


def _pressed() -> Sequence[date]:
    """Return the first and last chosen day, after the press of a day; () for none.

    The day after one begins a span with it; the only one chosen is let go; after a span it begins anew.
    """
    first, last, day = map(_day_of, ("first", "last", "day"))
    if first is None or last is None or not first <= last < first + timedelta(days=LONGEST):
        return (day, day) if day else ()
    if day is None:
        return first, last
    if first < last:
        return day, day
    return () if day == first else (min(first, day), max(first, day))


def _month(branch: Branch, span: Sequence[date]) -> dict:
    asked, day = request.args.get("month", ""), None
    with suppress(ValueError):
        day = date.fromisoformat(f"{asked}-01")
    first = dates.first_of_month(day if day and day.year in YEARS else span[0] if span else clock.today())
    opens, kept = opening.calendar_of(branch, stored_policy.read()), {"branch": branch.id, **_span_values(span)}
    singles = {row.day: row for row in ClosedDay.select().where(ClosedDay.branch == branch)}
    months = [(f"{month:%Y-%m}", month) for month in (dates.first_of_month(first, by) for by in OTHER_MONTHS)]
    urls = {text: url_for(PAGE, month=text, **kept) for text, month in months if month.year in YEARS}
    return {
        "branch": branch.name,
        "branches": [(row.id, row.name, row.id == branch.id) for row in stored_policy.branches_in_order()],
        "month": first,
        "kept": {"month": f"{first:%Y-%m}", **_span_values(span)},
        "weeks": [
            [_cell(day, branch, opens, singles.get(day), span) if day.month == first.month else None for day in week]
            for week in _weeks(first.year, first.month)
        ],
        "others": [
            (month, urls[text], [[(day.day, opens.is_open(day)) if day.month == month.month else None for day in week]
             for week in _weeks(month.year, month.month)])
            for text, month in months if text in urls
        ],
        "before_url": urls.get(months[0][0]),
        "after_url": urls.get(months[1][0]),
        "without_url": url_for(PAGE, month=f"{first:%Y-%m}", branch=branch.id),
    }  # fmt: skip


def _span_values(span: Sequence[date]) -> dict[str, str]:
    return {name: day.isoformat() for name, day in zip(("first", "last"), span, strict=False)}


def _cell(day: date, branch: Branch, opens: opening.Calendar, single: ClosedDay | None, span: Sequence[date]) -> dict:
    is_open, is_picked = opens.is_open(day), bool(span) and span[0] <= day <= span[1]
    looks = ["picked" if is_picked else "", "extra" if single and is_open else "" if is_open else "shut"]
    return {
        "day": day,
        "looks": [look for look in looks if look],
        "weekend": opening.weekend(day),
        "holiday": opening.holiday(day),
        "word": "休館" if not is_open else "臨時開館" if single else "",
        "why": single.note if single else "" if is_open else opens.rule_on(day) or _weekly_word(branch, day),
        "hours": hours.text_on(branch, day) if is_open and (single or opening.holiday(day)) else "",
        "is_pressed": is_picked,
        "is_last_pressed": _day_of("day") == day,
    }


def _weekly_word(branch: Branch, day: date) -> str:
    return f"{dates.WEEKDAYS[day.weekday()]}曜" if str(day.weekday()) in branch.closed_weekdays else "祝日の代わり"


def _chosen(branch: Branch, span: Sequence[date]) -> dict:
    """Return the chosen days in words, with what their closure at this branch would move."""
    chosen = days.between(span[0], span[1])
    words = {"words": _span_words(span[0], span[1]), "count": len(chosen)}
    try:
        moves = closures.preview([branch], chosen, today=clock.today())
    except errors.NeverOpen as refusal:
        return words | {"refused": refusal.sentence}
    found = [("返却期限", "点", moves.due_dates), ("取り置きの期限", "件", moves.deadlines)]
    return words | {
        "moves": [(word, f"{len(rows)}{unit}", _moved_to([each.after for each in rows])) for word, unit, rows in found],
        "letters": closures.letters(moves),
    }


def _moved_to(found: Sequence[date]) -> str:
    """Return the day to which all are moved in words, or the last of several."""
    text = dates.with_weekday(max(found), year=False) if found else ""
    return text and text + ("へ" if len(set(found)) == 1 else "までに")


# -- what is entered ---------------------------------------------------------------------------------------------------
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
@counter.at_a_branch
def change_days() -> access.Reply:
    """Show at the first press what a closure moves; carry it out at the second (``sure``)."""
    form = DaysForm()
    moves = form.submit(lambda: _change_days(form), at="branch")
    if form.problems:
        return _page(form, RuleForm(formdata=None))
    first, last = _span(form)
    if moves is None:
        at = {"month": f"{first:%Y-%m}", "branch": form.chosen()[0].id}
        return flash.leave(PAGE, at, done=form.kind.data, words=_span_words(first, last))
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
@counter.at_a_branch
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
