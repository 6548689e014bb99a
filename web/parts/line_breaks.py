"""Line breaks that Japanese does not allow, although a browser makes them."""

from markupsafe import Markup, escape

from library import dates


def keep_days(text: str | Markup) -> Markup:
    """Return a sentence in which each day stays on one line, as one element, for boxes that lay out their children side by side.
    What is markup already is left as it is.
    """
    if isinstance(text, Markup):
        return text
    escaped = escape(text)
    if "日(" not in escaped:
        return escaped
    marked = dates.WITH_WEEKDAY.sub(r'<span class="keep">\g<0></span>', str(escaped))
    return Markup(f'<span class="words">{marked}</span>')  # noqa: S704 (escaped above)
