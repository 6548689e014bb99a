"""Templates, and all pages that can be reached: they compile, hold nothing inline, and are HTML without a mistake."""

import html
import re
from datetime import timedelta
from functools import cache
from urllib.parse import urldefrag, urlsplit

import html5lib
import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, nodes

from library import clock
from models import Session, ShelvedTitle
from scripts.check_tree import ROOT, product
from tests import factories
from tests.each import of_each
from tests.pages import HTMX, Browser

FOLDER = ROOT / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
SOURCES = {path: path.read_text(encoding="utf-8") for path in TEMPLATES}


OF_TEXT = (
    "text/calendar",
    "text/csv",
    "application/x-research-info-systems",
    "application/x-bibtex",
)  # where "<b>" is text


def named(path):
    return str(path.relative_to(FOLDER))


# what no mistake of HTML can hang on: Japanese letters, numbers, what a well-formed address says, the same row again
OF_NO_WEIGHT = (
    (re.compile(r'="[^"&<>]*(?:&amp;[^"&<>]*)+"'), '="&amp;"'),
    (re.compile(r' (href|value)="[^"&<>]*"'), r' \1="x"'),
    (re.compile("[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]+"), "字"),
    (re.compile(r"(?<![#\w])\d+"), "0"),
    (re.compile(r"\n(<li>.+</li>)(?:\n\1)+(?=\n)"), r"\n\1"),
)
LINK = re.compile(r'<a\b[^>]*?\shref="([^"]*)"')  # hundreds of pages are read for these alone
DATA = '<script type="application/ld+json">{{ structured|tojson }}</script>'  # not run, and no text in it can end it
every_template = of_each(TEMPLATES, named)


# -- the files -------------------------------------------------------------------------------------------------------
def test_every_page_compiles_with_the_filters_of_the_program(app):
    for path in TEMPLATES:
        app.jinja_env.get_template(named(path))


@every_template
def test_a_template_is_read_in_one_sitting_without_scrolling_sideways(path):
    lines = SOURCES[path].splitlines()
    assert len(lines) <= 120
    assert [number for number, line in enumerate(lines, 1) if len(line) >= 160] == []


@every_template
def test_htmx_is_written_as_data(path):
    assert not re.findall(r"(?<!data-)\bhx-[a-z-]+=", SOURCES[path])


@every_template
def test_nothing_stands_inline(path):
    source = SOURCES[path]
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|data-hx-on|\bjs:", source)
    assert not re.findall(r"<script(?![^>]*\bsrc=)", source.replace(DATA, ""))


@every_template
def test_only_words_of_ours_are_trusted_as_html(path):
    """``safe`` may stand behind a literal alone: what came from a person or a file is always escaped."""
    if named(path) != "icons.html":  # its drawings are literals, in a table
        assert not re.findall(r"(?<![\"'])\|\s*safe", SOURCES[path])
    assert "autoescape false" not in SOURCES[path]


@every_template
def test_a_page_asks_nothing_of_the_database(path):
    assert not re.findall(r"\.(?:select|where|get_or_none|get_by_id|execute)\(", SOURCES[path])


@every_template
def test_a_day_is_written_by_the_macros_that_keep_it_on_one_line(path):
    """``ui.day`` and ``ui.at``; sentences that hold a day go through ``ui.words``, which tests/pages.py looks after."""
    if named(path) != "ui.html":
        shown = re.sub(r'="[^"]*"', "", SOURCES[path])  # an attribute has no lines
        assert not re.findall(r"\|\s*(?:day|short_day|moment)\b", shown)


NOTHING_THERE = re.compile(r"<p[^>]*>[^<。{]*(?:ありません|いません)。</p>")
IN_OTHER_WORDS = {  # sentences that don't stand for a list
    "catalog/_holdings.html", "catalog/gone.html", "catalog/title.html", "cart/index.html", "desk/ebooks/new.html",
    "desk/features/_stored.html",
    "desk/offline/_counter.html", "desk/offline/_upload_words.html", "desk/offline/_words.html",
    "desk/postcards/index.html", "features/show.html",
    "profile/confirm.html", "shelves/import_confirm.html",
}  # fmt: skip


