"""リクエストの返事: a mail to each who asks, at 購入, 借受 and 謝絶."""

from dataclasses import dataclass
from datetime import datetime

from library.language.sentences import Sentence
from library.mail import outbox
from library.patrons import patrons
from library.requests import states
from library.store.queries import tuples
from models import Borrowing, OutboxMail, Partner, Patron, PatronRequest, Wanted

KIND = "request"


@dataclass(frozen=True)
class Letter:
    """The content of one mail. ``state``: buying, borrowing or declined; ``sentences``: the state to its patron."""

    name: str
    with_titles: bool
    title: str
    volume: str
    state: str
    sentences: list[Sentence]
    reply: str


def put(request: PatronRequest, state: str, *, now: datetime) -> None:
    """Queue the mail about a decision, if the request asks for mail, in the caller's transaction."""
    wants = patrons.deliverable(request.patron, "hold") if request.contact_method == "mail" else []
    addresses = [(row.address, row.kind) for row in wants]
    key, facts = f"request:{request.id}:{now.isoformat()}", {"requests": [request.id], "what": state}
    outbox.put_to_all(KIND, key, addresses, patron=request.patron_id, facts=facts, now=now)


def letter(mail: OutboxMail) -> Letter | None:
    """Return the content of a queued mail; None if the decision is another by now, or the address is off."""
    patron = Patron.get_or_none(Patron.id == mail.patron_id, Patron.state != "closed")
    if patron is None or mail.address not in [row.address for row in patrons.deliverable(patron, "hold")]:
        return None
    ids = mail.facts.get("requests", [])
    rows = PatronRequest.select(PatronRequest, Wanted).join(Wanted).where(PatronRequest.id.in_(ids))
    found = rows.where(PatronRequest.patron == patron, ~PatronRequest.sealed).first()
    if found is None or states.state_of(found) != mail.facts.get("what"):
        return None
    wanted, said = found.wanted, states.sentences(found, partners([found.wanted_id]).get(found.wanted_id, ""))
    with_titles = patrons.names_titles(patron, mail.address)
    return Letter(patron.name, with_titles, wanted.title_text, wanted.volume, wanted.state, said, found.reply)


def partners(wanted_ids: list[int]) -> dict[int, str]:
    """Return the id of a work → the name of the library that is asked for it, for those that are."""
    rows = Borrowing.select(Borrowing.wanted, Partner.name).join(Partner).where(Borrowing.wanted.in_(wanted_ids))
    return dict(tuples(rows.where(Borrowing.state.in_(("asked", "arrived"))).order_by(Borrowing.id)))
