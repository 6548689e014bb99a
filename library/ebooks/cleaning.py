"""The allowed elements, attributes and classes of a book's page: all others are removed.

An address is one of ours, as ``writer`` writes them, or removed; no style and no script is left.
"""

import re
from itertools import product

import nh3

TAGS = {
    "a", "abbr", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col", "colgroup",
    "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6",
    "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rb", "rp", "rt", "ruby", "s", "samp",
    "section", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr",
    "u", "ul", "var", "wbr",
}  # fmt: skip
EVERYWHERE = {"id", "lang", "dir"}
ATTRIBUTES = {
    "*": EVERYWHERE,
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "li": {"value"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
WITH_CONTENT = {
    "script",
    "style",
    "template",
    "title",
    "iframe",
    "noscript",
    "object",
    "svg",
    "math",
    "textarea",
    "select",
}
_NUMBER = re.compile(r"\d{1,4}")
OWN = {
    "href": re.compile(r"(?=.)(\d{1,5})?(#b-[\w.-]+)?"),
    "src": re.compile(r"files/\d{1,5}"),
    "id": re.compile(r"p-\d{1,7}|b-[\w.-]+"),
    "lang": re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"),
    "dir": re.compile(r"ltr|rtl|auto"),
    "start": re.compile(r"-?\d{1,5}"),
    "value": re.compile(r"-?\d{1,5}"),
    **dict.fromkeys(("width", "height", "colspan", "rowspan"), _NUMBER),
}
_MARKS = ("sesame", "dot", "circle", "double-circle", "triangle")
# classes of the guide of Japanese publishers (電書協 EPUB 3 制作ガイド 1.1.3) with a rule in static/css/reader
CLASSES = {
    "tcy", "upright", "upright-1", "sideways", "super", "sub", "key", "ref", "kogaki", "kunten", "kunten-okuri",
    "gaiji", "gaiji-line", "gaiji-wide", "em-line", "em-line-outside", "line-through", "bold", "italic",
    "gfont", "mfont",
    "align-left", "align-start", "align-center", "align-right", "align-end",
    *(f"em-{mark}{kind}" for mark, kind in product(_MARKS, ("", "-open"))),
    *(f"{kind}-{number}em" for kind, number in product(("indent", "h-indent", "start", "end"), range(1, 11))),
}  # fmt: skip


def _ours(_: str, name: str, value: str) -> str | None:
    """Return an attribute's value unchanged if it has the form that we write, else None."""
    allowed = OWN.get(name)
    return value if allowed is None or allowed.fullmatch(value) else None


_cleaner = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=WITH_CONTENT,
    attributes=ATTRIBUTES,
    attribute_filter=_ours,
    allowed_classes=dict.fromkeys(TAGS, CLASSES),
    url_schemes=set(),
    link_rel=None,
)


def clean(html: str) -> str:
    return _cleaner.clean(html)
