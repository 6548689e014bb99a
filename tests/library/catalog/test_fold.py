import unicodedata

import pytest
from hypothesis import example, given, settings, strategies as st

from library.catalog.folding import fold, letters

# Lone surrogates and controls, too; and often the letters whose neighbours matter.
CONTEXT = (
    "かがけヶケヵカヴァゔぁ゛゜\u3099ゝゞ〱〳〵々-ー―一・. NnEeTt+#霞関三十〇○\ufe00\U000e0100\u0301\x00\ud800髙說가각ﷺ"
)
ANYTHING = st.text(st.one_of(st.sampled_from(CONTEXT), st.characters()), max_size=30)
ALWAYS = settings(max_examples=600)

SAME = """
髙村 高村 | 﨑 崎 | 宮﨑 宮崎 | 渡邉 渡辺 | 渡邊 渡辺 | 濵田 浜田 | 濱田 浜田 | 查 査 | 說 説 | 戰 戦 | 國 国 | 圖書館 図書館 | 龍 竜
德川 徳川 | 澤 沢 | 廣 広 | 栁 柳 | 𠮷野 吉野 | 桒 桑 | 冨士 富士 | 嶋 島 | 嶌 島 | 齋藤 斎藤 | 齊藤 斉藤 | 眞 真 | 惠 恵 | 瀨 瀬
靑 青 | 黑 黒 | 淸 清 | 卽 即 | 鷗外 鴎外 | 别 別 | 污 汚 | 櫻 桜 | 辨 弁 | 瓣 弁 | 辯 弁 | 藝術 芸術 | 學校 学校 | 經濟 経済 | 產 産
舘 館 | 淵 渕 | 槇 槙 | 檜 桧 | 凛 凜 | 堯 尭 | 說话 説話 | 华 華 | 变 変 | 𣘺本 橋本 | 神 神 | 福祉 福祉 | 塚 塚 | 葛󠄀城 葛城 | 貓 猫 | 蘆刈 芦刈 | 罸 罰 | 脉 脈 | 復讎 復讐
ﾊﾞｰ バー | Ａ a | ＡＢＣ abc | ① 1 | Ⅲ iii | ㈱ 株 | ㍻ 平成 | ㋿ 令和 | ﬁ fi | ㌔ キロ
か゛ が | カ゛ ガ | は゜ ぱ | か\u3099 が | ｶﾞ ガ
Les Misérables lesmiserables | Dento̅ dento | naïve NAIVE | Straße strasse | Ødegård odegard | Łódź lodz | œuvre oeuvre | Ænima aenima | İ i
ネコ ねこ | ねこ ネコ | ヷ バ | ヴァイオリン バイオリン | ヴィ ビ | ヴ ブ | ヴェニス ベニス | ヴォルガ ボルガ | ゔぁ ば | レヴュー レビュー
ヂ ジ | はなぢ はなじ | ヅ ズ | みかづき みかずき | ヲ オ | ヰ イ | ヱ エ | ゐる いる | こゑ こえ | 坊っちゃん 坊つちやん
キャット キヤツト | ファ フア | ヮ ワ | トゥ トウ | ㇰ ク
霞ヶ関 霞が関 | 霞ケ関 霞が関 | 霞ヵ関 霞が関 | 八ヶ岳 八が岳 | 八ケ岳 八ヶ岳 | 三ヶ月 三か月 | 三カ月 三か月 | 三ヵ月 三ヶ月 | 3ヶ月 ３か月
10カ国語 10か国語 | 15才 15歳 | 十五才 十五歳 | 関ヶ原 関ケ原 | 自由ヶ丘 自由が丘 | 一ヶ月 一ケ月 | 数カ国 数か国
佐々木 佐佐木 | 代々木 代代木 | 少々 少少 | 部分々々 部分部分 | 佐 々木 佐々木 | 々木 々木 | 髙々 高高 | いすゞ いすず | すゝき すすき | かゞみ かがみ | 少しづゝ 少しずつ | バナヽ バナナ
いろ〱 いろいろ | いろ〳〵 いろいろ
コ-ヒー コーヒー | コ－ヒー コーヒー | コ―ヒー コーヒー | コ−ヒー コーヒー | コ—ヒー コーヒー | テ一ブル テーブル | ｺｰﾋｰ コーヒー | らーめん ラーメン
夏目 漱石 夏目漱石 | 夏目　漱石 夏目漱石 | 夏目, 漱石 夏目漱石 | ハギノ, マサアキ はぎのまさあき | アーサー・ランサム アーサーランサム | 「猫」 猫
10〜20 1020 | 10～20 1020 | 978-4-10 978410 | あ…い あい | A/B ab | 坊っちゃん。 坊っちゃん | don't dont | kon'yaku konyaku | Q&A qa | ★星 星
二○二六 二〇二六 | C＃ c# | C♯ c# | Ｃ＋＋ c++ | .ＮＥＴ .net | ASP.NET asp.net | J.R.R. jrr | Python 3.11 python311 | Σίσυφος σισυφοσ | Ёлка елка
"""

