"""貸出の取り込み: for a library whose lending runs elsewhere, so that its patrons see their loans and are reminded.

A snapshot lists all loans that are out: a loan missing in it was returned. As a cut-off file would return half the
library, a snapshot is read through first, and nothing is changed if it looks wrong.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from peewee import ModelSelect

from library import clock, dates, errors
from library.facts import use_facts
from library.files import cells
from library.files.report import CHANGED, NEW, REFUSED, SAME, SKIPPED, Finding, Report
from library.files.spreadsheets import Column, Row, Table
from library.importing import batches, items, patrons, words
from library.importing.branches import Branches
from library.importing.numbers import Numbers
from library.lending import items as lending, loans, overdue
from library.lending.holds import hold_queue, hold_states
from library.numbers import cards, formats
from library.store import database
from library.store.queries import tuples
from models import Branch, Hold, Item, Loan, LoanNotice, Patron

COLUMNS = (
    Column("barcode", items.HEADINGS, required=True),
    Column("card_number", patrons.HEADINGS, required=True),
    Column("lent_on", ("貸出日", "貸出日時"), required=True),
    Column("due_on", ("返却期限日", "返却期限", "返却予定日"), required=True),
    Column("branch", ("貸出館", "貸出館番号", "館番号", "館"), first=True),
    Column("returned_on", ("返却日",)),
    Column("renewals", ("延長回数", "継続回数", "継続")),
    Column("asked", ("督促回数",)),
    Column("told", ("通知済",)),
)
REQUIRED = ("barcode", "card_number", "lent_on", "due_on")
BACK = {
    "": False,
    "未": False,
    "未返却": False,
    "貸出中": False,
    "済": True,
    "返却済": True,
    "返却済み": True,
    "返却": True,
}
RETURNED = "返却"
SKIPPED_ROWS = "返却日があるため取り込まなかった行"
ASKED = "督促の日数をもう過ぎている貸出（督促は済んだものとして扱い、次の段階の日からメールを送ります）"
IN_FUTURE = "貸出日が、取り込む日より後です"
WITHDRAWN = "除籍した資料の貸出です"
MOST_RETURNED = 10  # per cent of the open loans
MOST_TIMES = 999


def read_in(
    table: Table,
    *,
    report: Report,
    now: datetime,
    snapshot: bool = False,
    branch: Branch | None = None,
    sure: bool = False,
    dry_run: bool = False,
    progress: batches.Progress = None,
) -> None:
    """Add new loans and renewals; with ``snapshot`` also returns, with ``branch`` only of its loans.

    Returned rows are skipped. Numbers that lost leading zeros are found. A snapshot with refused rows, or one that
    returns more than a tenth at once, is refused whole unless ``sure``.
    """
    intake = _Intake(report, branch, now)
    closed = words.closed(intake.branches, "branch")
    twice = batches.survey(table, closed, words.NOTHING, report, key=intake.key, dry_run=dry_run, progress=progress)
    given = {"key": intake.key, "twice": twice}
    if snapshot and not sure:
        _check_snapshot(table, branch, report.tell, now, given)
    batches.carry_out(table, intake, report=report, dry_run=dry_run, progress=progress, **given)
    if snapshot:
        report.more[RETURNED] += _give_back(_missing(intake.out, branch), now, dry_run)


def _check_snapshot(
    table: Table, branch: Branch | None, tell: Callable[[Finding], object], now: datetime, given: dict[str, Any]
) -> None:
    """Read it through as a rehearsal, and report every refused row."""
    judged = Report(tell=tell)
    intake = _Intake(judged, branch, now)
    still_open = _open(branch).count()
    batches.carry_out(table, intake, report=judged, dry_run=True, **given)
    if judged.counts[REFUSED]:
        raise errors.SnapshotHasRefusals(refused=judged.counts[REFUSED])
    returned = len(_missing(intake.out, branch))
    if returned * 100 > still_open * MOST_RETURNED:
        raise errors.SnapshotReturnsTooMany(returned=returned, open=still_open)


def _is_back(row: Row) -> bool | None:
    """Tell whether a row is of a returned copy; None where its cell says neither."""
    text = row.cells.get("returned_on", "")
    try:
        return BACK[text] if text in BACK else dates.read(text).day is not None
    except ValueError:
        return None


class _Intake:
    """Takes loans in; ``out``: the ids of all items that the file lists as out, whether their row was good or not."""

    def __init__(self, report: Report, branch: Branch | None, now: datetime) -> None:
        self.report, self.branch, self.now, self.today = report, branch, now, clock.day_of(now)
        self.branches = Branches()
        self.copies = Numbers(formats.items(), items.load)
        self.cards = Numbers(formats.cards(), patrons.load)
        self.key = batches.Key("barcode", self.copies.fold, lambda row, number: "" if _is_back(row) else number)
        self.out: set[int] = set()

    def begin(self, rows: list[Row]) -> None:
        """Look up the copies, patrons and loans of these rows, and the waiting holds of their titles."""
        rows = [row for row in rows if not _is_back(row)]
        self.copies.begin(row.cells.get("barcode", "") for row in rows)
        self.cards.begin(row.cells.get("card_number", "") for row in rows)
        found = {item.id: item for each in self.copies.found.values() for item in each}
        left_out = [row.cells.get("barcode", "") for row in rows if row.left_out]  # out all the same
        self.out |= {item.id for number in left_out for item in self.copies.found.get(number, ())}
        self.loans: dict[int, Loan] = {}
        self.closed: dict[tuple[int, int | None, date], Loan] = {}
        for loan in Loan.select().where(Loan.item.in_(list(found))):
            if loan.returned_on is None:
                self.loans[loan.item_id] = loan
            self.closed[loan.item_id, loan.patron_id, loan.lent_on] = loan
        titles = {item.title_id for item in found.values()}
        wanted = Hold.select(Hold.title).where(Hold.title.in_(list(titles)), Hold.state.in_(hold_states.OPEN))
        self.wanted = {row[0] for row in tuples(wanted.distinct())}
        self.new: dict[int, dict[str, Any]] = {}
        self.asked: dict[int, tuple[date, int]] = {}  # item → due day, how often asked for
        self.told: dict[int, date] = {}

    def put(self, row: Row) -> tuple[str, cells.Cells]:
        if back := _is_back(row):
            self.report.more[SKIPPED_ROWS] += 1
            return SKIPPED, cells.Cells(Row(row.line, {}))
        read = cells.Cells(row, self.branches.find, REQUIRED)
        read.required(*REQUIRED)
        if back is None:
            read.refuse_row("returned_on", errors.CellIsNoDate())
        item, patron = self._found(read)
        lent_on, due_on = read.day("lent_on"), read.day("due_on", beyond=True)
        if lent_on and due_on and due_on < lent_on:
            read.refuse("due_on", errors.DueBeforeLent())
        if lent_on and lent_on > self.today:
            read.warn("lent_on", IN_FUTURE)
        if item and item.state == "withdrawn":
            read.warn("barcode", WITHDRAWN)
        more = {"branch": read.branch("branch"), "renewals": read.number("renewals", 0, MOST_TIMES)}
        times, told = read.number("asked", 0, MOST_TIMES) or 0, read.yes("told")
        open_loan = self.loans.get(item.id) if item else None
        is_known = open_loan and patron and (open_loan.patron_id, open_loan.lent_on) == (patron.id, lent_on)
        if open_loan and not is_known and lent_on and open_loan.lent_on > lent_on:
            read.refuse("lent_on", errors.LentLater())
        if item:
            self.out.add(item.id)
        if read.problems or not (item and patron and lent_on and due_on):
            raise errors.RefusedTogether(read.problems)
        if told:
            self.told[item.id] = due_on
        if item.id in self.new:
            return SAME, read
        if open_loan and is_known:
            return self._renew(open_loan, due_on, times, more), read
        if open_loan:
            loans.give_back(open_loan, today=lent_on)
            self.report.more[RETURNED] += 1
        self.asked[item.id] = (due_on, times)
        more["branch"] = more["branch"] or self.branch or item.branch_id
        return self._lend(item, patron, {"lent_on": lent_on, "due_on": due_on} | cells.given(more)), read

    def _found(self, read: cells.Cells) -> tuple[Item | None, Patron | None]:
        item, patron = self.copies.stored(read, "barcode", once=True), self.cards.stored(read, "card_number")
        for name, row, refusal in (
            ("barcode", item, lending.refusal),
            ("card_number", patron, cards.refusal),
        ):
            if row is None and read.raw(name) and name not in read.problems:
                read.refuse(name, refusal(read.raw(name)))
        return item, patron

    def _renew(self, loan: Loan, due_on: date, times: int, more: dict[str, Any]) -> str:
        """Take a later due date as a renewal, unless the file counts renewals; an earlier one only corrects the
        date.
        """
        renewals = loan.renewals + (due_on > loan.due_on) if more["renewals"] is None else more["renewals"]
        changed = cells.update(loan, {"due_on": due_on, "branch": more["branch"], "renewals": renewals})
        if "due_on" in changed:
            self.asked[loan.item_id] = (due_on, times)
        return CHANGED if changed else SAME

    def _lend(self, item: Item, patron: Patron, values: dict[str, Any]) -> str:
        """Add a loan; or reopen the same one closed by mistake, so that nothing is announced twice."""
        loan = self.closed.get((item.id, patron.id, values["lent_on"]))
        if loan:
            loan.returned_on, loan.due_on = None, values["due_on"]
            loan.save(only=["returned_on", "due_on"])
            loans.hand_over(loan, now=self.now)
            return CHANGED
        values = {"item": item.id, "patron": patron.id, "renewals": 0} | values
        if (
            item.title_id in self.wanted
            or item.aside
            or item.going_to_id
            or item.at_branch_id
            or item.state == "missing"
        ):
            loans.hand_over(
                Loan.create(**values), now=self.now
            )  # what was kept of it for somebody else is not there any more
            self.new[item.id] = {}
        else:
            self.new[item.id] = values
        return NEW

    def write(self) -> None:
        """Write this part's new loans of titles without holds; mark overdue ones as asked for, as an import sends no
        reminders.
        """
        if rows := [values for values in self.new.values() if values]:
            Loan.insert_many(rows).execute()
        self._count()
        told = {*self.asked, *self.told}
        if not told:
            return
        rows = Loan.select(Loan.item, Loan.id).where(Loan.item.in_(sorted(told)), Loan.returned_on.is_null())
        numbers = dict(tuples(rows))
        due = {numbers[item]: due_on for item, (due_on, _) in self.asked.items()}
        times = {numbers[item]: count for item, (_, count) in self.asked.items() if count}
        if reached := overdue.note_earlier_reminders(due, times, today=self.today):
            self.report.more[ASKED] += reached
        if self.told:
            notices = [{"loan": numbers[item], "kind": "due", "due_on": day} for item, day in self.told.items()]
            LoanNotice.insert_many(notices).on_conflict_ignore().execute()

    def _count(self) -> None:
        """Write the facts of this part's new loans that were lent since the library counts."""
        if self.new and (first := use_facts.since().get("facts")):
            new = Loan.select().where(
                Loan.item.in_(sorted(self.new)), Loan.returned_on.is_null(), Loan.lent_on >= first
            )
            for loan in new:
                use_facts.of_loan(loan, channel="import", at=None)


def _open(branch: Branch | None) -> "ModelSelect[Loan]":
    rows = Loan.select().where(Loan.returned_on.is_null())
    return rows.where(Loan.branch == branch) if branch else rows


def _missing(out: set[int], branch: Branch | None) -> list[Loan]:
    """Return the open loans of items that the file doesn't list."""
    return [loan for loan in _open(branch) if loan.item_id not in out]


def _give_back(missing: list[Loan], now: datetime, dry_run: bool) -> int:
    for first in range(0, 0 if dry_run else len(missing), batches.ROWS):
        with database.writing():
            for loan in missing[first : first + batches.ROWS]:
                loans.give_back(loan, today=max(clock.day_of(now), loan.lent_on))
                hold_queue.advance(loan.item.title_id, now=now)
        database.give_way()
    return len(missing)
