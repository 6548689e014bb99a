"""Every link and every form of the demonstration library leads to a page that works, for everybody; every page is led
to; and none asks the database more than a few queries, however long its lists are.

Pages differ by thousands in what they narrow a list by or which title they show: of each kind, the first few are
opened.
"""

from collections import Counter
from functools import cache
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

import pytest
from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from library import clock, demonstration
from library.account import account_closing
from library.counting import stocktaking
from library.site import articles, published_answers
from library.store import database
from models import Branch, Item, Patron, Staff, Title
from tests import factories, libraries
from tests.conftest import NOW
from tests.long import in_the_long_run
from tests.page_rules import japanese_outside, long_blocks, ruby_in_plain_places
from tests.pages import Browser
from tests.queries import MOST, noted

PEOPLE = ("nobody", "patron", "desk", "admin")
FEW, MANY = (6, 16), (8, 24)  # pages of a kind, and of an endpoint
PARTS = ("a", "form", "img", "link")
# GET addresses that no page leads to, and why
# addresses that no link and no form asks for, and why
ELSEWHERE = {
    "after what is typed or sent": {
        "cart.confirm", "cart.done", "closing.confirm", "closing.done", "desk.again.index", "desk.checkout.slip",
        "desk.ebooks.new", "desk.interlibrary.ours", "desk.imports.columns", "desk.imports.download",
        "desk.imports.progress",
        "desk.imports.show", "desk.imports.values", "desk.imports.show_profile", "desk.imports.ask_profile_removal",
        "desk.imports.download_profile", "desk.offline_paper.sheets",
        "desk.lost_cards.ask_new_number", "desk.second_factor.app", "desk.second_step.index",
        "history.deleted", "kids.nothing", "profile.confirm", "profile.done", "reference.confirm", "reference.done",
        "requests.confirm", "requests.done", "desk.requests.step",
        "session.first_password", "shelves.cart_answers", "shelves.confirm_file",
    },
    "from mails": {"mail.stop", "mail.stop_password", "mail.verify", "seal.ask_opening", "session.reset_with"},
    "from other sites": {"isbn.page", "isbn.state", "isbn.states"},
    "shown to those whom it serves": {
        "catalog.cover", "desk.session.password", "ebook_files.cover", "passkeys.index", "pictures.show",
        "reader.picture", "requests.new", "seal.ask_deletion", "seal.index", "shelves.public",
    },
    "from before お知らせの設定 was one page": {"push.index"},
    "where there is what they ask about": {
        "desk.ebook_services.ask_removal", "desk.face.ask_logo_removal", "desk.items.ask_settled",
        "desk.numbers.ask_removal", "desk.offline_entries.ask_resolution",
        "desk.other_numbers.ask_removal", "desk.pictures.ask_removal",
        "desk.second_factor.ask_app_removal", "desk.second_factor.ask_new_codes",
        "desk.second_factor.ask_passkey_removal", "desk.serials.ask_deletion", "desk.texts.ask_shipped",
        "ebooks.ask_link", "loans.ask_claim",
    },
    "before there is a desk to go to": {"desk.session.login", "desk.setup.index"},
    "asked by programs": {
        "oai.answer", "oai.answer_posted", "sru.answer", "discovery.pages", "discovery.robots", "discovery.sitemap",
        "discovery.sitemaps", "due_calendar.feed", "session.stay",
        "site.favicon", "site.theme", "site.worker", "catalog.completions", "catalog.suggest",
        "desk.offline.cards_and_copies", "desk.offline.file", "desk.offline.shell", "desk.offline.worker",
        "health.healthz", "health.numbers", "health.readyz",
    },
    "while a library moves in": {
        "desk.move.backup", "desk.move.counts", "desk.move.numbers", "desk.move.rules",
        "desk.move_opening.ask_discard", "desk.move_opening.ask_opening", "desk.move_opening.mails",
        "desk.move_opening.sheet", "desk.move_sample.index", "desk.move_sample.paper", "desk.move_sample.person",
    },
    "in development alone": {"styleguide.desk", "styleguide.index"},
}  # fmt: skip
OF_EREADERS = ("opds.", "opds2.", "ebook_files.file")
# pages that may ask more queries, and why
MORE = {
    "kids.book": 13,  # where it stands, the books beside it, and whether who is signed in may reserve it
    "features.show": 13,  # what the reader has with its titles takes six, a picture and the e-books one each
    # mails, jobs, how far the index is, the last drill and the copy that the next one waits for, machines that fetch
    # copies
    "desk.status.index": 16,
    "desk.calendar.index": 16,  # what the chosen days move, and its mails, take up to seven
    # six figures and their classes and bars, of two spans: of a year that runs from months that are kept and from facts
    "desk.reports.index": 23,
    "desk.reports.download": 22,
    "desk.patrons.show": 14,  # loans, those of other libraries, holds with their lines, closed days, besides the menu
    "desk.surveys.download": 16,  # as its page
    "desk.surveys.show": 17,  # each source of figures takes one: facts, copies, cards, serials, months …
    "desk.withdrawals.ask": 13,  # loans, holds and other copies of each, and the years for which its magazine is kept
    "desk.titles.show": 16,  # the record as its export writes it takes seven
    "catalog.results_file": 22,  # whole records take six for each 500 of them, what is limited to 在架 two more
    "desk.exports.download": 23,  # whole records of all titles, as above
    "catalog.subject": 13,  # what is near takes two, what the reader has with its titles five
    "sdi.condition": 16,  # its search asks the index at each level
    "sdi.index": MOST + 10,  # each of up to ten saved searches is looked for
}
# pages with blocks of more than two sentences, and why
LONG_BLOCKS = {
    # what a library, a publisher or a librarian wrote
    "pages.faq", "pages.privacy", "pages.accessibility", "pages.show", "news.show", "reference.show", "reader.part",
    "questions.show", "features.show", "desk.articles.show", "desk.reference.show",
    # reasons of a refusal, each a sentence; a rule's figures in words
    "desk.titles.ask_removal", "desk.titles.show", "desk.policies.index",
}  # fmt: skip
LONG = 12  # rows in the lists of the patron, besides those of the demonstration


