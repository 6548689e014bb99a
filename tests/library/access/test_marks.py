"""Friends of a card and of a login: marks of browsers, networks, terminals, the desk."""

from datetime import timedelta

import pytest

from library import networks, policy
from library.access import marks
from library.access.guessing import limits, sources
from library.store import database
from models import KnownDevice, KnownNetwork
from tests import factories
from tests.conftest import NOW


def remember(person, token=None):
    with database.writing():
        return marks.remember(person, token, now=NOW)


def come(patron, address, now=NOW):
    with database.writing():
        marks.remember_network(patron, address, "key", now=now)


def is_friend(patron, **given):
    return sources.of_card(patron, factories.origin(**given), now=NOW).is_friend


def test_a_browser_has_one_mark_for_all_who_sign_in_there(patron):
    sister, clerk = factories.patron(), factories.staff()
    token = remember(clerk, remember(sister, remember(patron)))
    assert remember(patron, token) == remember(sister, token) == remember(clerk, token) == token
    assert marks.knows_patron(patron, token) and marks.knows_patron(sister, token) and marks.knows_staff(clerk, token)


def test_a_mark_that_somebody_left_in_a_browser_is_of_no_use_elsewhere_once_another_signed_in_there(patron):
    """Else one mark, planted in the browser of a family, would be a friend of all its cards at home, and open what was
    sealed.
    """
    left = remember(factories.patron())
    here = remember(patron, left)
    assert here != left and marks.knows_patron(patron, here)
    assert not marks.knows_patron(patron, left)
    assert not marks.is_key(patron, left, until=NOW + timedelta(days=1))


def test_a_copied_mark_takes_nothing_from_its_owner(patron):
    mine, thief = remember(patron), factories.patron()
    copied = remember(thief, mine)
    assert marks.knows_patron(patron, mine) and not marks.knows_patron(thief, mine)
    assert marks.knows_patron(thief, copied)


def test_the_first_and_the_last_marks_of_a_card_are_kept_however_often_somebody_signs_in(patron):
    first = remember(patron)
    others = [remember(factories.patron()), *[remember(patron) for _ in range(marks.FIRST + marks.LAST + 5)]]
    assert KnownDevice.select().where(KnownDevice.patron == patron).count() == marks.FIRST + marks.LAST
    assert marks.knows_patron(patron, first) and marks.knows_patron(patron, others[-1])
    assert not marks.knows_patron(patron, others[marks.FIRST + 2])
    assert KnownDevice.select().where(KnownDevice.patron != patron).count() == 1


def test_a_mark_stays_as_old_as_it_is_when_somebody_else_joins_it(patron):
    with database.writing():
        mine = marks.remember(patron, None, may_be_key=True, now=NOW)
        ours = marks.remember(factories.patron(), mine, now=NOW + timedelta(days=30))
    assert marks.is_key(patron, ours, until=NOW)


def test_a_mark_that_the_library_did_not_make_is_replaced(patron):
    assert remember(patron, "mine") != "mine"
    assert not marks.knows_patron(patron, "mine")


def test_a_mark_of_another_card_is_no_friend_of_this_one(patron):
    token = remember(factories.patron())
    assert not is_friend(patron, mark=token)
    assert is_friend(patron, mark=remember(patron, token))


def test_a_mark_is_a_source_of_its_own_with_ten_tries(patron):
    source = sources.of_card(patron, factories.origin(mark=remember(patron)), now=NOW)
    assert (source.limit, source.pair, source.comes_first) == (None, limits.PAIR_BY_MARK, True)
    assert source.name.startswith("mark ")


@pytest.mark.parametrize(
    ("came", "comes", "friend"),
    [("192.0.2.1", "192.0.2.200", True), ("192.0.2.1", "192.0.3.1", False), ("192.0.2.1", "::ffff:192.0.2.9", True),
     ("2001:db8:1:2::1", "2001:db8:1:ffff::9", True), ("2001:db8:1:2::1", "2001:db8:2::1", False), ("", "", False)],
)  # fmt: skip
def test_the_network_from_which_a_card_came_is_its_friend(patron, came, comes, friend):
    come(patron, came)
    assert is_friend(patron, address=comes) is friend
    assert not is_friend(factories.patron(), address=comes)


def test_a_card_has_eight_networks_for_ninety_days(patron):
    for number in range(9):
        come(patron, f"198.51.{number}.1", NOW - timedelta(days=9 - number))
    assert KnownNetwork.select().count() == 8
    assert [is_friend(patron, address=f"198.51.{number}.1") for number in range(9)] == [False] + [True] * 8
    KnownNetwork.update(seen_at=NOW - timedelta(days=90)).execute()
    assert not is_friend(patron, address="198.51.8.1")


def test_no_address_is_written_down(patron):
    come(patron, "198.51.100.7")
    row = KnownNetwork.get()
    assert "198.51" not in str(row.__data__)
    assert not marks.knows_network(patron, "198.51.100.7", "another key", now=NOW)


def test_terminals_are_friends_of_every_card_and_of_no_login(patron):
    policy.put("terminals", ["192.0.2.0/28"])
    clerk = factories.staff()
    for given in ({"terminal": "abc"}, {"address": "192.0.2.5"}):
        source = sources.of_card(patron, factories.origin(**given), now=NOW)
        assert source.is_friend and source.comes_first and source.limit is limits.SOURCE_OF_LIBRARY
        assert not sources.of_login(clerk, factories.origin(**given)).is_friend


def test_the_desk_is_a_friend_of_every_login_and_of_no_card(patron):
    policy.put("desk_networks", ["192.0.2.0/28"])
    here = factories.origin("192.0.2.5")
    source = sources.of_login(factories.staff(), here)
    assert source.is_friend and source.comes_first and source.limit is limits.SOURCE_OF_LIBRARY
    assert sources.of_login(None, here).is_friend
    assert not sources.of_card(patron, here, now=NOW).is_friend


def test_desks_and_terminals_behind_one_address_each_have_turns_of_their_own(patron):
    policy.put("desk_networks", ["192.0.2.5"])
    policy.put("terminals", ["192.0.2.5"])
    colleagues = [factories.staff(login=login) for login in ("suzuki", "tanaka")]
    found = [
        *(sources.of_login(one, factories.origin("192.0.2.5", mark=remember(one))) for one in colleagues),
        *(sources.of_card(patron, factories.origin("192.0.2.5", terminal=name), now=NOW) for name in ("t1", "t2")),
    ]
    assert len({source.name for source in found}) == 4
    assert all(source.comes_first for source in found)


def test_a_household_of_ipv6_is_one_source_in_a_line_of_many(patron):
    source = sources.of_card(patron, factories.origin("2001:db8:1:2:ffff::1"), now=NOW)
    assert (source.name, source.line) == ("2001:db8:1:2::", "2001:db8:1::")
    assert sources.of_card(patron, factories.origin("192.0.2.1"), now=NOW).line == ""
    assert networks.household("nonsense") == networks.UNKNOWN
