"""The blueprint of 資料を探す."""

from flask import Blueprint

bp = Blueprint("catalog", __name__)
