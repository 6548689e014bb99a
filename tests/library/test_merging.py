"""書誌をまとめる: two records of one book become one, and nothing that anybody has of either is lost."""

from datetime import timedelta

import pytest

from library import clock, errors
from library.catalog import records, removed_titles
from library.catalog.query.query import Query
from library.catalog.shown import results
from library.discovery.exchange import harvest
from library.lending.holds import hold_queue
from library.merging import titles
from library.reading import shelved
from models import (
    Audit,
    CartRow,
    DeletedTitle,
    Ebook,
    Feature,
    FeatureBook,
    HistoryEntry,
    Hold,
    HoldGroup,
    Item,
    Loan,
    Ranking,
    SdiTitle,
    ShelvedTitle,
    SourceRecord,
    Title,
    WorkJoin,
)
from tests import factories


@pytest.fixture
def two(db):
    """Two records of one book: the one that is kept, and the other."""
    return factories.catalogued("こころ", copies=1), factories.catalogued("こゝろ", copies=1)


def merge(kept, other):
    seen = titles.plan(kept.id, other.id).seen
    return titles.merge(kept.id, other.id, seen=seen, by="staff:suzuki", now=clock.now())


# -- copies, addresses, numbers --------------------------------------------------------------------------------------
def test_copies_go_over_with_their_loans_and_the_other_is_no_more(two):
    kept, other = two
    loan = factories.loan(factories.patron(), item=Item.get(Item.title == other))
    assert titles.plan(kept.id, other.id).copies == titles.plan(kept.id, other.id).lent == 1
    merge(kept, other)
    assert Item.select().where(Item.title == kept).count() == 2
    assert Loan.get_by_id(loan.id).item.title_id == kept.id
    assert not Title.select().where(Title.id == other.id).exists()
    assert results.find(Query(q="こころ")).ids == [kept.id]


def test_its_address_leads_to_the_other_and_so_does_what_led_to_it(two):
    kept, other = two
    DeletedTitle.create(title_id=9_000, deleted_at=clock.now(), merged_into=other)
    merge(kept, other)
    assert {removed_titles.deleted_row(number).merged_into_id for number in (other.id, 9_000)} == {kept.id}


def test_others_are_told_that_it_is_gone_and_that_the_one_that_stays_changed(two, moved_clock):
    kept, other = two
    moved_clock.now += timedelta(days=1)
    merge(kept, other)
    code = Item.get().branch.code
    found = harvest.begin(
        "ListIdentifiers", "oai_dc", first=clock.now() - timedelta(hours=1), until=None, branch=code, now=clock.now()
    )
    told = {(each.title_id, each.is_gone, each.sets) for each in harvest.part(found).headers}
    assert told == {(kept.id, False, (code,)), (other.id, True, (code,))}


def test_it_is_written_down_who_did_it(two):
    kept, other = two
    merge(kept, other)
    row = Audit.get(Audit.action == "title.merged")
    assert (row.actor, row.patron_id) == ("staff:suzuki", None)
    assert row.details == {"title": kept.id, "merged": other.id, "copies": 1, "of": "こゝろ"}


# -- the record ------------------------------------------------------------------------------------------------------
def test_fields_that_the_record_lacks_are_taken_from_the_other_and_its_own_stay(db):
    kept = factories.catalogued("こころ", publisher="岩波書店", isbns=["9784003101117"], note="初版")
    other = factories.catalogued(
        "こころ", title_kana="ココロ", publisher="新潮社", publisher_kana="シンチョウシャ", contents="先生と私", note="復刻",
        isbns=["4-00-310111-1", "9784101010137"], accessibility="大きな活字", subjects=[("小説", "ショウセツ")],
    )  # fmt: skip
    assert titles.plan(kept.id, other.id).taken == ["title", "subjects", "contents", "accessibility", "isbns"]
    merge(kept, other)
    made = records.load([kept.id])[kept.id]
    assert (made.title_kana, made.contents, made.subjects) == ("ココロ", "先生と私", [("小説", "ショウセツ")])
    assert (made.publisher, made.publisher_kana, made.note) == ("岩波書店", "", "初版")
    assert made.isbns == ["9784003101117", "9784101010137"]
    assert results.find(Query(q="先生と私")).ids == [kept.id] and Title.get_by_id(kept.id).edited


