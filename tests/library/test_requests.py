"""リクエスト: asking, deciding once for all, and the hold of each who asked."""

from datetime import date, timedelta

import pytest

from library import clock, errors, policy
from library.access import seals
from library.account import account_closing, own_data, retention
from library.lending import copies, loans, returns
from library.lending.holds import holds
from library.requests import arriving, deciding, letters, receipt, same_work, states
from library.store import database
from models import Audit, Borrowing, Hold, Item, OutboxMail, Partner, PatronRequest, UseFact, Wanted
from tests import factories

TODAY = date(2026, 11, 25)
NOW = clock.at(TODAY, 10)
DESK = "staff:desk"
STONES = same_work.Wish("石の声を聴く", author="北山 透", isbn="978-4-00-310101-8")


def main():
    return factories.branch("本館")


def at(number):
    return clock.at(TODAY + timedelta(days=number), 10)


def ask(patron=None, wish=STONES, *, now=NOW, contact_method="none", branch=None, **given):
    patron = patron or factories.patron()
    given = {"may_borrow": True} | given
    return receipt.ask(patron, wish, pickup_branch=branch or main(), contact_method=contact_method, now=now, **given)


def fresh(row):
    return type(row).get_by_id(row.id)


def mailed():
    patron = factories.patron()
    factories.address(patron)
    factories.preference(patron, "hold", to_pc=True)
    return patron


def reasons_of(refused):
    return [type(reason) for reason in refused.value.reasons]


# -- the table -------------------------------------------------------------------------------------------------------
def test_the_table_has_every_state_and_a_way_out_of_each_that_is_open():
    assert {state for pair in states.CHANGES for state in pair} == set(states.WORDS) == {*states.OPEN, *states.OVER}
    assert {before for before, _ in states.CHANGES} == {*states.OPEN, "arrived"}  # an arrival can be undone
    assert set(states.ANSWERS) == set(states.WORDS)
    assert set(states.REASONS) == set(states.PATRONS_REASONS)


# -- asking ----------------------------------------------------------------------------------------------------------
def test_a_request_is_one_fact_without_its_patron(db):
    made = ask()
    assert (made.wanted.state, made.wanted.isbn) == ("received", "9784003101018")
    assert [fact.act for fact in UseFact.select()] == ["request"]
    assert not Audit.select().where(Audit.action == "request.taken").exists()
    ask(by=DESK)
    assert Audit.get(Audit.action == "request.taken").details == {}


def test_another_patron_joins_those_who_ask_for_the_same_work(db):
    first, second = ask(), ask(wish=same_work.Wish("いしのこえ", isbn="4-00-310101-4"))
    assert first.wanted_id == second.wanted_id
    assert [each.id for each in deciding.open_requests(first.wanted)] == [first.id, second.id]


def test_works_without_isbn_meet_by_title_volume_and_author(db):
    one = ask(wish=same_work.Wish("石の声", volume="上", author="北山透"))
    assert ask(wish=same_work.Wish("石ノ声　", volume="上", author="北山 透")).wanted_id == one.wanted_id
    assert ask(wish=same_work.Wish("石の声", volume="下", author="北山透")).wanted_id != one.wanted_id


@pytest.mark.parametrize("order", [1, -1])
def test_a_work_told_once_with_its_isbn_and_once_without_is_one(db, order):
    numbered = same_work.Wish("石の声を聴く", author="北山 透", isbn="4-00-310101-4")
    first, second = (ask(wish=wish) for wish in (numbered, same_work.Wish("石の声を聴く", author="北山透"))[::order])
    assert first.wanted_id == second.wanted_id and fresh(first.wanted).isbn == "9784003101018"
    other_edition = same_work.Wish("石の声を聴く", author="北山 透", isbn="978-4-00-310102-5")
    assert ask(wish=other_edition).wanted_id != first.wanted_id
    assert ask(first.patron, other_edition).wanted_id != first.wanted_id
    with pytest.raises(errors.Refusals):
        ask(first.patron, numbered)


def test_a_patron_asks_for_a_work_once(db):
    patron = factories.patron()
    ask(patron)
    with pytest.raises(errors.Refusals) as refused:
        ask(patron)
    assert reasons_of(refused) == [errors.AlreadyAsked]
    assert PatronRequest.select().count() == 1


@pytest.mark.parametrize(
    "wish", [STONES, same_work.Wish("石の声を聴く", author="北山透"), same_work.Wish("石の声を聴く")]
)
def test_a_work_of_the_library_is_not_asked_for(db, wish):
    title = factories.catalogued("石の声を聴く", by=("北山透", "キタヤマ, トオル"), copies=1, isbns=["9784003101018"])
    assert same_work.owned_title(wish) == title
    with pytest.raises(errors.Refusals) as refused:
        ask(wish=wish)
    assert reasons_of(refused) == [errors.WorkIsHeld]


