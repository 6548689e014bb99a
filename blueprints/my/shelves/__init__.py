"""本棚: what a patron put together, seen as a shelf of spines or as a list; and the page for whoever has its link."""

from blueprints.my.shelves import adding, books, files, listing, order, public_shelf, shelf, starring  # noqa: F401 (each brings its addresses)
from blueprints.my.shelves.blueprint import bp as bp
