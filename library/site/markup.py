"""The markup of texts that staff write for a page: headings, lists, emphasis and links of Markdown, and nothing else.

The text is data: no HTML of its own passes, no picture, no address but http(s), mailto, tel and pages of this site.
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
    """Return the first address of a link that can't be one, cut off after 80 characters."""
    return next((target[:80] for _, target in _LINK.findall(text) if not may_link(target)), None)


def plain(text: str, base: str | None = None) -> str:
    """Return the text without its marks, for a mail. With ``base``, the address of this site, links are written out; else left out."""

    def written_out(link: re.Match[str]) -> str:
        words, target = link.groups()
        if base is None or not target:
            return words
        return f"{words} <{base}{target}> " if target.startswith("/") else f"{words} <{target}> "

    for start, instead in _STARTS:
        text = start.sub(instead, text)
    return _STRONG.sub(r"\1", _LINK.sub(written_out, text))


def _strong(state: StateInline, silent: bool) -> bool:
    """Parse ``**…**`` anywhere: the rule of CommonMark asks for spaces around, which Japanese does not have."""
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
    """Render a text with each day in it on one line."""
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
    """Return the text as HTML. Its headings are h2 and on without a gap, however they were written: the page has its h1."""
    tokens = _MARKDOWN.parse(text)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    level = {tag: f"h{min(number, 6)}" for number, tag in enumerate(sorted({token.tag for token in headings}), start=2)}
    for token in headings:
        token.tag = level[token.tag]
    return _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})


def sections(text: str) -> list[tuple[str, str]]:
    """Return (heading, text below it) of each part that begins with ``## ``; text before the first has an empty heading."""
    found = [("", [])]
    for line in text.split("\n"):
        if heading := _HEADING.fullmatch(line.rstrip()):
            found.append((heading[1].strip().rstrip("#").rstrip(), []))
        else:
            found[-1][1].append(line)
    parts = [(heading, "\n".join(lines).strip("\n")) for heading, lines in found]
    return [(heading, below) for heading, below in parts if heading or below]


def mentions(text: str, words: str) -> bool:
    """Tell if all of the words stand in a text, in any spelling of their letters."""
    within = fold.loose(text)
    return all(fold.loose(word) in within for word in words.split())
