"""OAI-PMH 2.0: harvesters take the catalogue, and later its changes
(openarchives.org/OAI/openarchivesprotocol.html).
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, current_app, request, url_for
from werkzeug.datastructures import MultiDict

from library import clock
from library.discovery.exchange import formats, harvest
from library.site import branding
from web import access

bp = Blueprint("oai", __name__)
NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
SCHEMA = f"{NAMESPACE} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
SECONDS, DAYS = "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"
_SECONDS, _DAYS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.A), re.compile(r"\d{4}-\d\d-\d\d", re.A)
_LIST = ({"metadataPrefix"}, {"from", "until", "set"})
ARGUMENTS = {  # those that must be there, those that may
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), set()),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
}
IN_PARTS = ("ListSets", "ListIdentifiers", "ListRecords")
WHY = {
    "badVerb": "The verb is missing, repeated or none of OAI-PMH.",
    "badArgument": "An argument is missing, repeated, not of this verb, or cannot be read.",
    "badResumptionToken": "The resumption token is none of ours, or older than a day.",
    "cannotDisseminateFormat": "There is no such metadata format here.",
    "idDoesNotExist": "There is no such identifier here.",
    "noRecordsMatch": "Nothing fits these arguments.",
    "noSetHierarchy": "There are no sets here.",
}


class Problem(Exception):
    """A request that is answered by an error of the protocol."""

    def __init__(self, code: str) -> None:
        super().__init__(WHY[code])
        self.code = code


@bp.get("/oai")
@access.public
def answer() -> access.Reply:
    return _answer(request.args)


@bp.post("/oai")
@access.public
def answer_posted() -> access.Reply:
    """Answer a request that was posted; the protocol has both ways."""
    return _answer(request.form)


def _answer(sent: MultiDict) -> access.Reply:
    root = ET.Element("OAI-PMH", {"xmlns": NAMESPACE, f"{{{formats.XSI}}}schemaLocation": SCHEMA})
    _text(root, "responseDate", clock.now().astimezone(UTC).strftime(SECONDS))
    asked = _text(root, "request", current_app.config["PUBLIC_URL"] + url_for("oai.answer"))
    try:
        arguments = _arguments(sent)
        verb = arguments.pop("verb")
        asked.attrib.update({"verb": verb} | arguments)
        inner = ET.Element(verb)
        VERBS[verb](inner, arguments)
        root.append(inner)
    except Problem as problem:
        if problem.code in ("badVerb", "badArgument"):
            asked.attrib.clear()
        _text(root, "error", str(problem)).set("code", problem.code)
    return Response(
        formats.written(root), content_type="text/xml; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


def _arguments(sent: MultiDict) -> dict[str, str]:
    """Return the arguments of a question, each once. Raises: Problem."""
    verbs = sent.getlist("verb")
    if len(verbs) != 1 or verbs[0] not in ARGUMENTS:
        raise Problem("badVerb")
    needed, allowed = ARGUMENTS[verbs[0]]
    arguments = sent.to_dict()
    given = set(arguments) - {"verb"}
    if any(len(sent.getlist(name)) > 1 for name in given):
        raise Problem("badArgument")
    if "resumptionToken" in given and verbs[0] in IN_PARTS:
        if given != {"resumptionToken"}:
            raise Problem("badArgument")
    elif not needed <= given <= needed | allowed:
        raise Problem("badArgument")
    return arguments


# -- verbs -------------------------------------------------------------------------------------------------------------
def _identify(parent: ET.Element, arguments: dict) -> None:
    settings = current_app.config
    _text(parent, "repositoryName", branding.name(settings))
    _text(parent, "baseURL", settings["PUBLIC_URL"] + url_for("oai.answer"))
    _text(parent, "protocolVersion", "2.0")
    _text(parent, "adminEmail", settings["ADMIN_MAIL"] or settings["MAIL_SENDER"])
    _text(parent, "earliestDatestamp", _written(harvest.earliest(now=clock.now())))
    _text(parent, "deletedRecord", "persistent")
    _text(parent, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    namespace = f"{NAMESPACE}oai-identifier"
    about = _below(_below(parent, "description"), "oai-identifier", {
        "xmlns": namespace, f"{{{formats.XSI}}}schemaLocation": f"{namespace} http://www.openarchives.org/OAI/2.0/oai-identifier.xsd",
    })  # fmt: skip
    _text(about, "scheme", "oai")
    _text(about, "repositoryIdentifier", _host())
    _text(about, "delimiter", ":")
    _text(about, "sampleIdentifier", _identifier(1))


def _list_metadata_formats(parent: ET.Element, arguments: dict) -> None:
    if "identifier" in arguments:
        _header_of(arguments["identifier"])
    for prefix, each in formats.OF_OAI.items():
        listed = _below(parent, "metadataFormat")
        _text(listed, "metadataPrefix", prefix)
        _text(listed, "schema", each.schema)
        _text(listed, "metadataNamespace", each.namespace)


def _list_sets(parent: ET.Element, arguments: dict) -> None:
    if "resumptionToken" in arguments:  # all are in one part
        raise Problem("badResumptionToken")
    sets = harvest.sets()
    if not sets:
        raise Problem("noSetHierarchy")
    for name_of_set, _, name in sets:
        listed = _below(parent, "set")
        _text(listed, "setSpec", f"{harvest.BRANCHES}:{name_of_set}")
        _text(listed, "setName", name)


def _get_record(parent: ET.Element, arguments: dict) -> None:
    element = _format(arguments["metadataPrefix"]).element
    header = _header_of(arguments["identifier"])
    _add_records(parent, [header], element)


def _list_identifiers(parent: ET.Element, arguments: dict) -> None:
    _list(
        parent, "ListIdentifiers", arguments, lambda parent, headers, _: [_add_header(parent, one) for one in headers]
    )


def _list_records(parent: ET.Element, arguments: dict) -> None:
    _list(parent, "ListRecords", arguments, _add_records)


VERBS: dict[str, Callable[[ET.Element, dict[str, str]], None]] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_metadata_formats,
    "ListSets": _list_sets,
    "GetRecord": _get_record,
    "ListIdentifiers": _list_identifiers,
    "ListRecords": _list_records,
}


# -- lists -------------------------------------------------------------------------------------------------------------
def _list(parent: ET.Element, verb: str, arguments: dict, add: Callable) -> None:
    now, key = clock.now(), current_app.config["SECRET_KEY"]
    if "resumptionToken" in arguments:
        asked = harvest.read_token(arguments["resumptionToken"], key, now=now)
        if asked is None or asked.verb != verb:
            raise Problem("badResumptionToken")
    else:
        asked = _begun(verb, arguments, now)
    part = harvest.part(asked)
    if not part.headers and not asked.sent:
        raise Problem("noRecordsMatch")
    add(parent, part.headers, _format(asked.prefix).element)
    if asked.sent or part.following:
        _add_token(parent, asked, part.following, key, now)


def _begun(verb: str, arguments: dict, now: datetime) -> harvest.Harvest:
    """Return the list that these arguments ask for. Raises: Problem."""
    first, until = arguments.get("from"), arguments.get("until")
    if first and until and len(first) != len(until):
        raise Problem("badArgument")
    since, end = _moment(first), _moment(until, end=True)
    if since and end and since > end:
        raise Problem("badArgument")
    _format(arguments["metadataPrefix"])
    branch = ""
    if "set" in arguments:
        kind, _, wanted = arguments["set"].partition(":")
        branch = next((code for name, code, _ in harvest.sets() if name == wanted), "")
        if kind != harvest.BRANCHES or not branch:
            raise Problem("noRecordsMatch")
    return harvest.begin(verb, arguments["metadataPrefix"], first=since, until=end, branch=branch, now=now)


def _add_token(
    parent: ET.Element, asked: harvest.Harvest, following: harvest.Harvest | None, key: str, now: datetime
) -> None:
    """Add the token of the next part; an empty one ends the list."""
    text, good_until = harvest.token(following, key, now=now) if following else ("", None)
    token = _text(parent, "resumptionToken", text)
    token.attrib.update({"completeListSize": str(asked.total), "cursor": str(asked.sent)})
    if good_until:
        token.set("expirationDate", _written(good_until))


def _add_records(parent: ET.Element, headers: list[harvest.Header], element: Callable) -> None:
    found = formats.load(one.title_id for one in headers if not one.is_gone)
    for one in headers:
        record = _below(parent, "record")
        _add_header(record, one)
        if not one.is_gone:
            page = current_app.config["PUBLIC_URL"] + url_for("catalog.title", title_id=one.title_id)
            _below(record, "metadata").append(element(one.title_id, found[one.title_id], page))


def _add_header(parent: ET.Element, one: harvest.Header) -> None:
    header = _below(parent, "header", {"status": "deleted"} if one.is_gone else {})
    _text(header, "identifier", _identifier(one.title_id))
    _text(header, "datestamp", _written(one.changed_at))
    for name in one.sets:
        _text(header, "setSpec", f"{harvest.BRANCHES}:{name}")


# -- words of the protocol
# -----------------------------------------------------------------------------------------------
def _host() -> str:
    return urlsplit(current_app.config["PUBLIC_URL"]).hostname


def _identifier(title_id: int) -> str:
    return f"oai:{_host()}:{title_id}"


def _header_of(identifier: str) -> harvest.Header:
    number = identifier.removeprefix(f"oai:{_host()}:")
    found = harvest.header(int(number)) if re.fullmatch("[1-9][0-9]{0,17}", number) else None
    if found is None:
        raise Problem("idDoesNotExist")
    return found


def _format(prefix: str) -> formats.Format:
    if prefix not in formats.OF_OAI:
        raise Problem("cannotDisseminateFormat")
    return formats.OF_OAI[prefix]


def _moment(text: str | None, *, end: bool = False) -> datetime | None:
    """Return the moment that an argument names; a day alone is its first second, with ``end`` its last. Raises:
    Problem.
    """
    if text is None:
        return None
    day = _DAYS.fullmatch(text)
    if not day and not _SECONDS.fullmatch(text):
        raise Problem("badArgument")
    try:
        moment = datetime.strptime(text, DAYS if day else SECONDS).replace(tzinfo=UTC)
    except ValueError:
        raise Problem("badArgument") from None
    return moment.replace(hour=23, minute=59, second=59) if day and end else moment


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(SECONDS)


def _below(parent: ET.Element, name: str, attributes: dict | None = None) -> ET.Element:
    return ET.SubElement(parent, name, attributes or {})


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    made = _below(parent, name)
    made.text = text
    return made