def test_a_record_that_lacks_nothing_is_not_touched(two):
    merge(*two)
    assert not Title.get_by_id(two[0].id).edited


def test_one_that_was_typed_goes_on_under_the_number_of_the_other(db):
    kept = factories.catalogued("こころ")
    other = factories.catalogued("こころ", source="NDL", source_id="0001", raw=b"<record/>", format="dcndl")
    Title.update(digest="abc").where(Title.id == other.id).execute()
    assert titles.plan(kept.id, other.id).takes_number
    merge(kept, other)
    made = Title.get_by_id(kept.id)
    assert (made.source, made.source_id, made.digest, made.edited) == ("NDL", "0001", "abc", True)
    assert SourceRecord.get().title_id == kept.id
    assert DeletedTitle.get().source_id == ""


def test_a_number_of_its_own_stays_and_that_of_the_other_is_remembered(db):
    kept = factories.catalogued("こころ", source="NDL", source_id="0001")
    other = factories.catalogued("こころ", source="TRC", source_id="77")
    assert not titles.plan(kept.id, other.id).takes_number
    merge(kept, other)
    assert Title.get_by_id(kept.id).source_id == "0001"
    row = DeletedTitle.get()
    assert (row.source, row.source_id, row.merged_into_id) == ("TRC", "77", kept.id)


# -- works -----------------------------------------------------------------------------------------------------------
def test_editions_of_either_stand_beside_the_one_book(db):
    kept, other = factories.catalogued("こころ", by=("夏目金之助", "")), factories.catalogued("こころ", year=1990)
    edition = factories.catalogued("こころ", year=2014)
    merge(kept, other)
    assert Title.get_by_id(kept.id).work_key == Title.get_by_id(edition.id).work_key
    assert WorkJoin.select().count() == 1


def test_works_that_the_desk_has_parted_stay_so(db):
    kept, other = factories.catalogued("こころ", by=("夏目金之助", "")), factories.catalogued("こころ", year=1990)
    factories.catalogued("こころ", year=2014)
    Title.update(work_fixed=True).where(Title.id == kept.id).execute()
    merge(kept, other)
    assert Title.get_by_id(kept.id).work_key == kept.work_key and not WorkJoin.select().exists()


# -- holds -----------------------------------------------------------------------------------------------------------
def line(title):
    """The open holds in their order: (patron, state)."""
    holds = Hold.select().where(Hold.title == title, Hold.state.in_(("waiting", "preparing", "in_transit", "ready")))
    return [(hold.patron_id, hold.state) for hold in holds.order_by(*hold_queue.ORDER)]


@pytest.fixture
def lent_out(db):
    """The two records without a copy at hand."""
    return factories.catalogued("こころ"), factories.catalogued("こゝろ")


def placed(title, patron, minutes, **given):
    return factories.hold(patron, title, placed_at=clock.now() + timedelta(minutes=minutes), **given)


def test_two_lines_become_one_by_the_time_at_which_each_came(lent_out):
    kept, other = lent_out
    first, second, third = (factories.patron() for _ in range(3))
    placed(other, first, 1), placed(kept, second, 2), placed(other, third, 3)
    assert titles.plan(kept.id, other.id).holds == 2
    merge(kept, other)
    assert [patron for patron, _ in line(kept)] == [first.id, second.id, third.id]


def test_an_order_that_the_desk_has_made_stays_in_each_line(lent_out):
    kept, other = lent_out
    a, b, c = (factories.patron() for _ in range(3))
    placed(kept, a, 5, rank=1), placed(kept, b, 1, rank=2), placed(other, c, 3)
    merge(kept, other)
    assert [patron for patron, _ in line(kept)] == [c.id, a.id, b.id]


