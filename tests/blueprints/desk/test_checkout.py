"""貸出 at the desk."""

from datetime import date, timedelta

import pytest

from library import clock
from library.account import registration
from models import Audit, CardNumber, Hold, Item, Loan, Patron
from tests import factories
from tests.pages import announced, form_data

CHECKOUT = "/desk/checkout"


def focused(page):
    return page.find(attrs={"autofocus": True})["name"]


def reasons(page):
    return [line.get_text() for line in page.select(".refusal li")]


def lend(desk, scan, card, item):
    scan(CHECKOUT, card=card.card_number)
    return scan(CHECKOUT, **form_data(desk.page.select_one("form.scan")) | {"item": item.barcode})


def lend_without_card(desk, scan, item):
    """As the scanner does on the page as it stands."""
    return scan(CHECKOUT, **form_data(desk.page.select_one("form.scan")) | {"item": item.barcode})


def test_lending_asks_for_the_card_first(desk):
    desk.get(CHECKOUT)
    labels = [label.get_text() for label in desk.page.select("main label")]
    assert labels == ["利用者番号", "資料番号"] and focused(desk.page) == "card"


def test_a_card_then_a_copy(desk, scan, card):
    item = factories.item(factories.title("草枕"))
    page = scan(CHECKOUT, card=card.card_number).page
    assert "佐藤 花子 さん" in desk.text() and focused(page) == "item"
    page = scan(CHECKOUT, card=card.card_number, item=item.barcode).page
    row = page.select_one("tbody tr")
    assert [cell.get_text(strip=True) for cell in row.find_all("td")] == [
        "10:42",
        item.barcode,
        "草枕夏目漱石",
        "12月9日(水)",
    ]
    assert focused(page) == "item" and Loan.get().due_on == date(2026, 12, 9)


@pytest.mark.parametrize("sent", ["A{}A", " {} ", "{}\r", "a{}b", "{}\r\n"])
def test_numbers_of_scanners_and_keyboards_are_understood(desk, scan, card, sent):
    item = factories.item()
    scan(CHECKOUT, card=sent.format(card.card_number))
    scan(CHECKOUT, card=card.card_number, item=sent.format(item.barcode))
    assert Loan.get().item == item


def test_full_width_digits_are_digits(desk, scan, card):
    item = factories.item()
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    scan(CHECKOUT, card=card.card_number.translate(wide), item=item.barcode.translate(wide))
    assert Loan.get().patron == card


def test_the_newest_stands_first_and_the_panel_counts(desk, scan, card):
    copies = [factories.item(factories.title(name)) for name in ("一", "二", "三")]
    for item in copies:
        page = scan(CHECKOUT, card=card.card_number, item=item.barcode).page
    assert [cell.b.get_text() for cell in page.select("td[data-l=書名]")] == ["三", "二", "一"]
    counts = [cell.get_text(strip=True) for cell in page.select(".side-counts dd")]
    assert counts == ["3／10", "0／10", "0"]


def test_a_copy_after_a_minute_is_lent_to_nobody_until_the_card_is_read_again(desk, scan, card, moved_clock):
    item = factories.item(factories.title("草枕"))
    scan(CHECKOUT, card=card.card_number)
    moved_clock.now += timedelta(seconds=59)
    lend_without_card(desk, scan, factories.item())
    moved_clock.now += timedelta(seconds=61)
    answer = lend_without_card(desk, scan, item)
    assert answer.status_code == 422 and focused(answer.page) == "card" and Loan.select().count() == 1
    assert announced(answer.page).startswith("だれに貸し出すかが決まっていません") and item.barcode in announced(
        answer.page
    )
    assert "佐藤" not in desk.text() and "さん" not in announced(answer.page)
    form = form_data(answer.page.select_one("form.scan"))
    assert (form["card"], form["item"]) == ("", item.barcode)
    page = scan(CHECKOUT, **form | {"card": card.card_number}).page
    assert announced(page) == "「草枕」を 佐藤 花子さん に貸し出しました。返却期限 12月9日(水)。2点目です。"


