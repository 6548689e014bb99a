"""Readings in kana that are made of a romanisation."""

import re
import unicodedata

import pytest
from hypothesis import given, settings, strategies as st

from library.catalog.folding import romaji, romanised
from library.demonstration import rows, titles

_KUNREI = re.compile("[szt]i|[tdszj]y|(?<!s)tu|(?<![scj])hu|d[iu]")
ALWAYS = settings(max_examples=200)


@pytest.mark.parametrize(("text", "latin", "kana"), [
    ("伝統話芸のすべて", "Dentō wagei no subete", "デントウ ワゲイ ノ スベテ"),
    ("新聞と切符", "Shimbun to kippu", "シンブン ト キップ"),
    ("新聞と切符", "Shinbun to kippu", "シンブン ト キップ"),
    ("群馬の抹茶", "Gumma no matcha", "グンマ ノ マッチャ"),
    ("新案の本", "Shin'an no hon", "シンアン ノ ホン"),
    ("俊也の本", "Shunʼya no hon", "シュンヤ ノ ホン"),
    ("東京都の空気", "Tōkyō-to no kūki", "トウキョウト ノ クウキ"),
    ("大阪の通り", "Ōsaka no tōri", "オオサカ ノ トウリ"),
    ("王子と大学", "Ōji to daigaku", "オウジ ト ダイガク"),
    ("土屋の辞典", "Tutiya no ziten", "ツチヤ ノ ジテン"),
    ("思い出", "Omoide", "オモイデ"),
    ("東京空港", "Toukyou kuukou", "トウキョウ クウコウ"),
    ("東京", "Tôkyô", "トウキョウ"),
    # what the text has in kana is taken as it stands, particles as they are spoken
    ("コーヒーの本", "Kōhī no hon", "コーヒー ノ ホン"),
    ("コーヒーの本", "Kohi no hon", "コーヒー ノ ホン"),
    ("私は海へ本を", "Watakushi wa umi e hon o", "ワタクシ ワ ウミ エ ホン オ"),
    ("私は海へ本を", "Watakushi ha umi he hon wo", "ワタクシ ハ ウミ ヘ ホン オ"),
    ("おおきな木", "Ōkina ki", "オオキナ キ"),
    ("夢のつづき", "Yume no tsuzuki", "ユメ ノ ツヅキ"),
    ("ティーの時間とスウィフト", "Tī no jikan to Suwifuto", "ティー ノ ジカン ト スウィフト"),
    ("思うこと", "Omou koto", "オモウ コト"),
    ("のおと", "No oto", "ノ オト"),
    ("けふの料理", "Kyō no ryōri", "キョウ ノ リョウリ"),
    ("関ヶ原の戦い", "Sekigahara no tatakai", "セキガハラ ノ タタカイ"),
    ("ファミリ－・アルバム", "Famirī arubamu", "ファミリー アルバム"),
    # Latin that stands in the text stays
    ("IT入門とＣＤ", "IT nyūmon to CD", "IT ニュウモン ト CD"),
    ("21世紀の旅", "21-seiki no tabi", "21セイキ ノ タビ"),
    # names
    ("坂本主計", "Sakamoto, Kazue", "サカモト, カズエ"),
    ("いわさきちひろ", "Iwasaki, Chihiro", "イワサキ, チヒロ"),
    # no Japanese, or none that is romanised
    ("中国歴史", "Zhongguo li shi", ""),
    ("毛沢東", "Mao, Zedong", ""),
    ("도서관 이야기", "Tosŏgwan iyagi", ""),
    ("Windows", "Windows", ""),
    ("本", "", ""),
])  # fmt: skip
def test_a_romanisation_is_read(text, latin, kana):
    assert romanised.kana_reading(text, latin) == kana
    assert romanised.kana_reading(text, unicodedata.normalize("NFD", latin)) == kana


def test_kunrei_is_told_by_the_whole_record():
    assert romanised.is_kunrei(["Tutiya", "totyû no ziten"])
    assert not romanised.is_kunrei(["Tutiya", "Shinbun"])
    assert not romanised.is_kunrei(["Kokoro"])
    assert romanised.kana_reading("手", "Ti", True) == "チ"
    assert romanised.kana_reading("茶会", "Tī no kai", False) == "ティイ ノ カイ"


def latin_of(kana):
    """A word as the National Diet Library romanises it: Hepburn, without a word on the length of vowels."""
    parts = []
    for part in re.split("(?<=ン)(?=[アイウエオヤユヨ])", kana):
        spellings = [each for each in romaji.romanisations(part) if not _KUNREI.search(each)]
        parts.append(min(spellings, key=len, default=None))
    return None if None in parts else "'".join(parts)


def test_words_come_out_as_they_were_read_but_for_the_length_of_vowels():
    words = equal = 0
    for row in rows.read(titles.LIST):
        latin = [latin_of(word) for word in row["title_kana"].split()]
        if None in latin:
            continue
        wanted, found = row["title_kana"].split(), romanised.kana_reading(row["title"], " ".join(latin)).split()
        words += len(wanted)
        equal += sum(map(_alike, wanted, found)) if len(wanted) == len(found) else 0
    assert words > 400
    assert equal >= words * 0.99


def _alike(one, other):
    one, other = (re.sub("([aiueo])[aiueo]+", r"\1", latin_of(each.replace("ヂ", "ジ"))) for each in (one, other))
    return one == other


@ALWAYS
@given(
    st.text(alphabet="あかのはーッん本大 AzZ1、", max_size=12), st.text(alphabet="aiueokstnhmōū' -,.z1", max_size=24)
)
def test_any_text_is_taken(text, latin):
    assert isinstance(romanised.kana_reading(text, latin), str)
