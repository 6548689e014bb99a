"""Records in Japanese that have nothing but romaji are found in kana, in romaji of any habit, and in kanji that are
read so.
"""

import pytest

from library.catalog import records, spoken
from library.catalog.fulltext import index
from library.catalog.query.query import Query
from library.catalog.shown import results
from library.files.report import Report
from library.importing import titles
from models import Creator, Title
from tests.library.catalog import sources
from tests.library.importing.conftest import TODAY, formats, io

IN_JAPANESE, IN_ENGLISH = (f"=008 190212s2019    ja            000 0 {code}  " for code in ("jpn", "eng"))
RECORD = (
    "=LDR cam", "=001 1", "=100 $aSatō, Jun'ichi,$d1920-",
    "=245 $aHamabe no jidō toshokan :$bMachi o aruku /$cSatō Jun'ichi cho.",
    "=246 $aUmi no gakkō", "=490 $aMinato sōsho ;$v2", "=700 $aKobayashi, Shō.$tAkai fune",
)  # fmt: skip


def read_in(*lines):
    file = io.BytesIO(sources.marc(sources.Example(lines=list(lines))))
    titles.read_in(formats.recognise(file, source="TEST"), report=Report(), today=TODAY)
    return Title.get()


@pytest.fixture
def title(db):
    return read_in(RECORD[0], RECORD[1], IN_JAPANESE, *RECORD[2:])


@pytest.mark.parametrize("words", [
    "はまべのじどうとしょかん", "ハマベ ノ ジドウ", "hamabe no jidou toshokan", "hamabe no zido tosyokan", "hamabenojidotoshokan",
    "浜辺の児童図書館",
    "児童図書館", "さとうじゅんいち", "satou junichi", "sato zyun'iti", "うみのがっこう", "みなとそうしょ 2", "まちをあるく", "machi wo aruku",
    "こばやししょう",
    "あかいふね", "赤い船",
])  # fmt: skip
def test_is_found_as_people_type_it(title, words):
    assert results.find(Query(q=words)).ids == [title.id]


def test_somebody_whom_the_statement_alone_names_is_found(db):
    title = read_in(
        RECORD[0],
        RECORD[1],
        IN_JAPANESE,
        "=100 $aSmith, John.",
        "=245 $aUmi no neko /$cJon Sumisu saku ; Aoki Hanako yaku.",
    )
    assert results.find(Query(q="あおきはなこ")).ids == results.find(Query(q="スミス 海の猫")).ids == [title.id]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("海神家の一族", "Watatsumike no ichizoku"),
        ("理科系の作文技術", "Rikakei no sakubun gijutsu"),
    ],
)
def test_kanji_find_it_in_whichever_reading(db, query, title):
    made = read_in(RECORD[0], RECORD[1], IN_JAPANESE, f"=245 $a{title}.")
    assert results.find(Query(q=query)).ids == [made.id]


def test_is_found_so_after_the_index_was_made_anew(title):
    index.refresh([title.id])
    assert results.find(Query(q="あかいふね さとうじゅんいち")).ids == [title.id]


def test_the_reading_is_shown_and_sorts_but_is_nobodys_data(title):
    assert (title.title, title.title_kana, title.kana_source) == (
        "Hamabe no jidō toshokan",
        "ハマベ ノ ジドウ トショカン",
        spoken.ROMAJI,
    )
    assert title.sort_key.startswith("はまへ") and Creator.get(Creator.name == "Satō, Jun'ichi").sort_key.startswith(
        "さと"
    )
    record = records.load([title.id])[title.id]
    assert spoken.source_readings(record) == ("", "", "") and not any(each.kana for each in record.contributors)


def test_words_of_another_language_stay_what_they_are(db):
    title = read_in(RECORD[0], RECORD[1], IN_JAPANESE, "=245 $aThe sound of English words /$cJohn Smith.")
    assert (title.title_kana, title.kana_source) == ("", "")


def test_of_a_record_in_another_language_nothing_is_read(db):
    title = read_in(RECORD[0], RECORD[1], IN_ENGLISH, "=100 $aMari, Sake.", "=245 $aSake no manga.")
    assert title.title_kana == "" and results.find(Query(q="さけのまんが")).ids == []
