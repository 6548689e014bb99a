from datetime import date, timedelta

import pytest

from library import audit_words, clock, errors, policy
from library.account import retention
from library.importing import batches, numbers, patrons, words
from library.numbers import cards as card_numbers
from library.patrons import finding, patrons as cards
from models import Audit, CardNumber, Patron, PatronAddress
from tests import factories
from tests.conftest import NOW

NOW_HEADINGS = "利用者番号,氏名,氏名カナ,生年月日"
FILE = """利用者番号,氏名,氏名カナ,生年月日,区分,電話自宅,電話携帯,E-mail1,E-mail1種別,E-mail2,E-mail2種別,登録館,登録日,有効期限,予約受取館,予約連絡方法,電話連絡先,返却期限通知,通知する日,貸出履歴,メールの書名
0000002377570,山田 花子,ヤマダ ハナコ,昭和53年8月8日,一般,096-000-0001,090-0000-0001,ａｂｃ＠ｅｘａｍｐｌｅ．ｊｐ,自PC,hana@docomo.ne.jp,携帯,本館,2020-04-01,R9.3.31,東部,メール,携帯電話,pc mobile,2,残す,載せない
0000-0023-77588,鈴木 一郎,スズキ イチロウ,2001/02/03,,,,,,,,,,,,,,,,,
"""


@pytest.fixture(autouse=True)
def branches(db):
    return factories.branch("本館"), factories.branch("東部")


def card(number="0000002377570"):
    return Patron.get(Patron.card_number == number)


def test_a_new_card_comes_in_with_all_its_choices(read, branches):
    done = read(patrons, FILE, with_consent=True)
    assert done.counts == (2, 0, 0, 0)
    patron = card()
    assert (patron.name, patron.birth_date, patron.phone_mobile) == ("山田 花子", date(1978, 8, 8), "090-0000-0001")
    assert (patron.branch, patron.pickup_branch) == branches
    assert (patron.registered_on, patron.expires_on) == (date(2020, 4, 1), date(2027, 3, 31))
    assert (patron.contact_method, patron.contact_phone, patron.keep_history) == ("mail", "mobile", True)
    assert not patron.titles_in_mail
    assert [(row.address, row.kind) for row in cards.addresses(patron)] == [
        ("abc@example.jp", "pc"),
        ("hana@docomo.ne.jp", "mobile"),
    ]
    due = cards.preferences(patron)["due"]
    assert (due.to_pc, due.to_mobile, due.active, due.days_before) == (True, True, True, 2)


def test_the_record_has_a_word_for_each_column_that_a_file_changes(read):
    read(patrons, FILE)
    read(patrons, "利用者番号,氏名,登録日,利用状態,停止理由\n0000002377570,山田 花子,2021-04-01,停止,弁償\n")
    row = Audit.get(Audit.action == "patron.changed")
    assert audit_words.details(row.details) == "項目：登録日、停止理由、状態、利用停止の日"


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        ("田中 太郎,1990-01-01", (0, 0, 0, 1)),
        ("田中 花子,1978-08-08", (0, 1, 0, 0)),
        ("山田　花子,1990-01-01", (0, 1, 0, 0)),
        ("田中 太郎,", (0, 1, 0, 0)),
    ],
)
def test_a_card_that_is_somebody_elses_now_is_refused(read, cells, counts):
    read(patrons, FILE)
    file = f"利用者番号,氏名,生年月日\n0000002377570,{cells}\n"
    for dry_run in (True, False):
        done = read(patrons, file, dry_run=dry_run)
        assert done.counts == counts
        assert [each.reason for each in done.told] == ["この利用者番号は、いま別の方です。"] * counts[3]
    assert (card().name == "山田 花子" and card().birth_date == date(1978, 8, 8)) == bool(counts[3])


def test_a_card_without_a_birth_date_may_get_another_name_and_one(read):
    read(patrons, "利用者番号,氏名\n0000002377570,山田花子\n")
    assert read(patrons, "利用者番号,氏名,生年月日\n0000002377570,田中太郎,1990-01-01\n").counts == (0, 1, 0, 0)


