"""確認番号: the last four digits of a phone on file, or six of the desk."""

from datetime import timedelta

import pytest

from library.access.guessing import check_numbers
from library.store import database
from models import CheckNumber
from tests import factories
from tests.conftest import NOW

KEY = "key"


@pytest.fixture
def somebody(db):
    return factories.patron(phone_home="042-000-1234", phone_mobile="０９０−００００−５６７８", phone_work="")


def is_right(patron, typed, now=NOW):
    return check_numbers.is_right(patron, typed, KEY, now=now)


def issue(patron, now=NOW):
    with database.writing():
        return check_numbers.issue(patron, KEY, now=now)


@pytest.mark.parametrize(
    ("typed", "right"),
    [("1234", True), ("5678", True), ("１２３４", True), (" 12-34 ", True), ("1235", False), ("", False), ("234", False),
     ("0001234", False), ("001234", False), ("12345678", False), ("\udc80", False)],
)  # fmt: skip
def test_the_last_four_digits_of_any_phone_on_file(somebody, typed, right):
    assert is_right(somebody, typed) is right


def test_nobody_and_who_has_no_phone_have_no_such_digits(db):
    for patron in (None, factories.patron(phone_home="", phone_mobile="", phone_work="")):
        assert not any(is_right(patron, typed) for typed in ("", "0000", "1234"))


def test_six_digits_of_the_desk_for_ten_minutes_and_once(somebody):
    number = issue(somebody)
    assert len(number) == 6 and is_right(somebody, number)
    assert not is_right(somebody, number, NOW + timedelta(minutes=10))
    assert not is_right(factories.patron(), number)
    with database.writing():
        check_numbers.use_up(somebody, number, KEY)
    assert not is_right(somebody, number)


def test_a_sign_in_with_the_phone_leaves_the_number_of_the_desk(somebody):
    number = issue(somebody)
    with database.writing():
        check_numbers.use_up(somebody, "1234", KEY)
    assert is_right(somebody, number)


def test_a_new_number_replaces_the_one_before_and_none_is_written_down(somebody):
    first, second = issue(somebody), issue(somebody)
    assert is_right(somebody, second) and (first == second or not is_right(somebody, first))
    assert second not in str([row.__data__ for row in CheckNumber.select()])
