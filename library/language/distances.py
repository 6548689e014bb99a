"""Distances to a day, in words."""

from library.language.sentences import Sentence


def until_due(days: int) -> Sentence:
    """Return the distance to a due date that is so many days ahead: 今日まで, 明日まで, あと2日, 3日過ぎています."""
    if days < 0:
        return Sentence("{n}日過ぎています", n=-days)
    return Sentence("あと{n}日", n=days) if days > 1 else Sentence(("今日まで", "明日まで")[days])
