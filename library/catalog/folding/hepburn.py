"""Hepburn: readings in Latin letters for readers of English, as libraries write them: modified Hepburn, long vowels
with macrons, particles as they are spoken, a capital at the beginning.

Words are those of the reading, which has spaces in most records. A reading without spaces is parted by its text.
"""

import re
import unicodedata
from functools import cache
from itertools import pairwise

from library.catalog.folding import romaji
from library.language import furigana

_TYPED = {"wo", "dzu", "thi", "dhi", "jya", "jyu", "jyo"}  # on keyboards, not in print
_PRINTED = {
    "を": "o", "ゐ": "i", "ゑ": "e", "ぢ": "ji", "づ": "zu", "ん": "n", "ぢゃ": "ja", "ぢゅ": "ju", "ぢょ": "jo",
    "てぃ": "ti", "でぃ": "di", "とぅ": "tu", "どぅ": "du", "てゅ": "tyu", "でゅ": "dyu", "ふゅ": "fyu", "ゔゅ": "vyu",
    "うぉ": "wo", "すぃ": "si", "ずぃ": "zi", "つぃ": "tsi", "きぇ": "kye", "くぁ": "kwa", "くぃ": "kwi", "くぇ": "kwe",
    "くぉ": "kwo", "ぐぁ": "gwa", "くゎ": "kwa", "ぐゎ": "gwa", "ゔ": "vu", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e",
    "ぉ": "o", "ゃ": "ya", "ゅ": "yu", "ょ": "yo", "ゎ": "wa", "ゕ": "ka", "ゖ": "ke",
}  # fmt: skip
_LENGTHS = {"ou", "oo", "uu", "aa", "ee"}  # ii is written out: utsukushii
_SHORT = str.maketrans("āīūēōĀĪŪĒŌ", "aiueoAIUEO")
_SPOKEN = {"は": "わ", "へ": "え", "を": "お"}  # particles
_PARTICLES = ("は", "が", "の", "を", "に", "へ", "と", "も", "や", "で", "から", "まで", "より")
_TWO_PARTICLES = re.compile("(に|で|と|へ|え|から)([はわもの])")
_OPENING = "のを"  # particles wherever they come after kanji
_ENDS_IN_PARTICLE = re.compile("(?:[はがをにへも]|(?<!こ)と|(?<![もこそあど])の)$")
_ENDS = "いうくぐすつぬぶむるたなてだ"  # of words between kanji: 赤い, 走る, not 取り
_STRETCHES = re.compile(r"[ぁ-ゖゝゞ]+|[ァ-ヺーヽヾ]+|[A-Za-z0-9]+|[\W_]+|.")
_NO_LETTER = re.compile(r"[\W_]")
_HIRAGANA = re.compile("[ぁ-ゖゝゞ]+")
_PART = "\u200b"  # between 思 and う, which don't make one long vowel
_SIGNS = str.maketrans({
    "・": " ", "、": ", ", "。": ". ", "〜": "~", "―": "–", "—": "–", "(": " (", ")": ") ",
    **dict.fromkeys("「『〈《", " “"), **dict.fromkeys("」』〉》", "” "),
    **dict.fromkeys("〔【", " ["), **dict.fromkeys("〕】", "] "),
})  # fmt: skip
_WORD = re.compile(f"[ぁ-ゖー{_PART}]+")
_SPACE = re.compile(r"(?<=[“\[(]) | (?=[,.!?”\])])")
_FIRST = re.compile(r"[^\W_]")
_FIRSTS = re.compile(r"(?<![^\W\d_]|['’])[^\W\d_]")


