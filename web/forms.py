"""Form fields that fold what people type, and that say by name what is wrong with what arrived.

Nothing is trusted to arrive once, complete, short or printable; ``refused(form)`` tells, by field. ``Form.submit`` takes a form
from its arrival to the rule, ``Form.page`` shows it again with what was refused:

    form = NameForm()
    form.submit(lambda: sdi.rename(row, form.sdi_name.data))
    return _name_page(row, form) if form.problems else _done("renamed", row)
"""

import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

from flask import Response, abort, request
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, RadioField, SelectField

from library import errors, invisible, wording
from web import htmx

Result = TypeVar("Result")
Problems = Mapping[str, Sequence[errors.Refused]]  # by field name
LONGEST_NUMBER = 18  # digits
HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn"}


class Form(FlaskForm):
    in_summary: Sequence[tuple[str, str, str]] = ()  # name, label, anchor, where these are not those of the field

    problems: dict[str, Sequence[errors.Refused]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, meta={"csrf": False}, **kwargs
        )  # CSRFProtect checks every POST before it reaches a form
        self.problems = {}

    def submit(self, rule: Callable[[], Result], at: str = "", without: tuple[str, ...] = ()) -> Result | None:
        """Call ``rule`` if every field arrived as it should; return its result, or None with ``problems`` filled.

        RefusedTogether is put at the fields it names, Refused and Refusals at the field ``at``; without ``at`` those two are raised
        for the view to answer in another way. ``without``: fields that need not arrive. Problems that the view has found before
        keep the rule from being called.
        """
        self.problems |= {name: found for name, found in refused(self).items() if name not in without}
        if self.problems:
            return None
        try:
            return rule()
        except errors.RefusedTogether as together:
            self.problems = dict(together.by_field)
        except (errors.Refused, errors.Refusals) as refusal:
            if not at:
                raise
            self.problems = {at: getattr(refusal, "reasons", [refusal])}
        return None

    def page(self, template: str, status: int = 0, address: str | None = None, /, **context: object) -> Response:
        """Return the page of this form. With problems it has status 422, their summary, and what was typed.

        The template gets ``form`` (the views of its fields), ``problems``, ``summary`` and ``page_has_errors``; ``context`` can replace them.
        """
        context = {"form": self.views(), **error_values(self.problems, self.summary())} | context
        return htmx.page(template, status or (422 if self.problems else 200), address, **context)

    def summary(self) -> list[dict]:
        """Return the lines of the error summary in the order of the fields; what belongs to no field comes first."""
        marks = {field.name: (field.label.text, field.name) for field in self}
        names, lines = list(marks), []
        marks |= {name: (label, anchor) for name, label, anchor in self.in_summary}
        for name in sorted(self.problems, key=lambda name: names.index(name) if name in names else -1):
            label, anchor = marks.get(name, ("", name))
            lines += [{"label": label, "sentence": one.sentence, "anchor": anchor} for one in self.problems[name]]
        return lines

    def typed(self) -> dict:
        """Return what was typed or chosen, by field name; "" where nothing was."""
        return {field.name: field.data or "" for field in self}

    def own_fields(self) -> "list[OwnField]":
        """Return the fields that are ours: all of them."""
        return [field for field in self if isinstance(field, OwnField)]

    def views(self) -> "dict[str, FieldView]":
        """Return what a page draws, by field name."""
        return {field.name: field.view for field in self.own_fields()}


class FieldView(NamedTuple):
    """A field as a page draws it."""

    kind: str
    name: str
    label: str
    value: object = None
    offered: tuple = ()


class OwnField(Field):
    """A field of ours; ``kind`` tells how it is drawn."""

    kind = ""

    @property
    def view(self) -> FieldView:
        return FieldView(self.kind, self.name, self.label.text, self.data)

    @property
    def sent(self) -> str:
        """Return what arrived, as it arrived."""
        return self.raw_data[0] if self.raw_data else ""

    def refusals(self) -> list[errors.Refused]:
        """Return what is wrong with what arrived; nothing about what it means."""
        raise NotImplementedError


