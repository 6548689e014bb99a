"""No page is forgotten when screens are looked at: each route that is opened by an address has its
screen, or a reason.
"""

from tests.browser import screens
from tests.routes import NO_SCREENS, SCREENS


def test_every_page_has_a_screen_or_a_reason(made_app):
    opened = {rule.endpoint for rule in made_app[0].url_map.iter_rules() if "GET" in rule.methods}
    assert opened == set(SCREENS) | set(NO_SCREENS)
    assert set(SCREENS) & set(NO_SCREENS) == set()


def test_every_screen_of_the_table_is_in_the_list():
    assert [name for name in SCREENS.values() if name not in screens.ALL] == []
