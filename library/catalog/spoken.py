"""Kana readings for records that have none, made from their romanisation, which may be the only text (old records of
the Library of Congress).
"""

import re

from library.catalog.folding import romanised, scripts
from library.catalog.records import JAPANESE, Record

ROMAJI, DESK = "romaji", "desk"  # the source of a title's readings, if not its record (``Title.kana_source``)
_MAY_BE_JAPANESE = ("", JAPANESE, "und", "mul")
_KANA = re.compile("[ぁ-ゖァ-ヺ]")


def is_japanese(record: Record) -> bool:
    """Tell whether the romanised text of a record may be Japanese, by its language or kana in its title."""
    return record.language in _MAY_BE_JAPANESE or _KANA.search(record.title) is not None


def fill_title_readings(record: Record, latin: tuple[str, str, str], *, is_kunrei: bool | None = None) -> None:
    """Set the readings of title, subtitle and volume from their romanisations ``latin``, of which each may be empty."""
    title, subtitle, volume = latin
    record.title_kana = romanised.kana_reading(record.title, title, is_kunrei)
    if record.title_kana:
        record.kana_source = ROMAJI
        record.subtitle_kana = record.subtitle_kana or romanised.kana_reading(record.subtitle, subtitle, is_kunrei)
        record.volume_kana = record.volume_kana or romanised.kana_reading(record.volume, volume, is_kunrei)


def source_readings(record: Record) -> tuple[str, str, str]:
    """Return the readings of title, subtitle and volume for exports: three empty texts when they were made from the
    romanisation.
    """
    return (
        ("", "", "") if record.kana_source == ROMAJI else (record.title_kana, record.subtitle_kana, record.volume_kana)
    )


def complete_readings(record: Record) -> None:
    """Set the missing readings of a record: of names in romaji, and of titles from ``title_latin``, or from the title
    if it is in romaji.
    """
    record.note_romaji()
    if record.title_kana:
        return
    if record.title_latin and is_japanese(record):
        title, _, subtitle = record.title_latin.partition(" : ")
        fill_title_readings(record, (title, subtitle if record.subtitle else "", ""))
    elif record.language == JAPANESE and scripts.script_of(record.title) == scripts.LATIN:
        texts = (record.title, record.subtitle, record.volume)
        fill_title_readings(
            record, texts, is_kunrei=romanised.is_kunrei([*texts, *(each.latin for each in record.contributors)])
        )
