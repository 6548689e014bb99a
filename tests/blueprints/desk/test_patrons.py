"""利用者 at the desk."""

import re
from datetime import date

import pytest

from library import audit_words, clock
from library.account import registration
from library.numbers import cards
from models import Audit, CardNumber, Hold, Loan, Patron
from tests import factories
from tests.pages import Browser, form_data


@pytest.fixture
def desk(browse, app):
    browse.be(factories.staff("desk", login="suzuki"))
    factories.branch("本館")
    return browse


@pytest.fixture
def somebody(desk):
    return factories.patron(card_number="0000003000123", phone_home="096-123-4567")


def fact(desk, label):
    return next(
        row.find("dd").get_text() for row in desk.page.select(".facts > div") if row.find("dt").get_text() == label
    )


FILLED = {"name": "熊本 太郎", "name_kana": "くまもと たろう", "birth_date": "1990-05-06", "phone_home": ""}


def answer_of(desk):
    return "".join(desk.page.find(id="answer").get_text().split())


def heed_of(desk):
    return [" ".join(row.get_text().split()) for row in desk.page.select(".heed li")]


def search(desk, words):
    """Type words into the field and press 探す; the answer leads to the page."""
    desk.get("/desk/patrons")
    answer = desk.post("/desk/patrons", {"q": words})
    assert answer.status_code == 303
    return answer


def test_a_person_found_alone_is_opened_and_that_is_written_down(desk, somebody):
    answer = search(desk, "0123")
    assert answer.location == f"/desk/patrons/{somebody.id}"
    desk.get(answer.location)
    assert somebody.name in desk.text() and "生年月日" in desk.text()
    row = Audit.get(Audit.action == "patron.viewed")
    assert (row.actor, row.patron) == ("staff:suzuki", somebody)


def test_several_are_listed_and_nobody_is_said_to_be_nobody(desk, somebody):
    factories.patron()
    desk.get(search(desk, "トショ").location)
    assert len(desk.page.select("tbody tr")) == 2
    desk.get(search(desk, "いない").location)
    assert "見つかりませんでした" in desk.text()
    assert desk.page.find("label", {"for": "q"}).get_text() == "利用者を探す"


def test_a_patron_found_by_a_lost_card_is_listed_and_the_card_is_called_lost(desk, somebody):
    former = somebody.card_number
    registration.replace_card(somebody, "0000003000456", by="staff:suzuki", now=clock.now())
    for words in (former[-4:], former):
        desk.get(search(desk, words).location)
        (row,) = desk.page.select("tbody tr")
        assert "0000003000456" in row.get_text() and f"紛失したカード {former}" in row.get_text()


def test_a_patron_found_by_an_old_card_is_opened(desk, somebody):
    cards.add_old(somebody, "0000009876543", by="staff:suzuki", now=clock.now())
    assert search(desk, "6543").location == f"/desk/patrons/{somebody.id}"


def test_a_loan_is_shown_with_its_due_date(desk, somebody):
    factories.loan(somebody)
    desk.get(f"/desk/patrons/{somebody.id}")
    assert "こころ" in desk.text() and "11月27日(金)" in desk.text()


def test_a_person_is_registered_and_gets_a_slip(desk):
    desk.get("/desk/patrons/new")
    sent = desk.form("/desk/patrons/new")
    assert sent["card_number"] == "0000000000001"
    answer = desk.post("/desk/patrons/new", sent | FILLED)
    patron = Patron.get(Patron.name == "熊本 太郎")
    assert answer.status_code == 200 and patron.name_kana == "クマモト タロウ"
    assert "利用者を登録しました" in desk.text() and patron.card_number in desk.text() and "12月25日" in desk.text()


def test_somebody_who_may_have_a_card_is_registered_by_one_more_press(desk):
    known = factories.patron(name="熊本 太郎", name_kana="クマモト タロウ", birth_date=date(2000, 12, 25))
    desk.get("/desk/patrons/new")
    sent = desk.form("/desk/patrons/new") | FILLED | {"birth_date": "2000-12-25"}
    answer = desk.post("/desk/patrons/new", sent)
    assert answer.status_code == 422 and "同じ方かもしれません。" in desk.text() and Patron.select().count() == 1
    assert answer.page.select_one(".notice-care a")["href"] == f"/desk/patrons/{known.id}"
    assert answer.page.select_one(".button.main").get_text() == "別の方として登録する"
    row = Audit.get(Audit.action == "patron.searched")
    assert row.details == {"kind": "name", "hits": 1}
    again = form_data(answer.page.select_one("form.fields"))
    assert again["name"] == sent["name"]
    desk.post("/desk/patrons/new", again)
    assert Patron.select().where(Patron.name == known.name).count() == 2


