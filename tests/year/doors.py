"""The simulated year of the door: リクエスト, issues of 雑誌, 相互貸借, and セット of 団体."""

from collections import defaultdict

from library.catalog.records import Contributor, Record
from library.interlibrary import borrowings
from library.lending import copies
from library.lending.sets import item_sets, set_loans
from library.requests import arriving, deciding, receipt, states
from library.serials import arrivals, intervals, issues, naming, serials
from models import Borrowing, ItemSet, Partner, Patron, PatronRequest, Serial, Title, Wanted
from tests.year import town as places
from tests.year.town import BRANCHES, DAY, FIRST, LAST, POWER_CUT, SHARES, STAFF, What

UNKNOWN = What(0, 0, 0, "", ("", "", ""))  # of a work that the library has not
FIRST_NAMES = {  # of the last issue before the year
    "daily": "", "weekly": "2025年3月26日号", "biweekly": "3月20日号", "twice_monthly": "2025年3月15日号",
    "monthly": "2025年3月号", "bimonthly": "2025年1・2月号", "quarterly": "2025年冬号", "half_yearly": "通巻40号",
    "yearly": "2024年版", "irregular": "第5巻第12号",
}  # fmt: skip
OFTEN = {"monthly": 8, "weekly": 3, "biweekly": 1, "twice_monthly": 1, "bimonthly": 2, "quarterly": 3, "irregular": 2,
         "half_yearly": 1, "yearly": 1, "daily": 1}  # fmt: skip


