"""SDI: what is saved, what is new for it, and the weekly mail about it."""

from datetime import date, timedelta

import pytest

from library import clock, errors
from library.access import seals, signed_links
from library.account import account_closing, retention
from library.catalog.query import query as queries
from library.catalog.query.query import Query, Row
from library.catalog.search import search
from library.catalog.shown import results
from library.lending import notices
from library.mail import delivery, outbox
from library.patrons import patrons
from library.reading import sdi, sdi_mails
from library.store import database
from models import MailPreference, OutboxMail, PatronAddress, SdiCondition, SdiTitle, Title
from tests import factories, offices

TODAY = date(2026, 11, 25)
KENJI = Query(rows=(Row("宮沢賢治", "author"),))
WEEK = timedelta(days=7)


@pytest.fixture
def reader(db):
    """A patron whose SDI mail goes to a computer."""
    patron = factories.patron()
    factories.address(patron)
    factories.preference(patron, "sdi", to_pc=True)
    return patron


def arrive(name, *, by="宮沢賢治", day=None, **given):
    return factories.catalogued(name, by=(by, "ミヤザワ, ケンジ"), accession_date=day or clock.today(), **given)


def saved(patron, query=KENJI, name="賢治", **given):
    return sdi.save(patron, query, name, now=clock.now(), **given)


def run():
    return sdi_mails.queue(now=clock.now())


def mails():
    return list(OutboxMail.select().where(OutboxMail.kind == "sdi").order_by(OutboxMail.id))


def content(mail):
    """Return (condition, titles) of a mail at this moment; None when it has nothing to say."""
    letter = sdi_mails.letter(mail, today=clock.today())
    return letter and [(found.condition.name, [title.title for title in found.titles]) for found in letter.found]


# -- conditions ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query",
    [
        Query(q="宮沢 賢治&=+%"),
        Query(rows=(Row("星", "title", "starts"), Row("宇宙", "all", "contains", "or"),
            Row("SF", "subject", "equals", "not"))),
        Query(isbn="9784003101018", ndc="91", year_from=1990, year_to=2020, available=True, language=("jpn",)),
        Query(branch=("01", "02"), material=("図書",), audience=("児童",), ndc_class=("9",), decade=("1990",),
            author=("7",)),
        Query(),
    ],
)  # fmt: skip
def test_a_condition_keeps_the_whole_search(reader, query):
    condition = saved(reader, query.with_(sort="newest"))
    assert sdi.query_of(SdiCondition.get_by_id(condition.id)) == query
    assert queries.from_address(query.address()) == query


def test_ten_can_be_saved_and_no_search_twice(reader):
    for number in range(sdi.MOST):
        saved(reader, Query(q=f"本{number}"), f"本{number}")
    with pytest.raises(errors.Refusals) as twice:
        saved(reader, Query(q="本3", sort="title", page=4))
    assert twice.value.reasons == [errors.SdiTwice(name="本3")]
    with pytest.raises(errors.Refusals, match="10件まで"):
        saved(reader, Query(q="もう一つ"))
    other = factories.patron()
    assert saved(other, Query(q="本3"))
    sdi.remove(sdi.of_patron(reader)[0])
    assert saved(reader, Query(q="もう一つ"))


@pytest.mark.parametrize(
    ("name", "refusal"), [("　 ", errors.FieldEmpty()), ("あ" * 61, errors.FieldTooLong(maximum=60))]
)
def test_a_condition_needs_a_name_that_fits(reader, name, refusal):
    condition = saved(reader)
    for call in (lambda: saved(reader, Query(q="ほか"), name), lambda: sdi.change(condition, name, active=True)):
        with pytest.raises(errors.RefusedTogether) as refused:
            call()
        assert refused.value.by_field == {"sdi_name": [refusal]}
    sdi.change(condition, "  賢治の　本 ", active=True)
    assert [one.name for one in sdi.of_patron(reader)] == ["賢治の 本"]


