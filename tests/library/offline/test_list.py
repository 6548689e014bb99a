"""非常用の一覧: what the offline desk knows of cards and copies, and what it doesn't."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from library import clock, policy
from library.offline import list as offline_list
from library.serials import issues
from models import CardNumber, ClosedDay, Serial, database as connection
from tests import factories


def made():
    return offline_list.content(now=clock.now())


def card(content, number):
    cards = content["cards"]
    place = cards["number"].index(number)
    return {name: cards[name][place] for name in ("until", "state", "category", "loans", "due")}


def copy(content, item):
    items = content["items"]
    place = items["number"].index(item.barcode)
    return items["state"][place], content["types"][items["type"][place]], items["held"][place]


def test_a_card_is_known_by_what_decides_a_loan(patron):
    patron.expires_on = date(2026, 12, 1)
    patron.save()
    factories.loan(patron, due_on=date(2026, 11, 24))
    factories.loan(patron, due_on=date(2026, 11, 20), trouble="claimed")
    assert card(made(), patron.card_number) == {"until": 6, "state": "a", "category": 0, "loans": 2, "due": -1}


def test_other_numbers_of_a_person_are_known_and_lost_ones_named(patron):
    CardNumber.create(number="OLD1", patron=patron, kind="old")
    CardNumber.create(number="LOST1", patron=patron, kind="lost")
    factories.patron(card_number="0000000000001", state="closed")
    cards = made()["cards"]
    assert cards["others"] == {"OLD1": cards["number"].index(patron.card_number)} and cards["lost"] == ["LOST1"]
    assert cards["state"][cards["number"].index("0000000000001")] == "c"


def test_a_copy_is_known_by_its_state_and_by_who_waits(patron):
    plain = factories.item()
    out = factories.loan(patron).item
    kept, waited = factories.item(), factories.item(factories.title("待つ本", material_type="CD"), state="repair")
    factories.hold(patron, kept.title, item=kept, state="ready")
    factories.hold(patron, waited.title)
    content = made()
    assert copy(content, plain) == ("0", plain.title.material_type, "0")
    assert copy(content, out)[0] == "o"
    assert copy(content, kept)[2] == "1"
    assert copy(content, waited) == ("2", "CD", "2")


def test_the_newest_issue_of_a_magazine_is_known_as_not_lent(patron):
    here = factories.branch("本館")
    serial = Serial.create(name="園芸手帖", interval="monthly", began_on=clock.today())
    old, new = (
        issues.receive(
            serial.id, f"2026年{11 + number}月号", f"330000{number}", branch=here, by="staff:desk", now=clock.now()
        )
        for number in range(2)
    )
    states = [copy(made(), got.item)[0] for got in (old, new)]
    assert states == [str(offline_list.ITEM_STATES.index(state)) for state in ("available", "reference")]


def test_limits_of_one_kind_are_known_and_what_a_card_has_of_it(patron):
    policy.put_row("", "CD", loan_limit=3)
    policy.put_row(patron.category, "DVD", loan_limit=1)
    for kind in ("CD", "CD", "図書"):
        factories.loan(patron, title=factories.title(material_type=kind))
    factories.loan(patron, item=factories.item(factories.title(material_type="図書"), material_type="DVD"))
    content = made()
    types = content["types"]
    rules = dict(zip(types, content["rules"][card(content, patron.card_number)["category"]], strict=True))
    assert {kind: rules[kind][3] for kind in ("CD", "DVD", "図書")} == {"CD": 3, "DVD": 1, "図書": None}
    of_kind = content["cards"]["of_kind"]
    assert {types[int(place)]: number for place, number in of_kind[patron.card_number].items()} == {"CD": 2, "DVD": 1}
    assert list(of_kind) == [patron.card_number]


def test_due_days_are_those_of_the_rules_for_sixty_days(db):
    branch = factories.branch("本館", code="main")
    ClosedDay.create(branch=branch, day=date(2026, 12, 9), open=False)
    policy.put_row("児童", "", loan_days=21)
    due = made()["due"]["main"]
    assert due[14][:3] == [15, 15, 16] and due[21][0] == 21
    assert len(due[14]) == 61


def test_a_branch_that_never_opens_promises_nothing(db):
    factories.branch("本館", code="main", closed_weekdays="0123456")
    policy.put("holidays_shift", False)
    assert made()["due"] == {"main": {}}


def test_no_name_and_no_title_is_in_it(patron):
    factories.loan(patron, title=factories.title("秘密の本", author="秘密の人"))
    text = json.dumps(made(), ensure_ascii=False)
    assert patron.name not in text and "秘密" not in text


def test_the_file_is_its_owners_alone(patron, tmp_path):
    factories.item()
    assert offline_list.make(tmp_path, now=clock.now()) == {"cards": 1, "items": 1}
    path = offline_list.path(tmp_path)
    assert [oct(each.stat().st_mode & 0o777) for each in (path, path.parent)] == ["0o600", "0o700"]
    assert json.loads(gzip.decompress(path.read_bytes()))["first"] == "2026-11-25"
    assert {each.name for each in path.parent.iterdir()} == {path.name, "lock"}


def test_of_several_who_ask_for_the_first_list_at_once_each_has_it(patron, tmp_path):
    def ask(_):
        with connection.connection_context():
            return offline_list.ready(tmp_path, now=clock.now())

    with ThreadPoolExecutor(4) as desks:
        assert set(desks.map(ask, range(4))) == {offline_list.path(tmp_path)}
    assert json.loads(gzip.decompress(offline_list.path(tmp_path).read_bytes()))["first"] == "2026-11-25"
