"""Files of catalogue records go in once, change what they say otherwise, and touch nothing of copies and loans."""

import io
from datetime import date

import pymarc
import pytest

from library import errors
from library.catalog import exporting, records
from library.catalog.readers import formats
from library.files.report import Report
from library.importing import titles
from library.importing.titles import rereading
from library.store import database
from models import Contributor, Creator, Item, Loan, SourceRecord, Title, database as connection
from tests import factories
from tests.library.catalog import sources
from tests.library.importing.conftest import TODAY

MARC = sources.examples("marc_records.txt")
DCNDL = sources.examples("dcndl_records.txt")
FILE = b"".join(map(sources.marc, MARC))
HOLDINGS = {"952": {"barcode": "p", "branch": "b", "shelf": "c", "call_number": "o"}}


def marc(*lines):
    return sources.marc(sources.Example(lines=["=LDR cam", *lines]))


def title(source_id="1"):
    return Title.get(Title.source_id == source_id)


def test_every_record_of_a_file_goes_in_and_comes_back_as_it_was_read(read):
    assert read(titles, FILE).counts == (len(MARC), 0, 0, 0)
    stored = records.load([row.id for row in Title.select().order_by(Title.id)], for_index=True)
    day = f"accession_date: {TODAY}"
    shown = [[line for line in sources.shown(record) if line != day] for record in stored.values()]
    # the numbers of people in registers are theirs, and no part of a title
    assert shown == [[line for line in example.expected if not line.startswith("known: ")] for example in MARC]
    assert [record.raw for record in stored.values()] == [entry.raw for entry in formats.recognise(io.BytesIO(FILE))]


@pytest.mark.parametrize("build", [lambda: FILE, lambda: sources.marcxml(MARC[:11]), lambda: sources.dcndl(DCNDL[0])])
def test_the_same_file_again_changes_nothing(read, build):
    count = read(titles, build()).counts[0]
    before = list(connection.execute_sql("SELECT * FROM title").fetchall())
    assert read(titles, build()).counts == (0, 0, count, 0)
    assert connection.execute_sql("SELECT * FROM title").fetchall() == before


def test_the_same_title_from_another_format_is_the_same_title(read):
    read(titles, sources.marc(MARC[0]))
    assert read(titles, sources.marcxml(MARC[:1])).counts == (0, 0, 1, 0)
    assert Title.select().count() == SourceRecord.select().count() == 1


def test_a_record_that_somebody_should_look_at_is_in_the_report(read):
    data = marc(
        "=001 7", "=003 X", "=020 $a97840000000179", "=020 $a9784000000017", "=020 $z123",
        "=084 $aK913.6$a絵本12$2njb/10", "=100 $aマレー, アン", "=245 $a本 /$cアン・マレー著 ; 坂上望訳",
    )  # fmt: skip
    found = read(titles, data)
    assert [each.sentence for each in found.told] == [
        "1件目 著者：責任表示にだけある人を、著者に加えました（坂上望 訳）",
        "1件目 ISBN：ISBN の桁数か検査数字が違います。書かれたとおりに入れました（97840000000179）",
        "1件目 分類：日本十進分類法の番号として読めません（K913.6 絵本12）",
    ]
    assert dict(found.more) == {
        "注意：ISBN の桁数か検査数字が違います。書かれたとおりに入れました": 1,
        "注意：日本十進分類法の番号として読めません": 1,
        "補った：責任表示にだけある人を、著者に加えました": 1,
    }
    row = title("7")
    assert (row.ndc, row.audience, row.isbn) == ("913.6", "児童", "9784000000017")
    assert not read(titles, data).told  # nothing is new of it


def test_keys_of_order_and_numbers_are_written_with_a_title(read):
    read(titles, sources.marc(MARC[0]))
    row = title("910000001")
    assert (row.isbn, row.isbn_text) == ("9784000000017", "978-4-00-000001-7")
    assert row.sort_key.startswith("さかのうえのとしよかん ")
    assert row.author_sort_key.startswith("やまのはなこ ")
    assert row.shelf_key.startswith("\x1f016.2")
    assert row.accession_date == TODAY
    assert row.subjects == "図書館--日本\tトショカン--ニホン"


def test_a_changed_record_changes_its_title_whole_and_keeps_the_day_it_came(read):
    read(titles, marc("=001 1", "=003 X", "=245 $a旧い題 /$c山野花 著", "=500 $a注", "=700 $a山野, 花"))
    Title.update(accession_date=date(2020, 1, 1)).execute()
    changed = marc("=001 1", "=003 X", "=245 $a新しい題 /$c山野花 著 ; 海田月 絵", "=700 $a山野, 花", "=700 $a海田, 月")
    assert read(titles, changed).counts == (0, 1, 0, 0)
    row = title()
    assert (row.title, row.note, row.accession_date) == ("新しい題", "", date(2020, 1, 1))
    assert [each.author.name for each in row.contributors.order_by(Contributor.position)] == ["山野, 花", "海田, 月"]
    assert Creator.select().count() == 2


def test_an_id_belongs_to_its_source(read):
    assert read(titles, marc("=001 1", "=003 X", "=245 $a甲") + marc("=001 1", "=003 Y", "=245 $a乙")).counts[0] == 2


