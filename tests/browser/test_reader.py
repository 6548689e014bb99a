"""The reader of e-books with its script: whole lines, a screen at a time, the place, and a hostile book that does
nothing.
"""

import re

from playwright.sync_api import expect

from library import clock
from library.ebooks import lending, stock
from models import Patron
from tests import books_to_read

LINES = """leaf => {
    const box = leaf.getBoundingClientRect(), line = parseFloat(getComputedStyle(leaf).lineHeight);
    return [box.width / line, -leaf.scrollLeft / box.width];
}"""
LAID_OUT = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
IS_AT_LAST = "leaf => leaf.scrollWidth + leaf.scrollLeft < 1.5 * leaf.clientWidth"


def lend(library, patron, content):
    with library.rows():
        path = library.instance / "upload"
        path.write_bytes(content)
        made = {
            "title_id": None,
            "licences": None,
            "days": 14,
            "by": "staff:a",
            "today": clock.today(),
            "now": clock.now(),
        }
        ebook = stock.add(path, library.instance / stock.FOLDER, **made)
        return lending.borrow(ebook, Patron.get_by_id(patron.id), now=clock.now())


def whole(number):
    return abs(number - round(number)) < 0.01


def test_a_screen_at_a_time_and_on_from_there_another_day(visit, library, patron):
    visitor, base = visit(width=390, height=844), "/my/ebooks"
    loan = lend(library, patron, books_to_read.vertical())
    visitor.page.clock.install(time=0)
    visitor.page.clock.pause_at(1)  # ten seconds never pass: the place is sent when one leaves
    visitor.be(patron.card_number, f"{base}/{loan.id}/read")
    expect(visitor.page).to_have_url(re.compile(r"/read/1$"))
    leaf = visitor.page.locator("#leaf")
    visitor.page.keyboard.press("Space")
    expect(visitor.page.get_by_role("status").filter(has_text="ページ")).to_have_text(re.compile(r"^2／\d+ページ$"))
    visitor.link("つぎ").click()
    visitor.page.keyboard.press("ArrowRight")
    lines, screens = leaf.evaluate(LINES)
    assert whole(lines) and whole(screens) and round(screens) == 1
    with visitor.page.expect_response(lambda answer: answer.url.endswith("/read/place")) as sent:
        visitor.page.evaluate(
            "Object.defineProperty(document, 'hidden', { value: true }); document.dispatchEvent(new Event('visibilitychange'))"
        )
    assert sent.value.status == 303
    visitor.go(f"{base}/{loan.id}/read")
    expect(visitor.page).to_have_url(re.compile(r"/read/1#p-\d+$"))
    expect(visitor.page.locator("#pages")).to_have_text(re.compile("^2／"))
    while not leaf.evaluate(IS_AT_LAST):
        visitor.page.keyboard.press("PageDown")
    visitor.page.keyboard.press("PageDown")
    visitor.page.wait_for_url("**/read/2")
    visitor.page.keyboard.press("PageUp")
    visitor.page.wait_for_url("**/read/1#end")
    visitor.page.clock.resume()  # for the pictures to come in which all is laid out
    visitor.page.evaluate(LAID_OUT)
    assert whole(leaf.evaluate(LINES)[1])
    expect(visitor.page.locator("#pages")).to_have_text(re.compile(r"^(\d+)／\1ページ$"))


def test_a_hostile_book_does_nothing_and_asks_nobody(visit, library, patron):
    """A request to another host or a dialogue fails the test: visitor.py."""
    loan = lend(library, patron, books_to_read.hostile("".join(books_to_read.SCRIPTS)))
    visitor = visit()
    visitor.be(patron.card_number, f"/my/ebooks/{loan.id}/read/1")
    expect(visitor.h1).to_have_text("わるい本")
    visitor.page.get_by_text("x", exact=True).first.wait_for()
    for link in visitor.page.locator(".leaf-text a").all():
        assert link.get_attribute("href") is None