@pytest.mark.parametrize("state", ["lost", "missing", "withdrawn"])
def test_a_work_without_a_copy_to_be_had_is_asked_for(db, state):
    title = factories.catalogued("石の声を聴く", isbns=["9784003101018"])
    item = factories.item(title, state="available" if state == "withdrawn" else state)
    if state == "withdrawn":
        factories.withdraw(item)
    assert ask().wanted.state == "received"


def test_a_work_that_is_kept_for_a_patron_is_not_asked_for_again(db):
    made, patron = ask(), PatronRequest.get().patron
    title = factories.title("石の声を聴く", isbn="9784003101018")
    factories.item(title, owner=Partner.create(name="県立図書館"))
    deciding.borrow(made.wanted, Partner.get(), reply="", by=DESK, now=NOW)
    arriving.arrive(made.wanted, title, now=NOW)
    with pytest.raises(errors.Refusals) as refused:
        ask(patron)
    assert reasons_of(refused) == [errors.AlreadyAsked]


def test_only_five_are_open_and_they_count_among_the_holds(db):
    patron = factories.patron()
    for number in range(5):
        assert receipt.standing_of(patron, today=TODAY)[1:] == (number, 5 - number)
        ask(patron, same_work.Wish(f"本{number}"))
    with pytest.raises(errors.Refusals) as refused:
        ask(patron, same_work.Wish("六冊目"))
    assert reasons_of(refused) == [errors.RequestLimitReached]
    policy.put("hold_limit", 6)
    title = factories.title()
    factories.item(title)
    holds.place(patron, title, pickup_branch=main(), now=NOW)
    assert holds.Standing(fresh(patron), today=TODAY).places == 0
    other = factories.title("別の本")
    factories.item(other)
    assert [type(each) for each in holds.place_refusals(patron, other, today=TODAY)] == [errors.HoldLimitReached]


@pytest.mark.parametrize(
    ("columns", "refusal"),
    [({"state": "suspended"}, errors.CardSuspended), ({"expires_on": date(2026, 11, 24)}, errors.CardExpired)],
)
def test_a_card_that_gets_no_hold_gets_no_request(db, columns, refusal):
    with pytest.raises(errors.Refusals) as refused:
        ask(factories.patron(**columns))
    assert reasons_of(refused) == [refusal]
    assert not Wanted.select().exists()


def test_a_library_that_pauses_takes_none(db):
    policy.put("requests_taken", False)
    with pytest.raises(errors.Refusals) as refused:
        ask()
    assert reasons_of(refused) == [errors.RequestsPaused]


def test_a_form_is_judged_by_field(db):
    with pytest.raises(errors.RefusedTogether) as refused:
        ask(wish=same_work.Wish(" ", isbn="1920193012000"))
    assert {name: type(found[0]) for name, found in refused.value.by_field.items()} == {
        "title_text": errors.FieldEmpty, "isbn": errors.IsbnIsSecondBarcode,
    }  # fmt: skip
    assert type(receipt.judge(same_work.Wish("本", isbn="123"))["isbn"][0]) is errors.IsbnMalformed


# -- cancelling ------------------------------------------------------------------------------------------------------
def test_the_last_who_cancels_ends_the_work(db):
    first, second = ask(), ask()
    receipt.cancel(first, now=at(1))
    assert fresh(first).cancelled and fresh(first).wanted.state == "received"
    receipt.cancel(second, now=at(1))
    assert fresh(second.wanted).state == "cancelled" and fresh(second.wanted).ended_at == at(1)
    with pytest.raises(errors.Refusals) as refused:
        receipt.cancel(second, now=at(1))
    assert reasons_of(refused) == [errors.RequestOver]
    assert ask(first.patron).wanted_id != first.wanted_id  # it may be asked for again


def test_a_decided_request_is_not_cancelled(db):
    made = ask()
    deciding.buy(made.wanted, reply="", by=DESK, now=NOW)
    with pytest.raises(errors.Refusals) as refused:
        receipt.cancel(made, now=at(1))
    assert reasons_of(refused) == [errors.RequestDecided]


def test_a_closed_card_asks_for_nothing_and_what_is_ordered_still_comes(db):
    patron = factories.patron()
    ordered, received = ask(patron), ask(patron, same_work.Wish("ほかの本"))
    deciding.buy(ordered.wanted, reply="", by=DESK, now=NOW)
    account_closing.close(patron, by=DESK, now=at(1))
    assert [fresh(each).cancelled for each in (ordered, received)] == [True, True]
    assert (fresh(ordered.wanted).state, fresh(received.wanted).state) == ("buying", "cancelled")
    assert arriving.arrive(ordered.wanted, factories.title(), now=at(2)) == []


