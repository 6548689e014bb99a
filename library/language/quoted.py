"""Titles in a row, as each language quotes them: 「草枕」「門」ほか2点."""

from collections.abc import Sequence

from library.language.sentences import Sentence

MOST = 3  # titles that a row names

_NAMED = ("", "「{first}」", "「{first}」「{second}」", "「{first}」「{second}」「{third}」")
_WITH_MORE = (
    "{n}点",
    "「{first}」ほか{n}点",
    "「{first}」「{second}」ほか{n}点",
    "「{first}」「{second}」「{third}」ほか{n}点",
)


def titles(names: Sequence[str], number: int | None = None) -> Sentence:
    """Return the first titles by name and the number of the others. ``number``: of things, if not all have a name."""
    shown = names[:MOST]
    facts = dict(zip(("first", "second", "third"), shown, strict=False))
    if more := (len(names) if number is None else number) - len(shown):
        return Sentence(_WITH_MORE[len(shown)], n=more, **facts)
    return Sentence(_NAMED[len(shown)], **facts)
