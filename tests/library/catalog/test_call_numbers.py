"""A class or a call number in the one box finds what stands there, besides what has it in its text; other numbers are
text.
"""

import pytest

from library import clock
from library.catalog.fulltext import index
from library.catalog.query.query import Query, Row
from library.catalog.search import call_numbers
from library.catalog.shown import results
from library.lending import copies
from library.store import database
from models import Title
from tests import factories


@pytest.fixture
def stacks(db):
    """Titles with a class and the call number of one copy."""
    for name, ndc, call_number, more in [
        ("草枕", "913.6", "913.6 ナツ", {}),
        ("三四郎", "913.6", "913.6/ナツ/1", {}),
        ("舞姫", "913.6", "913.6 モリ", {}),
        ("銀河鉄道の夜", "913", "K913 ミ", {"audience": "児童"}),
        ("ぐりとぐら", "726", "E ナ", {"audience": "児童"}),
        ("おおきなかぶ", "726.6", "Ｅ726 ト", {"audience": "児童"}),
        ("憲法入門", "323.14", "323.14 ア", {}),
        ("不動産登記法", "324.52", "", {}),
        ("図書館年鑑", "010.59", "R010.59 ト", {}),
        ("１Ｑ８４", "914", "", {}),
        ("1984年", "933.7", "933.7 オ", {}),
        ("2001年宇宙の旅", "933.7", "", {}),
        ("913の謎", "410", "410 キ", {}),
        ("100万回生きたねこ", "", "", {}),
        ("ナツの手紙", "913.6", "913.6 ミ", {}),
        ("福祉入門", "369", "369.2 ア", {}),
    ]:
        title = factories.catalogued(name, by=None, ndc=ndc, **more)
        if call_number:
            factories.item(title, call_number=call_number)
    with database.writing():
        index.copies_changed()


def found(text, **limits):
    page = results.find(Query(q=text, **limits), size=100)
    names = dict(Title.select(Title.id, Title.title).tuples())
    assert page.total == len(page.ids)
    return [names[title_id] for title_id in page.ids]


NOVELS = {"草枕", "三四郎", "舞姫", "ナツの手紙"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("913", NOVELS | {"銀河鉄道の夜", "913の謎"}),
        ("９１３", NOVELS | {"銀河鉄道の夜", "913の謎"}),
        ("913.6", NOVELS),
        ("K913", {"銀河鉄道の夜"}),
        ("k913", {"銀河鉄道の夜"}),
        ("K 913", {"銀河鉄道の夜"}),
        ("K9", {"銀河鉄道の夜"}),
        ("K726", {"ぐりとぐら", "おおきなかぶ"}),
        ("E726", {"おおきなかぶ"}),
        ("R010", {"図書館年鑑"}),
        ("324.52", {"不動産登記法"}),
        ("324", {"不動産登記法"}),
        ("913.6 ナツ", {"草枕", "三四郎"}),
        ("913 なつ", {"草枕", "三四郎"}),
        ("913.6／ナツ", {"草枕", "三四郎"}),
        ("K913 ミ", {"銀河鉄道の夜"}),
        ("K 913 ミ", {"銀河鉄道の夜"}),
        ("E ナ", {"ぐりとぐら"}),
        ("E ト", {"おおきなかぶ"}),
        ("草枕 913.6", {"草枕"}),
        ("913.6 草枕", {"草枕"}),
        ("369 福祉", {"福祉入門"}),
        ("草枕 323", set()),
        ("憲法 323.14 ア", {"憲法入門"}),
    ],
)
def test_titles_on_a_shelf_are_found_and_counted_exactly(stacks, text, names):
    assert set(found(text)) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [("1Q84", ["１Ｑ８４"]), ("1984", ["1984年"]), ("2001年宇宙の旅", ["2001年宇宙の旅"]), ("2001", ["2001年宇宙の旅"]),
     ("84", ["1984年", "１Ｑ８４"]), ("100万回", ["100万回生きたねこ"]), ("9136", []), ("97", [])],
)  # fmt: skip
def test_other_numbers_are_text(stacks, text, names):
    assert sorted(found(text)) == names


def test_titles_that_have_the_number_come_before_those_of_the_class(stacks):
    assert found("913")[0] == "913の謎"


def test_a_row_of_the_advanced_search_for_everything_finds_the_same(stacks):
    assert set(found("", rows=(Row("913.6"),))) == NOVELS
    assert found("", rows=(Row("913.6", "title"),)) == []


def test_the_field_for_a_class_takes_the_letters_of_a_call_number(stacks):
    assert found("", ndc="K913") == ["銀河鉄道の夜"]
    assert set(found("", ndc="913")) == NOVELS | {"銀河鉄道の夜"}


def test_a_word_that_is_a_class_is_counted_as_one_where_nothing_is_found(stacks):
    assert results.find(Query(q="923 324.52 ぬぬぬ")).words == [("923", 0), ("324.52", 1), ("ぬぬぬ", 0)]


def test_a_copy_that_changes_its_place_is_found_at_the_new_one_alone(stacks):
    title = Title.get(Title.title == "舞姫")
    copy = title.items.get()

    copies.change(copy, {"barcode": copy.barcode, "call_number": "B913.6 モ"}, by="staff:a", now=clock.now())
    assert found("B913") == ["舞姫"] and found("913.6 モリ") == []


@pytest.mark.parametrize("text", ["1984", "12", "9", "A", "猫", "ABCD913", "913.", ".6", "913..6", "K", "9136", "K9131",
    "９７８４", "x" * 99, ""])  # fmt: skip
def test_a_number_of_no_place_on_a_shelf_is_told_apart(text):
    assert call_numbers.read(text) is None
