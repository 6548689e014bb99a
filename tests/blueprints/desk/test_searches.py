"""People are looked for without their names and numbers in an address, and that they are is written down without a word
of it.
"""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from library import clock
from library.patrons import lookups
from models import Audit, Branch, DeskLookup, Session
from tests import engines, factories
from tests.blueprints.desk.test_patrons import search
from tests.pages import Browser


@pytest.fixture
def namesakes(desk):
    return [
        factories.patron(name="図書 花子", name_kana="トショ ハナコ", phone_mobile="090-1234-5678") for _ in range(2)
    ]


def token_of(address):
    (token,) = parse_qs(urlsplit(address).query)["s"]
    return token


@pytest.mark.parametrize("words", ["トショ", "図書花子", "090-1234-5678", "5678", "0909999", "ふめい <b>", "図" * 300])
def test_the_address_holds_a_token_and_nothing_of_the_words(desk, namesakes, words):
    location = search(desk, words).location
    assert urlsplit(location).path == "/desk/patrons"
    assert set(parse_qs(urlsplit(location).query)) == {"s"}
    assert desk.get(location).status_code == 200


def test_the_form_is_sent_and_not_asked_for(desk):
    desk.get("/desk/patrons")
    form = desk.page.find("form", class_="desk-find")
    assert (form["method"], form["action"]) == ("post", "/desk/patrons")


def test_words_in_the_address_find_nobody(desk, namesakes):
    desk.get("/desk/patrons?q=トショ")
    assert not desk.page.select("tbody tr")


def test_an_empty_search_leads_to_the_page(desk):
    assert search(desk, " 　").location == "/desk/patrons"
    assert not Audit.select().where(Audit.action == "patron.searched").exists()


def test_a_token_is_good_for_half_an_hour_in_its_own_session(app, desk, namesakes, moved_clock):
    location = search(desk, "トショ").location
    other = Browser(app)
    other.be(factories.staff("desk", login="tanaka"))
    other.get(location)
    assert not other.page.select("tbody tr")
    assert "この検索の結果は、もうありません。" in other.text()
    moved_clock.now += lookups.STORED - timedelta(seconds=1)
    Session.update(seen_at=clock.now()).execute()
    desk.get(location)
    assert len(desk.page.select("tbody tr")) == 2
    moved_clock.now += timedelta(seconds=1)
    desk.get(location)
    assert not desk.page.select("tbody tr")
    assert "この検索の結果は、もうありません。" in desk.text()


def test_twenty_are_stored_and_the_oldest_goes_first(desk, namesakes):
    first = search(desk, "トショ").location
    for number in range(lookups.MOST - 1):
        search(desk, f"ふめい{number}")
    desk.get(first)
    assert len(desk.page.select("tbody tr")) == 2
    search(desk, "ふめい")
    assert DeskLookup.select().count() == lookups.MOST
    desk.get(first)
    assert not desk.page.select("tbody tr")


def test_signing_out_erases_what_was_typed(desk, namesakes):
    search(desk, "トショ")
    desk.get("/desk/patrons")
    desk.post("/logout")
    assert DeskLookup.select().count() == 0


@pytest.mark.parametrize(
    ("words", "kind", "hits"), [("トショ", "name", 2), ("5678", "number", 2), ("ふめい", "name", 0)]
)
def test_a_search_is_written_down_without_its_words(desk, namesakes, words, kind, hits):
    search(desk, words)
    row = Audit.get(Audit.action == "patron.searched")
    assert (row.actor, row.patron, row.details) == ("staff:suzuki", None, {"kind": kind, "hits": hits})


def test_a_person_that_is_opened_again_is_written_down_once_an_hour(app, desk, namesakes, moved_clock):
    def viewed():
        return Audit.select().where(Audit.action == "patron.viewed", Audit.patron == namesakes[0]).count()

    for _ in range(3):
        desk.get(f"/desk/patrons/{namesakes[0].id}")
    assert viewed() == 1
    other = Browser(app)
    other.be(factories.staff("desk", login="tanaka"))
    other.get(f"/desk/patrons/{namesakes[0].id}")
    assert viewed() == 2
    moved_clock.now += lookups.VIEWED_AGAIN
    Session.update(seen_at=clock.now()).execute()
    desk.get(f"/desk/patrons/{namesakes[0].id}")
    assert viewed() == 3


