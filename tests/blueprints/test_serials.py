"""雑誌 for readers: a search shows a serial once, a title page its issues, and the newest is read in the library."""

from datetime import timedelta

import pytest

from library import clock
from library.catalog.fulltext import index
from library.catalog.query.query import Query, Row
from library.catalog.search import facets, search
from library.catalog.shown import results
from library.serials import issues
from library.serials.intervals import INTERVALS
from models import Branch, CartRow, Hold, Item, Patron, Serial, SerialCopies, Title
from tests import factories
from tests.queries import MOST, noted


@pytest.fixture
def titles(db):
    """The ids of twelve issues of a serial, the last of which came yesterday."""
    here = factories.branch("本館", position=0)
    serial = Serial.create(name="こどもの科学室", interval="monthly", publisher="みどり書房", began_on=clock.today())
    SerialCopies.create(serial=serial, branch=here)
    made = []
    for month in range(1, 13):
        at = clock.now() - timedelta(days=1 + 30 * (12 - month))
        name, number = f"2026年{month}月号", f"55{month:04}"
        made.append(issues.receive(serial.id, name, number, branch=here, by="staff:desk", now=at).issue.title_id)
    return made


def words(browse):
    return browse.text().replace(" ", "").replace("\n", "")


def test_a_search_shows_a_serial_once_and_leads_to_its_issues(browse, titles):
    book = factories.catalogued("こどもの科学", copies=1)
    browse.get("/search?q=こどもの科学")
    assert "2件" in browse.h1()
    found = [link["href"] for link in browse.page.select(".row-title a")]
    assert sorted(found) == sorted([f"/titles/{titles[-1]}", f"/titles/{book.id}"])
    assert "同じ作品がほかに11点" in words(browse)
    browse.get(f"/titles/{titles[-1]}")
    listed = [link.get_text() for link in browse.page.select(".editions .edition-name > :first-child")]
    assert listed == [f"2026年{month}月号" for month in range(12, 0, -1)]
    assert "号の一覧" in words(browse)


def test_one_issue_is_found_by_its_name_and_staff_find_all(browse, titles):
    browse.get("/search?q=こどもの科学室 2026年3月号")
    assert browse.page.select_one(".row-title a")["href"] == f"/titles/{titles[2]}"
    assert sorted(results.find(Query(q="こどもの科学室"), with_removed=True).ids) == sorted(titles)
    once = results.find(Query(q="こどもの科学室"), serials_once=True)
    assert (once.ids, once.total, once.others) == ([titles[-1]], 1, [11])


def test_pages_of_a_search_count_serials(titles):
    for number in range(25):
        factories.catalogued(f"科学の本 {number}", copies=1)
    first, second = (results.find(Query(q="科学", page=page), serials_once=True) for page in (1, 2))
    assert (first.total, first.pages, len(first.ids), len(second.ids)) == (26, 2, 20, 6)
    assert len({*first.ids, *second.ids}) == 26


def test_facets_count_a_serial_once_for_each_of_their_values(titles):
    Title.update(year=2019).where(Title.id == titles[0]).execute()
    index.refresh(titles[:1])
    factories.catalogued("科学の本", copies=1)
    found = results.find(Query(q="科学"), at_hand=True, serials_once=True)
    counts = {name: {value.value: value.count for value in values} for name, values in found.facets}
    assert (found.total, found.at_hand) == (2, 2)
    assert sum(counts["branch"].values()) == 2
    assert (counts["decade"]["2010"], counts["decade"]["2020"]) == (1, 1)


def test_the_newest_issue_is_read_in_the_library_and_its_hold_waits(browse, titles, patron):
    browse.get(f"/titles/{titles[-1]}")
    assert "館内でご覧いただけます。本館にあります。最新号は貸出できません。次の号が届くと貸し出せます。" in words(
        browse
    )
    browse.get(f"/titles/{titles[-2]}")
    assert "最新号は貸出できません" not in words(browse)
    hold = factories.hold(patron, titles[-1])
    assert Hold.get_by_id(hold.id).state == "waiting"
    browse.get(f"/titles/{titles[-1]}")
    assert "最新号は貸出できません。" in words(browse)