def test_an_empty_choice_is_the_default(read):
    read(patrons, FILE)
    patron = card("0000002377588")
    assert (patron.contact_method, patron.contact_phone, patron.keep_history) == ("none", "mobile", False)
    assert patron.titles_in_mail
    assert (patron.category, patron.branch, patron.pickup_branch) == ("一般", None, None)
    assert cards.addresses(patron) == [] and not cards.preferences(patron)["due"].active


def test_a_new_card_gets_the_initial_password(read, moved_clock):
    read(patrons, FILE)
    assert card().initial_issued_at == moved_clock.now
    assert card().password_hash == ""


def test_where_codes_are_used_the_desk_issues_them(read):
    policy.put("first_password_mode", "code")
    done = read(patrons, FILE)
    assert card().initial_issued_at is None
    assert done.more["はじめのパスワードを窓口で発行する利用者"] == 2


def test_history_is_kept_only_with_consent(read):
    done = read(patrons, FILE)
    assert not card().keep_history
    assert [count for words, count in done.more.items() if "--with-consent" in words] == [1]


@pytest.mark.parametrize(
    "typed", ["０００００02377570", " 0000002377570 ", "0000-002-377570", "0000 0023 77570", '="0000002377570"']
)
def test_card_numbers_are_folded(read, typed):
    read(patrons, f"{NOW_HEADINGS}\n{typed},山田,,1978-08-08\n")
    assert card().name == "山田"


def test_half_width_kana_come_in_as_the_desk_writes_them_and_are_found(read):
    file = f"{NOW_HEADINGS},電話自宅\n0000002377570,髙橋　ﾊﾅｺ,ﾀｶﾊｼ ﾊﾅｺ,1978-08-08,0575(22)6101\n"
    read(patrons, file)
    assert (card().name, card().name_kana, card().phone_home) == ("髙橋 ハナコ", "タカハシ ハナコ", "0575-22-6101")
    for typed in ("高橋", "たかはし", "0575(22)6101"):
        assert finding.find(typed).patrons == [card()], typed
    assert read(patrons, file).counts == (0, 0, 1, 0)


@pytest.mark.parametrize("written", ["?田 花子", "〓田 花子", "\ue000田 花子"])
def test_letters_that_nobody_can_be_sure_of_come_in_and_never_replace_others(read, written):
    read(patrons, "利用者番号,氏名,住所\n0000002377570,𠮷田 花子,北町1\n")
    done = read(patrons, f"利用者番号,氏名,住所\n0000002377570,{written},南町2\n0000002377588,{written},\n")
    assert done.counts == (1, 1, 0, 0) and done.warned == [(2, "氏名"), (3, "氏名")]
    assert (card().name, card().address, card("0000002377588").name) == ("𠮷田 花子", "南町2", written)
    assert read(patrons, f"利用者番号,氏名\n0000002377588,{written}\n").counts == (0, 0, 1, 0)


def test_a_name_that_a_file_changes_is_found(read):
    factories.patron(card_number="0000002377570")
    read(patrons, f"{NOW_HEADINGS}\n0000002377570,齋藤 花子,ｻｲﾄｳ ﾊﾅｺ,\n")
    assert finding.find("斎藤").patrons == finding.find("さいとう").patrons == [card()]


