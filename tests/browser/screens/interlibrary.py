"""相互貸借: copies of other libraries in every state, one that arrives, and the libraries."""

from datetime import timedelta

from playwright.sync_api import expect

from library import clock, policy
from library.interlibrary import borrowings
from library.lending import loans, returns
from library.requests import deciding, receipt
from models import Borrowing, Branch, Partner
from tests import factories
from tests.browser.screens.registry import screen

LONG = "寿限無寿限無五劫の擦り切れDonaudampfschifffahrtsgesellschaft"
BY = {"by": "staff:a"}


def _fill(library):
    """Have a copy in every state, and one lent to another library; return the borrowing that is asked for."""
    with library.rows():
        known = (
            Borrowing.select().join(Partner).where(Partner.name.startswith(LONG), Borrowing.state == "asked").first()
        )
        if known:
            return known
        partner, _ = Partner.get_or_create(name=f"{LONG}図書館", defaults={"isil": "JP-1000001"})
        branch, now, today = Branch.get(), clock.now(), clock.today()
        how = {"pickup_branch": branch, "contact_method": "none", "may_borrow": True, "now": now}
        made = {}
        for what, days in {"lent": 6, "to_send": 9, "kept": 20, "house": 22, "asked": 0}.items():
            patron = factories.patron()
            title = f"{LONG}{what}{'長' * Borrowing.select().count()}"  # another each time
            row = deciding.borrow(
                receipt.ask(patron, receipt.Wish(title), **how).wanted, partner, reply="", now=now, **BY
            )
            made[what] = row
            if not days:
                continue
            told = {"due": str(today + timedelta(days=days)), "barcode": "", "in_house": what == "house"}
            came = borrowings.arrive(row.id, **told, no_renewal=True, at=branch, now=now, **BY)
            if what in ("lent", "to_send"):
                loans.check_out(patron, came.item, branch=branch, now=now, **BY)
            if what == "to_send":
                returns.give_back(came.item, at=branch, now=now)
        policy.put("partner_categories", ["相手館"])
        card = factories.patron(name=f"{LONG}図書館", category="相手館")
        factories.loan(card)
        return made["asked"]


def _opens(page):
    def opening(visitor, library):
        _fill(library)
        visitor.be_at_desk("madoguchi", f"/desk/{page}")

    return opening


for name, page in {
    "interlibrary": "interlibrary",
    "interlibrary, lent": "interlibrary?list=lent",
    "interlibrary, over": "interlibrary?list=over",
    "partners": "interlibrary/partners",
    "partner entered": "interlibrary/partners/new",
    "partner": "interlibrary/partners/1",
    "a borrowing entered": "requests/new?borrowing=1",
}.items():
    screen(f"desk, {name}")(_opens(page))


@screen("desk, a copy arrives")
def _(visitor, library):
    asked = _fill(library)
    visitor.be_at_desk("madoguchi", f"/desk/interlibrary?open={asked.id}")
    expect(visitor.field("相手館の期限")).to_be_focused()


@screen("desk, a copy arrived")
def _(visitor, library):
    asked = _fill(library)
    visitor.be_at_desk("madoguchi", f"/desk/interlibrary?open={asked.id}")
    expect(visitor.field("相手館の期限")).to_be_focused()
    visitor.page.keyboard.insert_text(str(clock.today() + timedelta(days=28)))
    visitor.page.keyboard.press("Enter")  # on to the scan; without script it sends the form
    if visitor.js:
        expect(visitor.field("仮バーコード")).to_be_focused()
        visitor.page.keyboard.press("Enter")
    expect(visitor.main.get_by_text("が届きました。")).to_be_visible()


@screen("holds, of another library's copy")
def _(visitor, library):
    asked = _fill(library)
    with library.rows():
        due = str(clock.today() + timedelta(days=28))
        told = {"barcode": "", "in_house": True, "no_renewal": True, "at": asked.branch}
        hold = borrowings.arrive(asked.id, due=due, **told, now=clock.now(), **BY).hold
        card = hold.patron.card_number
    visitor.be(card, "/my/holds")
    expect(visitor.main.get_by_text("図書館の中でご覧ください。")).to_be_visible()
