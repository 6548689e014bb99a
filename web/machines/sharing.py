"""Answers that pages of other sites may read: CORS without credentials, on the addresses that are made for it and no other."""

from flask import Flask, Response, request

SHARED = {
    "oai.answer",
    "isbn.states",
    "isbn.state",
    "sru.answer",
}  # endpoints; those of citations come with their views; all of OPDS 2 are
HEADERS = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


def register(app: Flask) -> None:
    @app.after_request
    def share(response: Response) -> Response:
        is_shared = request.endpoint in SHARED or request.blueprint == "opds2"
        if is_shared and request.method in ("GET", "HEAD"):
            response.headers.update(HEADERS)
        return response