def test_phones_that_lost_their_first_zero_are_refused_until_it_is_put_back(read):
    headings = f"{NOW_HEADINGS},電話自宅,電話携帯"
    rows = "0000002377570,山田,,1978-08-08,575226101,90-1234-5678\n0000002377588,森,,1978-08-08,0575-22-6101,+81901234567\n"
    for dry_run in (True, False):
        done = read(patrons, f"{headings}\n{rows}", dry_run=dry_run)
        assert (done.counts, done.refused) == ((1, 0, 0, 1), [(2, "電話自宅"), (2, "電話携帯")])
        assert "90-1234-5678 → 090-1234-5678" in done.told[1].reason
    for counts, dry_run in (((1, 0, 1, 0), True), ((1, 0, 1, 0), False), ((0, 0, 2, 0), False)):
        done = read(patrons, f"{headings}\n{rows}", pad_zeros=True, dry_run=dry_run)
        assert (done.counts, done.mended) == (counts, [(2, "電話自宅"), (2, "電話携帯")])
        assert done.more == {f"補った：{numbers.PHONE_PADDED}": 2}
    assert (card().phone_home, card().phone_mobile) == ("0575226101", "090-1234-5678")


# -- numbers of other systems ------------------------------------------------------------------------------------------
def cards_in_library():
    return sorted(row.card_number for row in Patron.select())


def test_any_number_of_1_to_20_characters_comes_in_and_what_no_form_knows_is_named(read):
    done = read(
        patrons, f"{NOW_HEADINGS}\nab-1.$:/+,山田,,1978-08-08\n2377570,鈴木,,1978-08-08\n{'9' * 21},森,,\nあ,林,,\n"
    )
    assert (done.counts, done.refused) == ((2, 0, 0, 2), [(4, "利用者番号"), (5, "利用者番号")])
    assert done.warned == [(2, "利用者番号"), (3, "利用者番号")] and done.told[0].reason == numbers.NO_FORM
    assert cards_in_library() == ["2377570", "AB-1.$:/+"]
    assert read(patrons, f"{NOW_HEADINGS}\n2377570,鈴木,,1978-08-08\n").warned == [], (
        "what is stored is judged by nobody"
    )


def test_cards_that_lost_their_zeros_are_refused_until_they_are_put_back(read):
    policy.put("card_forms", [{"id": 1, "length": 8, "pads": True, "is_for_new": True}])
    file = f"{NOW_HEADINGS}\n1,山田,,1978-08-08\n00000034,鈴木,,1978-08-08\n"
    done = read(patrons, file)
    assert (done.counts, done.refused) == ((1, 0, 0, 1), [(2, "利用者番号")]) and "1 → 00000001" in done.told[0].reason
    done = read(patrons, file, pad_zeros=True)
    assert (done.counts, done.mended, done.told[0].value) == ((1, 0, 1, 0), [(2, "利用者番号")], "1")
    assert cards_in_library() == ["00000001", "00000034"]
    assert read(patrons, file).counts == (0, 0, 2, 0)


def test_without_a_birth_date_the_desk_issues_the_first_password(read):
    done = read(patrons, f"{NOW_HEADINGS}\n0000002377570,山田,,\n0000002377588,森,,昭和99年1月1日\n")
    assert (done.counts, done.more[patrons.NO_BIRTHDAY]) == ((2, 0, 0, 0), 2)
    assert done.emptied == [(3, "生年月日")]
    assert {(row.birth_date, row.initial_issued_at, row.initial_code_hash) for row in Patron.select()} == {
        (None, None, "")
    }


def test_days_are_read_as_systems_write_them(read):
    headings = "利用者コード,利用者氏名,生年月日,登録年月日,有効期限日"
    done = read(patrons, f"{headings}\n0000002377570,山田,22422,2021/04/13 0:00:00,平成38年3月31日\n")
    assert (card().birth_date, card().registered_on) == (date(1961, 5, 21), date(2021, 4, 13))
    assert card().expires_on == date(2026, 3, 31)
    assert (done.mended, done.warned) == ([(2, "生年月日")], [(2, "有効期限")])


# -- more columns ----------------------------------------------------------------------------------------------------
MORE = f"{NOW_HEADINGS},郵便番号,住所１,住所２,保護者,保護者電話,居住の別,備考,ﾒﾓ,利用状態,停止理由"


