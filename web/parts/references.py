"""結果を書き出す: titles as files for programs of references and spreadsheets, and links to them."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from flask import Response, current_app, url_for

from library.discovery import citations

KINDS = ("csv", "ris", "bib")
_TYPES = {
    "csv": "text/csv",
    "ris": "application/x-research-info-systems",
    "bib": "application/x-bibtex",
}  # fmt: skip
PATTERN = f"<any({', '.join(KINDS)}):kind>"  # the ending of an address


class Link(NamedTuple):
    """A link to a file; ``word``: CSV, RIS or BibTeX."""

    word: str
    url: str


def links(address: Callable[[str], str]) -> list[Link]:
    """Return the links to a list in each format; ``address(kind)`` takes csv, ris or bib."""
    return [Link(word, address(kind)) for kind, word in zip(KINDS, ("CSV", "RIS", "BibTeX"), strict=True)]


def file(title_ids: Iterable[int], kind: str, name: str, *, public: bool = True) -> Response:
    """Return the first 2,000 titles as a file; if ``public``, other sites' pages may read it, except CSV."""
    at = current_app.config["PUBLIC_URL"]
    ids = list(title_ids)[: citations.MOST]
    titles = citations.cited({each: at + url_for("catalog.title", title_id=each) for each in ids})
    text = citations.table(titles) if kind == "csv" else "".join(_WRITERS[kind](titles))
    answer = Response(text, mimetype=_TYPES[kind])
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.{kind}"
    answer.headers["X-Robots-Tag"] = "noindex"
    if not public:
        answer.headers["Cache-Control"] = "no-store"
    elif kind != "csv":
        answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


_WRITERS = {"ris": citations.ris, "bib": citations.bibtex}
