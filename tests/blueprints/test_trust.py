"""保護中の記録: what somebody who can issue a password, and has the card for some days, tries in order to read or spoil what
was there.
"""

from datetime import date, timedelta

import pytest

from library import clock, policy
from library.account import account_closing, retention, sealed_records
from library.patrons import patrons, signing_in
from models import (
    FamilyTie,
    HistoryEntry,
    KnownDevice,
    OutboxMail,
    Passkey,
    Patron,
    PatronAddress,
    ShelvedTitle,
)
from tests import factories
from tests.pages import Browser

DAY = timedelta(days=1)
THEIRS, OWN, LAST = "yamabiko-no-uta-9", "kawasemi-no-ao-77", "taiyo-no-machi-55"
SECRET = "ひみつの本"


def now_of(patron):
    return Patron.get_by_id(patron.id)


def issue(patron):
    patrons.reissue(now_of(patron), by="staff:colleague", now=clock.now())


def choose(patron, password, not_mine=()):
    signing_in.set_first_password(now_of(patron), password, password, not_mine=not_mine, now=clock.now())


def take_over(app, patron, password=THEIRS):
    """Issue a password at the desk, choose another with it, and sign in."""
    issue(patron)
    choose(patron, password)
    browser = Browser(app)
    browser.sign_in(now_of(patron), password)
    return browser


def planted_address(patron):
    """An address of somebody else's that came with a password that nobody proved, and was confirmed by its link."""
    return factories.address(patron, "theirs@example.jp", since=clock.now(), verified_at=clock.now())


def keep_something(patron):
    factories.history(patron, SECRET, clock.today() - DAY)
    factories.shelf(patron, SECRET)
    factories.condition(patron, name=SECRET)


def tokens(kind, address):
    rows = OutboxMail.select().where(OutboxMail.kind == kind, OutboxMail.address == address).order_by(OutboxMail.id)
    return [row.facts["token"] for row in rows if "token" in row.facts]


# -- an address that waits
# -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("used", [True, False], ids=["a card that keeps nothing", "a card that was never used"])
def test_an_address_from_before_the_owners_password_resets_nothing(app, moved_clock, used):
    """Nothing is out of reach yet, so that 14 days count from now: the address was planted the day before the owner
    came.
    """
    patron = factories.patron(**({} if used else {"password": None}))
    issue(patron)
    choose(patron, THEIRS)
    planted_address(patron)
    moved_clock.now += DAY
    issue(patron)
    choose(patron, OWN, ["theirs@example.jp"])
    moved_clock.now += 14 * DAY
    keep_something(patron)
    factories.ask_reset(patron.card_number, "theirs@example.jp", now=clock.now())
    for token in tokens("reset", "theirs@example.jp"):
        signing_in.reset(token, LAST, LAST, now=clock.now())
    browser = Browser(app)
    browser.sign_in(now_of(patron), LAST)
    assert SECRET not in browser.get("/my/history.csv").text
    assert SECRET not in browser.get("/my/sdi").text


def test_an_address_from_before_the_owners_password_opens_nothing(app, moved_clock):
    """A new card, 15 days in other hands; what its owner keeps later is sealed, and the address is older than that."""
    patron = factories.patron(password=None)
    choose(patron, THEIRS)
    planted_address(patron)
    moved_clock.now += 15 * DAY
    issue(patron)
    choose(patron, OWN, ["theirs@example.jp"])
    moved_clock.now += 100 * DAY
    keep_something(patron)
    browser = take_over(app, patron, LAST)
    browser.get("/my/seal")
    browser.post("/my/seal")
    assert tokens("open_seal", "theirs@example.jp") == []


# -- ended holds, and mails
# ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["cancel", "yielding"])
def test_an_ended_hold_of_before_is_on_no_page_of_its_own(app, patron, page):
    hold = factories.hold(patron, factories.title(SECRET), state="cancelled", ended_at=clock.now() - DAY)
    browser = take_over(app, patron)
    assert SECRET not in browser.get("/my/holds").text
    assert SECRET not in browser.get(f"/my/holds/{hold.id}/{page}").text


def test_the_desk_reads_no_ended_hold_by_its_number(browse, patron):
    hold = factories.hold(patron, factories.title(SECRET), state="cancelled", ended_at=clock.now() - DAY)
    browse.be(factories.staff())
    assert SECRET not in browse.get(f"/desk/holds/{hold.id}/cancel").text


def test_the_text_of_a_mail_of_before_is_gone_on_a_card_without_a_password_too(app):
    patron = factories.patron(password=None)
    mail = factories.mail(patron, "hold", text=SECRET)
    browser = take_over(app, patron)
    assert SECRET not in browser.get(f"/my/notices/{mail.id}").text


# -- what its owner is to have again
# ---------------------------------------------------------------------------------------
def test_records_sealed_by_a_second_reset_have_fourteen_days_of_their_own(app, patron, moved_clock):
    factories.history(patron, "前の本", clock.today() - 3 * DAY)
    issue(patron)
    choose(patron, OWN)
    sealed_records.ask_deletion(now_of(patron), now=clock.now())
    moved_clock.now += 13 * DAY
    factories.history(now_of(patron), SECRET, clock.today() - DAY)
    issue(patron)
    moved_clock.now += DAY + timedelta(hours=1)
    retention.clean_up(now=clock.now())
    assert SECRET in [row.title_text for row in HistoryEntry.select()]


