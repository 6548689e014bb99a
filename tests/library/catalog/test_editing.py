"""書誌 and 資料 by hand: what is typed is kept, found at once, and goes only when nothing hangs on it."""

import json
from datetime import date

import pytest

from library import clock, errors
from library.catalog import editing, records
from library.catalog.query import query as queries
from library.catalog.shown import results as searches
from library.files import report
from library.importing.titles import rereading
from library.lending import copies
from library.numbers import free
from models import Audit, Creator, Item, SourceRecord, Title
from tests import factories

TODAY = date(2026, 11, 25)
EMPTY = dict.fromkeys(
    (*editing.TEXTS, *editing.LONG_TEXTS, "other_titles", "isbns", "subjects", "accession_date"), ""
) | {"formats": []}
TYPED = EMPTY | {
    "title": "注文の多い料理店",
    "title_kana": "チュウモン ノ オオイ リョウリテン",
    "year_text": "平成2",
    "other_titles": "山猫軒の話｜ヤマネコケン ノ ハナシ\n原題：The restaurant",
    "isbns": "4-10-109206-0\n",
    "subjects": "日本文学｜ニホン ブンガク\n童話",
    "note": "初版の復刻\n\n箱入り",
    "contributors": [("宮沢 賢治", "ミヤザワ, ケンジ", "著"), ("菊池 武雄", "", "絵"), ("", "", "")],
}


def by():
    return {"by": "staff:suzuki", "now": clock.now()}


def added(**typed):
    return editing.add(editing.read(TYPED | typed), today=TODAY, **by())


def changed(title, /, **typed):
    stored = records.load([title.id])[title.id]
    record = editing.read(editing.typed_of(stored) | typed)
    editing.change(title.id, record, seen=editing.version_of(stored), **by())
    return Title.get_by_id(title.id)


def found(words):
    return searches.find(queries.Query(q=words)).ids


def refused(**typed):
    with pytest.raises(errors.RefusedTogether) as refusal:
        editing.read(TYPED | typed)
    return {name: [type(each) for each in reasons] for name, reasons in refusal.value.by_field.items()}


def test_a_title_by_hand_is_kept_in_all_its_parts_and_found_at_once(db):
    title = added()
    assert (title.year, title.isbn, title.author) == (1990, "9784101092065", "宮沢 賢治 著 ; 菊池 武雄 絵")
    assert (title.note, title.accession_date) == ("初版の復刻\n箱入り", TODAY)
    assert records.split_subjects(title.subjects) == [("日本文学", "ニホン ブンガク"), ("童話", "")]
    for words in (
        "注文の多い",
        "ちゅうもん",
        "宮沢賢治",
        "みやざわ",
        "菊池",
        "4101092060",
        "童話",
        "山猫軒",
        "やまねこけん",
        "restaurant",
    ):
        assert found(words) == [title.id], words


@pytest.mark.parametrize(
    ("typed", "number", "audience"),
    [("９１３．６", "913.6", "一般"), ("K913", "913", "児童"), ("913 914", "913 914", "一般"), ("", "", "一般")],
)
def test_a_class_is_kept_in_one_form_and_several_stay_as_typed(db, typed, number, audience):
    title = added(ndc=typed, audience="一般")
    assert (title.ndc, title.audience) == (number, audience)


def test_a_record_typed_again_unchanged_is_the_same_record(db):
    title = added()
    stored = records.load([title.id])[title.id]
    assert editing.version_of(editing.read(editing.typed_of(stored))) == editing.version_of(stored)


def test_a_changed_title_is_found_by_its_new_words_and_by_no_old_ones(db):
    title = added()
    changed(
        title, title="銀河鉄道の夜", title_kana="ギンガ テツドウ ノ ヨル", isbns="", contributors=[("みやざわ", "", "")]
    )
    assert found("銀河鉄道") == [title.id]
    assert found("料理店") == found("菊池") == found("4101092060") == []


def test_the_source_record_and_its_number_stay_and_names_keep_their_romaji(db):
    title = factories.catalogued("雪国", source="JPNB", source_id="123")
    SourceRecord.create(title=title, format="csv", content=b"{}")
    Title.update(digest="abc").where(Title.id == title.id).execute()
    Creator.update(latin="Natsume, Soseki").execute()
    title = changed(
        title, title="雪国 改版", contributors=[("夏目漱石", "ナツメ, ソウセキ", "著"), ("新しい人", "", "")]
    )
    assert (title.title, title.source, title.source_id, title.digest) == ("雪国 改版", "JPNB", "123", "abc")
    assert bytes(SourceRecord.get().content) == b"{}"
    assert Creator.get(Creator.name == "夏目漱石").latin == "Natsume, Soseki"


def test_reading_the_source_records_again_leaves_what_was_typed(db):
    title, other = (factories.catalogued(name, by=None) for name in ("雪国", "こころ"))
    for each, raw in ((title, {"title": "雪国"}), (other, {"title": "こころ 上"})):
        SourceRecord.create(title=each, format="csv", content=json.dumps(raw).encode())
    changed(title, title="雪国 手直し")
    rereading.run(report=report.Report())
    assert [row.title for row in Title.select().order_by(Title.id)] == ["雪国 手直し", "こころ 上"]


