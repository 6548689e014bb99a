"""控え: the newest copy of the library, encrypted, for a machine out of the server's reach
(``deploy/pull-backup.py``).
"""

import base64
import fcntl
import logging
import os
from pathlib import Path
from typing import BinaryIO

from flask import Blueprint, Response, abort, current_app, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from library import clock, errors
from library.backups import latest, tokens
from library.store import backup
from web import access

bp = Blueprint("copies", __name__)
AGAIN_AFTER = 60  # seconds
KIND = "application/octet-stream"
log = logging.getLogger(__name__)


@bp.get("/latest")
@access.public
def newest() -> access.Reply:
    """Send the newest backup, or the rest of it from a byte on (Range). 304: the reader has it (If-None-Match); 404:
    none may leave; 401: wrong token; 429: too many wrong ones; 503: another fetches it; 507: the disk is full.
    """
    recipient = current_app.config["BACKUP_RECIPIENT"]
    if not recipient:
        abort(404)
    now = clock.now()
    try:
        tokens.judge(_token(), request.remote_addr or "", now=now)
        found = latest.ready(backup.folder(current_app.config["INSTANCE"]), recipient, now=now)
        if found is None:
            abort(404)
        return _send(found)
    except errors.TokenRefused:
        return _nothing(401, {"WWW-Authenticate": "Bearer"})
    except errors.TokenWaits:
        return _nothing(429, {"Retry-After": str(int(tokens.PERIOD.total_seconds()))})
    except (errors.CopyBusy, errors.AgeFailed):
        return _nothing(503, {"Retry-After": str(AGAIN_AFTER)})
    except errors.CopyHasNoRoom as refusal:
        log.error("the newest copy can't be encrypted: %s", refusal)
        return Response(f"{refusal}\n", 507, {"Cache-Control": "no-store"}, mimetype="text/plain")


def _token() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _nothing(status: int, headers: dict) -> access.Reply:
    return Response(status=status, headers={"Cache-Control": "no-store", **headers}, mimetype=KIND)


def _send(found: latest.Latest) -> access.Reply:
    """Send the file, one at a time: its lock ends when the server closes it."""
    headers = {"Cache-Control": "no-store", "Repr-Digest": f"sha-256=:{_in_base64(found.sha256)}:"}
    if request.if_none_match.contains(found.sha256):
        return _nothing(304, headers | {"ETag": f'"{found.sha256}"'})
    file = _opened(found.file)
    answer = send_file(
        file, mimetype=KIND, as_attachment=True, download_name=found.name, etag=found.sha256, conditional=False
    )
    answer.content_length = size = os.fstat(file.fileno()).st_size
    answer.headers.update(headers)
    try:
        return answer.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        file.close()
        raise


def _opened(path: Path) -> BinaryIO:
    try:
        file = path.open("rb")
    except FileNotFoundError:  # a newer one took its place just now
        raise errors.CopyBusy() from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise errors.CopyBusy() from None
    return file


def _in_base64(sha256: str) -> str:
    return base64.b64encode(bytes.fromhex(sha256)).decode()
