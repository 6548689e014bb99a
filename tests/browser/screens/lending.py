"""Loans, holds and the cart in their states."""

from datetime import timedelta

from library import clock
from models import HoldGroup
from tests import factories
from tests.browser.screens.registry import new_patron, opened_by_new_patron, screen, sign_in

MANY = 200


def _holds(patron):
    """One in each state."""
    today = clock.today()
    told = {"on_shelf_on": today, "told_on": today, "pickup_by": today + timedelta(days=7)}
    factories.hold(patron, state="ready", item=factories.item(aside=True), contact_method="mail", **told)
    factories.hold(patron, state="ready", item=factories.item(aside=True), contact_method="phone", on_shelf_on=today)
    factories.hold(patron, state="in_transit", item=factories.item(), preparing_on=today, sent_on=today)
    factories.hold(patron, state="preparing", item=factories.item())
    group = HoldGroup.create(patron=patron, kind="in_order")
    for position, name in enumerate(("寿限無寿限無五劫の擦り切れ" * 6, "Donaudampfschifffahrtsgesellschaft" * 3)):
        title = factories.title(name)
        factories.loan(factories.patron(), title=title)
        factories.hold(patron, title, group=group, position=position)
        factories.hold(factories.patron(), title)
    factories.hold(patron, suspended_until=today + timedelta(days=20))
    factories.hold(patron, cancel_at=clock.now() + timedelta(minutes=10))
    factories.hold(patron, state="cancelled", reason="patron", ended_at=clock.now())
    factories.hold(patron, state="expired", reason="deadline", ended_at=clock.now())


def _fill_cart(patron):
    for copies in (0, 1, 2):
        title = factories.title("Donaudampfschifffahrtsgesellschaft" * 3 if copies == 2 else "草枕")
        for _ in range(copies):
            factories.item(title)
        factories.cart_row(patron, title)


@screen("loans, renewed")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        wanted = factories.title("三四郎")
        factories.hold(factories.patron(), wanted)
        for title in (factories.title(), wanted):
            factories.loan(patron, clock.today() + timedelta(days=1), title=title)
    sign_in(visitor, patron, "/my/loans")
    visitor.press("すべて延長する")
    visitor.main.get_by_text("延長できませんでした").first.wait_for()


@screen("loans, two hundred")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows() as connection, connection.atomic():
        for _ in range(MANY):
            factories.loan(patron, clock.today() + timedelta(days=1))
    sign_in(visitor, patron, "/my/loans")


@screen("holds")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        _holds(patron)
    sign_in(visitor, patron, "/my/holds")


@screen("holds, cancelling")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        hold = factories.hold(patron, factories.title("Donaudampfschifffahrtsgesellschaft" * 3))
    sign_in(visitor, patron, f"/my/holds/{hold.id}/cancel")


@screen("holds, yielding")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        title = factories.title("Donaudampfschifffahrtsgesellschaft" * 3)
        factories.loan(factories.patron(), title=title)
        hold = factories.hold(patron, title)
        factories.hold(factories.patron(), title)
    sign_in(visitor, patron, f"/my/holds/{hold.id}/yielding")


@screen("loans, said to be back")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        title = factories.title("Donaudampfschifffahrtsgesellschaft" * 3)
        loan = factories.loan(patron, clock.today() - timedelta(days=3), title=title)
    sign_in(visitor, patron, f"/my/loans/{loan.id}/claim")


@screen("holds, one cancelled and others folded open")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        _holds(patron)
    sign_in(visitor, patron, "/my/holds")
    visitor.main.locator(".row-hold summary").first.click()
    visitor.link("「こころ」の予約を取り消す").first.click()
    visitor.press("予約を取り消す")
    visitor.main.get_by_text("元に戻せます").first.wait_for()
    for fold in visitor.main.locator("summary").all():
        fold.click()


screen("holds, none")(opened_by_new_patron("/my/holds"))


@screen("holds, two hundred")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows() as connection, connection.atomic():
        for _ in range(MANY):
            factories.hold(patron)
    sign_in(visitor, patron, "/my/holds")


@screen("holds, a day that can't be")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        hold = factories.hold(patron)
    sign_in(visitor, patron, "/my/holds")
    visitor.main.locator("summary").click()
    visitor.page.locator(f"#until-{hold.id}").fill("2020-01-01")
    visitor.press("「こころ」の受け取りを休む")
    visitor.summary.wait_for()


@screen("cart")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        _fill_cart(patron)
    sign_in(visitor, patron, "/my/cart")


screen("cart, none")(opened_by_new_patron("/my/cart"))


@screen("cart, two hundred")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows() as connection, connection.atomic():
        for _ in range(MANY):
            factories.cart_row(patron)
    sign_in(visitor, patron, "/my/cart")


@screen("cart, of a suspended card")
def _(visitor, library):
    patron = new_patron(library, state="suspended")
    with library.rows():
        _fill_cart(patron)
    sign_in(visitor, patron, "/my/cart")


@screen("cart, refused")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        _fill_cart(patron)
    sign_in(visitor, patron, "/my/cart")
    visitor.main.locator(".says summary").first.click()
    visitor.field("連絡方法").select_option(label="メール")
    visitor.main.locator(".cart-box > .button.main").click()
    visitor.summary.wait_for()


@screen("cart, of more than may be held, in order")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        _fill_cart(patron)
        for _ in range(9):
            factories.hold(patron)
    sign_in(visitor, patron, "/my/cart")
    visitor.main.locator(".says summary").last.click()
    visitor.field("順番どおり").check()


@screen("cart, done")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        _fill_cart(patron)
    sign_in(visitor, patron, "/my/cart")
    visitor.main.locator(".says summary").last.click()
    visitor.field("順番どおり").check()
    visitor.main.locator(".cart-box > .button.main").click()
    visitor.arrives_at("/my/cart/done", "予約の結果")


@screen("title and results, signed in")
def _(visitor, library):
    patron = new_patron(library)
    visitor.be(patron.card_number)
    visitor.go("/search?q=の")