def test_taking_a_book_off_a_public_shelf_keeps_the_note_that_is_sealed(app, patron):
    shelf = factories.shelf(patron, "公開", titles=[factories.title()], token="public-shelf-token-of-a-test")
    ShelvedTitle.update(note=SECRET).execute()
    factories.address(patron, "older@example.jp", since=clock.now() - 30 * DAY)
    browser = take_over(app, patron)
    book = ShelvedTitle.get()
    browser.get(f"/my/shelves/{shelf.id}/books/{book.id}")
    browser.post(f"/my/shelves/{shelf.id}/books/{book.id}/removal")
    browser.get(f"/my/shelves/{shelf.id}/deletion")
    browser.post(f"/my/shelves/{shelf.id}/deletion")
    assert SECRET in "".join(row.note for row in ShelvedTitle.select())


def keys_of(patron):
    device = KnownDevice.select().where(KnownDevice.patron == patron, KnownDevice.is_key)
    return device.count(), Passkey.select().where(Passkey.patron == patron).count()


def test_a_stop_link_to_a_new_address_leaves_the_older_keys(app, patron, browse, moved_clock):
    """Whoever came with the new password has it mailed to an address of their own, and presses it."""
    keep_something(patron)
    browse.sign_in(patron)
    KnownDevice.update(known_since=clock.now() - 40 * DAY, is_key=True).execute()
    factories.passkey(patron, created_at=clock.now() - 40 * DAY)
    issue(patron)
    choose(patron, THEIRS)
    planted_address(patron)
    moved_clock.now += DAY
    issue(patron)
    assert keys_of(patron) == (1, 1)
    stranger = Browser(app)
    for token in tokens("sealed", "theirs@example.jp"):
        stranger.get(f"/seal/stop/{token}")
        stranger.post(f"/seal/stop/{token}")
    assert keys_of(patron) == (1, 1)


def test_closing_that_was_asked_for_under_a_new_password_is_mailed_to_older_addresses(app, patron, moved_clock):
    """Closing deletes what is sealed at once; the older address was taken off the file before."""
    keep_something(patron)
    factories.address(patron, "older@example.jp", since=clock.now() - 30 * DAY)
    browser = take_over(app, patron)
    browser.get("/my/profile")
    browser.post("/my/profile", browser.form("/my/profile") | {"email1": ""})
    browser.get("/my/profile/confirm")
    browser.post("/my/profile/confirm", browser.form("/my/profile/confirm"))
    assert not PatronAddress.select().exists()
    before = OutboxMail.select().where(OutboxMail.address == "older@example.jp").count()
    account_closing.request(now_of(patron), now=clock.now())
    assert OutboxMail.select().where(OutboxMail.address == "older@example.jp").count() == before + 1


# -- children
# --------------------------------------------------------------------------------------------------------------
@pytest.fixture
def teenager(moved_clock):
    """Sixteen, with a password of their own, who shows the family no titles."""
    return factories.patron(name="図書 桃子", birth_date=date(2010, 5, 5))


@pytest.fixture
def parent():
    return factories.patron(name="図書 太郎")


def write_consent(app, child, parent):
    """End the tie at the desk, issue a password, and write the tie anew."""
    desk = Browser(app)
    desk.be(factories.staff())
    desk.get(f"/desk/patrons/{child.id}/family")
    desk.post(f"/desk/patrons/{child.id}/family/{FamilyTie.get().id}/end")
    issue(child)
    desk.get(f"/desk/patrons/{child.id}/family")
    allowed = {"viewer": parent.card_number, "consent": "on", "allow": ["look", "renew"]}
    desk.post(f"/desk/patrons/{child.id}/family", allowed)


def seen_by(app, parent):
    browser = Browser(app)
    browser.be(parent)
    browser.get("/my/family")
    return browser.text()


def test_another_birth_date_lets_the_desk_show_no_titles_of_a_teenager(app, teenager, parent):
    factories.tie(parent, teenager, titles_hidden=True, titles_settled=True)
    factories.loan(teenager, title=factories.title(SECRET))
    desk = Browser(app)
    desk.sign_in_at_desk(factories.staff())
    address = f"/desk/patrons/{teenager.id}/edit"
    desk.get(address)
    desk.post(address, desk.form(address) | {"birth_date": "2013-05-05"})
    write_consent(app, teenager, parent)
    assert SECRET not in seen_by(app, parent)


def test_a_later_age_in_the_rules_lets_the_desk_show_no_titles_of_a_teenager(app, teenager, parent):
    factories.tie(parent, teenager, titles_hidden=True, titles_settled=True)
    factories.loan(teenager, title=factories.title(SECRET))
    policy.put("family_self_age", 17)
    write_consent(app, teenager, parent)
    assert SECRET not in seen_by(app, parent)


def test_a_child_who_came_with_a_new_password_shows_no_titles_that_were_hidden(app, teenager, parent):
    keep_something(teenager)
    tie = factories.tie(parent, teenager, titles_hidden=True, titles_settled=True, agreed_at=clock.now() - 40 * DAY)
    factories.loan(teenager, title=factories.title(SECRET))
    browser = take_over(app, teenager)
    browser.get("/my/family/ties")
    browser.post(f"/my/family/ties/{tie.id}/ticks", {"allow": ["look", "renew", "card"], "titles_shown": "1"})
    assert SECRET not in seen_by(app, parent)


# -- an administrator's own text
# -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["reset", "open_seal"])
def test_a_mailed_key_leads_to_this_library_alone(browse, kind):
    browse.be(factories.staff("admin"))
    browse.get(f"/desk/texts/{kind}")
    for link in (
        "https://elsewhere.example.net/?{{ token }}",
        "https://elsewhere.example.net/?u={% if library_name %}\n{{ public_url }}/my/seal/{{ token }}\n{% endif %}",
    ):
        assert browse.post(f"/desk/texts/{kind}", {"text": f"件名（図書館）\n\n{link}"}).status_code == 422
