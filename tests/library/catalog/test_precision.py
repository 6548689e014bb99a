"""Everyday words find titles that have them (spec 14, 3); ``tests/relevance/oracle.py`` judges the titles."""

from collections import Counter

import pytest

from tests import libraries
from tests.relevance import oracle, precision
from tests.relevance.oracle import (
    ACROSS,
    HEADING,
    INSIDE,
    LETTERS,
    NONE,
    PERSON,
    READING,
    REST,
    TITLE,
    Record,
    Text,
    Word,
)

CASES = precision.cases()


def test_the_table_has_so_many_words_of_each_kind_and_none_twice():
    assert Counter(case.kind for case in CASES) == {"kana": 30, "kanji": 53, "life": 30, "sentence": 25}
    assert len({case.text for case in CASES}) == 138


def test_each_sentence_has_the_words_that_must_remain():
    letters = {oracle.fold(case.text): [oracle.fold(word) for word in case.words] for case in CASES}
    assert [text for text, words in letters.items() if not words or any(word not in text for word in words)] == []


@pytest.fixture(params=precision.STOCKED)
def given(request, migrated, tmp_path):
    """The judgements of one catalogue."""
    libraries.fill(tmp_path, migrated)
    with precision.opened(precision.STOCKED[request.param], tmp_path):
        return precision.judgements(CASES)


def test_nine_of_the_first_ten_titles_have_the_word(given):
    assert precision.broken(given) == []


# -- the oracle ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("word", "text", "way"),
    [
        ("ギター", Text(TITLE, "はじめてのｷﾞﾀｰ"), LETTERS),
        ("ギター", Text(TITLE, "北の少女", "キタ ノ ショウジョ"), NONE),
        ("サッカー", Text(TITLE, "作家の生活", "サッカ ノ セイカツ", "Sakka no seikatsu"), NONE),
        ("サッカー", Text(TITLE, "蹴球", "", "Sakkā no hon"), READING),
        ("いじめ", Text(TITLE, "はじめての料理", "ハジメテ ノ リョウリ"), NONE),
        ("ねこ", Text(PERSON, "金子みすゞ", "カネコ ミスズ"), INSIDE),
        ("ねこ", Text(HEADING, "金講座", "カネ コウザ"), ACROSS),
        ("ねこ", Text(HEADING, "金講座", "", "Kane kōza"), NONE),
        ("パン", Text(TITLE, "新版", "", "Shinpan"), INSIDE),
        ("鳥", Text(TITLE, "とり", "", "Tori no uta"), READING),
        ("ねこ", Text(PERSON, "根古谷", "ネコヤ"), READING),
        ("うさぎ", Text(TITLE, "兎の眼"), READING),
        ("バス", Text(TITLE, "蓮の花", "ハスノハナ"), NONE),
        ("おもちゃ", Text(TITLE, "悲しき玩具", "カナシキガング"), READING),
        ("ギリシャ", Text(HEADING, "ギリシア神話"), LETTERS),
        ("夏目漱石", Text(PERSON, "夏目, 漱石"), LETTERS),
        ("国", Text(TITLE, "國語"), LETTERS),
        ("虫", Text(TITLE, "校庭のむし図鑑"), READING),
        ("虫", Text(TITLE, "カブトムシ", "カブトムシ"), NONE),
        ("空", Text(TITLE, "駅から歩く", "エキ カラ アルク"), NONE),
        ("引っ越し", Text(REST, "幽霊の引っこし"), READING),
        ("妊娠", Text(TITLE, "にんじん"), NONE),
        ("NISA", Text(TITLE, "はじめてのNISA"), LETTERS),
        ("NISA", Text(TITLE, "細雪", "ササメユキ", "Nisan sannin"), NONE),
    ],
)
def test_a_record_has_a_word_by_this_way(word, text, way):
    assert Word(word).way(Record("", [text])) == way


def test_a_long_vowel_is_its_mark_and_no_other_kana():
    record = Record("", [Text(TITLE, "とおきょお ぎたあ さかな")])
    assert [Word(each).way(record) for each in ("とうきょう", "ギター", "サーカナ")] == [LETTERS, LETTERS, NONE]
