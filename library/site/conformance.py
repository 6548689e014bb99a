"""試験結果: how far the pages keep JIS X 8341-3:2016 at AA, by the last look of the program at its screens and by what people judged.

Source of the words: 準拠, 一部準拠 and 配慮 as the guideline of WAIC has them, and the items that annex JB.3.1 of the standard asks for.
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
    """The last look of the program at all its screens (`make test-all-ways`)."""

    version: str
    began: date
    ended: date
    axe: str
    ways: int
    screens: list[str]
    pages: list[str]
    found: list[str]  # the screens with something to mend


class Criterion(NamedTuple):
    """A criterion, and how it was judged. ``result`` is 適合 or 不適合, empty if nobody judged it on this version within a year."""

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
    """Both, and the word for them: 準拠, 一部準拠 or 配慮."""

    word: str
    run: Run | None
    criteria: list[Criterion]
    facts: dict[str, Any]  # version, scope, relied_on, chosen; stated, began, ended

    @property
    def lacking(self) -> list[Criterion]:
        """Return the criteria that keep the word from being 準拠."""
        return [each for each in self.criteria if not each.is_met]

    @property
    def failing(self) -> list[Criterion]:
        return [each for each in self.criteria if each.result == NOT_MET]


def read(folder: Path, *, version: str, today: date) -> Results:
    """Return the results for this version. Files in ``folder`` count before those that came with the program."""
    run = _first(folder, RUN, _run)
    facts, criteria = _first(folder, CRITERIA, lambda text: _criteria(text, version, today)) or ({}, [])
    results = Results("配慮", run, criteria, facts)
    if not run or not criteria:
        return results
    whole = len(criteria) == CRITERIA_OF_AA and not results.lacking
    return results._replace(word="準拠" if whole and run.version == version and not run.found else "一部準拠")


def _first(folder: Path, name: str, of_text: Callable[[str], Any]) -> Any:
    """Return what the first file of this name says that can be read; None without one."""
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
    """Take back a judgement of another version, without a person and a day, or of more than a year ago."""
    if counts and each.day and each.role and each.day <= today <= each.day + KEEPS_FOR:
        return each
    return each._replace(result="", method="", day=None, role="")
