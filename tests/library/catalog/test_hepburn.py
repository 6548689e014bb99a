"""Readings in Latin letters, as libraries write them."""

import pytest
from hypothesis import given, settings, strategies as st

from library.catalog.folding import hepburn, romanised
from tests.relevance import romanised as by_hand


@pytest.mark.parametrize(("reading", "latin"), [
    ("ワガハイ ワ ネコ デ アル", "Wagahai wa neko de aru"),
    ("トウキョウ", "Tōkyō"),
    ("オオサカ", "Ōsaka"),
    ("キュウシュウ", "Kyūshū"),
    ("ウツクシイ ムラ", "Utsukushii mura"),
    ("オカアサン ト オネエサン", "Okāsan to onēsan"),
    ("センセイ", "Sensei"),
    ("コーヒー ト ケーキ", "Kōhī to kēki"),
    ("シンブン ト アンパン", "Shinbun to anpan"),
    ("シンアン", "Shin'an"),
    ("ホンヤ サン", "Hon'ya san"),
    ("コンニャク", "Konnyaku"),
    ("マッチャ ト キップ ト ザッシ", "Matcha to kippu to zasshi"),
    ("フジ ツヅキ ヂシン", "Fuji tsuzuki jishin"),
    ("ジャ ジュ ジョ シャ チャ ヂャ リョ", "Ja ju jo sha cha ja ryo"),
    ("ファン フィルム ヴェニス ティー ディスク トゥ チェロ シェフ ジェット ウィーン ウォルター ツァー",
     "Fan firumu venisu tī disuku tu chero shefu jetto wīn worutā tsā"),
    ("ヰタ ヱ ヲ", "Ita e o"),
    ("アッ", "A"),
    ("ー", ""),
    ("", ""),
    # particles are written as they are spoken, however the reading has them
    ("ハハ ハ ウミ ヘ ホン ヲ", "Haha wa umi e hon o"),
    ("ハハ ワ ウミ エ ホン オ", "Haha wa umi e hon o"),
    # what is no kana stays, and Japanese signs become Western ones
    ("IT ニュウモン ト CD", "IT nyūmon to CD"),
    ("20セイキ", "20seiki"),
    ("ジュール・ヴェルヌ", "Jūru verunu"),
    ("「イキ」ノ コウゾウ", "“Iki” no kōzō"),
    ("オモイデ（コドモ）、ソノ タ", "Omoide (kodomo), sono ta"),
    ("ﾋﾞﾙﾏ ﾉ ﾀﾃｺﾞﾄ", "Biruma no tategoto"),
])  # fmt: skip
def test_a_reading_in_words_is_romanised(reading, latin):
    assert hepburn.romanise(reading) == latin


@pytest.mark.parametrize(("text", "reading", "latin"), [
    ("吾輩は猫", "わがはいはねこ", "Wagahaihaneko"),  # it divides in two ways
    ("図書館に生きる道", "トショカンニイキルミチ", "Toshokan ni ikiru michi"),
    ("桜の樹の下には", "サクラノキノシタニハ", "Sakura no ki no shita ni wa"),
    ("手袋を買いに", "テブクロヲカイニ", "Tebukuro o kai ni"),
    ("赤い蝋燭と人魚", "アカイロウソクトニンギョ", "Akai rōsoku to ningyo"),
    ("注文の多い料理店", "チュウモンノオオイリョウリテン", "Chūmon no ōi ryōriten"),
    ("よだかの星", "ヨダカノホシ", "Yodaka no hoshi"),
    ("学問のすゝめ", "ガクモンノススメ", "Gakumon no susume"),
    ("取り消し", "トリケシ", "Torikeshi"),
    ("彫るもの", "ホルモノ", "Horumono"),
    ("走れメロス", "ハシレメロス", "Hashire merosu"),
    ("ランボオへ", "ランボオヘ", "Ranbō e"),
    ("思ひ出", "オモイデ", "Omoide"),
    ("こころ", "ココロ", "Kokoro"),
    ("ごん狐", "ゴン", "Gon"),
    # 思う has no long vowel, 通り has one
    ("山を思う", "ヤマ オ オモウ", "Yama o omou"),
    ("山を思う", "やまをおもう", "Yama o omou"),
    ("思うこと", "オモウコト", "Omoukoto"),
    ("通り", "トオリ", "Tōri"),
])  # fmt: skip
def test_the_text_tells_words_and_vowels_apart(text, reading, latin):
    assert hepburn.romanise(reading, text) == latin


def test_names_begin_with_capitals():
    assert hepburn.romanise("ナツメ, ソウセキ", name=True) == "Natsume, Sōseki"
    assert hepburn.romanise("オオエ シンイチ", name=True) == "Ōe Shin'ichi"


def test_macrons_can_be_left_out():
    assert hepburn.romanise("トウキョウ ノ オカアサン", macrons=False) == "Tokyo no okasan"


WORDS = st.lists(
    st.sampled_from("アキ トショ カン マド ネコ イス ハコ ミセ テガミ コーヒー キップ ジュン".split()), min_size=1
)


@settings(max_examples=100)
@given(WORDS)
def test_another_table_has_the_same_latin_letters(words):
    assert hepburn.romanise(" ".join(words)) == by_hand.with_long_vowels(" ".join(words))


@settings(max_examples=100)
@given(WORDS)
def test_a_romanisation_is_read_back(words):
    latin = hepburn.romanise(" ".join(words))
    assert romanised.kana_reading(latin, latin).replace("ー", "ウ").replace("コウヒウ", "コウヒイ") == " ".join(
        words
    ).replace("コーヒー", "コウヒイ")


@settings(max_examples=200)
@given(st.text(), st.text())
def test_any_reading_is_taken(reading, text):
    hepburn.romanise(reading, text)
