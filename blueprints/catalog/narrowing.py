"""絞り込み: groups of links beside a list. Tuples, so that the same groups are drawn only once."""

from typing import NamedTuple


class Choice(NamedTuple):
    """A link that narrows a list: a ``chosen`` one leads to the list without it. Without an address it is text."""

    label: str
    url: str | None
    number: int | None = None
    chosen: bool = False


class Group(NamedTuple):
    label: str
    values: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()  # behind もっと見る
