"""借りたことがある資料: what is kept of whom, what is shown when, and what is gone."""

from datetime import date, timedelta

import pytest

from library import clock
from library.lending import loans, renewals, returns
from library.reading import history, looking_back, year
from library.reading.history import Choice
from library.store import backup, database
from models import HistoryEntry, Patron, Title, database as connection
from tests import factories, traces
from tests.conftest import NOW

TODAY = clock.day_of(NOW)
DESK = "staff:1"


def at(hour, days=0):
    return clock.at(TODAY + timedelta(days=days), hour)


def lend(patron, name="こころ", *, now=NOW, item=None):
    item = item or factories.item(factories.title(name))
    return loans.check_out(patron, item, branch=factories.branch("本館"), now=now, by=DESK).loan


def give_back(loan, *, now=NOW):
    returns.give_back(loan.item, at=factories.branch("本館"), now=now)


def keep(patron, kept):
    Patron.update(keep_history=kept).where(Patron.id == patron.id).execute()


def shown(patron, days=0):
    """The titles on the page, so many days from today."""
    return [one.title for one in history.listed(patron, today=TODAY + timedelta(days=days)).records]


@pytest.fixture
def reader(db):
    return factories.patron(keep_history=True)


# -- what is recorded, and from when it is shown ----------------------------------------------------------------------
def test_a_loan_before_the_setting_is_never_shown_one_after_it_from_tomorrow(patron):
    lend(patron, "先の本", now=at(14))
    keep(patron, True)  # 15:00
    lend(patron, "後の本", now=at(16))
    assert shown(patron) == []
    assert history.listed(patron, today=TODAY).of_today == 1
    for days in (1, 30):
        assert shown(patron, days) == ["後の本"]


def test_a_loan_still_out_when_the_setting_comes_is_never_shown_renewed_or_not(patron):
    loan = lend(patron, "先の本", now=at(14))
    keep(patron, True)
    renewals.renew(loan, now=at(10, days=3), by="patron")
    give_back(loan, now=at(11, days=9))
    assert shown(patron, 30) == []


def test_a_renewal_is_no_new_row_and_changes_no_day(reader):
    loan = lend(reader, "草枕", now=at(11))
    renewals.renew(loan, now=at(10, days=3), by="patron")
    give_back(loan, now=at(11, days=9))
    assert [(one.title, one.day) for one in history.listed(reader, today=TODAY + timedelta(days=30)).records] == [
        ("草枕", TODAY)
    ]


def test_off_and_on_again_leaves_out_what_was_lent_in_between(patron):
    for name, kept, hour in (("一", True, 11), ("二", False, 12), ("三", True, 13)):
        keep(patron, kept)
        lend(patron, name, now=at(hour))
    assert shown(patron, 1) == ["三", "一"]


def test_a_loan_returned_the_same_day_is_a_loan_like_any_other_and_twice_is_two(reader):
    item = factories.item(factories.title("草枕"))
    for hour in (11, 14):
        give_back(lend(reader, item=item, now=at(hour)), now=at(hour + 1))
    assert shown(reader) == []
    assert shown(reader, 1) == ["草枕", "草枕"]


def test_a_loan_that_the_desk_undoes_was_never_lent(reader):
    lend(reader, "一", now=at(11))
    loans.undo(lend(reader, "二", now=at(12)), by=DESK, now=at(12))
    assert shown(reader, 1) == ["一"]


def test_an_undone_loan_takes_no_record_of_another_loan_with_it(reader):
    item = factories.item(factories.title("草枕"))
    give_back(lend(reader, item=item, now=at(10)), now=at(11))
    history.record(reader, item.title, branch="電子書籍", lent_on=TODAY)
    loans.undo(lend(reader, item=item, now=at(12)), by=DESK, now=at(12))
    assert [one.branch for one in history.listed(reader, today=TODAY + timedelta(days=1)).records] == [
        "電子書籍",
        "本館",
    ]
    keep(reader, False)
    loans.undo(lend(reader, item=item, now=at(13)), by=DESK, now=at(13))
    assert shown(reader, 1) == ["草枕", "草枕"]


def test_the_records_stay_when_the_setting_goes(reader):
    factories.history(reader, lent_on=date(2026, 1, 2))
    keep(reader, False)
    assert shown(reader) == ["こころ"]


