"""The demonstration library: what is in it, whatever day it is loaded on."""

import re
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import product
from pathlib import Path

import peewee
import pytest

import models
from library import clock, dates, demonstration, errors, policy
from library.access import passwords
from library.account import registration
from library.calendar import hours, opening
from library.catalog import isbn
from library.catalog.codes import accessible
from library.catalog.series import newest
from library.demonstration import history, lending, patrons as people, rows, titles
from library.discovery import childrens_titles, rankings
from library.interlibrary import borrowings, states as borrowing_states, temporary_numbers
from library.lending import borrowed, due_calendar
from library.lending.holds import hold_shelf
from library.lending.sets import item_sets, set_loans
from library.patrons import homes, patrons
from library.patrons.family import ties as family
from library.reading import sdi
from library.requests import same_work, states as request_states
from library.serials import arrivals, intervals, issues
from library.site import articles, features, published_answers
from library.store import database
from models import (
    Borrowing,
    Branch,
    ClosedDay,
    HistoryEntry,
    Hold,
    Issue,
    Item,
    ItemSet,
    Loan,
    MailPreference,
    OutboxMail,
    Partner,
    Patron,
    PatronAddress,
    PublishedAnswer,
    Question,
    Serial,
    Setting,
    Shelf,
    Title,
    Wanted,
)
from tests import libraries

ROOT = Path(__file__).resolve().parents[2]
WEDNESDAY = date(2026, 11, 25)
DAYS = {
    "wednesday": WEDNESDAY,
    "monday": date(2026, 11, 30),
    "sunday, tomorrow closed": date(2026, 11, 29),
    "new year's eve": date(2026, 12, 31),
    "after the holidays": date(2027, 1, 5),
    "leap day": date(2028, 2, 29),
    "golden week": date(2027, 5, 6),
}
ALWAYS = ("wednesday", "sunday, tomorrow closed", "after the holidays")  # the others in the long run
TEMPORARY = [f"900000000{number}" for number in range(1, 6)]
FIRST, READER = "0000002377570", "0000002377588"
OPEN_HOLDS = ("waiting", "preparing", "in_transit", "ready")


@contextmanager
def opened(folder):
    library = database.open_database(libraries.address(folder))
    with library.connection_context():
        yield
    library.close_all()


@pytest.fixture(scope="module")
def loaded(migrated, tmp_path_factory):
    """The folder of a day's library; loaded once, since the tests only read it."""

    @cache
    def folder_of(day):
        folder = tmp_path_factory.mktemp(str(day))
        libraries.fill(folder, migrated)
        with opened(folder):
            load(day)
        return folder

    return folder_of


@pytest.fixture(
    params=[pytest.param(day, id=name, marks=() if name in ALWAYS else pytest.mark.long) for name, day in DAYS.items()]
)
def today(request, loaded):
    with opened(loaded(request.param)):
        yield request.param


@pytest.fixture
def wednesday(loaded):
    with opened(loaded(WEDNESDAY)):
        yield WEDNESDAY


def load(day):
    demonstration.load(today=day, now=clock.at(day, 9))


def patron(card):
    return Patron.get(Patron.card_number == card)


def loans_of(card):
    return list(Loan.select().where(Loan.patron == patron(card)).order_by(Loan.due_on))


def is_out(item):
    return item.loans.where(Loan.returned_on.is_null()).exists()


def contents():
    return [list(table.select().order_by(*table._meta.get_primary_keys()).tuples()) for table in models.ALL]


def books():
    """Everything but magazines and what other libraries lend."""
    lent_to_us = Item.select(Item.title).where(Item.owner.is_null(False))
    return Title.select().where(Title.material_type != "雑誌", Title.id.not_in(lent_to_us)).order_by(Title.id)


def persons():
    return Patron.select().where(Patron.category.in_(("一般", "児童"))).order_by(Patron.card_number)


def without_hash(rows):
    return [[tuple(value for value in row if "$argon2" not in str(value)) for row in table] for table in rows]


# -- the whole -------------------------------------------------------------------------------------------------------
def test_the_library_has_the_size_it_promises(today):
    assert [branch.name for branch in Branch.select().order_by(Branch.position)] == (
        "本館 東部 龍田 託麻 幸田 中央 清水 秋津 南部 花園 北部 河内 天明 飽田".split()
    )
    assert books().count() == 606
    assert 850 <= Item.select().where(Item.title.in_(books())).count() <= 1000
    assert persons().count() == 60
    assert Hold.select().where(Hold.state == "waiting").count() > 90