@pytest.mark.parametrize("way", ["/desk/returns", "/desk/renewals", "/desk/patrons"])
def test_the_card_is_read_again_after_another_page(desk, scan, card, way):
    page = scan(CHECKOUT, card=card.card_number).page
    form = form_data(page.select_one("form.scan"))
    desk.get(way)
    page = desk.get(CHECKOUT).page
    assert focused(page) == "card" and form_data(page.select_one("form.scan"))["card"] == ""
    item = factories.item()
    assert scan(CHECKOUT, **form | {"item": item.barcode}).status_code == 422 and not Loan.select().exists()
    lend(desk, scan, card, item)
    assert Loan.get().patron == card


def test_a_fetch_of_the_page_itself_does_not_ask_for_the_card(desk, scan, card):
    page = scan(CHECKOUT, card=card.card_number).page
    form = form_data(page.select_one("form.scan"))
    desk.get("/desk/offline/list", headers={"Sec-Fetch-Dest": "empty"})
    assert scan(CHECKOUT, **form | {"item": factories.item().barcode}).status_code == 200 and Loan.select().exists()


@pytest.mark.parametrize("field", ["card", "item"])
def test_a_card_that_is_read_again_goes_on_whatever_the_field(desk, scan, card, moved_clock, field):
    scan(CHECKOUT, card=card.card_number)
    moved_clock.now += timedelta(seconds=61)
    page = scan(CHECKOUT, **form_data(desk.page.select_one("form.scan")) | {field: card.card_number}).page
    assert announced(page) == "佐藤 花子さんの手続きを続けています。"
    lend_without_card(desk, scan, factories.item())
    assert Loan.get().patron == card


def test_a_wrong_number_after_a_minute_does_not_keep_the_last_person(desk, scan, card, moved_clock):
    page = scan(CHECKOUT, card=card.card_number).page
    moved_clock.now += timedelta(seconds=61)
    page = scan(CHECKOUT, **form_data(page.select_one("form.scan")) | {"item": "99887766"}).page
    answer = scan(CHECKOUT, **form_data(page.select_one("form.scan")) | {"item": factories.item().barcode})
    assert answer.status_code == 422 and not Loan.select().exists()


def test_a_form_that_is_sent_again_lends_nothing_twice(desk, scan, card):
    item = factories.item()
    scan(CHECKOUT, card=card.card_number)
    form = form_data(desk.page.select_one("form.scan")) | {"item": item.barcode}
    scan(CHECKOUT, **form)
    loan = Loan.get()
    Loan.update(returned_on=clock.today()).execute()
    answer = scan(CHECKOUT, **form)
    assert answer.status_code == 200 and Loan.select().count() == 1 and Loan.get().id == loan.id


def test_the_same_copy_scanned_twice_is_lent_once(desk, scan, card):
    item = factories.item(factories.title("草枕"))
    for words in (
        "「草枕」を 佐藤 花子さん に貸し出しました。返却期限 12月9日(水)。1点目です。",
        "「草枕」は、いま 佐藤 花子さん に貸し出したところです。",
    ):
        page = lend(desk, scan, card, item).page
        assert announced(page) == words
    assert len(page.select("tbody tr")) == 1 and Loan.select().count() == 1


def test_each_scan_is_answered_once(desk, scan, card):
    page = scan(CHECKOUT, card=card.card_number).page
    assert announced(page) == "佐藤 花子さんの手続きを始めます。"
    for number, name in enumerate(("一", "二"), start=1):
        page = scan(CHECKOUT, card=card.card_number, item=factories.item(factories.title(name)).barcode).page
        assert (
            announced(page) == f"「{name}」を 佐藤 花子さん に貸し出しました。返却期限 12月9日(水)。{number}点目です。"
        )
    assert announced(scan(CHECKOUT, card=card.card_number).page) == "佐藤 花子さんの手続きを続けています。"
    page = scan("/desk/checkout/undo", **form_data(desk.page.find("form", action="/desk/checkout/undo"))).page
    assert announced(page) == "「二」の貸出を取り消しました。"
    desk.get(CHECKOUT)
    assert announced(desk.page) == ""