DIFFERENT = """
が か | ぱ は | ば ぱ | ビル ビール | 弘 広 | 収 集 | 輯 集 | 聚 集 | 輯 聚 | 回 廻 | 宏 広 | C c++ | C++ C# | C# C | .NET net | 機 机 | 葉 叶 | 后 後
齋 齊 | 斎 斉 | 裏 表 | 子ども 子供 | けふ きょう | 里 裡 | 三か月 三月 | 天才 天歳 | 霞関 霞が関 | 我が国 我か国 | 書け本 書が本 | さき さぎ | その一の そのーの
旗 籏 | 谷 穀 | 面 麺 | 表 錶 | 出 齣 | 余 予 | 干 乾 | 台風 颱風 | 猫 描
"""

LOOSE = """
ビル ビール | コヒ コーヒー | かいこ がいご | はつは はっぱ | ハハ パパ | ばら はら | らめん らーめん | 霞ヶ関 霞か関 | サービス さひす
"""


def pairs(table):
    """Two texts each, parted by the last space."""
    return [tuple(entry.strip().rsplit(" ", 1)) for entry in table.replace("\n", "|").split("|") if entry.strip()]


@pytest.mark.parametrize(("one", "other"), pairs(SAME))
def test_two_spellings_have_one_strict_key(one, other):
    assert fold.strict(one) == fold.strict(other) != ""


@pytest.mark.parametrize(("one", "other"), pairs(DIFFERENT))
def test_two_words_keep_two_strict_keys(one, other):
    assert fold.strict(one) != fold.strict(other)


@pytest.mark.parametrize(("one", "other"), pairs(LOOSE))
def test_the_loose_key_forgets_marks_and_long_vowels(one, other):
    assert fold.loose(one) == fold.loose(other)
    assert fold.strict(one) != fold.strict(other) or one == "霞ヶ関"


@pytest.mark.parametrize("sign", ["？", "☆", "％", "...", "「」", "+", "ー", "♪"])
def test_a_title_of_signs_alone_is_not_lost(sign):
    assert fold.strict(sign)
    assert fold.strict(f" {sign} ") == fold.strict(sign)


@pytest.mark.parametrize("nothing", ["", " ", "　", "\x00", "\ud800", "\u200b\ufe00", "\n\t"])
def test_nothing_stays_nothing(nothing):
    assert fold.strict(nothing) == fold.loose(nothing) == ""
    assert fold.variants(nothing) == []
    assert fold.readings(nothing) == ()


@ALWAYS
@given(ANYTHING)
@example("三・か月")
@example("三ーか月")
@example("月ー々")
@example("佐・々木")
@example("ヴ・ァ")
@example("か・゛")
@example("霞・ヶ関")
@example("\u1100ー\u1161")
@example("\u1100-\u1161々")
@example(". .net")
def test_folding_twice_changes_nothing(text):
    strict, loose = fold.strict(text), fold.loose(text)
    assert fold.strict(strict) == strict
    assert fold.loose(loose) == loose
    assert fold.loose(strict) == loose


