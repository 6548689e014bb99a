"""取り込み at the desk: a file is sent, its columns and words are assigned, it is tried whole, then it is read in."""

import gzip
import io
import os
import time
import zipfile
from pathlib import Path

import pytest

from library import clock, policy
from library.files import workbooks
from library.importing import arrivals, assignments, runs
from models import Audit, Hold, Item, Loan, Patron, PatronAddress, Title
from tests import factories
from tests.library.catalog import sources

TABLE = "書名,著者,登録番号,所蔵館\nこころ,夏目漱石,0100000001,本館\n雪国,川端康成,0100000002,\n".encode()
PEOPLE = (
    "利用者番号,氏名,区分\n0000002377570,山田,町外\n0000002377588,読書会,サークル\n0000002377596,森,一般\n".encode()
)


@pytest.fixture
def desk(browse, app):
    browse.be(factories.staff("admin", login="kanri"))
    factories.branch("本館", code="01")
    return browse


def follow(desk, answer):
    """Go where an answer leads, as a browser does, and keep the address."""
    while answer.status_code in (302, 303):
        desk.address = answer.location
        answer = desk.get(answer.location)
    return answer


def send(desk, content, kind="titles", name="file.csv", **more):
    """Send a file, say its kind where it is asked for, and go on to its columns."""
    desk.get("/desk/import")
    before = {each["id"] for each in desk.page.select("[id^=kind_]")}
    answer = send_all(desk, {name: content}, **more)
    if answer.status_code != 200 or desk.h1() != "取り込み":
        return answer
    (asked,) = (each for each in desk.page.select("[id^=kind_]") if each["id"] not in before)
    desk.post("/desk/import/kinds", {asked["name"]: kind})
    return follow(desk, desk.get(f"/desk/import/{asked['name'].removeprefix('kind_')}"))


def send_all(desk, contents, **more):
    desk.get("/desk/import")
    files = [(io.BytesIO(content), name) for name, content in contents.items()]
    answer = desk.post("/desk/import", {"file": files} | more)
    answer.request.environ["wsgi.input"].close()  # a file that the test's browser leaves open
    return follow(desk, answer)


def press(desk, end, **chosen):
    """Send the form of a page whose address ends so."""
    action = desk.page.select_one(f"form[method=post][action$='{end}']")["action"]
    return follow(desk, desk.post(action, desk.form(action) | chosen))


def folder(app):
    return Path(app.instance_path) / runs.FOLDER


def files(app):
    return sorted(path.name for path in folder(app).rglob("*") if path.is_file() and path.name != "lock")


def outcome(desk):
    """Return the sentence and the figures of a file that was read in, from its green notice."""
    (said,) = desk.page.select("main [role=status] .notice-good")
    rows = said.select(".tally > div")
    return said.select_one(".notice-title").get_text(), {row.dt.get_text(): row.dd.get_text() for row in rows}


# -- a file, step by step ----------------------------------------------------------------------------------------------
def test_a_file_without_a_fault_is_done_in_green_without_a_table(desk, app):
    send(desk, "書名,著者\nこころ,夏目漱石\n".encode())
    press(desk, "/columns")
    press(desk, "/run")
    said, figures = outcome(desk)
    assert said == "1行を取り込みました。" and figures["入らなかった"] == "0"
    assert not desk.page.select("main table, main .tally-care, main .notice-care, main form")
    assert "file" not in files(app)
    assert desk.page.find("a", string="取り込んだ書誌を見る")["href"] == "/desk/titles"


def test_a_file_goes_in_step_by_step(desk, app):
    assert send(desk, TABLE).status_code == 200
    assert desk.h1() == "書誌を取り込む" and "4列のうち4列は、見出しから分かりました。" in desk.text()
    assert columns(desk) == {"書名": "title", "著者": "author", "登録番号": "barcode", "所蔵館": "branch"}
    press(desk, "/columns")
    assert "読込 2 / 新規 1 / 変更 0 / 変更なし 0 / 拒否 1" in desk.text() and "まだ何も変更していません" in desk.text()
    assert "拒否（1件）" in desk.text() and Title.select().count() == 0
    press(desk, "/run")
    assert outcome(desk) == (
        "1行を取り込みました。",
        {"新しく入った": "1", "変わった": "0", "前と同じ": "0", "入らなかった": "1"},
    )
    assert desk.page.select(".tally-care") and [head.get_text() for head in desk.page.select("main h2")] == [
        "入らなかった1行",
        "修正して取り込む",
    ]
    assert Title.get().title == "こころ" and Item.get().barcode == "0100000001"
    assert Audit.get(Audit.action == "import.titles").actor == "staff:kanri"
    assert files(app) == ["file", "plan.json", "report.csv", "state.json"], "its row may come back corrected"
    assert {oct(path.stat().st_mode)[-3:] for path in folder(app).rglob("*.*")} == {"600"}
    desk.get("/search?q=こころ")
    assert "1件" in desk.h1()


