"""docs/holds.md, requests.md and interlibrary.md show the states as the program has them."""

import pytest

from library.interlibrary import states as borrowing_states
from library.lending.holds import hold_states
from library.requests import states as request_states
from scripts import hold_states as drawing


@pytest.mark.parametrize(
    ("document", "table"),
    list(zip(drawing.DOCUMENTS, (hold_states, request_states, borrowing_states), strict=True)),
)
def test_the_picture_is_drawn_from_the_table(document, table):
    text = document.read_text(encoding="utf-8")
    assert drawing.with_diagram(text, table.diagram()) == text, "run scripts/hold_states.py"


def test_the_table_has_every_state_and_a_way_out_of_each():
    states = set(hold_states.WORDS)
    assert {state for pair in hold_states.CHANGES for state in pair} == states
    assert states == {*hold_states.OPEN, *hold_states.OVER}
    for state in hold_states.OPEN:
        ways = {after for before, after in hold_states.CHANGES if before == state}
        assert {"collected", "cancelled"} <= ways
