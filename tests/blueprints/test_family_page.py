"""家族: one list of all, renewing it together, the cards; ticks of the child, and what they hide."""

import logging
from datetime import date, timedelta

import pytest

from library import clock
from models import FamilyTie, Loan, PatronAddress, Session, Undo
from tests import factories
from tests.blueprints.test_family import as_

BORN = {"birth_date": date(2010, 5, 5)}  # 16 years old


@pytest.fixture
def today(moved_clock):
    return clock.today()


@pytest.fixture
def child(app):
    return factories.patron(name="図書 桃子", **BORN)


@pytest.fixture
def tie(patron, child):
    return factories.tie(patron, child, may_renew=True, may_card=True)


def main(browse):
    return browse.page.find("main").get_text(" ", strip=True)


def sent(browse, action):
    """Return the values that a browser would send of a form, with each of the values of a name."""
    fields = browse.page.find("form", {"action": action}).find_all("input")
    chosen = [one for one in fields if one["type"] != "checkbox" or one.has_attr("checked")]
    return {one["name"]: [each["value"] for each in chosen if each["name"] == one["name"]] for one in chosen}


# -- the list --------------------------------------------------------------------------------------------------------
def test_loans_and_deadlines_of_all_stand_by_person_and_by_day(signed_in, patron, child, tie, today):
    factories.loan(child, today + timedelta(days=2), title=factories.title("ごん狐"))
    factories.loan(patron, today + timedelta(days=2), title=factories.title("こころ"))
    ready = {"state": "ready", "pickup_by": today + timedelta(days=5)}
    factories.hold(child, factories.title("手袋を買いに"), **ready)
    factories.hold(child, factories.title("銀河鉄道の夜"))
    signed_in.get("/my/family")
    assert signed_in.page.find("h1").get_text() == "家族"
    days = [day.get_text(" ", strip=True) for day in signed_in.page.select(".family-day > h2")]
    assert days == ["11月27日(金) あと2日", "11月30日(月) あと5日", "予約した資料"]
    names = [row.get_text() for row in signed_in.page.select(".family-days .row-title")]
    assert names == ["こころ", "ごん狐", "手袋を買いに"]
    sentence = signed_in.page.select_one(".today-sentence").get_text("", strip=True)
    assert sentence == "11月27日(金)に、ご本人・桃子さんの2点をお返しください。"
    assert [name.get_text() for name in signed_in.page.select(".member h2")] == ["ご本人", "桃子さん"]
    assert signed_in.page.select_one(".member-ready").get_text() == (
        "「手袋を買いに」を本館で受け取れます。11月30日(月)までです。"
    )
    fold = signed_in.page.select_one(".member-held details")
    assert fold.find("summary").get_text() == "予約した資料 1点" and "銀河鉄道の夜" in fold.get_text()


def test_own_holds_are_one_link(signed_in, patron, tie):
    factories.hold(patron)
    signed_in.get("/my/family")
    assert [link.get_text() for link in signed_in.page.select("main a[href='/my/holds']")] == [
        "予約した資料 1点",
        "ご本人 1点",
    ]


@pytest.mark.parametrize(("left", "words"), [(0, "今日、11月25日(水)に、"), (1, "明日、11月26日(木)に、")])
def test_a_near_date_of_the_family_is_today_or_tomorrow(signed_in, patron, tie, today, left, words):
    factories.loan(patron, today + timedelta(days=left))
    signed_in.get("/my/family")
    sentence = signed_in.page.select_one(".today-sentence").get_text("", strip=True)
    assert sentence == f"{words}ご本人の1点をお返しください。"
    assert signed_in.page.select_one(".family-row .days-soon").get_text() == words[:2]


@pytest.mark.parametrize(
    ("lent", "button", "fold"),
    [
        ((), None, None),
        ((2,), "1点を延長する", "延長する1点"),
        ((2, 3), "2点をまとめて延長する", "延長する2点"),
        ((2, 3, 13), "2点をまとめて延長する", "延長する2点と、できない1点の理由"),
        ((13,), None, "延長できない1点の理由"),
    ],
)
def test_the_box_counts_what_is_renewed_and_what_is_not(signed_in, patron, child, tie, today, lent, button, fold):
    for days in lent:
        factories.loan(patron, today + timedelta(days=days))
    signed_in.get("/my/family")
    found = signed_in.page.select_one(".family-box .button"), signed_in.page.select_one(".family-box summary")
    assert tuple(part and part.get_text() for part in found) == (button, fold)


def queries_of(browse, caplog):
    caplog.clear()
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        browse.get("/my/family")
    asked = [record.msg[0] for record in caplog.records if record.name == "peewee"]
    return [sql for sql in asked if not sql.startswith(("BEGIN", "COMMIT"))]


