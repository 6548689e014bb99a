"""保護: a new password that nobody proved opens what comes after it, and nothing that was there before."""

from datetime import timedelta

import pytest
from peewee import fn

from library import clock, errors, policy
from library.access import marks, seals, sessions
from library.account import account_closing, glance, retention, sealed_records
from library.catalog.query import query as queries
from library.ebooks import addresses, lending
from library.lending import due_calendar
from library.lending.holds import cart
from library.patrons import additions, changes, patrons, signing_in, unrecognised_password
from library.reading import history, looking_back, sdi, shelved, shelves
from library.store import database
from models import (
    Audit,
    CalendarLink,
    CartRow,
    Ebook,
    EbookHold,
    EbookLink,
    EbookLoan,
    FormerAddress,
    HistoryEntry,
    KnownDevice,
    OneTimeLink,
    OutboxMail,
    Passkey,
    Patron,
    PatronAddress,
    SdiCondition,
    Session,
    Shelf,
    ShelvedTitle,
)
from tests import factories
from tests.conftest import NOW

TODAY = clock.day_of(NOW)
LATER = NOW + timedelta(days=1)
NEW, NEWER = "yamabiko-no-uta-9", "kodama-no-uta-10"
DAY = timedelta(days=1)
KEY = "secret"


@pytest.fixture
def reader(db):
    """Make a patron who has something of each kind that tells what they read."""
    reader = factories.patron(keep_history=True)
    factories.history(reader, "古い本", TODAY - 3 * DAY, memo="古いメモ", rating=4, title=factories.title("古い本"))
    factories.shelf(reader, "古い棚", titles=[factories.title("棚の本")])
    factories.cart_row(reader, factories.title("かごの本"), position=1)
    factories.condition(reader, name="古い条件")
    factories.mail(reader, "due", text="古い本の期限")
    factories.ebook_loan(reader)
    factories.ebook_hold(reader)
    EbookLink.create(patron=reader, key="old-key", made_at=NOW)
    CalendarLink.create(patron=reader, serial="old-serial", created_at=NOW)
    return reader


def desk_reset(patron, now=NOW):
    patrons.reissue(patron, by="staff:colleague", now=now)


def choose_password(patron, now=LATER, **given):
    return signing_in.set_first_password(Patron.get_by_id(patron.id), NEW, NEW, now=now, **given)


def reset_by_mail(patron, address, now=NOW):
    PatronAddress.update(verified_at=NOW - 200 * DAY).where(PatronAddress.address == address).execute()
    factories.ask_reset(patron.card_number, address, now=now)
    token = OutboxMail.get(OutboxMail.kind == "reset").facts["token"]
    signing_in.reset(token, NEW, NEW, now=now)


def is_open(patron):
    return not seals.is_sealed(Patron.get_by_id(patron.id))


def opened(patron, mark, now=LATER + DAY, keep=()):
    """Sign in with the new password in a browser, and open with what that gave."""
    given = signing_in.sign_in(patron.card_number, NEW, origin=factories.origin(mark=mark), now=now)
    if given.opening is None:
        return False
    session = Session.get(Session.token_hash == sessions.hash_token(given.token))
    patron = Patron.get_by_id(patron.id)
    asked = sealed_records.Opening(given.opening, NEWER, NEWER, keep, session, mark)
    sealed_records.open_by_link(asked, patron, now=now)
    return is_open(patron)


def open_by_mail(patron, now=LATER, keep=(), session=None):
    session = session or Session.select().where(Session.patron == patron).order_by(Session.id.desc()).first()
    asked = sealed_records.Opening(link_of("open_seal"), NEWER, NEWER, keep, session, None)
    sealed_records.open_by_link(asked, Patron.get_by_id(patron.id), now=now)


