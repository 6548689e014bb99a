"""保護中の記録: the pages that say so, and the ways in which it opens."""

from datetime import timedelta

import pytest

from library import clock
from library.access import seals
from library.patrons import patrons, signing_in
from models import FamilyTie, KnownDevice, OutboxMail, Patron
from tests import factories
from tests.pages import Browser

NEW = "yamabiko-no-uta-9"
NEWER = {"new_password": "kodama-no-uta-10", "new_password_again": "kodama-no-uta-10"}
HEADING = "保護中の記録があります"
DAY = timedelta(days=1)
SEALED_PAGES = (
    "/my/",
    "/my/history",
    "/my/shelves",
    "/my/holds",
    "/my/cart",
    "/my/sdi",
    "/my/ebooks",
    "/my/calendar",
    "/my/data",
    "/my/seal",
)
NO_ADDRESS = "使えるメールアドレスがないため、以前ログインした端末かパスキーでだけ開きます。"


@pytest.fixture
def sealed(patron, browse, moved_clock):
    """A patron with a record, who chose a new password after the desk issued one; signed in on a new device."""
    factories.history(patron, "古い本", clock.today() - 3 * DAY)
    factories.mail(patron, "due", text="古い本の期限")
    factories.hold(patron, factories.title("古い本"), state="cancelled", ended_at=clock.now() - DAY)
    factories.address(patron, "older@example.jp", since=clock.now() - 30 * DAY)
    patrons.reissue(patron, by="staff:colleague", now=clock.now())
    signing_in.set_first_password(Patron.get_by_id(patron.id), NEW, NEW, now=clock.now())
    browse.sign_in(patron, NEW)
    return Patron.get_by_id(patron.id)


def token_of(kind):
    return OutboxMail.select().where(OutboxMail.kind == kind).order_by(OutboxMail.id.desc()).get().facts["token"]


def headings(browse):
    return [heading.get_text(strip=True) for heading in browse.page.find_all("h2")]


@pytest.mark.parametrize("address", SEALED_PAGES)
def test_every_page_that_would_tell_of_it_says_that_it_is_sealed_and_why(sealed, browse, address):
    assert browse.get(address).status_code == 200
    assert HEADING in headings(browse)
    assert (
        "に窓口でパスワードが新しくなりました。それより前の貸出履歴・本棚・SDIなどは、ご本人と確かめられるまで開きません。"
        in browse.text()
    )
    assert "古い本" not in browse.text() and NO_ADDRESS not in browse.text()


@pytest.mark.parametrize("address", SEALED_PAGES)
def test_where_nothing_is_sealed_nothing_is_said(signed_in, address):
    signed_in.get(address)
    assert HEADING not in signed_in.text()


def test_without_an_older_address_the_pages_say_that_a_device_is_needed(patron, browse):
    factories.history(patron)
    seals.seal(patron, now=clock.now())
    browse.sign_in(patron)
    browse.get("/my/seal")
    assert NO_ADDRESS in browse.text() and "メールで確認する" not in browse.text()
    assert "窓口でパスワード" not in browse.text()


def test_a_mail_to_an_older_address_opens_it_with_one_press(sealed, browse):
    browse.get("/my/seal")
    assert "o…@example.jp" in browse.text() and "older@example.jp" not in browse.text()
    assert browse.post("/my/seal").status_code == 303
    browse.get("/my/seal")
    assert "確認のメールをお送りしました。" in browse.text()
    address = f"/my/seal/{token_of('open_seal')}"
    browse.get(address)
    assert browse.page.find("main").find("form").find("button", class_="main").get_text() == "開く"
    assert seals.is_sealed(sealed)
    assert browse.post(address).status_code == 422
    assert "新パスワード" in browse.text() and seals.is_sealed(sealed)
    assert browse.post(address, NEWER).status_code == 303
    browse.get("/my/seal")
    assert "保護中の記録を開きました。" in browse.text() and HEADING not in browse.text()
    browse.get("/my/history")
    assert "古い本" in browse.text()
    assert browse.get(address).status_code == 410


def test_the_link_leads_by_the_sign_in_page_and_to_no_other_card(sealed, browse, app):
    browse.get("/my/seal")
    browse.post("/my/seal")
    address = f"/my/seal/{token_of('open_seal')}"
    stranger = Browser(app)
    assert stranger.get(address).location == f"/login?next={address}"
    stranger.sign_in(factories.patron())
    assert stranger.get(address).status_code == 410
    assert stranger.post(address).status_code == 410
    assert seals.is_sealed(sealed)


def test_a_fourth_mail_in_an_hour_is_refused_with_the_reason(sealed, browse):
    browse.get("/my/seal")
    for _ in range(3):
        assert browse.post("/my/seal").status_code == 303
    browse.get("/my/seal")
    assert browse.post("/my/seal").status_code == 429
    assert "確認のメールは、1時間に3回までお送りできます。" in browse.text()


def test_a_deletion_is_asked_for_after_a_look_at_what_goes_and_is_taken_back(sealed, browse):
    browse.get("/my/seal/deletion")
    assert "14日後に削除します。それまでは取り消せます。" in browse.text()
    assert browse.post("/my/seal/deletion").status_code == 303
    browse.get("/my/seal")
    assert "保護中の記録の削除を受け付けました。" in browse.text()
    assert browse.page.find("a", href="/my/seal/deletion") is None
    assert browse.post("/my/seal/deletion/back").status_code == 303
    browse.get("/my/seal")
    assert "保護中の記録の削除を取り消しました。" in browse.text()
    assert Patron.get_by_id(sealed.id).sealed_until is None and seals.is_sealed(sealed)


