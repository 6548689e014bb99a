"""取り込み: the page of a long file, which tells by itself how far it is."""

import os
import time

from playwright.sync_api import expect

from library.importing import runs
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
