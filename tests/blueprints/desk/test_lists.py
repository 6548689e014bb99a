"""一覧の書き出し: lists for the town office, with the columns that were ticked, for a purpose that is written down."""

import csv
import io
from datetime import timedelta

import pytest

from library import clock
from library.counting.list_kinds import KINDS
from models import Audit, Item
from tests import factories


@pytest.fixture
def desk(browse, app):
    browse.be(factories.staff("admin", login="kanri"))
    return browse


def write(desk, kind, columns=None, **typed):
    """Press 書き出す with these columns, else those that are ticked; return the rows of the file, or None where it is
    refused.
    """
    desk.get(f"/desk/lists?of={kind}")
    ticked = [box["value"] for box in desk.page.select("input[name=columns][checked]")]
    data = {"purpose": "町の統計", "encoding": "utf-8-sig", "columns": ticked if columns is None else columns}
    answer = desk.post(f"/desk/lists/{kind}", data | typed)
    if answer.mimetype != "text/csv":
        assert answer.status_code == 422
        return None
    encoding = (data | typed)["encoding"]
    return list(csv.reader(io.StringIO(answer.data.decode(encoding))))


def test_patrons_come_without_address_and_phone_until_these_are_ticked(desk):
    factories.patron(name="山田 花子", phone_home="0575-22-6101", address="本町1", card_number="0000002377570")
    factories.patron(state="closed", name="廃止 済")
    headings, row = write(desk, "patrons")
    assert (
        headings[:3] == ["利用者番号", "氏名", "氏名（カナ）"]
        and "住所" not in headings
        and "電話番号（自宅）" not in headings
    )
    assert row[:2] == ["0000002377570", "山田 花子"] and "有効" in row
    assert write(desk, "patrons", ["name", "address", "phone_home"]) == [
        ["氏名", "電話番号（自宅）", "住所"],
        ["山田 花子", "0575-22-6101", "本町1"],
    ]


def test_loans_name_nobody_unless_somebody_ticks_it(desk):
    late = factories.loan(
        factories.patron(name="山田 花子"), clock.today() - timedelta(days=3), lent_on=clock.today() - timedelta(days=9)
    )
    factories.loan(factories.patron(), clock.today() + timedelta(days=3))
    loans = write(desk, "loans")
    assert len(loans) == 3 and "氏名" not in loans[0] and "書名" in loans[0]
    overdue = write(desk, "overdue")
    assert len(overdue) == 2 and "書名" not in overdue[0]
    assert overdue[1][:4] == [late.patron.card_number, "山田 花子", late.item.barcode, late.branch.name]


def test_every_list_has_its_rows(desk):
    patron = factories.patron()
    factories.hold(patron, factories.catalogued("吾輩は猫である", copies=2))
    Item.update(state="withdrawn").where(Item.id == Item.select().order_by(Item.id.desc()).get().id).execute()
    found = {kind: write(desk, kind, list(KINDS[kind].columns)) for kind in KINDS}
    assert {kind: len(rows) - 1 for kind, rows in found.items()} == {
        "patrons": 1, "loans": 0, "overdue": 0, "holds": 1, "items": 1, "titles": 1, "withdrawn": 1,
    }  # fmt: skip
    assert all(len(row) == len(KINDS[kind].columns) for kind, rows in found.items() for row in rows)
    assert found["holds"][1][0] == "吾輩は猫である" and found["items"][1][-1] == "貸出可"


def test_the_file_runs_nothing_and_is_for_spreadsheets(desk):
    factories.patron(name="=HYPERLINK(1)")
    answer = desk.post("/desk/lists/patrons", {"purpose": "x", "encoding": "utf-8-sig", "columns": ["name"]})
    assert answer.data == '\ufeff"氏名"\r\n"\'=HYPERLINK(1)"\r\n'.encode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_letters_that_cp932_lacks_are_told_before_they_are_replaced(desk):
    factories.patron(name="𠮷田 髙子")
    assert write(desk, "patrons", ["name"], encoding="cp932") is None
    assert "CP932 にない文字が1種類あります（𠮷）" in desk.page.text
    assert desk.page.find("input", {"name": "purpose"})["value"] == "町の統計"
    assert not Audit.select().where(Audit.action == "list.written").exists()
    assert write(desk, "patrons", ["name"], encoding="cp932", replacing="y") == [["氏名"], ["〓田 髙子"]]


def test_without_purpose_or_columns_nothing_is_written(desk):
    assert write(desk, "patrons", purpose=" ") is None
    assert "使いみちを入力してください" in desk.page.text
    assert write(desk, "patrons", []) is None
    assert "書き出す項目を、一つ以上" in desk.page.text


def test_a_list_that_was_written_is_in_the_record_of_operations(desk):
    factories.patron()
    write(desk, "patrons", ["name", "address"])
    row = Audit.get(Audit.action == "list.written")
    assert row.actor == "staff:kanri"
    assert row.details == {"list": "利用者", "columns": ["氏名", "住所"], "rows": 1, "purpose": "町の統計"}


@pytest.mark.parametrize("address", ["/desk/pack", "/desk/pack/progress", "/desk/pack/download"])
def test_no_address_of_the_desk_hands_out_a_pack(desk, address):
    assert (desk.get(address).status_code, desk.post(address, {}).status_code) == (404, 404)
    desk.get("/desk/lists")
    assert "引っ越しパック" not in desk.text()
