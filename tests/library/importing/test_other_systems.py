"""Files of other systems: their headings, words and spellings."""

import io
from datetime import date

import pytest

from library import clock, errors
from library.catalog.readers import formats
from library.files import headings
from library.files.report import LEFT_OUT
from library.importing import assignments, branches, holds, items, kinds, loans, patrons, titles
from models import Branch, Contributor, Item, Loan, Patron, Title
from tests import factories
from tests.conftest import NOW

TODAY = date(2026, 11, 25)
KOKORO, BOTCHAN = "9784101010137", "9784003101018"


@pytest.fixture(autouse=True)
def places(db):
    return factories.branch("本館", code="01"), factories.branch("東部", code="02")


@pytest.mark.parametrize("kind", kinds.KINDS.values(), ids=kinds.KINDS)
def test_no_heading_belongs_to_two_columns(kind):
    folded = [headings.fold(word) for column in kind.columns for word in {column.name, *column.headings}]
    twice = {word for word in folded if folded.count(word) > 1}
    of_one = {headings.fold(word) for column in kind.columns for word in column.headings}
    assert all(sum(word in headings.folded([column]) for column in kind.columns) == 1 for word in twice & of_one)


# -- 利用者 ------------------------------------------------------------------------------------------------------------
def test_patrons_come_in_under_the_headings_of_others(read):
    head = "利用者コード,氏名（漢字）,氏名（カナ）,電話１,電話２,住所１,住所２,備考１,備考２,館コード"
    done = read(patrons, f"{head}\n0000002377570,山田花子,ﾔﾏﾀﾞ ﾊﾅｺ,0575-22-6101,090-1234-5678,ﾎﾝﾏﾁ1,ﾊｲﾂ2,甲,乙,2\n")
    assert (done.counts, done.told) == ((1, 0, 0, 0), [])
    patron = Patron.get()
    assert (patron.name, patron.name_kana) == ("山田花子", "ヤマダ ハナコ")
    assert (patron.phone_home, patron.phone_mobile) == ("0575-22-6101", "090-1234-5678")
    assert (patron.address, patron.desk_note, patron.branch.name) == ("ホンマチ1 ハイツ2", "甲\n乙", "東部")


@pytest.mark.parametrize("word", ["死亡", "転出", "除籍", "廃止", "無効"])
def test_cards_of_those_who_are_gone_never_come_in(word, read):
    done = read(patrons, f"利用者番号,氏名,利用状態\n0000002377570,山田,{word}\n")
    assert done.counts == (0, 0, 0, 0) and done.more[patrons.CLOSED] == 1 and not Patron.select().exists()


def test_a_state_of_a_card_that_nobody_knows_stops_the_file(read):
    with pytest.raises(errors.ValuesUnknown, match="利用状態「施設入所」1行"):
        read(patrons, "利用者番号,氏名,利用状態\n0000002377570,山田,施設入所\n0000002377588,森,\n")
    assert not Patron.select().exists()


def test_local_telephone_numbers_get_the_area_code(read):
    file = "利用者番号,氏名,電話自宅,電話携帯\n0000002377570,山田,22-6101,090-1234-5678\n"
    assert read(patrons, file).emptied == [(2, "電話自宅")]
    assert read(patrons, file, area_code="0575").mended == [(2, "電話自宅")]
    assert (Patron.get().phone_home, Patron.get().phone_mobile) == ("0575-22-6101", "090-1234-5678")


def test_a_card_that_is_the_old_number_of_another_is_refused_again_and_again(read):
    file = "利用者番号,氏名,旧利用者番号\n0000002377570,山田,0000002377588\n0000002377588,森,\n"
    for dry_run in (True, False, True, False):
        assert read(patrons, file, dry_run=dry_run).refused == [(3, "利用者番号")]
    assert Patron.get().name == "山田"


