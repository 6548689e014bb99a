"""桁: text in columns; a full-width character takes two."""

import unicodedata
from collections.abc import Iterator

NEVER_FIRST = "、。，．・：；？！」』）】〕〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ),.:;?!]}"

BULLETS = {"・": "　", "- ": "  ", "* ": "  "}  # each with the indent of the lines that follow


def width(text: str) -> int:
    """Return the columns of a text on a Japanese phone: ambiguous characters take two, combining ones none."""
    return sum(_columns(character) for character in text)


def wrap(text: str, columns: int) -> str:
    """Return the text with wider lines broken; a line with an address (URL) stays whole, so that it can be followed."""
    return "\n".join(part for line in text.split("\n") for part in _parts(line.rstrip(), columns))


def cut(text: str, columns: int) -> str:
    """Return the text, if wider cut and ended with …."""
    if width(text) <= columns:
        return text
    return _fitting(text, columns - 2) + "…"


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def _parts(line: str, columns: int) -> Iterator[str]:
    """Yield the pieces of a line; those after the first are indented like its text, not like its bullet."""
    text = line.lstrip()
    indent = line[: len(line) - len(text)] + BULLETS.get(text[:2], BULLETS.get(text[:1], ""))
    while 2 * len(line) > columns and width(line) > columns and "://" not in line:
        head = _before_break(line, columns)
        yield head.rstrip()
        line = indent + line[len(head) :].lstrip()
    yield line


def _before_break(line: str, columns: int) -> str:
    """Return the longest fitting beginning, moved back before a word or a sign that may not begin a line."""
    longest = end = len(_fitting(line, columns))
    while end > longest // 2 and not _may_break(line, end):
        end -= 1
    return line[: end if end > longest // 2 else longest]


def _fitting(text: str, columns: int) -> str:
    used = 0
    for position, character in enumerate(text):
        used += _columns(character)
        if used > columns:
            return text[:position]
    return text


def _may_break(line: str, position: int) -> bool:
    before, after = line[position - 1], line[position]
    in_word = _is_of_word(before) and _is_of_word(after)
    return not in_word and after not in NEVER_FIRST and before not in "「『（【〔〈《(["


def _is_of_word(character: str) -> bool:
    """Tell whether a line is not broken beside a character and another such: Latin, Greek or Cyrillic, no space."""
    if character.isascii():
        return not character.isspace()
    narrow = unicodedata.east_asian_width(character) not in "WF"
    return narrow and (character.isalpha() or unicodedata.combining(character) > 0)
