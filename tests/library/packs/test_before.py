"""The pack that the last version before 1.0.0 wrote, with rows in each of its tables, is taken: every row is as it was
there.
"""

import hashlib
import io
import json
import os
from pathlib import Path

import pytest

from library import errors
from library.catalog.fulltext import index, progress
from library.catalog.query.query import Query
from library.catalog.shown import results
from library.importing import assignments
from library.packs import contents, loading, sources
from library.store import copying, database, versions
from models import Assignment, Patron, database as connection
from tests import postgres
from tests.library.packs import library

GONE = {"seal"}
CHANGED = {  # since: columns came and went
    "patron", "known_device", "history_entry", "shelf", "shelved_title", "sdi_condition", "cart_row", "hold",
    "ebook_loan", "ebook_hold", "outbox_mail", "author", "title", "item", "assignment",
    "setting",
}  # fmt: skip
ADDED = {"setting": 2}  # categories and group_categories, which a library in use keeps
PACK = Path(__file__).parents[2] / "before" / "pack.zip.age"


@pytest.mark.parametrize("where", ["file", pytest.param("server", marks=pytest.mark.postgresql)])
def test_a_pack_of_before_is_taken_row_for_row(where, db, tmp_path):
    instance = tmp_path / "new"
    instance.mkdir()
    target = str(instance / "x.sqlite3") if where == "file" else postgres.new(f"target_{os.getpid()}")
    with library.opened(PACK, tmp_path) as source:
        said, schema = source.manifest["tables"], source.manifest["schema"]
        outcome = loading.load(source, target, instance, finish=lambda: None, progress=lambda done, of: None)
    assert schema == "0067_titles_in_romaji" and outcome.in_pack == outcome.here
    with library.inside(target):
        assert versions.applied(connection.obj) == versions.known()
        assert progress.is_asked(), "its records are read again"
        progress.end()
        found = {table._meta.table_name: copying.counted(connection.obj, table) for table in copying.tables()}
        assert {name: found[name].rows for name in said.keys() - GONE} == {
            name: each["rows"] + ADDED.get(name, 0) for name, each in said.items() if name not in GONE
        }
        same = said.keys() - GONE - CHANGED
        assert {name: found[name].digest for name in same} == {name: said[name]["sha256"] for name in same}
        assert Patron.select().where(Patron.unproved_since.is_null(False)).count() >= said["seal"]["rows"]
        assert min(each.rows for name, each in found.items() if name in said and name not in contents.LEFT_OUT) > 0
        assert {row.profile for row in Assignment.select()} == {assignments.USUAL}
        assert Patron.get_by_id(1).name == library.NAME
        assert database.damage_and_orphans() == []
        index.rebuild()
        assert results.find(Query(q="わがはいはねこ")).ids


def test_a_pack_of_an_older_version_says_how_it_is_taken():
    manifest = json.dumps(
        {"format": contents.FORMAT, "schema": "0064_family_consent", "program": "Madoguchi 1.0.0"}
    ).encode()
    sums = f"{hashlib.sha256(manifest).hexdigest()}  {contents.MANIFEST}\n".encode()
    files = {contents.MANIFEST: manifest, contents.SUMS: sums}
    with pytest.raises(errors.PackOfBeforeFirst, match=r"1\.0\.0 の直前の版に取り込み"):
        sources.Source(lambda name: io.BytesIO(files[name]))
