"""Each act is marked as the house asks: nothing that can't be taken back is done in one press, and what a mark promises
is there.
"""

import re

import pytest

from scripts.check_tree import ROOT
from tests import acts, routes

TABLE = routes.ACTS
STEPS = [(endpoint, pages[0]) for (endpoint, _), (mark, pages) in TABLE.items() if mark == "step"]


def test_every_post_route_is_marked_for_each_thing_that_it_does(made_app):
    expected = set()
    for rule in made_app[0].url_map.iter_rules():
        if "POST" in rule.methods:
            words = {word for endpoint, word in TABLE if endpoint == rule.endpoint and word}
            offered = set(re.findall(r"\w+", "".join(re.findall(r"<any\((.*?)\):", rule.rule)))) if words else {""}
            expected |= {(rule.endpoint, word) for word in offered}
    assert set(TABLE) == expected


def test_marks_are_of_three_sorts_and_each_says_how():
    assert {mark for mark, _ in TABLE.values()} == set(acts.MARKS)
    assert [act for act, (_, ways) in TABLE.items() if not ways] == []


def test_an_act_is_taken_back_by_an_act(made_app):
    posted = {endpoint for endpoint, _ in TABLE}
    for act, (mark, ways) in TABLE.items():
        if mark != "step" and ways[0] not in acts.NOTHING_TO_TAKE_BACK:
            assert set(ways) <= posted, act


@pytest.mark.parametrize(("act", "page"), STEPS)
def test_a_step_has_a_page_that_asks(made_app, act, page):
    """``tests.pages`` sees on every page that is opened that the form stands on this one alone."""
    rules = made_app[0].url_map.iter_rules(page)
    assert any("GET" in rule.methods for rule in rules) or page == act


def test_pages_that_ask_are_made_of_one_template():
    """Those that ask nothing else than: shall it be?"""
    steps = [path for path in (ROOT / "templates").rglob("*.html") if '"_step.html"' in path.read_text("utf-8")]
    assert len(steps) > 20
    for path in steps:
        text = path.read_text("utf-8")
        assert "<form method" not in text, path
        assert all(re.search(rf"{{% set [^%]*\b{name}\b", text) for name in ("heading", "keep", "act")), path
