"""非常用の窓口 in a real browser: put in, the server stopped, lent and given back, the server started, taken in."""

import json

import pytest
from playwright.sync_api import expect

from models import Item, Loan, OfflineEntry
from tests import factories
from tests.browser import conftest, serving

PASSPHRASE = "すずかけの木の下で会おう"


@pytest.fixture
def town(demonstration, tmp_path):
    """A library of its own, which is stopped."""
    with serving.running(demonstration, tmp_path) as running:
        yield running


def scan(visitor, text):
    visitor.page.keyboard.type(text)
    visitor.page.keyboard.press("Enter")


def rows(visitor):
    return visitor.main.locator("tbody tr")


def test_the_desk_goes_on_without_the_server(chromium, town, tmp_path):
    with town.rows():
        card = factories.patron().card_number
        copy, old = factories.item().barcode, factories.loan(factories.patron()).item.barcode
    with conftest.opening(chromium, town) as visit:
        clerk = visit(accept_downloads=True)
        clerk.be_at_desk("kanri", "/desk/offline")
        clerk.field("合言葉").fill(PASSPHRASE)
        clerk.field("確認のためもう一度").fill(PASSPHRASE)
        clerk.press("この端末に入れる")
        expect(clerk.main.get_by_text("この端末に入れました。")).to_be_visible()

        town.stop()
        clerk.page.goto(f"{town.url}/desk/offline")
        clerk.field("合言葉").fill("ほかのだれかの合言葉です")
        clerk.press("開く")
        expect(clerk.main.get_by_text("合言葉が違います。")).to_be_visible()
        clerk.field("合言葉").fill(PASSPHRASE)
        clerk.page.keyboard.press("Enter")
        expect(clerk.field("利用者番号")).to_be_focused()
        scan(clerk, f"a{card}a")
        expect(clerk.field("資料番号")).to_be_focused()
        scan(clerk, copy)
        scan(clerk, old)
        expect(clerk.main.get_by_text(f"{old} は貸し出せません")).to_be_visible()
        expect(rows(clerk)).to_have_count(1)
        scan(clerk, "<b>999")
        clerk.field("理由").fill("<img src=x>")
        clerk.page.keyboard.press("Enter")
        expect(rows(clerk)).to_have_count(2)
        clerk.press("返却")
        expect(clerk.field("資料番号")).to_be_focused()
        scan(clerk, old)
        expect(rows(clerk)).to_have_count(3)
        with clerk.page.expect_download() as saved:
            clerk.press("記録を保存する")
        saved.value.save_as(tmp_path / "saved.json")
        read = (tmp_path / "saved.json").read_text()
        assert len(json.loads(read)["entries"]) == 3 and card not in read and copy not in read
        clerk.page.reload()
        expect(clerk.field("合言葉")).to_be_visible()
        assert card not in clerk.page.content()

        town.start()
        other = visit().be_at_desk("madoguchi", "/desk/offline/entries")
        other.field("保存した記録のファイル").set_input_files(tmp_path / "saved.json")
        other.field("合言葉").fill(PASSPHRASE)
        other.press("取り込む")
        expect(other.main.get_by_text("登録2件、要確認1件")).to_be_visible()
        clerk.be_at_desk("kanri", "/desk/offline/entries")
        clerk.field("合言葉").fill(PASSPHRASE)
        clerk.press("取り込む")
        expect(clerk.main.get_by_text("取り込み済み3件")).to_be_visible()
        expect(clerk.main.locator("[data-count]")).to_have_text("0")
    with town.rows():
        assert Loan.select().join(Item).where(Item.barcode == copy, Loan.returned_on.is_null()).count() == 1
        assert Loan.select().join(Item).where(Item.barcode == old, Loan.returned_on.is_null()).count() == 0
        assert [row.barcode for row in OfflineEntry.select().where(OfflineEntry.conflict != "")] == ["<b>999"]
