"""雑誌: those that came late, those that are awaited, and the next issue, received by a press and a scan."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, request, url_for
from peewee import fn

from library import clock, errors
from library.catalog.folding import fold
from library.serials import arrivals, intervals, issues, naming, serials
from models import Issue, Item, Serial, SerialCopies, Title
from web import access, flash, forms, htmx, paging
from web.desk import counter
from web.parts import stored_policy

bp = Blueprint("serials", __name__)

PAGE, ONE = "desk.serials.index", "desk.serials.show"
SIZE = 50  # serials on a page, and issues
KINDS = {"name": "single", "double": "double", "extra": "extra"}  # by what is pressed in an open row


class NarrowForm(forms.Form):
    name = forms.Text("誌名")
    list = forms.Choice("並び", [("due", "次の号が近い順"), ("name", "誌名順"), ("others", "休刊・ほかの館")])


class IssueForm(forms.Form):
    name = forms.Text("号の名前")
    barcode = forms.Text("資料番号", maximum=counter.LONGEST_SCAN)


class SerialForm(forms.Form):
    name = forms.Text("誌名")
    name_kana = forms.Text("よみ")
    publisher = forms.Text("出版者")
    issn = forms.Text("ISSN", maximum=40)
    interval = forms.Choice("刊行頻度", [(code, each.word) for code, each in intervals.INTERVALS.items()])
    acquired_how = forms.Choice("受入区分", [(word, word) for word in serials.HOW])
    keep_years = forms.Text("保存年限", maximum=10)
    lends_newest = forms.Tick("最新号も貸し出す")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.branches = {f"copies-{row.id}": row for row in stored_policy.branches_in_order()}
        self.in_summary = [(name, f"{row.name}の部数", name) for name, row in self.branches.items()]

    def values(self) -> dict[str, Any]:
        """Return the columns of what was typed. Raises: RefusedTogether by field."""
        return serials.read(self.typed(), {row.id: _sent(name) for name, row in self.branches.items()})


def _sent(name: str) -> str:
    return forms.printable(request.form.get(name, ""))[:20]


# -- the lists -------------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required
@counter.at_a_branch
def index() -> access.Reply:
    return _page(IssueForm(formdata=None), forms.number(request.args.get("open")))


def _asked() -> dict[str, Any]:
    """Return the words and the choice that narrow the list, by field."""
    form = NarrowForm(request.args)
    wrong, usual = forms.refused(form), {"name": "", "list": "due"}
    return {name: usual[name] if name in wrong else form[name].data for name in usual}


def _listed(asked: dict[str, Any]) -> tuple[list[arrivals.Standing], list[arrivals.Standing]]:
    """Return the late serials of this branch, and the others of the chosen list."""
    today, words = clock.today(), fold.loose(asked["name"])
    rows = [row for row in arrivals.standings(counter.here()) if words in fold.loose(f"{row.name} {row.name_kana}")]
    taken = [row for row in rows if row.number and row.ended_on is None]
    late = [row for row in taken if row.is_late(today)]
    among = [row for row in rows if row not in taken] if asked["list"] == "others" else taken
    among = [row for row in among if row not in late]
    among.sort(key=lambda row: (row.name_kana or row.name, row.id))
    if asked["list"] == "due":
        among.sort(key=lambda row: (row.due_on is None, row.due_on or today, not row.is_awaited))
    return sorted(late, key=lambda row: (row.due_on, row.id)), among


def _page(form: IssueForm, opened: int | None) -> access.Reply:
    """Show the lists, the row of the serial ``opened`` with the field that waits for the number of its next issue."""
    asked, today, said = _asked(), clock.today(), flash.take(PAGE)
    late, among = _listed(asked)
    listed = paging.cut(among, SIZE, url_for(PAGE, **asked))
    shown = [*late, *listed["rows"]]
    names = arrivals.next_names([row for row in shown if row.is_awaited], today=today)
    way = _way()
    if opened in names and not form.problems and not form.name.data:
        form.name.data = _offered(names[opened], way, next(row for row in shown if row.id == opened))
    context = {
        "late": [_row(row, names, today) for row in late],
        "rows": [_row(row, names, today) for row in listed["rows"]],
        "total": len(among),
        "shown": paging.shown(paging.asked_for(len(among), SIZE)[0], SIZE, len(among)),
        "narrow": NarrowForm(formdata=None, **asked).views(),
        "asked": asked | {"page": request.args.get("page")},
        "opened": opened,
        "way": way,
        "names_it": way in KINDS or not form.name.data or "name" in form.problems,
        "messages": said | _received(said),
    }
    return form.page("desk/serials/index.html", **listed | context)


def _way() -> str:
    way = request.values.get("as", "")
    return way if way in KINDS else ""


def _offered(name: str, way: str, row: arrivals.Standing) -> str:
    """Return the name that an open row offers; a 増刊 is one of the last issue. Empty where nothing tells it."""
    if way == "double":
        both = naming.joined(name, naming.Last(row.code, clock.today()))
        return "" if both == name else both
    return f"{row.last}増刊" if way == "extra" and row.last else name


def _row(row: arrivals.Standing, names: dict[int, str], today: date) -> dict[str, Any]:
    near = {today: "今日の予定", today + timedelta(days=1): "明日の予定"}
    return row._asdict() | {
        "interval": row.interval.word,
        "is_awaited": row.is_awaited,
        "next": names.get(row.id, ""),
        "spoken": f"{row.name} {names.get(row.id, '')}".strip(),
        "due_on": row.due_on,
        "due": near.get(row.due_on, "") if row.due_on else "",
        "is_due": row.due_on is not None and row.due_on <= today,
        "days": row.days(today),
        "since": row.came_on or row.began_on,
    }


def _received(said: dict[str, Any]) -> dict[str, Any]:
    """Return the name of the issue that came in, unless it was taken back meanwhile."""
    item = Item.select(Item, Title).join(Title).where(Item.id == said.get("item")).first() if said else None
    return {"title": item.title.title, "issue": item.title.volume, "barcode": item.barcode} if item else {}


# -- receiving -------------------------------------------------------------------------------------------------------
@bp.post("/<row_id:serial_id>/issues")
@access.staff_required
@counter.at_a_branch
def receive(serial_id: int) -> access.Reply:
    """「誌名 号」を受け入れる: with the number that was read; the focus goes on to the next row."""
    form, here, asked = IssueForm(), counter.here(), _asked()
    access.row_or_404(Serial, serial_id)
    rows = [row.id for some in _listed(asked) for row in some if row.is_awaited]
    following = rows[rows.index(serial_id) + 1 :] if serial_id in rows else []
    got = form.submit(
        lambda: issues.receive(
            serial_id,
            form.name.data,
            form.barcode.data,
            kind=KINDS.get(_way(), "single"),
            branch=here,
            **counter.acting(),
        )
    )
    if got is None:
        if request.form.get("typed") and form.name.data and not form.barcode.data:  # Enter, after the name
            form.problems.clear()
        return _page(form, serial_id)
    at = asked | {"page": request.args.get("page")} | ({"open": serial_id} if got.left > 0 else {})
    facts = {"item": got.item.id, "freed": got.freed, "left": got.left, "next": next(iter(following), None)}
    return flash.leave(PAGE, at, done="received", **facts)


@bp.post("/issues/<row_id:item_id>/undo")
@access.staff_required
def take_back(item_id: int) -> access.Reply:
    """元に戻す: undo the receipt of a copy."""
    try:
        name = issues.take_back(item_id, **counter.acting())
    except errors.Refusals as refused:
        return flash.leave(PAGE, done="kept", refused=refused.reasons)
    return flash.leave(PAGE, done="taken_back", name=name)


# -- a serial --------------------------------------------------------------------------------------------------------
@bp.get("/<row_id:serial_id>")
@access.staff_required
def show(serial_id: int) -> access.Reply:
    serial = access.row_or_404(Serial, serial_id)
    came = Item.select(fn.MIN(Item.acquired_on)).where(Item.title == Issue.title)
    count = Item.select(fn.COUNT(Item.id)).where(Item.title == Issue.title)
    rows = Issue.select(Issue, came.alias("came_on"), count.alias("count")).where(Issue.serial == serial)
    listed = paging.cut(rows.order_by(Issue.position.desc()), SIZE, url_for(ONE, serial_id=serial_id))
    came_on = {row.id: Item.acquired_on.python_value(row.came_on) for row in listed["rows"]}
    return htmx.page(
        "desk/serials/show.html",
        came_on=came_on,
        serial=serial,
        interval=intervals.INTERVALS[serial.interval].word,
        copies=serials.copies_of(serial),
        messages=flash.take(ONE),
        **listed,
    )


@bp.get("/new")
@access.staff_required
def new() -> access.Reply:
    form = SerialForm(formdata=None, interval="monthly", acquired_how=serials.HOW[0])
    here = counter.branch()
    return _form_page(form, None, {f"copies-{here.id}": "1"} if here else {})


@bp.get("/<row_id:serial_id>/edit")
@access.staff_required
def edit(serial_id: int) -> access.Reply:
    serial = access.row_or_404(Serial, serial_id)
    rows = SerialCopies.select().where(SerialCopies.serial == serial)
    return _form_page(SerialForm(formdata=None, obj=serial), serial, {f"copies-{r.branch_id}": r.number for r in rows})


def _form_page(form: SerialForm, serial: Serial | None, copies: dict[str, Any]) -> access.Reply:
    fields = [
        forms.FieldView("text", name, f"{row.name}の部数", copies.get(name, "")) for name, row in form.branches.items()
    ]
    return form.page("desk/serials/form.html", serial=serial, copies=fields)


@bp.post("/new")
@access.staff_required
def add() -> access.Reply:
    """雑誌を登録する."""
    form = SerialForm()
    serial = form.submit(lambda: serials.add(form.values(), **counter.acting()))
    return flash.leave(ONE, {"serial_id": serial.id}, done="added") if serial else _again(form, None)


@bp.post("/<row_id:serial_id>/edit")
@access.staff_required
def change(serial_id: int) -> access.Reply:
    serial, form = access.row_or_404(Serial, serial_id), SerialForm()
    form.submit(lambda: serials.change(serial, form.values(), **counter.acting()))
    return _again(form, serial) if form.problems else flash.leave(ONE, {"serial_id": serial_id}, done="changed")


def _again(form: SerialForm, serial: Serial | None) -> access.Reply:
    return _form_page(form, serial, {name: _sent(name) for name in form.branches})


@bp.get("/<row_id:serial_id>/end")
@access.staff_required
def ask_end(serial_id: int) -> access.Reply:
    """Show what follows from 休刊."""
    return htmx.page("desk/serials/end.html", serial=access.row_or_404(Serial, serial_id))


@bp.post("/<row_id:serial_id>/<any(end, resumption):act>")
@access.staff_required
def end_or_resume(serial_id: int, act: str) -> access.Reply:
    """休刊, 復刊."""
    serial = access.row_or_404(Serial, serial_id)
    rule = {"end": serials.end, "resumption": serials.resume}[act]
    rule(serial, **counter.acting())
    return flash.leave(ONE, {"serial_id": serial_id}, done=act)


@bp.get("/<row_id:serial_id>/deletion")
@access.staff_required
def ask_deletion(serial_id: int) -> access.Reply:
    return htmx.page("desk/serials/deletion.html", serial=access.row_or_404(Serial, serial_id))


@bp.post("/<row_id:serial_id>/deletion")
@access.staff_required
def delete(serial_id: int) -> access.Reply:
    try:
        serials.delete(access.row_or_404(Serial, serial_id), **counter.acting())
    except errors.Refused as refusal:
        return flash.leave(ONE, {"serial_id": serial_id}, done="refused", refused=[refusal])
    return flash.leave(PAGE, done="deleted")
