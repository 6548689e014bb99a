"""Readings of a record that has none in kana, made of its romanisation, which may be all that it has (as old records of the Library of
Congress do).
"""

import re

from library.catalog.folding import romanised, scripts
from library.catalog.records import JAPANESE, Record

ROMAJI, DESK = "romaji", "desk"  # where a reading of a title comes from, if not from its record (``Title.kana_source``)
_MAY_BE_JAPANESE = ("", JAPANESE, "und", "mul")
_KANA = re.compile("[ぁ-ゖァ-ヺ]")


def is_japanese(record: Record) -> bool:
    """Tell whether what is romanised may be Japanese: by the language of the record, or the kana in its title."""
    return record.language in _MAY_BE_JAPANESE or _KANA.search(record.title) is not None


def fill(record: Record, latin: tuple[str, str, str], *, is_kunrei: bool | None = None) -> None:
    """Give title, subtitle and volume readings made of their romanisations, which are empty where there is none."""
    title, subtitle, volume = latin
    record.title_kana = romanised.kana_reading(record.title, title, is_kunrei)
    if record.title_kana:
        record.kana_source = ROMAJI
        record.subtitle_kana = record.subtitle_kana or romanised.kana_reading(record.subtitle, subtitle, is_kunrei)
        record.volume_kana = record.volume_kana or romanised.kana_reading(record.volume, volume, is_kunrei)


def given(record: Record) -> tuple[str, str, str]:
    """Return the readings of title, subtitle and volume that somebody gave: none that was made of the romanisation. For exports."""
    return (
        ("", "", "") if record.kana_source == ROMAJI else (record.title_kana, record.subtitle_kana, record.volume_kana)
    )


def complete(record: Record) -> None:
    """Do so for a record whose romanisation is one text, as ``title_latin`` has it, or is the title itself. Names in romaji are read, too."""
    record.note_romaji()
    if record.title_kana:
        return
    if record.title_latin and is_japanese(record):
        title, _, subtitle = record.title_latin.partition(" : ")
        fill(record, (title, subtitle if record.subtitle else "", ""))
    elif record.language == JAPANESE and scripts.script_of(record.title) == scripts.LATIN:
        texts = (record.title, record.subtitle, record.volume)
        fill(record, texts, is_kunrei=romanised.is_kunrei([*texts, *(each.latin for each in record.contributors)]))
