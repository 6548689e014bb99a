"""続けて書いた言葉: the words of a text without spaces, where the script changes and where the list of readings has words."""

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


def parts(word: str) -> list[str]:
    """Return the words that are glued in one. A phrase, with a particle in it, is one word, and so is what has a single letter."""
    found: list[str] = []
    for run in _RUNS.findall(normalize("NFKC", word)):
        found += _listed(run) if readings.has_kanji(run) and not run[-2:-1].isdecimal() else [run]
    return found if min(map(len, found), default=0) > 1 else [word] if word else []


def content(phrase: str) -> list[str]:
    """Return the words of a phrase that say what it is about, without hiragana beside them: 色彩, 多崎 and 巡礼 of 色彩のない多崎つくると巡礼の年."""
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
    """Return the words of a text that the list has; of single letters those that stand together are one."""
    found: list[str] = []
    for kind, some in groupby((word for word, _ in readings.parted(run)), _kind):
        words = list(some)
        found += ["".join(words)] if kind else words
    return found


def _listed(run: str) -> list[str]:
    """Return the words of a text in kanji and hiragana. Letters that the list has by themselves are one word where they stand together; a kanji
    that is left goes with what stands before it, at the beginning with what comes after.
    """
    found = _joined(run)
    for at in reversed(range(len(found))):
        if len(found) > 1 and len(found[at]) == 1 and _kind(found[at]) == KANJI:
            into = at - 1 if at else 1
            if not (len(found[into]) == 1 and _kind(found[into]) == KANA):
                found[min(at, into) : max(at, into) + 1] = [found[min(at, into)] + found[max(at, into)]]
    return found


def _kind(word: str) -> str:
    """Return what a word of one letter is written in; nothing for a longer one."""
    if len(word) > 1:
        return ""
    return KANA if _HIRAGANA.fullmatch(word) else KANJI