def test_the_same_day_gives_the_same_library_in_whatever_order_rows_are_read(loaded, db, monkeypatch):
    def shuffled(database, query, **kwargs):
        if isinstance(query, peewee.ModelSelect):
            query = query.order_by_extend(peewee.fn.RANDOM())
        return execute(database, query, **kwargs)

    execute = peewee.Database.execute
    with monkeypatch.context() as patched:
        patched.setattr(peewee.Database, "execute", shuffled)
        load(WEDNESDAY)
    again = without_hash(contents())
    with opened(loaded(WEDNESDAY)):
        assert without_hash(contents()) == again


def test_every_reference_is_kept_and_every_constraint_holds(today):
    assert database.damage_and_orphans() == []


def test_nothing_is_mailed_and_the_library_is_marked(wednesday):
    assert not OutboxMail.select().exists()
    assert Setting.get_by_id("demonstration").value is True
    assert policy.get("address") == "すずかけ市中央一丁目2番3号"
    assert policy.get("phone") == "096-000-0000"


@pytest.mark.parametrize("table", [Patron, Title, Branch])
def test_a_library_that_holds_anything_is_left_alone(db, table):
    filled = {
        Patron: {"card_number": "1", "name": "A", "birth_date": WEDNESDAY},
        Title: {"title": "A"},
        Branch: {"code": "1", "name": "A"},
    }
    table.create(**filled[table])
    before = contents()
    with pytest.raises(errors.LibraryNotEmpty) as refused:
        load(WEDNESDAY)
    assert "空のデータベース" in refused.value.sentence
    assert contents() == before


def test_a_failure_leaves_nothing_behind(db):
    models.database.execute_sql("DROP TABLE history_entry")
    with pytest.raises((peewee.OperationalError, peewee.ProgrammingError), match="history_entry"):
        load(WEDNESDAY)
    assert not Branch.select().exists()
    assert not Setting.select().exists()


# -- branches --------------------------------------------------------------------------------------------------------
def test_the_branches_tell_where_they_are_and_when_they_open(wednesday):
    rows = list(Branch.select().order_by(Branch.position))
    assert all(row.name_kana and row.address.startswith("すずかけ市") and row.pickup for row in rows)
    assert len({row.phone for row in rows}) == len({row.address for row in rows}) == 14
    late = ["火〜金 9:30–19:00", "土・日・祝日 9:30–18:00"]
    assert {row.name for row in rows if hours.in_general(row) == late} == {"本館", "中央"}
    assert [hours.in_general(row) for row in rows if row.name not in ("本館", "中央")] == [["9:30–18:00"]] * 12
    assert not any(opening.is_open(row, date(2026, 11, 30)) for row in rows), "a Monday"


def test_closed_days_are_the_turn_of_the_year_and_stocktaking(wednesday):
    main, counted = Branch.get(name="本館"), Branch.get(name="河内")
    turn = [date(2026, 12, 29) + timedelta(days=distance) for distance in range(6)]
    assert set(turn) <= set(opening.closed_days_between(main, turn[0], turn[-1]))
    assert not opening.is_open(counted, WEDNESDAY) and opening.is_open(main, WEDNESDAY)
    note = ClosedDay.get(ClosedDay.branch == counted, ClosedDay.day == WEDNESDAY - timedelta(days=1)).note
    assert note == "蔵書点検"


# -- titles ----------------------------------------------------------------------------------------------------------
def test_titles_have_the_facts_of_their_works(wednesday):
    for title in books():
        assert title.title and title.title_kana and title.author and title.author_kana and len(title.ndc) == 3
        assert WEDNESDAY - timedelta(days=3 * 365) <= title.accession_date < WEDNESDAY
    assert {title.ndc[0] for title in books()} == set("0123456789")


def test_there_is_something_of_each_kind(wednesday):
    assert Counter(title.material_type for title in books()) == {"図書": 578, "CD": 13, "DVD": 7, "紙芝居": 8}
    assert sum("large-print" in title.formats for title in Title.select()) == 10
    assert Title.select().where(Title.audience == "児童").count() >= 120


@pytest.mark.parametrize(
    "subjects",
    "いぬ,ねこ のりもの むし 海,海の生きもの 宇宙,星 きょうりゅう おばけ 食べもの 学校 家族 友情 季節 花,木 鳥 魚 魔法 探検 むかし話 なぞなぞ しごと スポーツ 音楽 工作 天気".split(),
)
def test_children_find_three_books_of_whatever_they_like(wednesday, subjects):
    wanted = set(subjects.split(","))
    named = [
        {line.partition("\t")[0] for line in title.subjects.splitlines()}
        for title in Title.select().where(Title.audience == "児童")
    ]
    assert sum(bool(wanted & each) for each in named) >= 3