# -- 貸出 --------------------------------------------------------------------------------------------------------------
def test_a_loan_of_the_future_and_of_a_withdrawn_copy_are_warned_of(read):
    factories.patron(card_number="0000000000017")
    factories.item(barcode="0001", state="withdrawn"), factories.item(barcode="0002")
    rows = "0001,0000000000017,2026-11-11,2026-12-25\n0002,0000000000017,2026-11-26,2026-12-25\n"
    done = read(loans, "登録番号,利用者番号,貸出日,返却期限日\n" + rows, now=clock.at(TODAY, 10))
    assert (done.counts, done.warned) == ((2, 0, 0, 0), [(2, "登録番号"), (3, "貸出日")])


def test_a_loan_that_is_left_out_is_no_return(read):
    patron, copy = factories.patron(), factories.item(barcode="0001")
    factories.loan(patron, item=copy, lent_on=date(2026, 11, 11))
    factories.loan(patron, item=factories.item(barcode="0002"), lent_on=date(2026, 11, 11))
    rows = "".join(f"{number},{patron.card_number},2026-11-11,2026-11-27,{place}\n"
                   for number, place in (("0001", "77"), ("0002", "本館")))  # fmt: skip
    file = "登録番号,利用者番号,貸出日,返却期限日,貸出館\n" + rows
    done = read(loans, file, values={"branch": {"77": "-"}}, now=clock.at(TODAY, 10), snapshot=True)
    assert loans.RETURNED not in done.more or done.more[loans.RETURNED] == 0
    assert Loan.select().where(Loan.returned_on.is_null()).count() == 2


# -- 書誌 --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("authors", "kana", "told"),
    [
        ("夏目漱石∥著 ; 安野光雅∥絵", "ナツメ,ソウセキ∥アンノ,ミツマサ", ["ナツメ,ソウセキ", "アンノ,ミツマサ"]),
        ("夏目漱石／著 安野光雅／絵", "ナツメ ソウセキ・アンノ ミツマサ", ["ナツメ ソウセキ", "アンノ ミツマサ"]),
        ("夏目漱石／著 安野光雅／絵", "ﾅﾂﾒ ｿｳｾｷ;ｱﾝﾉ ﾐﾂﾏｻ", ["ナツメ ソウセキ", "アンノ ミツマサ"]),
        ("ジョン・スミス／著 林太郎／訳", "ジョン・スミス・ハヤシ タロウ", ["ジョン・スミス", "ハヤシ タロウ"]),
        ("ジョン・スミス／著 林太郎／訳", "ジョン・スミス", ["ジョン・スミス", ""]),
        ("五十嵐光 ; 五十嵐純 ; 齋藤美咲", "イガラシヒカリ∥∥サイトウミサキ", ["イガラシヒカリ", "", "サイトウミサキ"]),
    ],
)
def test_readings_of_several_authors_go_to_each(authors, kana, told, read):
    read(titles, f'書名,著者,著者ヨミ\n本,{authors},"{kana}"\n')
    rows = Contributor.select().order_by(Contributor.position)
    assert [row.author.kana for row in rows] == told


def test_the_size_of_a_book_and_its_price_are_read(read):
    read(titles, '書名,ページ/大きさ,本体価格,分類\n本,32p/21cm,"\\1,500",E\n')
    assert (Title.get().extent, Title.get().price) == ("32p/21cm", "¥1,500")


def test_the_letter_of_a_shelf_is_no_fault(read):
    done = read(titles, "書名,分類\na,E\nb,M\nc,K\nd,Ｐ\ne,絵本\n")
    assert done.warned == [(6, "分類")]


def test_a_call_number_is_made_of_the_class_and_the_marks_behind_it(read):
    read(titles, "書名,分類,著者記号,巻冊,登録番号,館コード\nこころ,913.6,ナ,2,0001,01\n三四郎,913.6,,,0002,01\n")
    assert [row.call_number for row in Item.select().order_by(Item.barcode)] == ["913.6 ナ 2", ""]


