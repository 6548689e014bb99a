"""保護: a new password that nobody proved opens what comes after it, and nothing that was there before."""

from datetime import timedelta

import pytest

from library import clock, errors
from library.access import marks, seals
from library.account import account_closing, glance, retention, sealed_records
from library.catalog.search import query as queries
from library.ebooks import addresses, lending
from library.lending import due_calendar
from library.lending.holds import cart
from library.people import changes, patrons, signing_in, stopping
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
    Patron,
    PatronAddress,
    SdiCondition,
    Seal,
    Session,
    Shelf,
    ShelvedTitle,
)
from tests import factories
from tests.conftest import NOW

TODAY = clock.day_of(NOW)
LATER = NOW + timedelta(days=1)
NEW = "yamabiko-no-uta-9"
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
    patrons.reissue(patron, by="staff:colleague", via="desk", now=now)


def choose_password(patron, now=LATER, **given):
    return signing_in.set_first_password(Patron.get_by_id(patron.id), NEW, NEW, now=now, **given)


def reset_by_mail(patron, address, now=NOW):
    PatronAddress.update(verified_at=NOW - 200 * DAY).where(PatronAddress.address == address).execute()
    factories.ask_reset(patron.card_number, address, now=now)
    token = OutboxMail.get(OutboxMail.kind == "reset").facts["token"]
    signing_in.reset(token, NEW, NEW, now=now)


def is_open(patron):
    return seals.of_patron(patron) is None


def shown(patron, today=TODAY + 10 * DAY):
    """Return what the patron's pages tell of their reading, by page; nothing where nothing is told."""
    mine = lending.Mine(patron, today=TODAY)
    seal = seals.of_patron(patron)
    told = {
        "history": [one.title for one in history.everything(patron, today=today)],
        "newest": [one.title for one in history.newest(patron, today=today)],
        "count": history.counts(patron, today=today)[0],
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
        "texts": [
            mail.text for mail in OutboxMail.select().where(OutboxMail.kind == "due") if not seals.hides(mail, seal)
        ],
    }
    return {name: what for name, what in told.items() if what}


# -- what seals ------------------------------------------------------------------------------------------------------
def test_a_password_that_the_desk_issued_shows_nothing_of_what_was_there(reader):
    assert len(shown(reader)) == 15
    desk_reset(reader)
    choose_password(reader)
    assert shown(reader) == {}


def test_what_comes_after_it_is_read_and_recorded_as_ever(reader):
    desk_reset(reader)
    choose_password(reader)
    history.record(reader, factories.title("新しい本"), branch="本館", lent_on=TODAY + DAY)
    shelves.create(reader, "新しい棚")
    sdi.save(reader, queries.from_address("q=%E7%8A%AC"), "新しい条件", now=LATER)
    told = shown(reader)
    assert (told["history"], told["shelves"], told["sdi"]) == (["新しい本"], ["新しい棚"], ["新しい条件"])


def test_what_is_read_between_the_desk_and_the_new_password_is_sealed_too(reader):
    desk_reset(reader)
    factories.history(reader, "そのあいだの本", TODAY)
    choose_password(reader)
    assert shown(reader) == {}


def test_a_password_that_the_old_one_proved_seals_nothing(reader):
    before = shown(reader)
    draft = changes.drafts.keep(reader, changes.profile.stored(reader), password_hash=reader.password_hash, now=NOW)
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
    assert seals.of_patron(reader).sealed_at == NOW
    assert shown(reader) == {}


def test_a_second_reset_seals_what_came_since_and_leaves_the_first_day(reader):
    desk_reset(reader)
    choose_password(reader)
    factories.history(reader, "そのあとの本", TODAY)
    desk_reset(reader, LATER + DAY)
    assert shown(reader) == {}
    assert seals.of_patron(reader).sealed_at == NOW


def test_where_nothing_is_older_nothing_is_sealed(db):
    newcomer = factories.patron(password=None)
    factories.mail(newcomer, "due")
    choose_password(newcomer)
    other = factories.patron()
    desk_reset(other)
    assert is_open(newcomer) and is_open(other)


def test_mails_alone_are_sealed_where_somebody_had_a_password(db):
    patron = factories.patron()
    factories.mail(patron, "due")
    desk_reset(patron)
    assert shown(patron) == {}
    assert not is_open(patron)


def test_the_weekly_mail_about_a_sealed_search_stays_closed_and_what_came_since_is_read(reader):
    before = factories.mail(reader, "sdi")
    desk_reset(reader)
    seal = seals.of_patron(reader)
    assert seals.hides(OutboxMail.get_by_id(before.id), seal)
    assert seals.hides(factories.mail(reader, "ebook_ready"), seal)
    assert not seals.hides(factories.mail(reader, "sdi"), seal), "it names no sealed search: test_sdi.py"
    assert not seals.hides(factories.mail(reader, "due"), seal)


