"""References as other countries write them, where no bracket tells the title: APA, MLA, Chicago, BibTeX; and words with a year or an edition."""

import re
from typing import NamedTuple

# the end of a sentence, which that of an initial is not, or the year behind the authors
_STOP = re.compile(r"(?<=[^\W\d_]{2})[)\]'’\"”]?\.\s+|[?!]\s+|\s\((?:1[4-9]|20)[0-9]{2}[a-z]?\)[.,:]?\s*")
_IMPRINT = re.compile(r"[^:.]{2,40}:\s[^:]+,\s?\(?[0-9]{4}\)?\W*")  # New York: Norton, 1997
_ENTRY = re.compile(r"\b(title|author|editor|year|publisher)\s*=\s*(?:[{\"]+([^}\"]+)[}\"]+|([0-9]{4}))", re.I)
_AND = re.compile(r"\s+and\s+")
_EDITION = re.compile(
    r"\b(?:[0-9]+(?:st|nd|rd|th)|first|second|third|fourth|fifth|revised|rev\.|new)\s+ed(?:ition|n)?\b\.?", re.I
)


class Entry(NamedTuple):
    """The fields of a record of BibTeX."""

    title: str
    people: tuple[str, ...]
    publisher: str
    year: str


def entry(text: str) -> Entry | None:
    """Return what a record of BibTeX, or a line of one, says; None for any other text."""
    found = {name.casefold(): braced or bare for name, braced, bare in _ENTRY.findall(text)}
    if "title" not in found:
        return None
    people = _AND.split(found.get("author") or found.get("editor") or "")
    return Entry(found["title"].strip(), tuple(filter(None, people)), found.get("publisher", ""), found.get("year", ""))


def titles(text: str) -> list[str]:
    """Return the sentences of a reference in Latin letters that may be its title, the likeliest first; none where it is one sentence."""
    first, *others = [part.strip(" .,") for part in _STOP.split(text)]
    return [part for part in (*others, first) if part and not _IMPRINT.fullmatch(part)] if any(others) else []


def without_edition(text: str) -> str:
    return _EDITION.sub(" ", text)
