"""試験結果: conformance of the pages to JIS X 8341-3:2016 AA, by the program's last run and by people's judgement.

準拠, 一部準拠 and 配慮 are words of WAIC's guideline; the items are those of annex JB.3.1 of the standard.
"""

import json
import logging
import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
RUN, CRITERIA = "run.json", "criteria.toml"
MET, NOT_MET = "適合", "不適合"
KEEPS_FOR = timedelta(days=365)  # from the day of a judgement
CRITERIA_OF_AA = 38
_log = logging.getLogger(__name__)


class Run(NamedTuple):
    """The program's last check of all its screens (`make test-all-ways`)."""

    version: str
    began: date
    ended: date
    axe: str
    ways: int
    screens: list[str]
    pages: list[str]
    found: list[str]  # the screens with something to mend


class Criterion(NamedTuple):
    """A criterion with its judgement. ``result``: 適合 or 不適合; empty if not judged on this version within a year."""

    number: str
    name: str
    level: str
    applies: bool
    program: str
    result: str
    method: str
    day: date | None
    role: str

    @property
    def is_met(self) -> bool:
        return bool(self.day and self.role) and (self.result == MET or not self.applies)


class Results(NamedTuple):
    """Run, criteria, and the word for them: 準拠, 一部準拠 or 配慮."""

    word: str
    run: Run | None
    criteria: list[Criterion]
    facts: dict[str, Any]  # version, scope, relied_on, chosen; stated, began, ended

    @property
    def not_met(self) -> list[Criterion]:
        """Return the criteria that prevent 準拠: judged 不適合, or not judged."""
        return [each for each in self.criteria if not each.is_met]

    @property
    def failing(self) -> list[Criterion]:
        """Return the criteria judged 不適合."""
        return [each for each in self.criteria if each.result == NOT_MET]


def read(folder: Path, *, version: str, today: date) -> Results:
    """Return the results for this version. Files in ``folder`` come before those of the program."""
    run = _first(folder, RUN, _run)
    facts, criteria = _first(folder, CRITERIA, lambda text: _criteria(text, version, today)) or ({}, [])
    results = Results("配慮", run, criteria, facts)
    if not run or not criteria:
        return results
    whole = len(criteria) == CRITERIA_OF_AA and not results.not_met
    return results._replace(word="準拠" if whole and run.version == version and not run.found else "一部準拠")


def _first(folder: Path, name: str, of_text: Callable[[str], Any]) -> Any:
    """Return the content of the first readable file of this name; None without one."""
    for path in (folder / name, HERE / name):
        try:
            return of_text(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError, KeyError, TypeError) as error:  # bad JSON, TOML and days are ValueError
            _log.warning("%s can't be read: %s", path, error)
    return None


def _run(text: str) -> Run:
    found: dict[str, Any] = json.loads(text)
    for name in ("began", "ended"):
        found[name] = date.fromisoformat(found[name])
    return Run(**found)


def _criteria(text: str, version: str, today: date) -> tuple[dict[str, Any], list[Criterion]]:
    facts = tomllib.loads(text)
    rows = facts.pop("criterion")
    counts = facts["version"] == version
    return facts, [_counted(Criterion(**{"day": None} | row), counts, today) for row in rows]


def _counted(each: Criterion, counts: bool, today: date) -> Criterion:
    """Return the criterion without its judgement if that is of another version, unsigned, undated, or over a year
    old.
    """
    if counts and each.day and each.role and each.day <= today <= each.day + KEEPS_FOR:
        return each
    return each._replace(result="", method="", day=None, role="")
