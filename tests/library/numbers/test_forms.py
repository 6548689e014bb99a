"""番号の形式: which new numbers there are, and what a form says of one."""

from datetime import UTC, datetime

import pytest

from library import errors
from library.numbers import formats
from library.numbers.formats import Form
from models import Audit

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
BY = {"by": "staff:kanri", "now": NOW}
TYPED = {
    "prefix": "", "length": "8", "letters": False, "check": "", "pads": False, "bars": "auto", "letter": "A",
    "is_for_new": False, "first": "",
}  # fmt: skip


def read(kind="card", form=Form(), **typed):  # noqa: B008 (it is frozen)
    return formats.read(TYPED | typed, kind, form)


def test_a_library_begins_with_cards_of_thirteen_digits_and_any_number_for_copies(db):
    (card,), (item,) = formats.cards(), formats.items()
    assert (card.length, card.check, card.pads, card.is_for_new) == (13, "", False, True)
    assert card.fits("0000002377570") and not card.fits("2377570") and not card.fits("000000237757A")
    assert (
        all(item.fits(number) for number in ("1", "K-12", "$:/+." * 4))
        and not item.fits("1" * 21)
        and not item.fits("a")
    )


@pytest.mark.parametrize(
    ("form", "number", "fits"),
    [
        (Form(prefix="K", length=6), "K00012", True),
        (Form(prefix="K", length=6), "KA0012", False),
        (Form(prefix="K", length=6, letters=True), "KA-012", True),
        (Form(length=8, check="m43"), "000012D3", False),
        (Form(length=8, check="m43"), "0000012D", True),
        (Form(length=8), "000012３4", False),
    ],
)
def test_a_form_knows_its_numbers(form, number, fits):
    assert form.fits(number) is fits


@pytest.mark.parametrize(
    ("form", "number", "padded"),
    [
        (Form(length=8, pads=True), "1", "00000001"),
        (Form(length=8), "1", None),
        (Form(length=8, pads=True), "123456789", None),
        (Form(length=8, pads=True), "00000001", None),
        (Form(length=8, pads=True), "A1", None),
        (Form(prefix="A", length=8, pads=True), "A1", "A0000001"),
        (Form(prefix="A", length=8, pads=True), "1", None),
        (Form(length=8, pads=True, check="m16"), "12$", "0000012$"),
    ],
)
def test_lost_zeros_are_put_back(form, number, padded):
    assert form.padded(number) == padded


def test_digits_shorter_than_every_form_have_lost_their_zeros_where_one_pads():
    eight, ten = Form(length=8, pads=True), Form(length=10)
    assert formats.lacks_zeros("1", [eight, ten]) == "00000001"
    assert formats.lacks_zeros("123456789", [eight, ten]) is None
    assert formats.lacks_zeros("1", [ten]) is None and formats.lacks_zeros("A1", [eight]) is None
    assert formats.lacks_zeros("1", [eight, Form(letters=True)]) == "00000001", "any length demands none"
    shorter = [Form(length=5, prefix=prefix, letters=True) for prefix in ("K", "-", "0")]
    found = [formats.lacks_zeros("10000", [eight, form]) for form in shorter]
    assert found == ["00010000", "00010000", None], "a form whose prefix is no digit has no number of digits"


def test_only_a_new_number_is_judged_and_its_check_digit_is_named():
    known = [Form(length=13, check="m10w31"), Form(prefix="K", length=5)]
    formats.require("0000002377575", known)
    formats.require("K0001", known)
    with pytest.raises(errors.CheckDigitWrong):
        formats.require("0000002377570", known)
    with pytest.raises(errors.NumberHasNoForm, match="13桁の数字、Kで始まる5桁の数字"):
        formats.require("12", known)
    assert formats.has_wrong_digit("0000002377570", known) and not formats.has_wrong_digit("12", known)


# -- changing them -----------------------------------------------------------------------------------------------------
def test_a_typed_format_is_read():
    made = read(prefix=" k ", length="10")
    assert (made.prefix, made.length, made.words) == ("K", 10, "Kで始まる10桁の数字")
    assert read("item", length="").length is None


@pytest.mark.parametrize(
    ("typed", "field", "refusal"),
    [
        ({"length": "3"}, "length", errors.NumberOutOfRange),
        ({"length": "21"}, "length", errors.NumberOutOfRange),
        ({"length": ""}, "length", errors.NumberOutOfRange),
        ({"length": "八"}, "length", errors.NumberOutOfRange),
        ({"prefix": "あ"}, "prefix", errors.PrefixMalformed),
        ({"prefix": "12345678"}, "prefix", errors.PrefixTooLong),
        ({"check": "m12"}, "check", errors.ChoiceUnknown),
        ({"bars": "ean"}, "bars", errors.ChoiceUnknown),
        ({"letter": "E"}, "letter", errors.ChoiceUnknown),
        ({"prefix": "K", "check": "m16"}, "check", errors.CheckDigitCantSay),
        ({"is_for_new": True, "first": "123"}, "first", errors.FirstNumberHasNoForm),
        ({"is_for_new": True, "first": "00000011", "check": "m10w31"}, "first", errors.CheckDigitWrong),
    ],
)
def test_a_wrong_format_is_named_by_field(typed, field, refusal):
    with pytest.raises(errors.RefusedTogether) as refused:
        read(**typed)
    assert [type(each) for each in refused.value.by_field[field]] == [refusal] and len(refused.value.by_field) == 1


def test_zeros_need_a_length():
    with pytest.raises(errors.RefusedTogether) as refused:
        read("item", length="", pads=True)
    assert list(refused.value.by_field) == ["pads"]


def test_one_form_is_for_new_numbers_and_one_must_be(db):
    made = formats.put("card", read(length="10", is_for_new=True, first="0000000100"), **BY)
    assert [(row.length, row.is_for_new) for row in formats.cards()] == [(13, False), (10, True)]
    assert formats.for_new(formats.cards()) == made
    with pytest.raises(errors.RefusedTogether):
        formats.put("card", read(form=made, length="10"), **BY)
    with pytest.raises(errors.FormIsForNew):
        formats.drop("card", made, **BY)
    formats.drop("card", formats.cards()[0], **BY)
    assert [row.length for row in formats.cards()] == [10] and formats.items()[0].length is None
    assert Audit.select().where(Audit.action == "numbers.changed").count() == 2


def test_there_are_five_forms_at_most(db):
    for length in range(4, 8):
        formats.put("item", read(length=str(length)), **BY)
    with pytest.raises(errors.TooManyForms):
        formats.put("item", read(length="8"), **BY)
    formats.put("item", read(form=formats.items()[1], length="9"), **BY)
    assert [row.length for row in formats.items()] == [None, 9, 5, 6, 7]
