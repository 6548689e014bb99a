"""After each act of a patron the page that follows says in one sentence what was done, and takes the focus."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from library import clock
from library.access import sessions
from library.ebooks import lending
from library.lending import renewals
from library.reading import shelves
from models import EbookHold, Session, ShelvedTitle, Undo
from tests import acts, factories, routes
from tests.pages import form_data

# Each makes what the act is about, and returns the address, the form, and the sentence that follows.


def _in_days(days):
    return clock.today() + timedelta(days=days)


def _renewals(patron):
    loan = factories.loan(patron, _in_days(2))
    return "/my/loans/renewals", {"loan": str(loan.id)}, "「こころ」を延長しました。"


def _renewal(patron):
    return f"/my/loans/{factories.loan(patron, _in_days(2)).id}/renewal", {}, "「こころ」を延長しました。"


def _shown_renewals(patron):
    loan = factories.loan(patron, _in_days(2))
    shown = {"renewal": f"{loan.id}_{_in_days(14)}"}
    return "/my/loans/renewals/shown", shown, "「こころ」を延長しました。"


def _claim(patron):
    loan = factories.loan(patron, _in_days(-2))
    return f"/my/loans/{loan.id}/claim", {}, "「こころ」の返却の申し出を受け付けました。"


def _waiting(patron, **given):
    title = factories.title()
    factories.loan(factories.patron(), title=title)
    return factories.hold(patron, title, **given)


def _cancel(patron):
    return f"/my/holds/{_waiting(patron).id}/cancel", {}, "「こころ」の予約を取り消しました。"


def _restore(patron):
    hold = _waiting(patron, cancel_at=clock.now() + timedelta(minutes=9))
    return f"/my/holds/{hold.id}/restoration", {}, "「こころ」の予約を元に戻しました。"


def _suspend(patron):
    day = {"until": _in_days(20).isoformat()}
    return f"/my/holds/{_waiting(patron).id}/suspension", day, "「こころ」の受け取りを休みます。"


def _resume(patron):
    hold = _waiting(patron, suspended_until=_in_days(20))
    return f"/my/holds/{hold.id}/resumption", {}, "「こころ」の予約を再開しました。"


def _yield_turn(patron):
    hold = _waiting(patron)
    factories.hold(factories.patron(), hold.title)
    return f"/my/holds/{hold.id}/yielding", {}, "「こころ」の順番を次の方に譲りました。"


def _pickup(patron):
    branch = factories.branch("北分館")
    return (
        f"/my/holds/{_waiting(patron).id}/pickup-branch",
        {"pickup_branch": branch.id},
        "「こころ」の受取館を変えました。",
    )


def _extend(patron):
    ready = {
        "state": "ready",
        "item": factories.item(aside=True),
        "on_shelf_on": clock.today(),
        "pickup_by": _in_days(3),
    }
    return f"/my/holds/{factories.hold(patron, **ready).id}/extension", {}, "「こころ」の取り置きを延ばしました。"


def _to_cart(patron):
    title = factories.catalogued(copies=1)
    data = {"title": title.id, "back": f"/titles/{title.id}"}
    return "/my/cart/titles", data, "「こころ」を予約かごに入れました"


def _from_cart(patron):
    return f"/my/cart/{factories.cart_row(patron).id}/removal", {}, "「こころ」を予約かごから外しました。"


def _up(patron):
    factories.cart_row(patron, factories.title("草枕"))
    return f"/my/cart/{factories.cart_row(patron).id}/up", {}, "「こころ」を1番目にしました。"


def _new_shelf(patron):
    return "/my/shelves", {"shelf_name": "旅の本"}, "「旅の本」をつくりました。"


def _on_shelf(patron):
    title = factories.catalogued(copies=1)
    data = {"title": title.id, "shelf": "to_read", "back": f"/titles/{title.id}"}
    return "/my/shelves/titles", data, "「こころ」を本棚に入れました。"


def _book(patron):
    shelf = factories.shelf(patron, titles=[factories.title(), factories.title("草枕")])
    return f"/my/shelves/{shelf.id}", shelf.books.order_by(ShelvedTitle.position).first()


def _off_shelf(patron):
    shelf, book = _book(patron)
    return f"{shelf}/books/{book.id}/removal", {}, "「こころ」を本棚から出しました。"


def _several_off(patron):
    shelf, book = _book(patron)
    return f"{shelf}/removal", {"book": book.id}, "1点を本棚から出しました。"


def _read(patron):
    shelf, book = _book(patron)
    return f"{shelf}/books/{book.id}/read", {"read": "y"}, "「こころ」を読んだ本にしました。"


def _note(patron):
    shelf, book = _book(patron)
    return f"{shelf}/books/{book.id}", {"memo": "よい本", "is_read": "y"}, "「こころ」のメモを保存しました。"


def _described(patron):
    shelf, _ = _book(patron)
    return f"{shelf}/edit", {"shelf_name": "夏の本", "description": ""}, "変更しました。"


def _shelf_gone(patron):
    shelf, _ = _book(patron)
    return f"{shelf}/deletion", {}, "本棚を消しました。"


def _published(patron):
    shelf, _ = _book(patron)
    return f"{shelf}/link/publish", {}, "公開しました。"


def _withdrawn(patron):
    shelf = factories.shelf(patron)
    shelves.publish(shelf)
    return f"/my/shelves/{shelf.id}/link/withdraw", {}, "公開をやめました。"


def _borrow(patron):
    ebook = factories.ebook()
    return f"/my/ebooks/{ebook.id}/loan", {}, "お借りになりました。"


def _give_back(patron):
    return f"/my/ebooks/loans/{factories.ebook_loan(patron).id}/return", {}, "返却しました。"


def _wait(patron):
    ebook = factories.ebook()
    lending.borrow(ebook, factories.patron(), now=clock.now())
    return f"/my/ebooks/{ebook.id}/place", {}, "順番待ちに加わりました。"


def _leave(patron):
    factories.ebook_hold(patron)
    return f"/my/ebooks/places/{EbookHold.get().id}/removal", {}, "順番待ちをやめました。"


def _link(patron):
    return "/my/ebooks/link", {"shown": ""}, "読書アプリ用のアドレスを作りました。"


def _written(patron):
    return f"/my/history/{factories.history(patron).id}", {"memo": "よい本", "rating": "5"}, "保存しました。"


def _display(patron):
    return "/my/display", {"shown": "y"}, "保存しました。"


def _saved_search(patron):
    return "/my/sdi", {"query": "q=%E7%8C%AB", "sdi_name": "猫の本", "active": "n"}, "登録しました。"


def _dropped_search(patron):
    return f"/my/sdi/{factories.condition(patron).id}/removal", {}, "削除しました。"


def _calendar(patron):
    return "/my/calendar", {}, "作りました。"


def _consent(patron):
    return f"/my/questions/{factories.question(patron).id}/consent", {"consent": "y"}, "同意"


def _session_over(patron):
    sessions.begin(patron, now=clock.now())
    other = Session.select().where(Session.patron == patron).order_by(Session.id.desc()).get()
    return f"/my/sessions/{other.id}/end", {}, "ログインを終了しました。"


def _undo(patron):
    loan = factories.loan(patron, _in_days(2))
    renewals.renew_all([loan], now=clock.now(), by="patron")
    return f"/my/undo/renewals/{Undo.get().id}", {}, "元に戻しました。"


ACTS = {
    "loans.renew": _renewal, "loans.renew_several": _renewals, "loans.renew_shown": _shown_renewals,
    "loans.claim": _claim,
    "holds.cancel": _cancel, "holds.restore": _restore, "holds.suspend": _suspend, "holds.resume": _resume,
    "holds.yield_turn": _yield_turn, "holds.change_pickup": _pickup, "holds.extend": _extend,
    "cart.add": _to_cart, "cart.remove": _from_cart, "cart.move": _up,
    "shelves.create": _new_shelf, "shelves.add": _on_shelf, "shelves.take_off": _off_shelf,
    "shelves.take_off_several": _several_off,
    "shelves.mark_read": _read, "shelves.write_note": _note, "shelves.describe": _described,
    "shelves.delete": _shelf_gone,
    "shelves.change_link publish": _published, "shelves.change_link withdraw": _withdrawn,
    "ebooks.borrow": _borrow, "ebooks.give_back": _give_back, "ebooks.wait": _wait, "ebooks.leave": _leave,
    "ebooks.renew_link": _link,
    "history.note": _written, "display.change": _display, "sdi.save": _saved_search, "sdi.remove": _dropped_search,
    "due_calendar.make": _calendar, "questions.set_consent": _consent, "my.end_session": _session_over,
    "my.take_back": _undo,
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_without_script_the_next_page_says_what_was_done_and_takes_the_focus(signed_in, patron, act):
    address, data, sentence = ACTS[act](patron)
    answer = signed_in.post(address, data)
    assert answer.status_code == 303, signed_in.page
    page = signed_in.get(answer.location).page
    said = [each for each in page.find_all(role="status") if sentence in " ".join(each.get_text().split())]
    assert len(said) == 1
    in_its_row = urlsplit(answer.location).fragment or page.find(autofocus=True)
    assert said[0].get("tabindex") == "-1" or in_its_row


IN_PLACE = ("cart.add", "ebooks.borrow", "ebooks.wait", "loans.renew")


@pytest.mark.parametrize("act", IN_PLACE)
def test_with_script_the_part_that_comes_says_it_in_the_status_and_has_a_control_by_name(signed_in, patron, act):
    """A browser is asked in tests/browser/test_lending.py: the control takes the focus, and nothing moves."""
    address, data, sentence = ACTS[act](patron)
    data = {"back": "/search?q=こころ"} | data
    part = signed_in.post(address, data, htmx=True).page
    statuses = [*part.find_all(id="row-status"), *part.find_all(role="status")]
    assert [each for each in statuses if sentence.removesuffix("。")[-6:] in each.get_text()]
    assert [each for each in part.find_all(["a", "button"]) if each.get("aria-label") or each.get_text(strip=True)]


UNDONE = [act for act in ACTS if routes.ACTS.get((act, ""), ("",))[0] == "undo"]


@pytest.mark.parametrize("act", UNDONE)
def test_an_act_marked_as_undone_is_offered_back_at_once(signed_in, patron, act):
    address, data, _ = ACTS[act](patron)
    signed_in.get(signed_in.post(address, data).location)
    (form,) = signed_in.page.select("form[action*='/my/undo/']")
    ((back, _),) = {acts.act_at(signed_in.app, form["action"])}
    assert (back,) == routes.ACTS[act, ""][1]
    signed_in.get(signed_in.post(form["action"], form_data(form)).location)
    assert "元に戻しました。" in signed_in.page.find(id="answer").get_text()
