"""レファレンスの質問: a patron's questions, their states and answers."""

from flask import Blueprint, request
from flask_login import current_user
from peewee import ModelSelect

from library import clock, policy, wording
from library.site import questions
from models import Question
from web import access, flash, htmx
from web.parts import reference_answer

bp = Blueprint("questions", __name__)
PAGE = "questions.show"
LOOKS = {"new": "soon", "taken": "soon", "answered": "in", "closed": "out"}


def _mine() -> "ModelSelect[Question]":
    return Question.select().where(Question.patron == current_user.patron)


@bp.get("")
@access.patron_required
def index() -> access.Reply:
    """List the patron's questions, the newest first."""
    rows = _mine().order_by(Question.asked_at.desc(), Question.id.desc())
    return htmx.page("questions/index.html", questions=[_row(row) for row in rows], days=policy.get("reference_days"))


def _row(row: Question) -> dict:
    return {
        "id": row.id,
        "subject": row.subject,
        "day": clock.day_of(row.asked_at),
        "look": LOOKS[row.state],
        "state": wording.QUESTION_STATES[row.state],
    }


@bp.get("/<row_id:question_id>")
@access.patron_required
def show(question_id: int) -> access.Reply:
    row = access.mine_or_404(_mine().where(Question.id == question_id))
    ended = row.state not in questions.OPEN
    published = row.published.first()
    return htmx.page(
        "questions/question.html",
        messages=flash.take(PAGE),
        row=_row(row),
        question=row,
        ended_on=clock.day_of(row.ended_at) if ended else None,
        forgotten_on=clock.day_of(questions.erased_at(row.ended_at)) if ended else None,
        closed=row.state == "closed",
        public_id=published.id if published and published.public else None,
        **(reference_answer.render(row.answer, row.sources) if ended else {}),
    )


@bp.post("/<row_id:question_id>/consent")
@access.patron_required
def set_consent(question_id: int) -> access.Reply:
    row, agreed = access.mine_or_404(_mine().where(Question.id == question_id)), request.form.get("consent") == "y"
    questions.set_consent(row, agreed, now=clock.now())
    return flash.leave(PAGE, {"question_id": row.id}, done="agreed" if agreed else "withdrawn")
