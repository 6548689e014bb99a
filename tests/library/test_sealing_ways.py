"""Ways by which somebody at the desk, who may issue a password to anybody, could come to what a patron read before;
each ends at the seal.
"""

from datetime import date, timedelta

import pytest

from library import clock, policy
from library.access import marks, seals, sessions
from library.account import retention, sealed_records
from library.lending.holds import hold_mails, holds
from library.patrons import additions, changes, drafts, patrons, profile, signing_in, unrecognised_password
from library.patrons.family import ties
from library.reading import shelved, shelves
from library.store import database
from models import CalendarLink, FamilyTie, KnownDevice, OutboxMail, Passkey, Patron, PatronAddress, Session, Shelf
from tests import factories, own_pages
from tests.conftest import NOW

DAY = timedelta(days=1)
OWN, DESKS, NEW = "yamabiko-no-uta-9", "desk-no-uta-7-ume", "asagao-no-uta-5"
OWNERS, INTRUDERS = "owner@example.jp", "intruder@example.jp"
COUNTER = "198.51.100.7"


@pytest.fixture
def reader(db):
    """A patron who borrowed and noted something, and whose address has been on file for long."""
    reader = factories.patron(keep_history=True, has_chosen_password=True)
    since = NOW - 200 * DAY
    factories.address(reader, OWNERS, since=since, verified_at=since)
    remember(reader, "himitsu")
    return reader


def remember(reader, word, at=NOW):
    factories.history(reader, word, clock.day_of(at) - DAY, memo=word, title=factories.title(word))


def fresh(patron):
    return Patron.get_by_id(patron.id)


def desk_issues(reader, now):
    patrons.reissue(fresh(reader), by="staff:desk", now=now)


def enter_first(reader, password, now, mark=None, address="192.0.2.7"):
    """Sign in with the initial password, which anybody knows who knows a birthday, and choose one."""
    origin = factories.origin(address, mark)
    signing_in.sign_in(reader.card_number, "0808", origin=origin, now=now)
    return signing_in.set_first_password(fresh(reader), password, password, origin=origin, now=now + DAY / 24)


def enter(reader, password, now, mark=None):
    return signing_in.sign_in(reader.card_number, password, origin=factories.origin("192.0.2.7", mark), now=now)


def pages_of(reader, now):
    return "\n".join(own_pages.everything(fresh(reader), now=now).values())


def open_by_mail(reader, signed_in, now, keep=()):
    """Have the owner open it by メールで確認する, in a session."""
    assert OWNERS in seals.mail_links(fresh(reader), now=now)
    mails = OutboxMail.select().where(OutboxMail.kind == "open_seal", OutboxMail.address == OWNERS)
    token = mails.order_by(OutboxMail.id.desc()).first().facts["token"]
    session = sessions.find(signed_in.token, now=now)
    asked = sealed_records.Opening(token, NEW, NEW, keep, session, signed_in.device)
    sealed_records.open_by_link(asked, fresh(reader), now=now)


def add_address(patron, address, now):
    values = profile.stored(fresh(patron)) | {"email2": address}
    changes.apply(drafts.store(fresh(patron), values, now=now), changes.Choices(), now=now)
    PatronAddress.update(verified_at=now).where(PatronAddress.address == address).execute()


def reset_by_mail(patron, address, new, now):
    assert factories.ask_reset(patron.card_number, address, now=now)["mails"]
    mails = OutboxMail.select().where(OutboxMail.kind == "reset", OutboxMail.address == address)
    signing_in.reset(mails.order_by(OutboxMail.id.desc()).first().facts["token"], new, new, now=now)


# -- marks of browsers
# ---------------------------------------------------------------------------------------------------
def test_a_mark_from_the_first_reset_opens_nothing_after_the_second(reader):
    """The desk resets, signs in and gets a mark; the owner has another password issued and opens by mail; the desk
    resets again.
    """
    desk_issues(reader, NOW)
    intruder = enter_first(reader, DESKS, NOW + DAY)
    desk_issues(reader, NOW + 20 * DAY)
    open_by_mail(reader, enter_first(reader, OWN, NOW + 21 * DAY), NOW + 21 * DAY + DAY / 20)
    assert "himitsu" in pages_of(reader, NOW + 22 * DAY) and fresh(reader).unproved_since is None
    desk_issues(reader, NOW + 60 * DAY)
    again = enter_first(reader, DESKS, NOW + 61 * DAY, intruder.device)
    assert again.opening is None and enter(reader, DESKS, NOW + 62 * DAY, again.device).opening is None
    assert "himitsu" not in pages_of(reader, NOW + 62 * DAY)


