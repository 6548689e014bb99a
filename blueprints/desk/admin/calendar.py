"""カレンダー: closures, exceptional openings and rules; what a closure moves is shown before it is saved."""

from datetime import timedelta

from flask import Blueprint, abort, redirect, request
from flask_login import current_user

from library import branches, clock, dates, errors, policy
from library.calendar import opening
from library.lending import closures
from models import Branch, ClosedDay, ClosingRule
from web import access, forms, htmx
from web.links import url_for

bp = Blueprint("calendar", __name__)

LONGEST = 366  # days of one closure
YEARS = range(2000, 2200)  # that a calendar is kept for
SHOWN = 30  # moved days that are listed
KINDS = {"closed": "休館", "open": "臨時開館"}
EVERY = "all"


class DaysForm(forms.Form):
    branch = forms.Choice("館")
    kind = forms.Radio("開館・休館", KINDS.items())
    first = forms.Text("いつから", maximum=40)
    last = forms.Text("いつまで", maximum=40)
    note = forms.Text("理由", maximum=100)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.branch.offer([(EVERY, "すべての館"), *((row.id, row.name) for row in branches.in_order())])

    def chosen(self):
        """The branches that are meant."""
        return [row for row in branches.in_order() if self.branch.data in (EVERY, str(row.id))]

    def days(self):
        """From the first day to the last; RefusedTogether by field."""
        first, last = _day("first", self.first.data), _day("last", self.last.data or self.first.data)
        if not first <= last < first + timedelta(days=LONGEST):
            raise errors.RefusedTogether({"last": [errors.SpanImpossible(days=LONGEST)]})
        return [first + timedelta(days=distance) for distance in range((last - first).days + 1)]


class RuleForm(forms.Form):
    rule_branch = forms.Choice("館")
    rule = forms.Text("きまり", maximum=100)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rule_branch.offer([(EVERY, "すべての館"), *((row.id, row.name) for row in branches.in_order())])

    def chosen(self):
        return next((row for row in branches.in_order() if self.rule_branch.data == str(row.id)), None)


def _day(name, text):
    try:
        day = dates.parse(text)
        if day.year not in YEARS:
            raise ValueError(text)
        return day
    except ValueError:
        raise errors.RefusedTogether({name: [errors.DateMalformed() if text else errors.FieldEmpty()]}) from None


def _by():
    return {"by": f"staff:{current_user.staff.login}", "now": clock.now()}


@bp.get("")
@access.staff_required(role="admin")
def index():
    return _calendar_page()


def _calendar_page(form=None, rule_form=None, problems=None, status=None):
    form, rule_form = form or DaysForm(formdata=None, kind="closed"), rule_form or RuleForm(formdata=None)
    return htmx.page(
        "desk/calendar/index.html",
        status or (422 if problems else 200),
        form=form.faces() | rule_form.faces(),
        problems=problems or {},
        page_has_errors=bool(problems),
        summary=forms.summary(problems or {}),
        singles=_singles(),
        rules=[
            {"id": row.id, "branch": row.branch.name if row.branch else "すべての館", "rule": row.rule}
            for row in ClosingRule.select().order_by(ClosingRule.branch, ClosingRule.id)
        ],
        week=[
            {
                "branch": row.name,
                "days": "・".join(dates.WEEKDAYS[int(day)] for day in sorted(row.closed_weekdays)) or "なし",
            }
            for row in branches.in_order()
        ],
        shifts=policy.get("holidays_shift"),
    )


def _singles():
    """Single days from today on: neighbours together, and branches that have the same."""
    rows = ClosedDay.select(ClosedDay, Branch).join(Branch).where(ClosedDay.day >= clock.today())
    spans = {}
    for row in rows.order_by(Branch.position, Branch.id, ClosedDay.open, ClosedDay.note, ClosedDay.day):
        of_branch = spans.setdefault((row.branch.id, row.open, row.note), [])
        if of_branch and of_branch[-1][1] + timedelta(days=1) == row.day:
            of_branch[-1][1] = row.day
        else:
            of_branch.append([row.day, row.day])
    alike = {}
    for (branch, is_open, note), found in spans.items():
        for first, last in found:
            alike.setdefault((first, last, is_open, note), []).append(branch)
    return [_single(*what, held) for what, held in sorted(alike.items(), key=lambda each: each[0][:3])]


