"""号の受け入れ: an issue of a serial comes in, as a title with a copy at a branch, and what follows for the one before."""

from datetime import datetime
from typing import NamedTuple

from peewee import fn

from library import audit, clock, dates, errors, policy
from library.catalog import changes, editing
from library.catalog.fulltext import index
from library.catalog.records import Record
from library.catalog.series import newest
from library.catalog.works import works
from library.lending import copies
from library.lending.holds import hold_queue, hold_states
from library.serials import naming
from library.serials.intervals import WITHOUT_ISSUES
from library.store import database
from models import Branch, Hold, Issue, Item, Loan, Serial, SerialCopies, Title

KINDS = ("single", "double", "extra")


class Received(NamedTuple):
    """An issue that came in as a copy. ``freed``: the name of the issue before, if it is lent from now on;
    ``left``: the copies that the branch still awaits.
    """

    issue: Issue
    item: Item
    freed: str
    left: int


def receive(
    serial_id: int, name: str, barcode: str, *, kind: str = "single", branch: Branch, by: str, now: datetime
) -> Received:
    """Receive a copy of the issue of this name at a branch; the issue is made unless it was received before.

    Raises: RefusedTogether by field (name, barcode).
    """
    name, today = " ".join(name.split()), clock.day_of(now)
    with database.writing():
        serial = Serial.get_by_id(serial_id)
        if serial.ended_on is not None or serial.interval in WITHOUT_ISSUES:
            raise errors.RefusedTogether({"barcode": [errors.SerialTakesNone()]})
        if not name or len(name) > naming.LONGEST or not name.isprintable():
            long = name and errors.FieldTooLong(maximum=naming.LONGEST)
            raise errors.RefusedTogether({"name": [long or errors.IssueNameMissing()]})
        issue = Issue.get_or_none(Issue.serial == serial, Issue.name == name)
        wanted = max(1, SerialCopies.select(fn.SUM(SerialCopies.number)).where(
            SerialCopies.serial == serial, SerialCopies.branch == branch).scalar() or 0)  # fmt: skip
        there = list(Item.select().where(Item.title == issue.title_id, Item.branch == branch)) if issue else []
        values = _values(serial, barcode, branch, there)
        if len(there) >= wanted:
            raise errors.RefusedTogether({"barcode": [errors.IssueReceived(name=name, branch=branch.name)]})
        kept = _kept(serial, branch, now)
        issue = issue or _add(serial, name, kind, by=by, now=now)
        item = copies.add(issue.title, values, by=by, today=today, now=now)
        freed = [row for row in kept if row.title_id not in {row.title_id for row in _kept(serial, branch, now)}]
        for row in freed:
            hold_queue.advance(row.title_id, now=now)
            changes.note_copies([row.title_id], now=now)
    return Received(issue, item, freed[0].name if freed else "", wanted - len(there) - 1)


def _values(serial: Serial, barcode: str, branch: Branch, there: list[Item]) -> dict:
    """Return the columns of a new copy, placed as the branch's last one of the serial. Raises: RefusedTogether."""
    last = (
        Item.select().join(Issue, on=(Issue.title == Item.title)).where(Issue.serial == serial, Item.branch == branch)
    )
    like = last.order_by(Issue.position.desc(), Item.id.desc()).first()
    texts = {name: getattr(like, name) if like else "" for name in ("shelf", "call_number", "supplier", "budget_word")}
    texts |= {"material_type": "", "note": "", "acquired_how": serial.acquired_how, "acquired_on": "", "price": ""}
    values = copies.read(texts | {"barcode": barcode, "branch": str(branch.id)})
    if any(copy.barcode == values["barcode"] for copy in there):
        raise errors.RefusedTogether({"barcode": [errors.IssueReceivedSo(barcode=values["barcode"])]})
    return values


def _kept(serial: Serial, branch: Branch, now: datetime) -> list[Issue]:
    """Return the issues of a serial whose copies a branch doesn't lend yet."""
    rows = (
        Issue.select().join(Item, on=(Item.title == Issue.title)).where(Issue.serial == serial, Item.branch == branch)
    )
    return list(rows.where(newest.is_kept(newest.since(clock.day_of(now)))).order_by(Issue.position.desc()).distinct())


def _add(serial: Serial, name: str, kind: str, *, by: str, now: datetime) -> Issue:
    """Add an issue behind all others, with its title, which is described as that of the issue before."""
    today = clock.day_of(now)
    rows = Issue.select(Issue, Title).join(Title).where(Issue.serial == serial).order_by(Issue.position.desc())
    before, year = rows.first(), dates.year_of(name) or today.year
    record = Record(
        serial.name,
        title_kana=serial.name_kana,
        volume=name,
        publisher=serial.publisher,
        year=year,
        year_text=str(year),
        note=f"ISSN {serial.issn}" if serial.issn else "",
        material_type=next(iter(policy.get("magazine_types")), "雑誌"),
        ndc=before.title.ndc if before else "",
        audience=before.title.audience if before else "",
    )
    title = editing.add(record, by=by, today=today, now=now)
    Title.update(work_key=f"{works.SERIAL}{serial.id}", work_fixed=True).where(Title.id == title.id).execute()
    position = before.position + 1 if before else 1
    return Issue.create(serial=serial, title=title, position=position, name=name, kind=kind)


def take_back_refusals(item: Item | None, *, now: datetime) -> list[errors.Refused]:
    """Return the reasons against taking back a copy of an issue: not of today, or lent, kept or changed since."""
    if item is None or item.acquired_on != clock.day_of(now) or not Issue.select().where(Issue.title == item.title_id):
        return [errors.UndoTooLate()]
    kept = Hold.select().where(Hold.item == item.id, Hold.state.in_(hold_states.OPEN))
    is_used = item.state != "available" or kept.exists() or Loan.select().where(Loan.item == item.id).exists()
    return [errors.UndoChanged()] if is_used else []


def take_back(item_id: int, *, by: str, now: datetime) -> str:
    """Undo the receipt of a copy today: it goes, and with it the title if nothing else hangs on that. Return the name
    of title and issue. Raises: Refusals.
    """
    with database.writing():
        item = Item.get_or_none(Item.id == item_id)
        reasons = take_back_refusals(item, now=now)
        if item is None or reasons:
            raise errors.Refusals(reasons)
        title, issue = item.title, Issue.get(Issue.title == item.title_id)
        Hold.update(item=None).where(Hold.item == item.id).execute()
        item.delete_instance()
        audit.record("issue.taken_back", actor=by, now=now, barcode=item.barcode)
        if editing.removal_refusals(title.id):
            changes.note_copies([title.id], now=now)
        else:
            editing.remove(title.id, by=by, now=now)
        for row in _kept(Serial.get_by_id(issue.serial_id), item.branch, now):
            hold_queue.advance(row.title_id, now=now)
            index.copies_changed()
    return title.full_name
