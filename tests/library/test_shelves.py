"""本棚: making and ordering shelves, what stands on them, files of them, and the link for others."""

import io

import pytest

from library import clock, errors
from library.account import account_closing
from library.catalog import editing
from library.files import report
from library.lending.holds import cart
from library.reading import shelf_files, shelved, shelves
from models import CartRow, Shelf, ShelvedTitle, database
from tests import engines, factories


@pytest.fixture
def titles(db):
    return [factories.title(name) for name in ("こころ", "三四郎", "門", "草枕", "それから")]


@pytest.fixture
def shelf(patron, titles):
    return factories.shelf(patron, "夏の本", titles)


def names(shelf):
    return [book.name for book in shelved.books(shelf)]


def book(shelf, name):
    return ShelvedTitle.get(ShelvedTitle.shelf == shelf, ShelvedTitle.title_text == name)


def in_order(patron):
    return [shelf.name for shelf in shelves.of_patron(patron)]


def numbered(model, among):
    return [row.position for row in model.select().where(among).order_by(model.position)]


def refused(call, *given):
    with pytest.raises(errors.RefusedTogether) as caught:
        call(*given)
    return [type(reason) for reasons in caught.value.by_field.values() for reason in reasons]


# -- shelves ---------------------------------------------------------------------------------------------------------
def test_a_new_shelf_stands_behind_the_others(patron):
    for name in ("夏", "秋", "冬"):
        shelves.create(patron, name)
    assert in_order(patron) == ["夏", "秋", "冬"]


def test_a_shelf_needs_a_name_of_its_own(patron):
    first = shelves.create(patron, "夏")
    shelves.create(factories.patron(), "秋")
    other = shelves.create(patron, "秋")
    assert refused(shelves.create, patron, "") == [errors.ShelfNameMissing]
    assert refused(shelves.create, patron, "夏") == [errors.ShelfNameTaken]
    assert refused(shelves.describe, other, "夏", "") == [errors.ShelfNameTaken]
    assert refused(shelves.describe, other, "", "") == [errors.ShelfNameMissing]
    shelves.describe(first, "夏", "暑い日に")
    assert Shelf.get_by_id(first.id).description == "暑い日に"


def test_a_hundred_shelves_and_no_more(patron):
    for number in range(shelves.MOST):
        shelves.create(patron, f"棚{number}")
    assert refused(shelves.create, patron, "もう一つ") == [errors.ShelfLimitReached]
    assert refused(shelves.to_read_shelf, patron) == [errors.ShelfLimitReached]
    assert len(shelves.overview(patron)) == 100


def test_the_shelf_of_what_one_wants_to_read_is_made_once(patron):
    first = shelves.to_read_shelf(patron)
    assert shelves.to_read_shelf(patron) == first
    assert first.name == "今度読みたい本"
    shelves.describe(first, "いつか", "")
    assert shelves.to_read_shelf(patron) != first


@pytest.mark.parametrize(
    ("which", "to", "wanted"),
    [
        ("春", 3, "夏秋春冬"),
        ("冬", 1, "冬春夏秋"),
        ("夏", 2, "春夏秋冬"),
        ("夏", 99, "春秋冬夏"),
        ("秋", -5, "秋春夏冬"),
    ],
)
def test_shelves_are_put_in_order(patron, which, to, wanted):
    made = {name: shelves.create(patron, name) for name in "春夏秋冬"}
    other = shelves.create(factories.patron(), "他人の棚")
    place = shelves.move(made[which], to)
    assert "".join(in_order(patron)) == wanted
    assert wanted[place - 1] == which
    assert Shelf.get_by_id(other.id).position == 1


def test_a_shelf_that_is_deleted_leaves_no_gap_and_no_book(patron, titles):
    first, second = factories.shelf(patron, "夏", titles), factories.shelf(patron, "秋", titles)
    shelves.delete(first)
    assert numbered(Shelf, Shelf.patron == patron) == [1]
    assert not ShelvedTitle.select().where(ShelvedTitle.shelf == first.id).exists()
    assert len(names(second)) == len(titles)


def test_a_link_is_given_changed_and_taken_back(patron, shelf):
    assert shelves.by_token("") is None
    shelves.publish(shelf)
    old = Shelf.get_by_id(shelf.id).token
    assert shelves.by_token(old) == shelf
    assert len(old) >= 22
    assert not shelves.publish(shelf)
    assert shelves.by_token(old) == shelf
    assert shelves.renew(shelf)
    assert shelves.by_token(old) is None
    assert shelves.by_token(Shelf.get_by_id(shelf.id).token) == shelf
    assert shelves.withdraw(shelf)
    assert Shelf.get_by_id(shelf.id).token == ""
    assert not shelves.renew(shelf) and not shelves.withdraw(shelf)
    assert Shelf.get_by_id(shelf.id).token == ""
    assert shelves.by_token("") is None


