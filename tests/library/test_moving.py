"""移行: nothing is mailed and nothing is erased before the opening, and what the old system had said is
not said again.
"""

import io
import os
import time
from datetime import date, timedelta
from functools import partial

import pytest

from library import clock, errors, policy
from library.account import retention
from library.calendar import before_opening
from library.cutover import figures, first_backup, first_mails, number_check, opening, rule_check, sample, steps
from library.importing import arrivals
from library.lending import notices, overdue
from library.mail import outbox
from library.patrons import patrons
from library.store import backup, database
from models import (
    Audit,
    Branch,
    Cutover,
    Hold,
    Item,
    JobRun,
    Loan,
    LoanNotice,
    OutboxMail,
    Patron,
    SaidOut,
    SdiTitle,
    Staff,
    Title,
)
from server import jobs
from tests import factories

TODAY, OPENING = date(2026, 11, 25), date(2026, 12, 1)
BY = {"by": "staff:kanri"}


def by():
    return BY | {"now": clock.now()}


@pytest.fixture
def begun(db):
    opening.begin(**by())


def reader(**given):
    """A patron who is told of everything by mail."""
    patron = factories.patron(**given)
    factories.address(patron, f"p{patron.id}@example.jp")
    factories.preference(patron, "due", to_pc=True, active=True, days_before=3)
    return patron


def confirm_all():
    with database.writing():
        for name in steps.LABELS:
            steps.confirm(name, **by())


# -- while it goes on -------------------------------------------------------------------------------------------------
def test_a_library_is_open_unless_a_move_was_begun(db):
    assert not before_opening.is_on(today=TODAY)
    opening.begin(**by())
    assert before_opening.is_on(today=TODAY)
    with pytest.raises(errors.MovingAlready):
        opening.begin(**by())


def test_mails_are_counted_and_not_queued(begun):
    patron = factories.patron()
    with database.writing():
        for number in range(2):
            assert outbox.put("security", f"k{number}", address="a@example.jp", patron=patron, now=clock.now()) is None
    assert (OutboxMail.select().count(), Cutover.get().mails) == (0, 2)


def test_a_mail_to_the_administrator_is_sent_while_others_wait(begun, settings):
    jobs.stopping.clear()  # a scheduler that another test ended
    factories.mail(factories.patron(email="a@example.jp"), "due", state="queued", sent_at=None)
    facts = {"what": "password_stopped"}
    with database.writing():
        assert outbox.put(outbox.TO_ADMIN, "admin:1", address="admin@example.jp", facts=facts, now=clock.now())
    assert jobs.run("outbox", settings=settings, now=clock.now()) == {"sent": 1}
    assert {(row.kind, row.state) for row in OutboxMail.select()} == {("admin", "sent"), ("due", "queued")}
    assert Cutover.get().mails == 0


def test_files_that_hold_peoples_data_end_in_time_meanwhile(begun, tmp_path):
    people = io.BytesIO("利用者番号,氏名\n1,山田\n".encode())
    ((run,), _) = arrivals.receive(tmp_path, [("people.csv", people)], "前のシステム")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "old.csv").write_text("利用者番号,氏名\n")
    settings = {"INSTANCE": str(tmp_path), "NOTICE_HOUR": 8}
    jobs.run("import_files", now=clock.now(), settings=settings)
    assert run.folder.exists()
    for path, days in (
        (run.folder / "plan.json", 2),
        (run.folder / "file", 2),
        (run.folder, 2),
        (tmp_path / "inbox" / "old.csv", 31),
    ):
        long_ago = time.time() - days * 86400
        os.utime(path, (long_ago, long_ago))
    assert jobs.run("import_files", now=clock.now(), settings=settings) == {"files": 2}
    assert not run.folder.exists() and not list((tmp_path / "inbox").iterdir())


def test_only_copies_trying_them_rankings_covers_the_end_of_sent_files_and_mails_to_the_administrator_run(
    begun, settings
):
    old = factories.patron(expires_on=date(2015, 3, 31))
    for job in jobs.JOBS:
        if job.name == "drill":
            continue  # it goes on, too: below
        if job.name in ("backup", "rankings", "covers", "import_files", "outbox"):
            jobs.run(job.name, now=clock.now(), settings=settings)
        else:
            with pytest.raises(errors.MovingIn, match="移行中です。開館すると動きます。"):
                jobs.run(job.name, now=clock.now(), settings=settings)
    jobs.tick(settings, now=clock.now())
    assert Patron.get_or_none(Patron.id == old.id)


