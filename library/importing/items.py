"""所蔵の取り込み: copies, each under a title that is there already."""

from collections.abc import Iterable
from typing import Any

from peewee import SQL

from library import clock, errors, wording
from library.catalog import changes, isbn
from library.catalog.fulltext import shelf_order
from library.catalog.readers import title_tables
from library.files import cells
from library.files.report import CHANGED, NEW, SAME, Report
from library.files.spreadsheets import Column, Row, Table
from library.importing import batches, words
from library.importing.branches import Branches
from library.importing.numbers import Numbers
from library.importing.titles.known import FullIds
from library.lending import copies
from library.lending.holds import hold_states
from library.numbers import formats
from library.store.queries import tuples
from models import DeletedTitle, Hold, Item, Loan, SaidOut, Title

HEADINGS = ("登録番号", "資料番号", "バーコード", "バーコード番号")
OWN_ID = Column("title_id", ("この図書館の書誌の番号",))  # only a file of ours has it
SOURCE_ID = Column("source_id", title_tables.SOURCE_ID)
CALL_MARKS = ("別置記号", "分類記号", "分類番号", "分類", *title_tables.BOOK_MARKS)
PRICES = ("購入価格", "受入価格", "取得価格", "購入金額", "受入金額", "価格", "定価", "本体価格")
SUPPLIERS = ("受入先", "納入業者", "納入先", "購入先", "書店", "書店名")  # not 寄贈者: a person
COLUMNS = (
    Column("barcode", HEADINGS, required=True),
    OWN_ID,
    SOURCE_ID,
    Column("isbn", ("ISBN", "ISBN番号")),
    Column("branch", ("所蔵館", "所蔵館番号", "館番号", "館"), required=True, first=True),
    Column("shelf", ("配架場所", "場所", "配架区分", "置場所")),
    Column("call_number", ("請求記号", *(f"請求記号{place}" for place in range(1, 5))), joined=" ", parts=CALL_MARKS),
    Column("material_type", ("資料区分",)),
    Column("state", ("状態", "資料状態"), by_hand=" "),
    Column("acquired_on", ("受入日",)),
    Column("acquired_how", ("受入区分", "受入方法", "取得区分")),
    Column("price", PRICES, first=True),
    Column("supplier", SUPPLIERS, first=True),
    Column("budget_word", ("費目", "予算費目", "予算科目", "予算区分", "予算"), first=True),
    Column("note", ("資料メモ", "資料のメモ")),
    Column("withdrawn_on", ("除籍日", "廃棄日")),
    Column("withdrawn_reason", ("除籍理由", "除籍区分", "廃棄理由"), first=True),
)
TITLE_BY = ("title_id", "source_id", "isbn")  # of these one column must be there, and one cell say something
REQUIRED = ("barcode", "branch", *TITLE_BY)
OUT = "貸出中"
LENT = "貸出中の資料なので、不明にはしませんでした"
STAYS = "貸出中か取り置き中の資料なので、除籍にはしませんでした"
BY_DAY = "除籍日があるので、除籍にしました"
TODAY_THEN = "除籍日がないので、今日にしました"
DAYLESS = "除籍日のない除籍です。図書原簿の除籍日は空になります"
MOVED = "別の書誌に移ります"
FULL_NUMBER = "先頭の0のある書誌番号の書誌にしました"
STATES = {
    **dict.fromkeys(("貸出可", "貸出可能", "可", "在架", "在庫", "予約棚", OUT), "available"),
    **dict.fromkeys(("禁帯出", "館内", "館内のみ", "館内閲覧", "貸出禁止"), "reference"),
    **dict.fromkeys(("修理", "修理中", "補修中", "製本中"), "repair"),
    **dict.fromkeys(("不明", "所在不明", "行方不明"), "missing"), **dict.fromkeys(("紛失", "亡失"), "lost"),
    **dict.fromkeys(("除籍", "廃棄"), "withdrawn"),
    **{state: state for state in ("available", "reference", "repair", "missing", "lost", "withdrawn")},
}  # fmt: skip


