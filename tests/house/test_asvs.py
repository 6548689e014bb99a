"""The list of ASVS: every item of levels 1 and 2 once, with a state, and the files and tests that it names are there;
the probes, too.
"""

import re

from library.access import passwords
from scripts.check_tree import ROOT

TEXT = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([\d.]+) \| ([12]) \| (.+?) \| (.+?) \| (.+) \|$", TEXT, re.M)
LEVELS = {"1": 70, "2": 183}  # items of version 5.0.0
PROBES = re.findall(r"^\| (\d+) \| ([a-zA-Z -]+) \| (.+?) \| (.+?) \| (`tests/.+`) \|$", TEXT, re.M)
STATES = ("met", "not met", "does not apply")


def test_every_item_of_both_levels_is_there_once():
    assert len({number for number, *_ in ROWS}) == len(ROWS)
    assert {level: sum(row[1] == level for row in ROWS) for level in LEVELS} == LEVELS


def test_the_count_at_the_head_is_that_of_the_lines():
    counted = [sum((row[1], row[3]) == (level, state) for row in ROWS) for level in LEVELS for state in STATES]
    assert [int(number) for number in re.findall(r"\b(\d+)\b",
        TEXT.partition("Level 1: ")[2].partition(". A test")[0])] == [
        *counted[:3], 2, *counted[3:]
    ]  # fmt: skip


def test_a_requirement_that_is_met_names_a_test_or_page_that_is_there():
    missing = []
    for number, _, _, state, where in ROWS:
        files = re.findall(r"`([\w./-]+\.(?:py|js|txt|toml|html|conf)|deploy/\w+)(?:::\w+)?`", where)
        missing += [f"{number} {name}" for name in files if not (ROOT / name).exists()]
        if state == "met" and not re.search(r"`\S+`|\]\(", where):
            missing.append(f"{number} names nothing")
    assert missing == []


def test_each_requirement_of_level_1_that_is_not_met_is_listed_as_lacking():
    table = TEXT.partition("## What level 1 lacks")[2].partition("## ")[0]
    assert re.findall(r"^\| ([\d.]+) \|", table, re.M) == [
        row[0] for row in ROWS if row[1] == "1" and row[3] == "not met"
    ]


def test_there_are_thirty_probes_with_a_test_each():
    assert [int(number) for number, *_ in PROBES] == list(range(1, 31))
    assert [
        number for number, *_, shown in PROBES if not re.fullmatch(r"(`tests/[\w/]+\.py::test_\w+`(, )?)+", shown)
    ] == []


def test_every_test_that_is_named_is_there():
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT))
    texts = {file: (ROOT / file).read_text(encoding="utf-8") for file, _ in named if (ROOT / file).exists()}
    missing = [f"{file}::{name}" for file, name in named if f"\ndef {name}(" not in texts.get(file, "")]
    assert named and missing == []


def test_three_thousand_common_passwords_are_long_enough_to_be_chosen():
    common = (ROOT / "library" / "access" / "common_passwords.txt").read_text(encoding="utf-8").split()
    assert sum(10 <= len(word) <= passwords.MAXIMUM for word in common) >= 3000