def cards_of_four_digits():
    return "利用者番号,氏名\n" + "".join(f"{number:04},山田\n" for number in range(1, 31))


def test_a_form_of_card_numbers_that_fits_the_file_is_taken_with_one_press(desk, browse):
    send(desk, cards_of_four_digits().encode(), "patrons")
    press(desk, "/columns")
    assert "合わない番号が30件あります。4桁の数字の形が合います。" in desk.text() and "注意（30件）" in desk.text()
    press(desk, "/form")
    assert "「番号の形式」に、4桁の数字を加えました。" in desk.text() and "まだ何も変更していません" in desk.text()
    assert "注意（" not in desk.text() and "の形が合います" not in desk.text()
    press(desk, "/run")
    assert "30行を取り込みました。" in desk.text()
    assert [form["length"] for form in policy.get("card_forms")] == [4]
    browse.post("/desk/logout")
    browse.get("/login")
    assert "カードの裏面にある4桁の数字です。" in browse.text()


def test_a_form_too_many_is_refused_on_the_page(desk):
    policy.put("card_forms", [{"id": each, "length": each + 10, "is_for_new": each == 1} for each in range(1, 6)])
    send(desk, cards_of_four_digits().encode(), "patrons")
    press(desk, "/columns")
    press(desk, "/form")
    assert "形は5つまでです。" in desk.text() and len(policy.get("card_forms")) == 5


def test_the_report_is_fetched_and_the_run_is_listed_for_seven_days(desk, app):
    send(desk, TABLE)
    press(desk, "/columns")
    press(desk, "/run")
    answer = desk.get(desk.page.select_one("a[href$='/report']")["href"])
    rows = workbooks.read(io.BytesIO(answer.data), 9)[1]
    assert [row[:3] for row in rows] == [["行", "種類", "列"], ["3", "拒否", "所蔵館"]]
    desk.get("/desk/import")
    assert "file.csv" in desk.text() and "読込 2 / 新規 1" in desk.text()
    for path in folder(app).rglob("*"):
        os.utime(path, (time.time() - arrivals.REPORT_KEPT - 60,) * 2)
    desk.get("/desk/import")
    assert "file.csv" not in desk.text() and files(app) == []


def test_headings_of_another_system_are_assigned_by_hand_and_remembered(desk):
    content = "ホンノナマエ,カイタヒト\nこころ,夏目漱石\n".encode("cp932")
    send(desk, content)
    press(desk, "/columns")
    assert "必要な見出しがありません" in desk.text()
    choose(desk, {"ホンノナマエ": "title", "カイタヒト": "author"})
    press(desk, "/run")
    assert (Title.get().title, Title.get().author) == ("こころ", "夏目漱石")
    send(desk, content)
    assert columns(desk) == {"ホンノナマエ": "title", "カイタヒト": "author"}


def selects(desk):
    """Return the select of each column of the file, by the name of the column."""
    labels = {label["for"]: label.get_text() for label in desk.page.select("th label")}
    return {labels[each["id"]]: each for each in desk.page.select("select[name^=column_]")}


def columns(desk):
    """Return the choice for each column of the file."""
    options = {name: each.find("option", selected=True) for name, each in selects(desk).items()}
    return {name: option["value"] if option else "" for name, option in options.items()}


def chosen(desk, column):
    return [name for name, choice in columns(desk).items() if choice == column]


def choose(desk, choices):
    """Choose columns of ours for some of the file, and send the form."""
    names = {name: each["name"] for name, each in selects(desk).items()}
    return press(desk, "/columns", **{names[name]: to for name, to in choices.items()})


ADDRESSES = "利用者番号,氏名,住所１,住所２,備考１,備考２,家族\n0000002377570,山田,本町1-1,ハイツ101,甲,乙,丙\n".encode()


def test_columns_that_belong_together_are_joined_as_by_command(desk):
    send(desk, ADDRESSES, "patrons")
    assert (chosen(desk, "address"), chosen(desk, "note")) == (["住所１", "住所２"], ["備考１", "備考２"])
    assert columns(desk)["家族"] == "" and "7列のうち6列は、見出しから分かりました。" in desk.text()
    joined = desk.page.select_one("#chosen").get_text()
    assert "「住所１」と「住所２」を、この順に空白でつなぎます。住所は「本町1-1 ハイツ101」になります。" in joined
    press(desk, "/columns")
    press(desk, "/run")
    assert (Patron.get().address, Patron.get().desk_note) == ("本町1-1 ハイツ101", "甲\n乙")
    send(desk, ADDRESSES.replace("家族".encode(), "住所３".encode()), "patrons")
    assert chosen(desk, "address") == ["住所１", "住所２", "住所３"], "what a file says by itself is not remembered"


