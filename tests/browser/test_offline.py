"""非常用の窓口 in a real browser: put in, the server stopped, lent and given back, the server started, taken in."""

import json

import pytest
from playwright.sync_api import expect

from library import clock, policy
from models import Item, Loan, OfflineEntry
from tests import factories
from tests.browser import conftest, serving

PASSPHRASE, OTHER = "すずかけの木の下で会おう", "けやきの木の下で待ちます"


@pytest.fixture
def town(demonstration, tmp_path):
    """A library of its own, which is stopped."""
    with serving.running(demonstration, tmp_path) as running:
        yield running


def scan(visitor, text):
    visitor.page.keyboard.type(text)
    visitor.page.keyboard.press("Enter")


def forget_questions(clerk):
    """Every 30 seconds the page asks if the server is back, which the console complains of."""
    asked = "Failed to load resource: net::ERR_CONNECTION_REFUSED"
    clerk.complaints[:] = [note for note in clerk.complaints if asked not in note]


def rows(visitor):
    return visitor.main.locator("tbody tr")


def test_the_desk_goes_on_without_the_server(chromium, town, tmp_path):
    with town.rows():
        card = factories.patron().card_number
        copy, old = factories.item().barcode, factories.loan(factories.patron()).item.barcode
        discs = [factories.item(factories.title(f"音楽{number}", material_type="CD")).barcode for number in range(2)]
        policy.put_row("", "CD", loan_limit=1)
    with conftest.opening(chromium, town) as visit:
        clerk = visit(accept_downloads=True)
        clerk.be_at_desk("kanri", "/desk/offline")
        clerk.field("合言葉").fill(PASSPHRASE)
        clerk.field("確認のためもう一度").fill(PASSPHRASE)
        clerk.press("この端末に入れる")
        expect(clerk.main.get_by_text("この端末に入れました。")).to_be_visible()

        town.stop()
        clerk.page.clock.install()
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
        scan(clerk, discs[0])
        expect(rows(clerk)).to_have_count(2)
        scan(clerk, discs[1])
        expect(clerk.main.get_by_text("CDを借りられるのは1点までです。")).to_be_visible()
        clerk.press("最後の記録を取り消す")
        expect(clerk.main.get_by_text(f"{discs[0]} の記録を取り消しました。")).to_be_visible()
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
        clerk.page.clock.fast_forward("10:06")
        expect(clerk.main.get_by_text("操作がなかったので、画面を閉じました。")).to_be_visible()
        assert card not in clerk.page.content() and not clerk.field("利用者番号").is_visible()
        age = clerk.main.locator("[data-role=age]")
        assert "offline-old" not in (age.get_attribute("class") or "")
        clerk.page.clock.fast_forward("37:00:00")
        expect(age).to_have_class("offline-old")
        clerk.field("合言葉").fill(PASSPHRASE)
        clerk.press("開く")
        expect(rows(clerk)).to_have_count(3)

        town.start()
        counter = clerk.page
        other = visit().be_at_desk("madoguchi", "/desk/offline/entries")
        other.field("保存した記録のファイル").set_input_files(tmp_path / "saved.json")
        other.field("合言葉").fill(PASSPHRASE)
        other.press("取り込む")
        expect(other.main.get_by_text("登録2件、要確認1件")).to_be_visible()
        clerk.page = clerk.open_tab()
        clerk.be_at_desk("kanri", "/desk/offline/entries")
        clerk.field("合言葉").fill(PASSPHRASE)
        clerk.press("取り込む")
        expect(clerk.main.get_by_text("取り込み済み3件")).to_be_visible()
        expect(clerk.main.locator("[data-count]")).to_have_text("0")
        counter.get_by_role("button", name="最後の記録を取り消す").click()
        expect(counter.get_by_text("の記録は取り消していません。")).to_be_visible()

        clerk.go("/desk/offline")
        clerk.page.get_by_text("合言葉を変える", exact=True).click()
        for label in ("新しい合言葉", "新しい合言葉をもう一度"):
            clerk.field(label).fill(OTHER)
        clerk.press("変更する")
        expect(clerk.main.get_by_text("合言葉を変えました。")).to_be_visible()
        for passphrase, words in ((PASSPHRASE, "合言葉が違います。"), (OTHER, "この端末の記録")):
            clerk.field("合言葉").fill(passphrase)
            clerk.press("開く")
            expect(clerk.main.get_by_text(words)).to_be_visible()
        counter.get_by_role("button", name="返却", exact=True).click()
        counter.get_by_label("資料番号").fill(copy)
        counter.get_by_label("資料番号").press("Enter")
        expect(counter.get_by_text("紙の票に書いてください。")).to_be_visible()
        forget_questions(clerk)
    with town.rows():
        assert Loan.select().join(Item).where(Item.barcode == copy, Loan.returned_on.is_null()).count() == 1
        assert Loan.select().join(Item).where(Item.barcode == old, Loan.returned_on.is_null()).count() == 0
        assert [row.barcode for row in OfflineEntry.select().where(OfflineEntry.conflict != "")] == ["<b>999"]


