"""言い換え: what is found by a text that finds nothing as it was typed, and what was looked for instead
(docs/adr/0103-said-otherwise.md).
"""

import pytest

from library.catalog.folding import unspaced_words
from library.catalog.query import asked_volumes
from library.catalog.query.query import Query
from library.catalog.records import InSeries
from library.catalog.series import volumes
from library.catalog.shown import results
from models import Title
from tests import factories

BOOKS = [
    ("下町ロケット", "シタマチ ロケット", ""), ("下町ロケット", "シタマチ ロケット", "2"), ("鬼の刃", "オニ ノ ヤイバ", "1"), ("鬼の刃", "オニ ノ ヤイバ", "7"),
    ("鬼の刃", "オニ ノ ヤイバ", "17"), ("遠雷", "エンライ", "上"), ("遠雷", "エンライ", "下"), ("風になれ", "カゼ ニ ナレ", "第1部"),
    ("風になれ", "カゼ ニ ナレ", "第2部"), ("星の王子さま", "ホシ ノ オウジサマ", ""), ("ごんぎつね", "ゴンギツネ", ""), ("恐竜", "キョウリュウ", ""),
    ("Python実践入門", "パイソン ジッセン ニュウモン", ""), ("ぐりのおきゃくさま", "グリ ノ オキャクサマ", ""), ("舟を編む", "フネ オ アム", ""),
     ("罪と罰", "ツミ ト バツ", ""),
    ("オリエント急行の殺人", "オリエント キュウコウ ノ サツジン", ""), ("グレート・ギャツビー", "グレート ギャツビー", ""),
     ("ChatGPT仕事術", "チャットジーピーティー シゴトジュツ", ""),
]  # fmt: skip


@pytest.fixture
def stock(db):
    for title, kana, volume in BOOKS:
        factories.catalogued(title, by=("亀山郁夫", "カメヤマ, イクオ"), title_kana=kana, volume=volume)
    factories.catalogued("海の図鑑", by=None, title_kana="ウミ ノ ズカン")
    for title in (
        "教団X",
        "静岡県の山歩き",
        "静岡の川",
        "置かれた場所で咲きなさい",
        "プランターで楽しむはじめての野菜づくり",
    ):
        factories.catalogued(title, by=None)
    factories.catalogued("夜の霧", by=("ヴィクトール・E・フランケル", "フランケル, ヴィクトール・E"))
    factories.catalogued("FPの教科書3級", by=None)


def found(text):
    page = results.find(Query(q=text))
    return [Title.get_by_id(each).full_name for each in page.ids], page.instead


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("下町ロケット2", "下町ロケット 2"),
        ("下町ロケットⅡ", "下町ロケット 2"),
        ("鬼の刃７巻", "鬼の刃 7"),
        ("鬼の刃 第7巻", "鬼の刃 7"),
        ("鬼の刃 vol.7", "鬼の刃 7"),
        ("7巻 おにのやいば", "鬼の刃 7"),
        ("鬼の刃 七巻", "鬼の刃 7"),
        ("遠雷下", "遠雷 下"),
        ("遠雷 下巻", "遠雷 下"),
        ("遠雷2", "遠雷 下"),
        ("風になれ第二部", "風になれ 第2部"),
        ("星の王子様", "星の王子さま"),
        ("ごん狐", "ごんぎつね"),
    ],
)
def test_a_volume_and_the_same_words_are_found_without_a_word(stock, text, name):
    assert found(text) == ([name], "")


@pytest.mark.parametrize(("text", "name"), [("名探偵コタン 104巻", "名探偵コタン 104"), ("めいたんていコタン105", "名探偵コタン 105"),
    ("遠い橋 二", "遠い橋 二 新装版")])  # fmt: skip
def test_a_volume_that_stands_in_the_title_is_found(db, text, name):
    for title in ("名探偵コタン 104", "名探偵コタン 105", "遠い橋 一 新装版", "遠い橋 二 新装版"):
        factories.catalogued(title, by=None)
    assert found(text) == ([name], "")


@pytest.mark.parametrize(
    ("text", "names"),
    [("しっぽ探偵ファイル2", ["夜の巨人"]), ("しっぽたんていファイル １", ["紫の暗号"]), ("夜の巨人1", [])],
)
def test_a_number_in_a_series_is_a_volume_of_it(db, text, names):
    for number, title in (("1", "紫の暗号"), ("2", "夜の巨人")):
        series = InSeries("しっぽ探偵ファイル", "シッポ タンテイ ファイル", number=number)
        factories.catalogued(title, by=None, in_series=[series])
    assert found(text)[0] == names


