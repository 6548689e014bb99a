"""引っ越しパック: a library into a pack, and out of it into another database, with every row as it was."""

import codecs
import csv
import json
import os
import re
import subprocess
import zipfile
from datetime import date

import pytest

import models
from library import clock, errors
from library.catalog.fulltext import index
from library.cutover import opening
from library.ebooks import stock
from library.mail import installation
from library.packs import contents, loading, writing
from library.store import copying, database, locks, versions
from models import OutboxMail, Patron, PublishedAnswer, Staff, database as connection
from tests import factories, postgres, programs, versions_to_come
from tests.library.packs import library

TARGETS = ("file", "server") if postgres.SERVER else ("file",)


@pytest.fixture(params=TARGETS)
def target(request, tmp_path):
    """The address of a database in which nothing is yet."""
    return str(tmp_path / "new" / "x.sqlite3") if request.param == "file" else postgres.new(f"target_{os.getpid()}")


@pytest.fixture
def instance(tmp_path):
    (tmp_path / "new").mkdir()
    return tmp_path / "new"


@pytest.fixture
def ebooks(tmp_path):
    return tmp_path / "ebooks"


@pytest.fixture
def reader(db, ebooks):
    return library.fill(ebooks)


@pytest.fixture
def sealed(monkeypatch):
    """Scrypt takes a second each time; the tests of ``age`` try it."""
    monkeypatch.setattr(writing.age, "lock_key", lambda secret, passphrase: f"{passphrase}\n{secret}\n".encode())


def load(source, target, instance):
    return loading.load(source, target, instance, finish=index.rebuild, progress=lambda done, of: None)


def rows_in(pack, table):
    return (pack / "tables" / f"{table}.csv").read_text(encoding="utf-8").splitlines()[2:]


# -- whole
# ------------------------------------------------------------------------------------------------------------------
def test_a_library_is_the_same_in_the_new_place_row_for_row(reader, sealed, ebooks, target, instance, tmp_path):
    library.write(writing.to_encrypted_zip, tmp_path / "p.zip.age", ebooks, library.PASSPHRASE)
    with library.opened(tmp_path / "p.zip.age", tmp_path) as source:
        before = source.manifest
        outcome = load(source, target, instance)
    assert (
        outcome.in_pack == outcome.here == {"patrons": 1, "titles": 4, "items": 2, "loans": 1, "overdue": 0, "holds": 1}
    )
    with library.inside(target):
        assert Patron.get().name == library.NAME and Patron.get().id == reader.id
        assert index.is_complete() and database.damage_and_orphans() == [] and database.pending() == []
        assert installation.is_copied("here")
        assert stock.missing(instance / "ebooks") == []
        assert factories.patron(card_number="99").id == reader.id + 1
        Patron.delete().where(Patron.card_number == "99").execute()
        library.write(writing.to_encrypted_zip, instance / "p.zip.age", instance / "ebooks", library.PASSPHRASE)
    with library.opened(instance / "p.zip.age", tmp_path) as again:
        assert again.manifest["tables"] == before["tables"]
        assert again.manifest["ebooks"] == before["ebooks"] != []
        with again.file("blobs/picture_file.csv") as mine:
            assert len(mine.digest) == 64
    assert sorted(path.name for path in instance.iterdir() if path.name.startswith(".")) == []


def test_every_table_is_in_a_pack_or_named_as_left_out():
    names = {table._meta.table_name for table in models.ALL}
    packed = {table._meta.table_name for table in contents.tables(with_reading=True)}
    assert names == packed | set(contents.LEFT_OUT) and not packed & set(contents.LEFT_OUT)
    assert set(contents.ABOUT_READING) < packed
    for with_reading in (True, False):
        there = contents.tables(with_reading=with_reading)
        parts = contents.parts(with_reading=with_reading)
        dangling = [
            (table._meta.table_name, field.column_name)
            for table in there
            for field, model in table._meta.refs.items()
            if model not in there and field.column_name not in parts[table._meta.table_name].instead
        ]
        assert dangling == []


