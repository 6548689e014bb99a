"""CORS: responses that pages of other sites may read, without credentials, at the addresses made for it only."""

from flask import Flask, Response, request

SHARED = {"oai.answer", "isbn.states", "isbn.state", "sru.answer"}  # and all of OPDS 2
REFERENCES = {
    "catalog.results_file",
    "catalog.title_file",
    "features.titles_file",
}  # public lists in several kinds of files
KINDS = ("ris", "bib")  # of these
READS = ("GET", "HEAD")
HEADERS = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


def register(app: Flask) -> None:
    @app.after_request
    def share(response: Response) -> Response:
        if request.method in (*READS, "OPTIONS") and _is_shared():
            response.headers.update(HEADERS)
        if request.method == "OPTIONS" and _is_shared():
            response.headers["Access-Control-Allow-Methods"] = ", ".join(READS)
        return response


def _is_shared() -> bool:
    if request.endpoint in REFERENCES:
        return (request.view_args or {}).get("kind") in KINDS
    return request.endpoint in SHARED or request.blueprint == "opds2"
