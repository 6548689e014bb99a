"""取り込み at the desk: words of a file that the library lacks, with what they seem to mean."""

from library.importing import kinds
from models import Hold, Item, Patron
from tests import factories
from tests.blueprints.desk.test_imports import desk, press, send  # noqa: F401 (a fixture)

PEOPLE = "利用者番号,氏名,居住の別,予約連絡方法\n0000002377570,山田,町内,TEL\n0000002377588,森,在勤,伝書鳩\n".encode()


def choices(desk):  # noqa: F811
    """Return word → what is chosen for it."""
    rows = desk.page.select("main .map-table tbody tr")
    chosen = [(row.label.get_text(), row.select_one("option[selected]")) for row in rows]
    return {word: option and option.get_text() for word, option in chosen}


def test_a_residence_and_a_way_to_be_told_that_nobody_knows_are_asked_for(desk):  # noqa: F811
    send(desk, PEOPLE, "patrons")
    press(desk, "/columns")
    assert choices(desk) == {"TEL": None, "伝書鳩": None, "町内": None} and Patron.select().count() == 0
    press(desk, "/values", means_residence_0="=living", means_contact_method_0="=phone")
    assert "新規 2" in desk.text() and "次のどれでもありません" in desk.text(), "one is left open, and so empty"
    press(desk, "/run")
    assert [row.residence for row in Patron.select().order_by(Patron.id)] == ["living", "working"]
    assert Patron.select().order_by(Patron.id).first().contact_method == "phone"


def test_the_words_are_asked_for_again_after_other_columns(desk):  # noqa: F811
    send(desk, PEOPLE, "patrons")
    press(desk, "/columns")
    press(desk, "/values")
    assert "新規 2" in desk.text(), "what may stay empty is asked for once"
    desk.get(desk.page.select_one("a[href$='/columns']")["href"])
    press(desk, "/columns")
    assert choices(desk) == {"TEL": None, "伝書鳩": None, "町内": None}


def test_a_way_to_be_told_of_a_hold_is_asked_for(desk):  # noqa: F811
    factories.patron(card_number="0000002377570"), factories.title("こころ", source="csv", source_id="1")
    send(desk, "利用者番号,書誌番号,受取館,連絡方法\n0000002377570,1,本館,TEL\n".encode(), "holds")
    press(desk, "/columns")
    press(desk, "/values", means_contact_method_0="=phone")
    press(desk, "/run")
    assert Hold.get().contact_method == "phone"


def test_joined_states_are_proposed_by_the_strictest_of_them(desk):  # noqa: F811
    factories.title("こころ", source="csv", source_id="1")
    rows = [("在架", "可"), ("在架", "禁帯出"), ("修理中", "館内"), ("除籍", "可"), ("在架", "謎")]
    lines = "".join(f"{number},1,本,{one},{two}\n" for number, (one, two) in enumerate(rows, start=1001))
    send(desk, f"登録番号,書誌番号,所蔵館,状態,貸出\n{lines}".encode(), "items")
    press(desk, "/columns", column_4="state")
    assert choices(desk) == {
        "本": "本館", "在架 可": "貸出可", "在架 禁帯出": "館内", "修理中 館内": "修理中", "除籍 可": "除籍", "在架 謎": None,
    }  # fmt: skip
    press(desk, "/values", means_state_4="=-")
    press(desk, "/run")
    assert [row.state for row in Item.select().order_by(Item.id)] == ["available", "reference", "repair", "withdrawn"]


def test_a_branch_is_proposed_by_a_part_of_its_name_that_no_other_has(db):
    for name, code in (("鮎沢町図書館", "HON"), ("鮎沢町公民館図書室", "KOM")):
        factories.branch(name, code=code)
    said = {word: kinds.proposal("items", "branch", word) for word in ("図書館", "公民館図書室", "鮎沢町", "車庫")}
    assert said == {"図書館": "HON", "公民館図書室": "KOM", "鮎沢町": "", "車庫": ""}


def test_the_separator_of_columns_joined_by_hand_is_said(desk):  # noqa: F811
    send(desk, "登録番号,書誌番号,所蔵館,状態,貸出\n1001,1,本館,在架,可\n".encode(), "items")
    press(desk, "/columns", column_4="state")
    desk.get(desk.address.removesuffix("/values") + "/columns")
    assert "「状態」と「貸出」を、この順に空白でつなぎます。" in desk.text()


def test_the_row_that_is_shown_first_is_one_that_goes_in(desk):  # noqa: F811
    lines = "0000002377570,山田,やまだ,退会\n0000002377588,森,,有効\n"
    send(desk, f"利用者番号,氏名,氏名カナ,利用状態\n{lines}".encode(), "patrons")
    press(desk, "/columns")
    assert "3行目 ：新しく入ります。" in desk.text()


def test_a_word_can_be_chosen_anew_until_the_file_is_in(desk):  # noqa: F811
    send(desk, "利用者番号,氏名,居住の別\n0000002377570,山田,町内\n".encode(), "patrons")
    press(desk, "/columns")
    press(desk, "/values", means_residence_0="=working")
    desk.get(desk.page.find("a", string="値に戻る")["href"])
    assert choices(desk) == {"町内": "在勤"}
    press(desk, "/values", means_residence_0="=living")
    press(desk, "/run")
    assert Patron.get().residence == "living" and not desk.page.find("a", string="値に戻る")
