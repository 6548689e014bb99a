"""電子書籍を読む: a book that the patron has borrowed, as pages of our own."""

from flask import Blueprint

bp = Blueprint("reader", __name__)