@programs.need("age")
def test_the_program_age_opens_a_pack(reader, ebooks, tmp_path):
    key = writing.age.new_key()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing.age, "new_key", lambda: key)
        patch.setattr(writing.age, "lock_key", lambda secret, passphrase: f"{secret}\n".encode())
        library.write(writing.to_encrypted_zip, tmp_path / "p.zip.age", ebooks, library.PASSPHRASE)
    command = ["age", "-d", "-i", tmp_path / "key.age", "-o", tmp_path / "p.zip", tmp_path / "p.zip.age"]
    subprocess.run(command, check=True)
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        archive.extractall(tmp_path / "out")
    assert (
        subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "out", check=False).returncode == 0
    )


def test_a_key_under_a_passphrase_opens_its_pack_and_another_word_does_not(reader, ebooks, tmp_path):
    library.write(writing.to_encrypted_zip, tmp_path / "p.zip.age", ebooks, library.PASSPHRASE)
    with library.opened(tmp_path / "p.zip.age", tmp_path) as source:
        assert source.manifest["has_reading"]
    with (
        pytest.raises(errors.PassphraseWrong),
        library.opened(tmp_path / "p.zip.age", tmp_path, "ちがう合言葉です、これは。"),
    ):
        pass
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


# -- what is in it
# ------------------------------------------------------------------------------------------------------------
def test_nothing_that_opens_something_is_in_a_pack(reader, sealed, ebooks, target, instance, tmp_path):
    library.write(writing.to_encrypted_zip, tmp_path / "p.zip.age", ebooks, library.PASSPHRASE)
    with library.opened(tmp_path / "p.zip.age", tmp_path) as source:
        load(source, target, instance)
    with library.inside(target):
        left = [table._meta.table_name for table in models.ALL if table.select().exists()]
        assert not set(left) & set(contents.LEFT_OUT)
        assert Staff.get().second_factor_at is None
        mails = {(mail.kind, mail.state, mail.subject, mail.text, bool(mail.facts)) for mail in OutboxMail.select()}
        assert mails == {
            ("due", "queued", "", "", True),
            ("due", "sent", "", "", False),
            ("sdi", "queued", "", "", True),
        }


def test_of_a_pack_that_has_more_than_a_pack_has_nothing_more_comes_in(
    reader, ebooks, target, instance, tmp_path, monkeypatch
):
    with monkeypatch.context() as another:
        another.setattr(contents, "LEFT_OUT", tuple(name for name in contents.LEFT_OUT if name != "guess"))
        library.write(writing.to_folder, tmp_path / "pack", ebooks)
    assert len(rows_in(tmp_path / "pack", "guess")) == 1
    with library.opened(tmp_path / "pack", tmp_path) as source:
        load(source, target, instance)
    with library.inside(target):
        assert not models.Guess.select().exists()


@pytest.mark.parametrize("way", ["folder", "zip"])
def test_a_pack_without_encryption_has_nothing_of_any_reading(reader, ebooks, target, instance, tmp_path, way):
    models.PublishedAnswer.create(
        question=models.Question.get(), subject="橋", text="橋", answer="橋", changed_at=clock.now()
    )
    path = tmp_path / ("pack" if way == "folder" else "pack.zip")
    library.write(writing.to_folder if way == "folder" else writing.to_plain_zip, path, ebooks)
    with library.opened(path, tmp_path) as source:
        assert not source.manifest["has_reading"] and contents.WORDS_ABOUT_READING in source.manifest["left_out"]
        load(source, target, instance)
    with library.inside(target):
        left = [table._meta.table_name for table in models.ALL if table.select().exists()]
        assert not set(left) & set(contents.ABOUT_READING)
        assert PublishedAnswer.get().question_id is None
        assert {mail.kind for mail in OutboxMail.select()} == {"due"}


