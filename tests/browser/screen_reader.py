"""A screen reader that says in words what a page tells it: @guidepup/virtual-screen-reader, one file of it, which
scripts/screen-reader brings.
"""

from tests import programs

_ADDRESS = "/the-reader-of-the-test.js"
_START = """async (address) => {
  window.screenReader = (await import(address)).virtual;
  await window.screenReader.start({ container: document.body });
}"""
_TO_THE_END = """async () => {
  const reader = window.screenReader;
  for (let said = 0; said < 2000 && (await reader.lastSpokenPhrase()) !== "end of document"; said++) await reader.next();
  const said = await reader.spokenPhraseLog();
  await reader.stop();
  return said;
}"""


def start(page) -> None:
    """Switch the screen reader on, at the top of this page."""
    programs.require("virtual-screen-reader")
    page.route(
        f"**{_ADDRESS}", lambda route: route.fulfill(path=programs.SCREEN_READER, content_type="text/javascript")
    )
    page.evaluate(_START, _ADDRESS)


def read_to_the_end(page) -> list[str]:
    """Return the phrases of the page to its end, in their order (``button, 表示, 現パスワード``), and switch it off."""
    return page.evaluate(_TO_THE_END)


def spoken(page) -> list[str]:
    """Return the phrases since the start; those of a live region begin with ``polite: `` or ``assertive: ``."""
    return page.evaluate("() => window.screenReader.spokenPhraseLog()")
