"""An import that is killed in the middle is started again: nothing is doubled, nothing is missing. Real processes."""

import time

import pytest

from library.store import database
from models import Contributor, Creator, SourceRecord, Title
from tests import forks, libraries
from tests.library.catalog import sources
from tests.server import environment


def catalogue(count):
    """A file of that many records, each with an author, a few with the same."""
    lines = ["=LDR cam", "=001 {0}", "=003 X", "=245 $a第{0}の本 /$c山野{1} 著", "=700 $a山野, {1}"]
    examples = (sources.Example(lines=[line.format(number, number % 500) for line in lines]) for number in range(count))
    return b"".join(map(sources.marc, examples))


def importing(instance, path):
    return forks.Process(forks.flask, "catalog", "import", path, env=environment(instance))


@pytest.mark.parametrize(
    ("count", "kills"), [(4_000, 2), pytest.param(40_000, 12, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_an_import_that_is_killed_again_and_again_ends_whole(instance, tmp_path, count, kills):
    path = tmp_path / "file.mrc"
    path.write_bytes(catalogue(count))
    opened = database.open_database(libraries.address(instance))
    with opened.connection_context():
        for kill in range(1, kills + 1):
            process = importing(instance, path)
            wanted = count * kill // (2 * kills + 2)  # early enough, also where this process gets its turn late
            while process.poll() is None and Title.select().count() < wanted:
                time.sleep(0.02)
            process.kill()
            process.communicate()
        with database.writing():  # after whoever was killed: a server may still be at what it asked for
            before = Title.select().count()
        assert 0 < before < count
        said, error = importing(instance, path).communicate(timeout=120)
        assert said.splitlines()[-1] == (
            f"読込 {count:,} / 新規 {count - before:,} / 変更 0 / 変更なし {before:,} / 拒否 0"
        ), error
        assert Title.select().count() == SourceRecord.select().count() == Contributor.select().count() == count
        assert Creator.select().count() == 500
        assert database.damage_and_orphans() == []
