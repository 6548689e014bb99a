"""もしかして: other spellings of a typed text that find more, from the names, titles, subjects and readings of the
catalogue.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain, combinations, pairwise, product
from typing import NamedTuple

from library.catalog.folding import fold, scripts
from library.catalog.fulltext import grams
from library.catalog.query import exclusions, nearness
from library.catalog.search import homophones, matching, values
from library.catalog.search.frequent_words import FrequentWords
from library.catalog.search.values import Value

MOST = 3  # spellings that are offered
FEW = 3  # with so many hits or fewer, any spelling that finds more is offered
FREQUENT, TIMES = 20, 20  # with more hits a spelling has to find so many titles, and so many times the hits
LEAST, LONGER, LONGEST = 3, 6, 40  # letters of a word from which one change is tried, from which two, and the most
FORMS = 6  # folded forms of a word that are compared
SEEN = 0.25  # a frequent word needs this part of the titles only: its count is an estimate
PER_WORD, TRIED = 4, 6  # spellings that are taken of a word, and whole texts that are looked for
_LIGHTEST, _HEAVY = 2, 4  # see _weight

CountEach = Callable[[Sequence[str]], list[int]]  # the numbers of titles that texts find


class _Near(NamedTuple):
    """A spelling that differs from the typed one in some letters, as it is offered in ``text``."""

    changes: int
    is_reading: bool  # of a name that is written otherwise
    text: str


Known = dict[str, list[_Near]]  # what is near to each word


def suggest(
    text: str, found: int, count_each: CountEach, frequent: FrequentWords, known: Known
) -> list[tuple[str, int]]:
    """Return other spellings of a text that finds ``found`` titles, each with the number of titles it finds, MOST at
    most.

    They differ in one letter (words of three to five letters) or two, in the words or in the whole. When ``found`` is
    at most FEW, any that finds more is offered, from the whole catalogue; else only ``frequent`` words that find
    FREQUENT titles, and TIMES ``found``. ``known``: notes what is near to each word of a text that finds nothing.
    """
    needed = found + 1 if found <= FEW else max(FREQUENT, TIMES * found)
    sought, left_out = exclusions.split(text)
    words = matching.words(sought)
    tried = [*words, "".join(words)] if len(words) > 1 else words
    if found <= FEW:
        near = _near_in_catalogue(tried, needed)
        if needed == 1:
            known.update(zip(tried, near, strict=True))
    else:
        near = [_near_frequent(each, needed * SEEN, frequent) for each in tried]
    wholes = [" ".join([each, *(f"-{word}" for word in left_out)]) for each in _texts(words, near)]
    hits = count_each(wholes) if wholes else []
    return [(whole, count) for whole, count in zip(wholes, hits, strict=True) if count >= needed][:MOST]


def correct(words: Sequence[str], count_each: CountEach, known: Known) -> dict[str, tuple[str, int]]:
    """Return word → (another spelling, number of its titles) for those of these words, which find nothing, that have
    one. ``known``: what ``suggest`` noted.
    """
    new = [word for word in words if word not in known]
    near = known | dict(zip(new, _near_in_catalogue(new, 1), strict=True))
    offers = [(word, text) for word in words for text in _texts([word], [near[word]])]
    hits = count_each([text for _, text in offers])
    found: dict[str, tuple[str, int]] = {}
    for (word, text), count in zip(offers, hits, strict=True):
        if count:
            found.setdefault(word, (text, count))
    return found


def _texts(words: list[str], near: list[list[_Near]]) -> list[str]:
    """Return the other texts that are tried. ``near``: the spellings near to each word, then to all of them as one."""
    spelled = [*_whole_texts(words, near[: len(words)]), *chain.from_iterable(near[len(words) :])]
    return list(dict.fromkeys(each.text for each in spelled if _is_other(each.text, words)))[:TRIED]


def _is_other(spelling: str, words: list[str]) -> bool:
    """Tell whether a spelling is worth a search: it has neither more nor less than the typed words, and none of its
    words is only a part of one of these.
    """
    typed = list(map(fold.strict, words))
    parts = [fold.strict(part) for part in spelling.split()]
    whole, offered = "".join(typed), "".join(parts)
    return (
        whole not in offered
        and offered not in whole
        and not any(part in word != part for part in parts for word in typed)
    )


def _whole_texts(words: list[str], others: list[list[_Near]]) -> list[_Near]:
    """Return the texts with some words in another spelling, the fewest words and letters changed first."""
    choices = [[_Near(0, False, word), *near] for word, near in zip(words, others, strict=True)]
    made = [
        (
            sum(near.changes > 0 for near in some),
            sum(near.changes for near in some),
            " ".join(near.text for near in some),
        )
        for some in product(*choices[:4])
    ]
    rest = " ".join(words[4:])
    return [_Near(changes, False, f"{text} {rest}".strip()) for _, changes, text in sorted(made)[1 : TRIED + 1]]


def _near_frequent(word: str, least: float, frequent: FrequentWords) -> list[_Near]:
    """Return frequent words near to a word: first those that are read alike, then those in which the fewest letters
    differ.
    """
    homophonous = homophones.among_frequent(fold.strict(word), least, frequent)
    near: dict[int, int] = {}  # index of a frequent word → letters changed
    for changes in (2, 1):
        for form in _long_enough_forms(word, changes):
            for index in frequent.candidates(form, changes, least):
                if cost := nearness.count_changes(form, frequent.folded[index], changes):
                    near[index] = min(cost, near.get(index, cost))
    likely = sorted(near, key=lambda index: (near[index], index))
    found = [*((1, index) for index in homophonous), *((near[index], index) for index in likely)]
    return [_Near(changes, False, frequent.written[index]) for changes, index in found[:PER_WORD]]


def _long_enough_forms(word: str, changes: int) -> list[str]:
    """Return the folded forms of a word that are long enough for so many changes."""
    return [form for form in fold.variants(word)[:FORMS] if (LEAST if changes == 1 else LONGER) <= len(form) <= LONGEST]


def _near_in_catalogue(words: Sequence[str], needed: int) -> list[list[_Near]]:
    """Return the nearest spellings to each word in the whole catalogue, homophones first, for a text that finds next to
    nothing. All words are looked for together, with two changes those that have no spelling with one.
    """
    folded = list(map(fold.strict, words))
    found = values.of_each([*map(homophones.sought, folded), *(_sought(word, 1) for word in words)], needed)
    near = [_likely(word, some, 1) for word, some in zip(words, found[len(words) :], strict=True)]
    left = [at for at, some in enumerate(near) if not some]
    for at, some in zip(left, values.of_each([_sought(words[at], 2) for at in left], needed), strict=True):
        near[at] = _likely(words[at], some, 2)
    alike = [homophones.among(word, some) for word, some in zip(folded, found, strict=False)]
    return [
        [*(_Near(1, False, each) for each in first), *others][:PER_WORD]
        for first, others in zip(alike, near, strict=True)
    ]


def _sought(word: str, changes: int) -> values.Sought:
    forms = _long_enough_forms(word, changes)
    return values.Sought(list(dict.fromkeys(query for form in forms for query in _queries(form, changes))))


def _likely(word: str, found: Iterable[Value], changes: int) -> list[_Near]:
    """Return the spellings in these values that are at most so many changes from a word, the nearest first."""
    forms = _long_enough_forms(word, changes)
    nearest: dict[str, _Near] = {}
    times: Counter[str] = Counter()
    for value, count in Counter(found).items():
        if near := _nearest(value, forms, changes):
            key = fold.strict(near.text)
            times[key] += count
            nearest[key] = min(near, nearest.get(key, near))
    likely = sorted(nearest.items(), key=lambda pair: (pair[1].changes, -times[pair[0]], pair[1]))
    return [near for _, near in likely]


@lru_cache(256)
def _unchanged_pairs(form: str, changes: int) -> list[list[str]]:
    """Return each two of ``changes`` + 2 equal parts of a form, as one text when they stand together: so many changes
    leave two whole.
    """
    ends = [round(number * len(form) / (changes + 2)) for number in range(changes + 3)]
    return [
        [form[begin:last]] if end == other else [form[begin:end], form[other:last]]
        for (begin, end), (other, last) in combinations(pairwise(ends), 2)
    ]


def _queries(form: str, changes: int) -> list[str]:
    """Return the index queries for values that may have the form with so many changes. Short parts stand in too many
    values: these are looked for at the beginning or end of a value only, Latin ones at the beginning of a word.
    """
    found = []
    for pair in _unchanged_pairs(form, changes):
        if len(pair) > 1 and max(map(_weight, pair)) < _LIGHTEST:
            continue  # two single letters of kana apart
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
    """Return the rarity of a text, about: a kanji counts as two letters of kana or Latin."""
    return sum(2 if scripts.script_of(letter) == scripts.FULL else 1 for letter in part)


def _nearest(value: Value, forms: Iterable[str], most: int) -> _Near | None:
    """Return the words of a value that are spelled nearly like one of the forms; None when no words are, or some are
    spelled exactly so.
    """
    plain = fold.strict(value.spelled)
    forms = [
        form for form in forms if any(all(part in plain for part in pair) for pair in _unchanged_pairs(form, most))
    ]
    if not forms:
        return None  # most values: their index row was found by another value of it, or by its reading
    letters, places, edges = nearness.folded_letters(value.spelled)
    begins = frozenset(
        edge for edge in edges if edge < len(letters) and nearness.begins_word(value.spelled, places[edge])
    )
    best = None
    for form in forms:
        if form not in letters and any(all(part in letters for part in pair) for pair in _unchanged_pairs(form, most)):
            near = nearness.nearest_stretch(form, letters, begins, edges, most)
            if near and (best is None or near < best):
                best = near
    if best is None or not best[0]:
        return None
    changes, _, begin, end = best
    if (begin, end) == (0, len(letters)):
        return _Near(changes, False, value.name)
    return _Near(changes, value.spelled != value.name, value.spelled[places[begin] : places[end - 1] + 1])
