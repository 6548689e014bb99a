"""The desk after a while: signing in again, proving it again, and a form that comes back."""

import contextlib
from datetime import timedelta

from playwright.sync_api import expect
from pyotp.totp import TOTP

from library import clock, errors, policy
from library.access.factors import authenticators, second_factor
from library.patrons import staff as staff_accounts
from models import Passkey, Session, Staff
from settings.folders import stored_token
from tests import factories
from tests.browser.screens.registry import is_refused, new_patron, screen
from tests.factories import PASSWORD, staff

AFTER, MINUTE = timedelta(minutes=16), timedelta(minutes=1)


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


# -- the second factor -----------------------------------------------------------------------------------------------
def with_app(library, role="desk", **given):
    """A member of staff who has an app, and its secret."""
    person = colleague(library, role, **given)
    key = stored_token(library.instance / "secret-key")
    with library.rows():
        authenticators.begin(person, key)
        secret = authenticators.pending(person, key)
        second_factor.confirm_app(person, TOTP(secret).at(clock.now() - MINUTE), key, now=clock.now() - MINUTE)
    return person, secret


@screen("desk, second factor")
def _(visitor, library):
    visitor.be_at_desk(colleague(library).login, "/desk/second-factor")


@screen("desk, second factor, set up")
def _(visitor, library):
    person, _ = with_app(library)
    with library.rows():
        for number, name in enumerate(("WindowsのChrome", "iPhoneのSafari")):
            used = clock.now() if number else None
            values = {"credential": f"{person.login} {number}", "public_key": "", "name": name, "used_at": used}
            Passkey.create(staff=person, created_at=clock.now(), **values)
    visitor.be_at_desk(person.login, "/desk/second-factor")


@screen("desk, second factor, overdue")
def _(visitor, library):
    person = colleague(library)
    with library.rows():
        Staff.update(second_factor_by=clock.now() - AFTER).where(Staff.id == person.id).execute()
        policy.put("staff_second_factor", True)
    visitor.be_at_desk(person.login, "/desk/second-factor")
    expect(visitor.main.get_by_text("設定すると、ほかの画面が開きます。")).to_be_visible()
    with library.rows():
        policy.put("staff_second_factor", False)


@screen("desk, app of the second factor")
def app_of_the_second_factor(visitor, library):
    visitor.be_at_desk(colleague(library).login, "/desk/second-factor")
    visitor.press("認証アプリを設定する")
    visitor.arrives_at("/desk/second-factor/app", "認証アプリの設定")
    visitor.main.get_by_text("読み取れないとき").click()


@screen("desk, app of the second factor, refused")
def _(visitor, library):
    app_of_the_second_factor(visitor, library)
    visitor.field("確認コード").fill("abc")
    visitor.press("設定する")
    is_refused(visitor)


@screen("desk, recovery codes")
def _(visitor, library):
    person, _ = with_app(library)
    visitor.be_at_desk(person.login, "/desk/second-factor")
    visitor.press("復旧コードを作り直す")
    visitor.press("作り直す")
    expect(visitor.h1).to_have_text("復旧コード")


@screen("desk, second step")
def second_step(visitor, library):
    person, _ = with_app(library)
    visitor.go("/desk/login")
    visitor.field("ログインID").fill(person.login)
    visitor.field("パスワード").fill(PASSWORD)
    visitor.press("ログイン")
    visitor.arrives_at("/desk/login/second-factor", "2段階認証")


@screen("desk, second step, refused")
def _(visitor, library):
    second_step(visitor, library)
    visitor.field("確認コード").fill("000000")
    visitor.press("続ける")
    is_refused(visitor)


@screen("desk, asked again with a code, refused")
def _(visitor, library):
    person, _ = with_app(library)
    visitor.be_at_desk(person.login, "/desk/again?act=second_factor")
    grow_old(library, person)
    visitor.field("現パスワード").fill(PASSWORD)
    visitor.press("続ける")
    is_refused(visitor)


@screen("desk, told of the second factor")
def _(visitor, library):
    person = colleague(library, "desk")
    with library.rows():
        policy.put("staff_second_factor", True)
    visitor.go("/desk/login")
    visitor.field("ログインID").fill(person.login)
    visitor.field("パスワード").fill(PASSWORD)
    visitor.press("ログイン")
    expect(visitor.main.get_by_text("2段階認証を設定してください。")).to_be_visible()
    with library.rows():
        policy.put("staff_second_factor", False)


@screen("desk, sign-in, a code asked for, refused")
def _(visitor, library):
    person, _ = with_app(library)
    with library.rows():
        for number in range(22):
            with contextlib.suppress(errors.Refused):
                stranger = factories.origin(f"198.51.100.{number}")
                staff_accounts.sign_in(person.login, f"wrong-{number}", origin=stranger, now=clock.now())
    visitor.go("/desk/login")
    visitor.field("ログインID").fill(person.login)
    visitor.field("パスワード").fill(PASSWORD)
    visitor.press("ログイン")
    is_refused(visitor)
    expect(visitor.field("確認コード")).to_be_visible()