def test_a_public_shelf_stays_without_its_notes(reader):
    shelf = factories.shelf(reader, "公開の棚", titles=[factories.title("見える本")], token="shelf-token")
    ShelvedTitle.update(note="見えないメモ", read_on=TODAY).where(ShelvedTitle.shelf == shelf).execute()
    desk_reset(reader)
    assert shown(reader)["shelves"] == ["公開の棚"]
    assert [(book.title, book.note, book.read_on) for book in shelved.books(shelf)] == [("見える本", "", None)]


def test_a_new_loan_of_a_title_does_not_bring_the_old_memo(reader):
    desk_reset(reader)
    title = HistoryEntry.get(HistoryEntry.patron == reader).title
    history.record(reader, title, branch="本館", lent_on=TODAY + DAY)
    (newest,) = history.everything(reader, today=TODAY + 9 * DAY)
    assert (newest.memo, newest.rating) == ("", 0)
    history.note(HistoryEntry.get_by_id(newest.id), memo="新しいメモ", rating=0)
    assert HistoryEntry.get(HistoryEntry.sealed).memo == "古いメモ"


def test_what_is_in_a_sealed_cart_can_be_put_in_again_and_is_taken_out_by_nobody(reader):
    desk_reset(reader)
    title = CartRow.get(CartRow.patron == reader).title
    cart.add(reader, title, now=LATER)
    assert cart.contents(reader) == {title.id}
    assert cart.remove(reader, [title]) == 1
    assert [row.sealed for row in CartRow.select()] == [True]


def test_deleting_the_history_leaves_what_is_sealed(reader):
    desk_reset(reader)
    assert history.delete(reader, history.Choice(everything=True)) == 0
    assert HistoryEntry.select().count() == 1


def test_who_asks_for_a_sealed_ebook_is_not_told_that_it_is_there(reader):
    lent, waited_for = EbookLoan.get(EbookLoan.patron == reader).ebook, EbookHold.get().ebook
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
    Ebook.update(licences=None).where(Ebook.id == lent.id).execute()
    device = known_device(reader, NOW - DAY)
    desk_reset(reader)
    choose_password(reader)
    again = lending.borrow(lent, reader, now=LATER)
    lending.wait(waited_for, reader, now=LATER)
    signing_in.sign_in(reader.card_number, NEW, origin=factories.origin(mark=device), now=LATER + DAY)
    mine = lending.Mine(reader, today=TODAY + DAY)
    assert mine.loans == [again]
    assert [hold.placed_at < LATER for hold in mine.holds] == [True]


def test_what_is_sealed_of_ebooks_counts(reader):
    desk_reset(reader)
    mine = lending.Mine(reader, today=TODAY)
    assert mine.loans == [] and mine.loan_of == {}
    assert (mine._lent, mine._waiting) == (1, 1)


def test_the_reading_program_of_before_still_has_its_books(reader):
    token = addresses.shelf_token(reader, KEY)
    desk_reset(reader)
    link = addresses.shelf_link(token, KEY)
    assert link.sealed
    (loan,) = lending.Mine(reader, today=TODAY, with_sealed=link.sealed).loans
    assert lending.borrow(loan.ebook, reader, with_sealed=link.sealed, now=NOW) == loan
    addresses.renew(reader, now=NOW)
    assert not addresses.shelf_link(addresses.shelf_token(reader, KEY), KEY).sealed


# -- what opens ------------------------------------------------------------------------------------------------------
def known_device(patron, since):
    KnownDevice.create(patron=patron, token_hash=seals.sessions.hashed("mark"), seen_at=NOW, known_since=since)
    return "mark"


def test_signing_in_with_an_older_device_opens_it_at_once(reader):
    before = shown(reader)
    device = known_device(reader, NOW - DAY)
    desk_reset(reader)
    choose_password(reader)
    assert shown(reader) == {}
    signing_in.sign_in(reader.card_number, NEW, origin=factories.origin(mark=device), now=LATER + DAY)
    assert is_open(reader)
    assert shown(reader) == before


def test_choosing_the_first_password_on_an_older_device_opens_it(reader):
    device = known_device(reader, NOW - DAY)
    desk_reset(reader)
    choose_password(reader, origin=factories.origin(mark=device))
    assert is_open(reader)


