from datetime import date, timedelta

import pytest

from library import policy
from library.account import retention
from library.importing import batches, patrons
from library.people import finding, patrons as cards
from models import Audit, Patron, PatronAddress
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


def test_a_name_that_a_file_changes_is_found(read):
    factories.patron(card_number="0000002377570")
    read(patrons, f"{NOW_HEADINGS}\n0000002377570,齋藤 花子,ｻｲﾄｳ ﾊﾅｺ,\n")
    assert finding.find("斎藤").patrons == finding.find("さいとう").patrons == [card()]


def test_phones_that_lost_their_first_zero_are_named_and_taken(read):
    headings = f"{NOW_HEADINGS},電話自宅,電話携帯"
    rows = "0000002377570,山田,,1978-08-08,575226101,90-1234-5678\n0000002377588,森,,1978-08-08,0575-22-6101,+81901234567\n"
    for dry_run in (True, False):
        done = read(patrons, f"{headings}\n{rows}", dry_run=dry_run)
        assert (done.counts, done.warned) == ((2, 0, 0, 0), [(2, "電話自宅"), (2, "電話携帯")])
        assert done.more == {f"注意：{patrons.ZERO_MISSING}": 2}
    assert card().phone_home == "575226101"


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
            "0000002377570 が 2行目と 5行目と 6行目にあり、内容が違います。"
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


def test_categories_that_the_rules_lack_are_named_and_kept(read):
    file = f"{NOW_HEADINGS},区分\n" + "".join(
        f"{number:013},山田,,1978-08-08,{category}\n"
        for number, category in enumerate(("団体", "一般", "団体", "町外", ""))
    )
    for dry_run in (True, False):
        done = read(patrons, file, dry_run=dry_run)
        assert done.counts == (5, 0, 0, 0)
        assert done.more == {
            "注意：運用ルールにない区分「団体」の利用者": 2,
            "注意：運用ルールにない区分「町外」の利用者": 1,
        }
    assert card("0000000000000").category == "団体"


def test_what_is_no_list_of_categories_is_not_told_row_by_row(read):
    rows = "".join(f"{number:013},山田,,1978-08-08,本町{number}番地\n" for number in range(30))
    done = read(patrons, f"{NOW_HEADINGS},区分\n{rows}")
    assert len(done.more) == 21 and done.more["注意：運用ルールにないそのほかの区分の利用者"] == 10
    done.report.record("patrons", now=NOW)
    assert "番地" not in str(Audit.get(Audit.action == "import.patrons").details)


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


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("利用者番号", "0000000000002377570７x"),
        ("利用者番号", "237番"),
        ("利用者番号", ""),
        ("氏名", ""),
        ("氏名", "あ" * 256),
        ("氏名", "山\x00田"),
        ("生年月日", ""),
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
        ("登録館", "西部"),
        ("登録日", "去年"),
        ("有効期限", "2026-13-01"),
        ("予約受取館", "99"),
        ("予約連絡方法", "手紙"),
        ("電話連絡先", "実家"),
        ("返却期限通知", "pc fax"),
        ("通知する日", "8"),
        ("貸出履歴", "たぶん"),
        ("メールの書名", "少し"),
    ],
)
def test_a_wrong_cell_refuses_its_row_by_column_and_the_others_go_in(read, column, value):
    good = dict(zip(FILE.splitlines()[0].split(","), FILE.splitlines()[1].split(","), strict=True))
    row = good | {column: value}
    other = good | {"利用者番号": "0000002377588"}
    text = "\n".join(",".join(line) for line in (good, row.values(), other.values()))
    done = read(patrons, text)
    assert done.counts == (1, 0, 0, 1)
    assert done.refused == [(2, column)]
    assert [patron.card_number for patron in Patron.select()] == ["0000002377588"]
    assert value == "" or len(value) < 4 or value not in done.told[0].reason


def test_all_wrong_cells_of_a_row_are_named_at_once(read):
    done = read(patrons, f"{NOW_HEADINGS},登録館\n番号,,,x,y\n")
    assert done.refused == [(2, "利用者番号"), (2, "生年月日"), (2, "登録館"), (2, "氏名")]
    assert done.counts == (0, 0, 0, 1)


def test_an_address_that_is_alone_keeps_its_place(read):
    read(patrons, f"{NOW_HEADINGS},E-mail2\n0000002377570,山田,,1978-08-08,a..b@docomo.ne.jp\n")
    assert [(row.position, row.address) for row in cards.addresses(card())] == [(2, "a..b@docomo.ne.jp")]
