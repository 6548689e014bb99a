"""外部連携の点検: a check of what other programs read here. Pages are fetched from the running server."""

import http.client
import io
import ipaddress
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pymarc
from peewee import fn

from library.catalog import removed_titles
from library.catalog.readers import dcndl
from library.discovery.exchange import formats, harvest
from library.discovery.exchange.formats import Format
from library.store.queries import tuples
from models import Setting, Title

GOOD, CARE, BAD = "good", "care", "bad"  # 合格, 注意, 要対応
RECORDS = 100
SLOW, TOO_SLOW = 1.0, 5.0  # seconds of a part
WITHOUT_ISBN, WITHOUT_NDC = 0.5, 0.2  # of all titles, from which somebody should look
PATIENCE = 5  # seconds for a page
LARGEST = 5_000_000  # bytes of a page that are read
STORED = "discovery_check"  # the setting that holds the last report
Fetch = Callable[[str], tuple[int, bytes]]


@dataclass(frozen=True)
class Finding:
    """The outcome of one check; the template has the sentence for each name and grade, ``facts`` fill it."""

    name: str
    grade: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    at: datetime
    findings: list[Finding]

    def count(self, grade: str) -> int:
        return sum(one.grade == grade for one in self.findings)


def run(settings: Mapping[str, Any], *, now: datetime, fetch: Fetch | None = None) -> dict[str, int]:
    """Run all checks, store the report, and return the number of findings by grade."""
    found = [
        *_settings(settings),
        *_catalogue(settings, now),
        *_pages(settings["PUBLIC_URL"], fetch or _fetcher(settings)),
    ]
    value = {"at": now.astimezone(UTC).isoformat(), "findings": [asdict(one) for one in found]}
    stored = Setting.insert(name=STORED, value=value)
    stored.on_conflict(conflict_target=[Setting.name], preserve=[Setting.value]).execute()
    report = Report(now, found)
    return {grade: report.count(grade) for grade in (GOOD, CARE, BAD)}


def last() -> Report | None:
    """Return the last report; None before the first."""
    row = Setting.get_or_none(Setting.name == STORED)
    if row is None:
        return None
    return Report(datetime.fromisoformat(row.value["at"]), [Finding(**one) for one in row.value["findings"]])


# -- settings ----------------------------------------------------------------------------------------------------------
def _settings(settings: Mapping[str, Any]) -> Iterator[Finding]:
    public = urlsplit(settings["PUBLIC_URL"])
    grade = BAD if _is_private(public.hostname or "") else GOOD if public.scheme == "https" else CARE
    yield Finding("public_url", grade, {"url": settings["PUBLIC_URL"]})
    yield Finding("admin_mail", GOOD if settings["ADMIN_MAIL"] else CARE, {"address": settings["ADMIN_MAIL"]})


