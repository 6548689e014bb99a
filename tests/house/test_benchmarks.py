"""The scripts of benchmarks/ are few, and those that its table of promises names."""

import re

from scripts.check_tree import ROOT, tracked

MOST = 14  # with what they share
FOLDER = ROOT / "benchmarks"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
THERE = {path.name for path in tracked() if path.parent == FOLDER and path.suffix == ".py"}


def test_the_table_of_promises_names_every_script():
    in_table = set(re.findall(r"^\| `[^`|]*\bbenchmarks/(\w+\.py)\b", README, re.M))
    shared = set(re.findall(r"`(\w+\.py)`", re.search(r"^Shared: (.+?)\n\n", README, re.M | re.S)[1]))
    assert in_table | shared == THERE
    assert not in_table & shared


def test_the_scripts_are_few():
    assert len(THERE) <= MOST


def test_documents_name_scripts_that_exist():
    texts = {path: path.read_text(encoding="utf-8") for path in tracked() if path.suffix in (".md", ".py", "")}
    named = {(str(path.relative_to(ROOT)), name) for path, text in texts.items() for name in scripts_in(text)}
    assert {(path, name) for path, name in named if name not in THERE} == set()


def scripts_in(text):
    return re.findall(r"\bbenchmarks/(\w+\.py)\b", text)
