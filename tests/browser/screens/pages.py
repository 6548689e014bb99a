"""Pages that need no more than an address and, some, a card."""

from datetime import timedelta

from playwright.sync_api import expect

from library import clock
from library.access import sessions
from library.lending import due_calendar
from models import HistoryEntry, Passkey, Session
from tests import factories
from tests.browser import serving
from tests.browser.screens.registry import ALL, is_refused, new_patron, screen
from tests.browser.visitor import CONFIRM, EDIT

PUBLIC = {
    "front page": "/",
    "all titles": "/search",
    "titles, narrowed": "/search?q=の&branch=01&audience=一般&sort=newest&page=2",
    "titles, none": "/search?q=猫+これはない&available=1&audience=一般",
    "advanced search": "/search/advanced?q=猫",
    "title": "/titles/1",
    "by its ISBN": "/isbn/979-4-35-043712-8",
    "classes": "/classes",
    "classes, one": "/classes/91",
    "shelf, walked along": "/shelf?at=913",
    "shelf, a book chosen": "/shelf?at=copy-1",
    "shelf, no such place": "/shelf?branch=01&at=copy-0&available=1",
    "authors": "/authors",
    "person": "/people/1",
    "subjects": "/subjects",
    "subject": "/subjects/1",
    "series": "/series/1",
    "new books": "/new?days=92",
    "rankings, loans": "/rankings/loans",
    "rankings, holds": "/rankings/holds?span=year",
    "rankings, none": "/rankings/holds?audience=child",
    "features": "/features",
    "features, one": "/features/children",
    "access": "/access",
    "branch": "/access/01",
    "calendar": "/calendar",
    "calendar, of a branch": "/calendar/02",
    "guide": "/guide",
    "sitemap": "/sitemap",
    "languages": "/languages",
    "news": "/news",
    "news, one": "/news/1",
    "questions": "/faq",
    "questions, none": "/faq?word=これはない",
    "privacy": "/privacy",
    "accessibility": "/accessibility",
    "accessibility results": "/accessibility/results",
    "sign-in": "/login",
    "sign-in on the way to a page": "/login?next=/my/loans",
    "reset": "/login/reset",
    "not found": "/これはない",
    "dead reset link": "/login/reset/dead",
    "dead verification link": "/mail/verify/dead",
    "dead stop link": "/mail/stop/dead",
    "styleguide": "/styleguide",
    "styleguide, desk": "/styleguide/desk",
}
OF_A_READER = {
    "front page, signed in": "/",
    "My Library": "/my/",
    "loans": "/my/loans",
    "card": "/my/card",
    "history": "/my/history",
    "history, found": "/my/history?words=の&order=rating",
    "history, day misread": "/my/history/deletion?before=きのう",
    "history, to be deleted": "/my/history/deletion?all=1",
    "history, year": "/my/history/year",
    "history, passbook": "/my/history/passbook",
    "devices": "/my/sessions",
    "security": "/my/security",
    "records": "/my/records",
    "passkeys, none": "/my/passkeys",
    "edit": EDIT,
    "edit, draft gone": f"{EDIT}?draft=1",
    "confirm, no draft": CONFIRM,
    "record of changes, empty": f"{EDIT}/changes",
    "not found, signed in": "/my/nothing",
}
MY_LIBRARY_OF = {
    "suspended": "0000002377596",
    "expired": "0000002377604",
    "overdue": "0000002377612",
    "unreachable": "0000002377620",
}


def _public(path):
    return lambda visitor, library: visitor.go(path)


def _signed_in(card, path):
    return lambda visitor, library: visitor.be(card, path)


ALL |= {name: _public(path) for name, path in PUBLIC.items()}
ALL |= {name: _signed_in(serving.READER_CARD, path) for name, path in OF_A_READER.items()}
ALL |= {f"My Library, {name}": _signed_in(card, "/my/") for name, card in MY_LIBRARY_OF.items()}
ALL |= {f"loans, {name}": _signed_in(card, "/my/loans") for name, card in MY_LIBRARY_OF.items()}


@screen("My Library, empty")
def _(visitor, library):
    visitor.be(new_patron(library).card_number)


@screen("history, off")
def _(visitor, library):
    visitor.be(new_patron(library).card_number, "/my/history")


@screen("history, long and full")
def _(visitor, library):
    patron = new_patron(library, keep_history=True)
    with library.rows() as connection, connection.atomic():
        for days in range(900):
            name = ("寿限無寿限無五劫の擦り切れ" * 9, "Donaudampfschifffahrtsgesellschaft" * 4)[days % 2]
            factories.history(patron, name, clock.today() - timedelta(days=days + 1))
        HistoryEntry.update(memo="https://example.jp/" + "a" * 90, rating=5).where(
            HistoryEntry.patron == patron
        ).execute()
    visitor.be(patron.card_number, "/my/history")