_REASONS = {
    **dict.fromkeys(("汚損", "破損", "汚破損", "汚損・破損"), "汚損・破損"),
    **dict.fromkeys(("紛失", "不明", "亡失", "所在不明", "紛失・不明"), "紛失・不明"),
    **dict.fromkeys(("内容陳腐化", "資料価値の低下", "内容が古い"), "内容が古い"),
    **dict.fromkeys(("重複", "複本"), "複本"), **dict.fromkeys(("弁償", "弁償による代替"), "弁償による代替"),
    **dict.fromkeys(("管理換", "管理換え", "保管転換", "移管"), "移管"), "その他": "その他",
}  # fmt: skip
_HOW = {word: word for word in wording.ACQUISITIONS}
_HOW |= {"寄附": "寄贈", "寄付": "寄贈", "管理換": "移管", "保管転換": "移管"}
CHOICES = {"acquired_how": _HOW, "withdrawn_reason": _REASONS}  # of all words, and what they mean


def read_in(
    table: Table,
    *,
    report: Report,
    pad_zeros: bool = False,
    adding: words.Adding = words.NOTHING,
    dry_run: bool = False,
    progress: batches.Progress = None,
) -> None:
    """Add new copies and change known ones, by barcode. An empty cell changes nothing."""
    branches = Branches()
    intake = _Intake(branches, pad_zeros)
    key = batches.Key("barcode", intake.numbers.fold)
    closed = [*words.closed(branches, "material_type", "branch"), words.of_choices("state", STATES, stops=True)]
    closed += [*map(words.named, words.FREE), *(words.of_choices(name, choices) for name, choices in CHOICES.items())]
    twice = batches.survey(table, closed, adding, report, key=key, dry_run=dry_run, progress=progress)
    intake.types = words.spelled("material_type")
    batches.carry_out(table, intake, report=report, dry_run=dry_run, key=key, twice=twice, progress=progress)
    intake.numbers.tell_shorter(report)


def load(numbers: Iterable[str]) -> dict[str, Item]:
    """Return the copies with these numbers, by number."""
    return {row.barcode: row for row in Item.select().where(Item.barcode.in_(list(numbers)))}


def place_of(read: cells.Cells) -> dict[str, Any]:
    """Return the columns of a copy's place."""
    return {"branch": read.branch("branch"), "shelf": read.text("shelf"), "call_number": read.text("call_number")}


