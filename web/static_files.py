"""Static files: cached by browsers for a year under an address with their version, and compressed once.

A style sheet is sent with the sections that it imports: one request. Pages are never compressed: they hold tokens
beside words of the request (docs/adr/0042-compression.md).
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from web import requests

COMPRESSED = {".css", ".js", ".svg"}
LEAST = 1024  # bytes; below, the headers weigh more than is saved
SECTION = re.compile(rb'^@import "([^"]+)";$', re.M)
FOR_A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class _File:
    """A static file with its compressed content, if that is smaller."""

    content: bytes
    compressed: bytes | None
    mimetype: str
    version: str


class StaticFiles:
    """The files of the static folder as of the start, in place of Flask's own view."""

    def __init__(self, app: Flask) -> None:
        folder = Path(app.static_folder or "")
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self._files = {path.relative_to(folder).as_posix(): _read(path) for path in paths}
        self._addresses = {}
        app.view_functions["static"] = self.serve

    def address(self, name: str) -> str:
        """Return the address of a file, with a version that changes with its content."""
        if name not in self._addresses:
            self._addresses[name] = url_for("static", filename=name, v=self._files[name].version)
        return self._addresses[name]

    def serve(self, filename: str) -> BaseResponse:
        if (file := self._files.get(filename)) is None:
            requests.connect()  # a file needs no database, the page that says there is none does
            abort(404)
        small = file.compressed is not None and request.accept_encodings.quality("gzip") > 0
        response = Response(file.compressed if small else file.content, mimetype=file.mimetype)
        response.set_etag(f"{file.version}-gzip" if small else file.version)
        if small:
            response.headers["Content-Encoding"] = "gzip"
        if file.compressed is not None:
            response.vary.add("Accept-Encoding")
        response.headers["Cache-Control"] = FOR_A_YEAR if request.args.get("v") == file.version else "no-cache"
        return response.make_conditional(request)


def _read(path: Path) -> _File:
    content = _with_sections(path) if path.suffix == ".css" else path.read_bytes()
    worth_it = path.suffix in COMPRESSED and len(content) >= LEAST
    return _File(
        content,
        gzip.compress(content, mtime=0) if worth_it else None,
        mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        hashlib.sha256(content).hexdigest()[:12],
    )


def _with_sections(path: Path) -> bytes:
    """Return the sheet with each import replaced by its section."""
    return SECTION.sub(lambda found: _with_sections(path.parent / found[1].decode()), path.read_bytes())