# -- the opening -------------------------------------------------------------------------------------------------------
def test_a_patron_chased_by_the_old_system_is_not_chased_again(begun):
    late = factories.loan(reader(), due_on=OPENING - timedelta(days=10))
    soon = factories.loan(reader(), due_on=OPENING - timedelta(days=6))
    confirm_all()
    assert opening.outlook(OPENING).told == 1
    opening.open_on(OPENING, **by())
    first = clock.at(OPENING, 8)
    assert overdue.queue(now=first)["mails"] == 0
    assert overdue.queue(now=first + timedelta(days=1)) == {"patrons": 1, "mails": 1, "loans": 1}
    assert LoanNotice.get(LoanNotice.loan == soon).stage == 7
    assert overdue.queue(now=first + timedelta(days=4))["loans"] == 1
    assert LoanNotice.select().where(LoanNotice.loan == late, LoanNotice.stage == 14).exists()


def test_the_sample_stays_compared_once_the_day_is_set_and_says_no_more_who_it_was(begun):
    factories.patron()
    sample.draw(today=TODAY, **by())
    confirm_all()
    opening.open_on(OPENING, **by())
    assert steps.open_ones() == [] and steps.by_name("sample").facts == {} and sample.every() == []


def test_nobody_is_erased_for_what_lay_back_before_the_opening(begun):
    expired = factories.patron(expires_on=date(2015, 3, 31), retention_from=TODAY)
    kept = factories.patron(expires_on=date(2030, 3, 31))
    outlook = opening.outlook(OPENING)
    assert (outlook.erased, outlook.first_erased) == (1, retention.erased_on(OPENING))
    confirm_all()
    opening.open_on(OPENING, **by())
    cards = next(rule for rule in retention.RETENTION if rule.name == "cards")
    for distance, gone in ((0, []), (1, [expired.id])):
        moment = clock.at(retention.erased_on(OPENING), 1) - timedelta(days=1 - distance)
        assert [row.id for row in cards.over(moment - cards.period)] == gone
    assert Patron.get_by_id(kept.id).retention_from == OPENING


def test_a_first_password_counts_its_days_from_the_opening(begun):
    imported = factories.patron(password=None, initial_issued_at=clock.now())
    of_before = factories.patron(password=None, initial_issued_at=clock.now() - timedelta(days=9))
    coded = factories.patron(password=None, initial_issued_at=clock.now(), initial_code_hash="hash")
    assert opening.outlook(OPENING).first_passwords == 1
    opening.open_on(OPENING, "ためす", **by())
    until = [patrons.initial_password_until(Patron.get_by_id(row.id)) for row in (imported, of_before, coded)]
    assert until[0] == clock.at(OPENING + timedelta(days=30))
    assert until[1:] == [patrons.initial_password_until(row) for row in (of_before, coded)]


def test_the_library_opens_on_the_day_that_was_named(begun):
    confirm_all()
    opening.open_on(OPENING, **by())
    assert before_opening.is_on(today=OPENING - timedelta(days=1)) and not before_opening.is_on(today=OPENING)
    with pytest.raises(errors.OpeningIsSet):
        opening.discard(**by())


def test_an_open_step_needs_a_reason_and_a_day_must_come(begun):
    with pytest.raises(errors.RefusedTogether) as refused:
        opening.open_on(TODAY - timedelta(days=1), **by())
    assert sorted(refused.value.by_field) == ["on", "reason"]
    opening.open_on(TODAY, "前のシステムがもう止まっている", **by())
    assert not before_opening.is_on(today=TODAY)
    assert Audit.get(Audit.action == "move.opened").details["reason"] == "前のシステムがもう止まっている"
    for again in (lambda: opening.open_on(TODAY, "x", **by()), lambda: opening.begin(**by())):
        with pytest.raises(errors.MovedInBefore):
            again()


