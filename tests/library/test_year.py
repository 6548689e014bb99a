"""A year of a small town: the product's figures beside a count of the simulator's own diary in plain SQL."""

import os

import pytest

from library import clock
from models import database as connection
from tests import postgres
from tests.long import in_the_long_run
from tests.year import acts, beside, town

SIZES = {"patrons": 150, "titles": 300, "copies": 800, "loans": 900, **town.FEW}
MORE = {"patrons": 1_000, "titles": 2_500, "copies": 5_000, "loans": 10_000, **town.DOORS}


@pytest.fixture(scope="module", params=[(SIZES, 6), *in_the_long_run((MORE, 1))], ids=["small", "larger"])
def year(request, tmp_path_factory):
    (sizes, rhythm), name = request.param, f"year_{os.getpid()}"
    url = postgres.new(name) if postgres.SERVER else ""
    yield acts.build(tmp_path_factory.mktemp("year"), sizes, rhythm=rhythm, url=url)
    connection.close()
    clock.set_source(None)
    if postgres.SERVER:
        postgres.drop(name)


def test_every_figure_equals_an_independent_count(year):
    compared = list(beside.both(year.diary.rows))
    assert len(compared) > 300
    assert beside.differing(compared) == {}


def test_undoing_closing_erasing_and_merging_change_no_figure(year):
    assert year.upheaval() > 100
    assert beside.differing(beside.figures(year.diary.rows, by_day=False)) == {}