def _single(first, last, is_open, note, held):
    listed = branches.in_order()
    names = [row.name for row in listed if row.id in held]
    return {
        "first": first,
        "last": last,
        "words": _span_words(first, last),
        "kind": KINDS["open" if is_open else "closed"],
        "note": note,
        "branches": "すべての館" if len(names) == len(listed) > 1 else "・".join(names),
        "branch_ids": held,
    }


def _span_words(first, last):
    return dates.with_weekday(first) + (f" 〜 {dates.with_weekday(last)}" if last > first else "")


@bp.post("/days")
@access.staff_required(role="admin")
def change_days():
    """The first press shows what it moves; the second (``sure``) does it."""
    form = DaysForm()
    problems = forms.refused(form)
    if not problems:
        try:
            return _changed(form, form.days())
        except errors.RefusedTogether as refused:
            problems = refused.by_field
        except errors.NeverOpen as refusal:
            problems = {"branch": [refusal]}
    return _calendar_page(form, problems=problems)


def _changed(form, days):
    chosen, note = form.chosen(), form.note.data.strip()
    if form.kind.data == "open":
        closures.open_on(chosen, days, note=note, **_by())
    elif request.form.get("sure"):
        closures.close(chosen, days, note=note, **_by())
    else:
        moves = closures.preview(chosen, days, today=clock.today())
        fields = {
            "branch": form.branch.data,
            "kind": "closed",
            "first": days[0].isoformat(),
            "last": days[-1].isoformat(),
            "note": note,
        }
        what = f"{'・'.join(row.name for row in chosen)}を {_span_words(days[0], days[-1])} 休館にします。"
        return _moves_page(what, moves, url_for("desk.calendar.change_days"), fields)
    return redirect(url_for("desk.calendar.index"), 303)


def _moves_page(what, moves, action, fields):
    listed = [*moves.due_dates, *moves.deadlines]
    return htmx.page(
        "desk/calendar/moves.html",
        what=what,
        due_dates=len(moves.due_dates),
        deadlines=len(moves.deadlines),
        told=moves.told,
        moved=[_moved(each, each in moves.due_dates) for each in listed[:SHOWN]],
        more=max(0, len(listed) - SHOWN),
        action=action,
        fields=list(fields.items()),
    )


def _moved(each, is_loan):
    return {
        "what": "返却期限" if is_loan else "取置期限",
        "card_number": each.of.patron.card_number,
        "before": dates.with_weekday(each.before, year=False),
        "after": dates.with_weekday(each.after, year=False),
    }


@bp.post("/take-back")
@access.staff_required(role="admin")
def take_back_days():
    """Single days as if they had not been entered. Moves nothing."""
    chosen = [row for row in branches.in_order() if str(row.id) in request.form.get("branches", "").split()]
    try:
        first, last = (_day("first", request.form.get(name, "")) for name in ("first", "last"))
    except errors.RefusedTogether:
        abort(422)
    if not chosen or not first <= last < first + timedelta(days=LONGEST):
        abort(422)
    days = [first + timedelta(days=distance) for distance in range((last - first).days + 1)]
    closures.take_back(chosen, days, **_by())
    return redirect(url_for("desk.calendar.index"), 303)


@bp.post("/rules")
@access.staff_required(role="admin")
def add_rule():
    form = RuleForm()
    problems = forms.refused(form)
    if not problems:
        branch = form.chosen()
        try:
            if request.form.get("sure"):
                closures.add_rule(branch, form.rule.data, **_by())
                return redirect(url_for("desk.calendar.index"), 303)
            moves = closures.preview_rule(branch, form.rule.data, today=clock.today())
            fields = {"rule_branch": form.rule_branch.data, "rule": form.rule.data}
            what = f"{branch.name if branch else 'すべての館'}の休館日に「{opening.rule_of(form.rule.data).text}」を加えます。"
            return _moves_page(what, moves, url_for("desk.calendar.add_rule"), fields)
        except errors.Refused as refusal:
            problems = {"rule": [refusal]}
    return _calendar_page(rule_form=form, problems=problems)


@bp.post("/rules/<int(max=2147483647):rule_id>/remove")
@access.staff_required(role="admin")
def remove_rule(rule_id):
    row = access.row_or_404(ClosingRule, rule_id)
    closures.remove_rule(row.branch, row.rule, **_by())
    return redirect(url_for("desk.calendar.index"), 303)
