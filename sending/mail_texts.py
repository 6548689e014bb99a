"""The contents of mails: the table of mail kinds, with the facts that each kind tells.

The text of a kind is ``templates/mail/<kind>.txt``, its first line the subject; a library's own text takes its place.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from library import clock, dates, wording
from library.calendar import opening
from library.lending import closures, due_mails, notices, overdue
from library.lending.holds import hold_mails
from library.mail import own_texts
from library.patrons.family import ages
from library.reading import sdi_mails
from library.site import questions
from models import Branch, Loan, OutboxMail, full_name
from sending import mail_templates

DAYS_AFTER_DUE = 4  # closed days are told up to here
Facts = dict[str, Any]
DueNotices = dict[int, due_mails.DueNotice]  # by mail id

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """One mail as it goes out. ``stored_text`` has neither a one-time link nor one that stops mails."""

    row_id: int
    address: str
    message_id: str
    subject: str
    text: str
    stored_text: str
    headers: dict[str, str] = field(default_factory=dict)


class Texts:
    """Makes the letters of one delivery run; ``counts``: the library's own texts that are broken."""

    def __init__(self, settings: Mapping[str, Any]):
        self.settings = settings
        self.counts = Counter()
        self._templates = mail_templates.Templates(settings)
        self._own = own_texts.every()
        self._compiled = {}
        self._closed_days: dict[tuple, list[str]] = {}

    def read_together(self, rows: Sequence[OutboxMail], *, now: datetime) -> DueNotices:
        """Return the due notices of queued mails that still have loans, by mail id, read in one go."""
        due = [row for row in rows if row.kind == "due"]
        return due_mails.due_notices(due, today=clock.day_of(now)) if due else {}

    def letter(self, row: OutboxMail, together: DueNotices | None = None, *, now: datetime) -> Letter | None:
        """Return the letter of a queued mail as of ``now``; None when nothing is left to say."""
        facts = self.facts(row, together, now=now)
        if facts is None:
            return None
        facts["mobile"] = row.address_kind == "mobile"
        subject, text = self._render(row.kind, facts)
        return Letter(
            row_id=row.id,
            address=row.address,
            message_id=f"<{row.message_id}@{self.settings['MAIL_SENDER'].rpartition('@')[2]}>",
            subject=subject,
            text=text,
            stored_text=_without_links_that_act(text, facts),
            headers=_headers(facts.get("stop_url", "")),
        )

    def facts(self, row: OutboxMail, together: DueNotices | None = None, *, now: datetime) -> Facts | None:
        """Return the facts of a queued mail as of ``now``; None when there is nothing left to say. ``together``: due
        notices that were read already, else that of this mail is read.
        """
        due_notices = self.read_together([row], now=now) if together is None else together
        return KINDS[row.kind](Occasion(self, row, due_notices.get(row.id), now))

    def _render(self, kind: str, facts: Facts) -> tuple[str, str]:
        """Return (subject, text); the shipped text in place of a broken one of the library's own."""
        if kind in self._own:
            try:
                if kind not in self._compiled:
                    self._compiled[kind] = self._templates.compile(self._own[kind])
                return mail_templates.render(self._compiled[kind], facts)
            except Exception as error:  # whatever an administrator's text raises, the mail goes out
                log.error("own text of %s is broken (%s): the shipped one is used", kind, error)
                self.counts["broken_texts"] += 1
                del self._own[kind]
        return mail_templates.render(self._templates.shipped(kind), facts)

    def closed_days(self, branch: int, first: date, last: date) -> list[str]:
        """Return the days on which a branch is closed, as text, read once a run for each span."""
        if (branch, first, last) not in self._closed_days:
            days = opening.closed_days_between(Branch.get_by_id(branch), first, last)
            self._closed_days[branch, first, last] = [dates.with_weekday(day, year=False) for day in days]
        return self._closed_days[branch, first, last]


def letter_to_admin(settings: Mapping[str, Any], facts: Mapping[str, str], message_id: str) -> Letter:
    """Return a mail to the administrator."""
    told = {"message": facts.get("text", ""), **facts}
    return letter_at_once(settings, "admin", settings["ADMIN_MAIL"], told, message_id)


