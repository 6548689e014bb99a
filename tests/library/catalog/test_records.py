"""Stored titles come back as records."""

import peewee
import pytest

from library.catalog import records
from models import Contributor, Creator, SourceRecord, Title
from tests import factories


def test_a_title_comes_back_with_all_that_belongs_to_it(db):
    title = factories.title(
        isbn_text="4-10-101013-7; 9784101010137", subjects="小説\tショウセツ\n日本", series_kana="シンチョウ"
    )
    soseki = Creator.create(name="夏目, 漱石", kana="ナツメ, ソウセキ", latin="Natsume, Soseki")
    Contributor.create(title=title, position=0, author=soseki, role="著")
    SourceRecord.create(title=title, format="marc21", content=b"00026\xff")
    factories.item(title, barcode="0001", shelf="開架", call_number="913.6 ナ")
    other = factories.title("三四郎", author_kana="ナツメ ソウセキ")
    found = records.load([title.id, other.id, 99])
    assert list(found) == [title.id, other.id]
    record = found[title.id]
    assert record.contributors == [records.Contributor("夏目, 漱石", "ナツメ, ソウセキ", "著", "Natsume, Soseki")]
    assert record.isbns == ["4-10-101013-7", "9784101010137"]
    assert record.subjects == [("小説", "ショウセツ"), ("日本", "")]
    assert (record.series_kana, record.format, record.raw) == ("シンチョウ", "marc21", b"00026\xff")
    assert [(copy.barcode, copy.shelf, copy.call_number) for copy in record.holdings] == [("0001", "開架", "913.6 ナ")]
    assert found[other.id].contributors == [records.Contributor("夏目漱石", "ナツメ ソウセキ")]


def test_more_titles_than_fit_into_one_query(db):
    Title.insert_many([{"title": f"題{number}"} for number in range(1201)]).execute()
    assert len(records.load(range(1, 1300))) == 1201


def test_a_source_record_goes_with_its_title(db):
    title = factories.title()
    SourceRecord.create(title=title, format="csv", content=b"x")
    with pytest.raises(peewee.IntegrityError):
        SourceRecord.create(title=title, format="csv", content=b"y")
    title.delete_instance()
    assert SourceRecord.select().count() == 0