def test_a_copy_that_was_lent_earlier_today_or_came_back_since_is_answered_so(desk, scan, card, moved_clock):
    item = factories.item(factories.title("草枕"))
    lend(desk, scan, card, item)
    form = form_data(desk.page.select_one("form.scan")) | {"item": item.barcode}
    scan(CHECKOUT, **form)
    scan("/desk/checkout/next")
    assert (
        announced(lend(desk, scan, card, item).page)
        == "「草枕」は、今日すでに 佐藤 花子さん に貸し出しています。返却期限 12月9日(水)。"
    )
    Loan.update(returned_on=clock.today(), request=f"{form['request']}:{item.id}:{item.id}").execute()
    page = scan(CHECKOUT, **form).page
    assert (
        announced(page) == "「草枕」は、貸し出したあとに返却されています。貸し出すときは、もう一度読み取ってください。"
    )


def test_a_card_in_the_field_of_copies_is_the_next_person(desk, scan, card):
    other = factories.patron(name="次の 人")
    scan(CHECKOUT, card=card.card_number)
    page = scan(CHECKOUT, card=card.card_number, item=other.card_number).page
    assert "次の 人 さん" in side(page) and "佐藤" not in desk.text()
    assert announced(page) == "次の 人さんに替わりました。"


def test_another_card_waits_while_a_refusal_is_not_decided(desk, scan, card):
    other = factories.patron(name="次の 人")
    factories.loan(card, clock.today() - timedelta(days=3))
    item = factories.item(factories.title("羅生門"))
    page = scan(CHECKOUT, card=card.card_number, item=item.barcode).page
    form = form_data(page.select_one("form.scan"))
    answer = scan(CHECKOUT, **form | {"item": other.card_number})
    assert answer.status_code == 422 and "佐藤 花子" in side(answer.page)
    assert announced(answer.page).startswith(
        "「羅生門」"
    ) and "先に確認を終えてください。次の 人さんのカードは、まだ受け付けていません。" in announced(answer.page)
    scan(CHECKOUT, **form_data(answer.page.select_one(".refusal form")) | {"why": "館長の了解"})
    assert (
        announced(scan(CHECKOUT, card=card.card_number, item=other.card_number).page) == "次の 人さんに替わりました。"
    )


def test_an_unknown_card_can_be_registered_with_its_number(desk, scan, card):
    answer = scan(CHECKOUT, card="A0000009999999A")
    assert answer.status_code == 422 and answer.page.find("input", {"name": "card"})["value"] == ""
    assert "0000009999999" in announced(answer.page) and focused(answer.page) == "card"
    link = next(link["href"] for link in answer.page.select(".refusal a"))
    page = desk.get(link).page
    assert page.find("input", {"name": "card_number"})["value"] == "0000009999999"


def test_a_lost_card_says_so_and_is_not_registered_anew(desk, scan, card):
    CardNumber.create(number="0000003000999", patron=card, kind="lost", until=clock.now())
    answer = scan(CHECKOUT, card="0000003000999")
    assert answer.status_code == 422 and "紛失の届け" in desk.text() and not answer.page.select(".refusal a")


def test_a_copy_without_a_person_is_not_lent(desk, scan, card):
    assert scan(CHECKOUT, item=factories.item().barcode).status_code == 422
    assert "先に利用者番号" in desk.text() and not Loan.select().exists()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("9784101092065", "これはISBN（本のバーコード）です。"),
        ("1920093012004", "その下のバーコード（192…）の番号です。"),
        ("0000003000999", "この番号のカードは、紛失の届けが出ています。"),
        ("0000009999999", "この利用者番号の利用者はいません。"),
        ("99887766", "この資料番号の資料はありません。"),
    ],
)
@pytest.mark.parametrize("field", ["card", "item"])
def test_each_kind_of_number_has_its_sentence(desk, scan, card, field, number, words):
    CardNumber.create(number="0000003000999", patron=card, kind="lost", until=clock.now())
    answer = scan(CHECKOUT, **{"card": card.card_number, field: number})
    words = words if (field, number) != ("card", "99887766") else "この利用者番号の利用者はいません。"
    assert answer.status_code == 422 and words in announced(answer.page)
    assert [link.get_text() for link in answer.page.select(".refusal a")] == (
        ["この番号で利用者を登録する"] if number == "0000009999999" else []
    )


