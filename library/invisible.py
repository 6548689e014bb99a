"""Characters that nobody sees, and that come along when text is pasted: spaces and joiners of no width, byte order marks."""

import re

_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")


def drop(text: str) -> str:
    """Return the text without them."""
    return _INVISIBLE.sub("", text)
