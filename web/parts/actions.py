"""The one act that makes sense with a title for a patron or visitor, in the rows of lists and on its page."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from library import clock, errors, policy, wording
from library.discovery import availability
from library.discovery.availability import Availability
from library.ebooks import lending
from library.language import sentences
from library.lending import renewals
from library.lending.holds import cart, holds
from models import Loan, Patron, Title, full_name
from web import flash, htmx, links
from web.parts import stored_policy


class Action(NamedTuple):
    """``kind``: ask (sign in first), add, full (can't be added), cart, held, renew, borrowed, none.

    For an e-book: ebook_ask, ebook_ask_wait, ebook_borrow, ebook_wait, ebook_leave, ebook_read; impossible if there are
    ``reasons``. ``subject``: id of the hold, loan or e-book. ``words``: the title's state for the patron. ``outcome``:
    the result of the press that led to this page.
    """

    title_id: int
    name: str
    kind: str
    words: str = ""
    reasons: tuple = ()
    subject: int = 0
    outcome: dict[str, Any] | None = None


def for_titles(
    titles: Iterable[Title], standing: dict[int, Availability], patron: Patron | None, rules: policy.Policy
) -> dict[int, Action]:
    """Return the action for each title, by its id. ``standing``: availability by title id.

    The patron's loans, holds and cart are read once for all titles.
    """
    if patron is None:
        return {title.id: _for_anybody(title, standing[title.id], rules) for title in titles}
    mine = _Mine(patron, rules)
    found = with_outcome([mine.action(title, standing[title.id]) for title in titles])
    return {action.title_id: action for action in found}


def with_outcome(found: list[Action]) -> list[Action]:
    """Return the actions, the one whose press led to this page with its outcome."""
    outcome = flash.take("titles")
    return [one._replace(outcome=outcome) if one.title_id == outcome.get("title") else one for one in found]


def _for_anybody(title: Title, at: Availability, rules: policy.Policy) -> Action:
    name = full_name(title.title, title.volume)
    if at.ebook and not at.copies:
        free = at.ebook.is_free_for(kept_for_them=False)
        return Action(title.id, name, "ebook_ask" if free else "ebook_ask_wait", subject=at.ebook.ebook_id)
    reasons = holds.title_refusals(title, at.copies, "", rules, today=clock.today())
    return Action(title.id, name, "none" if reasons else "ask", reasons=_sentences(reasons))


def _sentences(reasons: Iterable[errors.Refused]) -> tuple[str, ...]:
    return tuple(reason.sentence for reason in reasons)


class _Mine:
    """A patron's loans, holds, cart and e-books, for the titles of a list."""

    def __init__(self, patron: Patron, rules: policy.Policy) -> None:
        self.patron, self.rules, self.today = patron, rules, clock.today()
        self.standing = holds.Standing(patron, today=self.today, rules=rules)
        self.loans = {loan.item.title.id: loan for loan in self.standing.loans}
        for loan in self.standing.loans:
            loan.patron = patron  # known, so that the rules need not ask for it with each loan
        self.holds = {hold.title_id: hold for hold in self.standing.holds}

    @cached_property
    def cart(self) -> set[int]:
        return cart.contents(self.patron)

    @cached_property
    def ebooks(self) -> lending.Mine:
        return lending.Mine(self.patron, today=self.today, rules=self.rules, open_loans=self.standing.loans)

    @cached_property
    def renewals(self) -> renewals.Renewals:
        return renewals.Renewals(list(self.loans.values()), today=self.today, rules=self.rules, are_all=True)

    def action(self, title: Title, at: Availability) -> Action:
        copies = at.copies
        facts: dict[str, Any] = {}
        if at.ebook and not copies:
            return for_ebook(title, at.ebook, self.ebooks)
        if loan := self.loans.get(title.id):
            kind, facts = self._of_loan(loan)
        elif hold := self.holds.get(title.id):
            kind, facts = "held", {"words": self.standing.words_of(hold), "subject": hold.id}
        elif title.id in self.cart:
            kind = "cart"
        elif reasons := holds.title_refusals(title, copies, self.patron.category, self.rules, today=self.today):
            kind, facts = "none", {"reasons": _sentences(reasons)}
        elif reasons := cart.add_refusals(self.patron, title, self.cart, self.rules):
            kind, facts = "full", {"reasons": _sentences(reasons)}
        else:
            kind = "add"
        return Action(title.id, full_name(title.title, title.volume), kind, **facts)

    def _of_loan(self, loan: Loan) -> tuple[str, dict[str, Any]]:
        reasons = self.renewals.refusals(loan)
        kind = "borrowed" if reasons else "renew"
        return kind, {"words": wording.borrowed_until(loan.due_on), "reasons": _sentences(reasons), "subject": loan.id}


def for_ebook(title: Title, at: lending.Standing, mine: lending.Mine) -> Action:
    """Return the action for an e-book with this standing, for a patron with these e-books (``mine``)."""
    what, reasons = mine.offer(at)
    words, subject = "", at.ebook_id
    if what == "read":
        loan = mine.loan_of[at.ebook_id]
        words, subject = wording.borrowed_until(loan.due_on), loan.id
    elif hold := mine.hold_of.get(at.ebook_id):
        words = ebook_hold_words(hold)
        subject = hold.id if what == "leave" else subject
    return Action(title.id, full_name(title.title, title.volume), f"ebook_{what}", words, _sentences(reasons), subject)


def ebook_hold_words(hold: Any) -> str:
    """Return the state of a place in the line of an e-book, read by ``lending.Mine``, in words."""
    return wording.ebook_turn(hold.until if hold.state == "ready" else None, hold.before)


# -- after a press ---------------------------------------------------------------------------------------------------
def list_page() -> str | None:
    """Return the address of the list on which the form stood; None if it stood on none."""
    return links.safe_next(request.form.get("back"))


def answer(title_id: int, done: str, *, refused: Iterable[errors.Refused] = (), **facts: Any) -> Any:
    """Answer a press in a list: with the title's new action, or without JavaScript by a redirect to the list.

    ``done``: the act, a key of catalog/_outcome.html; ``refused``: the reasons why it failed.
    """
    back = list_page()
    if not htmx.asks_for_part():
        flash.keep("titles", done=done, title=title_id, refused=refused, **facts)
        return redirect(f"{back}#title-{title_id}", 303)
    title = Title.get_by_id(title_id)
    standing = availability.for_titles([title_id])
    action = for_titles([title], standing, current_user.patron, stored_policy.read())[title_id]
    alone = back == url_for("catalog.title", title_id=title_id)  # on its own page a control need not name it
    outcome = facts | {"done": done, "why": sentences.Joined(_sentences(refused))}
    return render_template("catalog/_action_answer.html", action=action, back=back, alone=alone, outcome=outcome)
