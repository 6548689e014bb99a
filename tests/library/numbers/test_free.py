"""次に空いている番号: above all that were given, with the right check digit."""

import pytest

from library import clock, policy
from library.numbers import free
from models import CardNumber
from tests import factories


def form(**given):
    policy.put("card_forms", [{"id": 1, "is_for_new": True, **given}])


def test_the_next_card_is_above_lost_and_old_ones(db):
    factories.patron(card_number="0000000000017")
    patron = factories.patron(card_number="0000000000008")
    CardNumber.create(number="0000000000099", patron=patron, kind="old", since=clock.now())
    CardNumber.create(number="0000000000199", kind="lost", until=clock.now())
    CardNumber.create(number="0000999", patron=patron, kind="old")
    assert free.card_number() == "0000000000200"


def test_the_next_card_has_its_check_digit(db):
    form(length=13, check="m10w31")
    factories.patron(card_number="0000002377575")
    factories.patron(card_number="9999999999999")
    assert free.card_number() == "0000002377582"


def test_the_first_number_is_where_it_begins(db):
    form(length=8, prefix="K", first="K0005000")
    assert free.card_number() == "K0005000"
    factories.patron(card_number="K0005000")
    factories.patron(card_number="K000A000")
    assert free.card_number() == "K0005001"


def test_a_number_whose_check_digit_can_not_be_written_is_passed_over(db):
    form(length=8, check="m43")
    factories.patron(card_number="0000992T")  # 993 would end in a U, …, and 36 places on comes a space
    numbers = set()
    for _ in range(45):
        numbers.add(number := free.card_number())
        factories.patron(card_number=number)
    assert len(numbers) == 45 and all(number[-1] not in " %" for number in numbers)


def test_a_form_that_is_full_gives_none(db):
    form(length=4)
    factories.patron(card_number="9999")
    assert free.card_number() == ""


@pytest.mark.parametrize(("there", "following"), [([], "K-000001"), (["K-000041", "K-00B", "0100000001"], "K-000042")])
def test_the_next_number_of_a_copy_follows_its_form(db, there, following):
    policy.put("item_forms", [{"id": 1, "prefix": "K-", "length": 8, "letters": True, "is_for_new": True}])
    title = factories.title()
    for barcode in there:
        factories.item(title, barcode=barcode)
    assert free.barcode() == following
