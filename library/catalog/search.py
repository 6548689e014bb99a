"""検索: which titles a query finds, in which order, with exact counts of what they are.

Each title gets a rank: how it was found, the lower the better. What was typed comes before other spellings of it, these before
what is alike when marks are dropped; in each of the three an exact title, the start of one, words of a title, an author, the rest.
"""

from dataclasses import dataclass, field

import numpy as np

from library.catalog import fold, grams, index, isbn, letters, ndc, snapshot
from library.catalog.query import FACETS, Query
from models import Author
from models import database as connection

MISS = 255
PLACES = 5
EXACT, START, TITLE, AUTHOR, REST = range(PLACES)
STRICT, OTHER, LOOSE = (
    0,
    PLACES,
    2 * PLACES,
)  # ranks of what was typed, of other spellings, and without marks begin here
WORDS = 16  # of a text that are looked for
MOST_AUTHORS = 10  # of a facet
_ROWID = np.int64
_COLUMNS = {"all": ""} | {name: f"{name}: " for name in ("title", "author", "publisher", "subject", "series", "note")}


@dataclass
class Value:
    """A value of a facet: as the query names it, as a person reads it, and how many titles have it."""

    value: str
    label: str
    count: int
    chosen: bool = False


@dataclass
class Results:
    """What was found: the ids of one page in order, and of all of it the number and the facets [(name, [Value])].

    ``page`` is the last one when the query asked for one further on. Without a hit ``words`` says which words have some
    when they stand alone: [(word, count)].
    """

    query: Query
    total: int
    ids: list[int]
    page: int
    pages: int
    facets: list[tuple[str, list[Value]]] = field(default_factory=list)
    words: list[tuple[str, int]] = field(default_factory=list)