def test_a_device_that_came_with_the_new_password_opens_nothing(reader):
    desk_reset(reader)
    device = choose_password(reader).device
    signing_in.sign_in(reader.card_number, NEW, origin=factories.origin(mark=device), now=LATER + DAY)
    assert shown(reader) == {}


def test_changing_the_new_password_does_not_forget_the_older_devices(reader):
    device = known_device(reader, NOW - DAY)
    desk_reset(reader)
    choose_password(reader)
    patron = Patron.get_by_id(reader.id)
    draft = changes.drafts.keep(patron, changes.profile.stored(patron), password_hash=patron.password_hash, now=LATER)
    changes.apply(draft, changes.Choices(), now=LATER)
    assert seals.open_by_device(reader, device, now=LATER)


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
    assert seals.opening(token, sealed, now=LATER)
    seals.open_by_link(token, sealed, now=LATER)
    assert is_open(sealed)
    with pytest.raises(errors.LinkDead):
        seals.open_by_link(token, sealed, now=LATER)


def test_the_link_opens_no_other_card_and_not_after_a_day(sealed):
    seals.mail_links(sealed, now=LATER)
    token = link_of("open_seal")
    for patron, now in ((factories.patron(), LATER), (sealed, LATER + DAY)):
        with pytest.raises(errors.LinkDead):
            seals.open_by_link(token, patron, now=now)
    assert not is_open(sealed)


def test_an_address_that_was_removed_since_still_opens_it(sealed):
    values = changes.profile.stored(sealed) | {"email1": "young@example.jp", "email2": ""}
    changes.apply(changes.drafts.keep(sealed, values, now=LATER), changes.Choices(), now=LATER)
    assert FormerAddress.get().address == "older@example.jp"
    assert seals.mail_links(sealed, now=LATER) == ["older@example.jp"]
    seals.open_by_link(link_of("open_seal"), sealed, now=LATER)
    assert is_open(sealed)


def test_an_address_that_was_removed_and_put_back_is_no_older_than_before(reader):
    address = factories.address(reader, "swapped@example.jp", since=NOW - 20 * DAY)
    seals.remember_former(address, now=NOW - 15 * DAY)
    PatronAddress.update(since=NOW - DAY).execute()
    assert seals.older_addresses(reader, before=NOW) == []


def test_an_hour_brings_three_mails(sealed):
    for _ in range(seals.MAILS_AN_HOUR):
        seals.mail_links(sealed, now=LATER)
    with pytest.raises(errors.SealMailsTooMany):
        seals.mail_links(sealed, now=LATER)


def test_without_an_older_address_there_is_none_to_mail_to(reader):
    desk_reset(reader)
    assert seals.usable_addresses(seals.of_patron(reader)) == []
    assert seals.mail_links(reader, now=NOW) == []


def test_time_opens_nothing(sealed):
    retention.clean_up(now=NOW + 600 * DAY)
    assert not is_open(sealed)


def test_what_both_times_have_under_one_name_is_joined(reader):
    title = HistoryEntry.get(HistoryEntry.patron == reader).title
    device = known_device(reader, NOW - DAY)
    desk_reset(reader)
    choose_password(reader)
    history.record(reader, title, branch="本館", lent_on=TODAY + DAY)
    history.note(HistoryEntry.get(~HistoryEntry.sealed), memo="新しいメモ", rating=2)
    again = shelves.create(reader, "古い棚")
    shelved.put(again, [factories.title("あとの本")], today=TODAY)
    sdi.save(reader, sdi.query_of(SdiCondition.get()), "同じ条件", now=LATER)
    for wanted in (factories.title("あとで入れた本"), CartRow.get().title):
        cart.add(reader, wanted, now=LATER)
    signing_in.sign_in(reader.card_number, NEW, origin=factories.origin(mark=device), now=LATER + DAY)
    records = history.everything(reader, today=TODAY + 9 * DAY)
    assert {(one.memo, one.rating) for one in records} == {("古いメモ\n新しいメモ", 2)}
    (shelf,) = Shelf.select()
    assert [book.title for book in shelved.books(shelf)] == ["棚の本", "あとの本"]
    assert [condition.name for condition in sdi.of_patron(reader)] == ["古い条件"]
    assert [row.title.title for row in cart.rows(reader)] == ["かごの本", "あとで入れた本"]


def test_addresses_that_were_made_under_the_new_password_show_nothing_of_what_is_given_back(reader):
    device = known_device(reader, NOW - DAY)
    desk_reset(reader)
    choose_password(reader)
    EbookLink.delete().where(EbookLink.patron == reader).execute()
    CalendarLink.delete().where(CalendarLink.patron == reader).execute()
    addresses.renew(reader, now=LATER)
    due_calendar.renew(reader, now=LATER)
    shelves.publish(shelves.create(reader, "古い棚"))
    signing_in.sign_in(reader.card_number, NEW, origin=factories.origin(mark=device), now=LATER + DAY)
    assert is_open(reader)
    assert addresses.shelf_token(reader, KEY) is None
    assert due_calendar.link_of(reader) is None
    assert [shelf.token for shelf in Shelf.select()] == [""]


