"""名称・ロゴ・色: the name, accent and logo that a library sets on a page; they take effect at once.

The name replaces the setting LIBRARY_NAME; the logo is a row of ``library.site.pictures``, its size a setting that
every page reads.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from library import audit, errors, policy
from library.files import photographs
from library.site import accents, pictures
from library.store import database

SETTINGS = ("library_name", "accent", "logo")
LOGO = {"place": "logo"}
LONGEST_NAME = 60  # letters
NIGHT = "#171a19"  # the paper of dark pages (tokens.css)
SEEN = 1.9  # contrast that a mark needs to be made out


class Logo(NamedTuple):
    """A logo: file name and size, and the file twice as large. ``kind``: jpg, or png if transparent.

    ``plate``: pages on which it needs a ground to be seen: night (a white one), day (a dark one), or none.
    """

    name: str
    width: int
    height: int
    larger: str
    kind: str = "jpg"
    plate: str = "night"


def name(settings: Mapping[str, Any]) -> str:
    """Return the name of the library, from its page, else from the settings."""
    return policy.get("library_name") or settings["LIBRARY_NAME"]


def read(typed: Mapping[str, str]) -> dict[str, str]:
    """Return the typed name and accent. Raises: RefusedTogether by field (FieldTooLong, ColourUnreadable,
    AccentTooPale).
    """
    problems: dict[str, list[errors.Refused]] = {}
    values = {"library_name": " ".join(typed["library_name"].split()), "accent": ""}
    if len(values["library_name"]) > LONGEST_NAME:
        problems["library_name"] = [errors.FieldTooLong(maximum=LONGEST_NAME)]
    try:
        values["accent"] = accents.read(typed["accent"])
    except errors.Refused as refusal:
        problems["accent"] = [refusal]
    if problems:
        raise errors.RefusedTogether(problems)
    return values


def change(values: Mapping[str, str], logo: bytes | None, *, by: str, now: datetime) -> None:
    """Store name and accent, and a new logo if one was sent: all or nothing. Raises: RefusedTogether by field."""
    with database.writing():
        before = policy.several(*SETTINGS)
        if logo is not None:
            pictures.put(LOGO, logo, "ロゴ", by=by, now=now)
            policy.put("logo", _measured()._asdict())
        changed = [name for name in ("library_name", "accent") if before[name] != values[name]]
        for each in changed:
            policy.put(each, values[each])
        if changed:
            words = {each: [before[each] or "–", values[each] or "–"] for each in changed}
            audit.record("library.face", actor=by, now=now, changes=words)


def remove_logo(*, by: str, now: datetime) -> None:
    """Remove the logo, so that the program's is shown again."""
    with database.writing():
        pictures.remove(LOGO, by=by, now=now)
        policy.put("logo", None)


def _measured() -> Logo:
    files = pictures.of_places()[LOGO["place"]].files
    content = pictures.content(files[0].name) or b""
    is_png = photographs.is_png(content)
    plate = _plate(photographs.colour(content)) if is_png else "night"
    return Logo(files[0].name, files[0].width, files[0].height, files[-1].name, "png" if is_png else "jpg", plate)


def _plate(colour: str) -> str:
    """Return the pages (night, day or none) on which a transparent logo of this colour can't be seen without a
    ground.
    """
    light = accents.linear(colour)
    if accents.contrast(light, accents.WHITE) < SEEN:
        return "day"
    return "night" if accents.contrast(light, accents.linear(NIGHT)) < SEEN else ""
