"""一覧の書き出し: lists for the town office, as files for spreadsheets."""

import secrets
from pathlib import Path

from flask import Blueprint, abort, current_app, request, send_file, url_for

from library import clock
from library.counting import lists
from library.counting.list_kinds import KINDS
from web import access, forms
from web.desk import counter

bp = Blueprint("lists", __name__)
FIRST = next(iter(KINDS))


class ListForm(forms.Form):
    purpose = forms.Text("使いみち", maximum=lists.LONGEST)
    encoding = forms.Radio("文字コード", list(lists.ENCODINGS.items()))
    replacing = forms.Tick("CP932 にない文字は〓にする")

    in_summary = (("columns", "項目", "columns"),)


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    name = request.args.get("of", FIRST)
    if name not in KINDS:
        abort(404)
    ticked = {column for column, each in KINDS[name].columns.items() if each.on}
    return _page(ListForm(formdata=None, encoding=next(iter(lists.ENCODINGS))), name, ticked)


def _page(form: ListForm, name: str, ticked: set[str]) -> access.Reply:
    kind = KINDS[name]
    return form.page(
        "desk/lists/index.html",
        name=name,
        label=kind.label,
        tabs=[(each.label, url_for("desk.lists.index", of=other), other == name) for other, each in KINDS.items()],
        columns=[(column, each.label, column in ticked, each.on) for column, each in kind.columns.items()],
    )


@bp.post("/<any(patrons, loans, overdue, holds, items, titles, withdrawn):name>")
@access.staff_required(role="admin")
def write(name: str) -> access.Reply:
    """書き出す: send the list as a file, which is deleted from the disk at once."""
    form, ticked = ListForm(), set(request.form.getlist("columns")[:100])
    folder = Path(current_app.instance_path) / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"list-{secrets.token_urlsafe(12)}"

    def rule() -> int:
        chosen = {"encoding": form.encoding.data, "replacing": bool(form.replacing.data)}
        return lists.write(path, name, ticked, form.purpose.data or "", **chosen, **counter.acting())

    form.submit(rule, at="purpose")
    if form.problems:
        return _page(form, name, ticked)
    file = path.open("rb")  # the server closes it
    path.unlink()
    answer = send_file(
        file, mimetype="text/csv", as_attachment=True, download_name=f"{KINDS[name].label}-{clock.today()}.csv"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
