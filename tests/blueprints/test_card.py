"""利用者カード on the screen of a phone."""

from datetime import timedelta

import pytest

from library import clock
from tests import factories


def test_the_card_shows_its_number_as_bars_and_squares(signed_in, patron):
    signed_in.get("/my/card")
    assert signed_in.h1() == "利用者カード"
    drawn = signed_in.page.select_one(".card-screen")
    assert patron.card_number in drawn["aria-label"] and patron.card_number in drawn.get_text()
    assert len(drawn.find_all("svg")) == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"state": "suspended"}, "図書館カードの利用が止まっています"),
        ({"expires_on": clock.today() - timedelta(days=400)}, "図書館カードの有効期限が切れています"),
    ],
)
def test_what_the_desk_will_say_is_said_before(browse, given, said):
    browse.sign_in(factories.patron(**given))
    browse.get("/my/card")
    assert said in browse.text()
