"""Folding: one key for all spellings of a text, for the index and for searches alike. Keys are never shown.

``strict`` keeps differences that make another word (が is not か, ー is a letter): the catalogue is found by it alone.
``loose`` drops these, too, for names of patrons and for what a library writes itself. The rules, and why each is as it
is: docs/adr/0050-folding.md.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from library.catalog.folding import letters, numerals, romaji

FORMS = 32  # forms of a term that are tried at most
LONGEST = 40  # letters of a term beyond which no other form is tried: nobody types such a number or reading
_HIRAGANA = re.compile("[ぁ-ん]*")
_LATIN = re.compile(r"[a-z]+")
LATIN_ALONE = 3  # letters of a Latin word that is tried as a reading where it stands alone: AI and no are not 愛 and の
_ABBREVIATION = re.compile("[A-ZＡ-Ｚ]{2,4}")
_ENDS_LIKE_LONG = re.compile(r"[ァ-ヺ]一\Z")  # サ一バ一; but パート一 is a first part
# Particles in readings as they are spoken (日本目録規則 writes ワ, エ), and as they are written; を is お in all keys.
_SPOKEN = {"わ": "は", "え": "へ"}
_SPOKEN_PAIRS = {"にわ": "には", "でわ": "では", "とわ": "とは", "からわ": "からは", "までわ": "までは", "よりわ": "よりは",
                 "のわ": "のは", "えわ": "へは", "えの": "への", "えと": "へと", "えも": "へも"}  # fmt: skip
_WRITTEN = {written: spoken for spoken, written in (_SPOKEN | _SPOKEN_PAIRS).items()}
_LATIN_PARTICLES = {"wa": "ha", "niwa": "niha", "dewa": "deha", "towa": "toha", "e": "he"}
_SPELLED_TWICE = {*_SPOKEN, *_SPOKEN_PAIRS, *_WRITTEN}


def strict(text: str) -> str:
    """Return the strict key of a text: one spelling, without spaces and signs unless it is signs alone. Folding a key
    changes nothing.
    """
    if text.isascii():
        return letters.fold_by_neighbours(text).translate(letters.FOLDED) or letters.signs_alone(text)
    text = unicodedata.normalize("NFKC", text)
    folded = letters.fold_by_neighbours(text).translate(letters.FOLDED)
    if "々" in folded:
        folded = letters.spell_out_repeats(folded)
    if "か" in folded:
        folded = letters.fold_counter_ka(folded)
    return unicodedata.normalize("NFC", folded) or letters.signs_alone(text)


def loose(text: str) -> str:
    """Return the loose key of a text: the strict key without ー and without the marks of が and ぱ."""
    return loosen(strict(text))


def loosen(folded: str) -> str:
    """Return the loose key of a strict key."""
    if folded.isascii():
        return folded
    plain = folded.translate(letters.LOOSENED)
    if "々" in plain:  # it stood after a ー
        plain = letters.spell_out_repeats(plain)
    return unicodedata.normalize("NFC", plain) or folded


_word = lru_cache(10_000)(strict)  # words of readings, mostly ノ, ト, and others that many titles share


def readings(kana: str) -> tuple[str, ...]:
    """Return the strict keys of a reading: as given, and with its particles spelled the other way, for which it needs
    spaces between words.

    ワガハイ ワ ネコ デ アル gives わがはいわねこである and わがはいはねこである.
    """
    words = [_word(word) for word in kana.split()]
    if _SPELLED_TWICE.isdisjoint(words[1:]):
        whole = "".join(words)
        whole = (
            whole if _HIRAGANA.fullmatch(whole) else strict(whole)
        )  # no rule on neighbours applies to hiragana alone
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


def is_abbreviation(term: str) -> bool:
    """Tell whether a term is up to four capitals: AI, NISA."""
    return _ABBREVIATION.fullmatch(term) is not None


def variants(term: str, *, shortest: int = LATIN_ALONE) -> list[str]:
    """Return the strict key of a term, then other keys to try, the likeliest first: 12国記 for 十二国記, たかむら for takamura.
    FORMS at most.

    A Latin term of at least ``shortest`` letters that is no abbreviation is also tried as romaji; in several words of
    it, particles as spoken and as written.
    """
    folded = strict(term)
    if not folded or len(folded) > LONGEST:
        return [folded] if folded else []
    others = numerals.other_spellings(folded)
    if _ENDS_LIKE_LONG.search(unicodedata.normalize("NFKC", term)):
        others.insert(0, folded[:-1] + "ー")
    if len(folded) >= shortest and _LATIN.fullmatch(folded) and not is_abbreviation(term):
        others += map(strict, _kana(term, folded))
    return list(dict.fromkeys([folded, *others]))[:FORMS]


def _kana(term: str, folded: str) -> list[str]:
    readings = romaji.reading_with_hyphens(term) + romaji.readings(term) + romaji.readings(folded)
    words = unicodedata.normalize("NFKC", term).lower().split()
    if _LATIN_PARTICLES.keys().isdisjoint(words[1:]):
        return readings
    written = words[:1] + [_LATIN_PARTICLES.get(word, word) for word in words[1:]]
    return readings[: FORMS // 2] + romaji.readings(" ".join(written))
