"""Titles and names as the reader's language has them: with ふりがな, or with their Latin form."""

from functools import lru_cache
from typing import Any, NamedTuple

from library.catalog import named
from library.language import languages, readings, sentences
from web.parts import language

KEPT = 5_000  # titles and names whose readings are divided once


class Shown(NamedTuple):
    """A title or name as catalog/_name.html draws it. ``more``: a small line with its Latin form or, where the kanji
    can't
    have ふりがな each, its reading.
    """

    text: str
    more: str = ""
    is_latin: bool = False


class _Title(NamedTuple):
    title: str
    title_kana: str
    title_latin: str
    volume: str
    volume_kana: str
    kana_source: str


def title(row: Any) -> Shown | None:
    """Return a title with its volume; None where it is drawn as it is."""
    return _shown(_title(_Title(*(getattr(row, name) or "" for name in _Title._fields)))) if _is_shown() else None


def creator(text: str, kana: str, latin: str = "") -> Shown | None:
    """Return the name of a creator; None where it is drawn as it is."""
    return _shown(_creator(text, kana, latin)) if _is_shown() else None


def name(text: str, kana: str, latin: str = "") -> Shown | None:
    """Return the name of a series or subject; None where it is drawn as it is."""
    return _shown(_name(text, kana, latin)) if _is_shown() else None


_title = lru_cache(KEPT)(named.title)
_creator, _name = lru_cache(KEPT)(named.creator), lru_cache(KEPT)(named.name)


def _is_shown() -> bool:
    return language.current().furigana or not language.current().is_japanese


def _shown(found: named.Named) -> Shown:
    spoken = language.current()
    if not spoken.is_japanese:
        return Shown(spoken.as_it_is(found.text), found.latin, is_latin=True)
    if found.runs is None:
        return Shown(found.text, sentences.Sentence("よみ：{reading}", reading=found.hint) if found.hint else "")
    return Shown(languages.Said(found.text, readings.runs_html(found.runs)))
