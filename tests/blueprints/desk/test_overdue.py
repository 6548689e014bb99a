"""督促一覧 at the desk."""

from datetime import timedelta

import pytest

from library import clock, dates
from models import Audit
from tests import factories


@pytest.fixture
def late(desk, card):
    """佐藤 花子 has 草枕 for eight days too long, and a card holder without a telephone has 門 for fifteen."""
    card.phone_mobile = "090-1234-5678"
    card.save()
    factories.address(card)
    factories.loan(card, clock.today() - timedelta(days=8), title=factories.title("草枕"))
    other = factories.patron(name="鈴木 一郎", name_kana="スズキ イチロウ")
    factories.loan(other, clock.today() - timedelta(days=15), title=factories.title("門"))
    factories.loan(other, clock.today() - timedelta(days=30), title=factories.title("道草"), trouble="lost")
    return card


def rows(desk):
    return [row.get_text(" ", strip=True) for row in desk.page.select("tbody tr")]


def test_a_patron_with_an_overdue_loan_is_listed_with_ways_to_reach_them(desk, late):
    desk.get("/desk/overdue")
    first, second = rows(desk)
    due = dates.with_weekday(clock.today() - timedelta(days=8), year=False)
    assert all(word in first for word in ("佐藤 花子 さん", "090-1234-5678", "草枕", f"{due}まで", "8日延滞"))
    assert "メールなし" not in first
    assert "鈴木 一郎 さん" in second and "メールなし" in second and "道草" not in second
    assert "2人、2点" in desk.text()


def test_the_stages_of_the_library_narrow_it(desk, late):
    desk.get("/desk/overdue")
    assert [tab.get_text() for tab in desk.page.select(".tabs a")] == ["1日以上", "7日以上", "14日以上", "28日以上"]
    desk.get("/desk/overdue?days=14")
    assert len(rows(desk)) == 1 and "門" in rows(desk)[0]
    desk.get("/desk/overdue?days=28")
    assert rows(desk) == [] and "ありません" in desk.text()


@pytest.mark.parametrize("asked", ["?days=3", "?days=x", "?days=7&page=0", "?page=999999999", "?days=" + "9" * 40])
def test_any_address_has_an_answer(desk, late, asked):
    assert desk.get(f"/desk/overdue{asked}").status_code == 200


def test_that_it_was_opened_is_written_down_without_the_people(desk, late):
    desk.get("/desk/overdue")
    row = Audit.get(Audit.action == "overdue.listed")
    assert (row.actor, row.patron, row.details) == ("staff:suzuki", None, {"count": 2})


def test_many_are_parted_into_pages(desk):
    for number in range(41):
        patron = factories.patron(
            name=f"図書 {number:03}", phone_home="096-000-0000", address="すずかけ市中央一丁目2番3号"
        )
        factories.loan(patron, clock.today() - timedelta(days=8))
    desk.get("/desk/overdue")
    assert len(rows(desk)) == 40
    assert len(desk.page.encode()) < 61_440
    desk.get(desk.page.find("a", string="次のページ")["href"])
    assert len(rows(desk)) == 1 and not desk.page.find("a", string="次のページ")
