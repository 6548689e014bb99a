"""はがき: 督促 on paper, to those whom the desk ticks. It says how many items, and their titles only where the rules have it so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from library import audit, policy
from library.lending import overdue
from library.patrons import homes
from library.store import database
from models import Loan, Patron

MOST_TITLES = 4  # that have room: on the side of the address, words may fill the lower half of a postcard


@dataclass(frozen=True)
class Postcard:
    """One card; ``honorific`` follows the name, ``to`` stands under it: 保護者様, or the 担当者 of a 団体."""

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
        """Return how many titles have no room, where titles are named."""
        return len(self.loans) - len(self.titles) if self.titles else 0


def made(patron_ids: Collection[int], *, days: int, today: date) -> tuple[list[Postcard], list[Patron]]:
    """Return the cards for these patrons about what is late by so many days, and those who have no address on file."""
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
    """Write down that addresses were shown to be printed, and how many."""
    with database.writing():
        audit.record("overdue.postcards_made", actor=by, now=now, count=count)


def note_sending(loan_ids: Collection[int], *, by: str, today: date, now: datetime) -> int:
    """はがきを出した: take what is still late of these loans as asked for at the stage it has reached; return of how many patrons."""
    with database.writing():
        reached = [
            (patron, [loan for loan in loans if loan.id in loan_ids])
            for patron, loans in overdue.to_print(today=today, days=1)
        ]
        reached = [(patron, loans) for patron, loans in reached if loans]
        for patron, loans in reached:
            overdue.note_told(loans, today=today)
            audit.record("overdue.postcard_sent", actor=by, now=now, patron=patron)
    return len(reached)