@pytest.mark.parametrize("source", ["", "前のシステム"])
@pytest.mark.parametrize("dry_run", [True, False])
def test_two_books_with_one_number_are_both_refused_by_name(dry_run, source, read):
    file = "書誌番号,書名\n1,こころ\n2,三四郎\n1,明暗\n2,三四郎\n"
    done = read(titles, file, dry_run=dry_run, source=source)
    assert done.counts == (1, 0, 1, 2)
    assert done.told[0].sentence == "2行目 書誌番号：書誌番号 1 が 2行目と 4行目にあり、内容が違います。"
    assert [row.title for row in Title.select()] == ([] if dry_run else ["三四郎"])


def test_the_copies_of_one_book_come_in_each_with_its_day(read):
    head = "書誌番号,書名,登録番号,所蔵館,受入日\n"
    rows = "1,こころ,0001,本館,2020-04-01\n1,こころ,0002,東部,2021-05-01\n"
    for _ in range(2):
        read(titles, head + rows)
    assert [(row.barcode, row.branch.name, row.acquired_on) for row in Item.select().order_by(Item.barcode)] == [
        ("0001", "本館", date(2020, 4, 1)),
        ("0002", "東部", date(2021, 5, 1)),
    ]
    done = read(titles, head + rows + "1,こころ,0003,本館,\n2,三四郎,0003,本館,\n", dry_run=True)
    assert done.refused == [(4, "登録番号"), (5, "登録番号")]


def test_a_number_that_is_another_book_now_is_refused(read):
    head = "書誌番号,書名,ISBN\n"
    read(titles, f"{head}1,こころ,{KOKORO}\n2,本,\n")
    done = read(titles, f"{head}1,坊っちゃん,{BOTCHAN}\n2,別の本,\n")
    assert done.counts == (0, 1, 0, 1), "a book without ISBN may get another name"
    assert done.told[0].sentence == "2行目 書誌番号：この番号は、いま別の本です。"
    assert read(titles, f"{head}1,こころ,{BOTCHAN}\n").counts == (0, 1, 0, 0)
    assert read(titles, f"{head}1,坊っちゃん,{KOKORO}\n", source="csv").counts == (0, 1, 0, 0), "the source is named"


def test_a_copy_of_two_spellings_of_one_number_is_refused_once(read):
    factories.title("本", source="csv", source_id="1")
    factories.item(barcode="A0001")
    file = "登録番号,書誌番号,所蔵館\nA0001,1,本館\nA-0001,1,東部\n"
    for dry_run in (True, False):
        assert read(items, file, dry_run=dry_run).refused == [(3, "登録番号")]


def test_a_card_is_named_by_利用者ID_too(read):
    assert read(patrons, "利用者ＩＤ,氏名\n0000000000017,山田花子\n").counts == (1, 0, 0, 0)
    factories.item(factories.title("こころ", isbn=KOKORO), branch=Branch.get(), barcode="0001")
    file = "登録番号,利用者ID,貸出日,返却期限日\n0001,0000000000017,2026-11-11,2026-11-25\n"
    assert read(loans, file, now=NOW).counts == (1, 0, 0, 0)


def test_two_headings_of_one_column_name_the_way_out(read):
    file = "利用者番号,氏名,携帯,電話２\n0000000000017,山田花子,090-1234-5678,0575-22-6101\n"
    with pytest.raises(errors.HeadingTwice, match=r"「携帯」「電話２」。.*「取り込まない」.*--map 電話携帯=携帯"):
        read(patrons, file)
    mapping = assignments.read([("電話携帯", "携帯")], patrons.COLUMNS).headings
    assert read(patrons, file, mapping=mapping, dry_run=True).counts == (1, 0, 0, 0)
    assert read(patrons, file, mapping=mapping | {"phone_mobile": "-"}).counts == (1, 0, 0, 0)


