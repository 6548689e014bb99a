"""The desk: records of patrons, titles and copies; stocktaking; files that are read in; pages of the administrator."""

from datetime import timedelta

from playwright.sync_api import expect

from library import clock
from library.access.guessing import tries
from library.counting import stocktaking
from library.importing import assignments
from library.lending.sets import item_sets
from library.site import articles
from models import Branch, CardNumber, Guess, ItemSet, Loan
from tests import epubs, factories
from tests.browser.screens.desk import sit_down
from tests.browser.screens.registry import is_refused, new_patron, screen
from tests.browser.screens.signing_in import guess_at

LONG = "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末"
OPEN = {
    "patrons": "patrons", "patrons, search over": "patrons?s=over", "new patron": "patrons/new",
    "question entered": "questions/new", "requests": "requests", "works on order": "requests/orders",
    "request entered": "requests/new", "requests that ended": "requests?list=over",
    "new number": "patrons/1/new-number", "titles": "titles?words=の",
    "serials": "serials", "serials/new": "serials/new",
    "works": "works?q=の", "records of one book": "merges?q=の", "records to be merged": "merges/new?title=1&title=2",
    "people": "people?q=夏目", "new title": "titles/new", "title": "titles/1", "title changed": "titles/1/edit",
    "labels": "labels", "withdrawals": "withdrawals", "withdrawn copies": "withdrawals/withdrawn",
    "register": "register?by=number", "sets": "sets", "new set": "sets/new",
    "register on paper": "register/print?by=number", "copies withdrawn": "withdrawals/new?item=1",
    "stocktakings": "stocktaking", "terminals": "terminal", "password": "password",
}  # fmt: skip
OPEN_TO_ADMIN = {
    "discovery": "discovery",
    "sign-ins": "sign-ins",
    "accounts": "staff",
    "record of work": "audit",
    "calendar": "calendar",
    "files to read in": "import",
}
ITEMS = "書名,著者,登録番号,所蔵館\nこころ,夏目漱石,0100000001,本館\n雪国,川端康成,0100000002,どこか\n"


def _opens(path, login):
    def opening(visitor, library):
        sit_down(visitor, login)
        visitor.go(f"/desk/{path}")

    return opening


for name, path in OPEN.items():
    screen(f"desk, {name}")(_opens(path, "madoguchi"))
for name, path in OPEN_TO_ADMIN.items():
    screen(f"desk, {name}")(_opens(path, "kanri"))


@screen("desk, patrons found")
def _(visitor, library):
    with library.rows():
        for _ in range(3):
            factories.patron(name=LONG, name_kana="ジュゲム")
    sit_down(visitor)
    visitor.go("/desk/patrons")
    visitor.field("利用者を探す").fill("ジュゲム")
    visitor.field("利用者を探す").press("Enter")
    expect(visitor.main.get_by_role("row").nth(2)).to_be_visible()  # more, where this screen was seen before


@screen("desk, new number asked about")
def _(visitor, library):
    sit_down(visitor)
    visitor.go("/desk/patrons/1/new-number")
    visitor.field("新しい番号").fill("0000009999999")
    visitor.press("次へ")
    expect(visitor.main.get_by_text("0000009999999").first).to_be_visible()


@screen("desk, procedure of a card")
def _(visitor, library):
    patron = new_patron(library, name=LONG)
    sit_down(visitor)
    visitor.go(f"/desk/patrons/{patron.id}/suspend")
    visitor.press("利用を停止する")
    is_refused(visitor)


@screen("desk, book to be held for a patron")
def _(visitor, library):
    patron = new_patron(library, name=LONG)
    with library.rows():
        for _ in range(3):
            factories.catalogued(f"寿限無 {LONG}", copies=1)
    sit_down(visitor)
    visitor.go(f"/desk/patrons/{patron.id}/hold")
    visitor.field("書名、ISBN、資料番号").fill("寿限無")
    visitor.press("予約する")
    expect(visitor.main.get_by_text("どの資料ですか")).to_be_visible()


@screen("desk, sign-in")
def _(visitor, library):
    visitor.go("/desk/login")


