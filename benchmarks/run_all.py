"""Run every benchmark of a promise, one after the other, and print one table of what was kept.

    .venv/bin/python benchmarks/run_all.py [--quick] [SCRIPT …]

They share one town, which takes a minute to build. ``--quick`` measures for seconds: to see that all runs, not to judge.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import _promises

FOLDER = Path(__file__).resolve().parent
TOWN = ("mix", "crowd", "search_page", "outside", "desk")  # on the same library
SCRIPTS = (
    *TOWN,
    "pages",
    "search",
    "notices",
    "sign_in",
    "guessing",
    "hanging_mail",
    "catalog_import",
    "moving_in",
    "pack",
    "sdi",
    "reader",
)
FULL = {"mix": "--steps"}
QUICK = {
    "mix": "--seconds 10 --titles 40000", "crowd": "--seconds 5 --titles 40000", "search_page": "--rounds 1 --titles 40000",
    "outside": "--rounds 20 --titles 40000", "desk": "--scans 20 --titles 40000", "pages": "--rounds 20", "search": "--titles 20000 --queries 10",
    "notices": "--loans 1000", "sign_in": "--tries 40", "guessing": "--patrons 1000 --seconds 5", "hanging_mail": "--rounds 1", "catalog_import": "--count 5000",
    "moving_in": "--patrons 1000 --titles 1000 --loans 500 --holds 300",
    "pack": "--titles 1000",
    "reader": "--parts 20",
    "sdi": "--titles 10000 --new 500 --patrons 100",
}  # fmt: skip


def main() -> int:
    arguments = _promises.parser(__doc__)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("scripts", nargs="*", metavar="SCRIPT", default=SCRIPTS)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        town = Path(folder, "town")
        town.mkdir()
        lines = [line for script in given.scripts for line in run(script, given.quick, town)]
    print("\n== all", *lines, sep="\n")
    return int(not all(line.startswith("kept") for line in lines))


def run(script: str, quick: bool, town: Path) -> list[str]:
    """Run one script; return its lines of the table, or that it failed."""
    words = (QUICK if quick else FULL).get(script, "").split()
    words += ["--keep", str(town)] if script in TOWN else []
    print(f"\n== {script} {' '.join(words)}", flush=True)
    with tempfile.NamedTemporaryFile() as table:
        environment = os.environ | {_promises.TABLE: table.name}
        done = subprocess.run([sys.executable, FOLDER / f"{script}.py", *words], env=environment, check=False)
        lines = Path(table.name).read_text(encoding="utf-8").splitlines()
    return lines or [f"FAILED    {script}, exit status {done.returncode}"]


if __name__ == "__main__":
    sys.exit(main())
