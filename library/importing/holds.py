"""予約の取り込み: the holds of another system in their order. Patrons are told nothing again."""

import unicodedata
from datetime import date, datetime
from typing import Any

from library import clock, dates, errors
from library.files import cells
from library.files.report import CHANGED, EMPTIED, NEW, SAME, SKIPPED, Report
from library.files.spreadsheets import Column, Row, Table
from library.importing import batches, items, patrons, words
from library.importing.branches import Branches
from library.importing.numbers import Numbers
from library.lending.holds import copy_places, hold_queue, hold_states, shelf_clock
from library.numbers import cards, formats
from library.store import database
from library.store.queries import tuples
from models import Hold, HoldNotice, Item, Loan

COLUMNS = (
    Column("card_number", patrons.HEADINGS, required=True),
    items.OWN_ID,
    items.SOURCE_ID,
    Column("isbn", ("ISBN", "ISBN番号")),
    Column("barcode", items.HEADINGS),
    Column(
        "pickup_branch", ("受取館", "予約受取館", "受取館番号", "予約受取館番号", "館番号"), required=True, first=True
    ),
    Column("placed_at", ("予約日時", "予約日"), by_hand=" "),
    Column("rank", ("予約順位", "順位")),
    Column("contact_method", ("連絡方法", "予約連絡方法")),
    Column("state", ("状態", "予約状態"), by_hand=" "),
    Column("pickup_by", ("取置期限", "取置期限日", "受取期限日")),
)
TITLE_BY = (*items.TITLE_BY, "barcode")  # of these one column must be there, and one cell say something
REQUIRED = ("card_number", "pickup_branch", *TITLE_BY)
STATES = {
    **dict.fromkeys(("予約中", "受付中", "受付済", "申込中", "待ち", "準備中", "waiting"), "waiting"),
    **dict.fromkeys(("取置済", "取置中", "取り置き中", "取置", "確保", "受取可", "利用可能", "ready"), "ready"),
    **dict.fromkeys(("取消", "取消済", "キャンセル", "貸出済", "受取済", "期限切れ"), "over"),
    **dict.fromkeys(("cancelled", "collected", "expired", "over"), "over"),
}  # fmt: skip
METHODS = patrons.METHODS | {"不要": "none", "なし": "none", "連絡不要": "none"}
OVER = "終わった予約のため取り込まなかった行"
READY = "取り置き中の予約（連絡は済んだものとして扱います）"
NO_COPY = "取り置く資料の登録番号がないため、予約中にしました"
COPY_IS_OUT = "その資料は貸出中か、ほかの方に取り置かれているため、予約中にしました"
COUNTED_ANEW = "取置期限を、取り込んだ日から数えました"
LAST = 99_999  # the rank of a row without one, in a file that ranks


def read_in(
    table: Table, *, report: Report, now: datetime, dry_run: bool = False, progress: batches.Progress = None
) -> None:
    """Add holds in order of rank, then time, then row; change known ones that still wait.

    Two rows of one patron for one title that differ are refused.
    """
    intake = _Intake(table, report, now)
    closed = [*words.closed(intake.branches, "pickup_branch"), words.of_choices("state", STATES)]
    closed.append(words.of_choices("contact_method", METHODS))
    twice = batches.survey(table, closed, words.NOTHING, report, key=intake.key, dry_run=dry_run, progress=progress)
    batches.carry_out(table, intake, report=report, dry_run=dry_run, key=intake.key, twice=twice, progress=progress)
    if not dry_run:
        _look_for_copies(intake.titles_seen, now)


def _look_for_copies(titles: set[int], now: datetime) -> None:
    """Put available copies on the pull list, once all holds are in."""
    for title_id in hold_queue.titles_to_advance(today=clock.day_of(now)):
        if title_id in titles:
            with database.writing():
                hold_queue.advance(title_id, now=now)
            database.give_way()