# -- deciding --------------------------------------------------------------------------------------------------------
def test_a_decision_is_one_for_all_and_made_once(db):
    first, second = ask(), ask()
    deciding.consider(first.wanted, by=DESK, now=NOW)
    deciding.buy(first.wanted, reply=" お待ちください。\n", by=DESK, now=at(1))
    assert fresh(first.wanted).decided_on == TODAY + timedelta(days=1)
    assert [fresh(each).reply for each in (first, second)] == ["お待ちください。"] * 2
    for act in (
        lambda: deciding.buy(first.wanted, reply="", by=DESK, now=at(1)),
        lambda: deciding.decline(first.wanted, "policy", reply="", by=DESK, now=at(1)),
        lambda: deciding.borrow(first.wanted, Partner.create(name=str(at)), reply="", by=DESK, now=at(1)),
    ):
        with pytest.raises(errors.WantedElsewhere):
            act()
    assert fresh(first.wanted).state == "buying" and not Borrowing.select().exists()
    assert [row.details for row in Audit.select().where(Audit.action.startswith("request."))] == [{}, {}]


def test_opening_a_work_that_another_has_decided_on_undoes_nothing(db):
    row = ask().wanted
    deciding.borrow(row, Partner.create(name="県立図書館"), reply="", by=DESK, now=NOW)
    with pytest.raises(errors.WantedElsewhere):
        deciding.consider(row, by=DESK, now=NOW)
    assert (fresh(row).state, Borrowing.get().state) == ("borrowing", "asked")


def test_a_refusal_has_its_reason_and_ends_the_requests(db):
    made = ask()
    with pytest.raises(errors.RefusedTogether):
        deciding.decline(made.wanted, "none", reply="", by=DESK, now=NOW)
    deciding.decline(made.wanted, "unavailable", reply="", by=DESK, now=at(1))
    made = fresh(made)
    assert made.ended_at == at(1) and made.wanted.reason == "unavailable"
    assert states.sentences(made) == ["お受けできませんでした。", "絶版か品切れで、手に入りません。"]
    assert ask(made.patron).wanted_id != made.wanted_id


def test_a_work_is_asked_of_a_partner_for_the_branch_of_the_first(db):
    made, partner = ask(branch=factories.branch("東部")), Partner.create(name="県立図書館")
    ask()
    with pytest.raises(errors.RefusedTogether):
        deciding.borrow(made.wanted, None, reply="", by=DESK, now=NOW)
    row = deciding.borrow(made.wanted, partner, reply="", by=DESK, now=NOW)
    assert (row.branch.name, row.state, row.asked_on) == ("東部", "asked", TODAY)
    assert states.sentences(fresh(made), letters.partners([made.wanted_id])[made.wanted_id]) == [
        "県立図書館から借りる手配をしています。", "届いたら、東部でお取り置きします。",
    ]  # fmt: skip
    deciding.take_back(made.wanted, by=DESK, now=at(1))
    assert (fresh(made.wanted).state, fresh(row).state) == ("considered", "refused")
    deciding.buy(made.wanted, reply="", by=DESK, now=at(1))


# -- arriving --------------------------------------------------------------------------------------------------------
def registered(title, now=NOW, **given):
    values = copies.read(
        {"barcode": given.pop("barcode", "A000900"), "branch": str(main().id), "acquired_on": "", "price": ""}
        | dict.fromkeys(copies.TEXTS, "")
    )
    return arriving.register(title, values, by=DESK, today=clock.day_of(now), now=now)


def test_the_copy_of_an_ordered_work_goes_to_who_asked_first(db):
    first, second = ask(now=at(0)), ask(now=at(1), contact_method="phone")
    deciding.buy(first.wanted, reply="", by=DESK, now=at(2))
    title = factories.catalogued("石の声を聴く", isbns=["9784003101018"])
    item, made = registered(title, now=at(9))
    assert [(hold.patron_id, hold.placed_at, hold.contact_method) for hold in made] == [
        (first.patron_id, at(0), "none"), (second.patron_id, at(1), "phone"),
    ]  # fmt: skip
    assert [fresh(hold).state for hold in made] == ["preparing", "waiting"]
    assert fresh(made[0]).item_id == item.id
    wanted = fresh(first.wanted)
    assert (wanted.state, wanted.title_id, wanted.ended_at) == ("arrived", title.id, at(9))
    assert [fresh(each).hold_id for each in (first, second)] == [hold.id for hold in made]
    assert {fact.act for fact in UseFact.select()} == {"request"}  # no hold is counted again
    late = holds.place(factories.patron(), title, pickup_branch=main(), now=at(10))
    assert fresh(late).state == "waiting"
    assert arriving.catch_up(now=at(11)) == {"holds": 0}