def test_an_old_card_opens_the_same_account(read):
    headings = f"{NOW_HEADINGS},旧利用者番号"
    known = factories.patron(card_number="0000002377596")
    other = factories.patron(card_number="0000002377604")
    rows = "0000002377570,山田,,1978-08-08,A1\n0000002377588,森,,,A1\n0000002377596,,,,B2\n0000002377612,林,,,0000002377604\n"
    done = read(patrons, f"{headings}\n{rows}")
    assert (done.counts, done.emptied) == ((3, 1, 0, 0), [(3, "旧利用者番号"), (5, "旧利用者番号")])
    assert finding.find("A1").patrons == [card()]
    assert (card_numbers.by_number("a1"), card_numbers.by_number("B2"), card_numbers.by_number("0000002377604")) == (
        card(),
        known,
        other,
    )
    assert read(patrons, f"{headings}\n{rows}").counts == (0, 0, 4, 0)
    assert read(patrons, f"{NOW_HEADINGS}\nA1,山田 花子,,\n").counts == (0, 1, 0, 0), "found by the old card"


def test_a_card_that_was_lost_is_nobodys(read):
    CardNumber.create(number="0000002377570", kind="lost")
    assert read(patrons, f"{NOW_HEADINGS}\n0000002377570,山田,,\n").refused == [(2, "利用者番号")]


def test_where_people_live_and_who_answers_for_them(read):
    read(
        patrons,
        f"{MORE}\n0000002377570,山田,,2015-08-08,〒5010001,本町1-1,ハイツ101,山田 父,0575(22)6101,在学,声が大きい,眼鏡,,\n",
    )
    patron = card()
    assert (patron.postal_code, patron.address, patron.residence) == ("501-0001", "本町1-1 ハイツ101", "studying")
    assert (patron.guardian_name, patron.guardian_phone) == ("山田 父", "0575-22-6101")
    assert (patron.desk_note, patron.state) == ("声が大きい\n眼鏡", "active")
    assert finding.find("22-6101").patrons == [patron]


def test_a_note_is_taken_for_new_cards_alone(read):
    factories.patron(card_number="0000002377570", desk_note="うち", birth_date=date(2015, 8, 8))
    read(patrons, f"{MORE}\n0000002377570,,,,5010001,,,,,,よそ,,,\n")
    assert (card().desk_note, card().postal_code) == ("うち", "501-0001")


def test_a_value_that_no_patron_can_have_is_left_out(read):
    policy.put("categories", ["一般", "団体"])
    policy.put("group_categories", ["団体"])
    rows = "0000002377570,山田,,1978-08-08,12,,,母,090-0000-0000,遠く,,,,,一般\n0000002377588,読書会,,1978-08-08,,,,森 会長,,,,,,,団体\n"
    done = read(patrons, f"{MORE},区分\n{rows}")
    assert (done.counts, card().guardian_name, card().guardian_phone) == ((2, 0, 0, 0), "", "")
    assert done.emptied == [(2, "郵便番号"), (2, "居住の別"), (2, "保護者"), (3, "生年月日")]
    assert (card("0000002377588").birth_date, card("0000002377588").guardian_name) == (None, "森 会長")


def test_cards_that_were_stopped_are_stopped_and_those_given_up_are_left_out(read):
    factories.patron(card_number="0000002377588")
    rows = [
        "0000002377570,山田,,1978-08-08,,,,,,,,,停止,本をなくした",
        "0000002377588,,,,,,,,,,,,利用停止,",
        "0000002377596,佐藤,,1978-08-08,,,,,,,,,廃止,",
        "0000002377604,田中,,1978-08-08,,,,,,,,,有効,むかしの理由",
    ]
    done = read(patrons, "\n".join([MORE, *rows]))
    assert (done.counts, done.more[patrons.CLOSED]) == ((2, 1, 0, 0), 1)
    assert (card().state, card().suspended_reason, card("0000002377588").state) == (
        "suspended",
        "本をなくした",
        "suspended",
    )
    assert (card("0000002377604").state, card("0000002377604").suspended_reason) == ("active", "")
    assert card().suspended_on == card("0000002377588").suspended_on == clock.today(), "as no file says since when"
    assert card("0000002377604").suspended_on is None
    assert done.more[f"補った：{patrons.STOPPED_TODAY}"] == 2
    assert read(patrons, "\n".join([MORE, *rows])).counts == (0, 0, 3, 0)


