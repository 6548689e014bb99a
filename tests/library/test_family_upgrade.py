"""Families that an earlier version made: 見る stays, and no more; what could be taken back still can."""

from shutil import copytree, ignore_patterns

import pytest
from playhouse.migrations import Runner

from library.store import database
from models import FamilyTie, Undo

AT = "2026-11-25 01:42:00"


@pytest.mark.sqlite("each engine has its own file of the version before")
def test_ties_of_before_keep_what_was_agreed_and_get_a_colour_each(tmp_path, moved_clock):
    older = copytree(database.MIGRATIONS, tmp_path / "migrations", ignore=ignore_patterns("0064*"))
    opened = database.open_database(str(tmp_path / "library.sqlite3"))
    with opened.connection_context():
        Runner(opened, str(older)).up()
        for number in (1, 2, 3):
            _write(opened, "patron", id=number, **_patron(number))
        for child in (2, 3):
            _write(opened, "family_tie", viewer_id=1, number=f"{child}", child_id=child, asked_at=AT, agreed_at=AT)
        _write(opened, "undo", patron_id=1, kind="renewals", facts='{"loans": []}', until=AT)
        database.migrate()
        ties = list(FamilyTie.select().order_by(FamilyTie.id))
        assert [(tie.colour, tie.may_renew, tie.may_card, tie.titles_hidden) for tie in ties] == [
            (0, False, False, False),
            (1, False, False, False),
        ]
        assert [(row.kind, row.facts) for row in Undo.select()] == [("renewals", {"loans": []})]
        Undo.create(patron=1, kind="family", facts={"loans": []}, until=moved_clock.now)


def _patron(number):
    texts = dict.fromkeys(("name_kana", "category", "phone_home", "phone_mobile", "phone_work", "password_hash"), "")
    chosen = {"contact_method": "none", "contact_phone": "mobile", "keep_history": 0, "titles_in_mail": 1}
    more = {"text_size": "", "initial_code_hash": "", "initial_failures": 0, "state": "active"}
    return {"card_number": f"{number}", "name": f"{number}", **texts, **chosen, **more}


def _write(opened, table, **values):
    columns, blanks = ", ".join(values), ", ".join("?" * len(values))
    opened.execute_sql(f"INSERT INTO {table} ({columns}) VALUES ({blanks})", tuple(values.values()))