# -- what is new -----------------------------------------------------------------------------------------------------
def test_new_is_what_came_after_the_condition_was_made_even_on_that_day(reader, moved_clock):
    arrive("注文の多い料理店", day=TODAY - WEEK)
    arrive("銀河鉄道の夜")
    condition = saved(reader)
    later = arrive("風の又三郎")
    arrive("三四郎", by="夏目漱石")
    planned = arrive("春と修羅", day=TODAY + WEEK)
    assert sdi.new([condition], today=TODAY) == {condition.id: [later.id]}
    assert sdi.new([condition], today=TODAY + WEEK) == {condition.id: [planned.id, later.id]}


QUERIES = [
    Query(q="星"), Query(q="hoshi"), Query(q="ほし 山本"), Query(rows=(Row("星", "title", "starts"),)), Query(ndc="44"),
    Query(rows=(Row("星", "title"), Row("地図", "all", "contains", "not"))), Query(material=("雑誌",)), Query(branch=("X",)),
    Query(q="星", available=True), Query(ndc_class=("4",), audience=("児童",)), Query(year_from=2000, q="星"), Query(),
    Query(isbn="978-4-00-310101-8"), Query(q="ない言葉"), Query(rows=(Row("星", "title", "equals"),)),
]  # fmt: skip


@pytest.fixture(scope="module")
def sky():
    return [
        ("星の地図", {"ndc": "443", "year": 1999}),
        ("星", {"ndc": "440", "year": 2010, "audience": "児童", "isbns": ["9784003101018"]}),
        ("星の時間", {"material_type": "雑誌", "ndc": "913.6", "year": 2020}),
        ("ほしのうた", {"ndc": "911", "audience": "児童"}),
        ("月と地図", {"ndc": "446"}),
    ]


def test_it_finds_what_the_result_page_lists(db, sky):
    for number, (name, given) in enumerate(sky * 2):
        day = TODAY if number < len(sky) else TODAY - WEEK
        factories.catalogued(
            name, by=("山本一清", "ヤマモト, イッセイ"), copies=number % 2, accession_date=day, **given
        )
    for query in QUERIES:
        listed = set(results.find(query, size=100).ids)
        for first in (TODAY, TODAY - WEEK):
            new = {row[0] for row in Title.select(Title.id).where(Title.accession_date >= first).tuples()}
            assert set(search.acquired(query, first=first, last=TODAY)) == listed & new, query


# -- the weekly mail -------------------------------------------------------------------------------------------------
def test_each_title_is_mailed_once_to_each_patron(reader, moved_clock):
    saved(reader)
    saved(reader, Query(q="銀河"), "銀河")
    saved(reader, Query(q="風"), "止めた", active=False)
    both, one = arrive("銀河鉄道の夜"), arrive("風の又三郎")
    assert run() == {"patrons": 1, "mails": 1, "titles": 2}
    assert content(mails()[0]) == [("賢治", ["風の又三郎", "銀河鉄道の夜"])]
    assert run() == {"patrons": 0, "mails": 0, "titles": 0}
    late = arrive("グスコーブドリの伝記")
    assert run()["mails"] == 0, "written to today already"
    moved_clock.now += WEEK
    assert run() == {"patrons": 1, "mails": 1, "titles": 1}
    assert content(mails()[1]) == [("賢治", [late.title])]
    assert {row.title_id for row in SdiTitle.select()} == {both.id, one.id, late.id}
    moved_clock.now += WEEK
    assert run()["mails"] == 0


def test_a_title_told_for_one_condition_is_not_told_again_for_another(reader, moved_clock):
    saved(reader)
    title = arrive("銀河鉄道の夜")
    stars = saved(reader, Query(q="星座"), "星座")
    run()
    moved_clock.now += WEEK
    with database.writing():
        Title.update(note="星座をめぐる").where(Title.id == title.id).execute()
        from library.catalog.fulltext import index

        index.refresh([title.id])
    assert sdi.new([stars], today=clock.today())[stars.id] == [title.id]
    assert run() == {"patrons": 0, "mails": 0, "titles": 0}
    assert sdi.new([stars], today=clock.today())[stars.id] == []


