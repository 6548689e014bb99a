"""住所・保護者・居住の別: what is taken, who is asked, how long it stays."""

from datetime import date, timedelta

import pytest

from library import errors, policy
from library.access import passwords
from library.account import account_closing, own_data, registration, retention
from library.patrons import finding, homes, names, patrons, signing_in
from models import Patron
from tests import factories
from tests.conftest import NOW

TODAY = date(2026, 11, 25)
BY = {"by": "staff:suzuki", "now": NOW}
HOME = {
    "postal_code": "860-0001",
    "address": "すずかけ市中央一丁目2番3号",
    "residence": "working",
    "guardian_name": "図書 めぐみ",
    "guardian_phone": "090-1111-2222",
}
CHILD, ADULT = date(2016, 4, 2), date(1978, 8, 8)


@pytest.fixture
def typed(db):
    return {
        "name": "図書 花子", "birth_date": CHILD.isoformat(), "category": "児童", "branch": str(factories.branch("本館").id),
        "titles_in_mail": True,
    } | HOME  # fmt: skip


def read(typed, patron=None, **changed):
    return registration.read(typed | changed, today=TODAY, patron=patron)


def refused(typed, patron=None, **changed):
    with pytest.raises(errors.RefusedTogether) as caught:
        read(typed, patron, **changed)
    return {name: type(found[0]) for name, found in caught.value.by_field.items()}


def stored(patron):
    patron = Patron.get_by_id(patron.id)
    return {name: getattr(patron, name) for name in HOME}


# -- what is taken -----------------------------------------------------------------------------------------------------
def test_address_and_guardian_are_written_in_one_spelling(typed):
    values = read(
        typed,
        postal_code="〒８６０ー０００１",
        address=" すずかけ市　 中央 ",
        guardian_phone="０９０（１１１１）２２２２",
    )
    assert {name: values[name] for name in HOME} == HOME | {"address": "すずかけ市 中央"}
    patron, _ = registration.register("0000003000000", values, today=TODAY, **BY)
    assert finding.find("1111-2222").patrons == [patron]


def test_nothing_of_it_is_asked_for_by_force(typed):
    values = read(typed, **dict.fromkeys(HOME, ""))
    assert {values[name] for name in HOME} == {""}


@pytest.mark.parametrize(
    ("changed", "refusals"),
    [
        ({"postal_code": "860-001"}, {"postal_code": errors.PostalCodeMalformed}),
        ({"guardian_phone": "でんわ"}, {"guardian_phone": errors.PhoneMalformed}),
        ({"residence": "市外"}, {"residence": errors.ChoiceUnknown}),
        ({"address": "字" * 256}, {"address": errors.FieldTooLong}),
        ({"birth_date": "2008-11-25"}, {"guardian_name": errors.GuardianOfAdult}),
    ],
)
def test_a_value_that_cannot_be_is_refused_at_its_field(typed, changed, refusals):
    assert refused(typed, **changed) == refusals


def test_a_guardian_is_on_file_until_the_day_before_somebody_is_18(typed):
    assert read(typed, birth_date="2008-11-26")["guardian_name"] == HOME["guardian_name"]


def test_a_child_without_a_guardian_is_named_and_may_stay_so(db):
    def warned(**given):
        return list(registration.warnings(factories.patron(**given), today=TODAY))

    assert warned(birth_date=date(2011, 11, 26)) == ["guardian_name"]
    assert warned(birth_date=date(2011, 11, 26), guardian_name="図書 めぐみ") == []
    assert warned(birth_date=date(2011, 11, 25)) == []


def test_the_last_word_of_where_somebody_lives_is_the_library_s(db):
    assert patrons.residences()["outside"] == "市外"
    policy.put("residence_outside", "町外")
    assert patrons.residences() == {"living": "在住", "working": "在勤", "studying": "在学", "outside": "町外"}


# -- groups ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def groups(db):
    policy.put("categories", ["一般", "児童", "団体"])
    policy.put("group_categories", ["団体"])


