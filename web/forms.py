"""Form fields that normalise typed text, and refusals by field of values that arrive missing, doubled or unprintable.

``Form.submit`` takes a form from its arrival to the rule, ``Form.page`` shows it again with its refusals:

    form = NameForm()
    form.submit(lambda: shelves.rename(row, form.name.data))
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
        """Return ``rule()`` if every field arrived properly, else None with ``problems`` filled.

        RefusedTogether is put at its fields, Refused and Refusals at the field ``at``; without ``at`` these two are
        raised. ``without``: fields that need not arrive. Problems found by the view before keep the rule from being
        called.
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
        """Return the page of this form. With problems it has status 422, their summary, and the typed values.

        The template gets ``form`` (the views of its fields), ``problems``, ``summary`` and ``page_has_errors``;
        ``context`` can replace them.
        """
        context = {"form": self.views(), **error_values(self.problems, self.summary())} | context
        return htmx.page(template, status or (422 if self.problems else 200), address, **context)

    def summary(self) -> list[dict]:
        """Return the lines of the error summary in the order of the fields; lines without a field come first."""
        marks = {field.name: (field.label.text, field.name) for field in self}
        names, lines = list(marks), []
        marks |= {name: (label, anchor) for name, label, anchor in self.in_summary}
        for name in sorted(self.problems, key=lambda name: names.index(name) if name in names else -1):
            label, anchor = marks.get(name, ("", name))
            lines += [{"label": label, "sentence": one.sentence, "anchor": anchor} for one in self.problems[name]]
        return lines

    def typed(self) -> dict:
        """Return the typed or chosen values by field name; "" for none."""
        return {field.name: field.data or "" for field in self}

    def own_fields(self) -> "list[OwnField]":
        """Return all fields but WTForms' own, such as the token."""
        return [field for field in self if isinstance(field, OwnField)]

    def views(self) -> "dict[str, FieldView]":
        """Return the view of each field by its name."""
        return {field.name: field.view for field in self.own_fields()}


class FieldView(NamedTuple):
    """A field as a template draws it."""

    kind: str
    name: str
    label: str
    value: object = None
    offered: tuple = ()


class OwnField(Field):
    """A field of ours; ``kind`` names its macro."""

    kind = ""

    @property
    def view(self) -> FieldView:
        """Return the field as a template draws it."""
        return FieldView(self.kind, self.name, self.label.text, self.data)

    @property
    def sent(self) -> str:
        """Return the raw value that arrived; "" for none."""
        return self.raw_data[0] if self.raw_data else ""

    def refusals(self) -> list[errors.Refused]:
        """Return the refusals of the arrival: missing, twice, too long, unprintable; not of the meaning."""
        raise NotImplementedError


class Text(OwnField):
    """One line without invisible characters; ``fold`` normalises the typed text before it is judged."""

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
    """Several lines, each ending with one character whatever the browser sent."""

    kind = "lines"

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = "\n".join(valuelist[0].splitlines()) if valuelist else ""
        self.data = "\n".join(printable(line) for line in text.split("\n"))

    def refusals(self) -> list[errors.Refused]:
        return _arrival(self.raw_data) or letters("".join(self.sent.splitlines()), self.maximum)


class Secret(Text):
    """A password: taken as it was typed, never shown again, judged by the rules."""

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
    """Return the row id in a form's text; None for any other text."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def refused(form: Form) -> dict[str, Sequence[errors.Refused]]:
    """Return the refusals of each field's arrival, by field name; fields without any are left out."""
    return {field.name: found for field in form.own_fields() if (found := field.refusals())}


def error_values(problems: Problems, lines: list[dict] | None = None) -> dict[str, Any]:
    """Return the values ``problems``, ``summary`` and ``page_has_errors`` of a template. ``lines``: another summary."""
    lines = summary(problems) if lines is None else lines
    return {"problems": problems, "summary": lines, "page_has_errors": bool(problems)}


def summary(problems: Problems, order: Sequence[str] = ()) -> list[dict]:
    """Return the lines of an error summary without a form, in the order of the page, labelled by ``wording.field``."""
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
    """Return the refusals of a typed text: too long, control characters."""
    if len(text) > maximum:
        return [errors.FieldTooLong(maximum=maximum)]
    if any(unicodedata.category(letter) in HIDDEN_CATEGORIES for letter in text):
        return [errors.FieldHasControl()]
    return []


def _among(value: str, offered: Container[str]) -> list[errors.Refused]:
    return [] if value in offered else [errors.ChoiceUnknown()]


def printable(text: str) -> str:
    """Return the text without control characters, which can't stand in HTML."""
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cs"))


def numbers(name: str) -> set[int]:
    """Return the row ids in the fields of this name; 404 for other text."""
    texts = request.form.getlist(name)
    found = {row for text in texts if (row := number(text)) is not None}
    return found if len(found) == len(set(texts)) else abort(404)


def shown_renewals() -> dict[int, date]:
    """Return loan id → due date shown with it, from the fields ``renewal`` (12_2026-12-09); 404 for other text."""
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
