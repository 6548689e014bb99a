"""資料を探す: search, title pages and browsing. Public, and nothing of it is kept with a person."""

from blueprints.catalog import (  # noqa: F401 (each brings its addresses)
    browsing,
    conditions,
    covers,
    creators,
    exports,
    rankings,
    searching,
    series,
    subjects,
    suggesting,
    titles,
    walking,
)
from blueprints.catalog.blueprint import bp as bp
