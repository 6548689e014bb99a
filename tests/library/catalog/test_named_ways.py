"""No hit without a named way: words that sound alike, and Latin letters that are no romaji, find nothing else."""

import pytest

from library.catalog.query.query import Query
from library.catalog.shown import results
from tests import factories

BOOKS = {
    "妊娠": ("妊娠と出産の本", "ニンシン ト シュッサン ノ ホン"),
    "にんじん": ("にんじん", "ニンジン"),
    "AI": ("AIの教室", "エーアイ ノ キョウシツ"),
    "藍": ("藍の染め方", "アイ ノ ソメカタ"),
}


@pytest.mark.parametrize(("asked", "other"), [("妊娠", "にんじん"), ("AI", "藍")])
def test_a_word_does_not_find_another_that_sounds_alike(db, asked, other):
    made = {word: factories.catalogued(title, title_kana=kana).id for word, (title, kana) in BOOKS.items()}
    found = results.find(Query(q=asked)).ids
    assert made[asked] in found and made[other] not in found


@pytest.mark.parametrize(("asked", "other"), [("妊娠", "にんじん"), ("AI", "藍")])
def test_nothing_is_found_where_only_another_word_sounds_alike(db, asked, other):
    title, kana = BOOKS[other]
    factories.catalogued(title, title_kana=kana)
    assert results.find(Query(q=asked)).ids == []


def test_romaji_in_small_letters_still_finds_what_it_spells(db):
    made = factories.catalogued(BOOKS["藍"][0], title_kana=BOOKS["藍"][1])
    assert made.id in results.find(Query(q="ai no somekata")).ids