def test_more_headings_are_joined_and_others_left_out_by_hand(desk):
    send(desk, ADDRESSES, "patrons")
    choose(desk, {"住所１": "-", "家族": "address", "備考１": "-", "備考２": ""})
    press(desk, "/run")
    assert (Patron.get().address, Patron.get().desk_note) == ("ハイツ101 丙", "")
    send(desk, ADDRESSES, "patrons")
    assert columns(desk) == {
        "利用者番号": "card_number", "氏名": "name", "住所１": "-", "住所２": "address", "備考１": "-", "備考２": "note", "家族": "address",
    }, "取り込まない is remembered, what was left open is not"  # fmt: skip


def test_two_columns_for_one_field_are_refused_by_name_and_nothing_chosen_is_lost(desk):
    send(desk, ADDRESSES, "patrons")
    choose(desk, {"家族": "name", "備考２": "-"})
    assert "氏名に入れる列が二つ以上あります：「氏名」「家族」。" in desk.text()
    assert chosen(desk, "name") == ["氏名", "家族"] and chosen(desk, "-") == ["備考２"]
    choose(desk, {"家族": "-"})
    assert "新規 1" in desk.text()


def test_two_headings_for_one_field_are_chosen_between(desk):
    send(desk, "書名,ISBN,ISBN番号\nこころ,4-10-101013-7,\n".encode())
    assert chosen(desk, "isbn") == ["ISBN", "ISBN番号"]
    press(desk, "/columns")
    assert "ISBNに入れる列が二つ以上あります：「ISBN」「ISBN番号」。" in desk.text()
    choose(desk, {"ISBN番号": "-"})
    assert "新規 1" in desk.text()


def test_local_numbers_get_the_area_code_that_is_said(desk):
    send(desk, "利用者番号,氏名,電話１,携帯\n0000002377570,山田,22-6101,090-1234-5678\n".encode(), "patrons")
    press(desk, "/columns", area_code="0575")
    press(desk, "/run")
    assert (Patron.get().phone_home, Patron.get().phone_mobile) == ("0575-22-6101", "090-1234-5678")


def test_rows_of_a_word_may_be_left_out(desk):
    send(desk, "利用者番号,氏名,登録館\n0000002377570,山田,77\n0000002377588,森,本館\n".encode(), "patrons")
    press(desk, "/columns")
    press(desk, "/values", means_branch_0="=-")
    assert "新規 1" in desk.text() and "取り込まない（1件）" in desk.text()
    press(desk, "/run")
    assert Patron.get().name == "森"


def test_a_state_that_nobody_knows_stops_the_file(desk):
    send(desk, "利用者番号,氏名,利用状態\n0000002377570,山田,転居\n0000002377588,森,死亡\n".encode(), "patrons")
    press(desk, "/columns")
    assert "転居" in desk.text() and Patron.select().count() == 0
    press(desk, "/values", means_state_0="=closed")
    assert "新規 0" in desk.text() and "利用状態が廃止のため取り込まなかった行：2" in desk.text()


def test_numbers_that_may_have_lost_their_zeros_are_told_with_the_way_to_mend_them(desk):
    factories.branch("本館")
    factories.title("こころ", source="csv", source_id="1")
    send(desk, "登録番号,書誌番号,所蔵館\n10000001,1,本館\n10000002,1,本館\n34,1,本館\n".encode(), "items")
    press(desk, "/columns")
    assert "8桁より短い、数字だけの番号（例：34）" in desk.text() and "新規 3" in desk.text()
    assert desk.page.find("main").find("a", href="/desk/numbers")


def test_words_that_the_library_lacks_are_mapped_or_added(desk):
    send(desk, PEOPLE, "patrons")
    press(desk, "/columns")
    assert "図書館にない値です。" in desk.text() and Patron.select().count() == 0
    assert [label.get_text() for label in desk.page.select("th label")] == ["町外", "サークル"]
    press(desk, "/values", means_category_0="=一般", means_category_1="+団体")
    assert "新規 3" in desk.text() and policy.get("categories") == ["一般", "児童", "団体"]
    press(desk, "/run")
    assert (policy.get("categories"), policy.get("group_categories")) == (
        ["一般", "児童", "団体", "サークル"],
        ["団体", "サークル"],
    )
    assert [row.category for row in Patron.select().order_by(Patron.id)] == ["一般", "サークル", "一般"]
    send(desk, PEOPLE, "patrons")
    press(desk, "/columns")
    assert "変更なし 3" in desk.text(), "what was chosen is remembered"


