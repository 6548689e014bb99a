"""試験結果: which word the library may say of its pages, and what keeps it from a better one."""

import json
import tomllib
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from library.site import conformance
from tests.browser.screens import record

TODAY = date(2026, 11, 25)
RUN = {"version": "1.2.0", "began": "2026-11-20", "ended": "2026-11-21", "axe": "4.10", "ways": 27,
    "screens": ["front"], "pages": ["/"], "found": []}  # fmt: skip
SHIPPED = tomllib.loads((conformance.HERE / conformance.CRITERIA).read_text(encoding="utf-8"))


def judged(**changed):
    """The file of a library whose staff judged every criterion; ``changed`` is of the first that
    applies to its pages.
    """
    lines = [f'version = "{changed.pop("version", "1.2.0")}"', 'scope = "s"', 'relied_on = "r"', 'chosen = "c"']
    for row in SHIPPED["criterion"]:
        row = row | {"result": "適合" if row["applies"] else "", "method": "目視", "role": "職員", "day": TODAY}
        if row["applies"]:
            row, changed = row | changed, {}
        lines += ["[[criterion]]", *(f"{name} = {toml(value)}" for name, value in row.items() if value is not None)]
    return "\n".join(lines)


def toml(value):
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def results(folder, criteria=None, run=RUN):
    for name, text in ((conformance.CRITERIA, criteria), (conformance.RUN, run and json.dumps(run))):
        if text:
            (folder / name).write_text(text, encoding="utf-8")
    return conformance.read(folder, version="1.2.0", today=TODAY)


def test_the_thirty_eight_criteria_are_there_once_each_and_nobody_has_judged_them_as_shipped():
    rows = SHIPPED["criterion"]
    assert len({row["number"] for row in rows}) == len(rows) == 38
    assert sorted(row["level"] for row in rows) == ["A"] * 25 + ["AA"] * 13
    assert not any(row["result"] or row["role"] for row in rows)


def test_without_a_run_the_pages_are_made_with_care(tmp_path, monkeypatch):
    monkeypatch.setattr(conformance, "HERE", tmp_path / "none")
    assert results(tmp_path, judged(), run=None).word == "配慮"
    (tmp_path / conformance.CRITERIA).unlink()
    assert results(tmp_path).word == "配慮"


def test_a_run_alone_is_a_part(tmp_path):
    found = results(tmp_path)
    assert (found.word, len(found.not_met)) == ("一部準拠", 38)


def test_all_judged_by_people_on_this_version_within_a_year_is_all(tmp_path):
    found = results(tmp_path, judged())
    assert (found.word, found.not_met) == ("準拠", [])


@pytest.mark.parametrize(
    "changed",
    [
        {"result": "不適合"},
        {"result": ""},
        {"role": ""},
        {"day": None},
        {"day": TODAY - timedelta(days=366)},
        {"day": TODAY + timedelta(days=1)},
    ],
)
def test_one_criterion_that_is_not_met_or_not_judged_keeps_it_a_part(tmp_path, changed):
    found = results(tmp_path, judged(**changed))
    assert (found.word, [each.number for each in found.not_met]) == ("一部準拠", ["1.1.1"])


def test_a_judgement_of_another_version_does_not_count(tmp_path):
    assert len(results(tmp_path, judged(version="1.1.0")).not_met) == 38


@pytest.mark.parametrize("changed", [{"found": ["front"]}, {"version": "1.1.0"}])
def test_a_run_that_found_something_or_is_of_another_version_keeps_it_a_part(tmp_path, changed):
    assert results(tmp_path, judged(), RUN | changed).word == "一部準拠"


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 1}', "\x00"])
def test_a_file_that_can_not_be_read_counts_as_none_and_the_log_says_so(tmp_path, monkeypatch, caplog, text):
    monkeypatch.setattr(conformance, "HERE", tmp_path / "none")
    (tmp_path / conformance.RUN).write_text(text)
    assert results(tmp_path, judged(), run=None).word == "配慮"
    assert "run.json can't be read" in caplog.text


def report(name, *, failed=False, **facts):
    noted = {"screen": name, "page": f"/{name}", "ways": 27, "axe": "4.10"} | facts
    return SimpleNamespace(user_properties=list(noted.items()), failed=failed, start=1.8e9, stop=1.8e9 + 60)


def test_a_run_of_the_screens_is_read_by_the_page(tmp_path):
    others = SimpleNamespace(user_properties=[], failed=True, start=0, stop=0)
    seen = record.write(
        [report("front"), report("cart", failed=True), report("many", ways=7), others], tmp_path / "run.json"
    )
    run = results(tmp_path, run=None).run
    assert (seen, run.screens, run.pages) == (3, ["cart", "front", "many"], ["/cart", "/front", "/many"])
    assert (run.ways, run.found, run.began) == (27, ["cart"], date.fromtimestamp(1.8e9))
    assert record.write([others], tmp_path / "none.json") == 0
    assert not (tmp_path / "none.json").exists()


def test_screens_that_were_mended_and_seen_again_take_their_place_in_the_record(tmp_path):
    path = tmp_path / "run.json"
    record.write([report("front"), report("cart", failed=True), report("loans", failed=True)], path)
    assert record.write([report("cart")], path, again=True) == 3
    run = results(tmp_path, run=None).run
    assert (run.screens, run.found) == (["cart", "front", "loans"], ["loans"])
