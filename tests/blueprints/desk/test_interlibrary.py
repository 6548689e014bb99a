"""相互貸借 at the desk: the list, a copy that arrives and goes back, what is lent to partners, and the partners."""

from datetime import timedelta

import pytest

from library import clock, policy
from library.interlibrary import borrowings
from library.lending import loans, returns
from library.requests import deciding, receipt
from models import Borrowing, Hold, Partner, PatronRequest, Wanted
from tests import factories, queries

BY = {"by": "staff:desk"}


def asked(name="北の灯台守", *, patron=None):
    partner = Partner.get_or_none() or Partner.create(name="県立図書館", isil="JP-1000001")
    how = {"pickup_branch": factories.branch("本館"), "contact_method": "none", "may_borrow": True, "now": clock.now()}
    made = receipt.ask(patron or factories.patron(), receipt.Wish(name), **how)
    return deciding.borrow(made.wanted, partner, reply="", now=clock.now(), **BY)


def arrived(row, days=28, **given):
    given = {"barcode": "", "in_house": False, "no_renewal": True, "at": row.branch} | given
    due = str(clock.today() + timedelta(days=days))
    return borrowings.arrive(row.id, due=due, **given, now=clock.now(), **BY)


def lend(came):
    return loans.check_out(came.hold.patron, came.item, branch=came.item.branch, now=clock.now(), **BY).loan


def words(desk):
    return desk.text().replace(" ", "").replace("\n", "")


def press(desk, action, **more):
    return desk.post(action, desk.form(action) | more)


def fresh(row):
    return type(row).get_by_id(row.id)


@pytest.fixture
def row(desk):
    return asked()


# -- the list --------------------------------------------------------------------------------------------------------
def test_the_list_tells_where_each_copy_is(desk, row):
    out, back, *_ = (
        arrived(asked(name), days, in_house=name == "民謡採集録")
        for name, days in (("北海の漁村", 6), ("街道と宿場", 9), ("陶工の手帖", 20), ("民謡採集録", 22))
    )
    lend(out), lend(back)
    returns.give_back(back.item, at=back.item.branch, now=clock.now())
    desk.get("/desk/interlibrary")
    rows = [tr.get_text(" ", strip=True) for tr in desk.page.select("tbody tr")]
    told = zip(rows, ("貸出中", "返送を待つ", "取り置き中", "館内利用のみ", "依頼中"), strict=True)
    assert all(word in line for line, word in told)
    assert "明日" in rows[0] and "あと6日" in rows[0] and "利用者を見る" in rows[0]
    assert "返却済" in rows[1] and "返送" in rows[1] and "到着" in rows[4]
    assert "借受5" in words(desk) and desk.page.find("a", attrs={"aria-label": "「北の灯台守」の到着"})
    assert desk.page.select_one(".ill-near").th.a["href"].endswith(out.item.barcode)


def test_a_copy_near_its_owners_day_is_work_of_the_day(desk, row):
    arrived(row, days=7), arrived(asked("絹と糸車"), days=8)
    desk.get("/desk/")
    assert "1点相手館の期限" in words(desk)
    menu = desk.page.select_one(".desk-menu").find("a", href="/desk/interlibrary")
    assert menu.select_one(".pill").get_text() == "1"


# -- 到着 ------------------------------------------------------------------------------------------------------------
def test_a_copy_arrives_with_its_day_and_number_and_the_desk_is_told_where_it_goes(desk, row):
    desk.get(f"/desk/interlibrary?open={row.id}")
    form = desk.form(f"/desk/interlibrary/{row.id}/arrival")
    assert form["no_renewal"] and "in_house" not in form
    assert form["due"] == "" and desk.page.find(id="due").has_attr("autofocus")
    assert desk.post(f"/desk/interlibrary/{row.id}/arrival", form).status_code == 422 and not Hold.select().exists()
    desk.post(f"/desk/interlibrary/{row.id}/arrival", form | {"due": "2099-12-23"}, follow_redirects=True)
    assert "「北の灯台守」が届きました。仮バーコード9000000001。予約棚に置いてください。予約票元に戻す" in words(desk)
    assert Hold.get().state == "ready"
    press(desk, f"/desk/interlibrary/{row.id}/undo_arrival")
    desk.get("/desk/interlibrary")
    assert "到着を取り消しました" in words(desk) and fresh(row).state == "asked" and not Hold.select().exists()


