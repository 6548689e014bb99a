"""家族: what the family has out and on hold, renewing it together, the cards side by side, and who may look at whose."""

from blueprints.my.family import cards, consent, listing, ties  # noqa: F401 (each brings its addresses)
from blueprints.my.family.blueprint import bp as bp
