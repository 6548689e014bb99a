"""Families, a patron's own data, the end of a card: empty, full, and refused."""

from datetime import timedelta

from library import clock
from library.account import account_closing
from models import FamilyTie
from tests import factories
from tests.browser.screens.desk import sit_down
from tests.browser.screens.registry import is_refused, new_patron, opened_by_new_patron, screen, sign_in

LONG = "ヴォルフガング・アマデウス・寿限無寿限無五劫の擦り切れ"


for name, path in {
    "family, none": "/my/family", "own data": "/my/data", "closing": "/my/closing", "closing, confirm": "/my/closing/confirm",
    "name in headings": "/my/display",
}.items():  # fmt: skip
    screen(name)(opened_by_new_patron(path))


def _full_family(library):
    patron = new_patron(library)
    with library.rows():
        for name in (LONG, "図書 桃子"):
            factories.tie(patron, factories.patron(name=name))
            factories.tie(factories.patron(name=name), patron)
            factories.asked_tie(patron)
        FamilyTie.create(viewer=patron, number="9999999999999", asked_at=clock.now())
    return patron


@screen("family, full")
def _(visitor, library):
    sign_in(visitor, _full_family(library), "/my/family")


@screen("My Library, asked by a family, with more to tell than three notices")
def _(visitor, library):
    patron = _full_family(library)
    with library.rows():
        factories.address(patron, f"hanako.{patron.id}@example.jp", undeliverable_at=clock.now())
        factories.hold(patron, factories.title(LONG * 3), state="ready", pickup_by=clock.today())
        for days in (-3, 1):
            factories.loan(patron, clock.today() + timedelta(days=days), title=factories.title(LONG * 3))
    sign_in(visitor, patron, "/my/")


@screen("family, asked")
def _(visitor, library):
    sign_in(visitor, new_patron(library), "/my/family")
    visitor.field("カードの番号").fill("9999999999999")
    visitor.press("申し込む")


@screen("family, refused")
def _(visitor, library):
    sign_in(visitor, new_patron(library), "/my/family")
    visitor.field("カードの番号").fill("12_3")
    visitor.press("申し込む")
    is_refused(visitor)


@screen("family, a card with nothing")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        tie = factories.tie(patron)
    sign_in(visitor, patron, f"/my/family/{tie.id}")


@screen("family, a card")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        tie = factories.tie(patron, factories.patron(name=LONG))
        for days in (-3, 0, 9):
            factories.loan(tie.child, clock.today() + timedelta(days=days), title=factories.title(f"{LONG}{days}" * 3))
            factories.hold(tie.child, factories.title(f"{LONG}{days}"))
    sign_in(visitor, patron, f"/my/family/{tie.id}")


@screen("own data, refused")
def _(visitor, library):
    sign_in(visitor, new_patron(library), "/my/data")
    visitor.press("CSVでダウンロードする")
    is_refused(visitor)


@screen("closing, asked")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        factories.address(patron, f"hanako.{patron.id}@example.jp")
        account_closing.request(patron, now=clock.now())
        factories.loan(patron)
    sign_in(visitor, patron, "/my/closing")


@screen("closing, done")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        factories.address(patron, f"hanako.{patron.id}@example.jp")
        account_closing.request(patron, now=clock.now())
    sign_in(visitor, patron, "/my/closing/done")


@screen("closing, something is out")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        factories.loan(patron)
        factories.hold(patron)
    sign_in(visitor, patron, "/my/closing")


@screen("closing, refused")
def _(visitor, library):
    sign_in(visitor, new_patron(library), "/my/closing/confirm")
    visitor.press("廃止を申し込む")
    is_refused(visitor)


@screen("desk, requests to close cards")
def _(visitor, library):
    with library.rows():
        for name in (LONG, "図書 次郎"):
            account_closing.request(factories.patron(name=name), now=clock.now())
    sit_down(visitor)
    visitor.go("/desk/patrons/closing-requests")


@screen("desk, family of a child")
def _(visitor, library):
    with library.rows():
        child = factories.patron(password=None, name=LONG)
        factories.tie(factories.patron(), child)
        factories.tie(child)
    sit_down(visitor)
    visitor.go(f"/desk/patrons/{child.id}/family")
    visitor.press("登録する")
    is_refused(visitor)
