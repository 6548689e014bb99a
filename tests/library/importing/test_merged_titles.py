"""Files that name a title by the number of one that was merged into it."""

import pytest

from library import clock
from library.importing import items, titles
from library.merging import titles as merging
from models import Item, Title
from tests import factories

FIRST = "source,source_id,title,note\nndl,1,こころ,\n"
SECOND = "source,source_id,title,note\ntrc,9,こころ,{}\n"


@pytest.fixture(autouse=True)
def place(db):
    return factories.branch("本館")


def merge(kept, other):
    merging.merge(kept.id, other.id, seen=merging.plan(kept.id, other.id).seen, by="staff:suzuki", now=clock.now())


def test_the_record_of_a_merged_title_is_told_and_its_copies_come_to_the_one_that_stays(read):
    read(titles, FIRST), read(titles, SECOND.format("復刻"))
    kept, other = Title.select().order_by(Title.id)
    merge(kept, other)
    report = read(titles, "source,source_id,title,barcode,branch\ntrc,9,こころ 改訂,B1,本館\n")
    assert report.counts == (0, 0, 1, 0) and report.more[titles.MERGED] == 1
    assert [title.title for title in Title.select()] == ["こころ"]
    assert Item.get().title_id == kept.id


def test_one_that_was_typed_goes_on_with_the_record_of_the_other(read):
    read(titles, SECOND.format("復刻"))
    other = Title.get()
    typed = factories.catalogued("こころ")
    merge(typed, other)
    assert read(titles, SECOND.format("復刻")).counts == (0, 0, 1, 0)
    assert read(titles, SECOND.format("改訂版")).counts == (0, 1, 0, 0)
    assert Title.get_by_id(typed.id).note == "改訂版" and Title.select().count() == 1


def test_copies_come_under_either_number(read):
    read(titles, FIRST), read(titles, SECOND.format(""))
    kept, other = Title.select().order_by(Title.id)
    merge(kept, other)
    assert read(items, f"barcode,title_id,branch\nB1,{other.id},本館\n").counts == (1, 0, 0, 0)
    assert read(items, "barcode,source_id,branch\nB2,9,本館\n").counts == (1, 0, 0, 0)
    assert {item.title_id for item in Item.select()} == {kept.id}