def test_a_number_for_a_place_is_given_its_name(desk):
    factories.branch("本館")
    factories.title("こころ", source="csv", source_id="1")
    send(
        desk, "登録番号,書誌番号,所蔵館,配架場所\n1,1,本館,1\n2,1,本館,2\n3,1,本館,郷土\n4,1,別館,1\n".encode(), "items"
    )
    press(desk, "/columns")
    assert [label.get_text() for label in desk.page.select("th label")] == ["別館", "1", "2"]
    assert "番号のまま入ります。" in desk.text()
    press(desk, "/values", means_branch_0="=-", means_shelf_0="開架", means_shelf_1=" ")
    press(desk, "/run")
    assert [row.shelf for row in Item.select().order_by(Item.id)] == ["開架", "2", "郷土"]


@pytest.mark.parametrize(("means", "taken"), [("=over", 0), ("=-", 0), ("=waiting", 1), ("=", 1)])
def test_a_hold_whose_state_means_nothing_more_is_not_taken(means, taken, desk):
    factories.branch("本館")
    factories.title("こころ", source="csv", source_id="1")
    card = factories.patron().card_number
    send(desk, f"利用者番号,書誌番号,受取館,状態\n{card},1,本館,8\n".encode(), "holds")
    press(desk, "/columns")
    press(desk, "/values", means_state_0=means)
    press(desk, "/run")
    assert Hold.select().count() == taken


def test_the_values_of_a_category_tell_where_others_are_added(desk):
    send(desk, PEOPLE, "patrons")
    press(desk, "/columns")
    assert desk.page.find("main").find("a", href="/desk/policies/words")


def test_a_word_that_is_left_open_stops_the_file(desk):
    send(desk, PEOPLE, "patrons")
    press(desk, "/columns")
    press(desk, "/values", means_category_0="=-")
    assert "まだ選んでいない値が1つあります。" in desk.text()
    assert desk.page.find(id="means_category_0").find("option", selected=True)["value"] == "=-"


def test_zeros_are_put_back_where_it_is_asked_for(desk):
    content = "利用者番号,氏名,電話自宅\n0000002377570,山田,575226101\n".encode()
    send(desk, content, "patrons")
    press(desk, "/columns")
    assert "拒否 1" in desk.text() and "575226101 → 0575226101" in desk.text()
    desk.get(desk.page.select_one("a[href$='/columns']")["href"])
    press(desk, "/columns", pad_zeros="y")
    assert "補った（1件）" in desk.text() and "575226101" in desk.text()
    press(desk, "/run")
    assert Patron.get().phone_home == "0575226101"


# -- several files -----------------------------------------------------------------------------------------------------
MOVE = {
    "予約.csv": "利用者番号,ISBN,予約受取館,予約日\n0000002377570,4-10-101013-7,本館,2026-11-01\n".encode(),
    "貸出.csv": "登録番号,利用者番号,貸出日,返却期限日\n0100000001,0000002377570,2026-11-11,2026-11-25\n".encode(),
    "利用者.csv": "利用者番号,氏名,区分\n0000002377570,山田,一般\n".encode("cp932"),
    "所蔵10.csv": "登録番号,書誌番号,所蔵館,状態\n0100000002,1,東部,\n".encode(),
    "所蔵9.csv": "登録番号,書誌番号,所蔵館,状態\n0100000001,1,本館,\n".encode(),
    "書誌.csv": "書誌番号,書名,著者,ISBN\n1,こころ,夏目漱石,4-10-101013-7\n".encode(),
    "館.csv": "館コード,館名\n01,本館\n02,東部\n".encode(),
}
IN_ORDER = ["館.csv", "書誌.csv", "所蔵9.csv", "所蔵10.csv", "利用者.csv", "貸出.csv", "予約.csv"]


def files_waiting(desk):
    """Return (file, kind, next step) of each row of the files that wait."""
    return [
        (
            row.th.get_text(strip=True),
            row.select_one("option[selected]").get_text(),
            row.select("td")[-1].get_text(strip=True),
        )
        for row in desk.page.select("form[action$='/kinds'] tbody tr")
    ]


