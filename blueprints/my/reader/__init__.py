"""電子書籍を読む: a book that the patron has borrowed, as pages of our own."""

from blueprints.my.reader import looks, parts, position  # noqa: F401 (each brings its addresses)
from blueprints.my.reader.blueprint import bp as bp
