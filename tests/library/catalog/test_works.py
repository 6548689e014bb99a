"""作品: editions and volumes of one work (spec 12, 5)."""

import time

import pytest

from library import clock
from library.catalog import heading_names, records, store
from library.catalog.records import Contributor, OtherTitle, Record
from library.catalog.works import linking, works
from library.store import database
from models import Title
from tests import factories


def record(title, *by, **given):
    """``by``: 夏目漱石, or 山田太郎／訳."""
    people = [Contributor(name, role=role) for name, _, role in (text.partition("／") for text in by)]
    return Record(title, contributors=people, **given)


def report(title, subtitle, by="丘の町調査課", **given):
    """Return a report that a body issues."""
    return record(title, by, subtitle=subtitle, publisher=by, year=2020, **given)


SAME = (
    (record("こころ", "夏目漱石"), record("こゝろ", "夏目, 漱石／著", volume="上", publisher="岩波書店")),
    (
        record("戦争と平和", "トルストイ／著", "工藤精一郎／訳"),
        record("戦争と平和 (一)", "藤沼貴／訳", "トルストイ／著"),
    ),
    (record("坂の上の雲 1", "司馬遼太郎"), record("坂の上の雲　第二巻", "司馬遼太郎")),
    (record("The heart", "夏目漱石", names=[OtherTitle("統一書名", "こころ")]), record("こころ", "夏目漱石")),
    (record("詩集", "中原中也", series="日本の文学 ; 1"), record("詩集", "中原中也", series="日本の文学 ; 2")),
    (record("日本の歴史 1", publisher="小学館"), record("日本の歴史 2", publisher="小学館")),
    (record("國語辞典", "編集部／編"), record("国語辞典", "編集部／編")),
    (report("暮らしの調査", "令和3年9月調査"), report("暮らしの調査", "平成30年6月調査")),
    (report("交通白書", "歩く人のための道 (第2回)"), report("交通白書", "歩く人のための道 (第13回)")),
    (report("空き家の統計", "四半期の数字 2019年第 II期"), report("空き家の統計", "四半期の数字 2020年第 IV期")),
    (report("川の記録", "水の量", volume="上流編"), report("川の記録", "水の色", volume="下流編")),
    (record("海辺の手帖", "山野花", subtitle="01 貝"), record("海辺の手帖", "山野花", subtitle="02 砂")),
    (record("旅", "山野花", subtitle="春の巻"), record("旅", "山野花", subtitle="冬の巻")),
    (record("旅", "山野花", subtitle="小説", publisher="青空社"), record("旅", "山野花", publisher="丘書房")),
)
OTHERS = (
    (record("こころ", "夏目漱石"), record("こころ", "小泉八雲")),
    (record("詩集", "中原中也", series="日本の文学"), record("詩集", "中原中也", series="日本詩人全集")),
    (
        record("夏目漱石全集", "夏目漱石", publisher="岩波書店"),
        record("夏目漱石全集 1", "夏目漱石", publisher="筑摩書房", series="ちくま文庫"),
    ),
    (record("日本の歴史", publisher="小学館"), record("日本の歴史", publisher="講談社")),
    (record("1984", "オーウェル"), record("1", "オーウェル")),
    (report("橋の検査", "北の橋を中心として"), report("橋の検査", "南の橋を中心として")),
    (report("橋の検査", "北の橋を中心として"), report("橋の検査", "")),
    (
        report("Review of the rivers", "hearing on fish, May 4, 2001", "Riverland Committee on Waters"),
        report("Review of the rivers", "hearing on boats, June 5, 2001", "Riverland Committee on Waters"),
    ),
    (record("町のこと", subtitle="坂", publisher="丘の町"), record("町のこと", subtitle="井戸", publisher="丘の町")),
    (record("星", "山野花", subtitle="窓から見た"), record("星", "山野花", subtitle="丘の上の")),
    (record("無題", "山野花"), record("無題", "山野花", subtitle="雑誌のために")),
)


@pytest.mark.parametrize("one, other", SAME)
def test_editions_and_volumes_of_one_work_have_one_key(one, other):
    assert works.key_of(one) == works.key_of(other) != ""


