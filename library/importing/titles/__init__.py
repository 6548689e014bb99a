"""書誌の取り込み: the records of a catalogue file, and the titles that they match."""

from library.importing.titles.intake import (
    ADDED as ADDED,
    KNOWN as KNOWN,
    MERGED as MERGED,
    NOWHERE as NOWHERE,
    Intake as Intake,
    read_in as read_in,
)
