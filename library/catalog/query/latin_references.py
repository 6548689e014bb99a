"""References without brackets around the title, as other countries write them: APA, MLA, Chicago, BibTeX; and words
with an edition.
"""

import re
from typing import NamedTuple

# the end of a sentence (a dot after an initial is none), or the year after the authors
_STOP = re.compile(r"(?<=[^\W\d_]{2})[)\]'’\"”]?\.\s+|[?!]\s+|\s\((?:1[4-9]|20)[0-9]{2}[a-z]?\)[.,:]?\s*")
_IMPRINT = re.compile(r"[^:.]{2,40}:\s[^:]+,\s?\(?[0-9]{4}\)?\W*")  # New York: Norton, 1997
_ENTRY = re.compile(r"\b(title|author|editor|year|publisher)\s*=\s*(?:[{\"]+([^}\"]+)[}\"]+|([0-9]{4}))", re.I)
_AND = re.compile(r"\s+and\s+")
_EDITION = re.compile(
    r"\b(?:[0-9]+(?:st|nd|rd|th)|first|second|third|fourth|fifth|revised|rev\.|new)\s+ed(?:ition|n)?\b\.?", re.I
)


class BibtexEntry(NamedTuple):
    """The fields of a BibTeX record; empty when it lacks them."""

    title: str
    creators: tuple[str, ...]
    publisher: str
    year: str


def bibtex_entry(text: str) -> BibtexEntry | None:
    """Return the fields of a BibTeX record, or of a line of one; None for a text without a BibTeX title."""
    found = {name.casefold(): braced or bare for name, braced, bare in _ENTRY.findall(text)}
    if "title" not in found:
        return None
    names = _AND.split(found.get("author") or found.get("editor") or "")
    return BibtexEntry(
        found["title"].strip(), tuple(filter(None, names)), found.get("publisher", ""), found.get("year", "")
    )


def possible_titles(text: str) -> list[str]:
    """Return the sentences of a reference in Latin letters that may be its title, the likeliest first; none when it is
    one sentence.
    """
    first, *others = [part.strip(" .,") for part in _STOP.split(text)]
    return [part for part in (*others, first) if part and not _IMPRINT.fullmatch(part)] if any(others) else []


def without_edition(text: str) -> str:
    """Return a text without "2nd edition", "rev. ed." and the like."""
    return _EDITION.sub(" ", text)