@pytest.mark.parametrize("one, other", OTHERS)
def test_books_of_one_name_that_are_not_the_same_work_have_two(one, other):
    assert works.key_of(one) != works.key_of(other)


def test_bodies_are_known_by_the_words_of_their_names():
    bodies = [
        "文部省",
        "滋賀県 (Japan)",
        "研究会編集部",
        "国立国会図書館",
        "都市センタ－",
        "United States Congress",
        "Spruce Labs (Firm)",
    ]
    people = ["夏目, 漱石", "夏目漱石", "皆川淇園", "岡部", "トルストイ", "Church, Alfred John", "Plato", "服部之総"]
    assert [name for name in bodies + people if heading_names.is_body(name)] == bodies


def test_a_title_of_thousands_of_spaces_is_read_at_once():
    begun = time.process_time()
    assert works.split_volume(Record(f"こころ{' ' * 3_000}上")) == ("こころ", "上")
    assert works.split_volume(Record(f"こころ{' ' * 3_000}朗読")) == (f"こころ{' ' * 3_000}朗読", "")
    assert time.process_time() - begun < 5  # minutes where each space may begin the volume


def test_a_title_of_which_nothing_else_is_known_is_a_work_of_its_own(db):
    first, second = (factories.catalogued("郷土の歩み", by=None) for _ in range(2))
    assert (first.work_key, second.work_key) == (f"#{first.id}", f"#{second.id}")


def test_other_volumes_of_the_edition_stand_in_order_and_other_editions_the_newest_first(db):
    old = factories.catalogued("こころ", publisher="岩波書店", year=1927)
    volumes = [
        factories.catalogued("こころ", volume=volume, publisher="新潮社", series=f"新潮文庫 ; {volume}", year=2001)
        for volume in ("下", "上")
    ]
    new = factories.catalogued("こころ", publisher="集英社", year=2011)
    related = works.related(volumes[0], [old, volumes[1], new])
    assert [each.volume for each in related.volumes] == ["上", "下"]
    assert related.editions == [new, old]
    assert works.related(new, [old]).volumes == []


def test_titles_that_differ_by_their_subtitle_are_parts_and_not_editions(db):
    def report(subtitle, **given):
        return factories.catalogued("交通の記録", subtitle=subtitle, publisher="丘書房", **given)

    parts = [report(subtitle) for subtitle in ("10 橋のこと", "02 坂のこと", "01 道のこと")]
    again, whole, other = report("改訂版"), report(""), report("01 道のこと", series="丘文庫")
    related = works.related(parts[0], [*parts[1:], again, whole, other])
    assert [each.subtitle for each in related.volumes] == ["01 道のこと", "02 坂のこと", "10 橋のこと"]
    assert {each.id for each in related.editions} == {again.id, whole.id, other.id}


def test_titles_of_an_earlier_version_are_sorted_after_the_upgrade(db):
    made = factories.catalogued("こころ", subjects=[("日本文学", "ニホン ブンガク")])
    key = made.work_key
    Title.update(work_key="").execute()
    db.execute_sql("DELETE FROM title_subject")
    assert not linking.is_complete()
    linking.link_remaining()
    assert linking.is_complete()
    assert Title.get_by_id(made.id).work_key == key
    rows = db.execute_sql("SELECT name FROM subject JOIN title_subject ON subject_id = subject.id").fetchall()
    assert [name for (name,) in rows] == ["日本文学"]


def test_subjects_follow_what_a_title_says(db):
    made = factories.catalogued("こころ", subjects=[("日本文学", "ニホン ブンガク"), ("小説", ""), ("日本文学", "")])
    with database.writing():
        again = records.load([made.id])[made.id]
        again.subjects = [("小説", "ショウセツ")]
        store.Store().change([(made.id, again)], [None], now=clock.now())
    rows = db.execute_sql("SELECT name, kana FROM subject JOIN title_subject ON subject_id = subject.id").fetchall()
    assert [tuple(row) for row in rows] == [("小説", "ショウセツ")]
