"""公開した回答: questions and answers for everybody, rewritten so that nobody can be recognised."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from peewee import ModelSelect

from library import audit, errors
from library.catalog.folding import fold
from library.site import markup, questions
from library.store import database
from models import PublishedAnswer, Question

MAXIMUM = {
    "subject": questions.LONGEST["subject"],
    "text": questions.LONGEST["text"],
    "answer": questions.LONGEST_ANSWER,
    "sources": questions.LONGEST_SOURCES,
}
MOST_WORDS = 8  # that are looked for: each is sought in every answer
_PUBLIC = PublishedAnswer.select().where(PublishedAnswer.public == 1)  # compared, or the index is not used


class Draft(NamedTuple):
    subject: str
    text: str
    answer: str
    sources: str = ""


# -- reading ---------------------------------------------------------------------------------------------------------
def public() -> ModelSelect[PublishedAnswer]:
    """Return a query for the published answers, newest first."""
    return _PUBLIC.order_by(PublishedAnswer.published_on.desc(), PublishedAnswer.id.desc())


def every() -> ModelSelect[PublishedAnswer]:
    """Return a query for answers published or prepared, newest first, for the desk."""
    return PublishedAnswer.select().order_by(PublishedAnswer.id.desc())


def find(words: str, rows: ModelSelect[PublishedAnswer] | None = None) -> ModelSelect[PublishedAnswer]:
    """Return a query for the public answers, or those of ``rows``, with all the words, whatever their spelling."""
    rows = public() if rows is None else rows
    for word in words.split()[:MOST_WORDS]:
        rows = rows.where(PublishedAnswer.folded.contains(fold.loose(word)))
    return rows


# -- writing ---------------------------------------------------------------------------------------------------------
def prepare(question: Question, *, now: datetime) -> PublishedAnswer:
    """Return a draft to publish for a question, to be rewritten first. Raises: AnswerWithoutConsent,
    QuestionNotAnswered.
    """
    with database.writing():
        question = Question.get_by_id(question.id)
        if prepared := PublishedAnswer.get_or_none(PublishedAnswer.question == question):
            return prepared
        if question.state != "answered":
            raise errors.QuestionNotAnswered()
        if not question.consent:
            raise errors.AnswerWithoutConsent()
        draft = Draft(question.subject, question.text, question.answer, question.sources)
        return PublishedAnswer.create(**draft._asdict(), folded=folded(draft), question=question, changed_at=now)


def write(entry: PublishedAnswer, draft: Draft, *, public: bool, by: str, today: date, now: datetime) -> None:
    """Store the text, and publish it or end its publication. Raises: RefusedTogether by field; AnswerWithoutConsent."""
    _judge(draft)
    with database.writing():
        entry = PublishedAnswer.get_by_id(entry.id)
        if public and entry.question and not entry.question.consent:
            raise errors.AnswerWithoutConsent()
        values = draft._asdict() | {"folded": folded(draft), "public": public, "changed_at": now}
        if public and entry.published_on is None:
            values["published_on"] = today
        PublishedAnswer.update(values).where(PublishedAnswer.id == entry.id).execute()
        if public != entry.public:
            action = "answer.published" if public else "answer.withdrawn"
            audit.record(action, actor=f"staff:{by}", now=now, of=f"公開番号{entry.id}")


def _judge(draft: Draft) -> None:
    refusals: dict[str, list[errors.Refused]] = {
        name: [errors.FieldEmpty()] for name in ("subject", "text", "answer") if not getattr(draft, name).strip()
    }
    for name in ("answer", "sources"):
        if link := markup.unusable_link(getattr(draft, name)):
            refusals[name] = [errors.LinkUnusable(address=link)]
    if refusals:
        raise errors.RefusedTogether(refusals)


def folded(draft: Draft) -> str:
    """Return the whole text folded as ``find`` searches it."""
    return "\n".join(fold.loose(markup.plain(text)) for text in draft)
