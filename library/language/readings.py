"""ふりがな: readings over kanji, written in catalogues as ``{資料|しりょう}``."""

import re
from collections.abc import Iterable
from html import escape

MARK = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")


def plain(marked: str) -> str:
    """Return a text without its readings."""
    return MARK.sub(r"\1", marked)


def html(marked: str) -> str:
    """Return a text as HTML, with ruby at each reading, in one element where there is some: a row of a grid has no more
    parts by it. Blanks ``{n}`` stay as they are.
    """
    text = drawn(escape(marked))
    return f"<span>{text}</span>" if "<ruby>" in text else text


def drawn(marked_html: str) -> str:
    """Return HTML with ruby in the place of each mark of a reading."""
    return MARK.sub(lambda found: ruby(found[1], found[2]), marked_html)


def ruby(base: str, reading: str) -> str:
    """Return a word as HTML with its reading over it, which screen readers leave out: most would say both."""
    return f'<ruby>{base}<rp>（</rp><rt aria-hidden="true">{reading}</rt><rp>）</rp></ruby>'


def runs_html(runs: Iterable[tuple[str, str]]) -> str:
    """Return runs of a title, each with its reading or "", as HTML."""
    return "".join(ruby(escape(base), escape(reading)) if reading else escape(base) for base, reading in runs)
