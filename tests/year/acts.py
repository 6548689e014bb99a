"""The acts of the simulated year: each calls the function of a page, and is written into the diary."""

import random
import sys
import uuid
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import date, timedelta

from peewee import fn

from library import clock, errors, patron_columns, policy
from library.access import undos
from library.account import account_closing, registration, undoing
from library.counting.figures import by_hand
from library.lending import copies, loans, renewals, returns, withdrawals
from library.lending.holds import cancelling, cart, hold_shelf, holds
from library.merging import titles
from library.offline import acts, entries
from library.store import database, engine
from models import Branch, Item, Loan, OfflineEntry, Patron, Title, database as connection
from server import jobs
from settings import config
from tests.year import town as places
from tests.year.doors import Doors
from tests.year.town import BRANCHES, DAY, FIRST, LAST, POWER_CUT, SHARES, STAFF, TOKYO, Diary, Town, What

BESIDE = {  # jobs of mail and files, which no figure reads
    "due_notices", "overdue", "hold_deadlines", "family", "sdi", "resets", "outbox", "push", "rankings", "discovery",
    "covers", "offline_list", "mail_files", "import_files", "backup", "drill", "ebooks", "questions",
}  # fmt: skip
MINUTE = timedelta(minutes=1)


class Year:
    """The acts of each day. What is refused (a limit, an overdue loan, somebody waits) is no act."""

    def __init__(self, town, settings, rhythm=1):
        self.rhythm = rhythm  # nights between two in which the jobs run
        self.town, self.diary, self.chance, self.settings = town, town.diary, town.chance, settings
        self.moment, self.agenda, self.refused = clock.at(FIRST), defaultdict(list), Counter()
        self.rules = policy.read()
        self.branch = {number: Branch.get_by_id(number) for number in BRANCHES}
        self.fact, self.lent = {}, {}  # id of a loan → number in the diary, copy
        self.offline = defaultdict(list)
        self.active = [who for who in town.people.values() if not who.is_closed]
        self.made, self.visits = 0, 0
        self.works = {  # of each visit
            self.place_hold: 0.09, self.fill_cart: 0.05, self.renew_at_home: 0.06, self.register: 0.025,
            self.close: 0.008, self.change_person: 0.006, self.suspend: 0.002, self.new_card: 0.003,
            self.add_copy: 0.07, self.withdraw: 0.05, self.edit_title: 0.004,
        }  # fmt: skip
        clock.set_source(lambda: self.moment)
        self.doors = Doors(self)

    def run(self):
        for day in (FIRST + n * DAY for n in range((LAST - FIRST).days + 1)):
            if day != POWER_CUT and (day.day in (1, 2) or day.toordinal() % self.rhythm == 0):
                self.night(day)
                self.morning(day)
            self.day(day)
            self.diary.rows.commit()
            if day.day == 1:
                print(day, file=sys.stderr)
        self.night(LAST + DAY)
        self.diary.rows.commit()

    def at(self, day, minute=0):
        """Let it be so many minutes after midnight; time never goes back."""
        self.moment = max(self.moment + timedelta(seconds=1), clock.at(day) + minute * MINUTE)
        return self.moment

    def later(self, minutes):
        self.moment += minutes * MINUTE
        return self.moment

    def night(self, day):
        now = self.at(day, 150)
        for job in jobs.JOBS:
            if job.name not in BESIDE:
                jobs.attempt(job, self.settings, now=now)
        self.diary.put("night", (day,))

    def morning(self, day):
        if day.day == 2:
            self.enter_by_hand(day, self.at(day, 430))
        for number, branch in self.branch.items():
            if not self.town.is_open(number, day):
                continue
            now = self.at(day, 440 + number)
            on_way = Item.select().where(Item.going_to == number).order_by(Item.id)
            pulled = [hold.item_id for hold in hold_shelf.pull_list(branch)]
            for item_id in [*(item.id for item in (*on_way, *hold_shelf.to_reshelve(branch))), *pulled]:
                self.back(self.town.copies[item_id], number, now)

    def enter_by_hand(self, day, now):
        """Enter 来館者 and others of the month before; in spring the figures of three years."""
        month = (day - 2 * DAY).replace(day=1)
        for number, branch in self.branch.items():
            typed = {each.name: month.month * 100 + number + n for n, each in enumerate(by_hand.OF_MONTH)}
            by_hand.enter_month(branch, month, {name: f"{value:,}" for name, value in typed.items()}, by=STAFF, now=now)
            self.diary.put("by_hand", *((name, number, str(month)[:7], value) for name, value in typed.items()))
        for year in (2024, 2025, 2026) if day == date(2026, 4, 2) else ():
            typed = {each.name: 60_000 - year - n for n, each in enumerate(by_hand.OF_YEAR)}
            by_hand.enter_year(year, {name: f" {value}" for name, value in typed.items()}, by=STAFF, now=now)
            self.diary.put("by_hand", *((name, None, f"{year + 1}-03", value) for name, value in typed.items()))

    def wanted(self, number, day):
        """Return the number of visits of a branch today, so that the loans of the year become as many as asked for."""
        days = [day + n * DAY for n in range((LAST - day).days + 1)]
        rest = sum(SHARES[b] for b in BRANCHES for each in days if self.town.is_open(b, each))
        loans_of_visit = max(0.5, self.made / self.visits if self.visits > 100 else 1.8)
        return max(0.3, self.town.sizes["loans"] - self.made) * SHARES[number] / rest / loans_of_visit

    def day(self, day):
        chance, is_open = self.chance, self.town.is_open
        plan = [(chance.randint(465, 1200), *each) for each in self.agenda.pop(day, ())]
        for number in filter(lambda number: is_open(number, day), BRANCHES):
            wanted = self.wanted(number, day) * (1.25 if day.weekday() > 4 else 0.93)
            known = sum(each[1] == number for each in plan)
            for _ in range(self.about(wanted) - known):
                who = self.somebody()
                plan.append((chance.randint(465, 1200), number, who))
            works = (work for work, share in self.works.items() for _ in range(self.about(wanted * share)))
            plan += [(chance.randint(600, 1190), 0, work) for work in works]
        again = [(min(1210, minute + chance.randint(5, 400)), chance.choice((number, number, 1, 2, 3)), who)
                 for minute, number, who in plan if number and chance.random() < 0.04]  # fmt: skip
        plan += self.doors.due(day)
        off = self.when_server_is_off(day)
        for minute, number, what in sorted(plan + again, key=lambda each: each[:2]):
            if number == 0 and day != POWER_CUT:
                what(day, self.at(day, minute))
            elif number and is_open(number, day):
                visit = self.visit_without_server if off.get(number, 9999) <= minute else self.visit
                visit(what, number, day, minute)
            elif number:
                self.agenda[day + DAY].append((number, what))
        if day != POWER_CUT:
            self.take_in(day)

    def somebody(self):
        """Some come every week, most seldom."""
        return self.active[int(len(self.active) * self.chance.random() ** 2.5)]

    # -- at the desk ---------------------------------------------------------------------------------------------------
    @contextmanager
    def if_allowed(self):
        try:
            yield
        except (errors.Refused, errors.Refusals, errors.RefusedTogether) as refused:
            self.refused[type(getattr(refused, "reasons", [refused])[0]).__name__] += 1

    def visit(self, who, number, day, minute):
        if who.is_closed:
            return
        now = self.at(day, minute)
        self.renew_card(who, day, now)
        self.bring_back(who, number, now)
        for loan_id in list(who.out) if self.chance.random() < 0.15 else ():
            with self.if_allowed():
                renewals.renew(Loan.get_by_id(loan_id), now=self.at(day), by=STAFF)
                self.note_renewal(loan_id, who, "desk")
        kept = [what for at, what in who.ready if at == number]
        who.ready = [each for each in who.ready if each[0] != number]
        lent = [self.lend(who, what, number, day) for what in kept]
        self.visits += 1
        lent += [self.lend_one(who, number, day) for _ in range(self.how_many(who))]
        self.take_some_back([loan for loan in lent if loan], who, number, day)
        if who.out:
            self.come_again(who, number, day)

    def renew_card(self, who, day, now):
        if who.expires_on and who.expires_on < day:
            who.expires_on = registration.renew_card(Patron.get_by_id(who.id), by=STAFF, today=day, now=now)
            self.town.valid(who, day)

    def how_many(self, who):
        if who.is_partner:
            return 0
        if self.chance.random() < (0.5 if who.out or who.was_here else 0.05):
            return 0  # came to bring something back
        who.was_here = True
        most, few = (100, None) if who.is_group else (10, {1: 25, 2: 25, 3: 18, 4: 12, 5: 12, 8: 8})
        wanted = self.town.one_of(few) if few else self.chance.randint(5, 30)
        return min(wanted, most - len(who.out) + (self.chance.random() < 0.02))

    def come_again(self, who, number, day):
        other = self.chance.choice((1, 2, 3)) if self.chance.random() < 0.05 else number
        days = self.chance.randint(5, 13) if self.chance.random() < 0.97 else self.chance.randint(15, 40)
        self.agenda[day + days * DAY].append((other, who))

    def lend_one(self, who, number, day):
        what = self.town.take(number)
        return what and self.lend(who, what, number, day)

    def lend(self, who, what, number, day, override=""):
        given = {"branch": self.branch[number], "now": self.at(day), "by": STAFF, "rules": self.rules}
        with self.if_allowed():
            lent = loans.check_out(who.row, what.row, override=override, **given)
            if not lent.is_new:
                return None
            self.note_loan(lent.loan.id, self.moment, number, "desk", who, what)
            self.made += 1
            return lent.loan
        if not override and self.chance.random() < 0.1:
            return self.lend(who, what, number, day, override="窓口の判断")
        what.is_in = loans.open_loan_of(what.row) is None and not what.is_borrowed
        return None

    def note_loan(self, loan_id, at, number, channel, who, what):
        self.fact[loan_id] = self.diary.act("loan", at, number, channel, who, what)
        who.visits.setdefault((at.astimezone(TOKYO).date(), number), []).append(loan_id)
        who.out[loan_id] = self.lent[loan_id] = what

    def take_some_back(self, lent, who, number, day):
        """貸出の取消: the first of a visit, or the last, or all of them."""
        if not lent or self.chance.random() > 0.04:
            return
        chosen = self.chance.choice((lent[:1], lent[-1:], lent))
        for loan in chosen:
            with self.if_allowed():
                loans.undo(loan, by=STAFF, now=self.at(day))
                self.strike_loan(loan.id, who, number, day)
        if self.chance.random() < 0.5 and len(chosen) == 1:
            self.lend_one(who, number, day)

    def strike_loan(self, loan_id, who, number, day):
        self.diary.strike(self.fact.pop(loan_id))
        who.visits[day, number].remove(loan_id)
        self.shelve(who.out.pop(loan_id))

    @staticmethod
    def shelve(what):
        """A copy that came off the desk again stands on the shelf, or is kept for somebody."""
        item = Item.get_by_id(what.number)
        what.is_in = not item.aside and item.going_to_id is None and not what.is_borrowed

    def bring_back(self, who, number, now):
        for loan_id, what in list(who.out.items()):
            if self.chance.random() < 0.85:
                del who.out[loan_id]
                self.back(what, number, now)
                if self.chance.random() >= 0.004:
                    continue
                with self.if_allowed():
                    returns.undo(Loan.get_by_id(loan_id), by=STAFF, now=self.moment)
                    who.out[loan_id], what.is_in = what, False

    def back(self, what, number, now):
        back = returns.give_back(what.row, at=self.branch[number], now=now)
        if back.what == "hold":
            self.tell(back.hold, what, number, clock.day_of(now))
        what.is_in = back.what == "shelf" and back.to is None

    def tell(self, hold, what, number, day):
        """Somebody comes one of these days for the copy that is kept for them."""
        who = self.town.people[hold.patron_id]
        who.ready.append((number, what))
        self.agenda[day + self.chance.randint(1, 12) * DAY].append((number, who))

    def note_renewal(self, loan_id, who, channel):
        branch = Loan.get_by_id(loan_id).branch_id
        return self.diary.act("renewal", self.moment, branch, channel, who, self.lent[loan_id])

    # -- other work, and acts from home --------------------------------------------------------------------------------
    def about(self, number):
        return int(number + self.chance.random())

    def wanted_title(self):
        """Return a title as a hold has it, which is for no copy."""
        reader = next((who for who in (self.somebody() for _ in range(20)) if who.out), None)
        number = next(iter(reader.out.values())).title if reader else self.some_title()
        return What(0, number, 0, "", self.town.records[number])

    def some_title(self):
        return self.chance.randint(1, self.town.sizes["titles"])

    def place_hold(self, day, now, wanted=None):
        who, wanted = self.somebody(), wanted or self.wanted_title()
        by, branch = self.chance.choice(("patron", STAFF)), self.town.one_of(SHARES)
        title, given = Title.get_by_id(wanted.title), {"pickup_branch": self.branch[branch], "by": by}
        with self.if_allowed():
            hold = holds.place(who.row, title, now=now, **given)
            self.diary.act("hold", now, branch, "site" if by == "patron" else "desk", who, wanted)
            if by != "patron" or self.chance.random() > 0.1:
                return
            # 取り消す, and within minutes reserve again (the same hold), or not (a hold that was placed all the same)
            cancelling.give_up(hold, now=self.moment + MINUTE)
            if self.chance.random() < 0.5:
                with self.if_allowed():
                    holds.place(who.row, title, now=self.moment + 3 * MINUTE, **given)
            self.later(3)

    def fill_cart(self, day, now):
        """Reserve several titles at once, and sometimes take all of it back."""
        who, branch = self.somebody(), self.town.one_of(SHARES)
        patron = Patron.get_by_id(who.id)
        wanted = {each.title: each for each in [self.wanted_title() for _ in range(self.chance.randint(1, 3))]}
        chosen = list(Title.select().where(Title.id.in_(cart.add_many(patron, list(wanted), now=now))))
        with self.if_allowed():
            order = self.chance.choice(("", "in_order", "any_one")) if len(chosen) > 1 else ""
            given = {"pickup_branch": self.branch[branch], "contact_method": "none", "order": order}
            placed = [each for each in cart.place(patron, chosen, now=now, **given) if each.hold]
            rows = [self.diary.act("hold", now, branch, "site", who, wanted[each.title.id]) for each in placed]
            if placed and self.chance.random() < 0.3:
                self.undo_at_home(patron, "cart", rows)
        cart.remove(patron, Title.select().where(Title.id.in_(list(wanted))))

    def undo_at_home(self, patron, what, rows):
        undo = undos.of_patron(patron, what, now=self.moment)[0]
        undoing.take_back(patron, undo.id, now=self.later(2))
        for row in rows:
            self.diary.strike(row)

    def renew_at_home(self, day, now):
        who = next((who for who in (self.somebody() for _ in range(20)) if who.out), None)
        if who is None:
            return
        patron = Patron.get_by_id(who.id)
        tried = renewals.renew_all(list(loans.open_loans(patron)), now=now, by="patron")
        done = [each.loan.id for each in tried if not each.reasons]
        rows = [self.note_renewal(loan_id, who, "site") for loan_id in done]
        if done and self.chance.random() < 0.25:
            with self.if_allowed():
                self.undo_at_home(patron, "renewals", rows)

    def register(self, day, now):
        town, chance, number = self.town, self.chance, len(self.town.people) + 1
        is_child = chance.random() < 0.4
        born = min(town.child_birthday(), day - 90 * DAY) if is_child else None
        values = {
            "name": f"図書 花子{number}", "birth_date": born or date(1940, 1, 1) + chance.randint(0, 24_000) * DAY,
            "category": "児童" if is_child else "一般", "residence": town.one_of(places.RESIDENCES), "expires_on": None,
        }  # fmt: skip
        branch = town.one_of(SHARES)
        typed = values | {"branch": self.branch[branch], "titles_in_mail": True}
        typed = dict.fromkeys(patron_columns.OWNED, "") | typed
        patron, _ = registration.register(places.card(number), typed, by=STAFF, today=day, now=now)
        values |= {"id": patron.id, "branch": branch, "registered_on": day, "expires_on": patron.expires_on}
        who = town.person(values, day)
        self.active.insert(chance.randint(0, len(self.active)), who)
        town.valid(who, day)
        self.agenda[day].append((branch, who))
        if town.is_open(branch, day):
            self.visit(who, branch, day, 0)

    def close(self, day, now):
        who = self.somebody()
        with self.if_allowed():
            account_closing.close(who.row, by=STAFF, now=now)
            who.is_closed = True
            self.active.remove(who)
            # that morning it was a valid one
            self.diary.rows.execute("UPDATE card SET last = min(last, ?) WHERE number = ?", (str(day), who.id))

    def change_person(self, day, now):
        """Somebody moves to another town, another branch, or is no child any more."""
        who = self.somebody()
        if who.is_group or who.is_partner:
            return
        patron = Patron.get_by_id(who.id)
        values = {name: getattr(patron, name) for name in patron_columns.OWNED}
        who.residence, who.branch = self.town.one_of(places.RESIDENCES), self.chance.choice((1, 2, 3))
        who.category = "一般" if self.chance.random() < 0.5 else who.category
        changed = {"residence": who.residence, "branch": self.branch[who.branch], "category": who.category}
        registration.change(patron, values | changed, by=STAFF, now=now)
        self.town.on_file(who, day)

    def suspend(self, day, now):
        """利用停止 for a minute; a suspended card is a valid one."""
        who = self.somebody()
        registration.suspend(who.row, "弁償について相談中", by=STAFF, now=now)
        registration.resume(who.row, by=STAFF, now=self.later(1))

    def new_card(self, day, now):
        """紛失: another number, the same patron; a visit of the day stays one visit."""
        patron = Patron.get_by_id(self.somebody().id)
        registration.replace_card(patron, f"9{self.key().int % 10**12:012}", by=STAFF, now=now)

    def key(self):
        return uuid.UUID(int=self.chance.getrandbits(128))

    def add_copy(self, day, now):
        title, branch, how = self.some_title(), self.town.one_of(SHARES), self.town.one_of(places.HOW)
        received = day - self.chance.randint(0, 40) * DAY if self.chance.random() < 0.1 else day
        values = {
            "barcode": f"N{len(self.town.copies):09}", "branch": self.branch[branch], "shelf": "", "call_number": "",
            "material_type": "", "note": "", "acquired_on": received, "acquired_how": how,
        }  # fmt: skip
        item = copies.add(Title.get_by_id(title), values, by=STAFF, today=day, now=now)
        self.shelve(self.town.copy(item.id, title, branch, "", received, how, day))

    def withdraw(self, day, now):
        """除籍, and sometimes taken back at once."""
        what, why = self.town.take(self.town.one_of(SHARES)), self.town.one_of(places.WHY)
        if what is None:
            return
        with self.if_allowed():
            withdrawn_on = day - self.chance.randint(0, 5) * DAY if self.chance.random() < 0.1 else day
            withdrawals.withdraw({what.number: why}, withdrawn_on, despite=[what.number], by=STAFF, now=now)
            where = "UPDATE copy SET withdrawn = ?, why = ?, withdrawal_entered = ? WHERE number = ?"
            self.diary.rows.execute(where, (str(withdrawn_on), why, str(day), what.number))
            if self.chance.random() >= 0.1:
                return
            withdrawals.take_back([what.number], by=STAFF, now=self.later(2))
            self.diary.rows.execute(where, (None, "", None, what.number))
        what.is_in = True

    def edit_title(self, day, now):
        """A record gets another class: loans until now stay in the one that they were lent in."""
        number = self.some_title()
        kind, audience, ndc = self.town.records[number]
        # the diary knows no class of former days: that of the year's end is counted
        if not ndc or day >= date(2026, 4, 1):
            return
        ndc = f"{self.chance.randint(0, 999):03}"
        Title.update(ndc=ndc).where(Title.id == number).execute()
        self.town.records[number] = (kind, audience, ndc)
        for what in self.town.copies.values():
            if what.title == number:
                what.ndc = ndc
                self.diary.rows.execute("UPDATE copy SET ndc = ? WHERE number = ?", (ndc, what.number))

    # -- without the server --------------------------------------------------------------------------------------------
    def when_server_is_off(self, day):
        """Return branch → minute of the day from which nothing is online."""
        if day == POWER_CUT:
            return dict.fromkeys(BRANCHES, 0)
        if day in (date(2025, 12, 28), date(2026, 3, 31), date(2025, 9, 30)):
            return {1: 780, 2: 600}
        return {self.chance.choice((1, 2, 3)): self.chance.randint(500, 1000)} if self.chance.random() < 0.04 else {}

    def visit_without_server(self, who, number, day, minute):
        if who.is_closed or (who.expires_on and who.expires_on < day):
            return
        at = clock.at(day, minute // 60, minute % 60)
        pending = {what for _, _, what, _ in self.offline[number]}
        for loan_id, what in list(who.out.items()):
            if self.chance.random() < 0.6 and what not in pending:
                self.write_down(at, who, what, number, loan_id)
                del who.out[loan_id]
        for n in range(min(self.how_many(who), 6)):
            if what := self.town.take(number):
                self.write_down(at + n * timedelta(seconds=20), who, what, number)
        self.come_again(who, number, day)

    def write_down(self, at, who, what, number, loan_id=None):
        kind, card = ("return", "") if loan_id else ("loan", Patron.get_by_id(who.id).card_number)
        said = {"barcode": Item.get_by_id(what.number).barcode, "card": card, "branch": str(number)}
        entry = entries.Entry(key=str(self.key()), kind=kind, at=at, **said)
        self.offline[number].append((entry, who, what, loan_id))

    def take_in(self, day):
        """Take in the entries of days before, at the end of an open day; on some days nobody finds the time."""
        for number, branch in self.branch.items():
            waits = self.offline[number]
            is_waiting = waits and max(clock.day_of(entry.at) for entry, *_ in waits) != day
            if not is_waiting or not self.town.is_open(number, day):
                continue
            if self.chance.random() < 0.3 and day < LAST - 2 * DAY:
                continue
            now = self.at(day, 1230 + number)
            for first in range(0, len(waits), 100):
                entries.take([each[0] for each in waits[first : first + 100]], at=branch, by=STAFF, now=now)
            for waiting in self.offline.pop(number):
                self.note_entry(*waiting, number)

    def note_entry(self, entry, who, what, loan_id, number):
        row = OfflineEntry.get(OfflineEntry.key == entry.key)
        is_made = row.conflict in ("", *acts.RECORDED)
        if not is_made:
            self.refused[f"offline {row.conflict}"] += 1
        if entry.kind == "loan" and is_made:
            day = entry.at.astimezone(TOKYO).date()
            # where the other loans of a visit were unlinked already, nobody can know any more that it is the same visit
            others = who.visits.get((day, number))
            if others and not Loan.select().where(Loan.id.in_(others), Loan.patron.is_null(False)).exists():
                self.diary.put("hidden_visit", (day, number, who.id))
            self.note_loan(row.loan_id, entry.at, number, "offline", who, what)
        elif entry.kind == "loan":
            self.shelve(what)
        elif is_made:
            self.back(what, number, self.moment)
        else:
            who.out[loan_id] = what

    # -- afterwards ----------------------------------------------------------------------------------------------------
    def upheaval(self):
        """Do all that must change no figure: all copies come back, loans are unlinked, titles are merged, copies are
        withdrawn, cards closed, patrons erased after three years, and facts lose hours and days.

        Return the number of those who were erased.
        """
        day = LAST + DAY
        now = self.at(day, 600)
        for loan in list(Loan.select().where(Loan.returned_on.is_null())):
            returns.give_back(loan.item, at=self.branch[1], now=now)
        self.night(day + DAY)
        for item in list(Item.select().where(Item.state == "available", Item.owner.is_null()).limit(50)):
            with self.if_allowed():
                withdrawals.withdraw({item.id: "内容が古い"}, day, despite=[item.id], by=STAFF, now=now)
        for patron in list(Patron.select().where(Patron.state != "closed")):
            with self.if_allowed():
                account_closing.close(patron, by=STAFF, now=now)
        # a merged record takes class and audience of the one that is kept, also in its 受入
        alike = Title.select(fn.min(Title.id), fn.max(Title.id)).where(Title.id <= self.town.sizes["titles"])
        alike = alike.having(fn.min(Title.id) < fn.max(Title.id)).limit(5)
        for pair in alike.group_by(Title.material_type, Title.audience, fn.substr(Title.ndc, 1, 1)).tuples():
            titles.merge(*pair, seen=titles.plan(*pair).seen, by=STAFF, now=now)
        on_server = " ON audit" if engine.is_server() else ""
        connection.execute_sql(f"DROP TRIGGER audit_is_kept{on_server}")  # to which it is still today
        erased = Patron.select().count()
        for later in (date(2027, 6, 1), date(2029, 6, 1), date(2030, 6, 1)):
            self.night(later)
        return erased - Patron.select().count()


def build(folder, sizes, seed="year", rhythm=1, url=""):
    """Make the town, let its year pass, and return that. ``url``: of an empty database, if not a file in it."""
    settings = config.load(INSTANCE=str(folder))
    opened = database.open_database(url or settings["DATABASE_URL"])
    opened.connect(reuse_if_open=True)
    clock.set_source(lambda: clock.at(FIRST))
    database.migrate()
    if not engine.is_server():
        opened.execute_sql("PRAGMA synchronous = OFF")
    year = Year(Town(sizes, Diary(folder / "diary.sqlite3"), random.Random(seed)), settings, rhythm)
    year.run()
    return year
