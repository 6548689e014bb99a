"""貸出ルール: what a librarian sets is judged, kept, shown, and written down."""

import pytest

from library import policy, policy_settings
from models import Audit
from tests import factories


@pytest.fixture
def at_desk(browse):
    browse.be(factories.staff("admin", login="yamada"))
    return browse


def save(browse, group, **changed):
    browse.get(f"/desk/policies/{group}")
    return browse.post(f"/desk/policies/{group}", browse.form(f"/desk/policies/{group}") | changed)


def differ(browse, category="", material_type="", **changed):
    browse.get("/desk/policies/lending", query_string={"category": category, "material_type": material_type})
    return browse.post("/desk/policies/lending", browse.form("/desk/policies/lending") | changed)


def rules(browse):
    """Return heading → words and care of each row of the index."""
    browse.get("/desk/policies")
    return {
        row.h2.get_text(): [line.get_text() for line in row.select("p")] for row in browse.page.select(".rules > li")
    }


# -- today's rules in words
# ---------------------------------------------------------------------------------------------
def test_the_index_says_ten_rules_in_words(at_desk):
    assert rules(at_desk) == {
        "貸出と延長": ["10点まで、14日。延長は1回。まとめて延長するのは、3日以上延びるとき。"],
        "予約と取り置き": ["予約は10点まで。書架にある本も予約できる。取り置きは開館日で7日。"],
        "リクエスト": ["リクエストを受け付ける。"],
        "相互貸借": ["仮バーコードは9000000001〜9000000999。"],
        "延滞と督促": ["延滞のある方は、貸出・予約・延長を止める。督促は7日、14日、28日。"],
        "カードとパスワード": [
            "カードは5年。はじめのパスワードは、生年月日の月日4桁で30日。", "1回限りのコードをおすすめします。",
        ],
        "家族": ["15歳になったら、書名を見せるかを本人が決める。"],
        "お知らせと質問": [
            "新着のお知らせは金曜日の7時。レファレンスの質問は90日で消す。", "図書館の電話番号が未登録です。",
        ],
        "祝日と休館日": ["祝日と重なる休館日は開館し、次の平日を休む。"],
        "区分とパソコン": [
            "利用者の区分は3種類、資料区分は6種類。アドレスは、館内端末が0件、窓口が0件。",
            "窓口のパソコンのアドレスが未登録です。",
        ],
    }  # fmt: skip
    assert at_desk.page.select("main input:not([type=hidden]), main button") == []


def test_the_words_follow_the_values(at_desk):
    for name, value in {
        "loan_limit": 15, "renewals": 0, "holds_on_shelf": False, "overdue_stops": False, "overdue_stages": [],
        "first_password_mode": "code", "holidays_shift": False, "desk_networks": ["192.0.2.7/32"], "phone": "096",
    }.items():  # fmt: skip
        policy.put(name, value)
    words = rules(at_desk)
    assert words["貸出と延長"] == ["15点まで、14日。延長できない。まとめて延長するのは、3日以上延びるとき。"]
    assert words["予約と取り置き"] == ["予約は10点まで。書架にある本は予約できない。取り置きは開館日で7日。"]
    assert words["延滞と督促"] == ["延滞のある方も、貸出・予約・延長を止めない。督促はしない。"]
    assert words["カードとパスワード"] == ["カードは5年。はじめのパスワードは、1回限りのコードで14日。"]
    assert words["祝日と休館日"] == ["祝日と重なる休館日も休む。"]
    assert len(words["お知らせと質問"]) == len(words["区分とパソコン"]) == 1


@pytest.mark.parametrize(
    ("name", "value", "heading", "care"),
    [
        ("hold_limit", 0, "予約と取り置き", "予約が0点です。だれも予約できません。"),
        ("holdable", False, "予約と取り置き", "どの資料も予約できません。"),
        ("loan_limit", 0, "貸出と延長", "貸出が0点です。だれも借りられません。"),
        ("lendable", False, "貸出と延長", "どの資料も貸し出しません。"),
    ],
)
def test_an_odd_value_is_named_under_its_rule(at_desk, name, value, heading, care):
    policy.put(name, value)
    assert rules(at_desk)[heading][1:] == [care]


def test_each_setting_stands_on_one_page(at_desk):
    at_desk.get("/desk/policies")
    found = []
    for link in at_desk.page.select(".rules a"):
        at_desk.get(link["href"])
        fields = at_desk.page.select(".rule-set :is(input, select, textarea):not([type=hidden])")
        found += {field["name"]: None for field in fields}
    assert sorted(found) == sorted(setting.name for setting in policy_settings.ON_PAGES)
    elsewhere = {setting.name for setting in policy_settings.ELSEWHERE}
    assert {*found} | elsewhere == {*policy.DEFAULTS} and not {*found} & elsewhere


