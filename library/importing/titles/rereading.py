"""読み直し: the records of all titles read again by this version, and all titles put into a new index beside the old.

It runs while the library is open, a few titles a transaction, by id; searches go on. After an interruption it goes on
from there. A version that reads more of records asks for it in its migration (docs/adr/0088-readings-and-fields.md).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from library import clock
from library.catalog import editing, records, spoken, store
from library.catalog.codes import accessible
from library.catalog.creators import creators
from library.catalog.fulltext import index, progress
from library.catalog.readers import formats
from library.catalog.readers.entries import Entry
from library.catalog.records import Record
from library.catalog.series import series
from library.catalog.works import linking
from library.files.report import CHANGED, REFUSED, SAME, Report
from library.importing import titles
from library.store import database
from models import Title

BATCH = 50  # titles of a transaction, so that the desk never waits
# parts that describe a text, and go with it
_OF_TEXT = {
    "title_kana": "title", "title_latin": "title", "subtitle_kana": "subtitle", "volume_kana": "volume",
    "series_kana": "series", "in_series": "series",
    "publisher_kana": "publisher", "year": "year_text", "ndc_edition": "ndc",
}  # fmt: skip


def is_complete() -> bool:
    """Tell whether all titles were read by this version, and are indexed and linked to works and subjects."""
    return not progress.is_asked() and index.is_complete() and linking.is_complete()


def complete(holdings: Mapping | None = None) -> None:
    """Finish the work that an upgrade left, while the library is open."""
    if progress.is_asked():
        run(report=Report(), holdings=holdings)
    linking.link_remaining()
    if not index.is_complete():
        index.rebuild()


def run(*, report: Report, holdings: Mapping | None = None, tell: Callable[[int, int], object] | None = None) -> None:
    """Read all titles again and make a new index. ``tell(done, of)`` is called as it goes on."""
    progress.ask()
    index.begin()
    done, total = Title.select().where(Title.id <= index.reached()).count(), Title.select().count()
    progress.begin(done, now=clock.now())
    store.rewrite_creator_sort_keys()
    intake = titles.Intake(report, None, {}, False)
    for ids in records.every_id(BATCH, after=index.reached()):
        entries = formats.stored_entries(ids, holdings)
        for entry in entries:
            intake.read(entry)  # what takes most of the time, and no transaction
        with database.writing():
            report.counts.update(_put(intake, ids, entries))
        database.give_way()
        done += len(ids)
        if tell:
            tell(done, total)
    index.finish()
    progress.end()


def _put(intake: titles.Intake, ids: Sequence[int], entries: Sequence[Entry]) -> list[str]:
    """Store the changes, index all of these titles anew, and return the outcome of each."""
    stored = records.load(ids, for_index=True)
    rows = Title.select(Title.id, Title.desk_fields).where(Title.id.in_(ids), Title.edited)
    edited = {row.id: set(row.desk_fields.split()) for row in rows}
    # records that a file brought meanwhile were read by this version
    current = {
        entry.number: entry for entry in entries if entry.number in stored and stored[entry.number].raw == entry.raw
    }
    outcomes = intake.put_again([entry for title_id, entry in current.items() if title_id not in edited], stored)
    changed = {title_id for title_id, outcome in outcomes.items() if outcome == CHANGED}
    completed = []
    for title_id in sorted(title_id for title_id in stored if outcomes.get(title_id) in (None, REFUSED)):
        entry = current.get(title_id) if title_id in edited else None
        record = _completed(stored[title_id], entry.record if entry else None, edited.get(title_id, set()))
        were = stored[title_id].contributors
        if record != stored[title_id] or not creators.are_known(were, record.contributors):
            completed.append((title_id, record))
    if completed:
        intake.store.change(completed, [None] * len(completed), now=clock.now())
    outcomes |= {title_id: CHANGED for title_id, _ in completed if outcomes.get(title_id) != REFUSED}
    changed.update(title_id for title_id, _ in completed)
    store.write_sort_keys(stored if not changed else records.load(ids))
    index.put([(title_id, record) for title_id, record in stored.items() if title_id not in changed])
    index.note_done(ids)
    return [outcomes.get(title_id, SAME) for title_id in stored]


def _completed(stored: Record, read: Record | None, by_hand: set[str]) -> Record:
    """Return the title with its series apart and missing readings added.

    ``read``: the source record of a title changed at the desk, from which all parts not changed by hand are taken.
    """
    record = replace(stored, in_series=series.all_of(stored))
    if read:
        record = _followed(record, read, by_hand or editing.filled_parts(stored))
    spoken.complete_readings(record)
    if not record.formats:
        accessible.add_mentioned(record)
    return record


def _followed(stored: Record, read: Record, by_hand: set[str]) -> Record:
    """Return the source record as read now, but with the parts changed by hand and all that belongs to a changed
    text.
    """
    record = records.merged(stored, read)
    stays = by_hand | {part for part, text in _OF_TEXT.items() if getattr(stored, text) != getattr(read, text)}
    for name in stays & set(editing.PARTS):
        setattr(record, name, getattr(stored, name))
    kinds = {each.kind for each in read.names} - {name.removeprefix(editing.OF_KIND) for name in by_hand}
    record.names = [each for each in stored.names if each.kind not in kinds]
    record.names += [each for each in read.names if each.kind in kinds]
    is_read = record.title_kana == read.title_kana != stored.title_kana
    record.kana_source = read.kana_source if is_read else stored.kana_source
    return replace(
        record, source=stored.source, source_id=stored.source_id, raw=stored.raw, format=stored.format,
        holdings=stored.holdings,
    )  # fmt: skip
