"""A document of a book written as HTML for our page: with our addresses and ids, headings one level deeper.

The result is not trusted before ``cleaning``.
"""

from collections.abc import Callable
from html import escape
from xml.etree.ElementTree import Element

from library import errors
from library.ebooks.xhtml import SVG, XHTML, anchor

Address = Callable[[str], str]  # of ours, for one of the book's
XLINK_HREF, XML_LANG = "{http://www.w3.org/1999/xlink}href", "{http://www.w3.org/XML/1998/namespace}lang"
VOID = {"br", "hr", "wbr", "img"}
LEFT_OUT = {
    "applet", "audio", "base", "button", "canvas", "datalist", "embed", "form", "frame", "frameset", "head",
    "iframe", "input", "link", "meta", "noembed", "noframes", "noscript", "object", "option", "param", "plaintext",
    "script", "select", "source", "style", "template", "textarea", "title", "track", "video", "xmp",
}  # fmt: skip
DEEPER = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6"}  # the page has its own h1, the name of the book
PARAGRAPHS = {"p", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "div", "blockquote", "pre"}
# HTML reopens these in each following paragraph if left open: with many of them a small book becomes gigabytes
FORMATTING = {"a", "b", "code", "em", "i", "s", "small", "strong", "u"}
MOST_FORMATTING = 6  # of these, one within the other
LONGEST = 300  # letters of an attribute
MOST = 20_000  # elements of a document; a chapter with ruby on each word comes to 10,000
AS_THEY_ARE = ("class", "lang", "dir", "alt", "width", "height", "colspan", "rowspan", "start", "value", "reversed")


class Writer:
    """Writes the elements of a document; numbers its paragraphs p-1, p-2 …, and counts pictures and letters.

    ``link`` turns the target of a link into our address, ``picture`` that of a picture; empty if it has none.
    """

    def __init__(self, link: Address, picture: Address) -> None:
        self._link, self._picture = link, picture
        self._written: list[str] = []
        self._ids: set[str] = set()
        self._formatting = 0
        self.shown = ("", "")  # the last picture: its address, and the words for it
        self.paragraphs = self.pictures = self.letters = self.indented = 0

    def write(self, body: Element) -> str:
        """Return the content of an element as HTML. Raises: EbookPartUnreadable, with more elements than MOST."""
        if sum(1 for _ in body.iter()) > MOST:
            raise errors.EbookPartUnreadable()
        self._inside(body)
        return "".join(self._written)

    def _inside(self, element: Element) -> None:
        self._text(element.text)
        for child in element:
            self._element(child)
            self._text(child.tail)

    def _text(self, text: str | None) -> None:
        if text:
            self.letters += len(text.strip())
            self._written.append(escape(text, quote=False))

    def _element(self, element: Element) -> None:
        space, name = _parted(element.tag)
        if space == SVG:
            for image in element.iter(f"{SVG}image"):
                self._put_picture(image.get(XLINK_HREF) or image.get("href", ""), image, "".join(_titles(element)))
        elif name in LEFT_OUT:
            return
        elif space != XHTML or not name.isalnum():
            self._inside(element)
        elif name == "img":
            self._put_picture(element.get("src", ""), element, element.get("alt", ""))
        elif name in FORMATTING:
            self._put_formatting(element, name)
        else:
            self._put(element, DEEPER.get(name, name))

    def _put_formatting(self, element: Element, name: str) -> None:
        if self._formatting == MOST_FORMATTING:
            self._inside(element)
            return
        self._formatting += 1
        self._put(element, name)
        self._formatting -= 1

    def _put(self, element: Element, name: str) -> None:
        own = self._new_id(element.get("id", ""))
        inner = ""
        if name in PARAGRAPHS:
            self.paragraphs += 1
            self.indented += (element.text or "").startswith("\u3000")
            inner = f'<span id="{own}"></span>' if own else ""
            own = f"p-{self.paragraphs}"
        target = self._link(element.get("href", "")) if name == "a" else ""
        name = "span" if name == "a" and not target else name
        self._written.append(f"<{name}{_attributes(element, id=own, href=target)}>{inner}")
        if name not in VOID:
            self._inside(element)
            self._written.append(f"</{name}>")

    def _put_picture(self, target: str, element: Element, words: str) -> None:
        """Put a picture, or its alternative text if it can't be shown."""
        address = self._picture(target)
        if address:
            self.pictures += 1
            self.shown = (address, words)
            own = self._new_id(element.get("id", ""))
            self._written.append(f"<img{_attributes(element, id=own, src=address, alt=words)}>")
        else:
            self._text(words)

    def _new_id(self, identifier: str) -> str:
        made = anchor(identifier)
        if made in self._ids:
            return ""
        self._ids.add(made)
        return made


def _parted(tag: str) -> tuple[str, str]:
    space, _, name = tag.rpartition("}")
    return f"{space}}}" if space else "", name


def _titles(drawing: Element) -> list[str]:
    return [title.text or "" for title in drawing.iterfind(f"{SVG}title")]


def _attributes(element: Element, **own: str) -> str:
    given = {name: value for name in AS_THEY_ARE if (value := element.get(name)) is not None}
    if (language := element.get(XML_LANG)) is not None:
        given["lang"] = language
    given |= {name: value for name, value in own.items() if value or name == "alt"}
    return "".join(f' {name}="{escape(value[:LONGEST])}"' for name, value in given.items())