def test_there_is_no_page_of_another_name(at_desk):
    assert at_desk.get("/desk/policies/weather").status_code == 404
    at_desk.get("/desk/policies/loans")
    assert at_desk.post("/desk/policies/weather", at_desk.form("/desk/policies/loans")).status_code == 404


# -- a page
# ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("group", [group.name for group in policy_settings.GROUPS])
def test_a_form_that_was_not_touched_changes_nothing(at_desk, group):
    before = policy.several(*policy.DEFAULTS)
    assert save(at_desk, group).status_code == 303
    assert policy.several(*policy.DEFAULTS) == before
    assert not Audit.select().where(Audit.action == "policy.changed").exists()
    at_desk.get("/desk/policies")
    assert "変わったところはありません。" in at_desk.text()


def test_a_changed_rule_holds_and_is_written_down(at_desk):
    answer = save(at_desk, "late", overdue_stages="１０、20", overdue_stops="n")
    assert answer.location == "/desk/policies"
    assert policy.several("overdue_stages", "overdue_stops") == {"overdue_stages": [10, 20], "overdue_stops": False}
    at_desk.get("/desk/policies")
    (said,) = at_desk.page.select("#answer .notice")
    assert " ".join(said.get_text().split()) == "保存しました。 延滞のあるとき：止めない、督促：10日、20日"
    at_desk.get("/desk/audit")
    assert "延滞のあるとき 貸出・予約・延長を止める→止めない" in at_desk.text()
    assert "督促 7日、14日、28日→10日、20日" in at_desk.text()


def test_the_record_names_each_setting_as_the_page_does(at_desk):
    save(at_desk, "notices", address="駅前2")
    save(at_desk, "late", postcard_titles="y")
    at_desk.get("/desk/audit")
    assert "所在地 –→駅前2" in at_desk.text()
    assert "督促のはがきの書名 点数だけを書く→書名も書く" in at_desk.text()


def test_a_word_in_braces_is_shown_as_it_was_typed(at_desk):
    save(at_desk, "notices", address="{name}の隣")
    at_desk.get("/desk/policies")
    assert "図書館の所在地：{name}の隣" in at_desk.text()


def test_nobody_is_asked_to_bring_back_where_there_is_no_stage(at_desk):
    save(at_desk, "late", overdue_stages="")
    assert policy.get("overdue_stages") == []


@pytest.mark.parametrize(
    ("group", "name", "text", "sentence"),
    [
        ("late", "overdue_stages", "14 7", "小さい順に"),
        ("late", "overdue_stages", "7 たくさん", "小さい順に"),
        ("late", "overdue_stages", "0 7", "小さい順に"),
        ("loans", "renew_gain_days", "0", "1から31まで"),
        ("loans", "loan_days", "", "入力してください"),
        ("cards", "card_years", "", "入力してください"),
        ("cards", "card_years", "21", "1から20まで"),
        ("cards", "password_minimum", "7", "8から15まで"),
        ("cards", "password_minimum", "-9", "8から15まで"),
        ("cards", "first_password_mode", "anything", "選択肢の中から"),
        ("words", "categories", " \n ", "1行に1つずつ"),
        ("words", "categories", "一般\n児童\n一般", "「一般」が2回"),
        ("words", "group_categories", "友の会", "「友の会」は「利用者の区分」にありません"),
        ("words", "residence_outside", " ", "入力してください"),
    ],
)
def test_a_senseless_rule_is_refused_and_typed_words_stay(at_desk, group, name, text, sentence):
    other = {"late": "postcard_titles", "loans": "undo_minutes", "cards": "first_code_days", "words": "terminals"}[
        group
    ]
    typed = {"postcard_titles": "y", "undo_minutes": "9", "first_code_days": "9", "terminals": "192.0.2.9"}[other]
    answer = save(at_desk, group, **{name: text, other: typed})
    assert answer.status_code == 422 and sentence in at_desk.text()
    assert policy.get(name) == policy.DEFAULTS[name] and policy.get(other) == policy.DEFAULTS[other]
    assert at_desk.form(f"/desk/policies/{group}")[other].strip() == typed


def test_a_form_of_all_settings_is_still_taken(at_desk):
    at_desk.get("/desk/policies/notices")
    sent = at_desk.form("/desk/policies/notices") | {"phone": "096", "card_years": "4"}
    assert at_desk.post("/desk/policies", sent).status_code == 303
    assert policy.several("phone", "card_years") == {"phone": "096", "card_years": 4}
    assert at_desk.post("/desk/policies", sent | {"card_years": "21"}).status_code == 422
    assert at_desk.page.h1.get_text() == "カードとパスワード"


