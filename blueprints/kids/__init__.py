"""こどものさがす: the catalogue for children. All in kana, without a cookie or a script, and no page without a way on."""

from blueprints.kids import books, doors, lists, walking  # noqa: F401 (each brings its addresses)
from blueprints.kids.blueprint import bp as bp
