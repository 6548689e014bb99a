"""The facts of mails: the table of mail kinds, with what each kind tells, in the language of its letter.

Days and the library's own words are said in that language; titles, names and the answers of librarians stay as they
are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from library import clock, dates, errors, wording
from library.calendar import opening
from library.language import languages, readings
from library.lending import closures, due_mails, notices, overdue
from library.lending.holds import hold_mails
from library.patrons.family import ages
from library.reading import sdi_mails
from library.requests import letters
from library.site import questions, translations
from models import Branch, Loan, OutboxMail, full_name
from sending import mail_templates

DAYS_AFTER_DUE = 4  # closed days are told up to here
Facts = dict[str, Any]


class Shared:
    """The facts that the mails of one delivery run share, each read once."""

    def __init__(self) -> None:
        self._closed_days: dict[tuple[int, date, date], list[date]] = {}
        self._words: dict[str, dict[str, str]] = {}

    def closed_days(self, branch: int, first: date, last: date) -> list[date]:
        """Return the days on which a branch is closed."""
        if (branch, first, last) not in self._closed_days:
            days = opening.closed_days_between(Branch.get_by_id(branch), first, last)
            self._closed_days[branch, first, last] = days
        return self._closed_days[branch, first, last]

    def word(self, text: str, code: str) -> str:
        """Return a word of the library's own, such as the name of a branch, in a language: translated at the desk, else
        as it is.
        """
        if code == languages.JAPANESE:
            return text
        if code not in self._words:
            self._words[code] = translations.in_language(code)
        return readings.plain(self._words[code].get(translations.key(text), text))


@dataclass(frozen=True)
class Occasion:
    """A queued mail at the moment when its letter is made, in the language of the letter. ``due_notice``: what a due
    notice has left to say.
    """

    row: OutboxMail
    due_notice: due_mails.DueNotice | None
    now: datetime
    language: languages.Language
    settings: Mapping[str, Any]
    shared: Shared

    @property
    def today(self) -> date:
        return clock.day_of(self.now)

    @property
    def public_url(self) -> str:
        return self.settings["PUBLIC_URL"]

    def stop_url(self) -> str:
        """Return the address of the page that stops mails of this kind."""
        token = notices.stop_token(self.row.patron_id, self.row.kind, self.settings["SECRET_KEY"])
        return f"{self.public_url}/mail/stop/{token}"

    def say(self, text: str) -> str:
        """Return the library's own words in the language of the letter."""
        return str(self.language.say(text))

    def branch(self, name: str) -> str:
        """Return the name of a branch in the language of the letter."""
        return self.shared.word(name, self.language.code)

    def moment(self, instant: datetime) -> str:
        """Return a moment in the language of the letter."""
        return str(self.language.day(dates.moment(instant)))

    def day(self, day: date | None, *, year: bool = True) -> str:
        """Return a day in the language of the letter; empty for none."""
        return str(self.language.day(dates.with_weekday(day, year=year)))


