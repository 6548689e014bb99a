"""Screen readers at the desk: each act is said once, in one region that no answer replaces."""

import pytest
from playwright.sync_api import expect

from library import clock
from tests import factories


@pytest.fixture
def clerk(visit):
    visitor = visit().be_at_desk("madoguchi")
    visitor.go("/desk/checkout")
    visitor.page.evaluate("window.region = document.getElementById('said')")
    return visitor


def is_the_only_one(visitor, sentence):
    expect(visitor.announcement).to_contain_text(sentence)
    expect(visitor.announcement).to_have_count(1)
    expect(visitor.main.locator("[role=status], [role=alert]")).to_have_count(0)


def test_a_scan_is_said_by_the_region_that_stays(clerk, patron):
    clerk.scan(patron.card_number)
    is_the_only_one(clerk, "図書 花子さんの手続きを始めます。")
    assert clerk.page.evaluate("window.region.isConnected && !window.region.closest('main')") is True


def test_a_refusal_is_said_once(clerk, library, patron):
    with library.rows():
        out = factories.loan(patron, clock.today()).item.barcode
        other = factories.patron().card_number
    clerk.scan(other)
    clerk.scan(out)
    is_the_only_one(clerk, "は貸し出せません")


def test_an_act_that_leads_to_a_page_is_said_there_and_leaves_the_focus_with_the_work(clerk, library):
    with library.rows():
        asked = factories.question()
    clerk.go(f"/desk/questions/{asked.id}")
    expect(clerk.announcement).to_have_count(0)
    clerk.press("この質問を調べる")
    is_the_only_one(clerk, "この質問を調べることにしました。")
    expect(clerk.main.locator("#answer")).not_to_be_focused()
