"""雑誌 at the desk: the next issue received by a press and a scan, and a serial written down, ended and taken up."""

from datetime import timedelta

import pytest

from library import clock
from library.serials import issues
from models import Branch, Issue, Item, Serial, SerialCopies, Title
from tests import factories

BY = "staff:desk"


@pytest.fixture
def serial(desk):
    return made("こどもの科学室")


def made(name, number=1, **given):
    usual = {"interval": "monthly", "began_on": clock.today() - timedelta(days=400)}
    row = Serial.create(name=name, **usual | given)
    if number:
        SerialCopies.create(serial=row, branch=Branch.get(), number=number)
    return row


def came(serial, name="2026年12月号", days=20, number="", **given):
    number = number or f"77{serial.id:04}{days:03}"
    at = clock.now() - timedelta(days=days)
    return issues.receive(serial.id, name, number, branch=Branch.get(), by=BY, now=at, **given)


def words(desk):
    return desk.text().replace(" ", "").replace("\n", "").replace("\u3000", "")


def press(desk, name):
    """Open the row of an issue, as its button does."""
    button = desk.page.find("button", attrs={"aria-label": f"「{name}」を受け入れる"})
    form = desk.form(desk.page.find("form", id=button["form"])["action"]) | {button["name"]: button["value"]}
    return desk.get("/desk/serials", query_string=form)


def scan(desk, number, **more):
    """Read a number into the open row, and go where that leads."""
    form = desk.page.select_one("form.got")
    sent = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
    answer = desk.post(form["action"], sent | {"barcode": number} | more)
    return desk.get(answer.location) if answer.status_code == 303 else answer


# -- the lists -------------------------------------------------------------------------------------------------------
def test_late_serials_stand_above_and_the_others_by_their_day(desk):
    came(made("月刊 天文"), "2026年11月号", days=50)
    came(made("園芸手帖"), days=31)
    came(made("短歌の庭"), days=10)
    made("新聞", interval="daily")
    made("よその館の雑誌", number=0)
    desk.get("/desk/serials")
    text = words(desk)
    assert "届いていない雑誌1誌" in text and "2026年12月号が届いていません。" in text and "50日です" in text
    assert "受け入れている雑誌3誌" in text and "号ごとに登録しません" in text and "よその館の雑誌" not in text
    names = [row.a.get_text() for row in desk.page.select(".serials tbody th")]
    assert names == ["園芸手帖", "短歌の庭", "新聞"]
    desk.get("/desk/serials?name=たんか&list=name")
    assert [row.a.get_text() for row in desk.page.select(".serials tbody th")] == []
    desk.get("/desk/serials?name=短歌&list=name")
    assert [row.a.get_text() for row in desk.page.select(".serials tbody th")] == ["短歌の庭"]
    desk.get("/desk/serials?list=others")
    assert "よその館の雑誌" in words(desk) and "この館では受け入れていません" in words(desk)


def test_late_serials_are_counted_in_the_menu_and_among_the_work_of_the_day(desk, serial):
    came(serial, days=46)
    desk.get("/desk/")
    assert "1誌届いていない雑誌" in words(desk)
    came(serial, "2027年1月号", days=45)
    desk.get("/desk/")
    assert "届いていない雑誌" not in words(desk)


# -- receiving -------------------------------------------------------------------------------------------------------
def test_a_press_and_a_scan_receive_the_next_issue_and_lead_to_the_next_row(desk, serial):
    came(serial, days=30)
    came(made("短歌の庭"), days=29)
    desk.get("/desk/serials")
    press(desk, "こどもの科学室 2027年1月号")
    assert "2027年1月号のバーコードを読んでください。" in words(desk)
    assert desk.page.find(id="barcode").has_attr("autofocus")
    scan(desk, "7700001")
    assert "『こどもの科学室』2027年1月号を受け入れました。7700001。2026年12月号は、今日から貸し出せます。" in words(
        desk
    )
    assert desk.page.find("button", autofocus=True)["aria-label"] == "「短歌の庭 2027年1月号」を受け入れる"
    assert Item.get(Item.barcode == "7700001").title.volume == "2027年1月号"


