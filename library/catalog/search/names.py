"""Titles by their whole name, in any spelling, from the full text index."""

from collections.abc import Iterable

from peewee import chunked

from library.catalog.folding import fold
from library.catalog.fulltext import grams, index, rows as indexed
from models import Title

AT_ONCE = 50  # names in one query of the index
ASKED = 500  # ids in one query
LONGEST = 1_000  # letters of a name that is looked for
_AS_NAMED = (Title.id, Title.title, Title.volume, Title.author, Title.ndc)


def titles(names: Iterable[str]) -> dict[str, list[Title]]:
    """Return name → titles (id, title, volume, author, NDC) written exactly so, else those that fold to the same; only
    names with titles.
    """
    folded = {name: fold.strict(name) for name in names if len(name) <= LONGEST}
    found = _by_fold(set(folded.values()) - {""})
    return {
        name: [title for title in found[each] if title.title == name] or found[each]
        for name, each in folded.items()
        if each in found
    }


def _by_fold(wanted: set[str]) -> dict[str, list[Title]]:
    found: dict[str, list[Title]] = {}
    for some in chunked(_ids(wanted), ASKED):
        for title in Title.select(*_AS_NAMED).where(Title.id.in_(list(some))):
            if (each := fold.strict(title.title)) in wanted:  # the index may have found its title in another script
                found.setdefault(each, []).append(title)
    return found


def _ids(wanted: set[str]) -> list[int]:
    matches = [f"{{title}}: ({' OR '.join(map(grams.equal, some))})" for some in chunked(wanted, AT_ONCE)]
    rows = {row for found in index.find_each(matches) for row in found.tolist()}
    return sorted({row // indexed.KINDS for row in rows if row % indexed.KINDS == indexed.TITLE})
