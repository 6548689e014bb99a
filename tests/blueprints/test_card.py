"""利用者カード on the screen of a phone."""

from datetime import timedelta

import pytest

from tests import factories
from tests.conftest import NOW


def test_the_card_shows_its_number_as_bars_and_squares(signed_in, patron):
    signed_in.get("/my/card")
    assert signed_in.h1() == "利用者カード"
    drawn = signed_in.page.select_one(".card-screen")
    assert patron.card_number in drawn["aria-label"] and patron.card_number in drawn.get_text()
    assert len(drawn.find_all("svg")) == 2


@pytest.mark.parametrize(("number", "drawn"), [("K-000012", 2), ("12-$:/.+", 2), ("K:12", 1)])
def test_a_card_with_letters_has_bars_too_but_where_none_can_say_it(browse, number, drawn):
    browse.sign_in(factories.patron(card_number=number))
    browse.get("/my/card")
    screen = browse.page.select_one(".card-screen")
    assert number in screen["aria-label"] and len(screen.find_all("svg")) == drawn
    assert ("バーコード" in screen["aria-label"]) is (drawn == 2)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"state": "suspended"}, "図書館カードの利用が止まっています"),
        ({"expires_on": NOW.date() - timedelta(days=400)}, "図書館カードの有効期限が切れています"),
    ],
)
def test_the_sentences_of_the_desk_are_said_before(browse, given, said):
    browse.sign_in(factories.patron(**given))
    browse.get("/my/card")
    assert said in browse.text()
