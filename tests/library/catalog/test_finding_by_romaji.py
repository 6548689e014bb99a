"""Records that have only romaji are found in kana: titles, people, series, works, whether long vowels
are said or not.
"""

import pytest

from library.catalog import records
from library.catalog.fulltext import index
from library.catalog.query.query import Query
from library.catalog.shown import results
from library.files.report import Report
from library.importing import titles
from models import Creator, Subject, Title
from tests import factories
from tests.library.catalog import sources
from tests.library.importing.conftest import TODAY, formats, io

RECORD = (
    "=LDR cam", "=001 1", "=008 190212s2019    ja            000 0 jpn  ", "=100 $6880-01$aSato, Yukiko",
    "=245 $6880-02$aKyoto no rekishi",
    "=246 $6880-03$aMiyako monogatari", "=490 $6880-04$aOka sosho ;$v2", "=600 $6880-06$aTsukimi, Hanako",
    "=700 $6880-05$aHayashi, Jiro.$tAkai fune",
    "=880 $6100-01/$1$a佐藤雪子", "=880 $6245-02/$1$a京都の歴史", "=880 $6246-03/$1$a都物語", "=880 $6490-04/$1$a丘叢書 ;$v2",
    "=880 $6700-05/$1$a林二郎.$t赤い舟", "=880 $6600-06/$1$a月見花子",
)  # fmt: skip


@pytest.fixture
def title(db):
    file = io.BytesIO(sources.marc(sources.Example(lines=list(RECORD))))
    titles.read_in(formats.recognise(file, source="TEST"), report=Report(), today=TODAY)
    return Title.get()


@pytest.mark.parametrize("words", [
    "きょうとのれきし", "キョウト", "さとうゆきこ", "さとう", "みやこものがたり", "はやしじろう", "あかいふね", "つきみはなこ", "tsukimi",
    "hanako",
])  # fmt: skip
def test_kana_find_it(title, words):
    assert results.find(Query(q=words)).ids == [title.id]


def test_nothing_else_is_found_for_it(title):
    assert results.find(Query(q="きょうかのれきし")).instead == "京都の歴史"
    factories.catalogued("里の話", by=None, title_kana="サト ノ ハナシ")
    assert results.find(Query(q="さとう")).ids == [title.id]


def test_it_stands_in_the_order_of_its_reading(title):
    assert title.sort_key.startswith("きよと")
    assert Creator.get(Creator.name == "佐藤雪子").sort_key.startswith("さとゆきこ")
    assert records.load([title.id])[title.id].contributors[0].kana == ""


def test_a_subject_stands_in_the_order_of_its_romanisation_until_a_record_has_its_reading(title):
    subject = Subject.get(Subject.name == "月見花子")
    assert (subject.kana, subject.latin) == ("", "Tsukimi, Hanako") and subject.sort_key.startswith("つきみ")
    index.refresh([title.id])
    assert results.find(Query(q="つきみはなこ")).ids == [title.id]
    assert records.load([title.id])[title.id].subjects == [("月見花子", "")]  # exports leave it out
    factories.catalogued("花の話", by=None, subjects=[("月見花子", "ツキミ, ハナコ")])
    assert Subject.get(Subject.name == "月見花子").kana == "ツキミ, ハナコ"
