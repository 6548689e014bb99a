import pytest
from hypothesis import given, settings, strategies as st

from library.catalog.folding import fold, romaji

ALWAYS = settings(max_examples=400)


@pytest.mark.parametrize(
    ("latin", "kana"),
    [
        ("takamura", "たかむら"),
        ("toshokan", "としょかん"),
        ("tosyokan", "としょかん"),
        ("TOSHOKAN", "としょかん"),
        ("kitte", "きって"),
        ("matcha", "まっちゃ"),
        ("mattya", "まっちゃ"),
        ("zasshi", "ざっし"),
        ("shimbun", "しんぶん"),
        ("shinbun", "しんぶん"),
        ("sinbun", "しんぶん"),
        ("onna", "おんな"),
        ("onnna", "おんな"),
        ("sannninn", "さんにん"),
        ("annki", "あんき"),
        ("konnichiwa", "こんにちわ"),
        ("shin'ichi", "しんいち"),
        ("shin-ichi", "しんいち"),
        ("kon'yaku", "こんやく"),
        ("fuji", "ふじ"),
        ("huzi", "ふじ"),
        ("tsuzuki", "つずき"),
        ("tuduki", "つづき"),
        ("kyōto", "きょうと"),
        ("kyôto", "きょうと"),
        ("kyouto", "きょうと"),
        ("jūdō", "じゅうどう"),
        ("ohno", "おうの"),
        ("satoh", "さとう"),
        ("ohayo", "おはよ"),
        ("okaasan", "おかあさん"),
        ("niigata", "にいがた"),
        ("sensei", "せんせい"),
        ("ryokō", "りょこう"),
        ("hyaku", "ひゃく"),
        ("jya", "じゃ"),
        ("firenze", "ふぃれんぜ"),
    ],
)
def test_the_likeliest_reading_comes_first(latin, kana):
    assert romaji.readings(latin)[0] == kana


@pytest.mark.parametrize(
    ("latin", "kana"),
    [
        ("tokyo", "とうきょう"),
        ("toukyou", "とうきょう"),
        ("tōkyō", "とうきょう"),
        ("Osaka", "おおさか"),
        ("ōsaka", "おおさか"),
        ("oosaka", "おおさか"),
        ("johoshori", "じょうほうしょり"),
        ("shuppan", "しゅっぱん"),
        ("kyuri", "きゅうり"),
        ("okasan", "おかあさん"),
        ("onesan", "おねえさん"),
        ("shinichi", "しんいち"),
        ("konyaku", "こんやく"),
        ("raamen", "らめん"),
        ("koohii", "こひ"),
        ("media", "めでぃあ"),
        ("suugaku", "すうがく"),
        ("sugaku", "すうがく"),
        ("honyaku", "ほんやく"),
        ("ohno", "おおの"),
        ("kōhī", "こーひー"),
        ("konpyūtā", "こんぴゅーたー"),
        ("biiru", "びーる"),
        ("honnya", "ほんや"),
        ("shinnyuu", "しんゆう"),
        ("kinnyuukikan", "きんゆうきかん"),
        ("kannon", "かんおん"),
        ("chosahokokusho", "ちょうさほうこくしょ"),
    ],
)
def test_other_readings_follow(latin, kana):
    assert kana in romaji.readings(latin)


@pytest.mark.parametrize(
    "latin", ["", "x", "python", "linux", "c++", "excel", "x1", "高村", "the", "'", "word", "a" * 41]
)
def test_a_word_that_is_no_romaji_has_no_reading(latin):
    assert romaji.readings(latin) == []


@ALWAYS
@given(
    st.text(
        st.sampled_from("かきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわ"),
        min_size=2,
        max_size=6,
    )
)
def test_a_search_that_is_spelled_out_can_be_read_back(kana):
    for latin in romaji.romanisations(kana):
        if not any(vowel * 2 in latin or "ou" in latin for vowel in "aiueo"):
            assert kana in romaji.readings(latin) or "おう" in kana or "おお" in kana


@ALWAYS
@given(st.text(st.characters(), max_size=50))
def test_any_text_is_taken(text):
    readings = romaji.readings(text)
    assert len(readings) <= romaji.FORMS
    assert all("ぁ" <= letter <= "ゖ" or letter == "ー" for reading in readings for letter in reading)


def test_a_long_word_is_read_at_once():
    assert len(romaji.readings("tokyo" * 8)) <= romaji.FORMS
    assert len(romaji.readings("no" * 20)) <= romaji.FORMS


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("シュンイチ", {"shunichi", "syuniti"}),
        ("チュウヤ", {"chuuya", "tyuuya", "chuya", "tyuya"}),
        ("フジコ", {"fujiko", "huziko"}),
        ("ショウタ", {"shouta", "syouta", "shota", "syota"}),
    ],
)
def test_a_name_in_kana_is_spelled_in_latin_letters(kana, latin):
    assert romaji.romanisations(kana) == latin


@pytest.mark.parametrize(
    ("typed", "kana"),
    [
        ("toukyou", "とうきょう"),
        ("du", "づ"),
        ("ko-hi-", "コーヒー"),
        ("sensou to heiwa", "せんそうとへいわ"),
        ("ou", "おう"),
        ("onnna", "おんな"),
        ("sannninn", "さんにん"),
        ("kannon", "かんのん"),
        ("konnyaku", "こんにゃく"),
        ("honnya", "ほんや"),
    ],
)
def test_kana_are_typed_as_on_a_keyboard(typed, kana):
    assert fold.strict(kana) in fold.variants(typed, shortest=1)
