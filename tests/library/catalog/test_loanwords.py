"""Foreign words in katakana: what is one word, and what stays two."""

import pytest

from library.catalog.folding import fold, loanwords

SAME = [
    ("シェイクスピア", "シェークスピア", "シエイクスピア"),
    ("コンピュータ", "コンピューター"),
    ("メイト", "メート"),
    ("ヴェネチア", "ベネチア"),
    ("ヴァイオリン", "バイオリン"),
    ("ウィーン", "ヴィーン"),
    ("ワーグナー", "ヴァーグナー"),
    ("ウォルフ", "ヴォルフ"),
    ("ディジタル", "デジタル"),
    ("ダイヤモンド", "ダイアモンド"),
    ("ギリシャ神話", "ギリシア神話"),
    ("ボウリング", "ボーリング"),
    ("ツァラトゥストラ", "ツァラツストラ"),
    ("アンティーク", "アンチーク"),
    ("ファンタジー", "フアンタジー"),
    ("イェーツ", "エーツ"),
    ("ソビエト", "ソヴェト", "ソヴィエト", "ソヴェート", "ソビエット"),
]
OTHERS = [("ウィーン", "ビーン"), ("ビル", "ピル"), ("ガラス", "カラス"), ("チーズ", "ジーズ")]


@pytest.mark.parametrize("words", SAME, ids=lambda words: words[0])
def test_foreign_words_are_one_however_they_are_written(words):
    first = set(loanwords.loanword_keys(words[0]))
    assert all(first & set(loanwords.loanword_keys(word)) for word in words)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_words_stay_others(one, other):
    assert not set(loanwords.loanword_keys(one)) & set(loanwords.loanword_keys(other))


@pytest.mark.parametrize("text", ["キー", "こんぴゅーたー", "猫", "digital", "", "ノ"])
def test_a_word_without_three_letters_of_katakana_has_no_key(text):
    assert loanwords.loanword_keys(text) == []


def test_a_key_is_folded_and_leaves_the_rest_of_the_text():
    (key,) = loanwords.loanword_keys("はじめてのﾃﾞｨｼﾞﾀﾙ・カメラ")
    assert key == fold.strict(key) == "はじめてのでじたるかめら"