def test_a_group_has_no_birth_date_and_signs_in_with_a_code(typed, groups):
    assert refused(typed, category="団体") == {"birth_date": errors.GroupHasNoBirthDate}
    values = read(typed, category="団体", birth_date="")
    patron, code = registration.register("0000003000000", values, today=TODAY, **BY)
    assert patron.birth_date is None and ("担当者", HOME["guardian_name"]) in homes.shown(patron)
    with pytest.raises(errors.Refused):
        signing_in.sign_in(patron.card_number, "0101", now=NOW)
    assert signing_in.sign_in(patron.card_number, code, now=NOW).scope == "first_password"


def test_a_person_needs_a_birth_date_unless_a_file_brought_none(typed, groups):
    assert refused(typed, birth_date="") == {"birth_date": errors.FieldEmpty}
    imported = factories.patron(birth_date=None)
    assert read(typed, imported, birth_date="")["birth_date"] is None
    assert passwords.weaknesses("tsuki no hikari 7", imported) == []


# -- how long it stays -------------------------------------------------------------------------------------------------
def test_address_and_guardian_go_30_days_after_closing(db):
    gone, lasting = (factories.patron(birth_date=CHILD, **HOME) for _ in range(2))
    account_closing.close(gone, **BY)
    assert stored(gone) == HOME
    assert retention.clean_up(now=NOW + timedelta(days=30))["homes"] == 0
    assert retention.clean_up(now=NOW + timedelta(days=31))["homes"] == 1
    assert (set(stored(gone).values()), stored(lasting)) == ({""}, HOME)
    assert finding.find("090-1111-2222").patrons == [lasting]


def test_the_guardian_goes_at_18_and_the_person_in_charge_of_a_group_stays(db):
    of_age = factories.patron(birth_date=date(2008, 11, 25), **HOME)
    child = factories.patron(birth_date=date(2008, 11, 26), **HOME)
    group = factories.patron(birth_date=None, **HOME)
    assert retention.clean_up(now=NOW)["guardians"] == 1
    assert stored(of_age) == HOME | {"guardian_name": "", "guardian_phone": ""}
    assert stored(child) == stored(group) == HOME
    assert retention.clean_up(now=NOW + timedelta(days=1))["guardians"] == 1


def test_a_patron_who_asks_for_their_own_data_gets_all_of_it(db):
    row = own_data.as_json(factories.patron(**HOME), now=NOW).decode()
    for words in (*HOME.values(), "在勤"):
        assert words in row or words == "working"


# -- suspension --------------------------------------------------------------------------------------------------------
def test_a_suspension_keeps_its_day_and_reason_until_it_is_released(db):
    patron = factories.patron()
    registration.suspend(patron, " 弁償の相談中 ", **BY)
    patron = Patron.get_by_id(patron.id)
    assert (patron.suspended_on, patron.suspended_reason) == (TODAY, "弁償の相談中")
    told = registration.suspension(patron, today=TODAY).sentence
    assert told == "利用停止中です（11月25日から。理由：弁償の相談中）。"
    registration.resume(patron, **BY)
    patron = Patron.get_by_id(patron.id)
    assert (patron.suspended_on, patron.suspended_reason) == (None, "")


def test_a_suspension_from_elsewhere_says_what_is_known(db):
    day, why = {"suspended_on": date(2025, 4, 1)}, {"suspended_reason": "延滞"}
    for known, words in (
        ({}, "理由の記録はありません"),
        (why, "理由：延滞"),
        (day, "2025年4月1日から。理由：記録はありません"),
    ):
        patron = factories.patron(state="suspended", **known)
        assert words in registration.suspension(patron, today=TODAY).sentence
    account_closing.close(patron, **BY)
    assert Patron.get_by_id(patron.id).suspended_on is None


def test_keys_follow_from_the_columns_that_are_written():
    assert names.keys({"phone_home": "0575(22)6101", "card_number": "a-0012"}) == {
        "phone_home_key": "1016225750",
        "card_key": "2100A",
    }