def test_a_title_that_comes_later_on_the_day_of_the_run_is_not_lost(reader, moved_clock):
    saved(reader)
    arrive("銀河鉄道の夜")
    run()
    arrive("よだかの星")
    moved_clock.now += WEEK
    run()
    assert content(mails()[1]) == [("賢治", ["よだかの星"])]


def test_a_patron_who_can_not_be_reached_is_left_alone(reader, moved_clock):
    condition = saved(reader)
    arrive("銀河鉄道の夜")
    PatronAddress.update(undeliverable_at=clock.now()).execute()
    assert run() == {"patrons": 0, "mails": 0, "titles": 0}
    PatronAddress.update(undeliverable_at=None).execute()
    MailPreference.update(to_pc=False, to_mobile=True).execute()
    assert run()["mails"] == 0
    factories.address(reader, "phone@example.jp", kind="mobile", position=2)
    assert run()["mails"] == 1
    assert mails()[0].address == "phone@example.jp"
    sdi.change(condition, condition.name, active=False)
    arrive("よだかの星")
    moved_clock.now += WEEK
    assert run()["mails"] == 0


def test_both_ticked_addresses_get_the_same(reader):
    factories.address(reader, "phone@example.jp", kind="mobile", position=2)
    MailPreference.update(to_mobile=True).execute()
    saved(reader)
    arrive("銀河鉄道の夜")
    assert run() == {"patrons": 1, "mails": 2, "titles": 1}
    assert [content(mail) for mail in mails()] == [[("賢治", ["銀河鉄道の夜"])]] * 2


# -- when it is sent -------------------------------------------------------------------------------------------------
def deliver(settings, refuse=lambda letter: None):
    """As the mailer does, without a server."""

    def letter(row):
        return offices.LETTER if sdi_mails.letter(row, today=clock.today()) else None

    return delivery.deliver(lambda _: offices.Office(refuse, letter), settings, now=clock.now())


@pytest.mark.parametrize(
    "change",
    [
        lambda patron, condition: sdi.change(condition, condition.name, active=False),
        lambda patron, condition: sdi.remove(condition),
        lambda patron, condition: MailPreference.update(to_pc=False).execute(),
        lambda patron, condition: PatronAddress.delete().execute(),
        lambda patron, condition: Title.delete().where(Title.title == "銀河鉄道の夜").execute(),
        lambda patron, condition: account_closing.close(patron, by="command", now=clock.now()),
    ],
)
def test_nothing_is_sent_that_nobody_wants_any_more(reader, settings, change):
    condition = saved(reader)
    arrive("銀河鉄道の夜")
    run()
    change(reader, condition)
    assert deliver(settings) == {"cancelled": 1}


def test_titles_that_were_not_sent_are_new_again(reader, moved_clock, settings):
    condition = saved(reader)
    title = arrive("銀河鉄道の夜")
    run()
    sdi.change(condition, condition.name, active=False)
    deliver(settings)
    assert sdi.new([condition], today=TODAY) == {condition.id: [title.id]}
    sdi.change(condition, condition.name, active=True)
    moved_clock.now += WEEK
    run()
    assert deliver(settings) == {"sent": 1}
    assert sdi.new([condition], today=clock.today()) == {condition.id: []}
    assert sdi.announced(condition) == [(title.id, clock.today())]


def seal(patron):
    with database.writing():
        seals.seal(patron, now=clock.now())


def opened(patron):
    with database.writing():
        seals.lift(patron)


def test_no_mail_names_what_a_sealed_search_found_and_all_of_it_is_announced_when_it_is_opened(
    reader, moved_clock, settings
):
    old = saved(reader)
    seal(reader)
    saved(reader, Query(q="鉄道"), "鉄道")
    arrive("よだかの星")
    arrive("銀河鉄道の夜")
    assert run() == {"patrons": 1, "mails": 1, "titles": 1}
    assert content(mails()[0]) == [("鉄道", ["銀河鉄道の夜"])]
    assert deliver(settings) == {"sent": 1}
    assert not SdiTitle.select().where(SdiTitle.condition == old).exists()
    moved_clock.now += WEEK
    arrive("風の又三郎")
    opened(reader)
    run()
    assert content(mails()[1]) == [("賢治", ["風の又三郎", "よだかの星"])]


