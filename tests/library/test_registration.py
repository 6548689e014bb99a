"""Cards at the desk."""

from datetime import date

import pytest

from library import errors
from library.access import sessions
from library.account import registration, retention
from library.lending.holds import holds
from library.numbers import free
from library.patrons import finding, names, patrons, signing_in
from models import Audit, CardNumber, Hold, Patron
from tests import factories
from tests.conftest import NOW

TODAY = date(2026, 11, 25)
BY = {"by": "staff:suzuki", "now": NOW}


@pytest.fixture
def typed(db):
    return {
        "name": " 図書　花子 ", "name_kana": "としょ　ﾊﾅｺ", "birth_date": "昭和53年8月8日", "category": "一般",
        "phone_home": "０９６－１２３－４５６７",
        "phone_mobile": "", "phone_work": "", "branch": str(factories.branch("本館").id), "expires_on": "",
        "titles_in_mail": True,
    }  # fmt: skip


def read(typed, **changed):
    return registration.read(typed | changed, today=TODAY)


def refused(work, *given, **named):
    with pytest.raises(errors.Refused) as caught:
        work(*given, **named)
    return type(caught.value)


def test_typed_words_become_one_spelling(typed):
    values = read(typed)
    assert (values["name"], values["name_kana"], values["birth_date"]) == (
        "図書 花子",
        "トショ ハナコ",
        date(1978, 8, 8),
    )
    assert (values["phone_home"], values["expires_on"]) == ("096-123-4567", None)


@pytest.mark.parametrize(
    ("field", "text", "refusal"),
    [
        ("name", "  ", errors.FieldEmpty),
        ("name", "花" * 256, errors.FieldTooLong),
        ("birth_date", "", errors.FieldEmpty),
        ("birth_date", "きのう", errors.DateMalformed),
        ("birth_date", "2026-11-26", errors.BirthDateImpossible),
        ("birth_date", "1890-01-01", errors.BirthDateImpossible),
        ("category", "会社", errors.ChoiceUnknown),
        ("phone_mobile", "でんわ", errors.PhoneMalformed),
        ("branch", "99999", errors.ChoiceUnknown),
        ("branch", "x", errors.ChoiceUnknown),
        ("expires_on", "2026-13-01", errors.DateMalformed),
    ],
)
def test_a_value_that_cannot_be_is_refused_at_its_field(typed, field, text, refusal):
    with pytest.raises(errors.RefusedTogether) as caught:
        read(typed, **{field: text})
    assert {name: type(found[0]) for name, found in caught.value.by_field.items()} == {field: refusal}


def test_a_new_card_is_good_for_five_years_and_opens_with_the_day_of_birth(typed):
    patron, code = registration.register("0000003000000", read(typed), today=TODAY, **BY)
    assert (patron.registered_on, patron.expires_on, code) == (TODAY, date(2031, 11, 25), None)
    assert signing_in.sign_in("0000003000000", "0808", now=NOW).scope == "first_password"


@pytest.mark.parametrize(
    ("given", "is_same"),
    [
        ({"name": "高橋　花子", "name_kana": "たかはしはなこ"}, True),
        ({"name": "高橋花子", "name_kana": ""}, True),
        ({"name": "鷹橋 華子", "name_kana": "タカハシ　ハナコ"}, True),
        ({"name": "高橋 花", "name_kana": "タカハシ ハナ"}, False),
        ({"birth_date": "1978-08-09"}, False),
    ],
)
def test_a_name_and_birth_date_that_somebody_has_are_refused_once(typed, given, is_same):
    of = {"name": "髙橋 花子", "name_kana": "タカハシ ハナコ"}
    first, _ = registration.register("0000003000000", read(typed, **of), today=TODAY, **BY)
    values = read(typed, **of | given)
    if is_same:
        with pytest.raises(errors.RefusedTogether) as caught:
            registration.register("0000003000018", values, today=TODAY, **BY)
        assert caught.value.by_field == {"name": [errors.MaybeSamePerson(ids=(first.id,))]}
        assert Patron.select().count() == 1
    registration.register("0000003000018", values, today=TODAY, **BY, apart_from={first.id})
    assert Patron.select().count() == 2


def test_a_group_and_who_gave_the_card_back_are_nobody_else(typed):
    values = read(typed)
    for number in ("0000003000000", "0000003000018"):
        registration.register(number, values | {"birth_date": None}, today=TODAY, **BY)
    Patron.update(state="closed", birth_date=values["birth_date"]).execute()
    registration.register("0000003000026", values, today=TODAY, **BY)
    assert Patron.select().count() == 3


