"""Contents of pushes: a sentence with days and numbers, and the page that it opens. No title, nobody's name or number.

The sentence of a kind is ``push/<kind>.txt`` among the letters of a language; its facts are counted from those of the
mail of that kind, judged at the same moment.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from library.language import languages
from library.mail import push
from library.site import branding
from models import OutboxMail
from sending import mail_templates, mail_texts

Facts = dict[str, Any]


@dataclass(frozen=True)
class Push:
    """A push as it goes out. ``endpoint``, ``p256dh`` and ``auth`` are the device's; ``message_id`` is the same in each
    try. The outbox keeps its text twice: as the subject and as the text of a mail.
    """

    row_id: int
    message_id: str
    endpoint: str
    p256dh: str
    auth: str
    title: str
    text: str
    path: str
    language: str = languages.JAPANESE

    @property
    def subject(self) -> str:
        return self.text

    @property
    def stored_text(self) -> str:
        return self.text


class Texts:
    """Makes the pushes of one delivery run."""

    def __init__(self, settings: Mapping[str, Any]):
        self._texts = mail_texts.Texts(settings)
        self._library = branding.name(settings)
        self.counts, self.read_together = self._texts.counts, self._texts.read_together

    def letter(self, row: OutboxMail, together: mail_texts.DueNotices | None = None, *, now: datetime) -> Push | None:
        """Return a queued push as of ``now``; None when there is nothing left to say, or its device gets this kind no
        longer.
        """
        device = push.device_of(row)
        if device is None:
            return None
        count, path = KINDS[row.kind]
        written = self._texts.write(
            row,
            f"push/{row.kind}",
            lambda template, told: mail_templates.one_line(template.render(count(told))),
            together,
            now=now,
        )
        if written is None:
            return None
        text, _, language = written
        keys = device.endpoint, device.p256dh, device.auth
        return Push(row.id, row.message_id, *keys, self._library, text, path, language.code)


def _due(told: Facts) -> Facts:
    """Return the days with the number of loans that fall due on each, the first day first."""
    days: Counter[str] = Counter()
    for group in told["groups"]:
        days[group["due"]] += group["count"]
    return {"days": [{"due": day, "count": number} for day, number in days.items()]}


def _holds(told: Facts) -> Facts:
    """Return the number of holds, and the earliest of their deadlines."""
    last = [hold["last"] for hold in told["holds"] if hold["last"]]
    return {"count": told["count"], "last": last[0] if last else ""}


def _closure(told: Facts) -> Facts:
    return {"loans": len(told["loans"]), "holds": len(told["holds"])}


def _sdi(told: Facts) -> Facts:
    return {"count": told["count"]}


KINDS: dict[str, tuple[Callable[[Facts], Facts], str]] = {
    "due": (_due, "/my/loans"),
    "hold_ready": (_holds, "/my/holds"),
    "hold_deadline": (_holds, "/my/holds"),
    "closure": (_closure, "/my/"),
    "sdi": (_sdi, "/my/sdi"),
}
