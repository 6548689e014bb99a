"""An upgrade reads the records again and makes the index anew, while the library is open."""

from datetime import timedelta

import pytest

from library import clock
from library.catalog import editing, records
from library.catalog.fulltext import index, progress
from library.catalog.query.query import Query
from library.catalog.shown import results
from library.catalog.store import Store
from library.catalog.works import work_joins
from library.files.report import Report
from library.importing import titles
from library.importing.titles import rereading
from library.store import database
from models import Contributor, Creator, Title, TitleSeries
from tests import factories
from tests.library.catalog import sources

ROMAJI = (
    "=LDR cam", "=001 1", "=008 190212s2019    ja            000 0 jpn  ", "=245 $6880-01$aSaka no machi",
    "=490 $6880-02$aOka sōsho ;$v2",
    "=880 $6245-01/$1$a坂の町", "=880 $6490-02/$1$a丘叢書 ;$v2",
)  # fmt: skip


@pytest.fixture
def older(read):
    """A title as an earlier version had read it: without its reading, its series only a text."""
    read(titles, sources.marc(sources.Example(lines=list(ROMAJI))))
    title = Title.get()
    with database.writing():
        TitleSeries.delete().execute()
        Title.update(title_kana="", kana_source="", changed_at=clock.now() - timedelta(days=1)).execute()
    progress.ask()
    return title


def run(**given):
    report = Report()
    rereading.run(report=report, **given)
    return report


def found(text):
    return results.find(Query(q=text)).ids


def test_a_record_read_by_this_version_gets_its_new_fields(older):
    before = Title.get().changed_at
    assert not rereading.is_complete()
    assert run().counts["changed"] == 1
    row = Title.get()
    assert (row.title_kana, row.kana_source) == ("サカ ノ マチ", "romaji")
    assert [(each.name, each.number) for each in row.in_series] == [("丘叢書", "2")]
    assert row.changed_at > before
    assert found("さかのまち") == [row.id]
    assert rereading.is_complete()


def test_namesakes_of_an_earlier_version_are_told_apart(read):
    lines = [("1", "批評", "1905-1984"), ("2", "法の本", "1951-"), ("3", "続・法の本", "1951-")]
    file = b"".join(
        sources.marc(sources.Example(lines=["=LDR cam", f"=001 {n}", f"=245 $a{name}", f"=100 $a川口浩,$d{years}"]))
        for n, name, years in lines
    )
    read(titles, file)
    one = Creator.select().order_by(Creator.id).first()
    with database.writing():  # as it was: one person
        Contributor.update(author=one).execute()
        Creator.delete().where(Creator.id != one.id).execute()
        Creator.update(born="").execute()
    assert run().counts["changed"] == 3
    by = {row.title.title: row.author.born for row in Contributor.select()}
    assert by == {"批評": "1905", "法の本": "1951", "続・法の本": "1951"}
    assert run().counts["changed"] == 0


def test_the_upgrade_that_tells_namesakes_apart_keeps_what_the_desk_has_joined(db):
    one, other, third = (factories.catalogued(name) for name in ("こころ", "心", "門"))
    work_joins.join([one.id, other.id], by="staff:suzuki", now=clock.now())
    joined = Title.get_by_id(one.id).work_key
    db.execute_sql("ALTER TABLE author DROP COLUMN born")
    db.execute_sql("DELETE FROM schema_migration WHERE name = '0004_namesakes'")
    assert database.migrate() == ["0004_namesakes"]
    assert Title.get_by_id(third.id).work_key == "" and not rereading.is_complete()
    rereading.complete()
    assert [Title.get_by_id(each.id).work_key for each in (one, other, third)] == [joined, joined, third.work_key]


def test_a_record_that_reads_the_same_is_not_written(older):
    run()
    before = Title.get().changed_at
    with database.writing():
        Title.update(changed_at=before - timedelta(days=1)).execute()
    report = run()
    assert (report.counts["changed"], report.counts["same"]) == (0, 1)
    assert Title.get().changed_at == before - timedelta(days=1)


def test_a_title_that_was_changed_by_hand_keeps_that_and_gets_the_readings_it_lacks(older):
    stored = records.load([older.id])[older.id]
    typed = editing.typed_of(stored) | {"subtitle": "海を見る", "publisher": "丘書房"}
    editing.change(older.id, editing.read(typed), seen=editing.version_of(stored), by="desk", now=clock.now())
    run()
    row = Title.get()
    assert (row.subtitle, row.publisher, row.title_kana, row.kana_source) == (
        "海を見る",
        "丘書房",
        "サカ ノ マチ",
        "romaji",
    )
    assert row.in_series.count() == 1


def with_works(read, *more):
    """A title with a work and its contents, as an earlier version had read it: without these."""
    lines = [
        "=LDR cam",
        "=001 1",
        "=003 X",
        "=245 $a坂の町",
        "=246 $a丘の町",
        "=505 $a海の話",
        "=700 $a山田花子$t空の話",
        *more,
    ]
    read(titles, sources.marc(sources.Example(lines=lines)))
    title = Title.get()
    with database.writing():
        record = records.load([title.id])[title.id]
        record.names, record.contents = [], ""
        Store().change([(title.id, record)], [None], now=clock.now())
    return title


def typed(row, **given):
    stored = records.load([row.id])[row.id]
    made = editing.read(editing.typed_of(stored) | given)
    editing.change(row.id, made, seen=editing.version_of(stored), by="desk", now=clock.now())