def test_the_page_of_opening_ends_what_its_patron_does_not_tick(sealed, browse):
    kept = factories.address(sealed, "mine@example.jp", position=2, since=clock.now())
    tie = factories.tie(sealed, factories.patron(), agreed_at=clock.now())
    browse.get("/my/seal")
    browse.post("/my/seal")
    address = f"/my/seal/{token_of('open_seal')}"
    browse.get(address)
    ticks = {
        each["value"]: each.find_parent("label").get_text() for each in browse.page.find_all("input", {"name": "keep"})
    }
    assert "この間に加わったもの" in browse.text() and not browse.page.find("input", checked=True)
    assert "mine@example.jp" in ticks[f"address-{kept.id}"] and "家族" in ticks[f"tie-{tie.id}"]
    browse.post(address, {"keep": f"address-{kept.id}"})
    assert browse.page.find("input", checked=True)["value"] == f"address-{kept.id}"
    browse.post(address, {"keep": f"address-{kept.id}"} | NEWER)
    assert {row.address for row in patrons.addresses(sealed)} == {"older@example.jp", "mine@example.jp"}
    assert not FamilyTie.select().exists()


def test_a_key_browser_leads_to_the_opening_right_after_signing_in(patron, browse, moved_clock):
    browse.sign_in(patron)
    KnownDevice.update(known_since=clock.now() - 14 * DAY).execute()
    factories.history(patron, "古い本", clock.today() - 3 * DAY)
    patrons.reissue(Patron.get_by_id(patron.id), by="staff:colleague", now=clock.now())
    signing_in.set_first_password(Patron.get_by_id(patron.id), NEW, NEW, now=clock.now())
    browse.get("/login")
    opening = browse.post("/login", {"card": patron.card_number, "password": NEW}).location
    assert opening.startswith("/my/seal/")
    browse.get(opening)
    browse.post(opening, NEWER)
    assert not seals.is_sealed(Patron.get_by_id(patron.id))


def test_own_data_is_not_given_while_something_is_sealed(sealed, browse):
    browse.get("/my/data")
    assert browse.page.find("input", {"name": "current_password"}) is None
    assert browse.post("/my/data", {"current_password": NEW, "kind": "json"}).status_code == 403


def test_the_text_of_an_older_mail_is_not_shown(sealed, browse):
    mail = OutboxMail.get(OutboxMail.kind == "due")
    browse.get("/my/notices")
    assert "本文は消えています。" in browse.text()
    assert browse.page.find("a", href=f"/my/notices/{mail.id}") is None
    assert browse.get(f"/my/notices/{mail.id}").status_code == 404


def test_a_note_on_a_public_shelf_is_not_shown(sealed, browse):
    shelf = factories.shelf(sealed, "公開の棚", titles=[factories.title("見える本")], token="shelf-token")
    book = shelf.books.get()
    type(book).update(note="見えないメモ").execute()
    seals.seal(sealed, now=clock.now())
    for address in (f"/my/shelves/{shelf.id}", f"/my/shelves/{shelf.id}/books/{book.id}"):
        browse.get(address)
        assert "見える本" in browse.text() and "見えないメモ" not in browse.text()


def test_a_patron_who_knows_nothing_of_the_new_password_ends_it_with_one_press(sealed, browse, app):
    stranger, address = Browser(app), f"/seal/stop/{token_of('sealed')}"
    stranger.get(address)
    assert stranger.page.find("main").find("form").find("button").get_text() == "心当たりがありません"
    assert Patron.get_by_id(sealed.id).password_hash
    stranger.post(address)
    assert "新しいパスワードと、ログインを止めました。" in stranger.text()
    assert Patron.get_by_id(sealed.id).password_hash == ""
    assert browse.get("/my/").location == "/login?next=/my/"
    assert stranger.get(address).status_code == 410


def test_the_desk_is_told_before_it_issues_a_password_and_on_the_slip(browse, patron):
    told = "これまでの貸出履歴などは、ご本人が以前ログインした端末か登録のメールで確かめるまで、開きません。"
    browse.be(factories.staff())
    browse.get(f"/desk/patrons/{patron.id}/password")
    assert told in browse.text()
    assert Patron.get_by_id(patron.id).password_hash
    browse.post(f"/desk/patrons/{patron.id}/password")
    assert told in browse.text()
    assert Patron.get_by_id(patron.id).password_hash == ""


def test_a_clerk_who_issues_a_password_reads_nothing(browse, patron, settings):
    """At the desk, then with month and day of birth, then the file with all records."""
    factories.history(patron, "ひみつの本", clock.today() - DAY)
    browse.be(factories.staff())
    browse.get(f"/desk/patrons/{patron.id}/password")
    browse.post(f"/desk/patrons/{patron.id}/password")
    browse.sign_in(patron, f"{patron.birth_date:%m%d}")
    browse.get("/login/first-password")
    browse.post("/login/first-password", {"new_password": NEW, "new_password_again": NEW})
    file = browse.get("/my/history.csv")
    assert file.status_code == 200 and "ひみつの本" not in file.text
