"""Families, a patron's own data, the end of a card: empty, full, and refused."""

from datetime import timedelta

from library import clock
from library.account import account_closing
from models import FamilyTie, Loan
from tests import factories
from tests.browser.screens.desk import sit_down
from tests.browser.screens.registry import is_refused, new_patron, opened_by_new_patron, screen, sign_in

LONG = "ヴォルフガング・アマデウス・寿限無寿限無五劫の擦り切れ"


for name, path in {
    "family, none": "/my/family", "family ties, none": "/my/family/ties", "own data": "/my/data",
    "closing": "/my/closing", "closing, confirm": "/my/closing/confirm",
    "name in headings": "/my/display",
}.items():  # fmt: skip
    screen(name)(opened_by_new_patron(path))


@screen("family, ending")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        tie = factories.tie(patron, factories.patron(name=LONG))
    sign_in(visitor, patron, f"/my/family/ties/{tie.id}/end")


def _full_family(library):
    patron = new_patron(library, birth_date=clock.today().replace(year=clock.today().year - 18) + timedelta(days=20))
    with library.rows():
        for name, given in ((LONG, {"may_renew": True}), ("図書 桃子", {"titles_hidden": True, "may_card": True})):
            factories.tie(patron, factories.patron(name=name), colour=len(given), **given)
            asked = {"titles_asked_on": clock.today(), "seen_on": clock.today()} if len(given) == 1 else {}
            factories.tie(factories.patron(name=name), patron, **asked)
            factories.asked_tie(patron)
        FamilyTie.create(viewer=patron, number="9999999999999", asked_at=clock.now())
        factories.address(patron, f"a.very.long.name.of.a.family.{patron.id}@example.jp", position=2, titles_off=True)
    return patron


def _with_loans(library):
    """A family in which two leave their renewals to the viewer, one shows no titles, and one has nothing."""
    patron = new_patron(library)
    given = ({"may_renew": True, "may_card": True}, {"may_renew": True}, {"titles_hidden": True}, {"label": "凛"})
    with library.rows():
        people = [patron]
        for number, ticks in enumerate(given):
            name = (LONG, "図書 陽葵", "図書 湊", "図書 桃子")[number]
            people.append(factories.tie(patron, factories.patron(name=name), colour=number + 1, **ticks).child)
        for number, person in enumerate(people[:4]):
            for days in (2, 7 + number, 13):
                name = f"{LONG}{days}" if number == 1 else f"きょうりゅうのずかん {number}-{days}"
                factories.loan(person, clock.today() + timedelta(days=days), title=factories.title(name))
            soon = clock.today() + timedelta(days=4)
            factories.hold(person, factories.title(f"グスコーブドリの伝記 {number}"), state="ready", pickup_by=soon)
            factories.hold(person, factories.title(f"銀河鉄道の夜 {number}"))
    return patron


for name, path in {
    "family": "/my/family",
    "family, cards": "/my/family/cards",
}.items():
    screen(name)(lambda visitor, library, path=path: sign_in(visitor, _with_loans(library), path))


@screen("family, late")
def _(visitor, library):
    patron = _with_loans(library)
    with library.rows():
        late = clock.today() - timedelta(days=3)
        Loan.update(due_on=late, lent_on=late).where(Loan.patron == patron).execute()
    sign_in(visitor, patron, "/my/family")


@screen("family ties, full")
def _(visitor, library):
    sign_in(visitor, _full_family(library), "/my/family/ties")


@screen("family ties, ticks refused")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        factories.asked_tie(patron)
    sign_in(visitor, patron, "/my/family/ties")
    visitor.press("図書 太郎さんに見せることに同意する")
    is_refused(visitor)


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
    sign_in(visitor, new_patron(library), "/my/family/ties")
    visitor.field("カードの番号").fill("9999999999999")
    visitor.press("申し込む")
    visitor.main.get_by_text("申し込みを受け付けました。").wait_for()


@screen("family, refused")
def _(visitor, library):
    sign_in(visitor, new_patron(library), "/my/family/ties")
    visitor.field("カードの番号").fill("12_3")
    visitor.press("申し込む")
    is_refused(visitor)


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