@pytest.mark.parametrize("sent", [MOVE, {"すべて.zip": MOVE}], ids=["files", "zip"])
def test_the_files_of_a_whole_library_are_sent_at_once_and_go_in_one_after_another(sent, desk):
    send_all(desk, {name: zipped(**inner) if isinstance(inner, dict) else inner for name, inner in sent.items()})
    assert [name for name, _, _ in files_waiting(desk)] == IN_ORDER
    assert [kind for _, kind, _ in files_waiting(desk)] == ["館", "書誌", "所蔵", "所蔵", "利用者", "貸出", "予約"]
    assert [step for _, _, step in files_waiting(desk)][:3] == ["列を選ぶ", "館のあと", "館、書誌のあと"]
    assert [step for _, _, step in files_waiting(desk)][5:] == [
        "館、所蔵、利用者のあと",
        "館、書誌、所蔵、利用者、貸出のあと",
    ]
    follow(desk, desk.get(desk.page.select_one("form[action$='/kinds'] td .main")["href"]))
    for name in IN_ORDER:
        assert desk.page.select_one(".lead").get_text() == name
        press(desk, "/columns")
        press(desk, "/run")
        if following := desk.page.find("a", string=lambda text: text and text.startswith("次のファイル")):
            follow(desk, desk.get(following["href"]))
    assert [table.select().count() for table in (Title, Item, Patron, Loan, Hold)] == [1, 2, 1, 1, 1]
    desk.get("/desk/import")
    assert not files_waiting(desk) and len(desk.page.select("main tbody tr")) == len(IN_ORDER)


def test_a_bad_file_is_named_and_the_others_are_kept(desk):
    answer = send_all(
        desk, {"館.csv": MOVE["館.csv"], "壊れた.csv": b"\x00\x01" * 99, "空.csv": b"", "書誌.csv": MOVE["書誌.csv"]}
    )
    assert answer.status_code == 422 and "取り込めないファイルがあります（2件）" in desk.text()
    assert [each.get_text(strip=True).split("：")[0] for each in desk.page.select("#error-summary li")] == [
        "壊れた.csv",
        "空.csv",
    ]
    assert [name for name, _, _ in files_waiting(desk)] == ["館.csv", "書誌.csv"]


def test_a_kind_that_only_the_name_of_a_file_tells_is_offered_and_not_taken(desk):
    send_all(desk, {"ZOSHO_02.TXT": "登録番号,書誌番号,書名,所蔵館,配架場所,請求記号,状態,受入日\n".encode()})
    (listed,) = files_waiting(desk)
    assert listed[1] == "所蔵" and listed[2].startswith("ファイルの名前から選びました。")
    assert desk.page.select_one("tr.map-open") and "1個あります" in desk.text()
    press(desk, "/kinds")
    assert files_waiting(desk) == [("ZOSHO_02.TXT", "所蔵", "列を選ぶ")]


def test_the_kind_is_asked_for_where_headings_do_not_tell_it(desk):
    send_all(desk, {"x.csv": "ナマエ,バンゴウ\n山田,0000002377570\n".encode()})
    row = desk.page.select_one("tr.map-open")
    assert "1個あります" in desk.text() and row.select("td")[-1].get_text(strip=True) == "中身を選ぶ"
    token = row.select_one("select")["name"].removeprefix("kind_")
    assert desk.get(f"/desk/import/{token}").status_code == 422 and "「中身」がまだ決まっていない" in desk.text()
    desk.get("/desk/import")
    press(desk, "/kinds", **{f"kind_{token}": "patrons"})
    assert files_waiting(desk) == [("x.csv", "利用者", "列を選ぶ")] and "中身を変更しました。" in desk.text()


def test_a_kind_may_be_changed_and_a_file_left_out(desk, app):
    send_all(desk, {"a.csv": MOVE["館.csv"], "b.xml": MARC})
    branches, titles = (each["name"] for each in desk.page.select("select[name^=kind_]"))
    assert [each["value"] for each in desk.page.select(f"[name={titles}] option")] == ["titles", "-"], "no table"
    follow(desk, desk.get(f"/desk/import/{branches.removeprefix('kind_')}"))
    press(desk, "/columns")
    desk.get("/desk/import")
    assert files_waiting(desk)[0] == ("a.csv", "館", "確認を見る")
    press(desk, "/kinds", **{branches: "titles", titles: "-"})
    assert files_waiting(desk) == [("a.csv", "書誌", "列を選ぶ")], "what was found for another kind is forgotten"
    press(desk, "/kinds", **{branches: "-"})
    assert not files_waiting(desk) and files(app) == []


# -- profiles ----------------------------------------------------------------------------------------------------------
def send_profile(desk, content):
    desk.get("/desk/import/profiles")
    answer = desk.post("/desk/import/profiles", {"file": (io.BytesIO(content), "a.toml")})
    answer.request.environ["wsgi.input"].close()
    return answer


def test_assignments_are_remembered_by_name(desk):
    content = "ホンノナマエ,カイタヒト\nこころ,夏目漱石\n".encode("cp932")
    send(desk, content, profile="A社のシステム")
    choose(desk, {"ホンノナマエ": "title", "カイタヒト": "author"})
    press(desk, "/run")
    desk.get("/desk/import")
    assert desk.page.find(id="profile")["value"] == "A社のシステム", "the last one used"
    send(desk, content, profile="B社")
    assert chosen(desk, "title") == []
    send_all(desk, {"again.csv": content}, profile="A社のシステム")
    assert desk.h1() == "書誌を取り込む" and chosen(desk, "title") == ["ホンノナマエ"], "and its kind is told"