def in_it(title):
    record = records.load([title.id])[title.id]
    return record.contents, sorted((each.kind, each.name) for each in record.names)


ALL = ("海の話", [("別書名", "丘の町"), ("収録作品", "空の話")])


def test_works_contents_and_other_titles_of_one_that_was_changed_by_hand_come_in(read):
    title = with_works(read)
    typed(title, publisher="丘書房")
    assert Title.get().desk_fields == "publisher"
    run()
    assert in_it(title) == ALL and Title.get().publisher == "丘書房"
    assert found("空の話") == [title.id]
    assert run().counts["changed"] == 0


def test_changes_by_hand_stay_and_removals_stay(read):
    title = with_works(read)
    run()
    typed(title, contents="", other_titles="別書名：岡の町\n収録作品：空の話")
    run()
    assert in_it(title) == ("", [("別書名", "岡の町"), ("収録作品", "空の話")])


def test_of_one_that_was_changed_before_anybody_noted_what_only_what_it_lacks_comes_in(read):
    title = with_works(read)
    typed(title, contents="手で書いた内容", publisher="丘書房")
    with database.writing():
        Title.update(desk_fields="").execute()
    run()
    assert in_it(title) == ("手で書いた内容", ALL[1]) and Title.get().publisher == "丘書房"
    typed(title, note="もう一度")
    assert Title.get().desk_fields == ""  # what was changed first is not known yet


def test_the_reading_of_a_name_that_was_changed_is_not_that_of_the_old_one(older):
    typed(older, title="丘の道", title_latin="")
    run()
    assert (Title.get().title, Title.get().title_kana) == ("丘の道", "")


def test_a_title_without_a_record_of_its_own_gets_its_series(db):
    title = factories.catalogued("こころ", series="岩波文庫 ; 緑 10-1")
    with database.writing():
        TitleSeries.delete().execute()
    run()
    assert [(each.name, each.number) for each in title.in_series] == [("岩波文庫", "緑 10-1")]


def test_a_search_answers_throughout_and_what_was_interrupted_goes_on(read, monkeypatch):
    monkeypatch.setattr(rereading, "BATCH", 2)
    made = [factories.catalogued(f"第{number}の話") for number in range(1, 6)]
    seen = []

    class Killed(Exception):
        pass

    def stop(done, of):
        seen.append((done, of, len(found("話"))))
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        run(tell=stop)
    assert not rereading.is_complete()
    assert sorted(found("話")) == [title.id for title in made]
    run(tell=lambda done, of: seen.append((done, of, len(found("話")))))
    assert seen == [(2, 5, 5), (4, 5, 5), (5, 5, 5)]
    assert rereading.is_complete()


def test_it_tells_how_far_it_is_and_how_long_it_takes(db, moved_clock, monkeypatch):
    monkeypatch.setattr(rereading, "BATCH", 3)
    for number in range(7):
        factories.catalogued(f"第{number}の話")
    told = []

    def tell(done, of):
        moved_clock.now += timedelta(minutes=3)
        told.append(progress.outlook(now=clock.now()))

    assert progress.outlook(now=clock.now()) is None
    run(tell=tell)
    assert told[0] == (42, 4)
    assert progress.outlook(now=clock.now()) is None


def test_the_reading_that_the_desk_typed_is_never_overwritten(read):
    lines = ["=LDR cam", "=001 1", "=003 X", "=245 $6880-01$a坂の町", "=880 $6245-01/$1$aサカ ノ マチ"]
    read(titles, sources.marc(sources.Example(lines=lines)))
    title = Title.get()
    stored = records.load([title.id])[title.id]
    typed = editing.typed_of(stored) | {"title_kana": "ハン ノ マチ"}
    editing.change(title.id, editing.read(typed), seen=editing.version_of(stored), by="desk", now=clock.now())
    assert Title.get().kana_source == "desk"
    read(titles, sources.marc(sources.Example(lines=[*lines, "=500 $a新しい注記"])))
    row = Title.get()
    assert (row.title_kana, row.kana_source, row.note) == ("ハン ノ マチ", "desk", "新しい注記")
    assert found("はんのまち") == [row.id]


def test_no_title_is_forgotten_by_the_index(db):
    titles_there = [factories.catalogued(f"第{number}の話") for number in range(3)]
    run()
    assert index.is_complete()
    assert sorted(found("話")) == [title.id for title in titles_there]


LARGE = (
    "=LDR cam",
    "=001 7",
    "=008 190212s2019    ja      d     000 0 jpn  ",
    "=245 $a丘の町",
    "=532 1 $a字は22ポイントです。",
)


@pytest.mark.parametrize("is_edited", [False, True])
def test_formats_come_in_where_the_desk_has_not_said_otherwise(read, is_edited):
    read(titles, sources.marc(sources.Example(lines=list(LARGE))))
    read(titles, sources.marc(sources.Example(lines=[*LARGE[:1], "=001 8", *LARGE[2:]])))
    _, second = Title.select().order_by(Title.id)
    Title.update(formats="", accessibility="", edited=is_edited).execute()
    if is_edited:
        Title.update(formats="-").where(Title.id == second.id).execute()
    run()
    assert [row.formats for row in Title.select().order_by(Title.id)] == [
        "large-print",
        "-" if is_edited else "large-print",
    ]
    assert {row.accessibility for row in Title.select()} == {"字は22ポイントです。"}


def test_a_title_without_a_record_tells_by_its_words(db):
    factories.catalogued("丘の町", series="大活字文庫 ; 1")
    run()
    assert Title.get().formats == "large-print"