# -- the facts -------------------------------------------------------------------------------------------------------
def as_queued(at: Occasion) -> Facts:
    """Return the facts that were stored when the mail was queued: moment, fields, event, text, a link's token."""
    facts, patron = at.row.facts, at.row.patron
    return {
        "name": patron.name if patron else "",
        "at": at.moment(clock.parse(facts["at"]) if "at" in facts else at.row.created_at),
        "fields": [at.say(wording.FIELDS.get(name, name)) for name in facts.get("fields", [])],
        "what": facts.get("what", ""),
        "other": facts.get("other", ""),
        "message": str(at.language.day(facts.get("text", ""))),
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
    closed = [
        {
            "name": at.branch(name),
            "days": [at.day(day, year=False) for day in at.shared.closed_days(id, at.today, last)],
        }
        for id, name in branches.items()
    ]
    return {
        "name": notice.name,
        "count": len(notice.loans),
        "renewable": sum(loan.renewable for loan in notice.loans),
        "groups": [_group(at, list(loans), notice.with_titles) for _, loans in groups],
        "closed": [branch for branch in closed if branch["days"]],
        "stop_url": at.stop_url(),
    }


def _group(at: Occasion, loans: list[due_mails.DueLoan], with_titles: bool) -> Facts:
    first = loans[0]
    return {
        "due": at.day(first.due_on, year=False),
        "due_with_year": at.day(first.due_on),
        "days_left": at.say(dates.days_left(first.due_on, at.today)),
        "branch": at.branch(first.branch_name),
        "count": len(loans),
        "titles": [_full_name(loan.title, loan.volume) for loan in loans] if with_titles else [],
    }


def late_loans(at: Occasion) -> Facts | None:
    """Return the facts of loans that are still out and late."""
    letter = overdue.letter(at.row, today=at.today)
    return _loans_and_holds(at, letter, letter.loans, []) if letter else None


def moved_days(at: Occasion) -> Facts | None:
    """Return the facts of loans and holds whose day was moved by a closure."""
    letter = closures.letter(at.row, today=at.today)
    if letter is None:
        return None
    holds = [
        hold_mails.HoldLine(hold.title.title, hold.title.volume, hold.pickup_branch.name, hold.pickup_by, "")
        for hold in letter.holds
    ]
    return _loans_and_holds(at, letter, letter.loans, holds)


def titles_on_hold(at: Occasion) -> Facts | None:
    """Return the facts of a mail about holds: on the shelf, near their deadline, or over."""
    letter = hold_mails.letter(at.row, today=at.today)
    return _loans_and_holds(at, letter, [], letter.holds) if letter else None


def _loans_and_holds(
    at: Occasion,
    letter: overdue.Letter | closures.Letter | hold_mails.Letter,
    loans: list[Loan],
    holds: list[hold_mails.HoldLine],
) -> Facts:
    return {
        "name": letter.name,
        "count": len(loans) + len(holds),
        "loans": [
            {
                "title": _full_name(loan.item.title.title, loan.item.title.volume) if letter.with_titles else "",
                "branch": at.branch(loan.branch.name),
                "due": at.day(loan.due_on),
                "days_left": at.say(dates.days_left(loan.due_on, at.today)),
            }
            for loan in loans
        ],
        "holds": [
            {
                "title": _full_name(hold.title, hold.volume) if letter.with_titles else "",
                "branch": at.branch(hold.branch),
                "pickup_by": at.day(hold.pickup_by),
                "last": at.day(hold.pickup_by, year=False),
                "reason": at.say(hold.reason),
                "in_house": at.say(errors.BorrowedInHouse().sentence) if hold.in_house else "",
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
    return letter._asdict() | {"asked_on": at.day(letter.asked_on), "page": page}


def family(at: Occasion) -> Facts | None:
    """Return the facts of a mail about a family card: the other person, and the day on which something changes."""
    letter = ages.letter(at.row)
    return letter and letter._asdict() | {"day": at.day(letter.day), "adult": ages.OF_AGE}


def decided_request(at: Occasion) -> Facts | None:
    """Return the facts of a mail about a request that was decided on: 購入, 借受 or 謝絶."""
    letter = letters.letter(at.row)
    if letter is None:
        return None
    said = [
        type(each)(each.msgid, **each.facts | {"branch": at.branch(each.facts["branch"])}) for each in letter.sentences
    ]
    return {
        "name": letter.name,
        "what": letter.state,
        "title": _full_name(letter.title, letter.volume) if letter.with_titles else "",
        "sentences": [at.say(each) for each in said],
        "reply": letter.reply,
    }


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
    "request": decided_request,
    "ebook_ready": as_queued,
    "sdi": new_titles,
    "reference_receipt": reference_question,
    "reference_answer": reference_question,
    "family_titles": family,
    "family_ending": family,
    "test": as_queued,
    "admin": as_queued,
}