def test_a_copy_that_is_read_before_the_card_waits_for_it(desk, scan, card):
    item = factories.item()
    page = scan(CHECKOUT, card=item.barcode).page
    assert "先に利用者番号" in announced(page) and not Loan.select().exists()
    scan(CHECKOUT, **form_data(page.select_one("form.scan")) | {"card": card.card_number})
    assert Loan.get().item == item


def test_an_unknown_copy_leaves_the_person_where_they_are(desk, scan, card):
    answer = scan(CHECKOUT, card=card.card_number, item="99887766")
    assert answer.status_code == 422 and "99887766" in desk.text() and "佐藤 花子" in desk.text()
    assert focused(answer.page) == "item"


def test_all_reasons_are_given_at_once(desk, scan, card):
    factories.loan(card, clock.today() - timedelta(days=3))
    card.state, item = "suspended", factories.item(state="repair")
    card.save()
    answer = scan(CHECKOUT, card=card.card_number, item=item.barcode)
    assert answer.status_code == 422 and len(reasons(answer.page)) == 3
    assert not Loan.select().where(Loan.item == item).exists()


def test_it_is_lent_all_the_same_with_a_reason_that_is_written_down(desk, scan, card):
    factories.loan(card, clock.today() - timedelta(days=3))
    item = factories.item()
    refused = scan(CHECKOUT, card=card.card_number, item=item.barcode)
    form = form_data(refused.page.select_one(".refusal form"))
    without = desk.post(CHECKOUT, form)
    assert without.status_code == 422 and "理由を入力してください" in desk.text()
    scan(CHECKOUT, **form | {"why": "館長の了解"})
    assert Loan.get(Loan.item == item).patron == card
    row = Audit.get(Audit.action == "loan.overridden")
    assert row.details["why"] == "館長の了解" and "こころ" not in str(row.details)


def test_a_refusal_that_nobody_can_override_offers_no_way(desk, scan, card):
    loan = factories.loan(factories.patron())
    answer = scan(CHECKOUT, card=card.card_number, item=loan.item.barcode)
    assert answer.status_code == 422 and not answer.page.select(".refusal form")
    assert answer.page.select_one(".refusal a")["href"] == "/desk/returns"


def test_a_held_copy_is_named_as_such(desk, scan, card):
    item = factories.item()
    factories.hold(factories.patron(), item.title, state="ready", item=item, on_shelf_on=clock.today())
    Item.update(aside=True).execute()
    answer = scan(CHECKOUT, card=card.card_number, item=item.barcode)
    assert reasons(answer.page) == ["ほかの方の予約のために取り置いている資料です。"]


def side(page):
    return page.find("section", attrs={"aria-label": "利用者"}).get_text(" ", strip=True)


def test_a_stopped_card_tells_the_staff_since_when_and_why(desk, scan, card):
    registration.suspend(card, "長期の延滞", by="staff:suzuki", now=clock.at(date(2026, 11, 2), 9))
    page = scan(CHECKOUT, card=card.card_number).page
    assert "利用停止中です（11月2日から。理由：長期の延滞）" in side(page) and "お問い合わせください" not in desk.text()
    answer = scan(CHECKOUT, card=card.card_number, item=factories.item().barcode)
    assert reasons(answer.page) == ["利用停止中です（11月2日から。理由：長期の延滞）。"]


def test_a_card_that_came_stopped_from_another_system_says_that_no_reason_is_known(desk, scan, card):
    registration.suspend(card, "長期の延滞", by="staff:suzuki", now=clock.at(date(2025, 11, 2), 9))
    registration.resume(card, by="staff:suzuki", now=clock.at(date(2025, 11, 3), 9))
    Patron.update(state="suspended", expires_on=date(2026, 11, 4)).execute()
    page = scan(CHECKOUT, card=card.card_number).page
    assert "利用停止中です（理由の記録はありません）" in side(page)
    assert "有効期限は 2026年11月4日(水)まででした" in side(page)


