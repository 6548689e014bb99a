"""書架をたどる: every copy once, in the order of the shelf, both ways, whatever comes and goes meanwhile."""

import pytest

from library import clock
from library.catalog import ndc
from library.discovery import shelf_walk as walk
from library.discovery.shelf_walk import START, Limits, Spot
from models import Item
from tests import factories

ALL = Limits()
BEHIND_ALL = Spot(ndc.LAST, 2**40)
IN_ORDER = ["007.6 シ", "449 コ", "450 カ", "450 シ", "451.4 カ", "913 ナ", "913.6 ナ", "913.6 ナ 2", "913.6 ナ 10", "913.6 ナツ",
    "913.6 モ", "ナ", "E ナ",
            "K449 ホ", "K913 ア", "R031 ヒ", ""]  # fmt: skip


@pytest.fixture
def shelf(db):
    """Put copies on one shelf, by their call numbers; return the title that they are of."""
    of = factories.title()

    def put(*call_numbers, **given):
        return [factories.item(of, call_number=each, **given) for each in call_numbers]

    return put


def numbers(part):
    return [each.call_number for each in walk.copies(each.item_id for each in part.spots)]


def every_spot(limits=ALL, way="after"):
    """Return the spots of all parts, one part after the other, from the first or from the last."""
    found, part = [], walk.part(limits, START) if way == "after" else walk.part(limits, BEHIND_ALL, "before")
    while True:
        found = [*found, *part.spots] if way == "after" else [*part.spots, *found]
        if not (part.after if way == "after" else part.before):
            return found
        part = walk.part(limits, found[-1 if way == "after" else 0], way)


def walked(limits=ALL):
    return [each.call_number for each in walk.copies(each.item_id for each in every_spot(limits))]


def test_copies_stand_as_on_the_shelf_those_without_a_call_number_last(shelf):
    shelf(*reversed(IN_ORDER))
    assert walked() == IN_ORDER


@pytest.mark.parametrize("way", ["after", "before"])
def test_each_copy_is_met_once_both_ways(shelf, way):
    made = shelf(*["913.6 ナ"] * 55, *["913.6 モ"] * 50)
    assert [each.item_id for each in every_spot(way=way)] == [each.id for each in made]


def test_a_part_has_forty_copies_and_says_what_is_beside_it(shelf):
    shelf(*(f"{number} ア" for number in range(100, 200)))
    part = walk.part(Limits(), walk.spot("150"))
    assert (len(part.spots), numbers(part)[0], numbers(part)[-1]) == (40, "150 ア", "189 ア")
    assert (part.before, part.after) == (("110 ア", "149 ア"), ("190 ア", "199 ア"))


def test_a_copy_has_those_before_it_on_its_left(shelf):
    made = shelf(*(f"{number} ア" for number in range(100, 200)))
    assert numbers(walk.part(Limits(), walk.spot(f"copy-{made[50].id}")))[walk.BEFORE] == "150 ア"
    assert walk.spot(made[50].barcode) == walk.spot(f"copy-{made[50].id}")


def test_a_part_goes_on_where_its_copy_stood_though_it_is_gone(shelf):
    made = shelf(*(f"{number} ア" for number in range(100, 200)))
    last = walk.part(Limits(), START).spots[-1]
    Item.update(state="withdrawn").where(Item.id == last.item_id).execute()
    shelf("100 ア", "139 イ")
    after = walk.part(Limits(), walk.spot(f"copy-{last.item_id}"), "after")
    assert numbers(after)[:2] == ["139 イ", "140 ア"] and len(made) == 100


def test_behind_the_last_and_before_the_first_are_the_last_and_the_first(shelf):
    shelf("100 ア", "200 ア")
    for spot, way in ((walk.spot("999"), "at"), (walk.spot("999"), "after"), (walk.spot("000"), "before")):
        assert numbers(walk.part(Limits(), spot, way)) == ["100 ア", "200 ア"]
    assert walk.part(Limits(shelf="書庫"), START) == walk.Part([], None, None)


@pytest.mark.parametrize(
    "text", ["copy-", "copy-x", "copy-99999999999999999999", "copy-１", "copy-404", "―", "  ", "あ" * 61]
)
def test_a_place_without_a_copy_and_a_call_number_is_no_spot(db, text):
    assert walk.spot(text) is None


def test_a_short_barcode_that_reads_as_a_class_is_the_class(shelf):
    shelf("100 ア", barcode="913")
    assert walk.spot("913") == Spot(ndc.shelf_key("913")) and walk.spot("K913 ナ") == Spot(ndc.shelf_key("K913 ナ"))


def test_branch_shelf_and_what_is_not_there_narrow_the_walk(shelf):
    main, other = factories.branch("本館"), factories.branch("東分館")
    shelf("100 ア", shelf="一般")
    shelf("200 ア", shelf="書庫")
    shelf("300 ア", branch=other, shelf="一般")
    assert walked(Limits(main.id)) == ["100 ア", "200 ア"] and walked(Limits(main.id, "書庫")) == ["200 ア"]
    assert walk.shelves(main.id) == ["一般", "書庫"] and walk.shelves(other.id) == ["一般"]
    assert walk.branch_with("書庫") == main.id and walk.branch_with("海") is None


def test_withdrawn_and_lost_copies_are_not_there_others_are_in_their_state(shelf):
    for number, state in enumerate(["available", "reference", "repair", "missing", "lost", "withdrawn"]):
        shelf(f"{number}00 ア", state=state)
    shelf("600 ア", aside=True)
    shelf("700 ア", going_to=factories.branch("東分館"))
    (out,) = shelf("800 ア")
    loan = factories.loan(factories.patron(), item=out)
    kinds = {
        each.call_number[0]: each.kind
        for each in walk.copies(each.item_id for each in walk.part(Limits(), START).spots)
    }
    assert kinds == {"0": "in", "1": "here", "2": "none", "3": "none", "6": "none", "7": "none", "8": "out"}
    assert walked(Limits(standing=True)) == ["000 ア", "100 ア"]
    loan.returned_on = clock.today()
    loan.save()
    assert walked(Limits(standing=True)) == ["000 ア", "100 ア", "800 ア"]