def test_an_issue_tells_of_its_serial_and_of_the_next_issue(browse, titles):
    Serial.update(issn="2900-1234", keep_years=3).execute()
    browse.get(f"/titles/{titles[-1]}")
    head = words(browse)
    assert "月刊みどり書房2026年ISSN2900-1234本館3年分を保存しています。" in head
    came_on = clock.today() - timedelta(days=1)
    expected = INTERVALS["monthly"].after(came_on)
    assert f"次の号は{expected.month}月{expected.day}日" in head
    assert "ごろの見込みです。" in head
    newest = browse.page.select_one(".issues > .edition-current").get_text()
    assert "最新号・館内" in newest
    assert f"{came_on.month}月{came_on.day}日" in newest
    Serial.update(ended_on=clock.today()).execute()
    browse.get(f"/titles/{titles[-1]}")
    assert "ごろの見込みです。" not in words(browse)
    assert "3年分を保存" not in words(browse)


def test_an_older_issue_is_put_into_the_cart_from_the_list(browse, titles, patron):
    Patron.update(pickup_branch=Branch.get()).execute()
    factories.loan(patron, title=factories.catalogued("門", copies=1))
    browse.be(patron)
    browse.get(f"/titles/{titles[0]}")
    with noted() as queries:
        browse.get(f"/titles/{titles[-1]}")
    assert len(queries.asked) <= MOST, queries.asked
    assert "受取館 本館" in browse.page.select_one(".part-head:has(#volumes) .hint").get_text()
    rows = browse.page.select(".issues > li")
    assert [len(row.select("form")) for row in rows] == [0, *[1] * 11]
    assert rows[1].button.get_text() == "かごに入れる"
    assert rows[1].button["aria-label"] == "「こどもの科学室 2026年11月号」を予約かごに入れる"
    browse.post("/my/cart/titles", {"title": titles[-2], "back": f"/titles/{titles[-1]}"}, htmx=True)
    assert CartRow.select().where(CartRow.title == titles[-2]).exists()


def test_a_serial_with_one_issue_lists_no_others(browse, titles):
    alone = Serial.create(name="短歌の庭", interval="monthly", began_on=clock.today())
    branch = factories.branch("本館")
    got = issues.receive(alone.id, "創刊号", "660001", branch=branch, by="staff:desk", now=clock.now())
    browse.get(f"/titles/{got.issue.title_id}")
    assert "号の一覧" not in words(browse)


def test_only_what_can_be_lent_hides_the_newest_issue(titles, monkeypatch):
    for most in (facets.FEW, 0):
        monkeypatch.setattr(facets, "FEW", most)
        found = results.find(Query(q="こどもの科学室", available=True))
        assert sorted(found.ids) == sorted(titles[:-1])
    Item.update(aside=True).where(Item.title == titles[-1]).execute()
    assert len(results.find(Query(q="こどもの科学室", available=True)).ids) == 11
    Item.update(aside=False).execute()
    Serial.update(lends_newest=True).execute()
    assert len(results.find(Query(q="こどもの科学室", available=True), at_hand=True).ids) == 12


def test_issues_hide_no_new_books(browse, titles):
    book = factories.catalogued("こどもの本", accession_date=clock.today(), copies=1)
    for address in ("/", "/new", "/new.atom"):
        page = browse.get(address).get_data(as_text=True)
        assert f"/titles/{book.id}" in page
        assert "こどもの科学室" not in page
    assert "こどもの科学室 2026年12月号" in browse.get("/new?material=雑誌").get_data(as_text=True)


def test_mails_of_new_books_name_issues_to_who_asks_for_the_serial(titles):
    day, rows = clock.today() - timedelta(days=1), (Row("こどもの 科学室", "title"),)
    book = factories.catalogued("こどもの科学", accession_date=day).id
    for query in (Query(q="こども"), Query(q="科学"), Query()):
        assert search.acquired(query, first=day, last=day) == [book]
    for query in (Query(q="こどもの科学室"), Query(rows=rows), Query(material=("雑誌",))):
        assert search.acquired(query, first=day, last=day) == [titles[-1]]