@pytest.mark.parametrize(
    ("text", "name", "instead"),
    [
        ("罪と罰 亀山訳", "罪と罰", "罪と罰 亀山"),
        ("恐竜の本", "恐竜", "恐竜"),
        ("海の本", "海の図鑑", "海"),
        ("恐竜図鑑", "恐竜", "恐竜"),
        ("python入門", "Python実践入門", "python 入門"),
        ("船を編む", "舟を編む", "舟を編む"),
        ("亀山郁夫の罪と罰", "罪と罰", "亀山郁夫 罪と罰"),
        ("オリエント急行殺人事件", "オリエント急行の殺人", "オリエント 急行 殺人"),
        ("ザ・グレート・ギャツビー", "グレート・ギャツビー", "グレート ギャツビー"),
        ("恐竜についての本はありますか", "恐竜", "恐竜"),
        ("亀山郁夫が訳した罪と罰", "罪と罰", "亀山郁夫 罪と罰"),
        ("静岡の山歩き", "静岡県の山歩き", "静岡 山歩き"),
        ("置かれたところで咲きなさい", "置かれた場所で咲きなさい", "置か 咲き"),
        ("プランタで楽しむ野菜作り", "プランターで楽しむはじめての野菜づくり", "プランタ 楽し 野菜 作り"),
        ("ごんぎつねの えほん", "ごんぎつね", "ごんぎつね"),
        ("きょうりゅうのほん", "恐竜", "きょうりゅう"),
        ("ヴィクトル・フランケル", "夜の霧", "ヴィクトル フランケル"),
        ("FP3級", "FPの教科書3級", "FP 3級"),
    ],
)
def test_a_search_in_other_words_names_them(stock, text, name, instead):
    assert found(text) == ([name], instead)


@pytest.mark.parametrize(("text", "names"), [("アクロン殺人事件", []), ("青い服の作り方", [])])
def test_of_glued_words_the_rarest_is_not_left_out(db, text, names):
    for title in ("アクロン殺し", "カササ殺人事件", "坂の殺人事件", "アクロン急行", "青い鳥", "服の作り"):
        factories.catalogued(title, by=None)
    assert found(text)[0] == names


def test_other_volumes_are_shown_where_the_one_is_not_there(stock):
    names, instead = found("鬼の刃5")
    assert (set(names), instead) == ({"鬼の刃 1", "鬼の刃 7", "鬼の刃 17"}, "鬼の刃")


@pytest.mark.parametrize("text", ["恐竜 5", "罪と罰 ぬぬぬ", "遠雷 中", "海の図鑑 -海", "9784000000000", "゛", "2"])
def test_all_words_are_still_to_be_found(stock, text):
    names, instead = found(text)
    assert names == [] or (text, instead) in [("遠雷 中", "遠雷"), ("2", "")]


def test_a_word_of_its_own_is_not_replaced_by_one_that_is_read_alike(db):
    factories.catalogued("講演の記録", by=None, title_kana="コウエン ノ キロク")
    page = results.find(Query(q="公園"))
    assert (page.total, page.suggestions) == (0, [("講演", 1)])


def test_a_text_that_nobody_types_is_not_said_otherwise(stock):
    assert found("罪と罰 " * 14 + "亀山訳") == (["罪と罰"], "罪と罰 " * 14 + "亀山")
    assert found("罪と罰 " * 15 + "亀山訳") == ([], "")


def test_limits_hold_for_what_is_found_otherwise(stock):
    assert results.find(Query(q="船を編む", year_from=2999)).total == 0


@pytest.mark.parametrize(
    ("text", "rest", "volume"),
    [("三体２", "三体", 2), ("ONE PIECE 巻12", "ONE PIECE", 12), ("(三) 坂の上の雲", "坂の上の雲", 3), ("冬の旅 Part3", "冬の旅", 3),
     ("雲 IV", "雲", 4), ("二十巻 雲", "雲", 20)],
)  # fmt: skip
def test_a_volume_is_read_from_a_text(text, rest, volume):
    assert asked_volumes.read(text) == (rest, volume)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("TOEIC公式問題集", ["TOEIC", "公式", "問題集"]),
        ("青葉町歴史", ["青葉町", "歴史"]),
        ("恐竜図鑑", ["恐竜", "図鑑"]),
        ("船を編む", ["船を編む"]),
        ("猫輩", ["猫輩"]),
        ("広辞苑第7版", ["広辞苑", "第7版"]),
        ("FP3級", ["FP", "3級"]),
        ("英検準2級", ["英検", "準2級"]),
        ("", []),
    ],
)
def test_glued_words_are_told_apart(word, parts):
    assert unspaced_words.split(word) == parts


@pytest.mark.parametrize("text", ["2001", "東京2020", "三四郎", "mix", "上", "3巻", ""])
def test_a_text_that_is_no_volume_stays_text(text):
    assert asked_volumes.read(text) is None


def test_a_volume_is_recognised_by_its_first_number():
    assert volumes.is_numbered("第3巻", 3) and volumes.is_numbered("3 上", 3) and not volumes.is_numbered("13", 3)
    assert (
        volumes.has_number("第1部 3", 3) and volumes.may_be_numbered("下", 2) and not volumes.may_be_numbered("上", 2)
    )
