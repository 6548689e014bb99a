"""The form that fits the numbers of a file: what it is read from, and what taking it changes."""

import pytest

from library import clock
from library.numbers import check_digits, formats, proposals
from tests import factories

BY = {"by": "staff:kanri"}


def proposed_for(numbers, known=()):
    """Return the proposals for a file with these new numbers, and others that a form knows."""
    seen = proposals.Seen()
    for number in numbers:
        seen.add(number, is_known=False)
    for number in known:
        seen.add(number, is_known=True)
    return seen.proposal()


def with_digits(rule, payloads, letter="A"):
    return [payload + check_digits.digit(rule, payload, letter) for payload in payloads]


FOUR = [f"{number:04}" for number in range(1, 60)]


@pytest.mark.parametrize(
    ("numbers", "form"),
    [
        (FOUR, {"length": 4}),
        ([f"K{number:06}" for number in range(40)], {"length": 7, "prefix": "K"}),
        ([f"K{number:06}" for number in range(20)] + [f"J{number:06}" for number in range(20)],
         {"length": 7, "letters": True}),
        ([f"K{number:06}" for number in range(20)] + [f"{number:07}" for number in range(20)],
         {"length": 7, "letters": True}),
        ([f"{number:03}-{number:03}" for number in range(40)], {"length": 7, "letters": True}),
        (with_digits("m10w31", [f"{number:08}" for number in range(7, 1000, 13)]), {"length": 9, "check": "m10w31"}),
        (with_digits("7dr", [f"P{number:07}" for number in range(7, 1000, 13)]),
         {"length": 9, "prefix": "P", "check": "7dr"}),
        (with_digits("m16", [f"{number:07}" for number in range(7, 1000, 13)], "C"),
         {"length": 8, "check": "m16", "letter": "C"}),
        ([*with_digits("m11", [f"{number:07}" for number in range(7, 1000, 7)]), "00000000"],
         {"length": 8, "check": "m11"}),
    ],
)  # fmt: skip
def test_a_form_is_read_from_the_numbers(numbers, form):
    proposal = proposed_for(numbers)
    assert formats.Form(**proposal["form"]) == formats.Form(**form) and proposal["is_alone"]
    assert all(formats.Form(**form).fits(number) for number in numbers)


def test_with_shorter_digits_in_the_file_the_form_pads_zeros():
    whole = [f"{number:08}" for number in range(10_000, 10_030)]
    proposal = proposed_for([*whole, "10003", "7"])
    assert formats.Form(**proposal["form"]) == formats.Form(length=8, pads=True)
    assert proposal["said"].endswith("8桁の数字、先頭の0を補う形が合います。")


def test_numbers_that_lost_their_zeros_make_no_form_of_their_own():
    whole = [f"{number:08}" for number in range(10_000, 10_003)]
    short = [f"{number}" for number in range(10_003, 10_043)]
    assert proposed_for([*whole, *short]) == {} and proposed_for(short, known=whole) == {}
    assert proposed_for(short)["form"]["length"] == 5


def test_a_few_numbers_tell_no_check_digit():
    assert proposed_for(with_digits("7dr", ["0001", "0002", "0003"]))["form"]["check"] == ""


def test_slips_and_numbers_that_are_too_short_propose_nothing():
    assert proposed_for([]) == {} and proposed_for(["1", "23"]) == {}
    assert proposed_for(FOUR[:4], known=map(str, range(100))) == {}


def test_the_form_that_the_program_came_with_goes_where_no_card_has_it(db):
    proposals.take(proposed_for(FOUR), **BY, now=clock.now())
    assert [(form.length, form.is_for_new) for form in formats.cards()] == [(4, True)]
    proposals.take(proposed_for(FOUR), **BY, now=clock.now())
    assert len(formats.cards()) == 1, "pressed twice"


def test_a_form_that_cards_have_stays(db):
    factories.patron(card_number="0000002377570")
    proposals.take(proposed_for(FOUR), **BY, now=clock.now())
    assert [(form.length, form.is_for_new) for form in formats.cards()] == [(13, False), (4, True)]


def test_the_numbers_of_a_smaller_part_are_known_and_new_cards_stay_as_they_are(db):
    proposals.take(proposed_for(FOUR, known=map(str, range(100))), **BY, now=clock.now())
    assert [(form.length, form.is_for_new) for form in formats.cards()] == [(13, True), (4, False)]


@pytest.mark.parametrize("card", ["0000002377570", "0001"])
def test_a_rehearsal_expects_the_forms_that_are_taken(db, card):
    factories.patron(card_number=card)
    expected = proposals.expected(proposed_for(FOUR))
    proposals.take(proposed_for(FOUR), **BY, now=clock.now())
    assert [form.words for form in expected] == [form.words for form in formats.cards()]
