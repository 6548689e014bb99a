"""SRU 1.2: other libraries' systems search in the catalogue (loc.gov/standards/sru/sru-1-2.html)."""

import re
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, current_app, request, url_for

from library.discovery.exchange import cql, cql_search, formats
from library.discovery.exchange.cql import Diagnostic
from library.site import branding
from web import access

bp = Blueprint("sru", __name__)
SRW = "http://www.loc.gov/zing/srw/"
DIAGNOSTIC = "http://www.loc.gov/zing/srw/diagnostic/"
EXPLAIN = "http://explain.z3950.org/dtd/2.0/"
VERSION, VERSIONS = "1.2", ("1.1", "1.2")
USUAL, MOST = 10, 200  # records in one answer
PACKINGS = ("xml", "string")
SCHEMAS = {
    "dc": "info:srw/schema/1/dc-v1.1",
    "dcndl": formats.OF_SRU["dcndl"].namespace,
    "marcxml": "info:srw/schema/1/marcxml-v1.1",
}
SETS = {
    "cql": "info:srw/cql-context-set/1/cql-v1.2",
    "dc": "info:srw/cql-context-set/1/dc-v1.1",
    "dcndl": formats.OF_SRU["dcndl"].namespace,
}
SET_OF = {"anywhere": "cql", "title": "dc", "creator": "dc", "publisher": "dc", "subject": "dc"}  # others: dcndl
WHY = {
    cql.UNSUPPORTED_OPERATION: "Unsupported operation",
    cql.UNSUPPORTED_VERSION: "Unsupported version",
    cql.BAD_VALUE: "Unsupported parameter value",
    cql.MISSING: "Mandatory parameter not supplied",
    cql.SYNTAX: "Query syntax error",
    cql.NO_INDEX: "Unsupported index",
    cql.NO_RELATION: "Unsupported relation",
    cql.OUT_OF_RANGE: "First record position out of range",
    cql.NO_SCHEMA: "Unknown schema for retrieval",
    cql.NO_PACKING: "Unsupported record packing",
}


