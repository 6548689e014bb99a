"""A browser without a screen, which checks every page that it opens: what holds for all pages is told here once."""

import json
import re
from collections import Counter
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from library import clock, dates
from library.access import sessions
from models import Patron
from tests import acts, factories

HTMX = {"HX-Request": "true"}
NO_LINES = ("title", "option", "textarea", "script", "svg")
TOKEN = re.compile('name="csrf_token" value="([^"]+)"')
KEPT_AS_IT_IS = ("keep", "unseen", "mail-text", "mail-body", "mail-subject")


class Browser:
    def __init__(self, app):
        self.app = app
        self.client = app.test_client()
        self.page = None

    def get(self, address, *, htmx=False, **kwargs):
        return self._open("get", address, htmx, **kwargs)

    def post(self, address, data=None, *, htmx=False, token=True, **kwargs):
        """Send a form; the token comes from the page that is open, or from the sign-in page."""
        data = dict(data or {})
        if token:
            data["csrf_token"] = self.token()
        return self._open("post", address, htmx, data=data, **kwargs)

    def token(self):
        field = self.page.find("input", {"name": "csrf_token"}) if self.page else None
        if field is None:
            return TOKEN.search(self.client.get("/login", follow_redirects=True).text)[1]
        return field["value"]

    def be(self, person, scope="full"):
        """Be signed in as a patron or a member of staff: what the forms of the ways in lead to, without them."""
        begin = sessions.begin if isinstance(person, Patron) else sessions.begin_at_desk
        with self.client.session_transaction() as kept:
            kept.update(_user_id=begin(person, scope=scope, now=clock.now()), _fresh=True)

    def sign_in(self, patron, password=factories.PASSWORD, **data):
        self.get("/login")
        return self.post("/login", {"card": patron.card_number, "password": password} | data)

    def sign_in_at_desk(self, staff, password=factories.PASSWORD):
        self.get("/desk/login")
        return self.post("/desk/login", {"login": staff.login, "password": password})

    def form(self, action=None):
        """Return what a browser would send of the (first) form of the open page, or of the one with this action."""
        found = self.page.find("form", {"action": action}) if action else self.page.find("main").find("form")
        return form_data(found)

    def _open(self, method, address, htmx, **kwargs):
        headers = dict(kwargs.pop("headers", {})) | (HTMX if htmx else {})
        response = getattr(self.client, method)(address, headers=headers, buffered=True, **kwargs)
        if response.mimetype == "text/html" and response.data and not 300 <= response.status_code < 400:
            self.page = BeautifulSoup(response.text, "html.parser")
            check_page(self.page, whole=not htmx and "<html" in response.text)
            stray = acts.stray_steps(self.app, self.page, response.request.method, response.request.path)
            assert not stray, "\n".join(stray)
            _join_lines(self.page)
        elif 300 <= response.status_code < 400:
            self.page = None  # a browser would be on its way; the token of the page before may be dead
        if urlsplit(address).path.startswith("/my/"):
            check_cookie(self.client)
        response.page = self.page
        return response

    # -- what a person sees --
    def text(self):
        return re.sub(r"\s+", " ", self.page.get_text(" ", strip=True))

    def h1(self):
        return self.page.find("h1").get_text(strip=True)


def _join_lines(page):
    """Remove the tags that only say where lines may break: ``text`` then reads as the page is read out."""
    tags = page.find_all(True)
    kept = [
        tag
        for tag in tags
        if tag.name == "span" and _is_of(tag, "keep") and tag.string and dates.WITH_WEEKDAY.search(tag.string)
    ]
    words = [tag for tag in tags if _is_of(tag, "words")]
    phrased = [tag for tag in tags if _is_of(tag, "phrased")]
    words += [tag for each in phrased for tag in each.find_all("span", class_="whole")]
    places = [place for tag in phrased for place in tag.find_all("wbr")]
    for tag in kept + words:
        tag.unwrap()
    for place in places:
        place.decompose()
    if kept or words or places:
        page.smooth()


def _is_of(tag, *classes):
    return any(name in classes for name in tag.attrs.get("class", ()))


def check_cookie(client):
    """The session's cookie is signed, not secret: what it carries of the pages of patrons are codes and numbers."""
    cookie = client.get_cookie("session")
    if cookie is not None and "." in cookie.value:  # else a test gave it one that nobody signed
        app = client.application
        kept = app.session_interface.get_signing_serializer(app).loads(cookie.value)
        assert json.dumps(kept, ensure_ascii=False).isascii(), f"words in the cookie: {kept}"


