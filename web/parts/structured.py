"""A page's content for programs in schema.org's words (JSON-LD), no more than the page shows."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flask import current_app, url_for

from library.catalog import heading_names
from library.catalog.codes import accessible
from library.catalog.readers import dcndl, identifiers
from library.discovery.availability import Availability
from library.site import branding
from models import Branch, full_name

Facts = dict[str, Any]
CONTEXT = "https://schema.org"
AVAILABLE = {"in": "InStock", "out": "OutOfStock", "here": "InStoreOnly"}  # the best of a branch first
LEND = "http://purl.org/goodrelations/v1#LeaseOut"
ROLES = {
    "": "author",
    "著": "author",
    "作": "author",
    "文": "author",
    "訳": "translator",
    "編": "editor",
    "絵": "illustrator",
}
LANGUAGES = {"jpn": "ja", "eng": "en", "chi": "zh", "kor": "ko", "fre": "fr", "ger": "de"}
NDL = "https://id.ndl.go.jp/bib/"
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "PublicHolidays")


class InSeries(NamedTuple):
    """A series of a title, and the number in it."""

    series_id: int
    name: str
    number: str


def book(
    row: Any,
    contributors: Sequence[Any],
    standing: Availability,
    *,
    editions: Iterable[Any] = (),
    series: Iterable[InSeries] = (),
) -> Facts:
    """Return a title, with the branches that can lend it and other editions of its work; unknown values are left out.

    Each contributor has ``identifiers``, a JSON list of [register, number].
    """
    address = _absolute(url_for("catalog.title", title_id=row.id))
    facts = {
        "@context": CONTEXT,
        "@type": "Book" if row.material_type == "図書" else "CreativeWork",
        "@id": address,
        "url": address,
        "name": full_name(row.title, row.volume),
        "alternativeHeadline": row.subtitle,
        "isbn": row.isbn,
        "inLanguage": LANGUAGES.get(row.language),
        "datePublished": str(row.year or ""),
        "publisher": row.publisher and {"@type": "Organization", "name": row.publisher},
        "offers": _offers(standing),
        "isPartOf": [_series(one) for one in series],
        "workExample": [_example(one) for one in editions if one.id != row.id],
        "accessibilityFeature": _features(row),
        "sameAs": f"{NDL}{row.source_id}" if row.source == dcndl.SOURCE and row.source_id.isdigit() else "",
    }
    return _known(facts | _makers(row, contributors))


def _series(one: InSeries) -> Facts:
    address = _absolute(url_for("catalog.series", series_id=one.series_id))
    return _known({"@type": "BookSeries", "@id": address, "name": one.name, "position": one.number})


def _example(one: Any) -> Facts:
    """Return another edition of the work."""
    address = _absolute(url_for("catalog.title", title_id=one.id))
    facts = {"@type": "Book", "@id": address, "url": address, "name": full_name(one.title, one.volume)}
    return _known(facts | {"datePublished": str(one.year or "")})


def formats(row: Any) -> list[str]:
    """Return the codes of 利用しやすい形式 of a title and its e-book (row attribute ``of_ebook``)."""
    return accessible.codes(f"{row.formats} {of_ebook(row).get('formats', '')}")


def of_ebook(row: Any) -> dict[str, str]:
    """Return the accessibility values of the title's e-book; empty without one."""
    return json.loads(row.of_ebook or "{}")


def _features(row: Any) -> list[str]:
    """Return the accessibility features of a title in schema.org's words."""
    named = (*accessible.features_of(formats(row)), *of_ebook(row).get("features", "").split())
    return list(dict.fromkeys(named))


def _makers(row: Any, contributors: Sequence[Any]) -> Facts:
    """Return the creators by their roles, each a person or a body as its name sounds."""
    if not contributors:
        return {"creditText": row.author}
    makers: Facts = {}
    for one in contributors:
        facts = {"@type": _kind(one.name), "name": one.name}
        facts["sameAs"] = [identifiers.page_url(*each) for each in json.loads(one.identifiers)]
        makers.setdefault(ROLES.get(one.role, "contributor"), []).append(_known(facts))
    return makers


def _kind(name: str) -> str:
    return "Organization" if heading_names.is_body(name) else "Person"


def _offers(standing: Availability) -> list[Facts]:
    """Return an offer for each branch with a copy on the shelf, out, or to be read there."""
    kinds: dict[str, set[str]] = {}
    for copy in standing.copies:
        kinds.setdefault(copy.branch, set()).add(copy.kind)
    best = {branch: next((kind for kind in AVAILABLE if kind in there), None) for branch, there in kinds.items()}
    return [_offer(branch, kind) for branch, kind in best.items() if kind]


def _offer(branch: str, kind: str) -> Facts:
    offer: Facts = {
        "@type": "Offer",
        "availability": f"{CONTEXT}/{AVAILABLE[kind]}",
        "price": "0",
        "priceCurrency": "JPY",
    }
    offer |= {"availableAtOrFrom": {"@type": "Library", "name": branch}}
    return offer if kind == "here" else offer | {"businessFunction": LEND}


def library(branch: Branch) -> Facts:
    """Return a branch, with its address and its hours by weekday."""
    address = _absolute(url_for("places.branch", code=branch.code))
    return _known(
        {
            "@context": CONTEXT,
            "@type": "Library",
            "@id": address,
            "url": address,
            "name": branch.name,
            "address": _postal(branch),
            "telephone": branch.phone,
            "hasMap": branch.map_url,
            "parentOrganization": {"@type": "Library", "name": branding.name(current_app.config)},
            "openingHoursSpecification": _hours(branch),
        }
    )


def _postal(branch: Branch) -> Facts | str:
    """Return the address with its postal code, if there is one."""
    if not branch.postal_code:
        return branch.address
    parts = {"postalCode": branch.postal_code, "streetAddress": branch.address, "addressCountry": "JP"}
    return {"@type": "PostalAddress"} | _known(parts)


def _hours(branch: Branch) -> list[Facts]:
    """Return each span of hours with its weekdays; empty if unknown."""
    days: dict[tuple[str, str], list[str]] = {}
    for digit, name in enumerate(WEEK):
        for opens, closes in branch.hours.get(str(digit), ()) if str(digit) not in branch.closed_weekdays else ():
            days.setdefault((opens.zfill(5), closes.zfill(5)), []).append(f"{CONTEXT}/{name}")
    return [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": names, "opens": opens, "closes": closes}
        for (opens, closes), names in days.items()
    ]


def _known(facts: Facts) -> Facts:
    return {name: value for name, value in facts.items() if value}


def _absolute(path: str) -> str:
    return current_app.config["PUBLIC_URL"] + path
