"""docs/privacy.md tells of every column that we keep, and how long, as the program has it."""

import re
from datetime import timedelta

import models
from library.access import sessions
from library.account import retention
from library.site import articles
from library.store import backup
from scripts.check_tree import ROOT
from web import entrance

TEXT = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")


def section(heading):
    return TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def words(period):
    for unit, name in ((timedelta(days=1), "日"), (timedelta(hours=1), "時間"), (timedelta(minutes=1), "分")):
        if period % unit == timedelta(0):
            return f"{period // unit}{name}"
    raise AssertionError(period)


def test_every_column_is_on_the_map_once():
    told = []
    for table, columns in re.findall(r"^\| `(\w+)` \| ((?:`\w+` ?)+) \|", section("何を、なぜ"), re.M):
        told += [(table, column) for column in re.findall(r"\w+", columns)]
    kept = [
        (model._meta.table_name, field.column_name)
        for model in models.ALL
        for field in model._meta.sorted_fields
        if field.name != "id"
    ]
    assert sorted(told) == sorted(kept)


def test_periods_are_those_that_the_program_keeps():
    told = re.findall(r"^\| ([^|`]+) \| (\d+\w+) \|$", section("保存期間"), re.M)
    assert told == [(kept.label, words(kept.period)) for kept in retention.RETENTION]


def test_idle_time_is_the_one_of_the_program():
    assert f"使っていないログインは、{words(sessions.IDLE)}で終わります" in TEXT
    assert f"職員のログインは、{words(sessions.IDLE_AT_DESK)}で終わります" in TEXT


def test_the_page_for_patrons_names_the_same_periods():
    page = articles.shipped("privacy").text
    periods = {rule.name: rule.period for rule in retention.RETENTION}
    assert timedelta(seconds=entrance.MARK_KEPT) == periods["devices"] == timedelta(days=365)
    assert "前にログインした端末を見分けること（1年）" in page
    assert f"ログインしたネットワークを、{words(periods['networks'])}のあいだ" in page
    assert f"IPアドレスは、失敗が続かなければ{words(periods['failures'])}で消えます。" in page


def test_both_pages_name_the_day_on_which_all_copies_have_forgotten():
    gone = f"消した日から{backup.KEPT_DAYS}日たつと、すべての控えからなくなります。"
    assert gone in TEXT and gone in articles.shipped("privacy").text
