"""今日の仕事: what waits at this desk, the day of its branch, and 引き継ぎ, the note of its staff."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, url_for

from library import clock
from library.calendar import hours, opening
from library.counting import desk_notes, waiting
from library.policy import Policy
from models import Branch
from web import access, flash, forms
from web.desk import counter
from web.parts import stored_policy

bp = Blueprint("today", __name__)
PAGE = "desk.index"
MOST = 3  # shelves, branches or places that are named
ROWS = {  # by kind of work, in the order of the page: unit, words, page
    "pull": ("点", "予約の本を棚から集める", "desk.holds.index", {}),
    "arriving": ("点", "ほかの館から届く本を受け取る", "desk.holds.transfers", {}),
    "send": ("点", "ほかの館へ送る本", "desk.holds.transfers", {}),
    "contact": ("件", "予約の本の連絡", "desk.holds.show", {"name": "contact"}),
    "over": ("点", "取り置きの終わった本を棚に戻す", "desk.holds.show", {"name": "reshelve"}),
    "requests": ("件", "リクエスト", "desk.requests.index", {}),
    "partners_days": ("点", "相手館の期限", "desk.interlibrary.index", {}),
    "serials": ("誌", "届いていない雑誌", "desk.serials.index", {}),
    "overdue": ("人", "督促の電話", "desk.overdue.index", {}),
    "claims": ("点", "確認中の資料", "desk.claims.index", {}),
    "mails": ("通", "届かないメール", "desk.notices.index", {"state": "failed", "channel": "mail"}),
    "questions": ("件", "レファレンスの質問", "desk.questions.index", {}),
}


class NoteForm(forms.Form):
    text = forms.Lines("伝言", maximum=desk_notes.LONGEST)
    shown = forms.Text("版")


def page(form: NoteForm | None = None) -> Response:
    """Return the page; what is said after a sign-in stands above the work. ``form``: of the note, where it is open."""
    answer, found, rules = flash.take(PAGE), counter.work(), stored_policy.read()
    by, note = answer.get("second_factor_by"), desk_notes.of_branch(counter.here())
    return (form or NoteForm(formdata=None)).page(
        "desk/today/index.html",
        messages=answer,
        note=note,
        version=desk_notes.version(note),
        is_writing=form is not None,
        network=answer.get("network"),
        second_factor_by=by and date.fromisoformat(by),
        rows=[_row(kind, found[kind], rules) for kind in ROWS if kind in found],
        late_days=waiting.last_stage(rules),
        undelivered_days=waiting.UNDELIVERED.days,
        time=counter.time_of_day(),
        day=_day(counter.here(), rules),
    )


def _row(kind: str, work: waiting.Work, rules: Policy) -> dict[str, Any]:
    unit, words, endpoint, values = ROWS[kind]
    named = [f"{word} {number}{unit}" for word, number in work.parts[:MOST]]
    values = values | ({"days": waiting.last_stage(rules)} if kind == "overdue" else {})
    return work._asdict() | {
        "kind": kind,
        "since_on": work.since and clock.day_of(work.since),
        "unit": unit,
        "words": words,
        "url": url_for(endpoint, **values),
        "named": "、".join([*named, "ほか"] if len(work.parts) > MOST else named),
    }


def _day(branch: Branch, rules: Policy) -> list[dict[str, Any]]:
    """Return the hours of the branch today in order, with what was lent and returned until now among them."""
    today, time = clock.today(), counter.time_of_day()
    lent, returned = waiting.done_today(branch, today=today)
    is_open = opening.calendar_of(branch, rules).is_open(today)
    spans = hours.spans_on(branch, today) if is_open else ()
    marks = [(at, word) for span in spans for at, word in zip(span, ("開館", "閉館"), strict=True)]
    rows = [{"time": at, "words": word, "minutes": hours.minutes(at)} for at, word in marks]
    now = {"time": time, "minutes": hours.minutes(time), "lent": lent, "returned": returned, "is_shut": not is_open}
    return sorted([*rows, now], key=lambda row: row["minutes"])


# -- 引き継ぎ ----------------------------------------------------------------------------------------------------------
@bp.get("/note")
@access.staff_required
@counter.at_a_branch
def edit_note() -> access.Reply:
    note = desk_notes.of_branch(counter.here())
    return page(NoteForm(formdata=None, text=note.text if note else ""))


@bp.post("/note")
@access.staff_required
@counter.at_a_branch
def write_note() -> access.Reply:
    form = NoteForm()
    text, shown = form.text.data.strip(), form.shown.data
    form.submit(lambda: desk_notes.write(counter.here(), text, shown=shown, **counter.acting()), at="text")
    return page(form) if form.problems else flash.leave(PAGE, done="noted" if text else "note_removed")