@pytest.fixture(scope="module")
def demonstrated(migrated, tmp_path_factory):
    """The demonstration and its e-books, loaded once."""
    folder = tmp_path_factory.mktemp("demonstrated")
    libraries.fill(folder, migrated)
    clock.set_source(lambda: NOW)
    opened = database.open_database(libraries.address(folder))
    with opened.connection_context():
        demonstration.load(today=clock.today(), now=NOW, folder=folder / "ebooks")
        show_more(reader())
        lengthen(reader())
    opened.close_all()
    clock.set_source(None)
    return folder


def reader():
    return Patron.get(Patron.card_number == demonstration.DEMONSTRATION_CARDS[1][0])


def show_more(patron):
    """Make one of each thing that has links and is not in the demonstration."""
    main = Branch.select().order_by(Branch.position).first()
    factories.mail(patron)
    factories.shelf(patron, "一覧で見る棚", [Title.get()], as_list=True)
    factories.hold(patron, state="ready", item=factories.item(branch=main), pickup_branch=main, ready_at=NOW)
    account_closing.request(factories.patron(branch=main), now=NOW)
    asked = factories.question(state="answered", taken_by="madoguchi", answer="回答です。", ended_at=NOW)
    said = published_answers.Draft(asked.subject, asked.text, "回答です。", "")
    published_answers.write(
        published_answers.prepare(asked, now=NOW), said, public=True, by="madoguchi", today=clock.today(), now=NOW
    )
    stocktaking.scan(stocktaking.begin(main, "", by="madoguchi", now=NOW), Item.get().barcode, now=NOW)
    articles.write(None, articles.Draft("館からのご案内", "本文です。", slug="welcome"), by="madoguchi", now=NOW)


def lengthen(patron):
    """Make each list of the patron a long one."""
    today, titles = clock.today(), list(Title.select().order_by(Title.id.desc()).limit(3 * LONG))
    for title in titles[:LONG]:
        factories.loan(patron, today, item=factories.item(title))
        factories.history(patron, title.title, title=title)
        factories.cart_row(patron, title)
        factories.mail(patron)
        factories.question(patron)
    for title in titles[LONG : 2 * LONG]:
        factories.hold(patron, title)
    for number in range(LONG):
        factories.shelf(patron, f"棚{number}", titles)
    for number in range(6):
        factories.condition(patron, f"q={number}")


@pytest.fixture
def db(demonstrated, tmp_path, moved_clock):
    libraries.copy(demonstrated, tmp_path)
    opened = database.open_database(libraries.address(tmp_path))
    opened.connect()
    yield opened
    if not opened.is_closed():
        opened.close()
    opened.close_all()


def browser_of(app, who):
    browser = Browser(app)
    if who == "patron":
        browser.be(reader())
    elif who != "nobody":
        browser.be(Staff.get(Staff.role == who))
    return browser


def says_what_is_missing(answer):
    """A form that was sent as it stood, empty."""
    return answer.status_code == 422 and 'id="error-summary"' in answer.text


def beginnings(who):
    """The desk has an address of its own, which no page for everybody tells."""
    return ["/", "/desk/"] if who in ("desk", "admin") else ["/"]


@pytest.fixture
def queries():
    with noted() as handler:
        yield handler


