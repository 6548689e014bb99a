"""資料を探す: search, title pages and browsing. Public, and nothing of it is kept with a person."""

from flask import Blueprint

bp = Blueprint("catalog", __name__)

from blueprints.catalog import (  # noqa: E402, F401 (each brings its addresses)
    browsing,
    covers,
    exports,
    people,
    rankings,
    searching,
    series,
    subjects,
    suggesting,
    titles,
    walking,
)
