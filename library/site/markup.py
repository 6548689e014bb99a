"""The markup of staff's texts: headings, lists, emphasis and links of Markdown, nothing else.

No HTML and no picture passes, and no address but http(s), mailto, tel and pages of this site.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from library import dates
from library.catalog.folding import fold

_SCHEMES = re.compile(r"(?:https?://[^/\\]|mailto:|tel:[0-9+]|#|/(?![/\\])|/$)", re.IGNORECASE)
_RULES = ["paragraph", "heading", "list", "hr", "blockquote"]
_INLINE = ["newline", "escape", "link", "autolink", "fragments_join"]
_STRONG = re.compile(r"\*\*(?=\S)([^\n]{1,500}?)(?<=\S)\*\*")
_HEADING = re.compile(r"## +(.+)")
# words with a limit: without one a text of [ alone takes the square of its length
_LINK = re.compile(r"\[([^\]\n]{0,500})\]\(\s*<?([^\s)>]*)>?\s*\)?")
_STARTS = ((re.compile(r"^#+ +", re.MULTILINE), "■ "), (re.compile(r"^[-*+] +", re.MULTILINE), "・"))


def may_link(url: str) -> bool:
    return bool(_SCHEMES.match(url)) and not re.search(r"[\x00-\x20\x7f]", url)


def unusable_link(text: str) -> str | None:
    """Return the first link address that is not allowed, cut to 80 characters; None if all are."""
    return next((target[:80] for _, target in _LINK.findall(text) if not may_link(target)), None)


def plain(text: str, base: str | None = None) -> str:
    """Return the text without markup, for a mail. Links are written out if ``base``, this site's address, is given."""

    def written_out(link: re.Match[str]) -> str:
        words, target = link.groups()
        if base is None or not target:
            return words
        return f"{words} <{base}{target}> " if target.startswith("/") else f"{words} <{target}> "

    for start, instead in _STARTS:
        text = start.sub(instead, text)
    return _STRONG.sub(r"\1", _LINK.sub(written_out, text))


def _strong(state: StateInline, silent: bool) -> bool:
    """Parse ``**…**`` anywhere: CommonMark wants spaces around it, which Japanese does not have."""
    found = _STRONG.match(state.src, state.pos, state.posMax)
    if found and not silent:
        end = state.posMax
        state.push("strong_open", "strong", 1)
        state.pos, state.posMax = found.span(1)
        state.md.inline.tokenize(state)
        state.push("strong_close", "strong", -1)
        state.posMax = end
    if found:
        state.pos = found.end()
    return bool(found)


def _text(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """Return the HTML of a text, with each date in it kept on one line."""
    return dates.WITH_WEEKDAY.sub(r'<span class="keep">\g<0></span>', escapeHtml(tokens[index].content))


def _made() -> MarkdownIt:
    made = MarkdownIt("zero", {"html": False, "breaks": True, "maxNesting": 8}).enable([*_RULES, *_INLINE])
    made.inline.ruler.before("link", "strong", _strong)
    made.validateLink = may_link
    made.add_render_rule("text", _text)
    return made


_MARKDOWN = _made()


@lru_cache(maxsize=100)
def html(text: str) -> str:
    """Return the text as HTML. Its headings are h2 and deeper without gaps, as the page has the h1."""
    tokens = _MARKDOWN.parse(text)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    level = {tag: f"h{min(number, 6)}" for number, tag in enumerate(sorted({token.tag for token in headings}), start=2)}
    for token in headings:
        token.tag = level[token.tag]
    return _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})


def sections(text: str) -> list[tuple[str, str]]:
    """Return (heading, text below) of each part beginning with ``## ``; text before the first has an empty heading."""
    found = [("", [])]
    for line in text.split("\n"):
        if heading := _HEADING.fullmatch(line.rstrip()):
            found.append((heading[1].strip().rstrip("#").rstrip(), []))
        else:
            found[-1][1].append(line)
    parts = [(heading, "\n".join(lines).strip("\n")) for heading, lines in found]
    return [(heading, below) for heading, below in parts if heading or below]


def mentions(text: str, words: str) -> bool:
    """Tell whether all the words are in a text, whatever their spelling."""
    within = fold.loose(text)
    return all(fold.loose(word) in within for word in words.split())