def test_a_remark_of_the_staff_is_no_note_for_all(read):
    done = read(
        titles, "書誌番号,書名,備考,備考１,メモ,一般注記\n1,猫の本,寄贈：山田太郎様,090-1111-2222,要確認,英文併記\n"
    )
    assert (done.counts, Title.get().note) == ((1, 0, 0, 0), "英文併記")
    file = "書誌番号,書名,備考\n2,犬の本,付録あり\n"
    assert formats.recognise(io.BytesIO(file.encode())).unknown == ["備考"]
    read(titles, file, mapping={"note": "備考"})
    assert Title.get(Title.source_id == "2").note == "付録あり"


# -- rows that are none ------------------------------------------------------------------------------------------------
LISTS = {
    "branches": (branches, "館コード,館名\n03,西館\n"),
    "titles": (titles, "件数,書誌番号,書名\n1,7,こころ\n"),
    "items": (items, "登録番号,ISBN,所蔵館\n0007,{isbn},本館\n"),
    "patrons": (patrons, "利用者番号,氏名\n0000000000017,山田花子\n"),
    "loans": (loans, "登録番号,利用者番号,貸出日,返却期限日\n0001,0000000000025,2026-11-11,2026-11-25\n"),
    "holds": (holds, "利用者番号,ISBN,受取館\n0000000000025,{isbn},本館\n"),
}


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("word", ["合計", "計", "総　計", "小計"])
def test_the_headings_again_and_a_row_of_totals_are_no_rows(read, kind, word):
    factories.patron(card_number="0000000000025")
    factories.item(factories.title("こころ", isbn=KOKORO), branch=Branch.get(), barcode="0001")
    module, text = LISTS[kind]
    text = text.format(isbn=KOKORO)
    text += f"{text.splitlines()[0]}\n,{word},1件\n"
    given = {"now": NOW} if kind in ("loans", "holds") else {}
    for dry_run in (True, False):
        done = read(module, text, dry_run=dry_run, **given)
        told = [(each.line, each.column, each.kind, each.reason) for each in done.told if each.kind == LEFT_OUT]
        assert told == [(3, "", LEFT_OUT, "見出しの行です"), (4, "", LEFT_OUT, "合計の行です")]
        assert done.counts == (1, 0, 0, 0)


def test_a_total_that_stands_where_the_number_does_makes_no_row_of_it(read):
    done = read(titles, '区分,書誌番号,書名\n図書,合計,"1,500件",多い\n図書,7,合計\n')
    assert [(each.line, each.kind) for each in done.told] == [(2, LEFT_OUT)]
    assert [row.title for row in Title.select()] == ["合計"]


def test_two_columns_put_by_hand_into_one_that_joins_nothing_are_refused(read):
    file = "利用者番号,氏名,通称\n0000000000017,山田花子,花\n"
    mapping = assignments.read([("氏名", "氏名"), ("氏名", "通称")], patrons.COLUMNS).headings
    with pytest.raises(errors.HeadingTwice, match="「氏名」「通称」"):
        read(patrons, file, mapping=mapping)


def test_rows_of_a_branch_are_left_out_by_command(read):
    file = "登録番号,ISBN,館\n0100000001,9784101010137,77\n0100000002,9784101010137,本館\n"
    factories.title("こころ", isbn=KOKORO)
    made = assignments.read([("館:77", "-")], items.COLUMNS)
    done = read(items, file, values=made.values)
    assert done.counts == (1, 0, 0, 0) and [(each.line, each.kind) for each in done.told] == [(2, "取り込まない")]


def test_a_column_is_left_out_by_command_whatever_its_heading_says(read):
    made = assignments.read([("-", "住所２")], patrons.COLUMNS)
    file = "利用者番号,氏名,住所１,住所２\n0000000000017,山田花子,本町1,ハイツ2\n"
    assert read(patrons, file, mapping=made.headings).counts == (1, 0, 0, 0)
    assert Patron.get().address == "本町1"
