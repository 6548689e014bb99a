"""The desk: empty, and with many rows."""

from datetime import timedelta

from playwright.sync_api import expect

from library import clock, policy_settings
from library.cutover import sample
from library.site import pictures
from models import Branch
from tests import factories
from tests.browser.screens.registry import new_patron, screen
from tests.library import test_photographs

PAGES = ("system", "checkout", "returns", "renewals", "holds", "holds/shelf", "holds/contact", "holds/reshelve",
         "transfers",
         "items", "scan", "claims", "branch", "checkout/slip", "overdue", "status", "offline", "offline/shell",
         "offline/entries", "offline/paper", "offline/paper/sheets", "titles/1/hold", "patrons/1", "patrons/1/closing",
         "patrons/categories",
         "features", "features/new", "features/1", "features/1/deletion",
         "kids", "kids/sea")  # fmt: skip
OF_ADMIN = ("colleagues", "files", "library", "lists", "branches", "branches/new", "branches/1", "branches/1/closing",
    "numbers",
    "numbers/card/1", "policies", "policies/lending", "policies/lending?category=児童",
    "texts", "texts/due", "translations", "translations/en/branch", "notices", "articles", "articles/news",
    "articles/page", "articles/faq", "articles/1", "pictures", "pictures/outside",
    "reports/survey/jla", "reports/survey/shakyo", "reports/figures/loans", "figures", "figures/year",
            *(f"policies/{group.name}" for group in policy_settings.GROUPS),
            *(f"reports?of={kind}" for kind in ("day", "month", "year")))  # fmt: skip
MOVE = (
    "move",
    "move/counts",
    "move/sample",
    "move/sample/paper",
    "move/rules",
    "move/numbers",
    "move/mails",
    "move/backup",
    "move/day-before",
    "move/opening",
    "move/discard",
)
MANY = 200


def sit_down(visitor, login="madoguchi"):
    visitor.be_at_desk(login)
    expect(visitor.h1).to_have_text("貸出")


def _opens(page, login="madoguchi"):
    def opening(visitor, library):
        visitor.be_at_desk(login, f"/desk/{page}")

    return opening


for page in PAGES:
    screen(f"desk, {page}")(_opens(page))
for page in OF_ADMIN:
    screen(f"desk, {page}")(_opens(page, "kanri"))


screen("desk, today")(_opens(""))
screen("desk, note")(_opens("note"))


def _serve(visitor, patron, page="checkout"):
    visitor.go(f"/desk/{page}")
    visitor.field("利用者番号").fill(patron.card_number)
    visitor.field("利用者番号").press("Enter")
    expect(visitor.main.get_by_text(patron.card_number)).to_be_visible()


def _moves_in(page):
    """Open a page of the move; none is going on, as this library is that of all screens."""

    def opening(visitor, library):
        with library.rows():
            sample.draw(today=clock.today(), by="staff:kanri", now=clock.now())
        visitor.be_at_desk("kanri", f"/desk/{page}")

    return opening


for page in MOVE:
    screen(f"desk, {page}")(_moves_in(page))


@screen("desk, one of the sample")
def _(visitor, library):
    _moves_in("move/sample")(visitor, library)
    visitor.main.get_by_role("table").get_by_role("link").first.click()
    expect(visitor.h1).to_contain_text("見本 1人目")


@screen("desk, lent and refused")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        first, second = factories.item().barcode, factories.item(state="repair").barcode
    sit_down(visitor)
    _serve(visitor, patron)
    for barcode in (first, second):
        visitor.field("資料番号").fill(barcode)
        visitor.field("資料番号").press("Enter")
    expect(visitor.main.locator(".refusal-heading")).to_contain_text("貸し出せません")


@screen("desk, renewals of a patron")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        for days in (-1, 2, 9):
            factories.loan(patron, clock.today() + timedelta(days=days), title=factories.title("長い題名の本" * 9))
    sit_down(visitor)
    _serve(visitor, patron, "renewals")


@screen("desk, many copies on the shelf")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        here = Branch.select().order_by(Branch.position, Branch.id).first()
        for _ in range(MANY):
            item, today = factories.item(branch=here, aside=True), clock.today()
            factories.hold(patron, item.title, state="ready", item=item, pickup_branch=here, on_shelf_on=today)
    sit_down(visitor)
    visitor.go("/desk/holds/shelf")


@screen("desk, feature, titles found and a word missing")
def _(visitor, library):
    sit_down(visitor)
    visitor.go("/desk/features/1")
    visitor.field("題名").fill("")
    visitor.field("資料を加える").fill("の")
    visitor.press("探す")
    expect(visitor.main.locator("#found")).to_be_focused()
    visitor.press("保存する")
    expect(visitor.summary).to_be_visible()


@screen("desk, photograph refused")
def _(visitor, library):
    sit_down(visitor, "kanri")
    visitor.go("/desk/pictures/young_adults")
    visitor.press("保存する")
    expect(visitor.summary).to_be_visible()


@screen("front page and a feature with photographs")
def _(visitor, library):
    with library.rows():
        for where in ({"place": "outside"}, {"feature": 2}):
            pictures.put(where, test_photographs.picture(size=(1600, 900)), "夕方の建物", by="staff:a", now=clock.now())
    visitor.go("/features/family")
    visitor.go("/")


@screen("desk, postcards")
def _(visitor, library):
    for address in ("すずかけ市中央一丁目2番3号 とても長い名前の集合住宅 壱番館 一二三四号室", ""):
        patron = new_patron(library, address=address, postal_code="860-0001", birth_date="2016-04-02")
        with library.rows():
            for _ in range(6):
                factories.loan(patron, clock.today() - timedelta(days=9), title=factories.title("長い題名の本" * 9))
    sit_down(visitor)
    visitor.go("/desk/overdue?days=7")
    visitor.press("はがき")
    expect(visitor.h1).to_have_text("はがき")


@screen("desk, address of a patron")
def _(visitor, library):
    patron = new_patron(library, address="すずかけ市中央一丁目2番3号", guardian_name="図書 めぐみ", residence="living")
    sit_down(visitor)
    visitor.go(f"/desk/patrons/{patron.id}")
    visitor.main.get_by_text("連絡先と登録").click()
    visitor.press("住所を表示する")
    expect(visitor.main.get_by_text("すずかけ市中央一丁目2番3号")).to_be_visible()


@screen("desk, category of many")
def _(visitor, library):
    for number in range(12):
        patron = new_patron(
            library, category="児童", birth_date="2013-04-02", name=f"図書 じゅげむじゅげむごこうのすりきれ{number}"
        )
    with library.rows():
        for _ in range(12):
            factories.loan(patron, clock.today())
    sit_down(visitor)
    visitor.go("/desk/patrons/categories")
    visitor.press("確かめる")
    expect(visitor.main.locator("#patron")).to_be_visible()