def pages_of_a_person(app):
    """Every page under the address of a patron, as the map of the application has them: endpoint → address for a
    number. The pages of a move have tests of their own.
    """
    bound, rules = app.url_map.bind(""), app.url_map.iter_rules()
    found = [rule for rule in rules if "GET" in rule.methods and rule.rule.startswith("/desk/") and rule.arguments]
    named = [
        rule
        for rule in found
        if ("patron_id" in rule.arguments or rule.rule.startswith("/desk/patrons/"))
        and not rule.rule.startswith("/desk/move/")
    ]
    return {
        rule.endpoint: lambda number, rule=rule: bound.build(
            rule.endpoint, {name: "note" if name == "what" else number for name in rule.arguments}
        )
        for rule in named
    }


def viewed(patron):
    return Audit.select().where(Audit.action == "patron.viewed", Audit.patron == patron).count()


def test_every_page_that_opens_a_person_is_written_down(app, desk):
    pages, silent = pages_of_a_person(app), []
    for endpoint, address in pages.items():
        person = factories.patron()
        assert person.name in desk.get(address(person.id)).text, endpoint
        silent += [endpoint] if viewed(person) != 1 else []
    assert silent == []
    assert {"desk.patrons.show", "desk.patrons.edit", "desk.closing.ask", "desk.family.index", "desk.cards.show"} < set(
        pages
    )


def test_a_page_of_a_person_that_comes_with_what_was_wrong_is_written_down(desk, namesakes):
    person = namesakes[0]
    desk.get("/desk/patrons")
    assert desk.post(f"/desk/patrons/{person.id}/suspend", {"reason": ""}).status_code == 422
    assert person.name in desk.text()
    assert viewed(person) == 1


def test_pages_of_people_are_shown_while_nothing_can_be_written(app, desk, namesakes):
    pages = pages_of_a_person(app)
    with engines.unwritable():
        opened = {endpoint: desk.get(address(namesakes[0].id)).text for endpoint, address in pages.items()}
    assert [endpoint for endpoint, page in opened.items() if namesakes[0].name not in page] == []
    assert viewed(namesakes[0]) == 0


# -- lists -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "action"), lookups.HOLDS_LISTED.items())
def test_a_list_of_holds_is_written_down_once_an_hour_with_the_number_of_people(
    name, action, desk, namesakes, moved_clock
):
    def listed():
        return [row.details for row in Audit.select().where(Audit.action == action, Audit.patron.is_null())]

    desk.get(f"/desk/holds/{name}")
    assert listed() == []
    branch = Branch.get()
    for patron in (*namesakes, namesakes[0]):
        item = factories.item(branch=branch)
        factories.hold(patron, item.title, state="ready", item=item, pickup_branch=branch, contact_method="phone",
            ready_at=clock.now())  # fmt: skip
    for _ in range(3):
        assert namesakes[0].card_number in desk.get(f"/desk/holds/{name}").text or "図書 花子" in desk.text()
    assert listed() == [{"count": 2}]
    moved_clock.now += lookups.VIEWED_AGAIN
    Session.update(seen_at=clock.now()).execute()
    desk.get(f"/desk/holds/{name}")
    assert listed() == [{"count": 2}] * 2


def test_lists_of_holds_are_shown_while_nothing_can_be_written(desk):
    with engines.unwritable():
        shown = [desk.get(f"/desk/holds/{name}").status_code for name in lookups.HOLDS_LISTED]
    assert shown == [200, 200]


@pytest.mark.parametrize(
    ("address", "action"),
    [("/desk/overdue", "overdue.listed"), ("/desk/patrons/closing-requests", "closing_requests.listed")],
)
def test_a_list_of_people_is_written_down_with_their_number(desk, address, action):
    desk.get(address)
    assert Audit.get(Audit.action == action).details == {"count": 0}


def test_the_number_of_a_card_that_nobody_has_goes_to_its_page_by_a_token(desk, scan):
    scan("/desk/checkout", card="0000009999999")
    link = next(a["href"] for a in desk.page.find_all("a") if "この番号で利用者を登録する" in a.text)
    assert "9999999" not in link
    desk.get(link)
    assert desk.page.find("input", {"name": "card_number"})["value"] == "0000009999999"


def test_a_search_goes_on_during_maintenance(app, desk, namesakes):
    app.config["MAINTENANCE"] = "00:00-23:59"
    assert search(desk, "トショ").status_code == 303
