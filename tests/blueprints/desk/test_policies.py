"""貸出ルール: what a librarian sets is judged, kept, shown, and written down."""

import pytest

from library import policy
from models import Audit
from tests import factories


@pytest.fixture
def at_desk(browse):
    browse.be(factories.staff("admin", login="yamada"))
    browse.get("/desk/policies")
    return browse


def switches(browse, **changed):
    return browse.post("/desk/policies", browse.form("/desk/policies") | changed)


def lending(browse, category="", material_type="", **changed):
    browse.get("/desk/policies/lending", query_string={"category": category, "material_type": material_type})
    return browse.post("/desk/policies/lending", browse.form("/desk/policies/lending") | changed)


def test_the_page_shows_what_holds(at_desk):
    policy.put_row("児童", "", loan_limit=5)
    at_desk.get("/desk/policies")
    assert "貸出点数 10点" in at_desk.text() and "児童 貸出点数 5点" in at_desk.text()


def test_a_form_that_was_not_touched_changes_nothing(at_desk):
    before = policy.several(*policy.DEFAULTS)
    assert switches(at_desk).status_code == 303
    assert policy.several(*policy.DEFAULTS) == before
    assert not Audit.select().where(Audit.action == "policy.changed").exists()


def test_a_changed_rule_holds_and_is_written_down(at_desk):
    answer = switches(at_desk, overdue_stages="１０、20", holds_on_shelf="n", phone="096-000-0000")
    assert answer.location == "/desk/policies"
    assert policy.several("overdue_stages", "holds_on_shelf", "phone") == {
        "overdue_stages": [10, 20],
        "holds_on_shelf": False,
        "phone": "096-000-0000",
    }
    at_desk.get("/desk/policies")
    assert "保存しました" in at_desk.text()
    at_desk.get("/desk/audit")
    assert "在架予約 はい→いいえ" in at_desk.text() and "督促 7・14・28→10・20" in at_desk.text()


def test_the_record_names_each_setting_as_the_page_does(at_desk):
    switches(at_desk, postcard_titles="y", address="駅前2")
    at_desk.get("/desk/audit")
    assert "所在地 –→駅前2" in at_desk.text() and "督促のはがきの書名 いいえ→はい" in at_desk.text()


def test_nobody_is_asked_to_bring_back_where_there_is_no_stage(at_desk):
    switches(at_desk, overdue_stages="")
    assert policy.get("overdue_stages") == []


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("overdue_stages", "14 7", "小さい順に"),
        ("overdue_stages", "7 たくさん", "小さい順に"),
        ("overdue_stages", "0 7", "小さい順に"),
        ("renew_gain_days", "0", "1から31まで"),
        ("card_years", "", "入力してください"),
        ("card_years", "21", "1から20まで"),
        ("password_minimum", "7", "8から15まで"),
        ("password_minimum", "-9", "8から15まで"),
        ("first_password_mode", "anything", "選択肢の中から"),
        ("categories", " \n ", "1行に1つずつ"),
        ("categories", "一般\n児童\n一般", "「一般」が2回"),
        ("group_categories", "団体", "「団体」は「利用者の区分」にありません"),
        ("residence_outside", " ", "入力してください"),
    ],
)
def test_a_senseless_rule_is_refused_and_typed_words_stay(at_desk, name, text, sentence):
    answer = switches(at_desk, **{name: text, "phone": "096"})
    assert answer.status_code == 422 and sentence in at_desk.text()
    assert policy.get(name) == policy.DEFAULTS[name]
    assert at_desk.page.find("input", {"name": "phone"})["value"] == "096"


def test_a_category_in_use_stays_and_a_new_one_is_added(at_desk):
    factories.patron(category="児童")
    assert switches(at_desk, categories="一般\n団体").status_code == 422
    assert "「児童」は利用者で使われている" in at_desk.text()
    assert switches(at_desk, categories="一般\n児童\n団体").status_code == 303
    assert policy.get("categories") == ["一般", "児童", "団体"]