@every_template
def test_where_nothing_is_ui_empty_says_so(path):
    """The one macro for it, which can name ways on."""
    if named(path) not in IN_OTHER_WORDS:
        assert NOTHING_THERE.findall(SOURCES[path]) == []


def test_imported_templates_say_their_words_in_macros():
    """The rest of an imported template is drawn once, for the first reader: in another's language."""
    trees = {named(path): Environment().parse(re.sub(r"\|\w+", "", source)) for path, source in SOURCES.items()}
    imports = [found for tree in trees.values() for found in tree.find_all((nodes.Import, nodes.FromImport))]
    for name in {found.template.value for found in imports}:
        assert [call.lineno for call in _said_at_once(trees[name])] == [], name


def _said_at_once(node):
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in ("_", "joined", "own"):
        yield node
    if not isinstance(node, nodes.Macro):
        for child in node.iter_child_nodes():
            yield from _said_at_once(child)


def test_no_template_is_forgotten():
    users = [*product(), *TEMPLATES]
    text = "\n".join(path.read_text(encoding="utf-8") for path in users) + '"base.html" "_fragment.html"'
    assert [named(path) for path in TEMPLATES if f'"{named(path)}"' not in text] == []


# -- the pages -------------------------------------------------------------------------------------------------------
@pytest.fixture
def busy_patron(db):
    """Somebody of whom every page has something to show, with marks of danger in all that is free text."""
    danger = "<b>&\"'</b>"
    patron = factories.patron(expires_on=clock.today() + timedelta(days=9), keep_history=True)
    factories.branch(f"分館{danger}", phone=danger)
    factories.address(patron)
    factories.address(patron, "a..b@docomo.ne.jp", "mobile", 2, undeliverable_at=clock.now())
    factories.preference(patron, "due", to_pc=True, active=True)
    for days in (-3, 0, 1, 9):
        factories.loan(
            patron, clock.today() + timedelta(days=days), title=factories.title(f"本{danger}", author=danger)
        )
    factories.hold(patron, factories.title(f"予約{danger}"))
    factories.cart_row(patron, factories.title(f"かご{danger}"))
    factories.history(patron, danger)
    shelf = factories.shelf(
        patron, f"棚{danger}", [factories.title(f"棚の本{danger}")], description=danger, as_list=True
    )
    factories.shelf(patron, f"公開{danger}", [factories.title(f"公開の本{danger}")], description=danger, token="t" * 22)
    asked = {"subject": f"質問{danger}", "text": danger, "looked": danger, "wanted": danger}
    factories.question(patron, **asked)
    factories.question(patron, **asked, state="answered", answer=danger, sources=danger, ended_at=clock.now())
    ShelvedTitle.update(note=danger).where(ShelvedTitle.shelf == shelf).execute()
    return patron


def pages_from(browser, start="/"):
    """Return every page that links lead to from here, each once: address → answer. No link signs anybody out."""
    found, seen, left = {}, set(), [start]
    while left:
        address = left.pop()
        if _same_list(address) in seen:
            continue
        seen.add(_same_list(address))
        answer = found[address] = browser.client.get(address)
        if 300 <= answer.status_code < 400:
            left.append(_here(answer.location, address))
        elif answer.mimetype == "text/html":
            left += [target for link in LINK.findall(answer.text) if (target := _here(html.unescape(link), address))]
    return found


def _same_list(address):
    """Return one address for all searches of classes of a division: /classes opens each class, with its name and
    number.
    """
    return re.sub(r"(?<=\bndc=\d)\d+", lambda digits: "0" * len(digits[0]), address)


def _here(address, base):
    """The address without its fragment when it is on this site, else None."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    return urldefrag(address)[0] or base


def mistakes(text, part=False):
    """Return the complaints of an HTML parser that follows the standard to the letter."""
    for written, short in OF_NO_WEIGHT:
        text = written.sub(short, text)
    return _mistakes(text, part)


@cache
def _mistakes(text, part):
    """Once for pages that differ in nothing that HTML minds: hundreds narrow the same list."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
    (parser.parseFragment if part else parser.parse)(text)
    return [f"{place}: {code} {facts}" for place, code, facts in parser.errors]