def test_a_wrong_day_is_refused_at_its_field_and_nothing_is_lost(desk, row):
    desk.get(f"/desk/interlibrary?open={row.id}")
    answer = press(desk, f"/desk/interlibrary/{row.id}/arrival", due="あさって", barcode="1234", in_house="y")
    assert answer.status_code == 422
    assert "日付として読めません" in desk.text() and "9000000001 から 9000000999 まで" in desk.text()
    form = desk.form(f"/desk/interlibrary/{row.id}/arrival")
    assert (form["due"], form["in_house"]) == ("あさって", "y")


def test_the_patrons_day_is_told_while_the_owners_is_typed(desk):
    assert "12月18日(金)" in desk.get("/desk/interlibrary/ours?due=2026年12月23日").text
    assert desk.get("/desk/interlibrary/ours?due=x").text == ""


def test_a_press_that_comes_too_late_says_so(desk, row):
    desk.get(f"/desk/interlibrary?open={row.id}")
    form = desk.form(f"/desk/interlibrary/{row.id}/arrival")
    arrived(row)
    desk.post(f"/desk/interlibrary/{row.id}/arrival", form, follow_redirects=True)
    assert "進められませんでした。この借受は、いま「到着」です。" in words(desk)


def test_a_refused_copy_lets_its_request_be_considered_once_more(desk, row):
    desk.get(f"/desk/interlibrary?open={row.id}")
    desk.post(
        f"/desk/requests/{row.wanted_id}/step", desk.form(f"/desk/interlibrary/{row.id}/arrival") | {"to": "considered"}
    )
    press(desk, f"/desk/requests/{row.wanted_id}/decision")
    assert (fresh(row).state, Wanted.get().state) == ("refused", "considered")
    desk.get("/desk/interlibrary?list=over")
    assert "北の灯台守県立図書館断られた–" in words(desk)


# -- 返送 ------------------------------------------------------------------------------------------------------------
def test_a_copy_goes_back_and_may_be_had_again_with_one_press(desk, row):
    came = arrived(row)
    lend(came)
    returns.give_back(came.item, at=came.item.branch, now=clock.now())
    desk.get("/desk/interlibrary")
    press(desk, f"/desk/interlibrary/{row.id}/return")
    desk.get("/desk/interlibrary?list=over")
    assert "「北の灯台守」を返送済にしました。" in words(desk) and fresh(row).state == "sent_back"
    press(desk, f"/desk/interlibrary/{row.id}/undo_return")
    assert fresh(row).state == "arrived"


def test_a_copy_that_went_back_keeps_its_number_among_those_given_in(desk, row):
    came = arrived(row)
    number = came.item.barcode
    lend(came)
    desk.get("/desk/returns")
    desk.post("/desk/returns", desk.form("/desk/returns") | {"item": number})
    desk.get("/desk/interlibrary")
    press(desk, f"/desk/interlibrary/{row.id}/return")
    desk.get("/desk/returns")
    assert fresh(came.item).barcode != number
    assert number in desk.text() and f"{number}-" not in desk.text()


def test_a_copy_that_was_lent_meanwhile_does_not_go_back(desk, row):
    came = arrived(row, in_house=True)
    desk.get("/desk/interlibrary")
    form = desk.form(f"/desk/interlibrary/{row.id}/return")
    loans.check_out(came.hold.patron, came.item, branch=came.item.branch, now=clock.now(), override="特別", **BY)
    desk.post(f"/desk/interlibrary/{row.id}/return", form, follow_redirects=True)
    assert "貸出中です" in desk.text() and fresh(row).state == "arrived"


