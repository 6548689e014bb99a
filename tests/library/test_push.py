"""スマートフォンへの通知: which devices there are, what each is told and once, and when they go."""

from datetime import date, timedelta

import pytest

from library import clock, errors
from library.access import marks, sessions
from library.account import account_closing, registration, retention
from library.lending import closures, loans, notices, returns
from library.lending.holds import hold_mails, hold_shelf, holds
from library.mail import outbox, push
from library.patrons import patrons
from library.reading import sdi, sdi_mails
from models import Hold, KnownDevice, LoanNotice, MailPreference, OutboxMail, PushSubscription
from sending import push_texts
from tests import factories
from tests.library.test_sdi import KENJI, arrive

TODAY = date(2026, 11, 25)
NOW = clock.at(TODAY, 10)
HOSTS = push.hosts("push.example.jp *.push.example.net")
GOOD = "https://push.example.jp/send/abc:def"


def days(number):
    return TODAY + timedelta(days=number)


def device(endpoint=GOOD, p256dh=factories.PHONE_KEY, auth=factories.PHONE_SECRET, browser="a"):
    return push.Device(endpoint, p256dh, auth, browser)


def subscribe(patron, given=None, name="iPhoneのSafari"):
    return push.subscribe(patron, given or device(), name, HOSTS, now=NOW)


def names(patron):
    return [row.name for row in push.of_patron(patron)]


def queued(kind):
    return list(OutboxMail.select().where(OutboxMail.kind == kind).order_by(OutboxMail.id))


def sentences(settings, kind, now=NOW):
    """Return the texts of the queued pushes of a kind at a moment, None for those with nothing left to say."""
    texts = push_texts.Texts(settings)
    made = [texts.letter(row, now=now) for row in queued(kind) if row.channel == outbox.PUSH]
    return [each and each.text for each in made]


# -- devices -----------------------------------------------------------------------------------------------------------
def test_all_devices_get_the_ticked_kinds_alone(patron):
    subscribe(patron)
    assert push.kinds_of(PushSubscription.get()) == ["due", "hold_ready", "hold_deadline", "closure"]
    push.choose(patron, ("closure", "overdue", "patron"))
    subscribe(patron, device("https://push.example.jp/2", browser="b"), "iPad")
    assert [push.kinds_of(row) for row in push.of_patron(patron)] == [["closure"]] * 2
    with pytest.raises(errors.NoPushKind):
        push.choose(patron, ("overdue",))
    assert names(patron) == ["iPhoneのSafari", "iPad"]


def test_five_devices_each_with_a_name_of_its_own(patron):
    for number in range(push.MOST):
        subscribe(patron, device(f"{GOOD}{number}", browser=str(number)), "a@b")
    assert names(patron) == ["a＠b", "a＠b（2）", "a＠b（3）", "a＠b（4）", "a＠b（5）"]
    with pytest.raises(errors.TooManyPushDevices, match="5台まで"):
        subscribe(patron, device(f"{GOOD}6", browser="6"))
    subscribe(patron, device(f"{GOOD}new", browser="3"), "新しい")
    assert len(names(patron)) == 5 and "新しい" in names(patron)


def test_a_device_belongs_to_the_card_that_was_registered_last(patron):
    other = factories.patron()
    subscribe(other)
    subscribe(patron)
    assert (names(other), names(patron)) == ([], ["iPhoneのSafari"])


@pytest.mark.parametrize("endpoint", ["", "x", "http://push.example.jp/a", "ftp://push.example.jp/a",
    "//push.example.jp/a", "javascript:alert(1)", *(
    f"https://{rest}" for rest in (
        "push.example.jp:8443/a", "push.example.jp:80/a", "push.example.jp:x/a", "push.example.jp.example.com/a",
        "xpush.example.jp/a", "a.push.example.jp/a",
        "push.example.jp./a", "user@push.example.jp/a", "push.example.jp@example.com/a", "u:p@push.example.jp/a",
        "127.0.0.1/a", "[::1]/a", "192.168.0.1/a",
        "169.254.169.254/a", "push.example.net/a", ".push.example.net/a", "evilpush.example.net/a",
        "push.example.jp/a#b", "push.example.jp\\@x/a", "push.example.jp/a b",
        "push.example.jp/a\r\nX: y", "push.example.jp/あ", "ｐush.example.jp/a", "[", "push.example.jp/" + "a" * 1000,
    )
)])  # fmt: skip
def test_an_address_that_is_no_service_of_the_list_is_refused(patron, endpoint):
    with pytest.raises(errors.PushEndpointRefused, match="お送りできません"):
        subscribe(patron, device(endpoint))
    assert not names(patron)


