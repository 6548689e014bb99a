"""Few places name what a new password put out of reach: those that seal, open, delete, join it or leave it out."""

import ast

import pytest

import models
from library.access import seals, unsealing
from scripts.check_tree import ROOT, tracked

OF_ANY = {"sealed_for", "sealed_for_id"}
OF_HOLDS = {"sealed"}
BESIDE = ("tests", "benchmarks", "migrations", "tables")  # tables declare them
PLACES = {
    "library/access/seals.py": "puts it out of reach",
    "library/access/unsealing.py": "gives it back",
    "library/account/sealed_records.py: delete": "deletes it unread",
    "library/merging/belongings.py": "joins two titles, for whoever has them",
    "library/reading/history.py: merge": "joins what was noted of either",
    "blueprints/my/holds.py: _mine": "leaves it out",
    "blueprints/my/holds.py: _messages": "leaves it out",
    "library/lending/holds/hold_list.py: _ended_lately": "leaves it out",
    "library/lending/holds/hold_mails.py: letter": "leaves it out",
    "web/parts/rows/request_rows.py: mine": "leaves it out",
    "library/requests/letters.py: letter": "leaves it out",
    "library/ebooks/lending.py: _close": "gives an e-book back on its day",
}


def uses(text):
    """Return the names of the columns in a text of Python, each with the outermost function that has it."""
    found = set()
    for outer in ast.parse(text).body:
        where = outer.name if isinstance(outer, ast.FunctionDef | ast.ClassDef) else ""
        for node in ast.walk(outer):
            named = {
                ast.Attribute: lambda node: node.attr if node.attr in OF_ANY | OF_HOLDS else "",
                ast.Constant: lambda node: node.value if isinstance(node.value, str) and node.value in OF_ANY else "",
                ast.keyword: lambda node: node.arg if node.arg in OF_ANY else "",
            }.get(type(node), lambda node: "")(node)
            found |= {(named, where)} if named else set()
    return found


def is_allowed(path, where):
    return (
        f"{path}: {where}" in PLACES
        or path in ("library/access/seals.py", "library/access/unsealing.py")
        or (not where and path in PLACES)
    )


def test_only_what_seals_opens_deletes_or_joins_names_it():
    found = {
        (str(path.relative_to(ROOT)), where)
        for path in tracked()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] not in BESIDE
        if "sealed" in (text := path.read_text(encoding="utf-8"))
        for _, where in uses(text)
    }
    assert {(path, where) for path, where in found if not is_allowed(path, where)} == set()
    assert {f"{path}: {where}" if f"{path}: {where}" in PLACES else path for path, where in found} == set(PLACES)


@pytest.mark.parametrize(
    "query",
    [
        "HistoryEntry.select().where((HistoryEntry.patron == p) | (HistoryEntry.sealed_for == p))",
        "Shelf.get(sealed_for=patron)",
        "getattr(CartRow, 'sealed_for_id')",
        "shelf.sealed_for",
        "Hold.select().where(Hold.sealed)",
    ],
)
def test_a_query_elsewhere_is_found(query):
    assert uses(f"def read(patron):\n    return {query}\n")
    assert not is_allowed("library/reading/shelved.py", "read")


def test_no_template_names_it():
    templates = [path for path in tracked() if path.is_relative_to(ROOT / "templates")]
    assert [path for path in templates if any(name in path.read_text(encoding="utf-8") for name in OF_ANY)] == []


def test_each_table_that_is_moved_says_whose_its_rows_are():
    for model in seals.MOVED:
        fields = model._meta.fields
        assert {"patron", "sealed_for"} <= set(fields) and fields["patron"].null and fields["sealed_for"].null
    assert (
        {model for model in models.ALL if "sealed_for" in model._meta.fields}
        == set(seals.MOVED)
        == set(unsealing.MOVED)
    )
