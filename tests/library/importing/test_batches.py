import io
import threading
import time
from itertools import pairwise

import pytest

from library.files import spreadsheets
from library.files.report import EMPTIED, Finding, FindingFile, Report
from library.importing import batches, branches, patrons, titles
from library.store import database, writer_queue
from models import Audit, Branch, Setting, Title, database as connection
from tests import engines, factories


def rows(count):
    return "source_id,title\n" + "".join(f"{number},題{number}\n" for number in range(count))


MANY = rows(1000)


def test_a_dry_run_counts_the_same_and_writes_nothing(read):
    doubled = MANY + "0,題0\n5,題五\n"
    dry = read(titles, doubled, dry_run=True)
    assert Title.select().count() == 0
    wet = read(titles, doubled)
    assert dry.counts == wet.counts == (999, 0, 1, 2), "the rows that contradict one another stay out"


def test_an_interrupted_import_can_be_run_again(read):
    def pull_the_plug(position):
        if Title.select().exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(titles, MANY, progress=pull_the_plug)
    kept = Title.select().count()
    assert 0 < kept < 1000
    assert read(titles, MANY).counts == (1000 - kept, 0, kept, 0)


def test_the_desk_writes_while_an_import_runs(read, db):
    waits, done = [], threading.Event()

    def desk():
        with connection.connection_context():
            while not done.is_set():
                began = time.process_time()
                with database.writing():
                    Setting.insert(name=f"desk {len(waits)}", value=1).execute()
                waits.append(time.process_time() - began)
                done.wait(0.03)

    at_the_desk = threading.Thread(target=desk)
    at_the_desk.start()
    try:
        assert read(titles, rows(10_000)).counts == (10_000, 0, 0, 0)
    finally:
        done.set()
        at_the_desk.join()
    assert len(waits) >= 3
    assert max(waits) < 1  # seconds of the processor, which others may want, too


def test_a_waiting_writer_is_let_in_between_two_transactions(db):
    written = []

    def desk():
        with connection.connection_context(), database.writing():
            written.append("desk")

    at_the_desk = threading.Thread(target=desk)
    with database.writing():
        written.append("import")
        at_the_desk.start()
        while not engines.waiting_writers():
            pass
    database.give_way()
    with database.writing():
        written.append("import")
    at_the_desk.join()
    assert written == ["import", "desk", "import"]
    file = database.file_in_use()
    assert not (file and writer_queue.somebody_waits(file))


@pytest.mark.sqlite("a server's own queue lets nobody pass")
def test_an_import_waits_for_nobody_for_ever(db, monkeypatch):
    monkeypatch.setattr(writer_queue, "PATIENCE", 0)
    with writer_queue.waiting(database.file_in_use()):
        database.give_way()


def test_a_machine_that_was_held_up_once_takes_as_much_as_before(db, monkeypatch):
    sizes = []

    def put(numbers):
        monkeypatch.setattr(batches, "SECONDS", 10 if sizes else -1)
        sizes.append(len(numbers))
        return [(number, "new") for number in numbers]

    batches.carry_out_together(range(800), put, part=200, report=Report())
    assert sizes == [200, 100, 100, 200, 200]


def test_a_slow_machine_takes_as_much_as_it_can_and_no_less(db, monkeypatch):
    """A part takes 10 ms and one more for each row: 200 rows are too long, one by one they would take an age."""
    now, sizes = [0.0], []
    monkeypatch.setattr(batches.time, "monotonic", lambda: now[0])

    def put(numbers):
        sizes.append(len(numbers))
        now[0] += 0.01 + 0.001 * len(numbers)
        return [(number, "new") for number in numbers]

    batches.carry_out_together(range(2_000), put, part=200, report=Report())
    assert min(sizes) >= 50 and sum(sizes) == 2_000


def test_progress_tells_how_far_the_file_is_read(read):
    positions = []
    read(titles, MANY, progress=positions.append)
    begun_again = [place for place, (one, next_one) in enumerate(pairwise(positions), 1) if next_one < one]
    assert len(begun_again) == 1, "the file is read through before anything is taken"
    assert positions[begun_again[0] - 1] == positions[-1] == len(MANY.encode())


def test_a_run_that_changed_something_is_in_the_log_of_operations(read, moved_clock):
    read(branches, "code,name\n01,本館\n").report.record("branches", now=moved_clock.now)
    read(branches, "code,name\n01,本館\n").report.record("branches", now=moved_clock.now)
    assert [(row.action, row.actor, row.details) for row in Audit.select().order_by(Audit.id)] == [
        ("import.branches", "command", {"new": 1})
    ]


def test_totals_are_one_line():
    report = Report()
    report.counts.update(new=1, changed=2, same=3000, refused=4)
    assert report.totals == "読込 3,007 / 新規 1 / 変更 2 / 変更なし 3,000 / 拒否 4"
    assert not report.nothing_done


def test_findings_go_into_a_file_that_a_spreadsheet_opens_harmlessly(tmp_path):
    path = tmp_path / "findings.csv"
    path.touch(mode=0o644)
    with FindingFile(path) as file:
        file.write(Finding(1012, "館名", "=HYPERLINK(1)", EMPTIED, "00000034", "+81"))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert path.read_text("utf-8-sig").splitlines() == [
        '"行","種類","列","番号","もとの値","理由"',
        '"1012","空にした","館名","00000034","\'+81","\'=HYPERLINK(1)"',
    ]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_report_of_several_files_names_them(tmp_path):
    with FindingFile(tmp_path / "findings.csv", several=True) as file:
        file.write(Finding(2, "", "x"), "@a.csv")
    assert (tmp_path / "findings.csv").read_text("utf-8-sig").splitlines() == [
        '"ファイル","行","種類","列","番号","もとの値","理由"',
        '"\'@a.csv","2","拒否","","","","x"',
    ]


def test_a_row_that_can_not_be_read_is_refused_and_counted(read):
    factories.branch("本館")
    done = read(patrons, '利用者番号,氏名,生年月日\n"broken,x,1978-08-08\n0000002377570,山田,1978-08-08\n')
    assert done.counts == (1, 0, 0, 1)
    assert done.told[0].sentence == '2行目 引用符（"）の対応が正しくありません。'


def test_a_slow_machine_commits_each_row_alone(db, monkeypatch):
    monkeypatch.setattr(batches, "SECONDS", 0)
    table = spreadsheets.Table(io.BytesIO("館コード,館名\n1,東\n2,西\n3,南\n".encode()), branches.COLUMNS)
    report = Report()
    branches.read_in(table, report=report)
    assert report.read == Branch.select().count() == 3