def test_at_a_glance_the_first_shelves_show_their_books(patron, titles):
    for number in range(5):
        factories.shelf(patron, f"棚{number}", titles)
    factories.shelf(factories.patron(), "他人の棚", titles)
    found = shelves.overview(patron)
    assert [shelf.size for shelf in found] == [5] * 5
    assert [len(shelf.backs) for shelf in found] == [5, 5, 5, 0, 0]
    assert found[0].backs[0][1] == "こころ"
    assert shelves.overview(factories.patron()) == []


def test_a_hundred_shelves_are_asked_for_in_one_question(patron, titles, monkeypatch):
    for number in range(20):
        factories.shelf(patron, f"棚{number}", titles)
    shelves.overview(patron)
    asked = []
    run = database.execute_sql
    monkeypatch.setattr(database.obj, "execute_sql", lambda *given: asked.append(given) or run(*given))
    assert len(shelves.overview(patron)) == 20
    assert len(asked) == 1


def test_closing_a_card_takes_the_shelves_with_it(patron, shelf):
    shelves.publish(shelf)
    token = Shelf.get_by_id(shelf.id).token
    account_closing.close(patron, by="command", now=clock.now())
    assert shelves.by_token(token) is None
    assert not ShelvedTitle.select().exists()


# -- what stands on them ---------------------------------------------------------------------------------------------
def test_titles_stand_in_the_order_in_which_they_came(shelf, titles):
    again = shelved.put(shelf, [titles[0], factories.title("明暗")], today=clock.today())
    assert [type(answer.reason) for answer in again] == [errors.OnShelfAlready, type(None)]
    assert names(shelf) == ["こころ", "三四郎", "門", "草枕", "それから", "明暗"]
    assert shelved.count(shelf) == 6


@pytest.mark.parametrize(("which", "to", "wanted"), [("こころ", 5, 5), ("それから", 1, 1), ("門", 3, 3), ("門", 50, 5)])
def test_books_are_put_in_order(shelf, which, to, wanted):
    assert shelved.move(book(shelf, which), to) == wanted
    assert names(shelf)[wanted - 1] == which
    assert numbered(ShelvedTitle, ShelvedTitle.shelf == shelf) == [1, 2, 3, 4, 5]
    rest = [name for name in ("こころ", "三四郎", "門", "草枕", "それから") if name != which]
    assert [name for name in names(shelf) if name != which] == rest


def test_books_that_are_taken_off_leave_no_gap(shelf):
    shelved.remove(shelf, [book(shelf, "三四郎"), book(shelf, "草枕")])
    assert names(shelf) == ["こころ", "門", "それから"]
    assert numbered(ShelvedTitle, ShelvedTitle.shelf == shelf) == [1, 2, 3]


def test_a_row_taken_off_or_deleted_twice_at_once_goes_once(patron, shelf):
    gone = book(shelf, "門")
    for _ in range(2):
        shelved.remove(shelf, [gone])
        assert names(shelf) == ["こころ", "三四郎", "草枕", "それから"]
    assert numbered(ShelvedTitle, ShelvedTitle.shelf == shelf) == [1, 2, 3, 4]
    factories.shelf(patron, "冬の本")
    for _ in range(2):
        shelves.delete(shelf)
        assert in_order(patron) == ["冬の本"]


def test_a_thousand_titles_and_no_more(patron):
    shelf = factories.shelf(patron)
    made = [factories.title(f"本{number}") for number in range(shelved.MOST + 1)]
    answers = shelved.put(shelf, made, today=clock.today())
    assert [answer.reason for answer in answers] == [None] * 1000 + [errors.ShelfFull(n=1000)]
    assert shelved.count(shelf) == 1000


def test_notes_and_read_marks_are_kept(shelf):
    shelved.annotate(book(shelf, "門"), note="友人から", read_on=None)
    shelved.set_read_on(book(shelf, "門"), read_on=clock.today())
    kept = shelved.books(shelf)[2]
    assert (kept.note, kept.read_on) == ("友人から", clock.today())
    shelved.set_read_on(book(shelf, "門"), read_on=None)
    assert shelved.books(shelf)[2].read_on is None


def test_a_title_that_leaves_the_catalogue_stays_readable(patron):
    title = factories.catalogued("古い本", volume="上")
    shelf = factories.shelf(patron, titles=[title])
    editing.remove(title.id, by="staff", now=clock.now())
    kept = shelved.books(shelf)[0]
    assert (kept.title_id, kept.name, kept.author, kept.ndc) == (None, "古い本 上", "夏目漱石", "913.6")
    assert shelves.overview(patron)[0].backs[0][:3] == (None, "古い本", "上")


def test_the_spine_has_the_call_number_of_the_first_copy(patron):
    title = factories.catalogued("こころ", copies=2)
    assert shelved.books(factories.shelf(patron, titles=[title]))[0].call_number == "913.6 ナ"


def test_shelves_with_a_title_are_only_ones_own(patron, shelf, titles):
    factories.shelf(factories.patron(), "他人の棚", titles)
    assert shelved.shelves_with(patron, titles[0].id) == [(shelf.id, "夏の本")]


