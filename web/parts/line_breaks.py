"""Line breaks that Japanese forbids but browsers make."""

import re

from markupsafe import Markup, escape

from library import dates

_DAY_ASIDE = re.compile(r"（[^（）<>]{0,8}" + dates.WITH_WEEKDAY.pattern + r"[^（）<>]{0,4}）[。、]?")

_WHOLE = r'<span class="whole">\g<0></span>'
_ELEMENT = re.compile(r"(<[^>]*>)")


def keep_days(text: str | Markup) -> Markup:
    """Return a sentence as one element in which no date is broken; Markup is returned unchanged.

    A short aside with its date, （12月3日(木)まで）, moves to the next line whole if there is room, with the
    mark that ends its clause.
    """
    if isinstance(text, Markup):
        return text
    escaped = escape(text)
    if "<" in escaped:
        return Markup('<span class="words">{}</span>').format(_with_days(escaped))
    if "日(" not in escaped:
        return escaped
    return Markup(f'<span class="words">{_marked(_DAY_ASIDE.sub(_WHOLE, str(escaped)))}</span>')  # noqa: S704 (escaped)


def _with_days(sentence: Markup) -> Markup:
    """Return a sentence that has elements among its facts, its days marked where none of these marks them."""
    if "日(" not in sentence or 'class="keep"' in sentence:
        return sentence
    parts = _ELEMENT.split(str(sentence))
    parts[::2] = map(_marked, parts[::2])
    return Markup("".join(parts))  # noqa: S704 (escaped as it was)


def _marked(text: str) -> str:
    return dates.WITH_WEEKDAY.sub(r'<span class="keep">\g<0></span>', text)
