"""No page is forgotten when screens are looked at: each route that is opened by an address has its screen, or a reason."""

from tests.browser import screens
from tests.browser.screens.routes import REASON, SCREEN_OF


def test_every_page_has_a_screen_or_a_reason(made_app):
    opened = {rule.endpoint for rule in made_app[0].url_map.iter_rules() if "GET" in rule.methods}
    assert opened == set(SCREEN_OF) | set(REASON)
    assert set(SCREEN_OF) & set(REASON) == set()


def test_every_screen_of_the_table_is_in_the_list():
    assert [name for name in SCREEN_OF.values() if name not in screens.ALL] == []
