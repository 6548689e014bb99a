"""The library that is meant: by its name, by its folder, or because there is only one; and how one gets a name."""

import os
import pwd
import socket

import pytest

from server import console
from settings import config, folders, instances, settings_file
from tests import programs

NEEDS_ROOT = programs.need("root")
NOBODY = pwd.getpwnam("nobody")


@pytest.fixture
def etc(tmp_path, monkeypatch):
    """A machine without a library: /etc/madoguchi is empty, and so is the source tree."""
    monkeypatch.delenv(instances.CHOSEN, raising=False)
    monkeypatch.setenv("MADOGUCHI_ETC", str(tmp_path / "etc"))
    monkeypatch.setattr(instances, "OF_TREE", tmp_path / "tree" / "instance")
    (tmp_path / "etc").mkdir()
    return tmp_path / "etc"


@pytest.fixture
def installed(monkeypatch):
    monkeypatch.setattr(instances, "IS_INSTALLED", True)


def library(etc, name, settings=""):
    """Write the file of settings of a library; return its folder."""
    folder = etc.parent / "lib" / name
    folder.mkdir(parents=True)
    (etc / f"{name}.toml").write_text(f'INSTANCE = "{folder}"\n{settings}', encoding="utf-8")
    return folder


def in_tree():
    instances.OF_TREE.mkdir(parents=True)
    (instances.OF_TREE / "secret-key").touch()
    return instances.OF_TREE


def refused():
    with pytest.raises(instances.NotChosen) as refusal:
        instances.choose()
    return str(refusal.value)


# -- which one -------------------------------------------------------------------------------------------------------
def test_the_only_library_needs_no_name(etc):
    folder = library(etc, "suzukake")
    assert instances.choose() == instances.Place(folder, etc / "suzukake.toml", "suzukake")


@pytest.mark.parametrize("by_folder", [False, True])
def test_a_library_is_named_by_its_name_or_by_its_folder_and_its_settings_are_the_same(etc, monkeypatch, by_folder):
    library(etc, "kaede")
    folder = library(etc, "suzukake", "PORT = 8123\n")
    monkeypatch.setenv(instances.CHOSEN, str(folder) if by_folder else "suzukake")
    settings = config.load()
    assert (settings["INSTANCE"], settings["PORT"]) == (str(folder), 8123)
    assert settings["DATABASE_URL"] == str(folder / "madoguchi.sqlite3")


def test_of_several_none_is_guessed_and_all_are_listed(etc):
    folders = [library(etc, name) for name in ("kaede", "suzukake")]
    said = refused()
    assert said.startswith("図書館を選べません。")
    assert [f"  {folder.name}（{folder}）" for folder in folders] == said.splitlines()[1:]


def test_where_an_installed_program_has_none_it_says_how_to_make_one(etc, installed):
    said = refused()
    assert f"{etc} に図書館がありません" in said and "madoguchi init NAME" in said and "madoguchi adopt NAME" in said


def test_a_name_that_no_library_has_is_no_folder_to_be_made(etc, monkeypatch):
    library(etc, "suzukake")
    monkeypatch.setenv(instances.CHOSEN, "suzukak")
    assert "suzukak という図書館はありません" in refused()


def test_a_folder_without_a_name_has_its_settings_in_itself(etc, monkeypatch):
    library(etc, "suzukake")
    folder = etc.parent / "other"
    monkeypatch.setenv(instances.CHOSEN, str(folder))
    assert instances.choose() == instances.Place(folder, folder / "config.toml")


def test_the_source_tree_comes_last_and_not_where_the_machine_has_one(etc):
    assert instances.choose().folder == in_tree()
    library(etc, "suzukake")
    assert str(instances.OF_TREE) in refused()


def test_settings_in_two_places_are_refused(etc):
    folder = library(etc, "suzukake")
    (folder / "config.toml").touch()
    with pytest.raises(settings_file.WrongSetting, match="設定が二つあります"):
        config.load()


def test_a_file_without_a_folder_is_refused(etc):
    (etc / "suzukake.toml").write_text("PORT = 8000\n")
    with pytest.raises(settings_file.WrongSetting, match="INSTANCE"):
        config.load()


def test_a_command_that_can_not_choose_ends_with_2(etc, installed):
    with pytest.raises(console.Sentence) as ended, console.sentences():
        config.load()
    assert ended.value.exit_code == 2


# -- one that is not there -------------------------------------------------------------------------------------------
def test_nothing_is_made_in_a_folder_that_is_no_library(etc, monkeypatch):
    folder = etc.parent / "mistyped"
    monkeypatch.setenv(instances.CHOSEN, str(folder))
    assert len(folders.key(config.load())) == 64
    assert not folder.exists()
    folder.mkdir(mode=0o755)
    folders.key(config.load())
    assert list(folder.iterdir()) == [] and folder.stat().st_mode & 0o777 == 0o755


def test_a_folder_of_other_things_becomes_no_library(etc):
    folder = etc.parent / "home"
    folder.mkdir(mode=0o755)
    (folder / "letter.txt").touch()
    with pytest.raises(settings_file.WrongSetting, match=r"letter\.txt"):
        folders.prepare_instance({"INSTANCE": str(folder), "DATABASE_URL": str(folder / "madoguchi.sqlite3")})
    assert folder.stat().st_mode & 0o777 == 0o755


