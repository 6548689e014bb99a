"""The library's own photographs, of the places on the front page and of 特集. Without one a drawing is shown.

They are rows of the database, so that every backup has them (docs/adr/0068-photographs.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from peewee import Expression, ModelSelect

from library import audit, errors
from library.files import photographs
from library.store import database
from library.store.queries import Query, blank
from models import Feature, Picture, PictureFile

PLACES = {"outside": "図書館外観", "young_adults": "YA(ヤングアダルト)コーナー", "reading_room": "閲覧室"}
LOGO = "logo"
WIDTHS, WIDTHS_OF_LOGO = (480, 960, 1440), (160, 320)  # pixels
LONGEST_WORDS = 200  # letters
_SIZES = (Picture.place, Picture.feature, Picture.alt, PictureFile.name, PictureFile.width, PictureFile.height)


class File(NamedTuple):
    name: str
    width: int
    height: int


class Shown(NamedTuple):
    """A photograph on a page: its alternative text, and its files, smallest first."""

    alt: str
    files: tuple[File, ...]


def _select(*where: Expression) -> ModelSelect[PictureFile]:
    return PictureFile.select(*_SIZES).join(Picture).where(*where).order_by(Picture.id, PictureFile.width).namedtuples()


_PLACES = Query(lambda: _select(Picture.place.is_null(False)))
_CONTENT = Query(lambda: PictureFile.select(PictureFile.content).where(PictureFile.name == blank("name")).tuples())


# -- reading ---------------------------------------------------------------------------------------------------------
def of_places() -> dict[str, Shown]:
    """Return place → photograph, for places that have one."""
    return _by(attrgetter("place"), _PLACES.rows())


def of_features(ids: Iterable[int]) -> dict[int, Shown]:
    """Return 特集 id → photograph, for 特集 that have one."""
    return _by(attrgetter("feature"), _select(Picture.feature.in_(list(ids))))


def _by(key: Callable, rows: Iterable) -> dict:
    return {one: _shown(list(files)) for one, files in groupby(rows, key)}


def _shown(rows: list) -> Shown:
    return Shown(rows[0].alt, tuple(File(row.name, row.width, row.height) for row in rows))


def content(name: str) -> bytes | None:
    """Return the bytes of a file; None if there is none."""
    found = _CONTENT.first(name=name)
    return bytes(found[0]) if found else None


# -- writing ---------------------------------------------------------------------------------------------------------
def put(where: dict, content: bytes | None, alt: str, *, by: str, now: datetime) -> None:
    """Store a photograph with its alternative text; without ``content`` only the text. Raises: RefusedTogether by
    field.

    ``where``: {"place": one of PLACES} or {"feature": its id}.
    """
    refusals, made = {}, []
    if not alt.strip():
        refusals["alt"] = [errors.PictureWordsMissing()]
    if content is None and Picture.get_or_none(**where) is None:
        refusals["file"] = [errors.PictureMissing()]
    if content is not None:
        try:
            is_logo = where.get("place") == LOGO
            made = photographs.draw(content, WIDTHS_OF_LOGO if is_logo else WIDTHS, clear=is_logo)
        except errors.Refused as refusal:
            refusals["file"] = [refusal]
    if refusals:
        raise errors.RefusedTogether(refusals)
    with database.writing():
        name = _name(where)
        if made:
            Picture.delete().where(*_at(where)).execute()
            _keep(Picture.create(**where, alt=alt.strip()), made)
        elif not Picture.update(alt=alt.strip()).where(*_at(where)).execute():
            raise _deleted()
        audit.record("picture.put", actor=by, now=now, of=name)


def _name(where: dict) -> str:
    """Return the name of the photograph's owner for the log of operations. Raises: RefusedTogether if that was
    deleted.
    """
    if "place" in where:
        return PLACES.get(where["place"], "ロゴ")
    if feature := Feature.get_or_none(Feature.id == where["feature"]):
        return feature.title
    raise _deleted()


def _deleted() -> errors.RefusedTogether:
    return errors.RefusedTogether({"file": [errors.PicturePlaceGone()]})


def _at(where: dict) -> list[Expression]:
    return [getattr(Picture, name) == value for name, value in where.items()]


def _keep(picture: Picture, made: list[photographs.Sized]) -> None:
    for one in made:
        name = hashlib.sha256(one.content).hexdigest()[:20]
        PictureFile.create(picture=picture, name=name, width=one.width, height=one.height, content=one.content)


def remove(where: dict, *, by: str, now: datetime) -> None:
    """Remove a photograph, so that a place shows its drawing again."""
    with database.writing():
        if Picture.delete().where(*_at(where)).execute():
            audit.record("picture.removed", actor=by, now=now, of=_name(where))