def shown(patron, today=TODAY + 10 * DAY):
    """Return the reading that the patron's pages tell of, by page; nothing where nothing is told."""
    mine = lending.Mine(patron, today=TODAY)
    told = {
        "history": [one.title for one in history.everything(patron, today=today)],
        "newest": [one.title for one in history.listed(patron, today=today).records],
        "count": history.listed(patron, today=today).total,
        "years": looking_back.by_year(history.everything(patron, today=today)),
        "shelves": [shelf.name for shelf in shelves.overview(patron)],
        "cart": [row.title.title for row in cart.rows(patron)],
        "in_cart": cart.contents(patron),
        "cart_at_a_glance": glance.read(patron, today=today).cart,
        "sdi": [condition.name for condition in sdi.of_patron(patron)],
        "ebooks": [loan.ebook_id for loan in mine.loans],
        "places": [hold.ebook_id for hold in mine.holds],
        "shelf_address": addresses.shelf_token(patron, KEY),
        "calendar": due_calendar.link_of(patron),
        "glance": glance.read(patron, today=today).history,
        "texts": [mail.text for mail in OutboxMail.select().where(OutboxMail.kind == "due") if mail.text],
    }
    return {name: what for name, what in told.items() if what}


# -- what seals ------------------------------------------------------------------------------------------------------
def test_a_password_that_the_desk_issued_shows_nothing_of_what_was_there(reader):
    assert len(shown(reader)) == 15
    desk_reset(reader)
    choose_password(reader)
    assert shown(reader) == {}


def test_a_loan_after_the_seal_is_read_and_recorded_as_ever(reader):
    desk_reset(reader)
    choose_password(reader)
    history.record(reader, factories.title("新しい本"), branch="本館", lent_on=TODAY + DAY)
    shelves.create(reader, "新しい棚")
    sdi.save(reader, queries.from_address("q=%E7%8A%AC"), "新しい条件", now=LATER)
    told = shown(reader)
    assert (told["history"], told["shelves"], told["sdi"]) == (["新しい本"], ["新しい棚"], ["新しい条件"])


def test_a_record_between_the_desk_and_the_new_password_is_sealed_too(reader):
    desk_reset(reader)
    factories.history(reader, "そのあいだの本", TODAY)
    choose_password(reader)
    assert shown(reader) == {}


def test_a_password_that_the_old_one_proved_seals_nothing(reader):
    before = shown(reader)
    draft = changes.drafts.store(reader, changes.profile.stored(reader), password_hash=reader.password_hash, now=NOW)
    changes.apply(draft, changes.Choices(), now=NOW)
    assert is_open(reader) and shown(reader) == before


@pytest.mark.parametrize(
    ("days", "at_desk", "opens"), [(14, False, True), (13, False, False), (90, True, True), (89, True, False)]
)
def test_a_link_to_an_older_address_proves_a_new_password(reader, days, at_desk, opens):
    factories.address(reader, since=NOW - days * DAY, at_desk=at_desk)
    reset_by_mail(reader, "abc@example.jp")
    assert is_open(reader) is opens


def test_an_address_that_came_after_the_seal_never_grows_old_enough(reader):
    desk_reset(reader)
    choose_password(reader)
    factories.address(reader, "new@example.jp", since=LATER)
    reset_by_mail(reader, "new@example.jp", now=LATER + 100 * DAY)
    assert Patron.get_by_id(reader.id).unproved_since == NOW
    assert shown(reader) == {}


def test_a_second_reset_seals_what_came_since_and_leaves_the_first_day(reader):
    desk_reset(reader)
    choose_password(reader)
    factories.history(reader, "そのあとの本", TODAY)
    desk_reset(reader, LATER + DAY)
    assert shown(reader) == {}
    assert Patron.get_by_id(reader.id).unproved_since == NOW


def test_where_nothing_is_older_nothing_is_sealed(db):
    newcomer = factories.patron(password=None)
    factories.mail(newcomer, "due")
    choose_password(newcomer)
    other = factories.patron()
    desk_reset(other)
    assert is_open(newcomer) and is_open(other)


def test_texts_of_mails_are_gone_and_nothing_is_said(db):
    patron, newcomer = factories.patron(), factories.patron(password=None)
    for each in (patron, newcomer):
        factories.mail(each, "due")
        desk_reset(each)
    assert [mail.text != "" for mail in OutboxMail.select().where(OutboxMail.kind == "due")] == [False, False]
    assert is_open(patron)