def test_a_patron_who_reserved_the_record_before_keeps_one_hold(db):
    made = ask()
    deciding.buy(made.wanted, reply="", by=DESK, now=NOW)
    title = factories.catalogued("石の声を聴く", copies=1, isbns=["9784003101018"])
    item = Item.get(Item.title == title)
    loans.check_out(factories.patron(), item, branch=main(), now=at(1), by=DESK)
    own, other = (
        holds.place(patron, title, pickup_branch=main(), now=at(1)) for patron in (made.patron, factories.patron())
    )
    assert arriving.catch_up(now=at(2)) == {"holds": 1}
    assert Hold.select().count() == 2 and fresh(made).hold_id == own.id
    assert other.id != own.id


def test_copies_that_came_by_an_import_are_noticed_later(db):
    made = ask()
    deciding.buy(made.wanted, reply="", by=DESK, now=NOW)
    assert arriving.catch_up(now=NOW) == {"holds": 0}
    factories.catalogued("石の声を聴く", copies=1, isbns=["9784003101018"])
    assert arriving.catch_up(now=NOW) == {"holds": 1}
    assert fresh(made.wanted).state == "arrived"


def test_a_borrowed_copy_makes_nothing_arrive_that_is_ordered(db):
    made = ask()
    deciding.buy(made.wanted, reply="", by=DESK, now=NOW)
    title = factories.catalogued("石の声を聴く", isbns=["9784003101018"])
    factories.item(title, owner=Partner.create(name="県立図書館"))
    assert not same_work.is_had(title)
    assert arriving.catch_up(now=NOW) == {"holds": 0}


def test_a_title_made_for_the_work_is_it_whatever_its_name(db):
    made = ask(wish=same_work.Wish("石のこえ"))
    deciding.buy(made.wanted, reply="", by=DESK, now=NOW)
    title = factories.title("石の声を聴く")
    Wanted.update(title=title).where(Wanted.id == made.wanted_id).execute()
    assert len(registered(title)[1]) == 1


# -- letters ---------------------------------------------------------------------------------------------------------
def test_each_who_wants_mail_is_told_of_a_decision_once(db):
    made = ask(mailed(), contact_method="mail")
    ask(mailed(), contact_method="phone")
    deciding.buy(made.wanted, reply="書評で拝見しました。", by=DESK, now=NOW)
    row = OutboxMail.get()
    found = letters.letter(row)
    assert (found.title, found.state, found.reply) == ("石の声を聴く", "buying", "書評で拝見しました。")
    assert found.sentences == ["購入します。", "届いたら、本館でお取り置きします。"]
    deciding.take_back(made.wanted, by=DESK, now=NOW)
    assert letters.letter(row) is None  # it is not true any more


# -- kept how long ---------------------------------------------------------------------------------------------------
def test_an_ended_request_is_erased_after_sixty_days(db):
    declined, cancelled, stays = ask(), ask(wish=same_work.Wish("二")), ask(wish=same_work.Wish("三"))
    deciding.decline(declined.wanted, "policy", reply="", by=DESK, now=NOW)
    receipt.cancel(cancelled, now=NOW)
    retention.clean_up(now=at(60))
    assert PatronRequest.select().count() == 3
    retention.clean_up(now=at(61))
    assert [row.id for row in PatronRequest.select()] == [stays.id]


def test_a_request_goes_with_the_loan_of_its_hold(db):
    made = ask()
    deciding.buy(made.wanted, reply="", by=DESK, now=NOW)
    item, _ = registered(factories.catalogued("石の声を聴く", isbns=["9784003101018"]), now=at(1))
    loan = loans.check_out(made.patron, item, branch=main(), now=at(2), by=DESK).loan
    retention.clean_up(now=at(70))
    assert PatronRequest.select().exists()
    returns.give_back(fresh(loan).item, at=main(), now=at(71))
    retention.unlink_returned(now=at(72))
    assert not PatronRequest.select().exists() and not Hold.select().exists()


def test_an_erased_card_leaves_no_request(db):
    patron = factories.patron(state="closed", closed_on=TODAY)
    made = ask()
    PatronRequest.update(patron=patron).where(PatronRequest.id == made.id).execute()
    retention.clean_up(now=at(366 * 3 + 2))
    assert not PatronRequest.select().exists()


def test_an_unproved_password_opens_no_ended_request(db):
    patron = factories.patron()
    ended, stays = ask(patron), ask(patron, same_work.Wish("二"))
    deciding.decline(ended.wanted, "policy", reply="", by=DESK, now=NOW)
    with database.writing():
        seals.seal(patron, now=at(1))
    assert (fresh(ended).sealed, fresh(stays).sealed) == (True, False)
    assert seals.is_sealed(fresh(patron))
    with database.writing():
        seals.lift(patron)
    assert not fresh(ended).sealed


def test_a_patron_gets_the_requests_with_the_own_data(db):
    made = ask(note="新聞で見ました。")
    assert "新聞で見ました。" in own_data.as_json(made.patron, now=NOW).decode()
