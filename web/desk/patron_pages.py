"""利用者 pages that the desk opens by the id in their address: each opening is written to the log of operations."""

from flask import abort, url_for

from library import errors
from library.numbers import cards
from library.patrons import lookups
from models import Patron
from web import forms
from web.desk import counter


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