class _Intake:
    def __init__(self, branches: Branches, pad_zeros: bool) -> None:
        self.branches, self.titles = branches, Titles()
        self.numbers = Numbers(formats.items(), load, pad_zeros)
        self.types: dict[str, str] = {}

    def begin(self, rows: list[Row]) -> None:
        self.numbers.begin(row.cells.get("barcode", "") for row in rows)
        self.titles.begin(rows)
        found = [item.id for each in self.numbers.found.values() for item in each]
        self.lent = {
            row[0] for row in tuples(Loan.select(Loan.item).where(Loan.item.in_(found), Loan.returned_on.is_null()))
        }
        kept = Hold.select(Hold.item).where(Hold.item.in_(found), Hold.state.in_(hold_states.OPEN))
        self.kept = self.lent | {row[0] for row in tuples(kept)}
        self.new: dict[str, dict[str, Any]] = {}
        self.touched: set[int] = set()
        self.out: dict[str, bool] = {}

    def put(self, row: Row) -> tuple[str, cells.Cells]:
        read = cells.Cells(row, self.branches.find, REQUIRED)
        read.required("branch")
        item = self.numbers.stored(read, "barcode", once=True)
        barcode = item.barcode if item else self.numbers.new(read, "barcode")
        values: dict[str, Any] = place_of(read) | {
            "title": self.titles.named_by(read),
            "material_type": self.types.get(cells.fold(read.raw("material_type"))) or read.text("material_type"),
            "state": read.choice("state", STATES),
            "acquired_on": read.day("acquired_on"),
            "acquired_how": read.choice("acquired_how", _HOW),
            "price": _price(read),
            "note": read.text("note", copies.LONGEST_NOTE),
            **{name: read.text(name) for name in ("supplier", "budget_word")},
        }
        if item and item.id in self.lent and values["state"] == "missing":
            read.warn("state", LENT)
            values["state"] = None
        values |= self._withdrawal(read, item, values["state"])
        title: Any = values["title"]
        if item and item.state == "withdrawn" and title and title != item.title_id:
            read.refuse_row("barcode", errors.NumberOfWithdrawn())
        if item and item.owner_id:
            read.refuse_row("barcode", errors.CopyIsBorrowed())
        read.check()
        if read.raw("state"):
            self.out[barcode] = cells.fold(read.raw("state")) == OUT
        if item is None:
            if barcode in self.new:
                return SAME, read
            self.new[barcode] = cells.given(values)
            self.touched.add(title)
            return NEW, read
        before = item.title_id
        if title != before:
            read.warn("barcode", MOVED)
        if not (changed := cells.update(item, values)):
            return SAME, read
        if "state" in changed and item.state != "withdrawn" and item.withdrawn_on:  # taken back
            Item.update(withdrawn_on=None).where(Item.id == item.id).execute()
        self.touched |= {before, item.title_id}
        return CHANGED, read

    def _withdrawal(self, read: cells.Cells, item: Item | None, state: str | None) -> dict[str, Any]:
        """Return the columns of a withdrawal that the row tells of, or of one that it takes back."""
        day, reason = read.day("withdrawn_on"), read.choice("withdrawn_reason", _REASONS)
        before = item.state if item else "available"
        if day and state != "withdrawn" and before != "withdrawn":
            read.warn("withdrawn_on", BY_DAY)
        if day:
            state = "withdrawn"
        if state == "withdrawn" and item and item.id in self.kept:
            read.warn("state", STAYS)
            return {"state": None}
        if before == "withdrawn" and state not in (None, "withdrawn"):
            return {"state": state, "withdrawn_reason": "", "former_state": ""}
        if "withdrawn" not in (state, before):
            return {}
        found = {"state": state, "withdrawn_on": day, "withdrawn_reason": reason}
        if before == "withdrawn":
            return found
        if day is None and item:  # of a copy that was here until now
            read.mend("withdrawn_on", TODAY_THEN)
            found["withdrawn_on"] = clock.today()
        elif day is None:
            read.warn("withdrawn_on", DAYLESS)
        return found | {"former_state": before}

    def write(self) -> None:
        """Write the new copies of this part, and the consequences of new and changed ones."""
        rows = [_DEFAULTS | {"barcode": barcode} | values for barcode, values in self.new.items()]
        if rows:
            Item.insert_many(rows).execute()
        if self.touched:
            shelf_order.write_keys(self.touched)
            changes.note_copies(self.touched, now=clock.now())
        self._note_out()

    def _note_out(self) -> None:
        """Remember the copies that are said to be out: each needs a loan, or somebody has to look for it."""
        if not self.out:
            return
        ids = dict(tuples(Item.select(Item.barcode, Item.id).where(Item.barcode.in_(list(self.out)))))
        noted = {row[0] for row in tuples(SaidOut.select(SaidOut.item).where(SaidOut.item.in_(list(ids.values()))))}
        said = {ids[barcode] for barcode, out in self.out.items() if out}
        if new := said - noted:
            SaidOut.insert_many([{"item": item_id} for item_id in sorted(new)]).execute()
        if over := noted - said:
            SaidOut.delete().where(SaidOut.item.in_(sorted(over))).execute()


_DEFAULTS = {
    **dict.fromkeys(("shelf", "call_number", "material_type", "acquired_how", "supplier", "budget_word", "note"), ""),
    **dict.fromkeys(("acquired_on", "price", "withdrawn_on")), "state": "available",
    "withdrawn_reason": "", "former_state": "",
}  # fmt: skip


