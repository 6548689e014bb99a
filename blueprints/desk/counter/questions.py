"""レファレンス at the desk: the questions, their librarians, and the answers."""

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user
from peewee import fn

from library import clock, dates, errors
from library.mail import outbox
from library.site import published_answers, questions
from library.store import queries as stored
from models import Patron, PublishedAnswer, Question
from web import access, flash, forms, htmx, paging
from web.parts import reference_answer

bp = Blueprint("questions", __name__)

PAGE = "desk.questions.index"
SIZE = 30  # rows on a page
LONGEST_SEARCH = 100  # letters
LARGEST = 256 * 1024  # bytes of the longest answer as a form sends it
STATES = ("new", "taken", "answered", "closed")
LISTS = (*STATES, "public")


class AnswerForm(forms.Form):
    reply = forms.Lines("回答", maximum=questions.LONGEST_ANSWER)  # the id answer is the notice's
    sources = forms.Lines("参考資料", maximum=questions.LONGEST_SOURCES)


class ReasonForm(forms.Form):
    reason = forms.Lines("回答できない理由", maximum=questions.LONGEST_REASON)


def _by() -> str:
    return current_user.staff.login


def _back(done: str, question_id: int) -> access.Reply:
    return flash.leave("desk.questions.show", {"question_id": question_id}, done=done)


# -- the lists -------------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """List the questions of a state: what waits longest first, of what is over the latest."""
    chosen = request.args.get("list")
    chosen = chosen if chosen in LISTS else "new"
    return htmx.page(
        "desk/questions/index.html",
        chosen=chosen,
        is_public=chosen == "public",
        lists=[(name, count, url_for(PAGE, list=name)) for name, count in zip(LISTS, _counts(), strict=True)],
        **(_public_rows() if chosen == "public" else paging.cut(_rows(chosen), SIZE, url_for(PAGE, list=chosen))),
    )


def _counts() -> list[int]:
    of_state = dict(stored.tuples(Question.select(Question.state, fn.COUNT(Question.id)).group_by(Question.state)))
    return [*(of_state.get(state, 0) for state in STATES), PublishedAnswer.select().count()]


def _rows(state: str) -> list[dict]:
    columns = (Question.id, Question.subject, Question.asked_at, Question.taken_by, Question.consent, Question.wanted)
    rows = Question.select(*columns).where(Question.state == state)
    rows = rows.order_by(Question.asked_at if state in questions.OPEN else Question.ended_at.desc(), Question.id)
    return [
        {
            "number": row.id,
            "subject": row.subject,
            "url": url_for("desk.questions.show", question_id=row.id),
            "day": dates.with_weekday(clock.day_of(row.asked_at)),
            "who": row.taken_by or "–",
            "more": row.wanted,
            "consent": row.consent,
        }
        for row in rows
    ]


def _public_rows() -> dict:
    """Return the page of answers that are or may be published and have the words; only this page is read."""
    words = request.args.get("word", "").strip()[:LONGEST_SEARCH]
    found = published_answers.find(words, published_answers.every())
    cut = paging.cut(found, SIZE, url_for(PAGE, list="public", word=words or None))
    return cut | {"words": words, "rows": [_public_row(row) for row in cut["rows"]]}


def _public_row(row: PublishedAnswer) -> dict:
    return {
        "number": row.id,
        "subject": row.subject,
        "url": url_for("desk.published_answers.show", answer_id=row.id),
        "day": dates.with_weekday(row.published_on) if row.published_on else "–",
        "is_public": row.public,
    }


# -- one question ----------------------------------------------------------------------------------------------------
def _question(question_id: int) -> Question:
    rows = Question.select(Question, Patron).left_outer_join(Patron)
    return access.mine_or_404(rows.where(Question.id == question_id))


@bp.get("/<row_id:question_id>")
@access.staff_required
def show(question_id: int) -> access.Reply:
    row = _question(question_id)
    return _page(row, _stored(row))


def _stored(row: Question) -> AnswerForm:
    return AnswerForm(formdata=None, reply=row.answer, sources=row.sources)