def test_where_nothing_is_older_all_marks_and_passkeys_of_the_card_go(db):
    patron = factories.patron()
    device = key_browser(patron, NOW - 30 * DAY)
    factories.passkey(patron, created_at=NOW - 30 * DAY)
    desk_reset(patron)
    assert not marks.knows_patron(patron, device) and not Passkey.select().exists()
    assert not Passkey.select().exists()


def test_a_public_shelf_stays_without_its_notes(reader):
    shelf = factories.shelf(reader, "公開の棚", titles=[factories.title("見える本")], token="shelf-token")
    ShelvedTitle.update(note="見えないメモ", read_on=TODAY).where(ShelvedTitle.shelf == shelf).execute()
    desk_reset(reader)
    assert shown(reader)["shelves"] == ["公開の棚"]
    assert [(book.title, book.note, book.read_on) for book in shelved.books(shelf)] == [("見える本", "", None)]


def test_a_new_loan_of_a_title_does_not_bring_the_old_memo(reader):
    title = HistoryEntry.get(HistoryEntry.patron == reader).title
    desk_reset(reader)
    history.record(reader, title, branch="本館", lent_on=TODAY + DAY)
    (newest,) = history.everything(reader, today=TODAY + 9 * DAY)
    assert (newest.memo, newest.rating) == ("", 0)
    history.note(HistoryEntry.get_by_id(newest.id), memo="新しいメモ", rating=0)
    assert HistoryEntry.get(HistoryEntry.sealed_for == reader).memo == "古いメモ"


def test_a_title_in_a_sealed_cart_can_be_put_in_again_and_is_taken_out_by_nobody(reader):
    title = CartRow.get(CartRow.patron == reader).title
    desk_reset(reader)
    cart.add(reader, title, now=LATER)
    assert cart.contents(reader) == {title.id}
    assert cart.remove(reader, [title]) == 1
    assert [row.sealed_for_id for row in CartRow.select()] == [reader.id]


def test_deleting_the_history_leaves_what_is_sealed(reader):
    desk_reset(reader)
    assert history.delete(reader, history.Choice(everything=True)) == 0
    assert HistoryEntry.select().count() == 1


def test_a_patron_who_asks_for_a_sealed_ebook_is_not_told_that_it_is_there(reader):
    lent, waited_for = EbookLoan.get(EbookLoan.patron == reader).ebook, EbookHold.get().ebook
    factories.ebook_loan(factories.patron(), waited_for)
    Ebook.update(licences=None).where(Ebook.id == lent.id).execute()
    EbookLoan.update(lent_on=TODAY - DAY).execute()
    factories.ebook_hold(reader, lent, state="cancelled", ended_at=NOW)
    desk_reset(reader)
    assert lending.borrow(lent, reader, now=NOW).lent_on == TODAY
    assert lending.wait(waited_for, reader, now=LATER).placed_at == LATER
    mine = lending.Mine(reader, today=TODAY)
    assert ([loan.lent_on for loan in mine.loans], len(mine.holds), mine.over) == ([TODAY], 1, [])


def test_of_an_ebook_of_both_times_one_loan_and_the_older_place_are_given_back(reader):
    lent, waited_for = EbookLoan.get(EbookLoan.patron == reader).ebook, EbookHold.get().ebook
    factories.ebook_loan(factories.patron(), waited_for)
    Ebook.update(licences=None).where(Ebook.id == lent.id).execute()
    device = key_browser(reader)
    desk_reset(reader)
    choose_password(reader)
    again = lending.borrow(lent, reader, now=LATER)
    lending.wait(waited_for, reader, now=LATER)
    assert opened(reader, device)
    mine = lending.Mine(reader, today=TODAY + DAY)
    assert mine.loans == [again]
    assert [hold.placed_at < LATER for hold in mine.holds] == [True]


