"""検索候補: the list that the box of the header shows under it."""

import pytest
from bs4 import BeautifulSoup

from library import policy
from library.catalog.fulltext import index
from models import Subject, SubjectLink, Title
from tests import factories


@pytest.fixture
def book(app):
    return factories.catalogued(
        "銀河鉄道の夜", title_kana="ギンガ テツドウ ノ ヨル", by=("宮沢賢治", "ミヤザワ, ケンジ"), copies=2
    )


def options(browse, typed):
    answer = browse.client.get("/suggest", query_string={"q": typed})
    return answer, BeautifulSoup(answer.text, "html.parser").select("[role=option]")


def test_each_option_leads_to_its_page_and_the_last_searches(browse, book):
    _, found = options(browse, "宮沢")
    assert [one["data-url"] for one in found] == [
        f"/people/{book.contributors.get().author_id}", "/search?q=%E5%AE%AE%E6%B2%A2"]  # fmt: skip
    assert [one.find(class_="suggest-name").get_text(" ", strip=True) for one in found] == [
        "宮沢 賢治 みやざわ けんじ", "「 宮沢 」を検索"]  # fmt: skip
    for one in found:
        assert browse.client.get(one["data-url"]).status_code == 200


def test_a_title_says_where_it_is(browse, book):
    _, (title, _) = options(browse, "ぎんが")
    assert title["data-url"] == f"/titles/{book.id}"
    assert title.find(class_="suggest-count").get_text() == "在架 2冊"
    assert title.find(class_="cover")["aria-hidden"] == "true"


def test_options_have_ids_and_groups_have_names(browse, book):
    answer, found = options(browse, "宮沢")
    assert [one["id"] for one in found] == ["suggest-1", "suggest-2"]
    page = BeautifulSoup(answer.text, "html.parser")
    for group in page.select("[role=group]"):
        assert group.get("aria-label") or page.find(id=group["aria-labelledby"]).get_text()


def test_it_is_kept_nowhere_and_gives_no_cookie(browse, book):
    answer, _ = options(browse, "宮沢")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("typed", ["", "み", "ありえないことば"])
def test_where_nothing_is_suggested_the_answer_is_empty(browse, book, typed):
    answer, _ = options(browse, typed)
    assert (answer.status_code, answer.data) == (204, b"")


def test_typed_words_are_no_markup(browse, book):
    factories.catalogued("<b>銀河</b>&の本")
    answer, found = options(browse, "<b>銀河")
    assert "「<b>銀河」を検索" in found[-1].get_text()
    assert "<b>銀河</b>&の本" not in answer.text


def test_a_library_can_do_without(browse, book):
    assert browse.get("/").status_code == 200
    assert browse.page.find("form", class_="search")["data-suggest"] == "/suggest"
    policy.put("suggestions", False)
    browse.get("/")
    assert not browse.page.find("form", class_="search").has_attr("data-suggest")
    assert options(browse, "宮沢")[0].status_code == 404


@pytest.mark.parametrize("typed", ["ライブ", "らいぶらり", "raibura"])
def test_a_subject_is_suggested_by_another_word_for_it(browse, app, typed):
    factories.catalogued("本の家", subjects=[("図書館", "トショカン")], copies=1)
    subject = Subject.get()
    SubjectLink.create(subject=subject, position=0, kind="を見よ", name="ライブラリー", kana="ライブラリー")
    SubjectLink.create(subject=subject, position=1, kind="をも見よ", name="ライブハウス", kana="ライブハウス")
    index.refresh([title.id for title in Title.select()])
    _, found = options(browse, typed)
    (option,) = [one for one in found if one["data-url"].startswith("/subjects/")]
    assert option["data-url"] == f"/subjects/{subject.id}"
    assert option.find(class_="suggest-name").get_text().split() == ["図書館", "ライブラリー"]
