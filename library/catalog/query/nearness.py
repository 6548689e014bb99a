"""Distance of spellings: in how many letters a word differs from the nearest words of a text."""

from functools import lru_cache
from itertools import pairwise

from library.catalog.folding import fold, romaji, scripts

_SMALL = frozenset("ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮー")
_PARTICLES = frozenset("のはわがをおにでともへえや")


@lru_cache(2_000)
def folded_letters(text: str) -> tuple[str, list[int], frozenset[int]]:
    """Return the letters of a text, folded one by one; the index of each in the text; and the indexes of letters at
    which words may begin or end: after a space or sign, and where the script changes.
    """
    pairs = [(letter, place) for place, each in enumerate(text) if (letter := _folded_letter(each))]
    places = [place for _, place in pairs]
    edges = {
        at + 1
        for at, (place, following) in enumerate(pairwise(places))
        if following > place + 1 or _script(text[place]) != _script(text[following])
    }
    return "".join(letter for letter, _ in pairs), places, frozenset({0, len(pairs)} | edges)


def begins_word(text: str, place: int) -> bool:
    """Tell whether a word may begin at this place of a text: neither a particle or an ending (の歴史 of 日本の歴史), nor a
    small letter.
    """
    first = text[place]
    if first in _SMALL or (place and text[place - 1].isalnum() and _script(first) == "hiragana"):
        return False
    return romaji.hiragana(text[place:].split()[0]) not in _PARTICLES


@lru_cache(5_000)
def _folded_letter(letter: str) -> str:
    """Return a letter as it is folded; nothing for a space or sign."""
    return fold.strict(letter)[:1] if letter.isalnum() or letter == "ー" else ""


@lru_cache(5_000)
def _script(letter: str) -> str:
    """Return the script of a letter: kanji, hiragana, katakana or Latin."""
    if "ぁ" <= letter <= "ゟ":
        return "hiragana"
    return scripts.KANA if letter == "ー" else scripts.script_of(letter)


def _cost(stands: str, typed: str, is_last: bool) -> int:
    """Return the cost of a typed letter for one that stands there: 0 for the same, 1 for another, 2 when the last one
    typed is no kana and a kana stands there, which is a particle after the word.
    """
    if stands == typed:
        return 0
    return 2 if is_last and "ぁ" <= stands <= "ゟ" and not "ぁ" <= typed <= "ゟ" else 1


def nearest_stretch(
    form: str, letters: str, begins: frozenset[int], ends: frozenset[int], most: int
) -> tuple[int, int, int, int] | None:
    """Return the words of a text that are nearest to a form: (changes, difference in length, begin, end), the last two
    as indexes of ``letters``, of those where words may begin and end. A change is a letter changed, left out, put in,
    or two swapped. None when there are more than ``most``.
    """
    wide = len(letters) + 1
    before: list[tuple[int, int]] = []
    above = [(0 if place in begins else most + 1, place) for place in range(wide)]
    for at, letter in enumerate(form):
        is_last = at == len(form) - 1
        row = [(at + 1, 0)]
        for place in range(1, wide):
            cost, begin = above[place - 1]
            way = (cost + _cost(letters[place - 1], letter, is_last), begin)
            for (cost, begin), added in ((above[place], 1), (row[-1], 1)):
                if cost + added < way[0]:
                    way = (cost + added, begin)
            if at and place > 1 and letter == letters[place - 2] and form[at - 1] == letters[place - 1]:
                way = min(way, (before[place - 2][0] + 1, before[place - 2][1]))
            row.append(way)
        if min(row)[0] > most:
            return None
        before, above = above, row
    found = [
        (cost, abs(end - begin - len(form)), begin, end)
        for end, (cost, begin) in enumerate(above)
        if cost <= most and end > begin and end in ends
    ]
    return min(found, default=None)


def count_changes(form: str, letters: str, most: int) -> int:
    """Return the number of letters in which two whole words differ; 0 when they are equal, and also when more than
    ``most`` differ.
    """
    near = nearest_stretch(form, letters, frozenset({0}), frozenset({len(letters)}), most)
    return near[0] if near else 0
