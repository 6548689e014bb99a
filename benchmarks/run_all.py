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
TOWN = ("mix", "crowd", "search_page", "desk")  # on the same library
SCRIPTS = (*TOWN, "pages", "search", "notices", "sign_in", "hanging_mail", "catalog_import", "sdi")
QUICK = {
    "mix": "--seconds 10 --titles 20000", "crowd": "--seconds 5 --titles 20000", "search_page": "--rounds 1 --titles 20000",
    "desk": "--scans 20 --titles 20000", "pages": "--rounds 20", "search": "--titles 20000 --queries 10",
    "notices": "--loans 1000", "sign_in": "--tries 40", "hanging_mail": "--rounds 1", "catalog_import": "--count 5000",
    "sdi": "--titles 10000 --new 500 --patrons 100",
}  # fmt: skip


def main() -> int:
    arguments = _promises.parser(__doc__)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("scripts", nargs="*", choices=[*SCRIPTS, []], default=[])
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        town, table = Path(folder, "town"), Path(folder, "table")
        town.mkdir()
        environment = os.environ | {_promises.TABLE: str(table)}
        for script in given.scripts or SCRIPTS:
            words = QUICK[script].split() if given.quick else []
            words += ["--keep", str(town)] if script in TOWN else []
            print(f"\n== {script} {' '.join(words)}", flush=True)
            done = subprocess.run([sys.executable, FOLDER / f"{script}.py", *words], env=environment, check=False)
            if done.returncode not in (0, 1):
                return done.returncode
            if done.returncode == 1 and not (table.exists()):
                return 1
        lines = table.read_text(encoding="utf-8")
    print("\n== all", lines, sep="\n", end="")
    return int("NOT KEPT" in lines)


if __name__ == "__main__":
    sys.exit(main())