def _page(
    row: Question,
    form: AnswerForm,
    *,
    reason: ReasonForm | None = None,
    status: int = 0,
    preview: bool = False,
    refusal: errors.Refused | None = None,
) -> access.Reply:
    """Return the page of a question. ``reason``: the form of the reason, where that one was sent."""
    published = row.published.first()
    ended = row.ended_at if row.state not in questions.OPEN else None
    sent = reason or form
    return sent.page(
        "desk/questions/show.html",
        status,
        messages=flash.take("desk.questions.show") | {"number": row.id},
        question=row,
        asked=row.asked_at,
        ended=ended,
        forgotten_on=clock.day_of(questions.erased_at(ended)) if ended else None,
        asker=_asker(row),
        mine=row.taken_by == _by(),
        form=form.views(),
        reason=(reason or ReasonForm(formdata=None)).views()["reason"],
        refusal=refusal.sentence if refusal else "",
        page_has_errors=bool(sent.problems or refusal),
        preview=reference_answer.render(form.reply.data, form.sources.data) if preview else None,
        shown=reference_answer.render(row.answer, row.sources) if ended else None,
        published_url=url_for("desk.published_answers.show", answer_id=published.id) if published else "",
    )


def _asker(row: Question) -> dict:
    """Return the facts of the asker: the address alone, or a patron's name, card and mail."""
    if row.patron is None:
        return {"address": row.address, "in_person": not row.address}
    reached = questions.mail_addresses(row.patron)
    return {
        "name": row.patron.name,
        "url": url_for("desk.patrons.show", patron_id=row.patron_id),
        "card_number": row.patron.card_number,
        "mail": outbox.shortened(reached[0][0]) if reached else "",
    }


@bp.post("/<row_id:question_id>/taking")
@access.staff_required
def take(question_id: int) -> access.Reply:
    row = _question(question_id)
    try:
        questions.take(row, by=_by(), now=clock.now())
    except errors.QuestionEnded as refusal:
        return _refused(row, refusal)
    return _back("taken", row.id)


def _refused(row: Question, refusal: errors.Refused, form: AnswerForm | None = None) -> access.Reply:
    row = _question(row.id)
    return _page(row, form or AnswerForm(formdata=None, reply=row.answer), status=409, refusal=refusal)


@bp.post("/<row_id:question_id>/answer")
@access.staff_required
@access.takes_file(LARGEST)
def answer(question_id: int) -> access.Reply:
    """Try an answer (``do``: try, which shows it), keep it as a draft (keep), or send it (send)."""
    row, form, do = _question(question_id), AnswerForm(), request.form.get("do")
    try:
        form.submit(lambda: _answer(row, form, do))
    except errors.Refused as refusal:
        return _refused(row, refusal, form)
    form.problems = reference_answer.at_reply(form.problems)
    if form.problems or do not in ("keep", "send"):
        return _page(row, form, preview=not form.problems)
    return _back("drafted" if do == "keep" else "answered", row.id)


def _answer(row: Question, form: AnswerForm, do: str | None) -> None:
    if do == "keep":
        questions.save_draft(row, form.reply.data, form.sources.data, by=_by())
    elif do == "send":
        questions.answer(row, form.reply.data, form.sources.data, by=_by(), now=clock.now())


@bp.post("/<row_id:question_id>/closing")
@access.staff_required
def close(question_id: int) -> access.Reply:
    row, form = _question(question_id), ReasonForm()
    try:
        form.submit(lambda: questions.close(row, form.reason.data, by=_by(), now=clock.now()))
    except errors.Refused as refusal:
        return _refused(row, refusal)
    return _page(row, _stored(row), reason=form) if form.problems else _back("closed", row.id)


# -- what becomes public ---------------------------------------------------------------------------------------------
@bp.post("/<row_id:question_id>/consent")
@access.staff_required
def withdraw_consent(question_id: int) -> access.Reply:
    """Take back the consent to publish, for an asker who writes or calls."""
    row = _question(question_id)
    questions.set_consent(row, False, now=clock.now(), by=_by())
    return _back("withdrawn", row.id)


@bp.post("/<row_id:question_id>/publication")
@access.staff_required
def prepare_publication(question_id: int) -> access.Reply:
    """Make a copy to be written anew; nobody else sees it yet."""
    row = _question(question_id)
    try:
        entry = published_answers.prepare(row, now=clock.now())
    except errors.Refused as refusal:
        return _refused(row, refusal)
    return redirect(url_for("desk.published_answers.show", answer_id=entry.id), 303)