def test_a_wrong_field_of_a_patron_is_told_and_typed_words_stay(desk):
    desk.get("/desk/patrons/new")
    answer = desk.post(
        "/desk/patrons/new", desk.form("/desk/patrons/new") | FILLED | {"birth_date": "いつか", "name": ""}
    )
    assert answer.status_code == 422 and not Patron.select().exists()
    assert desk.page.find("input", {"name": "birth_date"})["value"] == "いつか"
    assert {link["href"] for link in desk.page.select("#error-summary a")} == {"#name", "#birth_date"}


def test_the_form_names_its_patron_and_leads_back(desk, somebody):
    desk.get(f"/desk/patrons/{somebody.id}/edit")
    back = desk.page.select_one(".crumbs a")
    assert (desk.h1(), back.get_text(), back["href"]) == (
        "登録内容を変える", f"{somebody.name} さん", f"/desk/patrons/{somebody.id}"
    )  # fmt: skip


def test_fields_that_the_library_owns_can_be_changed(desk, somebody):
    desk.get(f"/desk/patrons/{somebody.id}/edit")
    sent = desk.form(f"/desk/patrons/{somebody.id}/edit")
    assert sent["name"] == somebody.name and sent["birth_date"] == "1978-08-08"
    answer = desk.post(f"/desk/patrons/{somebody.id}/edit", sent | {"phone_mobile": "090-1234-5678"})
    assert answer.location == f"/desk/patrons/{somebody.id}"
    assert Patron.get_by_id(somebody.id).phone_mobile == "090-1234-5678"


def test_the_desk_takes_titles_out_of_the_mails_of_who_asks_there(desk, somebody):
    desk.get(f"/desk/patrons/{somebody.id}")
    assert fact(desk, "メールの書名") == "載せる"
    address = f"/desk/patrons/{somebody.id}/edit"
    desk.get(address)
    sent = desk.form(address)
    assert sent.pop("titles_in_mail") == "y"
    desk.post(address, sent)
    assert not Patron.get_by_id(somebody.id).titles_in_mail
    desk.get(f"/desk/patrons/{somebody.id}")
    assert fact(desk, "メールの書名") == "載せない"
    kept = Audit.get(Audit.action == "patron.changed").details
    assert audit_words.details(kept) == "項目：メールの書名"


def edited(desk, patron, **changed):
    """Open the form of a patron and send it."""
    address = f"/desk/patrons/{patron.id}/edit"
    desk.get(address)
    return desk.post(address, desk.form(address) | changed)


def test_a_form_that_is_sent_as_it_came_changes_nothing(desk):
    odd = {"category": "友の会", "branch": None, "name": "髙橋 ハナコ", "phone_home": "0575-22-6101"}
    patron = factories.patron(**odd)
    assert edited(desk, patron).status_code == 303
    kept = Patron.get_by_id(patron.id)
    assert {name: getattr(kept, name) for name in odd} == odd
    assert not Audit.select().where(Audit.action == "patron.changed").exists()


def test_a_category_that_the_rules_lack_is_shown_with_a_warning_and_can_be_changed(desk, somebody):
    Patron.update(category="友の会").execute()
    desk.get(f"/desk/patrons/{somebody.id}/edit")
    offered = [option.get_text() for option in desk.page.select("#category option")]
    assert offered == ["一般", "児童", "団体", "友の会（貸出ルールにありません）"]
    assert desk.page.select_one("#category option[selected]")["value"] == "友の会"
    assert "「友の会」は、運用ルールの区分にありません" in desk.page.find(id="category-warnings").get_text()
    answer = edited(desk, somebody, name="")
    assert answer.status_code == 422 and desk.page.select_one("#category option[selected]")["value"] == "友の会"
    edited(desk, somebody, category="児童")
    assert Patron.get_by_id(somebody.id).category == "児童"
    assert edited(desk, somebody, category="友の会").status_code == 422
    assert "友の会" not in desk.get("/desk/patrons/new").text


def test_suspending_needs_a_reason(desk, somebody):
    desk.get(f"/desk/patrons/{somebody.id}")
    answer = desk.post(f"/desk/patrons/{somebody.id}/suspend", {"reason": ""})
    assert answer.status_code == 422 and "理由を入力してください" in desk.text()
    desk.post(f"/desk/patrons/{somebody.id}/suspend", {"reason": "長期の延滞"})
    desk.get(f"/desk/patrons/{somebody.id}")
    assert "利用停止中です（11月25日から。理由：長期の延滞）" in desk.text()
    desk.post(f"/desk/patrons/{somebody.id}/resume")
    assert Patron.get_by_id(somebody.id).state == "active"


