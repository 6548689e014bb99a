"""Answers of mail servers and push services that leave a mail undelivered."""

from datetime import timedelta


class NotDelivered(Exception):
    """The mail server or push service did not take a mail. The message has its reply."""


class TryLater(NotDelivered):
    """It may take this mail later, but not before ``after``."""

    def __init__(self, reason: str = "", after: timedelta = timedelta(0)) -> None:
        super().__init__(reason)
        self.after = after


class ConnectionDropped(TryLater):
    """The connection broke; the mail may have been taken."""


class AddressRefused(NotDelivered):
    """The server knows no such mailbox: never again for this mail."""


class MessageRefused(NotDelivered):
    """The server does not want this text: never again for this mail, and no fault of the address."""


class DeviceEnded(NotDelivered):
    """The push service knows no such device any more: nothing is sent there again."""


class ServerUnavailable(NotDelivered):
    """The server can't be reached or refuses us: nothing can be sent in this run."""
