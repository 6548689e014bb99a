"""Numbers of a person: of now, lost, old, マイキーID. Which of them mean whom, and where."""

from datetime import UTC, datetime

import pytest
from peewee import IntegrityError
from playhouse.test_utils import count_queries

from library import errors, policy
from library.account import account_closing, registration
from library.numbers import cards, formats
from library.patrons import signing_in
from models import Audit, CardNumber, Patron
from tests import factories

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
BY = {"by": "staff:sato", "now": NOW}


@pytest.fixture
def padding(db):
    """Cards of eight and of ten digits, whose zeros are put back."""
    both = [formats.Form(id=1, length=8, pads=True, is_for_new=True), formats.Form(id=2, length=10, pads=True)]
    policy.put("card_forms", [vars(form) for form in both])


def kinds(patron):
    return sorted((row.kind, row.number) for row in CardNumber.select().where(CardNumber.patron == patron))


# -- one table -------------------------------------------------------------------------------------------------------
def test_the_number_of_now_is_a_row_whoever_writes_the_patron(db):
    patron = factories.patron(card_number="0000000000017")
    assert kinds(patron) == [("current", "0000000000017")]
    Patron.update(card_number="0000000000025").where(Patron.id == patron.id).execute()
    assert kinds(patron) == [("current", "0000000000025")]
    Patron.update(name="図書 桜子").where(Patron.id == patron.id).execute()
    Patron.get_by_id(patron.id).save()
    assert kinds(patron) == [("current", "0000000000025")]


@pytest.mark.parametrize("kind", ["lost", "old", "mykey"])
def test_no_number_is_given_to_two(db, kind):
    other = factories.patron()
    CardNumber.create(number="0000000000017", patron=other, kind=kind)
    with pytest.raises(IntegrityError):
        factories.patron(card_number="0000000000017")


def test_numbers_go_with_their_patron_but_a_lost_one_stays_nobodys(db):
    patron = factories.patron(card_number="0000000000017")
    registration.replace_card(patron, "0000000000025", **BY)
    cards.add_old(patron, "K-12", **BY)
    cards.add_mykey(patron, "AB12CD34", is_confirmed=True, **BY)
    Patron.delete().where(Patron.id == patron.id).execute()
    assert [(row.number, row.kind, row.patron_id) for row in CardNumber.select()] == [("0000000000017", "lost", None)]
    assert isinstance(cards.refusal("0000000000017"), errors.CardReportedLost)


# -- whose card ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed", ["0000000000017", "０００００００００００１７", "a0000000000017a", "0000-0000-00017", " *0000000000017* "]
)
def test_a_card_is_read_however_it_comes(db, typed):
    patron = factories.patron(card_number="0000000000017")
    assert cards.by_number(typed) == patron
    assert signing_in.sign_in(typed, factories.PASSWORD, now=NOW).patron == patron


def test_a_number_that_no_form_knows_is_found_and_signs_in(db):
    patron = factories.patron(card_number="00000034")
    assert cards.by_number("00000034") == patron
    assert signing_in.sign_in("00000034", factories.PASSWORD, now=NOW).patron == patron


def test_a_card_without_its_first_zeros_is_the_one_that_it_can_only_be(db):
    patron = factories.patron(card_number="0000002377570")
    for typed in ("2377570", "００２３７７５７０", "237-7570"):
        assert signing_in.sign_in(typed, factories.PASSWORD, now=NOW).patron == patron
    assert cards.by_number("2377570", at_desk=True) is None
    policy.put("card_forms", [vars(formats.Form(id=1, length=13)), vars(formats.Form(id=2, length=10))])
    assert cards.by_number("2377570") is None


def test_a_number_short_of_zeros_comes_after_one_that_is_stored_as_it_is_typed(db):
    factories.patron(card_number="0000000000034")
    old = factories.patron(card_number="34")
    assert cards.by_number("34") == old


def test_zeros_that_give_a_wrong_check_digit_are_not_put_back(db):
    policy.put("card_forms", [vars(formats.Form(id=1, length=13, check="m10w31", is_for_new=True))])
    factories.patron(card_number="0000002377570")
    whole = formats.cards()[0].nth_number(237757)
    patron = factories.patron(card_number=whole)
    assert whole != "0000002377570"
    assert cards.by_number(whole.lstrip("0")) == patron
    assert cards.by_number("2377570") is None


@pytest.mark.parametrize("card", ["0000002377570", "0000000000991"])
def test_failures_count_for_one_card_with_and_without_its_first_zeros(db, card):
    factories.patron(card_number="0000002377570")
    origin = factories.origin()
    with pytest.raises(errors.SignInTooOften):
        for number in range(20):
            typed = card if number % 2 else card.lstrip("0")
            try:
                signing_in.sign_in(typed, f"wrong-{number}", origin=origin, now=NOW)
            except errors.SignInRefused:
                assert number < 5


def test_an_old_card_is_valid_wherever_the_card_is(db):
    patron = factories.patron()
    cards.add_old(patron, "k-12", **BY)
    assert cards.by_number("K-12") == cards.by_number("*K-12*") == patron
    assert signing_in.sign_in("K-12", factories.PASSWORD, now=NOW).patron == patron