@pytest.mark.parametrize(
    "endpoint",
    [GOOD, "https://PUSH.example.jp:443/a", "https://web.push.example.net/a", "https://a.b.push.example.net/a?b=c"],
)
def test_services_of_the_list_are_taken(patron, endpoint):
    assert subscribe(patron, device(endpoint))


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": ""}, {"p256dh": "x"}, {"p256dh": "A" * 87}, {"p256dh": "B" + "A" * 86}, {"p256dh": "あ" * 87},
         {"p256dh": factories.PHONE_KEY + "AAAA"},
        {"auth": ""}, {"auth": "A"}, {"auth": "A" * 21}, {"auth": "!" * 22}, {"auth": factories.PHONE_SECRET * 2},
    ],
)  # fmt: skip
def test_keys_that_no_browser_makes_are_refused(patron, keys):
    with pytest.raises(errors.PushKeysRefused):
        subscribe(patron, device(**keys))


def test_nobody_deletes_the_device_of_another(patron):
    row, other = subscribe(patron), factories.patron()
    push.remove(other, row, now=NOW)
    assert names(patron)
    push.remove(patron, row, now=NOW)
    assert not names(patron)


@pytest.mark.parametrize(
    "end",
    [
        lambda patron: account_closing.close(patron, by="staff:desk", now=NOW),
        lambda patron: registration.replace_card(patron, "2000000000008", by="staff:desk", now=NOW),
        lambda patron: patrons.reissue(patron, by="staff:desk", now=NOW),
        lambda patron: sessions.end_others(patron),
    ],
    ids=["closed", "lost card", "new initial password", "signed out everywhere"],
)
def test_an_end_of_every_session_ends_every_device(patron, end):
    subscribe(patron)
    factories.phone(factories.patron(), due=True)
    end(patron)
    assert not names(patron) and PushSubscription.select().count() == 1


def test_a_device_on_which_nobody_signed_in_for_half_a_year_goes(patron):
    mark = marks.remember(patron, None, now=NOW)
    subscribe(patron, device(browser=sessions.hash_token(mark)))
    retention.clean_up(now=NOW + push.UNSEEN - timedelta(hours=1))
    marks.remember(patron, mark, now=NOW + timedelta(days=30))
    retention.clean_up(now=NOW + push.UNSEEN + timedelta(days=29))
    assert names(patron)
    assert retention.clean_up(now=NOW + push.UNSEEN + timedelta(days=31))["push_devices"] == 1
    assert not names(patron)


def test_a_browser_that_gets_a_new_mark_is_still_the_same_device(patron):
    mark = marks.remember(patron, None, now=NOW)
    subscribe(patron, device(browser=sessions.hash_token(mark)))
    other = marks.remember(factories.patron(), mark, now=NOW)
    assert other != mark and push.of_patron(patron)[0].browser == sessions.hash_token(other)
    marks.forget_browser(other)
    assert (
        not names(patron)
        and not KnownDevice.select().where(KnownDevice.token_hash == sessions.hash_token(other)).exists()
    )


# -- 返却期限 ------------------------------------------------------------------------------------------------------------
def queue(day=TODAY, hour=8):
    return notices.queue_due(now=clock.at(day, hour))


def test_due_dates_are_told_on_the_chosen_day_also_where_the_mail_is_stopped(patron, settings):
    factories.address(patron)
    factories.preference(patron, to_pc=True, active=False, days_before=2)
    factories.phone(patron, due=True)
    for on in (2, 2, 1, 3):
        factories.loan(patron, days(on))
    assert queue() == {"patrons": 1, "mails": 1, "loans": 3}
    assert [row.channel for row in queued("due")] == [outbox.PUSH]
    assert sentences(settings, "due") == [
        "返却期限：11月26日(木)までの資料が1点、11月27日(金)までの資料が2点あります。"
    ]
    assert queue()["mails"] == queue(hour=20)["mails"] == 0
    assert queue(days(1))["loans"] == 1


def test_without_a_chosen_day_it_is_the_day_before(patron):
    factories.phone(patron, due=True)
    factories.loan(patron, days(2))
    assert queue()["mails"] == 0 and queue(days(1))["mails"] == 1
    assert not MailPreference.select().exists()


def test_mail_and_every_device_that_wants_it_are_told_together_and_once(patron):
    factories.address(patron)
    factories.preference(patron, to_pc=True, active=True)
    for name, wants in (("a", True), ("b", True), ("c", False)):
        factories.phone(patron, name=name, due=wants)
    factories.loan(patron, days(1))
    assert queue() == {"patrons": 1, "mails": 3, "loans": 1}
    assert [(row.channel, row.address) for row in queued("due")] == [
        (outbox.MAIL, "abc@example.jp"), (outbox.PUSH, "a"), (outbox.PUSH, "b"),
    ]  # fmt: skip
    assert LoanNotice.get().mail.channel == outbox.MAIL
    factories.phone(patron, name="d", due=True)
    assert queue()["mails"] == queue(days(1))["mails"] == 0


