"""レファレンス: what has been answered before, and asking in three steps.

What is typed travels from step to step in the form itself: nothing of it is kept before it is sent
(docs/adr/0069-reference.md).
"""

import re
import secrets
from typing import Any

from flask import Blueprint, redirect, request, session, url_for
from flask_login import current_user

from library import addresses, clock, errors, policy
from library.patrons import patrons
from library.site import published_answers, questions
from models import PublishedAnswer
from web import access, forms, htmx, paging
from web.parts import reference_answer

bp = Blueprint("reference", __name__)
SIZE = 20  # answers on a page
LONGEST_SEARCH, BEGINNING = 100, 90  # letters
REQUEST = re.compile(r"[0-9a-f]{32}")


class QuestionForm(forms.Form):
    in_summary = (("file", "", ""),)
    subject = forms.Text("件名", maximum=questions.LONGEST["subject"])
    text = forms.Lines("質問", maximum=questions.LONGEST["text"])
    looked = forms.Lines("すでに調べたこと（任意）", maximum=questions.LONGEST["looked"])
    wanted = forms.Text("目的と期限（任意）", maximum=questions.LONGEST["wanted"])
    address = forms.Text("メールアドレス", fold=addresses.fold)
    consent = forms.Tick("質問と回答を、図書館のサイトで公開することに同意する")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if current_user.patron:
            del self.address

    def draft(self) -> questions.Draft:
        return questions.Draft(**self.data)


# -- what was answered -----------------------------------------------------------------------------------------------
@bp.get("")
@access.public
def index() -> access.Reply:
    words = request.args.get("word", "").strip()[:LONGEST_SEARCH]
    rows = published_answers.find(words)
    cut = paging.cut(rows, SIZE, url_for("reference.index", word=words or None))
    return htmx.page(
        "reference/index.html", words=words, total=rows.count(), answers=[_row(row) for row in cut.pop("rows")], **cut
    )


def _row(row: PublishedAnswer) -> dict:
    beginning = " ".join(row.text.split())
    return {
        "id": row.id,
        "subject": row.subject,
        "day": row.published_on,
        "beginning": beginning if len(beginning) <= BEGINNING else f"{beginning[:BEGINNING]}…",
    }


@bp.get("/<row_id:answer_id>")
@access.public
def show(answer_id: int) -> access.Reply:
    row = access.mine_or_404(published_answers.public().where(PublishedAnswer.id == answer_id))
    return htmx.page("reference/answer.html", entry=row, **reference_answer.render(row.answer, row.sources))


# -- asking ----------------------------------------------------------------------------------------------------------
@bp.get("/ask")
@access.public
def ask() -> access.Reply:
    return _edit_page(QuestionForm(formdata=None))


@bp.post("/ask")
@access.public
def revise() -> access.Reply:
    """修正: show the first step again, with what was typed."""
    form = QuestionForm()
    form.problems = _files_refused()
    return _edit_page(form)


def _edit_page(form: QuestionForm) -> access.Reply:
    return form.page("reference/ask.html", longest=questions.LONGEST, **_asker())


def _asker() -> dict:
    """Return the addresses that the answer goes to, of a patron; nothing of anybody else."""
    if current_user.patron is None:
        return {}
    reached = questions.mail_addresses(current_user.patron)
    return {
        "name": current_user.patron.name,
        "reached": reached[0][0] if reached else "",
        "has_address": bool(patrons.addresses(current_user.patron)),
        "in_full": current_user.patron.titles_in_mail,
        "days": policy.get("reference_days"),
    }


def _judged() -> QuestionForm:
    """Return the form that arrived, with all its problems."""
    form = QuestionForm()
    form.problems = forms.refused(form) or questions.judge(form.draft(), current_user.patron)
    form.problems |= _files_refused()
    return form


def _files_refused() -> dict:
    return {"file": [errors.FilesRefused()]} if request.files else {}


@bp.get("/ask/confirm", endpoint="confirm")
@access.public
def begin_again() -> access.Reply:
    """Lead from the second step, opened without a form, to the first."""
    return redirect(url_for("reference.ask"), 303)


@bp.post("/ask/confirm")
@access.public
def look() -> access.Reply:
    """Show the question once more before it is sent, or the first step again with its refusals."""
    form = _judged()
    return _edit_page(form) if form.problems else _confirm_page(form)


def _confirm_page(form: QuestionForm, refusal: errors.Refused | None = None) -> access.Reply:
    suggestion = addresses.suggestion(form.address.data) if "address" in form else None
    response = form.page(
        "reference/confirm.html",
        429 if refusal else 200,
        request_id=_request(),
        refusal=refusal.sentence if refusal else "",
        suggestion=suggestion or "",
        page_has_errors=refusal is not None,
        **_asker(),
    )
    if refusal:
        response.headers["Retry-After"] = str(refusal.facts["seconds"])
    return response


def _request() -> str:
    """Return the mark by which a form that is sent twice is one question."""
    sent = request.form.get("request", "")
    return sent if REQUEST.fullmatch(sent) else secrets.token_hex(16)


@bp.post("/ask/done")
@access.public
def send() -> access.Reply:
    """Send the question, once; 429 to who asks too often."""
    form, patron = _judged(), current_user.patron
    if form.problems:
        return _edit_page(form)
    client = request.remote_addr or ""
    try:
        asked = questions.ask(form.draft(), _request(), patron=patron, client=client, now=clock.now())
    except errors.AskedTooOften as refusal:
        return _confirm_page(form, refusal)
    session["question"] = asked.id
    return redirect(url_for("reference.done"), 303)


@bp.get("/ask/done")
@access.public
def done() -> access.Reply:
    number = session.get("question")
    if number is None:
        return redirect(url_for("reference.ask"), 303)
    return htmx.page("reference/done.html", number=number, **_asker())
