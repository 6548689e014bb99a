"""もしかして: other spellings of what was typed that find more, from the names, titles, subjects and readings of the catalogue."""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import combinations, pairwise, product
from typing import NamedTuple

from library.catalog.asking import exclusions, homophones, nearness, values
from library.catalog.asking.frequent import Words
from library.catalog.asking.values import Value
from library.catalog.folding import fold, scripts
from library.catalog.search import grams, matching

MOST = 3  # that are offered
FEW = 3  # hits at which any that finds more is offered
FREQUENT, TIMES = 20, 20  # hits that it needs otherwise, and as many times those of what was typed
LEAST, LONGER, LONGEST = 3, 6, 40  # letters from which one change is sought, and two; and to which
FORMS = 6  # spellings of a word that are compared
SEEN = 0.25  # of the titles that it takes, by those in which frequent words were counted
PER_WORD, TRIED = 4, 6  # spellings of a word that are looked for, and of the whole query
_LIGHTEST, _HEAVY = 2, 4  # see _weight

Count = Callable[[str], int]  # the number of titles that a query finds


class _Near(NamedTuple):
    """A spelling that differs from what was typed in some letters; ``shown`` is what to type instead."""

    changes: int
    is_read: bool  # it is how a name is read, not how it is written
    shown: str


def instead_of(text: str, found: int, count: Count, frequent: Words) -> list[tuple[str, int]]:
    """Return what else may have been meant by a query that finds so many titles, each with the number that it finds, MOST at most.

    Spellings within one change (three to five letters of a word) or two, of the words or of the whole. With more than FEW hits
    it takes FREQUENT, and TIMES as many, of which only ``frequent`` words have so many.
    """
    needed = found + 1 if found <= FEW else max(FREQUENT, TIMES * found)
    sought, left_out = exclusions.parted(text)
    words = matching.words(sought)

    def others_of(word: str) -> list[_Near]:
        return _rare(word, needed) if found <= FEW else _frequent(word, needed * SEEN, frequent)

    queries = _whole(words, list(map(others_of, words)))
    if len(words) > 1:
        queries += others_of("".join(words))
    offered: list[tuple[str, int]] = []
    typed = fold.strict(sought)
    for query in list(dict.fromkeys(near.shown for near in queries))[:TRIED]:
        whole = " ".join([query, *(f"-{word}" for word in left_out)])
        if _is_other(fold.strict(query), typed, found) and (hits := count(whole)) >= needed:
            offered.append((whole, hits))
        if len(offered) == MOST:
            break
    return offered


def _is_other(query: str, typed: str, found: int) -> bool:
    """Tell whether a spelling is another one. What is only longer finds no more; what is only shorter is one for what finds nothing."""
    return typed not in query and (not found or not (typed.startswith(query) or typed.endswith(query)))


def _whole(words: list[str], others: list[list[_Near]]) -> list[_Near]:
    """Return the whole queries that come of other spellings of some words, the fewest words and letters changed first."""
    choices = [[_Near(0, False, word), *near] for word, near in zip(words, others, strict=True)]
    made = [
        (
            sum(near.changes > 0 for near in some),
            sum(near.changes for near in some),
            " ".join(near.shown for near in some),
        )
        for some in product(*choices[:4])
    ]
    rest = " ".join(words[4:])
    return [_Near(changes, False, f"{shown} {rest}".strip()) for _, changes, shown in sorted(made)[1 : TRIED + 1]]


def _frequent(word: str, least: float, frequent: Words) -> list[_Near]:
    """Return frequent words that one word may be meant as: first those that are read alike, then those in which the fewest letters differ."""
    alike = homophones.frequent(fold.strict(word), least, frequent)
    near: dict[int, int] = {}
    for changes in (2, 1):
        for form in _forms(word, changes):
            for place in frequent.like(form, changes, least):
                if cost := nearness.changes(form, frequent.folded[place], changes):
                    near[place] = min(cost, near.get(place, cost))
    likely = sorted(near, key=lambda place: (near[place], place))
    found = [*((1, place) for place in alike), *((near[place], place) for place in likely)]
    return [_Near(changes, False, frequent.shown[place]) for changes, place in found[:PER_WORD]]