def test_addresses_of_before_rest_while_what_they_show_is_sealed(reader):
    books, calendar = addresses.shelf_token(reader, KEY), due_calendar.token(due_calendar.link_of(reader), KEY)
    device = key_browser(reader)
    desk_reset(reader)
    choose_password(reader)
    assert addresses.shelf_link(books, KEY) is None
    with pytest.raises(errors.LinkDead):
        due_calendar.opened(calendar, KEY)
    assert opened(reader, device)
    assert addresses.shelf_link(books, KEY).patron == due_calendar.opened(calendar, KEY).patron == reader


def test_the_line_for_an_ebook_passes_over_who_is_not_proved(reader):
    hold = EbookHold.get()
    desk_reset(reader)
    EbookLoan.update(returned_on=TODAY, patron=None, sealed_for=None).where(EbookLoan.ebook == hold.ebook).execute()
    lending.end_all_over(now=LATER)
    assert EbookHold.get().state == "waiting"
    assert not OutboxMail.select().where(OutboxMail.kind == "ebook_ready").exists()


# -- what opens ------------------------------------------------------------------------------------------------------
def key_browser(patron, since=NOW - 14 * DAY, **columns):
    given = {"seen_at": NOW, "known_since": since, "is_key": True} | columns
    KnownDevice.create(patron=patron, token_hash=sessions.hash_token("mark"), **given)
    return "mark"


@pytest.mark.parametrize(("days", "is_key", "opens"), [(14, True, True), (13, True, False), (99, False, False)])
def test_a_browser_that_was_made_a_key_long_enough_before_opens_it(reader, days, is_key, opens):
    before = shown(reader)
    device = key_browser(reader, NOW - days * DAY, is_key=is_key)
    desk_reset(reader)
    choose_password(reader)
    assert shown(reader) == {}
    assert opened(reader, device) is opens
    assert shown(reader) == ({name: told for name, told in before.items() if name != "texts"} if opens else {})


def test_choosing_the_first_password_in_such_a_browser_leads_to_opening_it(reader):
    device = key_browser(reader)
    desk_reset(reader)
    assert choose_password(reader, origin=factories.origin(mark=device)).opening
    assert not is_open(reader)


def test_signing_in_makes_a_key_under_a_proved_password_away_from_the_desk_alone(reader):
    policy.put("desk_networks", ["198.51.100.0/24"])
    at_home, at_desk = factories.origin(), factories.origin(address="198.51.100.7")
    made = [
        signing_in.sign_in(reader.card_number, factories.PASSWORD, origin=each, now=NOW) for each in (at_home, at_desk)
    ]
    assert [keys(each.device) for each in made] == [[True], [False]]
    desk_reset(reader)
    assert keys(choose_password(reader, origin=factories.origin()).device) == [False]


def keys(mark):
    return [row.is_key for row in KnownDevice.select().where(KnownDevice.token_hash == sessions.hash_token(mark))]


def test_a_browser_of_the_staff_is_no_key(reader):
    device = marks.remember(factories.staff(), None, now=NOW - 99 * DAY)
    device = marks.remember(reader, device, may_be_key=True, now=NOW - 99 * DAY)
    later = key_browser(reader)
    marks.remember(factories.staff(), later, now=NOW)
    KnownDevice.create(staff=factories.staff(), token_hash=sessions.hash_token(later), seen_at=NOW)
    desk_reset(reader)
    choose_password(reader)
    assert not opened(reader, device) and not opened(reader, later, now=LATER + 2 * DAY)


def test_a_browser_that_came_with_the_new_password_opens_nothing(reader):
    desk_reset(reader)
    device = choose_password(reader).device
    desk_reset(reader, NOW + 90 * DAY)
    choose_password(reader, now=NOW + 91 * DAY)
    assert not opened(reader, device, now=NOW + 92 * DAY)
    assert shown(reader) == {}


