"""借りている資料: what a patron is told of each loan, and keeping it for longer."""

from datetime import timedelta

import pytest

from library import clock
from models import Audit, Loan
from tests import factories


@pytest.fixture
def today(moved_clock):
    return clock.today()


def button(browse, name):
    return browse.page.find("button", attrs={"aria-label": name})


def due(loan):
    return Loan.get_by_id(loan.id).due_on


def test_a_renewal_counts_from_today_and_the_button_told_the_day(signed_in, patron, today):
    loan = factories.loan(patron, today + timedelta(days=2))
    signed_in.get("/my/loans")
    assert "延長すると 12月9日(水) まで" in signed_in.text()
    assert not button(signed_in, "「こころ」を延長する").has_attr("disabled")
    assert signed_in.post(f"/my/loans/{loan.id}/renewal").location == "/my/loans"
    assert due(loan) == today + timedelta(days=14)
    signed_in.get("/my/loans")
    assert "「こころ」を延長しました。" in signed_in.page.find(role="status").get_text()
    assert "延長しました" in signed_in.page.find(id=f"loan-{loan.id}").get_text()
    signed_in.get("/my/loans")
    assert "延長しました" not in signed_in.page.find(role="status").get_text()
    assert "「こころ」を延長しました。" in signed_in.page.select_one(".undos .notice").get_text()


def test_acts_that_can_be_undone_take_the_place_of_one(signed_in, patron, today):
    for number in range(3):
        loan = factories.loan(patron, today + timedelta(days=2), title=factories.title(f"読本{number}"))
        signed_in.post(f"/my/loans/{loan.id}/renewal")
    signed_in.get("/my/loans")  # the answer
    signed_in.get("/my/loans")
    fold = signed_in.page.select_one(".undos details").extract()
    assert "「読本2」を延長しました。" in signed_in.page.select_one(".undos").get_text()
    assert fold.find("summary").get_text() == "ほかに2件を元に戻せます"
    assert len(fold.select(".notice button")) == 2
    assert len(signed_in.page.select(".undos .notice")) == 1


def test_a_renewal_that_would_be_refused_is_disabled_with_all_reasons_beside_it(signed_in, patron, today):
    title = factories.title()
    factories.hold(factories.patron(), title)
    loan = factories.loan(patron, today + timedelta(days=2), title=title, renewals=1)
    signed_in.get("/my/loans")
    refused = button(signed_in, "「こころ」を延長する")
    assert refused.has_attr("disabled")
    why = signed_in.page.find(id=refused["aria-describedby"]).get_text("。")
    assert "延長できるのは1回までです" in why
    assert "次の予約が入っているため" in why
    assert "次に待っている方がいます（1人）" in signed_in.text()
    assert signed_in.page.find("input", value=str(loan.id), type="checkbox").has_attr("disabled")
    assert signed_in.page.find("button", string="すべて延長する").has_attr("disabled")


def test_each_of_several_gets_its_answer(signed_in, patron, today):
    wanted = factories.title("注文の多い料理店")
    factories.hold(factories.patron(), wanted)
    first, second = (factories.loan(patron, today + timedelta(days=2), title=title) for title in (None, wanted))
    signed_in.get("/my/loans")
    assert signed_in.post("/my/loans/renewals", {"all": "1"}).location == "/my/loans"
    assert (due(first), due(second)) == (today + timedelta(days=14), today + timedelta(days=2))
    signed_in.get("/my/loans")
    notices = [notice.get_text(" ", strip=True) for notice in signed_in.page.select("#answer .notice")]
    assert notices[0].startswith("「こころ」を延長しました。 元に戻す（")
    assert notices[1:] == ["「注文の多い料理店」は延長できませんでした。"]
    assert "延長しました" in signed_in.page.find(id=f"loan-{first.id}").get_text()
    refused = signed_in.page.find(id=f"loan-{second.id}").get_text()
    assert "延長できませんでした" in refused
    assert "次の予約が入っているため、延長できません" in refused


def test_a_loan_that_was_just_renewed_stays_so_when_all_are_renewed(signed_in, patron, today):
    wanted = factories.title("注文の多い料理店")
    factories.hold(factories.patron(), wanted)
    titles = (factories.title("こころ"), factories.title("草枕"), wanted)
    first, second, refused = (factories.loan(patron, today + timedelta(days=2), title=title) for title in titles)
    signed_in.post(f"/my/loans/{first.id}/renewal")
    signed_in.get("/my/loans")
    signed_in.post("/my/loans/renewals", {"all": "1"})
    signed_in.get("/my/loans")
    tags = [
        signed_in.page.find(id=f"loan-{loan.id}").find(class_="tag").get_text() for loan in (first, second, refused)
    ]
    assert tags == ["延長しました", "延長しました", "延長できませんでした"]
    notices = [notice.get_text(" ", strip=True) for notice in signed_in.page.select(".notice")][:3]
    assert [notice.partition(" ")[0] for notice in notices] == [
        "「草枕」を延長しました。",
        "「注文の多い料理店」は延長できませんでした。",
        "「こころ」を延長しました。",
    ]
    assert ["元に戻す" in notice for notice in notices] == [True, False, True]
    assert not [
        form for form in signed_in.page.select("form[action*='/my/undo/']") if not form.find_parent(class_="notice")
    ]


