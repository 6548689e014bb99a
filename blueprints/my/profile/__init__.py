"""利用者情報変更: edit → confirm → result. Three addresses, each a whole page, each a part for htmx."""

from blueprints.my.profile import confirm, done, edit  # noqa: F401 (each brings its addresses)
from blueprints.my.profile.blueprint import bp as bp
