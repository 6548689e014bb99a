"""A year of a small town: the product's figures beside a count of the simulator's own diary in plain SQL."""

import sys
from pathlib import Path

import pytest

from library import clock

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import year as town_year

SIZES = {"patrons": 150, "titles": 300, "copies": 800, "loans": 900}


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    year = town_year.build(tmp_path_factory.mktemp("year"), SIZES, rhythm=6)
    yield year
    town_year.connection.close()
    clock.set_source(None)


def test_every_figure_equals_an_independent_count(simulated):
    differing = {name: (ours, theirs) for name, ours, theirs in town_year.both(simulated.diary.rows) if ours != theirs}
    assert differing == {}


def test_undoing_closing_erasing_and_merging_change_no_figure(simulated):
    before = town_year.every_figure()
    assert town_year.upheaval(simulated) > 100
    after = town_year.every_figure()
    assert {each: (before[each], after[each]) for each in before if before[each] != after[each]} == {}