@pytest.fixture
def alone(chromium, town):
    """Sit down at the offline desk of a library whose server has stopped: ``alone()`` after rows were made."""
    with conftest.opening(chromium, town) as visit:
        clerk = visit()

        def sit_down():
            clerk.be_at_desk("kanri", "/desk/offline")
            clerk.field("合言葉").fill(PASSPHRASE)
            clerk.field("確認のためもう一度").fill(PASSPHRASE)
            clerk.press("この端末に入れる")
            expect(clerk.main.get_by_text("この端末に入れました。")).to_be_visible()
            town.stop()
            clerk.page.goto(f"{town.url}/desk/offline")
            clerk.field("合言葉").fill(PASSPHRASE)
            clerk.page.keyboard.press("Enter")
            expect(clerk.field("利用者番号")).to_be_focused()
            return clerk

        yield sit_down
        forget_questions(clerk)


def done(clerk):
    return clerk.main.locator("[data-role=done]")


def test_an_unknown_number_is_in_the_way_of_no_return(alone, town):
    with town.rows():
        first, second, third = (factories.loan(factories.patron()).item.barcode for _ in range(3))
    clerk = alone()
    clerk.press("返却")
    for number in ("9990001", first):
        scan(clerk, number)
        expect(clerk.field("資料番号")).to_be_focused()
    expect(done(clerk)).to_have_text(f"{first} の返却を受け付けました。")
    expect(rows(clerk)).to_have_count(2)
    reason = clerk.main.get_by_label("理由（9990001）")
    reason.fill("ほかの図書館の本")
    clerk.scan(second)  # while the focus is there
    expect(done(clerk)).to_have_text(f"{second} の返却を受け付けました。")
    expect(reason).to_have_value("ほかの図書館の本")
    reason.press("Enter")
    expect(rows(clerk).nth(2)).to_contain_text("理由：ほかの図書館の本")
    clerk.button("最後の記録を取り消す").focus()
    clerk.scan(third)
    expect(done(clerk)).to_have_text(f"{third} の返却を受け付けました。")
    expect(rows(clerk)).to_have_count(4)
    clerk.press("画面を閉じる")
    clerk.field("合言葉").fill(PASSPHRASE)
    clerk.page.keyboard.press("Enter")
    expect(rows(clerk)).to_have_count(4)
    expect(rows(clerk).nth(3)).to_contain_text("理由：ほかの図書館の本")


ON_A_SLOW_DISK = """
(passphrase) => {
  const { count } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.count = function () {
    for (let each = 0; each < 500; each += 1) count.call(this);
    return count.call(this);
  };
  const gate = document.querySelector("[data-part=gate]");
  const fill = () => {
    gate.querySelector("#passphrase").value = passphrase;
    gate.requestSubmit();
    gate.dataset.typed = "";
  };
  const watch = new MutationObserver(() => gate.hidden || setTimeout(fill));
  watch.observe(gate, { attributes: true, attributeFilter: ["hidden"] });
}"""


def test_the_quickest_hand_opens_what_it_has_closed(alone):
    clerk = alone()
    clerk.page.evaluate(ON_A_SLOW_DISK, PASSPHRASE)
    clerk.press("画面を閉じる")
    expect(clerk.main.locator("[data-part=gate][data-typed]")).to_be_attached()
    expect(clerk.field("合言葉")).to_be_hidden()
    expect(clerk.field("利用者番号")).to_be_focused()


def test_a_kept_book_is_lent_after_a_look_at_its_slip(alone, town):
    with town.rows():
        patron, copy = factories.patron(), factories.item()
        factories.hold(patron, copy.title, state="ready", item=copy)
    clerk = alone()
    scan(clerk, patron.card_number)
    expect(clerk.field("資料番号")).to_be_focused()
    scan(clerk, copy.barcode)
    expect(clerk.main.get_by_text("予約票の終わり4桁を確かめてください。")).to_contain_text(patron.card_number[-4:])
    expect(clerk.field("理由")).to_be_hidden()
    clerk.press("確かめて貸し出す")
    expect(done(clerk)).to_contain_text(f"{copy.barcode} を {patron.card_number} の方に貸し出しました。")


def test_the_card_is_asked_again_after_a_minute_without_the_server(alone, town):
    with town.rows():
        card, copies = factories.patron().card_number, [factories.item().barcode for _ in range(2)]
    clerk = alone()
    clerk.page.clock.install()
    scan(clerk, card)
    scan(clerk, copies[0])
    expect(rows(clerk)).to_have_count(1)
    clerk.page.clock.fast_forward("01:05")
    scan(clerk, copies[1])
    expect(done(clerk)).to_contain_text("先に利用者番号を読み取ってください。")
    expect(clerk.field("利用者番号")).to_be_focused()
    scan(clerk, card)
    expect(rows(clerk)).to_have_count(2)


def test_days_of_another_year_have_their_year(alone, town):
    with town.rows():
        card = factories.patron(expires_on=clock.today().replace(year=clock.today().year + 2)).card_number
    clerk = alone()
    scan(clerk, card)
    expect(clerk.main.locator("[data-role=facts]")).to_contain_text(f"有効期限 {clock.today().year + 2}年")
