"""OAI-PMH: the changes of the catalogue, oldest first, a part at a time.

A list ends at the moment at which it began (``until``), so that it has an end while the desk works; later changes are
in the next one. A title is deleted when it was removed or its last copy was withdrawn, and stays deleted.
"""

import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from peewee import ModelSelect, Value, fn

from library import holdings
from library.access import signed_links
from library.catalog import changes, removed_titles
from library.store import queries
from models import Branch, DeletedTitle, Item, Title

PART = 100  # titles
GOOD_FOR = timedelta(hours=24)
PURPOSE = "oai"
BRANCHES = "branch"  # the kind of all sets there are
_NOT_OF_SETS = re.compile(r"[^A-Za-z0-9\-_.!~*'()]")
FAR = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@dataclass(frozen=True)
class Header:
    """A title in a list: when it changed, and the sets (branches) that have it, or had it if it is deleted."""

    title_id: int
    changed_at: datetime
    sets: tuple[str, ...] = ()
    is_gone: bool = False


@dataclass(frozen=True)
class Harvest:
    """A list that a program takes: its verb, format, branch (empty: all) and span of changes.

    ``after``: the last title sent, as (seconds, id); ``sent``: number sent so far; ``total``: number at the beginning.
    """

    verb: str
    prefix: str
    first: int
    until: int
    branch: str = ""
    after: tuple[int, int] = (-1, 0)
    sent: int = 0
    total: int = 0


@dataclass(frozen=True)
class Part:
    headers: list[Header]
    following: Harvest | None


def begin(
    verb: str, prefix: str, *, first: datetime | None, until: datetime | None, branch: str, now: datetime
) -> Harvest:
    """Return a new list, of changes up to now at most, whatever ``until`` is."""
    end = min(until or FAR, changes.to_second(now))
    begun = Harvest(verb, prefix, _seconds(first or datetime.fromtimestamp(0, UTC)), _seconds(end), branch)
    return replace(begun, total=_live(begun).count() + _deleted(begun).count())


def part(harvest: Harvest) -> Part:
    """Return the next headers of a list, and the rest of the list as ``following``, None at its end."""
    live = ((changed_at, title_id, None) for title_id, changed_at in _live(harvest).limit(PART + 1).tuples())
    deleted = ((at, title_id, codes) for title_id, at, codes in _deleted(harvest).limit(PART + 1).tuples())
    rows = list(islice(merge(live, deleted, key=lambda row: row[:2]), PART + 1))
    sent = rows[:PART]
    found = _headers({title_id: at for at, title_id, codes in sent if codes is None})
    headers = [
        found[title_id] if codes is None else Header(title_id, at, tuple(codes.split()), is_gone=True)
        for at, title_id, codes in sent
    ]
    if len(rows) <= PART:
        return Part(headers, None)
    last = headers[-1]
    after = (_seconds(last.changed_at), last.title_id)
    return Part(headers, replace(harvest, after=after, sent=harvest.sent + PART))


def header(title_id: int) -> Header | None:
    """Return the header of one title; None if there never was such a title."""
    if row := Title.select(Title.changed_at).where(Title.id == title_id, ~removed_titles.is_borrowed()).first():
        return _headers({title_id: row.changed_at})[title_id]
    row = removed_titles.deleted_row(title_id)
    return Header(title_id, row.deleted_at, tuple(row.branches.split()), is_gone=True) if row else None


def earliest(*, now: datetime) -> datetime:
    """Return the moment of the oldest change."""
    firsts = (
        Title.select(fn.MIN(Title.changed_at)).scalar(),
        DeletedTitle.select(fn.MIN(DeletedTitle.deleted_at)).scalar(),
    )
    return min(filter(None, firsts), default=changes.to_second(now))


# -- the token of the rest of a list -----------------------------------------------------------------------------------
def token(rest: Harvest, key: str, *, now: datetime) -> tuple[str, datetime]:
    """Return the signed token of the rest of a list, and the moment it expires."""
    until = changes.to_second(now) + GOOD_FOR
    text = json.dumps([_seconds(until), list(asdict(rest).values())], separators=(",", ":"))
    return signed_links.sign(PURPOSE, text.encode().hex(), key), until


def read_token(text: str, key: str, *, now: datetime) -> Harvest | None:
    """Return the rest of a list; None for a token that is forged or expired."""
    subject = signed_links.read(PURPOSE, text, key)
    if subject is None:
        return None
    until, (verb, prefix, first, last, branch, after, sent, total) = json.loads(bytes.fromhex(subject))
    return Harvest(verb, prefix, first, last, branch, tuple(after), sent, total) if now.timestamp() <= until else None


# -- queries -----------------------------------------------------------------------------------------------------------
def _live(harvest: Harvest) -> "ModelSelect[Any]":
    """Select id and moment of change of the titles that have a row, also of those without copies."""
    found = Title.select(Title.id, Title.changed_at).where(
        *_span(harvest, Title.changed_at, Title.id), ~removed_titles.is_borrowed()
    )
    if harvest.branch:
        there = Item.alias()
        at_branch = there.select(there.id).join(Branch, on=Branch.id == there.branch)
        at_branch = at_branch.where(there.title == Title.id, Branch.code == harvest.branch)
        found = found.where(fn.EXISTS(at_branch.where(holdings.is_in_stock(there) | removed_titles.is_removed())))
    return found.order_by(Title.changed_at, Title.id)


def _deleted(harvest: Harvest) -> "ModelSelect[Any]":
    row = DeletedTitle
    found = row.select(row.title_id, row.deleted_at, row.branches)
    found = found.where(*_span(harvest, row.deleted_at, row.title_id))
    if harvest.branch:
        found = found.where(Value(" ").concat(row.branches).concat(" ").contains(f" {set_of(harvest.branch)} "))
    return found.order_by(row.deleted_at, row.title_id)


def _span(harvest: Harvest, at: Any, number: Any) -> list[Any]:
    """Return the conditions of a list on the columns of moment and id."""
    seconds, last = harvest.after
    limits = [at >= _moment(harvest.first), at < _moment(harvest.until + 1)]
    if last:
        limits += [at >= _moment(seconds), (at > _moment(seconds)) | (number > last)]
    return limits


def _headers(changed: dict[int, datetime]) -> dict[int, Header]:
    """Return the headers of titles that have a row, by their ids."""
    copies = Item.select(Item.title, Branch.code, Item.state).join(Branch)
    copies = copies.where(Item.title.in_(list(changed)), holdings.is_own())
    here: dict[int, dict[str, None]] = {}
    withdrawn: dict[int, dict[str, None]] = {}
    for title_id, code, state in queries.tuples(copies.order_by(Branch.position, Branch.id)):
        (withdrawn if state == "withdrawn" else here).setdefault(title_id, {})[set_of(code)] = None
    lost, found = removed_titles.removed_among(withdrawn.keys() - here.keys()), {}
    for title_id, at in changed.items():
        codes = (withdrawn if title_id in lost else here).get(title_id, {})
        found[title_id] = Header(title_id, at, tuple(codes), title_id in lost)
    return found


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def sets() -> list[tuple[str, str, str]]:
    """Return (set, code, name) of each branch."""
    return [(set_of(row.code), row.code, row.name) for row in Branch.select().order_by(Branch.position, Branch.id)]


def set_of(code: str) -> str:
    """Return the code of a branch as setSpec allows it, still unique: 北1 is !E5!8C!971 (OAI-PMH.xsd)."""
    return _NOT_OF_SETS.sub(lambda found: "".join(f"!{byte:02X}" for byte in found[0].encode()), code)