class _Intake:
    def __init__(self, table: Table, report: Report, now: datetime) -> None:
        self.report, self.now, self.today = report, now, clock.day_of(now)
        self.branches, self.titles = Branches(), items.Titles()
        self.copies, self.cards = Numbers(formats.items(), items.load), Numbers(formats.cards(), patrons.load)
        self.key = batches.Key("card_number", self.cards.fold, self._name)
        self.no_rank = LAST if table.has("rank") else 0
        self.titles_seen: set[int] = set()
        self.met: dict[tuple[int, int], tuple[str, int]] = {}  # patron and title → what names the hold, and its row
        self.kept: set[int] = set()  # copies

    def _name(self, row: Row, number: str) -> str:
        """Return the key of a hold: its card and its title."""
        if STATES.get(cells.fold(row.cells.get("state", ""))) == "over":
            return ""
        return " ".join([number, *(row.cells[name] for name in TITLE_BY if row.cells.get(name))][:2])

    def begin(self, rows: list[Row]) -> None:
        """Look up the patrons, titles, copies and known holds of these rows."""
        self.cards.begin(row.cells.get("card_number", "") for row in rows)
        self.copies.begin(row.cells.get("barcode", "") for row in rows)
        self.titles.begin(rows)
        people = {patron.id for each in self.cards.found.values() for patron in each}
        self.known: dict[tuple[int, int], Hold] = {}
        self.over: set[tuple[int, int, datetime]] = set()
        for hold in Hold.select().where(Hold.patron.in_(list(people))):
            if hold.state in hold_states.OPEN:
                self.known[hold.patron_id, hold.title_id] = hold
            else:
                self.over.add((hold.patron_id, hold.title_id, hold.placed_at))
        found = [item.id for each in self.copies.found.values() for item in each]
        out = Loan.select(Loan.item).where(Loan.item.in_(found), Loan.returned_on.is_null())
        kept = Hold.select(Hold.item).where(Hold.item.in_(found), Hold.state.in_(hold_states.OPEN))
        self.taken = {row[0] for row in (*tuples(out), *tuples(kept))} | self.kept
        self.new: dict[tuple[int, int], dict[str, Any]] = {}

    def put(self, row: Row) -> tuple[str, cells.Cells]:
        read = cells.Cells(row, self.branches.find, REQUIRED)
        state = read.choice("state", STATES)
        if state == "over":
            self.report.more[OVER] += 1
            return SKIPPED, read
        read.required("card_number", "pickup_branch")
        patron, item = self.cards.stored(read, "card_number"), self.copies.stored(read, "barcode")
        if patron is None and read.raw("card_number") and not read.problems:
            read.refuse("card_number", cards.refusal(read.raw("card_number")))
        if item is None and read.raw("barcode") and "barcode" not in read.problems:
            read.refuse("barcode", errors.ItemUnknown())
        by_copy = read.raw("barcode") and not any(read.raw(name) for name in items.TITLE_BY)
        title = (item.title_id if item else None) if by_copy else self.titles.named_by(read)
        branch = read.branch("pickup_branch")
        if branch and not branch.pickup:
            read.refuse("pickup_branch", errors.BranchHandsOutNoHolds())
        values = {
            "pickup_branch": branch and branch.id,
            "contact_method": read.choice("contact_method", METHODS),
            "rank": read.number("rank", 0, LAST - 1),
            "placed_at": self._moment(read),
        }
        pickup_by = read.day("pickup_by")
        if read.problems or not (patron and title):
            raise errors.RefusedTogether(read.problems)
        self.titles_seen.add(title)
        key, name = (patron.id, title), self.key.read(row)
        named, line = self.met.setdefault(key, (name, row.line))
        if named != name:
            raise errors.RefusedTogether({"": [errors.HoldOtherwiseTwice(line=f"{line:,}")]})
        if key in self.new or (values["placed_at"] and (*key, values["placed_at"]) in self.over):
            return SAME, read
        if key in self.known:
            return self._change(self.known[key], values), read
        self.new[key] = values | self._kept(read, state, item, pickup_by)
        return NEW, read

    def _moment(self, read: cells.Cells) -> datetime | None:
        """Return the moment at which a hold was placed; midnight if only the day is given."""
        day = read.day("placed_at")
        if day is None:
            return None
        time = dates.TIME.search(unicodedata.normalize("NFKC", read.raw("placed_at")))
        hour, minute = (int(time[1]), int(time[2])) if time else (0, 0)
        return clock.at(day, hour, minute) if hour < 24 and minute < 60 else clock.at(day)

    def _change(self, hold: Hold, values: dict[str, Any]) -> str:
        """Change a hold that still waits; one that has moved on here stays."""
        if hold.state != "waiting":
            return SAME
        return CHANGED if cells.update(hold, values) else SAME

    def _kept(self, read: cells.Cells, state: str | None, item: Item | None, pickup_by: date | None) -> dict[str, Any]:
        """Return the columns of a hold with its copy on the hold shelf; none if no copy can be kept."""
        if state != "ready":
            return {}
        if item is None or item.id in self.taken:
            read.notes.append(cells.Note("state", EMPTIED, COPY_IS_OUT if item else NO_COPY))
            return {}
        self.taken.add(item.id)
        self.kept.add(item.id)
        self.report.more[READY] += 1
        if pickup_by is None:
            read.mend("pickup_by", COUNTED_ANEW)
        return {"state": "ready", "item": item, "pickup_by": pickup_by}

    def write(self) -> None:
        """Write the new holds of this part, and the places of their copies."""
        rows = []
        for (patron, title), values in self.new.items():
            kept = {"state": "waiting", "item": None, "pickup_by": None} | values
            is_ready = kept["state"] == "ready"
            rows.append(
                kept
                | {"patron": patron, "title": title, "contact_method": values["contact_method"] or "none"}
                | {"placed_at": values["placed_at"] or self.now, "rank": values["rank"] or self.no_rank}
                | {"on_shelf_on": self.today if is_ready else None, "told_on": self.today if is_ready else None}
            )
        if rows:
            Hold.insert_many(rows).execute()
        for item in [row["item"] for row in rows if row["item"]]:
            self._set_aside(item, Hold.get(Hold.item == item, Hold.state == "ready"))

    def _set_aside(self, item: Item, hold: Hold) -> None:
        copy_places.set_place(item, at_branch=hold.pickup_branch, aside=True)
        HoldNotice.create(hold=hold, kind="ready", day=self.today)
        if hold.pickup_by is None:
            shelf_clock.start(hold, self.today)
