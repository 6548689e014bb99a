"""Kana for kanji: which spellings agree, how words are read, and how else they are written."""

import pytest

from library.catalog.folding import fold, readings
from library.catalog.folding.kana_kanji import Position, agree, position_of

AGREE = [
    ("芥川りゅうのすけ", "芥川龍之介", "アクタガワリュウノスケ"),
    ("あくたがわ龍之介", "芥川龍之介", "アクタガワリュウノスケ"),
    ("子ども", "子供", "コドモ"),
    ("子供", "子ども", "コドモ"),
    ("子供", "こども", "コドモ"),
    ("生まれかわる", "生まれ変わる", "ウマレカワル"),
    ("うまれ変わる", "生まれかわる", "ウマレカワル"),
    ("今日の料理", "きょうの料理", "キョウノリョウリ"),
    ("きょうの料理", "今日の料理", "キョウノリョウリ"),
    ("お年より", "お年寄り", "オトシヨリ"),
    ("吾輩はねこである", "吾輩は猫である", "ワガハイワネコデアル"),
]
DIFFER = [
    ("公園", "講演", "コウエン"),
    ("公えん", "講演", "コウエン"),
    ("公園", "公民園", "コウミンエン"),
    ("公えん", "公民館の講演", "コウミンカンノコウエン"),
    ("子供", "小供", "コドモ"),
    ("科学", "化学", "カガク"),
]


def folded(*texts):
    return [fold.strict(text) for text in texts]


@pytest.mark.parametrize(("one", "other", "kana"), AGREE)
def test_kana_on_one_side_agrees(one, other, kana):
    assert agree(*folded(one, other, kana))


@pytest.mark.parametrize(("one", "other", "kana"), DIFFER)
def test_two_kanji_never_agree_however_they_are_read(one, other, kana):
    assert position_of(*folded(one, other, kana)) is None


def test_a_part_is_found_where_it_stands():
    text, kana = folded("宮沢賢治の童話", "ミヤザワケンジノドウワ")
    assert position_of(fold.strict("宮沢けんじ"), text, kana) == Position(begins=True, ends=False)
    assert position_of(fold.strict("けんじの童話"), text, kana) == Position(begins=False, ends=True)
    assert position_of(fold.strict("賢じ"), text, fold.strict("ナツメソウセキ")) is None


@pytest.mark.parametrize(
    ("word", "kana"),
    [
        ("公園", "こうえん"),
        ("芥川龍之介", "あくたがわりゅうのすけ"),
        ("銀河鉄道の夜", "ぎんがてつどうのよる"),
        ("日本", "にほん"),
    ],
)
def test_words_are_read(word, kana):
    found = readings.readings(fold.strict(word))
    assert fold.strict(kana) in found and len(found) <= readings.MOST


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("子ども", ["子供", "こども"]),
        ("こども", ["子供", "子ども"]),
        ("子供の本", ["子どもの本", "こどもの本"]),
        ("生まれ変わる", ["生まれかわる"]),
    ],
)
def test_words_are_written_otherwise(word, others):
    assert set(others) <= set(readings.other_spellings(fold.strict(word)))


@pytest.mark.parametrize("word", ["公園", "子ども", "猫", "十二国記", "夏目漱石全集", "々", "a", ""])
def test_other_spellings_are_few_and_none_is_the_word_itself(word):
    found = readings.other_spellings(fold.strict(word))
    assert len(found) <= readings.SPELLINGS and fold.strict(word) not in found


def test_nobody_is_read_as_somebody_else():
    assert "講演" not in readings.other_spellings("公園")
    assert readings.entry("龠龠") == readings.NOTHING