def letter_at_once(
    settings: Mapping[str, Any], kind: str, address: str, facts: Mapping[str, str], message_id: str
) -> Letter:
    """Return a letter that is made without the database, which may be the fault that it tells of."""
    template = mail_templates.Templates(settings, contact={}).shipped(kind)
    subject, text = mail_templates.render(template, {"mobile": False, **facts})
    domain = settings["MAIL_SENDER"].rpartition("@")[2]
    return Letter(
        row_id=0,
        address=address,
        message_id=f"<{message_id}@{domain}>",
        subject=subject,
        text=text,
        stored_text=text,
        headers=_headers(""),
    )


@dataclass(frozen=True)
class Occasion:
    """A queued mail at the moment when its letter is made. ``due_notice``: what a due notice has left to say."""

    texts: Texts
    row: OutboxMail
    due_notice: due_mails.DueNotice | None
    now: datetime

    @property
    def today(self) -> date:
        return clock.day_of(self.now)

    @property
    def public_url(self) -> str:
        return self.texts.settings["PUBLIC_URL"]

    def stop_url(self) -> str:
        """Return the address of the page that stops mails of this kind."""
        token = notices.stop_token(self.row.patron_id, self.row.kind, self.texts.settings["SECRET_KEY"])
        return f"{self.public_url}/mail/stop/{token}"


def _without_links_that_act(text: str, facts: Facts) -> str:
    """Return the text without links by which its reader could do something."""
    for key in (facts.get("token"), facts.get("stop_url", "").rpartition("/")[2]):
        if key:
            text = text.replace(key, "（リンクは保存していません）")
    return text


def _headers(stop_url: str) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated"}
    if stop_url:
        headers["List-Unsubscribe"] = f"<{stop_url}>"
    if stop_url.startswith("https://"):  # RFC 8058: the one-click POST goes to an HTTPS address only
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


# -- the facts -------------------------------------------------------------------------------------------------------
def as_queued(at: Occasion) -> Facts:
    """Return the facts that were stored when the mail was queued: moment, fields, event, text, a link's token."""
    facts, patron = at.row.facts, at.row.patron
    return {
        "name": patron.name if patron else "",
        "at": dates.moment(clock.parse(facts["at"]) if "at" in facts else at.row.created_at),
        "fields": [wording.FIELDS.get(name, name) for name in facts.get("fields", [])],
        "what": facts.get("what", ""),
        "other": facts.get("other", ""),
        "message": facts.get("text", ""),
        "token": facts.get("token", ""),
    }


def with_link(lifetime: timedelta) -> Callable[[Occasion], Facts | None]:
    """Return a function from mail to facts, for mails with a one-time link: None once the link's lifetime is over."""
    return lambda at: as_queued(at) if at.now < at.row.created_at + lifetime else None


def due_loans(at: Occasion) -> Facts | None:
    """Return the loans of a due notice in groups by day and branch, with the closed days of the branch."""
    notice = at.due_notice
    if notice is None:
        return None
    groups = groupby(notice.loans, key=lambda loan: (loan.due_on, loan.branch_name))
    last = max(loan.due_on for loan in notice.loans) + timedelta(days=DAYS_AFTER_DUE)
    branches = {loan.branch: loan.branch_name for loan in notice.loans}
    closed = [{"name": name, "days": at.texts.closed_days(id, at.today, last)} for id, name in branches.items()]
    return {
        "name": notice.name,
        "count": len(notice.loans),
        "renewable": sum(loan.renewable for loan in notice.loans),
        "groups": [_group(list(loans), notice.with_titles, at.today) for _, loans in groups],
        "closed": [branch for branch in closed if branch["days"]],
        "stop_url": at.stop_url(),
    }


def _group(loans: list[due_mails.DueLoan], with_titles: bool, today: date) -> Facts:
    first = loans[0]
    return {
        "due": dates.with_weekday(first.due_on, year=False),
        "due_with_year": dates.with_weekday(first.due_on),
        "days_left": dates.days_left(first.due_on, today),
        "branch": first.branch_name,
        "count": len(loans),
        "titles": [_full_name(loan.title, loan.volume) for loan in loans] if with_titles else [],
    }