def test_every_letter_is_folded_for_good():
    for code in range(0, 0x110000, 13):
        key = fold.strict(chr(code))
        assert fold.strict(key) == key


@ALWAYS
@given(ANYTHING)
def test_a_key_can_be_stored_whatever_came(text):
    for key in (fold.strict(text), fold.loose(text), *fold.readings(text), *fold.variants(text)):
        key.encode()
        assert "\x00" not in key and not any(letter.isspace() for letter in key)


@ALWAYS
@given(ANYTHING)
def test_readings_and_variants_are_folded_already(text):
    for key in (*fold.readings(text), *fold.variants(text)):
        assert fold.strict(key) == key
    assert fold.variants(text)[:1] == [fold.strict(text)][: len(fold.strict(text))]
    assert len(fold.variants(text)) <= fold.FORMS


@ALWAYS
@given(ANYTHING)
def test_the_form_of_unicode_does_not_matter(text):
    composed = unicodedata.normalize("NFC", text)
    assert fold.strict(unicodedata.normalize("NFD", composed)) == fold.strict(composed)


@pytest.mark.parametrize(
    "long",
    ["あ", "ゝ", "あゝ", "々", "人々", "一○", "ヶ", "゛", "あ-", "\x00", "o", "1か月", "ﷺ", "〱", "\u0300\u0316"],
)
def test_ten_thousand_characters_are_folded(long):
    text = (long * 10_000)[:10_000]
    for folded in (fold.strict(text), *fold.readings(text), *fold.variants(text)):
        assert fold.strict(folded) == folded
    assert fold.loose(fold.loose(text)) == fold.loose(text)


READINGS = {
    "ワガハイ ワ ネコ デ アル": ("わがはいわねこである", "わがはいはねこである"),
    "わがはい は ねこ である": ("わがはいはねこである", "わがはいわねこである"),
    "わがはいはねこである": ("わがはいはねこである",),
    "トショカン　エ　イク": ("としよかんえいく", "としよかんへいく"),
    "ホン オ ヨム": ("ほんおよむ",),
    "ホン ヲ ヨム": ("ほんおよむ",),
    "ニホン デワ ナゼ": ("にほんでわなぜ", "にほんではなぜ"),
    "ニワ ワ ヒロイ": ("にわわひろい", "にわはひろい"),
    "イエ ノ ニワ ワ ヒロイ": ("いえのにわわひろい", "いえのにわはひろい", "いえのにははひろい"),
    "ニワ ニワ ニワ ニワトリ": ("にわにわにわにわとり", "にわにはにわにわとり"),
    "ワ ノ ココロ": ("わのこころ",),
    "ハギノ, マサアキ": ("はぎのまさあき",),
    "アア　　シュバルツバルド": ("ああしゆばるつばるど",),
    "2019-ハル ナツ": ("2019はるなつ",),
}


@pytest.mark.parametrize("kana", READINGS)
def test_a_reading_is_matched_as_spelled_and_as_spoken(kana):
    assert fold.readings(kana) == READINGS[kana]


@pytest.mark.parametrize(
    ("typed", "tried"),
    [
        ("十二国記", "12国記"),
        ("12国記", "十二国記"),
        ("１２国記", "十二国記"),
        ("三国志", "3国志"),
        ("3国志", "三国志"),
        ("百", "100"),
        ("100", "百"),
        ("千", "1000"),
        ("一千", "1000"),
        ("1000", "千"),
        ("千一夜", "1001夜"),
        ("1001夜", "千一夜"),
        ("二〇二六", "2026"),
        ("二〇二六", "二千二十六"),
        ("2026年", "二〇二六年"),
        ("二千二十六年", "2026年"),
        ("二千二十六年", "二〇二六年"),
        ("十五少年", "15少年"),
        ("100万回", "百万回"),
        ("百万回", "1000000回"),
        ("三か月", "3か月"),
        ("9", "九"),
        ("四十八", "48"),
        ("007", "〇〇七"),
        ("昭和二十年8月", "昭和20年8月"),
        ("昭和二十年8月", "昭和二十年八月"),
        ("0", "〇"),
    ],
)
def test_numbers_are_tried_in_the_other_spelling(typed, tried):
    assert fold.strict(tried) in fold.variants(typed)[1:]