def test_a_category_in_use_stays_and_a_new_one_is_added(at_desk):
    factories.patron(category="児童")
    assert save(at_desk, "words", categories="一般\n団体").status_code == 422
    assert "「児童」は利用者で使われている" in at_desk.text()
    assert save(at_desk, "words", categories="一般\n児童\n団体").status_code == 303
    assert policy.get("categories") == ["一般", "児童", "団体"]


def test_groups_and_the_words_of_the_library_are_set(at_desk):
    given = {"categories": "一般\n児童\n団体", "group_categories": "団体", "residence_outside": "町外"}
    assert save(at_desk, "words", **given).status_code == 303
    assert policy.several("group_categories", "residence_outside") == {
        "group_categories": ["団体"],
        "residence_outside": "町外",
    }
    assert save(at_desk, "words", group_categories="").status_code == 303
    assert policy.get("group_categories") == []


def test_the_default_is_changed(at_desk):
    assert save(at_desk, "loans", loan_days="２１").status_code == 303
    assert policy.lending("一般", "図書")["loan_days"] == 21


# -- what differs
# ---------------------------------------------------------------------------------------------
def test_a_row_says_what_differs_and_no_more(at_desk):
    assert differ(at_desk, "児童", "雑誌", loan_days="7").status_code == 303
    assert policy.lending("児童", "雑誌") == policy.lending("児童") | {"loan_days": 7}
    assert policy.lending("一般", "雑誌")["loan_days"] == 14
    at_desk.get("/desk/policies")
    assert "「児童・雑誌」の違いを保存しました。 7日" in at_desk.text()
    at_desk.get("/desk/audit")
    assert "児童・雑誌" in at_desk.text() and "貸出の日数 –→7日" in at_desk.text()


def test_each_page_shows_the_differences_of_its_settings(at_desk):
    policy.put_row("児童", "", loan_limit=15, hold_limit=5)
    policy.put_row("", "雑誌", loan_days=7, renewals=0)
    policy.put_row("", "DVD", lendable=False)
    at_desk.get("/desk/policies/loans")
    rows = {row.th.get_text(): row.td.get_text() for row in at_desk.page.select(".differences tbody tr")}
    assert rows == {"雑誌": "7日、延長できない", "DVD": "貸し出さない", "児童": "15点まで"}
    at_desk.get("/desk/policies/holds")
    rows = {row.th.get_text(): row.td.get_text() for row in at_desk.page.select(".differences tbody tr")}
    assert rows == {"児童": "予約は5点まで"}
    at_desk.get("/desk/policies/late")
    assert not at_desk.page.select(".differences")


def test_a_new_difference_names_its_category_or_type(at_desk):
    at_desk.get("/desk/policies/lending")
    assert at_desk.page.h1.get_text() == "違いを加える"
    assert at_desk.get("/desk/policies/lending?category=&material_type=").status_code == 422
    assert "利用者の区分か資料区分を選んでください。" in at_desk.text()
    at_desk.get("/desk/policies/lending?category=児童&material_type=")
    assert at_desk.page.h1.get_text() == "児童の違い"
    sent = at_desk.form("/desk/policies/lending") | {"category": ""}
    assert at_desk.post("/desk/policies/lending", sent).status_code == 422
    assert "利用者の区分か資料区分を選んでください。" in at_desk.text()


def test_a_kind_that_is_not_lent(at_desk):
    differ(at_desk, "", "DVD", lendable="n")
    assert policy.lending("一般", "DVD")["lendable"] is False


def test_a_row_tells_what_holds_without_it(at_desk):
    policy.put_row("児童", "", loan_limit=5)
    at_desk.get("/desk/policies/lending?category=児童")
    assert "貸出できる点数 空にすると「10点」になります" in at_desk.text()
    at_desk.get("/desk/policies/lending?category=児童&material_type=CD")
    assert "貸出できる点数 空にすると「5点」になります" in at_desk.text()


def test_a_row_that_says_nothing_goes(at_desk):
    policy.put_row("児童", "", loan_limit=5)
    differ(at_desk, "児童", loan_limit="")
    assert policy.read().rows() == []
    at_desk.get("/desk/policies")
    assert "「児童」の違いはなくなりました。" in at_desk.text()


def test_a_row_is_taken_away_by_a_step(at_desk):
    policy.put_row("", "CD", loan_limit=5)
    at_desk.get("/desk/policies/lending?material_type=CD")
    at_desk.get(at_desk.page.find("a", string="この違いを取り消す")["href"])
    assert "いまの違い：5点まで" in at_desk.text()
    answer = at_desk.post("/desk/policies/lending/remove", at_desk.form("/desk/policies/lending/remove"))
    assert answer.status_code == 303 and policy.read().rows() == []
    at_desk.get("/desk/policies")
    assert "「CD」の違いはなくなりました" in at_desk.text()
    assert at_desk.post("/desk/policies/lending/remove", {}).status_code == 422


