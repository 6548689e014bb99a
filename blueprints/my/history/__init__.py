"""借りたことがある資料: the patron's own, and nobody else's: no other page, no log line and no mail tells of it."""

from blueprints.my.history import deletion, listing, notes, years  # noqa: F401 (each brings its addresses)
from blueprints.my.history.blueprint import bp as bp
