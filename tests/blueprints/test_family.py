"""家族のカード: asking, answering, ending it; and all that is not seen."""

from datetime import date, timedelta

import pytest

from library import clock
from library.patrons import patrons
from library.patrons.family import ties as family
from models import FamilyTie, Patron
from tests import factories
from tests.pages import Browser

ASKED = "申し込みを受け付けました"


@pytest.fixture
def child(app):
    return factories.patron(name="図書 桃子")


def as_(app, patron):
    browser = Browser(app)
    browser.sign_in(patron)
    return browser


def ask(browse, number):
    browse.get("/my/family/ties")
    answer = browse.post("/my/family/ties", {"family_number": number})
    if answer.status_code == 303:
        browse.get("/my/family/ties")
    return answer


def test_from_the_request_to_the_loans_of_the_child(app, signed_in, patron, child):
    factories.loan(child, title=factories.title("ぐりとぐら"))
    factories.hold(child, factories.title("こぐまちゃん"))
    ask(signed_in, child.card_number)
    assert ASKED in signed_in.text() and child.name not in signed_in.text()
    theirs = as_(app, child)
    theirs.get("/my/")
    assert "図書 花子さんから、家族のカードの申し込みがあります" in theirs.text()
    theirs.get("/my/family/ties")
    assert patron.card_number[-4:] in theirs.text() and patron.card_number not in theirs.text()
    tie = FamilyTie.get()
    theirs.post(f"/my/family/ties/{tie.id}/agreement", {"allow": "look"})
    theirs.get("/my/")
    assert "申し込みがあります" not in theirs.text()
    theirs.get("/my/family/ties")
    assert "あなたのカードを見られる方" in theirs.text()
    signed_in.get("/my/family/ties")
    assert "図書 桃子 さんの借りている資料と予約" in signed_in.text()
    signed_in.get("/my/family")
    for seen in ("ぐりとぐら", "あと2日", "こぐまちゃん", "予約中"):
        assert seen in signed_in.text()
    assert not signed_in.page.find("main").find_all(["form", "button"])
    assert "このページでは確認だけができます" in signed_in.text()


def test_the_answer_to_a_request_does_not_tell_whether_there_is_such_a_card(app, signed_in, child):
    pages = []
    for number in (child.card_number, "9999999999999", factories.patron(state="closed").card_number):
        ask(signed_in, number)
        main = signed_in.page.find("main")
        rows = [row.get_text(" ", strip=True).replace(row.h3.get_text(), "…") for row in main.select(".row-session")]
        pages.append((main.select_one("#answer").get_text(" ", strip=True), set(rows)))
    assert pages[0] == pages[1] == pages[2]


@pytest.mark.parametrize(
    ("number", "said"), [("", "番号として読めません"), ("番号", "番号として読めません"), ("own", "番号が同じです")]
)
def test_typed_words_stay_with_their_refusal(signed_in, patron, number, said):
    number = patron.card_number if number == "own" else number
    assert ask(signed_in, number).status_code == 422
    assert said in signed_in.page.select_one("#error-summary").get_text()
    assert signed_in.page.select_one("#family_number")["value"] == number


def test_full_width_digits_and_spaces_are_folded(signed_in, child):
    number = child.card_number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    ask(signed_in, f" {number} ")
    assert FamilyTie.get().child == child


def test_a_member_who_declines_is_not_told_of(app, signed_in, patron, child):
    ask(signed_in, child.card_number)
    tie = FamilyTie.get()
    signed_in.get("/my/family/ties")
    before = signed_in.page.find("main").get_text()
    theirs = as_(app, child)
    theirs.get("/my/family/ties")
    theirs.post(f"/my/family/ties/{tie.id}/end")
    theirs.get("/my/family/ties")
    assert "ことわりました" in theirs.text() and patron.name not in theirs.text()
    signed_in.get("/my/family/ties")
    assert signed_in.page.find("main").get_text() == before


@pytest.mark.parametrize("side", ["viewer", "child"])
def test_either_ends_it_and_nothing_is_seen_from_then_on(app, patron, child, side):
    tie = factories.tie(patron, child)
    browse = as_(app, {"viewer": patron, "child": child}[side])
    browse.get("/my/family/ties")
    browse.post(f"/my/family/ties/{tie.id}/end")
    viewer = as_(app, patron)
    viewer.get("/my/family")
    assert "まだありません" in viewer.text() and child.name not in viewer.text()


