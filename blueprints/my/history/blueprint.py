"""借りたことがある資料: the patron's own, and nobody else's: no other page, no log line and no mail tells of it."""

from flask import Blueprint

bp = Blueprint("history", __name__)