def test_a_patron_with_holds_on_both_keeps_the_earlier_place_and_one_hold(lent_out):
    kept, other = lent_out
    both, between = factories.patron(), factories.patron()
    later = placed(kept, both, 3)
    placed(kept, between, 2), placed(other, both, 1)
    assert titles.plan(kept.id, other.id).doubled == 1
    merge(kept, other)
    assert line(kept) == [(both.id, "waiting"), (between.id, "waiting")]
    ended = Hold.get_by_id(later.id)
    assert (ended.state, ended.reason) == ("cancelled", "merged")


def test_a_copy_that_is_kept_for_the_later_hold_stays_kept_in_the_earlier_place(lent_out):
    kept, other = lent_out
    patron, next_one = factories.patron(), factories.patron()
    copy = factories.item(other, aside=True)
    placed(kept, patron, 1)
    placed(kept, next_one, 2)
    ready = placed(other, patron, 3, state="ready", item=copy)
    merge(kept, other)
    assert line(kept) == [(patron.id, "ready"), (next_one.id, "waiting")]
    assert Hold.get_by_id(ready.id).item_id == copy.id


def test_where_a_copy_is_kept_for_each_the_other_copy_goes_to_who_is_next(lent_out):
    kept, other = lent_out
    patron, next_one = factories.patron(), factories.patron()
    mine, spare = (factories.item(each, aside=True) for each in (kept, other))
    placed(kept, patron, 1, state="ready", item=mine)
    placed(other, patron, 2, state="ready", item=spare)
    placed(kept, next_one, 3)
    merge(kept, other)
    assert line(kept) == [(patron.id, "ready"), (next_one.id, "ready")]
    assert Hold.get(Hold.patron == next_one).item_id == spare.id


def test_a_hold_that_belongs_to_others_goes_on_belonging_to_them(lent_out):
    kept, other = lent_out
    patron = factories.patron()
    group = HoldGroup.create(patron=patron, kind="in_order")
    placed(kept, patron, 1)
    placed(other, patron, 2, group=group, position=1)
    second = placed(factories.title("次の巻"), patron, 3, group=group, position=2)
    merge(kept, other)
    hold = Hold.get(Hold.title == kept, Hold.state == "waiting")
    assert (hold.group_id, hold.position) == (group.id, 1)
    assert not hold_queue.in_line(second.title_id, today=clock.today())


def test_a_holder_of_one_record_gets_a_copy_of_the_other(db):
    kept, other = factories.catalogued("こころ", copies=1), factories.catalogued("こゝろ")
    patron = factories.patron()
    placed(other, patron, 1)
    merge(kept, other)
    assert line(kept) == [(patron.id, "preparing")]


def test_holds_that_are_over_go_over_too(lent_out):
    kept, other = lent_out
    hold = placed(other, factories.patron(), 1, state="collected")
    merge(kept, other)
    assert Hold.get_by_id(hold.id).title_id == kept.id


# -- what patrons and the library keep -------------------------------------------------------------------------------
def test_shelves_carts_and_history_go_over_and_nothing_is_there_twice(two):
    kept, other = two
    one, both = factories.patron(), factories.patron()
    shelf, full = (
        factories.shelf(one, titles=[other]),
        factories.shelf(both, titles=[other, factories.title("間"), kept]),
    )
    ShelvedTitle.update(note="夏に").where(ShelvedTitle.shelf == full, ShelvedTitle.title == other).execute()
    ShelvedTitle.update(note="冬に").where(ShelvedTitle.shelf == full, ShelvedTitle.title == kept).execute()
    factories.cart_row(one, other), factories.cart_row(both, other), factories.cart_row(both, kept)
    entry = factories.history(one, title=other)
    merge(kept, other)
    assert [book.title_id for book in shelved.books(shelf)] == [kept.id]
    books = shelved.books(full)
    assert [(book.title_id, book.position) for book in books][::2] == [(kept.id, 1)] and len(books) == 2
    assert books[0].note == "夏に\n冬に"
    assert sorted(row.patron_id for row in CartRow.select().where(CartRow.title == kept)) == [one.id, both.id]
    assert CartRow.select().count() == 2 and HistoryEntry.get_by_id(entry.id).title_id == kept.id


