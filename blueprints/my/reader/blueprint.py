"""The blueprint of 電子書籍を読む."""

from flask import Blueprint

bp = Blueprint("reader", __name__)