def test_all_together_names_what_would_gain_little_and_leaves_it_for_one_press_of_its_own(signed_in, patron, today):
    soon = factories.loan(patron, today + timedelta(days=2), title=factories.title("草枕"))
    late = factories.loan(patron, today + timedelta(days=13))
    signed_in.get("/my/loans")
    assert "延長しても1日しか延びません" in signed_in.page.find(id=f"loan-{late.id}").get_text()
    signed_in.post("/my/loans/renewals", {"all": "1"})
    assert (due(soon), due(late)) == (today + timedelta(days=14), today + timedelta(days=13))
    signed_in.get("/my/loans")
    done, told = (notice.get_text(" ", strip=True) for notice in signed_in.page.select("#answer .notice"))
    assert done.startswith("「草枕」を延長しました。")
    assert told == "「こころ」は延長していません。延長しても1日しか延びません。延長する場合は1点ずつ押してください。"
    assert "延長していません" in signed_in.page.find(id=f"loan-{late.id}").get_text()
    assert signed_in.page.find("button", string="すべて延長する").has_attr("disabled")
    assert not button(signed_in, "「こころ」を延長する").has_attr("disabled")
    signed_in.post(f"/my/loans/{late.id}/renewal")
    assert due(late) == today + timedelta(days=14)


def test_many_that_would_gain_little_are_named_shortly(signed_in, patron, today):
    factories.loan(patron, today + timedelta(days=2), title=factories.title("草枕"))
    for _ in range(5):
        factories.loan(patron, today + timedelta(days=12))
    signed_in.get("/my/loans")
    signed_in.post("/my/loans/renewals", {"all": "1"})
    told = signed_in.get("/my/loans").page.find(role="status").get_text(" ", strip=True)
    assert "「こころ」「こころ」「こころ」ほか2点は延長していません。延長しても2日しか延びません。" in told


def test_where_all_would_gain_little_all_together_is_not_offered(signed_in, patron, today):
    factories.loan(patron, today + timedelta(days=13))
    signed_in.get("/my/loans")
    together = signed_in.page.find("button", string="すべて延長する")
    assert together.has_attr("disabled")
    assert "1点ずつ延長できます" in signed_in.page.find(id=together["aria-describedby"]).get_text()
    signed_in.post("/my/loans/renewals", {"all": "1"})
    told = signed_in.get("/my/loans").page.find(role="status")
    assert (
        told.get_text(strip=True)
        == "「こころ」は延長していません。延長しても1日しか延びません。延長する場合は1点ずつ押してください。"
    )


def test_only_the_ticked_are_renewed(signed_in, patron, today):
    first, second = (factories.loan(patron, today + timedelta(days=2)) for _ in range(2))
    signed_in.get("/my/loans")
    signed_in.post("/my/loans/renewals", {"loan": [str(second.id)]})
    assert (due(first), due(second)) == (today + timedelta(days=2), today + timedelta(days=14))


def test_nothing_ticked_renews_nothing_and_says_so(signed_in, patron, today):
    factories.loan(patron, today + timedelta(days=2))
    signed_in.get("/my/loans")
    signed_in.post("/my/loans/renewals")
    signed_in.get("/my/loans")
    assert "資料が選ばれていません" in signed_in.page.find(role="status").get_text()


def test_the_same_form_sent_again_changes_nothing_more(signed_in, patron, today):
    loan = factories.loan(patron, today + timedelta(days=2))
    signed_in.get("/my/loans")
    for _ in range(2):
        signed_in.post(f"/my/loans/{loan.id}/renewal")
    assert Loan.get_by_id(loan.id).renewals == 1


@pytest.mark.parametrize("what", ["renewal", "claim"])
def test_the_loan_of_another_is_not_there(signed_in, today, what):
    loan = factories.loan(factories.patron(), today - timedelta(days=2))
    assert signed_in.post(f"/my/loans/{loan.id}/{what}").status_code == 404
    assert signed_in.post("/my/loans/renewals", {"loan": [str(loan.id)]}).status_code == 404
    assert (due(loan), Loan.get_by_id(loan.id).trouble) == (today - timedelta(days=2), "")


def test_a_late_loan_can_be_claimed_to_be_back_and_is_then_asked_for_no_more(signed_in, patron, today):
    loan = factories.loan(patron, today - timedelta(days=2))
    factories.loan(patron, today + timedelta(days=2), title=factories.title("草枕"))
    signed_in.get("/my/loans")
    assert signed_in.page.find("a", attrs={"aria-label": "「草枕」を返しました"}) is None
    signed_in.get(signed_in.page.find("a", attrs={"aria-label": "「こころ」を返しました"})["href"])
    assert signed_in.h1() == "返却の申し出"
    assert Loan.get_by_id(loan.id).trouble == ""
    assert signed_in.post(f"/my/loans/{loan.id}/claim", signed_in.form()).location == "/my/loans"
    assert Loan.get_by_id(loan.id).trouble == "claimed"
    signed_in.get("/my/loans")
    assert "「こころ」の返却の申し出を受け付けました" in signed_in.text()
    row = signed_in.page.find(id=f"loan-{loan.id}").get_text()
    assert "返却の申し出を確認しています" in row
    assert "過ぎています" not in row
    assert not button(signed_in, "「草枕」を延長する").has_attr("disabled")
    assert Audit.get(Audit.action == "loan.claimed").details == {}


def test_volumes_of_one_title_are_told_apart(signed_in, patron, today):
    for volume in ("上", "下"):
        factories.loan(patron, today + timedelta(days=2), title=factories.title("明暗", volume=volume))
    signed_in.get("/my/loans")
    assert button(signed_in, "「明暗 上」を延長する")
    assert button(signed_in, "「明暗 下」を延長する")


def test_two_hundred_loans_are_one_page(signed_in, patron, today):
    for _ in range(200):
        factories.loan(patron, today + timedelta(days=2))
    signed_in.get("/my/loans")
    assert len(signed_in.page.select(".row-loan")) == 200
    signed_in.post("/my/loans/renewals", {"all": "1"})
    signed_in.get("/my/loans")
    assert "ほか197点を延長しました" in signed_in.page.find(role="status").get_text()
