"""借りたことがある資料: the patron's own, and nobody else's: no other page, no log line and no mail tells of it."""

from flask import Blueprint

bp = Blueprint("history", __name__)

from blueprints.my.history import deletion, listing, notes, years  # noqa: E402, F401 (they hang their addresses on bp)