def test_a_card_that_stopped_before_keeps_its_day(read):
    before = clock.today() - timedelta(days=9)
    factories.patron(card_number="0000002377588", state="suspended", suspended_on=before)
    factories.patron(card_number="0000002377596", state="suspended")
    rows = ["0000002377588,,,,,,,,,,,,停止,弁償の相談", "0000002377596,,,,,,,,,,,,停止,"]
    done = read(patrons, "\n".join([MORE, *rows]))
    assert (card("0000002377588").suspended_on, card("0000002377588").suspended_reason) == (before, "弁償の相談")
    assert done.more[f"補った：{patrons.STOPPED_TODAY}"] == 1
    assert card("0000002377596").suspended_on == clock.today()


def test_letters_that_nobody_can_be_sure_of_are_taken_and_named(read):
    done = read(patrons, f"{NOW_HEADINGS}\n0000002377570,?田　花子,ﾖｼﾀﾞ,1978-08-08\n")
    assert (done.counts, done.warned, card().name) == ((1, 0, 0, 0), [(2, "氏名")], "?田 花子")


OLD_CARDS = f"""{NOW_HEADINGS},有効期限
0000002377570,山田,,1978-08-08,2019-03-31
0000002377588,鈴木,,1978-08-08,2023-11-25
0000002377596,佐藤,,1978-08-08,2025-03-31
0000002377604,田中,,1978-08-08,2029-03-31
"""


def test_two_people_with_one_number_in_a_file_are_both_refused_and_named(read):
    lines = [
        "0000002377570,山田 花子,ヤマダ ハナコ,1978-08-08",
        "0000002377588,鈴木,,1978-08-08",
        "0000002377588,鈴木,,1978-08-08",
        "0000-0023-77570,別人 某,,1990-01-01",
        "0000002377570,山田 花子,ヤマダ ハナコ,1978-08-08",
    ]
    file = "\n".join([NOW_HEADINGS, *lines])
    factories.patron(card_number="0000002377570", name="前から いる人")
    for counts in ((1, 0, 1, 3), (0, 0, 2, 3)):
        assert read(patrons, file, dry_run=True).counts == counts
        done = read(patrons, file)
        assert done.counts == counts
        assert done.refused == [(2, "利用者番号"), (5, "利用者番号"), (6, "利用者番号")]
        assert {refusal.reason for refusal in done.told} == {
            "利用者番号 0000002377570 が 2行目と 5行目と 6行目にあり、内容が違います。"
        }
        assert card().name == "前から いる人"


def test_cards_that_expired_long_ago_come_in_and_stay_for_the_whole_period(read):
    told = "有効期限が切れてから1,095日を過ぎている利用者（取り込みます。有効期限を更新しなければ、2029年11月25日(日)に消えます）"
    for dry_run in (True, False):
        done = read(patrons, OLD_CARDS, dry_run=dry_run)
        assert (done.counts, done.more) == ((4, 0, 0, 0), {told: 2})
    assert retention.clean_up(now=NOW)["cards"] == 0
    assert retention.clean_up(now=NOW + timedelta(days=1095))["cards"] == 0
    assert retention.clean_up(now=NOW + timedelta(days=1096))["cards"] == 3
    assert [patron.name for patron in Patron.select()] == ["田中"]


def test_a_dry_run_counts_a_card_that_stands_twice_once(read, monkeypatch):
    policy.put("first_password_mode", "code")
    monkeypatch.setattr(batches, "ROWS", 2)
    done = read(patrons, OLD_CARDS + OLD_CARDS.partition("\n")[2], dry_run=True)
    wet = read(patrons, OLD_CARDS + OLD_CARDS.partition("\n")[2])
    assert done.counts == wet.counts == (4, 0, 4, 0)
    assert done.more == wet.more and sorted(wet.more.values()) == [2, 4]


