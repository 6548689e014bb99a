"""利用データのダウンロード: all that the library holds about a patron, as files, after the password was given once more."""

from flask import Blueprint, Response, request
from flask_login import current_user

from library import clock
from library.access import seals
from library.account import own_data
from web import access, forms, htmx, identity
from web.parts import seal_facts

bp = Blueprint("data", __name__)
FILES = {"json": ("json", "application/json", own_data.as_json), "csv": ("zip", "application/zip", own_data.as_tables)}


@bp.get("", endpoint="index")
@access.patron_required
def show() -> access.Reply:
    return _page()


@bp.post("")
@access.patron_required
def download() -> access.Reply:
    """Send all data as JSON or as a zip of CSV; refused at a terminal, where a file stays behind, and while records are
    sealed.
    """
    if current_user.session.terminal or seals.is_sealed(current_user.patron):
        return _page(status=403)
    if problems := identity.problems():
        return identity.as_refused(_page(problems), problems[identity.FIELD])
    patron, now = current_user.patron, clock.now()
    ending, mimetype, write = FILES["csv" if request.form.get("kind") == "csv" else "json"]
    content = write(patron, now=now)
    own_data.note_download(patron, now=now)
    name = f"my-data-{clock.today():%Y%m%d}.{ending}"
    headers = {"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "no-store"}
    return Response(content, mimetype=mimetype, headers=headers)


def _page(problems: forms.Problems | None = None, status: int = 200) -> Response:
    problems = problems or {}
    return htmx.page(
        "data/index.html", status, password=identity.PASSWORD_FIELD, **seal_facts.read(), **forms.error_values(problems)
    )