@pytest.mark.parametrize(("days", "opens"), [(14, True), (13, False)])
def test_a_passkey_that_is_old_enough_outlives_the_reset_and_opens_it(reader, days, opens):
    passkey = factories.passkey(reader, created_at=NOW - days * DAY)
    desk_reset(reader)
    choose_password(reader)
    assert Passkey.select().exists() is opens
    patron = Patron.get_by_id(reader.id)
    assert bool(seals.make_key_link(patron, mark=None, passkey=passkey, now=LATER)) is opens


def test_a_passkey_that_was_made_before_anybody_was_proved_goes_with_the_next_reset(reader):
    Patron.update(unproved_since=NOW - 99 * DAY).execute()
    factories.passkey(reader, created_at=NOW - 50 * DAY)
    desk_reset(Patron.get_by_id(reader.id))
    assert not Passkey.select().exists()


def test_changing_the_new_password_does_not_forget_the_keys(reader):
    device = key_browser(reader)
    desk_reset(reader)
    choose_password(reader)
    patron = Patron.get_by_id(reader.id)
    draft = changes.drafts.store(patron, changes.profile.stored(patron), password_hash=patron.password_hash, now=LATER)
    changes.apply(draft, changes.Choices(), now=LATER)
    assert seals.make_key_link(patron, mark=device, now=LATER)


def link_of(kind, address=None):
    rows = OutboxMail.select().where(OutboxMail.kind == kind).order_by(OutboxMail.id.desc())
    return (rows.where(OutboxMail.address == address) if address else rows).first().facts["token"]


@pytest.fixture
def sealed(reader):
    """Sealed at the desk, with an older address, and one that is younger."""
    factories.address(reader, "older@example.jp", since=NOW - 30 * DAY)
    factories.address(reader, "young@example.jp", position=2, since=NOW - DAY)
    desk_reset(reader)
    choose_password(reader)
    return Patron.get_by_id(reader.id)


def test_a_mail_to_the_older_addresses_opens_it_once(sealed):
    assert seals.mail_links(sealed, now=LATER) == ["older@example.jp"]
    token = link_of("open_seal")
    assert seals.opening_link(token, sealed, now=LATER)
    open_by_mail(sealed)
    assert is_open(sealed) and Patron.get_by_id(sealed.id).unproved_since is None
    with pytest.raises(errors.LinkDead):
        open_by_mail(sealed)


def test_the_link_opens_no_other_card_and_not_after_a_day(sealed):
    seals.mail_links(sealed, now=LATER)
    token = link_of("open_seal")
    for patron, now in ((factories.patron(), LATER), (sealed, LATER + DAY)):
        with pytest.raises(errors.LinkDead):
            seals.opening_link(token, patron, now=now)
    assert not is_open(sealed)


def test_an_address_that_was_removed_since_still_opens_it(sealed):
    values = changes.profile.stored(sealed) | {"email1": "young@example.jp", "email2": ""}
    changes.apply(changes.drafts.store(sealed, values, now=LATER), changes.Choices(), now=LATER)
    assert FormerAddress.get().address == "older@example.jp"
    assert seals.mail_links(sealed, now=LATER) == ["older@example.jp"]
    open_by_mail(sealed)
    assert is_open(sealed)


def test_an_address_that_was_removed_and_put_back_is_no_older_than_before(reader):
    address = factories.address(reader, "swapped@example.jp", since=NOW - 20 * DAY)
    seals.remember_former(address, now=NOW - 15 * DAY)
    PatronAddress.update(since=NOW - DAY).execute()
    assert seals.older_addresses(reader, now=NOW) == []


def test_an_hour_brings_three_mails(sealed):
    for _ in range(seals.MAILS_AN_HOUR):
        seals.mail_links(sealed, now=LATER)
    with pytest.raises(errors.SealMailsTooMany):
        seals.mail_links(sealed, now=LATER)


def test_without_an_older_address_there_is_none_to_mail_to(reader):
    desk_reset(reader)
    assert seals.usable_addresses(reader, now=NOW) == []
    assert seals.mail_links(reader, now=NOW) == []


def test_time_opens_nothing(sealed):
    retention.clean_up(now=NOW + 600 * DAY)
    assert not is_open(sealed)