@screen("history, deleted")
def _(visitor, library):
    patron = new_patron(library, keep_history=True)
    with library.rows():
        factories.history(patron, lent_on=clock.today() - timedelta(days=1))
    visitor.be(patron.card_number, "/my/history")
    visitor.main.get_by_role("checkbox", name="「こころ」を選択", exact=True).check()
    visitor.main.locator("summary").get_by_text("記録の削除", exact=True).click()
    visitor.press("選択した記録を削除する")
    visitor.press("削除する")
    expect(visitor.h1).to_have_text("記録の削除の結果")


@screen("history, note refused")
def _(visitor, library):
    patron = new_patron(library, keep_history=True)
    with library.rows():
        entry = factories.history(patron, lent_on=clock.today() - timedelta(days=1))
    visitor.be(patron.card_number, f"/my/history/{entry.id}")
    visitor.main.get_by_label("メモ").fill("長" * 501)
    visitor.press("保存する")
    is_refused(visitor)


@screen("loans, none")
def _(visitor, library):
    visitor.be(new_patron(library).card_number, "/my/loans")


@screen("loans, long titles")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        for days, name in ((-2, "寿限無寿限無五劫の擦り切れ" * 9), (0, "Donaudampfschifffahrtsgesellschaft" * 4)):
            factories.loan(patron, clock.today() + timedelta(days=days), title=factories.title(name))
    visitor.be(patron.card_number, "/my/loans")


@screen("passkeys")
def passkeys(visitor, library):
    patron = new_patron(library)
    with library.rows():
        for name in ("iPhoneのSafari", "居間のパソコンのとても長い名前のパスキーで四十文字までつけられるものです、ね"):
            values = {"credential": f"{patron.id} {name}", "public_key": "", "created_at": clock.now()}
            Passkey.create(patron=patron, name=name, **values)
    visitor.be(patron.card_number, "/my/passkeys")
    return patron


@screen("passkeys, asked for the password, refused")
def _(visitor, library):
    patron = passkeys(visitor, library)
    with library.rows():
        Session.update(authenticated_at=clock.now() - timedelta(hours=1)).where(Session.patron == patron).execute()
    visitor.press("「iPhoneのSafari」のパスキーを削除する")
    visitor.field("現パスワード").fill("まちがい")
    visitor.press("「iPhoneのSafari」のパスキーを削除する")
    expect(visitor.summary).to_contain_text("現パスワードが違います。")


@screen("settings of notices")
def phones(visitor, library):
    patron = new_patron(library)
    with library.rows():
        for position, kind in enumerate(("pc", "mobile"), 1):
            factories.address(patron, f"{kind}{'a' * 40}@{'b' * 40}.example.jp", kind=kind, position=position)
        for name in ("iPhoneのSafari", "居間のパソコンのとても長い名前の端末で四十文字までつけられるものです、ね"):
            factories.phone(patron, name=name, due=True, closure=True, sdi=True)
        for number in range(3):
            factories.condition(patron, f"q={number}", name="長い名前の条件" * 8)
        due_calendar.renew(patron, now=clock.now())
    visitor.be(patron.card_number, "/my/notices/settings")
    return patron


@screen("settings of notices, none of them ticked")
def _(visitor, library):
    phones(visitor, library)
    for name in ("返却期限 通知", "休館による変更 通知", "SDI 通知"):
        visitor.main.get_by_role("checkbox", name=name, exact=True).uncheck()
    visitor.press("保存する")
    is_refused(visitor)


@screen("devices, several")
def devices(visitor, library):
    patron = new_patron(library)
    with library.rows():
        for client in ("iPhoneのSafari", "WindowsのEdge"):
            sessions.begin(patron, client=client, now=clock.now())
    visitor.be(patron.card_number, "/my/sessions")
    return patron


@screen("devices, asked for the password, refused")
def _(visitor, library):
    patron = devices(visitor, library)
    with library.rows():
        Session.update(authenticated_at=clock.now() - timedelta(hours=1)).where(Session.patron == patron).execute()
    visitor.main.get_by_role("button", name="iPhoneのSafari").click()
    visitor.field("現パスワード").fill("まちがい")
    visitor.main.get_by_role("button", name="iPhoneのSafari").click()
    expect(visitor.summary).to_contain_text("現パスワードが違います。")
