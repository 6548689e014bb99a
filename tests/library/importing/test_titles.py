from datetime import date

import pytest

from library import errors, policy
from library.files import report
from library.importing import batches, titles, words
from library.importing.titles import rereading
from models import Contributor, Creator, Item, Title
from tests import factories

KOKORO, BOTCHAN = "9784101010137", "9784003101018"
FILE = """書誌番号,書名,書名ヨミ,巻,著者,出版者,出版年,ISBN,分類,件名,受入日
000773,こころ,ココロ,,夏目漱石,新潮社,1952（昭和27）年2月,4-10-101013-7,NDC 913.6,近代文学；小説,2020-04-01
000774,三四郎,サンシロウ,上,夏目漱石,,平成 11,,913.6,,
"""


@pytest.fixture(autouse=True)
def place(db):
    return factories.branch("本館")


def test_titles_come_in_with_numbers_normalised_and_kept_as_given(read):
    assert read(titles, FILE).counts == (2, 0, 0, 0)
    kokoro, sanshiro = Title.select().order_by(Title.source_id)
    assert (kokoro.source, kokoro.source_id, kokoro.title_kana) == ("csv", "000773", "ココロ")
    assert (kokoro.isbn, kokoro.isbn_text) == (KOKORO, "4-10-101013-7")
    assert (kokoro.year, kokoro.year_text, sanshiro.year) == (1952, "1952（昭和27）年2月", 1999)
    assert (kokoro.ndc, kokoro.subjects, kokoro.accession_date) == ("913.6", "近代文学\n小説", date(2020, 4, 1))
    assert (kokoro.material_type, kokoro.audience) == ("図書", "一般")


def test_the_same_file_again_changes_nothing(read):
    read(titles, FILE)
    assert read(titles, FILE).counts == (0, 0, 2, 0)


def test_a_changed_row_changes_its_title_and_an_empty_cell_leaves_it(read):
    read(titles, FILE)
    changed = "書誌番号,書名,著者,出版者\n000773,こゝろ,,岩波書店\n"
    assert read(titles, changed).counts == (0, 1, 0, 0)
    kokoro = Title.get(Title.source_id == "000773")
    assert (kokoro.title, kokoro.author, kokoro.publisher) == ("こゝろ", "夏目漱石", "岩波書店")


BOOKS = [
    # (title, volume, author, ISBN) as stored, as in the next file, whether that is another book
    (("猫の本", "", "", KOKORO), ("星の本", "", "", BOTCHAN), True),
    (("猫の本", "", "", KOKORO), ("星の本", "", "", ""), True),
    (("猫の本", "", "", ""), ("星の本", "", "", KOKORO), True),
    (("全集", "1", "", KOKORO), ("全集", "2", "", BOTCHAN), True),
    (("全集", "1", "", KOKORO), ("全集", "2", "", ""), True),
    (("犬の本", "", "夏目漱石", ""), ("月の暦", "", "森鷗外", ""), True),
    (("猫の本", "", "", KOKORO), ("猫の本", "", "", BOTCHAN), False),
    (("猫の本", "", "", KOKORO), ("猫の　本", "", "", ""), False),
    (("猫の本", "", "", KOKORO), ("星の本", "", "", KOKORO), False),
    (("全集", "1", "", KOKORO), ("全集1", "", "", BOTCHAN), False),
    (("全集", "1", "", ""), ("全集", "2", "", ""), False),
    (("犬の本", "", "夏目漱石", ""), ("月の暦", "", "", ""), False),
    (("犬の本", "", "夏目漱石", ""), ("月の暦", "", "夏目 漱石", ""), False),
    (("犬の本", "", "夏目漱石", ""), ("新版 犬の本", "", "森鷗外", ""), False),
]


@pytest.mark.parametrize(("before", "after", "is_another"), BOOKS)
def test_a_number_that_is_another_book_now_is_refused(read, before, after, is_another):
    head = "書誌番号,書名,巻,著者,ISBN\n1,"
    read(titles, head + ",".join(before))
    for dry_run in (True, False):
        done = read(titles, head + ",".join(after), dry_run=dry_run)
        assert [each.reason for each in done.told] == ["この番号は、いま別の本です。"] * is_another
        assert done.counts[3] == is_another