def test_a_family_of_ten_takes_no_query_more_than_one_child(signed_in, patron, child, tie, today, caplog):
    factories.loan(child, title=factories.title("ごん狐"))
    factories.hold(child, factories.title("銀河鉄道の夜"))
    signed_in.get("/my/family")
    few = queries_of(signed_in, caplog)
    for number in range(8):
        more = factories.patron(name=f"図書 {number}子")
        factories.tie(patron, more, may_renew=True, seen_on=today)
        factories.loan(more, title=factories.title(f"本{number}"))
        factories.hold(more, factories.title(f"予約{number}"))
    many = queries_of(signed_in, caplog)
    assert len(many) == len(few) <= 12, "\n".join(many)


def test_to_have_looked_is_seen_by_the_child(app, signed_in, patron, child, tie, today):
    theirs = as_(app, child)
    theirs.get("/my/family/ties")
    assert "まだ見ていません" in theirs.text()
    signed_in.get("/my/family")
    theirs.get("/my/family/ties")
    assert "最後に見た日：2026年11月25日(水)" in main(theirs)


# -- renewing --------------------------------------------------------------------------------------------------------
def test_all_that_was_shown_is_renewed_at_a_press_and_taken_back(signed_in, patron, child, tie, today):
    mine = factories.loan(patron, today + timedelta(days=2), title=factories.title("こころ"))
    theirs = factories.loan(child, today + timedelta(days=3), title=factories.title("ごん狐"))
    little = factories.loan(child, today + timedelta(days=13), title=factories.title("坊っちゃん"))
    signed_in.get("/my/family")
    shown = signed_in.page.select_one("#family-renewals").get_text(" ", strip=True)
    assert "「こころ」 11月27日(金) → 12月9日(水)" in shown and "「ごん狐」 11月28日(土) → 12月9日(水)" in shown
    assert "「坊っちゃん」 まとめて延長しません（延長しても1日しか延びません）" in shown
    assert "3点のうち2点を、12月9日(水)まで延長できます。" in main(signed_in)
    form = sent(signed_in, "/my/family/renewals")
    assert signed_in.post("/my/family/renewals", form).location == "/my/family"
    assert [Loan.get_by_id(loan.id).due_on for loan in (mine, theirs, little)] == [
        today + timedelta(days=14),
        today + timedelta(days=14),
        little.due_on,
    ]
    signed_in.get("/my/family")
    assert "2点を延長しました。" in main(signed_in)
    reasons = {
        row.get_text() for row in signed_in.page.select(".member .hint") if row.get_text().startswith("延長できません")
    }
    assert reasons == {"延長できません（延長できるのは1回までです）"}  # though the day would not change either
    undo = signed_in.page.find("button", string=lambda text: text and text.startswith("元に戻す"))
    signed_in.post(undo.find_parent("form")["action"])
    signed_in.get("/my/family")
    assert "元に戻しました" in main(signed_in)
    assert Loan.get_by_id(theirs.id).due_on == theirs.due_on


def test_a_loan_not_left_to_the_viewer_is_renewed_by_no_form(signed_in, patron, child, tie, today):
    FamilyTie.update(may_renew=False).execute()
    loan = factories.loan(child, today)
    signed_in.get("/my/family")
    assert not signed_in.page.select("main form")
    for sent_by_hand in ({"renewal": f"{loan.id}_{today + timedelta(days=14)}"}, {"whole": tie.id}):
        assert signed_in.post("/my/family/renewals", sent_by_hand).status_code == 422
        assert "延長をまかされていないか" in main(signed_in)
        assert Loan.get_by_id(loan.id).due_on == today
    assert signed_in.post("/my/family/renewals", {"renewal": "x"}).status_code == 404
    assert signed_in.post("/my/family/renewals", {"whole": "x"}).status_code == 404
    assert signed_in.post("/my/family/renewals").status_code == 422
    assert "延長できませんでした" in main(signed_in) and signed_in.page.select(".member")
    assert not Undo.select().exists()


def test_nobody_reserves_or_cancels_for_another(signed_in, child, tie, today):
    hold, loan = factories.hold(child), factories.loan(child)
    for address in (f"/my/holds/{hold.id}/cancel", f"/my/holds/{hold.id}/suspension", f"/my/holds/{hold.id}/yielding",
                    f"/my/loans/{loan.id}/renewal", f"/my/loans/{loan.id}/claim"):  # fmt: skip
        assert signed_in.post(address).status_code == 404, address
    signed_in.get("/my/family")
    assert not [link for link in signed_in.page.select("main a") if "/holds" in link["href"] or "/cart" in link["href"]]