def test_an_expiry_that_a_file_moves_far_back_erases_nobody_at_once(read):
    factories.patron(card_number="0000002377570", expires_on=None)
    factories.patron(card_number="0000002377588", expires_on=date(2023, 11, 25), retention_from=date(2023, 11, 25))
    done = read(patrons, OLD_CARDS.partition("0000002377596")[0])
    assert done.counts == (0, 2, 0, 0) and list(done.more.values()) == [1]
    assert retention.clean_up(now=NOW)["cards"] == 1, "the file says of the second what was known before"
    assert Patron.get().card_number == "0000002377570"


def test_categories_that_the_rules_lack_stop_the_file_until_they_are_mapped_or_added(read):
    file = f"{NOW_HEADINGS},区分\n" + "".join(
        f"{number:013},山田,,1978-08-08,{category}\n"
        for number, category in enumerate(("友の会", "一般", "友の会", "町外", ""))
    )
    for dry_run in (True, False):
        with pytest.raises(errors.ValuesUnknown, match="区分「友の会」2行「町外」1行"):
            read(patrons, file, dry_run=dry_run)
    assert Patron.select().count() == 0
    mapped = {"category": {"町外": "一般"}}
    chosen = words.Adding(words={"category": ["友の会"]}, groups=["友の会"])
    assert read(patrons, file, values=mapped, adding=chosen, dry_run=True).counts == (5, 0, 0, 0)
    assert policy.get("categories") == ["一般", "児童", "団体"]
    assert read(patrons, file, values=mapped, adding=chosen).counts == (5, 0, 0, 0)
    assert (policy.get("categories"), policy.get("group_categories")) == (
        ["一般", "児童", "団体", "友の会"],
        ["団体", "友の会"],
    )
    assert [card(f"{number:013}").category for number in range(5)] == ["友の会", "一般", "友の会", "一般", "一般"]


def test_a_column_that_is_no_list_of_categories_is_not_told_row_by_row(read):
    rows = "".join(f"{number:013},山田,,1978-08-08,本町{number}番地\n" for number in range(30))
    with pytest.raises(errors.ValuesUnknown, match="ほか10種") as stopped:
        read(patrons, f"{NOW_HEADINGS},区分\n{rows}")
    assert "29番地" not in stopped.value.sentence


def test_the_same_file_again_changes_nothing(read):
    read(patrons, FILE, with_consent=True)
    before = card().__data__
    assert read(patrons, FILE, with_consent=True).counts == (0, 0, 2, 0)
    assert card().__data__ == before
    assert PatronAddress.select().count() == 2


def test_of_a_known_card_only_what_the_library_owns_is_updated(read):
    patron = factories.patron(card_number="0000002377570", phone_home="096-111-1111", keep_history=False)
    factories.address(patron, "own@example.jp")
    done = read(patrons, FILE, with_consent=True)
    assert done.counts == (1, 1, 0, 0)
    patron = card()
    assert (patron.name, patron.phone_home) == ("山田 花子", "096-000-0001")
    assert patron.password_hash and patron.initial_issued_at is None
    assert (patron.contact_method, patron.pickup_branch, patron.keep_history) == ("none", None, False)
    assert [row.address for row in cards.addresses(patron)] == ["own@example.jp"]
    assert not cards.preferences(patron)["due"].active


def test_an_empty_cell_of_a_known_card_leaves_what_is_stored(read):
    factories.patron(card_number="0000002377570", name="山田 花子", phone_home="096-111-1111")
    assert read(patrons, "card_number,name,birth_date,phone_home\n0000002377570,,,\n").counts == (0, 0, 1, 0)
    assert card().phone_home == "096-111-1111"


def test_a_change_is_in_the_log_of_operations_without_values(read):
    factories.patron(card_number="0000002377570")
    read(patrons, f"{NOW_HEADINGS}\n0000002377570,山田,ヤマダ,1978-08-08\n")
    row = Audit.get(Audit.action == "patron.changed")
    assert (row.patron, row.actor, row.details["fields"]) == (card(), "command", ["name", "name_kana"])
    assert "山田" not in str(row.details)