def test_children_find_three_books_by_each_picture(wednesday):
    titles = childrens_titles.current({})
    assert len(titles.rows) >= 120
    assert {slug: count for slug, count in titles.counts(titles.rows).items() if count < 3} == {}


def test_further_facts_of_a_title_are_whole_and_nobodys(wednesday):
    made = list(books())
    assert len({title.publisher for title in made}) == 12
    assert len({title.isbn for title in made}) == len(made)
    for title in made:
        assert title.isbn_text.startswith("979-4-") and isbn.normalise(title.isbn_text) == title.isbn
        assert 1981 <= title.year <= title.accession_date.year and title.year_text == str(title.year)
        if title.material_type == "図書":
            pages, size = re.fullmatch(r"([0-9]+)p ; ([0-9]+)cm", title.extent).groups()
            assert 24 <= int(pages) <= 1000 and 15 <= int(size) <= 26
        assert 300 <= int(re.fullmatch(r"([0-9,]+)円", title.price)[1].replace(",", "")) <= 5000
        headings = title.subjects.splitlines()
        assert len(headings) == len(set(headings)) == 2, title.title


def test_there_are_titles_in_formats_for_those_whom_print_does_not_serve(wednesday):
    found = [accessible.codes(title.formats) for title in Title.select().where(Title.formats != "")]
    assert {code for codes in found for code in codes} == set(accessible.FORMATS) - {
        "accessible-epub"
    }  # those are e-books


def test_works_of_one_author_stand_on_several_shelves_of_subjects(wednesday):
    named = {title.title: title.subjects.splitlines() for title in Title.select()}
    assert named["こころ"] == ["小説", "友情"]
    assert named["手袋を買いに"] == ["童話", "きつね"]
    assert named["ニュートン"] == ["伝記", "科学者"]


@pytest.mark.parametrize(
    "name",
    "こころ 草枕 坊っちゃん 銀河鉄道の夜 注文の多い料理店 羅生門 走れメロス 学問のすすめ 遠野物語 善の研究".split(),
)
def test_books_that_everybody_knows_are_there(wednesday, name):
    assert Title.select().where(Title.title == name).count() == 1


def test_the_file_of_titles_is_small_and_says_each_thing_once():
    assert (rows.FOLDER / titles.LIST).stat().st_size <= 90 * 1024
    lines = (rows.FOLDER / titles.LIST).read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(set(lines))


def test_made_up_titles_have_readings_and_are_no_work_of_another(wednesday):
    made_up = rows.read(titles.INVENTED)
    assert {row["title"] for row in made_up} & {row["title"] for row in rows.read(titles.LIST)} == set()
    for row in made_up:
        spoken = (row["title_kana"], row["subtitle_kana"], row["author_kana"])
        assert all(re.fullmatch("[ァ-ヶー ；]*", text) for text in spoken), row["title"]
        assert bool(row["subtitle"]) == bool(row["subtitle_kana"])
        for subject in row["subjects"].split("；"):
            assert re.fullmatch("[ぁ-んァ-ヶー]+|[^｜]+｜[ァ-ヶー ]+", subject), subject


def test_a_picture_book_names_who_wrote_and_who_drew_it(wednesday):
    book = Title.get(Title.title == "まいごの こいぬ ポッケ")
    assert (book.author, book.author_kana) == ("葉月みお 文, たけだそら 絵", "ハズキ ミオ; タケダ ソラ")
    assert {(item.shelf, item.call_number) for item in book.items} == {("絵本", "K726 ハ")}
    assert Title.get(Title.title == "弦の四季").author == "槐弦楽四重奏団 演奏"