# -- never seen ------------------------------------------------------------------------------------------------------
THEIRS = {
    "history": lambda child: factories.history(child, "ヒミツ"),
    "shelves": lambda child: factories.shelf(child, "ヒミツ", [factories.title("ヒミツの本")]),
    "cart": lambda child: factories.cart_row(child, factories.title("ヒミツ")),
    "e-books": lambda child: factories.ebook_loan(child, factories.ebook(factories.title("ヒミツ"))),
    "e-book line": lambda child: factories.ebook_hold(child, factories.ebook(factories.title("ヒミツ"))),
    "notices": lambda child: factories.mail(child, subject="ヒミツ", text="ヒミツ"),
    "questions": lambda child: factories.question(child, subject="ヒミツ"),
    "SDI": lambda child: factories.condition(child, name="ヒミツ"),
}


@pytest.mark.parametrize("what", THEIRS)
def test_it_is_never_seen(signed_in, child, tie, what):
    THEIRS[what](child)
    for address in ("/my/family", "/my/family/ties", "/my/family/cards", "/my/"):
        signed_in.get(address)
        assert "ヒミツ" not in signed_in.text(), address


# -- titles that are hidden ------------------------------------------------------------------------------------------
def test_of_who_shows_no_titles_dates_and_counts_are_left(app, signed_in, child, tie, today):
    factories.loan(child, today + timedelta(days=2), title=factories.title("ヒミツ", author="ナイショ"))
    factories.loan(child, today + timedelta(days=13), title=factories.title("ヒミツ2", author="ナイショ"))
    factories.hold(child, factories.title("ヒミツ3"), state="ready", pickup_by=today)
    factories.hold(child, factories.title("ヒミツ4"))
    theirs = as_(app, child)
    theirs.get("/my/family/ties")
    theirs.post(
        f"/my/family/ties/{tie.id}/ticks", {"allow": ["look", "renew"], "titles_shown": "y", "titles": "hidden"}
    )
    for address in ("/my/", "/my/family", "/my/family/ties", "/my/family/cards"):
        text = signed_in.get(address).text
        assert "ヒミツ" not in text and "ナイショ" not in text, address
    signed_in.get("/my/family")
    rows = [row.get_text(" ", strip=True) for row in signed_in.page.select(".family-row")]
    assert rows == [
        "予約 2点 一番近い受取期限 11月25日(水) 今日",
        "資料 2点 一番近い返却期限 11月27日(金) あと2日",
        "予約 2点 一番近い受取期限 桃 桃子さん",
        "資料 2点 一番近い返却期限 桃 桃子さん",
    ]
    assert "11月27日(金)に、桃子さんの資料をお返しください。" in main(signed_in)
    assert signed_in.page.select_one(".family-box .button").get_text() == "桃子さんの資料を延長する"
    assert signed_in.page.select_one("#family-renewals").get_text(" ", strip=True) == (
        "桃 桃子さん の資料 2点 （すべて延長できるときだけ）"
    )
    theirs.get("/my/family/ties")
    assert theirs.page.find("input", {"name": "titles"}).has_attr("checked")
    assert "延長をまかせるときは、まとめてだけ延長されます。" in main(theirs)


def test_a_child_who_is_too_young_is_not_offered_to_hide_titles(app, patron):
    child = factories.patron(birth_date=date(2015, 5, 5))
    tie = factories.tie(patron, child)
    theirs = as_(app, child)
    theirs.get("/my/family/ties")
    assert not theirs.page.find("input", {"name": "titles"})
    chosen = {"allow": "look", "titles_shown": "y", "titles": "hidden"}
    assert theirs.post(f"/my/family/ties/{tie.id}/ticks", chosen).status_code == 422
    assert "15歳から選べます" in main(theirs)


# -- ticks -----------------------------------------------------------------------------------------------------------
def test_three_ticks_are_off_at_first_and_stay_as_they_were_sent(app, patron, child):
    tie = factories.tie(patron, child, agreed_at=None)
    theirs = as_(app, child)
    theirs.get("/my/family/ties")
    ticks = {box.find_parent("label").get_text(): box for box in theirs.page.select("main input[name=allow]")}
    assert list(ticks) == ["見る", "延長をまかせる", "カードを見せる"]
    assert not any(box.has_attr("checked") for box in ticks.values())
    assert theirs.post(f"/my/family/ties/{tie.id}/agreement", {"allow": "card"}).status_code == 422
    assert theirs.page.select_one("input[value=card]").has_attr("checked")
    assert theirs.page.select_one(f"#error-summary a[href='#allow-{tie.id}']")
    theirs.post(f"/my/family/ties/{tie.id}/agreement", {"allow": ["look", "card"]})
    theirs.get("/my/family/ties")
    assert "借りている資料と予約を見せることにしました" in theirs.text()
    theirs.post(f"/my/family/ties/{tie.id}/ticks", {"allow": ["look"]})
    theirs.get("/my/family/ties")
    assert "見せるものを変更しました" in theirs.text()
    theirs.post(f"/my/family/ties/{tie.id}/ticks")
    theirs.get("/my/family/ties")
    assert "これからは見られません" in theirs.text() and FamilyTie.get().agreed_at is None
    theirs.post(f"/my/family/ties/{tie.id}/agreement", {"allow": "look"})
    assert FamilyTie.get().agreed_at