def _is_private(host: str) -> bool:
    """Tell whether a host name has no meaning outside this network."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host


# -- the catalogue -----------------------------------------------------------------------------------------------------
def _catalogue(settings: Mapping[str, Any], now: datetime) -> Iterator[Finding]:
    ids = [title_id for (title_id,) in tuples(Title.select(Title.id).order_by(Title.changed_at.desc()).limit(RECORDS))]
    for name, each in formats.OF_OAI.items():
        yield _format(name, each, ids, settings["PUBLIC_URL"])
    count = len(harvest.sets())
    yield Finding("sets", GOOD if count else CARE, {"count": count})
    yield from _numbers()
    begun = time.perf_counter()
    part = harvest.part(harvest.begin("ListRecords", "oai_dc", first=None, until=None, branch="", now=now))
    for title_id, record in formats.load(one.title_id for one in part.headers if not one.is_gone).items():
        formats.written(formats.OF_OAI["oai_dc"].element(title_id, record, settings["PUBLIC_URL"]))
    seconds = round(time.perf_counter() - begun, 2)
    grade = BAD if seconds > TOO_SLOW else CARE if seconds > SLOW else GOOD
    yield Finding("speed", grade, {"seconds": seconds})


def _format(name: str, each: Format, ids: list[int], public_url: str) -> Finding:
    """Return the finding of writing records in a format and reading them back."""
    wrong = []
    for title_id, record in formats.load(ids).items():
        try:
            text = formats.written(each.element(title_id, record, f"{public_url}/titles/{title_id}"))
            is_right = _READS[name](text)
        except Exception:  # whatever is wrong with it: the record is named, and the others are tried
            is_right = False
        if not is_right:
            wrong.append(title_id)
    facts = {"format": name, "count": len(ids), "wrong": len(wrong), "titles": wrong[:5]}
    return Finding("format", BAD if wrong else GOOD if ids else CARE, facts)


def _reads_dc(text: bytes) -> bool:
    elements = ET.fromstring(text).iter()  # noqa: S314 (ours)
    return any((one.text or "").strip() for one in elements if one.tag.endswith("}title"))


def _reads_dcndl(text: bytes) -> bool:
    return bool(dcndl.decoded(text).title)


def _reads_marc(text: bytes) -> bool:
    [record] = pymarc.parse_xml_to_array(io.BytesIO(text))
    return len(str(record.leader)) == 24 and record.get("245") is not None


_READS: dict[str, Callable[[bytes], bool]] = {"oai_dc": _reads_dc, "dcndl": _reads_dcndl, "marc21": _reads_marc}


def _numbers() -> Iterator[Finding]:
    total = Title.select().count()
    for name, column, most in (("isbn", Title.isbn, WITHOUT_ISBN), ("ndc", Title.ndc, WITHOUT_NDC)):
        missing = Title.select(fn.COUNT(Title.id)).where(column == "").scalar()
        grade = CARE if total and missing > most * total else GOOD
        yield Finding(f"without_{name}", grade, {"count": missing, "percent": round(100 * missing / (total or 1))})


# -- pages -------------------------------------------------------------------------------------------------------------
def _fetcher(settings: Mapping[str, Any]) -> Fetch:
    """Return a function that fetches a path from the server on this machine."""
    host = str(settings["HOST"])
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (nothing is opened)

    def fetch(path: str) -> tuple[int, bytes]:
        asked = http.client.HTTPConnection(host, settings["PORT"], timeout=PATIENCE)
        try:
            asked.request("GET", path)
            answer = asked.getresponse()
            return answer.status, answer.read(LARGEST)
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            asked.close()

    return fetch


def _pages(public_url: str, fetch: Fetch) -> Iterator[Finding]:
    """Yield the findings on pages that programs start from; ends at the first page that gives no answer."""
    status, text = fetch("/robots.txt")
    if not status:
        yield from (Finding(name, CARE, {"status": 0}) for name in ("robots", "sitemap", "isbn_page"))
        return
    is_right = status == 200 and f"Sitemap: {public_url}/".encode() in text and b"Disallow: /my/" in text
    yield Finding("robots", GOOD if is_right else BAD, {"status": status})
    status, text = fetch("/sitemap.xml")
    yield Finding("sitemap", GOOD if status == 200 and _leads_on(text, public_url, fetch) else BAD, {"status": status})
    yield _isbn_page(fetch)


def _leads_on(text: bytes, public_url: str, fetch: Fetch) -> bool:
    """Tell whether a list of sitemaps can be read, and its last sitemap too."""
    try:
        places = [one.text or "" for one in ET.fromstring(text).iter() if one.tag.endswith("}loc")]  # noqa: S314 (ours)
        status, last = fetch(places[-1].removeprefix(public_url))
        ET.fromstring(last)  # noqa: S314
    except (ET.ParseError, IndexError):
        return False
    return status == 200 and all(place.startswith(f"{public_url}/") for place in places)


def _isbn_page(fetch: Fetch) -> Finding:
    found = Title.select(Title.isbn).where(Title.isbn != "", ~removed_titles.is_removed()).order_by(Title.id).first()
    if found is None:
        return Finding("isbn_page", CARE, {"status": None})
    status, text = fetch(f"/isbn/{found.isbn}.json")
    is_right = status == 200 and json.loads(text)["found"]
    return Finding("isbn_page", GOOD if is_right else BAD, {"status": status, "isbn": found.isbn})
