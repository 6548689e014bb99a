"""電子書籍を読む: a book that the patron has borrowed, as pages of our own."""

from flask import Blueprint

bp = Blueprint("reader", __name__)

from blueprints.my.reader import looks, parts, place  # noqa: E402, F401 (they hang their addresses on bp)
