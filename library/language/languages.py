"""A language with or without readings: it says the sentences of screens, refusals and mails."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from gettext import NullTranslations
from html import escape
from typing import Any, Self, cast

from library.language import days, readings, regular, sentences

JAPANESE, EASY, ENGLISH = "ja", "ja-simple", "en"
WITH_READINGS = (JAPANESE, EASY)  # languages that may show ふりがな
BETWEEN = {"": " ", "、": ", ", "・": ", ", "と": " and ", "か": " or "}  # what stands for a mark in other languages
_LETTER = "[々〆ぁ-ヿ\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]"
_JAPANESE_LETTER = re.compile(_LETTER)
_JAPANESE_RUN = re.compile(f"{_LETTER}+(?:[ \u3000-\u301f\uff01-\uff5e]*{_LETTER}+)*")


class Said(str):
    """A sentence as it is said to a reader; in HTML (``__html__``) with its readings."""

    __slots__ = ("_html",)
    _html: str

    def __new__(cls, text: str, html: str) -> Self:
        made = super().__new__(cls, text)
        made._html = html
        return made

    def __html__(self) -> str:
        return self._html


class Language:
    """A language in which patrons are spoken to: ``say`` is the one way from Japanese to it.

    ``is_plain``: Japanese as it is written, which needs no catalogue. ``code``: as in ``<html lang>``. ``furigana``:
    its kanji get their readings in HTML. ``otherwise``: the language of what its catalogue lacks.
    """

    def __init__(
        self,
        code: str,
        catalogue: Callable[[], NullTranslations],
        *,
        name: str = "",
        furigana: bool = False,
        otherwise: "Language | None" = None,
    ) -> None:
        self.code, self.name, self.furigana = code, name, furigana
        self._otherwise = otherwise
        self.is_japanese = code in WITH_READINGS
        self.is_plain = code == JAPANESE and not furigana
        self._catalogue = catalogue
        self._found = lru_cache(maxsize=20_000)(self._find)

    def say(self, text: str, /, **facts: object) -> str:
        """Return the sentence in this language. A text that is no sentence of the catalogue is returned unchanged.

        ``text``: a msgid with its facts, a Sentence, or several Joined. What was said before is returned unchanged.
        """
        if self.is_plain and _is_finished(text, facts):
            return sentences.Sentence(text, **facts) if facts else text
        if not text or isinstance(text, Said) or (hasattr(text, "__html__") and not facts):
            return text  # "" is what a catalogue has its head under
        if isinstance(text, sentences.Joined):
            return self._run([self.as_it_is(self.day(self.say(part))) for part in text.parts], text.mark)
        if isinstance(text, sentences.Opening):
            return self._opening(text)
        if isinstance(text, sentences.Sentence):
            text, facts = text.msgid, text.facts | facts
        if self.is_plain and not facts:
            return text
        found = self._found(text, facts.get("n") == 1)
        if not facts:
            return text if found is None else Said(found[0], found[1])
        plain, html = found or (text, escape(text))
        filled = {name: self._fact(name, fact) for name, fact in facts.items()}
        if self.is_plain and not any(hasattr(fact, "__html__") for fact in filled.values()):
            return sentences.Sentence(text, **facts)
        return Said(
            plain.format_map({name: _plain(fact) for name, fact in filled.items()}),
            html.format_map({name: _html(fact) for name, fact in filled.items()}),
        )

    def day(self, text: str) -> str:
        """Return a day, moment or time of day that ``dates`` wrote, in this language."""
        if self.is_plain:
            return text
        if not self.is_japanese:
            return days.in_english(text) or text
        marked = days.with_readings(text, easy=self.code == EASY)
        if marked is None:
            return text
        drawn = readings.html if self.furigana else readings.plain
        return Said(readings.plain(marked), " ".join(_kept(drawn(part)) for part in marked.split(" ")))

    def regular(self, text: str) -> str:
        """Return a month, weekdays, hours or regular closed days, as the calendar writes them, in this language."""
        if self.is_plain or not text:
            return text
        if not self.is_japanese:
            return days.in_english(text) or regular.in_english(text) or self.as_it_is(text)
        marked = (days.with_readings(text) or regular.with_readings(text)) if self.furigana else None
        return Said(text, readings.html(marked)) if marked else text

    def drawn(self, html: str) -> Said:
        """Return HTML that has marks of readings: with ruby in their place, or without them."""
        return Said(readings.plain(html), readings.drawn(html) if self.furigana else readings.plain(html))

    def joined(self, texts: Iterable[str], /, **facts: object) -> str:
        """Return sentences one after the other, with a space between where the language has it; empty ones left out."""
        return self._run([self.say(text, **facts) for text in texts if text], "")

    def _opening(self, text: sentences.Opening) -> str:
        if self.is_plain:
            return text
        whole = self.say(text.msgid, **text.facts)
        return Said(sentences.opening(whole, stop=text.stop), sentences.opening(_html(whole), stop=text.stop))

    def _run(self, said: list[str], mark: str) -> str:
        if self.is_plain and not any(hasattr(text, "__html__") for text in said):
            return mark.join(said)
        between = mark if self.is_japanese else BETWEEN.get(mark, mark)
        return Said(between.join(str(_plain(text)) for text in said), between.join(map(_html, said)))

    def listed(self, words: Iterable[str], comma: str = "、") -> str:
        """Return names one after the other: with ``comma`` in Japanese, with the comma of other languages in those."""
        return self._run([self.as_it_is(self.say(word)) for word in words], comma)

    def is_foreign(self, text: object) -> bool:
        """Return if a text must be marked as Japanese: it has kana or kanji and this is another language."""
        if self.is_japanese or not isinstance(text, str):
            return False
        return _JAPANESE_LETTER.search(text) is not None

    def as_it_is(self, text: str) -> str:
        """Return a text that stays Japanese, such as a name or a title: marked as Japanese in other languages."""
        if isinstance(text, Said) or not self.is_foreign(text):
            return text
        return Said(str(_plain(text)), f'<span lang="ja">{_html(text)}</span>')

    def quote(self, text: str, code: str) -> str:
        """Return a text that was written in a language, such as a mail, marked with it; so is the Japanese in it."""
        written = escape(text)
        if code not in WITH_READINGS:
            written = _JAPANESE_RUN.sub(lambda found: f'<span lang="{JAPANESE}">{found[0]}</span>', written)
        return Said(text, written if code == self.code else f'<span lang="{code}">{written}</span>')

    def _fact(self, name: str, fact: object) -> object:
        if not isinstance(fact, str) or hasattr(fact, "__html__"):
            return fact
        if isinstance(fact, sentences.Sentence | sentences.Joined) or name.endswith(sentences.WORD):
            return self.as_it_is(self.say(fact))
        return self.as_it_is(self.day(fact))

    def _find(self, msgid: str, one: bool) -> tuple[str, str] | None:
        """Return (text, HTML) of a sentence in the catalogue; None without one. ``one``: its ``n`` is 1."""
        if self.is_plain:
            return (msgid, escape(msgid))
        catalogue = self._catalogue()
        if "{n}" in msgid:
            marked = catalogue.ngettext(msgid, msgid, 1 if one else 2)
        else:
            marked = catalogue.gettext(msgid)
        if marked == msgid and not self.is_japanese:
            return self._otherwise._marked(msgid, one) if self._otherwise else None
        text = readings.plain(marked)
        return text, readings.html(marked) if self.furigana else escape(text)

    def _marked(self, msgid: str, one: bool) -> tuple[str, str] | None:
        """Return a sentence for a page in another language, marked as being in this one."""
        found = self._find(msgid, one)
        return found and (found[0], f'<span lang="{self.code}">{found[1]}</span>')


_BARE = frozenset((str, int))


def _is_finished(text: str, facts: dict[str, object]) -> bool:
    """Return if a sentence is in Japanese what it is made of: no fact can be HTML, or a sentence that has HTML in
    it.
    """
    kind = type(text)
    if kind is sentences.Sentence and not facts:
        facts = cast("sentences.Sentence", text).facts
    elif kind is not str:
        return False
    return _BARE.issuperset(map(type, facts.values()))


def _kept(html: str) -> str:
    return f'<span class="keep">{html}</span>'


def _plain(fact: object) -> object:
    if hasattr(fact, "unescape") and not isinstance(fact, Said):  # Markup, as the web makes it
        return fact.striptags()  # pyright: ignore[reportAttributeAccessIssue]
    return fact if isinstance(fact, int | float) else str(fact)


def _html(fact: Any) -> str:
    return fact.__html__() if hasattr(fact, "__html__") else escape(str(fact))