def test_a_lost_card_gets_another_number(desk, somebody):
    desk.get(f"/desk/patrons/{somebody.id}")
    answer = desk.post(f"/desk/patrons/{somebody.id}/lost", {"number": "12"})
    assert answer.status_code == 422 and "13桁の数字）で入力" in desk.text()
    desk.post(f"/desk/patrons/{somebody.id}/lost", {"number": "A0000003000124A"})
    assert Patron.get_by_id(somebody.id).card_number == "0000003000124"


def test_a_new_number_is_asked_about_before_the_old_one_dies(desk, somebody):
    old = somebody.card_number
    desk.get(f"/desk/patrons/{somebody.id}/new-number")
    form = desk.page.find("form", action=f"/desk/patrons/{somebody.id}/new-number")
    assert desk.page.h1.get_text() == "なくしたので番号を替える"
    desk.get(desk.post(form["action"], {"number": "A0000003000124A"}).location)
    assert old in desk.text() and "0000003000124" in desk.text() and "元の番号には戻せません" in desk.text()
    assert (
        Patron.get_by_id(somebody.id).card_number == old
        and not CardNumber.select().where(CardNumber.kind == "lost").exists()
    )
    form = desk.page.find("form", action=f"/desk/patrons/{somebody.id}/lost")
    assert desk.post(form["action"], form_data(form)).location == f"/desk/patrons/{somebody.id}"
    assert Patron.get_by_id(somebody.id).card_number == "0000003000124"


@pytest.mark.parametrize(
    ("number", "why"),
    [("", "入力してください"), ("12", "13桁の数字）で入力"), ("own", "すでに登録されています")],
)
def test_a_number_that_no_card_can_have_is_refused_before_the_question(desk, somebody, number, why):
    number = somebody.card_number if number == "own" else number
    desk.get(f"/desk/patrons/{somebody.id}")
    answer = desk.get(desk.post(f"/desk/patrons/{somebody.id}/new-number", {"number": number}).location)
    field = desk.page.find("input", id="number")
    assert answer.status_code == 422 and why in desk.text() and field["aria-invalid"] == "true"
    assert not number or field["value"] == number
    assert Audit.select().where(Audit.action == "patron.viewed", Audit.patron == somebody).exists()


def test_a_small_service_leads_back_to_the_person(desk, somebody):
    desk.get(f"/desk/patrons/{somebody.id}/renew")
    desk.get(desk.post(f"/desk/patrons/{somebody.id}/renew").location)
    assert answer_of(desk) == "有効期限を2031年11月25日まで延ばしました。"


def test_a_release_shows_a_number_to_tell_once(desk, somebody):
    desk.get(f"/desk/patrons/{somebody.id}")
    desk.get(desk.page.find("a", string="ログインの待ち時間を解除する")["href"])
    assert desk.page.find("form", action=f"/desk/patrons/{somebody.id}/release")
    assert desk.post(f"/desk/patrons/{somebody.id}/release").status_code == 200
    number = desk.page.find(class_="one-time").get_text(strip=True)
    assert re.fullmatch(r"[0-9]{6}", number)
    assert "ログインの待ち時間を解除しました。" in desk.text()
    desk.get(f"/desk/patrons/{somebody.id}")
    assert number not in desk.text()
    assert Audit.select().where(Audit.action == "patron.released", Audit.patron == somebody).count() == 1


def test_a_new_initial_password_is_printed(desk, somebody):
    desk.get(f"/desk/patrons/{somebody.id}")
    desk.post(f"/desk/patrons/{somebody.id}/password")
    assert "はじめのパスワードを発行しました" in desk.text() and "月と日の4桁" in desk.text()
    assert Patron.get_by_id(somebody.id).password_hash == ""


def test_no_page_of_the_desk_tells_what_somebody_read(desk, somebody):
    factories.history(somebody, "秘密の本")
    desk.get(f"/desk/patrons/{somebody.id}")
    assert "秘密の本" not in str(desk.page)


def test_a_note_is_for_the_staff_alone(desk, somebody, app):
    desk.get(f"/desk/patrons/{somebody.id}")
    answer = desk.post(f"/desk/patrons/{somebody.id}/note", {"desk_note": "車いす\r\n代理の方が来る"})
    desk.get(answer.location)
    assert answer_of(desk) == "窓口メモを保存しました。"
    assert "代理の方が来る" in desk.page.find(id="memo").get_text()
    desk.get(f"/desk/patrons/{somebody.id}/note")
    assert desk.page.find("textarea", id="desk_note").get_text().strip() == "車いす\n代理の方が来る"
    desk.post("/desk/checkout", {"card": somebody.card_number})
    side = desk.get("/desk/checkout").page.find("section", attrs={"aria-label": "利用者"})
    assert "窓口メモ" in side.get_text() and "代理の方が来る" in side.get_text()
    theirs = Browser(app)
    theirs.sign_in(somebody)
    for address in ("/my/", "/my/profile", "/my/loans", "/my/holds"):
        theirs.get(address)
        assert "代理の方" not in theirs.text()
    desk.get(f"/desk/patrons/{somebody.id}")
    answer = desk.post(f"/desk/patrons/{somebody.id}/note", {"desk_note": "あ" * 300})
    assert answer.status_code == 422 and "255文字以内" in desk.page.find(id="desk_note-messages").get_text()
    assert desk.page.find("textarea", id="desk_note").get_text().strip() == "あ" * 300, "nothing typed is lost"