def test_a_renewed_loan_is_told_anew_and_a_returned_one_not_at_all(patron, settings):
    factories.phone(patron, due=True)
    loan = factories.loan(patron, days(1))
    queue()
    returns.give_back(loan.item, at=loan.branch, now=NOW)
    assert sentences(settings, "due") == [None]


def test_the_list_of_loans_tells_of_the_phone(patron):
    preference = factories.preference(patron, active=False)
    loan = factories.loan(patron, days(3))
    told = notices.reminders(patron, [loan], preference, [], to_phone=True, today=TODAY)[loan.id]
    assert told.sentence == "11月27日(金)にスマートフォンへお知らせします"
    told = notices.reminders(patron, [loan], preference, [], today=TODAY)[loan.id]
    assert told.sentence == "返却期限通知は停止しています"
    assert loans.open_loans(patron) == [loan]


# -- holds, closures, SDI ----------------------------------------------------------------------------------------------
def on_shelf(patron, **given):
    loan = factories.loan(factories.patron(), days(5), item=factories.item(branch=factories.branch("本館")))
    hold = holds.place(patron, loan.item.title, pickup_branch=loan.branch, now=NOW, **given)
    returns.give_back(loan.item, at=loan.branch, now=NOW)
    return Hold.get_by_id(hold.id)


@pytest.mark.parametrize("method", ["none", "phone"])
def test_a_hold_on_the_shelf_is_told_also_where_no_mail_is_wanted(patron, settings, method):
    factories.phone(patron, hold_ready=True)
    hold = on_shelf(patron, contact_method=method)
    assert [row.channel for row in queued("hold_ready")] == [outbox.PUSH]
    assert sentences(settings, "hold_ready") == ["受取可：12月2日(水)までにお受け取りいただく予約の資料が1点あります。"]
    assert hold_mails.tell("ready", hold, TODAY, now=NOW) == 0


def test_the_clock_of_the_shelf_goes_by_the_mail(patron):
    factories.address(patron)
    factories.preference(patron, "hold", to_pc=True)
    factories.phone(patron, hold_ready=True)
    hold = on_shelf(patron, contact_method="mail")
    assert [row.channel for row in queued("hold_ready")] == [outbox.MAIL, outbox.PUSH]
    to_phone = OutboxMail.channel == outbox.PUSH
    OutboxMail.update(state="sent", sent_at=NOW).where(to_phone).execute()
    assert hold_mails.fate(hold) == ("waiting", None)
    OutboxMail.update(state="failed").where(~to_phone).execute()
    assert hold_mails.fate(hold) == ("failed", None) and hold in hold_shelf.to_contact(hold.pickup_branch)


def test_several_on_the_shelf_are_one_push_while_it_waits(patron, settings):
    factories.phone(patron, hold_ready=True)
    on_shelf(patron, contact_method="none")
    on_shelf(patron, contact_method="none")
    [sentence] = sentences(settings, "hold_ready")
    assert "2点あります。" in sentence


def test_its_deadline_is_told_two_days_before_and_once(patron, settings):
    factories.phone(patron, hold_deadline=True)
    hold = on_shelf(patron, contact_method="none")
    Hold.update(pickup_by=days(2)).where(Hold.id == hold.id).execute()
    assert hold_shelf.remind(now=NOW) == {"mails": 1} and hold_shelf.remind(now=NOW) == {"mails": 0}
    assert sentences(settings, "hold_deadline") == [
        "受取期限：11月27日(金)までにお受け取りいただく予約の資料が1点あります。"
    ]
    assert not queued("hold_ready")


def test_a_closure_tells_what_it_moved(patron, settings):
    factories.phone(patron, closure=True)
    factories.loan(patron, days(3), item=factories.item(branch=factories.branch("本館")))
    on_shelf(patron, contact_method="none")
    Hold.update(pickup_by=days(3)).execute()
    closures.close([factories.branch("本館")], [days(3)], by="staff:admin", now=NOW)
    assert sentences(settings, "closure") == [
        "休館変更：返却期限が変わった資料が1点、受取期限が変わった予約が1点あります。"
    ]


def test_new_titles_are_counted_and_not_named(patron, settings):
    factories.phone(patron, sdi=True)
    sdi.save(patron, KENJI, "賢治", now=clock.now())
    arrive("銀河鉄道の夜")
    arrive("春と修羅")
    assert sdi_mails.queue(now=clock.now()) == {"patrons": 1, "mails": 1, "titles": 2}
    assert sentences(settings, "sdi", clock.now()) == ["新着：SDIに登録した条件に合う資料が2点あります。"]
    assert sdi_mails.queue(now=clock.now())["mails"] == 0


def test_a_closed_card_is_told_nothing(patron, settings):
    factories.phone(patron, due=True)
    factories.loan(patron, days(1))
    queue()
    patron.state = "closed"
    patron.save()
    assert sentences(settings, "due") == [None]