def test_the_list_of_works_becomes_the_file_of_titles(tmp_path):
    works = tmp_path / "works.tsv"
    works.write_text(
        "作品ID\t作品名\t作品名読み\t副題\t分類番号\t文字遣い種別\t人物\n"
        "000011\tこころ\tこころ\t\tNDC 911\t新字新仮名\t著者|今野|大力|こんの|だいりき\n"
        "000012\tこころ\tこころ\t\tNDC 913\t旧字旧仮名\t著者|夏目|漱石|なつめ|そうせき\n"
        "000013\tこころ\tこころ\t\tNDC 913\t新字新仮名\t著者|夏目|漱石|なつめ|そうせき\n"
        "000014\t若草物語\tわかくさものがたり\t\tNDC K933\t新字新仮名\t"
        "翻訳者|水谷|まさる|みずたに|まさる；著者|オルコット|ルイーザ・メイ|オルコット|ルイーザ・メイ\n",
        encoding="utf-8",
    )
    script = ROOT / "scripts" / "demonstration_titles.py"
    made = subprocess.run([sys.executable, script, works], capture_output=True, check=True, encoding="utf-8")
    assert made.stdout.splitlines() == [
        "source_id\ttitle\ttitle_kana\tauthor\tauthor_kana\tndc\taudience\tpublisher\tyear\tisbn\tsubjects\textent\tprice",
        "000013\tこころ\tココロ\t夏目漱石\tナツメ ソウセキ\t913\t一般\t"
        "榊野書店\t2016\t979-4-37-000013-5\t小説；友情\t224p ; 19cm\t1,550円",
        "000014\t若草物語\tワカクサモノガタリ\tルイーザ・メイ・オルコット\tオルコット ルイーザ・メイ\t933\t児童\t"
        "とことこ社\t2022\t979-4-32-000014-7\t英米文学；姉妹\t136p ; 22cm\t1,400円",
    ]
    assert "not in the list: 夏目漱石 草枕" in made.stderr


def test_the_footer_says_what_is_invented_while_the_demonstration_is_loaded(browse, db):
    said = "体験用のデータです。出版者・出版年・ISBNは架空のものです。"
    browse.get("/")
    assert said not in browse.text()
    policy.put("demonstration", True)
    browse.get("/")
    assert said in browse.page.find("footer").get_text(" ", strip=True)


def test_each_title_has_one_to_four_copies_at_different_branches(wednesday):
    places = Counter((item.title_id, item.branch_id) for item in Item.select())
    assert set(places.values()) == {1}
    copies = Counter(title for title, _ in places)
    assert set(copies.values()) == {1, 2, 3, 4} and len(copies) == Title.select().count()


def test_copies_have_barcodes_of_ten_digits_and_call_numbers(wednesday):
    items = list(Item.select(Item, Title).join(Title).where(Item.owner.is_null()))
    assert all(len(item.barcode) == 10 and item.barcode.isdigit() for item in items)
    assert {item.call_number for item in items if item.title.title == "こころ"} == {"913 ナ"}
    assert {item.call_number for item in items if item.title.title == "銀河鉄道の夜"} == {"K913 ミ"}


# -- patrons ---------------------------------------------------------------------------------------------------------
def test_every_card_number_has_thirteen_digits_and_its_check_digit(wednesday):
    for row in Patron.select():
        digits = [int(digit) for digit in reversed(row.card_number)]
        total = sum(digits[::2]) + sum(sum(divmod(digit * 2, 10)) for digit in digits[1::2])
        assert re.fullmatch("000000[0-9]{7}", row.card_number)
        assert total % 10 == 0


def test_nobody_can_be_written_to_or_called(wednesday):
    assert all(row.address.endswith(("@example.jp", "@example.com")) for row in PatronAddress.select())
    assert all(row.phone_home.startswith("096-000-") for row in Patron.select())
    assert all(row.phone_mobile[:9] in ("", "090-0000-") for row in Patron.select())


def test_names_have_readings_and_stand_for_one_person(today):
    rows = list(persons())
    assert len({row.name for row in rows}) == 60 and all(row.name_kana for row in rows)
    for row in rows:
        assert row.birth_date < row.registered_on < today
        assert (today.year - row.birth_date.year <= 13) == (row.category == "児童")


def test_choices_of_patrons_are_ones_that_the_form_would_take(wednesday):
    for row in Patron.select():
        kinds = {address.kind for address in patrons.addresses(row)}
        due = patrons.preferences(row)["due"]
        assert row.contact_method != "mail" or kinds
        assert row.contact_method != "phone" or row.phone_mobile
        assert not due.active or (row.contact_method == "mail" and (due.to_pc or due.to_mobile))
        for preference in row.mail_preferences:
            assert ("pc" in kinds or not preference.to_pc) and ("mobile" in kinds or not preference.to_mobile)


def test_the_password_of_the_demonstration_is_one_that_any_of_its_patrons_could_choose(wednesday):
    cards = {card: password for card, password, _ in demonstration.DEMONSTRATION_CARDS}
    assert all(passwords.weaknesses(cards[READER], row) == [] for row in Patron.select())


