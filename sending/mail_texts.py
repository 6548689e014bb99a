"""The letters of mails: each is written whole in the language of its reader.

The letter of a kind is ``templates/mail/<kind>.txt`` in Japanese and ``templates/mail/<code>/<kind>.txt`` in another
language, its first line the subject; a library's own text in that language takes its place.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jinja2 import Template

from library import clock
from library.language import languages, registry
from library.lending import due_mails
from library.mail import own_texts
from models import OutboxMail
from sending import mail_facts, mail_templates

NOT_STORED = "（リンクは保存していません）"
Facts = mail_facts.Facts
Render = Callable[[Template, Facts], Any]
DueNotices = dict[int, due_mails.DueNotice]  # by mail id

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """One mail as it goes out. ``stored_text`` has neither a one-time link nor one that stops mails."""

    row_id: int
    address: str
    message_id: str
    subject: str
    text: str
    stored_text: str
    language: str = languages.JAPANESE
    headers: dict[str, str] = field(default_factory=dict)


class Texts:
    """Makes the letters of one delivery run; ``counts``: texts that are broken, of the library's own or of a language
    that it added.
    """

    def __init__(self, settings: Mapping[str, Any]):
        self.settings = settings
        self.counts = Counter()
        self._languages = registry.offered(settings["INSTANCE"])
        self._templates = mail_templates.Templates(settings)
        self._own = own_texts.every()
        self._compiled = {}
        self._shared = mail_facts.Shared()

    def read_together(self, rows: Sequence[OutboxMail], *, now: datetime) -> DueNotices:
        """Return the due notices of queued mails that still have loans, by mail id, read in one go."""
        due = [row for row in rows if row.kind == "due"]
        return due_mails.due_notices(due, today=clock.day_of(now)) if due else {}

    def letter(self, row: OutboxMail, together: DueNotices | None = None, *, now: datetime) -> Letter | None:
        """Return the letter of a queued mail as of ``now``; None when nothing is left to say."""
        written = self.write(row, row.kind, mail_templates.render, together, now=now)
        if written is None:
            return None
        (subject, text), facts, language = written
        return Letter(
            row_id=row.id,
            address=row.address,
            message_id=f"<{row.message_id}@{self.settings['MAIL_SENDER'].rpartition('@')[2]}>",
            subject=subject,
            text=text,
            stored_text=_without_links_that_act(text, facts, language),
            language=language.code,
            headers=_headers(language.code, facts.get("stop_url", "")),
        )

    def write(
        self, row: OutboxMail, name: str, render: Render, together: DueNotices | None = None, *, now: datetime
    ) -> tuple[Any, Facts, languages.Language] | None:
        """Return the rendered text ``name`` of a queued mail as of ``now``, with its facts and its language; None when
        there is nothing left to say.

        ``together``: due notices that were read already, else that of this mail is read.
        """
        due = self.read_together([row], now=now) if together is None else together
        for language in self._languages_of(row, name):
            at = mail_facts.Occasion(row, due.get(row.id), now, language, self.settings, self._shared)
            facts = mail_facts.KINDS[row.kind](at)
            if facts is None:
                return None
            facts["mobile"] = row.address_kind == "mobile"
            if made := self._rendered(name, facts, language.code, render):
                return made, facts, language
        raise LookupError(name)

    def _languages_of(self, row: OutboxMail, name: str) -> list[languages.Language]:
        """Return the language of a mail, followed by English where that is one of the library's own, whose text may be
        missing or broken.
        """
        wanted = registry.of_notices(self._languages, row.patron)
        if wanted.code in registry.NAMES:
            return [wanted]
        has_text = own_texts.key(name, wanted.code) in self._own or self._templates.is_written(name, wanted.code)
        return [*([wanted] if has_text else []), self._languages[languages.ENGLISH, False]]

    def _rendered(self, name: str, facts: Facts, code: str, render: Render) -> Any:
        """Return the rendered text; the shipped one in place of a broken one of the library's own. None where the
        text is
        broken that came with an added language.
        """
        own = own_texts.key(name, code)
        if own in self._own:
            try:
                if own not in self._compiled:
                    self._compiled[own] = self._templates.compile(self._own[own], code)
                return render(self._compiled[own], facts)
            except Exception as error:  # whatever an administrator's text raises, the mail goes out
                self._report(own, error)
                del self._own[own]
        try:
            return render(self._templates.shipped(name, code), facts)
        except Exception as error:
            if code in registry.NAMES:
                raise
            self._report(own, error)
            return None

    def _report(self, name: str, error: Exception) -> None:
        log.error("own text of %s is broken (%s): the shipped one is used", name, error)
        self.counts["broken_texts"] += 1


def letter_to_admin(settings: Mapping[str, Any], facts: Mapping[str, str], message_id: str) -> Letter:
    """Return a mail to the administrator."""
    told = {"message": facts.get("text", ""), **facts}
    return letter_at_once(settings, "admin", settings["ADMIN_MAIL"], told, message_id)


def letter_at_once(
    settings: Mapping[str, Any], kind: str, address: str, facts: Mapping[str, str], message_id: str
) -> Letter:
    """Return a letter that is made without the database, which may be the fault that it tells of."""
    template = mail_templates.Templates(settings, contact={}).shipped(kind)
    subject, text = mail_templates.render(template, {"mobile": False, **facts})
    domain = settings["MAIL_SENDER"].rpartition("@")[2]
    return Letter(
        row_id=0,
        address=address,
        message_id=f"<{message_id}@{domain}>",
        subject=subject,
        text=text,
        stored_text=text,
        headers=_headers(languages.JAPANESE, ""),
    )


def _without_links_that_act(text: str, facts: Facts, language: languages.Language) -> str:
    """Return the text without links by which its reader could do something."""
    for key in (facts.get("token"), facts.get("stop_url", "").rpartition("/")[2]):
        if key:
            text = text.replace(key, language.say(NOT_STORED))
    return text


def _headers(code: str, stop_url: str) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": code}
    if stop_url:
        headers["List-Unsubscribe"] = f"<{stop_url}>"
    if stop_url.startswith("https://"):  # RFC 8058: the one-click POST goes to an HTTPS address only
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
