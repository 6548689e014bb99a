"""文字種: the script of a text, and the roles of its forms: text, reading, romanisation."""

import re
import unicodedata

from library.catalog.folding import romaji

_KANJI = re.compile("[々〆\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_HIRAGANA = re.compile("[ぁ-ゖ]")
_KATAKANA = re.compile("[ァ-ヺ]")
_OTHER = re.compile("[^\\W\\d_\u0000-\u024f\u1e00-\u1eff\u02b0-\u02ff\u0300-\u036f]")
_WORD = re.compile("[^\\W\\d_]+")
LATIN, KANA, FULL = "latin", "kana", "full"


def script_of(text: str) -> str:
    """Return LATIN for Latin letters alone, KANA for kana without kanji, FULL for a text with kanji or
    another script.
    """
    if text.isascii():
        return LATIN
    if _KANJI.search(text):
        return FULL
    if not _OTHER.search(text):
        return LATIN
    return KANA if _HIRAGANA.search(text) or _KATAKANA.search(text) else FULL


def roles_of_forms(main: str, others: list[str]) -> tuple[int, int | None, int | None]:
    """Return the indexes of the text, its kana reading and its romanisation among the field (0) and its linked texts
    (1, 2 …); None for a reading or romanisation that there isn't.

    Some sources have the text in the field, others the romanisation and the text linked to it; only the scripts tell.
    ``main`` is the whole field: a title in kana may have kanji in its subtitle.
    """
    first = script_of(main)
    found: dict[str, int] = {}
    for place, other in enumerate(others, 1):
        found.setdefault(script_of(other), place)
    full, kana, latin = (found.get(script) for script in (FULL, KANA, LATIN))
    if first == FULL and full and not kana and _is_reading(others[full - 1], main):
        return 0, full, latin
    if first != FULL and full:
        return full, 0 if first == KANA else kana, 0 if first == LATIN else latin
    if first == LATIN and kana and not latin and _is_romanised(main, others[kana - 1]):
        return kana, None, 0
    return 0, kana, latin


def _is_reading(text: str, of: str) -> bool:
    """Tell whether a text with kana and a few kanji, as of numbers, is a reading of another with more of them."""
    kanji = [len(_KANJI.findall(each)) for each in (text, of)]
    return kanji[0] < kanji[1] and len(_HIRAGANA.findall(text)) + len(_KATAKANA.findall(text)) > kanji[0]


def _is_romanised(latin: str, kana: str) -> bool:
    """Tell whether Latin words are the romaji of the kana, so that these are the title: アンドロイド is for Andoroido, ウィンドウズ
    only reads Windows.
    """
    if _HIRAGANA.search(kana):
        return True
    words = [word for word in _WORD.findall(unicodedata.normalize("NFC", latin)) if len(word) > 2]
    return 2 * sum(bool(romaji.readings(word)) for word in words) > len(words)
