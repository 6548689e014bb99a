"""Run every script of a promise, one after the other, and print one table of what was kept.

    .venv/bin/python benchmarks/promises.py [--quick] [SCRIPT …]

They share one town, which takes a minute to build. ``--quick`` measures for seconds: to see that all runs, not to
judge. Each script takes from here its promises: a figure that was measured beside its limit, in the same line
everywhere.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
TABLE = "BENCHMARK_TABLE"  # in the environment: a file that gets the lines of all scripts
TOWN = ("mix", "search_page", "desk")  # on the same library
SCRIPTS = (*TOWN, "pages", "search", "notices", "guessing", "moving_in")
FULL = {"mix": "--steps --crowd 60"}
QUICK = {
    "mix": "--seconds 10 --crowd 5 --titles 40000",
    "search_page": "--rounds 1 --asked 20 --titles 40000",
    "desk": "--scans 20 --titles 40000",
    "pages": "--rounds 20 --parts 20",
    "search": "--titles 20000 --queries 10",
    "notices": "--loans 1000 --titles 10000 --new 500 --patrons 100",
    "guessing": "--patrons 1000 --seconds 5 --tries 40",
    "moving_in": "--patrons 1000 --titles 1000 --loans 500 --holds 300 --records 5000",
}


@dataclass(frozen=True)
class Promise:
    """A figure that was measured, and the limit that it keeps: at most, or at least."""

    words: str
    measured: float
    limit: float
    unit: str = "ms"
    least: bool = False

    @property
    def is_kept(self) -> bool:
        return self.measured >= self.limit if self.least else self.measured <= self.limit

    @property
    def line(self) -> str:
        bound = "at least" if self.least else "at most"
        state = "kept" if self.is_kept else "NOT KEPT"
        return f"{state:8}  {self.words}: {self.measured:.3g} {self.unit} ({bound} {self.limit:g})"


def report(promises: list[Promise]) -> int:
    """Print each promise as kept or not; return the exit status of the script, 1 where one was not."""
    lines = [promise.line for promise in promises]
    print("", *lines, sep="\n", flush=True)
    if path := os.environ.get(TABLE):
        with open(path, "a", encoding="utf-8") as table:
            table.writelines(f"{line}\n" for line in lines)
    return int(not all(promise.is_kept for promise in promises))


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser whose help is the docstring as it stands."""
    return argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)


def run(script: str, quick: bool, town: Path) -> list[str]:
    """Run one script; return its lines of the table, or that it failed."""
    words = (QUICK if quick else FULL).get(script, "").split()
    words += ["--keep", str(town)] if script in TOWN else []
    print(f"\n== {script} {' '.join(words)}", flush=True)
    with tempfile.NamedTemporaryFile() as table:
        environment = os.environ | {TABLE: table.name}
        done = subprocess.run([sys.executable, FOLDER / f"{script}.py", *words], env=environment, check=False)
        lines = Path(table.name).read_text(encoding="utf-8").splitlines()
    return lines or [f"FAILED    {script}, exit status {done.returncode}"]


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("scripts", nargs="*", metavar="SCRIPT", default=SCRIPTS)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        town = Path(folder, "town")
        town.mkdir()
        lines = [line for script in given.scripts for line in run(script, given.quick, town)]
    print("\n== all", *lines, sep="\n")
    return int(not all(line.startswith("kept") for line in lines))


if __name__ == "__main__":
    sys.exit(main())
