"""桁: text in columns, where a full-width character takes two."""

import unicodedata
from collections.abc import Iterator

NEVER_FIRST = "、。，．・：；？！」』）】〕〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ),.:;?!]}"


def width(text: str) -> int:
    """Count the columns on a Japanese phone: ambiguous characters count as full-width, combining ones as nothing."""
    return sum(_columns(character) for character in text)


def fold(text: str, columns: int) -> str:
    """Break lines that are wider. A line with an address (URL) stays whole: a broken one could not be followed."""
    return "\n".join(part for line in text.split("\n") for part in _parts(line.rstrip(), columns))


def cut(text: str, columns: int) -> str:
    """Return the text, or its beginning and … where it is wider."""
    if width(text) <= columns:
        return text
    return _fitting(text, columns - 2) + "…"


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def _parts(line: str, columns: int) -> Iterator[str]:
    """Divide a line; what is continued stands below the text that it continues, not below its bullet."""
    text = line.lstrip()
    indent = line[: len(line) - len(text)] + ("　" if text.startswith("・") else "")
    while 2 * len(line) > columns and width(line) > columns and "://" not in line:
        head = _before_break(line, columns)
        yield head.rstrip()
        line = indent + line[len(head) :].lstrip()
    yield line


def _before_break(line: str, columns: int) -> str:
    """Return the longest beginning that fits, moved back over a word or a sign that may not begin a line."""
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
    in_word = before.isascii() and after.isascii() and not (before.isspace() or after.isspace())
    return not in_word and after not in NEVER_FIRST and before not in "「『（【〔〈《(["