def test_failures_count_for_the_person_whichever_number_is_tried(db):
    patron = factories.patron(card_number="0000000000017")
    cards.add_old(patron, "K-12", **BY)
    origin = factories.origin()
    for number in ("0000000000017", "K-12", "A0000000000017A", "K-12", "0000000000017"):
        with pytest.raises(errors.SignInRefused):
            signing_in.sign_in(number, f"wrong-{number}-{len(Audit.select())}", origin=origin, now=NOW)
    refused = 0
    for number in ("K-12", "0000000000017") * 3:
        try:
            signing_in.sign_in(number, f"wrong again {refused} {number}", origin=origin, now=NOW)
        except errors.SignInTooOften:
            refused += 1
        except errors.SignInRefused:
            pass
    assert refused


def test_a_mykey_is_read_at_the_desk_alone(db):
    patron = factories.patron()
    row = cards.add_mykey(patron, "ab12cd34", is_confirmed=True, **BY)
    assert cards.by_number("AB12CD34") is None and cards.by_number("AB12CD34", at_desk=True) == patron
    with pytest.raises(errors.SignInRefused):
        signing_in.sign_in("AB12CD34", factories.PASSWORD, now=NOW)
    assert cards.shown(row) == "******34"


def test_two_cards_that_may_be_meant_are_asked_about_and_open_nothing(padding):
    one, two = factories.patron(card_number="00000034"), factories.patron(card_number="0000000034")
    assert cards.meant("34") == [one, two] or cards.meant("34") == [two, one]
    assert cards.by_number("34") is None and cards.by_number("00000034") == one
    assert isinstance(cards.refusal("34"), errors.CardAmbiguous)
    assert "0000000034（図書 花子）" in cards.refusal("34", at_desk=True).sentence
    with pytest.raises(errors.SignInRefused):
        signing_in.sign_in("34", factories.PASSWORD, now=NOW)


def test_two_numbers_of_one_person_are_one(padding):
    one = factories.patron(card_number="00000034")
    cards.add_old(one, "0000000034", **BY)
    assert cards.by_number("34") == one


def test_a_card_that_is_there_takes_as_many_queries_as_one_that_is_not(padding):
    factories.patron(card_number="00000034")
    factories.patron(card_number="0000000056")
    cards.by_number("1")
    asked = []
    for number in ("00000034", "34", "A34A", "56", "99", "0000000099", "x", ""):
        with count_queries() as counted:
            cards.by_number(number)
        asked.append(counted.count)
    assert len(set(asked)) == 1


# -- other numbers ---------------------------------------------------------------------------------------------------
def test_a_person_has_five_other_numbers_at_most(db):
    patron = factories.patron()
    for number in range(5):
        cards.add_old(patron, f"K-{number}", **BY)
    with pytest.raises(errors.OtherNumbersFull):
        cards.add_mykey(patron, "AB12CD34", is_confirmed=True, **BY)
    cards.remove(patron, cards.other_numbers(patron)[0].id, **BY)
    cards.remove(patron, 999_999, **BY)
    assert [row.number for row in cards.other_numbers(patron)] == ["K-1", "K-2", "K-3", "K-4"] and cards.by_number(
        "K-0"
    ) is None
    assert {row.details["of"] for row in Audit.select().where(Audit.action.startswith("patron.number_"))} == {
        "旧カード"
    }


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        ("", errors.FieldEmpty), ("あいう", errors.OtherNumberMalformed), ("1" * 21, errors.OtherNumberMalformed),
        ("0000000000017", errors.NumberOfSomebody), ("0000000000025", errors.CardReportedLost),
    ],
)  # fmt: skip
def test_an_old_number_that_can_not_be_is_refused(db, number, refusal):
    patron = factories.patron(card_number="0000000000025")
    registration.replace_card(patron, "0000000000017", **BY)
    with pytest.raises(refusal):
        cards.add_old(factories.patron(), number, **BY)


@pytest.mark.parametrize("number", ["AB12CD3", "AB12CD345", "123456789012", "AB-12345"])
def test_a_mykey_has_eight_letters_and_its_owner_has_told_it(db, number):
    patron = factories.patron()
    with pytest.raises(errors.MykeyMalformed):
        cards.add_mykey(patron, number, is_confirmed=True, **BY)
    with pytest.raises(errors.MykeyNotConfirmed):
        cards.add_mykey(patron, "AB12CD34", is_confirmed=False, **BY)
    assert not cards.other_numbers(patron)


def test_a_closed_card_keeps_no_mykey(db):
    patron = factories.patron()
    cards.add_old(patron, "K-12", **BY)
    cards.add_mykey(patron, "AB12CD34", is_confirmed=True, **BY)
    account_closing.close(patron, **BY)
    assert [row.kind for row in cards.other_numbers(patron)] == ["old"]


# -- new numbers -----------------------------------------------------------------------------------------------------
def test_new_numbers_are_judged_by_the_forms(db):
    policy.put("card_forms", [{"id": 1, "length": 13, "check": "m10w31", "is_for_new": True}])
    assert cards.require_new("A0000002377575A") == "0000002377575"
    with pytest.raises(errors.CheckDigitWrong):
        cards.require_new("0000002377570")
