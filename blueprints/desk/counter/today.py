"""今日の仕事: what waits at this desk, and the day of its branch."""

from datetime import date
from typing import Any

from flask import url_for

from library import clock
from library.calendar import hours, opening
from library.counting import waiting
from library.policy import Policy
from models import Branch
from web import access, flash, htmx
from web.desk import counter
from web.parts import stored_policy

PAGE = "desk.index"
MOST = 3  # shelves, branches or places that are named
ROWS = {  # by kind of work, in the order of the page: unit, words, page
    "pull": ("点", "予約の本を棚から集める", "desk.holds.index", {}),
    "arriving": ("点", "ほかの館から届く本を受け取る", "desk.holds.transfers", {}),
    "send": ("点", "ほかの館へ送る本", "desk.holds.transfers", {}),
    "contact": ("件", "予約の本の連絡", "desk.holds.show", {"name": "contact"}),
    "over": ("点", "取り置きの終わった本を棚に戻す", "desk.holds.show", {"name": "reshelve"}),
    "overdue": ("人", "督促の電話", "desk.overdue.index", {}),
    "claims": ("点", "確認中の資料", "desk.claims.index", {}),
    "mails": ("通", "届かないメール", "desk.notices.index", {"state": "failed", "channel": "mail"}),
    "questions": ("件", "レファレンスの質問", "desk.questions.index", {}),
}


def page() -> access.Reply:
    """Return the page; what is said after a sign-in stands above the work."""
    answer, found, rules = flash.take(PAGE), counter.work(), stored_policy.read()
    by = answer.get("second_factor_by")
    return htmx.page(
        "desk/today/index.html",
        network=answer.get("network"),
        second_factor_by=by and date.fromisoformat(by),
        rows=[_row(kind, found[kind], rules) for kind in ROWS if kind in found],
        late_days=waiting.last_stage(rules),
        undelivered_days=waiting.UNDELIVERED.days,
        time=counter.time_of_day(),
        day=_day(counter.here(), rules),
    )


def _row(kind: str, work: waiting.Work, rules: Policy) -> dict[str, Any]:
    unit, words, endpoint, values = ROWS[kind]
    named = [f"{word} {number}{unit}" for word, number in work.parts[:MOST]]
    values = values | ({"days": waiting.last_stage(rules)} if kind == "overdue" else {})
    return work._asdict() | {
        "kind": kind,
        "since_on": work.since and clock.day_of(work.since),
        "unit": unit,
        "words": words,
        "url": url_for(endpoint, **values),
        "named": "、".join([*named, "ほか"] if len(work.parts) > MOST else named),
    }


def _day(branch: Branch, rules: Policy) -> list[dict[str, Any]]:
    """Return the hours of the branch today in order, with what was lent and returned until now among them."""
    today, time = clock.today(), counter.time_of_day()
    lent, returned = waiting.done_today(branch, today=today)
    is_open = opening.calendar_of(branch, rules).is_open(today)
    spans = hours.spans_on(branch, today) if is_open else ()
    marks = [(at, word) for span in spans for at, word in zip(span, ("開館", "閉館"), strict=True)]
    rows = [{"time": at, "words": word, "minutes": hours.minutes(at)} for at, word in marks]
    now = {"time": time, "minutes": hours.minutes(time), "lent": lent, "returned": returned, "is_shut": not is_open}
    return sorted([*rows, now], key=lambda row: row["minutes"])
