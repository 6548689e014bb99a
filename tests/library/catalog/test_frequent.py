"""Words that stand in many titles: which there are, how they are found, and when they are counted again."""

import numpy as np
import pytest

from library.catalog.search import facts, frequent_words, snapshot
from tests.library.catalog.test_spellings import offered, stock


@pytest.fixture
def words(db):
    stock(
        (60, "図書館の歴史", {"title_kana": "トショカン ノ レキシ"}),
        (30, "公園", {"title_kana": "コウエン"}),
        (19, "講演", {"title_kana": "コウエン"}),
    )
    return snapshot.current().frequent


def written(words, indexes):
    return [words.written[index] for index in indexes]


def test_words_between_two_edges_are_counted_and_rare_ones_are_not(words):
    assert words.title_counts[words.folded.index("図書館")] == 60
    assert {"図書館の歴史", "歴史", "公園"} <= set(words.written) and "講演" not in words.written


def test_words_are_found_by_most_of_their_letters_and_by_their_reading(words):
    assert "図書館" in written(words, words.candidates("図書缶", 1, 20)) and words.candidates("図書缶", 1, 61) == []
    assert written(words, words.read_as("こうえん", 20)) == ["公園"] and words.read_as("こうえん", 31) == []


def test_of_a_large_catalogue_some_titles_tell_of_all(words, monkeypatch):
    monkeypatch.setattr(frequent_words, "TITLES", 22)  # each fifth
    some = frequent_words.count_in_sample(np.array(snapshot.current().ids))
    assert some.title_counts[some.folded.index("図書館")] == 60


def test_words_met_once_give_way_where_there_is_no_room(words, monkeypatch):
    monkeypatch.setattr(frequent_words, "ROOM", 3)
    assert "図書館" in frequent_words.count_in_sample(snapshot.current().ids).folded


def test_words_are_counted_again_when_many_titles_came(words):
    before = snapshot.current()
    stock((1, "講演", {"title_kana": "コウエン"}))
    assert facts.read(before).frequent is before.frequent
    stock((1, "別の本", {}))
    assert "講演" in facts.read(before).frequent.written


def test_a_frequent_word_of_two_changes_or_in_kana_is_offered(db):
    stock(
        (400, "図書館情報学入門", {"title_kana": "トショカン ジョウホウガク ニュウモン"}), (4, "図書館精報楽入門", {})
    )
    assert offered("図書館精報楽入門") == [("図書館情報学入門", 400)]
    stock((4, "とちょかんの話", {}))
    assert offered("とちょかん") == [("トショカン", 404)]