def test_a_profile_goes_to_another_library_as_a_file(desk):
    send(desk, PEOPLE, "patrons", profile="A社")
    press(desk, "/columns")
    press(desk, "/values", means_category_0="=一般", means_category_1="=-")
    press(desk, "/run")
    desk.get("/desk/import/profiles")
    assert "A社" in desk.text() and "利用者 2" in desk.text()
    content = desk.get(desk.page.find("a", string="書き出す")["href"]).data
    follow(desk, desk.get(desk.page.find("a", string="A社")["href"]))
    assert "区分「町外」" in desk.text() and "（この行を取り込まない）" in desk.text()
    action = desk.page.select_one("form[action*='/profiles/one']")["action"]
    follow(desk, desk.post(action, desk.form(action) | {"new": "甲社のシステム"}))
    assert "名前を「甲社のシステム」に変更しました。" in desk.text()
    send_profile(desk, content)
    assert "「A社」を新しく覚えます。" in desk.text() and "まだ何も変更していません。" in desk.text()
    press(desk, "/profiles")
    assert "「A社」の対応づけを取り込みました。" in desk.text()
    send_profile(desk, content)
    assert "いまの対応づけと同じです。" in desk.text() and not desk.page.select("main form")
    send_profile(desk, content.replace("一般".encode(), "児童".encode()))
    assert "「A社」を、次のように変えます。" in desk.text() and [
        cell.get_text(strip=True) for cell in desk.page.select("tbody tr > *")
    ] == ["区分「町外」", "利用者", "児童", "一般"]


def test_a_profile_is_removed_after_a_step(desk):
    assignments.remember("patrons", assignments.Assignments({"name": "x"}), "A社")
    desk.get("/desk/import/profiles/removal?name=A社")
    action = desk.page.select_one("form[action*='/profiles/removal']")["action"]
    follow(desk, desk.post(action, desk.form(action)))
    assert "「A社」の対応づけを消しました。" in desk.text() and "まだ何も覚えていません。" in desk.text()


@pytest.mark.parametrize("content", [b"", b"\xff", b'name = "a"\n[cats]\n'])
def test_a_file_that_is_no_profile_changes_nothing(content, desk):
    assert send_profile(desk, content).status_code == 422 and desk.page.select("#error-summary")
    assert desk.post("/desk/import/profiles", {"content": content}).status_code == 422
    assert not assignments.profiles()


# -- what a file can be ------------------------------------------------------------------------------------------------
def zipped(**inside):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in inside.items():
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize("packed", [zipped(本=TABLE), gzip.compress(TABLE)])
def test_a_file_may_come_packed(packed, desk):
    send(desk, packed, name="file.csv.gz")
    press(desk, "/columns")
    assert "読込 2" in desk.text()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "file.csv：ファイルが空です"),
        (b"\x00\x01\x02" * 99, "読めないファイルです"),
        (b"PK\x03\x04" + b"x" * 99, "圧縮ファイルが壊れて"),
        (gzip.compress(TABLE)[:-9], "圧縮ファイルが壊れて"),
        (zipped(**dict.fromkeys(map(str, range(21)), b"1")), "21個"),
        (zipped(**{"[Content_Types].xml": b"x", "a": b"y"}), "Excel"),
    ],
)
def test_an_unreadable_file_is_told_and_nothing_is_kept(content, words, desk, app):
    assert send(desk, content).status_code == 422
    assert words in desk.page.select_one("#error-summary").get_text() and Title.select().count() == 0


def test_a_file_too_long_packed_or_unpacked_is_refused(desk, app, monkeypatch):
    answer = send(desk, b"x" * (arrivals.LARGEST + 1))
    assert answer.status_code == 422 and "inbox" in desk.page.select_one("#error-summary").get_text()
    monkeypatch.setattr("library.files.archives.LARGEST", 100)
    assert send(desk, gzip.compress(b"x" * 101)).status_code == 422
    assert files(app) == []
    longer = desk.post("/desk/import", {"file": (io.BytesIO(b"x" * 10_000_000), "x")})
    assert longer.status_code == 413
    longer.request.environ["wsgi.input"].close()


def test_a_larger_file_is_offered_where_it_lies(desk, app):
    inbox = Path(app.instance_path) / runs.INBOX
    inbox.mkdir()
    (inbox / "大きい.csv").write_bytes(TABLE)
    (inbox / "link.csv").symlink_to(inbox / "大きい.csv")
    desk.get("/desk/import")
    assert [option["value"] for option in desk.page.select("[name=inbox]")] == ["大きい.csv"]
    answer = follow(desk, desk.post("/desk/import", desk.form("/desk/import") | {"inbox": "大きい.csv"}))
    assert answer.status_code == 200
    press(desk, "/columns")
    press(desk, "/run")
    assert Title.get().title == "こころ" and (inbox / "大きい.csv").exists()
    for name in ("../secret-key", "link.csv", "nothing"):
        assert desk.post("/desk/import", {"inbox": name}).status_code == 422
    os.utime(inbox / "大きい.csv", (0, 0))
    desk.get("/desk/import")
    assert not (inbox / "大きい.csv").exists()


