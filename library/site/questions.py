"""レファレンス: questions to the library, the librarians who take them, and the answers.

The asker is a patron, or a mail address that nobody has verified: no mail there repeats typed text. An ended question
is erased after ``reference_days``, with all that was typed and its mails.
"""

import hashlib
from datetime import date, datetime, timedelta
from typing import NamedTuple

from library import addresses, audit, clock, errors, networks, policy
from library.access import throttle
from library.language import sentences
from library.mail import outbox
from library.patrons import patrons
from library.site import markup
from library.store import database
from library.store.queries import tuples
from models import OutboxMail, Patron, PublishedAnswer, Question

LONGEST = {"subject": 100, "text": 2000, "looked": 1000, "wanted": 300}  # letters
LONGEST_ANSWER, LONGEST_SOURCES, LONGEST_REASON = 8000, 3000, 1000
OPEN = ("new", "taken")
RECEIPT, ANSWER = "reference_receipt", "reference_answer"
_hour, _day = timedelta(hours=1), timedelta(days=1)
# (questions, time). All limits hold for strangers, for patrons only their own, so that no flood shuts patrons out
A_CLIENT, A_NETWORK, AN_ADDRESS, A_PATRON, STRANGERS = (5, _hour), (20, _hour), (3, _day), (10, _day), (60, _hour)


class Draft(NamedTuple):
    """A question as a form sends it; ``address`` of an asker who is not signed in."""

    subject: str
    text: str
    looked: str = ""
    wanted: str = ""
    consent: bool = False
    address: str = ""


# -- asking ----------------------------------------------------------------------------------------------------------
def judge(draft: Draft, patron: Patron | None) -> dict:
    """Return the refusals by field; empty if there are none."""
    refusals: dict[str, list[errors.Refused]] = {
        name: [errors.FieldEmpty()] for name in ("subject", "text") if not getattr(draft, name).strip()
    }
    if patron is None and not addresses.is_valid(draft.address):
        refusals["address"] = [errors.AddressMalformed() if draft.address else errors.FieldEmpty()]
    return refusals


def ask(draft: Draft, request: str, *, patron: Patron | None = None, client: str = "", now: datetime) -> Question:
    """Store a question, once for each ``request``, and mail a receipt to an address. Return it.

    Raises: RefusedTogether by field; AskedTooOften.
    """
    if refusals := judge(draft, patron):
        raise errors.RefusedTogether(refusals)
    with database.writing():
        if stored := Question.get_or_none(Question.request == request):
            return stored
        for name, limit in _limits(patron, draft.address, client):
            _count(name, limit, now)
        values = draft._asdict() | {"address": "" if patron else draft.address}
        question = Question.create(**values, request=request, patron=patron, asked_at=now)
        if patron is None:
            _mail(RECEIPT, question, draft.address, now=now)
    return question


def write_down(draft: Draft, request: str, *, patron: Patron | None, by: str, now: datetime) -> Question:
    """Store a question that was asked at the desk or by telephone, once for each ``request``; nothing is mailed.

    ``patron``: the asker, if they have a card. Without a card and an address the answer is told. Raises:
    RefusedTogether by field.
    """
    refusals = judge(draft, patron)
    if not draft.address:
        refusals.pop("address", None)
    if refusals:
        raise errors.RefusedTogether(refusals)
    with database.writing():
        if stored := Question.get_or_none(Question.request == request):
            return stored
        values = draft._asdict() | {"address": "" if patron else draft.address}
        question = Question.create(**values, request=request, patron=patron, asked_at=now)
        audit.record("question.entered", actor=by, now=now, of=f"受付番号{question.id}")
    return question


def _limits(patron: Patron | None, address: str, client: str) -> list[tuple[str, tuple[int, timedelta]]]:
    if patron is not None:
        return [(f"question:{patron.card_number}", A_PATRON)]
    local, _, domain = address.casefold().rpartition("@")
    mailbox = f"{local.partition('+')[0].replace('.', '')}@{domain}"  # many providers ignore dots and what follows a +
    network = networks.household(client)
    limits = [(f"question:{network}", A_CLIENT), (f"question:{_hashed(mailbox)}", AN_ADDRESS), ("question:", STRANGERS)]
    line = networks.provider_line(client)
    return [*limits, (f"question:{line}/48", A_NETWORK)] if line else limits


def _hashed(mailbox: str) -> str:
    return "mail-" + hashlib.sha256(mailbox.encode("utf-8", "replace")).hexdigest()[:16]


def _count(name: str, limit: tuple[int, timedelta], now: datetime) -> None:
    most, window = limit
    if throttle.count(name, now=now, until=now + window) > most:
        words = sentences.Sentence("{n}日" if window == _day else "{n}時間", n=1)
        raise errors.AskedTooOften(seconds=int(window.total_seconds()), words=words)


def _mail(kind: str, question: Question, address: str, address_kind: str = "pc", *, now: datetime) -> None:
    key, facts = f"{kind}:{question.id}", {"question": question.id}
    outbox.put(kind, key, address=address, address_kind=address_kind, patron=question.patron_id, facts=facts, now=now)


def set_consent(question: Question, agreed: bool, *, now: datetime, by: str | None = None) -> None:
    """Store or end the asker's consent to publish the answer; its end hides a published answer. ``by``: at the desk."""
    with database.writing():
        if by:
            _record("question.consent", question, by, now)
        Question.update(consent=agreed).where(Question.id == question.id).execute()
        if not agreed:
            PublishedAnswer.update(public=False, changed_at=now).where(PublishedAnswer.question == question).execute()