def test_the_cards_that_are_printed_open(wednesday):
    for card, password, note in demonstration.DEMONSTRATION_CARDS:
        row = patron(card)
        assert note
        if row.password_hash:
            assert passwords.verify(row.password_hash, password)
        else:
            assert f"{row.birth_date:%m%d}" == password


# -- the first card --------------------------------------------------------------------------------------------------
def test_the_first_card_was_never_used(today):
    row = patron(FIRST)
    assert (row.birth_date, row.state, row.password_hash) == (date(1978, 8, 8), "active", "")
    assert row.initial_issued_at == datetime.combine(today, time(0), UTC)
    assert (row.contact_method, row.contact_phone, row.keep_history) == ("none", "mobile", False)
    assert (row.pickup_branch.name, row.branch.name) == ("本館", "本館")
    assert patrons.addresses(row) == []
    for preference in patrons.preferences(row).values():
        assert not (preference.active or preference.to_pc or preference.to_mobile)
    assert patrons.may_borrow(row, today=today)


def test_the_first_card_has_two_loans_due_tomorrow_and_no_hold(today):
    loans = loans_of(FIRST)
    assert [loan.due_on for loan in loans] == [today + timedelta(days=1)] * 2
    assert all(loan.lent_on < today and loan.returned_on is None for loan in loans)
    assert not patron(FIRST).holds.exists() and not patron(FIRST).history.exists()
    assert not Hold.select().where(Hold.title.in_([loan.item.title_id for loan in loans])).exists()


def test_answers_can_be_read_and_questions_wait_in_every_state(today):
    assert published_answers.public().count() == 8
    assert [row.subject for row in published_answers.find("日本十進分類法 913.6")] == [
        "ラベルの「913.6」は、何を表していますか"
    ]
    linked = [row.sources for row in PublishedAnswer.select() if "/titles/" in row.sources]
    assert len(linked) >= 4 and all("](/titles/" in sources for sources in linked)
    assert {row.state for row in Question.select()} == {"new", "taken", "answered"}
    assert Question.select().where(Question.patron == patron(READER)).count() == 2
    assert all(row.patron_id or row.address.endswith("@example.jp") for row in Question.select())
    assert all(row.asked_at < clock.at(today) for row in Question.select())


# -- the second card and the others with a story ---------------------------------------------------------------------
def test_the_second_card_lives_a_fuller_life(today):
    row = patron(READER)
    pc, mobile = patrons.addresses(row)
    due = patrons.preferences(row)["due"]
    assert (pc.kind, mobile.kind) == ("pc", "mobile") and pc.verified_at
    assert (due.active, due.days_before, due.to_pc, row.contact_method) == (True, 2, True, "mail")
    assert row.keep_history and row.history.count() == 127, "with the e-book that is half read they are 128"
    assert {row.title.title for row in row.cart} == {"日本のやきもの", "星くず通りの魔法道具店"}
    assert len(loans_of(READER)) == 4 and all(loan.due_on >= today for loan in loans_of(READER))


def test_the_second_card_has_a_hold_at_each_step(today):
    holds = {hold.state: hold for hold in patron(READER).holds}
    assert set(holds) == {*OPEN_HOLDS, "expired"}
    shelf, way, desk = (holds[state] for state in ("ready", "in_transit", "preparing"))
    assert (
        clock.day_of(shelf.placed_at)
        < shelf.preparing_on
        <= shelf.sent_on
        < shelf.on_shelf_on
        < today
        <= shelf.pickup_by
    )
    assert (
        clock.day_of(way.placed_at) < way.preparing_on < way.sent_on < today and way.item.going_to == way.pickup_branch
    )
    assert clock.day_of(desk.placed_at) < desk.preparing_on < today and not desk.sent_on


def test_the_second_card_has_a_loan_due_soon(wednesday):
    assert loans_of(READER)[0].due_on <= wednesday + timedelta(days=2)


def test_the_history_of_the_second_card_goes_back_and_holds_what_it_has_now(today):
    entries = list(HistoryEntry.select().where(HistoryEntry.patron == patron(READER)))
    assert len({(entry.title_text, entry.author_text) for entry in entries}) == sum(history.BY_MONTH) == 127
    assert today - timedelta(days=370) < min(entry.lent_on for entry in entries) < today - timedelta(days=330)
    assert len({(entry.lent_on.year, entry.lent_on.month) for entry in entries}) >= 12
    assert max(entry.lent_on for entry in entries) < today
    assert {loan.item.title.title for loan in loans_of(READER)} <= {entry.title_text for entry in entries}