def test_rows_that_both_times_have_under_one_name_are_joined(reader):
    title = HistoryEntry.get(HistoryEntry.patron == reader).title
    device = key_browser(reader)
    desk_reset(reader)
    choose_password(reader)
    history.record(reader, title, branch="本館", lent_on=TODAY + DAY)
    history.note(HistoryEntry.get(HistoryEntry.patron == reader), memo="新しいメモ", rating=2)
    again = shelves.create(reader, "古い棚")
    shelved.put(again, [factories.title("あとの本")], today=TODAY)
    sdi.save(reader, sdi.query_of(SdiCondition.get()), "同じ条件", now=LATER)
    for wanted in (factories.title("あとで入れた本"), CartRow.get().title):
        cart.add(reader, wanted, now=LATER)
    assert opened(reader, device)
    records = history.everything(reader, today=TODAY + 9 * DAY)
    assert {(one.memo, one.rating) for one in records} == {("古いメモ\n新しいメモ", 2)}
    (shelf,) = Shelf.select()
    assert [book.title for book in shelved.books(shelf)] == ["棚の本", "あとの本"]
    assert [condition.name for condition in sdi.of_patron(reader)] == ["古い条件"]
    assert [row.title.title for row in cart.rows(reader)] == ["かごの本", "あとで入れた本"]


def test_addresses_that_were_made_under_the_new_password_show_nothing_of_what_is_given_back(reader):
    device = key_browser(reader)
    desk_reset(reader)
    choose_password(reader)
    addresses.replace_shelf_address(reader, now=LATER)
    due_calendar.renew(reader, now=LATER)
    shelves.publish(shelves.create(reader, "古い棚"))
    assert opened(reader, device)
    assert (EbookLink.get().key, CalendarLink.get().serial) == ("old-key", "old-serial")
    assert [shelf.token for shelf in Shelf.select()] == [""]


def test_addresses_of_before_are_given_back(reader):
    device = key_browser(reader)
    desk_reset(reader)
    choose_password(reader)
    assert opened(reader, device)
    assert addresses.shelf_token(reader, KEY)
    assert due_calendar.link_of(reader)


def test_the_password_that_somebody_else_may_know_opens_nothing_afterwards(sealed):
    seals.mail_links(sealed, now=LATER)
    open_by_mail(sealed)
    with pytest.raises(errors.SignInRefused):
        signing_in.sign_in(sealed.card_number, NEW, now=LATER)
    assert signing_in.sign_in(sealed.card_number, NEWER, now=LATER).patron == sealed


# -- この間に加わったもの -------------------------------------------------------------------------------------------------
@pytest.fixture
def added(sealed):
    """Add something of each kind to the card since the new password; return the keys by kind."""
    PatronAddress.delete().where(PatronAddress.position == 2).execute()
    factories.address(sealed, "added@example.jp", position=2, since=LATER)
    factories.tie(sealed, factories.patron(), agreed_at=LATER)
    factories.passkey(sealed, created_at=LATER)
    factories.phone(sealed, created_at=LATER)
    due_calendar.renew(sealed, now=LATER)
    addresses.replace_shelf_address(sealed, now=LATER)
    key_browser(sealed, LATER, is_key=False)
    seals.mail_links(sealed, now=LATER)
    return {each.kind: each.key for each in additions.made_since(sealed, NOW, browser=None)}


KINDS = {"address", "tie", "passkey", "push", "calendar", "ebooks", "browser"}


def test_additions_made_meanwhile_are_ended_by_opening(sealed, added):
    assert added.keys() == KINDS
    open_by_mail(sealed)
    assert {each.kind for each in additions.made_since(sealed, NOW)} == {"calendar", "ebooks"}  # of before, given back
    assert (due_calendar.link_of(sealed).serial, EbookLink.get().key) == ("old-serial", "old-key")
    assert not FormerAddress.select().exists()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_additions_that_the_patron_knows_of_stay(sealed, added, kind):
    open_by_mail(sealed, keep=[added[kind]])
    stayed = {each.key for each in additions.made_since(sealed, NOW)}
    assert added[kind] in stayed