@pytest.mark.parametrize(
    ("typed", "tried"), [("サ一バ一", "サーバー"), ("ｻ一ﾊﾞ一", "サーバー"), ("パート一", "パート1")]
)
def test_the_kanji_for_one_at_the_end_may_be_a_long_vowel(typed, tried):
    assert fold.strict(tried) in fold.variants(typed)


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("wagahai wa neko de aru", "わがはいはねこである"),
        ("wagahai wa neko de aru", "わがはいわねこである"),
        ("Ｓakura no ki no shita ni wa", "さくらのきのしたには"),
        ("machi e deru", "まちへでる"),
        ("machi e deru", "まちえでる"),
    ],
)
def test_particles_in_latin_letters_are_tried_both_ways(typed, reading):
    assert fold.strict(reading) in fold.variants(typed)


def test_a_word_that_stands_first_is_no_particle():
    assert fold.strict("は") not in "".join(fold.variants("wa no kokoro"))


def test_the_kanji_for_one_after_hiragana_is_a_number():
    assert fold.variants("その一") == ["その一", "その1"]


@pytest.mark.parametrize("word", ["万葉集", "二三十", "猫", "十百", "978410101013", "億", "c++"])
def test_a_word_that_is_no_number_has_no_other_spelling(word):
    assert fold.variants(word) == [fold.strict(word)]


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("takamura", "タカムラ"),
        ("toshokan", "トショカン"),
        ("tosyokan", "トショカン"),
        ("wagahai", "ワガハイ"),
        ("tōkyō", "トウキョウ"),
        ("tokyo", "トウキョウ"),
        ("toukyou", "トウキョウ"),
        ("joho", "ジョウホウ"),
        ("shimbun", "シンブン"),
        ("Ōsaka", "オオサカ"),
        ("osaka", "オオサカ"),
        ("natume", "ナツメ"),
        ("Sōseki", "ソウセキ"),
        ("mikazuki", "ミカヅキ"),
    ],
)
def test_latin_letters_are_tried_as_a_reading(typed, reading):
    assert fold.strict(reading) in fold.variants(fold.strict(typed))


@pytest.mark.parametrize("latin", ["AI", "no", "C", "python", "linux", ".net", "c#", "q"])
def test_latin_words_that_are_no_romaji_or_short_stay_latin(latin):
    assert fold.variants(latin) == [fold.strict(latin)]


def test_each_kanji_leads_to_one_that_leads_nowhere():
    kept = letters.FOLDED.variants
    assert len(kept) > 3000
    assert not [folded for folded, other in kept.items() if other in kept or len(folded) != 1 or len(other) != 1]


def test_no_two_kanji_of_everyday_japanese_became_one_by_a_foreign_table():
    rows = [line.split("\t") for line in letters._VARIANTS.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    derived = [folded for folded, _, source in rows if source not in ("joyo", "jinmei", "hand")]
    assert len(derived) > 2000
    assert not [folded for folded in derived if folded.encode("iso2022_jp", "ignore")]


def test_the_table_of_kanji_is_small_and_names_its_sources():
    content = letters._VARIANTS.read_text(encoding="utf-8")
    assert len(content.encode()) < 120_000
    head = [line for line in content.splitlines() if line.startswith("#")]
    assert all(any(source in line for line in head) for source in ("Unicode License", "常用漢字表", "人名用漢字表"))