def rows_of(row):
    good = dict(zip(FILE.splitlines()[0].split(","), FILE.splitlines()[1].split(","), strict=True))
    other = good | {"利用者番号": "0000002377588"}
    return "\n".join(",".join(line) for line in (good, (good | row).values(), other.values()))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("利用者番号", ""),
        ("利用者番号", "0" * 21),
        ("利用者番号", "あ"),
        ("氏名", ""),
        ("氏名", "あ" * 256),
        ("氏名", "山\x00田"),
    ],
)
def test_a_row_without_a_number_or_a_name_is_refused_and_the_others_go_in(read, column, value):
    done = read(patrons, rows_of({column: value}))
    assert (done.counts, done.refused) == ((1, 0, 0, 1), [(2, column)])
    assert [patron.card_number for patron in Patron.select()] == ["0000002377588"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("生年月日", "2026-02-30"),
        ("生年月日", "昭和53年"),
        ("生年月日", "2026-11-26"),
        ("生年月日", "1890-01-01"),
        ("電話自宅", "なし"),
        ("電話携帯", "12"),
        ("E-mail1", "abc"),
        ("E-mail1", "a..b@gmail.com"),
        ("E-mail1種別", "会社"),
        ("E-mail2", "ABC@example.jp"),
        ("登録日", "去年"),
        ("有効期限", "2026-13-01"),
        ("予約連絡方法", "手紙"),
        ("電話連絡先", "実家"),
        ("返却期限通知", "pc fax"),
        ("通知する日", "8"),
        ("貸出履歴", "たぶん"),
        ("メールの書名", "少し"),
        ("氏名カナ", "ヤマ\x00ダ"),
    ],
)
def test_any_other_wrong_cell_is_left_out_and_named_with_what_stood_there(read, column, value):
    done = read(patrons, rows_of({column: value}))
    assert (done.counts, done.emptied) == ((2, 0, 0, 0), [(2, column)])
    assert (done.told[0].number, done.told[0].value) == ("0000002377570", value)
    assert len(value) < 4 or value not in done.told[0].reason, "what commands print and logs keep"


@pytest.mark.parametrize(("column", "value"), [("登録館", "西部"), ("予約受取館", "99")])
def test_a_branch_that_the_library_lacks_stops_the_file(read, column, value):
    with pytest.raises(errors.ValuesUnknown, match=f"{column}「{value}」1行"):
        read(patrons, rows_of({column: value}))


def test_all_wrong_cells_of_a_row_are_named_at_once(read):
    done = read(patrons, f"{NOW_HEADINGS},電話自宅\n,,,x,575226101\n")
    assert done.refused == [(2, "利用者番号"), (2, "電話自宅"), (2, "氏名")]
    assert done.counts == (0, 0, 0, 1)


def test_an_address_that_is_alone_keeps_its_place(read):
    read(patrons, f"{NOW_HEADINGS},E-mail2\n0000002377570,山田,,1978-08-08,a..b@docomo.ne.jp\n")
    assert [(row.position, row.address) for row in cards.addresses(card())] == [(2, "a..b@docomo.ne.jp")]


def test_a_number_that_opens_nothing_of_its_own_is_no_new_card(read):
    other = factories.patron(card_number="0000002377570")
    CardNumber.create(number="0000002377588", patron=other, kind="lost")
    CardNumber.create(number="AB12CD34", patron=other, kind="mykey")
    rows = "0000002377588,山田,,1978-08-08\nAB12CD34,森,,1978-08-08\n"
    done = read(patrons, f"{NOW_HEADINGS}\n{rows}")
    assert done.refused == [(2, "利用者番号"), (3, "利用者番号")] and Patron.select().count() == 1
    assert "紛失の届け" in done.told[0].reason and "すでに登録されています" in done.told[1].reason