def test_links_and_mails_to_an_address_that_is_ended_are_dead(sealed, added):
    factories.ask_reset(sealed.card_number, "added@example.jp", now=LATER)
    PatronAddress.update(verified_at=LATER).execute()
    factories.ask_reset(sealed.card_number, "added@example.jp", now=LATER)
    open_by_mail(sealed)
    assert not OneTimeLink.select().where(OneTimeLink.address == "added@example.jp").exists()
    waiting = OutboxMail.select().where(OutboxMail.address == "added@example.jp", OutboxMail.state == "queued")
    assert not waiting.exists()


def test_opening_ends_every_other_session_of_the_card(sealed):
    seals.mail_links(sealed, now=LATER)
    sessions.begin(sealed, now=LATER)
    mine = Session.get_by_id(Session.select(fn.MAX(Session.id)).scalar())
    other = sessions.begin(sealed, now=LATER)
    open_by_mail(sealed, session=mine)
    assert sessions.find(other, now=LATER) is None and Session.get() == mine


# -- deleting --------------------------------------------------------------------------------------------------------
def test_sealed_records_are_deleted_after_fourteen_days_and_newer_ones_stay(sealed):
    history.record(sealed, factories.title("新しい本"), branch="本館", lent_on=TODAY + DAY)
    public = factories.shelf(sealed, "公開の棚", titles=[factories.title("見える本")], token="shelf-token")
    sealed_records.ask_deletion(sealed, now=LATER)
    retention.clean_up(now=LATER + 14 * DAY - timedelta(minutes=1))
    assert not is_open(sealed)
    retention.clean_up(now=LATER + 14 * DAY + timedelta(minutes=1))
    assert is_open(sealed)
    assert [one.title for one in history.everything(sealed, today=TODAY + 9 * DAY)] == ["新しい本"]
    assert [shelf.id for shelf in Shelf.select()] == [public.id]
    assert SdiCondition.select().count() == EbookHold.select().count() == EbookLink.select().count() == 0
    assert CalendarLink.select().count() == CartRow.select().count() == 0
    assert EbookLoan.get().returned_on is not None
    assert Audit.select().where(Audit.action == "seal.deleted").count() == 1
    assert Patron.get_by_id(sealed.id).unproved_since == NOW


def test_a_deletion_is_mailed_to_older_addresses_and_can_be_taken_back(sealed):
    sealed_records.ask_deletion(sealed, now=LATER)
    sealed_records.ask_deletion(sealed, now=LATER + DAY)
    told = [mail for mail in OutboxMail.select() if mail.facts.get("what") == "deletion"]
    assert sorted(mail.address for mail in told) == ["older@example.jp", "young@example.jp"]
    sealed_records.take_back_deletion(sealed, now=LATER + 2 * DAY)
    retention.clean_up(now=LATER + 20 * DAY)
    assert not is_open(sealed)


def test_the_mail_about_a_deletion_stops_it(sealed):
    sealed_records.ask_deletion(sealed, now=LATER)
    token = OutboxMail.select().order_by(OutboxMail.id.desc()).first().facts["token"]
    unrecognised_password.stop(token, now=LATER)
    retention.clean_up(now=LATER + 20 * DAY)
    assert not is_open(sealed)


def test_opening_takes_a_deletion_back(sealed):
    sealed_records.ask_deletion(sealed, now=LATER)
    seals.mail_links(sealed, now=LATER)
    open_by_mail(sealed)
    retention.clean_up(now=LATER + 20 * DAY)
    assert HistoryEntry.select().where(HistoryEntry.patron == sealed).exists()


# -- the notice ------------------------------------------------------------------------------------------------------
def notices(patron):
    return [
        mail.address for mail in OutboxMail.select().where(OutboxMail.patron == patron, OutboxMail.kind == "sealed")
    ]


