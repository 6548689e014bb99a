from datetime import date

import pytest

from library import errors, policy
from library.access import passwords
from tests import AT_FULL_PRICE, factories


@pytest.fixture
def someone(db):
    return factories.patron(
        name="山田 太郎", name_kana="ヤマダ タロウ", birth_date=date(1978, 8, 8), phone_mobile="090-1234-5678",
        card_number="0000002377570",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("short", errors.PasswordTooShort),
        ("九文字のことば、", errors.PasswordTooShort),
        ("0000002377570", errors.PasswordIsCardNumber),
        ("０００００02377570", errors.PasswordIsCardNumber),
        ("0000-0023-77570", errors.PasswordIsCardNumber),
        ("0808080808", errors.PasswordIsBirthDate),
        ("1978/08/08", errors.PasswordIsBirthDate),
        ("1978年8月8日", errors.PasswordIsBirthDate),
        ("昭和53年8月8日", errors.PasswordIsBirthDate),
        ("S53.08.08-0808", errors.PasswordIsBirthDate),
        ("19780808 0808", errors.PasswordIsBirthDate),
        ("090-1234-5678", errors.PasswordIsPhone),
        ("09012345678", errors.PasswordIsPhone),
        ("yamadatarou", errors.PasswordIsName),
        ("YAMADA TARO", errors.PasswordIsName),
        ("やまだたろう", errors.PasswordIsName),
        ("yamada0808", errors.PasswordIsName),
        ("tarou-1978-tarou", errors.PasswordIsName),
        ("19780808abc", errors.PasswordIsBirthDate),
        ("abc-1978-08-08", errors.PasswordIsBirthDate),
        ("ab19780808cde", errors.PasswordIsBirthDate),
        ("0000002377570aoi", errors.PasswordIsCardNumber),
        ("aoi09012345678", errors.PasswordIsPhone),
        ("taro-yamada-aoi", errors.PasswordIsName),
        ("yamada19780808sora", errors.PasswordIsPersonal),
        ("password123", errors.PasswordIsCommon),
        ("P a s s w o r d 1 2 3", errors.PasswordIsCommon),
        ("arigatou123", errors.PasswordIsCommon),
        ("1234567890", errors.PasswordIsCommon),
        ("qwertyuiop", errors.PasswordIsCommon),
        ("aaaaaaaaaaaa", errors.PasswordIsCommon),
        ("toshokan2026", errors.PasswordIsCommon),
        ("a" * 129, errors.FieldTooLong),
        ("ﷺ" * 20, errors.FieldTooLong),  # folds to eighteen letters each
        ("aoi sora\x00no shita", errors.PasswordHasControl),
        ("aoi sora\u202eno shita", errors.PasswordHasControl),
    ],
)
def test_a_password_that_can_be_guessed_is_refused(someone, typed, refusal):
    assert [type(found) for found in passwords.weaknesses(typed, someone)] == [refusal]


@pytest.mark.parametrize(
    "typed",
    [
        "aoi-sora-no-shita",
        "猫が三匹、犬が二匹いる",
        "correct horse battery staple",
        " 空白 も 使えます ね ",
        "🐈🐈🐈🐈🐈🐈🐈🐈🐈🐈",
        "a1" * 64,
        "19780808aoisor",
        "aoi19780808sora",
        "aoi-sora-yamada-0808",
    ],
)
def test_length_is_all_that_a_password_needs_beside_what_others_know(someone, typed):
    assert passwords.weaknesses(typed, someone) == []


def test_the_library_may_ask_for_fewer_characters(someone):
    policy.put("password_minimum", 8)
    assert passwords.weaknesses("kumo1234", someone) == []


def test_full_and_half_width_are_the_same_password():
    hashed = passwords.hash_password("ｐａｓｓphrase　ガ")
    assert passwords.verify(hashed, "passphrase ｶﾞ")


def test_letters_that_nobody_sees_are_no_part_of_a_password(someone):
    pasted = "\ufeffaoi-sora\u200b-no\u2060-shita\u200c\u200d"
    assert passwords.weaknesses(pasted, someone) == []
    assert passwords.verify(passwords.hash_password(pasted), "aoi-sora-no-shita")


def test_no_hash_means_no_entry(db):
    assert passwords.verify("", "") is False
    assert passwords.verify("", "nobody has this password") is False


@pytest.mark.parametrize(
    ("birth", "unit"), [(date(1970, 8, 8), "08"), (date(1999, 11, 1), "11"), (date(1911, 11, 11), "1")]
)
def test_no_password_takes_long_to_judge(db, birth, unit):
    """The judgement is linear: a long row of birth dates with a word behind must not keep the server busy."""
    patron = factories.patron(birth_date=birth)
    for ending in ("soramo", "!soramo", ""):
        typed = (unit * 128)[: 128 - len(ending)] + ending
        refused = passwords.weaknesses(typed, patron)
        assert bool(refused) is not ending.endswith("soramo"), typed


def test_both_fields_must_agree(someone):
    new = "aoi-sora-no-shita"
    found = passwords.refusals(new, "aoi-sora-no-shite", passwords.weaknesses(new, someone))
    assert found == {"new_password_again": [errors.NewPasswordsDiffer()]}


def test_birth_dates_are_known_in_all_the_ways_people_type_them():
    forms = passwords.birth_forms(date(1989, 1, 8))
    for typed in ("0108", "18", "19890108", "890108", "h10108", "h010108", "平成1年1月8日"):
        assert typed in forms


def test_a_hash_costs_what_owasp_asks_for():
    assert AT_FULL_PRICE.hash("a").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
