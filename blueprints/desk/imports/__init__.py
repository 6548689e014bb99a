"""取り込み: a file on its way in: sent, columns and words assigned, tried whole, read in."""

from blueprints.desk.imports import columns, outcome, profiles, sending, values  # noqa: F401 (each brings its addresses)
from blueprints.desk.imports.blueprint import bp as bp
