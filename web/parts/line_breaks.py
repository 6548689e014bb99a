"""Line breaks that Japanese forbids but browsers make."""

import re

from markupsafe import Markup, escape

from library import dates

_DAY_ASIDE = re.compile(r"（[^（）<>]{0,8}" + dates.WITH_WEEKDAY.pattern + r"[^（）<>]{0,4}）")


def keep_days(text: str | Markup) -> Markup:
    """Return a sentence as one element in which no date is broken; Markup is returned unchanged.

    A short aside with its date, （12月3日(木)まで）, moves to the next line whole if there is room.
    """
    if isinstance(text, Markup):
        return text
    escaped = escape(text)
    if "日(" not in escaped:
        return escaped
    whole = _DAY_ASIDE.sub(r'<span class="whole">\g<0></span>', str(escaped))
    marked = dates.WITH_WEEKDAY.sub(r'<span class="keep">\g<0></span>', whole)
    return Markup(f'<span class="words">{marked}</span>')  # noqa: S704 (escaped above)