def test_where_there_is_no_library_it_names_those_that_there_are(etc):
    folder, other = library(etc, "kaede"), library(etc, "suzukake")
    settings = {"INSTANCE": str(folder), "DATABASE_URL": str(folder / "madoguchi.sqlite3")}
    said = instances.no_library(settings)
    assert f"フォルダ {folder} には、まだ図書館がありません（データベース {folder / 'madoguchi.sqlite3'}）" in said
    assert f"（suzukake（{other}））" in said
    assert "MADOGUCHI_INSTANCE=kaede .venv/bin/flask init" in said


# -- new ones --------------------------------------------------------------------------------------------------------
@NEEDS_ROOT
def test_each_new_library_has_a_port_that_neither_another_library_nor_another_program_has(etc, monkeypatch):
    ports = []
    with socket.create_server(("127.0.0.1", 0)) as other_program:
        taken = other_program.getsockname()[1]
        monkeypatch.setattr(instances, "FIRST_PORT", taken)
        library(etc, "written", f'PORT = "{taken + 1}"\n')
        library(etc, "broken", f"PORT = {taken + 2}\nPORT = {taken + 2}\n")
        for name in ("kaede", "suzukake"):
            assert instances.make(name, etc.parent / name, NOBODY.pw_name).name == name
            monkeypatch.setenv(instances.CHOSEN, name)
            ports.append(config.load()["PORT"])
    assert taken + 2 < ports[0] < ports[1]


def test_a_file_with_a_fault_is_refused_by_its_line_and_not_as_one_without_a_folder(etc):
    library(etc, "suzukake", "PORT = 8000\n\n\nPORT = 8100\n")
    with pytest.raises(
        settings_file.WrongSetting, match=r"suzukake\.toml の5行目: PORT が二つあります（はじめは2行目）"
    ):
        config.load()


@NEEDS_ROOT
def test_the_service_may_enter_what_root_makes_whatever_his_umask_is(tmp_path, monkeypatch):
    monkeypatch.setenv("MADOGUCHI_ETC", str(tmp_path / "etc" / "madoguchi"))
    former = os.umask(0o077)
    try:
        instances.make("suzukake", tmp_path / "var" / "madoguchi" / "suzukake", NOBODY.pw_name)
    finally:
        os.umask(former)
    for way in ("etc", "etc/madoguchi", "var", "var/madoguchi"):
        assert (tmp_path / way).stat().st_mode & 0o777 == 0o755, way
    assert (tmp_path / "var" / "madoguchi" / "suzukake").stat().st_mode & 0o777 == 0o700


@NEEDS_ROOT
def test_a_setting_written_beforehand_stays(etc):
    folder = library(etc, "suzukake", "PORT = 8123\n")
    written = (etc / "suzukake.toml").read_text()
    assert instances.make("suzukake", etc.parent / "elsewhere", NOBODY.pw_name).folder == folder
    assert (etc / "suzukake.toml").read_text() == written and (folder / "inbox").is_dir()


@NEEDS_ROOT
@pytest.mark.parametrize(
    ("name", "user", "said"),
    [("Suzukake", "nobody", "半角の英小文字"), ("../x", "nobody", "使えません"), ("a", "no-such-user", "useradd")],
)
def test_a_library_that_can_not_be_made_leaves_nothing(etc, name, user, said):
    with pytest.raises(settings_file.WrongSetting, match=said):
        instances.make(name, etc.parent / "made", user)
    assert list(etc.iterdir()) == [] and not (etc.parent / "made").exists()


def test_a_user_who_is_not_root_is_told_to_become_it(etc, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(settings_file.WrongSetting, match="sudo"):
        instances.make("suzukake", etc.parent / "made", NOBODY.pw_name)


def older(tmp_path, settings='PORT = 8400\n[maps.aozora]\ntitle = "作品名"\n'):
    """Make what stands for a library of before, with a file of settings in its folder."""
    folder = tmp_path / "of-before"
    folder.mkdir()
    (folder / "secret-key").touch()
    (folder / "config.toml").write_text(settings, encoding="utf-8")
    return folder


@NEEDS_ROOT
def test_a_library_of_before_is_adopted_once_and_goes_on_after_an_interruption(etc, tmp_path, monkeypatch):
    folder = older(tmp_path)
    text = (folder / "config.toml").read_text(encoding="utf-8")
    instances.adopt("suzukake", folder)
    (folder / "config.toml.adopted").replace(folder / "config.toml")  # as if it had been killed before
    instances.adopt("suzukake", folder)
    assert instances.adopt("suzukake", folder).folder == folder
    assert (folder / "config.toml.adopted").read_text(encoding="utf-8") == text
    settings = config.load()
    assert (settings["PORT"], settings["MAPS"]) == (8400, {"aozora": {"title": "作品名"}})


@NEEDS_ROOT
def test_a_library_that_can_not_be_adopted_stays_as_it_is(etc, tmp_path):
    folder = older(tmp_path)
    instances.adopt("suzukake", folder)
    (tmp_path / "elsewhere").mkdir()
    other = older(tmp_path / "elsewhere")
    for name, given, said in (
        ("kaede", folder, "suzukake という図書館のもの"),
        ("suzukake", other, "がもうあります"),
        ("kaede", tmp_path, "図書館がありません"),
    ):
        with pytest.raises(settings_file.WrongSetting, match=said):
            instances.adopt(name, given)
    assert (other / "config.toml").exists() and sorted(file.name for file in etc.iterdir()) == ["suzukake.toml"]


@NEEDS_ROOT
def test_a_file_that_names_its_own_folder_is_not_taken_over_blindly(etc, tmp_path):
    folder = older(tmp_path, 'INSTANCE = "/srv"\n')
    with pytest.raises(settings_file.WrongSetting, match="INSTANCE の行"):
        instances.adopt("suzukake", folder)
    assert list(etc.iterdir()) == []
