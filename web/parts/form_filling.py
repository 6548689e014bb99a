"""A form of any page, filled with values typed earlier, by parsing the page's own HTML."""

from collections.abc import Iterable
from html import escape
from html.parser import HTMLParser

LEFT_ALONE = ("password", "file", "submit", "button", "image", "reset")
Attributes = list[tuple[str, str | None]]


def filled(page: str, address: str, entered: Iterable[tuple[str, str]]) -> str:
    """Return the page with the form for this address filled; of several, the one with most of the entered fields."""
    names: dict[str, list[str]] = {}
    for name, value in entered:
        names.setdefault(name, []).append(value)
    forms = _Forms(address)
    forms.feed(page)
    if not forms.found:
        return page
    wanted = max(forms.found, key=lambda number: (len(forms.found[number] & names.keys()), -number))
    filling = _Filling(wanted, names)
    filling.feed(page)
    filling.close()
    return "".join(filling.text)


class _Forms(HTMLParser):
    """The forms with this address, by their position on the page, each with its field names."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.number, self.inside = address, -1, False
        self.found: dict[int, set[str]] = {}

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = dict(attrs)
        if tag == "form":
            self.number += 1
            self.inside = given.get("action") == self.address and given.get("method") == "post"
            if self.inside:
                self.found[self.number] = set()
        elif self.inside and given.get("name"):
            self.found[self.number].add(given["name"] or "")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


class _Filling(HTMLParser):
    """Copies a page, changing only the fields of one form."""

    def __init__(self, wanted: int, names: dict[str, list[str]]) -> None:
        super().__init__(convert_charrefs=False)
        self.wanted, self.names = wanted, names
        self.left = {name: list(values) for name, values in names.items()}
        self.text: list[str] = []
        self.number, self.inside, self.select, self.skips = -1, False, "", False

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag == "form":
            self.number += 1
            self.inside = self.number == self.wanted
        given = dict(attrs)
        name = given.get("name") or ""
        if not self.inside:
            self._write(self.get_starttag_text() or "")
        elif tag == "input":
            self._write(self._input(name, given, attrs))
        elif tag == "option":
            self._write(self._chosen("option", attrs, "selected", self.select, given.get("value") or ""))
        elif tag == "textarea" and self.left.get(name):
            self._write(f"{self.get_starttag_text()}\n{escape(self.left[name].pop(0), quote=False)}")
            self.skips = True
        else:
            self.select = name if tag == "select" else self.select
            self._write(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)

    def _input(self, name: str, given: dict[str, str | None], attrs: Attributes) -> str:
        kind = given.get("type") or "text"
        if kind in ("checkbox", "radio"):
            return self._chosen("input", attrs, "checked", name, given.get("value") or "on", unsent=kind == "checkbox")
        if kind in LEFT_ALONE or not self.left.get(name):
            return self.get_starttag_text() or ""
        return _tag("input", [pair for pair in attrs if pair[0] != "value"], ("value", self.left[name].pop(0)))

    def _chosen(self, tag: str, attrs: Attributes, mark: str, name: str, value: str, unsent: bool = False) -> str:
        """Return a choice's tag with its mark as entered; an unticked box was not sent."""
        if name not in self.names and not unsent:
            return self.get_starttag_text() or ""
        others = [pair for pair in attrs if pair[0] != mark]
        return _tag(tag, others, *([(mark, None)] if value in self.names.get(name, ()) else []))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.skips = False
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.inside = False
        self._write(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._write(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._write(f"<!{decl}>")

    def _write(self, text: str) -> None:
        if not self.skips or text == "</textarea>":
            self.text.append(text)


def _tag(name: str, *attrs: "Attributes | tuple[str, str | None]") -> str:
    pairs = [pair for given in attrs for pair in (given if isinstance(given, list) else [given])]
    written = "".join(f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in pairs)
    return f"<{name}{written}>"