def test_a_mark_that_was_planted_on_a_fresh_card_opens_nothing(db):
    """The desk signs in first, before anything is stored; the owner has a password issued, and reads for long."""
    patron = factories.patron(keep_history=True, password=None)
    planted = enter_first(patron, DESKS, NOW)
    desk_issues(patron, NOW + DAY)
    assert not KnownDevice.select().exists()
    enter_first(patron, OWN, NOW + 2 * DAY)
    remember(patron, "himitsu", NOW + 30 * DAY)
    desk_issues(patron, NOW + 60 * DAY)
    assert enter_first(patron, DESKS, NOW + 61 * DAY, planted.device).opening is None
    assert "himitsu" not in pages_of(patron, NOW + 62 * DAY)


@pytest.mark.parametrize("is_listed", [True, False])
def test_the_mark_of_who_was_helped_at_the_counter_opens_nothing_there(reader, is_listed):
    """The counter's browser is one in which staff sign in, or one of the networks that are listed."""
    policy.put("desk_networks", ["198.51.100.0/24"] if is_listed else [])
    with database.writing():
        mark = None if is_listed else marks.remember(factories.staff(), None, now=NOW)
    origin = factories.origin(COUNTER, mark)
    helped = signing_in.sign_in(reader.card_number, factories.PASSWORD, origin=origin, now=NOW)
    desk_issues(reader, NOW + 30 * DAY)
    assert enter_first(reader, DESKS, NOW + 31 * DAY, helped.device).opening is None
    assert "himitsu" not in pages_of(reader, NOW + 32 * DAY)


def test_the_mark_of_the_owners_own_browser_opens_it(reader):
    own = enter(reader, factories.PASSWORD, NOW)
    desk_issues(reader, NOW + 30 * DAY)
    assert enter_first(reader, OWN, NOW + 31 * DAY, own.device).opening


# -- what is left behind
# -------------------------------------------------------------------------------------------------
def test_an_address_that_was_added_since_is_gone_with_the_press_that_nobody_knows_of_it(reader):
    """心当たりがありません: the link in the address's mail is dead, no reset goes there, and so nobody comes in by it again."""
    desk_issues(reader, NOW)
    enter_first(reader, DESKS, NOW + DAY)
    add_address(reader, INTRUDERS, NOW + DAY)
    verify = OutboxMail.get(OutboxMail.kind == "verify").facts["token"]
    stop = OutboxMail.get(OutboxMail.kind == "sealed", OutboxMail.address == OWNERS).facts["token"]
    unrecognised_password.stop(stop, now=NOW + 2 * DAY)
    assert [row.address for row in patrons.addresses(fresh(reader))] == [OWNERS]
    with pytest.raises(signing_in.errors.LinkDead):
        signing_in.verify_address(verify, now=NOW + 2 * DAY, apply=True)
    assert not factories.ask_reset(reader.card_number, INTRUDERS, now=NOW + 2 * DAY)["mails"]
    assert not Session.select().exists() and not KnownDevice.select().exists()


def test_opening_ends_what_the_intruder_made(reader):
    """Address, tie with card and renewal, passkey, mark: none is there afterwards, and the password is another."""
    relative, since = factories.patron(), NOW + DAY
    desk_issues(reader, NOW)
    enter_first(reader, DESKS, since)
    add_address(reader, INTRUDERS, since)
    ties.ask(relative, reader.card_number, now=since)
    ties.agree(FamilyTie.get(), (ties.LOOK, ties.RENEW, ties.CARD), now=since)
    Passkey.create(patron=reader, credential="c", public_key="k", name="端末", created_at=since)
    CalendarLink.create(patron=reader, serial="serial", created_at=since)
    desk_issues(reader, NOW + 2 * DAY)
    owner = enter_first(reader, OWN, NOW + 3 * DAY)
    open_by_mail(reader, owner, NOW + 3 * DAY + DAY / 20)
    assert [row.address for row in patrons.addresses(fresh(reader))] == [OWNERS]
    for model in (FamilyTie, Passkey, CalendarLink):
        assert not model.select().exists()
    assert [row.token_hash for row in KnownDevice.select()] == [sessions.hash_token(owner.device)]
    assert list(additions.made_since(fresh(reader), NOW, browser=owner.device)) == []


