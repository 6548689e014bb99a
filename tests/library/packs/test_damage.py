"""A pack that was cut off, changed or made up is refused by the name of what is wrong, and nothing of it is left."""

import hashlib
import io
import json
import re
import tracemalloc
import zipfile

import pytest

from library import errors
from library.packs import checked, loading, rows, writing
from tests.library.packs import library


@pytest.fixture
def pack(db, tmp_path):
    library.fill(tmp_path / "ebooks")
    library.write(writing.to_folder, tmp_path / "pack", tmp_path / "ebooks")
    return tmp_path / "pack"


@pytest.fixture
def instance(tmp_path):
    (tmp_path / "new").mkdir()
    return tmp_path / "new"


def refused(path, instance):
    """Return the sentence with which a pack is refused; nothing is left of it."""
    with pytest.raises(errors.Refused) as refusal, library.opened(path, instance) as source:
        loading.load(source, str(instance / "x.sqlite3"), instance, finish=lambda: None, progress=lambda done, of: None)
    assert list(instance.iterdir()) == []
    return str(refusal.value)


def test_each_file_is_known_by_every_byte_of_it(pack, instance):
    names = [
        "manifest.json",
        "FORMAT.ja.md",
        "schema/loan.json",
        "tables/patron.csv",
        "tables/audit.csv",
        "blobs/source_record.csv",
    ]
    names += [f"ebooks/{next((pack / 'ebooks').glob('*.epub')).name}"]
    for number, name in enumerate(names):
        content = (pack / name).read_bytes()
        ways = (content[:-1], content + b"x", content[:40] + bytes([content[40] ^ 1]) + content[41:], None)
        for changed in (ways[number % 3], *(ways if name == "tables/patron.csv" else ())):
            (pack / name).unlink() if changed is None else (pack / name).write_bytes(changed)
            told = refused(pack, instance)
            assert told == f"引っ越しパックの {name} が壊れているか、ありません。何も取り込んでいません。"
        (pack / name).write_bytes(content)
    (pack / "SHA256SUMS").write_text("x")
    assert "SHA256SUMS" in refused(pack, instance)