@pytest.mark.parametrize(
    ("number", "refusal"),
    [("123", errors.NumberHasNoForm), ("", errors.FieldEmpty), ("0000003000001", errors.CardNumberTaken)],
)
def test_a_number_that_cannot_be_given_is_refused(typed, number, refusal):
    factories.patron(card_number="0000003000001")
    assert refused(registration.register, number, read(typed), today=TODAY, **BY) is refusal


def test_the_next_number_is_above_all_that_were_given(db):
    assert free.card_number() == "0000000000001"
    patron = factories.patron(card_number="0000003000009")
    registration.replace_card(patron, "0000003000004", **BY)
    assert free.card_number() == "0000003000010"


def test_a_change_is_written_down_by_name_only(patron, typed):
    changed = registration.change(patron, read(typed, name="図書 桜子"), **BY)
    assert "name" in changed and "birth_date" not in changed
    row = Audit.get(Audit.action == "patron.changed")
    assert row.details["fields"] == changed and "桜子" not in str(row.details)
    assert registration.change(Patron.get_by_id(patron.id), read(typed, name="図書 桜子"), **BY) == []


def test_a_lost_card_keeps_its_account_and_opens_nothing_any_more(patron):
    old, token = patron.card_number, sessions.begin(patron, now=NOW)
    registration.replace_card(patron, "0000003000000", **BY)
    assert Patron.get_by_id(patron.id).card_number == "0000003000000"
    assert sessions.find(token, now=NOW) is None
    assert refused(signing_in.sign_in, old, factories.PASSWORD, now=NOW) is errors.SignInRefused
    assert signing_in.sign_in("0000003000000", factories.PASSWORD, now=NOW)
    assert CardNumber.get(CardNumber.kind == "lost").patron == patron
    assert refused(registration.replace_card, patron, old, **BY) is errors.CardReportedLost


def test_a_suspended_card_can_be_resumed_and_says_why_in_the_record(patron):
    assert refused(registration.suspend, patron, " ", **BY) is errors.ReasonMissing
    registration.suspend(patron, "長期の延滞", **BY)
    assert Patron.get_by_id(patron.id).state == "suspended"
    assert Audit.get(Audit.action == "patron.suspended").details == {"reason": "長期の延滞"}
    registration.resume(patron, **BY)
    assert Patron.get_by_id(patron.id).state == "active"


def test_a_renewed_card_is_good_for_five_years_from_today(patron):
    assert registration.renew_card(patron, today=date(2028, 2, 29), **BY) == date(2033, 2, 28)


def test_an_expiry_that_is_typed_far_back_erases_nobody_at_once(patron, typed):
    registration.change(patron, read(typed, expires_on="2002-03-31"), **BY)
    other = read(typed, birth_date="1980-01-01", expires_on="2002-03-31")
    registration.register("0000003000000", other, today=TODAY, **BY)
    assert retention.clean_up(now=NOW)["cards"] == 0
    assert Patron.select().count() == 2


def test_a_new_initial_password_takes_the_place_of_the_old(patron):
    patrons.reissue(patron, **BY)
    assert refused(signing_in.sign_in, patron.card_number, factories.PASSWORD, now=NOW) is errors.SignInRefused
    assert signing_in.sign_in(patron.card_number, "0808", now=NOW).scope == "first_password"


@pytest.mark.parametrize(
    "words",
    [
        "0000003000123",
        "０００００03000123",
        "A0000003000123A",
        "0123",
        "としょ",
        "ﾄｼｮﾊﾅ",
        "図書花",
        "図書 花",
        "096-123-4567",
        "0961234567",
    ],
)
def test_a_patron_is_found_by_card_name_kana_and_phone(db, words):
    patron = factories.patron(card_number="0000003000123", phone_home="096-123-4567")
    factories.patron(name="別 人", name_kana="ベツ ジン")
    assert finding.find(words).patrons == [patron]


@pytest.mark.parametrize("words", ["", "  ", "123", "%", "_", "花子"])
def test_too_little_or_nothing_finds_nobody(db, words):
    factories.patron(card_number="0000003000123")
    assert finding.find(words).patrons == []


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("髙橋 花子", "高橋"),
        ("高橋 花子", "髙橋花"),
        ("齋藤 太郎", "斎藤"),
        ("斎藤 太郎", "斉藤"),
        ("齊藤 太郎", "齋藤"),
        ("山﨑 恵", "山崎"),
        ("山碕 恵", "山﨑恵"),
        ("𠮷田 由美子", "吉田"),
        ("渡邉 健一", "渡辺"),
        ("濵田 健一", "浜田 健"),
        ("サクラ 花子", "さくら"),
    ],
)
def test_a_name_is_found_in_whichever_form_its_kanji_are_typed(db, stored, typed):
    patron = factories.patron(name=stored, name_kana="")
    factories.patron(name="別人 太郎", name_kana="")
    assert finding.find(typed).patrons == [patron]


