"""flask figures: a definition, its query and its rows, which anyone can count again."""

from datetime import date

import pytest

from models import RecordedSince, UseFact, database
from tests import factories


@pytest.fixture
def run(app, db):
    for name in ("loans", "facts"):
        RecordedSince.create(name=name, day=date(2026, 4, 1))
    branch = factories.branch("本館")
    UseFact.create(id=1, act="loan", day=date(2026, 9, 1), ndc="913.6", branch=branch, channel="desk")
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["figures", *words])


def test_a_figure_is_printed_with_its_definition_and_rows(run):
    printed = run("loans", "--from", "2026-04-01", "--to", "2026-10-31", "--by", "class").output
    assert "個人貸出（点）: 団体でも相手館でもない利用者への貸出" in printed
    assert "2026-04-01 から 2026-10-31 まで: 1" in printed
    assert "9\t1\n" in printed


def test_the_printed_query_gives_the_printed_rows(run):
    lines = run("loans", "--from", "2026-04-01", "--to", "2026-10-31").output.splitlines()
    (query,) = [line for line in lines if line.startswith("SELECT")]
    with database.connection_context():
        assert [tuple(row) for row in database.execute_sql(query)] == [(1, 1)]
    assert "本館\t1" in lines


@pytest.mark.parametrize("by", ["stage", "age_group", "residence", "category", "class"])
def test_loans_of_children_are_not_grouped_by_who_or_what(run, by):
    assert run("loans_child", "--by", by).exit_code == 2
    assert by == "class" or run("loans", "--by", by).exit_code == 2


def test_names_are_listed_and_an_unknown_one_is_refused(run):
    assert "loans\t個人貸出\t点" in run().output
    assert run("titles").exit_code == 2
    assert run("loans", "--by", "card_number").exit_code == 2
    assert run("loans", "--from", "いつか").exit_code == 2
    assert run("loans", "--branch", "X").exit_code == 1