def test_holds_are_seen_and_cancelled_for_a_person(desk, somebody):
    hold = factories.hold(somebody, factories.title("草枕"))
    desk.get(f"/desk/patrons/{somebody.id}")
    link = next(
        link for link in desk.page.find("main").find_all("a") if "予約を取り消す" in "".join(link.get_text().split())
    )
    desk.get(link["href"])
    assert "草枕 予約中（1番目）です。" in desk.text() and Hold.get_by_id(hold.id).state == "waiting"
    form = desk.page.find("form", action=f"/desk/holds/{hold.id}/cancel")
    assert desk.post(f"/desk/holds/{hold.id}/cancel", form_data(form)).location == f"/desk/patrons/{somebody.id}"
    assert Hold.get_by_id(hold.id).state == "cancelled"


# -- the page of a person ------------------------------------------------------------------
def test_nothing_to_heed_shows_no_box(desk, somebody):
    desk.get(f"/desk/patrons/{somebody.id}")
    assert heed_of(desk) == []


def test_overdue_ready_and_expired_stand_first(desk, somebody):
    somebody.expires_on = date(2026, 11, 1)
    somebody.save()
    factories.loan(somebody, date(2026, 11, 20))
    factories.loan(somebody, date(2026, 11, 26))
    copy = factories.item(factories.title("武蔵野"), aside=True, aside_at="サ-07")
    factories.hold(
        somebody,
        copy.title,
        state="ready",
        item=copy,
        pickup_branch=factories.branch("本館"),
        pickup_by=date(2026, 12, 2),
    )
    desk.get(f"/desk/patrons/{somebody.id}")
    expired, late, ready, coming = heed_of(desk)
    assert expired.startswith("カードの有効期限が切れています。") and "更新する" in expired
    assert late.startswith("返却期限を5日過ぎた資料が1点あります。")
    assert ready.startswith("予約棚 サ-07 に「武蔵野」があります。 12月2日(水)まで") and "渡して貸し出す" in ready
    assert coming == "次の返却期限は、明日、11月26日(木)の1点です。"


def renewed(desk, somebody, **chosen):
    answer = desk.post(f"/desk/patrons/{somebody.id}/renewals", chosen)
    desk.get(answer.location)
    return answer_of(desk)


def test_loans_are_renewed_where_they_are_listed(desk, somebody):
    lent = [
        factories.loan(somebody, date(2026, 11, 27), title=factories.title(name)) for name in ("草枕", "門", "明暗")
    ]
    desk.get(f"/desk/patrons/{somebody.id}")
    assert renewed(desk, somebody, one=lent[0].id) == "「草枕」を延長しました。返却期限は12月9日(水)です。"
    assert renewed(desk, somebody, loan=[loan.id for loan in lent[1:]]) == "2点を延長しました。"
    assert {loan.due_on for loan in Loan.select()} == {date(2026, 12, 9)}
    assert renewed(desk, somebody) == "延長した資料はありません。"


def test_nobody_renews_the_loans_of_another_from_this_page(desk, somebody):
    other = factories.loan(factories.patron(), date(2026, 11, 27))
    desk.get(f"/desk/patrons/{somebody.id}")
    assert renewed(desk, somebody, one=other.id) == "延長した資料はありません。"
    assert Loan.get_by_id(other.id).due_on == date(2026, 11, 27)


def test_changed_columns_are_named(desk, somebody):
    desk.get(edited(desk, somebody, address="すずかけ市中央一丁目").location)
    assert answer_of(desk) == "住所を変更しました。"
    desk.get(edited(desk, somebody).location)
    assert answer_of(desk) == "変わったところはありません。"


def test_a_closed_card_has_no_procedures(desk, somebody):
    somebody.state = "closed"
    somebody.save()
    desk.get(f"/desk/patrons/{somebody.id}")
    assert "廃止したカードです。" in desk.text() and not desk.page.select(".icon-links")
    for what in ("renew", "release", "note", "suspend", "password"):
        assert desk.get(f"/desk/patrons/{somebody.id}/{what}").status_code == 409
        assert "もう使われていません" in desk.text() and not desk.page.main.select("form")
