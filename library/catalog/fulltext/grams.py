"""The pieces into which folded text is cut for the full text index, and the index queries made of them.

A piece is two letters, or three when the first two are kana or Latin: these are so few that pairs stand in half of all
titles. Each piece begins one letter after the one before, so that a phrase of pieces is found exactly where the text
stands. A sign ends each value, so that its last letter begins a piece, too. Besides these, three things are one piece
each: a whole value between two signs, so that 図書 at the start of a title is found by pieces that begin so; each letter
of a small alphabet, once a text (と alone would be the beginning of hundreds of pieces); and each Latin word, so that
art is not found in chart.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

import numpy as np

from library.catalog.folding import fold

START, END, OTHER, WORD = "\x02", "\x03", "\x04", "\x05"  # folded text has no control characters
WHOLE = 40  # letters of a value in its whole piece; a longer value stands without its end
_SMALL = re.compile("[!-~ぁ-ゟー]{2}")  # letters of small alphabets
_ALONE = {letter: END + letter for letter in (*map(chr, range(0x21, 0x61)), *map(chr, range(0x3041, 0x30A0)), "ー")}
_LETTERS = frozenset(_ALONE)
_RUN = "[0-9A-Za-z\u00c0-\u024f\u1e00-\u1eff\u0300-\u036f+#]+"
_WORDS = re.compile(f"{_RUN}(?:['’ʻʼ.&-]{_RUN})*")
_INSIDE = re.compile(_RUN)
_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff\u2160-\u217fａ-ｚＡ-Ｚ]")  # Ⅱ is II
_SPACE = 32
_BETWEEN = "\n"


def pieces_of_texts(texts: list[str]) -> list[str]:
    """Return the pieces of each text, separated by spaces, for a column of the index."""
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


def split_column(column: str) -> tuple[str, str]:
    """Return the text that a column of the index was cut from, and its other pieces: whole values, words, single
    letters.
    """
    last = column.find(END + _BETWEEN)  # the piece that the last sign begins
    return (column[: last + 1 : 4], column[last + 4 :].strip()) if last >= 0 else ("", column.strip())


def _is_small(codes: np.ndarray) -> np.ndarray:
    """Return the mask of code points that are letters of small alphabets, as in ``_SMALL``."""
    return ((codes > 0x20) & (codes < 0x7F)) | ((codes > 0x3040) & (codes < 0x30A0)) | (codes == ord("ー"))


def whole_piece(folded: str) -> str:
    """Return the piece of a whole value."""
    return START + folded[:WHOLE] if len(folded) > WHOLE else f"{START}{folded}{END}"


def reading_piece(folded: str) -> str:
    """Return the piece of a whole value that is the reading of another one."""
    return START + folded[:WHOLE] if len(folded) > WHOLE else f"{START}{folded}{START}"


def other_title_piece(folded: str) -> str:
    """Return the piece of a whole value that is another title (別書名) or a series."""
    return START + folded[:WHOLE] if len(folded) > WHOLE else f"{START}{folded}{OTHER}"


def single_letter_pieces(text: str) -> str:
    """Return the pieces of the single letters of small alphabets in a folded text, each once; Latin ones have none."""
    return " ".join([_ALONE[letter] for letter in _LETTERS.intersection(set(text))])


def word_pieces(text: str) -> str:
    """Return the pieces of the Latin words in a text as written."""
    return " ".join(dict.fromkeys(map(word_piece, _latin_words(text)))) if _LETTER.search(text) else ""


def _latin_words(text: str) -> Iterator[str]:
    """Yield the Latin words of a text, folded, and the parts of those with signs: email, e and mail for e-mail."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    for found in _WORDS.findall(text):
        if _LETTER.search(found) and (folded := fold.strict(found)):
            yield folded
            parts = _INSIDE.findall(found)
            yield from (fold.strict(part) for part in (parts if len(parts) > 1 else ()) if _LETTER.search(part))


def word_piece(folded: str) -> str:
    """Return the piece of a Latin word."""
    return WORD + folded[:WHOLE]


def phrase(folded: str) -> str:
    """Return the query for this text anywhere in a value; quoted, so that nothing in it is taken for syntax."""
    if folded in _ALONE:
        return quoted(_ALONE[folded])
    pieces, reached = [], 0
    for place in range(len(folded)):
        size = 3 if _SMALL.match(folded, place) else 2
        if place + size <= len(folded):
            pieces.append(folded[place : place + size])
            reached = place + size
        elif reached < len(folded):  # no full piece covers the end
            return quoted(" ".join([*pieces, folded[place:]])) + "*"
    return quoted(" ".join(pieces))


def beginning(folded: str) -> str:
    """Return the query for values that start with this text."""
    found = quoted(START + folded[:WHOLE]) + "*"
    return f"({found} AND {phrase(folded)})" if len(folded) > WHOLE else found


def exact(folded: str) -> str:
    """Return the query for values equal to this text, written, read or as another title."""
    if len(folded) > WHOLE:
        return f"({quoted(START + folded[:WHOLE])} AND {phrase(folded + END)})"
    return f"({quoted(whole_piece(folded))} OR {quoted(reading_piece(folded))} OR {quoted(other_title_piece(folded))})"


def equal(folded: str, piece: Callable[[str], str] = whole_piece) -> str:
    """Return the query for values equal to this text: written ones, or readings (``reading_piece``), or other titles
    and series (``other_title_piece``).
    """
    return exact(folded) if len(folded) > WHOLE else quoted(piece(folded))


def latin_word(folded: str) -> str:
    """Return the query for this Latin word."""
    return quoted(word_piece(folded))


def latin_beginning(folded: str) -> str:
    """Return the query for Latin words that begin so."""
    return quoted(word_piece(folded)) + "*"


def quoted(text: str) -> str:
    """Return the query for one piece, or for several in a row."""
    return '"' + text.replace('"', '""') + '"'