# -- found by walking
# ----------------------------------------------------------------------------------------------------
def test_a_reset_by_the_owners_mail_ends_the_passkey_that_the_intruder_made(reader):
    """It stays sealed until it is opened, and meanwhile nobody else reads on."""
    desk_issues(reader, NOW)
    enter_first(reader, DESKS, NOW + DAY)
    for name, at in (("old", NOW - 100 * DAY), ("new", NOW + DAY)):
        Passkey.create(patron=reader, credential=name, public_key="k", name=name, created_at=at)
    reset_by_mail(reader, OWNERS, OWN, NOW + 2 * DAY)
    assert [row.credential for row in Passkey.select()] == ["old"]
    assert seals.is_sealed(fresh(reader))


def test_deleting_what_is_sealed_makes_no_newer_address_a_key(reader, moved_clock):
    """The intruder adds an address and asks for the deletion; when it is done, the address is older than the fourteen
    days of any.
    """
    desk_issues(reader, NOW)
    enter_first(reader, DESKS, NOW + DAY)
    add_address(reader, INTRUDERS, NOW + DAY)
    sealed_records.ask_deletion(fresh(reader), now=NOW + 2 * DAY)
    deleted = moved_clock.now = NOW + 20 * DAY
    retention.clean_up(now=deleted)
    assert not seals.is_sealed(fresh(reader))
    remember(reader, "atarashii", deleted)
    reset_by_mail(reader, INTRUDERS, DESKS, deleted + DAY)
    assert "atarashii" not in pages_of(reader, deleted + 2 * DAY)


def test_the_older_address_stays_a_key_when_what_is_sealed_is_deleted(reader, moved_clock):
    desk_issues(reader, NOW)
    sealed_records.ask_deletion(fresh(reader), now=NOW + DAY)
    moved_clock.now = NOW + 20 * DAY
    retention.clean_up(now=moved_clock.now)
    remember(reader, "atarashii", NOW + 20 * DAY)
    reset_by_mail(reader, OWNERS, OWN, NOW + 21 * DAY)
    assert "atarashii" in pages_of(reader, NOW + 22 * DAY) and fresh(reader).unproved_since is None


def test_a_mail_that_waits_does_not_name_a_hold_that_was_sealed_since(reader):
    """Its text would be kept, and shown to whoever has the new password."""
    hold = factories.hold(reader, factories.title("himitsu 2"), contact_method="mail")
    holds.cancel(hold, by="staff:desk", now=NOW)
    waiting = OutboxMail.get(OutboxMail.kind == "hold_ended")
    assert hold_mails.letter(waiting, today=date(2026, 11, 25))
    desk_issues(reader, NOW)
    assert hold_mails.letter(waiting, today=date(2026, 11, 25)) is None


# -- found by reading --------------------------------------------------------------------------------------------------
def test_a_public_shelf_that_was_renamed_gets_no_book_of_a_private_one(reader):
    public = factories.shelf(reader, "みんなへ", titles=[factories.title("見える本")], token="a-public-shelf-token")
    private = factories.shelf(reader, shelves.TO_READ, titles=[factories.title("ひみつの本")])
    desk_issues(reader, NOW)
    Shelf.update(name=shelves.TO_READ).where(Shelf.id == public.id).execute()
    desk_issues(reader, NOW + DAY)
    assert [book.title for book in shelved.books(public)] == ["見える本"]
    with database.writing():
        seals.lift(Patron.get_by_id(reader.id))
    assert Shelf.get_by_id(private.id).token == "" and [book.title for book in shelved.books(private)] == ["ひみつの本"]


def test_an_address_that_was_taken_off_and_put_back_stays_a_key(reader):
    desk_issues(reader, NOW)
    patron = Patron.get_by_id(reader.id)
    seals.remember_former(PatronAddress.get(PatronAddress.patron == reader), now=NOW + DAY)
    PatronAddress.update(since=NOW + DAY).where(PatronAddress.patron == reader).execute()
    with database.writing():
        additions.end(patron, NOW, now=NOW + 2 * DAY)
    assert [row.address for row in seals.older_addresses(patron, now=NOW + 2 * DAY)] == [OWNERS]


def test_an_address_that_is_not_the_patrons_goes_with_the_first_password_and_is_told(db):
    patron = factories.patron()
    factories.address(patron, "theirs@example.jp", since=NOW - 30 * DAY)
    patrons.reissue(patron, by="staff:desk", now=NOW)
    factories.history(patron)  # what comes before the first password
    fresh = Patron.get_by_id(patron.id)
    signing_in.set_first_password(fresh, NEW, NEW, not_mine=["theirs@example.jp"], now=NOW + DAY)
    assert patrons.addresses(patron) == []
    told = OutboxMail.select().where(OutboxMail.address == "theirs@example.jp", OutboxMail.state == "queued")
    assert [mail.facts["what"] for mail in told] == ["address"]