def test_due_notices_go_out_after_the_opening(begun):
    factories.loan(reader(), due_on=OPENING + timedelta(days=1))
    notices.queue_due(now=clock.now())
    opening.open_on(TODAY, "ためす", **by())
    assert notices.queue_due(now=clock.at(OPENING, 8))["mails"] == 1
    assert OutboxMail.get().kind == "due"


# -- rehearsing --------------------------------------------------------------------------------------------------------
def test_an_import_can_be_put_away_and_the_rest_stays(begun):
    staff = factories.staff("admin")
    patron = factories.patron()
    title = factories.catalogued(copies=1)
    factories.loan(patron, item=Item.get(Item.title == title), due_on=TODAY)
    factories.hold(factories.patron(), title)
    policy.put("loan_limit", 7)
    confirm_all()
    assert opening.discard(**by()) == {"patrons": 2, "titles": 1, "items": 1, "loans": 1, "overdue": 0, "holds": 1}
    assert not any(table.select().exists() for table in (Patron, Title, Item, Loan))
    assert (Branch.select().count(), Staff.get_by_id(staff.id).login, policy.get("loan_limit")) == (1, staff.login, 7)
    assert steps.open_ones() == list(steps.LABELS.values())
    factories.catalogued(copies=1)  # and once more


def test_a_row_from_before_the_cutover_is_never_put_away(db):
    factories.patron()
    opening.begin(**by())
    with pytest.raises(errors.NotEmptyBefore):
        opening.discard(**by())
    assert Patron.select().count() == 1


# -- the steps ---------------------------------------------------------------------------------------------------------
def counted(before, why=None):
    figures.confirm(before, why or {}, today=TODAY, **by())


def test_a_difference_of_figures_needs_a_sentence(begun):
    factories.patron()
    same = dict.fromkeys(figures.LABELS, "0")
    with pytest.raises(errors.RefusedTogether) as refused:
        counted(same | {"patrons": "３", "holds": "多い", "items": ""})
    assert sorted(refused.value.by_field) == ["before_holds", "before_items", "why_patrons"]
    assert steps.by_name("counts").confirmed_at is None
    assert {figure.name: figure.before for figure in figures.every(today=TODAY)}["patrons"] == 3
    counted(same | {"patrons": "1,003"}, {"patrons": "廃止したカードを除いた"})
    step = steps.by_name("counts")
    assert (step.confirmed_by, step.facts["why"]["patrons"]) == ("kanri", "廃止したカードを除いた")
    assert Audit.get(Audit.action == "move.confirmed").details["of"] == "件数"


def test_figures_that_were_compared_are_open_again_once_the_library_has_others(begun):
    same = dict.fromkeys(figures.LABELS, "0")
    assert "前のシステムの件数（利用者、書誌、" in opening.why_open("counts", now=clock.now()).sentence
    counted(same)
    assert "件数" not in steps.open_ones()
    patron = factories.patron()
    assert "件数" in steps.open_ones()
    assert "（利用者 +1）の理由" in opening.why_open("counts", now=clock.now()).sentence
    with pytest.raises(errors.RefusedTogether):
        counted(same)
    counted(same, {"patrons": "試しに登録した"})
    Patron.delete().where(Patron.id == patron.id).execute()
    assert "件数が変わりました" in opening.why_open("counts", now=clock.now()).sentence


def test_an_open_step_says_in_a_sentence_why_it_is_open(begun):
    found = {name: opening.why_open(name, now=clock.now()).sentence for name in steps.LABELS}
    assert found["sample"] == "見本の20人を、まだ選んでいません。"
    assert found["backup"] == "今日の控えを、まだ確かめていません。"
    assert len(set(found.values())) == len(steps.LABELS)
    patron = factories.patron()
    sample.draw(today=TODAY, **by())
    sample.judge(patron, "right", "", **by())
    assert "確認済みにするだけ" in opening.why_open("sample", now=clock.now()).sentence


def test_copies_whose_loans_can_not_be_as_the_files_say_are_named(begun):
    patron, other = factories.patron(), factories.branch("東部")
    future = factories.loan(patron, lent_on=TODAY + timedelta(days=1), due_on=TODAY + timedelta(days=15)).item
    withdrawn = factories.loan(patron, item=factories.item(state="withdrawn", branch=other)).item
    factories.loan(patron, lent_on=TODAY)
    assert figures.doubtful(today=TODAY) == {
        "貸出日がこれから先の資料": [("本館", future.barcode)],
        "除籍したのに貸出中の資料": [("東部", withdrawn.barcode)],
    }


