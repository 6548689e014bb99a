"""A person at a browser, who finds things by their role and label and notices what a person must never meet."""

import re
import time
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from models import Patron, Staff

EDIT, CONFIRM, DONE = "/my/profile", "/my/profile/confirm", "/my/profile/done"
HEADINGS = {EDIT: "利用者情報変更", CONFIRM: "利用者情報変更確認", DONE: "利用者情報変更結果"}
# Chromium notes each refusal of the server by itself; ``_see_response`` tells which of them are none of a person's
# doing
OWN_NOTE = re.compile(r"Failed to load resource: the server responded with a status of")


class Visitor:
    """One browser window of its own, with nothing left from another visit."""

    def __init__(self, context, library, *, js=True):
        self.context, self.library, self.js = context, library, js
        self.complaints = []
        self.server_may_fail = False
        self.page = self._watched(context.new_page())

    def open_tab(self) -> Page:
        """Open another tab of this browser."""
        return self._watched(self.context.new_page())

    def _watched(self, page: Page) -> Page:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("request", self._see_request)
        page.on("response", self._see_response)
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        return page

    def _hear(self, message):
        if message.type in ("error", "warning") and not OWN_NOTE.match(message.text):
            self.complaints.append(f"console {message.type}: {message.text}")

    def _see_request(self, request):
        if not request.url.startswith((self.library.url + "/", "data:", "about:")):
            self.complaints.append(f"request to another host: {request.url}")

    def _see_response(self, response):
        asked_for = response.request.resource_type in ("document", "fetch", "xhr")
        if response.status >= (400 if not asked_for else 600 if self.server_may_fail else 500):
            self.complaints.append(f"{response.status} {response.url}")

    # -- where --
    @property
    def path(self):
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def main(self):
        return self.page.get_by_role("main")

    @property
    def h1(self):
        return self.page.get_by_role("heading", level=1)

    def go(self, path):
        return self.page.goto(self.library.url + path)

    def arrives_at(self, path, heading=None):
        """The address says the step, the heading and the title say it too; the page is whole, with its scripts."""
        if heading := heading or HEADINGS.get(path):
            expect(self.h1).to_have_text(heading)
            expect(self.page).to_have_title(re.compile(rf"^(エラー: )?{re.escape(heading)} \| \S"))
        expect(self.page).to_have_url(self.library.url + path)
        self.page.wait_for_load_state()

    # -- what --
    def field(self, label):
        return self.main.get_by_label(label, exact=True)

    def group(self, legend):
        return self.main.get_by_role("group", name=legend, exact=True)

    def button(self, name):
        return self.main.get_by_role("button", name=name, exact=True)

    def link(self, name):
        return self.main.get_by_role("link", name=name, exact=True)

    def text_size(self, name):
        group = self.page.get_by_role("banner").get_by_role("group", name="文字サイズ", exact=True)
        return group.get_by_role("button", name=name, exact=True)

    @property
    def summary(self):
        """The error summary; it is there only when something was refused."""
        return self.main.get_by_role("alert")

    @property
    def announcement(self):
        """The sentence that a screen reader reads: at the desk of its region, without script of the answer itself."""
        return self.page.locator("[role=status]:not(:empty)")

    @property
    def focused(self):
        return self.page.locator(":focus")

    def row(self, label):
        """The value beside a label of the confirm step, shown or blank."""
        term = self.page.get_by_role("term").filter(has_text=re.compile(rf"^\s*{re.escape(label)}(\s|変更|$)"))
        return self.main.locator("dl > div").filter(has=term).locator("dd")

    def root_font(self):
        return self.page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")

    # -- what a person does --
    def press(self, name):
        self.button(name).click()

    def follow(self, name):
        self.link(name).click()

    def choose_text_size(self, name):
        self.text_size(name).click()
        expect(self.text_size(name)).to_have_attribute("aria-pressed", "true")
        self.page.wait_for_load_state()  # without script it is a new page

    def scan(self, text, *, every=0.01):
        """Read a number as a scanner does, a key in so many seconds by the clock of the keys, however slow this machine
        is.
        """
        keyboard, at = self.context.new_cdp_session(self.page), time.time()
        for place, key in enumerate([*text, "Enter"]):
            typed = {"key": key, "text": "\r" if key == "Enter" else key, "timestamp": at + place * every}
            code = {"code": "Enter", "windowsVirtualKeyCode": 13} if key == "Enter" else {}
            keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", **typed, **code})
            keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": key, **code})
        keyboard.detach()

    def fill_sign_in(self, card, password):
        self.field("図書館カードの番号").fill(card)
        self.field("パスワード").fill(password)
        self.press("ログイン")

    def sign_in(self, card, password, path="/my/"):
        """Ask for a page, sign in, and be there."""
        self.go(path)
        self.fill_sign_in(card, password)
        self.arrives_at(path)
        return self

    def be(self, card, path="/my/"):
        """Be at a page, signed in with this card: for what is tried behind the way in, which takes its time."""
        return self._be(Patron, Patron.card_number == card, path)

    def be_at_desk(self, login, path="/desk/checkout"):
        return self._be(Staff, Staff.login == login, path)

    def _be(self, table, whose, path):
        with self.library.rows():
            cookie = self.library.session_cookie(table.get(whose))
        self.context.add_cookies([{"name": "session", "value": cookie, "url": self.library.url, "httpOnly": True}])
        self.go(path)
        return self

    def sign_out(self):
        self.page.get_by_role("banner").get_by_role("button", name="ログアウト", exact=True).click()
        self.arrives_at("/login", "ログイン")

    def unfold_passwords(self):
        """Open the part of 利用者情報変更 in which a new password is typed."""
        self.main.locator("summary").get_by_text("パスワードを変更する", exact=True).click()

    def update(self):
        """Press 更新 on the edit step and be asked to confirm."""
        self.press("更新")
        self.arrives_at(CONFIRM)

    def confirm(self):
        self.press("更新")
        self.arrives_at(DONE)
        expect(self.main.get_by_text("利用者情報変更申し込みを受付しました。", exact=True)).to_be_visible()
