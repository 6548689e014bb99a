import unicodedata

import pytest
from hypothesis import given, settings, strategies as st

from library.catalog.folding import sort_key

ALWAYS = settings(max_examples=400)
ANYTHING = st.text(
    st.one_of(st.sampled_from("はばぱハっつッツーゝゞあア 0129aÉ・亜\ud800\x00"), st.characters()), max_size=20
)


@pytest.mark.parametrize(
    "ordered",
    [
        "2 10 200 abc あ い 亜",
        "あ い う え お か さ た な は ま や ら わ ん",
        "あい あいう あう",
        "さと さど さとう さとうや",
        "はつか はっき はつく",
        "は ハ ば バ ぱ パ",
        "つ づ て",
        "はーと ハート はあと ハアト ばあと ぱあと",
        "かー カー かあ カア ガー があ ガア",
        "きゃく キャク きやく キヤク ぎゃく ぎやく",
        "いすす いすゞ イスヾ いすず イスズ",
        "はっか ハッカ はつか ハツカ ばっか ばつか ぱっか",
        "すゝき すすき すゞき すずき",
        "うぁ ウァ うあ ウア ヴァ ウイ",
        "ち ぢ ちい つ",
        "を ん",
        "ろ わ ゐ ゑ を",
    ],
)
def test_readings_stand_in_the_order_of_a_dictionary(ordered):
    keys = [sort_key.key(word) for word in ordered.split()]
    assert keys == sorted(set(keys))


def test_equal_readings_are_parted_by_marks_then_kind_then_script_then_title():
    keys = [sort_key.key(reading) for reading in ("ハート", "はあと", "ハアト", "ばあと")]
    assert {key.partition(" ")[0] for key in keys} == {"はあと"}
    assert keys == sorted(keys)
    assert sort_key.key("あめ", "雨") < sort_key.key("あめ", "飴") < sort_key.key("あめや", "雨")


@pytest.mark.parametrize(
    ("reading", "column"),
    [
        ("ウェストミンスターじいん", "うえすとみんすたあしいん"),
        ("クリスマス・イーヴ", "くりすますいいう"),
        ("かぐら（そのに）", "かくらそのに"),
        ("こもりうた", "こもりうた"),
        ("かいじゅう", "かいしゆう"),
        ("パリのりょそうより", "はりのりよそうより"),
        ("あおずいせん、あかずいせん", "あおすいせんあかすいせん"),
        ("ｶﾞﾗｽ", "からす"),
        ("か゛らす", "からす"),
        ("いすゞ", "いすす"),
        ("ファーブル　コンチュウキ", "ふああふるこんちゆうき"),
        ("Éric", "eric"),
        ("ー", ""),
        ("ンー", "ん"),
    ],
)
def test_the_first_part_is_the_reading_without_marks(reading, column):
    assert sort_key.key(reading, "").partition(" ")[0] == column


def test_a_title_without_reading_stands_by_itself():
    assert sort_key.key("", "こころ").split()[0] == "こころ"
    assert sort_key.key("・", "Zoo").split()[0] == "zoo"
    assert sort_key.key("わ") < sort_key.key("", "猫")


def test_numbers_stand_by_their_value():
    volumes = [sort_key.key(f"ドラゴン {number}") for number in (1, 2, 9, 10, 99, 100, 10**8, 10**12)]
    assert volumes == sorted(volumes)
    assert sort_key.key("007").split()[0] == sort_key.key("7").split()[0]


@pytest.mark.parametrize(
    ("reading", "heading"),
    [
        ("ガラス", "か"),
        ("うみ", "あ"),
        ("ヴァン", "あ"),
        ("ん", "わ"),
        ("ゐど", "わ"),
        ("Zoo", "Z"),
        ("1984", "0"),
        ("猫", "他"),
        ("", "他"),
        ("ぱり", "は"),
        ("っ", "た"),
    ],
)
def test_an_index_has_a_heading_for_each_key(reading, heading):
    assert sort_key.heading(sort_key.key(reading)) == heading


@ALWAYS
@given(ANYTHING, ANYTHING)
def test_any_text_has_a_key_that_can_be_stored(reading, title):
    key = sort_key.key(reading, title)
    key.encode()
    assert "\x00" not in key
    assert sort_key.heading(key)


@ALWAYS
@given(ANYTHING)
def test_half_width_and_composed_forms_sort_as_one(text):
    assert sort_key.key(unicodedata.normalize("NFKD", text)) == sort_key.key(unicodedata.normalize("NFKC", text))


@ALWAYS
@given(st.text("あかがはばぱっつー", min_size=1, max_size=8), st.text("あかはん", min_size=1, max_size=4))
def test_a_longer_reading_stands_after_its_beginning(beginning, rest):
    assert sort_key.key(beginning) < sort_key.key(beginning + rest)


def test_ten_thousand_characters_have_a_key():
    for letter in ("あ", "ー", "9", "ゞ", "\u0300", "ﷺ"):
        assert sort_key.key(letter * 10_000) or letter == "ー"
