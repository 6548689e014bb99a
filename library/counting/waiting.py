"""今日の仕事: the work that waits at a branch, and what was lent and returned there today."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from library import clock
from library.interlibrary import states
from library.policy import Policy
from library.serials import arrivals
from library.store import engine
from models import Branch

UNDELIVERED = timedelta(days=7)  # a mail that failed is work for so long
# days after which work is late; what is over and overdue always is
LATE_AFTER = {
    "pull": 1,
    "contact": 1,
    "arriving": 3,
    "over": -1,
    "overdue": -1,
    "partners_days": 0,
    "serials": -1,
    "questions": 2,
    "requests": 14,
    "claims": 30,
}

_AT = "COALESCE(item.at_branch_id, item.branch_id)"
# Kind, what its copies stand by (shelf, branch, place), number, oldest day; each part is read from an index of what is
# open. To be called is who wants it so, or whose mail did not arrive (as in hold_shelf.to_contact).
_WAITS = f"""
SELECT 'pull', item.shelf, COUNT(*), CAST(MIN(hold.preparing_on) AS text) FROM hold JOIN item ON item.id = hold.item_id
WHERE hold.state = 'preparing' AND {_AT} = ? GROUP BY item.shelf
UNION ALL SELECT 'arriving', branch.name, COUNT(*), '' FROM item JOIN branch ON branch.id = {_AT}
WHERE item.going_to_id = ? AND item.going_to_id <> {_AT} GROUP BY branch.name
UNION ALL SELECT 'send', branch.name, COUNT(*), '' FROM item JOIN branch ON branch.id = item.going_to_id
WHERE item.going_to_id IS NOT NULL AND {_AT} = ? GROUP BY branch.name
UNION ALL SELECT 'over', item.aside_at, COUNT(*), '' FROM item WHERE item.aside AND {_AT} = ?
AND NOT EXISTS (SELECT 1 FROM hold WHERE hold.item_id = item.id AND hold.state = 'ready') GROUP BY item.aside_at
UNION ALL SELECT 'contact', '', COUNT(*), CAST(MIN(hold.on_shelf_on) AS text) FROM hold
LEFT JOIN hold_notice told ON told.hold_id = hold.id AND told.kind = 'ready' AND told.day = hold.on_shelf_on
LEFT JOIN outbox_mail mail ON mail.id = told.mail_id AND mail.channel = 'mail' AND mail.state IN ('queued', 'sending', 'sent')
WHERE hold.state = 'ready' AND hold.pickup_branch_id = ? AND hold.told_on IS NULL AND hold.cancel_at IS NULL
AND (hold.contact_method = 'phone' OR (hold.contact_method = 'mail' AND mail.id IS NULL))
UNION ALL SELECT 'kept', '', COUNT(*), '' FROM hold WHERE state = 'ready' AND pickup_branch_id = ?
UNION ALL SELECT 'overdue', '', COUNT(DISTINCT patron_id), '' FROM loan
WHERE returned_on IS NULL AND trouble = '' AND due_on <= ? AND NOT EXISTS (
SELECT 1 FROM dunning_call call WHERE call.loan_id = loan.id AND call.called_on > loan.due_on AND call.stage >= ?)
UNION ALL SELECT 'claims', '', COUNT(*), CAST(MIN(lent_on) AS text) FROM loan WHERE trouble <> ''
UNION ALL SELECT 'mails', '', COUNT(*), '' FROM outbox_mail WHERE state = 'failed' AND next_try_at > ? AND channel = 'mail'
UNION ALL SELECT 'partners_days', '', COUNT(*), CAST(MIN(due_on) AS text) FROM ill_borrowing
WHERE state = 'arrived' AND due_on <= ? AND branch_id = ?
UNION ALL SELECT 'requests', '', COUNT(*), CAST(MIN(made_at) AS text) FROM wanted
WHERE state IN ('received', 'considered') AND ended_at IS NULL
UNION ALL SELECT 'serials', '', COUNT(*), '' {arrivals.LATE}
UNION ALL SELECT 'questions', '', COUNT(*), CAST(MIN(asked_at) AS text) FROM question WHERE state = 'new'
"""  # noqa: S608 (our own words)
_DONE = """
SELECT (SELECT COUNT(*) FROM loan WHERE lent_on = ? AND branch_id = ?),
(SELECT COUNT(*) FROM loan WHERE returned_on IS NOT NULL AND returned_on = ? AND returned_to_id = ?)
"""


class Work(NamedTuple):
    """Work of one kind. ``parts``: the shelves, branches or places of its copies, with numbers; ``since``: the oldest
    of it.
    """

    number: int = 0
    parts: tuple[tuple[str, int], ...] = ()
    since: datetime | None = None
    is_late: bool = False


def at(branch: Branch, *, rules: Policy, now: datetime) -> dict[str, Work]:
    """Return the work that waits at a branch, by kind; nothing of a kind without any."""
    found = defaultdict(list)
    stage = last_stage(rules)
    late = clock.day_of(now) - timedelta(days=stage)
    near = str(clock.day_of(now) + timedelta(days=states.NEAR_DAYS))
    recent = str((now - UNDELIVERED).astimezone(UTC).replace(tzinfo=None))
    values = (*[branch.id] * 6, str(late), stage, recent, near, branch.id)
    values += arrivals.late_values(branch, today=clock.day_of(now))
    for kind, *row in engine.run(_WAITS, values).fetchall():
        found[kind].append(row)
    made = {kind: _work(kind, rows, clock.day_of(now)) for kind, rows in found.items()}
    return {kind: work for kind, work in made.items() if work.number}


def _work(kind: str, rows: list, today: date) -> Work:
    oldest = min((row[2] for row in rows if row[2]), default="")
    since = datetime.fromisoformat(oldest) if oldest else None
    since = since and (since.replace(tzinfo=UTC) if " " in oldest else clock.at(since.date()))
    waits = (today - clock.day_of(since)).days if since else 0
    parts = tuple((word, number) for word, number, _ in rows if word)
    return Work(sum(number for _, number, _ in rows), parts, since, waits > LATE_AFTER.get(kind, waits))


def last_stage(rules: Policy) -> int:
    """Return the days late of the last stage of 督促, after which the desk calls."""
    return max(rules.get("overdue_stages"), default=1)


def done_today(branch: Branch, *, today: date) -> tuple[int, int]:
    """Return the numbers of copies that were lent and returned at a branch today."""
    day = str(today)
    return engine.run(_DONE, (day, branch.id, day, branch.id)).fetchone()