@pytest.mark.parametrize("typed", ["やまさき", "ヤマザキ", "ﾔﾏｻﾞｷ", "ﾔﾏｻｷ"])
def test_a_reading_is_found_with_and_without_its_marks(db, typed):
    patron = factories.patron(name="山﨑 恵", name_kana="ヤマザキ メグミ")
    assert finding.find(typed).patrons == [patron]


def test_whoever_is_spelled_as_it_was_typed_comes_first(db):
    plain = factories.patron(name="高橋 花子", name_kana="タカハシ ハナコ")
    ladder = factories.patron(name="髙橋 花子", name_kana="タカハシ ハナコ")
    assert finding.find("高橋").patrons == [plain, ladder]
    assert finding.find("髙橋").patrons == [ladder, plain]


@pytest.mark.parametrize("typed", ["0575(22)6101", "０５７５（２２）６１０１", "0575 22 6101", "6101", "22-6101"])
def test_a_phone_is_found_as_it_is_written_and_by_its_last_digits(db, typed):
    patron = factories.patron(phone_home=names.phone("0575(22)6101"), card_number="0000003000124")
    assert patron.phone_home == "0575-22-6101"
    assert finding.find(typed).patrons == [patron]


def test_a_new_name_is_found_and_the_old_one_is_not_any_more(patron, typed):
    registration.change(patron, read(typed, name="ﾀﾅｶ　花子", name_kana="ﾀﾅｶ ﾊﾅｺ"), **BY)
    assert Patron.get_by_id(patron.id).name == "タナカ 花子"
    assert finding.find("たなか").patrons == [patron]
    assert finding.find("図書").patrons == finding.find("トショ").patrons == []


def test_a_registered_person_is_found_by_name_and_by_reading(typed):
    patron, _ = registration.register("0000003000000", read(typed, name="髙橋 恵"), today=TODAY, **BY)
    assert finding.find("高橋").patrons == finding.find("としょ").patrons == [patron]


def test_a_row_of_an_older_version_is_written_as_today_and_only_once(db):
    old = {"name": "𠮷田　ﾊﾅｺ", "name_kana": "ﾖｼﾀﾞ ﾊﾅｺ", "phone_home": "0575(22)6101", "name_key": "", "kana_key": ""}
    patron = factories.patron(**old)
    factories.patron()
    assert (registration.fold_again(), registration.fold_again()) == (1, 0)
    kept = Patron.get_by_id(patron.id)
    assert (kept.name, kept.name_kana, kept.phone_home) == ("𠮷田 ハナコ", "ヨシダ ハナコ", "0575-22-6101")
    assert finding.find("吉田").patrons == finding.find("よした").patrons == [patron]


def test_the_form_of_a_kanji_in_a_name_stays_as_it_came(typed):
    for name in ("\ufa19田 \ufa24", "髙橋 﨑", "𠮷田 德"):  # 神 and 辶 as compatibility ideographs
        assert read(typed, name=name)["name"] == name


def test_many_are_cut_and_it_says_so(db):
    for _ in range(finding.MOST_FOUND + 1):
        factories.patron()
    found = finding.find("トショ")
    assert (len(found.patrons), found.more) == (finding.MOST_FOUND, True)


def test_a_card_that_runs_out_earlier_lets_the_next_have_what_was_to_be_fetched(patron, typed):
    copy = factories.item()
    place = {"pickup_branch": copy.branch, "now": NOW}
    first, second = holds.place(patron, copy.title, **place), holds.place(factories.patron(), copy.title, **place)
    registration.change(patron, read(typed, expires_on="2026-11-01"), **BY)
    assert [Hold.get_by_id(hold.id).state for hold in (first, second)] == ["waiting", "preparing"]


def test_a_note_of_the_desk_is_kept_and_what_it_says_is_not_in_the_record(patron):
    registration.note(patron, " 車いす\r\n代理の方が来る ", **BY)
    registration.note(patron, "車いす\n代理の方が来る", **BY)
    assert Patron.get_by_id(patron.id).desk_note == "車いす\n代理の方が来る"
    assert [(row.action, row.details) for row in Audit.select()] == [("patron.noted", {})]
    assert refused(registration.note, patron, "あ" * 256, **BY) is errors.FieldTooLong
