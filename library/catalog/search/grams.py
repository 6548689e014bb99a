"""The pieces of folded text that the full text index knows, and phrases of them to look for.

A piece is two letters, or three where the first two are kana or Latin: there are so few of those that pairs stand in half of
all titles. Each piece begins one letter after the one before, so that a phrase of pieces is found exactly where the text stands.
After each value stands a mark, so that the last letter begins a piece, too. A value is also one piece as a whole, with marks
at both ends: who looks for 図書 at the start of a title reads the pieces that begin so, and no other. Each letter of a small
alphabet is one, once a text: と stands in most readings, with hundreds of others after it. And each Latin word is one, so that art is
not found in chart.
"""

import re
import unicodedata
from collections.abc import Iterator

import numpy as np

from library.catalog.folding import fold

START, END, OTHER, WORD = "\x02", "\x03", "\x04", "\x05"  # folded text has no control characters
WHOLE = 40  # letters of a value that its whole piece has; a longer one stands without its end
_SMALL = re.compile("[!-~ぁ-ゟー]{2}")  # letters of small alphabets
_ALONE = {letter: END + letter for letter in (*map(chr, range(0x21, 0x61)), *map(chr, range(0x3041, 0x30A0)), "ー")}
_LETTERS = frozenset(_ALONE)
_RUN = "[0-9A-Za-z\u00c0-\u024f\u1e00-\u1eff\u0300-\u036f+#]+"
_WORDS = re.compile(f"{_RUN}(?:['’ʻʼ.&-]{_RUN})*")
_INSIDE = re.compile(_RUN)
_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff\u2160-\u217fａ-ｚＡ-Ｚ]")  # Ⅱ is II
_SPACE = 32
_BETWEEN = "\n"


def of_all(texts: list[str]) -> list[str]:
    """Return the pieces of each text with spaces between them, for a column of the index."""
    letters = np.frombuffer(_BETWEEN.join([*texts, _BETWEEN]).encode("utf-32-le"), np.uint32)
    small = _is_small(letters)
    pieces = np.full((len(letters) - 2, 4), _SPACE, np.uint32)
    pieces[:, 0], pieces[:, 1] = letters[:-2], letters[1:-1]
    pieces[:, 2] = np.where(small[:-2] & small[1:-1], letters[2:], _SPACE)
    made, begins, each = pieces.tobytes().decode("utf-32-le"), 0, []
    for text in texts:
        each.append(made[4 * begins : 4 * (begins + len(text))])
        begins += len(text) + len(_BETWEEN)
    return each


def parted(column: str) -> tuple[str, str]:
    """Return of a column of the index the text that was cut into pieces, and the pieces after these."""
    last = column.find(END + _BETWEEN)  # the piece that the last mark begins
    return (column[: last + 1 : 4], column[last + 4 :].strip()) if last >= 0 else ("", column.strip())


def _is_small(codes: np.ndarray) -> np.ndarray:
    """Tell which code points are letters of small alphabets, as in ``_SMALL``."""
    return ((codes > 0x20) & (codes < 0x7F)) | ((codes > 0x3040) & (codes < 0x30A0)) | (codes == ord("ー"))


def whole(folded: str) -> str:
    """Return the piece that a value is as a whole."""
    return START + folded[:WHOLE] if len(folded) > WHOLE else f"{START}{folded}{END}"


def read(folded: str) -> str:
    """Return the piece of a value as a whole which is only how another one is read."""
    return START + folded[:WHOLE] if len(folded) > WHOLE else f"{START}{folded}{START}"


def other(folded: str) -> str:
    """Return the piece of a value as a whole which is another title of a title, or its series."""
    return START + folded[:WHOLE] if len(folded) > WHOLE else f"{START}{folded}{OTHER}"


def alone(text: str) -> str:
    """Return the pieces of single letters of small alphabets in a folded text; Latin ones are none."""
    return " ".join([_ALONE[letter] for letter in _LETTERS.intersection(set(text))])


def words(text: str) -> str:
    """Return the pieces of the Latin words in a text as it was written."""
    return " ".join(dict.fromkeys(map(word, _latin_words(text)))) if _LETTER.search(text) else ""


def _latin_words(text: str) -> Iterator[str]:
    """Yield Latin words, folded; of those with signs in them also the parts: e-mail is email, e and mail."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    for found in _WORDS.findall(text):
        if _LETTER.search(found) and (folded := fold.strict(found)):
            yield folded
            parts = _INSIDE.findall(found)
            yield from (fold.strict(part) for part in (parts if len(parts) > 1 else ()) if _LETTER.search(part))


def word(folded: str) -> str:
    """Return the piece that a Latin word is."""
    return WORD + folded[:WHOLE]


def phrase(folded: str) -> str:
    """Return the query that finds this text wherever it stands; quoted, so that nothing in it is syntax of the index."""
    if folded in _ALONE:
        return quoted(_ALONE[folded])
    pieces, reached = [], 0
    for place in range(len(folded)):
        size = 3 if _SMALL.match(folded, place) else 2
        if place + size <= len(folded):
            pieces.append(folded[place : place + size])
            reached = place + size
        elif reached < len(folded):  # nothing that is whole covers the end
            return quoted(" ".join([*pieces, folded[place:]])) + "*"
    return quoted(" ".join(pieces))


def beginning(folded: str) -> str:
    """Return the query that finds the values that start with this text."""
    found = quoted(START + folded[:WHOLE]) + "*"
    return f"({found} AND {phrase(folded)})" if len(folded) > WHOLE else found


def exact(folded: str) -> str:
    """Return the query that finds the values that are this text, are read so, or are other titles."""
    if len(folded) > WHOLE:
        return f"({quoted(START + folded[:WHOLE])} AND {phrase(folded + END)})"
    return f"({quoted(whole(folded))} OR {quoted(read(folded))} OR {quoted(other(folded))})"


def same(folded: str) -> str:
    """Return the query that finds the values that are this text."""
    return exact(folded) if len(folded) > WHOLE else quoted(whole(folded))


def read_so(folded: str) -> str:
    """Return the query that finds the values that are read so."""
    return exact(folded) if len(folded) > WHOLE else quoted(read(folded))


def named_so(folded: str) -> str:
    """Return the query that finds the other titles and series that are this text."""
    return exact(folded) if len(folded) > WHOLE else quoted(other(folded))


def latin(folded: str) -> str:
    """Return the query that finds this Latin word."""
    return quoted(word(folded))


def latin_beginning(folded: str) -> str:
    """Return the query that finds the Latin words that begin so."""
    return quoted(word(folded)) + "*"


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