def test_a_file_that_is_no_pack_is_called_so(instance, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("利用者番号,氏名\r\n")
    for name in ("empty", "text"):
        assert refused(tmp_path / name, instance) == "引っ越しパックではないか、途中で切れています。"


def test_a_zip_that_was_cut_off_or_changed(pack, instance, tmp_path):
    path = tmp_path / "p.zip"
    library.write(writing.to_plain_zip, path, tmp_path / "ebooks")
    content = path.read_bytes()
    path.write_bytes(content[:-30])
    assert refused(path, instance) == "引っ越しパックではないか、途中で切れています。"
    place = content.index(b"tables/patron.csv") + 60
    path.write_bytes(content[:place] + bytes([content[place] ^ 255]) + content[place + 1 :])
    assert "tables/patron.csv が壊れている" in refused(path, instance)


def test_an_encrypted_pack_that_was_cut_off_changed_or_has_another_key(pack, instance, tmp_path, monkeypatch):
    monkeypatch.setattr(writing.age, "lock_key", lambda secret, passphrase: f"{secret}\n".encode())
    path = tmp_path / "p.zip.age"
    library.write(writing.to_encrypted_zip, path, tmp_path / "ebooks", library.PASSPHRASE)
    content, key = path.read_bytes(), (tmp_path / "key.age").read_bytes()
    for changed in (content[:-1], content[:5000] + bytes([content[5000] ^ 1]) + content[5001:]):
        path.write_bytes(changed)
        assert "開けません" in refused(path, instance)
    path.write_bytes(content)
    (tmp_path / "key.age").write_text(writing.age.new_key().secret)
    assert "開けません" in refused(path, instance)
    (tmp_path / "key.age").unlink()
    assert "鍵のファイル" in refused(path, instance)
    (tmp_path / "elsewhere").write_bytes(key)
    with library.opened(path, instance, key=tmp_path / "elsewhere") as source:
        assert source.manifest["has_reading"]


def test_a_value_that_no_library_could_hold_is_refused_though_its_sums_are_right(pack, instance):
    loans = pack / "tables" / "loan.csv"
    good = loans.read_bytes().decode()
    *headings, row, _ = good.split("\r\n")
    for bad in (
        good.replace("\r\n1,", "\r\n1,9", 1),  # of a copy that is not there
        good + f"{row}\r\n",  # twice
        "\r\n".join([*headings, ""]),  # none
    ):
        loans.write_text(bad, encoding="utf-8", newline="")
        library.write_sums(pack)
        assert (
            refused(pack, instance)
            == "引っ越しパックの loan を、書かれたとおりに取り込めませんでした。何も取り込んでいません。"
        )
    for bad in (good.replace("2026-12-09", "someday"), good.replace("\r\n", "\n"), good + '"'):
        loans.write_text(bad, encoding="utf-8", newline="")
        library.write_sums(pack)
        assert "tables/loan.csv が壊れている" in refused(pack, instance)


def test_names_that_lead_elsewhere_are_refused(pack, instance):
    text = (pack / "manifest.json").read_text(encoding="utf-8")
    for changed in (text.replace('"file": "ebooks/', '"file": "ebooks/../../'), text.replace('"loan"', '"loan;"')):
        (pack / "manifest.json").write_text(changed, encoding="utf-8")
        library.write_sums(pack)
        assert "manifest.json" in refused(pack, instance)


def test_a_text_is_read_as_strictly_as_it_is_written():
    columns = {"id": "integer", "name": "string", "open": "boolean", "day": "date", "at": "datetime"}
    text = (
        'id,name,open,day,at\r\n-1,"a""\r\n,b",true,2026-11-25,2026-11-25T08:00:00.000001Z\r\n2,"\\N",false,\\N,\\N\r\n'
    )
    assert list(rows.read(io.BytesIO(text.encode()), columns)) == [
        [-1, 'a"\r\n,b', 1, "2026-11-25", "2026-11-25 08:00:00.000001"],
        [2, "\\N", 0, None, None],
    ]
    for bad in (text[:-1], text.replace("true", "1"), text.replace('"\\N"', "\\M"), text.replace("id,", "no,"), ""):
        with pytest.raises(rows.Broken):
            list(rows.read(io.BytesIO(bad.encode()), columns))
    with pytest.raises(rows.Broken):
        list(rows.read(io.BytesIO(text.encode().replace(b"b", b"\xff")), columns))


def test_rows_and_values_that_are_longer_than_one_reading_come_whole(monkeypatch):
    monkeypatch.setattr(rows, "BLOCK", 7)
    lines = [f'{number},"{"猫" * (number % 9)}""\r\n"\r\n' for number in range(200)]
    found = list(rows.read(io.BytesIO(("id,name\r\n" + "".join(lines)).encode()), {"id": "integer", "name": "string"}))
    assert found == [[number, f'{"猫" * (number % 9)}"\r\n'] for number in range(200)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("figures", {}),
        ("figures", {"day": "2026-13-01"}),
        ("tables", {"patron": 3}),
        ("ebooks", ["x"]),
        ("left_out", None),
        ("schema", []),
        ("made_at", None),
    ],
)
def test_a_manifest_that_lacks_what_is_read_of_it_is_refused_before_anything_else(pack, instance, name, value):
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    (pack / "manifest.json").write_text(json.dumps(manifest | {name: value}), encoding="utf-8")
    library.write_sums(pack)
    assert "manifest.json" in refused(pack, instance) or name == "schema"


@pytest.mark.parametrize("name", ["manifest.json", "SHA256SUMS", "schema/loan.json"])
def test_a_file_of_a_zip_that_grows_beyond_all_measure_is_not_read_into_memory(instance, pack, tmp_path, name):
    content = {path.relative_to(pack).as_posix(): path.read_bytes() for path in pack.rglob("*") if path.is_file()}
    content[name] = b"{" + b" " * (1 << 26) + content[name].lstrip(b"{")
    digest = hashlib.sha256(content[name]).hexdigest()
    sums = content["SHA256SUMS"].decode()
    if name != "SHA256SUMS":
        content["SHA256SUMS"] = re.sub(rf"[0-9a-f]{{64}}(?=  {name}\n)", digest, sums).encode()
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for each, value in content.items():
            archive.writestr(each, value)
    del content
    tracemalloc.start()
    try:
        assert name in refused(tmp_path / "bomb.zip", instance)
        assert tracemalloc.get_traced_memory()[1] < 1 << 26
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "begin", "more"),
    [("blobs/source_record.csv", b"sha256,base64\r\n", b"a"), ("schema/loan.json", b'{"fields":', b"[")],
)
def test_a_line_and_a_nesting_without_an_end_are_refused(pack, instance, monkeypatch, name, begin, more):
    monkeypatch.setattr(checked, "LONGEST_LINE", 100_000)
    (pack / name).write_bytes(begin + more * 200_000)
    library.write_sums(pack)
    assert name in refused(pack, instance)


@pytest.mark.parametrize("place", ["/etc/hostname", "../beside", "tables/../../beside"])
def test_a_pack_names_no_file_outside_of_it(pack, instance, place):
    (pack.parent / "beside").write_text("x")
    with (pack / "SHA256SUMS").open("a") as sums:
        sums.write(f"{hashlib.sha256((pack / place).read_bytes()).hexdigest()}  {place}\n")
    assert "SHA256SUMS" in refused(pack, instance)
