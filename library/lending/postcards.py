"""はがき: 督促 on paper for patrons whom the desk ticks. It tells the number of items; titles only where the rules allow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from library import audit, policy
from library.lending import overdue
from library.patrons import homes
from library.store import database
from models import Loan, Patron

MOST_TITLES = 4  # on the address side of a postcard, text may fill the lower half alone


@dataclass(frozen=True)
class Postcard:
    """One card. ``honorific`` follows the name; ``to`` stands below: 保護者様, or the 担当者 of a 団体."""

    patron: Patron
    honorific: str
    to: str
    loans: list[Loan]
    titles: list[str]

    @property
    def due_on(self) -> date:
        """Return the earliest due date."""
        return min(loan.due_on for loan in self.loans)

    @property
    def more(self) -> int:
        """Return the number of titles without room on the card; 0 where no titles are named."""
        return len(self.loans) - len(self.titles) if self.titles else 0


def made(patron_ids: Collection[int], *, days: int, today: date) -> tuple[list[Postcard], list[Patron]]:
    """Return the cards of these patrons about loans late by so many days, and the patrons without a postal address."""
    late = [each for each in overdue.to_print(today=today, days=days) if each[0].id in patron_ids]
    with_titles = policy.get("postcard_titles")
    cards = [_card(patron, loans, with_titles, today) for patron, loans in late if patron.address]
    return cards, [patron for patron, _ in late if not patron.address]


def _card(patron: Patron, loans: list[Loan], with_titles: bool, today: date) -> Postcard:
    is_group = homes.is_group(patron.category)
    to = "保護者様" if homes.is_asked_for_guardian(patron, today=today) else ""
    if is_group and patron.guardian_name:
        to = f"ご担当 {patron.guardian_name} 様"
    titles = [loan.item.title.full_name for loan in loans] if with_titles and patron.titles_in_mail else []
    return Postcard(patron, "御中" if is_group else "様", to, loans, titles[:MOST_TITLES])


def note_printing(count: int, *, by: str, now: datetime) -> None:
    """Record that addresses were shown for printing, and their number."""
    with database.writing():
        audit.record("overdue.postcards_made", actor=by, now=now, count=count)


def note_sending(loan_ids: Collection[int], *, by: str, today: date, now: datetime) -> int:
    """はがきを出した: note a reminder for those of these loans that are still late; return the number of patrons."""
    with database.writing():
        reached = [
            (patron, [loan for loan in loans if loan.id in loan_ids])
            for patron, loans in overdue.to_print(today=today, days=1)
        ]
        reached = [(patron, loans) for patron, loans in reached if loans]
        for patron, loans in reached:
            overdue.note_reminded(loans, today=today)
            audit.record("overdue.postcard_sent", actor=by, now=now, patron=patron)
    return len(reached)
