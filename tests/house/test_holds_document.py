"""docs/holds.md shows the states of a hold as the program has them."""

from library.lending.holds import hold_states
from scripts import hold_states as drawing


def test_the_picture_is_drawn_from_the_table():
    text = drawing.DOCUMENT.read_text(encoding="utf-8")
    assert drawing.with_diagram(text, hold_states.diagram()) == text, "run scripts/hold_states.py"


def test_the_table_has_every_state_and_a_way_out_of_each():
    states = set(hold_states.WORDS)
    assert {state for pair in hold_states.CHANGES for state in pair} == states
    assert states == {*hold_states.OPEN, *hold_states.OVER}
    for state in hold_states.OPEN:
        ways = {after for before, after in hold_states.CHANGES if before == state}
        assert {"collected", "cancelled"} <= ways