def test_groups_and_the_words_of_the_library_are_set(at_desk):
    given = {
        "categories": "一般\n児童\n団体",
        "group_categories": "団体",
        "residence_outside": "町外",
        "postcard_titles": "y",
    }
    assert switches(at_desk, **given).status_code == 303
    assert policy.several("group_categories", "residence_outside", "postcard_titles") == {
        "group_categories": ["団体"],
        "residence_outside": "町外",
        "postcard_titles": True,
    }
    at_desk.get("/desk/policies")
    assert switches(at_desk, group_categories="").status_code == 303
    assert policy.get("group_categories") == []


def test_the_default_row_is_changed(at_desk):
    assert lending(at_desk, loan_days="２１").status_code == 303
    assert policy.lending("一般", "図書")["loan_days"] == 21


def test_the_default_row_says_everything(at_desk):
    assert lending(at_desk, loan_days="").status_code == 422
    assert "入力してください" in at_desk.text()


def test_a_row_says_what_differs_and_no_more(at_desk):
    assert lending(at_desk, "児童", "雑誌", loan_days="7").status_code == 303
    assert policy.lending("児童", "雑誌") == policy.lending("児童") | {"loan_days": 7}
    assert policy.lending("一般", "雑誌")["loan_days"] == 14
    at_desk.get("/desk/audit")
    assert "児童・雑誌" in at_desk.text() and "貸出日数 –→7" in at_desk.text()


def test_a_kind_that_is_not_lent(at_desk):
    lending(at_desk, "", "DVD", lendable="n")
    assert policy.lending("一般", "DVD")["lendable"] is False
    at_desk.get("/desk/policies")
    assert "DVD 貸出 しない" in at_desk.text()


def test_a_row_tells_what_holds_without_it(at_desk):
    policy.put_row("児童", "", loan_limit=5)
    at_desk.get("/desk/policies/lending?category=児童")
    assert "「貸出点数 10点」になります" in at_desk.text()
    at_desk.get("/desk/policies/lending?category=児童&material_type=CD")
    assert "「貸出点数 5点」になります" in at_desk.text()


def test_a_row_that_says_nothing_goes(at_desk):
    policy.put_row("児童", "", loan_limit=5)
    lending(at_desk, "児童", loan_limit="")
    assert policy.read().rows() == []


def test_a_row_is_taken_away_in_one_press(at_desk):
    policy.put_row("", "CD", loan_limit=5)
    at_desk.get("/desk/policies")
    answer = at_desk.post("/desk/policies/lending/remove", {"category": "", "material_type": "CD"})
    assert answer.status_code == 303 and policy.read().rows() == []
    at_desk.get("/desk/policies")
    assert "「CD」の貸出ルールを取り消しました" in at_desk.text()
    assert at_desk.post("/desk/policies/lending/remove", {}).status_code == 422


def test_a_row_of_what_does_not_exist_is_not_there(at_desk):
    assert at_desk.get("/desk/policies/lending?category=宇宙人").status_code == 404
    at_desk.get("/desk/policies/lending")
    sent = at_desk.form("/desk/policies/lending") | {"category": "宇宙人"}
    assert at_desk.post("/desk/policies/lending", sent).status_code == 422


def test_the_page_says_what_the_first_password_leaves_open(at_desk):
    assert "6.4.1" in at_desk.text() and "6.4.2" in at_desk.text()
    switches(at_desk, first_password_mode="code")
    at_desk.get("/desk/policies")
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
    browse.get("/desk/checkout", **here)
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
    browse.get("/desk/checkout", **here)
    assert REGISTER not in browse.text()


@pytest.mark.parametrize(
    ("role", "address", "there"),
    [("desk", "192.168.1.23", []), ("admin", "127.0.0.1", []), ("admin", "192.168.1.23", ["192.0.2.7/32"])],
)
def test_no_offer_is_made_to_others_behind_a_proxy_or_where_a_network_is_known(browse, role, address, there):
    policy.put("desk_networks", there)
    here = arrive(browse, role, REMOTE_ADDR=address)
    assert REGISTER not in browse.text()
    if role == "admin":
        browse.get("/desk/policies", **here)
        browse.post("/desk/policies/network", browse.form("/desk/policies"), **here)
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