def _price(read: cells.Cells) -> int | None:
    try:
        return copies.yen(read.raw("price"))
    except ValueError:
        read.refuse("price", errors.PriceMalformed())
        return None


class Titles:
    """Finds the titles of rows by title_id, source_id or isbn."""

    def __init__(self) -> None:
        self._sources = [row.source for row in Title.select(Title.source).distinct()]
        self._full_ids = FullIds()
        self._found: dict[tuple[str, str], list[int]] = {}
        self._full: dict[str, str] = {}

    def begin(self, rows: Iterable[Row]) -> None:
        """Look up the titles of these rows: a query for each column, and one for ids that may have lost leading
        zeros.
        """
        named: dict[str, set[str]] = {name: set() for name in TITLE_BY}
        for row in rows:
            name = next((name for name in TITLE_BY if row.cells.get(name)), None)
            if name:
                named[name].add(_spelled(name, row.cells[name]))
        self._found, self._full = {}, {}
        for name, texts in named.items():
            self._look_up(name, texts)
        lost = {text for text in named["source_id"] if ("source_id", text) not in self._found}
        spelled = {text: self._full_ids.spellings(text) for text in lost}
        self._look_up("source_id", {full for each in spelled.values() for full in each})
        for text, each in spelled.items():
            if len(there := [full for full in each if ("source_id", full) in self._found]) == 1:
                self._full[text] = there[0]

    def _look_up(self, name: str, texts: set[str]) -> None:
        for text, title_id in self._stored(name, texts) if texts else ():
            self._found.setdefault((name, str(text)), []).append(title_id)

    def _stored(self, name: str, texts: set[str]) -> list[tuple]:
        if name == "title_id":
            ids = [int(text) for text in texts if text.isdecimal() and len(text) < 19]
            there = Title.select(Title.id, Title.id.alias("same")).where(Title.id.in_(ids))
            return [*tuples(there), *_merged(DeletedTitle.title_id, ids)] if ids else []
        if name == "source_id":
            # the sources and the condition are written out, so that the index on both is used
            rows = Title.select(Title.source_id, Title.id).where(
                Title.source.in_(self._sources), Title.source_id.in_(list(texts)), SQL("source_id <> ''")
            )
            return [*tuples(rows), *_merged(DeletedTitle.source_id, texts)]
        return tuples(Title.select(Title.isbn, Title.id).where(Title.isbn.in_(list(texts))))

    def named_by(self, read: cells.Cells) -> int | None:
        """Return the title id by the first filled one of title_id, source_id and isbn; None with a refusal if none is
        filled: of that cell if the file has one such column, else of the whole row.
        """
        name = next((name for name in TITLE_BY if read.raw(name)), None)
        if name is None:
            there = [name for name in TITLE_BY if name in read.row.cells]
            read.refuse_row(there[0] if len(there) == 1 else "", errors.TitleNotNamed())
            return None
        text = _spelled(name, read.raw(name))
        if name == "source_id" and (full := self._full.get(text)):
            read.mend(name, FULL_NUMBER, f"{text} → {full}")
            text = full
        found = self._found.get((name, text), [])
        if len(found) != 1:
            read.refuse(name, errors.TitleAmbiguous(count=len(found)) if found else errors.TitleUnknown())
        return found[0] if len(found) == 1 else None


def _merged(column: Any, values: Iterable[int | str]) -> list[tuple]:
    """Return (value, title it was merged into) of titles that were merged."""
    rows = DeletedTitle.select(column, DeletedTitle.merged_into).where(column.in_(list(values)))
    return tuples(rows.where(DeletedTitle.merged_into.is_null(False)))


def _spelled(name: str, text: str) -> str:
    """Return the normal spelling of a title's id or ISBN."""
    if name == "isbn":
        return isbn.normalise(text) or text
    return str(int(text)) if name == "title_id" and text.isdecimal() and len(text) < 19 else text
