"""``deploy/setup-server``: what it checks, what it says, and what it leaves alone. The Python and the packages are
stand-ins.
"""

import os
import shutil
import subprocess
from types import SimpleNamespace

import pytest

from tests.server import ROOT

STEPS = ["ファイルを確かめます", "を作ります", "部品を入れます", "試します", "current を 1.1.0 に", "ほかは変えません"]
# Says yes to what a Python is asked for, makes a folder instead of an environment, and fails to install where $BROKEN
# is set.
PYTHON = """\
#!/bin/sh
case "$*" in
    -c*version_info*) [ -z "${2##*print*}" ] && echo 313; exit 0 ;;
    --version) echo Python 3.13.0 ;;
    "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python"
        printf '#!/bin/sh\\necho madoguchi 1.1.0\\n' >"$3/bin/madoguchi"; chmod +x "$3/bin/madoguchi" ;;
    *" install "*) [ -z "$BROKEN" ] || exit 1
        packages=$(dirname "$0")/../lib; mkdir -p "$packages/numpy/tests" "$packages/numpy.dist-info/tests"
        touch "$packages/numpy/array.py" "$packages/numpy/array.pyi" "$packages/numpy/tests/test_array.py"
        touch "$packages/numpy.dist-info/tests/LICENSE" ;;
esac
"""
# root, and how root becomes another, who may not enter $CLOSED
AS_ROOT = {
    "id": '[ "$*" != -u ] || echo 0',
    "runuser": 'case $4 in "$CLOSED"/*) echo "$4: Permission denied" >&2; exit 126 ;; esac; shift 3; exec "$@"',
}