def late_loans(at: Occasion) -> Facts | None:
    """Return the facts of loans that are still out and late."""
    letter = overdue.letter(at.row, today=at.today)
    return _loans_and_holds(letter, letter.loans, [], at.today) if letter else None


def moved_days(at: Occasion) -> Facts | None:
    """Return the facts of loans and holds whose day was moved by a closure."""
    letter = closures.letter(at.row, today=at.today)
    if letter is None:
        return None
    holds = [
        hold_mails.HoldLine(hold.title.title, hold.title.volume, hold.pickup_branch.name, hold.pickup_by, "")
        for hold in letter.holds
    ]
    return _loans_and_holds(letter, letter.loans, holds, at.today)


def titles_on_hold(at: Occasion) -> Facts | None:
    """Return the facts of a mail about holds: on the shelf, near their deadline, or over."""
    letter = hold_mails.letter(at.row, today=at.today)
    return _loans_and_holds(letter, [], letter.holds, at.today) if letter else None


def _loans_and_holds(
    letter: overdue.Letter | closures.Letter | hold_mails.Letter,
    loans: list[Loan],
    holds: list[hold_mails.HoldLine],
    today: date,
) -> Facts:
    return {
        "name": letter.name,
        "count": len(loans) + len(holds),
        "loans": [
            {
                "title": _full_name(loan.item.title.title, loan.item.title.volume) if letter.with_titles else "",
                "branch": loan.branch.name,
                "due": dates.with_weekday(loan.due_on),
                "days_left": dates.days_left(loan.due_on, today),
            }
            for loan in loans
        ],
        "holds": [
            {
                "title": _full_name(hold.title, hold.volume) if letter.with_titles else "",
                "branch": hold.branch,
                "pickup_by": dates.with_weekday(hold.pickup_by) if hold.pickup_by else "",
                "reason": hold.reason,
            }
            for hold in holds
        ],
    }


def new_titles(at: Occasion) -> Facts | None:
    """Return the new titles of saved searches (SDI); without titles no names of searches either."""
    letter = sdi_mails.letter(at.row, today=at.today)
    if letter is None:
        return None
    return {
        "name": letter.name,
        "count": letter.count,
        "conditions": [
            {
                "name": mail_templates.one_line(found.condition.name),
                "count": found.count,
                "titles": [
                    {"title": _full_name(one.title, one.volume), "author": mail_templates.one_line(one.author)}
                    for one in found.titles
                ],
                "more": found.count - len(found.titles),
                "url": f"{at.public_url}/my/sdi/{found.condition.id}",
            }
            for found in letter.found
            if letter.with_titles
        ],
        "stop_url": at.stop_url(),
    }


def reference_question(at: Occasion) -> Facts | None:
    """Return the facts of a reference question that was received or answered."""
    letter = questions.letter(at.row, base=at.public_url)
    if letter is None:
        return None
    page = f"{at.public_url}/my/questions/{letter.number}" if letter.is_patron else ""
    return letter._asdict() | {"asked_on": dates.with_weekday(letter.asked_on), "page": page}


def family(at: Occasion) -> Facts | None:
    """Return the facts of a mail about a family card: the other person, and the day on which something changes."""
    letter = ages.letter(at.row)
    return letter and letter._asdict() | {"day": dates.with_weekday(letter.day), "adult": ages.OF_AGE}


def _full_name(title: str, volume: str) -> str:
    return mail_templates.one_line(full_name(title, volume))


KINDS: dict[str, Callable[[Occasion], Facts | None]] = {
    "acknowledgement": as_queued,
    "registered": as_queued,
    "security": as_queued,
    "verify": with_link(timedelta(hours=24)),
    "reset": with_link(timedelta(hours=1)),
    "sealed": as_queued,
    "open_seal": with_link(timedelta(hours=24)),
    "due": due_loans,
    "overdue": late_loans,
    "closure": moved_days,
    "hold_ready": titles_on_hold,
    "hold_deadline": titles_on_hold,
    "hold_ended": titles_on_hold,
    "ebook_ready": as_queued,
    "sdi": new_titles,
    "reference_receipt": reference_question,
    "reference_answer": reference_question,
    "family_titles": family,
    "family_ending": family,
    "test": as_queued,
    "admin": as_queued,
}
