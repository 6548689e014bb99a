"""Kana readings of Japanese texts that have only a romanisation: ALA-LC, Hepburn or Kunrei.

Kana and Latin letters of the text are kept; the rest is read off the romanisation. Words stay separated by spaces, and
particles are spelled as spoken (ワ, エ, オ), as in the records of the National Diet Library.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from library.catalog.folding import romaji, scripts

LONGEST = 500  # letters of a romanisation that is read
_KUNREI = re.compile(r"(?<![a-z])(?:[a-z]*[aiueo'])??(?:s|t|z)i|(?<![sc])hu|(?<![a-z])tu|[aiueo]tu", re.I)
_HEPBURN = re.compile("shi|chi|tsu|fu|ji", re.I)
# syllables of loanwords in a record in Hepburn, where they are no Kunrei
_FOREIGN = {"ti": "ティ", "tu": "トゥ", "di": "ディ", "du": "ドゥ", "tyu": "テュ", "dyu": "デュ", "fyu": "フュ", "vyu": "ヴュ",
            "kwa": "クワ", "gwa": "グワ", "kwi": "クィ", "kwe": "クェ", "kwo": "クォ", "wo": "ウォ", "tsi": "ツィ"}  # fmt: skip
_LENGTH = {"a": "ア", "i": "イ", "u": "ウ", "e": "エ", "o": "ウ"}
_LONG_AFTER = {"o": "オウ", "u": "ウ", "a": "ア", "i": "イ", "e": "エ"}  # kana that only lengthen a vowel
_BIG, _READ_OTHERWISE = "大", re.compile("[dt]ai")
_MACRON = re.compile("([aiueo])\u0304")
_JOINED = re.compile("[-‐‑]")
_NO_WORD = re.compile(r"[^\w',\s]+|_")
_PIECES = re.compile(r"[0-9]+|[^0-9]+")
_N = re.compile("n(?![y'])|m(?=[bmp])")
_DOUBLED = re.compile(r"([bcdfghjkpqrstvwz])\1|tch")
_DASH = re.compile("(?<=[ァ-ヺ])[-－−]")  # some type them for ー
_LATIN = re.compile("[A-Za-z0-9]+")
_MORA = re.compile("[ぁ-ゖァ-ヺ][ゃゅょぁぃぅぇぉゎャュョァィゥェォヮ]?|ー")
_TOKEN = re.compile(f"(?P<kana>{_MORA.pattern})|(?P<latin>{_LATIN.pattern})|(?P<sign>[\\W_]+)|(?P<other>[^\\W_])")
_SAME = str.maketrans("ヂヅヲヰヱ", "ジズオイエ")
_SAME_MORA = {"ティ": "チ", "トゥ": "ツ", "ディ": "ジ", "ドゥ": "ズ", "テュ": "チュ", "デュ": "ジュ", "ヂャ": "ジャ", "ヂュ": "ジュ",
              "ヂョ": "ジョ"}  # fmt: skip
_LARGE = str.maketrans("ァィゥェォ", "アイウエオ")
_VOWEL_OF_SMALL = str.maketrans("ァィゥェォャュョヮヴ", "アイウエオアウオアウ")
_SMALL = "ァィゥェォ"
_SPOKEN = {"ハ": "ワ", "ヘ": "エ"}
_UNCOUNTED = "ヶヵケ"  # between kanji they are read カ or ガ
_ODD = 8  # moras of a text at most that the romanisation has otherwise


class _Unit(NamedTuple):
    """A mora of a romanisation: its kana, the kana that lengthens it (``written``: as a vowel of its own), and if a
    word begins with it. A word that is not Japanese is one unit.
    """

    kana: str
    length: str = ""
    written: bool = False
    begins: bool = False
    is_word: bool = False
    after_comma: bool = False


class _Token(NamedTuple):
    """A mora of a text, or a stretch without kana: ``kana`` is empty, ``latin`` has its Latin letters."""

    kana: str = ""
    length: str = ""
    latin: str = ""


def is_kunrei(texts: Iterable[str]) -> bool:
    """Tell whether a record's romanisation is Kunrei: it has si, ti, tu, hu or zi, and no shi, chi, tsu, fu, ji."""
    whole = _plain(" ".join(texts))
    return not _HEPBURN.search(whole) and _KUNREI.search(whole) is not None


@lru_cache(10_000)
def kana_reading(text: str, latin: str, kunrei: bool | None = None) -> str:
    """Return the kana reading of a Japanese text, made from its romanisation; empty when a third of the words is not
    Japanese. Without the text, the romanisation is given twice.

    ``kunrei``: the result of ``is_kunrei`` for the whole record; None: judged by this text.
    """
    is_romaji = text == latin
    if not latin or not text or len(latin) > LONGEST or (scripts.script_of(text) == scripts.LATIN) != is_romaji:
        return ""
    text = unicodedata.normalize("NFKC", _DASH.sub("ー", text))
    plain = _plain(latin)
    stays = {} if is_romaji else {word.casefold(): word for word in _LATIN.findall(text)}
    kunrei = is_kunrei([latin]) if kunrei is None else kunrei
    units: list[_Unit] = []
    words = failed = 0
    big = text.count(_BIG) > len(_READ_OTHERWISE.findall(plain))
    for written in plain.split():
        found, is_odd = _word(written.strip(",'"), kunrei, stays, big)
        if found:
            words, failed = words + 1, failed + is_odd
            units.append(found[0]._replace(begins=True))
            units += found[1:]
            if written[-1] == ",":
                units[-1] = units[-1]._replace(after_comma=True)
    if not words or 3 * failed >= words:
        return ""
    return _joined(units if is_romaji else _aligned(list(_tokens(text)), units))


