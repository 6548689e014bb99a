"""児童の資料: what children are shown, in which order, and nothing else."""

from datetime import timedelta

import pytest

from library import clock
from library.catalog.fulltext import index, shelf_order
from library.discovery import childrens_places, childrens_titles
from models import Issue, Item, Serial, Title
from tests import factories


@pytest.fixture
def put(db):
    """Add a title for children with a copy."""

    def put(name, kana="", *, state="available", audience="児童", call_number="", **given):
        made = factories.catalogued(name, by=None, title_kana=kana, audience=audience, **given)
        factories.item(made, state=state, call_number=call_number)
        shelf_order.write_keys([made.id])
        index.copies_changed()
        return made

    return put


def current():
    return childrens_titles.current({})


def names(rows):
    return [row.title for row in childrens_titles.facts(current().ids(rows))]


def test_titles_for_children_with_a_copy_to_lend_are_shown_and_no_others(put, patron):
    shown = put("ねこの本")
    lent = put("いぬの本")
    factories.loan(patron, item=lent.items[0])
    for given in ({"audience": "一般"}, {"state": "lost"}, {"state": "reference"}, {"state": "withdrawn"}):
        put("ほかの本", **given)
    factories.catalogued("所蔵のない本", by=None, audience="児童")
    titles = current()
    assert {*titles.ids(titles.rows)} == {shown.id, lent.id}
    assert [titles.has(each.id) for each in (shown, lent)] == [True, True]
    assert not any(titles.has(each.id) for each in Title.select().where(Title.id.not_in([shown.id, lent.id])))
    assert not titles.has(99_999)


def test_a_title_is_found_by_its_first_kana_whatever_its_marks(put):
    put("がっこう", "ガッコウ")
    put("かっぱ", "カッパ")
    put("ABCの本", "ABC ノ ホン")
    titles = current()
    assert names(titles.beginning("か")) == ["がっこう", "かっぱ"]
    assert names(titles.beginning(childrens_titles.NO_KANA)) == ["ABCの本"]
    assert names(titles.beginning("ん")) == []


def test_a_word_is_found_as_it_is_spoken_among_books_for_children_alone(put):
    put("子犬が来た", "コイヌ ガ キタ")
    put("こいぬの飼い方", "コイヌ ノ カイカタ", audience="一般")
    rows, instead = current().searched("こいぬ")
    assert (names(rows), instead) == (["子犬が来た"], "")
    assert len(current().searched("もぐら")[0]) == 0


def test_pictures_narrow_one_another_and_none_leads_to_nothing(put):
    put("ねこの えほん", subjects=[("絵本", "")])
    put("ねこの おはなし", ndc="913.6")
    put("むしの おはなし", ndc="913.6")
    titles = current()
    cats = titles.with_pictures(titles.pictured(), ["dogs-and-cats"])
    assert len(cats) == 2
    assert [(each.slug, count) for each, count in titles.narrowing(cats, ["dogs-and-cats"])] == [
        ("picture-books", 1),
        ("stories", 1),
    ]
    assert names(titles.with_pictures(cats, ["stories"])) == ["ねこの おはなし"]
    assert titles.narrowing(titles.with_pictures(cats, ["stories"]), ["dogs-and-cats", "stories"]) == []


def test_the_shelf_is_in_order_of_call_numbers(put):
    for number, name in (("K913.6 ミ", "話"), ("K486 ハ", "虫"), ("K913.6 ア", "民話")):
        put(name, ndc=number[1:].split()[0], call_number=number)
    titles = current()
    assert names(titles.on_shelf()) == ["虫", "民話", "話"]
    assert names(titles.on_shelf("4")) == ["虫"]
    assert names(titles.on_shelf("5")) == []


def test_new_titles_are_of_three_months_and_the_latest_come_first(put):
    today = clock.today()
    for name, days in (("古い", 200), ("前", 30), ("昨日", 1)):
        put(name, accession_date=today - timedelta(days=days))
    assert names(current().new(today=today)) == ["昨日", "前"]


def test_issues_of_magazines_hide_no_new_titles(put):
    put("本", accession_date=clock.today())
    issue = put("こどもの科学室", accession_date=clock.today(), material_type="雑誌")
    serial = Serial.create(name="こどもの科学室", interval="monthly", began_on=clock.today())
    Issue.create(serial=serial, title=issue, name="2026年12月号", position=1)
    titles = current()
    assert names(titles.new(today=clock.today())) == ["本"] and titles.has(issue.id)


def test_discs_are_counted_as_what_they_are(put):
    book, disc = put("本"), put("うた", material_type="CD")
    titles = current()
    assert titles.are_books(titles.shot.rows_of([book.id])) and not titles.are_books(titles.rows)
    assert disc.id in titles.ids(titles.rows)


# -- places ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("shelf", "number", "place"),
    [
        ("児童", "K913.6 ミ", ("こどもの ほんだな", "9", "おはなし", ("K913.6", "ミ"))),
        ("絵本", "E ミ", ("えほんの ほんだな", "", "", ("E", "ミ"))),
        ("二階の奥", "486", ("2かいの おく", "4", "しぜんと かがく", ("486",))),
        ("地下書庫", "", ("", "", "", ())),
    ],
)
def test_a_place_is_told_in_kana(shelf, number, place):
    assert childrens_places.of_copy(shelf, number, {"二階の奥": "2かいの おく"}) == place


def test_a_branch_is_called_by_its_reading(db):
    assert childrens_places.name_of_branch(factories.branch("東部", name_kana="トウブ")) == "とうぶ"
    assert childrens_places.name_of_branch(factories.branch("西")) == "西"


def test_shelves_to_be_named_are_those_of_children(put):
    Item.update(shelf="児童").where(Item.title == put("本")).execute()
    Item.update(shelf="参考").where(Item.title == put("辞典", audience="一般")).execute()
    assert childrens_places.typed({"二階": "2かい"}) == "二階=2かい\n児童=こどもの ほんだな"