def test_a_number_that_lost_its_zeros_makes_no_second_title(read):
    read(titles, FILE)
    again = FILE.replace("000773", "773").replace("000774", "775")
    for dry_run in (True, False):
        done = read(titles, again, dry_run=dry_run)
        assert done.counts == (1, 0, 0, 1)
        (told,) = [each.reason for each in done.told if each.kind == report.REFUSAL]
        assert told == "先頭の0がないようです（000773）。0の付いた番号で書き出してください。"
    assert Title.select().count() == 3


def test_a_file_without_isbns_may_tell_another_title(read):
    read(titles, FILE)
    assert read(titles, "書誌番号,書名\n000773,坊っちゃん\n").counts == (0, 1, 0, 0)
    assert read(titles, "書誌番号,書名,著者\n000773,雁,森鷗外\n").counts == (0, 0, 0, 1)


def test_an_id_counts_within_its_source(read):
    read(titles, "source,source_id,title\nndl,1,甲\ntrc,1,乙\n")
    assert read(titles, "source,source_id,title\nndl,1,甲\ntrc,1,乙\n").counts == (0, 0, 2, 0)
    assert Title.select().count() == 2


def test_by_isbn_title_and_volume_only_when_one_side_has_no_id(read):
    read(titles, f"title,volume,isbn\nこころ,上,{KOKORO}\n")
    assert read(titles, f"source_id,title,volume,isbn\nA,こころ,上,{KOKORO}\n").counts == (
        0,
        1,
        0,
        0,
    )  # takes the id on
    assert read(titles, f"title,volume,isbn\nこころ,上,{KOKORO}\n").counts == (0, 0, 1, 0)
    assert read(titles, f"source_id,title,volume,isbn\nB,こころ,上,{KOKORO}\n").counts == (1, 0, 0, 0)
    assert read(titles, f"title,volume,isbn\nこころ,下,{KOKORO}\n").counts == (1, 0, 0, 0)


def test_rows_without_any_number_are_found_by_what_they_say(read):
    rows = "title,author,publisher,year\n全集,夏目漱石,岩波書店,1935\n全集,夏目漱石,岩波書店,1956\n全集,森鷗外,,\n"
    assert read(titles, rows).counts == (3, 0, 0, 0)
    assert read(titles, rows).counts == (0, 0, 3, 0)


def test_a_row_that_another_version_read_otherwise_is_not_doubled(read):
    rows = "title,author\n人間失格,太宰　治／著\n"
    read(titles, rows)
    Title.update(author="太宰　治／著").execute()
    assert read(titles, rows).counts == (0, 0, 1, 0)


def test_a_title_has_the_librarys_own_spelling_of_its_material_type(read):
    read(titles, "source_id,title,資料区分\n1,猫の歌,ＣＤ\n2,犬の歌,ｄｖｄ\n")
    assert [row.material_type for row in Title.select().order_by(Title.id)] == ["CD", "DVD"]


def test_titles_of_one_material_type_that_goes_into_the_rules_have_one_spelling(read):
    read(titles, "source_id,title,資料区分\n1,甲,ＬＰ\n2,乙,LP\n3,丙,ＬＰ\n", adding=words.Adding(all=True))
    assert len({row.material_type for row in Title.select()} & set(policy.get("material_types"))) == 1


def test_reading_the_rows_again_gives_titles_the_librarys_spelling_of_their_material_type(read):
    read(titles, "source_id,title,資料区分\n1,猫の歌,ＣＤ\n2,犬の歌,ＣＤ\n")
    Title.update(material_type="ＣＤ").execute()
    Title.update(edited=True, desk_fields="note").where(Title.source_id == "2").execute()
    rereading.run(report=report.Report())
    assert [row.material_type for row in Title.select().order_by(Title.id)] == ["CD", "CD"]