def _plain(latin: str) -> str:
    """Return the romanisation in lower case, ``ː`` after a long vowel, with no signs but apostrophes and commas."""
    text = unicodedata.normalize("NFD", latin.casefold()).replace("\u0302", "\u0304")
    text = _MACRON.sub(r"\1ː", text)
    text = re.sub("[’ʼʻ`´ʹ′]", "'", _JOINED.sub("", text))
    return _NO_WORD.sub(" ", unicodedata.normalize("NFC", text))


@cache
def _table(kunrei: bool) -> dict[str, str]:
    """Return Latin syllable → katakana."""
    found = {latin: romaji.katakana(kana) for latin, kana in romaji.syllables().items()}
    return found if kunrei else found | _FOREIGN


# -- the romanisation --------------------------------------------------------------------------------------------------
def _word(word: str, kunrei: bool, stays: dict[str, str], big: bool) -> tuple[Sequence[_Unit], bool]:
    """Return the units of a word, and True when it is neither Japanese nor in ``stays``, the text's Latin words."""
    if word == "wo":
        return [_Unit("オ")], False
    if not stays and word.isalpha():
        found = _moras(word, kunrei, big)
        return found or [_Unit(word, is_word=True)], not found
    if as_it_stands := stays.get(word.replace("ː", "")):
        return [_Unit(as_it_stands, is_word=True)], False
    units: list[_Unit] = []
    odd = False
    first = next(
        (each for each in stays if len(each) > 1 and word.startswith(each) and not _moras(word, kunrei, big)), ""
    )
    if first:  # BP社
        units.append(_Unit(stays[first], is_word=True))
    pieces: list[str] = _PIECES.findall(word.removeprefix(first))
    for piece in pieces:
        is_given = piece[0].isdigit() or piece in stays
        found = () if is_given else _moras(piece, kunrei, big)
        odd |= not is_given and not found
        units += found or [_Unit(stays.get(piece, piece), is_word=True)]
    return units, odd


@lru_cache(20_000)  # most words of a title are の, と, and others that many titles share
def _moras(word: str, kunrei: bool, big: bool) -> tuple[_Unit, ...]:
    """Return the moras of a Japanese word; none for any other. ``big``: オオ (大) is likelier than オウ."""
    table = _table(kunrei)
    units: list[_Unit] = []
    place = 0
    while place < len(word):
        rest = word[place:]
        if units and (longer := _longer(units[-1], rest, word[place - 1], big)):
            units[-1] = units[-1]._replace(length=longer, written=rest[0] != "ː")
            place += 1
        elif mora := next((rest[:size] for size in (4, 3, 2, 1) if rest[:size] in table), None):
            units.append(_Unit(table[mora]))
            place += len(mora)
        elif rest.startswith("n'"):
            units.append(_Unit("ン"))
            place += 2
        elif _N.match(rest):
            units.append(_Unit("ン"))
            place += 1
        elif _DOUBLED.match(rest):
            units.append(_Unit("ッ"))
            place += 1
        else:
            return ()
    return tuple(units)


def _longer(last: _Unit, rest: str, vowel: str, big: bool) -> str:
    """Return the kana that lengthens the last mora, when a macron or lengthening vowel comes next; else empty."""
    if last.length or last.kana in "ンッ":
        return ""
    if rest[0] == "ː":
        return "オ" if last.kana == "オ" and big else _LENGTH[vowel]
    if vowel == "o" and rest[0] in "ou":
        return "オ" if rest[0] == "o" else "ウ"
    return _LENGTH[vowel] if rest[0] == vowel and vowel in "aiue" else ""


# -- the text ----------------------------------------------------------------------------------------------------------
def _tokens(text: str) -> Iterator[_Token]:
    """Yield the kana of a text, mora by mora, and the stretches between."""
    waiting: _Token | None = None
    after_other = False
    for found in _TOKEN.finditer(text):
        kana = romaji.katakana(found["kana"] or "")
        if kana and after_other and kana in _UNCOUNTED:
            continue
        if kana and waiting and waiting.kana and not waiting.length and _lengthens(kana, waiting.kana):
            waiting = waiting._replace(length=kana)
            continue
        if found["sign"] or (found["other"] and waiting and not waiting.kana and not waiting.latin):
            continue
        if waiting:
            yield waiting
        after_other = not kana
        waiting = _Token(kana, latin=found["latin"] or "")
    if waiting:
        yield waiting


