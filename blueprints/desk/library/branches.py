"""館: entering, changing and ordering branches; 閉館する closes one. Days and copies that move are shown before."""

from typing import Any

from flask import Blueprint, abort, request, url_for

from library import branches, clock, dates
from library.calendar import hours
from library.lending import closures
from library.site import branch_editing, week
from models import Branch
from web import access, flash, forms, htmx
from web.desk import counter, moves
from web.desk.fields import BranchField

bp = Blueprint("branches", __name__)
PAGE = "desk.branches.index"


class BranchForm(forms.Form):
    code = forms.Text("館コード", maximum=40)
    name = forms.Text("館名", maximum=60)
    name_kana = forms.Text("カナ", maximum=100)
    postal_code = forms.Text("郵便番号", maximum=20)
    address = forms.Text("住所")
    phone = forms.Text("電話番号", maximum=40)
    map_url = forms.Text("地図のリンク", maximum=1000)
    pickup = forms.Tick("受取館にする")


DAYS = {day: name if day == hours.HOLIDAY else f"{name}曜日" for day, name in hours.DAYS.items()}
for _day, _name in DAYS.items():
    for _place, _names in enumerate(week.spans(_day), start=1):
        for _field, _end in zip(_names, ("開く", "閉める"), strict=True):
            setattr(BranchForm, _field, forms.Text(f"{_name}の{_place}つ目の{_end}時刻", maximum=20))
    if _day in week.WEEKDAYS:
        setattr(BranchForm, week.closed(_day), forms.Tick(f"{_name}は毎週休館"))


class ClosingForm(forms.Form):
    target = BranchField("移す先の館", (("", "選んでください"),))


# -- all of them -----------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    listed = branches.with_given_up()
    open_ones = [row for row in listed if row.closed_on is None]
    return htmx.page(
        "desk/branches/index.html",
        messages=flash.take(PAGE),
        rows=[_row(row) for row in open_ones],
        closed=[_closed_row(row) for row in listed if row.closed_on],
    )


def _closed_row(row: Branch) -> dict:
    return {
        "name": row.name,
        "code": row.code,
        "on": row.closed_on,
        "action": url_for("desk.branches.reopen", branch_id=row.id),
    }


def _row(row: Branch) -> dict:
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "hours": hours.in_general(row),
        "week": "・".join(dates.WEEKDAYS[int(day)] for day in row.closed_weekdays),
        "pickup": row.pickup,
        "url": url_for("desk.branches.show", branch_id=row.id),
    }


@bp.post("/<row_id:branch_id>/place")
@access.staff_required(role="admin")
def move(branch_id: int) -> access.Reply:
    """Move a branch up or down in the list."""
    row, way = _one(branch_id), request.form.get("way")
    if way not in ("up", "down"):
        abort(422)
    place = branch_editing.move(row, 1 if way == "down" else -1)
    return _back("moved", name=row.name, place=place, moved=[row.id, way])


def _back(done: str, **facts: Any) -> access.Reply:
    return flash.leave(PAGE, done=done, **facts)


def _one(branch_id: int) -> Branch:
    return access.mine_or_404(Branch.select().where(Branch.id == branch_id, Branch.closed_on.is_null()))


# -- one of them -----------------------------------------------------------------------------------------------------
@bp.get("/new")
@access.staff_required(role="admin")
def new() -> access.Reply:
    return _page(BranchForm(formdata=None, pickup=True))


@bp.post("/new")
@access.staff_required(role="admin")
def add() -> access.Reply:
    form = BranchForm()
    if request.form.get("spread"):
        return _spread(form)
    row = form.submit(lambda: branch_editing.add(branch_editing.read(form.typed()), **counter.acting()), at="code")
    return _back("added", name=row.name) if row else _page(form)


@bp.get("/<row_id:branch_id>")
@access.staff_required(role="admin")
def show(branch_id: int) -> access.Reply:
    row = _one(branch_id)
    columns = {name: getattr(row, name) for name in (*branch_editing.TEXTS, "code", "postal_code", "map_url", "pickup")}
    return _page(BranchForm(formdata=None, **columns, **week.shown(row)), row)