class Text(OwnField, StringField):
    """One line, without what can't be seen; ``fold`` makes one spelling of what was typed, before anything is judged."""

    kind = "text"
    maximum = 254
    data: str

    def __init__(self, *args: Any, maximum: int = 0, fold: Callable[[str], str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.maximum, self.fold = maximum or self.maximum, fold

    def process_data(self, value: Any) -> None:
        self.data = "" if value is None else value

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = printable(invisible.drop(valuelist[0])) if valuelist else ""
        if self.fold and not self.refusals():
            self.data = self.fold(self.data)

    def refusals(self) -> list[errors.Refused]:
        return _arrival(self.raw_data) or letters(invisible.drop(self.sent), self.maximum)


class Lines(Text):
    """Several lines; each ends with one letter, whatever the browser sent."""

    kind = "lines"

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = "\n".join(valuelist[0].splitlines()) if valuelist else ""
        self.data = "\n".join(printable(line) for line in text.split("\n"))

    def refusals(self) -> list[errors.Refused]:
        return _arrival(self.raw_data) or letters("".join(self.sent.splitlines()), self.maximum)


class Secret(OwnField, PasswordField):
    """A password: never shown again, judged by the rules."""

    kind = "secret"
    maximum = 1000

    @property
    def view(self) -> FieldView:
        return FieldView(self.kind, self.name, self.label.text)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = valuelist[0] if valuelist else ""


class _OneOf(OwnField, SelectField):
    """A field whose choices are (value, label)."""

    def __init__(self, label: str, choices: Iterable[tuple[object, str]] = (), **kwargs: Any) -> None:
        super().__init__(label, validate_choice=False, **kwargs)
        self.offer(choices)

    def offer(self, choices: Iterable[tuple[object, str]]) -> None:
        self.offered = tuple((str(value), label) for value, label in choices)
        self.choices = list(self.offered)

    @property
    def view(self) -> FieldView:
        return super().view._replace(offered=self.offered)

    def refusals(self) -> list[errors.Refused]:
        return _arrival(self.raw_data) or _among(self.sent, dict(self.offered))


class Choice(_OneOf):
    kind = "choice"


class Radio(_OneOf, RadioField):
    kind = "radio"


class Tick(OwnField, BooleanField):
    """Ticked or not; a browser sends nothing for a box that is not ticked."""

    kind = "tick"

    def refusals(self) -> list[errors.Refused]:
        if not self.raw_data:
            return []
        return _arrival(self.raw_data) or _among(self.sent, ("y", "1", "on"))


def number(text: str | None) -> int | None:
    """Return the number of a row, as a form carries it; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def refused(form: Form) -> dict[str, Sequence[errors.Refused]]:
    """Return what is wrong with the arrival of each field, by field name; nothing about what it means."""
    return {field.name: found for field in form.own_fields() if (found := field.refusals())}


def error_values(problems: Problems, lines: list[dict] | None = None) -> dict[str, Any]:
    """Return the three values by which a page shows what was refused. ``lines``: of its summary, where they are others."""
    lines = summary(problems) if lines is None else lines
    return {"problems": problems, "summary": lines, "page_has_errors": bool(problems)}


def summary(problems: Problems, order: Sequence[str] = ()) -> list[dict]:
    """Return the lines of an error summary without a form, in the order of the page. Labels are the words of the trade."""
    names = sorted(problems, key=order.index) if order else problems
    return [
        {"label": wording.field_word(name), "sentence": problem.sentence, "anchor": name}
        for name in names
        for problem in problems[name]
    ]


def _arrival(raw: list[Any] | None) -> list[errors.Refused]:
    if not raw:
        return [errors.FieldMissing()]
    return [errors.FieldDoubled()] if len(raw) > 1 else []


def letters(text: str, maximum: int) -> list[errors.Refused]:
    """Return what is wrong with letters that were typed."""
    if len(text) > maximum:
        return [errors.FieldTooLong(maximum=maximum)]
    if any(unicodedata.category(letter) in HIDDEN_CATEGORIES for letter in text):
        return [errors.FieldHasControl()]
    return []


def _among(value: str, offered: Container[str]) -> list[errors.Refused]:
    return [] if value in offered else [errors.ChoiceUnknown()]


def printable(text: str) -> str:
    """Return what a page can show again: control characters can't stand in HTML."""
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cs"))


def numbers(name: str) -> set[int]:
    """Return the numbers of rows in the fields of this name. What is none is answered 404."""
    texts = request.form.getlist(name)
    found = {row for text in texts if (row := number(text)) is not None}
    return found if len(found) == len(set(texts)) else abort(404)


def shown_renewals() -> dict[int, date]:
    """Return loan id → the day that was shown with it, of the fields ``renewal`` (12_2026-12-09) of a form. What is none is answered 404."""
    found = {}
    for text in request.form.getlist("renewal"):
        number, _, day = text.partition("_")
        if not number.isdecimal() or len(number) > LONGEST_NUMBER:
            abort(404)
        try:
            found[int(number)] = date.fromisoformat(day)
        except ValueError:
            abort(404)
    return found
