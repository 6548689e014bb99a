"""Folding: one spelling for what is written in many ways, for the index and for the query alike. Never shown to anybody.

``strict`` keeps what makes another word of it (が is not か, ー is a letter); it ranks. ``loose`` drops that, too; it recalls.
The rules, and why each is as it is: docs/adr/0050-folding.md.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from library.catalog.folding import letters, numerals, romaji

FORMS = 32  # forms of a term that are tried at most
LONGEST = 40  # letters of a term beyond which no other form is sought: nobody types such a number or reading
_HIRAGANA = re.compile("[ぁ-ん]*")
_LATIN = re.compile(r"[a-z]+")
LATIN_ALONE = 3  # letters of a Latin word that is tried as a reading where it stands alone: AI and no are not 愛 and の
_ENDS_LIKE_LONG = re.compile(r"[ァ-ヺ]一\Z")  # サ一バ一; but パート一 is a first part
# Particles in a reading that is spelled as it is spoken (日本目録規則 writes ワ, エ), and as they are written; を is お in all keys.
_SPOKEN = {"わ": "は", "え": "へ"}
_SPOKEN_PAIRS = {"にわ": "には", "でわ": "では", "とわ": "とは", "からわ": "からは", "までわ": "までは", "よりわ": "よりは",
                 "のわ": "のは", "えわ": "へは", "えの": "への", "えと": "へと", "えも": "へも"}  # fmt: skip
_WRITTEN = {written: spoken for spoken, written in (_SPOKEN | _SPOKEN_PAIRS).items()}
_LATIN_PARTICLES = {"wa": "ha", "niwa": "niha", "dewa": "deha", "towa": "toha", "e": "he"}
_SPELLED_TWICE = {*_SPOKEN, *_SPOKEN_PAIRS, *_WRITTEN}


def strict(text: str) -> str:
    """Return the text in one spelling, without spaces and signs, unless it is signs alone; folding twice changes nothing."""
    if text.isascii():
        return letters.in_context(text).translate(letters.FOLDED) or letters.signs(text)
    text = unicodedata.normalize("NFKC", text)
    folded = letters.in_context(text).translate(letters.FOLDED)
    if "々" in folded:
        folded = letters.repeated(folded)
    if "か" in folded:
        folded = letters.counted(folded)
    return unicodedata.normalize("NFC", folded) or letters.signs(text)


def loose(text: str) -> str:
    """Return the strict key without ー and without the marks of が and ぱ; ``loose(strict(text))`` is the same."""
    return loosened(strict(text))


def short(folded: str) -> str:
    """Return the loose key of a reading without the lengths of its vowels, シヨセツ of しょうせつ; in katakana, so that it is like no other key."""
    return romaji.katakana(loosened(romaji.unlengthened(folded)))


def loosened(folded: str) -> str:
    """Return the loose key of a strict one. Of several with signs between them that are no letters: of each."""
    if folded.isascii():
        return folded
    plain = folded.translate(letters.LOOSENED)
    if "々" in plain:  # after a ー that is gone
        plain = letters.repeated(plain)
    return unicodedata.normalize("NFC", plain) or folded


_word = lru_cache(10_000)(strict)  # of a reading: mostly ノ, ト, and what other titles have, too


def readings(kana: str) -> tuple[str, ...]:
    """Return the strict keys of a reading with spaces between words: as given, and with its particles spelled the other way.

    ワガハイ ワ ネコ デ アル gives わがはいわねこである and わがはいはねこである. Without spaces nothing is known of particles.
    """
    words = [_word(word) for word in kana.split()]
    if _SPELLED_TWICE.isdisjoint(words[1:]):
        whole = "".join(words)
        whole = whole if _HIRAGANA.fullmatch(whole) else strict(whole)  # no rule on neighbours is of hiragana alone
        return (whole,) if whole else ()
    spellings = ("".join(words), *(_respelled(words, table) for table in (_SPOKEN, _SPOKEN | _SPOKEN_PAIRS, _WRITTEN)))
    return tuple(dict.fromkeys(strict(spelling) for spelling in spellings if spelling))


def _respelled(words: list[str], table: dict[str, str]) -> str:
    spelled = words[:1]
    for before, word in pairwise(words):
        spelled.append(word if word == before != spelled[-1] else table.get(word, word))
    return "".join(spelled)


def is_latin(term: str) -> bool:
    """Tell whether all letters of a term are Latin."""
    return _LATIN.fullmatch(strict(term)) is not None


def variants(term: str, *, shortest: int = LATIN_ALONE) -> list[str]:
    """Return the strict form of a term, then others to be tried, likeliest first: 12国記 for 十二国記, たかむら for takamura.

    At most FORMS. A form of kana for a Latin term of ``shortest`` letters is one of its readings: it is looked for in readings.
    Of several words in Latin letters, particles are tried as they are spoken and as they are written.
    """
    folded = strict(term)
    if not folded or len(folded) > LONGEST:
        return [folded] if folded else []
    others = numerals.spellings(folded)
    if _ENDS_LIKE_LONG.search(unicodedata.normalize("NFKC", term)):
        others.insert(0, folded[:-1] + "ー")
    if len(folded) >= shortest and _LATIN.fullmatch(folded):
        others += map(strict, _kana(term, folded))
    return list(dict.fromkeys([folded, *others]))[:FORMS]


def parts(term: str) -> list[list[str]]:
    """Return the readings of each part of a Latin word that is too long for all of its own to be tried: kokyokotsukikan; else nothing."""
    read = [list(dict.fromkeys(map(strict, romaji.kana(part)))) for part in romaji.parts(term)]
    return read if all(read) else []


def _kana(term: str, folded: str) -> list[str]:
    readings = romaji.long(term) + romaji.kana(term) + romaji.kana(folded)
    words = unicodedata.normalize("NFKC", term).lower().split()
    if _LATIN_PARTICLES.keys().isdisjoint(words[1:]):
        return readings
    written = words[:1] + [_LATIN_PARTICLES.get(word, word) for word in words[1:]]
    return readings[: FORMS // 2] + romaji.kana(" ".join(written))
