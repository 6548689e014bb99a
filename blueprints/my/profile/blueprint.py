"""利用者情報変更: edit → confirm → result. Three addresses, each a whole page, each a part for htmx."""

from flask import Blueprint

bp = Blueprint("profile", __name__)