@bp.get("/sru")
@access.public
def answer() -> access.Reply:
    """Explain the server, or search. Errors are told by a diagnostic, never by a status."""
    operation = request.args.get("operation")
    is_explained = operation == "explain" or not request.args
    root = ET.Element("explainResponse" if is_explained else "searchRetrieveResponse", {"xmlns": SRW})
    _text(root, "version", VERSION)
    try:
        _check(operation, is_explained)
        _explain(root) if is_explained else _search(root)
    except Diagnostic as found:
        if not is_explained and root.find("numberOfRecords") is None:
            _text(root, "numberOfRecords", "0")
        _add_diagnostic(root, found)
    return Response(
        formats.written(root), content_type="text/xml; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


def _check(operation: str | None, is_explained: bool) -> None:
    if not is_explained:
        if operation is None:
            raise Diagnostic(cql.MISSING, "operation")
        if operation != "searchRetrieve":
            raise Diagnostic(cql.UNSUPPORTED_OPERATION, operation)
    if request.args.get("version", VERSION) not in VERSIONS:
        raise Diagnostic(cql.UNSUPPORTED_VERSION, VERSION)
    if repeated := next((name for name, values in request.args.lists() if len(values) > 1), None):
        raise Diagnostic(cql.BAD_VALUE, repeated)
    if request.args.get("recordPacking", "xml") not in PACKINGS:
        raise Diagnostic(cql.NO_PACKING, request.args["recordPacking"])


# -- searching ---------------------------------------------------------------------------------------------------------
def _search(root: ET.Element) -> None:
    if not request.args.get("query", "").strip():
        raise Diagnostic(cql.MISSING, "query")
    first, size = _number("startRecord", 1, least=1), min(_number("maximumRecords", USUAL, least=0), MOST)
    schema = _schema(request.args.get("recordSchema") or "dc")
    found = cql_search.find(cql.parse(request.args["query"]), begin=first - 1, size=size)
    _text(root, "numberOfRecords", str(found.total))
    if first > max(found.total, 1):
        raise Diagnostic(cql.OUT_OF_RANGE, str(first))
    if found.ids:
        _add_records(_below(root, "records"), found.ids, schema, first)
    if size and first + size <= found.total:
        _text(root, "nextRecordPosition", str(first + size))
    echoed = _below(root, "echoedSearchRetrieveRequest")
    _text(echoed, "version", VERSION)
    _text(echoed, "query", request.args["query"])


def _add_records(parent: ET.Element, ids: list[int], schema: str, first: int) -> None:
    is_text, found = request.args.get("recordPacking") == "string", formats.load(ids)
    for place, title_id in enumerate(ids, first):
        if title_id not in found:
            continue  # taken out this moment
        record = _below(parent, "record")
        _text(record, "recordSchema", SCHEMAS[schema])
        _text(record, "recordPacking", "string" if is_text else "xml")
        page = current_app.config["PUBLIC_URL"] + url_for("catalog.title", title_id=title_id)
        element, data = formats.OF_SRU[schema].element(title_id, found[title_id], page), _below(record, "recordData")
        if is_text:
            data.text = formats.written(element).decode()
        else:
            data.append(element)
        _text(record, "recordIdentifier", str(title_id))
        _text(record, "recordPosition", str(place))


def _number(name: str, usual: int, *, least: int) -> int:
    text = request.args.get(name)
    if not text:
        return usual
    if not re.fullmatch("[0-9]{1,9}", text, re.A) or int(text) < least:
        raise Diagnostic(cql.BAD_VALUE, name)
    return int(text)


def _schema(text: str) -> str:
    found = next((name for name, identifier in SCHEMAS.items() if text in (name, identifier)), None)
    if found is None:
        raise Diagnostic(cql.NO_SCHEMA, text)
    return found


# -- explaining --------------------------------------------------------------------------------------------------------
def _explain(root: ET.Element) -> None:
    record = _below(root, "record")
    _text(record, "recordSchema", EXPLAIN)
    _text(record, "recordPacking", "xml")
    about = _below(_below(record, "recordData"), "explain", {"xmlns": EXPLAIN})
    place = urlsplit(current_app.config["PUBLIC_URL"])
    server = _below(
        about, "serverInfo", {"protocol": "SRU", "version": VERSION, "transport": place.scheme, "method": "GET"}
    )
    _text(server, "host", place.hostname)
    _text(server, "port", str(place.port or {"https": 443}.get(place.scheme, 80)))
    _text(server, "database", url_for("sru.answer").removeprefix("/"))
    _text(_below(about, "databaseInfo"), "title", branding.name(current_app.config))
    indexes = _below(about, "indexInfo")
    for name, identifier in SETS.items():
        _below(indexes, "set", {"name": name, "identifier": identifier})
    for name in cql_search.INDEXES:
        index = _below(
            indexes, "index", {"search": "true", "scan": "false", "sort": str(name in cql_search.SORTED).lower()}
        )
        _text(index, "title", name)
        _text(_below(index, "map"), "name", name).set("set", SET_OF.get(name, "dcndl"))
    schemas = _below(about, "schemaInfo")
    for name, identifier in SCHEMAS.items():
        schema = _below(
            schemas, "schema", {"name": name, "identifier": identifier, "sort": "false", "retrieve": "true"}
        )
        _text(schema, "title", name)
    settings = _below(about, "configInfo")
    _text(settings, "default", str(USUAL)).set("type", "numberOfRecords")
    _text(settings, "setting", str(MOST)).set("type", "maximumRecords")


def _add_diagnostic(root: ET.Element, found: cql.Diagnostic) -> None:
    made = _below(_below(root, "diagnostics"), "diagnostic", {"xmlns": DIAGNOSTIC})
    _text(made, "uri", f"info:srw/diagnostic/1/{found.code}")
    _text(made, "details", found.details)
    _text(made, "message", WHY[found.code])


def _below(parent: ET.Element, name: str, attributes: dict | None = None) -> ET.Element:
    return ET.SubElement(parent, name, attributes or {})


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    made = _below(parent, name)
    made.text = text
    return made
