"""システムの状態: what runs by itself, and running it by hand."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from library import clock
from library.backups import kept
from library.catalog.fulltext import index, progress
from library.importing.titles import rereading
from library.store import database
from models import JobRun, Setting
from server import jobs
from tests import factories


@pytest.fixture
def at_desk(browse, app):
    browse.be(factories.staff("admin"))
    return browse


def row(browse, label):
    return next(tr for tr in browse.page.select("tbody tr") if tr.th.get_text() == label)


def test_each_job_tells_its_last_run_and_its_next(at_desk):
    at_desk.get("/desk/status")
    assert "まだありません" in row(at_desk, "予約の順番の見直し").get_text()
    assert row(at_desk, "予約の順番の見直し").find("td", attrs={"data-l": "次回"}).get_text() == "まもなく"


def test_a_job_is_run_by_hand_and_its_row_says_what_it_did(at_desk):
    copy = factories.item(aside=False)
    factories.hold(factories.patron(), copy.title)
    at_desk.get("/desk/status")
    form = row(at_desk, "予約の順番の見直し").find("form")
    assert form.button.get_text() == "「予約の順番の見直し」をいま動かす"
    assert at_desk.post(form["action"]).location == "/desk/status"
    at_desk.get("/desk/status")
    told = row(at_desk, "予約の順番の見直し")
    assert "完了 書名 1" in told.find("td", attrs={"data-l": "結果"}).get_text(" ", strip=True)
    assert told.find("td", attrs={"data-l": "次回"}).get_text() != "まもなく"


def test_one_that_fails_says_so_in_its_row(at_desk, app):
    there = app.config["INSTANCE"]
    app.config["INSTANCE"] = "/dev/null"  # no folder for the copy
    at_desk.get("/desk/status")
    at_desk.post("/desk/status/backup")
    app.config["INSTANCE"] = there
    at_desk.get("/desk/status")
    assert "失敗" in row(at_desk, "データベースの控え").get_text()
    assert JobRun.get(JobRun.name == "backup").last_error


def test_the_desk_sees_and_does_not_run(browse, app):
    browse.be(factories.staff("desk"))
    browse.get("/desk/status")
    assert not browse.page.find("button", string="いま動かす")
    assert browse.post("/desk/status/backup").status_code == 403
    assert not JobRun.select().exists()


def test_a_patron_who_goes_within_30_days_is_told(at_desk):
    at_desk.get("/desk/status")
    assert "保存期間" not in at_desk.text()
    factories.patron(expires_on=date(2023, 12, 1))
    at_desk.get("/desk/status")
    assert "これから30日で、保存期間の過ぎた利用者 1人が消えます" in at_desk.text()
    assert "はじめは2026年12月1日(火)" in at_desk.text()


# -- copies ------------------------------------------------------------------------------------------------------------
def fact(browse, label):
    return browse.page.find("dt", string=label).find_next("dd").get_text(" ", strip=True)


def test_a_library_without_a_copy_or_a_drill_says_so(at_desk):
    at_desk.get("/desk/status")
    assert fact(at_desk, "いちばん新しい控え") == "まだありません 控えがありません"
    assert fact(at_desk, "戻す訓練") == "まだ行っていません"


def test_the_newest_copy_the_last_drill_and_the_copies_out_of_reach_are_told(at_desk, app, moved_clock):
    jobs.run("backup", now=clock.now(), settings=app.config)
    JobRun.create(name="drill", day=clock.today(), started_at=clock.now(), succeeded_at=clock.now())
    stamp = Path(app.config["INSTANCE"], kept.FOLDER, "suzukake.yakuba")
    stamp.parent.mkdir()
    stamp.touch()
    os.utime(stamp, (clock.now().timestamp(),) * 2)
    at_desk.get("/desk/status")
    assert fact(at_desk, "戻す訓練") == "2026年11月25日(水) 10:42 戻せます"
    assert fact(at_desk, "ほかの場所の控え（suzukake.yakuba）") == "2026年11月25日(水) 10:42"
    moved_clock.now += timedelta(days=41)
    at_desk.be(factories.staff("admin", login="later"))
    at_desk.get("/desk/status")
    assert fact(at_desk, "いちばん新しい控え").endswith("36時間より前です")
    assert fact(at_desk, "戻す訓練").endswith("40日より前です")
    assert fact(at_desk, "ほかの場所の控え（suzukake.yakuba）").endswith("2日より前です")


def test_a_drill_that_failed_is_red(at_desk):
    JobRun.create(name="drill", started_at=clock.now(), failed_at=clock.now(), last_error="NoBackup: …")
    at_desk.get("/desk/status")
    assert fact(at_desk, "戻す訓練") == "まだ行っていません 失敗しました"


def test_the_index_that_is_being_made_tells_how_far_it_is(at_desk):
    titles = [factories.catalogued(f"第{number}の話") for number in range(7)]
    at_desk.get("/desk/status")
    assert "索引の作り直し" not in at_desk.text()
    progress.ask()
    index.begin()
    ids = [title.id for title in titles[:3]]
    with database.writing():
        index.refresh(ids)
        index.note_done(ids)
        began = {"began": (clock.now() - timedelta(minutes=2)).isoformat(), "at": 0}
        Setting.update(value=began).where(Setting.name == progress.ASKED).execute()
    at_desk.get("/desk/status")
    assert "索引の作り直し 42%（残り約3分）" in at_desk.text()
    rereading.complete()
    at_desk.get("/desk/status")
    assert "索引の作り直し" not in at_desk.text()