def check(answers):
    assert {address: answer.status_code for address, answer in answers.items() if answer.status_code >= 400} == {}
    wrong = {address: mistakes(answer.text) for address, answer in answers.items() if answer.mimetype == "text/html"}
    assert {address: found for address, found in wrong.items() if found and answers[address].status_code == 200} == {}


def test_all_pages_for_nobody_are_there_and_without_mistake(browse, patron):
    answers = pages_from(browse)
    assert {"/", "/login", "/login/reset"} <= set(answers)
    check(answers)


def test_all_pages_for_a_patron_are_there_and_without_mistake(app, busy_patron):
    browser = Browser(app)
    browser.sign_in(busy_patron)
    answers = pages_from(browser)
    assert {
        "/",
        "/my/",
        "/my/loans",
        "/my/holds",
        "/my/cart",
        "/my/profile",
        "/my/profile/changes",
        "/my/sessions",
    } <= set(answers)
    check(answers)
    for address, answer in answers.items():
        assert "<b>&" not in answer.text or answer.mimetype in OF_TEXT, address
        assert "&amp;amp;" not in answer.text, address


def test_the_steps_of_the_information_change_are_without_mistake(app, busy_patron):
    browser = Browser(app)
    browser.sign_in(busy_patron)
    browser.get("/my/profile")
    form = browser.form("/my/profile")
    refused = browser.post("/my/profile", form | {"email1": '"<x>&', "new_password": "0808"})
    assert refused.status_code == 422
    browser.get("/my/profile")
    changes = {"email1": "new@example.jp", "keep_history": None, "contact_method": "mail"}
    kept = browser.post("/my/profile", {name: value for name, value in (form | changes).items() if value is not None})
    assert kept.location == "/my/profile/confirm"
    pages = [
        refused,
        browser.get("/my/profile/confirm"),
        browser.get("/my/profile"),
        browser.get("/my/profile?draft=1"),
    ]
    browser.get("/my/profile/confirm")
    assert browser.post("/my/profile/confirm", browser.form("/my/profile/confirm")).location == "/my/profile/done"
    pages.append(browser.get("/my/profile/done"))
    assert [mistakes(page.text) for page in pages] == [[]] * len(pages)


def test_the_page_of_the_first_password_is_without_mistake(browse, db):
    newcomer = factories.patron(password=None)
    browse.sign_in(newcomer, "0808")
    page = browse.get("/login/first-password")
    assert mistakes(page.text) == []
    assert newcomer.card_number not in page.text
    refused = browse.post("/login/first-password", {"new_password": "0808", "new_password_again": ""})
    assert refused.status_code == 422
    assert mistakes(refused.text) == []


@pytest.mark.parametrize("address", ["/", "/login", "/my/", "/my/loans", "/my/profile", "/my/sessions", "/nothing"])
def test_a_part_is_the_main_part_of_the_page(address, app, busy_patron):
    browser = Browser(app)
    if address != "/login":
        browser.sign_in(busy_patron)
    whole, part = browser.client.get(address), browser.client.get(address, headers=HTMX)
    assert mistakes(part.text, part=True) == []
    assert "<html" not in part.text
    assert _text(part) == _text(whole)


def _text(answer):
    page = BeautifulSoup(answer.text, "html.parser")
    main = page.find("main") or page
    for elsewhere in main.select("title, [data-hx-swap-oob]"):  # of the head, and of the header
        elsewhere.extract()
    return re.sub(r"\s+", " ", main.get_text(" ", strip=True))


def test_the_pages_of_others_devices_are_reached_by_their_own_sessions_only(app, busy_patron):
    first, second = Browser(app), Browser(app)
    first.sign_in(busy_patron)
    second.sign_in(busy_patron)
    first.get("/my/sessions")
    assert len(first.page.find_all("form", action=re.compile(r"/end$"))) == Session.select().count() == 2
