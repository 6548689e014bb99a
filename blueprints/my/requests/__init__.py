"""リクエスト of a patron: the list, and asking in three steps."""

from blueprints.my.requests import listing, steps  # noqa: F401 (each brings its addresses)
from blueprints.my.requests.blueprint import bp as bp
