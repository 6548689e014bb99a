"""Promises: what was measured beside what is promised, in the same line everywhere, and in one table for ``make bench``."""

import argparse
import os
from dataclasses import dataclass

TABLE = "BENCHMARK_TABLE"  # in the environment: a file that gets the lines of all scripts


@dataclass(frozen=True)
class Promise:
    """Something measured, and the limit that it keeps: at most, or at least."""

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
    """Print whether each promise was kept; return the exit status of the script, 1 where one was not."""
    lines = [promise.line for promise in promises]
    print("", *lines, sep="\n", flush=True)
    if path := os.environ.get(TABLE):
        with open(path, "a", encoding="utf-8") as table:
            table.writelines(f"{line}\n" for line in lines)
    return int(not all(promise.is_kept for promise in promises))


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser whose help is the docstring as it stands."""
    return argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
