"""メモと評価: what a patron notes of a title, for nobody else."""

from flask import redirect
from flask_login import current_user

from blueprints.my.history import bp
from library.reading import history
from models import HistoryEntry
from web import access, flash, forms, htmx
from web.links import url_for

ANY = "int(max=9223372036854775807)"
SAVED = {"saved": ("good", "メモと評価を保存しました。", "")}
RATINGS = {"0": "付けない", "1": "★", "2": "★★", "3": "★★★", "4": "★★★★", "5": "★★★★★"}


class NoteForm(forms.Form):
    rating = forms.Radio("評価", RATINGS.items())
    memo = forms.Lines("メモ", maximum=history.LONGEST_MEMO)


@bp.get(f"/history/<{ANY}:entry_id>")
@access.patron_required
def record(entry_id):
    entry = _mine(entry_id)
    faces = NoteForm(formdata=None).faces()
    kept = {"rating": str(entry.rating), "memo": entry.memo}
    messages = flash.messages(flash.take("history record"), SAVED)
    return _page(entry, {name: face._replace(value=kept[name]) for name, face in faces.items()}, messages=messages)


@bp.post(f"/history/<{ANY}:entry_id>")
@access.patron_required
def note(entry_id):
    entry, form = _mine(entry_id), NoteForm()
    if problems := forms.refused(form):
        return _page(entry, form.faces(), problems=problems, status=422)
    history.note(entry, memo=form.memo.data.strip(), rating=int(form.rating.data))
    flash.keep("history record", done="saved")
    return redirect(url_for("history.record", entry_id=entry.id), 303)


def _page(entry, faces, *, messages=None, problems=None, status=200):
    problems = problems or {}
    return htmx.page(
        "history/record.html",
        status,
        entry=entry,
        form=faces,
        longest=history.LONGEST_MEMO,
        messages=messages,
        problems=problems,
        summary=[
            {"label": faces[name].label, "sentence": one.sentence, "anchor": ANCHORS[name]}
            for name, found in problems.items()
            for one in found
        ],
        page_has_errors=bool(problems),
    )


ANCHORS = {"rating": "rating-0", "memo": "memo"}


def _mine(entry_id):
    return access.mine_or_404(
        HistoryEntry.select().where(HistoryEntry.id == entry_id, HistoryEntry.patron == current_user.patron)
    )