def test_a_notice_goes_to_every_address_and_to_older_ones_that_were_removed(reader):
    seals.remember_former(factories.address(reader, "former@example.jp", since=NOW - 30 * DAY), now=NOW - DAY)
    PatronAddress.update(address="young@example.jp", since=NOW - DAY).execute()
    desk_reset(reader)
    assert sorted(notices(reader)) == ["former@example.jp", "young@example.jp"]


def test_a_patron_who_knows_nothing_of_it_ends_password_and_sessions_and_the_administrator_is_told(sealed):
    device = key_browser(sealed)
    factories.passkey(sealed, created_at=NOW - 99 * DAY)
    unrecognised_password.stop(link_of("sealed", "older@example.jp"), admin_mail="admin@example.jp", now=LATER)
    patron = Patron.get_by_id(sealed.id)
    assert patron.password_hash == "" and patrons.initial_password_until(patron) is None
    assert Session.select().count() == 0
    assert not marks.knows_patron(patron, device) and not Passkey.select().exists()
    assert OutboxMail.get(OutboxMail.kind == "admin").address == "admin@example.jp"
    assert not is_open(patron)
    with pytest.raises(errors.SignInRefused):
        signing_in.sign_in(patron.card_number, NEW, now=LATER)


def test_a_press_in_a_mail_to_a_new_address_leaves_the_keys(sealed):
    device = key_browser(sealed)
    factories.passkey(sealed, created_at=NOW - 99 * DAY)
    unrecognised_password.stop(link_of("sealed", "young@example.jp"), now=LATER)
    assert marks.knows_patron(sealed, device) and Passkey.select().exists()


def test_an_address_that_came_with_the_unknown_password_is_gone_with_it_and_its_links(sealed):
    PatronAddress.delete().where(PatronAddress.position == 2).execute()
    intruder = factories.address(sealed, "intruder@example.jp", position=2, since=LATER)
    factories.mail(sealed, "due", address=intruder.address, state="queued")
    with database.writing():
        signing_in.mail_verification(intruder, now=LATER, cause=Audit.select().first())
    verify = link_of("verify")
    unrecognised_password.stop(link_of("sealed"), now=LATER)
    with pytest.raises(errors.LinkDead):
        signing_in.verify_address(verify, now=LATER, apply=True)
    assert "intruder@example.jp" not in [row.address for row in patrons.addresses(sealed)] and patrons.addresses(sealed)
    factories.ask_reset(sealed.card_number, "intruder@example.jp", now=LATER)
    mails = OutboxMail.select().where(OutboxMail.address == "intruder@example.jp")
    assert {(mail.kind, mail.state) for mail in mails} == {("due", "cancelled"), ("verify", "cancelled")}
    assert not FormerAddress.select().exists()


def test_secret_addresses_that_came_with_the_unknown_password_are_gone_with_it(sealed):
    due_calendar.renew(sealed, now=LATER)
    addresses.replace_shelf_address(sealed, now=LATER)
    unrecognised_password.stop(link_of("sealed"), now=LATER)
    assert due_calendar.link_of(sealed) is None and addresses.shelf_token(sealed, "key") is None


def test_of_the_links_in_several_mails_the_first_is_the_last(sealed):
    tokens = [mail.facts["token"] for mail in OutboxMail.select().where(OutboxMail.kind == "sealed")]
    unrecognised_password.stop(tokens[0], now=LATER)
    for token in tokens:
        with pytest.raises(errors.LinkDead):
            unrecognised_password.check(token, now=LATER)
    assert OneTimeLink.select().where(OneTimeLink.purpose == "stop", OneTimeLink.used_at.is_null()).count() == 0


def test_a_closed_card_has_no_seal(reader):
    desk_reset(reader)
    account_closing.close(reader, by="staff:colleague", now=NOW)
    assert Patron.get_by_id(reader.id).unproved_since is None
    assert all(model.select().count() == 0 for model in seals.MOVED if model is not EbookLoan)
    assert EbookLoan.get().returned_on and not PatronAddress.select().where(PatronAddress.patron == reader).exists()