def test_of_a_child_nothing_else_is_seen(app, patron, child):
    """Neither on the page that is there for it nor on any other address with the child's numbers."""
    everything = {"may_renew": True, "may_card": True}
    book = factories.title("借りている本")
    factories.tie(patron, child, **everything)
    factories.loan(child, title=book)
    entry = factories.history(child, "読んだ本の記録")
    shelf = factories.shelf(child, "秘密の本棚")
    factories.cart_row(child, factories.title("かごの本"))
    mail = factories.mail(child, text="おたより", subject="おたより")
    condition = factories.condition(child, name="探している本")
    ended = {"state": "cancelled", "ended_at": clock.now(), "reason": "patron"}
    factories.hold(child, factories.title("取り消した本"), **ended)
    factories.loan(child, title=factories.title("返した本"), returned_on=clock.today())
    browse = as_(app, patron)
    secret = (
        "読んだ本の記録",
        "秘密の本棚",
        "かごの本",
        "おたより",
        "探している本",
        "取り消した本",
        "返した本",
        child.name,
    )
    for address in ("/my/", "/my/loans", "/my/holds", "/my/cart", "/my/history", "/my/shelves", "/my/sessions"):
        browse.get(address)
        assert not [word for word in secret if word in browse.text()], address
    for address in ("/my/family", "/my/family/ties", "/my/family/cards"):
        browse.get(address)
        assert not [word for word in secret[:-1] if word in browse.text()], address
    for address in (
        f"/my/history/{entry.id}",
        f"/my/shelves/{shelf.id}",
        f"/my/notices/{mail.id}",
        f"/my/sdi/{condition.id}",
    ):
        assert browse.get(address).status_code == 404, address


def test_a_stranger_finds_no_page_and_no_verb(app, patron, child):
    tie, asked = factories.tie(patron, child), factories.asked_tie(child)
    browse = as_(app, factories.patron())
    browse.get("/my/family/ties")
    for row in (tie, asked):
        for verb in ("agreement", "end", "ticks", "staying", "drawing"):
            assert browse.post(f"/my/family/ties/{row.id}/{verb}").status_code == 404
    assert FamilyTie.select().count() == 2
    asking = as_(app, asked.viewer)
    asking.get("/my/family")
    assert child.name not in asking.text()
    assert asking.post(f"/my/family/ties/{asked.id}/agreement").status_code == 404


@pytest.mark.parametrize("state", ["suspended", "expired"])
def test_a_card_that_opens_nothing_at_the_desk_is_still_looked_at(app, patron, state):
    given = {"state": state} if state == "suspended" else {"expires_on": clock.today() - timedelta(days=9)}
    child = factories.patron(**given)
    factories.loan(child, clock.today() - timedelta(days=3), title=factories.title("返していない本"))
    browse = as_(app, patron)
    factories.tie(patron, child)
    browse.get("/my/family")
    assert "返していない本" in browse.text()


def test_asking_again_and_again_is_stopped_in_a_sentence(signed_in):
    for number in range(family.ASKED_A_DAY):
        ask(signed_in, f"99999999999{number:02}")
    assert ask(signed_in, "9999999999988").status_code == 422
    assert "明日、もう一度" in signed_in.text()


def test_each_page_of_this_part_is_a_part_for_htmx_as_well(signed_in, patron):
    factories.tie(patron)
    pages = (
        "/my/family",
        "/my/family/ties",
        "/my/family/cards",
        "/my/data",
        "/my/closing",
        "/my/closing/confirm",
        "/my/display",
    )
    for address in pages:
        whole, part = signed_in.get(address), signed_in.get(address, htmx=True)
        assert "<html" in whole.text and "<html" not in part.text
        assert "HX-Request" in part.headers["Vary"]


# -- at the desk -----------------------------------------------------------------------------------------------------
def test_the_desk_writes_down_and_ends_the_consent_for_a_child_without_a_sign_in(browse, patron):
    child = factories.patron(password=None, name="図書 桃子")
    browse.be(factories.staff())
    address = f"/desk/patrons/{child.id}/family"
    browse.get(address)
    assert browse.post(address, {"viewer": patron.card_number}).status_code == 422
    assert "同意を確かめて" in browse.text()
    assert browse.post(address, {"viewer": patron.card_number, "consent": "y", "allow": "card"}).status_code == 422
    assert "「見る」に印を付けてください" in browse.text()
    assert browse.page.select_one("input[value=card]").has_attr("checked")
    assert browse.post(address, {"viewer": "9999999999999", "consent": "y", "allow": "look"}).status_code == 422
    sent = {"viewer": patron.card_number, "consent": "y", "allow": ["look", "card"]}
    assert browse.post(address, sent).location == address
    browse.get(address)
    assert patron.card_number in browse.text()
    browse.post(f"{address}/{FamilyTie.get().id}/ticks", {"allow": ["look", "renew"]})
    assert (FamilyTie.get().may_renew, FamilyTie.get().may_card) == (True, False)
    browse.post(f"{address}/{FamilyTie.get().id}/staying")
    browse.get(address)
    assert "いまは選べません" in browse.text()
    Patron.update(has_chosen_password=True).where(Patron.id == child.id).execute()
    browse.post(f"{address}/{FamilyTie.get().id}/ticks", {"allow": ["look", "card"]})
    browse.get(address)
    assert "ご自分でログインできます" in browse.text() and not FamilyTie.get().may_card
    tie = FamilyTie.get()
    elsewhere = f"/desk/patrons/{factories.patron().id}/family/{tie.id}/end"
    assert browse.post(elsewhere).status_code == 404
    browse.post(f"{address}/{tie.id}/end")
    assert FamilyTie.select().count() == 0


