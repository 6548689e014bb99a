"""非常用の窓口: the mark of a browser in which an admin installed it, and the files that such a browser stores.

All modules have one address by the content of all, so that those stored together fit together.
"""

import hashlib
import secrets
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import Response, abort, current_app, url_for

from library.access import signed_links
from library.site import accents
from web import cookies, static_files
from web.parts import stored_policy

COOKIE, PURPOSE = "offline-desk", "offline desk"
KEPT = 400 * 24 * 3600  # seconds; browsers keep nothing for longer
ASSETS = ("app.css", "desk.css", "scanner.js", "icon.svg")


class _Modules(NamedTuple):
    """The modules of the offline desk by name, and their common version."""

    files: dict[str, bytes]
    version: str


@cache
def _read(folder: Path) -> _Modules:
    files = {path.name: path.read_bytes() for path in sorted((folder / "offline").glob("*.js"))}
    return _Modules(files, hashlib.sha256(b"\0".join(files.values())).hexdigest()[:12])


def _modules() -> _Modules:
    return _read(Path(current_app.static_folder or ""))


# -- the mark of a browser -------------------------------------------------------------------------------------------
def is_installed() -> bool:
    """Tell whether an admin installed the offline desk in this browser."""
    mark = cookies.read(COOKIE)
    return bool(mark and signed_links.read(PURPOSE, mark, current_app.config["SECRET_KEY"]))


def mark(response: Response) -> None:
    made = signed_links.sign(PURPOSE, secrets.token_urlsafe(9), current_app.config["SECRET_KEY"])
    cookies.give(response, COOKIE, made, max_age=KEPT)


def renew_mark(response: Response) -> None:
    """Extend the mark's life: a browser that fetches the list is in use."""
    cookies.give(response, COOKIE, cookies.read(COOKIE) or "", max_age=KEPT)


def unmark(response: Response) -> None:
    cookies.take_back(response, COOKIE)


# -- files -----------------------------------------------------------------------------------------------------------
def module(version: str, name: str) -> Response:
    """Return a module, cached for a year; 404 for another version, so that versions are never mixed."""
    files, now = _modules()
    if version != now or name not in files:
        abort(404)
    return Response(files[name], mimetype="text/javascript", headers={"Cache-Control": static_files.FOR_A_YEAR})


def address(name: str) -> str:
    """Return the address of a module."""
    return url_for("desk.offline.file", version=_modules().version, name=name)


def worker() -> Response:
    """Return the service worker, beginning with the addresses to store, so that a changed file makes a new worker."""
    asset = current_app.jinja_env.globals["asset"]
    accent = accents.version(stored_policy.read().get("accent"))
    assets = [asset(name) for name in ASSETS]  # pyright: ignore[reportCallIssue] (a global of any type)
    colours = [url_for("site.theme", version=accent)] if accent else []
    modules = [address(name) for name in _modules().files if name != "worker.js"]
    head = (
        f"const PAGE = {current_app.json.dumps(url_for('desk.offline.index'))};\n"
        f"const SHELL = {current_app.json.dumps(url_for('desk.offline.shell'))};\n"
        f"const FILES = {current_app.json.dumps([*assets, *colours, *modules])};\n"
    ).encode()
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": url_for("desk.offline.index")}
    return Response(head + _modules().files["worker.js"], mimetype="text/javascript", headers=headers)
