"""Files with secrets or people in them are their owner's alone: closed at the start, told of, or no start."""

import pytest

from library.store import backup
from settings import folders, settings_file


@pytest.fixture
def files(settings, tmp_path, db):
    """Files of a library, each readable by everybody."""
    folder = backup.folder(settings["INSTANCE"])
    folder.mkdir()
    database = tmp_path / "madoguchi.sqlite3"
    found = [
        tmp_path / "secret-key",
        tmp_path / "vapid.pem",
        tmp_path / "config.toml",
        folder / "madoguchi-2026-11-25.sqlite3",
        database,
    ]
    for path in found[:4]:
        path.write_text("")
    database.touch()
    for path in found:
        path.chmod(0o644)
    settings["DATABASE_URL"] = str(database)
    return settings, found


def test_a_file_that_others_can_read_is_closed_and_told(files):
    settings, found = files
    warnings = folders.keep_private(settings)
    assert [oct(path.stat().st_mode & 0o777) for path in found] == ["0o600"] * 5
    for path in found:
        assert [text for text in warnings if str(path) in text and "0644" in text], path
    assert folders.keep_private(settings) == []


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_private_file_stays_as_it_is(files, mode):
    settings, found = files
    folders.keep_private(settings)
    found[0].chmod(mode)
    assert folders.keep_private(settings) == []
    assert found[0].stat().st_mode & 0o777 == mode


def test_a_file_that_can_not_be_closed_stops_the_start(files, monkeypatch):
    settings, found = files

    def refuse(path, mode):
        raise PermissionError

    monkeypatch.setattr(type(found[0]), "chmod", refuse)
    with pytest.raises(settings_file.WrongSetting, match=f"chmod 600 {found[0]}"):
        folders.keep_private(settings)