def test_a_pack_is_for_its_owner_alone_and_reads_as_its_description_says(reader, ebooks, tmp_path):
    library.write(writing.to_folder, tmp_path / "pack", ebooks)
    files = [path for path in (tmp_path / "pack").rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert (tmp_path / "pack").stat().st_mode & 0o777 == 0o700
    schema = json.loads((tmp_path / "pack" / "schema" / "loan.json").read_text(encoding="utf-8"))
    kinds = {field["name"]: field["type"] for field in schema["fields"]}
    assert (kinds["id"], kinds["due_on"], kinds["returned_at"], kinds["trouble"]) == (
        "integer",
        "date",
        "datetime",
        "string",
    )
    assert {"fields": "patron_id", "reference": {"resource": "patron", "fields": "id"}} in schema["foreignKeys"]
    (loan,) = rows_in(tmp_path / "pack", "loan")
    assert re.match(r'1,\d+,1,\d+,2026-11-\d\d,2026-12-09,\\N,0,"",', loan)
    text = (tmp_path / "pack" / "tables" / "patron.csv").read_bytes().decode()
    assert '"ヤマ""ダ,\r\n\\N　𠮷田"' in text and ',"\\N",' in text


def test_a_table_opens_in_a_spreadsheet_with_japanese_titles_in_its_second_line(reader, ebooks, tmp_path):
    library.write(writing.to_folder, tmp_path / "pack", ebooks)
    content = (tmp_path / "pack" / "tables" / "loan.csv").read_bytes()
    assert content.startswith(codecs.BOM_UTF8 + b"id,item_id,patron_id,branch_id,lent_on,")
    names, titles, row, *_ = csv.reader(content.decode("utf-8-sig").split("\r\n"))
    titled = dict(zip(names, titles, strict=True))
    assert (titled["patron_id"], titled["due_on"]) == ("利用者", "返却期限日") and len(row) == len(titles)
    schema = json.loads((tmp_path / "pack" / "schema" / "loan.json").read_text(encoding="utf-8"))
    assert schema["title"] == "貸出" and [field["title"] for field in schema["fields"]] == titles
    assert schema["fields"][4]["description"] == "貸した日です。"


def test_a_pack_without_a_mark_of_its_encoding_and_japanese_titles_is_taken(reader, ebooks, target, instance, tmp_path):
    library.write(writing.to_folder, tmp_path / "pack", ebooks)
    with library.opened(tmp_path / "pack", tmp_path) as source:
        said = source.manifest
    in_the_first_format(tmp_path / "pack")
    with library.opened(tmp_path / "pack", tmp_path) as source:
        assert source.manifest == said | {"format": "madoguchi-pack/1"}
        load(source, target, instance)
    with library.inside(target):
        assert Patron.get().name == library.NAME
        found = {
            table._meta.table_name: copying.counted(connection.obj, table)
            for table in contents.tables(with_reading=False)
        }
        assert {name: each.digest for name, each in found.items() if name != "setting"} == {
            name: each["sha256"] for name, each in said["tables"].items() if name != "setting"
        }


def in_the_first_format(pack):
    """Write a pack as 1.0.0 wrote it."""
    for path in (pack / "tables").iterdir():
        names, _, rows = path.read_bytes().removeprefix(codecs.BOM_UTF8).split(b"\r\n", 2)
        path.write_bytes(names + b"\r\n" + rows)
    for path in (pack / "schema").iterdir():
        schema = json.loads(path.read_text(encoding="utf-8"))
        for each in (schema, *schema["fields"]):
            del each["title"], each["description"]
        path.write_text(json.dumps(schema), encoding="utf-8")
    manifest = pack / "manifest.json"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace(contents.FORMAT, "madoguchi-pack/1"), encoding="utf-8"
    )
    library.write_sums(pack)


def test_ebooks_whose_file_is_lost_are_named_and_left_out(reader, ebooks, tmp_path):
    for path in ebooks.glob("*.epub"):
        path.unlink()
    assert library.write(writing.to_folder, tmp_path / "pack", ebooks).missing == ["旅の本"]


def test_a_place_that_is_taken_is_left_as_it_is(reader, sealed, ebooks, tmp_path):
    (tmp_path / "key.age").write_text("of another pack")
    with pytest.raises(errors.PackPlaceTaken, match=r"key\.age はもうあります"):
        library.write(writing.to_encrypted_zip, tmp_path / "p.zip.age", ebooks, library.PASSPHRASE)
    assert (tmp_path / "key.age").read_text() == "of another pack" and not (tmp_path / "p.zip.age").exists()
    assert not list(tmp_path.glob(".*.part"))


