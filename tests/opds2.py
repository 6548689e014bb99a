"""A check of OPDS 2 documents: what drafts.opds.io/opds-2.0 and the manifest of Readium below it demand."""

import re
from urllib.parse import urlsplit

FEED, PUBLICATION = "application/opds+json", "application/opds-publication+json"
AUTHENTICATION = "application/opds-authentication+json"
STATES = ("available", "unavailable", "reserved", "ready")
IMAGES = ("image/jpeg", "image/png", "image/gif")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")


def problems(document, kind):
    """Return the faults of a document of this type; nothing where it is right."""
    check = {FEED: _feed, PUBLICATION: _publication, AUTHENTICATION: _authentication}[kind]
    return list(check(document))


def _feed(feed):
    yield from _metadata(feed)
    yield from _links(feed, "links")
    if not any(link.get("rel") == "self" and link.get("type") == FEED for link in feed.get("links", ())):
        yield "a feed without a link to itself"
    collections = [name for name in ("navigation", "publications", "groups") if feed.get(name)]
    if not collections:
        yield "a feed with nothing in it"
    yield from _links(feed, "navigation")
    yield from (f"navigation without a title: {link}" for link in feed.get("navigation", ()) if not link.get("title"))
    for one in feed.get("publications", ()):
        yield from _publication(one)
    counts = [feed["metadata"].get(name, 0) for name in ("numberOfItems", "itemsPerPage", "currentPage")]
    yield from (f"{count} is no number of things" for count in counts if not isinstance(count, int) or count < 0)


def _publication(one):
    yield from _metadata(one)
    yield from _links(one, "links")
    rels = [link.get("rel", "") for link in one.get("links", ())]
    if "self" not in rels:
        yield "a publication without a link to itself"
    if not any(rel.startswith("http://opds-spec.org/acquisition") for rel in rels):
        yield "a publication that nobody can have"
    yield from _links(one, "images")
    if not any(image.get("type") in IMAGES for image in one.get("images", ())):
        yield "a publication without an image"
    if one["metadata"].get("@type") != "http://schema.org/Book":
        yield "a publication of no type"
    for link in one.get("links", ()):
        yield from _properties(link.get("properties", {}))


def _properties(given):
    availability = given.get("availability")
    if availability and availability["state"] not in STATES:
        yield f"availability {availability['state']}"
    for name in ("since", "until"):
        if availability and name in availability and not _MOMENT.fullmatch(availability[name]):
            yield f"{name} is no moment"
    for name in ("holds", "copies"):
        if any(not isinstance(number, int) or number < 0 for number in given.get(name, {}).values()):
            yield f"{name} are no numbers"
    if any(not one.get("type") for one in given.get("indirectAcquisition", ())):
        yield "an indirect acquisition of no type"


def _metadata(document):
    metadata = document.get("metadata", {})
    if not isinstance(metadata.get("title"), str) or not metadata["title"]:
        yield "no title"
    if "modified" in metadata and not _MOMENT.fullmatch(metadata["modified"]):
        yield f"modified {metadata['modified']}"
    yield from (f"{name} says nothing" for name, value in metadata.items() if value in ("", None, []))


def _links(document, name):
    links = document.get(name, [])
    for link in links:
        address = urlsplit(link.get("href", "").replace("{?query}", ""))
        if not (address.scheme and address.netloc):
            yield f"{name}: no address {link}"
        if "/" not in link.get("type", ""):
            yield f"{name}: no type {link}"
        if ("{" in link.get("href", "")) != bool(link.get("templated")):
            yield f"{name}: a template, or none: {link}"
    if any(link in links[:place] for place, link in enumerate(links)):
        yield f"{name}: the same link twice"


def _authentication(document):
    for name in ("id", "title", "authentication"):
        if not document.get(name):
            yield f"no {name}"
    for flow in document.get("authentication", ()):
        if not flow.get("type", "").startswith("http://opds-spec.org/auth/"):
            yield f"flow {flow}"