@pytest.fixture
def wheelhouse(tmp_path):
    """An unpacked wheelhouse of version 1.1.0, and what runs its deploy/setup-server."""
    folder, prefix = tmp_path / "madoguchi-1.1.0", tmp_path / "opt"
    shutil.copytree(ROOT / "deploy", folder / "deploy")
    (folder / "docs").mkdir()
    (folder / "wheels").mkdir()
    for name in ("numpy-2.0-cp313-cp313-linux.whl", "madoguchi-1.1.0-py3-none-any.whl"):
        (folder / "wheels" / name).write_text(name)
    (folder / "requirements-postgres.txt").touch()
    (folder / "VERSION").write_text("1.1.0\n")
    sums = subprocess.run(
        "find . -type f | xargs sha256sum", shell=True, cwd=folder, capture_output=True, text=True, check=True
    ).stdout
    (folder / "SHA256SUMS").write_text(sums)
    python = tmp_path / "python3.13"
    python.write_text(PYTHON)
    python.chmod(0o755)

    def run(*words, prefix=prefix, umask=-1, **around):
        environment = os.environ | {"SYSTEM": "no", "PYTHON": str(python), "BROKEN": ""} | around
        return subprocess.run(
            [folder / "deploy" / "setup-server", *words, prefix],
            env=environment, umask=umask, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    return SimpleNamespace(run=run, folder=folder, prefix=prefix)


def test_a_version_is_installed_step_by_step_with_what_is_to_be_set_up_around_it(wheelhouse):
    done = wheelhouse.run()
    assert done.returncode == 0, done.stderr
    for number, (line, words) in enumerate(zip(done.stdout.splitlines(), STEPS, strict=True), 1):
        assert line.startswith(f"madoguchi: {number}/6 ") and words in line
    assert os.readlink(wheelhouse.prefix / "current") == "1.1.0"
    assert (wheelhouse.prefix / "1.1.0" / "complete").exists()
    assert (wheelhouse.prefix / "1.1.0" / "deploy" / "madoguchi@.service").exists()
    again = wheelhouse.run()
    assert again.returncode == 0 and "入れるものはありません" in again.stdout


@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_a_file_that_is_not_as_it_was_packed_stops_it_before_anything_is_made(wheelhouse, harm):
    wheel = wheelhouse.folder / "wheels" / "madoguchi-1.1.0-py3-none-any.whl"
    wheel.write_text("other") if harm == "changed" else wheel.unlink()
    refused = wheelhouse.run()
    assert refused.returncode == 1 and "何も入れていません" in refused.stderr
    assert wheel.name in refused.stdout + refused.stderr
    assert not wheelhouse.prefix.exists()


def test_an_installation_that_was_broken_off_is_made_anew(wheelhouse):
    failed = wheelhouse.run(BROKEN="1")
    assert failed.returncode == 1 and "もう一度実行すると" in failed.stderr
    assert not (wheelhouse.prefix / "current").exists()
    (wheelhouse.prefix / "1.1.0" / "half").touch()
    assert wheelhouse.run().returncode == 0
    assert not (wheelhouse.prefix / "1.1.0" / "half").exists()


def test_others_may_read_what_is_installed_whatever_the_umask_of_root_is(wheelhouse):
    for path in (wheelhouse.folder / "VERSION", *(wheelhouse.folder / "deploy").iterdir()):
        path.chmod(0o700)
    done = wheelhouse.run(umask=0o077)
    assert done.returncode == 0, done.stderr
    for path in (wheelhouse.prefix, *(wheelhouse.prefix / "1.1.0").rglob("*")):
        assert path.stat().st_mode & 0o044 == 0o044, path


def test_a_prefix_may_be_named_from_where_one_stands(wheelhouse, monkeypatch):
    monkeypatch.chdir(wheelhouse.prefix.parent)
    done = wheelhouse.run(prefix="opt")
    assert f"2/6 {wheelhouse.prefix / '1.1.0'} を作ります" in done.stdout


def test_a_version_that_runs_is_not_exchanged_in_passing(wheelhouse):
    wheelhouse.prefix.mkdir()
    (wheelhouse.prefix / "current").symlink_to("1.0.0")
    assert "deploy/upgrade 1.1.0" in wheelhouse.run().stdout
    beside = wheelhouse.run("--beside")
    assert beside.returncode == 0 and "current は変えません" in beside.stdout
    assert os.readlink(wheelhouse.prefix / "current") == "1.0.0"


@pytest.fixture
def as_root(tmp_path, monkeypatch):
    """Root on a machine that has the user of the service. Only --beside is tried so: it leaves this machine alone."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, text in AS_ROOT.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")


def test_a_python_that_the_service_cannot_run_is_refused_before_anything_is_made(wheelhouse, as_root):
    mine = wheelhouse.prefix.parent / "root" / "python3.13"
    mine.parent.mkdir()
    shutil.copy(wheelhouse.prefix.parent / "python3.13", mine)
    refused = wheelhouse.run("--beside", PYTHON=str(mine), CLOSED=str(mine.parent), SYSTEM="yes")
    assert refused.returncode == 1
    assert f"{mine} は、サービスの利用者 madoguchi には実行できません。" in refused.stderr
    assert not wheelhouse.prefix.exists()
    both = f"{mine} {wheelhouse.prefix.parent / 'python3.13'}"
    assert wheelhouse.run("--beside", PYTHON=both, CLOSED=str(mine.parent), SYSTEM="yes").returncode == 0


def test_a_folder_that_the_service_cannot_enter_is_refused(wheelhouse, as_root):
    refused = wheelhouse.run("--beside", CLOSED=str(wheelhouse.prefix), SYSTEM="yes")
    assert refused.returncode == 1 and "サービスの利用者 madoguchi では動きません" in refused.stderr
    assert not (wheelhouse.prefix / "1.1.0" / "complete").exists()


def test_tests_of_packages_are_not_installed(wheelhouse):
    assert wheelhouse.run().returncode == 0
    assert {path.name for path in (wheelhouse.prefix / "1.1.0" / "lib").iterdir()} == {"numpy", "numpy.dist-info"}
    assert [path.name for path in (wheelhouse.prefix / "1.1.0" / "lib").rglob("*.py*")] == ["array.py"]
    assert (wheelhouse.prefix / "1.1.0" / "lib" / "numpy.dist-info" / "tests" / "LICENSE").exists()


def test_a_folder_that_is_no_wheelhouse_says_what_one_is(wheelhouse):
    (wheelhouse.folder / "SHA256SUMS").unlink()
    refused = wheelhouse.run()
    assert refused.returncode == 1 and "展開したフォルダではありません" in refused.stderr


def test_a_machine_without_a_python_for_these_wheels_is_told_which(wheelhouse):
    refused = wheelhouse.run(PYTHON="no-such-python")
    assert refused.returncode == 1 and "3.11 から 3.14" in refused.stderr
