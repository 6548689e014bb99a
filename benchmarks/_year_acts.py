"""The acts of the simulated year of ``year.py``: each calls the function of a page, and is written into the diary."""

import uuid
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import date, timedelta

from _year_town import BRANCHES, DAY, FIRST, HOW, LAST, RESIDENCES, SHARES, STAFF, WHY, YEAR, What, Who, card, pick

from library import clock, errors, policy
from library.access import undos
from library.account import account_closing, registration, undoing
from library.lending import copies, loans, renewals, returns, withdrawals
from library.lending.holds import cancelling, cart, hold_shelf, holds
from library.offline import acts, entries
from models import (
    Branch,
    Item,
    Loan,
    OfflineEntry,
    Patron,
    Title,
)
from server import jobs

QUEUES_MAIL = ("due_notices", "overdue", "hold_deadlines", "family", "sdi", "resets", "outbox", "push")
OF_FILES = (
    "rankings",
    "discovery",
    "covers",
    "offline_list",
    "mail_files",
    "import_files",
    "backup",
    "drill",
    "ebooks",
)
AT_NIGHT = [job.name for job in jobs.JOBS if job.name not in (*QUEUES_MAIL, *OF_FILES, "questions")]


# -- the year --------------------------------------------------------------------------------------------------------
class Year:
    """The acts of each day. What is refused (a limit, an overdue loan, somebody waits) is no act."""

    def __init__(self, town, settings, rhythm=1):
        self.rhythm = rhythm  # nights between two in which the jobs run
        self.town, self.diary, self.chance, self.settings = town, town.diary, town.chance, settings
        self.moment, self.agenda, self.refused = clock.at(FIRST), defaultdict(list), Counter()
        self.rules = policy.read()
        self.branch = {number: Branch.get_by_id(number) for number in (1, 2, 3)}
        self.fact, self.renewed, self.lent = {}, {}, {}  # id of a loan → number in the diary, those of renewals, copy
        self.arriving, self.offline = defaultdict(list), defaultdict(list)
        self.active = [who for who in town.people.values() if not who.is_closed]
        self.made, self.visits = 0, 0
        clock.set_source(lambda: self.moment)

    def run(self, progress=None):
        day = FIRST
        while day <= LAST:
            if day.day in (1, 2) or day.toordinal() % self.rhythm == 0:
                self.night(day)
                self.morning(day)
            self.day(day)
            self.diary.rows.commit()
            if progress:
                progress(day)
            day += DAY
        self.night(day)
        self.diary.rows.commit()

    def at(self, day, minute):
        """Let it be so many minutes after midnight; time never goes back."""
        self.moment = max(self.moment + timedelta(seconds=1), clock.at(day) + timedelta(minutes=minute))
        return self.moment

    def night(self, day):
        now = self.at(day, 150)
        if day == date(2025, 10, 1):  # the server was off in the night after the end of a month
            return
        for name in AT_NIGHT:
            jobs.attempt(jobs.by_name(name), self.settings, now=now)
        self.diary.put("night", [(str(day),)])

    def morning(self, day):
        for number, branch in self.branch.items():
            if not self.town.is_open(number, day):
                continue
            now = self.at(day, 440 + number)
            for what in self.arriving.pop(number, ()):
                self.back(what, number, now)
            for hold in hold_shelf.pull_list(branch):
                self.back(self.town.copies[hold.item_id], number, now)
            for item in hold_shelf.to_reshelve(branch):
                self.back(self.town.copies[item.id], number, now)

    def wanted(self, number, day):
        """Return the number of visits of a branch today, so that the loans of the year become as many as asked for."""
        days = [day + n * DAY for n in range((LAST - day).days + 1)]
        rest = sum(self.town.is_open(b, each) * SHARES[b - 1] for b in (1, 2, 3) for each in days)
        loans_of_visit = max(0.5, self.made / self.visits if self.visits > 100 else 1.8)
        return max(0.3, self.town.sizes["loans"] - self.made) * SHARES[number - 1] / rest / loans_of_visit

    def day(self, day):
        plan = [(self.chance.randint(465, 1200), *each) for each in self.agenda.pop(day, ())]
        for number in (1, 2, 3):
            if not self.town.is_open(number, day):
                continue
            wanted = self.wanted(number, day) * (1.25 if day.weekday() > 4 else 0.93)
            known = sum(each[1] == number for each in plan)
            for _ in range(max(0, int(wanted + self.chance.random()) - known)):
                who = self.somebody()
                plan.append((self.chance.randint(465, 1200), number, who))
            plan += [(self.chance.randint(600, 1190), 0, kind) for kind in self.desk_works(number, wanted)]
        again = [(min(1210, minute + self.chance.randint(5, 400)), self.chance.choice((number, number, 1, 2, 3)), who)
                 for minute, number, who in plan if number and self.chance.random() < 0.04]  # fmt: skip
        off = self.when_server_is_off(day)
        for minute, number, what in sorted(plan + again, key=lambda each: each[:2]):
            if number == 0:
                what(day, self.at(day, minute))
            elif self.town.is_open(number, day):
                if off.get(number, 9999) <= minute:
                    self.visit_without_server(what, number, day, minute)
                else:
                    self.visit(what, number, day, minute)
            else:
                self.agenda[day + DAY].append((number, what))
        self.take_in(day)

    def somebody(self):
        """Some come every week, most seldom."""
        return self.active[int(len(self.active) * self.chance.random() ** 2.5)]

    # -- at the desk ---------------------------------------------------------------------------------------------------
    @contextmanager
    def if_allowed(self):
        try:
            yield
        except errors.Refusals as refused:
            self.refused[type(refused.reasons[0]).__name__] += 1
        except (errors.Refused, errors.RefusedTogether) as refused:
            self.refused[type(refused).__name__] += 1

    def visit(self, who, number, day, minute):
        if who.is_closed:
            return
        now = self.at(day, minute)
        if who.until and who.until < day:
            self.renew_card(who, day, now)
        self.bring_back(who, number, now)
        if self.chance.random() < 0.15:
            self.renew_some(who, day, number)
        lent = []
        for what in [what for at, what in who.ready if at == number]:
            who.ready.remove((number, what))
            lent.append(self.lend(who, what, number, day))
        self.visits += 1
        for _ in range(self.how_many(who)):
            what = self.town.pools[number].take(self.chance)
            if what is not None:
                lent.append(self.lend(who, what, number, day))
        self.take_some_back([loan for loan in lent if loan], who, number, day)
        if who.out:
            self.come_again(who, number, day)

    def how_many(self, who):
        room = who.most - len(who.out)
        if self.chance.random() < (0.5 if who.out or who.was_here else 0.05):
            return 0  # came to bring something back
        who.was_here = True
        few = (1, 2, 3, 4, 5, 8), (25, 25, 18, 12, 12, 8)
        wanted = self.chance.randint(5, 30) if who.is_group else self.chance.choices(*few)[0]
        return min(wanted, room + (self.chance.random() < 0.02))

    def come_again(self, who, number, day):
        other = self.chance.choice((1, 2, 3)) if self.chance.random() < 0.05 else number
        days = self.chance.randint(5, 13) if self.chance.random() < 0.97 else self.chance.randint(15, 40)
        self.agenda[day + days * DAY].append((other, who))

    def lend(self, who, what, number, day, override=""):
        now = self.at(day, 0)
        with self.if_allowed():
            lent = loans.check_out(
                who.row, what.row, branch=self.branch[number], now=now, by=STAFF, override=override, rules=self.rules
            )
            loan = lent.loan
            if not lent.is_new:
                return None
            self.fact[loan.id] = self.diary.act("loan", day, clock.local(now).hour, number, "desk", who, what)
            self.renewed[loan.id], self.made = [], self.made + 1
            who.out[loan.id] = self.lent[loan.id] = what
            return loan
        if not override and self.chance.random() < 0.1:
            return self.lend(who, what, number, day, override="窓口の判断")
        if loans.open_loan_of(what.row) is None:
            self.town.pools[number].add(what)
        return None

    def take_some_back(self, lent, who, number, day):
        """貸出の取消: the first of a visit, or the last, or all of them."""
        if not lent or self.chance.random() > 0.04:
            return
        chosen = self.chance.choice((lent[:1], lent[-1:], lent))
        for loan in chosen:
            with self.if_allowed():
                loans.undo(loan, by=STAFF, now=self.at(day, 0))
                self.diary.strike(self.fact.pop(loan.id))
                self.shelve(who.out.pop(loan.id), number)
        if self.chance.random() < 0.5 and len(chosen) == 1:
            what = self.town.pools[number].take(self.chance)
            if what:
                self.lend(who, what, number, day)

    def shelve(self, what, number):
        """A copy that came off the desk again stands on the shelf, or is kept for somebody."""
        item = Item.get_by_id(what.number)
        if not item.aside and item.going_to_id is None:
            self.town.pools[number].add(what)

    def bring_back(self, who, number, now):
        for loan_id, what in list(who.out.items()):
            if self.chance.random() < 0.85:
                del who.out[loan_id]
                self.back(what, number, now)
                if self.chance.random() < 0.004:
                    self.undo_return(loan_id, who, what, number)

    def undo_return(self, loan_id, who, what, number):
        with self.if_allowed():
            returns.undo(Loan.get_by_id(loan_id), by=STAFF, now=self.moment)
            who.out[loan_id] = what
            self.town.pools[number].drop(what)
            for branch in self.arriving.values():
                if what in branch:
                    branch.remove(what)
            for other in self.town.people.values() if len(self.town.people) < 1000 else ():
                other.ready = [(at, each) for at, each in other.ready if each is not what]

    def back(self, what, number, now):
        self.town.pools[what.branch].drop(what)
        back = returns.give_back(what.row, at=self.branch[number], now=now)
        if back.to is not None:
            self.arriving[back.to.id].append(what)
        elif back.what == "hold":
            who = self.town.people[back.hold.patron_id]
            who.ready.append((number, what))
            days = self.chance.randint(1, 12)
            self.agenda[clock.day_of(now) + days * DAY].append((number, who))
        elif back.what == "shelf":
            self.town.pools[number].add(what)

    def renew_some(self, who, day, number):
        for loan_id in list(who.out):
            with self.if_allowed():
                renewals.renew(Loan.get_by_id(loan_id), now=self.at(day, 0), by=STAFF)
                self.note_renewal(loan_id, who, day, "desk")

    def note_renewal(self, loan_id, who, day, channel):
        branch = Loan.get_by_id(loan_id).branch_id
        row = self.diary.act("renewal", day, clock.local(self.moment).hour, branch, channel, who, self.lent[loan_id])
        self.renewed.setdefault(loan_id, []).append(row)

    def renew_card(self, who, day, now):
        until = registration.renew_card(Patron.get_by_id(who.number), by=STAFF, today=day, now=now)
        who.until = until
        self.town.valid(who, day, until)

    # -- other work, and acts from home ------------------------------------------------------------------------------
    def desk_works(self, number, wanted):
        """Yield the other works of a day, in measure of its visits."""
        each = (
            (self.place_hold, 0.09), (self.fill_cart, 0.05), (self.renew_at_home, 0.06), (self.register, 0.025),
            (self.close, 0.008), (self.change_person, 0.006), (self.suspend, 0.002), (self.new_card, 0.003),
            (self.add_copy, 0.07), (self.withdraw, 0.05), (self.edit_title, 0.004),
        )  # fmt: skip
        for work, share in each:
            expected = wanted * share
            for _ in range(int(expected) + (self.chance.random() < expected - int(expected))):
                yield work

    def wanted_title(self):
        for _ in range(20):
            who = self.somebody()
            if who.out:
                what = next(iter(who.out.values()))
                return what.title, self.title_of(what.title)
        number = self.chance.randint(1, self.town.sizes["titles"])
        return number, self.title_of(number)

    def title_of(self, number):
        """The title itself, as a hold is for no copy."""
        kind, audience, ndc = self.town.records[number]
        return What(0, number, 0, "", (kind, audience, ndc))

    def place_hold(self, day, now):
        who, (number, title) = self.somebody(), self.wanted_title()
        by = self.chance.choice(("patron", STAFF))
        branch = self.chance.choices((1, 2, 3), SHARES)[0]
        with self.if_allowed():
            hold = holds.place(who.row, Title.get_by_id(number), pickup_branch=self.branch[branch], now=now, by=by)
            channel = "site" if by == "patron" else "desk"
            self.diary.act("hold", day, clock.local(now).hour, branch, channel, who, title)
            self.change_mind(hold, who, number, branch, by)

    def change_mind(self, hold, who, number, branch, by):
        """取り消す, and within minutes reserve again (the same hold), or not (a hold that was placed all the same)."""
        if by != "patron" or self.chance.random() > 0.1:
            return
        cancelling.give_up(hold, now=self.moment + timedelta(minutes=1))
        if self.chance.random() < 0.5:
            with self.if_allowed():
                holds.place(
                    who.row,
                    Title.get_by_id(number),
                    pickup_branch=self.branch[branch],
                    now=self.moment + timedelta(minutes=3),
                    by=by,
                )
        self.moment += timedelta(minutes=3)

    def fill_cart(self, day, now):
        """Reserve several titles at once, and sometimes take all of it back."""
        who, branch = self.somebody(), self.chance.choices((1, 2, 3), SHARES)[0]
        patron = Patron.get_by_id(who.number)
        wanted = dict(self.wanted_title() for _ in range(self.chance.randint(1, 3)))
        added = cart.add_many(patron, list(wanted), now=now)
        chosen = list(Title.select().where(Title.id.in_(added)))
        with self.if_allowed():
            order = self.chance.choice(("", "in_order", "any_one")) if len(chosen) > 1 else ""
            outcomes = cart.place(
                patron, chosen, pickup_branch=self.branch[branch], contact_method="none", order=order, now=now
            )
            placed = [each for each in outcomes if each.hold]
            rows = [
                self.diary.act("hold", day, clock.local(now).hour, branch, "site", who, wanted[each.title.id])
                for each in placed
            ]
            if placed and self.chance.random() < 0.3:
                undo = undos.of_patron(patron, "cart", now=self.moment)[0]
                self.moment += timedelta(minutes=2)
                undoing.take_back(patron, undo.id, now=self.moment)
                for row in rows:
                    self.diary.strike(row)
        cart.remove(patron, Title.select().where(Title.id.in_(list(wanted))))

    def renew_at_home(self, day, now):
        who = next((who for who in (self.somebody() for _ in range(20)) if who.out), None)
        if who is None:
            return
        chosen = list(loans.open_loans(Patron.get_by_id(who.number)))
        done = [each.loan.id for each in renewals.renew_all(chosen, now=now, by="patron") if not each.reasons]
        for loan_id in done:
            self.note_renewal(loan_id, who, day, "site")
        if done and self.chance.random() < 0.25:
            patron = Patron.get_by_id(who.number)
            with self.if_allowed():
                self.moment += timedelta(minutes=2)
                undoing.take_back(patron, undos.of_patron(patron, "renewals", now=self.moment)[0].id, now=self.moment)
                for loan_id in done:
                    self.diary.strike(self.renewed[loan_id].pop())

    def register(self, day, now):
        town, number = self.town, max(self.town.people) + 1
        is_child = self.chance.random() < 0.4
        born = (
            min(town.child_birthday(), day - 90 * DAY)
            if is_child
            else date(1940, 1, 1) + self.chance.randint(0, 24_000) * DAY
        )
        who = Who(
            number,
            "児童" if is_child else "一般",
            born,
            pick(self.chance, RESIDENCES),
            self.chance.choices((1, 2, 3), SHARES)[0],
            day,
            None,
        )
        values = dict.fromkeys(
            (
                "name_kana",
                "phone_home",
                "phone_mobile",
                "phone_work",
                "postal_code",
                "address",
                "guardian_name",
                "guardian_phone",
            ),
            "",
        )
        values |= {
            "name": f"図書 花子{number}", "birth_date": born, "category": who.category, "residence": who.residence,
            "branch": self.branch[who.branch], "expires_on": None, "titles_in_mail": True,
        }  # fmt: skip
        patron, _ = registration.register(card(number), values, by=STAFF, today=day, now=now)
        who.number, who.until = patron.id, patron.expires_on
        town.people[who.number] = who
        self.active.insert(self.chance.randint(0, len(self.active)), who)
        town.on_file(who, day)
        town.valid(who, day, who.until)
        self.agenda[day].append((who.branch, who))
        self.visit(who, who.branch, day, 0) if town.is_open(who.branch, day) else None

    def close(self, day, now):
        who = self.somebody()
        with self.if_allowed():
            account_closing.close(who.row, by=STAFF, now=now)
            who.is_closed = True
            self.active.remove(who)
            self.town.no_longer_valid(who, day)

    def change_person(self, day, now):
        """Somebody moves to another town, another branch, or is no child any more."""
        who = self.somebody()
        if who.is_group:
            return
        patron = Patron.get_by_id(who.number)
        values = {name: getattr(patron, name) for name in registration.patron_columns.OWNED}
        who.residence, who.branch = pick(self.chance, RESIDENCES), self.chance.choice((1, 2, 3))
        who.category = "一般" if self.chance.random() < 0.5 else who.category
        changed = {"residence": who.residence, "branch": self.branch[who.branch], "category": who.category}
        registration.change(patron, values | changed, by=STAFF, now=now)
        self.town.on_file(who, day)

    def suspend(self, day, now):
        """利用停止 for an hour or for good; a suspended card is no valid one."""
        who = self.somebody()
        registration.suspend(who.row, "弁償について相談中", by=STAFF, now=now)
        registration.resume(who.row, by=STAFF, now=now + timedelta(minutes=1))
        self.moment += timedelta(minutes=1)

    def new_card(self, day, now):
        """紛失: another number, the same patron; a visit of the day stays one visit."""
        who = self.somebody()
        if not who.is_closed:
            registration.replace_card(
                Patron.get_by_id(who.number),
                f"9{uuid.UUID(int=self.chance.getrandbits(128)).int % 10**12:012}",
                by=STAFF,
                now=now,
            )

    def add_copy(self, day, now):
        town, title = self.town, self.chance.randint(1, self.town.sizes["titles"])
        branch, how = self.chance.choices((1, 2, 3), SHARES)[0], pick(self.chance, HOW)
        received = day - self.chance.randint(0, 40) * DAY if self.chance.random() < 0.1 else day
        values = {
            "barcode": f"N{len(town.copies):09}", "branch": self.branch[branch], "shelf": "", "call_number": "",
            "material_type": "", "note": "", "acquired_on": received, "acquired_how": how,
        }  # fmt: skip
        item = copies.add(Title.get_by_id(title), values, by=STAFF, today=day, now=now)
        what = What(item.id, title, branch, "", town.records[title])
        town.copies[item.id] = what
        self.diary.put("copy", [town._copy_row(what, received, how, entered=day)])
        if not Item.get_by_id(item.id).aside:
            town.pools[branch].add(what)

    def withdraw(self, day, now):
        """除籍, and sometimes taken back at once."""
        branch = self.chance.choices((1, 2, 3), SHARES)[0]
        what, why = self.town.pools[branch].take(self.chance), pick(self.chance, WHY)
        if what is None:
            return
        with self.if_allowed():
            withdrawn_on = day - self.chance.randint(0, 5) * DAY if self.chance.random() < 0.1 else day
            withdrawals.withdraw({what.number: why}, withdrawn_on, despite=[what.number], by=STAFF, now=now)
            where = "UPDATE copy SET withdrawn = ?, why = ?, withdrawal_entered = ? WHERE number = ?"
            self.diary.rows.execute(where, (str(withdrawn_on), why, str(day), what.number))
            if self.chance.random() < 0.1:
                self.moment += timedelta(minutes=2)
                withdrawals.take_back([what.number], by=STAFF, now=self.moment)
                self.diary.rows.execute(where, (None, "", None, what.number))
                self.town.pools[branch].add(what)
            return
        self.town.pools[branch].add(what)

    def edit_title(self, day, now):
        """A record gets another class: loans until now stay in the one that they were lent in."""
        number = self.chance.randint(1, self.town.sizes["titles"])
        kind, audience, ndc = self.town.records[number]
        if not ndc or day > YEAR[1]:  # the diary knows no class of former days: that of the year's end is counted
            return
        ndc = f"{self.chance.randint(0, 999):03}"
        Title.update(ndc=ndc).where(Title.id == number).execute()
        self.town.records[number] = (kind, audience, ndc)
        self.diary.rows.execute(
            f"UPDATE copy SET ndc = ? WHERE number IN ({', '.join(map(str, self._of_title(number)))})", (ndc,)
        )

    def _of_title(self, number):
        found = [
            what
            for what in map(
                self.town.copies.get, (row[0] for row in Item.select(Item.id).where(Item.title == number).tuples())
            )
            if what
        ]
        for what in found:
            what.ndc = self.town.records[number][2]
        return [what.number for what in found]

    # -- without the server --------------------------------------------------------------------------------------------
    def when_server_is_off(self, day):
        """Return branch → minute of the day from which nothing is online; on the last days of a year nothing is."""
        if day in (date(2025, 12, 28), date(2026, 3, 31), date(2025, 9, 30)):
            return {1: 780, 2: 600}
        return {self.chance.choice((1, 2, 3)): self.chance.randint(500, 1000)} if self.chance.random() < 0.04 else {}

    def visit_without_server(self, who, number, day, minute):
        if who.is_closed or (who.until and who.until < day):
            return
        at, waits = clock.at(day, minute // 60, minute % 60), self.offline[number]
        pending = {entry.barcode for entry, *_ in waits}
        for loan_id, what in list(who.out.items()):
            if self.chance.random() < 0.6 and Item.get_by_id(what.number).barcode not in pending:
                waits.append((self.entry("return", at, what, number), who, what, loan_id))
                del who.out[loan_id]
        for _ in range(min(self.how_many(who), 6)):
            what = self.town.pools[number].take(self.chance)
            if what:
                waits.append((self.entry("loan", at, what, number, who), who, what, None))
            at += timedelta(seconds=20)
        self.come_again(who, number, day)

    def entry(self, kind, at, what, number, who=None):
        row = Patron.get_by_id(who.number) if who else None
        return entries.Entry(
            key=str(uuid.UUID(int=self.chance.getrandbits(128))), kind=kind, at=at,
            barcode=Item.get_by_id(what.number).barcode, card=row.card_number if row else "",
            branch=BRANCHES[number - 1][0],
        )  # fmt: skip

    def take_in(self, day):
        """Take in the entries of days before, at the end of an open day; on some days nobody finds the time."""
        for number in (1, 2, 3):
            waits = self.offline[number]
            if (
                not waits
                or max(clock.day_of(entry.at) for entry, *_ in waits) == day
                or not self.town.is_open(number, day)
            ):
                continue
            if self.chance.random() < 0.3 and day < LAST - 2 * DAY:
                continue
            now = self.at(day, 1230 + number)
            for first in range(0, len(waits), 100):
                entries.take(
                    [each[0] for each in waits[first : first + 100]], at=self.branch[number], by=STAFF, now=now
                )
            self.offline[number] = []
            for entry, who, what, loan_id in waits:
                self.note_entry(entry, who, what, loan_id, number)

    def note_entry(self, entry, who, what, loan_id, number):
        row = OfflineEntry.get(OfflineEntry.key == entry.key)
        is_made = row.conflict in ("", *acts.RECORDED)
        if not is_made:
            self.refused[f"offline {row.conflict}"] += 1
        if entry.kind == "loan" and is_made:
            local = clock.local(entry.at)
            if self.hides_visit(who, number, local.date()):
                self.diary.put("hidden_visit", [(str(local.date()), number, who.number)])
            self.fact[row.loan_id] = self.diary.act("loan", local.date(), local.hour, number, "offline", who, what)
            who.out[row.loan_id] = self.lent[row.loan_id] = what
        elif entry.kind == "loan":
            self.shelve(what, number)
        elif is_made:
            self.back(what, number, self.moment)
        else:
            who.out[loan_id] = what

    def hides_visit(self, who, number, day):
        """Tell whether an entry comes in when the other loans of its visit were unlinked already: nobody can know any
        more that it is the same visit.
        """
        same = "SELECT id FROM act WHERE act = 'loan' AND number = ? AND branch = ? AND day = ?"
        found = [row for (row,) in self.diary.rows.execute(same, (who.number, number, str(day)))]
        loan_of = {row: loan_id for loan_id, row in self.fact.items()} if found else {}
        linked = Loan.select().where(Loan.id.in_([loan_of[row] for row in found]), Loan.patron.is_null(False))
        return bool(found) and not linked.exists()