def test_a_record_twice_in_a_file_counts_once_and_two_that_differ_are_both_refused(read):
    one, first, second = (
        marc(f"=001 {number}", "=003 X", f"=245 $a{text}") for number, text in ((2, "一"), (1, "初め"), (1, "後"))
    )
    for dry_run in (True, False):
        done = read(titles, one + first + one + second, dry_run=dry_run)
        assert done.counts == (1, 0, 1, 2)
    assert [row.title for row in Title.select()] == ["一"]
    assert done.told[0].sentence == "2件目 1：書誌番号 1 が 2件目と 4件目にあり、内容が違います。"


def test_records_that_do_not_say_their_source_are_asked_for_it(read):
    file = marc("=001 1", "=020 $a9784101010137", "=245 $aこころ")
    with pytest.raises(errors.SourceMissing, match="1件"):
        read(titles, file, source="")
    assert read(titles, file, source="甲").counts == (1, 0, 0, 0)
    other = marc("=001 1", "=020 $a9784003101018", "=245 $a坊っちゃん")
    assert read(titles, other, source="乙").counts == (1, 0, 0, 0), "another system's number 1 is another book"
    assert sorted(row.title for row in Title.select()) == ["こころ", "坊っちゃん"]


def test_a_row_without_an_id_adds_what_is_missing_and_contradicts_nothing(read):
    read(titles, marc("=001 1", "=003 X", "=020 $a9784101010137", "=245 $aこころ /$c夏目漱石 著"))
    rows = "ISBN,書名,書名ヨミ,著者\n4-10-101013-7,こころ,ココロ,別の人\n"
    assert read(titles, rows).counts == (0, 1, 0, 0)
    assert (title().title_kana, title().author) == ("ココロ", "夏目漱石 著")
    assert SourceRecord.get().format == "marc21"
    assert read(titles, rows).counts == (0, 0, 1, 0)


def test_a_record_with_an_id_takes_over_a_title_that_has_none(read):
    read(titles, "ISBN,書名,登録番号,所蔵館\n4-10-101013-7,こころ,0001,本館\n" if factories.branch("本館") else "")
    before = Title.get()
    assert read(titles, marc("=001 1", "=003 X", "=020 $a9784101010137", "=245 $aこころ /$c夏目漱石 著")).counts == (
        0,
        1,
        0,
        0,
    )
    assert title().id == before.id
    assert Item.get().title_id == before.id


def test_copies_of_a_record_come_in_and_known_ones_stay_as_they_are(read):
    place = factories.branch("本館", code="H")
    known = factories.item(barcode="0001", shelf="書庫")
    loan = factories.loan(factories.patron(), item=known)
    data = marc(
        "=001 1",
        "=003 X",
        "=245 $a本",
        "=952 $p0001$bH$c開架",
        "=952 $p0002$b本館$c児童$o913.6 ナ",
        "=952 $p0003$b西部",
    )
    done = read(titles, data, holdings=HOLDINGS)
    assert done.counts == (1, 0, 0, 0)
    assert done.more == {titles.KNOWN: 1, titles.ADDED: 1, titles.NOWHERE: 1}
    assert [refusal.sentence for refusal in done.told] == [
        "1件目 1：資料 0003 の館「西部」が登録されていないため、この資料は加えませんでした。"
    ]
    added = Item.get(Item.barcode == "0002")
    assert (added.title_id, added.branch, added.shelf, added.call_number) == (title().id, place, "児童", "913.6 ナ")
    assert title().shelf_key == Title.get(Title.id == added.title_id).shelf_key != ""
    assert Item.get_by_id(known.id).shelf == "書庫"
    assert Loan.get_by_id(loan.id).returned_on is None


def test_many_copies_of_one_title_in_rows_that_follow_one_another(read):
    factories.branch("本館")
    rows = "書誌番号,書名,登録番号,所蔵館\n" + "".join(f"1,本,{number:04},本館\n" for number in range(300))
    assert read(titles, rows).counts == (1, 0, 299, 0)
    assert Item.select().count() == 300
    assert read(titles, rows).more == {titles.KNOWN: 300}


def test_bad_records_are_named_and_counted_and_the_rest_goes_in(read):
    bad = marc("=001 99", "=003 X", "=100 $a著者")
    authority = sources.marc(sources.Example(lines=["=LDR nz ", "=001 au1", "=100 $a山野"]))
    done = read(titles, FILE[:0] + sources.marc(MARC[0]) + bad + authority + sources.marc(MARC[1]) + b"12345broken\x1d")
    assert done.counts == (2, 0, 0, 3)
    assert [refusal.sentence for refusal in done.told] == [
        "2件目 99：書名がありません。",
        "3件目 au1：書誌ではなく典拠の記録です。",
        "5件目 記録として読めません（リーダーが24桁ではない）。",
    ]
    assert done.told[0].number == "99"