def test_more_rows_than_a_page_takes_are_for_a_command(desk, monkeypatch):
    monkeypatch.setattr(runs, "MOST", 1)
    send(desk, TABLE)
    press(desk, "/columns")
    assert "flask catalog import FILE" in desk.text() and Title.select().count() == 0


def test_records_that_are_no_table_are_recognised_by_what_is_in_them(desk):
    send(desk, MARC)
    assert "はじめの1件" in desk.text() and "雪国" in desk.text() and not desk.page.select("select[name^=column_]")
    press(desk, "/columns")
    press(desk, "/run")
    assert Title.get().title == "雪国"


MARC = """<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>00000nam a2200000 i 4500</leader>
<controlfield tag="001">1</controlfield><controlfield tag="003">X</controlfield><datafield tag="245" ind1="1" ind2="0"><subfield code="a">雪国</subfield></datafield>
</record></collection>""".encode()


def test_the_encoding_of_a_file_is_said_and_can_be_chosen(desk):
    send(desk, marc_of("かがみの話", "cp932"))
    assert "いまはCP932" in desk.text() and "かがみの話" in desk.text()
    press(desk, "/columns", encoding="euc-jp")
    desk.get(desk.page.select_one("a[href$='/columns']")["href"])
    assert "いまはEUC-JP" in desk.text() and "かがみの話" not in desk.text()
    press(desk, "/columns", encoding="iso-2022-jp")
    assert "ISO-2022-JP" in desk.text()
    desk.get(desk.page.select_one("a[href$='/columns']")["href"])
    press(desk, "/columns", encoding="cp932")
    press(desk, "/run")
    assert Title.get().title == "かがみの話"


def test_records_that_do_not_say_their_source_are_asked_for_it(desk):
    send(desk, MARC.replace(b'<controlfield tag="003">X</controlfield>', b""))
    press(desk, "/columns")
    assert "出典（003）のない記録が1件あります" in desk.text() and not desk.page.select("form[action$='/run']  .main")
    desk.get(desk.page.select_one("a[href$='/columns']")["href"])
    press(desk, "/columns", source="甲社")
    press(desk, "/run")
    assert (Title.get().title, Title.get().source) == ("雪国", "甲社")


def marc_of(title, codec):
    return sources.marc(sources.Example(lines=["=LDR cam", "=001 1", "=003 X", f"=245 $a{title}"], packed=codec))


def test_a_table_of_hundreds_of_columns_is_none(desk):
    headings = ",".join(f"列{number}" for number in range(1_000))
    assert send(desk, f"書名,{headings}\nこころ\n".encode()).status_code == 422


@pytest.mark.parametrize("times", [20_000, 2_000_000])
def test_a_record_that_no_page_could_show_is_refused(times, desk):
    send(desk, MARC.replace("雪国".encode(), b"x" * times))
    answer = press(desk, "/columns")
    assert "記録が長すぎます" in desk.text() and len(answer.data) < 60_000
    assert not Title.select().exists()


def test_a_file_that_nobody_came_back_for_is_gone(desk, app):
    send(desk, TABLE)
    address = desk.address
    for path in folder(app).rglob("*"):
        os.utime(path, (time.time() - arrivals.KEPT - 60,) * 2)
    desk.get("/desk/import")
    assert files(app) == []
    assert desk.get(address).status_code == 422 and "時間が過ぎた" in desk.text()
    for token in ("x", "..%2fsecret-key", "a" * 22):
        for end in ("", "/columns", "/values", "/report"):
            assert desk.get(f"/desk/import/{token}{end}").status_code in (404, 422)


# -- long files --------------------------------------------------------------------------------------------------------
def long(rows):
    return ("書誌番号,書名\n" + "".join(f"{number},題{number}\n" for number in range(rows))).encode()


@pytest.mark.sqlite("a process of its own, which is given the file of the library")
def test_a_long_file_is_worked_on_by_a_process_of_its_own(desk, app, monkeypatch):
    monkeypatch.setattr(runs, "AT_ONCE", 10)
    send(desk, long(40))
    press(desk, "/columns")
    wait_for(desk)
    assert "新規 40" in desk.text() and Title.select().count() == 0
    press(desk, "/run")
    wait_for(desk)
    assert "取り込みました" in desk.text() and Title.select().count() == 40
    assert Audit.get(Audit.action == "import.titles").actor == "staff:kanri"