def test_addresses_of_before_are_given_back(reader):
    device = known_device(reader, NOW - DAY)
    desk_reset(reader)
    choose_password(reader)
    signing_in.sign_in(reader.card_number, NEW, origin=factories.origin(mark=device), now=LATER + DAY)
    assert addresses.shelf_token(reader, KEY)
    assert due_calendar.link_of(reader)


# -- deleting --------------------------------------------------------------------------------------------------------
def test_what_is_sealed_can_be_deleted_and_what_came_since_stays(sealed):
    history.record(sealed, factories.title("新しい本"), branch="本館", lent_on=TODAY + DAY)
    public = factories.shelf(sealed, "公開の棚", titles=[factories.title("見える本")], token="shelf-token")
    sealed_records.delete(sealed, now=LATER)
    assert is_open(sealed)
    assert [one.title for one in history.everything(sealed, today=TODAY + 9 * DAY)] == ["新しい本"]
    assert [shelf.id for shelf in Shelf.select()] == [public.id]
    assert SdiCondition.select().count() == EbookHold.select().count() == EbookLink.select().count() == 0
    assert CalendarLink.select().count() == CartRow.select().count() == 0
    assert EbookLoan.get().returned_on == TODAY + DAY
    assert OutboxMail.get(OutboxMail.kind == "due").text == ""
    assert Audit.select().where(Audit.action == "seal.deleted").count() == 1


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


def test_who_knows_nothing_of_it_ends_password_and_sessions_and_the_administrator_is_told(sealed):
    device = known_device(sealed, LATER)
    stopping.stop(link_of("sealed"), admin_mail="admin@example.jp", now=LATER)
    patron = Patron.get_by_id(sealed.id)
    assert patron.password_hash == "" and patrons.initial_password_until(patron) is None
    assert Session.select().count() == 0
    assert not marks.knows_patron(patron, device)
    assert OutboxMail.get(OutboxMail.kind == "admin").address == "admin@example.jp"
    assert not is_open(patron)
    with pytest.raises(errors.SignInRefused):
        signing_in.sign_in(patron.card_number, NEW, now=LATER)


def test_an_address_that_came_with_the_unknown_password_is_gone_with_it_and_its_links(sealed):
    PatronAddress.delete().where(PatronAddress.position == 2).execute()
    intruder = factories.address(sealed, "intruder@example.jp", position=2, since=LATER)
    factories.mail(sealed, "due", address=intruder.address, state="queued")
    with database.writing():
        signing_in.mail_verification(intruder, now=LATER, cause=Audit.select().first())
    verify = link_of("verify")
    stopping.stop(link_of("sealed"), now=LATER)
    with pytest.raises(errors.LinkDead):
        signing_in.verify_address(verify, now=LATER, apply=True)
    assert "intruder@example.jp" not in [row.address for row in patrons.addresses(sealed)] and patrons.addresses(sealed)
    factories.ask_reset(sealed.card_number, "intruder@example.jp", now=LATER)
    mails = OutboxMail.select().where(OutboxMail.address == "intruder@example.jp")
    assert {(mail.kind, mail.state) for mail in mails} == {("due", "cancelled"), ("verify", "cancelled")}
    assert not FormerAddress.select().exists()


def test_secret_addresses_that_came_with_the_unknown_password_are_gone_with_it(sealed):
    due_calendar.renew(sealed, now=LATER)
    addresses.renew(sealed, now=LATER)
    stopping.stop(link_of("sealed"), now=LATER)
    assert due_calendar.link_of(sealed) is None and addresses.shelf_token(sealed, "key") is None


def test_of_the_links_in_several_mails_the_first_is_the_last(sealed):
    tokens = [mail.facts["token"] for mail in OutboxMail.select().where(OutboxMail.kind == "sealed")]
    stopping.stop(tokens[0], now=LATER)
    for token in tokens:
        with pytest.raises(errors.LinkDead):
            stopping.check(token, now=LATER)
    assert OneTimeLink.select().where(OneTimeLink.purpose == "stop", OneTimeLink.used_at.is_null()).count() == 0


def test_a_closed_card_has_no_seal(reader):
    desk_reset(reader)
    account_closing.close(reader, by="staff:colleague", now=NOW)
    assert Seal.select().count() == 0