@screen("desk, sign-ins, all that there may be")
def _(visitor, library):
    card = new_patron(library)
    guess_at(library, tries.card_counter(card))
    guess_at(library, tries.login_counter("kanri"))
    with library.rows():
        now = clock.now()
        rows = [("source", "", "2001:db8:1234:5678::"), ("source", "", "terminal abc"), ("line", "", "2001:db8:1234::"),
                ("pair", "setup", "198.51.100.23"), ("pair", tries.unknown_card_counter("a"), "mark abc"),
                 ("pair", tries.login_counter("a"), "signed in"),
                ("all_strangers", "", ""), ("all_initial", "", ""),
                 ("initial", tries.card_counter(card), "")]  # fmt: skip
        for kind, who, source in rows:
            until = now + timedelta(minutes=9)
            Guess.create(kind=kind, who=who, source=source, failures=512, since=now, until=until)
    visitor.be_at_desk("kanri")
    visitor.go("/desk/sign-ins")
    expect(visitor.main.get_by_text("2001:db8:1234:5678::").first).to_be_visible()


@screen("desk, sign-in with care, refused")
def _(visitor, library):
    guess_at(library, tries.login_counter("madoguchi"))
    visitor.go("/desk/login")
    visitor.field("ログインID").fill("madoguchi")
    visitor.field("パスワード").fill("wrong")
    visitor.press("ログイン")
    expect(visitor.summary).to_contain_text("図書館のパソコンから")


@screen("desk, check number of a patron")
def _(visitor, library):
    patron = new_patron(library, name=LONG)
    sit_down(visitor)
    visitor.go(f"/desk/patrons/{patron.id}/release")
    visitor.press("解除する")
    expect(visitor.main.get_by_text("確認番号を聞かれたら")).to_be_visible()


@screen("desk, form of numbers, refused")
def _(visitor, library):
    visitor.be_at_desk("kanri", "/desk/numbers/item/new")
    visitor.field("はじめの文字").fill("K:")
    visitor.field("桁数").fill("2")
    visitor.press("保存する")
    is_refused(visitor)


@screen("desk, other numbers of a patron")
def _(visitor, library):
    patron = new_patron(library, name=LONG)
    with library.rows():
        CardNumber.create(number=f"M{patron.id:019}", patron=patron.id, kind="old", since=clock.now())
        CardNumber.create(number=f"{patron.id:08}", patron=patron.id, kind="mykey", since=clock.now())
    sit_down(visitor)
    visitor.go(f"/desk/patrons/{patron.id}/numbers")
    visitor.press("マイキーIDを加える")
    is_refused(visitor)


@screen("desk, card of a patron")
def _(visitor, library):
    patron = new_patron(library, name=LONG)
    sit_down(visitor)
    visitor.go(f"/desk/patrons/{patron.id}/card")


@screen("desk, patron changed, refused")
def _(visitor, library):
    patron = new_patron(library)
    sit_down(visitor)
    visitor.go(f"/desk/patrons/{patron.id}/edit")
    visitor.field("氏名").fill("")
    visitor.press("変更する")
    expect(visitor.summary).to_be_visible()


@screen("desk, copy")
def _(visitor, library):
    sit_down(visitor)
    visitor.go(f"/desk/items/{_copy(library).barcode}")


@screen("desk, copy changed")
def _(visitor, library):
    sit_down(visitor)
    visitor.go(f"/desk/items/{_copy(library).barcode}/edit")


def _copy(library):
    with library.rows():
        return factories.item(factories.title(LONG))


@screen("desk, cancelling a hold")
def _(visitor, library):
    with library.rows():
        hold = factories.hold(factories.patron(), factories.title(LONG))
    sit_down(visitor)
    visitor.go(f"/desk/holds/{hold.id}/cancel")


@screen("desk, cancelling a hold that is over")
def _(visitor, library):
    with library.rows():
        hold = factories.hold(factories.patron(), state="cancelled", ended_at=clock.now())
    sit_down(visitor)
    visitor.go(f"/desk/holds/{hold.id}/cancel")


@screen("desk, a lost copy settled")
def _(visitor, library):
    with library.rows():
        loan = factories.loan(factories.patron(), title=factories.title(LONG))
        Loan.update(trouble="lost").where(Loan.id == loan.id).execute()
    sit_down(visitor)
    visitor.go(f"/desk/items/{loan.item.barcode}/settled?state=withdrawn")


@screen("desk, slip of a hold")
def _(visitor, library):
    with library.rows():
        item, today = factories.item(factories.title(LONG), aside=True), clock.today()
        hold = factories.hold(
            factories.patron(), item.title, state="ready", item=item, on_shelf_on=today, pickup_by=today
        )
    sit_down(visitor)
    visitor.go(f"/desk/holds/{hold.id}/slip")