def romanise(reading: str, text: str = "", *, macrons: bool = True, name: bool = False) -> str:
    """Return a reading in kana in Latin letters: Wagahai wa neko de aru. What is no kana stays as it is.

    ``text``: that is read so, which tells 思う from a long vowel. ``macrons``: without them Tōkyō is Tokyo. ``name``:
    every word begins with a capital.
    """
    reading, text = (unicodedata.normalize("NFKC", each) for each in (reading, text))
    kana = _words(romaji.hiragana(reading), text)
    latin = _WORD.sub(lambda found: _word(found[0]), kana.translate(_SIGNS))
    latin = _SPACE.sub("", " ".join(latin.split()))
    latin = latin if macrons else latin.translate(_SHORT)
    return _FIRSTS.sub(_capital, latin) if name else _FIRST.sub(_capital, latin, count=1)


def _capital(found: re.Match[str]) -> str:
    return found[0].upper()


@cache
def _syllables() -> dict[str, str]:
    """Return hiragana → Hepburn."""
    found: dict[str, str] = {}
    for latin, kana in romaji.syllables().items():
        if latin not in _TYPED:
            found.setdefault(kana, latin)
    return found | _PRINTED


def _word(kana: str) -> str:
    """Return a word in kana in Latin letters; a particle by itself as it is spoken."""
    table, latin, place, doubled = _syllables(), "", 0, False
    kana = _SPOKEN.get(kana, kana)
    while place < len(kana):
        size = 2 if kana[place : place + 2] in table else 1
        letter = kana[place : place + size]
        mora = table.get(letter, "")
        place += size
        if letter == "っ":
            doubled = True
            continue
        if letter == "ー" or (mora in ("a", "u", "e", "o") and latin[-1:] + mora in _LENGTHS):
            latin = _lengthened(latin)
        elif doubled and mora[:1] not in "aiueon":
            latin += ("t" if mora.startswith("ch") else mora[:1]) + mora
        elif latin.endswith("n") and letter != "ん" and mora[:1] in tuple("aiueoy"):
            latin += f"'{mora}"
        else:
            latin += mora or (letter if letter == _PART else "")
        doubled = False
    return latin.replace(_PART, "")


def _lengthened(latin: str) -> str:
    return unicodedata.normalize("NFC", f"{latin}\u0304") if latin[-1:] in tuple("aiueo") else latin


# -- words -----------------------------------------------------------------------------------------------------------
def _words(reading: str, text: str) -> str:
    """Return the reading in words, with a mark before each う of 思う; unchanged where it doesn't divide over the text."""
    runs = furigana.divide(text, reading) or []
    if len(reading.split()) > 1:
        for (_, kana), (after, _) in pairwise(runs):
            if kana and after.startswith("う"):
                reading = reading.replace(f"{kana[-2:]}う", f"{kana[-2:]}{_PART}う")
        return reading
    unread = list(_NO_LETTER.sub("", reading))
    words, after_kanji = "", False
    for part, kana in runs:
        for stretch in [kana] if kana else _STRETCHES.findall(part):
            size = len(_NO_LETTER.sub("", stretch))
            read, unread = "".join(unread[:size]), unread[size:]
            if len(read) < size:
                return reading
            words += read if kana else _parted(stretch, read, after_kanji=after_kanji)
            after_kanji = bool(kana)
    return reading if unread else words


def _parted(stretch: str, read: str, *, after_kanji: bool) -> str:
    """Return the reading of a stretch of one script between kanji, with the spaces that part it from its neighbours."""
    if not read:
        return stretch
    if stretch in _PARTICLES or not _HIRAGANA.fullmatch(stretch):
        return f" {read} "
    if found := _TWO_PARTICLES.fullmatch(read):
        return f" {found[1]} {found[2]} "
    if after_kanji and stretch[0] in _OPENING:
        return f" {read[0]} {read[1:]}"
    read = _PART + read if after_kanji and stretch[0] == "う" else read
    if len(stretch) > (1 if after_kanji else 2) and _ENDS_IN_PARTICLE.search(stretch):
        return f"{read[:-1]} {read[-1]} "
    return f"{read} " if after_kanji and stretch[-1] in _ENDS else read
