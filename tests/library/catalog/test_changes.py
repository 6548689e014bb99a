"""Moments at which titles changed, their series, and the ids of titles that are no more."""

from datetime import timedelta

import pytest

from library import clock
from library.catalog import editing, store
from library.catalog.records import InSeries
from library.catalog.series import series
from library.lending import copies, item_states, loans
from library.store import database
from models import DeletedTitle, Series, Title, TitleSeries
from tests import factories

LATER = timedelta(hours=1)


def changed_at(title):
    return Title.get_by_id(title.id).changed_at


@pytest.mark.parametrize("change", [
    lambda copy, now: item_states.change(copy, "repair", by="desk", now=now),
    lambda copy, now: copies.change(copy, {"barcode": copy.barcode, "shelf": "児童"}, by="desk", now=now),
])  # fmt: skip
def test_a_title_changed_when_a_copy_of_it_did(db, change):
    title = factories.catalogued(copies=1)
    now = clock.now() + LATER
    change(title.items.get(), now)
    assert changed_at(title) == now.replace(microsecond=0)


def test_a_loan_is_no_change(db):
    title = factories.catalogued(copies=1)
    before = changed_at(title)
    now = clock.now() + LATER
    loans.check_out(factories.patron(), title.items.get(), branch=factories.branch("本館"), by="desk", now=now)
    assert changed_at(title) == before


def test_the_id_of_a_title_that_was_taken_out_is_given_to_no_other(db):
    title = factories.catalogued()
    now = clock.now() + LATER
    editing.remove(title.id, by="desk", now=now)
    row = DeletedTitle.get()
    assert (row.title_id, row.deleted_at, row.merged_into) == (title.id, now.replace(microsecond=0), None)
    with database.writing():
        assert store.next_id("title") == title.id + 1


@pytest.mark.parametrize(("text", "kana", "expected"), [
    ("岩波文庫 ; 緑 10-1", "イワナミ ブンコ ; ミドリ 10-1", [InSeries("岩波文庫", "イワナミ ブンコ", number="緑 10-1")]),
    ("岩波文庫；緑10-1", "", [InSeries("岩波文庫", number="緑10-1")]),
    ("岩波新書 新赤版 1234", "", [InSeries("岩波新書 新赤版", number="1234")]),
    ("ブルーバックス B-1234", "", [InSeries("ブルーバックス", number="B-1234")]),
    ("講談社文庫 / 夏目漱石全集 ; 第3巻", "コウダンシャ ブンコ / ナツメ ソウセキ ゼンシュウ ; 3",
     [InSeries("講談社文庫", "コウダンシャ ブンコ"), InSeries("夏目漱石全集", "ナツメ ソウセキ ゼンシュウ", number="第3巻")]),
    ("Penguin classics", "", [InSeries("Penguin classics")]),
    ("2001", "", [InSeries("2001")]),
])  # fmt: skip
def test_a_text_names_series_with_their_numbers(text, kana, expected):
    assert series.read(text, kana) == expected


def test_a_series_is_one_however_it_is_spelled_and_keeps_its_id(db):
    first = factories.catalogued("こころ", series="岩波文庫 ; 1")
    second = factories.catalogued("門", series="岩波文庫；２")
    rows = list(TitleSeries.select().order_by(TitleSeries.title))
    assert [(row.title_id, row.name, row.number) for row in rows] == [
        (first.id, "岩波文庫", "1"),
        (second.id, "岩波文庫", "２"),
    ]
    assert len({row.series_id for row in rows}) == Series.select().count() == 1
    editing.remove(first.id, by="desk", now=clock.now())
    editing.remove(second.id, by="desk", now=clock.now())
    assert factories.catalogued("門", series="岩波 文庫").in_series.get().series_id == rows[0].series_id
