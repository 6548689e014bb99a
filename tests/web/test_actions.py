"""The actions for each title of a list, by one patron."""

from playhouse.test_utils import count_queries

from library import policy
from library.discovery import availability
from tests import factories
from web.parts import actions


def queries_for(app, patron, titles):
    """Return the actions of these titles, and how many queries they took."""
    standing = availability.for_titles([title.id for title in titles])
    with app.test_request_context(), count_queries() as counted:
        found = actions.for_titles(titles, standing, patron, policy.read())
    return found, counted.count


def test_a_list_of_titles_on_hold_asks_for_their_queues_at_once(app, patron):
    titles = [factories.title(f"こころ {number}") for number in range(12)]
    for title in titles:
        factories.hold(factories.patron(), of=title)
        factories.hold(patron, of=title)
    found, many = queries_for(app, patron, titles)
    assert all("2番目" in action.words for action in found.values())
    assert many == queries_for(app, patron, titles[:1])[1]