def form_data(form) -> dict:
    """Names and values that a browser would send when the form's main button is pressed."""
    data = {}
    for field in form.find_all(["input", "select", "textarea"]):
        name = field.get("name")
        if not name or field.has_attr("disabled"):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            data[name] = chosen["value"] if chosen else ""
        elif field.name == "textarea":
            data[name] = field.get_text().removeprefix("\n")
        elif field.get("type") in ("checkbox", "radio"):
            if field.has_attr("checked"):
                data[name] = field.get("value", "on")
        else:
            data[name] = field.get("value", "")
    return data


# -- what holds for every page ---------------------------------------------------------------------------------------
def check_page(page, *, whole):
    """Walk a page once for all that is asked of it: tests open thousands."""
    tags = page.find_all(True)
    problems = [*_frame(page, tags)] if whole else []
    problems += [*_ids(tags, whole), *_names(tags), *_forms(tags), *_inline(tags), *_messages(page, tags), *_days(page)]
    problems += _counts(tags)
    assert not problems, "\n".join(problems)


def _named(tags, *names):
    return [tag for tag in tags if tag.name in names]


def _frame(page, tags):
    if page.html.get("lang") != "ja":
        yield "the page does not say that it is Japanese"
    if len(_named(tags, "h1")) != 1:
        yield f"{len(_named(tags, 'h1'))} h1"
    if not page.title or "|" not in page.title.get_text():
        yield "no title of the form page | library"


def _ids(tags, whole):
    ids = Counter(tag["id"] for tag in tags if "id" in tag.attrs)
    for name, number in ids.items():
        if number > 1:
            yield f"id {name} twice"
    for tag in tags:
        for name in tag.attrs.get("aria-describedby", "").split():
            if whole and name not in ids:
                yield f"aria-describedby names {name}, which is not there"


def _names(tags):
    labelled = {label.get("for") for label in _named(tags, "label")}
    for field in _named(tags, "input", "select", "textarea"):
        if field.get("type") in ("hidden", "submit", "button"):
            continue
        if field.get("id") not in labelled and not field.find_parent("label") and not field.get("aria-label"):
            yield f"no label for {field.get('name')}"
    for tag in _named(tags, "a", "button"):
        if tag.get("aria-hidden") != "true" and not tag.get("aria-label") and not tag.get_text(strip=True):
            yield f"no name for {tag}"


def _forms(tags):
    for form in _named(tags, "form"):
        if "post" not in form.get("method", "").lower() or form.get("action") == "/text-size":
            continue
        if not any(field.get("name") == "csrf_token" for field in form.find_all("input")):
            yield f"no csrf token in the form to {form.get('action')}"
    for field in _named(tags, "input"):
        secret = field.get("name", "").endswith(("password", "password_again"))
        if secret and (field.get("type") != "password" or field.get("value")):
            yield f"{field['name']} can be read"


UNENDED = re.compile(r"(した|です|ます|ません|ください)$")


def _messages(page, tags):
    items = [item for tag in tags if _is_of(tag, "summary") for item in tag.find_all("li")]
    for tag in items + [tag for tag in tags if _is_of(tag, "notice-title", "error-text", "line")]:
        if UNENDED.search(tag.get_text(strip=True)):
            yield f"no 。 at the end of {tag.get_text(strip=True)}"
    if "。。" in page.get_text():
        yield "。。"


def _days(page):
    """A day stands on one line: ``ui.day``, or ``ui.words`` for a sentence. Mails are as they were written."""
    for text in page.descendants:
        if isinstance(text, Tag) or not dates.WITH_WEEKDAY.search(text):
            continue
        if not text.find_parent(NO_LINES) and not text.find_parent(class_=KEPT_AS_IT_IS):
            yield f"a day that two lines may part: {text.strip()}"


NOTHING = re.compile(r"0[件点冊]?")


def _counts(tags):
    """A count of nothing leads nowhere: it is no link. The tabs of the desk and the tiles of My Library are their pages' own."""
    for number in tags:
        if _is_of(number, "number") and NOTHING.fullmatch(number.get_text(strip=True)) and number.find_parent("a"):
            yield f"a link with nothing behind it: {number.find_parent('a').get_text(' ', strip=True)}"


def _is_data(script):
    """JSON-LD, which is not run: one whole object, that no text in it has ended early."""
    return script.attrs == {"type": "application/ld+json"} and isinstance(json.loads(script.string), dict)


def _inline(tags):
    for tag in tags:
        for name in tag.attrs:
            if name == "style" or name.startswith(("on", "hx-")):
                yield f"attribute {name} on {tag.name}"
    for script in _named(tags, "script"):
        if not script.get("src") and not _is_data(script):
            yield "an inline script"
    if _named(tags, "style"):
        yield "an inline style"


def announced(page):
    """Return the one sentence that a screen reader reads out after a scan."""
    (status,) = page.find_all(attrs={"role": "status"}) or [None]
    return " ".join(status.get_text().split()) if status else ""