# -- sets ------------------------------------------------------------------------------------------------------------
def _fill_a_set(library):
    """Make a set of two copies, one of them out to a group."""
    with library.rows():
        moment = {"by": "staff:a", "now": clock.now()}
        typed = {"name": LONG, "barcode": f"T{ItemSet.select().count():04}", "branch": str(Branch.get().id)}
        made = item_sets.save(None, typed, **moment)
        group = factories.patron(
            category="団体", birth_date=None, name=LONG, representative=LONG, guardian_name=LONG, delivery_to=LONG
        )
        for item in (factories.item(factories.title(LONG)), factories.item()):
            item_sets.add(made, item, **moment)
        factories.loan(group, item=item)
        return made, group


def _of_a_set(page):
    def opening(visitor, library):
        made, _ = _fill_a_set(library)
        sit_down(visitor)
        visitor.go(f"/desk/sets/{made.id}{page}")

    return opening


for _name, _page in {"set": "", "deletion of a set": "/deletion", "delivery slip": "/slip"}.items():
    screen(f"desk, {_name}")(_of_a_set(_page))


@screen("desk, a set that lacks copies")
def _(visitor, library):
    made, group = _fill_a_set(library)
    sit_down(visitor)
    visitor.go("/desk/checkout")
    for label, number in (("利用者番号", group.card_number), ("資料番号", made.barcode)):
        visitor.main.get_by_label(label, exact=True).fill(number)
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.get_by_role("link", name="利用者をひらく")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="不足のまま貸し出す")).to_be_visible()


# -- stocktaking -----------------------------------------------------------------------------------------------------
def _count(visitor, library, page=""):
    with library.rows():
        begun = stocktaking.begin(Branch.get(), "", by="staff:a", now=clock.now())
        for text in (factories.item().barcode, "999"):
            stocktaking.scan(begun, text, now=clock.now())
    sit_down(visitor)
    visitor.go(f"/desk/stocktaking/{begun.id}{page}")


for name, page in {"begun": "", "to be ended": "/close", "missing": "/missing", "not known": "/unknown"}.items():
    screen(f"desk, stocktaking {name}")(lambda visitor, library, page=page: _count(visitor, library, page))


# -- files -----------------------------------------------------------------------------------------------------------
def send_titles(visitor, text, kind="書誌"):
    sit_down(visitor, "kanri")
    visitor.go("/desk/import")
    visitor.field("ファイル").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": text.encode()})
    visitor.press("ファイルを送る")
    if kind != "書誌":  # which its headings don't tell
        visitor.field("a.csv").select_option(label=kind)
        visitor.press("中身を変更する")
        visitor.main.get_by_role("link", name="列を選ぶ").click()
    visitor.page.wait_for_url("**/desk/import/*/columns")


@screen("desk, columns of a file assigned")
def _(visitor, library):
    send_titles(visitor, ITEMS)


@screen("desk, words of a file assigned")
def _(visitor, library):
    send_titles(visitor, ITEMS)
    visitor.press("次へ　値を確かめる")
    visitor.page.wait_for_url("**/desk/import/*/values")


@screen("desk, file tried")
def _(visitor, library):
    send_titles(visitor, ITEMS.replace("どこか", ""))
    visitor.press("次へ　値を確かめる")
    visitor.page.wait_for_url("**/desk/import/*")


@screen("desk, what was assigned")
def _(visitor, library):
    with library.rows():
        assigned = assignments.Assignments({"address": "住所１\n住所２"}, {"category": {"町外": "一般"}})
        assignments.remember("patrons", assigned, "すずかけ町の前のシステム")
    sit_down(visitor, "kanri")
    visitor.go("/desk/import/profiles")


@screen("desk, what was assigned for a system")
def _(visitor, library):
    with library.rows():
        assignments.remember("titles", assignments.Assignments({"title": LONG}), "乙社")
    sit_down(visitor, "kanri")
    visitor.go("/desk/import/profiles/one?name=乙社")


@screen("desk, file of an e-book looked at")
def _(visitor, library):
    sit_down(visitor, "kanri")
    visitor.go("/desk/ebooks")
    book = {"name": "a.epub", "mimeType": "application/epub+zip", "buffer": epubs.book(LONG)}
    visitor.field("EPUB のファイル").set_input_files(book)
    visitor.press("中身を確かめる")
    visitor.page.wait_for_url("**/desk/ebooks/new/*")


# -- pages of the library's own --------------------------------------------------------------------------------------
@screen("page of the library")
def _(visitor, library):
    with library.rows():
        slug = f"page-{factories.title().id}"
        text = f"## {LONG}\n\n- 一つ\n- 二つ\n\n{LONG * 3}"
        articles.write(None, articles.Draft(LONG, text, slug=slug), by="staff:a", now=clock.now())
    visitor.go(f"/pages/{slug}")