def test_an_overdue_loan_is_named_at_the_card(desk, scan, card):
    for number in range(7):
        day = clock.today() - timedelta(days=27 - number)
        factories.loan(card, day, title=factories.title(f"本{number}", volume="上"))
    factories.loan(card, clock.today(), title=factories.title("今日までの本"))
    factories.loan(card, clock.today() - timedelta(days=9), trouble="lost", title=factories.title("紛失の本"))
    page = scan(CHECKOUT, card=card.card_number).page
    late = [row.get_text(" ", strip=True) for row in page.select(".desk-side .notice-bad li")]
    assert (
        late[0] == "本0 上 27日延滞 10月29日(木)まで"
        and late[4].startswith("本4 上 23日延滞")
        and late[5:] == ["ほか 2点"]
    )
    assert "延滞している資料 7点" in side(page) and "延滞している資料が7点あります" in announced(page)


def test_holds_waiting_for_the_patron_stand_beside(desk, scan, card):
    factories.address(card, undeliverable_at=clock.now())
    item = factories.item(factories.title("銀河鉄道の夜"))
    factories.hold(card, item.title, state="ready", item=item, on_shelf_on=clock.today(), pickup_by=date(2026, 12, 2))
    scan(CHECKOUT, card=card.card_number)
    assert "受取可の予約が 1点あります" in desk.text() and "12月2日(水)まで" in desk.text()
    assert "メールが届いていません" in desk.text()
    lend(desk, scan, card, item)
    assert Hold.get().state == "collected"


def test_the_last_one_is_undone_and_only_once(desk, scan, card):
    first, second = factories.item(), factories.item()
    lend(desk, scan, card, first)
    page = lend(desk, scan, card, second).page
    form = form_data(page.find("form", action="/desk/checkout/undo"))
    scan("/desk/checkout/undo", **form)
    scan("/desk/checkout/undo", **form)
    assert [loan.item for loan in Loan.select()] == [first]
    assert [cell.get_text() for cell in desk.page.select("td[data-l=資料番号]")] == [first.barcode]


def test_a_loan_that_cannot_be_undone_gives_the_reason(desk, scan, card):
    page = lend(desk, scan, card, factories.item()).page
    Loan.update(renewals=1).execute()
    answer = scan("/desk/checkout/undo", **form_data(page.find("form", action="/desk/checkout/undo")))
    assert answer.status_code == 422 and len(reasons(answer.page)) == 1 and Loan.select().exists()


def test_the_next_person_sees_nothing_of_the_last(desk, scan, card):
    lend(desk, scan, card, factories.item())
    scan("/desk/checkout/next")
    assert "佐藤" not in desk.text() and card.card_number not in str(desk.page) and focused(desk.page) == "card"


def test_a_person_who_is_gone_for_ten_minutes_is_not_served_any_more(desk, scan, card, moved_clock):
    lend(desk, scan, card, factories.item())
    moved_clock.now += timedelta(minutes=11)
    desk.get(CHECKOUT)
    assert "佐藤" not in desk.text()


def test_that_a_card_was_opened_is_written_down_once(desk, scan, card):
    for _ in range(2):
        lend(desk, scan, card, factories.item())
    assert Audit.select().where(Audit.action == "patron.viewed", Audit.patron == card).count() == 1


@pytest.mark.parametrize("paper", ["", "?paper=a4"])
def test_the_slip_names_titles_and_days_and_no_person(desk, scan, card, paper):
    lend(desk, scan, card, factories.item(factories.title("遠野物語")))
    desk.get(f"/desk/checkout/slip{paper}")
    slip = desk.page.select_one(".slip").get_text()
    assert "遠野物語" in slip and "2026年12月9日(水)" in slip
    assert "佐藤" not in str(desk.page.main) and card.card_number not in str(desk.page.main)


def test_the_slip_speaks_the_language_of_the_patron_s_notices(desk, scan, card):
    Patron.update(notice_language="en").where(Patron.id == card.id).execute()
    lend(desk, scan, card, factories.item(factories.title("遠野物語")))
    desk.get("/desk/checkout/slip")
    slip = desk.page.select_one(".slip div")
    assert slip["lang"] == "en"
    assert "until Wed\u00a09\u00a0December 2026" in slip.get_text()