def test_a_second_copy_is_read_into_the_same_row(desk):
    came(made("短歌の庭", number=2), days=29)
    desk.get("/desk/serials")
    press(desk, "短歌の庭 2027年1月号")
    scan(desk, "7700001")
    assert "あと1点を読み取ってください。" in words(desk) and desk.page.select_one("form.got")
    scan(desk, "7700002")
    assert not desk.page.select_one("form.got") and Issue.select().count() == 2


def test_a_receipt_is_undone(desk, serial):
    came(serial)
    desk.get(f"/desk/serials?open={serial.id}")
    scan(desk, "7700001")
    item = Item.get(Item.barcode == "7700001")
    action = f"/desk/serials/issues/{item.id}/undo"
    desk.get(desk.post(action, desk.form(action)).location)
    assert "「こどもの科学室2027年1月号」の受け入れを取り消しました。" in words(desk)
    assert not Title.select().where(Title.volume == "2027年1月号").exists()
    desk.get(desk.post(action).location)
    assert "取り消せませんでした。" in words(desk)


def test_a_number_that_is_taken_is_refused_in_the_row_and_the_name_stays(desk, serial):
    number = came(serial).item.barcode
    desk.get(f"/desk/serials?open={serial.id}&as=name")
    answer = scan(desk, number, name="2027年新年号")
    assert answer.status_code == 422 and "すでに登録されています" in words(desk)
    assert desk.page.find("input", attrs={"name": "name", "id": "name"})["value"] == "2027年新年号"
    assert desk.page.find(id="barcode").has_attr("autofocus") and Issue.select().count() == 1


@pytest.mark.parametrize(
    "way, name, kind",
    [
        ("double", "2027年1・2月合併号", "double"),
        ("extra", "2026年12月号増刊", "extra"),
        ("name", "2027年1月号", "single"),
    ],
)
def test_an_issue_is_received_as_it_is_named(desk, serial, way, name, kind):
    came(serial)
    desk.get(f"/desk/serials?open={serial.id}&as={way}")
    scan(desk, "7700001")
    issue = Issue.select().order_by(Issue.position.desc()).first()
    assert (issue.name, issue.kind) == (name, kind)


def test_a_double_issue_whose_name_nothing_tells_is_named_by_hand(desk):
    serial = made("庭の四季", interval="quarterly")
    came(serial, "冬号")
    desk.get(f"/desk/serials?open={serial.id}&as=double")
    field = desk.page.find(id="name")
    assert field["value"] == "" and field.has_attr("autofocus")
    scan(desk, "7700001", name="春・夏号")
    assert Issue.get(Issue.name == "春・夏号").kind == "double"


def test_the_first_issue_is_named_by_hand(desk, serial):
    desk.get(f"/desk/serials?open={serial.id}")
    assert desk.page.find("input", id="name").has_attr("autofocus")
    assert scan(desk, "7700001").status_code == 422
    assert "号の名前を入力してください" in words(desk)
    assert scan(desk, "", name="創刊号").status_code == 200  # Enter, after the name
    assert "創刊号のバーコードを読んでください。" in words(desk) and desk.page.find(id="barcode").has_attr("autofocus")
    assert scan(desk, "").status_code == 422
    scan(desk, "7700001")
    assert "創刊号を受け入れました。" in words(desk)


def test_two_who_receive_the_same_issue_get_one(desk, serial):
    came(serial)
    desk.get(f"/desk/serials?open={serial.id}")
    came(serial, "2027年1月号", days=0, number="7700009")
    assert scan(desk, "7700001").status_code == 422
    assert "もう受け入れてあります" in words(desk) and not Item.select().where(Item.barcode == "7700001").exists()