@pytest.mark.sqlite("a process of its own, which is given the file of the library")
def test_a_token_that_begins_with_a_hyphen_is_no_option_of_that_process(desk, app, monkeypatch):
    monkeypatch.setattr(runs, "AT_ONCE", 10)
    send(desk, long(40))
    token = "-m" + "a" * 20
    next(folder(app).glob("*/plan.json")).parent.rename(folder(app) / token)
    desk.get(f"/desk/import/{token}/columns")
    press(desk, "/columns")
    wait_for(desk)
    assert "新規 40" in desk.text()


def wait_for(desk):
    """Look until a run is over: its page has no 中止する then."""
    while desk.page.select("form[action$='/stop']"):
        desk.get(desk.address)


def at_work(desk, app, monkeypatch):
    """Arrange a run that somebody works on; return it with the lock."""
    send(desk, long(12_400))
    token = desk.address.split("/")[3]
    run = runs.Run(Path(app.instance_path), token)
    run.keep_state(runs.State("importing", 80_000, 12_400, time.time() - 22))
    return run, runs.lock(run.instance, token)


def test_the_progress_is_shown_again_and_again_until_it_is_over(desk, app, monkeypatch):
    run, lock = at_work(desk, app, monkeypatch)
    desk.get(f"/desk/import/{run.token}")
    assert "12,400 / 80,000行 あと約2分" in desk.text() and desk.page.select_one("form[action$='/stop']")
    assert desk.page.select_one("#progress")["data-hx-get"] == f"/desk/import/{run.token}/progress"
    shown = {"HX-Request": "true", "HX-Current-URL": f"http://localhost/desk/import/{run.token}"}
    part = desk.get(f"/desk/import/{run.token}/progress", headers=shown)
    assert "12,400 / 80,000行" in part.get_data(as_text=True) and "HX-Push-Url" not in part.headers
    run.keep_state(runs.State("importing", 80_000, began=time.time() - 22, looked_at=12_400))
    part = desk.get(f"/desk/import/{run.token}/progress", headers=shown).get_data(as_text=True)
    assert "はじめに、全体を読んでいます。" in part and "12,400 / 80,000行" in part and "あと約" not in part
    run.keep_state(runs.State("done", 80_000, 80_000))
    os.close(lock)
    part = desk.get(f"/desk/import/{run.token}/progress", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == f"/desk/import/{run.token}"
    assert desk.get(f"/desk/import/{run.token}/progress").status_code == 302


def test_one_is_worked_on_at_a_time(desk, app, monkeypatch):
    _, lock = at_work(desk, app, monkeypatch)
    send(desk, TABLE)
    press(desk, "/columns")
    assert "取り込みが動いています" in desk.text()
    os.close(lock)
    press(desk, "/columns")
    assert "読込 2" in desk.text()


def test_it_can_be_stopped_and_goes_on_when_it_is_read_in_again(desk, app, monkeypatch):
    run, lock = at_work(desk, app, monkeypatch)
    desk.get(f"/desk/import/{run.token}")
    press(desk, "/stop")
    run.begin(dry_run=False, rows=12_400)  # anew: that press is over
    written = runs.Run.keep_state

    def keep_state(self, state):
        written(self, state)
        if state.done:
            self.stop()

    monkeypatch.setattr(runs, "TELL_EVERY", 0)
    monkeypatch.setattr(runs.Run, "keep_state", keep_state)
    run.work(dry_run=False, now=clock.now(), by="staff:kanri")
    os.close(lock)
    assert Title.select().count() == 400, "the press is seen when the next part is done"
    desk.get(f"/desk/import/{run.token}")
    assert "中止しました。ここまでは取り込みました：読込 400" in desk.text()


def test_a_run_whose_process_died_says_so(desk, app, monkeypatch):
    run, lock = at_work(desk, app, monkeypatch)
    os.close(lock)
    desk.get(f"/desk/import/{run.token}")
    assert "途中で止まりました" in desk.text() and desk.page.select_one("form[action$='/run']")


def test_a_phone_in_three_columns_and_two_of_one_heading_are_put_where_they_belong(desk):
    head = "利用者番号,氏名,市外局番,局番,番号,メール,メール\n"
    send(desk, f"{head}0000002377570,山田,0575,22,6101,a@example.jp,b@example.jp\n".encode(), "patrons")
    own = dict.fromkeys(("市外局番", "局番", "番号"), "phone_home")
    choose(desk, own | {"メール（6列目）": "email1", "メール（7列目）": "email2"})
    press(desk, "/run")
    assert Patron.get().phone_home == "0575-22-6101"
    assert [row.address for row in PatronAddress.select()] == ["a@example.jp", "b@example.jp"]
