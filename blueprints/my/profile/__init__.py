"""利用者情報変更: edit → confirm → result. Three addresses, each a whole page, each a part for htmx."""

from flask import Blueprint

bp = Blueprint("profile", __name__)

from blueprints.my.profile import confirm, done, edit  # noqa: E402, F401 (they hang their addresses on bp)
