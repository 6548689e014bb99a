"""Finding without a word."""

from datetime import date

import pytest

from library.catalog.folding import sort_key
from library.catalog.records import Contributor
from library.catalog.shown import browse
from models import Creator
from tests import factories

TODAY = date(2026, 11, 25)


def test_a_class_counts_all_below_it(db):
    for code in ("913.6", "913.36", "914.6", "210", "", "E"):
        factories.catalogued(f"本 {code}", ndc=code)
    assert [(code, browse.class_count(code)) for code in ("9", "91", "913", "914", "2", "0")] == [
        ("9", 3), ("91", 3), ("913", 2), ("914", 1), ("2", 1), ("0", 0),
    ]  # fmt: skip
    assert [(code, count) for code, _, count in browse.classes() if count] == [("2", 1), ("9", 3)]
    assert ("913", "小説．物語", 2) in browse.classes("91")
    assert browse.classes("913") == []
    assert browse.class_count("x") == browse.class_count("913.6") == 0


def test_authors_stand_under_their_heading_in_order(db):
    for name, kana in (("夏目漱石", "ナツメ, ソウセキ"), ("中島敦", "ナカジマ, アツシ"), ("夏目漱石", "ナツメ, ソウセキ"), ("芥川", "アクタガワ"),
                       ("Abe", ""), ("24時間", ""), ("某", "")):  # fmt: skip
        factories.catalogued(by=(name, kana))
    listed = browse.creators("な", page=1, size=10)
    assert (listed.total, [(author.name, author.count) for author in listed.entries]) == (
        2,
        [("中島敦", 1), ("夏目漱石", 2)],
    )
    assert [author.name for author in browse.creators("な", page=2, size=1).entries] == ["夏目漱石"]
    assert {one.name for row in browse.ROWS for one in browse.creators(row).entries} == {
        "夏目漱石", "中島敦", "芥川", "Abe", "24時間", "某",
    }  # fmt: skip


def test_a_name_that_is_only_romanised_says_by_what_it_was_put_in_its_place(db):
    by = [Contributor("勝海舟", "", "著", latin="Katsu, Kaishū"), Contributor("Katō, Jun", "", "著", latin="Katō, Jun")]
    factories.catalogued("氷川清話", by=None, author="勝海舟", contributors=by)
    entries = [one for row in browse.ROWS for one in browse.creators(row).entries]
    assert {(one.name, one.kana) for one in entries} == {("勝海舟", "Katsu, Kaishū"), ("Katō, Jun", "")}


def test_an_author_without_a_title_is_not_listed(db):
    Creator.create(name="誰か", kana="ダレカ", sort_key=sort_key.key("ダレカ"))
    assert browse.creators("た").entries == []


def test_an_unknown_heading_has_nobody(db):
    assert browse.creators("x").entries == []


def test_neighbours_stand_on_both_sides_in_the_order_of_call_numbers(db):
    made = {
        code: factories.catalogued(f"本{code}", ndc=code).id for code in ("913.6", "007.7", "210", "007.64", "913.68")
    }
    order = [made[code] for code in ("007.64", "007.7", "210", "913.6", "913.68")]
    assert browse.neighbours(made["210"], before=1, after=1) == order[1:4]
    assert browse.neighbours(made["007.64"], before=2, after=2) == order[:3]
    assert browse.neighbours(made["913.68"], before=9, after=9) == order
    assert browse.neighbours(99999) == []
    assert browse.neighbours(factories.catalogued(ndc="").id) == []


@pytest.fixture
def arrivals(db):
    return {
        day: factories.catalogued(f"本{day}", accession_date=date(2026, 11, day), ndc=ndc, material_type=material).id
        for day, ndc, material in ((25, "913.6", "図書"), (19, "210", "図書"), (18, "913.6", "CD"))
    }


def test_new_is_what_came_in_the_last_days_the_newest_first(arrivals):
    factories.catalogued("まだ来ない本", accession_date=date(2026, 11, 26))
    factories.catalogued("いつ来たか分からない本")
    found = browse.new_arrivals(today=TODAY, days=7)
    assert (found.total, found.ids) == (2, [arrivals[25], arrivals[19]])
    found = browse.new_arrivals(today=TODAY, days=8, page=2, size=2)
    assert (found.total, found.page, found.pages, found.ids) == (3, 2, 2, [arrivals[18]])


def test_new_can_be_of_one_class_and_kind(arrivals):
    assert browse.new_arrivals(today=TODAY, ndc_class="9").ids == [arrivals[25], arrivals[18]]
    assert browse.new_arrivals(today=TODAY, ndc_class="9", material="CD").ids == [arrivals[18]]
    assert browse.new_arrivals(today=TODAY, material="地図").ids == []
