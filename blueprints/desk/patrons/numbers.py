"""番号の形式: the forms of numbers of cards and copies, for 管理."""

from typing import Any

from flask import Blueprint, abort, request

from library import errors, wording
from library.counting import labels
from library.numbers import formats as numbers, free
from web import access, flash, forms, htmx
from web.desk import barcodes, counter

bp = Blueprint("numbers", __name__)
PAGE = "desk.numbers.index"
PREVIEW = "preview"  # the button that shows an example and stores nothing
OF_ANY_LENGTH = 10  # digits of an example of a form that says no length


class NumberForm(forms.Form):
    prefix = forms.Text("はじめの文字", maximum=40)
    length = forms.Text("桁数", maximum=10)
    letters = forms.Radio("使う文字", wording.LETTERS_OF_NUMBERS.items())
    check = forms.Choice("検査数字", wording.CHECK_DIGITS.items())
    pads = forms.Tick("先頭の0を補う")
    bars = forms.Choice("バーコード", wording.BARS.items())
    letter = forms.Choice("スタート・ストップ文字", [(letter, letter) for letter in numbers.LETTERS])
    is_for_new = forms.Tick("新しい番号に使う")
    first = forms.Text("はじめの番号", maximum=40)

    def typed(self) -> dict:
        """Return the typed values by field, with ticks as booleans."""
        typed = super().typed()
        ticks = {name: bool(typed[name]) for name in ("pads", "is_for_new")}
        return typed | ticks | {"letters": typed["letters"] == "letters"}


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    return _list()


def _list(message: str | None = None, status: int = 200) -> access.Reply:
    kinds = [
        {
            "kind": kind,
            "heading": wording.KINDS_OF_NUMBERS[kind],
            "forms": [_shown(form, known) for form in known],
            "next": free.card_number() if kind == "card" else free.barcode(),
            "full": len(known) >= numbers.MOST,
        }
        for kind in numbers.KINDS
        for known in [numbers.of_kind(kind)]
    ]
    page = forms.Form(formdata=None)
    return page.page(
        "desk/numbers/index.html", status, kinds=kinds, most=numbers.MOST, message=message, messages=flash.take(PAGE)
    )


def _shown(form: numbers.Form, known: list[numbers.Form]) -> dict:
    return {
        "id": form.id,
        "words": form.words,
        "check": wording.CHECK_DIGITS[form.check] if form.check else "",
        "pads": form.pads,
        "bars": wording.BARS[form.bars],
        "is_for_new": form.is_for_new,
        "removable": not form.is_for_new and len(known) > 1,
    } | _example(form)


def _example(form: numbers.Form) -> dict:
    """Return a number of this form, with its bars on a label of the middle size."""
    place = int(form.body(form.first)) if form.first else 1
    tried = (form.nth_number(place + more, len(form.first) or OF_ANY_LENGTH) for more in range(50))
    number = next(filter(None, tried), "")
    return {"number": number, "label": barcodes.bars_of(number, labels.SHEETS["24"], [form]) if number else None}


# -- one form --------------------------------------------------------------------------------------------------------
@bp.get("/<any(card, item):kind>/new")
@access.staff_required(role="admin")
def new(kind: str) -> access.Reply:
    """Offer a form to add, as long as there is room for one."""
    if len(numbers.of_kind(kind)) >= numbers.MOST:
        return _list(errors.TooManyForms(most=numbers.MOST).sentence, 409)
    length = str(numbers.for_new(numbers.of_kind(kind)).length or "")
    return _page(_filled(numbers.Form(), length=length), kind, numbers.Form())


@bp.post("/<any(card, item):kind>/new")
@access.staff_required(role="admin")
def add(kind: str) -> access.Reply:
    return _put(kind, numbers.Form())


@bp.get("/<any(card, item):kind>/<row_id:form_id>")
@access.staff_required(role="admin")
def edit(kind: str, form_id: int) -> access.Reply:
    form = _form_or_404(kind, form_id)
    return _page(_filled(form), kind, form)


@bp.post("/<any(card, item):kind>/<row_id:form_id>")
@access.staff_required(role="admin")
def change(kind: str, form_id: int) -> access.Reply:
    return _put(kind, _form_or_404(kind, form_id))


@bp.get("/<any(card, item):kind>/<row_id:form_id>/removal")
@access.staff_required(role="admin")
def ask_removal(kind: str, form_id: int) -> access.Reply:
    """Show what the form of a number is good for, before it goes."""
    words, kind_name = _form_or_404(kind, form_id).words, wording.KINDS_OF_NUMBERS[kind]
    return htmx.page("desk/numbers/removal.html", kind=kind, form_id=form_id, form_words=words, kind_name=kind_name)


@bp.post("/<any(card, item):kind>/<row_id:form_id>/removal")
@access.staff_required(role="admin")
def remove(kind: str, form_id: int) -> access.Reply:
    form = _form_or_404(kind, form_id)
    try:
        numbers.drop(kind, form, **counter.acting())
    except errors.FormIsForNew as refusal:
        return _list(refusal.sentence, 409)
    return flash.leave(PAGE, done="removed", words=form.words)


def _form_or_404(kind: str, form_id: int) -> numbers.Form:
    return next((form for form in numbers.of_kind(kind) if form.id == form_id), None) or abort(404)


def _filled(form: numbers.Form, **given: Any) -> NumberForm:
    stored = {
        name: getattr(form, name) for name in ("prefix", "check", "pads", "bars", "letter", "is_for_new", "first")
    }
    letters = "letters" if form.letters else "digits"
    return NumberForm(formdata=None, **stored | {"length": str(form.length or ""), "letters": letters} | given)


def _put(kind: str, former: numbers.Form) -> access.Reply:
    """Store what was typed, or show what a number of it looks like."""
    sent = NumberForm()
    made = sent.submit(lambda: numbers.read(sent.typed(), kind, former))
    if made is None or PREVIEW in request.form:
        return _page(sent, kind, former, made)
    sent.submit(lambda: numbers.put(kind, made, **counter.acting()), at="prefix")
    if sent.problems:
        return _page(sent, kind, former)
    return flash.leave(PAGE, done="saved", words=made.words)


def _page(sent: NumberForm, kind: str, former: numbers.Form, made: numbers.Form | None = None) -> access.Reply:
    """Return the page of a form of numbers. ``made``: the one that was typed, of which an example is shown."""
    return sent.page(
        "desk/numbers/form.html",
        kind=kind,
        heading=wording.KINDS_OF_NUMBERS[kind],
        form_id=former.id,
        shown=_shown(made or former, [made or former]) if made or former.id else None,
        shortest=numbers.SHORTEST,
        longest=numbers.LONGEST,
        preview=PREVIEW,
    )