def test_htmx_gets_the_page_in_one_answer(desk, card):
    item = factories.item()
    desk.get(CHECKOUT)
    answer = desk.post(CHECKOUT, {"card": card.card_number, "item": item.barcode}, htmx=True)
    assert answer.status_code == 200 and answer.page.select_one("tbody tr") and "<html" not in answer.text
    again = desk.post(CHECKOUT, {"card": "12"}, htmx=True)
    assert again.status_code == 422


def test_a_desk_of_another_branch_lends_there(desk, scan, card):
    far = factories.branch("龍田")
    item = factories.item()
    desk.get("/desk/branch")
    desk.post("/desk/branch", {"branch": far.id, "next": CHECKOUT})
    desk.get(CHECKOUT)
    assert "龍田（館を変える）" in desk.text()
    lend(desk, scan, card, item)
    assert Loan.get().branch == far


def test_a_desk_that_chose_no_branch_is_told(desk):
    factories.branch("龍田")
    desk.get(CHECKOUT)
    assert "本館（館を変える）" in desk.text()
    desk.get("/desk/branch")
    assert desk.post("/desk/branch", {"branch": "x"}).location == "/desk/branch"


def test_without_a_branch_nothing_is_lent(browse, app):
    browse.be(factories.staff("desk"))
    assert browse.get(CHECKOUT).status_code == 409 and browse.h1() == "館の登録がありません"


def test_the_card_of_the_same_patron_during_a_refusal_asks_for_the_decision_alone(desk, scan, card):
    factories.loan(card, clock.today() - timedelta(days=3))
    item = factories.item(factories.title("羅生門"))
    form = form_data(scan(CHECKOUT, card=card.card_number, item=item.barcode).page.select_one("form.scan"))
    said = announced(scan(CHECKOUT, **form | {"item": card.card_number}).page)
    assert "先に確認を終えてください。" in said and "まだ受け付けていません" not in said


def test_a_copy_that_another_branch_is_to_fetch_is_lent_with_a_word_to_that_branch(desk, scan, card):
    there = factories.branch("東部")
    copy = factories.item(factories.title("羅生門"), branch=there, at_branch=there)
    factories.hold(factories.patron(name="次の 人"), copy.title, state="preparing", item=copy)
    said = announced(scan(CHECKOUT, card=card.card_number, item=copy.barcode).page)
    assert "「羅生門」を 佐藤 花子さん に貸し出しました。" in said
    assert "東部の「棚から集める」に出ている資料です。東部に知らせてください。" in said


def test_a_card_that_has_run_out_is_renewed_on_the_way_and_borrows(desk, scan, card):
    card.expires_on = clock.today() - timedelta(days=3)
    card.save()
    page = scan(CHECKOUT, card=card.card_number).page
    desk.get(page.find("a", accesskey="u")["href"])
    address = f"/desk/patrons/{card.id}/renew"
    answer = desk.post(address, desk.form(address))
    assert answer.location == "/desk/checkout"
    desk.get("/desk/checkout")
    said = announced(desk.page)
    assert "佐藤 花子さんの有効期限を延ばしました。" in said and "2031年11月25日(火)まで使えます。" in said
    assert side(desk.page).count(card.card_number) == 1


def test_the_last_loan_is_the_one_lent_last_and_not_one_scanned_again(desk, scan, card):
    early, late = factories.item(), factories.item()
    lend(desk, scan, card, early)
    scan("/desk/checkout/next")
    lend(desk, scan, card, late)
    page = lend(desk, scan, card, early).page
    assert [cell.get_text() for cell in page.select("td[data-l=資料番号]")] == [late.barcode, early.barcode]
    scan("/desk/checkout/undo", **form_data(page.find("form", action="/desk/checkout/undo")))
    assert [loan.item for loan in Loan.select()] == [early]


def test_a_loan_before_one_that_came_back_can_be_undone(desk, scan, card):
    first, second = factories.item(), factories.item()
    for item in (first, second):
        lend(desk, scan, card, item)
    scan("/desk/returns", item=second.barcode)
    scan(CHECKOUT, card=card.card_number)
    scan("/desk/checkout/undo", **form_data(desk.page.find("form", action="/desk/checkout/undo")))
    assert [loan.item for loan in Loan.select()] == [second]