def test_shelves_are_filled_and_one_is_for_everybody(wednesday):
    assert [(shelf.name, shelf.books.count()) for shelf in Shelf.select().order_by(Shelf.id)] == [
        ("今度読みたい本", 12),
        ("子どもと読む", 5),
        ("本の話", 6),
    ]
    assert [shelf.name for shelf in Shelf.select().where(Shelf.token != "")] == ["子どもと読む"]
    assert not Shelf.select().where(Shelf.patron == patron(FIRST)).exists()


def test_history_is_kept_for_those_only_who_want_it(today):
    assert all(entry.patron.keep_history for entry in HistoryEntry.select())
    assert all(entry.lent_on >= entry.patron.registered_on for entry in HistoryEntry.select())


def test_one_card_is_suspended_one_expired_one_late_and_one_without_a_mailbox(today):
    suspended, expired, late, unreachable = (patron(card) for card, _, _ in demonstration.DEMONSTRATION_CARDS[2:])
    assert suspended.state == "suspended" and suspended.loans.count() == 2
    assert "理由：弁償の相談中" in registration.suspension(suspended, today=today).sentence
    assert expired.state == "active" and expired.expires_on < today
    assert all(loan.lent_on <= expired.expires_on for loan in expired.loans) and expired.loans.exists()
    assert late.loans.count() == 3 and all(loan.due_on < today for loan in late.loans)
    assert patrons.addresses(unreachable)[0].undeliverable_at and patrons.deliverable(unreachable, "due") == []
    assert unreachable.loans.exists()


# -- loans and holds -------------------------------------------------------------------------------------------------
def test_loans_lie_around_today(today):
    days = [(loan.due_on - today).days for loan in Loan.select().where(Loan.returned_on.is_null())]
    assert 120 <= len(days) <= 230
    assert sum(day < 0 for day in days) >= 6 and sum(day == 1 for day in days) >= 2
    assert sum(day > 3 for day in days) >= 20


def test_every_loan_was_made_and_is_due_as_the_rules_say(today):
    of_persons = Loan.select().join(Item).where(Loan.patron.in_(persons().where(Patron.card_number != FIRST)))
    for loan in of_persons.where(Item.owner.is_null()):
        assert loan.lent_on < today and opening.is_open(loan.branch, loan.lent_on)
        assert loan.due_on == opening.next_open_day(loan.branch, loan.lent_on + timedelta(days=14))
        assert loan.branch == loan.item.branch and loan.item.acquired_on < loan.lent_on


def test_returned_loans_name_nobody_and_fill_the_rankings(today):
    loans = Loan.select(Loan, Item, Branch).join(Item).join_from(Loan, Branch)
    for loan in loans.where(Loan.returned_on.is_null(False), Item.owner.is_null()):
        assert loan.patron_id is None and loan.item.acquired_on < loan.lent_on < loan.returned_on < today
        assert opening.is_open(loan.branch, loan.lent_on) and opening.is_open(loan.branch, loan.returned_on)
    places = rankings.places("loans", span="half")
    assert {place.move for place in places} >= {"up", "down"}
    for span, kind in product(("half", "year"), ("", "adult", "child")):
        assert len(rankings.best("loans", span=span, audience=kind)) == 30
    waited_for = rankings.places("holds", span="half")
    assert len(waited_for) == 30 and {place.move for place in waited_for} >= {"up", "down", "new"}
    assert all(rankings.best("holds", span="half", audience=kind) for kind in ("adult", "child"))


def test_nobody_has_too_much_or_borrowed_while_something_was_late(today):
    for row in persons():
        loans = list(row.loans)
        assert len(loans) <= policy.get("loan_limit")
        assert len({loan.item.title_id for loan in loans}) == len(loans)
        if any(loan.due_on < today for loan in loans):
            assert max(loan.lent_on for loan in loans) <= min(loan.due_on for loan in loans)


def test_children_have_books_for_children(today):
    for loan in Loan.select().join(Patron).where(Patron.category == "児童"):
        assert loan.item.title.audience == "児童"


def test_a_title_with_holds_is_out_or_the_newest_issue_of_a_magazine(today):
    for hold in Hold.select().where(Hold.state == "waiting"):
        copies = [is_out(item) or newest.is_kept_now(item, today=today) for item in hold.title.items]
        assert copies and all(copies), hold.title.title