def test_a_title_that_is_gone_stays_readable_with_its_class(reader):
    loan = lend(reader, "草枕")
    entry = HistoryEntry.get()
    HistoryEntry.update(title=None).execute()
    Title.update(title="別の本").where(Title.id == loan.item.title_id).execute()
    one = history.listed(reader, today=TODAY + timedelta(days=1)).records[0]
    assert (one.title, one.author, one.branch, one.ndc, one.day) == ("草枕", "夏目漱石", "本館", "913.6", TODAY)
    assert (one.id, one.title_id) == (entry.id, None)


def many(patron, number):
    """So many records, one a day until yesterday."""
    rows = [
        {"patron": patron, "title_text": f"本{day}", "lent_on": TODAY - timedelta(days=day)}
        for day in range(1, number + 1)
    ]
    with connection.atomic():
        HistoryEntry.insert_many(rows).execute()


def test_of_1200_the_newest_1000_are_shown_and_all_are_in_the_file(reader):
    many(reader, 1200)
    found = shown(reader)
    assert (len(found), found[0], found[-1]) == (1000, "本1", "本1000")
    assert history.listed(reader, today=TODAY)[1:] == (1200, 0)
    assert [one.title for one in history.everything(reader, today=TODAY)] == [f"本{day}" for day in range(1, 1201)]


# -- notes -------------------------------------------------------------------------------------------------------------
def test_memo_and_rating_are_of_the_title_and_there_again_when_it_is_borrowed_again(reader):
    item, other = factories.item(factories.title("草枕")), factories.patron(keep_history=True)
    give_back(lend(reader, item=item, now=at(11)), now=at(12))
    give_back(lend(other, item=item, now=at(13)), now=at(14))
    history.note(HistoryEntry.get(HistoryEntry.patron == reader), memo="よい", rating=4)
    lend(reader, item=item, now=at(11, days=20))
    assert [(one.memo, one.rating) for one in history.listed(reader, today=TODAY + timedelta(days=30)).records] == [
        ("よい", 4)
    ] * 2
    assert [(one.memo, one.rating) for one in history.listed(other, today=TODAY + timedelta(days=30)).records] == [
        ("", 0)
    ]


def test_a_title_that_is_gone_is_noted_by_its_words(reader):
    for name in ("草枕", "草枕", "三四郎"):
        factories.history(reader, name, date(2026, 1, 2))
    history.note(HistoryEntry.get(title_text="草枕"), memo="", rating=5)
    assert sorted((one.title, one.rating) for one in history.listed(reader, today=TODAY).records) == [
        ("三四郎", 0), ("草枕", 5), ("草枕", 5),
    ]  # fmt: skip


# -- deleting ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def three(reader):
    """A record of today and of two days before; and one of somebody else."""
    entries = [factories.history(reader, f"本{days}", TODAY - timedelta(days=days)) for days in (0, 10, 20)]
    factories.history(factories.patron(), "別人の本", TODAY - timedelta(days=20))
    return entries


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        (lambda entries: Choice(entries=(entries[1].id,)), ["本0", "本20"]),
        (lambda entries: Choice(entries=(entries[0].id, entries[2].id)), ["本10"]),
        (lambda entries: Choice(entries=(entries[2].id + 1, 99999)), ["本0", "本10", "本20"]),
        (lambda entries: Choice(), ["本0", "本10", "本20"]),
        (lambda entries: Choice(before=TODAY - timedelta(days=10)), ["本0", "本10"]),
        (lambda entries: Choice(before=TODAY + timedelta(days=9)), []),
        (lambda entries: Choice(everything=True), []),
    ],
    ids=["one", "two", "another's", "none", "before a day", "before a day to come", "all"],
)
def test_chosen_records_are_deleted_and_no_others(reader, three, choice, left):
    found = history.chosen(reader, choice(three))
    assert history.delete(reader, choice(three)) == len(found) == 3 - len(left)
    rows = HistoryEntry.select().where(HistoryEntry.patron == reader).order_by(HistoryEntry.lent_on.desc())
    assert [row.title_text for row in rows] == left
    assert HistoryEntry.select().where(HistoryEntry.title_text == "別人の本").exists()
    assert history.delete(reader, choice(three)) == 0


