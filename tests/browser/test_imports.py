"""取り込み: the page of a long file, which tells by itself how far it is."""

import os
import time

from playwright.sync_api import expect

from library.importing import runs
from tests import factories
from tests.browser.screens.desk_records import ITEMS, send_titles


def test_the_progress_of_an_import_is_told_and_the_focus_is_left_alone(visit, library):
    visitor = visit()
    send_titles(visitor, ITEMS)
    run = runs.Run(library.instance, visitor.page.url.split("/")[-2])
    lock = runs.lock(run.instance, run.token)
    run.keep_state(runs.State("importing", 80_000, 12_400, time.time() - 22))
    visitor.go(f"/desk/import/{run.token}")
    expect(visitor.main).to_contain_text("12,400 / 80,000行")
    stop = visitor.main.get_by_role("button", name="中止する")
    stop.focus()
    run.keep_state(runs.State("importing", 80_000, 24_800, time.time() - 44))
    expect(visitor.main).to_contain_text("24,800 / 80,000行")
    expect(stop).to_be_focused()
    run.keep_state(runs.State("done", 80_000, 80_000, totals="読込 80,000"))
    os.close(lock)
    expect(visitor.main).to_contain_text("取り込みました。")
    expect(visitor.h1).to_have_text("書誌を取り込む")


COPIES = "登録番号,書誌番号,請求1,請求2,館\n0100099001,1,913.6,ナ,本館\n"


def test_columns_are_joined_with_an_example_while_they_are_chosen_and_one_row_is_shown(visit, library):
    with library.rows():
        factories.title("こころ", source="csv", source_id="1")
    visitor = visit()
    send_titles(visitor, COPIES, kind="所蔵")
    count, row = visitor.main.locator("#columns-open"), visitor.main.get_by_role("row", name="請求1")
    expect(count).to_have_text("2")
    tint = row.evaluate("row => getComputedStyle(row).backgroundColor")
    for name in ("請求1", "請求2"):
        visitor.main.get_by_label(name, exact=True).focus()
        visitor.main.get_by_label(name, exact=True).select_option(label="請求記号")
        expect(visitor.main.get_by_label(name, exact=True)).to_be_focused()
    expect(count).to_have_text("0")
    assert row.evaluate("row => getComputedStyle(row).backgroundColor") != tint
    expect(visitor.main.locator("#chosen")).to_contain_text("請求記号は「913.6 ナ」になります。")
    visitor.press("次へ　値を確かめる")
    expect(visitor.main.locator("#one-row")).to_contain_text("2行目：新しく入ります。")
    expect(visitor.main.get_by_role("row", name="請求記号")).to_contain_text("913.6 ナ")
    visitor.field("行の番号").fill("9")
    visitor.press("この行を見る")
    expect(visitor.main.locator("#one-row")).to_contain_text("その番号の行はありません。")