def test_a_hold_on_its_way_or_ready_has_a_copy_that_is_in(today):
    for hold in Hold.select().where(Hold.state.in_(OPEN_HOLDS[1:])):
        assert not all(map(is_out, hold.title.items)) and not is_out(hold.item), hold.title.title


def test_holds_are_of_patrons_who_may_hold_and_never_for_what_they_have(today):
    for hold in Hold.select():
        assert patrons.may_borrow(hold.patron, today=today)
        assert hold.state == "collected" or hold.title_id not in [loan.item.title_id for loan in hold.patron.loans]
        assert clock.day_of(hold.placed_at) < today
        assert not any(loan.due_on < today for loan in hold.patron.loans)
    queued = Counter(hold.patron_id for hold in Hold.select().where(Hold.state.in_(OPEN_HOLDS)))
    assert max(queued.values()) <= 10


def test_each_queue_has_an_order(wednesday):
    for name in lending.WANTED:
        moments = [hold.placed_at for hold in Hold.select().join(Title).where(Title.title == name)]
        assert len(moments) == len(set(moments)) >= 1


def test_mail_preferences_are_one_a_kind(wednesday):
    pairs = [(row.patron_id, row.kind) for row in MailPreference.select()]
    assert len(pairs) == len(set(pairs))


def test_holds_and_copies_are_as_the_rules_would_have_them(today):
    before = [(hold.id, hold.state, hold.item_id) for hold in Hold.select().order_by(Hold.id)]
    hold_shelf.advance_all(now=clock.at(today, 9))
    hold_shelf.expire(now=clock.at(today, 9))
    assert [(hold.id, hold.state, hold.item_id) for hold in Hold.select().order_by(Hold.id)] == before
    for hold in Hold.select().where(Hold.state.in_(("in_transit", "ready"))):
        assert (hold.item.aside, hold.item.going_to) == (
            (True, None) if hold.state == "ready" else (False, hold.pickup_branch)
        )
    assert hold_shelf.to_reshelve(Branch.get()) == []


# -- saved searches --------------------------------------------------------------------------------------------------
def test_the_second_card_has_saved_searches_with_something_new_and_something_told(wednesday):
    conditions = sdi.of_patron(patron(READER))
    assert [one.active for one in conditions] == [True, True, False]
    new = sdi.new(conditions, today=wednesday)
    assert new[conditions[0].id] and sdi.announced(conditions[0]) and new[conditions[2].id]
    assert patrons.deliverable(patron(READER), "sdi")
    assert due_calendar.link_of(patron(READER))


# -- families --------------------------------------------------------------------------------------------------------
def test_the_second_card_looks_at_three_children_who_have_something_out(today):
    children = [tie.child for tie in family.of_viewer(patron(READER))]
    assert [dates.age(child.birth_date, today=today) for child in children] == [11, 6, 15]
    assert [child.category for child in children] == ["児童", "児童", "一般"]
    assert {child.name.split()[0] for child in children} == {"中村"} == {patron(READER).name.split()[0]}
    for position, _, names in lending.VISITS_OF_FAMILY:
        assert set(names) <= {loan.item.title.title for loan in loans_of(people.card_number(position))}
    assert [hold.title.title for hold in children[0].holds if hold.state == "ready"] == ["月の裏がわ観測隊"]


# -- what the library says -------------------------------------------------------------------------------------------
def test_there_is_news_and_there_are_features(wednesday):
    assert articles.published_news(today=wednesday).count() == 8
    assert len(features.shown(today=wednesday)) == 4 and len(features.on_front(today=wednesday)) == 2


# -- what comes through the door -------------------------------------------------------------------------------------
def test_requests_are_in_every_state_and_all_but_those_under_way_have_an_end(today):
    works = {work.state: work for work in Wanted.select().order_by(Wanted.id)}
    assert set(works) == set(request_states.WORDS)
    for work in Wanted.select():
        assert (work.ended_at is None) == (work.state in request_states.OPEN), work.title_text
    assert Wanted.get(Wanted.title_text == "石の声を聴く").requests.count() == 3
    assert works["declined"].reason in request_states.REASONS
    assert all(request.reply for request in works["declined"].requests)
    assert all(request.reply for request in works["buying"].requests)


def test_a_work_that_arrived_is_kept_for_who_asked_for_it(today):
    (request,) = Wanted.get(Wanted.title_text == "星を数える夜").requests
    hold = request.hold
    assert (hold.state, hold.patron, hold.title) == ("ready", request.patron, request.wanted.title)
    assert hold.placed_at == request.asked_at and hold.item.aside
    assert same_work.is_wanted(hold.title, request.wanted)


