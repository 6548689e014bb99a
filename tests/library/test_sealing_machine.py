"""Cards on which their owner and somebody at the desk do everything in any order, and what the desk must never read.

The desk issues passwords and knows what it issues, so its session may be any that a reset begins. Whatever it adds to
the card meanwhile, and whatever it does with that later: no session that it could have begun reads a row of the owner's
that is older than the last reset.
"""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from library import clock, errors, policy
from library.access import marks, passwords, seals, sessions
from library.account import account_closing, own_data, retention, sealed_records
from library.ebooks import addresses, lending
from library.lending import due_calendar
from library.lending.holds import cart, hold_mails, holds
from library.mail import delivery
from library.patrons import additions, changes, drafts, patrons, profile, signing_in, unrecognised_password
from library.patrons.family import ties
from library.reading import history, sdi_mails, shelves
from library.store import database
from models import (
    CalendarLink,
    CartRow,
    EbookHold,
    EbookLink,
    EbookLoan,
    FamilyTie,
    FormerAddress,
    HistoryEntry,
    Hold,
    OutboxMail,
    Passkey,
    Patron,
    PatronAddress,
    PushSubscription,
    SdiCondition,
    Session,
    Shelf,
    ShelvedTitle,
    database as connection,
)
from tests import factories, own_pages
from tests.conftest import NOW
from tests.long import in_the_long_run

DESK = "staff:desk"
COUNTER, HOME = "198.51.100.7", "192.0.2.7"  # networks: the desk's own, and anybody's
BEGINNINGS = (timedelta(days=200), timedelta(days=200), timedelta(days=5), None)  # in use for so long; fresh
REFUSED = (errors.Refusals, errors.Refused, errors.RefusedTogether)
KINDS = (
    "history", "memo", "shelf", "same shelf", "note", "cart", "taken out", "sdi", "ebook", "ebook hold", "calendar",
    "ebook link",
    "mail", "hold",
)  # fmt: skip
LASTING = ("history", "memo", "shelf", "same shelf", "note", "cart", "sdi")  # is there again once all is open
cards, people = st.sampled_from((0, 0, 0, 1)), st.sampled_from(("owner", "desk"))
WAYS_IN = st.sampled_from(("entered_session", "enter", "choose", "enter_with_a_passkey"))
places = st.sampled_from(("counter", "home"))


class Person:
    """One of the two who use a card, and what they have in hand."""

    def __init__(self, card, name):
        self.name = name
        self.mailbox = f"{name}{card}@example.jp"
        self.password = ""
        self.sessions, self.openings, self.feeds, self.passkeys = [], [], [], set()
        self.relative = factories.patron(name="親戚")


class Card:
    """A card, and what the rows can't tell: who made which of them, and which are older than the last reset."""

    def __init__(self):
        self.number = factories.patron(keep_history=True, password=None).id
        self.owner, self.desk = Person(self.number, "owner"), Person(self.number, "desk")
        self.words, self.stale = {}, set()

    @property
    def patron(self):
        return Patron.get_by_id(self.number)

    def person(self, name):
        return getattr(self, name)