def put_in_cart(patron, shelf):
    return cart.add_many(patron, [book.title_id for book in shelved.books(shelf)], now=clock.now())


def test_as_many_as_there_is_room_for_go_in_the_cart(patron, shelf, titles):
    cart.add(patron, titles[1], now=clock.now())
    added = put_in_cart(patron, shelf)
    assert added == {title.id for title in titles} - {titles[1].id}
    more = [factories.title(f"本{number}") for number in range(8)]
    shelved.put(shelf, more, today=clock.today())
    assert len(put_in_cart(patron, shelf)) == 5
    assert CartRow.select().count() == 10


# -- files -----------------------------------------------------------------------------------------------------------
def table(tmp_path, text):
    path = tmp_path / "shelf.csv"
    path.write_bytes(text.encode())
    return path


def test_a_shelf_that_is_written_can_be_read_again(patron, shelf, tmp_path):
    shelved.annotate(book(shelf, "門"), note="=友人から", read_on=clock.today())
    text = report.as_csv(shelf_files.HEADINGS, map(shelf_files.cells, shelved.books(shelf)))
    assert "'=友人から" in text
    other = factories.shelf(patron, "写し")
    rows = shelf_files.read(table(tmp_path, text), other)
    assert shelf_files.put(other, rows, today=clock.today()) == 5
    assert names(other) == names(shelf)
    assert shelved.books(other)[2].note == "=友人から"


def test_rows_mean_titles_by_number_isbn_or_name(patron, tmp_path):
    by_isbn = factories.title("坊っちゃん", isbn="9784003101032")
    upper, lower = (factories.catalogued("明暗", volume=volume) for volume in "上下")
    by_id = factories.title("道草")
    shelf = factories.shelf(patron)
    text = f"書誌ID,ISBN,書名,巻\n{by_id.id},,,\n,4-00-310103-0,,\n,,明暗,下\n,,明暗,\n,,ない本,\n,,明暗,下\n99999,,,\n"
    rows = shelf_files.read(table(tmp_path, text), shelf)
    assert [row.title for row in rows[:3]] == [by_id, by_isbn, lower]
    assert [type(row.reason) for row in rows[3:]] == [
        errors.TitleNotOne, errors.TitleNotFound, errors.OnShelfAlready, errors.TitleNotFound,
    ]  # fmt: skip
    assert rows[6].name == "99999"
    factories.item(upper)
    assert shelf_files.read(table(tmp_path, text), shelf)[3].title == upper


def test_names_are_found_in_the_index_whatever_their_spelling(patron, tmp_path, monkeypatch):
    plain, wide, latin = (
        factories.catalogued(name, by=()) for name in ("ABC殺人事件", "ＡＢＣ 殺人事件", "Alice’s adventures")
    )
    factories.catalogued("別の本", by=("門", ""), subtitle="門")
    long = factories.catalogued("長い書名" * 30)
    asked, run = [], database.execute_sql
    monkeypatch.setattr(database.obj, "execute_sql", lambda *given: asked.append(given) or run(*given))
    text = f"書名\nABC殺人事件\nＡＢＣ 殺人事件\nABC　殺人事件。\nalice's Adventures\n門\n{long.title}\n{'い' * 5000}\n"
    rows = shelf_files.read(table(tmp_path, text), factories.shelf(patron))
    assert [row.title for row in rows] == [plain, wide, None, latin, None, long, None]
    assert [type(row.reason) for row in rows if row.reason] == [
        errors.TitleNotOne, errors.TitleNotFound, errors.TitleNotFound,
    ]  # fmt: skip
    monkeypatch.undo()
    steps = [step for sql, *values in asked for step in engines.reads(sql, *values)]
    assert ("index", "search") in steps
    assert {table for how, table in steps if how == "whole"} <= {"search_state"}, steps  # which is one row


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("名前,値\n1,2\n", errors.ShelfFileUnclear),
        ("書名\n" + "こころ\n" * 1001, errors.ShelfFileHasTooMany),
        ("PK\x03\x04", errors.FileIsSpreadsheet),
        ("", errors.FileIsEmpty),
    ],
)
def test_a_file_that_is_no_list_of_titles_is_refused(patron, tmp_path, text, refusal):
    with pytest.raises(refusal):
        shelf_files.read(table(tmp_path, text), factories.shelf(patron))


def test_a_row_that_can_not_be_read_is_told(patron, tmp_path):
    factories.catalogued("こころ")
    long = "あ" * 501
    rows = shelf_files.read(table(tmp_path, f"書名,メモ\nここ\x00ろ,\nこころ,{long}\n"), factories.shelf(patron))
    assert [type(row.reason) for row in rows] == [errors.CellHasControl, errors.CellTooLong]


def test_a_file_that_is_missing_or_too_long_is_refused():
    shelf_files.check_size(io.BytesIO(b"1"))
    with pytest.raises(errors.FileMissing):
        shelf_files.check_size(io.BytesIO())
    with pytest.raises(errors.ShelfFileTooLong):
        shelf_files.check_size(io.BytesIO(bytes(shelf_files.LARGEST + 1)))
