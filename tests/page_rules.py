"""Rules for every page, whoever opens it: looked at in the tree of the quick parser, since tests open thousands."""

import json
import re
from collections import Counter

from lxml import etree

from library import dates

NO_LINES = ("title", "option", "textarea", "script", "svg")
KEPT_AS_IT_IS = ("keep", "unseen", "mail-text", "mail-body", "mail-subject")
PARSER = etree.HTMLParser(remove_comments=True, remove_pis=True)
UNENDED = re.compile(r"(した|です|ます|ません|ください)$")
MOST_SENTENCES = 2  # of a block
BLOCKS = ("p", "li", "dd")
LANGUAGES = ("ja", "ja-simple", "en")
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-鿿]")
_LATIN = re.compile("[A-Za-z]{2}")  # a sentence in English with a name in it, which no attribute can mark
READABLE = ("aria-label", "title", "alt", "placeholder")  # attributes that a person may hear or see
NOTHING = re.compile(r"0[件点冊]?")


def tree(text: str):
    """Return the root of a page or of a part of one; None where nothing is in it."""
    return etree.fromstring(text, PARSER) if text.strip() else None


def problems(page, *, whole) -> list[str]:
    """Return the faults of a page. ``whole``: it is no part of one."""
    tags = list(page.iter("*"))
    found = [*_frame(page, tags)] if whole else []
    found += [*_ids(tags, whole), *_names(tags), *_forms(tags), *_inline(tags), *_messages(page, tags)]
    return [*found, *_days(page, tags), *_counts(tags)]


def text_of(tag) -> str:
    return "".join(tag.itertext())


def is_of(tag, *classes) -> bool:
    """Tell whether a tag has one of these classes."""
    return any(name in classes for name in tag.get("class", "").split())


def long_blocks(page) -> list[str]:
    """Return the texts of blocks with more sentences than are read at once; a block inside counts for itself,
    and what is hidden not at all.
    """
    found = []
    for tag in _named(page.iter("*"), *BLOCKS):
        around = [tag, *tag.iterancestors()]
        if not any(is_of(each, *KEPT_AS_IT_IS) for each in around) and _own_text(tag).count("。") > MOST_SENTENCES:
            found.append(" ".join(_own_text(tag).split()))
    return found


def ruby_in_plain_places(page) -> list[str]:
    """Return the attributes, titles and options of a page with readings, which a browser would show as letters."""
    found = [f"{name} of {tag.tag}" for tag in page.iter("*") for name, value in tag.items() if "<ruby" in value]
    plain = [
        tag
        for tag in page.iter("title", "option", "textarea")
        if "<ruby" in text_of(tag) or tag.find(".//ruby") is not None
    ]
    return found + [f"{tag.tag}: {text_of(tag)}" for tag in plain]


def japanese_outside(page) -> list[str]:
    """Return the Japanese of a page that is not marked as Japanese: an English voice would read it.

    The title of a page can't be marked, nor an attribute: there an English sentence may have a Japanese name in it.
    """
    found = []
    for tag in page.iter("*"):
        around = [tag, *tag.iterancestors()]
        spoken = next((each.get("lang") for each in around if each.get("lang")), "")
        if tag.tag in ("script", "style", "title", "link", "textarea") or spoken.startswith("ja"):
            continue
        named = [text for name in READABLE if (text := tag.get(name)) and not _LATIN.search(text)]
        texts = [tag.text, *(child.tail for child in tag), *named]
        found += [text.strip() for text in texts if text and JAPANESE.search(text)]
    return found


def _own_text(tag) -> str:
    inner = ("" if child.tag in BLOCKS or child.get("hidden") is not None else _own_text(child) for child in tag)
    return (tag.text or "") + "".join(text + (child.tail or "") for child, text in zip(tag, inner, strict=True))


def _named(tags, *names):
    return [tag for tag in tags if tag.tag in names]