def test_a_patron_with_sealed_searches_alone_is_written_to_when_they_are_opened(reader, moved_clock):
    saved(reader)
    seal(reader)
    arrive("よだかの星")
    assert run() == {"patrons": 0, "mails": 0, "titles": 0}
    moved_clock.now += WEEK
    opened(reader)
    run()
    assert [content(mail) for mail in mails()] == [[("賢治", ["よだかの星"])]]


def test_a_mail_that_waits_when_its_search_is_sealed_is_not_sent_and_nothing_of_it_is_lost(
    reader, moved_clock, settings
):
    saved(reader)
    arrive("よだかの星")
    run()
    seal(reader)
    assert deliver(settings) == {"cancelled": 1}
    moved_clock.now += WEEK
    opened(reader)
    run()
    assert content(mails()[-1]) == [("賢治", ["よだかの星"])]


def test_a_title_of_a_condition_that_was_stopped_meanwhile_stands_under_the_other(reader):
    first = saved(reader)
    saved(reader, Query(q="銀河"), "銀河")
    arrive("銀河鉄道の夜")
    arrive("よだかの星")
    run()
    sdi.change(first, first.name, active=False)
    assert content(mails()[0]) == [("銀河", ["銀河鉄道の夜"])]


def test_one_address_that_fell_away_leaves_the_other_its_mail(reader, settings):
    factories.address(reader, "phone@example.jp", kind="mobile", position=2)
    MailPreference.update(to_mobile=True).execute()
    condition = saved(reader)
    arrive("銀河鉄道の夜")
    run()
    MailPreference.update(to_pc=False).execute()
    assert deliver(settings) == {"cancelled": 1, "sent": 1}
    assert sdi.new([condition], today=TODAY) == {condition.id: []}


def test_a_mail_names_fifty_titles_and_counts_the_rest(reader):
    saved(reader)
    saved(reader, Query(), "すべて")
    for number in range(60):
        arrive(f"童話{number}")
    arrive("三四郎", by="夏目漱石")
    assert run()["titles"] == 61
    letter = sdi_mails.letter(mails()[0], today=TODAY)
    assert letter.count == 61
    assert [(found.count, len(found.titles)) for found in letter.found] == [(60, 50), (1, 0)]


def test_a_mail_whose_facts_are_erased_can_not_be_sent_again(reader, moved_clock):
    saved(reader)
    arrive("銀河鉄道の夜")
    run()
    OutboxMail.update(state="failed").execute()
    assert outbox.repeat_refusals(mails()[0]) == []
    moved_clock.now += timedelta(days=15)
    retention.clean_up(now=clock.now())
    assert outbox.repeat_refusals(mails()[0]) == [errors.MailErased()]


def test_the_link_in_a_mail_stops_all_conditions(reader):
    saved(reader)
    saved(reader, Query(q="銀河"), "銀河")
    other = saved(factories.patron())
    assert notices.stop(notices.stop_token(reader.id, "sdi", "key"), "key", now=clock.now()) == "sdi"
    assert [one.active for one in sdi.of_patron(reader)] == [False, False]
    assert SdiCondition.get_by_id(other.id).active
    with pytest.raises(errors.LinkDead):
        notices.stop(signed_links.sign("stop", f"hold-{reader.id}", "key"), "key", now=clock.now())


def test_a_closed_card_keeps_no_condition(reader):
    saved(reader)
    arrive("銀河鉄道の夜")
    run()
    account_closing.close(reader, by="command", now=clock.now())
    assert not SdiCondition.select().exists() and not SdiTitle.select().exists()
    assert patrons.deliverable(reader, "sdi")
    assert run()["mails"] == 0