def test_the_viewer_gives_nobody_a_tick(signed_in, tie):
    FamilyTie.update(may_renew=False).execute()
    signed_in.get("/my/family/ties")
    for verb in ("ticks", "staying"):
        assert signed_in.post(f"/my/family/ties/{tie.id}/{verb}", {"allow": ["look", "renew"]}).status_code == 404
    assert not FamilyTie.get().may_renew


def test_a_letter_and_a_colour_are_the_viewers_choice(signed_in, tie):
    signed_in.get("/my/family/ties")
    assert signed_in.post(f"/my/family/ties/{tie.id}/drawing", {"label": "もも", "colour": "3"}).status_code == 422
    assert signed_in.page.select_one(f"#label-{tie.id}")["value"] == "もも" and "1文字にしてください" in main(signed_in)
    assert signed_in.post(f"/my/family/ties/{tie.id}/drawing", {"label": "も", "colour": "9"}).status_code == 422
    signed_in.post(f"/my/family/ties/{tie.id}/drawing", {"label": "も", "colour": "3"})
    signed_in.get("/my/family/ties")
    assert signed_in.page.select_one(".who-3.who-large").get_text() == "も"


def test_at_seventeen_the_child_says_on_the_page_that_it_goes_on(app, patron, moved_clock):
    child = factories.patron(birth_date=date(2008, 12, 20))
    tie = factories.tie(patron, child)
    theirs = as_(app, child)
    theirs.get("/my/family/ties")
    assert "12月20日(日)に終わります" in main(theirs)
    theirs.post(f"/my/family/ties/{tie.id}/staying")
    theirs.get("/my/family/ties")
    assert "18歳からも" in main(theirs) and FamilyTie.get().stays_on
    theirs.post(f"/my/family/ties/{tie.id}/staying")
    theirs.get("/my/family/ties")
    assert "いまは選べません" in main(theirs)


def test_my_library_asks_who_turned_fifteen(app, child, tie):
    FamilyTie.update(titles_asked_on=clock.today()).execute()
    theirs = as_(app, child)
    theirs.get("/my/")
    assert "借りている資料の書名を見せますか" in theirs.text()
    theirs.get("/my/family/ties")
    assert "までに選ばないときは、書名は見えなくなります" in main(theirs)
    theirs.post(f"/my/family/ties/{tie.id}/ticks", sent(theirs, f"/my/family/ties/{tie.id}/ticks"))
    theirs.get("/my/")
    assert "書名を見せますか" not in theirs.text()


def test_an_address_of_both_is_confirmed_by_its_patron_alone(app, signed_in, child):
    row = factories.address(child, "family@example.jp", titles_off=True)
    theirs = as_(app, child)
    theirs.get("/my/family/ties")
    assert "ご家族と同じメールアドレス" in theirs.text()
    signed_in.get("/my/family/ties")
    assert signed_in.post(f"/my/family/addresses/{row.id}/confirmation").status_code == 404
    theirs.post(f"/my/family/addresses/{row.id}/confirmation")
    theirs.get("/my/family/ties")
    assert "書名を載せます" in theirs.text() and not PatronAddress.get_by_id(row.id).titles_off


# -- cards -----------------------------------------------------------------------------------------------------------
def test_cards_of_those_who_show_them_stand_in_a_row(signed_in, patron, child, tie):
    other = factories.patron(name="図書 太郎")
    factories.tie(patron, other)
    signed_in.get("/my/family")
    assert signed_in.page.find("a", string="カードを並べる")
    signed_in.get("/my/family/cards")
    numbers = [number.get_text() for number in signed_in.page.select(".card-number")]
    assert numbers == [patron.card_number, child.card_number]
    assert other.card_number not in signed_in.text()


def test_no_card_stands_on_a_terminal(app, patron, child, tie):
    browse = as_(app, patron)
    browse.get("/my/")
    Session.update(terminal=True).execute()
    assert browse.get("/my/family/cards").status_code == 403
    assert child.card_number not in browse.text()
    browse.get("/my/family")
    assert not browse.page.find("a", string="カードを並べる")


@pytest.mark.parametrize("address", ["/my/family/renewals", "/my/loans/renewals/shown"])
@pytest.mark.parametrize("shown", [f"{'9' * 30}_2026-12-09", "x_2026-12-09", "1_2026-13-09", "-1_2026-12-09", "1"])
def test_a_renewal_of_what_is_no_loan_or_no_day_is_not_found(app, patron, address, shown):
    assert as_(app, patron).post(address, {"renewal": shown}).status_code == 404
