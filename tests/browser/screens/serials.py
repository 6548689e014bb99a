"""雑誌 at the desk: an open row, what came, and a serial."""

from datetime import timedelta

from playwright.sync_api import expect

from library import clock
from library.serials import issues
from models import Branch, Serial, SerialCopies
from tests.browser.screens.desk import sit_down
from tests.browser.screens.registry import is_refused, screen

LONG = "寿限無寿限無五劫の擦り切れDonaudampfschifffahrtsgesellschaft"


def awaited(library, name=LONG, days=50, number=""):
    """Return the id of a serial whose last issue came so many days ago at the first branch."""
    with library.rows():
        here = Branch.select().order_by(Branch.position, Branch.id).first()
        row = Serial.create(name=name, interval="monthly", began_on=clock.today() - timedelta(days=400))
        SerialCopies.create(serial=row, branch=here)
        at = clock.now() - timedelta(days=days)
        issues.receive(row.id, "2026年12月号", number or f"88{row.id:06}", branch=here, by="staff:desk", now=at)
        return row.id


def _open(visitor, library, more=""):
    number = awaited(library)
    sit_down(visitor)
    visitor.go(f"/desk/serials?open={number}{more}")
    return number


@screen("desk, serials, open")
def _(visitor, library):
    _open(visitor, library)


@screen("desk, serials, named")
def _(visitor, library):
    _open(visitor, library, "&as=double")


@screen("desk, serials, refused")
def _(visitor, library):
    _open(visitor, library)
    visitor.page.keyboard.press("Enter")
    expect(visitor.main.locator(".error").first).to_be_visible()


@screen("desk, serials, received")
def _(visitor, library):
    number = _open(visitor, library)
    visitor.page.keyboard.type(f"8899{number:06}")
    visitor.page.keyboard.press("Enter")
    expect(visitor.main.get_by_text("を受け入れました。").first).to_be_visible()


@screen("desk, serials, refused form")
def _(visitor, library):
    sit_down(visitor)
    visitor.go("/desk/serials/new")
    visitor.press("登録する")
    is_refused(visitor)


for _name, _page in {
    "a serial": "",
    "a serial changed": "/edit",
    "a serial ended": "/end",
    "a serial deleted": "/deletion",
}.items():

    @screen(f"desk, {_name}")
    def _(visitor, library, page=_page):
        number = awaited(library)
        sit_down(visitor)
        visitor.go(f"/desk/serials/{number}{page}")