def test_notes_on_either_record_stand_on_all_entries_of_the_history(two):
    kept, other = two
    patron, stranger = factories.patron(), factories.patron()
    (
        factories.history(patron, title=kept, memo="泣いた"),
        factories.history(patron, title=other, memo="また読む", rating=5),
    )
    factories.history(stranger, title=other, memo="借りた", rating=2)
    merge(kept, other)
    rows = {(row.patron_id, row.memo, row.rating) for row in HistoryEntry.select()}
    assert rows == {(patron.id, "泣いた\nまた読む", 5), (stranger.id, "借りた", 2)}


def test_saved_searches_do_not_tell_of_it_again_and_lists_have_it_once(two):
    kept, other = two
    condition, later = factories.condition(factories.patron()), factories.condition(factories.patron())
    for each, title in ((condition, kept), (condition, other), (later, other)):
        SdiTitle.create(condition=each, title=title)
    for place, title in enumerate((other, kept), 1):
        Ranking.create(name="loans", span="half", audience="", place=place, title=title)
    merge(kept, other)
    assert sorted((row.condition_id, row.title_id) for row in SdiTitle.select()) == [
        (condition.id, kept.id), (later.id, kept.id),
    ]  # fmt: skip
    assert [row.title_id for row in Ranking.select()] == [kept.id]


def test_a_feature_keeps_the_first_of_the_two_with_what_is_said_of_either(two):
    kept, other = two
    feature = Feature.create(slug="mind", title="心", text="", position=1, changed_at=clock.now())
    for position, (title, comment) in enumerate(((other, "名作"), (kept, "新版")), 1):
        FeatureBook.create(feature=feature, position=position, title=title, name="こころ", comment=comment)
    assert titles.plan(kept.id, other.id).features == 1
    merge(kept, other)
    assert [(row.title_id, row.comment) for row in FeatureBook.select()] == [(kept.id, "名作\n新版")]


def test_an_e_book_goes_over_and_two_are_refused(two):
    kept, other = two
    book = factories.ebook(other)
    merge(kept, other)
    assert Ebook.get_by_id(book.id).title_id == kept.id
    third = factories.catalogued("こころ")
    factories.ebook(third)
    with pytest.raises(errors.Refusals) as refused:
        merge(kept, third)
    assert isinstance(refused.value.reasons[0], errors.BothHaveEbooks)
    Ebook.update(withdrawn_at=clock.now()).where(Ebook.title == third).execute()
    merge(kept, third)
    assert Ebook.select().where(Ebook.title == kept).count() == 2


# -- refusals --------------------------------------------------------------------------------------------------------
def test_one_title_is_not_merged_with_itself_nor_with_none(two):
    kept = two[0]
    for number, refusal in ((kept.id, errors.TwoTitlesWanted), (99_999, errors.TitleNotThere)):
        with pytest.raises(refusal):
            titles.merge(kept.id, number, seen="", by="staff:suzuki", now=clock.now())


def test_a_record_that_changed_meanwhile_is_looked_at_again(two):
    kept, other = two
    seen = titles.plan(kept.id, other.id).seen
    Title.update(note="改訂").where(Title.id == other.id).execute()
    with pytest.raises(errors.TitlesChangedMeanwhile):
        titles.merge(kept.id, other.id, seen=seen, by="staff:suzuki", now=clock.now())
    assert Title.select().count() == 2


def test_titles_that_may_be_the_same_book_are_those_of_its_isbn_then_of_its_work(db):
    title = factories.catalogued("こころ", isbns=["9784003101117"])
    edition = factories.catalogued("こころ", year=2014)
    same = factories.catalogued("心", by=("", ""), isbns=["4003101111"], contributors=[])
    factories.catalogued("門")
    assert titles.alike(Title.get_by_id(title.id)) == [same.id, edition.id]