class Crawl:
    """All that can be reached from the front page by one person, who signs nobody out and sends nothing."""

    def __init__(self, app, who, queries, most, cookies=()):
        self.of_a_kind, self.of_an_endpoint = most
        self.client, self.queries = browser_of(app, who).client, queries
        for name, value in dict(cookies).items():
            self.client.set_cookie(name, value)
        self.map = app.url_map.bind("")
        self.endpoint = cache(self.find)
        self.seen, self.opened, self.dead = Counter(), {}, {}
        self.left = [(address, "") for address in beginnings(who)]
        self.wordy = {}  # of each endpoint its blocks of too many sentences
        self.misspoken = {}  # of each endpoint its addresses, with what is not in the language of the page
        self.most = {}  # of each endpoint the address that asks the most, and what it asks

    def run(self):
        while self.left:
            address, source = self.left.pop(0)
            if address not in self.opened and self.is_wanted(address, source):
                self.open(address, source)
        return self

    def find(self, path, method="GET"):
        try:
            return self.map.match(path, method=method)[0]
        except RequestRedirect:
            return self.find(f"{path}/", method)
        except HTTPException:
            return None

    def is_wanted(self, address, source):
        endpoint = self.endpoint(urlsplit(address).path)
        if endpoint is None:
            self.dead[address] = f"no address of ours, on {source}"
            return False
        kind = (endpoint, *sorted({name for name, value in parse_qsl(urlsplit(address).query) if value}))
        if self.seen[kind] >= self.of_a_kind or self.seen[endpoint] >= self.of_an_endpoint:
            return False
        self.seen.update((kind, endpoint))
        return True

    def open(self, address, source):
        self.queries.asked.clear()
        answer = self.opened[address] = self.client.get(address, buffered=True)
        self.note_queries(address)
        if answer.status_code >= 400 and not says_what_is_missing(answer):
            self.dead[address] = f"{answer.status_code}, on {source}"
        elif answer.status_code >= 300:
            self.follow(answer.location, address)
        elif answer.mimetype == "text/html":
            page = html.document_fromstring(answer.text)
            if misspoken := misspoken_in(page):
                self.misspoken.setdefault(self.endpoint(urlsplit(address).path), {})[address] = misspoken
            if blocks := long_blocks(page):
                self.wordy.setdefault(self.endpoint(urlsplit(address).path), set()).update(blocks)
            for each in page.iter(*PARTS):
                self.look_at(each, address)

    def note_queries(self, address):
        endpoint, asked = self.endpoint(urlsplit(address).path), list(self.queries.asked)
        if len(asked) > len(self.most.get(endpoint, (address, []))[1]):
            self.most[endpoint] = address, asked

    def look_at(self, each, address):
        if each.tag != "form":
            self.follow(each.get("href") or each.get("src", ""), address)
        elif each.get("method", "get").lower() == "get":
            for button in [*each.iter("button")] or [{}]:
                pressed = [(button.get("name"), button.get("value", ""))] if button.get("name") else []
                self.follow(f"{each.get('action')}?{urlencode([*each.form_values(), *pressed])}", address)
        else:
            for action in {each.get("action"), *each.xpath(".//@formaction")}:
                if self.endpoint(urlsplit(action).path, "POST") is None:
                    self.dead[action] = f"no form can be sent there, on {address}"

    def follow(self, href, source):
        parts = urlsplit(href)
        if (parts.path or parts.query) and not parts.scheme and not parts.netloc:
            self.left.append((urljoin(source, urldefrag(href)[0]), source))

    def asks_too_much(self):
        return {
            f"{endpoint}: {len(asked)} on {address}": asked
            for endpoint, (address, asked) in self.most.items()
            if len(asked) > MORE.get(endpoint, MOST)
        }

    def reached(self):
        return {self.endpoint(urlsplit(address).path) for address in self.opened}


def addresses_of(app, who):
    """Return the addresses that these people can GET, by the marks of the views."""
    mark = "public" if who == "nobody" else who
    gets = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods} - {"static"}
    return {each for each in gets if app.view_functions[each].access == mark and not each.startswith(OF_EREADERS)}


@pytest.mark.parametrize("most", [FEW, *in_the_long_run(MANY)])
@pytest.mark.parametrize("who", PEOPLE)
def test_every_link_and_form_leads_to_a_page_that_works_no_page_is_forgotten_and_none_asks_much(
    app, who, most, queries
):
    Browser(app).get("/search?q=")  # the first search after a start reads the catalogue
    crawl, elsewhere = Crawl(app, who, queries, most).run(), set().union(*ELSEWHERE.values())
    assert crawl.dead == {}
    assert {endpoint: texts for endpoint, texts in crawl.wordy.items() if endpoint not in LONG_BLOCKS} == {}
    assert crawl.asks_too_much() == {}
    expected = addresses_of(app, who)
    assert expected - crawl.reached() == expected & elsewhere


def misspoken_in(page):
    """Return the texts of a page that are not in its language, and readings where no HTML may be."""
    return japanese_outside(page) if page.get("lang") == "en" else ruby_in_plain_places(page)


def one_line_each(misspoken):
    """Return one line for each text and the first page that has it."""
    first = {
        text: (endpoint, address)
        for endpoint, pages in misspoken.items()
        for address, found in pages.items()
        for text in found
    }
    return "\n".join(f"{endpoint} {address}: {text}" for text, (endpoint, address) in first.items())


@pytest.mark.parametrize("who", ["nobody", "patron"])
@pytest.mark.parametrize("language", ["en", *in_the_long_run("ja-simple")])
def test_every_page_of_readers_speaks_the_language_that_was_chosen(app, who, language, queries):
    crawl = Crawl(app, who, queries, (2, 4), {"lang": language}).run()
    assert crawl.dead == {}
    assert crawl.misspoken == {}, one_line_each(crawl.misspoken)
    assert len(crawl.opened) > 60
