"""What a process beside reads is what would be read here; without it the import does the same."""

import io

import pytest

from library.catalog import formats, records
from library.importing import beside, titles
from models import Title
from tests.library.catalog import sources

MARC = sources.examples("marc_records.txt")
REFUSED = sources.marc(sources.Example(lines=["=LDR cam", "=001 99", "=100 $a著者"]))
FILE = b"".join(map(sources.marc, MARC)) + REFUSED
HOLDINGS = {"952": {"barcode": "p", "branch": "b"}}


@pytest.fixture
def reader():
    made = beside.Reader(beside.FROM, HOLDINGS)
    yield made
    made.close()


def opened():
    return list(formats.recognised(io.BytesIO(FILE), holdings=HOLDINGS))


def test_what_is_read_beside_is_the_same(reader):
    theirs, ours = opened(), opened()
    for entry in ours:
        entry.open()
    while not theirs[0].record:  # it starts
        reader.send(theirs)
        reader.receive()
    assert [entry.record for entry in theirs] == [entry.record for entry in ours]
    assert theirs[-1].record is None and theirs[0].record.row and theirs[0].record.pieces


def test_a_small_file_is_read_here():
    small, entries = beside.Reader(beside.FROM - 1, None), opened()
    small.send(entries)
    small.receive()
    small.close()
    assert not any(entry.record for entry in entries)


def test_without_the_process_beside_everything_goes_in(reader, read, monkeypatch):
    reader._process.kill()
    reader._process.wait()
    monkeypatch.setattr(titles, "_reader", lambda catalogue: reader)
    assert read(titles, FILE).counts == (len(MARC), 0, 0, 1)


def test_with_the_process_beside_everything_goes_in(read, monkeypatch):
    monkeypatch.setattr(beside, "FROM", 0)
    assert read(titles, FILE).counts == (len(MARC), 0, 0, 1)
    assert len(records.load([row.id for row in Title.select()])) == len(MARC)
