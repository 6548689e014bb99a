"""もしかして: what may have been meant by a query that finds little, each offer tried and counted."""

import pytest

from library import clock
from library.catalog import records, store
from library.catalog.fulltext import index
from library.catalog.query.query import Query
from library.catalog.search import spellings
from library.catalog.shown import results
from library.store import database
from tests import factories

KENJI = ("宮沢, 賢治", "ミヤザワ, ケンジ")


def stock(*made):
    """Write (how many, title, further values) as an import does."""
    titles = [records.Record(name, **more) for count, name, more in made for _ in range(count)]
    with database.writing():
        first = store.next_id("title")
        store.Store().add(list(enumerate(titles, first)), [""] * len(titles), now=clock.now())
        index.copies_changed()


def offered(text, **limits):
    return results.find(Query(q=text, **limits)).suggestions


@pytest.fixture
def shelf(db):
    factories.catalogued("銀河鉄道の夜", title_kana="ギンガ テツドウ ノ ヨル", by=KENJI, subjects=[("童話", "ドウワ")])
    factories.catalogued("注文の多い料理店", title_kana="チュウモン ノ オオイ リョウリテン", by=KENJI)
    factories.catalogued("地質学ノート", title_kana="チシツガク ノート", by=None, subjects=[("鉱物学", "コウブツガク")])
    factories.catalogued(
        "ハリー・ポッターと賢者の石", title_kana="ハリー ポッター ト ケンジャ ノ イシ", by=("J.K.ローリング", "")
    )
    factories.catalogued("The Little Prince", by=("Saint-Exupéry, Antoine de", ""))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("宮沢賢冶", ("宮沢賢治", 2)),
        ("宮賢沢治", ("宮沢賢治", 2)),
        ("Littel", ("Little", 1)),
        ("Price", ("Prince", 1)),
        ("Prnce", ("Prince", 1)),
        ("みやさわけいじ", ("宮沢賢治", 2)),
        ("miyazawa kenzi", None),
        ("銀河鉄堂の夜", ("銀河鉄道の夜", 1)),
        ("銀河鉄堂", ("銀河鉄道", 1)),
        ("銀河道の夜", ("銀河鉄道の夜", 1)),
        ("ぎんがてつどうのひる", ("銀河鉄道の夜", 1)),
        ("注文の多い料理点", ("注文の多い料理店", 1)),
        ("鋼物学", ("鉱物学", 1)),
        ("ハリー・ポーターと賢者", ("ハリー・ポッターと賢者", 1)),
        ("ハリーポックー", ("ハリー・ポッター", 1)),
        ("Litle", ("Little", 1)),
        ("little prinse", ("little Prince", 1)),
        ("宮沢賢冶 料理店", ("宮沢賢治 料理店", 1)),
        ("宮沢賢冶 料理点", ("宮沢賢治 料理店", 1)),
        ("宮沢賢冶 -料理", ("宮沢賢治 -料理", 1)),
        ("地質楽 ノート", ("地質学 ノート", 1)),
    ],
)
def test_the_nearest_spelling_that_finds_something_is_offered_with_its_number(shelf, text, first):
    found = offered(text)
    assert (found[0] if found else None) == first
    for query, count in found:
        assert results.find(Query(q=query)).total == count


@pytest.mark.parametrize(
    "text",
    [
        "冶",
        "賢冶",
        "ごるふ",
        "ごるふ 夜",
        "9784003101110",
        "",
        "？",
        "あ" * 60,
        "%%%",
        '"(',
        "宮沢賢治",
        "銀河鉄道の夜",
    ],
)
def test_nothing_is_offered_for_what_is_like_nothing_or_is_found(shelf, text):
    assert offered(text) == []


def test_three_at_most_are_offered(db):
    stock(
        *(
            (number + 1, f"月光の{name}", {})
            for number, name in enumerate(("図書館", "図書室", "図書棚", "図書亭", "図書家"))
        )
    )
    found = offered("月光の図書会")
    assert len(found) == spellings.MOST and all(count > 0 for _, count in found)


def test_with_some_hits_only_what_finds_more_is_offered(db):
    stock((3, "図書感", {}), (3, "図書館", {}))
    assert offered("図書感") == []
    stock((1, "図書館の話", {}))
    assert offered("図書感") == [("図書館", 4)]


def test_with_more_hits_only_what_finds_twenty_times_as_many_is_offered(db):
    stock((4, "図書感", {}), (79, "図書館", {}))
    assert offered("図書感") == []
    stock((1, "図書館", {}))
    assert offered("図書感") == [("図書館", 80)]
    assert offered("図書館") == []


def test_a_kanji_may_stand_for_kana_inside_a_word(db):
    stock((2, "三匹のあり", {}))
    assert offered("三匹人あり") == [("三匹のあり", 2)]
    assert offered("三匹のへび") == []


def test_a_particle_is_no_misspelled_kanji(db):
    stock((2, "図書館の歩き方", {}))
    assert offered("図書館学") == []


def test_limits_change_nothing_about_what_was_meant(shelf):
    assert offered("宮沢賢治", available=True) == []
    assert offered("宮沢賢冶", available=True) == [("宮沢賢治", 2)]


def test_a_word_that_nothing_has_is_mended_also_where_the_others_find_nothing_with_it(shelf):
    found = results.find(Query(q="宮沢賢冶 存在しない言葉 夜"))
    assert (found.suggestions, found.mended) == ([], {"宮沢賢冶": ("宮沢賢治", 2)})
    assert results.find(Query(q="宮沢賢冶")).mended == {}


def test_a_word_that_is_read_alike_is_offered(db):
    stock(
        (1, "公演の記録", {"title_kana": "コウエン ノ キロク"}), (5, "公園で遊ぶ", {"title_kana": "コウエン デ アソブ"})
    )
    factories.catalogued("科学と化学", title_kana="カガク ト カガク", by=("公文, 園子", "コウブン, エンコ"))
    assert offered("公演") == [("公園", 5)]
    assert offered("公園で") == [] and offered("後援") == [("公園", 5), ("公演", 1)]
    stock(
        (79, "講演の技術", {"title_kana": "コウエン ノ ギジュツ"}),
        (3, "公演の歴史", {"title_kana": "コウエン ノ レキシ"}),
    )
    assert offered("公演") == [], "79 are not twenty times 4"
    stock((1, "講演の技術", {"title_kana": "コウエン ノ ギジュツ"}))
    assert offered("公演") == [("講演", 80)]
    assert offered("講演") == []
