"""移行, by command."""

from datetime import date, timedelta

import pytest

from library import clock
from library.cutover import steps
from library.store import database
from models import Cutover, OutboxMail, Patron, SaidOut
from tests import factories
from tests.test_cli import complaints, due_tomorrow

MOVING_IN = "移行中です。開館すると動きます。"


@pytest.fixture
def begun(run):
    assert run("move", "begin").exit_code == 0


def test_a_library_in_a_source_tree_begins_none_by_itself(run, db):
    assert not Cutover.select().exists()
    result = run("move", "check")
    assert (result.exit_code, complaints(result)) == (1, ["移行中ではありません。"])


@pytest.mark.parametrize(
    "words",
    ["notices run", "sdi run", "outbox deliver", "jobs run clean_up", "jobs run due_notices", "jobs run unlink"],
)
def test_a_job_that_waits_for_the_opening_says_so_and_does_nothing(run, begun, words):
    due_tomorrow()
    result = run(*words.split())
    assert (result.exit_code, complaints(result)) == (1, [MOVING_IN])
    assert not OutboxMail.select().exists()


def test_a_check_prints_the_figures_and_ends_with_1_while_steps_are_open(run, begun):
    due_tomorrow()
    result = run("move", "check")
    assert result.exit_code == 1
    assert "利用者\t–\t1\t" in result.stdout and "貸出中\t–\t1\t" in result.stdout
    assert "件数\t確認していません（前のシステムの件数" in result.stdout and "消える予定\t0 人" in result.stdout
    assert complaints(result) == ["確認していないもの: 件数、見本20人、貸出ルール、番号、最初のメール、控え"]
    with database.writing():
        for name in steps.LABELS:
            steps.confirm(name, by="staff:kanri", now=clock.now())
    result = run("move", "check")
    assert (result.exit_code, complaints(result)) == (0, [])


def test_a_check_names_copies_that_are_said_to_be_out(run, begun):
    for item in [factories.item(barcode=f"1{number:04}") for number in range(21)]:
        SaidOut.create(item=item)
    other = factories.item(branch=factories.branch("東部"))
    SaidOut.create(item=other)
    twenty = "、".join(f"1{number:04}" for number in range(20))
    words = "貸出の記録がない「貸出中」の資料\t22 点\t本館"
    assert f"{words} {twenty}…（はじめの20点。すべては move check --all）\n" in run("move", "check").stdout
    assert f"{words} {twenty}、10020／東部 {other.barcode}\n" in run("move", "check", "--all").stdout


def test_a_check_names_a_loan_of_the_future_and_one_of_a_withdrawn_copy(run, begun):
    patron, tomorrow = factories.patron(), clock.today() + timedelta(days=1)
    future = factories.loan(patron, lent_on=tomorrow, due_on=tomorrow).item
    withdrawn = factories.loan(patron, item=factories.item(state="withdrawn")).item
    printed = run("move", "check").stdout
    assert f"貸出日がこれから先の資料\t1 点\t本館 {future.barcode}\n" in printed
    assert f"除籍したのに貸出中の資料\t1 点\t本館 {withdrawn.barcode}\n" in printed


def test_a_library_opens_on_a_day(run, begun):
    result = run("move", "open", "--on", "2026-12-01")
    assert result.exit_code == 1 and "理由を入力してください。" in complaints(result)[0]
    result = run("move", "open", "--on", "2026-12-01", "--reason", "前のシステムが止まった")
    assert result.exit_code == 0 and "2026年12月1日(火)に開館します。" in result.stdout
    assert Cutover.get().opens_on == date(2026, 12, 1)
    assert run("move", "discard", "--name", "すずかけ市立図書館").exit_code == 1
    assert "開館しました。" in run("move", "open", "--reason", "早める").stdout
    assert run("notices", "run").exit_code == 0


def test_putting_all_away_wants_the_name_typed(run, begun):
    factories.patron()
    assert run("move", "discard", "--name", "図書館").exit_code == 1
    assert Patron.select().exists()
    result = run("move", "discard", input="すずかけ市立図書館\n")
    assert result.exit_code == 0 and "利用者 1" in result.stdout
    assert not Patron.select().exists()
