"""公開する回答: the public text of a question and its answer."""

from flask import Blueprint, request, url_for
from flask_login import current_user

from library import clock, errors
from library.site import published_answers
from models import PublishedAnswer
from web import access, flash, forms
from web.parts import reference_answer

bp = Blueprint("published_answers", __name__)
PAGE = "desk.published_answers.show"
LARGEST = 256 * 1024  # bytes of the longest answer as a form sends it


class PublicForm(forms.Form):
    subject = forms.Text("件名", maximum=published_answers.MAXIMUM["subject"])
    text = forms.Lines("質問", maximum=published_answers.MAXIMUM["text"])
    reply = forms.Lines("回答", maximum=published_answers.MAXIMUM["answer"])
    sources = forms.Lines("参考資料", maximum=published_answers.MAXIMUM["sources"])


def _entry(answer_id: int) -> PublishedAnswer:
    return access.mine_or_404(PublishedAnswer.select().where(PublishedAnswer.id == answer_id))


@bp.get("/<row_id:answer_id>")
@access.staff_required
def show(answer_id: int) -> access.Reply:
    row = _entry(answer_id)
    typed = {"subject": row.subject, "text": row.text, "reply": row.answer, "sources": row.sources}
    return _page(row, PublicForm(formdata=None, **typed))


def _page(
    row: PublishedAnswer, form: PublicForm, *, preview: bool = False, refusal: errors.Refused | None = None
) -> access.Reply:
    return form.page(
        "desk/published_answers/show.html",
        409 if refusal else 0,
        messages=flash.take(PAGE),
        entry=row,
        public_url=url_for("reference.show", answer_id=row.id) if row.public else "",
        question_url=url_for("desk.questions.show", question_id=row.question_id) if row.question_id else "",
        refusal=refusal.sentence if refusal else "",
        page_has_errors=bool(form.problems or refusal),
        preview=reference_answer.render(form.reply.data, form.sources.data) if preview else None,
    )


@bp.post("/<row_id:answer_id>")
@access.staff_required
@access.takes_file(LARGEST)
def write(answer_id: int) -> access.Reply:
    """Publish (``do``: publish), keep unpublished (keep), or show how it would look (try)."""
    row, form, do = _entry(answer_id), PublicForm(), request.form.get("do")
    try:
        form.submit(lambda: _write(row, form, do))
    except errors.AnswerWithoutConsent as refusal:
        return _page(row, form, refusal=refusal)
    form.problems = reference_answer.at_reply(form.problems)
    if form.problems or do not in ("keep", "publish"):
        return _page(row, form, preview=not form.problems)
    return flash.leave(
        PAGE, {"answer_id": row.id}, done="public" if do == "publish" else "withdrawn" if row.public else "written"
    )


def _write(row: PublishedAnswer, form: PublicForm, do: str | None) -> None:
    if do not in ("keep", "publish"):
        return
    draft = published_answers.Draft(form.subject.data, form.text.data, form.reply.data, form.sources.data)
    by = {"by": current_user.staff.login, "today": clock.today(), "now": clock.now()}
    published_answers.write(row, draft, public=do == "publish", **by)