@pytest.mark.sqlite("the bytes of a file; a server's are its operator's (docs/privacy.md)")
def test_a_deleted_record_is_gone_from_the_bytes_of_the_files_and_from_the_next_backup(reader, tmp_path):
    secrets = ["ひみつの題名".encode(), "ひみつの著者".encode(), "ひみつのメモ".encode()]
    many(reader, 300)  # over several pages of the file, most of which go
    HistoryEntry.update(title_text="ひみつの題名", author_text="ひみつの著者").execute()
    history.note(HistoryEntry.get(), memo="ひみつのメモ", rating=1)
    database.empty_log()
    assert all(any(secret in piece for piece in traces.pieces(tmp_path)) for secret in secrets)
    history.delete(reader, Choice(everything=True))
    database.empty_log()
    backup.nightly(tmp_path / "backup", now=NOW)
    assert not any(secret in piece for piece in traces.pieces(tmp_path) for secret in secrets)


# -- finding, ordering, counting --------------------------------------------------------------------------------------
@pytest.fixture
def library(reader):
    """Three titles with readings, and one that is gone."""
    for name, kana, by, day, rating in (
        ("吾輩は猫である", "ワガハイ ワ ネコ デ アル", ("夏目漱石", "ナツメ, ソウセキ"), date(2025, 3, 2), 3),
        ("阿部一族", "アベ イチゾク", ("森鷗外", "モリ, オウガイ"), date(2026, 2, 3), 0),
        ("十二国記", "ジュウニコクキ", ("小野不由美", "オノ, フユミ"), date(2026, 2, 9), 5),
    ):
        title = factories.catalogued(name, title_kana=kana, by=by)
        entry = factories.history(reader, name, day)
        HistoryEntry.update(title=title, author_text=by[0], ndc_text="913.6", rating=rating).where(
            HistoryEntry.id == entry.id
        ).execute()
    gone = factories.history(reader, "ヨガの本", date(2026, 11, 24))
    HistoryEntry.update(memo="駅前の教室で読む", ndc_text="K498").where(HistoryEntry.id == gone.id).execute()
    factories.history(reader, "分類のない本", date(2026, 4, 1))
    return history.listed(reader, today=TODAY).records


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", 5), ("猫", 1), ("ねこ", 1), ("わがはいは", 1), ("neko", 1), ("漱石　猫", 1), ("猫 鷗外", 0), ("森鴎外", 1), ("もりおうがい", 1),
        ("12国記", 1), ("ﾖｶﾞ", 1), ("よか", 1), ("駅前", 1), ("？", 0), ("%", 0),
    ],
)  # fmt: skip
def test_words_find_as_they_do_in_the_catalogue(library, words, found):
    assert len(looking_back.find(library, words)) == found


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("newest", "ヨガの本"),
        ("oldest", "吾輩は猫である"),
        ("title", "阿部一族"),
        ("author", "十二国記"),
        ("rating", "十二国記"),
    ],
)
def test_the_list_in_each_order(library, order, first):
    found = looking_back.in_order(library, order)
    assert sorted(found) == sorted(library)
    named = [one for one in found if one.author] if order in ("author", "title") else found
    assert named[0].title == first


def test_a_year_of_reading_is_its_months_its_classes_and_who_was_met_in_it(library, reader):
    factories.history(reader, "明日から", TODAY)
    factories.history(factories.patron(), "別人の本", date(2026, 2, 3))
    assert looking_back.by_year(library) == [(2026, 4), (2025, 1)]
    found = year.summary(history.everything(reader, today=TODAY), 2026)
    assert {number: len(month) for number, month in enumerate(found.months, 1) if month} == {2: 2, 4: 1, 11: 1}
    assert [(digit, count) for digit, _, count in found.classes] == [("4", 1), ("9", 2), ("", 1)]
    assert (found.total, found.fullest_month, found.fullest_class) == (4, (2, 2), ("9 文学", 2))
    known = {one.author for one in library if one.year == 2025}
    assert found.new_authors == len({one.author for one in library if one.year == 2026} - known - {""})


def test_books_of_a_month_stand_in_the_order_of_lending_and_what_has_no_class_is_not_the_fullest(reader):
    for name, day, code in (("三", 9, ""), ("一", 1, ""), ("二", 1, "007")):
        factories.history(reader, name, date(2026, 3, day), ndc_text=code)
    found = year.summary(history.listed(reader, today=TODAY).records, 2026)
    assert [one.title for one in found.months[2]] == ["一", "二", "三"]
    assert found.fullest_class == ("0 総記", 1) and found.new_authors == 0
