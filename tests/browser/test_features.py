"""特集 at the desk by keyboard alone: scanned, put in order, told, saved."""

from playwright.sync_api import expect

from library.site import features
from models import Feature, Title
from tests import factories


def test_a_list_is_made_by_scanner_and_keys(visit, library):
    with library.rows():
        scanned = [factories.item(factories.title(name)).barcode for name in ("うみの本", "やまの本")]
    desk = visit(js=False)
    desk.be_at_desk("madoguchi", "/desk/features/new")
    desk.field("題名").fill("夏の本")
    desk.field("アドレス").fill("summer-of-keys")
    keys = desk.page.keyboard
    desk.field("資料を加える").focus()
    for barcode in scanned:
        keys.type(barcode)
        keys.press("Enter")
        expect(desk.field("資料を加える")).to_have_value("")  # the next page, where the focus comes after it
        expect(desk.field("資料を加える")).to_be_focused()
    desk.button("「やまの本」を上へ").focus()
    keys.press("Enter")
    expect(desk.announcement).to_contain_text("「やまの本」を1番目に動かしました")
    expect(desk.button("「やまの本」を下へ")).to_be_focused()
    desk.main.get_by_role("checkbox", name="公開する").check()
    desk.press("保存する")
    expect(desk.main.get_by_text("「夏の本」を保存しました")).to_be_visible()
    desk.follow("ページを見る")
    expect(desk.h1).to_have_text("夏の本")
    with library.rows():
        kept = Feature.get(Feature.slug == "summer-of-keys")
        assert [book.name for book in features.books(kept)] == ["やまの本", "うみの本"]
        assert Title.select().where(Title.title == "うみの本").count() == 1