def test_each_kind_of_magazine_is_taken_and_issues_came_on_open_days(today):
    assert {serial.interval for serial in Serial.select()} == set(intervals.INTERVALS)
    assert {kind for (kind,) in Issue.select(Issue.kind).distinct().tuples()} == set(issues.KINDS)
    copies = Item.select(Item, Branch, Issue).join(Branch).switch(Item).join(Issue, on=(Issue.title == Item.title))
    for item in copies:
        assert item.acquired_on <= today and opening.is_open(item.branch, item.acquired_on)
        assert item.branch_id in [row.branch_id for row in item.issue.serial.copies]


def test_issues_have_names_as_the_rules_give_them_and_one_work(today):
    for serial in Serial.select():
        made = list(serial.issues.order_by(Issue.position))
        assert all(issue.name == issue.title.volume for issue in made)
        assert len({issue.name for issue in made}) == len(made)
        assert len({issue.title.work_key for issue in made}) <= 1


def test_magazines_are_due_late_and_past_their_years(wednesday):
    main = Branch.get(name="本館")
    standings = arrivals.standings(main)
    assert sum(row.due_on == wednesday for row in standings) >= 3
    assert sum(row.is_late(wednesday) for row in standings) == 2
    assert all(arrivals.next_names([row], today=wednesday)[row.id] for row in standings if row.position)
    assert Serial.select().where(Serial.ended_on.is_null(False)).count() == 1
    old = Serial.get(Serial.keep_years == 1, Serial.interval == "monthly").issues.order_by(Issue.position).first()
    assert old.title.items.get().acquired_on < dates.year_before(wednesday)


def test_older_issues_are_lent_and_the_newest_waited_for(today):
    of_issues = Item.select(Item.id).join(Issue, on=(Issue.title == Item.title))
    lent = list(Loan.select().where(Loan.item.in_(of_issues)))
    assert len(lent) >= 20
    assert not any(newest.is_kept_now(loan.item, today=today) for loan in lent)
    held = Hold.select().where(Hold.title.in_(Issue.select(Issue.title)))
    assert held.count() >= 5 and {hold.state for hold in held} == {"waiting"}


def test_other_libraries_are_asked_for_works_in_each_state(today):
    assert Partner.select().count() == 4
    rows = list(Borrowing.select().order_by(Borrowing.id))
    assert {row.state for row in rows} == set(borrowing_states.WORDS)
    out = [row for row in rows if row.item_id and is_out(row.item)]
    assert any(borrowing_states.is_near(row, today=today) for row in out)
    for row in out:
        assert row.item.loans.get().due_on <= max(borrowed.latest(row.due_on), row.arrived_on)
    back = [row for row in rows if row.state == "arrived" and row not in out and row.item.loans.exists()]
    assert [borrowings.send_back_refusals(row, row.item) for row in back] == [[]], "one waits to be sent back"
    assert {row.in_house for row in rows if row.state == "arrived"} == {True, False}
    for row in rows:
        assert (row.wanted.state == "borrowing") == (row.state == "asked")
        assert row.item_id is None or temporary_numbers.before(row.item) in TEMPORARY


def test_other_libraries_and_groups_have_cards_and_loans(today):
    groups = list(Patron.select().where(Patron.category == "団体").order_by(Patron.card_number))
    assert len(groups) == 6 and all(row.guardian_name and row.representative for row in groups)
    partners = list(Patron.select().where(Patron.category == "相手館").order_by(Patron.card_number))
    assert [homes.kinds(row.category) for row in partners] == [(False, True)] * 2
    assert [row.loans.count() for row in partners] == [3, 2]
    for row in (*groups, *partners):
        assert not (row.birth_date or row.keep_history or row.password_hash or row.initial_issued_at)
        for loan in row.loans:
            due_on = opening.next_open_day(loan.branch, loan.lent_on + timedelta(days=30))
            assert opening.is_open(loan.branch, loan.lent_on) and loan.due_on == due_on > today


def test_sets_are_out_back_but_for_one_copy_and_in(today):
    assert [(row.barcode, count, out) for row, count, out in item_sets.counted()] == [
        ("S0001", 6, 1),
        ("S0002", 12, 12),
        ("S0003", 10, 0),
    ]
    school = ItemSet.get(barcode="S0002")
    assert len(set_loans.together(item_sets.open_loans([school])[0])) == 12
    assert set_loans.missing(ItemSet.get(barcode="S0001")) == 1
