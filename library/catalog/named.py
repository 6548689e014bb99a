"""Titles and names for readers of other scripts: with ふりがな, and in Latin letters."""

from typing import NamedTuple, Protocol

from library.catalog import spoken
from library.catalog.folding import hepburn, scripts
from library.language import furigana

_SUBTITLE = " : "  # parts title and subtitle of a romanisation


class Named(NamedTuple):
    """A title or name: ``text`` as its record has it, in ``runs`` with their readings (``readings.runs_html``), and in
    Latin letters.

    ``runs`` is None where the reading doesn't tell how each kanji is read, or there is none; ``hint`` is then the
    reading. ``latin`` is empty for what is in Latin letters itself, and where neither record nor reading gives it.
    """

    text: str
    runs: furigana.Runs | None
    hint: str
    latin: str


class Row(Protocol):
    """A title with its readings, as the catalogue has it."""

    title: str
    title_kana: str
    title_latin: str
    volume: str
    volume_kana: str
    kana_source: str


def title(row: Row) -> Named:
    """Return the title of a record, with its volume. A reading that was made of a romanisation gives no ふりがな."""
    is_made = row.kana_source == spoken.ROMAJI
    found = name(row.title, "" if is_made else row.title_kana, row.title_latin.partition(_SUBTITLE)[0])
    if is_made and row.title_kana:
        found = found._replace(hint=row.title_kana)
    if not row.volume:
        return found
    volume = name(row.volume, row.volume_kana)
    runs = volume.runs or [(row.volume, "")]
    return Named(
        f"{row.title} {row.volume}",
        None if found.runs is None else [*found.runs, (" ", ""), *runs],
        found.hint,
        found.latin and f"{found.latin} {volume.latin or row.volume}",
    )


def name(text: str, kana: str, latin: str = "") -> Named:
    """Return a title, or the name of a series or subject; its reading and romanisation may be empty."""
    return _named(text, kana, latin or hepburn.romanise(kana, text))


def creator(text: str, kana: str, latin: str = "") -> Named:
    """Return the name of a creator; its reading and romanisation may be empty."""
    return _named(text, kana, latin or hepburn.romanise(kana, text, name=True))


def _named(text: str, kana: str, latin: str) -> Named:
    runs = furigana.divide(text, kana)
    return Named(text, runs, "" if runs else kana, "" if scripts.script_of(text) == scripts.LATIN else latin)
