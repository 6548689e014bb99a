"""Checks of feeds by OPDS 1.2 and Atom (RFC 4287), as far as ours go: an empty list where all is well."""

import xml.etree.ElementTree as ET
from datetime import datetime
from urllib.parse import urlsplit

ATOM, OPDS = "{http://www.w3.org/2005/Atom}", "{http://opds-spec.org/2010/catalog}"
ACQUISITION = "http://opds-spec.org/acquisition"
ACQUISITIONS = {ACQUISITION} | {
    f"{ACQUISITION}/{kind}" for kind in ("open-access", "borrow", "buy", "sample", "subscribe")
}
KNOWN_RELS = ACQUISITIONS | {
    "self", "start", "up", "search", "previous", "next", "first", "last", "alternate", "subsection", "related",
    "http://opds-spec.org/image", "http://opds-spec.org/image/thumbnail", "http://opds-spec.org/shelf",
    "http://opds-spec.org/sort/new", "http://opds-spec.org/sort/popular", "http://opds-spec.org/facet",
}  # fmt: skip
IMAGES = {"image/jpeg", "image/png", "image/gif"}
STATUS = {"available", "unavailable", "reserved", "ready"}
CATALOG = "application/atom+xml;profile=opds-catalog"


def problems(text: str, content_type: str) -> list[str]:
    """Return the faults of a catalogue feed or a catalogue entry document, with the content type that it came with."""
    kind = content_type.replace(" ", "").lower().removesuffix(";charset=utf-8")
    root = ET.fromstring(text.encode())
    if root.tag == f"{ATOM}entry":
        right = kind == "application/atom+xml;type=entry;profile=opds-catalog"
        return ([] if right else [f"an entry as {kind}"]) + list(_entry(root, acquires=True))
    found = list(_feed(root, kind))
    acquires = kind == f"{CATALOG};kind=acquisition"
    for entry in root.findall(f"{ATOM}entry"):
        found += _entry(entry, acquires)
    ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    return found + (["an id twice"] if len(set(ids)) < len(ids) else [])


def _feed(root, kind):
    if root.tag != f"{ATOM}feed":
        yield f"a {root.tag}"
    if kind not in (f"{CATALOG};kind=navigation", f"{CATALOG};kind=acquisition"):
        yield f"a feed as {kind}"
    yield from _core(root)
    if not root.findall(f"{ATOM}author"):
        yield "a feed of nobody"
    for rel, least in (("self", 1), ("start", 1)):
        if len(_links(root, rel)) != least:
            yield f"{len(_links(root, rel))} links {rel}"
    if any(link.get("type") != kind for link in _links(root, "self")):
        yield "a link to itself as another kind"
    yield from _all_links(root)


def _core(element):
    for name in ("id", "title", "updated"):
        texts = element.findall(f"{ATOM}{name}")
        if len(texts) != 1 or not (texts[0].text or "").strip():
            yield f"{len(texts)} {name} in {element.tag}"
    moment = element.findtext(f"{ATOM}updated") or ""
    if datetime.fromisoformat(moment).tzinfo is None:
        yield f"{moment} has no zone"
    if not urlsplit(element.findtext(f"{ATOM}id") or "").scheme:
        yield "an id that is no IRI"
    for author in element.findall(f"{ATOM}author"):
        if not (author.findtext(f"{ATOM}name") or "").strip():
            yield "an author without name"


def _entry(entry, acquires):
    yield from _core(entry)
    yield from _all_links(entry)
    gets = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") in ACQUISITIONS]
    if acquires and not gets:
        yield "an entry that can't be acquired"
    if not acquires and gets:
        yield "an acquisition in a feed of navigation"
    if not acquires and not any("opds-catalog" in link.get("type", "") for link in entry.findall(f"{ATOM}link")):
        yield "an entry that leads nowhere"
    if not entry.findall(f"{ATOM}summary") and not entry.findall(f"{ATOM}content"):
        yield "an entry that says nothing"
    for link in gets:
        is_entry = link.get("type", "").startswith("application/atom+xml")
        if is_entry != bool(link.findall(f"{OPDS}indirectAcquisition")):
            yield "an indirect acquisition that does not say what of"
        for one in link.findall(f"{OPDS}availability"):
            if one.get("status") not in STATUS:
                yield f"availability {one.get('status')}"
        for one in (*link.findall(f"{OPDS}copies"), *link.findall(f"{OPDS}holds")):
            if not (one.get("total") or "").isdigit():
                yield f"a count of {one.get('total')}"
    for link in entry.findall(f"{ATOM}link"):
        if link.get("rel", "").startswith("http://opds-spec.org/image") and link.get("type") not in IMAGES:
            yield f"a picture as {link.get('type')}"


def _all_links(element):
    for link in element.findall(f"{ATOM}link"):
        address = urlsplit(link.get("href", ""))
        if not (address.scheme in ("http", "https") and address.netloc):
            yield f"a link to {link.get('href')}"
        if link.get("rel") not in KNOWN_RELS:
            yield f"a link {link.get('rel')}"
        if not link.get("type"):
            yield f"a link {link.get('rel')} without type"


def _links(element, rel):
    return [link for link in element.findall(f"{ATOM}link") if link.get("rel") == rel]