def _spread(form: BranchForm, row: Branch | None = None) -> access.Reply:
    """Show the form with the hours of the first weekday at those that have none; nothing is stored."""
    for name, time in week.spread(form.typed()).items():
        form[name].data = time
    return _page(form, row)


@bp.post("/<row_id:branch_id>")
@access.staff_required(role="admin")
def change(branch_id: int) -> access.Reply:
    """Change a branch. Closed weekdays that move days are shown at the first press, carried out at the second
    (``sure``).
    """
    row, form = _one(branch_id), BranchForm()
    if request.form.get("spread"):
        return _spread(form, row)
    moved = form.submit(lambda: _change(row, form), at="name", without=("code",))
    if form.problems:
        return _page(form, row)
    if moved is None:
        return _back("changed", name=row.name)
    ticks = {field.name for field in form if isinstance(field, forms.Tick)}
    typed = {
        name: "y" if name in ticks else value for name, value in form.typed().items() if value or name not in ticks
    }
    del typed["code"]
    back = url_for("desk.branches.show", branch_id=row.id)
    return moves.page(moved, request.path, typed, week={"branch": row.name}, back=back)


def _change(row: Branch, form: BranchForm) -> closures.Moves | None:
    """Change the branch, or return the moves that its closed weekdays would make."""
    values = branch_editing.read(form.typed(), row)
    if not request.form.get("sure") and values["closed_weekdays"] != row.closed_weekdays:
        moved = closures.preview_week(row, values["closed_weekdays"], today=clock.today())
        if moved.due_dates or moved.deadlines:
            return moved
    branch_editing.change(row, values, **counter.acting())
    return None


def _page(form: BranchForm, row: Branch | None = None) -> access.Reply:
    return form.page(
        "desk/branches/show.html",
        code=row and row.code,
        name=row and row.name,
        action=url_for("desk.branches.change", branch_id=row.id) if row else url_for("desk.branches.add"),
        closing_url=url_for("desk.branches.ask_closing", branch_id=row.id) if row else None,
        week=[
            {"label": label, "spans": week.spans(day), "closed": week.closed(day) if day in week.WEEKDAYS else None}
            for day, label in DAYS.items()
        ],
    )


# -- 閉館 ------------------------------------------------------------------------------------------------------------
@bp.get("/<row_id:branch_id>/closing")
@access.staff_required(role="admin")
def ask_closing(branch_id: int) -> access.Reply:
    """Ask for the branch that takes over what this one has."""
    row = _one(branch_id)
    return _closing_page(row, _closing_form(row, formdata=None))


@bp.post("/<row_id:branch_id>/closing")
@access.staff_required(role="admin")
def close(branch_id: int) -> access.Reply:
    """Show at the first press what goes to the other branch; carry it out at the second (``sure``)."""
    row = _one(branch_id)
    form = _closing_form(row)
    target = form.target.branch()
    is_sure = bool(request.form.get("sure"))
    form.submit(lambda: _close(row, target, is_sure), at="target")
    if form.problems or not is_sure or target is None:
        return _closing_page(row, form, target=None if form.problems else target)
    return _back("closed", name=row.name, target=target.name)


def _close(row: Branch, target: Branch | None, is_sure: bool) -> None:
    if is_sure:
        branch_editing.close(row, target, **counter.acting())
    else:
        branch_editing.check_closing(row, target)


def _closing_form(row: Branch, **given: Any) -> ClosingForm:
    form = ClosingForm(**given)
    form.target.offer([pair for pair in form.target.offered if pair[0] != str(row.id)])
    return form


def _closing_page(row: Branch, form: ClosingForm, target: Branch | None = None) -> access.Reply:
    """Return the page. ``target``: the branch that takes everything over, once it is chosen."""
    return form.page(
        "desk/branches/closing.html",
        name=row.name,
        target=target and target.name,
        has=branch_editing.belongings(row),
        refused=[reason.sentence for reason in branch_editing.closing_refusals(row)],
        action=url_for("desk.branches.close", branch_id=row.id),
        back=url_for("desk.branches.show", branch_id=row.id),
    )


@bp.post("/<row_id:branch_id>/reopening")
@access.staff_required(role="admin")
def reopen(branch_id: int) -> access.Reply:
    row = access.row_or_404(Branch, branch_id)
    branch_editing.reopen(row, **counter.acting())
    return _back("reopened", name=row.name)
