"""``deploy/uninstall``: what it says, what goes and what stays. The tree is a scratch folder; systemctl and userdel
write down how they were called.
"""

import os
import shutil
import subprocess
from types import SimpleNamespace

import pytest

from tests.server import ROOT

UNITS = ("madoguchi@.service", "keep@.service", "keep@.timer")


@pytest.fixture
def machine(tmp_path):
    """A machine with the libraries midori and suzukake, and a repository of the latter here and elsewhere."""
    root, programs = tmp_path / "root", tmp_path / "programs"
    prefix, etc, data = root / "opt/madoguchi", root / "etc/madoguchi", root / "var/lib/madoguchi"
    for folder in (prefix / "1.0.0", etc, root / "etc/systemd/system", root / "usr/local/bin", programs):
        folder.mkdir(parents=True)
    (prefix / "1.0.0" / "complete").touch()
    (prefix / "current").symlink_to("1.0.0")
    shutil.copytree(ROOT / "deploy", prefix / "1.0.0" / "deploy")
    (root / "usr/local/bin/madoguchi").symlink_to(prefix / "current/bin/madoguchi")
    (root / "etc/passwd").touch()
    for name in UNITS:
        (root / "etc/systemd/system" / name).touch()
    for name in ("midori", "suzukake"):
        (data / name / "backup").mkdir(parents=True)
        (data / name / "secret-key").touch()
        (etc / f"{name}.toml").write_text(f'INSTANCE = "{data / name}"\nPORT = 8000\n')
    here = root / "var/backups/madoguchi/suzukake"
    here.mkdir(parents=True)
    (here / "config").touch()
    (etc / "suzukake.restic").write_text(f"RESTIC_REPOSITORY='{here}'\nRESTIC_PASSWORD='x'\n")
    (etc / "suzukake.yakuba.restic").write_text("RESTIC_REPOSITORY='sftp:hikae@192.0.2.10:madoguchi'\n")
    for name, text in (
        ("id", "echo 0"),
        ("systemctl", 'echo "$@" >>"$LOG"'),
        ("userdel", 'echo "userdel $1" >>"$LOG"'),
    ):
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)

    def run(*words, answer):
        log = {"LOG": str(tmp_path / "log"), "MADOGUCHI_ROOT": str(root), "PATH": f"{programs}:{os.environ['PATH']}"}
        return subprocess.run(
            [prefix / "current/deploy/uninstall", *words],
            env=os.environ | log, input=answer, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def log():
        return (tmp_path / "log").read_text().splitlines()

    return SimpleNamespace(run=run, log=log, root=root, prefix=prefix, etc=etc, data=data, here=here)


def tree(machine):
    return sorted(machine.root.rglob("*"))


@pytest.mark.parametrize("words", [["suzukake"], ["--with-data", "suzukake"]])
def test_it_says_first_what_goes_and_what_stays_and_without_the_name_nothing_is_done(machine, words):
    before = tree(machine)
    for answer in ("", "yes\n", "midori\n"):
        refused = machine.run(*words, answer=answer)
        assert refused.returncode == 1 and "何も変えていません。" in refused.stderr
    assert f"図書館 suzukake（{machine.data / 'suzukake'}）を" in refused.stdout
    kept, gone = (
        [line for line in refused.stdout.splitlines() if line.startswith(f"madoguchi: {word}")]
        for word in ("残るもの", "消えるもの")
    )
    folder = str(machine.data / "suzukake")
    assert (folder in "".join(gone), folder in "".join(kept)) == ((True, False) if words[1:] else (False, True))
    assert ("sftp:hikae@192.0.2.10:madoguchi" in "".join(kept)) == bool(words[1:])
    assert tree(machine) == before


def test_the_service_goes_and_the_data_stays_with_its_settings(machine):
    done = machine.run("suzukake", answer="suzukake\n")
    assert done.returncode == 0, done.stderr
    assert machine.log() == [
        "disable --now madoguchi@suzukake.service",
        "disable --now keep@suzukake.timer",
        "disable --now keep@suzukake.yakuba.timer",
    ]
    assert (machine.data / "suzukake/secret-key").exists() and (machine.here / "config").exists()
    assert (machine.etc / "suzukake.toml.removed").exists() and not (machine.etc / "suzukake.toml").exists()
    assert (machine.prefix / "current/complete").exists() and (machine.etc / "midori.toml").exists()
    assert "midori" not in done.stdout


def test_the_last_library_takes_the_program_with_it_and_a_library_that_stays_keeps_its_owner(machine):
    assert machine.run("suzukake", answer="suzukake\n").returncode == 0
    done = machine.run("--with-data", "midori", answer="midori\n")
    assert done.returncode == 0, done.stderr
    assert not machine.prefix.exists() and not (machine.data / "midori").exists()
    assert not os.path.lexists(machine.root / "usr/local/bin/madoguchi")
    assert not any((machine.root / "etc/systemd/system" / name).exists() for name in UNITS)
    assert (machine.data / "suzukake/secret-key").exists() and "userdel madoguchi" not in machine.log()


def test_with_its_data_nothing_of_a_library_is_left(machine):
    shutil.rmtree(machine.data / "midori")
    (machine.etc / "midori.toml").unlink()
    (machine.data / "suzukake" / "link").symlink_to(machine.root / "etc/passwd")
    assert machine.run("--with-data", "suzukake", answer="suzukake\n").returncode == 0
    assert not machine.data.exists() and not machine.etc.exists() and not machine.here.exists()
    assert machine.log()[-1] == "userdel madoguchi"
    assert (machine.root / "etc/passwd").exists()


def test_a_folder_that_is_no_library_or_holds_another_is_left_alone(machine):
    no_library, another = "図書館がありません", "別の図書館"
    for folder, words in ((machine.root, no_library), (machine.data, another), (f"{machine.data}//", another)):
        (machine.etc / "suzukake.toml").write_text(f'INSTANCE = "{folder}"\n')
        (machine.data / "secret-key").touch()
        before = tree(machine)
        refused = machine.run("--with-data", "suzukake", answer="suzukake\n")
        assert refused.returncode == 1 and words in refused.stderr
        assert tree(machine) == before
    assert "NAME.toml がありません" in machine.run(answer="").stderr
    assert "使えない文字" in machine.run("../madoguchi/suzukake", answer="").stderr
