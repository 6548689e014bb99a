"""An act that is done in its place, with script: one sentence in the status, the focus on a control by its name, and
nothing moves.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from library import clock
from library.ebooks import lending
from tests import factories

WATCH = """() => {
    window.moved = [];
    new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) {
            window.moved.push(`${shift.value.toFixed(4)} ` + shift.sources.map(({ node }) => node?.className || node?.nodeName).join());
        }
    }).observe({ type: "layout-shift" });
}"""
MOVED = "() => new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(told, 50, window.moved))))"
# in a list of titles: what is pressed, what the status says, what has the focus then
IN_LIST = (
    ("「山{n}」を予約かごに入れる", "「山{n}」を予約かごに入れました（1点）。", "「山{n}」が入った予約かごをみる"),
    ("「町{n}」を延長する", "「町{n}」を延長しました。", "借りている資料をみる"),
    ("「空{n}」を借りる", "「空{n}」をお借りになりました。", "「空{n}」を読む"),
    ("「星{n}」の順番を待つ", "「星{n}」の順番待ちに加わりました。", "「星{n}」の順番待ちを見る"),
)
ON_TITLE = (
    ("予約かごに入れる", "「川{n}」を予約かごに入れました（2点）。", "「川{n}」が入った予約かごをみる"),
    ("本棚に入れる", "「川{n}」を「今度読みたい本」に入れました。", "本棚に入れる"),
)


@pytest.fixture
def number(library, patron):
    """Five titles, a word of whose names no other test has: two to reserve, one on loan, an e-book that is in and one
    that is out.
    """
    with library.rows():
        for name in ("山", "川"):
            factories.catalogued(f"{name}歩き{patron.id}", copies=1)
        mine = factories.catalogued(f"町歩き{patron.id}")
        factories.loan(patron, clock.today() + timedelta(days=2), title=mine)
        factories.ebook(factories.catalogued(f"空歩き{patron.id}"))
        out = factories.ebook(factories.catalogued(f"星歩き{patron.id}"))
        lending.borrow(out, factories.patron(), now=clock.now())
    return f"歩き{patron.id}"


def do(visitor, number, act):
    name, sentence, focused = (words.format(n=number) for words in act)
    visitor.button(name).focus()
    visitor.page.evaluate(WATCH)
    visitor.page.keyboard.press("Enter")
    expect(visitor.main.get_by_role("status").filter(has_text=sentence).first).to_be_attached()
    expect(visitor.focused).to_have_accessible_name(focused)
    assert visitor.page.evaluate(MOVED) == [], name


def test_nothing_moves_the_focus_stays_and_a_sentence_is_said(visit, library, patron, number):
    phone = visit(width=390, height=844)
    phone.be(patron.card_number, f"/search?q={number}")
    for act in IN_LIST:
        do(phone, number, act)
    phone.link(f"川{number}").click()
    expect(phone.h1).to_contain_text(f"川{number}")
    phone.page.wait_for_load_state()
    for act in ON_TITLE:
        do(phone, number, act)