# -- where it goes
# --------------------------------------------------------------------------------------------------------------
def test_a_pack_goes_into_a_library_that_was_only_just_made(reader, ebooks, target, instance, tmp_path):
    library.write(writing.to_folder, tmp_path / "pack", ebooks)
    made(target, lambda: opening.begin(by="command", now=clock.now()))
    with library.opened(tmp_path / "pack", tmp_path) as source:
        load(source, target, instance)
    with library.inside(target):
        assert Patron.get().id == reader.id and not models.Cutover.select().exists()
        assert index.is_complete() and database.damage_and_orphans() == []
        factories.staff("desk", login="suzuki")
        assert [staff.id for staff in Staff.select().order_by(Staff.id)] == [1, 2]


def test_a_library_in_which_somebody_did_something_is_left_as_it_is(reader, ebooks, target, instance, tmp_path):
    library.write(writing.to_folder, tmp_path / "pack", ebooks)
    made(target, lambda: factories.staff("admin", login="suzuki"))
    with library.opened(tmp_path / "pack", tmp_path) as source:
        with pytest.raises(errors.LibraryHasRows, match=r"空ではありません（staff 1行）"):
            load(source, target, instance)
        with locks.FileLock(instance / "server.lock"), pytest.raises(copying.NotCopied, match="サーバーが動いています"):
            load(source, str(instance / "y.sqlite3"), instance)
    with library.inside(target):
        assert Staff.get().login == "suzuki"


def made(url, then):
    former = connection.obj
    database.open_database(url)
    with database.founding(url):
        then()
    connection.obj.close_all()
    connection.initialize(former)


def test_a_rehearsal_changes_nothing(reader, ebooks, instance, tmp_path):
    library.write(writing.to_folder, tmp_path / "pack", ebooks)
    with library.opened(tmp_path / "pack", instance) as source:
        assert loading.check(source, instance, progress=lambda done, of: None).here["loans"] == 1
    assert list(instance.iterdir()) == []


# -- other versions
# -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def next_version(monkeypatch, tmp_path):
    """Make the program one that has one more migration, which a pack of today does not know."""
    folder = versions_to_come.migrations(tmp_path / "migrations")
    return lambda: monkeypatch.setattr(versions, "MIGRATIONS", folder)


def test_a_pack_of_an_older_version_is_brought_to_this_one(reader, ebooks, next_version, instance, tmp_path):
    library.write(writing.to_folder, tmp_path / "pack", ebooks)
    next_version()
    with library.opened(tmp_path / "pack", tmp_path) as source:
        load(source, str(instance / "x.sqlite3"), instance)
    with library.inside(instance / "x.sqlite3"):
        assert versions.applied(connection.obj) == {path.stem for path in versions.MIGRATIONS.glob("[0-9]*.py")}
        assert (
            connection.execute_sql("SELECT count(*) FROM branch WHERE motto_1 = name").fetchone()[0]
            == models.Branch.select().count()
            > 0
        )


def test_a_pack_of_a_newer_version_is_refused(reader, ebooks, next_version, monkeypatch, tmp_path):
    ours = versions.MIGRATIONS
    next_version()
    library.write(writing.to_folder, tmp_path / "pack", ebooks)
    monkeypatch.setattr(versions, "MIGRATIONS", ours)
    with pytest.raises(errors.PackNewer, match=r"Madoguchi 1\.0\.0"), library.opened(tmp_path / "pack", tmp_path):
        pass


def test_the_day_of_the_figures_is_that_of_the_pack(reader, ebooks, moved_clock, tmp_path):
    library.write(writing.to_folder, tmp_path / "pack", ebooks)
    moved_clock.now = clock.at(date(2027, 6, 1), 9)
    with library.opened(tmp_path / "pack", tmp_path) as source:
        outcome = loading.check(source, tmp_path, progress=lambda done, of: None)
    assert outcome.here["overdue"] == outcome.in_pack["overdue"] == 0
