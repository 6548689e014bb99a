"""予約かご: what goes in, choosing, reserving, and having it back; and the buttons in lists that lead to it."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from library import policy
from models import CartRow, Hold, HoldGroup, Patron, Undo
from tests import factories
from tests.conftest import NOW
from tests.pages import Browser, form_data

CHOICE = {"contact_method": "none", "order": ""}


@pytest.fixture
def titles(db):
    """Three volumes, each with a copy that is in."""
    return [factories.catalogued("明暗", volume=volume, copies=1) for volume in "上中下"]


@pytest.fixture
def filled(patron, titles):
    for position, title in enumerate(titles, start=1):
        factories.cart_row(patron, title, position=position)
    return titles


def ids(titles):
    return [str(title.id) for title in titles]


def action(browse, title):
    return browse.page.find(id=f"action-{title.id}")


def filled_in(browse, titles, **given):
    """The form of the cart as a browser sends it."""
    browse.get("/my/cart")
    data = browse.form("/my/cart") | {"title": ids(titles)} | given
    return {name: value for name, value in data.items() if value is not None}


def reserve(browse, titles, **given):
    return browse.post("/my/cart", filled_in(browse, titles, **given))


def take_back(browse):
    """Press 元に戻す of the page."""
    form = next(form for form in browse.page.find_all("form") if form["action"].startswith("/my/undo/cart/"))
    return browse.post(form["action"], form_data(form))


def test_holds_are_placed_with_a_time_in_which_they_are_not_collected(signed_in, patron, filled):
    for typed, words in (("2026-11-25", "今日より後の日"), ("あした", "日付として読めません")):
        answer = reserve(signed_in, filled[:1], **CHOICE | {"suspended_until": typed})
        assert answer.status_code == 422
        assert words in answer.page.find(id="suspended_until-messages").get_text()
        assert answer.page.find("input", id="suspended_until")["value"] == typed
        assert answer.page.find("input", id="suspended_until").find_parent("details").has_attr("open")
    assert reserve(signed_in, filled[:1], **CHOICE | {"suspended_until": "2026-12-20"}).location == "/my/cart/done"
    assert Hold.get().suspended_until == date(2026, 12, 20)


# -- in lists and on the page of a title -----------------------------------------------------------------------------
def test_a_title_is_put_in_the_cart_from_its_page(signed_in, patron, titles):
    page = f"/titles/{titles[0].id}"
    signed_in.get(page)
    assert action(signed_in, titles[0]).find("button", string="予約かごに入れる")
    answer = signed_in.post("/my/cart/titles", {"title": titles[0].id, "back": page})
    assert answer.location == f"{page}#title-{titles[0].id}"
    signed_in.get(page)
    mine = action(signed_in, titles[0])
    assert mine.find(role="status").get_text() == "「明暗 上」を予約かごに入れました（1点）。"
    assert mine.find("a", attrs={"aria-label": "「明暗 上」が入った予約かごをみる"})["href"] == "/my/cart"
    signed_in.get(page)
    assert action(signed_in, titles[0]).find(role="status") is None
    assert CartRow.get().title == titles[0]


def test_in_results_the_button_names_its_title_and_is_answered_in_its_place(signed_in, patron, titles):
    signed_in.get("/search?q=明暗")
    assert signed_in.page.find("button", attrs={"aria-label": "「明暗 上」を予約かごに入れる"})
    form = action(signed_in, titles[0]).find("form")
    answer = signed_in.post(form["action"], form_data(form), htmx=True)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert signed_in.page.find("a", attrs={"aria-label": "「明暗 上」が入った予約かごをみる"})
    assert signed_in.page.find(id="row-status").get_text() == "「明暗 上」を予約かごに入れました（1点）。"


def test_a_title_that_the_patron_has_already_offers_the_next_act(signed_in, patron, titles):
    held, lent, _ = titles
    hold = factories.hold(patron, held)
    loan = factories.loan(patron, item=lent.items.get())
    signed_in.get("/search?q=明暗")
    mine = action(signed_in, held)
    assert "予約中（1番目）" in mine.get_text()
    assert mine.find("a", attrs={"aria-label": "「明暗 上」の予約をみる"})["href"] == f"/my/holds#hold-{hold.id}"
    assert mine.find("button") is None
    assert signed_in.page.find("button", attrs={"aria-label": "「明暗 中」を延長する"})
    assert signed_in.page.find("button", attrs={"aria-label": "「明暗 下」を予約かごに入れる"})
    form = action(signed_in, lent).find("form")
    assert signed_in.post(form["action"], form_data(form)).location == form_data(form)["back"] + f"#title-{lent.id}"
    assert type(loan).get_by_id(loan.id).renewals == 1
    assert len(signed_in.get("/my/loans").page.select(".undos .notice")) == 1


def test_the_page_of_a_title_one_reserved_tells_the_place_and_leads_to_the_hold(signed_in, patron, titles):
    factories.loan(factories.patron(), item=titles[0].items.get())
    factories.hold(factories.patron(), titles[0], placed_at=NOW - timedelta(hours=1))
    hold = factories.hold(patron, titles[0])
    signed_in.get(f"/titles/{titles[0].id}")
    mine = action(signed_in, titles[0])
    assert "予約中（2番目）" in mine.get_text()
    assert mine.find("a", attrs={"aria-label": "「明暗 上」の予約をみる"})["href"] == f"/my/holds#hold-{hold.id}"
    assert "取り消す" not in mine.get_text()


def test_a_title_that_nobody_can_reserve_says_why_and_has_no_button(signed_in, browse, titles):
    alone = factories.catalogued("写真紀行")
    signed_in.get(f"/titles/{alone.id}")
    assert "予約できる所蔵がありません" in action(signed_in, alone).get_text()
    assert action(signed_in, alone).find("button") is None


def test_a_full_cart_takes_no_more(signed_in, patron, titles):
    for _ in range(10):
        factories.cart_row(patron)
    signed_in.get(f"/titles/{titles[0].id}")
    assert action(signed_in, titles[0]).find("button").has_attr("disabled")
    assert "10点まで" in action(signed_in, titles[0]).get_text()
    signed_in.post("/my/cart/titles", {"title": titles[0].id})
    assert "10点まで" in signed_in.get("/my/cart").page.find(role="status").get_text()
    assert CartRow.select().where(CartRow.title == titles[0]).count() == 0


# -- not signed in ---------------------------------------------------------------------------------------------------
def test_a_visitor_who_is_not_signed_in_is_asked_to_and_then_the_title_is_in_the_cart(browse, patron, titles):
    answer = browse.get(f"/titles/{titles[0].id}")
    assert "Set-Cookie" not in answer.headers
    form = action(browse, titles[0]).find("form")
    assert (form.get("method"), form.find("button").get_text()) == (None, "予約かごに入れる")
    browse.get(f"{form['action']}?cart={form_data(form)['cart']}")
    assert "ログインすると、「明暗」を予約かごに入れます" in browse.text()
    data = browse.form("/login") | {"card": patron.card_number, "password": factories.PASSWORD}
    assert browse.post("/login", data).location == "/my/cart"
    browse.get("/my/cart")
    assert "「明暗 上」を予約かごに入れました" in browse.page.find(role="status").get_text()
    assert CartRow.get().title == titles[0]


def test_after_the_first_password_it_is_in_the_cart(browse, titles):
    newcomer = factories.patron(password=None)
    browse.get(f"/login?cart={titles[0].id}")
    data = browse.form("/login") | {"card": newcomer.card_number, "password": "0808"}
    browse.post("/login", data)
    browse.get("/login/first-password")
    words = {"new_password": "umi-to-yama-no-uta", "new_password_again": "umi-to-yama-no-uta"}
    assert browse.post("/login/first-password", words).location == "/my/cart"
    assert CartRow.get().patron == newcomer


def test_an_address_alone_puts_nothing_in_a_cart(signed_in, titles):
    assert signed_in.get(f"/login?cart={titles[0].id}").location == f"/titles/{titles[0].id}"
    assert CartRow.select().count() == 0


@pytest.mark.parametrize("number", ["", "x", "0", "99999", "9" * 40, "-1", "１"])
def test_signing_in_with_a_title_that_is_none(browse, patron, number):
    browse.get("/login", query_string={"cart": number})
    answer = browse.sign_in(patron, cart=number)
    assert answer.location == "/my/"


def test_a_session_that_idled_out_loses_nothing(signed_in, patron, titles, moved_clock):
    page = f"/titles/{titles[0].id}"
    signed_in.get(page)
    token = signed_in.token()
    moved_clock.now = moved_clock.now.replace(hour=5)
    data = {"title": titles[0].id, "back": page, "csrf_token": token}
    answer = signed_in.post("/my/cart/titles", data, token=False)
    assert parse_qs(urlsplit(answer.location).query)["next"] == ["/my/cart"]
    assert CartRow.get().title == titles[0]


# -- choosing, reserving ---------------------------------------------------------------------------------------------
def test_the_form_is_preset_from_the_patrons_information(browse, titles):
    there = factories.branch("龍田")
    patron = factories.patron(pickup_branch=there, contact_method="mail")
    factories.address(patron)
    factories.cart_row(patron, titles[0])
    browse.sign_in(patron)
    browse.get("/my/cart")
    form = browse.form("/my/cart")
    assert (form["pickup_branch"], form["contact_method"], form["by_mail"]) == (str(there.id), "mail", "y")


def test_three_volumes_in_order(signed_in, patron, filled):
    there = factories.branch("龍田")
    assert reserve(signed_in, filled, pickup_branch=there.id, order="in_order").location == "/my/cart/done"
    signed_in.get("/my/cart/done")
    status = signed_in.page.select_one("[role=status]#answer[tabindex]")  # app.js puts the focus there
    assert status.get_text("", strip=True) == (
        "3点の予約を受付しました。10分以内なら元に戻せます。元に戻す（10時52分まで）"
    )
    rows = list(Hold.select().order_by(Hold.position))
    assert [(row.title, row.pickup_branch) for row in rows] == [(title, there) for title in filled]
    assert [row.state for row in rows] == ["preparing", "waiting", "waiting"]
    assert HoldGroup.get().kind == "in_order"
    assert CartRow.select().count() == 0
    signed_in.get("/my/cart/done")
    assert "3点の予約を受付しました" in signed_in.text()


def test_a_refused_title_stays_with_its_reason(signed_in, patron, filled):
    for _ in range(8):
        factories.hold(patron)
    reserve(signed_in, filled)
    signed_in.get("/my/cart/done")
    assert "2点の予約を受付しました" in signed_in.text()
    assert "1点は予約できませんでした" in signed_in.text()
    assert "予約できるのは10点までです" in signed_in.text()
    assert CartRow.get().title == filled[2]


def test_a_title_that_would_be_refused_says_why_and_the_others_are_reserved(signed_in, patron, filled):
    factories.loan(patron, item=filled[0].items.get())
    signed_in.get("/my/cart")
    assert "すでに借りている資料です" in signed_in.page.select_one(".row-cart").get_text()
    assert main_button(signed_in).get_text() == "2点を予約する"
    assert chosen(signed_in) == ids(filled[1:])


def main_button(browse):
    return browse.page.select_one(".cart-box > .button.main")


def chosen(browse):
    """The titles that would be reserved: ticked, or all."""
    fields = browse.page.select("#cart-form input[name=title]")
    return [field["value"] for field in fields if field["type"] == "hidden" or field.has_attr("checked")]


def test_titles_are_ticked_only_if_there_are_more_than_may_be_held(signed_in, patron, filled):
    signed_in.get("/my/cart")
    assert not signed_in.page.select(".row-tick")
    assert main_button(signed_in).get_text() == "3点を予約する"
    assert "予約すると、あと7点予約できます。" in signed_in.page.select_one(".cart-box").get_text()
    for _ in range(8):
        factories.hold(patron)
    signed_in.get("/my/cart")
    assert chosen(signed_in) == ids(filled[:2])
    assert main_button(signed_in).get_text() == "選んだ資料を予約する"  # app.js counts the ticks
    assert main_button(signed_in)["data-ticks"] == "{n}点を予約する"
    assert reserve(signed_in, filled[2:]).location == "/my/cart/done"
    assert [hold.title for hold in Hold.select().order_by(Hold.id.desc()).limit(1)] == [filled[2]]


def test_a_title_that_can_t_be_ticked_says_why(signed_in, patron, filled):
    factories.loan(patron, item=filled[0].items.get())
    for _ in range(9):
        factories.hold(patron)
    signed_in.get("/my/cart")
    box = signed_in.page.find("input", {"name": "title", "value": filled[0].id})
    assert box.has_attr("disabled")
    assert "すでに借りている資料です" in signed_in.page.find(id=box["aria-describedby"]).get_text()


def test_a_reason_against_all_titles_is_said_once(browse, filled, patron):
    patron.state = "suspended"
    patron.save()
    browse.sign_in(patron)
    browse.get("/my/cart")
    assert browse.text().count("図書館カードの利用が止まっています") == 1
    assert main_button(browse).has_attr("disabled")


@pytest.mark.parametrize("order", ["", "in_order"])
def test_the_same_form_sent_again_shows_its_holds_and_reserves_nothing_more(signed_in, patron, filled, order):
    factories.loan(patron, item=filled[2].items.get())
    data = filled_in(signed_in, filled, order=order)
    assert signed_in.post("/my/cart", data).location == "/my/cart/done"
    assert signed_in.post("/my/cart", data).location == "/my/cart/done"
    signed_in.get("/my/cart/done")
    assert "2点の予約を受付しました" in signed_in.text()
    assert "すでに借りている資料です" in signed_in.text()
    assert Hold.select().count() == 2


def test_a_form_sent_long_after_says_that_its_titles_are_gone(signed_in, filled, moved_clock):
    data = filled_in(signed_in, filled)
    signed_in.post("/my/cart", data)
    moved_clock.now = NOW + timedelta(minutes=10)
    assert signed_in.get("/my/cart/done").location == "/my/cart"
    assert signed_in.post("/my/cart", data).location == "/my/cart"
    assert "もう予約かごにありません" in signed_in.get("/my/cart").page.find(role="status").get_text()
    assert Hold.select().count() == 3


def test_a_title_refused_before_is_reserved_later(signed_in, patron, filled):
    policy.put("hold_limit", 2)
    reserve(signed_in, filled)
    assert [row.title for row in CartRow.select()] == [filled[2]]
    policy.put("hold_limit", 3)
    assert reserve(signed_in, filled[2:]).location == "/my/cart/done"
    signed_in.get("/my/cart/done")
    assert "1点の予約を受付しました" in signed_in.text()
    assert Hold.select().count() == 3


def test_holds_that_are_all_refused_leave_the_cart_as_it_was(signed_in, patron, filled):
    data = filled_in(signed_in, filled[:1], order="")
    factories.loan(patron, item=filled[0].items.get())
    answer = signed_in.post("/my/cart", data)
    assert answer.status_code == 422
    assert "すでに借りている資料です" in answer.page.find(id="error-summary").get_text()
    assert (Hold.select().count(), CartRow.select().count(), Undo.select().count()) == (0, 3, 0)


def test_reserved_titles_are_taken_back_to_their_places_in_the_cart(signed_in, patron, filled):
    other = factories.hold(patron)
    reserve(signed_in, filled[1:], order="in_order")
    signed_in.get("/my/cart")
    assert "「明暗 中」「明暗 下」を予約しました。" in signed_in.text()
    signed_in.get("/my/cart/done")
    assert take_back(signed_in).location == "/my/cart"
    signed_in.get("/my/cart")
    assert "元に戻しました" in signed_in.page.find(role="status").get_text()
    assert [name for name, _ in shown(signed_in)] == ["明暗 上", "明暗 中", "明暗 下"]
    assert [hold for hold in Hold.select() if hold.state != "cancelled"] == [other]
    assert signed_in.get("/my/cart/done").location == "/my/cart"


@pytest.mark.parametrize("change", [{"state": "collected"}, {"cancel_at": NOW + timedelta(minutes=5)}])
def test_holds_of_which_one_is_over_are_not_taken_back(signed_in, patron, filled, change):
    reserve(signed_in, filled)
    signed_in.get("/my/cart/done")
    Hold.update(**change).where(Hold.title == filled[0]).execute()
    take_back(signed_in)
    assert "元に戻せません" in signed_in.get("/my/cart").page.find(role="status").get_text()
    assert Hold.select().where(Hold.state == "cancelled").count() == 0
    assert CartRow.select().count() == 0


def test_holds_of_another_are_not_taken_back(app, signed_in, patron, filled):
    reserve(signed_in, filled)
    other = Browser(app)
    other.sign_in(factories.patron())
    other.post(f"/my/undo/cart/{Undo.get().id}")
    assert Hold.select().where(Hold.state == "cancelled").count() == 0


def test_after_ten_minutes_nothing_is_taken_back(signed_in, patron, filled, moved_clock):
    reserve(signed_in, filled)
    signed_in.get("/my/cart/done")
    moved_clock.now = NOW + timedelta(minutes=10)
    take_back(signed_in)
    assert "元に戻せる時間が過ぎた" in signed_in.get("/my/cart").page.find(role="status").get_text()
    assert Hold.select().where(Hold.state == "cancelled").count() == 0


@pytest.mark.parametrize(
    ("number", "given", "words", "anchor"),
    [
        (0, {}, "資料が選ばれていません", "cart-rows"),
        (1, {"order": "in_order"}, "2点以上を選んだときに使えます", "order-0"),
        (2, {"contact_method": "mail"}, "連絡方法と「メールで連絡する」が合っていません", "contact_method"),
        (2, {"contact_method": "phone", "by_mail": "y"}, "合っていません", "contact_method"),
        (2, {"contact_method": "mail", "by_mail": "y"}, "メールの送り先がありません", "contact_method"),
        (2, {"pickup_branch": "99999"}, "選択肢の中から選んでください", "pickup_branch"),
        (2, {"order": "backwards"}, "選択肢の中から選んでください", "order-0"),
    ],
)
def test_a_choice_that_can_t_be_is_refused_and_nothing_is_lost(signed_in, patron, filled, number, given, words, anchor):
    for _ in range(8):
        factories.hold(patron)
    answer = reserve(signed_in, filled[:number], **given)
    assert answer.status_code == 422
    assert words in answer.page.find(id="error-summary").get_text()
    assert answer.page.find(id="error-summary").find("a")["href"] == f"#{anchor}"
    assert answer.page.find(id=anchor)
    boxes = answer.page.find_all("input", {"name": "title"})
    assert [box.has_attr("checked") for box in boxes] == [place < number for place in range(3)]


def test_mail_asked_for_where_no_contact_was_is_mail(signed_in, patron, filled):
    factories.address(patron)
    reserve(signed_in, filled, contact_method="none", by_mail="y")
    assert {hold.contact_method for hold in Hold.select()} == {"mail"}


def test_the_address_of_the_former_second_step_leads_on(signed_in, patron, filled):
    assert signed_in.get("/my/cart/confirm").location == "/my/cart"
    data = filled_in(signed_in, filled)
    assert signed_in.post("/my/cart/confirm", data).location == "/my/cart/done"
    assert Hold.select().count() == 3


def test_without_holds_there_is_no_result(signed_in):
    assert signed_in.get("/my/cart/done").location == "/my/cart"


def test_a_row_is_removed_and_that_of_another_is_not_there(signed_in, patron, titles):
    mine, theirs = factories.cart_row(patron, titles[0]), factories.cart_row(factories.patron(), titles[0])
    signed_in.get("/my/cart")
    assert signed_in.page.find("button", attrs={"aria-label": "「明暗 上」を予約かごから外す"})
    assert signed_in.post(f"/my/cart/{mine.id}/removal").location == "/my/cart"
    assert "予約かごから外しました" in signed_in.get("/my/cart").page.find(role="status").get_text()
    assert signed_in.post(f"/my/cart/{theirs.id}/removal").status_code == 404
    assert [row.patron for row in CartRow.select()] == [theirs.patron]


def press(browse, label, **given):
    """A button of the cart, with all that stands in its form."""
    button = browse.page.find("button", attrs={"aria-label": label})
    form = button.find_parent("form")
    ticked = [box["value"] for box in form.find_all("input", {"name": "title"}) if box.has_attr("checked")]
    return browse.post(button["formaction"], form_data(form) | {"title": ticked} | given)


def shown(browse):
    """The titles of the cart in their order, and whether each would be reserved."""
    return [
        (row.select_one(".row-title").get_text(strip=True), row["id"].removeprefix("row-") in rows_of(chosen(browse)))
        for row in browse.page.select(".row-cart")
    ]


def rows_of(title_ids):
    return [str(row.id) for row in CartRow.select().where(CartRow.title.in_(title_ids))]


def test_titles_are_brought_into_order_and_nothing_that_was_chosen_is_lost(signed_in, patron, filled):
    there = factories.branch("龍田")
    for _ in range(8):
        factories.hold(patron)
    signed_in.get("/my/cart")
    given = {"title": ids(filled[1:]), "pickup_branch": there.id, "order": "in_order", "contact_method": "phone"}
    assert press(signed_in, "「明暗 下」を上へ", **given).location == "/my/cart"
    signed_in.get("/my/cart")
    assert shown(signed_in) == [("明暗 上", False), ("明暗 下", True), ("明暗 中", True)]
    assert "「明暗 下」を2番目にしました" in signed_in.page.find(id="answer", role="status").get_text()
    form = signed_in.form("/my/cart")
    assert (form["pickup_branch"], form["order"], form["contact_method"]) == (str(there.id), "in_order", "phone")
    again = signed_in.page.find("button", autofocus=True)
    assert (again["aria-label"], again["aria-describedby"]) == ("「明暗 下」を上へ", "answer")
    press(signed_in, "「明暗 下」を上へ")
    signed_in.get("/my/cart")
    assert [name for name, _ in shown(signed_in)] == ["明暗 下", "明暗 上", "明暗 中"]
    assert signed_in.page.find("button", attrs={"aria-label": "「明暗 下」を上へ"}).has_attr("disabled")
    assert signed_in.page.find("button", autofocus=True)["aria-label"] == "「明暗 下」を下へ"
    signed_in.get("/my/cart")
    assert not signed_in.page.find("button", autofocus=True), "told once"
    policy.put("hold_limit", 20)
    reserve(signed_in, filled, order="in_order")
    placed = Hold.select().where(Hold.title.in_(filled)).order_by(Hold.position)
    assert [row.title.volume for row in placed] == ["下", "上", "中"]


def test_a_row_that_is_taken_out_leaves_what_was_chosen(signed_in, patron, filled):
    for _ in range(9):
        factories.hold(patron)
    signed_in.get("/my/cart")
    press(signed_in, "「明暗 上」を予約かごから外す", title=ids(filled[:2]), order="any_one")
    signed_in.get("/my/cart")
    assert shown(signed_in) == [("明暗 中", True), ("明暗 下", False)]
    assert signed_in.form("/my/cart")["order"] == "any_one"


def test_one_title_alone_has_no_order(signed_in, patron, titles):
    row = factories.cart_row(patron, titles[0])
    signed_in.get("/my/cart")
    assert not signed_in.page.select("[name=order]:not([type=hidden])")
    assert signed_in.post(f"/my/cart/{row.id}/up").location == "/my/cart"
    theirs = factories.cart_row(factories.patron(), titles[0])
    assert signed_in.post(f"/my/cart/{theirs.id}/up").status_code == 404


def test_titles_in_the_cart_of_another_are_reserved_by_nobody_else(signed_in, titles):
    factories.cart_row(factories.patron(), titles[0])
    answer = signed_in.post("/my/cart", CHOICE | {"title": ids(titles), "pickup_branch": "1"})
    assert answer.location == "/my/cart"
    assert Hold.select().count() == 0


def test_two_hundred_rows_are_one_page(signed_in, patron):
    for _ in range(200):
        factories.cart_row(patron)
    signed_in.get("/my/cart")
    assert len(signed_in.page.select(".row-cart")) == 200


def test_an_empty_cart_says_so_and_is_counted_in_my_library(app, patron, signed_in):
    assert "予約かごは空です" in signed_in.get("/my/cart").page.get_text()
    assert [link["href"] for link in signed_in.page.select(".empty a")] == ["/search", "/new", "/rankings/loans"]
    assert not signed_in.page.select(".cart-box")
    factories.cart_row(patron)
    signed_in.get("/my/")
    tile = signed_in.page.find("a", href="/my/cart", class_="tile").get_text(" ", strip=True)
    assert tile.replace(" ", "") == "予約かご予約かごに入れた資料を確認できます。1冊"


# -- the count in the header -----------------------------------------------------------------------------------------
def header(browse):
    return [link.get_text(strip=True) for link in browse.page.select("header nav[aria-label=あなたのページ] a")]


def test_the_header_leads_to_the_card_and_counts_the_cart(signed_in, patron):
    signed_in.get("/")
    assert header(signed_in) == ["利用者カード", "予約かご", "Myライブラリ"]
    factories.cart_row(patron)
    signed_in.get("/my/")
    assert header(signed_in)[1] == "予約かご1点"


def test_the_count_changes_with_the_press_in_a_list(signed_in, titles):
    signed_in.get("/search?q=明暗")
    form = action(signed_in, titles[0]).find("form")
    answer = signed_in.post(form["action"], form_data(form), htmx="action")
    swapped = BeautifulSoup(answer.text, "html5lib").find(id="cart-count")
    assert (swapped["data-hx-swap-oob"], swapped.get_text(strip=True)) == ("innerHTML", "1点")


def test_the_header_marks_the_page_that_is_shown(signed_in, patron):
    for address, name in (
        ("/my/", "Myライブラリ"),
        ("/my/cart", "予約かご"),
        ("/my/card", "利用者カード"),
        ("/my/loans", None),
    ):
        signed_in.get(address)
        current = signed_in.page.select("header [aria-current=page]")
        assert [one.get_text(strip=True) for one in current] == ([name] if name else []), address


def test_nobody_has_a_cart_before_signing_in(browse, db):
    browse.get("/")
    assert header(browse) == []


def test_where_nothing_can_be_reserved_no_number_says_otherwise(signed_in, patron):
    for title in (factories.title("こころ"), factories.title("草枕")):
        factories.loan(factories.patron(), title=title)
        factories.cart_row(patron, title)
    signed_in.get("/my/cart")
    assert "あと8点予約できます。" in signed_in.page.select_one(".cart-box").get_text()
    Patron.update(state="suspended").where(Patron.id == patron.id).execute()
    signed_in.get("/my/cart")
    assert "いまは予約できません" in signed_in.text()
    assert "予約できます" not in signed_in.page.select_one(".cart-box").get_text()