def test_copies_that_are_said_to_be_out_and_that_nobody_has_are_named(begun):
    lent, back, left = (factories.item() for _ in range(3))
    factories.loan(factories.patron(), item=lent)
    factories.loan(factories.patron(), item=back, returned_on=TODAY, due_on=TODAY)
    for item in (lent, back, left):
        SaidOut.create(item=item)
    [copies] = figures.doubtful(today=TODAY).values()
    assert copies == [("本館", number) for number in sorted([back.barcode, left.barcode])]
    assert figures.by_branch([*copies, ("東部", "1")]) == f"本館 {copies[0][1]}、{copies[1][1]}／東部 1"


def test_twenty_people_are_drawn_nobody_twice(begun):
    for number in range(8):
        patron = factories.patron(birth_date=date(2018, 1, 1) if number % 2 else date(1970, 1, 1))
        for _ in range(number):
            factories.loan(patron, due_on=TODAY - timedelta(days=number) if number % 3 else None)
    for _ in range(20):
        factories.patron()
    assert sample.draw(today=TODAY, **by()) == len({row.patron.id for row in sample.every()})
    kinds = [row.kind for row in sample.every()]
    assert kinds.count("most") == 5 and kinds.count("drawn") == 5 and len(kinds) <= 20


def test_the_sample_is_confirmed_when_everybody_was_found_right(begun):
    patron, note = factories.patron(desk_note="車いす"), "電話が違う"
    with pytest.raises(errors.Refusals, match="まだ選んでいません"):
        sample.confirm(**by())
    sample.draw(today=TODAY, **by())
    found = sample.compared(patron)
    assert found["窓口メモ"] == ["車いす"] and found["氏名"] == ["図書 花子"] and found["停止理由"] == []
    assert "はじめのパスワードの間違い" not in found, "an old system has none"
    with pytest.raises(errors.Refusals, match="1人"):
        sample.confirm(**by())
    with pytest.raises(errors.RefusedTogether):
        sample.judge(patron, "wrong", " ", **by())
    sample.judge(patron, "wrong", note, **by())
    with pytest.raises(errors.Refusals, match="違います"):
        sample.confirm(**by())
    sample.judge(patron, "right", "", **by())
    sample.confirm(**by())
    assert steps.by_name("sample").confirmed_at
    assert Audit.select().where(Audit.action == "move.compared", Audit.patron == patron).count() == 2


def test_real_loans_stand_beside_what_the_rules_make_of_them(begun):
    branch = factories.branch("本館", closed_weekdays="0")
    loan = factories.loan(factories.patron(), lent_on=date(2026, 11, 16), due_on=date(2026, 11, 30), branch=branch)
    (row,) = rule_check.drawn_loans()
    assert (row.barcode, row.due_on, row.ours, row.loan_days) == (
        loan.item.barcode,
        date(2026, 11, 30),
        date(2026, 12, 1),
        14,
    )


def test_nine_scans_are_read_as_on_the_first_morning(begun):
    people = [factories.patron() for _ in range(3)]
    items = [factories.item() for _ in range(3)]
    scanned = {f"old_{number}": row.card_number for number, row in enumerate(people, 1)}
    scanned |= {f"item_{number}": row.barcode for number, row in enumerate(items, 1)}
    scanned |= {f"new_{number}": f"900000000000{number}" for number in (1, 2, 3)}
    with pytest.raises(errors.RefusedTogether) as refused:
        wrong = {"old_1": "9000000000001", "new_2": people[0].card_number, "item_3": items[0].barcode, "old_2": ""}
        number_check.confirm(scanned | wrong, **by())
    assert {name: type(found[0]) for name, found in refused.value.by_field.items()} == {
        "old_1": errors.PatronUnknown, "old_2": errors.FieldEmpty, "new_2": errors.CardNumberTaken,
        "item_3": errors.ScannedTwice,
    }  # fmt: skip
    number_check.confirm(scanned, **by())
    assert steps.by_name("numbers").facts == {}


