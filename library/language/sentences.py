"""Sentences that remember what they were made of, so that they can be said in another language."""

from typing import Any, Self

WORD = "_word"  # ends the name of a blank that is filled with a word, which is said in the reader's language, too


class Sentence(str):
    """A Japanese sentence, finished; ``msgid`` and ``facts`` are what it was made of.

    ``Sentence("{n}点を借りています", n=3)`` is the text 3点を借りています.
    """

    __slots__ = ("facts", "msgid")
    msgid: str
    facts: dict[str, Any]

    def __new__(cls, msgid: str, /, **facts: object) -> Self:
        made = super().__new__(cls, msgid.format_map(facts) if facts else msgid)
        made.msgid = msgid
        made.facts = facts
        return made
