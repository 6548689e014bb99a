"""Other words to type where nothing is found: readings and names in the catalogue that are spelled nearly so."""

import difflib
from collections.abc import Iterator

from library.catalog.folding import fold
from library.catalog.search import grams, index
from models import Author, Contributor, Title

MOST = 3
LEAST = 3  # letters of a word that is tried
FORMS = 6  # spellings of it
LOOKED_AT = 300  # rows of the index
ALIKE = 0.7


def instead_of(word: str) -> list[str]:
    """Return names, titles and words of readings that are spelled nearly like a word, the nearest first; all of them are found."""
    forms = fold.variants(word)[:FORMS]
    forms = list(dict.fromkeys([*forms, *map(fold.loosened, forms)]))
    forms = [form for form in forms if len(form) >= LEAST]
    if not forms:
        return []
    near: dict[str, float] = {}
    typed = {form: difflib.SequenceMatcher(None, "", form, autojunk=False) for form in map(fold.loosened, forms)}
    for shown, spelled in _candidates(forms):
        likeness = max(_likeness(*each, fold.loose(spelled)) for each in typed.items())
        if likeness >= ALIKE:
            near[shown] = max(likeness, near.get(shown, 0))
    return sorted(near, key=lambda shown: -near[shown])[:MOST]


def _likeness(typed: str, matcher: difflib.SequenceMatcher, spelled: str) -> float:
    """Return how alike two texts are, from 0 to 1; only those are looked at closely that may be alike enough."""
    if not spelled or abs(len(typed) - len(spelled)) > 2:
        return 0
    matcher.set_seq1(spelled)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0


def _candidates(forms: list[str]) -> Iterator[tuple[str, str]]:
    """Yield (what to show, how it is spelled) of titles and authors that begin or end like one of the forms."""
    halves = [grams.beginning(form[: (len(form) + 1) // 2]) for form in forms]
    halves += [grams.phrase(form[len(form) // 2 :] + grams.END) for form in forms]
    match = "{title title_read author author_read}: (" + " OR ".join(halves) + ")"
    found = index.first_found(match, LOOKED_AT)
    titles = {row // index.KINDS for row in found if row % index.LOOSE == index.TITLE}
    others = {row // index.KINDS for row in found if row % index.LOOSE != index.TITLE}
    named = Title.select(Title.title, Title.title_kana).where(Title.id.in_(titles)).order_by(Title.id)
    for title, kana in named.tuples().iterator():
        yield title, title
        yield title, kana
        yield from ((part, part) for part in kana.split() if len(part) >= LEAST)
    made = Contributor.select(Contributor.author).where(Contributor.title.in_(others))
    people = Author.select(Author.name, Author.kana).where(Author.id.in_(made)).order_by(Author.id)
    for name, kana in people.tuples().iterator():
        shown = name.replace(", ", "")
        yield shown, name
        yield shown, kana
        yield from ((part, part) for part in kana.split(", ") if len(part) >= LEAST)