def _frame(page, tags):
    if page.get("lang") not in LANGUAGES:
        yield f"the page says that it is in {page.get('lang')}"
    if len(_named(tags, "h1")) != 1:
        yield f"{len(_named(tags, 'h1'))} h1"
    if "|" not in page.findtext("head/title", ""):
        yield "no title of the form page | library"


def _ids(tags, whole):
    ids = Counter(tag.get("id") for tag in tags if "id" in tag.attrib)
    for name, number in ids.items():
        if number > 1:
            yield f"id {name} twice"
    for tag in tags:
        for name in tag.get("aria-describedby", "").split():
            if whole and name not in ids:
                yield f"aria-describedby names {name}, which is not there"


def _names(tags):
    labelled = {label.get("for") for label in _named(tags, "label")}
    for field in _named(tags, "input", "select", "textarea"):
        if field.get("type") in ("hidden", "submit", "button"):
            continue
        if (
            field.get("id") not in labelled
            and not field.get("aria-label")
            and next(field.iterancestors("label"), None) is None
        ):
            yield f"no label for {field.get('name')}"
    for tag in tags:
        yield from (f"markup in {name} of {tag.tag}" for name, value in tag.items() if "<ruby" in value)
    for tag in _named(tags, "a", "button"):
        if tag.get("aria-hidden") != "true" and not tag.get("aria-label") and not text_of(tag).strip():
            yield f"no name for {etree.tostring(tag, encoding='unicode')}"


def _forms(tags):
    for form in _named(tags, "form"):
        if "post" not in form.get("method", "").lower() or form.get("action") in (
            "/text-size",
            "/language",
            "/furigana",
        ):
            continue
        if not any(field.get("name") == "csrf_token" for field in form.iter("input")):
            yield f"no csrf token in the form to {form.get('action')}"
    for field in _named(tags, "input"):
        secret = field.get("name", "").endswith(("password", "password_again"))
        if secret and (field.get("type") != "password" or field.get("value")):
            yield f"{field.get('name')} can be read"


def _messages(page, tags):
    items = [item for tag in tags if is_of(tag, "summary") for item in tag.iter("li")]
    for tag in items + [tag for tag in tags if is_of(tag, "notice-title", "error-text", "line")]:
        if UNENDED.search(text_of(tag).strip()):
            yield f"no 。 at the end of {text_of(tag).strip()}"
    if "。。" in text_of(page):
        yield "。。"


def _days(page, tags):
    """A day stands on one line: ``ui.day``, or ``ui.words`` for a sentence. Mails are as they were written."""
    if not dates.WITH_WEEKDAY.search(text_of(page)):
        return
    for parent, text in [*((tag, tag.text) for tag in tags), *((tag.getparent(), tag.tail) for tag in tags)]:
        if text and dates.WITH_WEEKDAY.search(text):
            around = [parent, *parent.iterancestors()]
            if not _named(around, *NO_LINES) and not any(is_of(each, *KEPT_AS_IT_IS) for each in around):
                yield f"a day that two lines may part: {text.strip()}"


def _counts(tags):
    """A count of nothing leads nowhere: it is no link. The tabs of the desk and the tiles of My Library are their
    pages' own.
    """
    for number in tags:
        if is_of(number, "number") and NOTHING.fullmatch(text_of(number).strip()):
            for link in number.iterancestors("a"):
                yield f"a link with nothing behind it: {text_of(link)}"


def _is_data(script):
    """JSON-LD, which is not run: one whole object, that no text in it has ended early."""
    return dict(script.attrib) == {"type": "application/ld+json"} and isinstance(json.loads(script.text), dict)


def _inline(tags):
    for tag in tags:
        for name in tag.attrib:
            if name == "style" or name.startswith(("on", "hx-")):
                yield f"attribute {name} on {tag.tag}"
    for script in _named(tags, "script"):
        if not script.get("src") and not _is_data(script):
            yield "an inline script"
    if _named(tags, "style"):
        yield "an inline style"
