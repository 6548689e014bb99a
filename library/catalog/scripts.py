"""文字種: what a text is written in, and which of several forms of it is the text, its reading, and its romanisation."""

import re
import unicodedata

from library import romaji

_KANJI = re.compile("[々〆\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_HIRAGANA = re.compile("[ぁ-ゖ]")
_KATAKANA = re.compile("[ァ-ヺ]")
_OTHER = re.compile("[^\\W\\d_\u0000-\u024f\u1e00-\u1eff\u02b0-\u02ff\u0300-\u036f]")
LATIN, KANA, FULL = "latin", "kana", "full"


def script_of(text: str) -> str:
    """FULL: in a script of its own, kanji before all; KANA: kana and no kanji; LATIN: nothing but Latin letters."""
    if text.isascii() or not _OTHER.search(text):
        return LATIN
    if _KANJI.search(text):
        return FULL
    return KANA if _HIRAGANA.search(text) or _KATAKANA.search(text) else FULL


def sorted_out(main: str, others: list[str]) -> tuple[str, str, str]:
    """(text, reading in kana, romanisation) of a field and what is linked to it; empty where there is none.

    Who has kanji in the field has kana and Latin linked to it; who has Latin there has the original. Only the characters
    tell which is which.
    """
    first = script_of(main)
    found = {}
    for other in others:
        found.setdefault(script_of(other), other)
    if first == FULL:
        return main, found.get(KANA, ""), found.get(LATIN, "")
    if FULL in found:
        return found[FULL], main if first == KANA else found.get(KANA, ""), main if first == LATIN else ""
    kana = found.get(KANA, "")
    if first == KANA:
        return main, kana, found.get(LATIN, "")
    if kana and (_HIRAGANA.search(kana) or _is_romanised(main, kana)) and LATIN not in found:
        return kana, "", main
    return main, kana, ""


def _is_romanised(latin, kana):
    """Whether the Latin text is nothing but the kana in other letters: Andoroido of アンドロイド, but not Windows of ウィンドウズ."""
    letters, kana = _letters(latin), re.sub(r"\W", "", kana)
    return letters in map(_letters, romaji.spellings(kana))


def _letters(latin):
    return re.sub("[^a-z]", "", unicodedata.normalize("NFD", latin).casefold())