def test_the_desk_does_not_answer_for_who_can_sign_in(browse, patron, child):
    browse.be(factories.staff())
    address = f"/desk/patrons/{child.id}/family"
    browse.get(address)
    assert "ご自分でログインできます" in browse.text()
    assert browse.post(address, {"viewer": patron.card_number, "consent": "y"}).status_code == 422
    assert FamilyTie.select().count() == 0


def test_after_a_reset_the_desk_speaks_for_no_teenager(browse, patron):
    """Neither new consent nor titles that the child hid: the form sends what it would of a child without a sign-in."""
    child = factories.patron(name="図書 桃子", birth_date=date(2010, 5, 5), has_chosen_password=True)
    tie = factories.tie(patron, child, titles_hidden=True)
    patrons.reissue(child, by="staff:suzuki", now=clock.now())
    browse.be(factories.staff())
    address = f"/desk/patrons/{child.id}/family"
    browse.get(address)
    assert not browse.page.find("main").find_all("input", {"name": "allow"})
    browse.post(f"{address}/{tie.id}/ticks", {"allow": ["look", "renew"], "titles_shown": "y"})
    browse.get(address)
    assert "ご自分でログインできます" in browse.text()
    consent = {"viewer": factories.patron().card_number, "consent": "y", "allow": "look"}
    assert browse.post(address, consent).status_code == 422
    tie = FamilyTie.get()
    assert (tie.titles_hidden, tie.may_renew, FamilyTie.select().count()) == (True, False, 1)


def test_the_desk_shows_no_titles_again_of_a_child_without_a_sign_in(browse, patron):
    child = factories.patron(password=None, birth_date=date(2010, 5, 5))
    tie = factories.tie(patron, child)
    browse.be(factories.staff())
    address = f"/desk/patrons/{child.id}/family"
    browse.get(address)
    browse.post(f"{address}/{tie.id}/ticks", {"allow": "look", "titles": "hidden"})
    assert FamilyTie.get().titles_hidden
    browse.get(address)
    assert "ご本人だけが、Myライブラリで変えられます" in browse.text() and not browse.page.find(
        "input", {"name": "titles"}
    )
    browse.post(f"{address}/{tie.id}/ticks", {"allow": ["look", "card"], "titles_shown": "y"})
    assert FamilyTie.get().titles_hidden and FamilyTie.get().may_card


# -- ending ----------------------------------------------------------------------------------------------------------
def test_the_end_of_a_tie_is_asked_for_first_and_says_who_sees_what_no_longer(signed_in, patron):
    tie = factories.tie(patron, factories.patron(name="図書 桃子"))
    signed_in.get("/my/family/ties")
    form = signed_in.page.find("button", {"aria-label": "図書 桃子さんのカードを見るのをやめる"}).find_parent("form")
    signed_in.get(form["action"])
    assert signed_in.h1() == "カードを見るのをやめる"
    assert "図書 桃子さんの借りている資料と予約を、見られなくなります。" in signed_in.text()
    assert FamilyTie.get_by_id(tie.id)
    assert signed_in.post(form["action"], signed_in.form()).location == "/my/family/ties"
    assert FamilyTie.get_or_none(FamilyTie.id == tie.id) is None


def test_a_member_who_has_not_answered_is_not_named_to_the_asker(signed_in, patron):
    child = factories.patron(name="図書 桃子")
    tie = FamilyTie.create(viewer=patron, number=child.card_number, child=child, asked_at=clock.now())
    signed_in.get(f"/my/family/ties/{tie.id}/end")
    assert signed_in.h1() == "申し込みを取り下げる"
    assert child.card_number in signed_in.text()
    assert "桃子" not in signed_in.text()