def test_a_row_of_what_does_not_exist_is_not_there(at_desk):
    assert at_desk.get("/desk/policies/lending?category=宇宙人").status_code == 404
    at_desk.get("/desk/policies/lending?category=児童")
    sent = at_desk.form("/desk/policies/lending") | {"category": "宇宙人"}
    assert at_desk.post("/desk/policies/lending", sent).status_code == 422


def test_the_page_says_what_the_first_password_leaves_open(at_desk):
    at_desk.get("/desk/policies/cards")
    assert "6.4.1" in at_desk.text() and "6.4.2" in at_desk.text()
    save(at_desk, "cards", first_password_mode="code")
    at_desk.get("/desk/policies/cards")
    assert "6.4.1" not in at_desk.text()


# -- the network of the desk
# ---------------------------------------------------------------------------------------------
REGISTER = "このネットワークを窓口として登録する"


def arrive(browse, role="admin", **given):
    """Sign in from an address and open the page of the desk that follows."""
    factories.branch("本館")
    staff, here = factories.staff(role, login=f"{role}{len(given)}"), {"environ_overrides": given} if given else {}
    browse.get("/desk/login")
    browse.post(
        "/desk/login", browse.form("/desk/login") | {"login": staff.login, "password": factories.PASSWORD}, **here
    )
    browse.get("/desk/", **here)
    return here


def test_the_first_admin_registers_the_network_of_the_desk_with_one_press(browse):
    here = arrive(browse, REMOTE_ADDR="192.168.1.23")
    assert REGISTER in browse.text() and "192.168.1.0/24" in browse.text()
    browse.post("/desk/policies/network", browse.form("/desk/policies/network"), **here)
    assert policy.get("desk_networks") == ["192.168.1.0/24"]
    browse.get("/desk/policies", **here)
    assert "窓口のパソコンのネットワークを登録しました。" in browse.text()
    assert Audit.select().where(Audit.action == "policy.changed").count() == 1


def test_the_offer_is_made_once_after_signing_in(browse):
    here = arrive(browse, REMOTE_ADDR="192.168.1.23")
    browse.get("/desk/", **here)
    assert REGISTER not in browse.text()


def test_the_page_of_the_staff_leads_to_the_addresses_of_the_desk(sit_down):
    page, field = sit_down("/desk/colleagues", "admin").page.find("a", string="窓口のネットワーク")["href"].split("#")
    desk = sit_down(page, "admin", login="tanaka")
    assert desk.page.find(id=field).name == "textarea"


@pytest.mark.parametrize(
    ("role", "address", "there"),
    [("desk", "192.168.1.23", []), ("admin", "127.0.0.1", []), ("admin", "192.168.1.23", ["192.0.2.7/32"])],
)
def test_no_offer_is_made_to_others_behind_a_proxy_or_where_a_network_is_known(browse, role, address, there):
    policy.put("desk_networks", there)
    here = arrive(browse, role, REMOTE_ADDR=address)
    assert REGISTER not in browse.text()
    if role == "admin":
        browse.get("/desk/policies/family", **here)
        browse.post("/desk/policies/network", browse.form("/desk/policies/family"), **here)
        assert policy.get("desk_networks") == there


@pytest.mark.parametrize(("address", "terminals"), [("127.0.0.1", []), ("192.168.1.23", ["192.168.1.0/24"])])
def test_a_machine_that_can_not_be_the_desk_is_not_said_to_be_registered(browse, address, terminals):
    here = arrive(browse, REMOTE_ADDR="192.168.1.23")
    policy.put("terminals", terminals)
    form, there = browse.form("/desk/policies/network"), {"environ_overrides": {"REMOTE_ADDR": address}}
    browse.post("/desk/policies/network", form, **there)
    browse.get("/desk/policies", **here)
    assert "このパソコンのネットワークは、窓口のものとして登録できません。" in browse.text()
    assert "もう登録されています" not in browse.text() and policy.get("desk_networks") == []


def test_another_network_than_the_one_shown_is_asked_for_again(browse):
    arrive(browse, REMOTE_ADDR="192.168.1.23")
    there = {"environ_overrides": {"REMOTE_ADDR": "203.0.114.9"}}
    browse.post("/desk/policies/network", browse.form("/desk/policies/network"), **there)
    assert policy.get("desk_networks") == []
    browse.get("/desk/policies", **there)
    assert "ネットワークが変わったため、まだ登録していません。" in browse.text() and "203.0.114.9/32" in browse.text()
    browse.post("/desk/policies/network", browse.form("/desk/policies/network"), **there)
    assert policy.get("desk_networks") == ["203.0.114.9/32"]


def test_a_public_address_is_registered_alone(browse):
    here = arrive(browse, REMOTE_ADDR="203.0.114.9")
    browse.post("/desk/policies/network", browse.form("/desk/policies/network"), **here)
    assert policy.get("desk_networks") == ["203.0.114.9/32"]