def find(query: Query, *, size: int = 20) -> Results:
    """Titles that the query finds. Never refuses a query."""
    shot = snapshot.current()
    ranks = _ranks(query, shot)
    rows = np.arange(len(shot.ids)) if ranks is None else np.flatnonzero(ranks != MISS)
    rows = _limited(query, shot, rows)
    rows, facets = _facets(query, shot, rows)
    pages = max(1, -(-len(rows) // size))
    page = min(query.page, pages)
    chosen = _page(_keys(query, shot, ranks, rows), (page - 1) * size, page * size)
    results = Results(query, len(rows), shot.ids[rows[chosen]].tolist(), page, pages, facets)
    if not results.total:
        results.words = _alone(query, shot)
    return results


# -- words ---------------------------------------------------------------------------------------------------------------


def _ranks(query, shot):
    """The rank of each row by all that is said in words; None when nothing is."""
    found = _of_text(query.q, shot, best=True) if query.q else None
    if query.isbn:
        found = _both(found, _of_number(query.isbn, shot))
    rows = None
    for row in query.rows:
        one = _of_row(row, shot)
        if one is None:
            continue
        if rows is None and row.join != "not":
            rows = one
        elif row.join == "or":
            rows = np.minimum(rows, one)
        elif row.join == "and":
            rows = np.maximum(rows, one)
        else:
            rows = np.where(one == MISS, np.uint8(STRICT) if rows is None else rows, np.uint8(MISS))
    return _both(found, rows)


def _both(one, other):
    if one is None or other is None:
        return one if other is None else other
    return np.maximum(one, other)


def _of_row(row, shot):
    if row.way == "contains":
        return _of_text(row.text, shot, column=_COLUMNS[row.field])
    forms = fold.variants(row.text)
    if not forms:
        return None
    return _of_forms(forms, shot, _COLUMNS[row.field], starts=True, ends=row.way == "equals")


def _of_text(text, shot, *, column="", best=False):
    """The ranks of a text whose words are all to be found; None for one without a letter. ``best``: look for exact titles."""
    words = spoken(text)
    if not words:
        return None
    found = None
    for word in words:
        found = _both(found, _of_word(word, shot, column))
    forms = fold.variants("".join(words))
    if len(words) > 1 and len(forms) > 1:  # words of one reading in Latin letters: wagahai wa neko de aru
        found = np.minimum(found, _of_forms(forms, shot, column))
    if best and (found != MISS).any():
        _promote(found, forms, shot)
    if not column and (number := as_number(text)):
        found = np.minimum(found, _of_number(number, shot))
    return found


def spoken(text: str) -> list[str]:
    """The words of a text as they were typed, each once; signs alone are left out unless there is nothing else."""
    folded = {word: fold.strict(word) for word in text.split()[:WORDS]}
    words = [word for word, each in folded.items() if each]
    return [word for word in words if not letters.only_signs(folded[word])] or words


def as_number(text: str) -> str:
    """The ISBN that a text is, in whatever spelling; empty for any other text."""
    return isbn.normalise(text) if len(text) < 40 and not letters_of_words(text) else ""


def letters_of_words(text):
    return any(letter.isalpha() for letter in text.upper().replace("ISBN", "").replace("X", "").replace("Ｘ", ""))


def _of_number(text, shot):
    ranks = np.full(len(shot.ids), MISS, np.uint8)
    if piece := index.number_piece(text):
        _note(ranks, shot, "isbn: " + grams.quoted(piece), STRICT, STRICT)
    return ranks


def _of_word(word, shot, column):
    return _of_forms(fold.variants(word), shot, column)


def _of_forms(forms, shot, column, **marks):
    """The ranks of a word: of its strict form, its other forms, and all of these without marks."""
    ranks = np.full(len(shot.ids), MISS, np.uint8)
    if not forms:
        return ranks
    strict, *others = forms
    loose = dict.fromkeys(map(fold.loosened, forms))
    unmarked = [form for form in loose if form not in forms]
    if unmarked:
        _note(ranks, shot, _match(unmarked, column, **marks), LOOSE, LOOSE)
    if others:
        _note(ranks, shot, _match(others, column, **marks), OTHER, LOOSE)
    _note(ranks, shot, _match([strict], column, **marks), STRICT, LOOSE)
    return ranks


def _match(forms, column, **marks):
    phrases = " OR ".join(grams.phrase(form, **marks) for form in forms)
    return f"{column}({phrases})" if column else phrases


_PLACE_OF_KIND = np.array([TITLE, AUTHOR, REST, REST] * 2, np.uint8)


def _note(ranks, shot, match, strict, loose):
    """Write down the ranks of what matches, where they are better: ``strict`` in rows of strict text, else ``loose``."""
    kinds, rows = _hits(shot, match)
    if not len(rows):
        return
    each = (_PLACE_OF_KIND + np.repeat(np.array([strict, loose], np.uint8), index.LOOSE))[kinds]
    # kinds go upwards within a title, and of several values for a row the last one stays
    rows, each = rows[::-1], each[::-1]
    ranks[rows] = np.minimum(ranks[rows], each)


def _hits(shot, match):
    text = connection.execute_sql("SELECT group_concat(rowid) FROM search WHERE search MATCH ?", (match,)).fetchone()[0]
    found = snapshot.parsed(text, _ROWID)
    titles = found >> 3
    known = titles < len(shot.rows)
    if not known.all():
        found, titles = found[known], titles[known]
    rows = shot.rows[titles]
    if len(rows) and rows.min() < 0:  # titles that came after the snapshot
        known = rows >= 0
        found, rows = found[known], rows[known]
    return found & (index.KINDS - 1), rows


def _promote(ranks, forms, shot):
    """Titles that begin with the whole text, or are it."""
    all_forms = list(dict.fromkeys([*forms, *map(fold.loosened, forms)]))
    _, rows = _hits(shot, _match(all_forms, "title: ", starts=True))
    if not len(rows):
        return
    rows = rows[ranks[rows] != MISS]
    ranks[rows] = ranks[rows] // PLACES * PLACES + START
    _, rows = _hits(shot, _match(all_forms, "title: ", starts=True, ends=True))
    rows = rows[ranks[rows] != MISS]
    ranks[rows] = np.where(ranks[rows] < LOOSE, STRICT + EXACT, LOOSE + EXACT)


def _alone(query, shot):
    """Each word of what was typed with the number of titles that have it."""
    words = list(dict.fromkeys(word for text in (query.q, *(row.text for row in query.rows)) for word in spoken(text)))
    return [(word, int((_of_word(word, shot, "") != MISS).sum())) for word in words]


# -- limits and facets ---------------------------------------------------------------------------------------------------


def _limited(query, shot, rows):
    """Those rows that keep the limits which are no facets."""
    if query.year_from:
        rows = rows[shot.years[rows] >= query.year_from]
    if query.year_to:
        rows = rows[(shot.years[rows] <= query.year_to) & (shot.years[rows] > 0)]
    if digits := "".join(letter for letter in fold.strict(query.ndc) if letter.isdigit())[:8]:
        first = int(digits.ljust(8, "0"))
        classes = shot.classes[rows]
        rows = rows[(classes >= first) & (classes < first + 10 ** (8 - len(digits)))]
    if query.language:
        rows = rows[_has_word(shot, "language", rows, query.language)]
    if query.available:
        rows = rows[shot.lendable[rows] > _lent(shot)[rows]]
    return rows


def _has_word(shot, name, rows, words):
    return np.isin(shot.codes[name][rows], [code for code, word in enumerate(shot.words[name]) if word in words])


def _lent(shot):
    """How many of the copies that can be lent are out now, for each row."""
    sql = (
        "SELECT group_concat(item.title_id) FROM loan JOIN item ON item.id = loan.item_id "
        "WHERE loan.returned_on IS NULL AND item.state = 'available'"
    )
    titles = snapshot.parsed(connection.execute_sql(sql).fetchone()[0], np.int64)
    return np.bincount(shot.rows_of(titles), minlength=len(shot.ids))


def _facets(query, shot, rows):
    """The rows that have what was chosen, and the counts of each facet among those that have what was chosen of the others."""
    kept = {name: _FACETS[name].keep(shot, rows, getattr(query, name)) for name in FACETS if getattr(query, name)}
    facets = []
    for name in FACETS:
        others = [mask for facet, mask in kept.items() if facet != name]
        among = rows[np.logical_and.reduce(others)] if others else rows
        values = _FACETS[name].count(shot, among, getattr(query, name))
        facets.append((name, values))
    if kept:
        rows = rows[np.logical_and.reduce(list(kept.values()))]
    return rows, facets


def _values(counts, chosen, value, label):
    """Of an array of counts by code those that are not nothing, the most frequent first."""
    codes = np.flatnonzero(counts)
    codes = codes[np.argsort(-counts[codes], kind="stable")].tolist()
    named = [(str(value(code)), code) for code in codes]
    return [Value(name, label(code), int(counts[code]), name in chosen) for name, code in named]


class _Words:
    """A facet of one word a title."""

    def __init__(self, name):
        self.name = name

    def keep(self, shot, rows, chosen):
        return _has_word(shot, self.name, rows, chosen)

    def count(self, shot, rows, chosen):
        words = shot.words[self.name]
        counts = np.bincount(shot.codes[self.name][rows], minlength=len(words))
        return [value for value in _values(counts, chosen, words.__getitem__, words.__getitem__) if value.value]


class _Numbers:
    """A facet that is computed from a number of each title: the NDC class, the decade."""

    def __init__(self, of, label):
        self.of, self.label = of, label

    def keep(self, shot, rows, chosen):
        return np.isin(self.of(shot, rows), [int(value) for value in chosen if value.isdigit() and len(value) < 9])

    def count(self, shot, rows, chosen):
        numbers = self.of(shot, rows)
        counts = np.bincount(numbers[numbers >= 0])
        codes = np.flatnonzero(counts).tolist()
        return [Value(str(code), self.label(code), int(counts[code]), str(code) in chosen) for code in codes]


class _Branches:
    def keep(self, shot, rows, chosen):
        return shot.branches.have(rows, [place for place, code in enumerate(shot.branch_codes) if code in chosen])

    def count(self, shot, rows, chosen):
        counts = np.bincount(shot.branches.of(rows)[0], minlength=len(shot.branch_codes))
        held = np.flatnonzero(counts).tolist()
        names = [(shot.branch_codes[place], shot.branch_names[place], int(counts[place])) for place in held]
        return [Value(code, name, count, code in chosen) for code, name, count in names]


class _Authors:
    """Only the most frequent are named, and those that were chosen."""

    def keep(self, shot, rows, chosen):
        return shot.authors.have(rows, [int(value) for value in chosen if value.isdigit() and len(value) < 9])

    def count(self, shot, rows, chosen):
        authors, counts = np.unique(shot.authors.of(rows)[0], return_counts=True)
        wanted = np.isin(authors, [int(value) for value in chosen if value.isdigit() and len(value) < 9])
        order = np.lexsort((authors, -counts, ~wanted))[: max(MOST_AUTHORS, int(wanted.sum()))]
        named = dict(Author.select(Author.id, Author.name).where(Author.id.in_(authors[order].tolist())).tuples())
        pairs = zip(authors[order].tolist(), counts[order].tolist(), strict=True)
        return [Value(str(one), named[one], count, str(one) in chosen) for one, count in pairs if one in named]


def _decades(shot, rows):
    years = shot.years[rows].astype(np.int32)
    return np.where(years == 0, -1, years // 10 * 10)


def _divisions(shot, rows):
    classes = shot.classes[rows].astype(np.int64)
    return np.where(classes == snapshot.NO_CLASS, -1, classes // 10**7)


_FACETS = {
    "branch": _Branches(),
    "material": _Words("material"),
    "audience": _Words("audience"),
    "ndc_class": _Numbers(_divisions, lambda digit: ndc.caption(str(digit))),
    "decade": _Numbers(_decades, lambda year: f"{year}年代"),
    "author": _Authors(),
}


# -- order ---------------------------------------------------------------------------------------------------------------


def _keys(query, shot, ranks, rows):
    """Numbers by which the rows are put in order."""
    if query.sort != "relevance":
        return shot.positions[query.sort][rows]
    newest = shot.positions["newest"][rows]
    return newest if ranks is None else ranks[rows] * np.int64(len(shot.ids)) + newest


def _page(keys, begin, end):
    """Places of the keys from the begin-th to the end-th in order."""
    if end < len(keys):
        first = np.argpartition(keys, end - 1)[:end]
        return first[np.argsort(keys[first])][begin:]
    return np.argsort(keys)[begin:]
