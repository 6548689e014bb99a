"""The desk after a while: signing in again, proving it again, and a form that comes back."""

from datetime import timedelta

from playwright.sync_api import expect

from library import clock
from models import Session, Staff
from tests.browser.screens.registry import is_refused, new_patron, screen
from tests.factories import PASSWORD, staff

AFTER = timedelta(minutes=16)


def colleague(library, role="admin", **given):
    """A member of staff of their own, so that nothing here ends the sessions of other screens."""
    with library.rows():
        return staff(role, **given)


def grow_old(library, person, since=AFTER, **columns):
    """Let the last proof, or what else stands in the sessions of somebody, be some time ago."""
    moment = clock.now() - since
    with library.rows():
        Session.update(dict.fromkeys(columns, moment) | {"authenticated_at": moment}).where(
            Session.staff == Staff.get(Staff.login == person.login)
        ).execute()


def sit_down_at_form(visitor, library):
    """A form on which the birth date of a patron was changed, and who sits before it."""
    person, patron = colleague(library), new_patron(library)
    visitor.be_at_desk(person.login, f"/desk/patrons/{patron.id}/edit")
    visitor.field("生年月日").fill("1980-01-02")
    visitor.field("電話（自宅）").fill("096-000-0000")
    return person, patron


@screen("desk, asked again")
def asked_again(visitor, library):
    person, _ = sit_down_at_form(visitor, library)
    grow_old(library, person)
    visitor.press("変更する")
    expect(visitor.h1).to_have_text("もう一度確認します")


@screen("desk, asked again, refused")
def _(visitor, library):
    asked_again(visitor, library)
    visitor.field("現パスワード").fill("まちがい")
    visitor.press("続ける")
    is_refused(visitor)


@screen("desk, signed out after wrong proofs")
def _(visitor, library):
    asked_again(visitor, library)
    with library.rows():
        Session.update(wrong_proofs=4).execute()
    visitor.field("現パスワード").fill("まちがい")
    visitor.press("続ける")
    visitor.arrives_at("/desk/login", "窓口のログイン")
    with library.rows():
        Session.update(wrong_proofs=0).execute()


@screen("desk, sign-in again")
def sign_in_again(visitor, library):
    person, _ = sit_down_at_form(visitor, library)
    grow_old(library, person, seen_at=True)
    visitor.press("変更する")
    visitor.arrives_at("/desk/login", "もう一度ログイン")


@screen("desk, an interrupted form")
def _(visitor, library):
    sign_in_again(visitor, library)
    visitor.field("パスワード").fill(PASSWORD)
    visitor.press("ログイン")
    expect(visitor.main.get_by_text("中断した入力です。")).to_be_visible()
    expect(visitor.field("電話（自宅）")).to_have_value("096-000-0000")
