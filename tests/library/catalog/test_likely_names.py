"""人名の読み: people whose record has no reading are found as they may be read, and by those who write the given name in
kana.
"""

import pytest

from library.catalog.folding import fold, likely_names
from library.catalog.query.query import Query
from library.catalog.shown import results
from models import Title
from tests import factories

NAMES = {
    "林真理子": "はやしまりこ",
    "高田郁": "たかだかおる",
    "佐々木 泰英": "ささきやすひで",
    "平岩, 弓枝": "ひらいわゆみえ",
    "黒澤明": "くろさわあきら",
    "町田そのこ": "まちだそのこ",
    "正岡周平": "まさおかしゅうへい",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_read_as_people_of_that_name_are(name):
    assert fold.strict(NAMES[name]) in likely_names.readings_of_name(name)


def test_of_a_name_that_nobody_can_read_the_family_name_is():
    assert likely_names.readings_of_name("黒沢彧")[:1] == [fold.strict("くろさわ")]
    assert likely_names.readings_of_name("サン・テグジュペリ") == []


def test_a_body_is_read_as_a_text_is():
    assert fold.strict("せいしょうねんぶんこきょうかい") in likely_names.readings_of_name("青少年文庫協会")


@pytest.mark.parametrize(
    "text", ["まさおかしゅうへい", "まさおか しゅうへい", "正岡しゅうへい", "まさおか", "masaoka shuhei"]
)
def test_a_person_without_a_reading_is_found_in_kana(db, text):
    factories.catalogued("海の家", by=("正岡周平", ""))
    factories.catalogued("山の家", by=("正木周作", ""))
    page = results.find(Query(q=text))
    assert [Title.get_by_id(each).title for each in page.ids] == ["海の家"]


def test_a_reading_that_the_record_has_is_not_guessed(db):
    factories.catalogued("海の家", by=("高田郁", "タカタ, フミ"))
    assert results.find(Query(q="たかだかおる")).total == 0
    assert results.find(Query(q="たかたふみ")).total == 1
