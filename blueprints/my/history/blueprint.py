"""The blueprint of 借りたことがある資料."""

from flask import Blueprint

bp = Blueprint("history", __name__)