# -- 貸出, 書き入れる ------------------------------------------------------------------------------------------------
def test_a_loan_to_a_partner_stands_in_a_list_of_its_own(desk, row):
    policy.put("categories", ["一般", "相手館"]), policy.put("partner_categories", ["相手館"])
    item = factories.item()
    card = factories.patron(name="町立図書館", category="相手館")
    loans.check_out(card, item, branch=item.branch, now=clock.now(), **BY)
    desk.get("/desk/interlibrary?list=lent")
    assert "貸出1" in words(desk) and "町立図書館" in desk.page.select_one("tbody").get_text()


def test_a_borrowing_is_written_down_with_its_request_at_once(desk):
    partner, patron = Partner.create(name="県立図書館"), factories.patron()
    Partner.create(name="となり町立図書館")
    desk.get("/desk/interlibrary")
    desk.get(desk.page.find("a", string="借受を書き入れる")["href"])
    address = "/desk/requests/new?borrowing=1"
    told = {"card": patron.card_number, "title_text": "絹と糸車"}
    assert desk.post(address, desk.form(address) | told).status_code == 422
    assert "相手館を選んでください" in desk.text() and not PatronRequest.select().exists()
    desk.post(address, desk.form(address) | told | {"partner": str(partner.id)}, follow_redirects=True)
    assert "借受を書き入れました" in desk.text() and Borrowing.get().state == "asked"
    assert (PatronRequest.get().patron, Wanted.get().state) == (patron, "borrowing")


# -- its reader ------------------------------------------------------------------------------------------------------
def test_a_reader_sees_their_own_day_and_that_the_copy_is_another_librarys(browse):
    patron = factories.patron()
    came = arrived(asked(patron=patron), 12)
    browse.be(patron)
    browse.get("/my/holds")
    assert "ほかの図書館から借りた資料です。" in browse.text()
    lend(came)
    browse.get("/my/loans")
    day = clock.today() + timedelta(days=7)
    assert "ほかの図書館から借りた資料です。" in browse.text() and f"{day.month}月{day.day}日" in browse.text()
    assert "あと0回" in browse.text() and "これより先へは延長できません。" in browse.text()


def test_a_reader_is_told_that_a_copy_stays_in_the_house(browse):
    patron = factories.patron()
    arrived(asked(patron=patron), in_house=True)
    browse.be(patron)
    browse.get("/my/holds")
    assert "図書館の中でご覧ください。" in browse.text()


# -- 相手館 ----------------------------------------------------------------------------------------------------------
def test_partners_are_added_changed_and_stopped(desk):
    desk.get("/desk/interlibrary/partners/new")
    assert press(desk, "/desk/interlibrary/partners/new").status_code == 422
    press(desk, "/desk/interlibrary/partners/new", name="県立図書館", isil="JP-1000001")
    partner = Partner.get()
    address = f"/desk/interlibrary/partners/{partner.id}"
    desk.get(address)
    press(desk, address, name="県立中央図書館")
    desk.get(address)
    desk.post(f"{address}/stop", desk.form(f"{address}/stop"), follow_redirects=True)
    assert "県立中央図書館JP-1000001やめています" in words(desk)
    desk.get("/desk/requests/new?borrowing=1")
    assert "相手館がありません" in desk.text() and desk.page.find("a", href="/desk/interlibrary/partners")
    desk.get(address)
    desk.post(f"{address}/resume", desk.form(f"{address}/resume"), follow_redirects=True)
    assert "頼める" in desk.text()


@pytest.mark.parametrize(
    "address", ["/desk/interlibrary", "/desk/interlibrary?list=lent", "/desk/interlibrary?list=over"]
)
def test_many_rows_cost_no_more_queries(desk, address):
    counts = []
    for many in (1, 4):
        for number in range(many):
            came = arrived(asked(f"本{many}{number}"))
            lend(came)
        desk.get(address)
        with queries.noted() as asked_for:
            desk.get(address)
        counts.append(len(asked_for.asked))
    assert counts[0] == counts[1] <= 12
