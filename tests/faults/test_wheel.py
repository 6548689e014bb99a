"""The wheel of ``pip install .``: what lies in it, and that it serves and runs commands without the source tree. And
all wheels of a server.
"""

import importlib.metadata
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from types import SimpleNamespace

import pytest

from scripts import check_tree
from settings import config
from tests import server

pytestmark = pytest.mark.long
FOLDER = "madoguchi_server"
MEGABYTES = 215  # of an installed version, a sixth of them what Babel knows of languages (docs/adr/0105-languages.md)
PROGRAM = {*check_tree.PRODUCT, "migrations", "static", "templates", "translations"}


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


def make_wheelhouse(folder, **settings):
    """Make it on a machine that has kept nothing of what it once fetched."""
    nothing = {"PIP_CACHE_DIR": f"{folder}-cache", "PIP_FIND_LINKS": ""}
    return subprocess.run(
        [check_tree.ROOT / "scripts" / "make-wheelhouse", folder],
        env=os.environ | nothing | settings, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_wheelhouse_that_is_broken_off_leaves_the_folder_as_it_was(tmp_path):
    assert make_wheelhouse(tmp_path / "dist", PIP_NO_INDEX="1").returncode != 0
    assert not (tmp_path / "dist").exists()
    kept = tmp_path / "dist" / f"madoguchi-{config.VERSION}.tar"
    kept.parent.mkdir()
    kept.write_text("of yesterday")
    assert make_wheelhouse(tmp_path / "dist", PIP_NO_INDEX="1").returncode != 0
    assert list(kept.parent.iterdir()) == [kept]
    assert kept.read_text() == "of yesterday"


def test_a_wheelhouse_has_a_wheel_of_each_package_where_nothing_was_fetched_before_and_is_installed(tmp_path):
    """The one test that fetches packages."""
    blinker = next(line for line in requirements() if line.startswith("blinker"))
    words = ("-m", "pip", "download", "--quiet", "--no-cache-dir", "--no-deps", "--dest", tmp_path / "one", blinker)
    if subprocess.run([sys.executable, *words], capture_output=True, check=False).returncode:
        pytest.skip("needs a package registry")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    made = make_wheelhouse(tmp_path / "dist", PYTHONS=version)
    assert made.returncode == 0, made.stderr
    with tarfile.open(tmp_path / "dist" / f"madoguchi-{config.VERSION}.tar") as tar:
        names = {found[1] for name in tar.getnames() if (found := re.search(r"/wheels/([^/]+)\.whl$", name))}
    wheels = {re.sub("[-_.]+", "-", "==".join(name.split("-")[:2])).lower() for name in names}
    assert {re.sub("[-_.]+", "-", line).lower() for line in requirements()} <= wheels
    unpacked, prefix = tmp_path / "dist" / f"madoguchi-{config.VERSION}", tmp_path / "opt"
    settings = os.environ | {"SYSTEM": "no", "PYTHON": sys.executable}
    subprocess.run([unpacked / "deploy" / "setup-server", prefix], env=settings, check=True)
    assert (prefix / "current" / "bin" / "madoguchi").exists()
    assert list(prefix.rglob("app.*.pyc"))
    used = subprocess.run(["du", "-sm", prefix / config.VERSION], capture_output=True, text=True, check=True).stdout
    assert int(used.split()[0]) <= MEGABYTES


def requirements():
    lines = (check_tree.ROOT / "requirements.txt").read_text().splitlines()
    return [line.partition(";")[0] for line in lines if "==" in line]
