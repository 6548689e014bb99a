"""Where a line of Japanese may not break, although a browser would."""

import re

from markupsafe import Markup, escape

# a day as library.dates writes it: with its weekday, with or without the year
DAY = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日\([月火水木金土日]\)")


def keep_days(text) -> Markup:
    """Return a sentence in which each day stays on one line. What is markup already is left as it is."""
    if hasattr(text, "__html__"):
        return text
    kept = escape(text)
    if "日(" not in kept:
        return kept
    return Markup(DAY.sub(r'<span class="keep">\g<0></span>', str(kept)))  # noqa: S704 (escaped above)