class Sealing(RuleBasedStateMachine):
    read = staticmethod(own_pages.everything)  # each page of a patron

    def __init__(self):
        super().__init__()
        self.outside = connection.transaction()
        self.outside.__enter__()
        self.at, self.number = NOW, 0
        clock.set_source(lambda: self.at)

    def teardown(self):
        self.outside.rollback()
        self.outside.__exit__(None, None, None)

    @initialize(
        begun=st.sampled_from(BEGINNINGS),
        other=st.sampled_from(BEGINNINGS),
        is_listed=st.booleans(),
        left_out=st.sets(st.sampled_from(KINDS)),
    )
    def begin(self, begun, other, is_listed, left_out=()):
        """The counter's network is listed, or a member of staff signed in there."""
        policy.put("desk_networks", ["198.51.100.0/24"] if is_listed else [])
        with database.writing():
            counter = None if is_listed else marks.remember(factories.staff(), None, now=self.at)
        self.browsers = {"counter": counter, "desk's home": None}
        self.pool = [factories.title(f"同じ本{number}") for number in range(2)]
        self.cards = [Card(), Card()]
        for card, age in zip(self.cards, (begun, other), strict=True):
            if age is not None:
                self.use(card, self.at - age, left_out)

    def use(self, card, since, left_out):
        """Have a card that has been in use since a moment, with a key of each kind and a row of each kind."""
        owner = card.owner
        owner.password = factories.PASSWORD
        used = {"password_hash": passwords.hash_password(owner.password), "has_chosen_password": True}
        Patron.update(used).where(Patron.id == card.number).execute()
        factories.address(card.patron, owner.mailbox, verified_at=since, since=since)
        factories.preference(card.patron, "sdi", to_pc=True)
        owner.passkeys.add(self.passkey(card.patron, since))
        with database.writing():
            self.browsers[card.number] = marks.remember(card.patron, None, may_be_key=True, now=since)
        for kind in KINDS:
            if kind not in left_out:
                self.write(card, owner, kind)

    # -- what can be done ----------------------------------------------------------------------------------------------
    @property
    def now(self):
        self.at += timedelta(minutes=1)
        return self.at

    def tried(self, rule_of_the_house, *given, **more):
        try:
            return rule_of_the_house(*given, **more)
        except REFUSED:
            return None

    def session(self, card, person):
        """Return a session that this person still has, which opens all pages; None without one."""
        found = [sessions.find(token, now=self.at) for token in person.sessions]
        return next((one for one in found if one and one.scope == "full" and one.patron_id == card.number), None)

    def entered_session(self, card, person, place="home"):
        """Return a session of this person; where they have none, they come in as they can."""
        for come_in in (self.enter, self.choose, self.enter_with_a_passkey):
            if not self.session(card, person):
                come_in(card, person, place)
        return self.session(card, person)

    def passkey(self, patron, at):
        self.number += 1
        row = {"credential": f"credential{self.number}", "public_key": "key", "name": f"端末{self.number}"}
        return Passkey.create(patron=patron, created_at=at, **row).credential

    @rule(which=cards, who=people, kind=st.sampled_from(KINDS))
    def do_something(self, which, who, kind):
        card = self.cards[which]
        person = card.person(who)
        comes_by_itself = kind in ("history", "mail", "hold") and who == "owner"
        if comes_by_itself or self.entered_session(card, person):
            self.write(card, person, kind)

    def write(self, card, person, kind):
        """Leave one row of a kind, with a word that no other has."""
        self.number += 1
        word = f"kotoba{self.number}x"
        made = self.tried(getattr(self, f"write_{kind.replace(' ', '_')}"), card.patron, word, person)
        if person is card.owner and made is not None:
            card.words[made if isinstance(made, str) else word] = kind

    def write_history(self, patron, word, _):
        return factories.history(patron, word, clock.day_of(self.at) - timedelta(days=1), title=factories.title(word))

    def write_memo(self, patron, word, _):
        """Borrow one of a few titles again, and add to what is noted of it."""
        title = self.pool[self.number % 2]
        history.record(patron, title, branch="本館", lent_on=clock.day_of(self.at) - timedelta(days=1))
        entry = HistoryEntry.select().where(HistoryEntry.patron == patron, HistoryEntry.title == title).get()
        history.note(entry, memo=f"{entry.memo}\n{word}".strip(), rating=3)
        return entry

    def write_shelf(self, patron, word, _):
        return factories.shelf(patron, word, titles=[factories.title(word)])

    def write_same_shelf(self, patron, word, _):
        """Add to a shelf that every owner has."""
        shelf = Shelf.get_or_none(Shelf.patron == patron, Shelf.name == "同じ棚") or factories.shelf(patron, "同じ棚")
        factories.shelved.put(shelf, [factories.title(word), self.pool[0]], today=clock.day_of(self.at))
        return shelf

    def write_note(self, patron, word, _):
        """Note something on a shelf that is public, on a book of its own or on one that every time has."""
        shelf = Shelf.get_or_none(Shelf.patron == patron, Shelf.token != "") or self.public(patron)
        title = factories.title("公開の本") if self.number % 2 else self.pool[1]
        factories.shelved.put(shelf, [title], today=clock.day_of(self.at))
        book = ShelvedTitle.get(ShelvedTitle.shelf == shelf, ShelvedTitle.title == title)
        noted = f"{book.note}\n{word}".strip()
        ShelvedTitle.update(note=noted, read_on=self.at.date()).where(ShelvedTitle.id == book.id).execute()
        return shelf

    def public(self, patron):
        shelf = factories.shelf(patron, f"公開の棚{self.number}")
        shelves.publish(shelf)
        return shelf

    def write_cart(self, patron, word, _):
        self.tried(cart.add, patron, self.pool[0], now=self.at)
        return factories.cart_row(patron, factories.title(word), position=99)

    def write_taken_out(self, patron, word, _):
        row = factories.cart_row(patron, factories.title(word), position=99)
        cart.take_out(patron, row, now=self.at)
        return row

    def write_sdi(self, patron, word, _):
        if not SdiCondition.select().where(SdiCondition.patron == patron, SdiCondition.query == "q=x").exists():
            factories.condition(patron, "q=x", name="同じ条件")
        return factories.condition(patron, f"q={word}", name=word)

    def write_ebook(self, patron, word, _):
        return factories.ebook_loan(patron, factories.ebook(factories.title(word)))

    def write_ebook_hold(self, patron, word, _):
        return factories.ebook_hold(patron, factories.ebook(factories.title(word)))

    def write_calendar(self, patron, _, person):
        made = due_calendar.renew(patron, now=self.at).serial
        person.feeds.append(made)
        return made

    def write_ebook_link(self, patron, _, person):
        addresses.replace_shelf_address(patron, now=self.at)
        person.feeds.append(addresses.shelf_token(patron, own_pages.KEY))
        return person.feeds[-1]

    def write_mail(self, patron, word, _):
        return factories.mail(patron, "due", text=word, created_at=self.at)

    def write_hold(self, patron, word, _):
        """Have a hold end, so that a mail about it waits, where the patron has an address."""
        hold = factories.hold(patron, factories.title(word), placed_at=self.at, contact_method="mail")
        return holds.cancel(hold, by=DESK, now=self.at)

    # -- time ----------------------------------------------------------------------------------------------------------
    @rule(hours=st.sampled_from((1, 8, 24, 5 * 24, 13 * 24, 15 * 24, 40 * 24)), titles_arrive=st.booleans())
    def time_passes(self, hours, titles_arrive=False):
        """Let pages that are open be read on, mails go out, and end what ends by itself."""
        for card in self.cards if titles_arrive else ():
            self.sdi_finds_something(card)
        self.mails_go_out()
        hours = min(hours, *map(self.patience, self.cards))
        self.at += timedelta(hours=hours)
        Session.update(seen_at=self.at).where(Session.created_at > self.at - sessions.ABSOLUTE).execute()
        gone = [card for card in self.cards if (until := card.patron.sealed_until) and until < self.at]
        retention.clean_up(now=self.at)
        lending.end_all_over(now=self.at)
        for card in gone:  # deleted, as was asked for
            card.words = {word: kind for word, kind in card.words.items() if word not in card.stale}

    def patience(self, card):
        """Return the hours for which the owner lets an address of the desk's stand on a card of which nothing is
        sealed: less than make it a key.
        """
        if seals.is_sealed(card.patron):
            return 10_000
        since = [
            row.since
            for model in (PatronAddress, FormerAddress)
            for row in model.select().where(model.patron == card.number, model.address == card.desk.mailbox)
        ]
        left = [since + seals.OLDER - self.at for since in since]
        return max(0, min((int(each.total_seconds()) // 3600 - 1 for each in left), default=10_000))

    def sdi_finds_something(self, card):
        """Have a title come that a search of the owner's asks for, and SDI look for it."""
        words = [word for word, kind in card.words.items() if kind == "sdi"]
        for word in words[-1:]:
            factories.catalogued(f"新しい{word}", accession_date=clock.day_of(self.at))
        sdi_mails.queue(now=self.now)

    def mails_go_out(self):
        """Render what still has something to say, as the mailer does."""
        for mail in OutboxMail.select().where(OutboxMail.state == "queued", OutboxMail.kind.in_(("hold_ended", "sdi"))):
            letters = {"hold_ended": hold_mails.letter, "sdi": sdi_mails.letter}
            letter = letters[mail.kind](mail, today=clock.day_of(self.at))
            told = self.words_of(letter) if letter else ""
            self.desk_gets(mail, told)
            mail.state = "sending"
            OutboxMail.update(state="sending").where(OutboxMail.id == mail.id).execute()
            with database.writing():
                state = {"state": "sent", "sent_at": self.at, "text": told} if letter else {"state": "cancelled"}
                delivery._settle(mail, **state)

    def words_of(self, letter):
        if isinstance(letter, hold_mails.Letter):
            return f"{letter.holds}"
        return "\n".join(f"{found.condition.name} {[title.title for title in found.titles]}" for found in letter.found)

    def desk_gets(self, mail, told):
        for card in self.cards:
            assert mail.address != card.desk.mailbox or not self.stale_in(card, told), told

    # -- passwords -----------------------------------------------------------------------------------------------------
    def everything_is_older_now(self, card):
        card.stale = set(card.words)

    @rule(which=cards)
    def desk_issues_a_password(self, which):
        card = self.cards[which]
        patrons.reissue(card.patron, by=DESK, now=self.now)
        self.everything_is_older_now(card)

    def origin(self, card, person, place):
        """Return the browser's name, and from where somebody signs in with it: the counter's is used by both."""
        browser = "counter" if place == "counter" else card.number if person is card.owner else "desk's home"
        mark = self.browsers.get(browser)
        return browser, factories.origin(COUNTER if place == "counter" else HOME, mark)

    def entered(self, person, browser, signed_in):
        if signed_in is not None:
            person.sessions.append(signed_in.token)
            self.browsers[browser] = signed_in.device or self.browsers.get(browser)
            person.openings += [signed_in.opening] if signed_in.opening else []

    @rule(
        which=cards,
        who=people,
        place=places,
        way=WAYS_IN,
    )
    def come_in(self, which, who, place, way):
        card = self.cards[which]
        getattr(self, way)(card, card.person(who), place)
        patron = card.patron
        if who == "desk" and self.session(card, card.desk) and not seals.is_sealed(patron):  # else there is no file
            assert not self.stale_in(card, own_data.as_json(patron, now=self.at).decode())

    def enter(self, card, person, place):
        """Sign in with a password that this person knows; anybody knows the initial one."""
        patron = card.patron
        if not self.knows_password(patron, person):
            return
        given = person.password if patron.password_hash else "0808"
        browser, origin = self.origin(card, person, place)
        self.entered(
            person, browser, self.tried(signing_in.sign_in, patron.card_number, given, origin=origin, now=self.now)
        )

    def choose(self, card, person, place):
        if not any(one and one.scope == "first_password" for one in map(self.found, person.sessions)):
            return
        browser, origin = self.origin(card, person, place)
        new = self.new_password(person)
        others = [row.address for row in patrons.addresses(card.patron) if row.address != person.mailbox]
        given = {"origin": origin, "not_mine": others, "now": self.now}
        chosen = self.tried(signing_in.set_first_password, card.patron, new, new, **given)
        if chosen:
            person.password = new
            self.everything_is_older_now(card)
        self.entered(person, browser, chosen)

    def found(self, token):
        return sessions.find(token, now=self.at)

    def knows_password(self, patron, person):
        return not patron.password_hash or passwords.verify(patron.password_hash, person.password)

    def new_password(self, person):
        self.number += 1
        return f"{person.name}-yamabiko-no-uta-{self.number}"

    @rule(which=cards, who=people)
    def reset_by_mail(self, which, who):
        card = self.cards[which]
        person, new = card.person(who), self.new_password(card.person(who))
        factories.ask_reset(card.patron.card_number, person.mailbox, now=self.now)
        for token in self.tokens(card, person, "reset"):
            if self.tried(self.reset, token, new):
                person.password = new
                self.everything_is_older_now(card)

    def reset(self, token, new):
        signing_in.reset(token, new, new, now=self.now)
        return True

    def tokens(self, card, person, kind):
        """Return the texts of the mails of a kind in the mailbox of this person, the newest first."""
        mails = OutboxMail.select().where(OutboxMail.patron == card.number, OutboxMail.kind == kind)
        rows = mails.where(OutboxMail.address == person.mailbox).order_by(OutboxMail.id.desc())
        return [row.facts["token"] for row in rows if "token" in row.facts]

    @rule(which=cards, who=people)
    def change_the_password(self, which, who):
        """利用者情報変更, with 現パスワード."""
        card = self.cards[which]
        person, new = card.person(who), self.new_password(card.person(who))
        session, patron = self.session(card, person), card.patron
        if not session or not passwords.verify(patron.password_hash, person.password):
            return
        hashed = changes.new_password(patron, person.password, new, new, now=self.now)
        if self.tried(self.apply, patron, session, profile.stored(patron), password_hash=hashed):
            person.password = new

    def apply(self, patron, session, values, **given):
        draft = drafts.store(patron, values, now=self.now, **given)
        return changes.apply(draft, changes.Choices(), session=session, now=self.now)

    def enter_with_a_passkey(self, card, person, place):
        patron = card.patron
        row = Passkey.get_or_none(Passkey.patron == patron, Passkey.credential.in_(person.passkeys))
        if not row or not patron.password_hash:
            return
        browser, origin = self.origin(card, person, place)
        now = self.now
        with database.writing():  # library.patrons.passkeys, once the signature is right
            opening = seals.make_key_link(patron, mark=origin.mark, passkey=row, now=now)
            device = signing_in.remember(patron, origin, now)
            token = sessions.begin(patron, now=now)
        self.entered(person, browser, signing_in.SignedIn(patron, "full", token, device, opening))

    @rule(which=cards, who=people)
    def stop(self, which, who):
        """心当たりがありません."""
        card = self.cards[which]
        since = card.patron.unproved_since
        for token in self.tokens(card, card.person(who), "sealed")[:1]:
            if self.tried(self.stopped, token):
                self.everything_is_older_now(card)
                self.desk_has_left_nothing(card, since)

    def stopped(self, token):
        unrecognised_password.stop(token, now=self.now)
        return True

    # -- what is added -------------------------------------------------------------------------------------------------
    @rule(which=cards, who=people, what=st.sampled_from(("passkey", "address", "no other address", "tie", "push")))
    def add(self, which, who, what):
        card = self.cards[which]
        person = card.person(who)
        if session := self.entered_session(card, person):
            getattr(self, f"add_{what.replace(' ', '_')}")(card, person, session)

    def add_passkey(self, card, person, _):
        if Passkey.select().where(Passkey.patron == card.number).count() < 5:
            person.passkeys.add(self.passkey(card.patron, self.now))

    def add_address(self, card, person, session):
        self.store_addresses(card, session, person.mailbox, *(row.address for row in patrons.addresses(card.patron)))

    def add_no_other_address(self, card, person, session):
        self.store_addresses(card, session, person.mailbox)

    def store_addresses(self, card, session, *wanted):
        first, second, *_ = [*dict.fromkeys(wanted), "", ""]
        values = profile.stored(card.patron) | {"email1": first, "email2": second}
        self.tried(self.apply, card.patron, session, values)
        mine = (PatronAddress.patron == card.number) & PatronAddress.verified_at.is_null()
        PatronAddress.update(verified_at=self.now).where(mine).execute()  # who has the mailbox has the link

    def add_tie(self, card, person, _):
        """Have a relative of this person ask, and agree."""
        self.tried(ties.ask, person.relative, card.patron.card_number, now=self.now)
        asked = FamilyTie.get_or_none(FamilyTie.viewer == person.relative, FamilyTie.child == card.number)
        if asked:
            self.tried(ties.agree, asked, (ties.LOOK, ties.RENEW, ties.CARD), now=self.now)

    def add_push(self, card, person, _):
        self.number += 1
        factories.phone(card.patron, f"{person.name}の電話{self.number}", created_at=self.now, sdi=True)

    # -- what is sealed ------------------------------------------------------------------------------------------------
    @rule(which=cards, who=people, ticks=st.booleans())
    def open(self, which, who, ticks):
        card = self.cards[which]
        person = card.person(who)
        session = self.entered_session(card, person)
        browser = self.browsers.get(card.number if who == "owner" else "desk's home")
        if session is None:
            return
        mailed = self.tried(seals.mail_links, card.patron, now=self.now)  # メールで確認する
        assert seals.is_sealed(card.patron) or not mailed
        for token in person.openings + self.tokens(card, person, "open_seal")[:2]:
            patron = card.patron
            listed = (
                additions.made_since(patron, patron.unproved_since, browser=browser) if patron.unproved_since else []
            )
            keep = [each.key for each in listed if ticks and self.is_of(person, each)]
            new = self.new_password(person)
            asked = sealed_records.Opening(token, new, new, keep, session, browser)
            if self.tried(self.opened, asked, patron):
                person.password = new
                assert who == "owner"
                self.desk_has_left_nothing(card, patron.unproved_since)
                self.all_is_there(card)

    def opened(self, asked, patron):
        sealed_records.open_by_link(asked, patron, now=self.now)
        return True

    def is_of(self, person, added):
        """Tell if this person knows an addition as their own."""
        mine = {
            "address": added.name == person.mailbox,
            "tie": added.kind == "tie" and added.row.viewer_id == person.relative.id,
            "passkey": added.kind == "passkey" and added.row.credential in person.passkeys,
            "push": added.name.startswith(person.name),
            "calendar": added.kind == "calendar" and added.row.serial in person.feeds,
        }
        return mine.get(added.kind, False)

    def desk_has_left_nothing(self, card, since):
        """Check that nothing that came since a moment is left by which the desk could come in again."""
        desk, patron = card.desk, card.patron
        assert not Passkey.select().where(Passkey.patron == patron, Passkey.credential.in_(desk.passkeys)).exists()
        agreed = (FamilyTie.child == patron) & (FamilyTie.agreed_at >= since)
        assert not FamilyTie.select().where(agreed, FamilyTie.viewer == desk.relative).exists()
        pushes = PushSubscription.select().where(PushSubscription.patron == patron)
        assert not pushes.where(PushSubscription.name.startswith("desk")).exists()
        for model in (PatronAddress, FormerAddress):
            there = model.select().where(model.patron == patron, model.address == desk.mailbox)
            assert not there.where(model.since >= since).exists()
        for one in map(self.found, desk.sessions):
            assert one is None or one.patron_id != patron.id
        assert not passwords.verify(patron.password_hash, desk.password)

    def all_is_there(self, card):
        """Check that the owner reads every word of theirs again that does not end by itself."""
        told = "\n".join(own_pages.everything(card.patron, now=self.at).values())
        assert [word for word, kind in card.words.items() if kind in LASTING and word not in told] == []

    @rule(which=cards, who=people, back=st.booleans())
    def ask_for_deletion(self, which, who, back):
        card = self.cards[which]
        asked = sealed_records.take_back_deletion if back else sealed_records.ask_deletion
        if self.entered_session(card, card.person(who)):
            asked(card.patron, now=self.now)

    @rule()
    def close_a_card(self):
        """Have a new one begin, as fresh as any."""
        card = self.cards[1]
        account_closing.close(card.patron, by=DESK, now=self.now)
        for model in seals.MOVED:
            mine = (model.patron == card.number) | (model.sealed_for == card.number)
            assert not model.select().where(mine).exists() or model is EbookHold
        self.cards[1] = Card()

    # -- what must hold ------------------------------------------------------------------------------------------------
    def stale_in(self, card, told):
        return [word for word in card.stale if word in told]

    @invariant()
    def the_desk_reads_nothing_that_is_older(self):
        for card in self.cards if hasattr(self, "cards") else ():
            if self.session(card, card.desk) and card.stale:
                for page, told in self.read(card.patron, now=self.at).items():
                    assert not self.stale_in(card, told), (page, told)
            self.a_feed_of_the_desk_tells_nothing(card)

    def a_feed_of_the_desk_tells_nothing(self, card):
        """Read what is behind each secret address that the desk knows, and what the relative sees who asked with it."""
        today = clock.day_of(self.at)
        for feed in card.desk.feeds:
            if link := addresses.shelf_link(feed, own_pages.KEY):
                assert not self.stale_in(card, "\n".join(own_pages.ebooks(link.patron, today=today)))
            if link := CalendarLink.get_or_none(CalendarLink.serial == feed, CalendarLink.patron.is_null(False)):
                assert not self.stale_in(card, f"{due_calendar.events(link)}")
        if FamilyTie.select().where(FamilyTie.viewer == card.desk.relative).exists():
            told = own_pages.everything(card.desk.relative, now=self.at)
            assert not self.stale_in(card, "\n".join(told.values()))

    @invariant()
    def each_row_has_one_holder(self):
        for model in seals.MOVED:
            both = model.patron.is_null(False) & model.sealed_for.is_null(False)
            none = model.patron.is_null() & model.sealed_for.is_null()
            none = none & EbookLoan.returned_on.is_null() if model is EbookLoan else none
            assert not model.select().where(both | none).exists()

    @invariant()
    def what_is_sealed_is_of_a_password_that_nobody_proved(self):
        sealed = {number for (number,) in seals.sealed_patrons().tuples()}
        assert sealed == {card.number for card in self.cards if seals.is_sealed(card.patron)}
        assert not Patron.select().where(Patron.sealed_until.is_null(False), Patron.id.not_in(sealed)).exists()
        assert not Hold.select().where(Hold.sealed, Hold.patron.not_in(sealed)).exists()

    @invariant()
    def what_is_unique_is_so(self):
        for model, columns in (
            (Shelf, ("name",)),
            (CartRow, ("title",)),
            (SdiCondition, ("query",)),
            (CalendarLink, ()),
            (EbookLink, ()),
        ):
            for holder in ("patron", "sealed_for"):
                named = [getattr(model, name) for name in (holder, *columns)]
                rows = [row for row in model.select(*named).tuples() if row[0]]
                assert len(rows) == len(set(rows))


def run(machine, examples, steps, part="", phases=tuple(Phase)):
    """Walk through the cards. Each part has its own walks, the same ones each time."""
    profile = settings(
        max_examples=examples, stateful_step_count=steps, phases=phases, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(type(f"{machine.__name__}{part}", (machine,), {}), settings=profile)


def test_the_desk_reads_nothing_in_any_order(db):
    run(Sealing, examples=10, steps=30)


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))  # 20,000 steps, on as many processors as there are
def test_the_desk_reads_nothing_in_any_order_for_long(db, part):
    run(Sealing, examples=100, steps=50, part=part)


# -- what the walk would find ------------------------------------------------------------------------------------------
def past_the_holder(patron):
    rows = HistoryEntry.select().where((HistoryEntry.patron == patron) | (HistoryEntry.sealed_for == patron))
    return [row.title_text for row in rows]


def past_the_shelf(patron):
    rows = ShelvedTitle.select().join(Shelf).where((Shelf.patron == patron) | (Shelf.sealed_for == patron))
    return [f"{row.title_text} {row.note}" for row in rows if not row.shelf.token]


def past_the_mark(patron):
    rows = Hold.select().where(Hold.patron == patron, Hold.ended_at.is_null(False))
    return [row.title.title for row in rows]


@pytest.mark.parametrize("query", [past_the_holder, *in_the_long_run(past_the_shelf, past_the_mark)])
def test_a_page_that_reads_past_its_place_is_found(db, query):
    class OnePageMore(Sealing):
        @staticmethod
        def read(patron, *, now):
            return own_pages.everything(patron, now=now) | {"one more": "\n".join(query(patron))}

    with pytest.raises(AssertionError, match="one more"):
        run(OnePageMore, examples=60, steps=30, part=query.__name__, phases=[Phase.generate])