def _forms(word: str, changes: int) -> list[str]:
    """Return the forms of a word of which so many letters may differ."""
    return [form for form in fold.variants(word)[:FORMS] if (LEAST if changes == 1 else LONGER) <= len(form) <= LONGEST]


def _rare(word: str, needed: int) -> list[_Near]:
    """Return the same of whatever the catalogue has, for a query that finds next to nothing."""
    alike = [_Near(1, False, each) for each in homophones.alike(fold.strict(word), needed)]
    nearest: dict[str, _Near] = {}
    times: Counter[str] = Counter()
    for changes in (1, 2):
        forms = _forms(word, changes)
        ways = list(dict.fromkeys(way for form in forms for way in _ways(form, changes)))
        for value, count in Counter(values.found(ways, needed)).items():
            if near := _nearest(value, forms, changes):
                key = fold.strict(near.shown)
                times[key] += count
                nearest[key] = min(near, nearest.get(key, near))
        if nearest:
            break
    likely = sorted(nearest.items(), key=lambda pair: (pair[1].changes, -times[pair[0]], pair[1]))
    return [*alike, *(near for _, near in likely)][:PER_WORD]


@lru_cache(256)
def _pairs(form: str, changes: int) -> list[list[str]]:
    """Return of a form in ``changes`` + 2 parts, of which two stay whole, the texts of each two, joined where they stand together."""
    ends = [round(number * len(form) / (changes + 2)) for number in range(changes + 3)]
    return [
        [form[begin:last]] if end == other else [form[begin:end], form[other:last]]
        for (begin, end), (other, last) in combinations(pairwise(ends), 2)
    ]


def _ways(form: str, changes: int) -> list[str]:
    """Return the queries of the index for what may be the form with so many changes. Two letters of kana stand in too many values: they are
    looked for at the beginning and end; as few Latin ones where a word begins.
    """
    found = []
    for pair in _pairs(form, changes):
        if len(pair) > 1 and max(map(_weight, pair)) < _LIGHTEST:
            continue  # a letter of kana here and one there
        parts = list(map(grams.phrase, pair))
        if sum(map(_weight, pair)) < _HEAVY:
            if form.startswith(pair[0]):
                parts[0] = (grams.latin_beginning if fold.is_latin(pair[0]) else grams.beginning)(pair[0])
            elif form.endswith(pair[-1]):
                parts[-1] = grams.phrase(pair[-1] + grams.END)
            else:
                continue
        found.append(f"({' AND '.join(parts)})")
    return found


def _weight(part: str) -> int:
    """Return how rare a text is, about: a kanji says as much as two letters of kana or Latin."""
    return sum(2 if scripts.script_of(letter) == scripts.FULL else 1 for letter in part)


def _nearest(value: Value, forms: Iterable[str], most: int) -> _Near | None:
    """Return what a value is called where it, or words of it, are spelled nearly like one of the forms; None where they are not, or are
    spelled so.
    """
    plain = fold.strict(value.spelled)
    forms = [form for form in forms if any(all(part in plain for part in pair) for pair in _pairs(form, most))]
    if not forms:
        return None  # most values: they stand beside the one that was found, or are how it is read
    letters, places, edges = nearness.folded(value.spelled)
    best = None
    for form in forms:
        if form not in letters and any(all(part in letters for part in pair) for pair in _pairs(form, most)):
            near = nearness.aligned(form, letters, edges, most)
            if near and (best is None or near < best):
                best = near
    if best is None or not best[0]:
        return None
    changes, _, begin, end = best
    if (begin, end) == (0, len(letters)):
        return _Near(changes, False, value.name)
    return _Near(changes, value.spelled != value.name, value.spelled[places[begin] : places[end - 1] + 1])
