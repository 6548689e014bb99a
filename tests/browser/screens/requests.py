"""リクエスト: the three steps, a reader's requests, and a decision at the desk."""

from playwright.sync_api import expect

from library.demonstration import patrons
from tests.browser.screens.desk import sit_down
from tests.browser.screens.registry import is_refused, new_patron, opened_by_new_patron, screen

LONG = "寿限無寿限無五劫の擦り切れDonaudampfschifffahrtsgesellschaft"


def _fill(visitor, library):
    visitor.be(new_patron(library).card_number, "/my/requests/new")
    visitor.field("書名").fill(LONG)
    visitor.press("確認する")
    expect(visitor.h1).to_have_text("リクエスト確認")


@screen("requests, those of a reader")
def _(visitor, library):
    visitor.be(patrons.CARDS[1][0], "/my/requests")


screen("requests, new")(opened_by_new_patron("/my/requests/new"))


@screen("requests, the box after a search")
def _(visitor, library):
    visitor.be(new_patron(library).card_number, f"/search?q=まだない{LONG}")
    expect(visitor.main.get_by_role("link", name="リクエストする")).to_be_visible()


@screen("requests, refused")
def _(visitor, library):
    visitor.be(new_patron(library).card_number, "/my/requests/new")
    visitor.press("確認する")
    is_refused(visitor)


@screen("requests, confirm")
def _(visitor, library):
    _fill(visitor, library)


@screen("requests, done")
def _(visitor, library):
    _fill(visitor, library)
    visitor.press("申し込む")
    expect(visitor.h1).to_have_text("リクエスト結果")


@screen("requests, cancelling")
def _(visitor, library):
    visitor.be(patrons.CARDS[1][0], "/my/requests")
    visitor.main.get_by_text("取り消す", exact=True).first.click()
    expect(visitor.h1).to_have_text("リクエストの取り消し")


@screen("desk, a request declined")
def _(visitor, library):
    sit_down(visitor)
    visitor.go("/desk/requests")
    visitor.main.get_by_text("謝絶する", exact=True).click()
    expect(visitor.h1).to_have_text("謝絶の確認")
