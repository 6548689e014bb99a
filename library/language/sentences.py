"""Sentences that remember what they were made of, so that they can be said in another language."""

import re
from collections.abc import Iterable
from typing import Any, Self

WORD = "_word"  # ends the name of a blank that is filled with a word, which is said in the reader's language, too

_FULL_STOP = re.compile(r"。|\.(?=\s|$)")


class Sentence(str):
    """A Japanese sentence, finished; ``msgid`` and ``facts`` are what it was made of.

    ``Sentence("{n}点を借りています", n=3)`` is the text 3点を借りています.
    """

    __slots__ = ("facts", "msgid")
    msgid: str
    facts: dict[str, Any]

    def __new__(cls, msgid: str, /, **facts: object) -> Self:
        made = super().__new__(cls, msgid.format_map(facts) if facts or "{{" in msgid else msgid)
        made.msgid = msgid
        made.facts = facts
        return made


class Opening(Sentence):
    """The first of the sentences of a msgid, for where there is room for one; ``stop``: with its full stop."""

    __slots__ = ("stop",)
    stop: bool

    def __new__(cls, msgid: str, /, *, stop: bool = False, **facts: object) -> Self:
        whole = Sentence(msgid, **facts)
        made = str.__new__(cls, opening(whole, stop=stop))
        made.msgid, made.facts, made.stop = whole.msgid, whole.facts, stop
        return made


def opening(text: str, *, stop: bool = False) -> str:
    """Return the first sentence of a text in any language. ``stop``: with its full stop."""
    found = _FULL_STOP.search(text)
    return text[: found.end() if stop else found.start()] if found else text


class Joined(str):
    """Sentences or words one after the other, each of which is said by itself; ``mark`` stands between them.

    ``Joined(["メール", "電話"], "、")`` is the text メール、電話.
    """

    __slots__ = ("mark", "parts")
    parts: tuple[str, ...]
    mark: str

    def __new__(cls, parts: Iterable[str], mark: str = "") -> Self:
        several = tuple(parts)
        made = super().__new__(cls, mark.join(several))
        made.parts = several
        made.mark = mark
        return made
