"""A patron's day: renewing, reserving, cancelling; on a phone, with and without JavaScript."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from library import clock
from library.lending import loans, returns
from library.lending.holds import cart, holds
from models import Hold
from tests import factories

VOLUMES = ("上", "中", "下")


@pytest.fixture
def phone(request, visit, patron):
    return visit(width=390, height=844).sign_in(patron.card_number, factories.PASSWORD)


@pytest.fixture
def volumes(library):
    """Three volumes of one title, with a name that no other test uses; a copy of each is in."""
    with library.rows():
        name = f"大菩薩峠{factories.branch().id}"
        return [factories.catalogued(name, volume=volume, copies=1) for volume in VOLUMES]


def name_of(title):
    return f"{title.title} {title.volume}"


def status(visitor):
    return visitor.main.get_by_role("status")


def test_all_are_renewed_but_one_that_somebody_waits_for(phone, library, patron):
    with library.rows():
        due = clock.today() + timedelta(days=2)
        wanted = factories.title("注文の多い料理店")
        factories.hold(factories.patron(), wanted)
        for title in (factories.title("こころ"), factories.title("草枕"), wanted):
            factories.loan(patron, due, title=title)
    phone.go("/my/loans")
    expect(phone.button("「注文の多い料理店」を延長する")).to_be_disabled()
    expect(phone.button("「注文の多い料理店」を延長する")).to_have_accessible_description(
        "次の予約が入っているため、延長できません。"
    )
    phone.press("すべて延長する")
    expect(status(phone)).to_contain_text("「注文の多い料理店」は延長できませんでした。")
    expect(status(phone)).to_be_focused()
    rows = phone.main.get_by_role("listitem")
    expect(rows.filter(has_text="注文の多い料理店")).to_contain_text("延長できませんでした")
    expect(rows.filter(has_text="草枕")).to_contain_text("延長しました")
    phone.page.reload()
    expect(status(phone)).to_be_empty()


def test_ticked_and_single_loans_are_renewed(either, library, patron):
    with library.rows():
        for name in ("こころ", "草枕", "三四郎"):
            factories.loan(patron, clock.today() + timedelta(days=2), title=factories.title(name))
    either.go("/my/loans")
    either.field("「草枕」を選択").check()
    either.press("選択した資料を延長する")
    expect(status(either)).to_contain_text("「草枕」を延長しました。")
    expect(either.button("「草枕」を延長する")).to_be_disabled()
    either.press("「こころ」を延長する")
    expect(either.button("「こころ」を延長する")).to_be_disabled()
    expect(either.button("「三四郎」を延長する")).to_be_enabled()


def test_three_volumes_are_reserved_in_order_at_another_branch(phone, library, volumes):
    phone.go(f"/search?q={volumes[0].title}&sort=title")
    for number, title in enumerate(volumes, start=1):
        button = phone.button(f"「{name_of(title)}」を予約かごに入れる")
        button.scroll_into_view_if_needed()
        before = button.bounding_box()
        button.click()
        link = phone.link(f"「{name_of(title)}」が入った予約かごをみる")
        expect(link).to_be_focused()
        expect(status(phone)).to_have_text(f"「{name_of(title)}」を予約かごに入れました（{number}点）。")
        assert link.bounding_box() == before
    link.click()
    phone.arrives_at("/my/cart", "予約かご")
    change(phone, "受け取り方")
    phone.field("受取館").select_option(label="龍田")
    change(phone, "受け取り方")
    expect(phone.main.get_by_text("龍田で受け取り")).to_be_visible()
    change(phone, "予約のしかた")
    phone.field("順番どおり").check()
    phone.main.get_by_role("button", name="3点を予約する", exact=True).dblclick()
    phone.arrives_at("/my/cart/done", "予約の結果")
    expect(phone.main.get_by_text("3点の予約を受付しました。")).to_be_visible()
    phone.page.reload()
    expect(phone.main.get_by_text("3点の予約を受付しました。")).to_be_visible()
    phone.page.go_back()
    expect(phone.h1).to_have_text("予約かご")
    with library.rows():
        held = list(Hold.select().where(Hold.title.in_(volumes)).order_by(Hold.position))
        assert [hold.title for hold in held] == volumes
        assert {hold.pickup_branch.name for hold in held} == {"龍田"}
        assert [hold.state for hold in held] == ["preparing", "waiting", "waiting"]


def change(visitor, what):
    visitor.main.get_by_label(f"{what}を変える", exact=True).click()


def test_the_form_pressed_again_after_going_back_shows_its_holds_which_are_taken_back(either, library, patron, volumes):
    with library.rows():
        for title in volumes[:2]:
            cart.add(patron, title, now=clock.now())
    either.go("/my/cart")
    either.press("2点を予約する")
    either.arrives_at("/my/cart/done", "予約の結果")
    either.page.go_back()
    with library.rows():
        assert Hold.select().where(Hold.title.in_(volumes)).count() == 2
    if either.button("2点を予約する").count():  # the browser kept the page
        either.press("2点を予約する")
    else:
        either.go("/my/cart/done")
    either.arrives_at("/my/cart/done", "予約の結果")
    either.main.get_by_role("button", name="元に戻す").click()
    either.arrives_at("/my/cart", "予約かご")
    expect(status(either)).to_have_text("元に戻しました。")
    expect(either.button("2点を予約する")).to_be_visible()
    with library.rows():
        assert {hold.state for hold in Hold.select().where(Hold.title.in_(volumes))} == {"cancelled"}


def test_the_button_counts_the_ticks_where_more_are_in_the_cart_than_may_be_held(phone, library, patron, volumes):
    with library.rows():
        for title in volumes:
            factories.cart_row(patron, title)
        for _ in range(8):
            factories.hold(patron)
    phone.go("/my/cart")
    box = phone.field(f"「{name_of(volumes[0])}」を選択")
    expect(phone.main.locator("[data-ticks]")).to_have_text("2点を予約する")
    box.uncheck()
    expect(phone.main.locator("[data-ticks]")).to_have_text("1点を予約する")


def test_the_volumes_are_brought_into_another_order_by_keyboard(either, library, patron, volumes):
    with library.rows():
        for title in volumes:
            factories.cart_row(patron, title)
        for _ in range(8):
            factories.hold(patron)
    either.go("/my/cart")
    either.field(f"「{name_of(volumes[0])}」を選択").uncheck()
    expect(either.button(f"「{name_of(volumes[2])}」を上へ")).to_have_count(0)
    change(either, "予約のしかた")
    either.field("順番どおり").check()
    up = either.button(f"「{name_of(volumes[2])}」を上へ")
    up.press("Enter")
    expect(up).to_be_focused()
    expect(up).to_have_accessible_description(f"「{name_of(volumes[2])}」を2番目にしました。")
    either.page.wait_for_load_state()  # with the form as a whole
    up.press("Enter")
    expect(either.button(f"「{name_of(volumes[2])}」を下へ")).to_be_focused()
    expect(either.main.locator(".row-cart").first).to_contain_text(name_of(volumes[2]))
    expect(either.main.locator("[name=order]:checked")).to_have_value("in_order")
    expect(either.field(f"「{name_of(volumes[0])}」を選択")).not_to_be_checked()


def test_a_ready_hold_is_picked_up_at_the_desk(phone, library, patron):
    with library.rows():
        copy = factories.loan(factories.patron(), title=factories.title(f"行人{patron.id}")).item
        desk = {"now": clock.now(), "by": "staff:madoguchi"}
        holds.place(patron, copy.title, pickup_branch=copy.branch, now=clock.now())
        returns.give_back(copy, at=copy.branch, now=clock.now())
    phone.go("/my/")
    expect(phone.main).to_contain_text(f"「{copy.title.title}」を本館で受け取れます。")
    phone.go("/my/holds")
    expect(phone.main.get_by_role("listitem").filter(has_text=copy.title.title)).to_contain_text("受け取れます。")
    with library.rows():
        loans.check_out(patron, copy, branch=copy.branch, **desk)
    phone.page.reload()
    expect(phone.main).to_contain_text("予約している資料はありません。")
    phone.go("/my/loans")
    expect(phone.main.get_by_role("listitem")).to_contain_text(copy.title.title)


def test_a_hold_is_suspended_resumed_moved_and_cancelled(either, library, patron):
    with library.rows():
        title = factories.title(f"門{patron.id}")
        factories.loan(factories.patron(), title=title)
        hold = factories.hold(patron, title)
    either.go("/my/holds")
    unfold(either, title.title)
    either.press(f"「{title.title}」の受け取りを休む")
    expect(either.main.get_by_text("まで受け取りを休んでいます。")).to_be_visible()
    unfold(either, title.title)
    either.press(f"「{title.title}」の予約を再開する")
    expect(either.main.get_by_text("まで受け取りを休んでいます。")).to_have_count(0)
    unfold(either, title.title)
    either.field(f"受取館（{title.title}）").select_option(label="龍田")
    either.press(f"「{title.title}」の受取館を変更する")
    expect(status(either)).to_contain_text("龍田でお受け取りいただけます")
    unfold(either, title.title)
    expect(either.button(f"「{title.title}」の順番を次の方に譲る")).to_be_disabled()
    either.follow(f"「{title.title}」の予約を取り消す")
    either.arrives_at(f"/my/holds/{hold.id}/cancel", "予約の取り消し")
    either.press("予約を続ける")
    expect(either.h1).to_have_text("予約した資料")
    unfold(either, title.title)
    either.follow(f"「{title.title}」の予約を取り消す")
    either.press("予約を取り消す")
    expect(status(either)).to_contain_text("予約を取り消しました")
    either.press("元に戻す")
    expect(status(either)).to_contain_text("予約を元に戻しました")


def unfold(visitor, name):
    visitor.main.locator("summary", has_text=f"「{name}」の変更・取り消し").press("Enter")


@pytest.mark.parametrize("js", [True, False], ids=["script", "plain"])
def test_a_visitor_who_is_not_signed_in_finds_the_title_in_the_cart(visit, patron, volumes, js):
    visitor = visit(js=js, width=390, height=844)
    visitor.go(f"/titles/{volumes[0].id}")
    visitor.press("予約かごに入れる")
    expect(visitor.h1).to_have_text("ログイン")
    visitor.fill_sign_in(patron.card_number, factories.PASSWORD)
    visitor.arrives_at("/my/cart", "予約かご")
    expect(status(visitor)).to_contain_text(f"「{name_of(volumes[0])}」を予約かごに入れました")
    visitor.go(f"/titles/{volumes[0].id}")
    visitor.follow(f"「{name_of(volumes[0])}」が入った予約かごをみる")
    visitor.press(f"「{name_of(volumes[0])}」を予約かごから外す")
    expect(visitor.main).to_contain_text("予約かごは空です")


def test_without_script_a_press_in_a_list_leads_back_to_its_row(visit, patron, volumes):
    visitor = visit(js=False).sign_in(patron.card_number, factories.PASSWORD)
    page = f"/search?q={volumes[0].title}"
    visitor.go(page)
    visitor.press(f"「{name_of(volumes[1])}」を予約かごに入れる")
    expect(visitor.main.locator(f"#title-{volumes[1].id}")).to_contain_text("を予約かごに入れました（1点）。")
    assert visitor.page.url.endswith(f"#title-{volumes[1].id}")


def test_the_way_of_contact_and_mail_say_the_same_thing(visitor, library, patron, volumes):
    with library.rows():
        factories.cart_row(patron, volumes[0])
    visitor.go("/my/cart")
    change(visitor, "受け取り方")
    visitor.field("連絡方法").select_option(label="メール")
    expect(visitor.field("メールで連絡する")).to_be_checked()
    visitor.field("メールで連絡する").uncheck()
    expect(visitor.field("連絡方法")).to_have_value("none")
    visitor.field("メールで連絡する").check()
    expect(visitor.field("連絡方法")).to_have_value("mail")
