"""絞り込み: groups of links beside a list. Tuples, so that what looks the same need not be drawn again."""

from typing import NamedTuple


class Choice(NamedTuple):
    """A link; a ``chosen`` one leads to the list without it, or is where one is. Without an address, text: nothing is behind it."""

    label: str
    url: str | None
    number: int | None = None
    chosen: bool = False


class Group(NamedTuple):
    label: str
    values: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()  # behind もっと見る
