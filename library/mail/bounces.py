"""配信不能の知らせ: reports of mail servers, days later perhaps, about mails that they took at first (RFC 3464)."""

import email
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import Message

from library.mail import outbox
from library.store import database
from models import OutboxMail, PatronAddress

LARGEST = 100_000  # bytes of a report that are looked at; the time for hostile ones grows with the square
# full for now, a server with a fault of its own, the text, a policy: the mailbox may well exist. Not 5.3.0, which
# servers say of a mailbox that is gone, too.
SAYS_NOTHING_OF_THE_MAILBOX = ("5.2.2", *(f"5.3.{number}" for number in range(1, 6)), "5.6.", "5.7.")
_OURS = re.compile(r"<([0-9a-f]{32})@[^<>\s]+>")


@dataclass(frozen=True)
class Bounce:
    """A mail that came back: its ``message_id`` as in the outbox, ``status`` (RFC 3463) and the server's words."""

    message_id: str
    status: str
    words: str

    @property
    def is_final(self) -> bool:
        """Tell whether the server gave up (status 5.x)."""
        return self.status.startswith("5.")

    @property
    def blames_address(self) -> bool:
        """Tell whether the mailbox is at fault, not the text, a policy, or the server."""
        return self.is_final and not self.status.startswith(SAYS_NOTHING_OF_THE_MAILBOX)


def read(text: bytes) -> Bounce | None:
    """Return the bounce of one of our mails that a report tells of; None for any other mail, and for parts nested
    without end. Only parts made for machines are read.
    """
    try:
        return _read(email.message_from_bytes(text[:LARGEST]))
    except RecursionError:
        return None


def _read(report: Message) -> Bounce | None:
    status, words, ours = "", "", None
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status":
            for block in _within(part):
                if str(block.get("Action", "")).strip().lower() == "failed":
                    status = str(block.get("Status", "")).strip() or "5.0.0"
                    words = str(block.get("Diagnostic-Code", ""))
        elif part.get_content_type() == "message/rfc822":
            ours = next((_OURS.search(str(mail.get("Message-ID", ""))) for mail in _within(part)), None)
        elif part.get_content_type() == "text/rfc822-headers":
            ours = _OURS.search(str(email.message_from_string(str(part.get_payload())).get("Message-ID", "")))
    return Bounce(ours[1], status, " ".join(words.split())) if ours and status else None


def _within(part: Message) -> list[Message]:
    """Return the messages inside a part; none where it is malformed."""
    inner = part.get_payload()
    return [one for one in inner if isinstance(one, Message)] if isinstance(inner, list) else []


def note(bounce: Bounce, *, now: datetime) -> bool:
    """Mark the mail as failed, and its address as 配信不能 where the report blames it; False when there is
    nothing to mark.
    """
    if not bounce.is_final:
        return False
    with database.writing():
        row = OutboxMail.get_or_none(OutboxMail.message_id == bounce.message_id, OutboxMail.state == "sent")
        if row is None:
            return False
        error = outbox.masked(f"{bounce.status} {bounce.words}".strip())[:250]
        OutboxMail.update(state="failed", error=error).where(OutboxMail.id == row.id).execute()
        if bounce.blames_address and row.patron_id is not None:
            PatronAddress.update(undeliverable_at=now).where(
                PatronAddress.patron == row.patron_id,
                PatronAddress.address == row.address,
                PatronAddress.undeliverable_at.is_null(),
            ).execute()
    return True
