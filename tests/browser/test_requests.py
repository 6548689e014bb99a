"""リクエスト on a phone, from a search without hits to its end, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from models import PatronRequest, Wanted

MOST_TAPS = 6


class Thumb:
    """A thumb that counts what it taps."""

    def __init__(self, visitor):
        self.visitor, self.taps = visitor, 0

    def tap(self, role, name):
        self.taps += 1
        self.visitor.main.get_by_role(role, name=name, exact=True).tap()


@pytest.fixture(params=[True, False], ids=["js", "no-js"])
def phone(request, visit, patron):
    return visit(width=390, height=844, js=request.param, has_touch=True).be(patron.card_number)


def test_a_reader_asks_for_a_book_in_few_taps_after_a_search_without_hits(phone, library, patron):
    name = f"石の声を聴く{patron.id}"
    phone.go(f"/search?q={name}")
    thumb = Thumb(phone)
    thumb.tap("link", "リクエストする")
    expect(phone.field("書名")).to_have_value(name)
    thumb.tap("button", "確認する")
    expect(phone.h1).to_have_text("リクエスト確認")
    thumb.tap("button", "申し込む")
    expect(phone.h1).to_have_text("リクエスト結果")
    assert thumb.taps <= MOST_TAPS
    thumb.tap("link", "リクエストを見る")
    thumb.tap("link", f"「{name}」のリクエストを取り消す")
    thumb.tap("button", f"「{name}」のリクエストを取り消す")
    expect(phone.main.get_by_role("status")).to_contain_text(f"「{name}」のリクエストを取り消しました。")
    with library.rows():
        assert Wanted.get(Wanted.title_text == name).state == "cancelled"


def test_refused_words_stay_and_a_second_press_asks_once(phone, library, patron):
    name = f"寿限無{patron.id}"
    phone.go("/my/requests/new")
    phone.field("ISBN").fill("12")
    phone.press("確認する")
    expect(phone.summary).to_contain_text("書名：入力してください。")
    expect(phone.field("ISBN")).to_have_value("12")
    phone.field("書名").fill(name)
    phone.field("ISBN").fill("")
    phone.press("確認する")
    expect(phone.h1).to_have_text("リクエスト確認")
    phone.button("申し込む").dblclick()
    expect(phone.h1).to_have_text("リクエスト結果")
    with library.rows():
        assert PatronRequest.select().where(PatronRequest.patron == patron.id).count() == 1


def test_the_list_on_order_takes_the_whole_width_of_paper(visit):
    desk = visit(width=1040).be_at_desk("madoguchi", "/desk/requests/orders")
    desk.page.emulate_media(media="print")
    assert desk.main.get_by_role("table").bounding_box()["width"] > 900
