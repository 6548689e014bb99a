"""重複した書誌: found, looked at, made one."""

import pytest

from models import Hold, Item, Title
from tests import factories


@pytest.fixture
def desk(browse, app):
    browse.be(factories.staff("desk", login="suzuki"))
    return browse


@pytest.fixture
def two(desk):
    one = factories.catalogued("こころ", source="NDL", source_id="1", copies=2, isbns=["9784003101117"])
    return one, factories.catalogued("こころ", copies=1, isbns=["9784003101117"], contents="先生と私", year=1990)


def numbers(desk):
    return [int(tick["value"]) for tick in desk.page.select("input[name=title]")]


def test_two_records_of_one_book_are_found_looked_at_and_made_one(desk, two):
    kept, other = two
    patron, both = factories.patron(), factories.patron()
    factories.hold(patron, other), factories.hold(both, other), factories.hold(both, kept)
    desk.get(f"/desk/titles/{other.id}")
    desk.get(next(link["href"] for link in desk.page.select("a") if link.get_text() == "重複した書誌をまとめる"))
    assert numbers(desk) == [other.id, kept.id]
    desk.get(f"/desk/merges/new?title={kept.id}&title={other.id}")
    text = desk.text()
    for sentence in ("所蔵：1点", "予約：2件", "両方に予約している方：1人", "なくなる書誌から補います：出版年、内容"):
        assert sentence in text, sentence
    form = desk.form("/desk/merges")
    assert (form["keep"], form["other"]) == (str(kept.id), str(other.id))  # the one with more copies
    answer = desk.post("/desk/merges", form)
    assert answer.status_code == 303 and answer.location == f"/desk/merges?title={kept.id}"
    desk.get(answer.location)
    assert "1件の書誌にまとめました。" in desk.text()
    assert Item.select().where(Item.title == kept).count() == 3
    assert Hold.select().where(Hold.title == kept, Hold.state.in_(("waiting", "preparing"))).count() == 2
    for address in (f"/titles/{other.id}", f"/desk/titles/{other.id}"):
        answer = desk.client.get(address)
        assert (answer.status_code, answer.location) == (301, address.replace(str(other.id), str(kept.id)))


def test_the_one_that_stays_can_be_the_other(desk, two):
    kept, other = two
    desk.get(f"/desk/merges/new?title={kept.id}&title={other.id}")
    desk.get(next(link["href"] for link in desk.page.select("a") if link.get_text() == "残す書誌を入れ替える"))
    assert desk.form("/desk/merges")["keep"] == str(other.id)
    assert "番号（NDL 1）を引き継ぎます" in desk.text()


def test_records_are_found_by_words_and_by_isbn_with_those_that_are_withdrawn(desk, two):
    Item.update(state="withdrawn").where(Item.title == two[1]).execute()
    for words in ("こころ", "9784003101117"):
        desk.get(f"/desk/merges?q={words}")
        assert sorted(numbers(desk)) == sorted(title.id for title in two) and "除籍" in desk.text()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_other_than_two_are_refused_and_stay_ticked(desk, two, count):
    three = [*two, factories.catalogued("門")][:count]
    answer = desk.get(f"/desk/merges/new?{'&'.join(f'title={title.id}' for title in three)}")
    assert answer.status_code == 422 and "同じ本の書誌を、2件選んでください。" in desk.text()
    assert len(desk.page.select("input[name=title][checked]")) == count


def test_records_that_cannot_be_merged_give_the_reason_and_have_no_button(desk, two):
    for title in two:
        factories.ebook(title)
    desk.get(f"/desk/merges/new?title={two[0].id}&title={two[1].id}")
    assert "どちらの書誌にも電子書籍があります" in desk.text() and not desk.page.select("form[method=post] .danger")


def test_a_record_that_changed_or_went_meanwhile_is_looked_at_again(desk, two):
    kept, other = two
    desk.get(f"/desk/merges/new?title={kept.id}&title={other.id}")
    form = desk.form("/desk/merges")
    Title.update(note="改訂").where(Title.id == kept.id).execute()
    assert desk.post("/desk/merges", form).status_code == 422
    assert "まだ何も変更していません" in desk.text() and Title.select().count() == 2
    form = desk.form("/desk/merges")
    assert desk.post("/desk/merges", form).status_code == 303
    assert desk.post("/desk/merges", form).status_code == 422
    assert "この書誌はありません" in desk.text()
