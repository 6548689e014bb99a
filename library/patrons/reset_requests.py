"""パスワードを忘れた方: a request is stored and answered alike, right or wrong; a job mails a link or none, and deletes it."""

import hashlib
from datetime import datetime, timedelta

from library import addresses, networks
from library.access import one_time_links, sessions, throttle
from library.numbers import cards, parsing
from library.patrons import patrons
from library.store import database
from models import PatronAddress, ResetRequest

LINK = timedelta(hours=1)
OF_A_SOURCE = 20  # requests in an hour; more are answered alike and not stored
TO_AN_ADDRESS = ((3, timedelta(hours=1)), (10, timedelta(days=1)))  # mails; wrong requests use up none of them
LONGEST = {"card": 100, "address": 254}
AT_ONCE = 200  # requests in one transaction


def ask(card: str, address: str, *, client: str = "", now: datetime) -> None:
    """Store a request for the job. Answer and time are the same whether or not there is such a card."""
    with database.writing():
        asked = throttle.count(f"reset {networks.household(client)}", now=now, until=now + timedelta(hours=1))
        if asked <= OF_A_SOURCE:
            folded = {"card": parsing.fold(card), "address": addresses.fold(address).casefold()}
            typed = {name: text[: LONGEST[name]] for name, text in folded.items()}
            ResetRequest.create(**typed, asked_at=now)


def mail_links(*, now: datetime) -> dict[str, int]:
    """Mail a link for each request with a card and its verified address; delete all requests. Return the numbers of
    requests and mails.
    """
    counts = {"requests": 0, "mails": 0}
    while rows := list(ResetRequest.select().order_by(ResetRequest.id).limit(AT_ONCE)):
        with database.writing():
            for row in rows:
                counts["mails"] += _mail_links(row, now)
            ResetRequest.delete().where(ResetRequest.id.in_([row.id for row in rows])).execute()
        counts["requests"] += len(rows)
    return counts


def _mail_links(request: ResetRequest, now: datetime) -> int:
    patron = cards.by_number(request.card)
    if patron is None or patron.state == "closed":
        return 0
    named = [row for row in patrons.addresses(patron) if row.address.casefold() == request.address]
    return sum(_mail_link(row, now) for row in named if row.verified_at is not None)


def _mail_link(row: PatronAddress, now: datetime) -> bool:
    """Mail a link, unless this address has had too many. Return True where it was mailed."""
    mailbox = hashlib.sha256(row.address.casefold().encode()).hexdigest()[:16]
    for most, period in TO_AN_ADDRESS:
        if throttle.count(f"reset mail {mailbox} {period}", now=now, until=now + period) > most:
            return False
    token = one_time_links.make(row.patron, row.address, "reset", now + LINK)
    patrons.mail(row, "reset", sessions.hash_token(token), facts={"token": token}, now=now)
    return True
