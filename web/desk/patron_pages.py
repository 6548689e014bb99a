"""利用者 pages that the desk opens by the id in their address: each opening is written to the log of operations. The facts
of the page of one patron: what needs heed, what is out, what is reserved, contact and registration.
"""

from datetime import date
from typing import Any

from flask import Response, abort, url_for

from library import audit, audit_words, clock, dates, errors, patron_columns, wording
from library.account import account_closing, registration
from library.lending import loans, renewals
from library.lending.holds import hold_list
from library.numbers import cards
from library.patrons import homes, lookups, patrons
from models import Loan, Patron
from web import forms, htmx
from web.desk import counter, panel
from web.parts import stored_policy

NAMED = 3  # holds that are ready, each in a line of its own
KINDS = {"ready": "in", "in_transit": "soon", "preparing": "soon"}  # of ``ui.state``; all others are out


def opened(patron_id: int) -> Patron:
    """Return the patron with this id, noting in the log that staff opened them; 404, without a note, if there is none.

    For every page under /desk/patrons/…: trying one number after the other leaves a note of each patron found.
    """
    row = cards.by_id(patron_id) or abort(404)
    lookups.note_view(row, **counter.acting())
    return row


def maybe_same(problems: forms.Problems) -> list[dict]:
    """Return patrons who may be the one being registered, if ``problems`` say so, noting it in the log; else none.

    Keys: id, card_number, name, name_kana, url.
    """
    refused = [one for one in problems.get("name", ()) if isinstance(one, errors.MaybeSamePerson)]
    if not refused:
        return []
    rows = Patron.select().where(Patron.id.in_(refused[0].facts["ids"])).order_by(Patron.card_number)
    found = [
        {
            "id": row.id,
            "card_number": row.card_number,
            "name": row.name,
            "name_kana": row.name_kana,
            "url": url_for("desk.patrons.show", patron_id=row.id),
        }
        for row in rows
    ]
    lookups.note_search("name", len(found), **counter.acting())
    return found


def show_password(patron: Patron, code: str | None, new: bool = False) -> Response:
    """Return the page with the initial password to hand over, to be printed once."""
    until = patrons.initial_password_until(Patron.get_by_id(patron.id))
    return htmx.page(
        "desk/patrons/password_slip.html",
        name=patron.name,
        card_number=patron.card_number,
        code=code,
        until=dates.with_weekday(clock.day_of(until)) if until else "",
        new=new,
        guardian_missing=new and not patron.guardian_name and homes.is_asked_for_guardian(patron, today=clock.today()),
        asked_below=homes.ASKED_BELOW,
        patron_url=url_for("desk.patrons.show", patron_id=patron.id),
        edit_url=url_for("desk.patrons.edit", patron_id=patron.id),
    )


# -- the page of one patron ------------------------------------------------------------------------
def facts(row: Patron) -> dict[str, Any]:
    """Return the values of the page of a patron, but for what is asked for there: the address."""
    today, rules = clock.today(), stored_policy.read()
    have, held = loans.open_loans(row), hold_list.at_desk(row)
    judged = renewals.Renewals(have, today=today, rules=rules, are_all=True)
    late = [loan for loan in have if loans.is_overdue(loan, today=today)]
    given_up = [each for each in held if each.hold.cancel_at]
    limits = rules.lending(row.category)
    return {
        "patron_id": row.id,
        "name": row.name,
        "name_kana": row.name_kana,
        "card_number": row.card_number,
        "category": row.category,
        "state": row.state,
        "heed": _card_heed(row, today) | _heed(have, late, held, today, rules),
        "counts": {
            "loans": len(have),
            "loan_limit": limits["loan_limit"],
            "holds": len(held) - len(given_up),
            "hold_limit": limits["hold_limit"],
            "overdue": len(late),
        },
        "loans": [_loan(loan, row, judged, today) for loan in have],
        "holds": [_hold(each) for each in held],
        "note": _note(row),
        "facts": _registration(row),
        "has_home": homes.is_on_file(row),
    }


