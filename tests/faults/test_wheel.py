"""The wheel of ``pip install .``: what lies in it, and that it serves and runs commands without the source tree."""

import importlib.metadata
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from types import SimpleNamespace

import pytest

import config
from scripts import check_tree
from tests import server

pytestmark = pytest.mark.long
FOLDER = "madoguchi_server"
PROGRAM = {"blueprints", "cli", "library", "migrations", "static", "tables", "templates", "web"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    pip(sys.executable, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, check_tree.ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The programs of an environment that has the wheel and what it needs, and not the source tree."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder)
    packages = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib"))
    pip(folder / "bin" / "python", "install", "--no-deps", "--no-index", wheel)
    return SimpleNamespace(madoguchi=folder / "bin" / "madoguchi", python=folder / "bin" / "python")


def pip(python, *words):
    command = [sys.executable, "-m", "pip", "--python", python, "--quiet", "--disable-pip-version-check", *words]
    subprocess.run(command, check=True, cwd=os.path.dirname(python))


def run(program, *words, cwd, **settings):
    environment = server.environment(cwd / "instance", **settings) | {"MADOGUCHI_ETC": str(cwd / "etc")}
    del environment["MADOGUCHI_INSTANCE"]
    return subprocess.run([program, *words], cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_all_of_the_program_lies_in_one_folder(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name.partition("/")[0] for name in names} == {FOLDER, f"madoguchi-{config.VERSION}.dist-info"}
    tree = (path.relative_to(check_tree.ROOT) for path in check_tree.tracked())
    program = {
        path.as_posix() for path in tree if path.parts[0] in PROGRAM or (path.match("*.py") and not path.parts[1:])
    }
    assert {name.removeprefix(f"{FOLDER}/") for name in names if name.startswith(f"{FOLDER}/")} == program


def test_it_needs_what_the_list_of_requirements_says(installed):
    listed = (check_tree.ROOT / "requirements.txt").read_text().splitlines()
    found = importlib.metadata.Distribution.at(next(installed.python.parent.parent.rglob("madoguchi-*.dist-info")))
    names = {line.partition("==")[0].lower() for line in listed if "==" in line}
    assert {line.partition("==")[0] for line in found.requires} == names


def test_the_program_tells_its_version(installed, tmp_path):
    assert run(installed.madoguchi, "--version", cwd=tmp_path).stdout == f"madoguchi {config.VERSION}\n"


def test_it_serves_the_demonstration_and_its_commands_act_on_the_same_library(installed, tmp_path):
    program, instance = (installed.madoguchi, "serve"), tmp_path / "instance"
    with server.running(instance, program=program) as running:
        visitor = server.Visitor(running)
        assert visitor.get("/healthz")[0] == 200
        assert "すずかけ市立図書館" in visitor.get("/")[1]
        assert visitor.get("/static/app.css")[0] == 200
        assert running.stop() == 0
    checked = run(installed.madoguchi, "--instance", instance, "db", "check", cwd=tmp_path)
    assert checked.returncode == 0
    assert f"図書館: すずかけ市立図書館（{instance}）" in checked.stderr


def test_without_a_library_it_says_where_it_looked_and_what_to_type(installed, tmp_path):
    for words in (["serve"], ["jobs", "list"]):
        refused = run(installed.madoguchi, *words, cwd=tmp_path)
        assert refused.returncode == 2
        assert "図書館を選べません。" in refused.stderr and "madoguchi init NAME" in refused.stderr
    named = run(installed.madoguchi, "--instance", tmp_path / "nothing", "jobs", "list", cwd=tmp_path)
    assert named.returncode == 1
    assert f"フォルダ {tmp_path / 'nothing'} には、まだ図書館がありません" in named.stderr
    assert f"「madoguchi --instance {tmp_path / 'nothing'} init」" in named.stderr
    assert not (tmp_path / "nothing").exists()


def test_its_modules_are_no_modules_of_other_programs(installed, tmp_path):
    tried = run(installed.python, "-c", "import models", cwd=tmp_path)
    assert "No module named 'models'" in tried.stderr