# -- at the desk -----------------------------------------------------------------------------------------------------
def take(question: Question, *, by: str, now: datetime) -> None:
    """Take a question, also from another member of staff. Raises: QuestionEnded."""
    with database.writing():
        question = _open(question)
        Question.update(state="taken", taken_by=by).where(Question.id == question.id).execute()
        _record("question.taken", question, by, now)


def save_draft(question: Question, answer: str, sources: str, *, by: str) -> None:
    """Store an unfinished answer. Raises: QuestionEnded, QuestionNotTaken; RefusedTogether by field."""
    _judge_links(answer, sources)
    with database.writing():
        question = _taken(question, by)
        Question.update(answer=answer, sources=sources).where(Question.id == question.id).execute()


def answer(question: Question, answer: str, sources: str, *, by: str, now: datetime) -> None:
    """Send the answer. Raises: QuestionEnded, QuestionNotTaken; RefusedTogether by field."""
    _judge_links(answer, sources)
    if not answer.strip():
        raise errors.RefusedTogether({"answer": [errors.FieldEmpty()]})
    with database.writing():
        _end(_taken(question, by), "answered", answer, sources, by, now)


def close(question: Question, reason: str, *, by: str, now: datetime) -> None:
    """End a question without an answer, with a reason. Raises: QuestionEnded, QuestionNotTaken; RefusedTogether by
    field.
    """
    if not reason.strip():
        raise errors.RefusedTogether({"reason": [errors.FieldEmpty()]})
    with database.writing():
        _end(_taken(question, by), "closed", reason, "", by, now)


def _judge_links(answer: str, sources: str) -> None:
    unusable = {"answer": markup.unusable_link(answer), "sources": markup.unusable_link(sources)}
    refusals = {name: [errors.LinkUnusable(address=link)] for name, link in unusable.items() if link}
    if refusals:
        raise errors.RefusedTogether(refusals)


def _open(question: Question) -> Question:
    question = Question.get_by_id(question.id)
    if question.state not in OPEN:
        raise errors.QuestionEnded()
    return question


def _taken(question: Question, by: str) -> Question:
    question = _open(question)
    if question.taken_by != by:
        raise errors.QuestionNotTaken()
    return question


def _end(question: Question, state: str, text: str, sources: str, by: str, now: datetime) -> None:
    ended = {"state": state, "answer": text, "sources": sources, "ended_at": now}
    Question.update(ended).where(Question.id == question.id).execute()
    _record(f"question.{state}", question, by, now)
    told = [(question.address, "pc")] if question.address else []
    for address, kind in mail_addresses(question.patron) if question.patron else told:
        _mail(ANSWER, question, address, kind, now=now)


def _record(action: str, question: Question, by: str, now: datetime) -> None:
    """Record act, question id and staff; neither text nor asker."""
    audit.record(action, actor=f"staff:{by}", now=now, of=f"受付番号{question.id}")


def mail_addresses(patron: Patron) -> list[tuple]:
    """Return [(address, kind)] for answers to a patron, the first deliverable one; an empty list without one."""
    return [(row.address, row.kind) for row in patrons.addresses(patron) if row.undeliverable_at is None][:1]


# -- the mail ----------------------------------------------------------------------------------------------------------
class Letter(NamedTuple):
    """A mail about a question; ``answer`` is empty if the patron wants no titles in mails and reads it on the page."""

    name: str
    number: int
    asked_on: date
    answer: str
    sources: list
    closed: bool
    is_patron: bool


def letter(mail: OutboxMail, *, base: str) -> Letter | None:
    """Return the mail as it is sent now; None if the question was erased. ``base``: this site's address for links."""
    question = Question.get_or_none(Question.id == mail.facts.get("question"))
    if question is None:
        return None
    patron = question.patron
    with_answer = mail.kind == ANSWER and (patron is None or patrons.names_titles(patron, mail.address))
    return Letter(
        patron.name if patron else "",
        question.id,
        clock.day_of(question.asked_at),
        markup.plain(question.answer, base).strip() if with_answer else "",
        [markup.plain(line, base) for line in question.sources.splitlines() if line.strip()] if with_answer else [],
        question.state == "closed",
        patron is not None,
    )


# -- erasure -----------------------------------------------------------------------------------------------------------
def erased_at(ended_at: datetime) -> datetime:
    """Return the moment of erasure of a question that ended at ``ended_at``."""
    return ended_at + timedelta(days=policy.get("reference_days"))


def erase_old(*, now: datetime) -> dict:
    """Erase questions that ended ``reference_days`` ago and orphaned unpublished answers; return ``{"questions":
    count}``.
    """
    over = Question.ended_at < now - timedelta(days=policy.get("reference_days"))
    with database.writing():
        ids = [number for (number,) in tuples(Question.select(Question.id).where(over))]
        _erase(ids)
        PublishedAnswer.delete().where(~PublishedAnswer.public, PublishedAnswer.question.is_null()).execute()
    return {"questions": len(ids)}


def close_card(patron: Patron) -> None:
    """Erase the questions of a closed card, in the caller's transaction. Published answers name nobody, and stay."""
    _erase([number for (number,) in tuples(Question.select(Question.id).where(Question.patron == patron))])


def _erase(ids: list[int]) -> None:
    PublishedAnswer.delete().where(~PublishedAnswer.public, PublishedAnswer.question.in_(ids)).execute()
    keys = [f"{kind}:{number}" for number in ids for kind in (RECEIPT, ANSWER)]
    OutboxMail.delete().where(OutboxMail.key.in_(keys), OutboxMail.state != "sending").execute()
    Question.delete().where(Question.id.in_(ids)).execute()
