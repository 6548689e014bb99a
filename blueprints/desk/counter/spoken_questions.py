"""レファレンスの受付: a question that somebody asks at the desk or by telephone."""

import secrets

from flask import Blueprint, request

from library import addresses, errors
from library.numbers import cards
from library.site import questions
from models import Patron, Question
from web import access, flash, forms
from web.desk import counter

bp = Blueprint("spoken_questions", __name__)


class SpokenForm(forms.Form):
    subject = forms.Text("件名", maximum=questions.LONGEST["subject"])
    text = forms.Lines("質問", maximum=questions.LONGEST["text"])
    card = forms.Text("利用者番号（任意）", maximum=100)
    address = forms.Text("メールアドレス（任意）", fold=addresses.fold)


@bp.get("/new")
@access.staff_required
def new() -> access.Reply:
    return _page(SpokenForm(formdata=None))


def _page(form: SpokenForm) -> access.Reply:
    return form.page("desk/questions/new.html", request_token=request.form.get("request") or secrets.token_hex(16))


@bp.post("/new")
@access.staff_required
def enter() -> access.Reply:
    form = SpokenForm()
    question = form.submit(lambda: _enter(form), at="card")
    return flash.leave("desk.questions.show", {"question_id": question.id}, done="entered") if question else _page(form)


def _enter(form: SpokenForm) -> Question:
    """Store the question once for each form, for the patron with this card if there is one."""
    draft = questions.Draft(form.subject.data, form.text.data, address=form.address.data or "")
    sent = request.form.get("request", "")[:40] or secrets.token_hex(16)
    return questions.write_down(draft, sent, patron=_patron(counter.scanned("card")), **counter.acting())


def _patron(card: str) -> Patron | None:
    patron = counter.patron_of(card)
    if card and patron is None:
        raise errors.RefusedTogether({"card": [cards.refusal(card, at_desk=True)]})
    return patron
