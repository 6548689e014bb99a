"""貸出の取り込み: for a library whose lending runs elsewhere, so that its patrons see their loans and are reminded.

A snapshot is the whole of what is out: what is missing in it has come back. Because a cut-off file would return half
the library, a snapshot is read through first, and nothing is changed when it looks wrong.
"""

from collections.abc import Callable
from datetime import date, datetime

from peewee import ModelSelect

from library import clock, errors
from library.files import cells
from library.files.report import CHANGED, NEW, REFUSED, SAME, Refusal, Report
from library.files.spreadsheets import Column, Row, Table
from library.importing import batches
from library.importing.branches import Branches
from library.lending import items, loans, overdue
from library.lending.holds import hold_queue
from library.numbers import cards, forms
from library.people import patrons
from library.store import database
from models import Branch, Item, Loan, Patron

COLUMNS = (
    Column("barcode", ("登録番号", "資料番号", "資料コード"), required=True),
    Column("card_number", ("利用者番号", "カード番号"), required=True),
    Column("lent_on", ("貸出日",), required=True),
    Column("due_on", ("返却期限日", "返却期限", "返却予定日"), required=True),
    Column("branch", ("貸出館",)),
)
RETURNED = "返却"
ASKED = "督促の日数をもう過ぎている貸出（督促は済んだものとして扱い、次の段階の日からメールを送ります）"
MOST_RETURNED = 10  # per cent of the open loans


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
    """Add new loans and renewals; with ``snapshot`` also returns, of loans of ``branch`` alone when it is given.

    A snapshot with refused rows, or that returns more than a tenth at once, is refused whole unless ``sure``.
    """
    if snapshot and not sure:
        _check_snapshot(table, branch, report.tell, now)
    intake = _Intake(report, branch, now)
    batches.carry_out(table, intake.put, report=report, dry_run=dry_run, progress=progress)
    if snapshot:
        report.more[RETURNED] += _give_back(_missing(intake.out, branch), now, dry_run)


def _check_snapshot(table: Table, branch: Branch | None, tell: Callable[[Refusal], object], now: datetime) -> None:
    """Read it through as a rehearsal, and tell of every row that is refused."""
    judged = Report(tell=tell)
    intake = _Intake(judged, branch, now)
    still_open = _open(branch).count()
    batches.carry_out(table, intake.put, report=judged, dry_run=True)
    if judged.counts[REFUSED]:
        raise errors.SnapshotHasRefusals(refused=judged.counts[REFUSED])
    returned = len(_missing(intake.out, branch))
    if returned * 100 > still_open * MOST_RETURNED:
        raise errors.SnapshotReturnsTooMany(returned=returned, open=still_open)


class _Intake:
    """Take loans in; ``out`` are the items that the file says are out, whether their row was good or not."""

    def __init__(self, report: Report, branch: Branch | None, now: datetime) -> None:
        self.report, self.branch, self.now = report, branch, now
        self.branches = Branches()
        self.card_forms, self.item_forms = forms.cards(), forms.items()
        self.out: set[int] = set()

    def put(self, row: Row) -> str:
        read = cells.Cells(row, self.branches.find)
        read.required("barcode", "card_number", "lent_on", "due_on")
        item, patron = self._item(read), self._patron(read)
        lent_on, due_on = read.day("lent_on"), read.day("due_on")
        if lent_on and due_on and due_on < lent_on:
            read.refuse("due_on", errors.DueBeforeLent())
        branch = read.branch("branch")
        open_loan = Loan.get_or_none(Loan.item == item, Loan.returned_on.is_null()) if item else None
        is_known = open_loan and patron and (open_loan.patron_id, open_loan.lent_on) == (patron.id, lent_on)
        if item and not is_known:
            self._check_new(read, item, open_loan, lent_on)
        if item:
            self.out.add(item.id)
        if read.problems or not (item and patron and lent_on and due_on):
            raise errors.RefusedTogether(read.problems)
        if open_loan and is_known:
            return self._renew(open_loan, due_on, branch)
        if open_loan:
            loans.give_back(open_loan, today=lent_on)
            self.report.more[RETURNED] += 1
        return self._lend(item, patron, lent_on, due_on, branch or self.branch or item.branch)

    def _item(self, read: cells.Cells) -> Item | None:
        barcode = read.raw("barcode")
        item = items.by_barcode(barcode, self.item_forms) if barcode else None
        if barcode and item is None:
            read.refuse("barcode", items.unknown(barcode))
        return item

    def _patron(self, read: cells.Cells) -> Patron | None:
        text = read.raw("card_number")
        patron = patrons.by_card(text, self.card_forms) if text else None
        if text and patron is None:
            read.refuse("card_number", cards.refusal(text))
        return patron

    def _check_new(self, read: cells.Cells, item: Item, open_loan: Loan | None, lent_on: date | None) -> None:
        """Refuse an item that is out twice; a later loan of it than this one is the better news."""
        if item.id in self.out:
            read.refuse("barcode", errors.ItemTwiceInFile())
        elif open_loan and lent_on and open_loan.lent_on > lent_on:
            read.refuse("lent_on", errors.LentLater())

    def _renew(self, loan: Loan, due_on: date, branch: Branch | None) -> str:
        """Take another due date as a renewal; an earlier one corrects the date and counts as none."""
        renewals = loan.renewals + (due_on > loan.due_on)
        changed = cells.update(loan, {"due_on": due_on, "renewals": renewals, "branch": branch})
        if "due_on" in changed:
            self._ask_no_more(loan)
        return CHANGED if changed else SAME

    def _lend(self, item: Item, patron: Patron, lent_on: date, due_on: date, branch: Branch) -> str:
        """Add a loan, with all that follows from one: what was kept of it for somebody else is not there any more. Or open the same
        one again that was closed by mistake, so that nothing is announced twice.
        """
        loan = Loan.get_or_none(Loan.item == item, Loan.patron == patron, Loan.lent_on == lent_on)
        outcome = CHANGED if loan else NEW
        if loan:
            loan.returned_on, loan.due_on = None, due_on
            loan.save(only=["returned_on", "due_on"])
        else:
            counted = {"category": patron.category, "age_group": loans.age_group(patron.birth_date, today=lent_on)}
            loan = Loan.create(item=item, patron=patron, branch=branch, lent_on=lent_on, due_on=due_on, **counted)
        loans.follow(loan, now=self.now)
        self._ask_no_more(loan)
        return outcome

    def _ask_no_more(self, loan: Loan) -> None:
        """Take what is late as asked for: the other system has done that before, and an import never chases."""
        if overdue.take_as_asked(loan, today=clock.day_of(self.now)):
            self.report.more[ASKED] += 1


def _open(branch: Branch | None) -> "ModelSelect[Loan]":
    rows = Loan.select().where(Loan.returned_on.is_null())
    return rows.where(Loan.branch == branch) if branch else rows


def _missing(out: set[int], branch: Branch | None) -> list[Loan]:
    """Return the open loans of items that the file doesn't have."""
    return [loan for loan in _open(branch) if loan.item_id not in out]


def _give_back(missing: list[Loan], now: datetime, dry_run: bool) -> int:
    for first in range(0, 0 if dry_run else len(missing), batches.ROWS):
        with database.writing():
            for loan in missing[first : first + batches.ROWS]:
                loans.give_back(loan, today=max(clock.day_of(now), loan.lent_on))
                hold_queue.advance(loan.item.title_id, now=now)
        database.give_way()
    return len(missing)
