"""Signing in, the first password, links in mails."""

import secrets
from datetime import timedelta

from playwright.sync_api import expect

from library import clock
from library.access import one_time_links
from library.access.guessing import tries
from library.lending import notices
from models import Guess
from settings.folders import stored_token
from tests import factories
from tests.browser import serving
from tests.browser.screens.registry import is_refused, new_patron, rich_patron, screen


@screen("sign-in, refused")
def _(visitor, library):
    visitor.go("/login")
    visitor.fill_sign_in(f"{secrets.randbelow(10**13):013}", "まちがい")
    is_refused(visitor)


@screen("sign-in, too often")
def _(visitor, library):
    card = new_patron(library).card_number
    visitor.go("/login")
    for number in range(8):
        with visitor.page.expect_navigation() as answer:
            visitor.fill_sign_in(card, f"まちがい{number}")
        is_refused(visitor)
        if answer.value.status == 429:
            return
    raise AssertionError("one may guess for ever")


def guess_at(library, who):
    """Let strangers guess at a card or login until the library is careful with it."""
    with library.rows():
        now = clock.now()
        for kind, failures in (("strangers", 20), ("pair", 6)):
            source = "" if kind == "strangers" else "203.0.113.5"
            until = now + timedelta(days=1)
            Guess.create(kind=kind, who=who, source=source, failures=failures, since=now, until=until)


@screen("sign-in, check number asked, refused")
def _(visitor, library):
    patron = new_patron(library)
    guess_at(library, tries.card_counter(patron))
    visitor.go("/login")
    visitor.fill_sign_in(patron.card_number, factories.PASSWORD)
    is_refused(visitor)
    expect(visitor.field("確認番号")).to_be_visible()


@screen("sign-in, check number wrong, refused")
def _(visitor, library):
    patron = new_patron(library)
    guess_at(library, tries.card_counter(patron))
    visitor.go("/login")
    visitor.fill_sign_in(patron.card_number, factories.PASSWORD)
    visitor.field("確認番号").fill("0000")
    visitor.fill_sign_in(patron.card_number, factories.PASSWORD)
    expect(visitor.summary).to_contain_text("確認番号のどれかが違います")


@screen("signed out")
def _(visitor, library):
    visitor.be(new_patron(library).card_number)
    visitor.sign_out()


@screen("first password")
def first_password(visitor, library):
    patron = new_patron(library, password=None)
    visitor.go("/login")
    visitor.fill_sign_in(patron.card_number, f"{patron.birth_date:%m%d}")
    visitor.arrives_at("/login/first-password", "はじめてのパスワード設定")


@screen("first password, with addresses of before")
def _(visitor, library):
    patron = new_patron(library, password=None, has_chosen_password=True)
    with library.rows():
        for position in (1, 2):
            address = f"hanako.{patron.id}.{position}@example.jp"
            factories.address(patron, address, position=position, since=clock.now())
    visitor.go("/login")
    visitor.fill_sign_in(patron.card_number, f"{patron.birth_date:%m%d}")
    visitor.arrives_at("/login/first-password", "はじめてのパスワード設定")


@screen("first password, refused")
def _(visitor, library):
    first_password(visitor, library)
    visitor.field("新パスワード").fill("0808")
    visitor.field("確認パスワード").fill("8080")
    visitor.press("パスワードを設定する")
    is_refused(visitor)


@screen("reset, sent")
def _(visitor, library):
    visitor.go("/login/reset")
    visitor.field("図書館カードの番号").fill(serving.READER_CARD)
    visitor.field("E-mail").fill("somebody@example.jp")
    visitor.press("再設定の案内を送る")
    expect(visitor.main.get_by_text("受け付けました")).to_be_visible()


LINKS = {"reset": "/login/reset", "verify": "/mail/verify", "open_seal": "/my/seal", "stop": "/seal/stop"}


def mailed_link(library, purpose, patron=None):
    """Return the address of a link as it stands in a mail."""
    patron = patron or rich_patron(library)
    with library.rows():
        address = patron.addresses.get().address
        token = one_time_links.make(patron, address, purpose, clock.now() + timedelta(hours=1))
    return f"{LINKS[purpose]}/{token}"


@screen("reset link")
def _(visitor, library):
    visitor.go(mailed_link(library, "reset"))


@screen("reset link, refused")
def _(visitor, library):
    visitor.go(mailed_link(library, "reset"))
    visitor.press("パスワードを設定する")
    is_refused(visitor)


@screen("reset link, used")
def _(visitor, library):
    visitor.go(mailed_link(library, "reset"))
    for label in ("新パスワード", "確認パスワード"):
        visitor.field(label).fill("aki-no-yo-nagashi")
    visitor.press("パスワードを設定する")
    visitor.arrives_at("/login", "ログイン")


@screen("verification link")
def _(visitor, library):
    visitor.go(mailed_link(library, "verify"))


@screen("verification link, used")
def _(visitor, library):
    visitor.go(mailed_link(library, "verify"))
    visitor.press("確認する")
    expect(visitor.main.get_by_text("アドレスを確認しました")).to_be_visible()


def stop_link(library):
    key = stored_token(library.instance / "secret-key")
    return f"/mail/stop/{notices.stop_token(rich_patron(library).id, 'due', key)}"


@screen("stop link")
def _(visitor, library):
    visitor.go(stop_link(library))


@screen("stop link, used")
def _(visitor, library):
    visitor.go(stop_link(library))
    visitor.press("停止する")
    expect(visitor.main.get_by_text("停止しました")).to_be_visible()