# -- a serial --------------------------------------------------------------------------------------------------------
TYPED = {"name": "園芸手帖", "issn": "2900-1234", "keep_years": "3", "acquired_how": "寄贈", "lends_newest": "y"}


def test_a_serial_is_registered_changed_ended_and_taken_up(desk):
    branch = Branch.get()
    desk.get("/desk/serials/new")
    form = desk.form("/desk/serials/new")
    assert (form["interval"], form[f"copies-{branch.id}"]) == ("monthly", "1")
    answer = desk.post("/desk/serials/new", form | TYPED | {f"copies-{branch.id}": "2"})
    serial = Serial.get()
    assert answer.location == f"/desk/serials/{serial.id}"
    desk.get(answer.location)
    assert "雑誌を登録しました。" in words(desk) and "保存年限3年" in words(desk) and "本館2部" in words(desk)
    edit = f"/desk/serials/{serial.id}/edit"
    desk.get(edit)
    desk.get(desk.post(edit, desk.form(edit) | {"interval": "daily"}).location)
    assert "変更しました。" in words(desk) and "日刊は、号ごとに登録しません。" in words(desk)
    assert "最新号" not in words(desk)
    assert Serial.get().lends_newest
    end, again = f"/desk/serials/{serial.id}/end", f"/desk/serials/{serial.id}/resumption"
    desk.get(end)
    desk.get(desk.post(end, desk.form(end)).location)
    assert "休刊にしました。" in words(desk) and Serial.get().ended_on == clock.today()
    desk.get(desk.post(again, desk.form(again)).location)
    assert "復刊にしました。" in words(desk) and Serial.get().ended_on is None


def test_a_serial_without_issues_is_deleted_and_one_with_an_issue_stays(desk, serial):
    page = f"/desk/serials/{serial.id}"
    step = f"{page}/deletion"
    desk.get(page)
    assert desk.page.find("a", href=step)
    desk.get(step)
    form, got = desk.form(step), came(serial, days=0)
    desk.get(desk.post(step, form).location)
    assert "削除していません。号を受け入れた雑誌です。" in words(desk) and not desk.page.find("a", href=step)
    issues.take_back(got.item.id, by=BY, now=clock.now())
    answer = desk.post(step, form)
    desk.get(answer.location)
    assert answer.location == "/desk/serials" and "雑誌を削除しました。" in words(desk)
    assert not Serial.select().exists() and not SerialCopies.select().exists()


def test_wrong_fields_of_a_serial_are_refused_and_stay(desk):
    number = f"copies-{Branch.get().id}"
    desk.get("/desk/serials/new")
    answer = desk.post(
        "/desk/serials/new", desk.form("/desk/serials/new") | TYPED | {"issn": "2900-1235", number: "99"}
    )
    assert answer.status_code == 422 and "本館の部数" in words(desk)
    assert desk.page.find(id=number)["value"] == "99" and desk.page.find(id="issn")["value"] == "2900-1235"
    assert not Serial.select().exists()


def test_a_serial_is_registered_once_and_another_of_its_name_with_its_publisher(desk):
    desk.get("/desk/serials/new")
    form = desk.form("/desk/serials/new") | TYPED
    assert desk.post("/desk/serials/new", form).status_code == 303
    answer = desk.post("/desk/serials/new", form)
    assert answer.status_code == 422 and "同じ誌名の雑誌が登録されています。" in words(desk)
    assert desk.post("/desk/serials/new", form | {"publisher": "庭の会", "issn": ""}).status_code == 303
    assert Serial.select().count() == 2


def test_the_issues_of_a_serial_lead_to_their_titles(desk, serial):
    title = came(serial).issue.title_id
    factories.branch("中央", position=1)
    desk.get(f"/desk/serials/{serial.id}")
    assert desk.page.find("a", href=f"/desk/titles/{title}").get_text() == "2026年12月号"