def test_a_dry_run_counts_alike_and_leaves_nothing(read):
    doubled = FILE + FILE[: len(sources.marc(MARC[0]))]
    assert read(titles, doubled, dry_run=True).counts == (len(MARC), 0, 1, 0)
    assert Title.select().count() == Creator.select().count() == SourceRecord.select().count() == 0
    assert read(titles, doubled).counts == (len(MARC), 0, 1, 0)


def test_a_name_has_one_row_whoever_names_it(read):
    for _ in range(2):
        read(titles, marc("=001 1", "=245 $a甲", "=700 $a山野, 花") + marc("=001 2", "=245 $a乙", "=700 $a山野, 花"))
    assert Creator.select().count() == 1
    assert Contributor.select().count() == 2


# -- read again ------------------------------------------------------------------------------------------------------
def read_again(**options):
    report = Report()
    rereading.run(report=report, **options)
    return tuple(report.counts[outcome] for outcome in ("new", "changed", "same", "refused"))


def test_stored_records_are_read_again_and_only_differences_are_written(read):
    read(titles, FILE)
    read(titles, sources.dcndl(DCNDL[0]))
    read(titles, "書誌番号,書名,著者\n7,題,夏目漱石／著\n")
    assert read_again() == (0, 0, len(MARC) + 2, 0)
    Title.update(subtitle="古い読み方", sort_key="").where(Title.source_id == "910000001").execute()
    assert read_again() == (0, 1, len(MARC) + 1, 0)
    assert (title("910000001").subtitle, title("910000001").sort_key != "") == ("港町の五十年", True)


def test_copies_come_in_when_the_settings_tell_of_them_later(read):
    factories.branch("本館", code="H")
    read(titles, marc("=001 1", "=245 $a本", "=952 $p0002$bH"))
    assert Item.select().count() == 0
    assert read_again(holdings=HOLDINGS) == (0, 0, 1, 0)
    assert Item.get().barcode == "0002"


# -- out again -------------------------------------------------------------------------------------------------------
def test_a_source_record_that_is_no_longer_read_goes_out_as_its_title_says(read, tmp_path):
    read(titles, marc("=001 1", "=245 $a図書館の話"))
    SourceRecord.update(content=b"00030cam a22000250  4500\x1d").execute()
    Title.update(note="\x1eつぎの欄").execute()
    exporting.write_marcxml(tmp_path / "out.xml")
    (entry,) = formats.recognise(io.BytesIO((tmp_path / "out.xml").read_bytes()))
    assert entry.parsed().title == "図書館の話"


def test_a_marcxml_file_is_read_as_the_same_titles(read, tmp_path):
    read(titles, FILE)
    read(titles, sources.dcndl(DCNDL[0]))
    path = tmp_path / "out.xml"
    assert exporting.write_marcxml(path) == len(MARC) + 1
    found = list(formats.recognise(io.BytesIO(path.read_bytes())))
    for entry in found:
        entry.parse()
    assert [sources.shown(entry.record) for entry in found[:-1]] == [example.expected for example in MARC]
    assert "541" not in {field.tag for field in exported(path)} | {
        field["6"][:3] for field in exported(path) if field.tag == "880"
    }
    made = set(sources.shown(found[-1].record))
    assert {
        "title: 暗号の話",
        "title_kana: アンゴウ ノ ハナシ",
        "ndc: 007.1",
        "year: 2008",
        "source_id: 000009990001",
    } <= made
    assert "by: 結木, 浩 | ユウキ, ヒロシ | 著" in made


def exported(path):
    return [field for record in pymarc.parse_xml_to_array(str(path)) for field in record.fields]


def test_a_title_that_was_changed_by_hand_goes_out_as_it_is_now(read, tmp_path):
    read(titles, marc("=001 1", "=003 X", "=245 $a古い題"))
    Title.update(title="新しい題", edited=True).execute()
    exporting.write_marcxml(tmp_path / "out.xml")
    assert [field["a"] for field in exported(tmp_path / "out.xml") if field.tag == "245"] == ["新しい題"]


def test_a_reading_made_of_the_romanisation_is_not_exported(db):
    record = records.Record("坂の町", title_kana="サカ ノ マチ", title_latin="Saka no machi", kana_source="romaji")
    made = exporting.marc_from_fields(1, record).get_fields("880")
    assert [field["a"] for field in made] == ["Saka no machi"]


def test_copies_are_written_as_a_table_that_a_spreadsheet_opens_harmlessly(db, tmp_path):
    with database.writing():
        dangerous = factories.title("=HYPERLINK(1)", isbn="9784101010137", author="@山野", publisher="+書店")
        factories.item(dangerous, barcode="0000000012", call_number="-913")
        factories.item(dangerous, barcode="0000000013", state="withdrawn")
    path = tmp_path / "out.csv"
    assert exporting.write_items(path) == 1
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert path.read_text("utf-8-sig").splitlines() == [
        '"ISBN","書名","巻","著者","出版者","出版年","請求記号","所蔵館","登録番号","書誌の出典","書誌番号",'
        '"受入区分","購入価格","受入先","費目","資料メモ"',
        '"9784101010137","\'=HYPERLINK(1)","","\'@山野","\'+書店","","\'-913","本館","0000000012","","","","","","",""',
    ]
    assert list(tmp_path.glob("*.part")) == []
