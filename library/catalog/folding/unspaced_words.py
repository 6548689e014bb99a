"""続けて書いた言葉: the words of a text written without spaces, by changes of script and by the list of readings."""

import re
from itertools import groupby
from unicodedata import normalize

from library.catalog.folding import readings

KANA, KANJI = "kana", "kanji"
_NUMBERED = "[0-9]+(?:年?版|[巻部集編篇冊年級号話])"
_RUNS = re.compile(
    rf"[第準]?{_NUMBERED}|(?:(?!{_NUMBERED})[A-Za-z0-9#+.&'’-])+|[ァ-ヺー・]{{2,}}|(?:(?![第準][0-9])[^A-Za-z0-9#+.&'’\sァ-ヺー・-])+|."
)
_CONTENT = re.compile(r"[ァ-ヺー]{2,}|[A-Za-z0-9]{2,}|[^A-Za-z0-9\sァ-ヺー]+")
_HIRAGANA = re.compile("[ぁ-ゖー]+")


def split(word: str) -> list[str]:
    """Return the words of a text without spaces; the whole text as one word when a part would be a single letter, such
    as a particle.
    """
    found: list[str] = []
    for run in _RUNS.findall(normalize("NFKC", word)):
        found += _listed(run) if readings.has_kanji(run) and not run[-2:-1].isdecimal() else [run]
    return found if min(map(len, found), default=0) > 1 else [word] if word else []


def content_words(phrase: str) -> list[str]:
    """Return the content words of a phrase, without the hiragana between: 色彩, 多崎 and 巡礼 of 色彩のない多崎つくると巡礼の年; none for a
    text with spaces.
    """
    if " " in (plain := normalize("NFKC", phrase)):
        return []
    found: list[str] = []
    for run in _CONTENT.findall(plain):
        if readings.has_kanji(run):
            found += [word for word in _joined(run) if len(word) > 1 and readings.has_kanji(word)]
        elif len(run) > 1 and run.isalnum() and not _HIRAGANA.search(run.replace("ー", "")):
            found.append(run)
    return list(dict.fromkeys(found))


def _joined(run: str) -> list[str]:
    """Return the words of a text by the list; neighbouring single letters of one kind are one word."""
    found: list[str] = []
    for kind, some in groupby((word for word, _ in readings.split_words(run)), _kind):
        words = list(some)
        found += ["".join(words)] if kind else words
    return found


def _listed(run: str) -> list[str]:
    """Return the words of a text in kanji and hiragana. A single kanji that is left joins the word before it, at the
    beginning the one after.
    """
    found = _joined(run)
    for at in reversed(range(len(found))):
        if len(found) > 1 and len(found[at]) == 1 and _kind(found[at]) == KANJI:
            into = at - 1 if at else 1
            if not (len(found[into]) == 1 and _kind(found[into]) == KANA):
                found[min(at, into) : max(at, into) + 1] = [found[min(at, into)] + found[max(at, into)]]
    return found


def _kind(word: str) -> str:
    """Return the script of a word of one letter; empty for a longer one."""
    if len(word) > 1:
        return ""
    return KANA if _HIRAGANA.fullmatch(word) else KANJI
