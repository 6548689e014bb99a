"""はがき from the list of 督促."""

from datetime import date, timedelta

import pytest

from library import clock, policy
from library.lending import overdue, postcards
from models import Audit, Loan, LoanNotice, OutboxMail
from tests import factories

LIST, MAKE, SENT = "/desk/overdue", "/desk/overdue/postcards", "/desk/overdue/postcards/sent"
HOME = {"postal_code": "860-0001", "address": "すずかけ市中央一丁目2番3号"}


def late(days, title="草枕", **given):
    """A patron with something that should have come back so many days ago."""
    patron = factories.patron(**HOME | given)
    factories.loan(patron, clock.today() - timedelta(days=days), title=factories.title(title))
    return patron


def make(desk, *patrons, **given):
    desk.get(LIST)
    return desk.post(MAKE, desk.form(MAKE) | {"patron": [str(patron.id) for patron in patrons], "days": "1"} | given)


def cards(desk):
    return [card.get_text(" ", strip=True) for card in desk.page.select(".postcard")]


def ticked(desk):
    return [tick["aria-label"] for tick in desk.page.select("input[name=patron][checked]")]


def test_whom_no_mail_reaches_is_ticked_until_asked_at_the_stage_that_is_reached(desk):
    asked, reached, nowhere = (
        late(8, name="既済 太郎"),
        late(9, name="電子 花子"),
        late(9, name="住所 無子", address=""),
    )
    late(8, name="葉書 次郎")
    factories.address(reached)
    LoanNotice.create(
        loan=Loan.get(Loan.patron == asked), kind="overdue", due_on=clock.today() - timedelta(days=8), stage=7
    )
    desk.get(LIST)
    assert ticked(desk) == ["葉書 次郎 さんへ"]
    offered = {tick["value"] for tick in desk.page.select("input[name=patron]")}
    assert offered == {str(patron.id) for patron in (asked, reached)} | {desk.page.select_one("[checked]")["value"]}
    row = next(row.get_text(" ", strip=True) for row in desk.page.select("tbody tr") if nowhere.name in row.get_text())
    assert "住所なし" in row and "7日の督促済み" in desk.text()


def test_a_card_has_name_address_and_a_number_and_no_title(desk):
    patron = late(8)
    factories.loan(patron, clock.today() - timedelta(days=10), title=factories.title("門"))
    policy.put("address", "すずかけ市本町1番"), policy.put("phone", "096-000-0000")
    make(desk, patron)
    (card,) = cards(desk)
    for words in (
        "〒860-0001",
        HOME["address"],
        "図書 花子 様",
        "2点",
        "2026年11月15日(日)",
        "すずかけ市本町1番",
        "096-000-0000",
    ):
        assert words in card
    assert "草枕" not in desk.page.text and "保護者" not in card and patron.card_number not in card
    assert Audit.get(Audit.action == "overdue.postcards_made").details == {"count": 1}


def test_titles_stand_there_only_by_the_rule_and_for_who_has_them_in_mails(desk):
    policy.put("postcard_titles", True)
    many = late(8, name="甲", name_kana="ア")
    for number in range(postcards.MOST_TITLES):
        factories.loan(many, clock.today() - timedelta(days=7), title=factories.title(f"本{number}"))
    make(desk, many, late(8, "道草", name="乙", titles_in_mail=False))
    first, second = cards(desk)
    assert "草枕" in first and "ほか 1点" in first and f"{postcards.MOST_TITLES + 1}点" in first
    assert "道草" not in second


@pytest.mark.parametrize(
    ("given", "words", "absent"),
    [
        ({"birth_date": date(2011, 11, 26)}, "図書 花子 様 保護者様", "御中"),
        ({"birth_date": date(2011, 11, 25)}, "図書 花子 様", "保護者様"),
        (
            {"birth_date": None, "category": "団体", "guardian_name": "山田 薫"},
            "図書 花子 御中 ご担当 山田 薫 様",
            "保護者様",
        ),
        ({"birth_date": None}, "図書 花子 様", "保護者様"),
    ],
)
def test_a_child_s_card_is_for_the_guardian_and_a_group_s_for_who_is_in_charge(desk, given, words, absent):
    policy.put("categories", ["一般", "児童", "団体"]), policy.put("group_categories", ["団体"])
    make(desk, late(8, **given))
    assert words in cards(desk)[0] and absent not in cards(desk)[0]


def test_four_cards_stand_on_a_sheet_of_a4(desk):
    patrons = [late(8, name=f"図書 {number}") for number in range(5)]
    make(desk, *patrons, paper="a4")
    assert [len(sheet.select(".postcard")) for sheet in desk.page.select(".postcards-a4")] == [4, 1]
    make(desk, *patrons, paper="?")
    assert len(desk.page.select(".postcards-card")) == 5


def test_a_patron_without_an_address_is_named_and_left_out(desk):
    make(desk, late(8), late(8, name="住所 無子", address=""))
    assert len(cards(desk)) == 1 and "住所の登録がない方（1人）" in desk.text() and "住所 無子 さん" in desk.text()
    make(desk, late(8, name="住所 無男", address=""))
    assert cards(desk) == [] and "はがきを出した" not in desk.text()


def test_nobody_ticked_is_told_on_the_list(desk):
    late(8)
    desk.get(make(desk, patron="x").location)
    assert "選ばれていません" in desk.page.select_one("#error-summary [role=alert]").get_text()


def test_a_card_that_was_sent_counts_as_the_stage_and_no_mail_follows_until_the_next(desk, moved_clock):
    patron = late(8)
    factories.address(patron)
    make(desk, patron)
    assert not LoanNotice.select().exists()
    answer = desk.post(SENT, desk.form(SENT))
    desk.get(answer.location)
    assert "1人へのはがきを出した" in desk.text() and "7日の督促済み" in desk.text()
    assert (LoanNotice.get().stage, LoanNotice.get().mail) == (7, None)
    assert Audit.get(Audit.action == "overdue.postcard_sent").patron == patron
    assert overdue.queue(now=clock.now())["mails"] == 0
    moved_clock.now += timedelta(days=6)
    assert overdue.queue(now=clock.now())["mails"] == 1 and OutboxMail.get().patron == patron


def test_a_loan_returned_meanwhile_is_not_marked_and_twice_is_once(desk):
    patron = late(8)
    make(desk, patron)
    sent = desk.form(SENT)
    for _ in range(2):
        desk.post(SENT, sent)
    assert LoanNotice.select().count() == 1
    LoanNotice.delete().execute()
    Loan.update(returned_on=clock.today()).execute()
    desk.get(desk.post(SENT, sent).location)
    assert not LoanNotice.select().exists() and "記録するものがありません" in desk.text()