def renderer(seen):
    """A writer of letters that notes in ``seen`` of which kind they are."""

    def render(row, *, now):
        seen.append((row.kind, now))
        return type("Letter", (), {"subject": "件名", "stored_text": "本文", "language": "ja"})

    return render


def rehearse(now):
    jobs.rehearse({"NOTICE_HOUR": 13}, now=now)


def test_the_first_mails_are_shown_and_nothing_of_them_stays(begun):
    factories.loan(reader(), due_on=OPENING + timedelta(days=1))
    factories.loan(reader(), due_on=OPENING - timedelta(days=6))  # 7 days late on the second day
    factories.loan(reader(), due_on=OPENING - timedelta(days=20))
    seen = []
    found = first_mails.preview(renderer(seen), rehearse, opens_on=OPENING)
    assert [(day.day, day.counts) for day in found.days] == [
        (OPENING, [("返却期限", 1)]),
        (OPENING + timedelta(days=1), [("督促", 1)]),
        (OPENING + timedelta(days=2), []),
    ]
    assert [text[0] for text in found.texts] == ["返却期限", "督促"] and len(seen) == 2
    assert not OutboxMail.select().exists() and not LoanNotice.select().exists()
    assert before_opening.is_on(today=OPENING)


def test_the_first_mails_of_holds_and_saved_searches_are_among_them(begun):
    first, second = reader(), reader()
    for patron in (first, second):
        factories.preference(patron, "hold", to_pc=True)
    title = factories.title()
    copy = factories.item(title, aside=True)
    kept = {"item": copy, "state": "ready", "on_shelf_on": TODAY, "pickup_by": OPENING}
    factories.hold(first, title, contact_method="mail", **kept)
    factories.hold(second, title, contact_method="mail")
    factories.preference(first, "sdi", to_pc=True)
    factories.condition(first, "q=%E6%98%9F")
    factories.catalogued("星の王子さま", accession_date=clock.today())
    policy.put("sdi_day", "木")
    found = first_mails.preview(renderer([]), rehearse, opens_on=OPENING)
    assert [dict(day.counts) for day in found.days] == [
        {"受取期限": 1},
        {"予約取消・期限切れ": 1, "予約受取可": 1},
        {"新着資料（SDI）": 1},
    ]
    assert Hold.select().where(Hold.state == "ready", Hold.patron == first).exists(), "nothing of it stays"
    assert not JobRun.select().exists() and not SdiTitle.select().exists()


def test_a_copy_is_put_back_aside_and_counted(begun, settings, tmp_path):
    factories.loan(factories.patron())
    with pytest.raises(errors.CopyNotTried):
        first_backup.confirm(**by())
    run = partial(jobs.run, "drill", now=clock.now(), settings=settings)
    first_backup.make_and_try(settings, run, **by())
    assert steps.by_name("backup").confirmed_at and first_backup.tried_at(now=clock.now())
    assert backup.newest(tmp_path / "backup").name == "madoguchi-2026-11-25.sqlite3"
    assert first_backup.tried_at(now=clock.now() + timedelta(days=1)) is None


def test_a_copy_of_the_empty_library_proves_nothing_once_patrons_came_in(begun, settings):
    first_backup.make_and_try(settings, partial(jobs.run, "drill", now=clock.now(), settings=settings), **by())
    assert "控え" not in steps.open_ones()
    factories.patron()
    assert "控え" in steps.open_ones()
    with pytest.raises(errors.CopyOutdated) as refused:
        first_backup.confirm(**by())
    assert "（利用者 控え0、いま1）" in refused.value.sentence
    first_backup.make_and_try(settings, partial(jobs.run, "drill", now=clock.now(), settings=settings), **by())
    assert "控え" not in steps.open_ones()


def test_a_confirmed_step_can_be_opened_again(begun):
    with pytest.raises(errors.StepIsOpen):
        steps.reopen("rules", **by())
    confirm_all()
    steps.reopen("rules", **by())
    assert steps.open_ones() == ["貸出ルール"]


def test_a_copy_that_nobody_knows_is_said_to_be_unknown_in_the_step_of_numbers(db):
    assert number_check.judge("item_1", "9999999999") == errors.ItemUnknown()
