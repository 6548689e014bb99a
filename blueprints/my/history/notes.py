"""メモと評価: a patron's notes on a title, for nobody else."""

from flask_login import current_user

from blueprints.my.history.blueprint import bp
from library.reading import history
from models import HistoryEntry
from web import access, flash, forms

RATINGS = {"0": "付けない", "1": "★", "2": "★★", "3": "★★★", "4": "★★★★", "5": "★★★★★"}


class NoteForm(forms.Form):
    in_summary = (("rating", "評価", "rating-0"),)
    rating = forms.Radio("評価", RATINGS.items())
    memo = forms.Lines("メモ", maximum=history.LONGEST_MEMO)


@bp.get("/history/<row_id:entry_id>")
@access.patron_required
def record(entry_id: int) -> access.Reply:
    entry = _mine(entry_id)
    return _page(entry, NoteForm(formdata=None, rating=entry.rating, memo=entry.memo), flash.take("history.record"))


@bp.post("/history/<row_id:entry_id>")
@access.patron_required
def note(entry_id: int) -> access.Reply:
    entry, form = _mine(entry_id), NoteForm()
    form.submit(lambda: history.note(entry, memo=form.memo.data.strip(), rating=int(form.rating.data)))
    if form.problems:
        return _page(entry, form)
    return flash.leave("history.record", {"entry_id": entry.id}, done="saved")


def _page(entry: HistoryEntry, form: NoteForm, messages: dict | None = None) -> access.Reply:
    return form.page("history/record.html", entry=entry, longest=history.LONGEST_MEMO, messages=messages)


def _mine(entry_id: int) -> HistoryEntry:
    return access.mine_or_404(
        HistoryEntry.select().where(HistoryEntry.id == entry_id, HistoryEntry.patron == current_user.patron)
    )