def test_reading_the_rows_again_mends_what_another_version_read(read):
    read(titles, "title,author,ndc\n人間失格,太宰　治／著,９１３．６\n")
    Title.update(author="太宰　治／著", ndc="９１３．６").execute()
    Creator.update(name="太宰").execute()
    Contributor.update(role="治／著").execute()
    rereading.run(report=report.Report())
    row = Title.get()
    made = row.contributors.get()
    assert (row.author, row.ndc, made.author.name, made.role) == ("太宰治 著", "913.6", "太宰治", "著")


def test_a_row_with_cells_that_could_not_be_read_is_read_again_without_them(read):
    read(titles, "title,isbn,accession_date,author\n人間失格,1920193004000,いつか,太宰　治／著\n")
    Title.update(author="太宰　治／著").execute()
    again = report.Report()
    rereading.run(report=again)
    row = Title.get()
    assert (row.author, row.isbn_text, again.counts[report.REFUSED]) == ("太宰治 著", "", 0)


def test_a_wrong_isbn_is_kept_as_typed(read):
    read(titles, "title,isbn\nこころ,4-10-101013-8\n")
    row = Title.get()
    assert (row.isbn, row.isbn_text) == ("", "4-10-101013-8")


def test_a_row_brings_its_copy_and_never_touches_a_known_one(read, place):
    known = factories.item(barcode="0001", shelf="書庫")
    done = read(
        titles,
        "source_id,title,barcode,branch,shelf,call_number\n"
        "A,こころ,0001,本館,開架,\n"
        "A,こころ,０００２,本館,開架,913.6 ナ\n"
        "A,こころ,0003,本館,,\n",
    )
    assert done.counts == (1, 0, 2, 0)
    assert done.more == {"すでにある資料（登録番号。変更していません）": 1, "追加した資料（登録番号）": 2}
    assert Item.get_by_id(known.id).shelf == "書庫"
    added = Item.get(Item.barcode == "0002")
    assert (added.title.source_id, added.branch, added.shelf, added.call_number) == ("A", place, "開架", "913.6 ナ")


def test_a_wrong_cell_is_left_out_and_a_row_without_a_title_or_with_half_a_copy_stays_out(read):
    done = read(
        titles,
        "source_id,title,isbn,accession_date,barcode,branch\n"
        "1,,,,,\n"
        "2,題,1920193004000,,,\n"
        "3,題,,いつか,,\n"
        "4,題,,,0004,\n"
        f"7,{'長' * 10_001},,,,\n",
    )
    assert done.refused == [(2, "書名"), (5, "所蔵館"), (6, "書名")]
    assert done.emptied == [(3, "ISBN"), (4, "受入日")]
    assert [(finding.number, finding.value) for finding in done.told if finding.kind == "空にした"] == [
        ("2", "1920193004000"),
        ("3", "いつか"),
    ]
    assert sorted(row.source_id for row in Title.select()) == ["2", "3"]
    assert Item.select().count() == 0


def test_words_that_the_library_does_not_have_stop_the_file(read):
    place = factories.branch("本館")
    file = (
        "source_id,title,material_type,barcode,branch\n1,題,郷土資料,0001,本館\n2,題,図書,0002,西部\n3,題,郷土資料,,\n"
    )
    with pytest.raises(errors.ValuesUnknown, match="資料区分「郷土資料」2行、所蔵館「西部」1行"):
        read(titles, file)
    assert Title.select().count() == 0
    values = {"branch": {"西部": "本館"}}
    assert read(titles, file, values=values, adding=words.Adding(all=True)).counts == (3, 0, 0, 0)
    assert policy.get("material_types")[-1] == "郷土資料"
    assert {item.branch for item in Item.select()} == {place}


def test_the_same_row_of_a_title_again_tells_nothing_new(read, monkeypatch):
    monkeypatch.setattr(batches, "ROWS", 1)
    for dry_run in (True, False):
        done = read(titles, "書誌番号,書名,ISBN\n1,こころ,4-00-310101-8\n1,こころ,4-00-310101-8\n", dry_run=dry_run)
        assert (done.counts, done.warned) == ((1, 0, 1, 0), [(2, "ISBN")])
