"""資料を探す: search, title pages and browsing. Public, and nothing of it is kept with a person."""

from flask import Blueprint

bp = Blueprint("catalog", __name__)