def test_two_who_change_the_same_title_do_not_overwrite_one_another(db):
    title = added()
    stored = records.load([title.id])[title.id]
    changed(title, title="先の人")
    with pytest.raises(errors.TitleChangedMeanwhile):
        editing.change(title.id, editing.read(TYPED), seen=editing.version_of(stored), **by())
    assert Title.get().title == "先の人"


def test_a_wrong_field_is_told_by_its_name(db):
    assert refused(title=" ") == {"title": [errors.FieldEmpty]}
    assert refused(isbns="1920093012004") == {"isbns": [errors.IsbnIsSecondBarcode]}
    assert refused(accession_date="きのう") == {"accession_date": [errors.DateMalformed]}
    assert refused(contributors=[("", "ナマエ", "")]) == {"contributors": [errors.ContributorWithoutName]}
    assert refused(contributors=[("名" * 201, "", "")]) == {"contributors": [errors.FieldTooLong]}
    assert refused(contributors=[("名\x00", "", "")]) == {"contributors": [errors.FieldHasControl]}


def test_a_title_goes_only_when_nothing_hangs_on_it(db, patron):
    title = added()
    factories.item(title, state="withdrawn")
    factories.hold(patron, title, state="cancelled")
    factories.cart_row(patron, title)
    with pytest.raises(errors.Refusals) as refusal:
        editing.remove(title.id, **by())
    assert [type(each) for each in refusal.value.reasons] == [
        errors.TitleHasCopies,
        errors.TitleHasHolds,
        errors.TitleInCarts,
    ]
    alone = added(title="まちがい", isbns="")
    editing.remove(alone.id, **by())
    assert found("まちがい") == [] and Title.select().count() == 1


def test_an_isbn_finds_what_has_copies_before_what_came_in_a_file_alone(db):
    bare, owned = added(), added(title="新しい版")
    factories.item(owned)
    assert editing.with_isbn("ISBN 4-10-109206-0") == [owned.id, bare.id]
    assert editing.with_isbn("こころ") == []


ACQUIRED = {"acquired_how": "", "supplier": "", "budget_word": ""}


# -- copies ----------------------------------------------------------------------------------------------------------
def typed_copy(**typed):
    branch = factories.branch("本館")
    filled = {"barcode": "0100000001", "branch": str(branch.id), "shelf": "開架", "call_number": "913.6 ミ"}
    return filled | {"material_type": "", "acquired_on": "", "note": "", "price": ""} | ACQUIRED | typed


def put(title, **typed):
    return copies.add(title, copies.read(typed_copy(**typed)), today=TODAY, **by())


def test_a_copy_is_there_from_the_day_it_was_added_and_stands_in_order(db):
    title = added(ndc="913.6")
    item = put(title, barcode="Ａ0100000001A")
    assert (item.barcode, item.acquired_on, item.state) == ("0100000001", TODAY, "available")
    assert Title.get_by_id(title.id).shelf_key != title.shelf_key
    assert searches.find(queries.Query(q="料理店", available=True)).ids == [title.id]
    assert Audit.get(Audit.action == "item.added").details == {"barcode": "0100000001"}


def test_a_barcode_is_given_once_whoever_scans_it(db):
    title = added()
    put(title)
    with pytest.raises(errors.RefusedTogether) as refusal:
        put(title)
    assert refusal.value.by_field == {"barcode": [errors.BarcodeTaken(barcode="0100000001")]}
    with pytest.raises(errors.RefusedTogether) as refusal:
        copies.read(typed_copy(barcode="番号", branch="99", acquired_on="x"))
    assert set(refusal.value.by_field) == {"barcode", "branch", "acquired_on"}


@pytest.mark.parametrize(
    ("there", "following"),
    [
        ([], "0000000001"),
        (["0100000001", "0100000009"], "0100000010"),
        (["99999999999", "0012345"], "0012346"),
        (["0100000001", "K-12"], "0100000002"),
        (["0100000001", "01A0000002"], "0100000002"),
    ],
)
def test_the_next_number_follows_the_highest_of_its_length(there, following, db):
    title = added()
    for barcode in there:
        factories.item(title, barcode=barcode)
    assert free.barcode() == following


def test_a_new_copy_goes_to_the_first_who_waits(db, patron):
    title = added()
    hold = factories.hold(patron, title)
    item = put(title)
    hold = type(hold).get_by_id(hold.id)
    assert (hold.state, hold.item_id) == ("preparing", item.id)


def test_a_changed_copy_says_what_was_typed_and_a_withdrawn_one_is_out_of_the_search(db):
    title = added()
    item, other = put(title), factories.branch("東部")
    values = copies.read(typed_copy(barcode="0100000007", branch=str(other.id), call_number="E ア"))
    copies.change(item, values, **by())
    item = Item.get()
    assert (item.barcode, item.branch, item.call_number) == ("0100000007", other, "E ア")
    factories.withdraw(item)
    assert searches.find(queries.Query(q="料理店", branch=(other.code,))).ids == []
