"""リクエスト on pages: its row, its form, and the way to that."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_login import current_user

from library import clock, errors, wording
from library.catalog import isbn
from library.requests import receipt, same_work, states
from models import Branch, PatronRequest, Title, Wanted
from web import forms
from web.parts import stored_policy

_FIELD_OF: dict[type[errors.Refused], str] = {
    errors.BranchHandsOutNoHolds: "pickup_branch", errors.MailGoesNowhere: "contact_method",
}  # fmt: skip


class RequestForm(forms.Form):
    title_text = forms.Text("書名", maximum=receipt.LONGEST)
    author = forms.Text("著者", maximum=receipt.LONGEST)
    isbn = forms.Text("ISBN", maximum=40)
    publisher = forms.Text("出版者", maximum=receipt.LONGEST)
    year_text = forms.Text("出版年", maximum=40)
    volume = forms.Text("巻・号", maximum=100)
    note = forms.Lines("メモ", maximum=receipt.LONGEST_NOTE)
    may_borrow = forms.Tick("他の図書館から借りた資料でもよい")
    pickup_branch = forms.Choice("受取館")
    contact_method = forms.Choice("連絡方法", wording.CONTACT_METHODS.items())

    def __init__(self, pickup: list[Branch], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pickup = {str(branch.id): branch for branch in pickup}
        self.pickup_branch.offer((number, branch.name) for number, branch in self.pickup.items())

    def wish(self) -> same_work.Wish:
        return same_work.Wish(**{name: " ".join((self[name].data or "").split()) for name in receipt.TOLD})

    def chosen(self) -> dict[str, Any]:
        """Return the arguments of ``receipt.ask`` besides the patron and the work."""
        chosen: dict[str, Any] = {"may_borrow": bool(self.may_borrow.data), "note": (self.note.data or "").strip()}
        return chosen | {
            "pickup_branch": self.pickup.get(self.pickup_branch.data or ""),
            "contact_method": self.contact_method.data,
        }


def at_fields(reasons: Sequence[errors.Refused], otherwise: str) -> dict[str, Sequence[errors.Refused]]:
    """Return the reasons by the field that each is about, ``otherwise`` for the others."""
    found: dict[str, Sequence[errors.Refused]] = {}
    for reason in reasons:
        field = _FIELD_OF.get(type(reason), otherwise)
        found[field] = [*found.get(field, ()), reason]
    return found


def offer(text: str) -> dict[str, Any] | None:
    """Return the facts of the box リクエストする for words, or an ISBN, that found nothing; None where none is taken."""
    rules = stored_policy.read()
    if current_user.staff or not rules.get("requests_taken"):
        return None
    number, me = isbn.normalise(text), current_user.patron
    standing = receipt.standing_of(me, today=clock.today(), rules=rules) if me else None
    told: dict[str, Any] = {"isbn": number} if number else {"title_text": text or None}
    return {
        "url": url_for("requests.new", **told),
        "text": "" if number else text,
        "number": number,
        "places": standing.places if standing else None,
        "reasons": [reason.sentence for reason in standing.reasons] if standing else [],
    }


def pause() -> str:
    """Return until when and why the library takes no requests, in its own words; empty while it takes them."""
    rules = stored_policy.read()
    return "" if rules.get("requests_taken") else rules.get("requests_pause")


def address_of(row: Title) -> str:
    """Return the address of the form filled with a title of the catalogue; empty where none is taken."""
    if current_user.staff or not stored_policy.read().get("requests_taken"):
        return ""
    told: dict[str, Any] = {
        name: getattr(row, name) or None for name in ("author", "isbn", "publisher", "year_text", "volume")
    }
    return url_for("requests.new", title_text=row.title, **told)


def mine() -> Any:
    """Select the requests of the patron who is signed in, without those that are sealed."""
    rows = PatronRequest.select(PatronRequest, Wanted, Branch).join(Wanted).switch(PatronRequest).join(Branch)
    return rows.where(PatronRequest.patron == current_user.patron, ~PatronRequest.sealed)


def row(request: PatronRequest, partner: str = "") -> dict[str, Any]:
    """Return the values of a request's row. ``partner``: the library that is asked for it."""
    state, wanted = states.state_of(request), request.wanted
    names, looks = states.steps(request)
    return {
        "id": request.id,
        "title": wanted.title_text,
        "name": wanted.full_name,
        "author": wanted.author,
        "day": clock.day_of(request.asked_at),
        "sentences": states.sentences(request, partner),
        "dots": names,
        "looks": looks,
        "reply": request.reply,
        "undecided": state in states.UNDECIDED,
        "ended_on": clock.day_of(request.ended_at) if request.ended_at else None,
    }
