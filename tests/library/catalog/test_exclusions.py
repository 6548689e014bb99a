"""A minus before a word in the one box leaves out what has the word; a minus elsewhere is text."""

import pytest

from library.catalog.query import exclusions
from library.catalog.query.query import Query
from library.catalog.shown import query_words, results
from models import Title
from tests import factories


@pytest.fixture
def nights(db):
    for name, more in [
        ("銀河鉄道の夜", {"title_kana": "ギンガ テツドウ ノ ヨル"}),
        ("銀河ヒッチハイク・ガイド", {}),
        ("夜と霧", {}),
        ("草の花", {"subjects": [("鉄道", "テツドウ")]}),
        ("星の王子さま", {"subtitle": "Le Petit Prince"}),
        ("てつどくの話", {}),
    ]:
        factories.catalogued(name, by=None, **more)


def found(text):
    page = results.find(Query(q=text), size=100)
    names = dict(Title.select(Title.id, Title.title).tuples())
    assert page.total == len(page.ids)
    return {names[title_id] for title_id in page.ids}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("銀河 -鉄道", {"銀河ヒッチハイク・ガイド"}),
        ("銀河　－鉄道", {"銀河ヒッチハイク・ガイド"}),
        ("銀河 −鉄道", {"銀河ヒッチハイク・ガイド"}),
        ("銀河 -てつどう", {"銀河ヒッチハイク・ガイド"}),
        ("夜 -銀河", {"夜と霧"}),
        ("夜 -銀河 -霧", set()),
        ("銀河 -ヒッチハイク 夜", {"銀河鉄道の夜"}),
        ("話 -てつどう", {"てつどくの話"}),
        ("星 -王子", set()),
        ("星の王子さま -Le Petit Prince-", {"星の王子さま"}),
    ],
)
def test_titles_with_the_word_in_any_spelling_are_left_out(nights, text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "-銀河",
        "－銀河 夜",
        "銀河-鉄道",
        "銀河 - 鉄道",
        "1985 -1990",
        "夜 -",
        "星の王子さま -Le Petit Prince-",
        "こころ ――鉄道",
        "",
        "-",
        "夜 --鉄道",
    ],
)
def test_any_other_minus_is_text(text):
    assert exclusions.split(text) == (text, [])


def test_a_text_that_begins_with_a_minus_is_looked_for(nights):
    assert found("-銀河") == {"銀河鉄道の夜", "銀河ヒッチハイク・ガイド"}


def test_a_word_that_is_left_out_is_named(db):
    assert query_words.conditions(Query(q="銀河 -鉄道 －夜")) == ["「鉄道」を除く", "「夜」を除く"]
    assert query_words.conditions(Query(q="銀河-鉄道")) == []


def test_where_nothing_is_found_only_the_words_that_are_looked_for_are_counted(nights):
    assert results.find(Query(q="夜 ぬぬぬ -銀河")).words == [("夜", 2), ("ぬぬぬ", 0)]