def _lengthens(kana: str, before: str) -> bool:
    return kana == "ー" or kana in _LONG_AFTER.get(_vowel(before), "")


@lru_cache(500)
def _vowel(kana: str) -> str:
    """Return the vowel of a mora; empty for ン and ッ."""
    spelled = romaji.romanisations(kana[-1:].translate(_VOWEL_OF_SMALL))
    return next((latin[-1] for latin in spelled if latin[-1:] in "aiueo"), "")


# -- both side by side -------------------------------------------------------------------------------------------------
def _aligned(tokens: list[_Token], units: list[_Unit]) -> list[_Unit]:
    """Return the moras with the kana of the text; each stretch without kana stands for one mora or more."""
    if not any(token.kana for token in tokens):
        return units
    for most in (0, _ODD):
        ways = _Ways(tokens, units, most)
        for odd in range(most + 1):
            if ways.lead[0][odd] & 1:
                return ways.walked(odd)
    return units


class _Ways:
    """The alignments of a text with its romanisation. ``lead[i][n]``: the units, a bit each, from which ``tokens[i:]``
    can be aligned to the end when ``n`` of these tokens differ from their unit.
    """

    def __init__(self, tokens: list[_Token], units: list[_Unit], most: int) -> None:
        self.tokens, self.units = tokens, units
        self.places: dict[str, int] = {}
        for place, unit in enumerate(units):
            key = unit.kana.casefold() if unit.is_word else _key(unit.kana)
            self.places[key] = self.places.get(key, 0) | 1 << place
        self.lead = [[1 << len(units)] * (most + 1)]
        for token in reversed(tokens):
            after, found = self.lead[-1], []
            for odd, leads in enumerate(after):
                here = (self._like(token) & leads >> 1) | (self._like_two(token) & leads >> 2)
                if not token.kana and not token.latin:
                    here = _below(leads)
                elif odd and token.latin:
                    here |= _below(after[odd - 1])
                elif odd:
                    here |= after[odd - 1] | after[odd - 1] >> 1
                found.append(here)
            self.lead.append(found)
        self.lead.reverse()

    def _like(self, token: _Token) -> int:
        """Return the units that are this token, a bit each."""
        if token.latin:
            return self.places.get(token.latin.casefold(), 0)
        if token.kana not in _SPOKEN:
            return self.places.get(_key(token.kana), 0)
        return self.places.get(token.kana, 0) | self.places.get(_SPOKEN[token.kana], 0)

    def _like_two(self, token: _Token) -> int:
        """Return the first of each two units that are this token: a long vowel in two moras, ウィ as ui."""
        if token.length:
            return self._like(token) & self.places.get(_key(token.length), 0) >> 1
        if len(token.kana) == 2 and token.kana[1] in _SMALL:
            first, second = token.kana.translate(_LARGE)
            return self.places.get(first, 0) & self.places.get(second, 0) >> 1
        return 0

    def walked(self, odd: int) -> list[_Unit]:
        """Return the units of the alignment with so many tokens that differ."""
        made: list[_Unit] = []
        place = 0
        for number, token in enumerate(self.tokens):
            after = self.lead[number + 1]
            rest = [leads >> place for leads in after]
            if self._like(token) >> place & 1 and rest[odd] & 2:
                made.append(_written(token, self.units[place]))
                taken = 1
            elif self._like_two(token) >> place & 1 and rest[odd] & 4:
                made += _written_two(token, self.units[place], self.units[place + 1])
                taken = 2
            else:
                odd -= bool(token.kana or token.latin)
                taken = 0 if token.kana and rest[odd] & 1 else _lowest(rest[odd] & -2)
                made += self.units[place : place + taken]
            place += taken
        return made


def _below(leads: int) -> int:
    """Return all bits below the highest one."""
    return (1 << leads.bit_length() - 1) - 1 if leads else 0


def _lowest(leads: int) -> int:
    return (leads & -leads).bit_length() - 1


def _written(token: _Token, unit: _Unit) -> _Unit:
    """Return a unit as the text writes it, a particle as it is spoken."""
    if token.latin:
        return unit._replace(kana=token.latin)
    length = token.length or (unit.length if unit.written else "")
    return unit._replace(kana=_spoken(token.kana, unit.kana), length=length)


def _written_two(token: _Token, first: _Unit, second: _Unit) -> list[_Unit]:
    if not token.length:
        return [first._replace(kana=token.kana)]
    return [first._replace(kana=_spoken(token.kana, first.kana)), second._replace(kana=token.length)]


def _spoken(kana: str, said: str) -> str:
    if kana == "ヲ":
        return "オ"
    return said if _SPOKEN.get(kana) == said else kana


def _key(kana: str) -> str:
    return _SAME_MORA.get(kana) or kana.translate(_SAME)


def _joined(units: list[_Unit]) -> str:
    parts: list[str] = []
    for unit in units:
        parts += (" " if unit.begins and parts else "", unit.kana, unit.length, "," if unit.after_comma else "")
    return "".join(parts)