class Doors:
    """The acts of days to come, and what they need to know of each other."""

    def __init__(self, year):
        self.year, self.town, self.diary, self.chance = year, year.town, year.diary, year.chance
        self.days, self.number = defaultdict(list), 0
        self.asked, self.here = [], []  # wishes that are open or over; titles that came of them
        self.serials, self.taken, self.sets = {}, {}, []
        self.did = defaultdict(int)
        sizes, last = self.town.sizes, (LAST - FIRST).days
        for work, count in ((self.ask, sizes["requests"]), (self.lend_to_partner, sizes["partner_loans"])):
            for n in range(count):
                self.on(FIRST + (3 + n * (last - 4) // count) * DAY, work)
        for n in range(sizes["serials"]):
            self.on(FIRST, self.begin_serial, n)
        groups = [who for who in self.town.people.values() if who.is_group and not who.is_closed]
        for n, who in enumerate(groups[: sizes["sets"]]):
            self.on(FIRST + (n + 1) * DAY, self.make_set, who, n % 3 + 1)

    def on(self, day, work, *given, branch=1):
        """Do it on the first day from this one on which the branch is open and has its server."""
        while day <= LAST and (day == POWER_CUT or not self.town.is_open(branch, day)):
            day += DAY
        self.days[day].append((self.chance.randint(600, 1190), 0, lambda *when: work(*given, *when)))

    def soon(self, day, low, high, work, *given, branch=1):
        self.on(day + self.chance.randint(low, high) * DAY, work, *given, branch=branch)

    def due(self, day):
        return self.days.pop(day, [])

    def barcode(self):
        self.number += 1
        return f"5{self.number:09}"

    def by(self, now):
        return {"by": STAFF, "now": now}

    def new_title(self, title, kind, audience, ndc):
        self.town.records[title.id] = (kind, audience, ndc)
        return title

    def write_down(self, item, day, how):
        what = self.town.copy(item.id, item.title_id, item.branch_id, "", day, how, day)
        self.year.shelve(what)
        return what

    # -- リクエスト ------------------------------------------------------------------------------------------------------
    def ask(self, day, now):
        """Ask for a new work, for one that another asks for, or for one that came meanwhile."""
        who, branch, drawn = self.year.somebody(), self.town.one_of(SHARES), self.chance.random()
        wish = self.chance.choice(self.asked) if self.asked and drawn < 0.3 else self.new_wish()
        by = self.chance.choice(("patron", STAFF))
        given = {"pickup_branch": self.year.branch[branch], "contact_method": self.chance.choice(("none", "phone"))}
        with self.year.if_allowed():
            made = receipt.ask(who.row, wish, **given, may_borrow=self.chance.random() < 0.7, by=by, now=now)
            self.did["request"] += 1
            self.diary.act("request", now, branch, "site" if by == "patron" else "desk", who, UNKNOWN)
            if PatronRequest.select().where(PatronRequest.wanted == made.wanted).count() == 1:
                self.soon(day, 1, 9, self.decide, made.wanted_id)
            if self.chance.random() < 0.1:
                receipt.cancel(made, now=self.year.later(5))

    def new_wish(self):
        self.number += 1
        number = ""
        if self.chance.random() < 0.4:
            digits = f"97840{self.number:07}"
            rest = -sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits)) % 10
            number = f"{digits}{rest}"
        wish = receipt.Wish(f"頼まれた本 その{self.number}", author=f"著者{self.number % 7}", isbn=number)
        self.asked.append(wish)
        return wish

    def decide(self, wanted_id, day, now):
        wanted = Wanted.get_by_id(wanted_id)
        if wanted.state not in states.UNDECIDED:
            return
        if wanted.state == "received" and self.chance.random() < 0.6:
            deciding.consider(wanted, **self.by(now))
            now = self.year.later(1)
        how = self.town.one_of({"buy": 60, "borrow": 30, "decline": 10})
        if how == "decline":
            reason = self.chance.choice(list(states.REASONS))
            deciding.decline(wanted, reason, reply="ほかの図書館をご案内します。", **self.by(now))
        elif how == "borrow":
            self.borrow(wanted, day, now)
        else:
            deciding.buy(wanted, reply="", **self.by(now))
            if self.chance.random() < 0.06:
                deciding.take_back(wanted, **self.by(self.year.later(3)))
                self.soon(day, 1, 5, self.decide, wanted_id)
            else:
                self.soon(day, 5, 35, self.receive, wanted_id)

    def record(self, wanted):
        record = Record(wanted.title_text, contributors=[Contributor(wanted.author, role="著")])
        record.isbns, record.ndc = [wanted.isbn] * bool(wanted.isbn), f"{self.chance.randint(0, 999):03}"
        record.audience = "児童" if self.chance.random() < 0.3 else "一般"
        return record

    def receive(self, wanted_id, day, now):
        """Register what was on order; sometimes as an import does, which tells nobody, or in two copies."""
        wanted, record = Wanted.get_by_id(wanted_id), None
        if wanted.state != "buying":
            return
        record = self.record(wanted)
        title = arriving.add_title(wanted.id, record, by=STAFF, today=day, now=now)
        self.new_title(title, "図書", record.audience, record.ndc)
        for _ in range(1 + (self.chance.random() < 0.15)):
            branch, how = self.town.one_of(SHARES), self.town.one_of({"購入": 9, "寄贈": 1})
            values = dict.fromkeys(copies.TEXTS, "") | {"price": 1800, "acquired_on": None, "acquired_how": how}
            values |= {"barcode": self.barcode(), "branch": self.year.branch[branch]}
            when = {"by": STAFF, "today": day, "now": self.year.later(1)}
            if self.chance.random() < 0.1:
                item = copies.add(title, values, **when)
            else:
                item, _ = arriving.register(title, values, **when)
            self.write_down(item, day, how)
        self.did["bought"] += 1

    # -- 雑誌 ------------------------------------------------------------------------------------------------------------
    def begin_serial(self, number, day, now):
        """Take a serial at one to three branches; one in six ends in the year, and some of these go on later."""
        chance, interval = self.chance, "monthly" if number == 0 else self.town.one_of(OFTEN)
        interval = "daily" if number == 1 else interval
        taken = {branch: chance.randint(1, 2) for branch in chance.sample(list(BRANCHES), chance.randint(1, 3))}
        typed = dict.fromkeys(serials.TEXTS, f"雑誌{number}") | {"issn": "", "interval": interval, "keep_years": "2"}
        typed |= {"acquired_how": "寄贈" if chance.random() < 0.15 else "購入", "lends_newest": chance.random() < 0.1}
        serial = serials.add(serials.read(typed, {n: str(taken.get(n, "")) for n in BRANCHES}), **self.by(now))
        self.taken[serial.id] = min(taken), interval == "daily"
        self.diary.put("serial", (serial.id, serial.acquired_how, day, places.END, *self.taken[serial.id]))
        self.serials[serial.id] = (f"{chance.randint(0, 99):02}", chance.choice(("一般", "児童")))
        if interval == "daily":
            return
        for branch, count in taken.items():
            span = intervals.INTERVALS[interval].days or 40
            self.soon(day, 0, span, self.receive_issue, serial.id, branch, count, branch=branch)
        if chance.random() < 0.17 or number == 2:
            self.soon(day, 60, 330, self.end_serial, serial.id)

    def end_serial(self, serial_id, day, now):
        """休刊, and sometimes 復刊."""
        serials.end(Serial.get_by_id(serial_id), **self.by(now))
        where = "UPDATE serial SET last = ? WHERE number = ? AND last = ?"
        self.diary.rows.execute(where, (str(day), serial_id, places.END))
        self.did["ended"] += 1
        if self.chance.random() < 0.4:
            self.soon(day, 20, 60, self.resume_serial, serial_id)

    def resume_serial(self, serial_id, day, now):
        serial = Serial.get_by_id(serial_id)
        serials.resume(serial, **self.by(now))
        self.diary.put("serial", (serial_id, serial.acquired_how, day, places.END, *self.taken[serial_id]))

    def receive_issue(self, serial_id, branch, count, day, now):
        serial, here = Serial.get_by_id(serial_id), self.year.branch[branch]
        span = intervals.INTERVALS[serial.interval].days or 40
        wait = max(1, span + self.chance.randint(-span // 8, span // 8))
        self.on(day + wait * DAY, self.receive_issue, serial_id, branch, count, branch=branch)
        if serial.ended_on:
            return
        rows = [row for row in arrivals.standings(here) if row.id == serial_id]
        name, kind = arrivals.next_names(rows, today=day)[serial_id], "single"
        drawn = self.chance.random()
        if not name:
            name = naming.following(FIRST_NAMES[serial.interval], naming.Last(serial.interval, FIRST - 9 * DAY))
        if drawn < 0.06:
            self.number += 1
            name, kind = f"臨時増刊{self.number}", "extra"
        elif drawn < 0.16 and (both := naming.joined(name, naming.Last(serial.interval, day))) != name:
            name, kind = both, "double"
        for _ in range(count):
            with self.year.if_allowed():
                self.receive_copy(serial, name, kind, here, day)

    def receive_copy(self, serial, name, kind, here, day):
        got = issues.receive(serial.id, name, self.barcode(), kind=kind, branch=here, **self.by(self.year.later(1)))
        ndc, audience = self.serials[serial.id]
        if got.issue.position == 1:  # the others are described as the first
            Title.update(ndc=ndc, audience=audience).where(Title.id == got.issue.title_id).execute()
        title = Title.get_by_id(got.issue.title_id)
        self.new_title(title, title.material_type, title.audience, title.ndc)
        self.did[f"issue {kind}"] += 1
        if self.chance.random() < 0.05:
            issues.take_back(got.item.id, **self.by(self.year.later(1)))
            self.did["issue undone"] += 1
            return self.receive_copy(serial, name, kind, here, day)
        self.write_down(got.item, day, serial.acquired_how)
        if self.chance.random() < 0.2:
            wanted = What(0, title.id, 0, "", self.town.records[title.id])
            self.year.place_hold(day, self.year.moment, wanted)
        return None

    # -- セット -----------------------------------------------------------------------------------------------------------
    def make_set(self, who, branch, day, now):
        self.number += 1
        typed = {"name": f"セット{self.number}", "barcode": f"6{self.number:09}", "branch": str(branch)}
        made = item_sets.save(None, typed, **self.by(now))
        for what in filter(None, [self.town.take(branch) for _ in range(self.chance.randint(4, 9))]):
            with self.year.if_allowed():
                item_sets.add(made, what.row, **self.by(now))
            what.is_in = True
        self.lend_set(made.id, who, branch, day, now)

    def lend_set(self, set_id, who, branch, day, now):
        self.soon(day, 25, 60, self.lend_set, set_id, who, branch, branch=branch)
        if who.is_closed:
            return
        self.year.renew_card(who, day, now)
        patron, item_set = Patron.get_by_id(who.id), ItemSet.get_by_id(set_id)
        with self.year.if_allowed():
            given = {"branch": self.year.branch[branch], "request": f"{set_id}-{day}", "now": now, "by": STAFF}
            lent = set_loans.check_out(patron, item_set, **given)
            if lent.short:
                self.did["set short"] += 1
                without = [each.item.id for each in lent.short]
                lent = set_loans.check_out(patron, item_set, **given, without=without)
            for loan in lent.loans:
                what = self.town.copies[loan.item_id]
                what.is_in = False
                self.year.note_loan(loan.id, now, branch, "desk", who, what)
            self.did["set"] += bool(lent.loans)
            if lent.loans and self.chance.random() < 0.1:
                for loan in set_loans.undo(lent.loans[0], **self.by(self.year.later(2))):
                    self.year.strike_loan(loan.id, who, branch, day)
                self.did["set undone"] += 1
        if who.out:
            self.year.come_again(who, branch, day)

    # -- 相互貸借 ----------------------------------------------------------------------------------------------------------
    def borrow(self, wanted, day, now):
        """Ask another library, which sometimes refuses."""
        partner = Partner.get(Partner.name == self.chance.choice(places.PARTNERS))
        row = deciding.borrow(wanted, partner, reply="", **self.by(now))
        if self.chance.random() < 0.12:
            self.soon(day, 1, 6, self.refuse, wanted.id)
        else:
            self.soon(day, 3, 18, self.arrive, row.id, branch=row.branch_id)

    def refuse(self, wanted_id, day, now):
        wanted = Wanted.get_by_id(wanted_id)
        deciding.take_back(wanted, **self.by(now))
        self.did["refused"] += 1
        self.soon(day, 1, 4, self.decide, wanted_id)

    def arrive(self, row_id, day, now):
        row = Borrowing.get_by_id(row_id)
        terms = {"in_house": self.chance.random() < 0.1, "no_renewal": self.chance.random() < 0.8}
        due, at = str(day + self.chance.randint(25, 45) * DAY), self.year.branch[row.branch_id]
        came = borrowings.arrive(row_id, due=due, barcode="", at=at, **terms, **self.by(now))
        item = came.item
        title = self.new_title(item.title, item.title.material_type, item.title.audience, item.title.ndc)
        if self.chance.random() < 0.06:
            borrowings.undo_arrival(row_id, **self.by(self.year.later(2)))
            self.did["arrival undone"] += 1
            return self.soon(day, 1, 3, self.arrive, row_id, branch=row.branch_id)
        what = self.town.copy(item.id, title.id, item.branch_id, "", None, "", day, owner=row.partner_id)
        self.diary.put("borrowing", (row_id, row.branch_id, day))
        self.did["borrowed"] += 1
        if came.hold:
            self.year.tell(came.hold, what, row.branch_id, day)
        return self.soon(day, 18, 40, self.send_back, row_id, branch=row.branch_id)

    def send_back(self, row_id, day, now):
        """Send a copy back; one that is still out, or kept, another day."""
        row = Borrowing.get_by_id(row_id)
        with self.year.if_allowed():
            borrowings.send_back(row_id, **self.by(now))
            self.did["sent back"] += 1
            if self.chance.random() > 0.1:
                return
            borrowings.undo_sending(row_id, **self.by(self.year.later(2)))
            self.did["sending undone"] += 1
        self.soon(day, 2, 6, self.send_back, row_id, branch=row.branch_id)

    def lend_to_partner(self, day, now):
        """Send a copy to another library: a loan to its card, from whatever branch has it."""
        who, branch = self.chance.choice(self.town.partners), self.town.one_of(SHARES)
        what = self.town.take(branch)
        if what and self.year.lend(who, what, branch, day):
            self.did["partner loan"] += 1
            self.year.agenda[day + self.chance.randint(8, 25) * DAY].append((branch, who))