# -- what needs heed -------------------------------------------------------------------------------
def _card_heed(row: Patron, today: date) -> dict:
    asked = account_closing.request_of(row)
    is_expired = row.state != "closed" and row.expires_on and row.expires_on < today
    return {
        "stopped": registration.suspension(row, today=today).sentence if row.state == "suspended" else "",
        "closed_on": dates.with_weekday(row.closed_on),
        "closing_asked": dates.with_weekday(clock.day_of(asked.asked_at)) if asked else "",
        "expired": dates.with_weekday(row.expires_on) if is_expired else "",
    }


def _heed(have: list[Loan], late: list[Loan], held: list[hold_list.Row], today: date, rules: Any) -> dict:
    ready = [each.hold for each in held if each.hold.state == "ready" and not each.hold.cancel_at]
    coming = [loan.due_on for loan in have if loan.due_on >= today]
    return {
        "late": late and {"days": (today - late[0].due_on).days, "count": len(late)},
        "late_stops": bool(loans.overdue_refusals(late, today=today, rules=rules)),
        "ready": [_ready(hold) for hold in ready[:NAMED]],
        "more_ready": len(ready) - NAMED,
        "next_due": coming
        and {
            "when": {0: "今日", 1: "明日"}.get((coming[0] - today).days, ""),
            "day": dates.with_weekday(coming[0], year=coming[0].year != today.year),
            "count": coming.count(coming[0]),
        },
    }


def _ready(hold: Any) -> dict:
    branch = hold.pickup_branch
    return {
        "title": hold.title.full_name,
        "elsewhere": branch.name if branch != counter.branch() else "",
        "aside_at": hold.item.aside_at if hold.item else "",
        "until": dates.with_weekday(hold.pickup_by, year=False),
    }


# -- what is out, what is reserved -----------------------------------------------------------------
def _loan(loan: Loan, patron: Patron, judged: renewals.Renewals, today: date) -> dict:
    loan.patron = patron  # known, so that the rules need not ask for it with each loan
    reasons = [reason for reason in judged.refusals(loan) if not isinstance(reason, errors.HasOverdue)]
    late = loans.is_overdue(loan, today=today)
    return {
        "id": loan.id,
        "title": loan.item.title.full_name,
        "author": loan.item.title.author,
        "url": url_for("desk.items.show", barcode=loan.item.barcode),
        "due_on": dates.with_weekday(loan.due_on, year=loan.due_on.year != today.year),
        "days_left": dates.days_left(loan.due_on, today),
        "kind": "late" if late else "soon" if (loan.due_on - today).days <= loans.SOON_DAYS else "",
        "is_renewable": not judged.refusals(loan),
        "reasons": panel.sentences(reasons, patron),
    }


def _hold(row: hold_list.Row) -> dict:
    hold = row.hold
    return {
        "id": hold.id,
        "title": hold.title.full_name,
        "url": url_for("desk.titles.show", title_id=hold.title_id),
        "pickup": f"{hold.pickup_branch.name}・{wording.CONTACT_METHODS[hold.contact_method]}",
        "words": f"{row.words}（{dates.time_of_day(hold.cancel_at)}まで元に戻せます）" if hold.cancel_at else row.words,
        "kind": "out" if hold.cancel_at else KINDS.get(hold.state, "out"),
        "place": f"{row.turn}番目です。" if row.turn else f"{row.words}です。",
    }


# -- the rest --------------------------------------------------------------------------------------
def _note(row: Patron) -> dict:
    """Return 窓口メモ in lines, with who wrote it when, as long as that is in 操作の記録."""
    written = audit.last("patron.noted", row) if row.desk_note else None
    return {
        "lines": row.desk_note.splitlines(),
        "by": audit_words.actor(written.actor) if written else "",
        "day": dates.with_weekday(clock.day_of(written.at), year=False) if written else "",
    }


def _registration(row: Patron) -> dict:
    addresses, until = patrons.addresses(row), patrons.initial_password_until(row)
    return {
        "columns": patron_columns.facts(row),
        "contact_method": wording.CONTACT_METHODS[row.contact_method],
        "addresses": len(addresses),
        "undeliverable": sum(address.undeliverable_at is not None for address in addresses),
        "titles_in_mail": wording.TITLES_IN_MAIL[row.titles_in_mail],
        "own_password": bool(row.password_hash),
        "initial_password_until": dates.with_weekday(clock.day_of(until)) if until else "",
    }
