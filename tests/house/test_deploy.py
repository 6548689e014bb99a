"""The samples of ``deploy/`` for a server: the unit is closed in and shares its way with the commands; nothing asks for
the demonstration.
"""

import re
import subprocess
from pathlib import Path

import pytest

from settings import instances
from tests import programs

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNIT = (DEPLOY / "madoguchi@.service").read_text(encoding="utf-8")
THRESHOLD = 20  # of 100: systemd calls it OK; 12 was measured


@programs.need("systemd-analyze")
def test_the_unit_is_closed_in():
    judge = ["systemd-analyze", "security", "--offline=true", f"--threshold={THRESHOLD}", DEPLOY / "madoguchi@.service"]
    told = subprocess.run(judge, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


@programs.need("systemd-analyze")
def test_systemd_reads_every_unit(tmp_path):
    units = []
    for file in [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]:
        text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", file.read_text(encoding="utf-8"))
        (tmp_path / file.name).write_text(text, encoding="utf-8")
        units.append(tmp_path / file.name.replace("@.", "@suzukake."))
    verify = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units]
    told = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")


def test_the_unit_serves_the_library_of_its_name_as_the_user_whose_it_is():
    assert "\nExecStart=/opt/madoguchi/current/bin/madoguchi --instance %i serve\n" in UNIT
    assert f"\nUser={instances.USER}\n" in UNIT and f"\nReadWritePaths={instances.DATA}\n" in UNIT
    assert "demonstration" not in UNIT


def test_the_unit_gives_up_when_it_is_refused_again_and_again():
    """A start takes seconds: five of them are over long before the interval is, and then it stops."""
    given = dict(re.findall(r"^(\w+)=(\d+)$", UNIT, re.M))
    burst, wait = int(given["StartLimitBurst"]), int(given["RestartSec"])
    assert burst * (wait + 20) < int(given["StartLimitIntervalSec"])


def test_a_container_runs_as_nobody_and_writes_to_its_volume_alone():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    steps = re.findall(r"^([A-Z]+) (.*)", text, re.M)
    assert ("USER", "10001") in steps and ("VOLUME", str(instances.DATA)) in steps
    assert "--read-only --tmpfs /tmp" in text


@pytest.mark.parametrize("name", ["keep", "setup-server", "uninstall", "upgrade", "rollback"])
def test_the_scripts_of_a_server_are_programs(name):
    assert (DEPLOY / name).stat().st_mode & 0o111
    if (DEPLOY / name).read_text(encoding="utf-8").startswith("#!/bin/sh"):
        assert subprocess.run(["sh", "-n", DEPLOY / name], check=False).returncode == 0
