"""The table of all addresses: who gets which answer there, what each press does and whether it can be taken back, and
its screen.

``readers.txt`` and ``desk.txt`` have a line for each endpoint, method and address with its visitors and its answer, and
below it, indented:

screen NAME         the screen in tests/browser/screens that shows the page;  ``no screen: why`` where it has none
plain WAYS          of a POST: it can be taken back at once, with the act that is named; or there is nothing to take
back:
                    again    sent again it is as it was before: a form that shows what is stored, or a choice
                    nothing  it asks, shows, or goes on to a page that asks; nothing is stored that anybody would miss
                    done     it writes down what somebody has done by hand: a scan, a call, a postcard
step PAGES          it can't be taken back: its form stands on the first page, which says what will be and has a way
back, and on the others,
                    which show the same
undo WAY            元に戻す takes it back for some minutes, by the act that is named

An act of its own for a word of the address stands behind that word: ``role: plain again``.
"""

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent


class Row(NamedTuple):
    """An address and the answers to its visitors, as they are written."""

    endpoint: str
    method: str
    address: str
    visitors: str
    answer: str


class Act(NamedTuple):
    """The mark of a POST, and the acts or pages that it names."""

    mark: str
    ways: tuple[str, ...]


ROWS: list[Row] = []
ACTS: dict[tuple[str, str], Act] = {}  # by endpoint and the word in its address, "" where it has one act
SCREENS: dict[str, str] = {}  # by endpoint
NO_SCREENS: dict[str, str] = {}  # the reasons, by endpoint


def _read_below(endpoint: str, line: str) -> None:
    """Read a line below that of an endpoint."""
    if line.startswith("screen "):
        SCREENS[endpoint] = line.removeprefix("screen ")
    elif line.startswith("no screen: "):
        NO_SCREENS[endpoint] = line.removeprefix("no screen: ")
    else:
        word, _, act = line.rpartition(": ")
        mark, *ways = act.split()
        ACTS[endpoint, word] = Act(mark, tuple(ways))


for _name in ("readers.txt", "desk.txt"):
    for _line in (FOLDER / _name).read_text(encoding="utf-8").splitlines()[1:]:
        if _line.startswith(" "):
            _read_below(ROWS[-1].endpoint, _line.strip())
        else:
            ROWS.append(Row(*_line.split(maxsplit=4)))
