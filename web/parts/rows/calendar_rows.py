"""Events of the calendar files (RFC 5545) of patrons, in their language."""

from collections.abc import Iterable
from dataclasses import replace

from flask import current_app

from library import clock
from library.calendar import icalendar
from library.site import branding
from web.parts import language


def text(name: str, events: Iterable[icalendar.Event]) -> str:
    """Return a calendar as the text of its file. ``name``: its msgid, with a blank for the library."""
    library = language.own(branding.name(current_app.config))
    return icalendar.text(language.plain(language.say(name, library=library)), translated(events), now=clock.now())


def translated(events: Iterable[icalendar.Event]) -> list[icalendar.Event]:
    """Return events with their summaries in the language of this request. A summary is a Sentence; its branch may have
    a name in that language.
    """
    return [replace(event, summary=_said(event.summary)) for event in events]


def _said(summary: str) -> str:
    branch = getattr(summary, "facts", {}).get("branch", "")
    return language.plain(language.say(summary, branch=language.own(branch)))
